"""Shapes -> checks in plain Python, with the report pyshacl would give, some twenty times sooner.

Only what this project's shapes use is understood; for anything else `compile_shapes` raises UnsupportedShape, and the
caller asks pyshacl.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.constraints import CONSTRAINTS, LISTED, Check, Data, Term, UnsupportedShape, as_iri
from kg.shacl import Result, Severity
from kg.vocab import OWL_CLASS, RDF, RDF_TYPE, RDFS, SH, local_name

_SEVERITIES: Final[Mapping[str, Severity]] = {SH + s: s for s in ("Violation", "Warning", "Info")}

Path = Callable[[Data, Term], Sequence[Term]]
Targets = Callable[[Data], Iterable[Term]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A node or property shape: where to look, what to check there, and which shapes each value must keep as well."""

    iri: str
    path: Path | None
    path_text: str | None
    severity: Severity
    message: str
    checks: tuple[tuple[str, Check], ...]
    properties: tuple[Shape, ...]

    def failures(self, data: Data, focus: Term) -> Iterator[tuple[Shape, Term, Term | None, str]]:
        """Yield what is wrong with `focus`: the shape broken, the node, the value, the constraint."""
        values: Sequence[Term] = self.path(data, focus) if self.path is not None else (focus,)
        for component, check in self.checks:
            for value in check(data, focus, values):
                yield self, focus, value, component
        for shape in self.properties:
            for value in values:
                yield from shape.failures(data, value)


@dataclass(frozen=True, slots=True)
class CompiledShapes:
    """The shapes that have targets, each with its targets."""

    targeted: tuple[tuple[Shape, Targets], ...] = field(repr=False)

    def results(self, triples: Iterable[ox.Triple]) -> Iterator[Result]:
        """Yield every result on a graph, perhaps one twice."""
        data = Data(triples)
        for shape, targets in self.targeted:
            for focus in targets(data):
                for broken, node, value, component in shape.failures(data, focus):
                    yield Result(
                        focus=node.value,
                        path=broken.path_text,
                        value=None if value is None else str(value),
                        shape=broken.iri,
                        severity=broken.severity,
                        message=broken.message,
                        component=component,
                    )


def compile_shapes(triples: Iterable[ox.Triple]) -> CompiledShapes:
    """Return the shapes of a shapes graph, ready to run. Raises UnsupportedShape."""
    graph = Data(triples)
    _refuse_other_targets(graph)
    compiler = _Compiler(graph)
    targeted = []
    for node in graph.forward:
        targets = list(_targets(graph, node))
        if targets:
            targeted.append((compiler.shape(node, reported=True), _union(targets)))
    return CompiledShapes(tuple(targeted))


def _refuse_other_targets(graph: Data) -> None:
    """Raise UnsupportedShape for a way to find focus nodes that is not known here: its shape would go unchecked."""
    for predicate in graph.backward:
        name = predicate.value.removeprefix(SH)
        if predicate.value.startswith(SH) and name.startswith("target") and name not in _TARGETS:
            raise UnsupportedShape(f"sh:{name}")
    classes = [ox.NamedNode(OWL_CLASS), ox.NamedNode(RDFS + "Class")]
    if any(graph.subjects(ox.NamedNode(RDF_TYPE), c) for c in classes):
        raise UnsupportedShape("a class that is its own target")


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _targets(graph: Data, node: Term) -> Iterator[Targets]:
    for name, find in _TARGETS.items():
        yield from (find(as_iri(argument)) for argument in graph.values(node, _sh(name)))


def _instances_of(wanted: ox.NamedNode) -> Targets:
    return lambda data: data.instances(wanted)


def _one_node(node: ox.NamedNode) -> Targets:
    return lambda _data: (node,)


def _subjects_of(predicate: ox.NamedNode) -> Targets:
    return lambda data: (s for subjects in data.backward.get(predicate, {}).values() for s in subjects)


_TARGETS: Final[Mapping[str, Callable[[ox.NamedNode], Targets]]] = {
    "targetClass": _instances_of,
    "targetNode": _one_node,
    "targetSubjectsOf": _subjects_of,
}


def _union(targets: Sequence[Targets]) -> Targets:
    return lambda data: dict.fromkeys(node for target in targets for node in target(data))


# What a shape may say besides its constraints.
_DESCRIPTIONS: Final = frozenset(
    [RDF_TYPE]
    + [SH + n for n in ("path", "severity", "message", "property", "name", "description", "order", "group")]
    + [SH + n for n in ("targetClass", "targetNode", "targetSubjectsOf")]
)


class _Compiler:
    def __init__(self, graph: Data) -> None:
        self._graph = graph

    def shape(self, node: Term, *, reported: bool) -> Shape:
        """Return the shape at `node`; one whose results are `reported` must say what they mean."""
        said = self._graph.forward.get(node, {})
        checks = tuple(self._checks(said))
        path = next(iter(said.get(_sh("path"), ())), None)
        messages = said.get(_sh("message"), [])
        if reported and checks and (len(messages) != 1 or not isinstance(node, ox.NamedNode)):
            raise UnsupportedShape(f"{node} needs an IRI and one sh:message")
        severity = next(iter(said.get(_sh("severity"), ())), _sh("Violation")).value
        if severity not in _SEVERITIES:
            raise UnsupportedShape(f"{node}: severity {severity}")
        walk, text = (None, None) if path is None else self._path(path)
        return Shape(
            iri=node.value,
            path=walk,
            path_text=text[1:-1] if isinstance(path, ox.NamedNode) and text else text,
            severity=_SEVERITIES[severity],
            message=messages[0].value if messages else "",
            checks=checks,
            properties=tuple(self.shape(p, reported=reported) for p in said.get(_sh("property"), ())),
        )

    def _path(self, node: Term) -> tuple[Path, str]:
        """Return how to walk a path, and the path in SPARQL's syntax."""
        if isinstance(node, ox.NamedNode):
            return (lambda data, focus: data.values(focus, node)), str(node)
        if self._graph.values(node, ox.NamedNode(RDF + "first")):
            steps, texts = zip(*(self._path(step) for step in self.items(node)), strict=True)
            return _sequence(steps), "/".join(texts)
        for inverse in self._graph.values(node, _sh("inversePath")):
            return _inverse(as_iri(inverse)), f"^{inverse}"
        for choices in self._graph.values(node, _sh("alternativePath")):
            paths, texts = zip(*(self._path(choice) for choice in self.items(choices)), strict=True)
            return _alternative(paths), f"({'|'.join(texts)})"
        raise UnsupportedShape("this kind of path")

    def items(self, head: Term) -> list[Term]:
        """Return the items of an RDF list."""
        found: list[Term] = []
        while head != ox.NamedNode(RDF + "nil"):
            found.append(self._graph.values(head, ox.NamedNode(RDF + "first"))[0])
            head = self._graph.values(head, ox.NamedNode(RDF + "rest"))[0]
        return found

    def _checks(self, said: Mapping[ox.NamedNode, Sequence[Term]]) -> Iterator[tuple[str, Check]]:
        for predicate, arguments in said.items():
            name = local_name(predicate.value)
            if predicate.value in _DESCRIPTIONS:
                continue
            component = name[0].upper() + name[1:]
            for argument in arguments:
                if predicate.value == SH + "or":
                    choices = [self.shape(c, reported=False) for c in self.items(argument)]
                    yield component, _or(choices)
                elif name in ("in", "languageIn"):
                    yield component, LISTED[name](self.items(argument))
                elif name in CONSTRAINTS and predicate.value.startswith(SH):
                    yield component, CONSTRAINTS[name](argument)
                else:
                    raise UnsupportedShape(f"{predicate}")


def _inverse(predicate: ox.NamedNode) -> Path:
    return lambda data, focus: data.subjects(predicate, focus)


def _sequence(steps: Sequence[Path]) -> Path:
    def walk(data: Data, focus: Term) -> Sequence[Term]:
        nodes: Iterable[Term] = (focus,)
        for step in steps:
            nodes = dict.fromkeys(value for node in nodes for value in step(data, node))
        return list(nodes)

    return walk


def _alternative(paths: Sequence[Path]) -> Path:
    return lambda data, focus: list(dict.fromkeys(value for path in paths for value in path(data, focus)))


def _or(choices: Sequence[Shape]) -> Check:
    return lambda data, _focus, values: (
        v for v in values if all(next(choice.failures(data, v), None) is not None for choice in choices)
    )
