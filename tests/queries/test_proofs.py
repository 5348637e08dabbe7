"""Every inferred triple of the register, and every row of every saved query, is proved down to quotes or reference."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import vocab
from kg.entailment import read_axioms, triple_of
from kg.proof import FactProof, Prover, TripleProof
from kg.proof_output import as_turtle
from kg.queries import ask
from kg.resources import data_folder, load_knowledge
from kg.saved import load_queries

QUERIES = load_queries(data_folder("queries"))
GIVEN = {"direct", "reference", "entities", "ontology"}


@pytest.fixture(scope="module")
def prover(register: ox.Store) -> Prover:
    ontology = register.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_ONTOLOGY))
    return Prover(register, read_axioms(ontology), load_knowledge())


def leaves(proof: TripleProof) -> list[TripleProof]:
    return [leaf for premise in proof.premises for leaf in leaves(premise)] if proof.premises else [proof]


def test_every_inferred_triple_is_proved(register: ox.Store, prover: Prover) -> None:
    """The leaves of its proof are given, and what documents give rests on facts with quotes."""
    inferred = list(register.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_INFERRED)))
    assert len(inferred) > 100
    for quad in inferred:
        proof = prover.triple(*triple_of(quad))
        assert proof is not None, quad
        assert proof.axiom is not None
        for leaf in leaves(proof):
            assert leaf.origin in GIVEN
            assert leaf.origin != "direct" or all(claim.quote for fact in leaf.facts for claim in fact.supporting)


@pytest.mark.parametrize("name", QUERIES)
def test_every_row_is_proved(name: str, register: ox.Store, prover: Prover) -> None:
    """Each fact that a row rests on is proved by claims with quotes; only terms of office may rest on none."""
    query = QUERIES[name]
    for with_optional in (True, False):
        values = {p.name: p.example for p in query.parameters if p.required or with_optional}
        for row in ask(register, query, values).rows:
            assert row.facts or name in ("successions", "who-was-in-office") or not query.support
            for fact in row.facts:
                proof = prover.fact(fact)
                assert isinstance(proof, FactProof)
                claims = (*proof.supporting, *proof.opposing)
                assert claims
                assert all(claim.quote and claim.document for claim in claims)


def test_a_proof_is_rdf_too(register: ox.Store, prover: Prover) -> None:
    """The Turtle parses, and leads from the triple to the quotes."""
    proof = prover.triple(f"{vocab.ID}state/RUS", vocab.chy("recognises"), f"{vocab.ID}armed-group/taliban")
    assert proof is not None
    store = ox.Store()
    store.load(as_turtle(proof).encode(), format=ox.RdfFormat.TURTLE)
    prov = vocab.PROV
    reached = store.query(
        f"SELECT ?quote WHERE {{ ?s a <{vocab.RDF}Statement> ; "
        f"<{prov}wasDerivedFrom>/<{prov}wasDerivedFrom> ?claim . ?claim <{prov}value> ?quote }}"
    )
    assert len(list(reached)) == 2  # type: ignore[arg-type]
