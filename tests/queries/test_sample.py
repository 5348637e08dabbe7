"""Each saved query answers the sample documents as sample.toml says, in four languages, with evidence."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.core import load_core
from kg.names import Names
from kg.pipeline import build
from kg.queries import Answer, Named, Support, ask
from kg.register import store_on
from kg.resources import data_folder
from kg.saved import load_queries
from kg.store import Generation, Workspace

ROOT = Path(__file__).parents[2]
QUERIES = load_queries(data_folder("queries"))
CASES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "sample.toml").read_text(encoding="utf-8"))[
    "cases"
]
FIRST = {case["query"]: case for case in reversed(CASES)}
OF_REFERENCE_ALONE = {"successions", "who-was-in-office"}  # rows may rest on reference data instead of documents
Stores = Callable[[str | None, str | None], tuple[ox.Store, Names]]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Generation]]:
    """A register of the sample documents."""
    workspace = Workspace(tmp_path_factory.mktemp("sample") / "register")
    build([ROOT / "documents"], workspace, load_core, jobs=1)
    with workspace.open() as generation:
        yield workspace, generation


@pytest.fixture(scope="module")
def stores(sample: tuple[Workspace, Generation]) -> Stores:
    """The store as of a day and as known by a day."""
    workspace, generation = sample
    core = load_core(workspace)

    @cache
    def on(day: str | None, known: str | None) -> tuple[ox.Store, Names]:
        store = generation.store
        if day is not None or known is not None:
            store = store_on(workspace, generation, core, day=day, known_by=known)[0]
        return store, Names(store)

    return on


def asked(stores: Stores, case: dict[str, Any], language: str) -> Answer:
    support = Support(case.get("documents", 0), case.get("confidence", 0.0))
    store, names = stores(case.get("on"), case.get("known"))
    query = QUERIES[case["query"]]
    return ask(store, query, case["params"], language=language, evidence=True, support=support, names=names)


def _text(cell: object) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(_text, cell))
    return cell.label if isinstance(cell, Named) else "" if cell is None else str(cell)


def test_every_query_answers_the_sample() -> None:
    """There is a table with rows for each."""
    assert {case["query"] for case in CASES if case["rows"]} == set(QUERIES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['query']}-{'-'.join(case['params'].values())}")
def test_table(case: dict[str, Any], stores: Stores) -> None:
    """A query gives these rows in this order."""
    rows = [[_text(cell) for cell in row.cells] for row in asked(stores, case, case.get("lang", "en")).rows]
    assert rows[: case.get("first")] == case["rows"]


@pytest.mark.parametrize("name", QUERIES)
def test_rows_have_evidence_and_labels_in_each_language(name: str, stores: Stores) -> None:
    """Each row names a fact with its quotes; another language changes labels, never rows."""
    english = asked(stores, FIRST[name], "en")
    assert english.rows
    if QUERIES[name].support and name not in OF_REFERENCE_ALONE:
        assert all(row.evidence and all(item.quote for item in row.evidence) for row in english.rows)
    for language in ("kk", "ru", "vi"):
        other = asked(stores, FIRST[name], language)
        assert [row.facts for row in other.rows] == [row.facts for row in english.rows]
        # Vietnamese writes the names of many persons as English does.
        assert language == "vi" or not any(map(any, _labels(english))) or _labels(other) != _labels(english)


def _labels(answer: Answer) -> list[list[str]]:
    return [[_text(cell) for cell in row.cells if isinstance(cell, Named | tuple)] for row in answer.rows]
