"""What asks a register in words: `kg ask`."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from kg.commands.common import (
    LANGUAGES,
    ROW_FORMATS,
    command,
    format_option,
    open_register,
    say,
    store_on_day,
    workspace_option,
)

if TYPE_CHECKING:
    from kg.questions.understanding import NotUnderstood, Understood

_OPEN = re.compile(r"\{\w+\}")  # the place of a parameter that the question names nothing for


@command("ask", 'kg ask "Which countries have recognised the Taliban?"')
@click.argument("question", nargs=-1, required=True, metavar="QUESTION...")
@click.option("-l", "--lang", "language", type=click.Choice(LANGUAGES), show_default="that of the question",
              help="The language of labels.")  # fmt: skip
@click.option("--as-of", "day", metavar="DAY", help="What held on this day (YYYY-MM-DD).")
@click.option("--known-by", metavar="DAY", help="Only what documents published by this day say.")
@click.option("--evidence/--no-evidence", default=True, show_default=True, help="Add the claims of each row.")
@click.option("--sparql/--no-sparql", default=True, show_default=True, help="Show the query that was run.")
@format_option(ROW_FORMATS, "table")
@workspace_option
def ask_command(
    question: tuple[str, ...],
    language: str | None,
    day: str | None,
    known_by: str | None,
    format_: str,
    folder: str,
    *,
    evidence: bool,
    sparql: bool,
) -> None:
    """Ask in words, in any of the four languages: says what it understood, answers, or asks back."""
    from pathlib import Path

    from kg.detect import possible_languages
    from kg.output import write_answer
    from kg.queries import ask, question_of, read_day
    from kg.questions.answering import in_period, sparql_of
    from kg.questions.register import load_understanding
    from kg.questions.understanding import NotUnderstood
    from kg.register import decisions_of
    from kg.resources import data_folder, load_knowledge
    from kg.saved import load_queries
    from kg.store import Workspace

    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None
    text = " ".join(question)
    with open_register(folder) as generation:
        knowledge = load_knowledge(Workspace(Path(folder)).reference_folder)
        queries = tuple(load_queries(data_folder("queries")).values())
        found = load_understanding(generation.store, knowledge, queries, possible_languages(text)).understand(text)
        if isinstance(found, NotUnderstood):
            _ask_back(found)
            sys.exit(1)
        labels = language or found.language
        store = store_on_day(generation, folder, as_of or found.as_of, known)
        decided = decisions_of(generation) if evidence else None
        answer = ask(store, found.query, found.values, language=labels, evidence=evidence, decisions=decided)
        answer, left_out = in_period(answer, found.within)
        say(f"understood: {question_of(answer, labels)}")
        _say_how(found)
        write_answer(answer, format_, labels, evidence=evidence)
        rows = len(answer.rows)
        when = f" as of {as_of or found.as_of}" if as_of or found.as_of else ""
        say(f"{rows} {'row' if rows == 1 else 'rows'}{when}, generation {generation.number}")
        if left_out:
            say(f"{left_out} more without a date, or another")
        if not rows:
            say("no evidence in the register")
        if sparql:
            say(f"\n{sparql_of(store, found)}")


def _say_how(found: Understood) -> None:
    given = " ".join(f"--param {name}={value.rpartition('/id/')[2]}" for name, value in sorted(found.values.items()))
    say(f"as: kg query {found.query.name} {given}{f' --as-of {found.as_of}' if found.as_of else ''}")
    if found.within:
        say(f"dates from {found.within[0]} to {found.within[1]} only")
    for written, meant in found.mistyped:
        say(f"{written!r} was taken for {meant!r}")


def _ask_back(found: NotUnderstood) -> None:
    say(f"kg: not understood: {found.reason}")
    if found.nearest:
        say("did you mean one of these?")
    for query, values in found.nearest:
        text = query.questions[found.language][0]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        text = _OPEN.sub("...", text)
        say(f"  {text}  (kg query {query.name})")
