"""Each example conforms, or breaks exactly the shape its first line names; each shape has an example that breaks it."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.model import Knowledge
from kg.resources import data_folder, load_knowledge
from kg.shacl import GATES, Gate
from kg.validate import load_shapes, validate_by_pyshacl, validate_graph
from kg.vocab import SH, SHAPE

HERE = Path(__file__).parent
EXAMPLES = sorted(HERE.glob("*/*valid-*.ttl"))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    known = load_knowledge()
    # Only the classes: the examples say themselves what their entities are.
    return Knowledge(entities={}, frames=known.frames, concepts=known.concepts, superclasses=known.superclasses)


@pytest.fixture(scope="module")
def context() -> list[ox.Triple]:
    return read(HERE / "context.ttl")


def read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def gate_of(folder: str) -> Gate:
    return next(gate for gate, files in GATES.items() if folder in files)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_example(path: Path, knowledge: Knowledge, context: list[ox.Triple]) -> None:
    """A valid example gives no result; an invalid one breaks the one shape it names, whatever the number of results."""
    report = validate_graph([*context, *read(path)], load_shapes(gate_of(path.parent.name)), knowledge)
    if path.stem.startswith("valid-"):
        assert report.results == (), report.as_text()
    else:
        wanted = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert {r.shape for r in report.results} == {wanted}, report.as_text()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_example_by_pyshacl(path: Path, knowledge: Knowledge, context: list[ox.Triple]) -> None:
    """The reference implementation gives the same report on every example, result by result."""
    shapes, data = load_shapes(gate_of(path.parent.name)), [*context, *read(path)]
    assert validate_graph(data, shapes, knowledge) == validate_by_pyshacl(data, shapes, knowledge)


@pytest.mark.parametrize("gate", GATES)
def test_context_conforms(gate: Gate, knowledge: Knowledge, context: list[ox.Triple]) -> None:
    """What is added to every example breaks nothing by itself."""
    report = validate_graph(context, load_shapes(gate), knowledge)
    assert report.results == (), report.as_text()


def shape_files() -> list[Path]:
    return sorted(data_folder("shapes").glob("*.ttl"))


def judging_shapes(path: Path) -> dict[str, rdflib.Graph]:
    graph = rdflib.Graph().parse(path)
    return {str(s): graph for s in set(graph.subjects(rdflib.URIRef(SH + "message"), None))}


def test_each_shape_is_broken_by_an_example() -> None:
    """A shape that nothing breaks may never have worked."""
    shapes = {iri for path in shape_files() for iri in judging_shapes(path)}
    broken = {p.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for p in EXAMPLES if "invalid" in p.stem}
    assert shapes - broken == set()
    assert broken - shapes == set()


def test_each_file_belongs_to_a_gate() -> None:
    """A shapes file that no gate asks would be an ornament."""
    assert {p.stem for p in shape_files()} == {name for files in GATES.values() for name in files}


@pytest.mark.parametrize("path", shape_files(), ids=lambda p: p.stem)
def test_property_shapes_are_complete(path: Path) -> None:
    """Each shape that judges has an IRI of ours, a severity chosen for it, and an English message."""
    graph = rdflib.Graph().parse(path)
    for iri in judging_shapes(path):
        node = rdflib.URIRef(iri)
        assert iri.startswith(SHAPE)
        assert len(list(graph.objects(node, rdflib.URIRef(SH + "severity")))) == 1, iri
        messages = list(graph.objects(node, rdflib.URIRef(SH + "message")))
        assert [getattr(m, "language", None) for m in messages] == ["en"], iri


@pytest.mark.parametrize("path", shape_files(), ids=lambda p: p.stem)
def test_no_property_shape_is_silent(path: Path) -> None:
    """A property shape either says how to repair, or only leads to shapes that do."""
    graph = rdflib.Graph().parse(path)
    silent = {
        str(shape)
        for shape in graph.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "PropertyShape"))
        if not list(graph.objects(shape, rdflib.URIRef(SH + "message")))
        and not list(graph.objects(shape, rdflib.URIRef(SH + "property")))
    }
    assert silent == set()


def test_each_shape_is_defined_once() -> None:
    """Two shapes of one IRI in two files would merge into one that nobody wrote."""
    seen: dict[str, str] = {}
    for path in shape_files():
        graph = rdflib.Graph().parse(path)
        for kind in ("NodeShape", "PropertyShape"):
            for shape in graph.subjects(rdflib.RDF.type, rdflib.URIRef(SH + kind)):
                assert str(shape) not in seen, f"{shape} in {path.name} and {seen[str(shape)]}"
                seen[str(shape)] = path.name
