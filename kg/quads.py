"""Quads in the making: collects those of one graph."""

from __future__ import annotations

import pyoxigraph as ox

from kg import vocab
from kg.model import Iri

Object = ox.NamedNode | ox.Literal
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Writer:
    """Collects the quads of one graph, each once, in order."""

    def __init__(self, graph: Iri) -> None:
        self._graph = ox.NamedNode(graph)
        self._quads: dict[ox.Quad, None] = {}

    def add(self, subject: str, predicate: str, value: Object | str) -> None:
        """Add a triple; a bare string is an IRI."""
        node = ox.NamedNode(value) if isinstance(value, str) else value
        self._quads[ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), node, self._graph)] = None

    def text(self, subject: str, predicate: str, value: str | None, language: str | None = None) -> None:
        """Add a string, language-tagged if a language is given, unless it is None."""
        if value is not None:
            self.add(subject, predicate, ox.Literal(value, language=language) if language else ox.Literal(value))

    def day(self, subject: str, predicate: str, value: str | None) -> None:
        """Add an ISO day, unless it is None."""
        if value is not None:
            self.add(subject, predicate, ox.Literal(value, datatype=ox.NamedNode(vocab.XSD_DATE)))

    def date(self, subject: str, edtf: str, earliest: str | None, latest: str | None) -> None:
        """Add a date as EDTF, and its bounds where they are closed."""
        self.text(subject, vocab.EDTF, edtf)
        self.day(subject, vocab.EARLIEST, earliest)
        self.day(subject, vocab.LATEST, latest)

    def number(self, subject: str, predicate: str, value: int) -> None:
        """Add an integer."""
        self.add(subject, predicate, ox.Literal(value))

    def truth(self, subject: str, predicate: str) -> None:
        """Add `true`."""
        self.add(subject, predicate, ox.Literal("true", datatype=ox.NamedNode(vocab.XSD_BOOLEAN)))

    def quads(self) -> list[ox.Quad]:
        """Return what was added."""
        return list(self._quads)
