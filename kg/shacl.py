"""What the gate works with: which shapes belong to which gate, the data it sees, and the report it gives.

The gate sees more than the graph it judges: `sh:class` asks for the classes of entities that other graphs describe. So
the classes of every entity the graph names go with it, superclasses included; a validator that is only given the
ontology fails every such check.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pyoxigraph as ox

from kg.conformance.finding import Finding
from kg.conformance.literals import Term
from kg.ids import digest
from kg.model import Iri, Knowledge
from kg.vocab import CHY, ID, PREFIXES, RDF_TYPE, SH, local_name

Severity = Literal["Violation", "Warning", "Info"]
Gate = Literal["document", "fact", "direct", "reference", "ontology"]

# The files of shapes/ that each gate asks. In a document's graph entities may stand with a type and no label, in
# reference data they may not, so the same node is judged by other shapes at another gate.
GATES: Final[Mapping[Gate, tuple[str, ...]]] = {
    "document": ("document", "claim", "frame-roles", "date", "evidence", "entity"),
    "fact": ("fact", "frame-roles", "date"),
    "direct": ("direct", "office-term", "date"),
    "reference": ("reference", "office-term", "entity"),
    "ontology": ("ontology",),
}

_SEVERITIES: Final[tuple[Severity, ...]] = ("Violation", "Warning", "Info")
_TYPE: Final = ox.NamedNode(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that does not conform.

    `focus`: IRI of the node, another term in N-Triples; `path`: IRI, or a SPARQL property path; `value`: a term in
    N-Triples; `shape`: IRI of the property shape (or node shape) it broke, or its blank node; `component`: which
    constraint of it, such as "MinCount".
    """

    focus: str
    path: str | None
    value: str | None
    shape: str
    severity: Severity
    message: str
    component: str

    def sort_key(self) -> tuple[int, str, str, str, str]:
        """Return the order of reports: the gravest first, then by node."""
        return (_SEVERITIES.index(self.severity), self.focus, self.shape, self.component, self.value or "")


@dataclass(frozen=True, slots=True)
class Report:
    """All results, sorted; `conforms` when none is a violation: warnings and infos are shown, and block nothing.

    `by_pyshacl` are the shapes that were not asked in SPARQL and went to pyshacl, each with the reason.
    """

    results: tuple[Result, ...] = ()
    by_pyshacl: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def conforms(self) -> bool:
        """Return whether the data may enter."""
        return not self.violations

    @property
    def violations(self) -> tuple[Result, ...]:
        """Return the results that block."""
        return tuple(r for r in self.results if r.severity == "Violation")

    def as_text(self) -> str:
        """Return a line of summary, then for each result what is wrong, where, and how to repair it."""
        counts = Counter(r.severity for r in self.results)
        found = ", ".join(f"{counts[s]} {s.lower()}{'s' if counts[s] != 1 else ''}" for s in _SEVERITIES if counts[s])
        lines = [("conforms" if self.conforms else "does not conform") + (f": {found}" if found else "")]
        for result in self.results:
            where = " ".join(shorten(t) for t in (result.focus, result.path, result.value) if t)
            lines += [f"{result.severity} {where}", f"    {result.message}", f"    [{shorten(result.shape)}]"]
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """Return the report as one JSON object, IRIs in full."""
        results = [
            {
                "severity": r.severity,
                "focus": r.focus,
                "path": r.path,
                "value": r.value,
                "shape": r.shape,
                "component": r.component,
                "message": r.message,
            }
            for r in self.results
        ]
        return json.dumps({"conforms": self.conforms, "results": results}, ensure_ascii=False, indent=2) + "\n"

    def as_turtle(self) -> str:
        """Return a SHACL validation report; as SHACL has it, sh:conforms is true only when there is no result at all.

        A path that is not one IRI is left out: sh:sourceShape names the shape that has it.
        """
        nodes = [f"<{ID}result/{digest(*_parts(r))}>" for r in self.results]
        report = f"<{ID}report/{digest(*nodes)}>"
        lines = [f"@prefix sh: <{SH}> .", "", f"{report} a sh:ValidationReport ;"]
        lines += [f"    sh:result {node} ;" for node in nodes]
        lines += [f"    sh:conforms {'false' if nodes else 'true'} ."]
        for node, result in zip(nodes, self.results, strict=True):
            lines += ["", f"{node} a sh:ValidationResult ;", *_turtle(result)]
        return "\n".join(lines) + "\n"


def make_report(results: Iterable[Result], by_pyshacl: Mapping[str, str] | None = None) -> Report:
    """Return the report of `results`, sorted, each once."""
    return Report(tuple(sorted(set(results), key=Result.sort_key)), tuple(sorted((by_pyshacl or {}).items())))


def result_of(finding: Finding) -> Result:
    """Return a finding as reports show it; of several messages, the English one or else the first by its language."""
    messages = sorted(finding.messages, key=lambda m: (m.language != "en", m.language or "", m.value))
    severity = finding.severity.value.removeprefix(SH)
    return Result(
        focus=_name(finding.focus),
        path=finding.path_text(),
        value=None if finding.value is None else str(finding.value),
        shape=_name(finding.shape),
        severity=next((s for s in _SEVERITIES if s == severity), "Violation"),
        message=messages[0].value if messages else "",
        component=finding.component,
    )


def _name(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def gate_triples(data: Iterable[ox.Quad | ox.Triple], knowledge: Knowledge) -> set[ox.Triple]:
    """Return the triples of `data`, whatever their graphs, with the classes of every entity that they name or type."""
    triples = {t.triple if isinstance(t, ox.Quad) else t for t in data}
    return triples | set(_types(triples, knowledge))


def _types(triples: Iterable[ox.Triple], knowledge: Knowledge) -> Iterator[ox.Triple]:
    named: set[ox.NamedNode] = set()
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode):
            named.add(triple.object)
            if triple.predicate == _TYPE and triple.object.value.startswith(CHY):
                for name in knowledge.superclasses.get(local_name(triple.object.value), ()):
                    yield ox.Triple(triple.subject, _TYPE, ox.NamedNode(CHY + name))
        if isinstance(triple.subject, ox.NamedNode):
            named.add(triple.subject)
    for node in named:
        entity = knowledge.entities.get(Iri(node.value))
        for kind in entity.kinds if entity else ():
            yield ox.Triple(node, _TYPE, ox.NamedNode(CHY + kind))


def shorten(term: str) -> str:
    """Return an IRI as a prefixed name or a path under the identifiers' base where it is one; other terms as they are.

    >>> shorten("https://w3id.org/chancery/ontology#polarity"), shorten("https://w3id.org/chancery/id/state/RUS")
    ('chy:polarity', 'state/RUS')
    """
    bare = term[1:-1] if term.startswith("<") and term.endswith(">") and "<" not in term[1:] else term
    if bare.startswith(ID):
        return bare.removeprefix(ID)
    for prefix, namespace in PREFIXES.items():
        if bare.startswith(namespace):
            return f"{prefix}:{bare.removeprefix(namespace)}"
    return term


def _parts(result: Result) -> tuple[str | None, ...]:
    return (result.focus, result.path, result.value, result.shape, result.component, result.message)


def _turtle(result: Result) -> Iterator[str]:
    yield f"    sh:focusNode <{result.focus}> ;"
    if result.path is not None and not set(result.path) & set("<>^|"):
        yield f"    sh:resultPath <{result.path}> ;"
    if result.value is not None:
        yield f"    sh:value {result.value} ;"
    yield f"    sh:sourceShape <{result.shape}> ;"
    own = ":" in result.component
    component = f"<{result.component}>" if own else f"sh:{result.component}ConstraintComponent"
    yield f"    sh:sourceConstraintComponent {component} ;"
    yield f"    sh:resultSeverity sh:{result.severity} ;"
    yield f"    sh:resultMessage {ox.Literal(result.message, language='en')} ."
