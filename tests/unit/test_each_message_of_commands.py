"""Words of the commands that nothing else provokes: what was done or left out, and how a command is to be given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from commanding import ENGLISH, Run

import kg
from kg.commands import asking, building
from kg.commands.common import say_cleared, say_some
from kg.errors import ChanceryError, InputError
from kg.pipeline import BuildSummary
from kg.store import Workspace
from kg.workers import _Crew


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["query", "visits-to", "-p", "destination=Peru", "-p", "destination=Chile"], "'destination' is given twice"),
        (["query", "visits-to", "-p", "destination"], "'destination'; expected NAME=VALUE"),
        (["query", "visits-to", "-p", "destination=Peru", "--possible"], "--possible needs --as-of DAY"),
        (["dump", "--folder", "x", "--graph", "facts"], "--folder holds the whole register: give it without"),
        (["dump", "-f", "turtle", "-f", "nquads"], "one file has one --format; several need --folder DIR"),
        (["validate", "x.ttl", "--shapes", "y.ttl", "--gate", "fact"], "--gate chooses among Chancery's shapes"),
    ],
)
def test_wrong_usage(run: Run, register: Path, arguments: list[str], words: str) -> None:
    """Options that do not go together end a command before it does anything, with exit code 2."""
    code, out, err = run(*arguments, "-w", str(register))
    assert (code, out) == (2, "")
    assert words in " ".join(err.replace("│", " ").split())


def test_parquet_is_no_text(run: Run, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal is not filled with bytes."""
    monkeypatch.setattr(asking, "sys", SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True)))
    code, _, err = run(
        "query", "which-states-recognise", "-p", "recognised=Taliban", "-f", "parquet", "-w", str(register)
    )
    assert code == 2
    assert "Parquet is no text: send it to a file, > rows.parquet" in " ".join(err.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["decide", "same", "Taliban", "Taliban", "--editor", "E", "--reason", "R"], "same needs two entities or more"),
        (["decide", "reject", "ffff", "--editor", "E", "--reason", "R"], "unknown claim 'ffff'"),
        (["remove", "en-9"], "unknown document 'en-9'; did you mean 'en-1'?"),
        (["quarantine", "list", "uk-9"], "unknown document among those set aside 'uk-9'; did you mean 'uk-1'?"),
        (["quarantine", "retry", "en-1"], "unknown document among those set aside 'en-1'"),
        (["why", "fact/ffff"], "unknown fact 'fact/ffff'"),
        (["report", "en-9"], "unknown document 'en-9'; did you mean 'en-1'?"),
    ],
)
def test_names_that_mean_nothing(run: Run, register: Path, arguments: list[str], words: str) -> None:
    """Each is told with the nearest that do."""
    code, _, err = run(*arguments, "-w", str(register))
    assert (code, words in err) == (1, True), err


def test_what_a_build_says(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files passed over, documents without a claim, decisions without a meaning, more of a kind than are shown."""
    folder, place = tmp_path / "documents", str(tmp_path / "register")
    folder.mkdir()
    (folder / "en.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "none.txt").write_text("The weather in the mountains was fine on Monday, and the road was open.\n")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    for number in range(22):
        (folder / f"{number:02d}.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "decisions.toml").write_text(
        '[[reject]]\ndocument = "en"\nframe = "Visit"\nquote = "0000000000000000"\nroles = {}\n'
        'editor = "E"\nday = 2026-01-15\nreason = "R"\n'
    )
    code, _, err = run("build", str(folder), "-w", place)
    assert code == 1
    assert "none: no claim was found in it" in err
    assert "picture.png: is no kind of file that is read here" in err
    assert "and 2 more like this" in err
    assert "a decision means nothing any more: " in err
    code, _, err = run("extract", str(folder / "none.txt"), str(folder), "-f", "jsonl")
    assert "kg: none: no claim was found in it" in err
    assert "kg: passed over" in err
    assert run("rollback", "-w", place)[2] == "kg: generation 1 is the first; there is nothing to go back to\n"
    (folder / "en.txt").write_text(ENGLISH + "\nChile recognised Kosovo on July 2, 2025.\n", encoding="utf-8")
    run("build", str(folder), "-w", place)
    assert run("rollback", "-w", place)[2] == "generation 1 is published again\n"
    monkeypatch.setattr(Workspace, "interrupted", lambda _: ["generation 3"])
    assert "a build was interrupted (generation 3); the register is as it was before" in run("log", "-w", place)[2]


def test_what_was_left_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """What an interrupted writer left is gone, and told; so is a fact that does not conform."""
    say_cleared(["generation 3"])
    assert "an earlier build was interrupted and published nothing; what it left is removed (generation 3)" in (
        capsys.readouterr().err
    )
    building.report_build(replace(BuildSummary(), rejected_facts=("fact/0",)), "json")
    assert "a fact does not conform and holds nowhere: fact/0 (kg quarantine tells why)" in capsys.readouterr().err
    say_some([])
    assert capsys.readouterr().err == ""


def test_what_an_answer_says(run: Run, register: Path) -> None:
    """Rows, their generation, sentences that were silent, documents that are left out."""
    code, _, err = run("query", "which-states-recognise", "-p", "recognised=Kosovo", "-w", str(register))
    assert code == 0
    assert "0 rows, generation 1" in err
    assert "0 sentences name Kosovo and gave no claim" in err


def test_undated_documents_are_left_out(run: Run, tmp_path: Path) -> None:
    """Of what was known by a day they can tell nothing."""
    (tmp_path / "en.txt").write_text("Chile recognised Kosovo, the foreign ministry of Chile said.\n", encoding="utf-8")
    place = str(tmp_path / "register")
    run("build", str(tmp_path / "en.txt"), "-w", place)
    code, _, err = run("ask", "Which states recognise Kosovo?", "--known-by", "2025-01-01", "-w", place)
    assert (code, "1 document without a date is left out" in err) == (0, True), err


def test_questions_in_words(run: Run, register: Path) -> None:
    """What was understood, how it can be asked again, what was taken for what, and a question back."""
    place = ("-w", str(register))
    code, _, err = run("ask", "Which states recognise the Talibann?", *place)
    assert code == 0, err
    assert "understood: " in err
    assert "as: kg query which-states-recognise --param recognised=armed-group/taliban" in err
    assert "was taken for" in err
    assert "1 row" in err or "2 rows" in err
    code, _, err = run("ask", "Who recognised Kosovo in 2024?", *place)
    assert "dates from 2024-01-01 to 2024-12-31 only" in err
    assert "no evidence in the register" in err
    code, _, err = run("ask", "Who recognised the Taliban in 2024?", *place)
    assert "more without a date, or another" in err
    code, _, err = run("ask", "What is the weather like?", *place)
    assert code == 1
    assert "kg: not understood: " in err
    assert "did you mean one of these?" in err
    assert "(kg query " in err


def test_pictures(run: Run, register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that the font has not are told."""
    monkeypatch.setattr("kg.drawing.draw", lambda *_: "☃")
    code, _, err = run("draw", "timeline", "Russia", "--output", str(tmp_path / "x.svg"), "-w", str(register))
    assert (code, err) == (0, "kg: the font has no ☃: these letters are shown as boxes\n")


def test_loads_and_pages(run: Run, register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much was loaded, and how many pages were written."""
    dump = str(tmp_path / "register.nq")
    assert run("dump", "--output", dump, "-w", str(register))[0] == 0
    code, _, err = run("load", dump, "-w", str(tmp_path / "copy"))
    assert code == 0
    assert "quads, 2 documents" in err
    monkeypatch.setattr("kg.website.build_site", lambda *_: 7)
    assert run("docs", "--output", str(tmp_path / "site"))[2] == f"7 pages in {tmp_path / 'site'}\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "kg: stopped; the register is as it was"),
        (
            RuntimeError("Corruption: block checksum"),
            1,
            "kg: the register is damaged (Corruption: block checksum); go back",
        ),
        (InputError("this and that"), 1, "kg: this and that"),
    ],
)
def test_how_a_command_ends(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    words: str,
) -> None:
    """Ctrl-C, a damaged store and a known error are one line each."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("kg.cli.cli.main", fail)
    ended, _, err = run("stats")
    assert ended == code
    assert words in err


def test_from_python(register: Path) -> None:
    """A language that is none of ours, and a register that was closed."""
    opened = kg.open(register)
    with pytest.raises(InputError, match="lang is 'de'; expected one of en, kk, ru, vi"):
        opened.query("which-states-recognise", recognised="Taliban", lang="de")
    opened.close()
    with pytest.raises(InputError, match="the register is closed; ask inside"):
        opened.query("which-states-recognise", recognised="Taliban")


@pytest.mark.parametrize("kind", ["timeline", "network", "ladder"])
def test_nothing_to_draw(run: Run, register: Path, tmp_path: Path, kind: str) -> None:
    """An entity of which the register knows nothing of the kind."""
    code, _, err = run("draw", kind, "Tuvalu", "--output", str(tmp_path / "x.svg"), "-w", str(register))
    assert code == 1
    assert "Tuvalu to draw" in err


def test_a_worker_that_cannot_begin() -> None:
    """It ended, or failed while it loaded: nothing can be read by it, and why is told."""
    crew: Any = _Crew(lambda: print, 1, 1.0)
    worker: Any = SimpleNamespace(task=None)
    with pytest.raises(ChanceryError, match=r"a worker process could not begin: loading its data took more than 1"):
        crew._give_up(worker, "reading it took more than 1 seconds")
    failed = ("failed", SimpleNamespace(known=False, reason="ValueError('x')", lines=["here"]))
    beginning: Any = SimpleNamespace(task=None, ready=False, pipe=SimpleNamespace(recv=lambda: failed))
    with pytest.raises(ChanceryError, match=r"a worker process could not begin: ValueError\('x'\)\nhere"):
        crew._take(beginning)
