"""Counts of what the register holds."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox

from kg import vocab
from kg.names import Names
from kg.queries import select
from kg.store import Generation


def count(generation: Generation, language: str) -> list[tuple[str, str, int]]:
    """Return rows of what is counted, of which kind, and how many."""
    store, names = generation.store, Names(generation.store)
    sums = generation.documents.sums()
    rows = [("documents", name[3:], number) for name, number in sorted(sums.items()) if name.startswith("in ")]
    rows += [
        ("documents", "without a claim", sums["without a claim"]),
        ("documents", "set aside", len(generation.set_aside)),
        ("sentences", "all", sums["sentences"]),
        ("sentences", "that name parties and gave no claim", sums["silent sentences"]),
    ]
    rows += [("claims", names.label(iri, language), number) for iri, number in _by(store, "claims")]
    rows += [("facts", names.label(iri, language), number) for iri, number in _by(store, "facts")]
    rows += [("facts by status", names.label(iri, language), number) for iri, number in _by(store, "status")]
    rows += [("quads", graph, number) for graph, number in _graphs(store)]
    return rows


_QUERIES = {
    "claims": "SELECT ?of (COUNT(DISTINCT ?x) AS ?n) { GRAPH ?g { ?x a chy:Claim ; chy:frame ?of } } GROUP BY ?of",
    "facts": "SELECT ?of (COUNT(?x) AS ?n) { GRAPH graph:facts { ?x a chy:Fact ; chy:frame ?of } } GROUP BY ?of",
    "status": "SELECT ?of (COUNT(?x) AS ?n) { GRAPH graph:facts { ?x a chy:Fact ; chy:status ?of } } GROUP BY ?of",
}


def _by(store: ox.Store, what: str) -> list[tuple[str, int]]:
    prefixes = f"PREFIX chy: <{vocab.CHY}> PREFIX graph: <{vocab.GRAPH}> "
    rows = select(store, prefixes + _QUERIES[what])
    return sorted((row["of"].value, int(row["n"].value)) for row in rows)


def _graphs(store: ox.Store) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for row in select(store, "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
        name = row["g"].value.removeprefix(vocab.GRAPH)
        counts["documents" if name.startswith("document/") else name.split("/")[0]] += int(row["n"].value)
    return sorted(counts.items())
