"""Each saved query answers the sample documents as sample.toml says, in four languages, with evidence."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import kg
from kg.api import Register
from kg.cli import cli
from kg.columns import write_parquet
from kg.core import load_core
from kg.errors import InputError, QueryError, UnknownName
from kg.names import Names
from kg.pipeline import build
from kg.queries import Answer, Named, Support, ask
from kg.register import count_silent, store_on
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


# -- what is done with answers: the same register, through Python and in every format ---------------------------------


def test_the_example_of_the_readme_runs(
    sample: tuple[Workspace, Generation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python block of the README prints the two lines it shows, beginning with Russia."""
    (code,) = re.findall(r"```python\n(import kg\n.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register").symlink_to(sample[0].folder)
    spoken: list[str] = []
    exec(code, {"print": lambda *words: spoken.append(" ".join(map(str, words)))})
    assert spoken[0] == "Ресей 2025-07-03"
    assert len(spoken) > 1


def test_a_register_in_python(sample: tuple[Workspace, Generation], tmp_path: Path) -> None:
    """Rows are read by column; days, thresholds and a folder of one's own count as in `kg query`."""
    with kg.open(sample[0].folder) as register:
        rows = register.query("which-states-recognise", recognised="Taliban", evidence=True)
        assert [(cell(row["recogniser"]), row["date"]) for row in rows] == [("Russia", "2025-07-03")]
        assert rows.question == "Which states recognise Taliban?"
        assert rows.columns == ("recogniser", "date")
        assert rows[0].facts
        assert {item.document for item in rows[0].evidence} >= {"ru-priznanie-emirata", "vi-nga-cong-nhan"}
        assert (
            len(register.query("which-states-recognise", as_of=datetime.date(2024, 12, 31), recognised="Taliban")) == 0
        )
        assert len(register.query("which-states-recognise", min_documents=9, recognised="Taliban")) == 0
        assert len(register.query("who-deals-without-recognising", **{"with": "Taliban"})) > 2
        assert register.sparql("ASK { ?s a chy:Agreement }") is True
        assert register.show("Kosovo", lang="ru").label == "Косово"
        with pytest.raises(UnknownName):
            register.query("which-states-recognise", recognized="Taliban")
        for wrong in ({"lang": "xx"}, {"min_confidence": 2.0}, {"min_confidence": float("nan")}, {"min_documents": -1}):
            with pytest.raises(InputError, match=next(iter(wrong))):
                register.query("which-states-recognise", recognised="Taliban", **wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="closed"):
        register.query("which-states-recognise", recognised="Taliban")
    text = (data_folder("queries") / "visits-to.rq").read_text(encoding="utf-8")
    (tmp_path / "guests.rq").write_text(text, encoding="utf-8")
    with Register(sample[0].folder, queries=tmp_path) as register:
        assert len(register.query("guests", destination="Vietnam")) == 3


def cell(value: object) -> str:
    assert isinstance(value, Named)
    return value.label


def test_a_data_frame(sample: tuple[Workspace, Generation]) -> None:
    """Labels and identifiers are columns of their own, several of them lists; an empty answer has its columns."""
    pytest.importorskip("pandas", reason="the extra pandas is not installed")
    with kg.open(sample[0].folder) as register:
        frame = register.query("meetings-of", participant="Xi Jinping").to_pandas()
        assert list(frame.columns) == ["date", "participants", "participants_id", "place", "place_id", "facts"]
        assert frame["participants"][0] == ["To Lam", "Xi Jinping"]
        assert frame["place_id"][0] == "https://w3id.org/chancery/id/place/hanoi"
        assert list(register.query("meetings-of", participant="Nepal").to_pandas().columns) == list(frame.columns)


def test_parquet(sample: tuple[Workspace, Generation], tmp_path: Path) -> None:
    """What is written is read again with its types, evidence in records."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    with kg.open(sample[0].folder) as register:
        rows = register.query("coverage", language="vi")
        write_parquet(rows.answer, tmp_path / "coverage.parquet", evidence=False)
        said = register.query("visits-to", destination="Vietnam", evidence=True)
        write_parquet(said.answer, tmp_path / "visits.parquet", evidence=True)
    assert parquet.read_table(tmp_path / "coverage.parquet").to_pylist()[0] == {
        "publisher": None, "language": "vi", "documents": 4, "claims": 22, "first": "2024-10-05", "last": "2025-08-19",
        "facts": [],
    }  # fmt: skip
    visits = parquet.read_table(tmp_path / "visits.parquet").to_pylist()
    assert [row["visitor"] for row in visits] == ["Joe Biden", "Vladimir Putin", "Xi Jinping"]
    assert visits[0]["evidence"][0]["document"] == "vi-tham-ha-noi"


def run(sample: tuple[Workspace, Generation], *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "-w", str(sample[0].folder)], catch_exceptions=False)


def test_tsv_keeps_a_row_in_its_line(sample: tuple[Workspace, Generation]) -> None:
    """There are as many cells in each line as headings."""
    lines = run(sample, "query", "visits-to", "-p", "destination=Vietnam", "-e", "-f", "tsv").stdout.splitlines()
    assert len(lines) > 3
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}


def test_sparql_json_is_that_of_the_standard(sample: tuple[Workspace, Generation]) -> None:
    """Kind, datatype and language of each term; what is unbound is left out; ASK gives a boolean."""
    select = "SELECT ?s ?d ?n ?l WHERE { BIND(chy:Fact AS ?s) BIND('2025-01-01'^^xsd:date AS ?d) BIND('Nga'@vi AS ?l) }"
    assert json.loads(run(sample, "sparql", select, "-f", "json").stdout) == {
        "head": {"vars": ["s", "d", "n", "l"]},
        "results": {
            "bindings": [
                {
                    "s": {"type": "uri", "value": "https://w3id.org/chancery/ontology#Fact"},
                    "d": {
                        "type": "literal",
                        "value": "2025-01-01",
                        "datatype": "http://www.w3.org/2001/XMLSchema#date",
                    },
                    "l": {"type": "literal", "value": "Nga", "xml:lang": "vi"},
                }
            ]
        },
    }
    assert json.loads(run(sample, "sparql", "ASK { ?s a chy:Fact }", "-f", "json").stdout)["boolean"] is True
    with pytest.raises(QueryError, match="gives triples"):
        run(sample, "sparql", "DESCRIBE chy:Fact", "-f", "json")


def test_an_empty_answer_counts_the_sentences_that_name_who_was_asked_about(
    sample: tuple[Workspace, Generation],
) -> None:
    """Silent sentences count that name all of the given; other sentences and other parties do not."""
    done = run(sample, "query", "agreements-between", "-p", "party=India", "-p", "other=Nepal")
    assert "0 sentences name Nepal and India and gave no claim" in done.stderr.replace(
        "India and Nepal", "Nepal and India"
    )
    workspace, generation = sample
    every = count_silent(workspace, generation, [])
    assert every == generation.documents.sums()["silent sentences"]
    assert count_silent(workspace, generation, ["https://w3id.org/chancery/id/state/NPL"]) == 0
