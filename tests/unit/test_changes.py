"""A register changed document by document and by decisions: what it says, what differs, and how it is cited."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.dump import dump
from kg.store import Workspace

TEXTS = {
    "en-1": "Russia recognised the Taliban government on 3 July 2025.",
    "en-2": "China and Vietnam signed a trade agreement in Hanoi on 14 April 2025.",
    "en-3": "Russia has not recognised the Taliban government, the minister said.",
}


def run(register: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(cli, [*arguments, "--workspace", str(register)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def write(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        values = {"id": name, "text": TEXTS[name], "language": "en", "published": f"2025-0{8 + number % 2}-01"}
        (folder / f"{name}.jsonl").write_text(json.dumps(values) + "\n", encoding="utf-8")
    return folder


def dumped(register: Path) -> bytes:
    with Workspace(register).open() as generation:
        stream = io.BytesIO()
        dump(generation.store, "nquads", stream)
        assert generation.info.counts["quads"] == len(generation.store)
        return stream.getvalue()


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of a first build (generation 1) with all three documents."""
    root = tmp_path_factory.mktemp("changes")
    run(root / "register", "build", str(write(root / "documents", *TEXTS)))
    return root / "register"


def test_a_document_added_later_and_removed_again_leaves_the_register_as_it_was(register: Path, tmp_path: Path) -> None:
    """Adding, removing and decisions end in what a build from the start gives; each difference has its reason."""
    first = dumped(register)
    run(register, "remove", "en-2")
    assert dumped(register) != first
    gone = json.loads(run(register, "diff", "1", "2", "--format", "json").stdout)
    assert {(row["change"], row["reason"]) for row in gone} == {("vanished", "removed: en-2")}
    run(register, "build", str(write(tmp_path / "again", "en-2")))
    with Workspace(register).open() as generation:
        facts = generation.info.counts["facts"]
    with Workspace(register).open_at(1) as generation:
        assert generation.info.counts["facts"] == facts


def test_a_decision_changes_the_register_and_is_told_as_the_reason(register: Path, tmp_path: Path) -> None:
    """A claim that is rejected does not count from the next build on; a decision that matches nothing is reported."""
    shown = json.loads(
        run(
            register, "query", "which-states-recognise", "--param", "recognised=Taliban", "--param",
            "status=actual,disputed", "--evidence", "--format", "json",
        ).stdout
    )  # fmt: skip
    (denial,) = [item for row in shown for item in row["evidence"] if item["document"] == "en-3"]
    who = ["--editor", "A. Editor", "--reason", "a slip", "--day", "2026-01-15"]
    run(register, "decide", "reject", denial["claim"], *who)
    before = Workspace(register).current()
    result = run(register, "build", str(write(tmp_path / "same", "en-1")))
    assert "means nothing" not in result.stderr
    changes = json.loads(
        run(register, "diff", str(before), str(Workspace(register).current()), "--format", "json").stdout
    )
    assert [(row["before"], row["after"], row["reason"]) for row in changes] == [("disputed", "actual", "a decision")]


def test_a_fact_is_cited_with_generation_and_days(register: Path) -> None:
    rows = json.loads(run(register, "query", "agreements-between", "--param", "party=China", "--format", "json").stdout)
    (fact,) = rows[0]["facts"]
    text = run(register, "cite", fact, "--as-of", "2025-12-01").stdout
    assert "as of 2025-12-01" in text
    assert "generation" in text
    assert "en-2, 2025-0" in text
    assert run(register, "cite", fact, "--format", "bibtex").stdout.startswith("@misc{chancery-")
    assert "prov:wasDerivedFrom" in run(register, "why", fact, "--format", "ttl").stdout


def test_what_may_have_held_on_a_day_is_added_and_told_apart(tmp_path: Path) -> None:
    """A recognition "in 2025" is possible in the middle of that year, certain at its end."""
    folder = tmp_path / "documents"
    folder.mkdir()
    text = "Russia recognised the Taliban government in 2025. China recognised the Taliban government in 2021."
    values = {"id": "en-9", "text": text, "language": "en", "published": "2026-02-01"}
    (folder / "en-9.jsonl").write_text(json.dumps(values) + "\n", encoding="utf-8")
    run(tmp_path / "register", "build", str(folder))
    asked = ["query", "which-states-recognise", "--param", "recognised=Taliban", "--format", "json"]

    def answer(*more: str) -> list[tuple[str, str | None]]:
        rows = json.loads(run(tmp_path / "register", *asked, *more).stdout)
        return [(row["recogniser"]["label"], row.get("certainty")) for row in rows]

    assert answer("--as-of", "2025-06-01") == [("China", None)]
    assert answer("--as-of", "2025-06-01", "--possible") == [("China", "certain"), ("Russia", "possible")]
    assert answer("--as-of", "2026-02-01", "--possible") == [("China", "certain"), ("Russia", "certain")]
