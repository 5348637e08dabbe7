"""Decisions of editors are named by what they bear on: proofs as text, JSON and RDF, and the evidence of answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO

import pyoxigraph as ox
import pytest
from making import KAZ, RUS, TALIBAN, UZB, claim, extraction, mention

from kg import rdf
from kg.decisions import Decisions, read_decisions
from kg.entailment import read_axioms
from kg.entities import join
from kg.facts import fuse
from kg.ids import claim_iri
from kg.model import Claim, Knowledge
from kg.output import write_answer
from kg.proof import FactProof, Prover
from kg.proof_output import as_json, as_text, as_turtle
from kg.queries import ask
from kg.resources import data_folder, ontology_files, parse_turtle, reference_files
from kg.saved import find_query
from kg.skolem import graph_quads
from kg.vocab import GRAPH_FACTS, GRAPH_ONTOLOGY, GRAPH_REFERENCE, ID, STATUS

WHO = 'editor = "A. Editor"\nday = 2026-01-15\nreason = "the page says the third"\n'
ON = f'document = "{{}}"\nframe = "Recognition"\nquote = "{"x" * 10}"\nroles = {{{{ {{}} }}}}\n'
TOLD = f'recogniser = ["{RUS}"], recognised = ["{TALIBAN}"]'


def decide(verdict: str, document: str, more: str = "", told: str = TOLD) -> str:
    return f"[[{verdict}]]\n{ON.format(document, told)}{more}{WHO}"


@pytest.fixture(scope="module")
def base() -> list[ox.Quad]:
    """Ontology and reference data."""
    ontology = [q for f in ontology_files() for q in graph_quads(parse_turtle(f), GRAPH_ONTOLOGY)]
    return ontology + [q for f in reference_files() for q in graph_quads(parse_turtle(f), GRAPH_REFERENCE)]


def concluded(base: Sequence[ox.Quad], knowledge: Knowledge, claims: Sequence[Claim], decided: Decisions) -> ox.Store:
    """Return a store of the documents as they were read, and the facts by what was decided."""
    people = {c.document: [mention(c.document, "Sergey Lavrov", "Person", knowledge)] for c in claims if c.attribution}
    documents = [
        extraction(d, [c for c in claims if c.document == d], people.get(d, ()), "2025-07-05")
        for d in sorted({c.document for c in claims})
    ]
    joins = join(documents, knowledge, decided)
    store = ox.Store()
    store.extend([*base, *rdf.entity_quads(joins)])
    store.extend(rdf.fact_quads(fuse(decided.standing(claims), knowledge, joins), knowledge))
    for document in documents:
        store.extend(rdf.document_quads(document, knowledge))
    return store


def proofs(store: ox.Store, knowledge: Knowledge, decided: Decisions) -> list[FactProof]:
    """Return the proofs of all facts."""
    ontology = store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_ONTOLOGY))
    prover = Prover(store, read_axioms(ontology), knowledge, decided)
    quads = store.quads_for_pattern(None, ox.NamedNode(STATUS), None, ox.NamedNode(GRAPH_FACTS))
    found = [prover.fact(iri) for iri in sorted(q.subject.value for q in quads)]
    return [proof for proof in found if proof is not None]


def recognition(knowledge: Knowledge, document: str, date: str | None = "2025-07-04", **more: object) -> Claim:
    return claim(knowledge, "Recognition", document, "2025-07-05", date, recogniser=RUS, recognised=TALIBAN, **more)


def test_a_corrected_claim_is_shown_as_corrected_and_as_extracted(base: list[ox.Quad], knowledge: Knowledge) -> None:
    decided = read_decisions(decide("correct", "en-01", 'set = { date = "2025-07-03" }\n'))
    store = concluded(base, knowledge, [recognition(knowledge, "en-01")], decided)
    (proof,) = proofs(store, knowledge, decided)
    assert (proof.date, proof.supporting[0].date) == ("2025-07-03", "2025-07-03")
    assert (
        "corrected by A. Editor, 2026-01-15: date 2025-07-03 (as extracted: 2025-07-04): the page says the third"
    ) in as_text(proof)
    (said,) = json.loads(as_json(proof))["for"]
    assert said["date"] == "2025-07-03"
    assert said["decision"] == {
        "verdict": "correct",
        "editor": "A. Editor",
        "day": "2026-01-15",
        "reason": "the page says the third",
        "entities": [],
        "changes": [{"name": "date", "extracted": ["2025-07-04"], "corrected": ["2025-07-03"]}],
    }
    graph = {str(t.predicate.value): t.object.value for t in ox.parse(as_turtle(proof), ox.RdfFormat.TURTLE)}
    assert graph["http://purl.org/dc/terms/creator"] == "A. Editor"
    assert graph["http://purl.org/dc/terms/date"] == "2026-01-15"
    assert "/decision/" in graph["http://www.w3.org/ns/prov#wasInfluencedBy"]


def test_a_corrected_role_is_named_with_its_label(base: list[ox.Quad], knowledge: Knowledge) -> None:
    decided = read_decisions(decide("correct", "en-01", f'set = {{ roles.recogniser = ["{KAZ}"] }}\n'))
    store = concluded(base, knowledge, [recognition(knowledge, "en-01")], decided)
    (proof,) = proofs(store, knowledge, decided)
    assert dict(proof.roles)["recogniser"] == (ID + KAZ,)
    assert "recogniser KAZ (as extracted: RUS)" in as_text(proof)


def test_a_rejected_claim_is_shown_where_it_would_count(base: list[ox.Quad], knowledge: Knowledge) -> None:
    """And not with another pair, nor on facts that it says nothing of."""
    decided = read_decisions(decide("reject", "en-01"))
    denial = recognition(knowledge, "en-01", None, polarity="negative")
    other = claim(knowledge, "Recognition", "en-03", recogniser=UZB, recognised=TALIBAN)
    store = concluded(base, knowledge, [denial, recognition(knowledge, "en-02"), other], decided)
    by_recogniser = {dict(p.roles)["recogniser"][0]: p for p in proofs(store, knowledge, decided)}
    proof = by_recogniser[ID + RUS]
    assert (proof.status, proof.opposing) == ("actual", ())
    assert [(c.claim, c.polarity, c.ruling and c.ruling.verdict) for c in proof.left_out] == [
        (claim_iri(denial.id), "negative", "reject")
    ]
    text = as_text(proof)
    assert "left out: \u201cxxxxxxxxxx\u201d" in text
    assert "rejected by A. Editor, 2026-01-15: the page says the third" in text
    assert "A. Editor" in as_turtle(proof)
    assert by_recogniser[ID + UZB].left_out == ()


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_what_was_decided_on_entities_is_told_of_facts_that_name_them(
    base: list[ox.Quad], knowledge: Knowledge, verdict: str
) -> None:
    person, lavrov = mention("en-01", "Sergey Lavrov", "Person", knowledge), "person/sergey-lavrov"
    decided = read_decisions(f'[[{verdict}]]\nentities = ["{lavrov}", "{person.id}"]\n{WHO}')
    meeting = claim(knowledge, "Meeting", "en-01", participant=[KAZ, person.id], by=person.id, extra=[person])
    away = claim(knowledge, "Meeting", "en-02", participant=[KAZ, UZB])
    store = concluded(base, knowledge, [meeting, away], decided)
    told = {len(p.rulings): p for p in proofs(store, knowledge, decided)}
    (ruling,) = told[1].rulings
    assert (ruling.verdict, ruling.editor, ruling.day) == (verdict, "A. Editor", "2026-01-15")
    assert set(ruling.entities) == {ID + lavrov, person.id}
    assert "A. Editor, 2026-01-15" in as_text(told[1])
    assert json.loads(as_json(told[1]))["decisions"][0]["verdict"] == verdict
    assert 0 in told  # the other meeting


def test_evidence_of_an_answer_names_the_decision(base: list[ox.Quad], knowledge: Knowledge) -> None:
    decided = read_decisions(decide("correct", "en-01", 'set = { date = "2025-07-03" }\n'))
    store = concluded(base, knowledge, [recognition(knowledge, "en-01"), recognition(knowledge, "en-02")], decided)
    query = find_query("which-states-recognise", data_folder("queries"))
    answer = ask(store, query, {"recognised": "Taliban"}, evidence=True, decisions=decided)
    items = {item.document: item for row in answer.rows for item in row.evidence}
    assert items["en-01"].date == "2025-07-03"
    assert items["en-01"].decision is not None
    assert "date 2025-07-03 (as extracted: 2025-07-04)" in items["en-01"].decision
    assert (items["en-02"].date, items["en-02"].decision) == ("2025-07-04", None)
    out = StringIO()
    write_answer(answer, "tsv", "en", evidence=True, stream=out)
    assert out.getvalue().splitlines()[0].split("\t")[-1] == "decision"
    plain = StringIO()
    write_answer(ask(store, query, {"recognised": "Taliban"}, evidence=True), "tsv", "en", evidence=True, stream=plain)
    assert "decision" not in plain.getvalue()
