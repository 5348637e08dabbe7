"""Parsed Turtle to quads without blank nodes: IRIs made of their content take their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from kg import vocab
from kg.errors import DataError
from kg.ids import digest
from kg.model import Iri
from kg.quads import Term


def graph_quads(data: Iterable[ox.Quad | ox.Triple], graph: Iri) -> list[ox.Quad]:
    """Return the triples of one file in `graph`, with IRIs made of their content in the places of blank nodes.

    Blank nodes of the same content are one: what OWL and SHACL build of them (lists, unions) means the same then.
    """
    triples = [t.triple if isinstance(t, ox.Quad) else t for t in data]
    names = _skolem_names(triples)
    target = ox.NamedNode(graph)

    def grounded(term: Term) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return names[term]
        if isinstance(term, ox.NamedNode | ox.Literal):
            return term
        raise ValueError(f"a statement about a statement cannot be kept: {term}")

    found: dict[ox.Quad, None] = {}
    for triple in triples:
        subject = grounded(triple.subject)
        if isinstance(subject, ox.NamedNode):
            found[ox.Quad(subject, triple.predicate, grounded(triple.object), target)] = None
    return list(found)


def _skolem_names(triples: Sequence[ox.Triple]) -> dict[ox.BlankNode, ox.NamedNode]:
    """Return an IRI for each blank node, made of what hangs below it, from the leaves up."""
    about: dict[ox.BlankNode, list[ox.Triple]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.BlankNode):
            about.setdefault(triple.object, [])
        if isinstance(triple.subject, ox.BlankNode):
            about.setdefault(triple.subject, []).append(triple)
    names: dict[ox.BlankNode, ox.NamedNode] = {}
    while len(names) < len(about):
        ready = {
            node: ox.NamedNode(f"{vocab.ID}node/{digest(*sorted(_parts(outgoing, names)))}")
            for node, outgoing in about.items()
            if node not in names and all(t.object in names for t in outgoing if isinstance(t.object, ox.BlankNode))
        }
        if not ready:
            raise DataError(
                "blank nodes refer to each other in a circle, so that nothing can name them: give them IRIs"
            )
        names |= ready
    return names


def _parts(outgoing: Iterable[ox.Triple], names: Mapping[ox.BlankNode, ox.NamedNode]) -> Iterator[tuple[str, str]]:
    for triple in outgoing:
        end = triple.object
        yield triple.predicate.value, str(names[end] if isinstance(end, ox.BlankNode) else end)
