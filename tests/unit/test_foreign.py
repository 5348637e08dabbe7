"""Anybody's graph against anybody's shapes on the command line: every syntax, format and engine, and each error."""

from __future__ import annotations

import gzip
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from kg import cli
from kg.vocab import RDF_TYPE, SH

HARBOUR = Path(__file__).parents[2] / "docs" / "harbour"
PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/harbour#> .\n"
# Ships with a fault each: no name, an IMO number of six digits, a shallow berth, gone before it came.
BROKEN = """
ex:a a ex:Ship ; ex:imo "1234567" ; ex:arrived "2025-01-01" .
ex:b a ex:Ship ; ex:name "B"@en ; ex:imo "123456" ; ex:arrived "2025-01-01" .
ex:c a ex:Ship ; ex:name "C"@en ; ex:imo "1234567" ; ex:berth ex:mud ; ex:arrived "2025-01-01" .
ex:d a ex:Ship ; ex:name "D"@en ; ex:imo "1234567" ; ex:arrived 3 ; ex:left 2 .
ex:mud a ex:Berth ; ex:depth 2 .
"""
FAULTS = {
    ("a", "name", "MinCount"),
    ("b", "imo", "Pattern"),
    ("c", "berth", "Node"),
    ("d", "arrived", "LessThanOrEquals"),
}

TARGET = "ex:S a sh:NodeShape ; sh:targetClass ex:Ship ; "

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kg validate` with arguments; return its exit code, standard output and standard error."""

    def call(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", "validate", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return call


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A graph with four faults."""
    path = tmp_path / "broken.ttl"
    path.write_text(PREFIXES + BROKEN, encoding="utf-8")
    return path


def test_a_graph_that_conforms(run: Run) -> None:
    """The README's example: a warning is shown, and is no failure."""
    code, out, err = run(HARBOUR / "data.ttl", "--shapes", HARBOUR / "shapes.ttl")
    assert code == 0
    assert out.startswith(f"{HARBOUR / 'data.ttl'}: conforms: 1 warning\n")
    assert "The day of arrival is not known." in out
    assert err == "1 shape was asked in the store\n"


@pytest.mark.parametrize("engine", ["store", "pyshacl"])
def test_both_engines_find_the_same(run: Run, broken: Path, engine: str) -> None:
    """Each fault once, with its node, property and constraint; the report says which engine it is of."""
    code, out, err = run(broken, "--shapes", HARBOUR / "shapes.ttl", "--engine", engine, "-f", "json")
    read = json.loads(out)
    (report,) = read["reports"]
    found = {(r["focus"].split("#")[1], r["path"].split("#")[1], r["component"]) for r in report["results"]}
    assert (code, read["conforms"], report["engine"], found) == (1, False, engine, FAULTS)
    assert {r["shape"].split("-")[0] for r in report["results"]} == {"http://example.org/harbour#ShipShape"}
    assert err == f"1 shape was asked {'in the store' if engine == 'store' else 'by pyshacl'}\n"


def test_turtle_is_a_shacl_report(run: Run, broken: Path) -> None:
    """The report in RDF is one that any SHACL tool reads."""
    code, out, _ = run(broken, "--shapes", HARBOUR / "shapes.ttl", "-f", "ttl")
    triples = [q.triple for q in ox.parse(out.encode(), format=ox.RdfFormat.TURTLE)]
    values = {
        p: [t.object for t in triples if t.predicate.value == SH + p] for p in ("conforms", "result", "focusNode")
    }
    assert (code, values["conforms"], len(values["result"])) == (1, [ox.Literal(value=False)], 4)
    assert {node.value.split("#")[1] for node in values["focusNode"]} == {"a", "b", "c", "d"}
    assert sum(t.predicate.value == RDF_TYPE and t.object.value == SH + "ValidationResult" for t in triples) == 4


def test_junit(run: Run, broken: Path) -> None:
    """Continuous integration sees a failed test case for each constraint that is broken, and none for a warning."""
    code, out, _ = run(broken, "--shapes", HARBOUR / "shapes.ttl", "-f", "junit")
    (suite,) = ET.fromstring(out)
    assert (code, suite.get("tests"), suite.get("failures")) == (1, "4", "4")
    failures = [case.findtext("failure") or "" for case in suite]
    assert any("A ship has one IMO number of seven digits." in text and '"123456"' in text for text in failures)
    code, out, _ = run(HARBOUR / "data.ttl", "--shapes", HARBOUR / "shapes.ttl", "-f", "junit")
    (suite,) = ET.fromstring(out)
    assert (code, suite.get("tests"), suite.get("failures")) == (0, "1", "0")


def test_a_message_that_xml_cannot_hold(run: Run, broken: Path, tmp_path: Path) -> None:
    """A control character in a message does not break the XML."""
    path = tmp_path / "shapes.ttl"
    path.write_text(PREFIXES + TARGET + r'sh:class ex:Tanker ; sh:message "a \u0001 here" .', encoding="utf-8")
    _, out, _ = run(broken, "--shapes", path, "-f", "junit")
    assert "a \ufffd here" in "".join(ET.fromstring(out).itertext())


def test_table(run: Run, broken: Path) -> None:
    """The table has a line for each result."""
    code, out, _ = run(broken, "--shapes", HARBOUR / "shapes.ttl", "-f", "table")
    assert (code, out.count("Violation"), out.count("broken.ttl")) == (1, 4, 4)


@pytest.mark.parametrize(
    ("suffix", "form"),
    [
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("nq", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("xml", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("json", ox.RdfFormat.JSON_LD),
        ("n3", ox.RdfFormat.N3),
        ("ttl.gz", ox.RdfFormat.TURTLE),
    ],
)
def test_every_syntax(run: Run, broken: Path, suffix: str, form: ox.RdfFormat) -> None:
    """Whatever the syntax, the same is found."""
    text = ox.serialize((q.triple for q in ox.parse(path=str(broken))), format=form)
    assert text is not None
    other = broken.with_name(f"other.{suffix}")
    other.write_bytes(gzip.compress(text) if suffix.endswith("gz") else text)
    code, out, _ = run(other, "--shapes", HARBOUR / "shapes.ttl", "-f", "json")
    assert (code, len(json.loads(out)["reports"][0]["results"])) == (1, 4)


def test_standard_input(run: Run) -> None:
    """`-` is standard input, whose syntax must be named."""
    data = (HARBOUR / "data.ttl").read_bytes()
    assert run("-", "--syntax", "turtle", "--shapes", HARBOUR / "shapes.ttl", stdin=data)[0] == 0
    code, _, err = run("-", "--shapes", HARBOUR / "shapes.ttl", stdin=data)
    assert (code, "name it: --syntax turtle" in err) == (1, True)


def test_files_are_one_graph(run: Run, tmp_path: Path) -> None:
    """What one file says of a node counts for another, and blank nodes of one name in two files are two."""
    (tmp_path / "one.ttl").write_text(PREFIXES + '_:x a ex:Ship ; ex:name "One" ; ex:imo "1234567" .', encoding="utf-8")
    two = PREFIXES + '_:x a ex:Tanker ; ex:name "Two" ; ex:imo "12" . ex:Tanker rdfs:subClassOf ex:Ship .'
    head = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (tmp_path / "two.ttl").write_text(head + two, encoding="utf-8")
    code, out, _ = run(tmp_path, "--shapes", HARBOUR / "shapes.ttl", "-f", "json")
    violations = [r for r in json.loads(out)["reports"][0]["results"] if r["severity"] == "Violation"]
    assert (code, [r["value"] for r in violations]) == (1, ['"12"'])


def test_shapes_in_a_folder(run: Run, broken: Path, tmp_path: Path) -> None:
    """A folder of shapes is one shapes graph; an anonymous shape is told by the named one it is part of."""
    folder = tmp_path / "shapes"
    folder.mkdir()
    for name, inner in (
        ("one", 'sh:path ex:imo ; sh:pattern "^[0-9]{7}$"'),
        ("two", "sh:path ex:name ; sh:minCount 1"),
    ):
        text = f"{PREFIXES}ex:{name} a sh:NodeShape ; sh:targetClass ex:Ship ; sh:property [ {inner} ] ."
        (folder / f"{name}.ttl").write_text(text, encoding="utf-8")
    _, out, err = run(broken, "--shapes", folder, "-f", "json")
    shapes = {r["shape"].split("#")[1] for r in json.loads(out)["reports"][0]["results"]}
    assert (shapes, err) == ({"one", "two"}, "2 shapes were asked in the store\n")


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ("nonsense", "is not valid RDF (turtle): "),
        ("ex:S a sh:NodeShape .", "holds no shape that says what it judges; expected sh:targetClass"),
        (TARGET + "sh:property [ sh:minCount 1 ] .", "has no sh:path"),
        (TARGET + 'sh:property [ sh:path ex:name ; sh:minCount "one" ] .', "expected a whole number"),
        (TARGET + 'sh:property [ sh:path ex:name ; sh:pattern "(" ] .', "cannot be used"),
        (TARGET + 'sh:sparql [ sh:message "m" ; sh:select "SELECT nonsense" ] .', "pyshacl cannot judge"),
        (TARGET + "sh:node ex:S .", "ex"),
    ],
)
def test_shapes_that_cannot_be_used(run: Run, broken: Path, tmp_path: Path, shapes: str, message: str) -> None:
    """One message that says what is wrong, and no traceback."""
    path = tmp_path / "shapes.ttl"
    path.write_text(PREFIXES + shapes, encoding="utf-8")
    code, out, err = run(broken, "--shapes", path)
    assert (code, out) == (1, "")
    assert err.startswith("kg: ")
    assert message in err
    assert "Traceback" not in err


def test_shapes_that_judge_nothing(run: Run, tmp_path: Path) -> None:
    """A check that asked nothing says so: a misspelt class must not pass in silence."""
    path = tmp_path / "shapes.ttl"
    path.write_text(PREFIXES + "ex:S a sh:NodeShape ; sh:targetClass ex:Shop ; sh:nodeKind sh:IRI .", encoding="utf-8")
    code, _, err = run(HARBOUR / "data.ttl", "--shapes", path)
    assert (code, "no shape found anything to judge" in err) == (0, True)


def test_data_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """A place of the error, a syntax that is not known, a context that is elsewhere, a path that is not there."""
    shapes = ("--shapes", HARBOUR / "shapes.ttl")
    for name, text, message in (
        ("x.ttl", "<a> <b>", "line 1"),
        ("x.docx", "", "is no RDF file by its name; expected one of .ttl"),
        ("x.jsonld", '{"@context": "https://example.org/context", "name": "x"}', "contexts are not fetched"),
        ("x.ttl.gz", "no gzip", "cannot be read"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        code, _, err = run(tmp_path / name, *shapes)
        assert (code, message in err) == (1, True), err
    assert "does not exist" in run(tmp_path / "gone.ttl", *shapes)[2]


def test_own_shapes_are_not_asked_of_a_foreign_graph_in_silence(run: Run) -> None:
    """Without --shapes a foreign graph conforms to whatever asks nothing of it; that is said."""
    code, _, err = run(HARBOUR / "data.ttl")
    assert (code, "name your own with --shapes" in err) == (0, True)
    assert run(HARBOUR / "data.ttl", "--shapes", HARBOUR / "shapes.ttl", "--gate", "fact")[0] == 2


def test_the_command_knows_the_formats_and_syntaxes() -> None:
    """What the command offers without importing it is what there is."""
    from kg.commands import validating
    from kg.rdf_files import SYNTAXES
    from kg.report_output import _WRITERS

    assert re.split(" ", " ".join(validating._FORMATS)) == list(_WRITERS)
    assert set(validating._SYNTAXES) == set(SYNTAXES)
