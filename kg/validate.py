"""Data against shapes -> report: by shapes compiled to SPARQL and, for a shape not compiled, by pyshacl.

Shapes are read once a process. Only this module uses pyshacl, which works on rdflib graphs: given a pyoxigraph store it
is three times slower, so triples are copied over.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.conformance.finding import Finding, read_report
from kg.conformance.ground import Ground
from kg.conformance.judging import CompiledShapes, compile_shapes
from kg.conformance.literals import Term
from kg.errors import DataError
from kg.model import Knowledge
from kg.resources import data_folder
from kg.shacl import GATES, Gate, Report, gate_triples, make_report, result_of
from kg.vocab import OWL_CLASS, RDF_TYPE, RDFS, SH, XSD_STRING

if TYPE_CHECKING:
    import rdflib

Data = ox.Store | Ground | Iterable[ox.Quad | ox.Triple]


class Shapes:
    """Shapes understood once. Not for two threads at once: pyshacl keeps state in them. Raises IllFormedShapes."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = list(triples)

    @cached_property
    def compiled(self) -> CompiledShapes:
        """The shapes that can be asked in SPARQL, and the nodes of those that cannot."""
        return compile_shapes(self.triples)

    @cached_property
    def prepared(self) -> Any:
        """All shapes as pyshacl understands them."""
        return _prepared(self.triples)

    @cached_property
    def remaining(self) -> Any:
        """The shapes that SPARQL cannot ask, as pyshacl understands them."""
        compiled = {shape.node for shape in self.compiled.shapes}
        return _prepared(t for t in self.triples if not (t.subject in compiled and _gives_target(t)))


def _gives_target(triple: ox.Triple) -> bool:
    classes = (RDFS + "Class", OWL_CLASS)
    is_class = triple.predicate.value == RDF_TYPE and getattr(triple.object, "value", None) in classes
    return is_class or triple.predicate.value.startswith(SH + "target")


def _prepared(triples: Iterable[ox.Triple]) -> Any:
    from pyshacl import ShapesGraph

    prepared = ShapesGraph(_to_rdflib(triples))
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


def validate_graph(data: Data, shapes: Shapes, knowledge: Knowledge | None = None) -> Report:
    """Return the report on `data`, its graphs merged; with `knowledge`, the classes of entities it names are known."""
    seen = data if knowledge is None else _seen(data, knowledge)
    results = map(result_of, findings(seen, shapes))
    return make_report(results, {_name(node): why for node, why in shapes.compiled.unsupported})


def findings(data: Data, shapes: Shapes) -> list[Finding]:
    """Return every finding, a result for each way that leads to it."""
    ground = _ground(data)
    found = list(shapes.compiled.findings(ground))
    if shapes.compiled.unsupported:
        found += _by_pyshacl(ground.triples(), shapes.remaining)
    return found


def _ground(data: Data) -> Ground:
    if isinstance(data, Ground):
        return data
    return Ground(data) if isinstance(data, ox.Store) else Ground.of(data)


def validate_by_pyshacl(data: Data, shapes: Shapes, knowledge: Knowledge | None = None) -> Report:
    """Return the same report from pyshacl, the reference."""
    found = _by_pyshacl(_seen(data, knowledge), shapes.prepared)
    return make_report(map(result_of, found), {_name(node): "asked for" for node in shapes.compiled.nodes()})


def findings_by_pyshacl(data: Data, shapes: Shapes) -> list[Finding]:
    """Return what pyshacl finds, result by result."""
    return _by_pyshacl(_seen(data, None), shapes.prepared)


def _by_pyshacl(triples: Iterable[ox.Triple], prepared: Any) -> list[Finding]:
    """Return what pyshacl finds. Raises DataError where it fails, as it does on some values that have no order."""
    from pyshacl import Validator
    from pyshacl.graph_abstraction import DataGraph

    options = {"inplace": True, "advanced": True}
    validator = Validator(DataGraph.from_rdflib_graph(_to_rdflib(triples)), shacl_graph=_empty(), options=options)
    validator.shacl_graph = prepared  # the constructor would prepare them again for each graph
    try:
        _, report, _ = validator.run()  # type: ignore[no-untyped-call]
    except Exception as fault:  # of many kinds, and none of them ours
        raise DataError(f"pyshacl cannot judge these data by these shapes: {fault}") from fault
    return read_report(ox.Triple(_from_rdflib(s), _from_rdflib(p), _from_rdflib(o)) for s, p, o in report)


def _seen(data: Data, knowledge: Knowledge | None) -> set[ox.Triple]:
    triples: Iterable[ox.Quad | ox.Triple] = data.triples() if isinstance(data, Ground) else iter(data)
    return gate_triples(triples, knowledge) if knowledge is not None else _triples(triples)


def _triples(data: Iterable[ox.Quad | ox.Triple]) -> set[ox.Triple]:
    return {t.triple if isinstance(t, ox.Quad) else t for t in data}


def _name(node: Term) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _empty() -> rdflib.Graph:
    import rdflib

    return rdflib.Graph(bind_namespaces="none")


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


def _from_rdflib(node: Any) -> Any:
    import rdflib

    if isinstance(node, rdflib.Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))) if node.datatype else ox.Literal(node)
    return ox.BlankNode(node) if isinstance(node, rdflib.BNode) else ox.NamedNode(node)
