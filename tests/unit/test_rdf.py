"""Records become quads as the vocabulary says, and claims come back from them."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest
from making import KAZ, RUS, TALIBAN, UZB, claim, extraction, mention

from kg import vocab
from kg.direct import direct_quads, governance_quads, term_iri
from kg.entities import Joins, join
from kg.errors import DataError
from kg.facts import fuse
from kg.ids import claim_iri, document_graph, document_iri, individual_iri, quote_iri
from kg.model import Claim, Filler, Iri, Knowledge, OfficeTerm
from kg.rdf import document_quads, entity_quads, fact_quads, redirect_quads, run_quads
from kg.rereading import claims_from_quads
from kg.skolem import graph_quads
from kg.vocab import CHY, GRAPH_DIRECT, GRAPH_REFERENCE, ID

EXAMPLE = Iri("https://example.org/graph")


def values(quads: list[ox.Quad], subject: str, predicate: str) -> list[str]:
    return sorted(
        q.object.value
        for q in quads
        if q.subject == ox.NamedNode(subject) and q.predicate == ox.NamedNode(predicate) and hasattr(q.object, "value")
    )


def direct(knowledge: Knowledge, *claims: Claim, day: str | None = None) -> set[tuple[str, str, str]]:
    """Return the direct graph of claims in short names, without terms of office of the reference data."""
    bare = replace(knowledge, terms=())
    quads = direct_quads(fuse(claims, bare, Joins()), bare, day)
    assert {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)} <= {GRAPH_DIRECT}
    return {
        (
            q.subject.value.removeprefix(ID) if isinstance(q.subject, ox.NamedNode) else "",
            q.predicate.value.removeprefix(CHY),
            q.object.value.removeprefix(ID).removeprefix(CHY) if hasattr(q.object, "value") else "",
        )
        for q in quads
    }


def plain(triples: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Return those triples whose subject is an entity of the reference data."""
    return {t for t in triples if t[0].split("/")[0] in {"state", "person", "armed-group"}}


# -- documents ----------------------------------------------------------------------------------------------------


def test_a_document_graph_holds_description_mentions_claims_and_evidence(knowledge: Knowledge) -> None:
    who = mention("ru-07", "Иван Петров", "Person", knowledge)
    said = claim(
        knowledge, "OfficeHolding", "ru-07", "2025-07-04", "2025-07", holder=who.id, office="office/minister", of=KAZ,
        former=True, by=RUS, extra=[who],
    )  # fmt: skip
    quads = document_quads(extraction("ru-07", [said], [who], publisher="The Outlet"), knowledge)
    me, document = claim_iri(said.id), document_iri("ru-07")
    assert {q.graph_name for q in quads} == {ox.NamedNode(document_graph("ru-07"))}
    assert len(quads) == len(set(quads))
    assert values(quads, document, vocab.RDF_TYPE) == [vocab.SCHEMA_NEWS_ARTICLE, vocab.DOCUMENT]
    assert values(quads, document, vocab.SCHEMA_DATE_PUBLISHED) == ["2025-07-04"]
    assert values(quads, document, vocab.SCHEMA_PUBLISHER) == ["The Outlet"]
    assert values(quads, document, vocab.SENTENCE_COUNT) == ["9"]
    assert values(quads, document, vocab.CHARACTER_COUNT) == ["500"]  # of the text that tests.making gives
    assert values(quads, who.id, vocab.RDF_TYPE) == [vocab.PERSON], "the lowest class alone"
    assert values(quads, who.id, vocab.MENTIONED_IN) == [document]
    assert values(quads, me, vocab.HOLDER) == [who.id]
    assert values(quads, me, vocab.EDTF) == ["2025-07"]
    assert values(quads, me, vocab.LATEST) == ["2025-07-31"]
    assert values(quads, me, vocab.FORMER) == ["true"]
    assert values(quads, me, vocab.CONFIDENCE) == ["0.9"]
    (evidence,) = values(quads, me, vocab.EVIDENCE)
    assert values(quads, quote_iri(Iri(evidence)), vocab.OA_EXACT) == ["x" * 10]


def test_a_document_known_to_the_month_has_no_day_of_publication(knowledge: Knowledge) -> None:
    quads = document_quads(extraction("en-01", published="2025-07"), knowledge)
    assert values(quads, document_iri("en-01"), vocab.SCHEMA_DATE_PUBLISHED) == []
    assert values(quads, document_iri("en-01"), vocab.PUBLISHED_EDTF) == ["2025-07"]


def test_a_plain_value_is_a_string(knowledge: Knowledge) -> None:
    index = mention("en-01", "Power Index", "PublishedIndex", knowledge)
    said = claim(knowledge, "Ranking", ranked=KAZ, index=index.id, rank="63", extra=[index])
    quads = document_quads(extraction("en-01", [said], [index]), knowledge)
    (rank,) = (q.object for q in quads if q.predicate == ox.NamedNode(CHY + "rank"))
    assert rank == ox.Literal("63")


def test_claims_come_back_from_their_quads(knowledge: Knowledge) -> None:
    who = mention("ru-07", "Иван Петров", "Person", knowledge)
    claims = [
        claim(
            knowledge, "Recognition", "ru-07", "2025-07-04", "2025-07-03", recogniser=RUS, recognised=TALIBAN, by=RUS
        ),
        claim(
            knowledge, "OfficeHolding", "ru-07", former=True, holder=who.id, office="office/minister", of=KAZ,
            extra=[who], start=50,
        ),
        claim(knowledge, "Visit", "ru-07", polarity="negative", modality="planned", visitor=who.id, destination=UZB,
              extra=[who], start=90),
    ]  # fmt: skip

    def bare(claim_: Claim) -> Claim:
        def only(f: Filler) -> Filler:
            return replace(f, labels=(), label="")

        return replace(
            claim_,
            roles=tuple((role, tuple(only(f) for f in fillers)) for role, fillers in claim_.roles),
            attribution=only(claim_.attribution) if claim_.attribution else None,
        )

    back = claims_from_quads(document_quads(extraction("ru-07", claims, [who]), knowledge), knowledge)
    assert [bare(c) for c in back] == [bare(c) for c in sorted(claims, key=lambda c: c.id)]
    assert {f.label for c in back for f in c.fillers("holder")} == {"Иван Петров"}


# -- skolemising --------------------------------------------------------------------------------------------------

LISTS = """@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:p owl:propertyChainAxiom ( :a [ owl:inverseOf :b ] ) . :q owl:propertyChainAxiom ( :a [ owl:inverseOf :b ] ) ."""


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


def test_blank_nodes_become_iris_made_of_their_content(knowledge: Knowledge) -> None:
    quads = graph_quads(parsed(LISTS), EXAMPLE)
    assert not any(isinstance(node, ox.BlankNode) for q in quads for node in (q.subject, q.object))
    assert set(quads) == set(graph_quads(parsed(LISTS)[::-1], EXAMPLE)), "whatever the order"
    heads = {q.object for q in quads if q.predicate.value.endswith("propertyChainAxiom")}
    assert len(heads) == 1, "of the same content are one"


def test_what_else_is_in_a_file_changes_no_name() -> None:
    more = LISTS + " :r owl:propertyChainAxiom ( :b :a ) ."
    assert set(graph_quads(parsed(LISTS), EXAMPLE)) <= set(graph_quads(parsed(more), EXAMPLE))


def test_blank_nodes_in_a_circle_are_refused() -> None:
    with pytest.raises(DataError, match="circle"):
        graph_quads(parsed("_:a <https://example.org/p> _:b . _:b <https://example.org/p> _:a ."), EXAMPLE)


# -- entities and facts -------------------------------------------------------------------------------------------


def test_the_entities_graph_tells_who_is_one_and_under_which_name(knowledge: Knowledge) -> None:
    persons = [mention(d, "Yerlan Zhumabekov", "Person", knowledge) for d in ("en-1", "en-2")]
    said = [
        claim(knowledge, "OfficeHolding", d, holder=p.id, office="office/minister", of=KAZ, extra=[p])
        for d, p in zip(("en-1", "en-2"), persons, strict=True)
    ]
    joins = join([extraction(c.document, [c], [p]) for c, p in zip(said, persons, strict=True)], knowledge)
    quads = entity_quads(joins)
    top, other = sorted(p.id for p in persons)
    assert values(quads, other, vocab.JOINED_INTO) == [top]
    assert len(values(quads, other, vocab.JOIN_REASON)) == 1
    assert values(quads, top, vocab.JOINED_INTO) == []
    assert values(quads, top, vocab.SKOS_PREF_LABEL) == ["Yerlan Zhumabekov"]
    assert values(quads, top, vocab.RDF_TYPE) == [vocab.PERSON]


def test_a_fact_says_its_status_its_date_and_its_support(knowledge: Knowledge) -> None:
    said = [
        claim(knowledge, "Recognition", "kk-1", "2026-05-30", "2025", recogniser=RUS, recognised=TALIBAN),
        claim(knowledge, "Recognition", "ru-1", "2025-07-04", "2025-07-03", recogniser=RUS, recognised=TALIBAN),
    ]
    (fact,) = fuse(said, knowledge, Joins(), texts={"kk-1": "t", "ru-1": "t"})
    quads = fact_quads([fact], knowledge)
    assert values(quads, fact.id, vocab.STATUS) == [ID + "status/actual"]
    assert values(quads, fact.id, vocab.EARLIEST) == ["2025-07-03"]
    assert values(quads, fact.id, vocab.SUPPORTED_BY) == sorted(claim_iri(c.id) for c in said)
    assert values(quads, fact.id, vocab.SUPPORTING_DOCUMENT_COUNT) == ["2"]
    assert values(quads, fact.id, vocab.SUPPORTING_TEXT_COUNT) == ["1"]
    assert values(quads, fact.id, vocab.OPPOSING_CLAIM_COUNT) == ["0"]


# -- what holds ---------------------------------------------------------------------------------------------------


def test_an_actual_recognition_is_a_plain_triple_and_a_planned_one_is_nothing(knowledge: Knowledge) -> None:
    roles = {"recogniser": RUS, "recognised": TALIBAN}
    assert direct(knowledge, claim(knowledge, "Recognition", **roles)) == {(RUS, "recognises", TALIBAN)}
    assert direct(knowledge, claim(knowledge, "Recognition", modality="planned", **roles)) == set()
    assert direct(knowledge, claim(knowledge, "Recognition", polarity="negative", **roles)) == set()


def test_an_agreement_is_an_individual_with_its_parties_signatories_and_acts(knowledge: Knowledge) -> None:
    signed = claim(
        knowledge, "AgreementSigning", "en-1", "2018-01-01", "2017-09", party=[KAZ, UZB],
        signatory="person/nursultan-nazarbayev", subject="subject/military",
    )  # fmt: skip
    ratified = claim(
        knowledge, "AgreementRatification", "en-2", "2021-11-26", "2021-11-25", ratifier=KAZ, party=[KAZ, UZB]
    )
    facts = {f.frame: f for f in fuse([signed, ratified], knowledge, Joins())}
    agreement = individual_iri("Agreement", facts["AgreementSigning"].id).removeprefix(ID)
    ratification = individual_iri("Ratification", facts["AgreementRatification"].id).removeprefix(ID)
    found = direct(knowledge, signed, ratified)
    assert {
        (agreement, "hasParty", KAZ), (agreement, "hasParty", UZB), (agreement, "edtf", "2017-09"),
        (agreement, "signedBy", "person/nursultan-nazarbayev"), (agreement, "subject", "subject/military"),
        (agreement, "establishedBy", facts["AgreementSigning"].id.removeprefix(ID)),
        (ratification, "carriedOutBy", KAZ), (ratification, "ratifies", agreement),
        (KAZ, "hasAgreementWith", UZB),
    } <= found  # fmt: skip


def test_a_refined_fact_makes_no_second_individual_but_stands_behind_the_first(knowledge: Knowledge) -> None:
    said = [
        claim(knowledge, "Visit", "en-1", "2025-12-01", "2025", visitor=RUS, destination=KAZ),
        claim(knowledge, "Visit", "en-2", "2025-12-01", "2025-11-20", visitor=RUS, destination=KAZ),
    ]
    found = direct(knowledge, *said)
    assert len({s for s, p, o in found if (p, o) == (vocab.RDF_TYPE, "Visit")}) == 1
    assert len([t for t in found if t[1] == "establishedBy"]) == 2


@pytest.mark.parametrize(
    ("frame", "roles", "expected"),
    [
        ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/delist"}, {(KAZ, "delisted", TALIBAN)}),
        ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/list"}, {(KAZ, "designates", TALIBAN)}),
        (
            "Accreditation",
            {"receiver": KAZ, "sender": TALIBAN, "level": "level/envoy"},
            {(KAZ, "acceptedEnvoyOf", TALIBAN)},
        ),
        (
            "Relations",
            {"party": [KAZ, UZB], "kind": "kind/trade"},
            {(a, p, b) for a, b in ((KAZ, UZB), (UZB, KAZ)) for p in ("hasRelationsWith", "hasTradeRelationsWith")},
        ),
    ],
)  # fmt: skip
def test_links_depend_on_the_concepts_that_a_fact_states(
    knowledge: Knowledge, frame: str, roles: dict[str, str], expected: set[tuple[str, str, str]]
) -> None:
    assert plain(direct(knowledge, claim(knowledge, frame, **roles))) == expected


def test_a_former_office_is_formerly_held_and_represents_nobody(knowledge: Knowledge) -> None:
    office = {"holder": "person/sergei-shoigu", "office": "office/defence-minister", "of": RUS}
    found = direct(knowledge, claim(knowledge, "OfficeHolding", former=True, **office))
    assert "formerlyHeldBy" in {p for _, p, _ in found}
    assert not {"heldBy", "represents"} & {p for _, p, _ in found}


def test_what_holds_on_a_day_is_what_is_certain_by_then(knowledge: Knowledge) -> None:
    said = claim(knowledge, "Recognition", "en-1", "2026-01-01", "2025-07", recogniser=RUS, recognised=TALIBAN)
    assert direct(knowledge, said, day="2025-07-10") == set()
    assert direct(knowledge, said, day="2025-08-01") == {(RUS, "recognises", TALIBAN)}


def test_terms_of_office_of_the_reference_data_are_held_on_their_days_only(knowledge: Knowledge) -> None:
    term = OfficeTerm(Iri(ID + "person/a"), Iri(ID + "office/minister"), Iri(ID + KAZ), "2010-01-01", "2015-01-01")
    bare = replace(knowledge, terms=(term,))
    by_day = {
        day: {q.predicate.value.removeprefix(CHY) for q in direct_quads([], bare, day)} & {"heldBy", "formerlyHeldBy"}
        for day in ("2009-12-31", "2012-01-01", "2020-01-01")
    }
    assert by_day == {"2009-12-31": set(), "2012-01-01": {"heldBy"}, "2020-01-01": {"formerlyHeldBy"}}
    assert term_iri(term).startswith(ID + "office-term/")


def test_a_fact_of_a_term_that_reference_data_knows_makes_no_second_term(knowledge: Knowledge) -> None:
    term = OfficeTerm(
        Iri(ID + "person/sergey-lavrov"), Iri(ID + "office/foreign-minister"), Iri(ID + RUS), "2004-03-09"
    )
    bare = replace(knowledge, terms=(term,))
    said = claim(knowledge, "OfficeHolding", holder=term.holder, office="office/foreign-minister", of=RUS)
    (fact,) = fuse([said], bare, Joins())
    quads = direct_quads([fact], bare)
    assert len([q for q in quads if q.object == ox.NamedNode(vocab.OFFICE_TERM)]) == 1
    assert values(quads, term_iri(term), vocab.ESTABLISHED_BY) == [fact.id]
    assert values(quads, term.holder, vocab.REPRESENTS) == [ID + RUS]


def test_who_governs_what_is_told_on_its_days_only() -> None:
    text = f"""@prefix : <https://example.org/> . @prefix chy: <{CHY}> .
    :g a chy:Governance ; chy:government :t ; chy:governed :s ; chy:governanceKind "governs" ;
        chy:from "2021-08-15"^^<{vocab.XSD_DATE}> .
    :h a chy:Governance ; chy:government :r ; chy:governed :s ; chy:governanceKind "claims" ."""
    quads = graph_quads(parsed(text), GRAPH_REFERENCE)
    assert [q.predicate.value for q in governance_quads(quads, "2020-01-01")] == [vocab.CLAIMS_TO_GOVERN]
    assert [q.predicate.value for q in governance_quads(quads)] == [vocab.GOVERNS, vocab.CLAIMS_TO_GOVERN]


# -- history ------------------------------------------------------------------------------------------------------


def test_a_run_names_its_generation_its_times_and_its_documents() -> None:
    quads = run_quads("7", 7, "2025-01-01T00:00:00+00:00", "2025-01-01T00:01:00+00:00", ["b", "a"])
    assert [q.object for q in quads if q.predicate.value == vocab.PROV_USED] == [
        ox.NamedNode(document_iri("a")),
        ox.NamedNode(document_iri("b")),
    ]


def test_redirects_lead_from_the_old_to_the_new() -> None:
    (quad,) = redirect_quads({Iri(ID + "fact/old"): Iri(ID + "fact/new")})
    assert (quad.subject, quad.object) == (ox.NamedNode(ID + "fact/old"), ox.NamedNode(ID + "fact/new"))
