"""Facts, direct and inferred triples are proved down to the quotes, from the store alone."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from making import KAZ, RUS, TALIBAN, UZB, claim, extraction, mention

from kg import entailment, rdf
from kg.direct import direct_quads
from kg.entities import join
from kg.facts import fuse
from kg.model import Iri, Knowledge
from kg.proof import ClaimProof, FactProof, Prover, Side
from kg.proof_output import as_json, as_text, axiom_in_words
from kg.resources import ontology_files, parse_turtle, reference_files
from kg.skolem import graph_quads
from kg.standing import last_day
from kg.vocab import CHY, GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_REFERENCE, ID, JOINED_INTO, RDF_TYPE


@pytest.fixture(scope="module")
def prover(knowledge: Knowledge) -> Prover:
    """A prover on the register of three small documents."""
    who = [mention(d, "Yerlan Zhumabekov", "Person", knowledge) for d in ("en-1", "en-2")]
    claims = [
        claim(knowledge, "Recognition", "ru-1", "2025-07-04", "2025-07-03", recogniser=RUS, recognised=TALIBAN),
        claim(
            knowledge, "Recognition", "en-2", "2026-01-01", polarity="negative", recogniser=RUS, recognised=TALIBAN,
            by="person/sergey-lavrov",
        ),
        claim(knowledge, "AgreementSigning", "en-1", "2018-01-01", "2017", party=[KAZ, UZB], start=20),
        claim(knowledge, "AgreementSigning", "en-1", "2018-01-01", "2017-09", party=[KAZ, UZB], start=40),
        claim(knowledge, "AgreementRatification", "ru-1", "2025-07-04", "2021-11-25", ratifier=KAZ, party=[KAZ, UZB]),
        *(
            claim(knowledge, "OfficeHolding", d, holder=w.id, office="office/minister", of=KAZ, extra=[w], start=70)
            for d, w in zip(("en-1", "en-2"), who, strict=True)
        ),
        claim(
            knowledge, "Designation", "en-1", "2018-01-01", authority=KAZ, target=TALIBAN, act="act/delist", start=90
        ),
    ]  # fmt: skip
    documents = [
        extraction(d, [c for c in claims if c.document == d], [w for w in who if c_of(w.id, d, claims)], published)
        for d, published in (("ru-1", "2025-07-04"), ("en-1", "2018-01-01"), ("en-2", "2026-01-01"))
    ]
    joins = join(documents, knowledge)
    facts = fuse(claims, knowledge, joins)
    ontology = [q for f in ontology_files() for q in graph_quads(parse_turtle(f), GRAPH_ONTOLOGY)]
    reference = [q for f in reference_files() for q in graph_quads(parse_turtle(f), GRAPH_REFERENCE)]
    entities, direct = rdf.entity_quads(joins), direct_quads(facts, knowledge, last_day(claims))
    axioms = entailment.read_axioms(ontology)
    store = ox.Store()
    store.extend([*ontology, *reference, *entities, *direct, *rdf.fact_quads(facts, knowledge)])
    store.extend(entailment.materialise(axioms, [*reference, *entities, *direct]).quads())
    for document in documents:
        store.extend(rdf.document_quads(document, knowledge))
    return Prover(store, axioms, knowledge)


def c_of(entity: Iri, document: str, claims: list) -> bool:  # type: ignore[type-arg]
    return any(c.document == document and any(f.id == entity for f in c.fillers("holder")) for c in claims)


def test_a_fact_is_proved_by_the_claims_on_both_sides(prover: Prover) -> None:
    (fact,) = prover._subjects(CHY + "recogniser", ID + RUS, "https://w3id.org/chancery/graph/facts")
    proof = prover.fact(fact)
    assert proof is not None
    assert proof.status == "disputed"
    assert [c.document for c in proof.supporting] == ["ru-1"]
    assert [(c.document, c.speaker) for c in proof.opposing] == [("en-2", ID + "person/sergey-lavrov")]
    text = as_text(proof)
    assert "for: \u201cxxxxxxxxxx\u201d" in text
    assert "(en-2, 2026-01-01, says sergey-lavrov, denied; characters 0-10; en/test/rule)" in text


def test_a_direct_triple_is_proved_by_its_fact(prover: Prover) -> None:
    proof = prover.triple(ID + KAZ, CHY + "delisted", ID + TALIBAN)
    assert proof is not None
    assert proof.origin == "direct"
    assert [f.frame for f in proof.facts] == ["Designation"]


def test_an_individual_is_proved_by_all_the_facts_behind_it_and_what_they_refine(prover: Prover) -> None:
    proof = prover.triple(ID + KAZ, CHY + "hasAgreementWith", ID + UZB)
    assert proof is not None
    (fact,) = proof.facts
    assert fact.date == "2017-09"
    assert [coarser.date for coarser in fact.refines] == ["2017"]


def test_an_inferred_triple_is_proved_through_axioms_to_facts(prover: Prover) -> None:
    (ratification,) = prover._subjects(RDF_TYPE, CHY + "Ratification", "https://w3id.org/chancery/graph/direct")
    proof = prover.triple(ID + KAZ, CHY + "participatedIn", ratification)
    assert proof is not None
    assert proof.origin == "inferred"
    text = as_text(proof)
    assert "carriedOutBy" in text
    assert "fact" in text
    assert "AgreementRatification" in text


def test_axioms_are_told_in_words(prover: Prover) -> None:
    chain = entailment.Axiom("chain", Iri(CHY + "represents"), (Iri(CHY + "holdsOffice"), Iri(CHY + "officeOf")))
    assert axiom_in_words(chain) == "holdsOffice and then officeOf means represents"


def test_every_inferred_triple_has_a_proof_that_ends_in_what_is_given(prover: Prover) -> None:
    graph = ox.NamedNode(GRAPH_INFERRED)
    inferred = [entailment.triple_of(q) for q in prover._store.quads_for_pattern(None, None, None, graph)]
    assert len(inferred) > 1000
    assert [triple for triple in inferred if prover.triple(*triple) is None] == []


def test_a_join_is_proved_by_its_reason(prover: Prover) -> None:
    (quad,) = prover._store.quads_for_pattern(None, ox.NamedNode(JOINED_INTO), None, None)
    proof = prover.triple(*entailment.triple_of(quad))
    assert proof is not None
    assert "sound alike and hold the office minister of KAZ" in as_text(proof)


def test_what_is_not_in_the_register_has_no_proof(prover: Prover) -> None:
    assert prover.fact(ID + "fact/none") is None
    assert prover.triple(ID + UZB, CHY + "recognises", ID + TALIBAN) is None


def test_a_proof_is_json_too(prover: Prover) -> None:
    proof = prover.triple(ID + KAZ, CHY + "delisted", ID + TALIBAN)
    assert proof is not None
    value = json.loads(as_json(proof))
    assert value["facts"][0]["for"][0]["evidence"] == {"start": 90, "end": 100, "quote": "x" * 10}


def denial(published: str | None) -> ClaimProof:
    """Return a denial told in a document of a day."""
    return ClaimProof(
        claim=Iri("https://example.org/claim"),
        document="en-1",
        published=published,
        language="en",
        quote="No.",
        start=0,
        end=3,
        date=None,
        polarity="negative",
        modality="actual",
        speaker=None,
        relayed_by=None,
        extractor="test",
    )


@pytest.mark.parametrize(
    ("published", "side"),
    [("2025-07-02", "before"), ("2025-07", "against"), ("2025-07-03", "against"), (None, "against")],
)
def test_a_denial_from_before_a_fact_opposes_nothing(published: str | None, side: Side) -> None:
    """A day that lies wholly before the fact's is before it; a month it began in, or no day, may not be."""
    told = denial(published)
    proof = FactProof(Iri("https://example.org/f"), "Recognition", (), "actual", "told", "2025-07-03", (), (told,))
    assert dict(proof.sides)[side] == (told,)
    assert sum(len(claims) for _, claims in proof.sides) == 1
