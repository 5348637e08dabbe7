"""Data against shapes -> report: by compiled shapes or, for a shape not understood, by pyshacl, which only this uses.

Shapes are read once a process. pyshacl works on rdflib graphs: given a pyoxigraph store it is three times slower, so
triples are copied over.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from kg.constraints import UnsupportedShape
from kg.errors import DataError
from kg.model import Knowledge
from kg.resources import data_folder
from kg.shacl import GATES, Gate, Report, Result, Severity, gate_triples, make_report
from kg.shapes import CompiledShapes, compile_shapes
from kg.vocab import RDF, SH, XSD_STRING, local_name

if TYPE_CHECKING:
    import rdflib

_SEVERITY: Final[dict[str, Severity]] = {
    SH + "Violation": "Violation",
    SH + "Warning": "Warning",
    SH + "Info": "Info",
}


class Shapes:
    """The shapes of one gate, understood once. Not for two threads at once: pyshacl keeps state in them."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = list(triples)
        try:
            self.compiled: CompiledShapes | None = compile_shapes(self.triples)
        except UnsupportedShape:
            self.compiled = None

    @cached_property
    def prepared(self) -> Any:
        """The shapes as pyshacl understands them."""
        from pyshacl import ShapesGraph

        prepared = ShapesGraph(_to_rdflib(self.triples))
        try:
            len(prepared.shapes)
        except Exception as fault:
            raise DataError(f"shapes: {fault}") from fault
        return prepared


@cache
def load_shapes(gate: Gate) -> Shapes:
    """Return the shapes of a gate, read once."""
    triples: list[ox.Triple] = []
    for name in GATES[gate]:
        path = data_folder("shapes") / f"{name}.ttl"
        try:
            quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
            triples += [quad.triple for quad in quads]
        except (OSError, SyntaxError, ValueError) as fault:
            raise DataError(f"shapes/{name}.ttl cannot be read: {fault}") from fault
    return Shapes(triples)


def validate_graph(
    data: ox.Store | Iterable[ox.Quad | ox.Triple], shapes: Shapes, knowledge: Knowledge | None = None
) -> Report:
    """Return the report on `data`, its graphs merged; with `knowledge`, the classes of entities it names are known."""
    if shapes.compiled is None:
        return validate_by_pyshacl(data, shapes, knowledge)
    return make_report(shapes.compiled.results(_seen(data, knowledge)))


def validate_by_pyshacl(
    data: ox.Store | Iterable[ox.Quad | ox.Triple], shapes: Shapes, knowledge: Knowledge | None = None
) -> Report:
    """Return the same report from pyshacl: the reference, and the way for shapes that are not understood here."""
    from pyshacl import Validator
    from pyshacl.graph_abstraction import DataGraph

    graph = _to_rdflib(_seen(data, knowledge))
    validator = Validator(DataGraph.from_rdflib_graph(graph), shacl_graph=_empty(), options={"inplace": True})
    validator.shacl_graph = shapes.prepared  # the constructor would prepare them again for each graph
    _, report, _ = validator.run()  # type: ignore[no-untyped-call]
    return make_report(_result(report, node) for node in report.objects(None, _iri(SH + "result")))


def _seen(data: ox.Store | Iterable[ox.Quad | ox.Triple], knowledge: Knowledge | None) -> set[ox.Triple]:
    quads: Iterable[ox.Quad | ox.Triple] = iter(data)
    return gate_triples(quads, knowledge) if knowledge is not None else _triples(quads)


def _triples(data: Iterable[ox.Quad | ox.Triple]) -> set[ox.Triple]:
    return {t.triple if isinstance(t, ox.Quad) else t for t in data}


def _empty() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph(bind_namespaces="none")


def _iri(value: str) -> rdflib.URIRef:
    import rdflib

    return rdflib.URIRef(value)


def _to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    graph = _empty()
    for triple in triples:
        graph.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    return graph


@lru_cache(maxsize=65536)
def _node(term: object) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal() if term.datatype.value == XSD_STRING:
            return rdflib.Literal(term.value)  # "x" and "x"^^xsd:string are one literal, but not to rdflib
        case ox.Literal():
            # As written: "02" stays "02", and "2020-02-30"^^xsd:date is found to be no date.
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
        case _:
            raise DataError(f"a statement about a statement cannot be validated: {term}")


def _result(report: rdflib.Graph, node: Any) -> Result:
    def value(name: str) -> Any:
        return report.value(node, _iri(SH + name))

    path, found = value("resultPath"), value("value")
    component = local_name(str(value("sourceConstraintComponent"))).removesuffix("ConstraintComponent")
    return Result(
        focus=str(value("focusNode")),
        path=None if path is None else _path(report, path),
        value=None if found is None else _ntriples(found),
        shape=str(value("sourceShape")),
        severity=_SEVERITY[str(value("resultSeverity"))],
        message=str(value("resultMessage")),
        component=component,
    )


def _path(graph: rdflib.Graph, node: Any) -> str:
    """Return an IRI as it is, any other path in SPARQL's syntax."""
    import rdflib

    return str(node) if isinstance(node, rdflib.URIRef) else _complex_path(graph, node)


def _complex_path(graph: rdflib.Graph, node: Any) -> str:
    import rdflib
    from rdflib.collection import Collection

    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if (node, _iri(RDF + "first"), None) in graph:
        return "/".join(_complex_path(graph, step) for step in Collection(graph, node))
    inverse, choices = graph.value(node, _iri(SH + "inversePath")), graph.value(node, _iri(SH + "alternativePath"))
    if inverse is not None:
        return "^" + _complex_path(graph, inverse)
    if choices is not None:
        return "(" + "|".join(_complex_path(graph, step) for step in Collection(graph, choices)) + ")"
    raise DataError(f"shapes: this kind of path is not supported: {node}")


def _ntriples(term: Any) -> str:
    import rdflib

    if isinstance(term, rdflib.Literal):
        if term.language:
            return str(ox.Literal(str(term), language=term.language))
        return str(
            ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))) if term.datatype else ox.Literal(term)
        )
    return f"_:{term}" if isinstance(term, rdflib.BNode) else f"<{term}>"
