"""Facts do not depend on the order of documents or claims, and every claim belongs to exactly one fact."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import BLR, CHN, KAZ, RUS, TALIBAN, UKR, UZB, claim, extraction, mention

from kg.direct import direct_quads
from kg.entities import join
from kg.facts import fuse
from kg.model import Claim, Entity, Extraction, Iri, Knowledge
from kg.rdf import entity_quads, fact_quads
from kg.standing import facts_on, status_on

STATES = (RUS, KAZ, UZB, CHN, UKR, BLR)
DATES = (None, "2021", "2021-11", "2021-11-15", "2021-11-20", "2022", "2022-01/2022-03")
PUBLISHED = (None, "2021", "2021-11-16", "2021-12-01", "2022-02-01", "2023-05-05")
MODALITIES = ("actual", "actual", "actual", "planned", "requested", "possible")
NAMES = ("Ivan Petrov", "Иван Петров", "Ivan Petroff", "Li Peng")
STATUSES = {"actual", "claimed", "negated", "planned", "requested", "possible", "disputed"}
relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def drawn_claims(draw: st.DrawFn) -> list[tuple[str, dict[str, object]]]:
    """Draw the makings of claims: they need the knowledge, which a strategy cannot have."""
    out: list[tuple[str, dict[str, object]]] = []
    for number in range(draw(st.integers(1, 12))):
        one, two = draw(st.permutations(STATES))[:2]
        kinds: list[tuple[str, dict[str, object]]] = [
            ("Recognition", {"recogniser": one, "recognised": TALIBAN}),
            ("AgreementSigning", {"party": [KAZ, UZB], "subject": "subject/military"}),
            ("AgreementSigning", {"party": [KAZ, UZB]}),
            ("AgreementRatification", {"ratifier": KAZ, "party": [KAZ, UZB]}),
            ("Meeting", {"participant": [one, two]}),
            ("Exercise", {"participant": [one, two], "name": "NAME"}),
            ("Exercise", {"participant": [KAZ, UZB]}),
            ("OfficeHolding", {"holder": "PERSON", "office": "office/minister", "of": one}),
            ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/list"}),
            ("Designation", {"authority": KAZ, "target": TALIBAN, "act": "act/delist"}),
        ]
        frame, roles = draw(st.sampled_from(kinds))
        options: dict[str, object] = {
            "date": draw(st.sampled_from(DATES)),
            "polarity": draw(st.sampled_from(["positive", "positive", "negative"])),
            "modality": draw(st.sampled_from(MODALITIES)),
            "former": frame == "OfficeHolding" and draw(st.booleans()),
            "by": draw(st.sampled_from([None, None, UKR, "person/sergey-lavrov"])),
            "document": draw(st.sampled_from(["en-1", "en-2", "ru-1", "kk-1"])),
            "start": number * 20,
            "name": draw(st.sampled_from(NAMES)),
        }
        out.append((frame, {**roles, "options": options}))
    return out


def build(
    knowledge: Knowledge, makings: Sequence[tuple[str, dict[str, object]]], days: Sequence[str | None]
) -> list[Extraction]:
    """Return extractions of the drawn claims, a document each, published on the drawn days."""
    documents = ("en-1", "en-2", "ru-1", "kk-1")
    published = dict(zip(documents, days, strict=True))
    claims: dict[str, list[Claim]] = {d: [] for d in documents}
    entities: dict[str, dict[Iri, Entity]] = {d: {} for d in documents}
    for frame, made in makings:
        options = dict(made["options"])  # type: ignore[call-overload]
        document, name = options.pop("document"), options.pop("name")
        roles = {k: v for k, v in made.items() if k != "options"}
        used = []
        for role, kind, marker in (("holder", "Person", "PERSON"), ("name", "EventName", "NAME")):
            if roles.get(role) == marker:
                entity = mention(document, name if kind == "Person" else "Unity-2021", kind, knowledge)
                roles[role] = entity.id
                used.append(entity)
                entities[document][entity.id] = entity
        claims[document].append(
            claim(knowledge, frame, document, published[document], extra=used, **options, **roles)  # type: ignore[arg-type]
        )
    return [extraction(d, claims[d], list(entities[d].values()), published[d]) for d in documents]


days = st.tuples(*(st.sampled_from(PUBLISHED) for _ in range(4)))


@relaxed
@given(drawn_claims(), days, st.randoms(use_true_random=False))
def test_order_changes_nothing(
    knowledge: Knowledge,
    makings: list[tuple[str, dict[str, object]]],
    days: tuple[str | None, ...],
    order: random.Random,
) -> None:
    """Joins, facts and quads are the same, to the order of the quads, whatever the order of documents and claims."""
    extractions = build(knowledge, makings, days)
    shuffled = list(extractions)
    order.shuffle(shuffled)
    results = []
    for documents in (extractions, shuffled):
        claims = [c for e in documents for c in e.claims]
        order.shuffle(claims)
        joins = join(documents, knowledge)
        facts = fuse(claims, knowledge, joins)
        results.append(
            (joins, facts, entity_quads(joins), fact_quads(facts, knowledge), direct_quads(facts, knowledge))
        )
    assert results[0] == results[1]


@relaxed
@given(drawn_claims(), days)
def test_each_claim_is_for_or_against_exactly_one_fact(
    knowledge: Knowledge, makings: list[tuple[str, dict[str, object]]], days: tuple[str | None, ...]
) -> None:
    """No claim is lost, none counts twice; each fact has a claim, a status and links that exist."""
    extractions = build(knowledge, makings, days)
    claims = [c for e in extractions for c in e.claims]
    facts = fuse(claims, knowledge, join(extractions, knowledge))
    sides = Counter(c for fact in facts for c in (*fact.supporting, *fact.opposing))
    assert sides == dict.fromkeys({c.id for c in claims}, 1)
    by_id = {fact.id: fact for fact in facts}
    assert len(by_id) == len(facts)
    for fact in facts:
        assert fact.status in STATUSES
        assert fact.refined_by is None or by_id[fact.refined_by].refined_by is None
        assert fact.agreement is None or fact.agreement in by_id
        assert fact.status != "actual" or fact.supporting


@relaxed
@given(drawn_claims(), days, st.sampled_from(["2020-01-01", "2021-11-16", "2022-02-01", "2030-01-01"]))
def test_a_day_after_everything_sees_the_facts_as_they_are(
    knowledge: Knowledge, makings: list[tuple[str, dict[str, object]]], days: tuple[str | None, ...], day: str
) -> None:
    """On a day after all dates a fact of dated documents stands as it does without a day, and links stay whole."""
    extractions = build(knowledge, makings, days)
    facts = fuse([c for e in extractions for c in e.claims], knowledge, join(extractions, knowledge))
    for fact in facts:
        if all(m.latest is not None for m in fact.moments):
            standing = status_on(fact, "9999-12-31")
            assert (standing.status, standing.possibly) == (fact.status, None)
    for possible in (False, True):
        there = facts_on(facts, day, possible=possible)
        assert {f.refined_by for f in there} - {None} <= {f.id for f in there}
