"""What the store and the index of a register in the making tell of entities: joins, kinds, and who speaks for whom."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg import index as ix
from kg.index import Index
from kg.model import Claim, Fact, Iri, Knowledge
from kg.vocab import GRAPH_ENTITIES, JOINED_INTO, RDF_TYPE, chy, local_name

_ENTITIES, _JOINED, _TYPE = ox.NamedNode(GRAPH_ENTITIES), ox.NamedNode(JOINED_INTO), ox.NamedNode(RDF_TYPE)


class Joined:
    """Entities as they are joined now."""

    def __init__(self, store: ox.Store, index: Index, knowledge: Knowledge) -> None:
        self._store, self._index, self._knowledge = store, index, knowledge

    def representative(self, iri: Iri) -> Iri:
        """Return what the store has an entity joined into."""
        if not _is_entity(iri):
            return iri
        found = self._store.quads_for_pattern(ox.NamedNode(iri), _JOINED, None, _ENTITIES)
        return next((Iri(_value(q.object)) for q in found), iri)

    def joined_with(self, entity: str) -> list[str]:
        """Return what an entity is joined into, and what is joined into it."""
        node = ox.NamedNode(entity)
        above = [_value(q.object) for q in self._store.quads_for_pattern(node, _JOINED, None, _ENTITIES)]
        below = [_value(q.subject) for q in self._store.quads_for_pattern(None, _JOINED, node, _ENTITIES)]
        return above + below

    def told_by_speakers(self, claims: Iterable[Claim]) -> list[tuple[Iri, Iri]]:
        """Return whom those named by attributed claims speak for."""
        named = {e for claim in claims if claim.attribution is not None for e in ix.entities_of(claim)}
        ones = {self.representative(e) for e in named}
        members = {m for one in ones if _is_entity(one) for m in (one, *self.joined_with(one))}
        return [(Iri(m), Iri(of)) for m in members for of in self._index.told(m, ix.SPEAKS_FOR)]

    def types(self, facts: Iterable[Fact]) -> list[ox.Triple]:
        """Return the classes of what facts name and reference data does not know."""
        named = {f for fact in facts for _, fillers in fact.roles for f in fillers if _is_entity(f)}
        out: dict[ox.Triple, None] = {}
        for entity in sorted(named - self._knowledge.entities.keys()):
            for quad in self._store.quads_for_pattern(ox.NamedNode(entity), _TYPE, None, None):
                kind = local_name(_value(quad.object))
                for one in sorted(self._knowledge.superclasses.get(kind, frozenset({kind}))):
                    out[ox.Triple(quad.subject, _TYPE, ox.NamedNode(chy(one)))] = None
        return list(out)


def _is_entity(value: str) -> bool:
    """Tell an IRI from a plain value."""
    return ":" in value and " " not in value


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
