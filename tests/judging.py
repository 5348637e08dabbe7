"""Wordings of questions with what they mean, and whether they were understood."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.detect import possible_languages
from kg.names import Names
from kg.questions.register import load_understanding
from kg.questions.understanding import NotUnderstood, Understanding, Understood
from kg.resources import data_folder, load_knowledge
from kg.saved import load_queries

FOLDER = Path(__file__).parent / "queries" / "paraphrases"
LANGUAGES = ("en", "kk", "ru", "vi")

Understand = Callable[[str], Understood | NotUnderstood]


def wordings(name: str) -> dict[str, list[str]]:
    """Return the questions of a file by family or language."""
    found: dict[str, list[str]] = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return found


def understanding_of(store: ox.Store) -> Understand:
    """Return what understands questions to a register, each pair of languages made ready when first asked in."""
    knowledge = load_knowledge()
    queries = tuple(load_queries(data_folder("queries")).values())

    @functools.cache
    def reader(languages: tuple[str, ...]) -> Understanding:
        return load_understanding(store, knowledge, queries, languages)

    return lambda question: reader(possible_languages(question)).understand(question)


def judged(lines: list[str], understand: Understand, names: Names) -> Iterator[str]:
    """Yield for each question whether it was understood right, wrong, or asked back."""
    for line in lines:
        question, queries, given = (part.strip() for part in line.split("|"))
        found = understand(question)
        if isinstance(found, NotUnderstood):
            yield "asked back"
            continue
        wanted = [label.rpartition("=") for label in given.split(";") if label]
        entities = {name: value for name, value in found.values.items() if value.startswith("http")}
        same = {names.find_entity(label) for _, _, label in wanted} == set(entities.values())
        placed = all(entities.get(name) == names.find_entity(label) for name, _, label in wanted if name)
        yield "right" if found.query.name in queries.split(",") and same and placed else "wrong"
