"""What validation finds: results with their terms, and the SHACL validation report they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.conformance.literals import Term
from kg.conformance.paths import Path, Predicate, as_sparql, as_triples
from kg.conformance.statements import Statements, read_path
from kg.vocab import PREFIXES, RDF_TYPE, SH

_TYPE = ox.NamedNode(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One validation result.

    `component` is the constraint component's name without its ending, such as "MinCount", or the IRI of one that the
    shapes define themselves; `constraint` the node of a SPARQL constraint.
    """

    focus: Term
    path: Path | None
    value: Term | None
    shape: Term
    component: str
    severity: ox.NamedNode
    messages: tuple[ox.Literal, ...]
    constraint: Term | None = None

    def path_text(self) -> str | None:
        """Return the IRI of a property, any other path in SPARQL's syntax."""
        match self.path:
            case None:
                return None
            case Predicate(iri):
                return iri.value
            case path:
                return as_sparql(path)


def report_triples(findings: Iterable[Finding]) -> Iterator[ox.Triple]:
    """Yield a validation report in RDF: sh:conforms is true only where nothing was found at all."""
    report, conforms = ox.BlankNode(), True
    yield ox.Triple(report, _TYPE, _sh("ValidationReport"))
    for finding in findings:
        conforms = False
        node = ox.BlankNode()
        yield ox.Triple(report, _sh("result"), node)
        yield from _result(node, finding)
    yield ox.Triple(report, _sh("conforms"), ox.Literal(conforms))


def report_turtle(findings: Iterable[Finding]) -> str:
    """Return the validation report as Turtle."""
    prefixes = {name: PREFIXES[name] for name in ("sh", "xsd", "rdf")}
    written = ox.serialize(report_triples(findings), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return written.decode() if written else ""


def read_report(triples: Iterable[ox.Triple]) -> list[Finding]:
    """Return the results of a validation report in RDF. Raises IllFormedShapes for a path that is none."""
    graph = Statements(triples)
    results = [
        node for r in graph.subjects(RDF_TYPE, _sh("ValidationReport")) for node in graph.values(r, SH + "result")
    ]
    return [_finding(graph, node) for node in results]


def _finding(graph: Statements, node: Term) -> Finding:
    def value(name: str) -> Term | None:
        return next(iter(graph.values(node, SH + name)), None)

    focus, shape, component = value("focusNode"), value("sourceShape"), value("sourceConstraintComponent")
    severity, path = value("resultSeverity"), value("resultPath")
    assert focus is not None
    assert shape is not None
    assert component is not None
    assert isinstance(severity, ox.NamedNode)
    return Finding(
        focus=focus,
        path=None if path is None else read_path(graph, path, shape),
        value=value("value"),
        shape=shape,
        component=_short(component.value),
        severity=severity,
        messages=tuple(m for m in graph.values(node, SH + "resultMessage") if isinstance(m, ox.Literal)),
        constraint=value("sourceConstraint"),
    )


def _result(node: ox.BlankNode, finding: Finding) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _TYPE, _sh("ValidationResult"))
    yield ox.Triple(node, _sh("focusNode"), finding.focus)
    if finding.path is not None:
        path, triples = as_triples(finding.path)
        yield ox.Triple(node, _sh("resultPath"), path)
        yield from triples
    if finding.value is not None:
        yield ox.Triple(node, _sh("value"), finding.value)
    yield ox.Triple(node, _sh("sourceShape"), finding.shape)
    yield ox.Triple(node, _sh("sourceConstraintComponent"), _component(finding.component))
    if finding.constraint is not None:
        yield ox.Triple(node, _sh("sourceConstraint"), finding.constraint)
    yield ox.Triple(node, _sh("resultSeverity"), finding.severity)
    for message in finding.messages:
        yield ox.Triple(node, _sh("resultMessage"), message)


def _short(component: str) -> str:
    own = component.startswith(SH)
    return component.removeprefix(SH).removesuffix("ConstraintComponent") if own else component


def _component(name: str) -> ox.NamedNode:
    return ox.NamedNode(name) if ":" in name else _sh(f"{name}ConstraintComponent")


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)
