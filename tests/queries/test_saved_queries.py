"""Each saved query answers what expected.toml says, in order; its header and body keep to the rules."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.model import Extraction
from kg.output import FORMATS, write_answer
from kg.queries import Named, ask, question_of
from kg.register import Core
from kg.resources import data_folder
from kg.saved import load_queries

QUERIES = load_queries(data_folder("queries"))
CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__, "../expected.toml").resolve().read_text(encoding="utf-8"))[
    "cases"
]


def _text(cell: object) -> str:
    if isinstance(cell, tuple):
        return ", ".join(map(_text, cell))
    return cell.label if isinstance(cell, Named) else "" if cell is None else str(cell)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['query']}-{'-'.join(c['params'].values())}{c.get('on', '')}")
def test_answer(case: dict[str, Any], register_on: Callable[[str | None], ox.Store], register: ox.Store) -> None:
    """A query gives these rows in this order."""
    store = register_on(case["on"]) if "on" in case else register
    answer = ask(store, QUERIES[case["query"]], case["params"], language=case.get("lang", "en"))
    assert [[_text(cell) for cell in row.cells] for row in answer.rows] == case["rows"]


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("language", ["en", "kk", "ru", "vi"])
def test_examples_run(name: str, language: str, register: ox.Store) -> None:
    """The example of each parameter is a value that the query takes, and each row that rests on a fact has evidence."""
    query = QUERIES[name]
    answer = ask(register, query, {p.name: p.example for p in query.parameters}, language=language, evidence=True)
    assert all(row.evidence for row in answer.rows if row.facts)
    assert "{" not in question_of(answer, language)


@pytest.mark.parametrize("format_", FORMATS)
def test_formats(format_: str, register: ox.Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer can be written in each format."""
    for query in QUERIES.values():
        answer = ask(register, query, {p.name: p.example for p in query.parameters if p.required}, evidence=True)
        write_answer(answer, format_, "en", evidence=True)
        assert capsys.readouterr().out or (format_ == "jsonl" and not answer.rows)


@pytest.mark.parametrize("name", QUERIES)
def test_questions_are_asked_in_many_ways(name: str) -> None:
    """There are at least five wordings in each language."""
    assert all(len(wordings) >= 5 for wordings in QUERIES[name].questions.values())


def test_no_two_queries_have_one_wording() -> None:
    """A question as it is worded belongs to one query."""
    wordings = [w.casefold() for q in QUERIES.values() for several in q.questions.values() for w in several]
    assert sorted(wordings) == sorted(set(wordings))


def test_claims_conform(core: Core, extractions: list[Extraction]) -> None:
    """The claims that queries are tested on could enter a register."""
    reports = core.check({e.document.id: core.document_quads(e) for e in extractions})
    assert [report.as_text() for report in reports.values() if not report.conforms] == []
