"""What the register knows of one entity, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg import vocab
from kg.names import Names
from kg.queries import Named, select

_PREFIXES = f"""
PREFIX chy: <{vocab.CHY}>
PREFIX graph: <{vocab.GRAPH}>
PREFIX rdf: <{vocab.RDF}>
PREFIX skos: <{vocab.SKOS}>
PREFIX schema: <{vocab.SCHEMA}>
"""
_NO_ROLES = "(rdf:type, chy:frame, chy:status, chy:supportedBy, chy:opposedBy, chy:refinedBy)"


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact with its roles by name."""

    id: str
    frame: Named
    status: Named
    date: str | None
    roles: tuple[tuple[str, tuple[Named, ...]], ...]
    former: bool = False


@dataclass(frozen=True, slots=True)
class EntityView:
    """An entity: its names by language, its kinds, where else it is identified, and its facts in order of time."""

    id: str
    label: str
    names: tuple[tuple[str, tuple[str, ...]], ...]
    kinds: tuple[str, ...]
    same_as: tuple[str, ...]
    possibly_same: tuple[Named, ...]
    facts: tuple[FactView, ...]


def show_entity(store: ox.Store, name: str, language: str) -> EntityView:
    """Return what is known of the entity called `name`. Raises UnknownName with the nearest names."""
    names = Names(store)
    iri = names.find_entity(name)
    node = ox.NamedNode(iri)
    kinds = {vocab.local_name(term) for term in _objects(store, node, vocab.RDF_TYPE) if term.startswith(vocab.CHY)}
    return EntityView(
        id=iri,
        label=names.label(iri, language),
        names=_names(store, iri),
        kinds=tuple(sorted(kinds)),
        same_as=tuple(sorted(set(_objects(store, node, vocab.SCHEMA_SAME_AS)))),
        possibly_same=tuple(
            Named(other, names.label(other, language))
            for other in sorted(set(_objects(store, node, vocab.POSSIBLY_SAME)))
        ),
        facts=_facts_of(store, iri, names, language),
    )


def _objects(store: ox.Store, subject: ox.NamedNode, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(subject, ox.NamedNode(predicate), None, None)
    return [quad.object.value for quad in quads if isinstance(quad.object, (ox.NamedNode, ox.Literal))]


def _names(store: ox.Store, iri: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the preferred and alternative names, by language, the preferred one first."""
    found: dict[str, list[str]] = {}
    for predicate in (vocab.SKOS_PREF_LABEL, vocab.SKOS_ALT_LABEL, vocab.ABBREVIATION):
        literals = [
            quad.object
            for quad in store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None)
            if isinstance(quad.object, ox.Literal)
        ]
        for literal in sorted(literals, key=lambda literal: literal.value):
            known = found.setdefault(literal.language or "", [])
            if literal.value not in known:
                known.append(literal.value)
    return tuple((language, tuple(names)) for language, names in sorted(found.items()))


def _facts_of(store: ox.Store, iri: str, names: Names, language: str) -> tuple[FactView, ...]:
    query = f"""{_PREFIXES}
        SELECT DISTINCT ?fact WHERE {{
          GRAPH graph:facts {{
            ?fact ?role <{iri}> ; chy:frame ?frame .
            FILTER(?role NOT IN {_NO_ROLES})
            OPTIONAL {{ ?fact chy:earliest ?earliest }}
            OPTIONAL {{ ?fact chy:latest ?latest }}
            FILTER NOT EXISTS {{ ?fact chy:refinedBy ?finer }}
          }}
        }} ORDER BY COALESCE(STR(?earliest), STR(?latest), "9999") ?frame ?fact"""
    return tuple(_fact(store, row["fact"].value, names, language) for row in select(store, query))


def _fact(store: ox.Store, iri: str, names: Names, language: str) -> FactView:
    values: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, ox.NamedNode(vocab.GRAPH_FACTS)):
        if isinstance(quad.object, (ox.NamedNode, ox.Literal)):
            values.setdefault(quad.predicate.value, []).append(quad.object.value)

    def named(value: str) -> Named:
        return Named(value, names.label(value, language))

    roles = {
        vocab.local_name(predicate): tuple(sorted(map(named, found), key=lambda filler: (filler.label, filler.id)))
        for predicate, found in values.items()
        if predicate.startswith(vocab.CHY) and predicate not in _NOT_ROLES
    }
    return FactView(
        id=iri,
        frame=named(values[vocab.FRAME][0]),
        status=named(values[vocab.STATUS][0]),
        date=next(iter(values.get(vocab.EDTF, ())), None),
        roles=tuple(sorted(roles.items())),
        former="true" in values.get(vocab.FORMER, ()),
    )


_NOT_ROLES = {
    vocab.FRAME,
    vocab.STATUS,
    vocab.EDTF,
    vocab.EARLIEST,
    vocab.LATEST,
    vocab.FORMER,
    vocab.REFINED_BY,
    vocab.SUPPORTED_BY,
    vocab.OPPOSED_BY,
    vocab.SUPPORTING_CLAIM_COUNT,
    vocab.OPPOSING_CLAIM_COUNT,
    vocab.SUPPORTING_DOCUMENT_COUNT,
    vocab.SUPPORTING_LANGUAGE_COUNT,
    vocab.SUPPORTING_OUTLET_COUNT,
    vocab.SUPPORTING_TEXT_COUNT,
}
