"""The command line: data on standard output, words on standard error, one message for an error, the right exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from commanding import ENGLISH, RUSSIAN, UKRAINIAN, Run

from kg import cli


def commands() -> list[click.Command]:
    return [cli.cli.commands[name] for name in sorted(cli.cli.commands)]


@pytest.mark.parametrize("command", commands(), ids=lambda command: str(command.name))
def test_help_ends_in_an_example(command: click.Command, run: Run) -> None:
    """Each command has help, help for each option, and an example of its own at the end."""
    assert command.name is not None
    code, out, _ = run(command.name, "--help")
    assert code == 0
    assert f"kg {command.name}" in out.split("Example:")[1]
    assert command.help
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


def test_wrong_usage(run: Run) -> None:
    """An unknown command, option or form of a parameter is wrong usage."""
    for arguments in (["nothing"], ["query"], ["build"], ["dump", "--format", "x"], ["query", "x", "--param", "y"]):
        code, out, err = run(*arguments)
        assert (code, out) == (2, ""), arguments
        assert "Error" in err


def test_no_register(run: Run, tmp_path: Path) -> None:
    """Each command that reads a register says when there is none, in one line."""
    for name in ("documents", "quarantine", "set-aside", "stats", "log", "rollback", "dump", "validate"):
        code, out, err = run(name, "--workspace", str(tmp_path / "none"))
        assert (code, out, err.count("\n")) == (1, "", 1), name
        assert "there is no register at" in err


def test_workspace_from_the_environment(run: Run, register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """KG_WORKSPACE names the register."""
    monkeypatch.setenv("KG_WORKSPACE", str(register))
    code, out, _ = run("documents", "--format", "csv")
    assert code == 0
    assert out.splitlines()[1].startswith("en-1,en,2025-07-04,")


def test_build(run: Run, tmp_path: Path) -> None:
    """A build tells what it did; what it could not take is one line each, and the exit code says so."""
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "en.txt").write_text(ENGLISH, encoding="utf-8")
    workspace = str(tmp_path / "register")
    code, out, err = run("build", str(documents), "--workspace", workspace, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["added"] == 1
    (documents / "uk.txt").write_text(UKRAINIAN, encoding="utf-8")
    (documents / "empty.txt").touch()
    code, out, err = run("build", str(documents), str(tmp_path / "gone"), "--workspace", workspace, "--format", "json")
    assert code == 1
    assert (json.loads(out)["unchanged"], json.loads(out)["set aside"]) == (1, 1)
    assert [line for line in err.splitlines() if "uk" in line and "Ukrainian" in line]
    assert f"kg: {documents / 'empty.txt'}: the file is empty" in err
    assert f"kg: {tmp_path / 'gone'}: does not exist" in err
    code, out, _ = run("quarantine", "--workspace", workspace, "--format", "csv")
    assert (code, out.splitlines()[1].split(",")[0]) == (0, "uk")


def test_quarantine(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept out is listed with the value at fault, as `set-aside` too; retried after a repair, it is in."""
    from kg import core
    from kg.gate import Graphs, Judge, judge_batch
    from kg.shacl import Report

    def broken(graphs: Graphs, judge: Judge) -> dict[str, Report]:
        """Judge as if each claim had a confidence of 0.9 "or so"."""
        spoiled = {
            document: [
                ox.Quad(q.subject, q.predicate, ox.Literal("or so"), q.graph_name)
                if q.predicate.value.endswith("#confidence")
                else q
                for q in quads
            ]
            for document, quads in graphs.items()
        }
        return judge_batch(spoiled, judge)

    monkeypatch.setattr(core, "judge_batch", broken)
    (tmp_path / "ru.txt").write_text("Россия признала правительство талибов 3 июля 2025 года.", encoding="utf-8")
    workspace = str(tmp_path / "register")
    assert run("build", str(tmp_path / "ru.txt"), "-w", workspace)[0] == 1
    code, out, err = run("quarantine", "-w", workspace, "-f", "json")
    fault = json.loads(out)[0]
    assert (code, fault["document"], fault["path"], fault["value"]) == (0, "ru", "chy:confidence", '"or so"')
    assert "an xsd:decimal from 0 to 1" in fault["repair"]
    assert err == "1 document is set aside\n"
    assert run("set-aside", "-w", workspace, "-f", "json")[1] == out
    assert run("quarantine", "retry", "-w", workspace)[0] == 1
    monkeypatch.undo()
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    (tmp_path / "ru.txt").unlink()
    code, out, _ = run("quarantine", "retry", "ru", "-w", workspace, "-f", "json")
    assert (code, json.loads(out)["added"]) == (0, 1)
    assert json.loads(run("quarantine", "list", "-w", workspace, "-f", "json")[1]) == []
    code, _, err = run("quarantine", "retry", "ru", "-w", workspace)
    assert (code, "unknown document among those set aside 'ru'" in err) == (1, True)


def test_facts_that_hold_nowhere(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that breaks a shape is listed with the documents it rests on."""
    from kg.core import _Assembly

    def all_of_them(_: object, quads: list[ox.Quad]) -> set[str]:
        return {q.subject.value for q in quads if q.predicate.value.endswith("#status")}  # type: ignore[union-attr]

    monkeypatch.setattr(_Assembly, "_breaking", all_of_them)
    (tmp_path / "ru.txt").write_text("Россия признала правительство талибов 3 июля 2025 года.", encoding="utf-8")
    workspace = str(tmp_path / "register")
    assert "holds nowhere" in run("build", str(tmp_path / "ru.txt"), "-w", workspace)[2]
    (row,) = json.loads(run("quarantine", "-w", workspace, "-f", "json")[1])
    assert (row["document"], row["node"].split("/")[0]) == ("ru", "fact")
    assert "holds nowhere" in row["reason"]


def test_build_from_standard_input(run: Run, tmp_path: Path) -> None:
    """`-` is standard input."""
    code, out, _ = run("build", "-", "-w", str(tmp_path / "r"), "-f", "json", stdin=RUSSIAN.encode("cp1251"))
    assert (code, json.loads(out)["documents in ru"]) == (0, 1)


def test_locked_register(run: Run, tmp_path: Path) -> None:
    """A build beside another one is told so."""
    from kg.store import Workspace

    (tmp_path / "en.txt").write_text(ENGLISH, encoding="utf-8")
    with Workspace(tmp_path / "register").locked():
        code, _, err = run("build", str(tmp_path / "en.txt"), "-w", str(tmp_path / "register"))
    assert code == 1
    assert "is locked" in err


def test_extract(run: Run, tmp_path: Path) -> None:
    """`extract` prints the claim contract, a line each, and whose words they are; a refusal is told and is an error."""
    (tmp_path / "ru.txt").write_text(RUSSIAN, encoding="utf-8")
    (tmp_path / "uk.txt").write_text(UKRAINIAN, encoding="utf-8")
    code, out, err = run("extract", str(tmp_path))
    assert code == 1
    assert "Ukrainian" in err
    claims = [json.loads(line) for line in out.splitlines()]
    assert {"id", "document", "frame", "roles", "date", "polarity", "modality", "evidence"} <= set(claims[0])
    for claim in claims:
        evidence = claim["evidence"]
        assert RUSSIAN[evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["-f", "table"], "Recognition"), (["-f", "ttl"], "a chy:Claim"), (["--explain"], "=> Recognition")],
)
def test_extract_for_people(run: Run, tmp_path: Path, arguments: list[str], words: str) -> None:
    """`extract` also writes a table, Turtle, and an explanation."""
    (tmp_path / "ru.txt").write_text(RUSSIAN, encoding="utf-8")
    code, out, _ = run("extract", str(tmp_path / "ru.txt"), *arguments)
    assert code == 0
    assert words in out


def test_query(run: Run, register: Path) -> None:
    """A question is answered with labels, evidence and the generation; words stay off standard output."""
    arguments = ["query", "which-states-recognise", "-p", "recognised=Талибан", "-w", str(register), "--lang", "kk"]
    code, out, err = run(*arguments, "--format", "json", "--evidence")
    assert code == 0
    (row,) = json.loads(out)
    assert row["recogniser"]["label"] == "Ресей"
    assert {item["document"] for item in row["evidence"]} == {"en-1", "ru-1"}
    assert "generation 1" in err
    code, out, err = run(*arguments, "--format", "json", "--as-of", "2024-12-31")
    assert (code, json.loads(out)) == (0, [])
    assert "0 rows as of 2024-12-31" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "which-states-recognize"], "did you mean 'which-states-recognise'"),
        (["query", "which-states-recognise"], "needs recognised; for example"),
        (["query", "which-states-recognise", "-p", "x=y"], "unknown parameter 'x'"),
        (["query", "which-states-recognise", "-p", "recognised=Talebann"], "did you mean"),
        (["query", "which-states-recognise", "-p", "recognised=Taliban", "--as-of", "soon"], "--as-of is 'soon'"),
        (["show", "Kazakhstann"], "did you mean 'Kazakhstan'"),
        (["why", "nothing"], "unknown fact 'nothing'"),
        (
            ["why", "Kazakhstan", "recognises", "Taliban"],
            "the register does not say that Kazakhstan recognises Taliban",
        ),
        (["why", "Kazakhstan", "recognizes", "Taliban"], "unknown property 'recognizes'; did you mean"),
        (["why", "Kazakhstan", "recognises"], "name one fact, or subject, property and object"),
        (["sparql", "SELECT"], "no SPARQL query"),
        (["sparql", "DELETE WHERE { ?s ?p ?o }"], "no SPARQL query"),
    ],
)
def test_known_errors(run: Run, register: Path, arguments: list[str], message: str) -> None:
    """A known error is one message without a traceback."""
    code, out, err = run(*arguments, "-w", str(register))
    assert (code, out) == (1, "")
    assert err.startswith("kg: ")
    assert message in err
    assert "Traceback" not in err


def test_sparql(run: Run, register: Path, tmp_path: Path) -> None:
    """SPARQL of any form is answered, from text, a file or standard input; nothing can be changed."""
    select = "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?c a chy:Claim }"
    code, out, _ = run("sparql", select, "-f", "csv", "-w", str(register))
    assert (code, out.splitlines()[0]) == (0, "n")
    (tmp_path / "q.rq").write_text(select, encoding="utf-8")
    assert run("sparql", str(tmp_path / "q.rq"), "-f", "csv", "-w", str(register))[1] == out
    assert run("sparql", "-", "-f", "csv", "-w", str(register), stdin=select.encode())[1] == out
    assert run("sparql", "ASK { ?s a chy:Claim }", "-w", str(register))[1] == "true\n"
    construct = (
        "CONSTRUCT { ?f chy:frame ?x } WHERE { GRAPH <https://w3id.org/chancery/graph/facts> { ?f chy:frame ?x } }"
    )
    assert "chy:frame <https://w3id.org/chancery/id/frame/" in run("sparql", construct, "-w", str(register))[1]


def test_show_and_why(run: Run, register: Path) -> None:
    """An entity is shown with its facts, a fact with its claims, as text and as JSON."""
    code, out, _ = run("show", "Ресей", "-w", str(register), "--lang", "ru")
    assert code == 0
    assert out.startswith("Россия\nhttps://w3id.org/chancery/id/state/RUS\n")
    entity = json.loads(run("show", "RUS", "-w", str(register), "-f", "json")[1])
    fact = next(f for f in entity["facts"] if f["frame"]["label"] == "recognition")
    code, out, _ = run("why", fact["id"].rsplit("/", 1)[1][:8], "-w", str(register))
    assert code == 0
    assert "Russia recognised the Taliban government" in out
    code, out, _ = run("why", "Russia", "recognises", "Талибан", "-w", str(register))
    assert code == 0
    assert "Russia recognised the Taliban government" in out
    proof = json.loads(run("why", "RUS", "recognises", "Taliban", "-f", "json", "-w", str(register))[1])
    assert {claim["document"] for claim in proof["facts"][0]["for"]} == {"en-1", "ru-1"}


def test_report(run: Run, register: Path) -> None:
    """What was left undecided in a document is told, and an unknown document with the nearest."""
    code, out, _ = run("report", "ru-1", "-f", "csv", "-w", str(register))
    assert (code, out.splitlines()[0]) == (0, "what,from,to,reason,text")
    code, _, err = run("report", "ru-2", "-w", str(register))
    assert (code, "did you mean 'ru-1'" in err) == (1, True)


def test_dump(run: Run, register: Path, tmp_path: Path) -> None:
    """A dump goes to a file, its size to standard error."""
    code, out, err = run("dump", "-f", "nquads", "-o", str(tmp_path / "r.nq"), "-w", str(register))
    assert (code, out) == (0, "")
    lines = (tmp_path / "r.nq").read_bytes().splitlines()
    assert err == f"{len(lines)} quads\n"


def test_stats_log_rollback(run: Run, register: Path) -> None:
    """Counts, generations, and the way back, which the first generation has not."""
    code, out, _ = run("stats", "-f", "csv", "-w", str(register))
    assert (code, "documents,ru,1" in out) == (0, True)
    assert run("log", "-f", "csv", "-w", str(register))[1].splitlines()[1].startswith("1,*,")
    code, _, err = run("rollback", "-w", str(register))
    assert (code, "is the first" in err) == (1, True)


def test_validate(run: Run, register: Path, tmp_path: Path) -> None:
    """The register conforms; a file that breaks a shape is reported and is an error; one that is no RDF is named."""
    code, out, _ = run("validate", "-w", str(register))
    assert code == 0, out
    assert "does not conform" not in out
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        "<https://w3id.org/chancery/id/state/XXX> a <https://w3id.org/chancery/ontology#State> .", encoding="utf-8"
    )
    code, out, _ = run("validate", str(bad), "--gate", "reference", "-f", "json")
    assert (code, json.loads(out)["conforms"]) == (1, False)
    bad.write_text("no turtle", encoding="utf-8")
    code, _, err = run("validate", str(bad))
    assert (code, "is not valid RDF" in err) == (1, True)


def test_false_quote_is_found(run: Run, register: Path, tmp_path: Path) -> None:
    """A text that was changed under its quotes is a violation."""
    import shutil

    copy = tmp_path / "register"
    shutil.copytree(register, copy)
    for path in (copy / "texts").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("ecogni", "ejecti"), encoding="utf-8")
    code, out, _ = run("validate", "store", "-w", str(copy))
    assert code == 1
    assert "shape:Evidence-quote-stands-in-text" in out


def test_broken_pipe() -> None:
    """A reader that goes away ends the command without a traceback."""
    script = f"{sys.executable} -m kg queries | head -c 1"
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert "Traceback" not in done.stderr


def test_query_imports_nothing_slow() -> None:
    """Asking does not load what only building needs."""
    script = "import sys, kg.cli, kg.queries, kg.saved, kg.output, kg.store; print(sorted(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    ).stdout
    for slow in ("pyshacl", "rdflib", "owlready2", "lingua", "trafilatura", "pypdf", "docx", "pymorphy3", "kg.extract"):
        assert f"'{slow}'" not in modules, slow
