"""The triples of a shapes graph or a report, and the lists and paths that stand in them."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.conformance.literals import Term
from kg.conformance.paths import Choice, Inverse, Path, Predicate, Repeated, Steps
from kg.errors import IllFormedShapes
from kg.vocab import RDF, RDFS_SUBCLASS_OF, SH

_NIL = ox.NamedNode(RDF + "nil")


class Statements:
    """Triples by subject and predicate, in the order they came."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.said: dict[Term, dict[str, list[Term]]] = {}
        self._holders: dict[str, dict[Term, list[Term]]] = {}
        for triple in triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                raise IllFormedShapes(f"shapes: a statement about a statement is no part of SHACL: {triple}")
            values = self.said.setdefault(subject, {}).setdefault(triple.predicate.value, [])
            if value not in values:
                values.append(value)
                self._holders.setdefault(triple.predicate.value, {}).setdefault(value, []).append(subject)

    def values(self, node: Term, predicate: str) -> list[Term]:
        """Return the values of a property, each once."""
        return self.said.get(node, {}).get(predicate, [])

    def subjects(self, predicate: str, value: Term) -> list[Term]:
        """Return what has this value of a property."""
        return self._holders.get(predicate, {}).get(value, [])

    def items(self, head: Term, where: Term) -> list[Term]:
        """Return the members of a list. Raises IllFormedShapes."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.values(head, RDF + "first"), self.values(head, RDF + "rest")
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise IllFormedShapes(f"shapes: {where} has a list that is none; each cell has one rdf:first and rest")
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found

    def below(self, wanted: Term) -> set[Term]:
        """Return the class and those that the graph says are below it."""
        found, todo = {wanted}, [wanted]
        while todo:
            for lower in self.subjects(RDFS_SUBCLASS_OF, todo.pop()):
                if lower not in found:
                    found.add(lower)
                    todo.append(lower)
        return found


def read_path(graph: Statements, node: Term, holder: Term) -> Path:
    """Return the path at a node. Raises IllFormedShapes for one that is none, or that goes in a circle."""
    return _PathReader(graph, holder).path(node)


class _PathReader:
    def __init__(self, graph: Statements, holder: Term) -> None:
        self._graph, self._holder = graph, holder
        self._open: set[Term] = set()

    def path(self, node: Term) -> Path:
        if isinstance(node, ox.NamedNode):
            return Predicate(node)
        if node in self._open or isinstance(node, ox.Literal):
            raise IllFormedShapes(f"shapes: {self._holder} has an sh:path that is no property path")
        self._open.add(node)
        try:
            return self._complex(node)
        finally:
            self._open.discard(node)

    def _complex(self, node: Term) -> Path:
        if self._graph.values(node, RDF + "first"):  # a list is a sequence, whatever else its head says
            return Steps(self._several(node))
        for value in self._graph.values(node, SH + "inversePath"):
            return Inverse(self.path(value))
        for value in self._graph.values(node, SH + "alternativePath"):
            return Choice(self._several(value))
        for name, least, often in (
            ("zeroOrMorePath", 0, True),
            ("oneOrMorePath", 1, True),
            ("zeroOrOnePath", 0, False),
        ):
            for value in self._graph.values(node, SH + name):
                return Repeated(self.path(value), least, often)
        raise IllFormedShapes(f"shapes: {self._holder} has an sh:path that is no property path: {node}")

    def _several(self, head: Term) -> tuple[Path, ...]:
        paths = tuple(self.path(item) for item in self._graph.items(head, self._holder))
        if len(paths) < 2:
            raise IllFormedShapes(f"shapes: {self._holder} has an sh:path with a list of fewer than two paths")
        return paths
