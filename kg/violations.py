"""Constraints of the ontology that the register breaks, with the claims that cause it, as a report like the shapes'."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg import vocab
from kg.entailment import Entailments, Violation, find_violations, read_axioms, term_of, triple_of
from kg.model import Knowledge
from kg.proof import FactProof, Prover, TripleProof
from kg.shacl import Report, Result, make_report

_REASONED = (vocab.GRAPH_REFERENCE, vocab.GRAPH_ENTITIES, vocab.GRAPH_DIRECT, vocab.GRAPH_INFERRED)
_MESSAGES = {
    "disjoint": "it is of classes that nothing can be of together",
    "functional": "it has more values than the one there can be",
    "irreflexive": "it stands so to itself, which nothing can",
}


def check_axioms(store: ox.Store, knowledge: Knowledge) -> Report:
    """Return where what holds and follows breaks disjointness, a functional or an irreflexive property."""
    axioms = read_axioms(store.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_ONTOLOGY)))
    held = {
        triple_of(quad)
        for graph in _REASONED
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        if isinstance(quad.subject, ox.NamedNode)
    }
    prover = Prover(store, axioms, knowledge)
    found = find_violations(axioms, Entailments({}, frozenset(held)))
    return make_report([_result(violation, prover) for violation in found])


def _result(violation: Violation, prover: Prover) -> Result:
    claims = sorted({claim for triple in violation.triples for claim in _claims(prover.triple(*triple))})
    because = f"; it rests on {'; '.join(claims)}" if claims else "; it rests on reference data alone"
    first = violation.triples[0]
    values = ", ".join(str(term_of(triple[2])) for triple in violation.triples)
    return Result(
        focus=violation.node,
        path=first[1],
        value=values,
        shape=vocab.CHY,
        severity="Violation",
        message=f"{_MESSAGES[violation.kind]}{because}",
        component=violation.kind,
    )


def _claims(proof: TripleProof | None) -> Iterator[str]:
    if proof is None:
        return
    for fact in proof.facts:
        yield from _of_fact(fact)
    for premise in proof.premises:
        yield from _claims(premise)


def _of_fact(fact: FactProof) -> Iterator[str]:
    for claim in fact.supporting:
        yield f"{claim.document}, characters {claim.start}-{claim.end}: \u201c{' '.join(claim.quote.split())}\u201d"
