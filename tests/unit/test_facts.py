"""Claims of many documents become facts: identity, status, time, roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from making import BLR, CHN, KAZ, RUS, TALIBAN, UKR, UZB, claim, extraction, mention

from kg.entities import Joins, join
from kg.facts import fuse
from kg.ids import fact_iri
from kg.model import Claim, Fact, Iri, Knowledge
from kg.standing import facts_on, known_by, last_day, status_on
from kg.vocab import ID


@pytest.fixture(scope="session")
def say(knowledge: Knowledge) -> Any:
    """A function that makes a claim: frame, document, day of publication, date, options and roles."""
    return lambda *args, **options: claim(knowledge, *args, **options)


def facts_of(knowledge: Knowledge, *claims: Claim, **options: Any) -> list[Fact]:
    return fuse(claims, knowledge, Joins(), **options)


def one(knowledge: Knowledge, *claims: Claim, **options: Any) -> Fact:
    (fact,) = facts_of(knowledge, *claims, **options)
    return fact


def iris(*shorts: str) -> tuple[Iri, ...]:
    return tuple(sorted(Iri(ID + short) for short in shorts))


def shown(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.refined_by is None]


RECOGNISES = {"recogniser": RUS, "recognised": TALIBAN}
SIGNED = {"party": [KAZ, UZB]}


# -- identity -----------------------------------------------------------------------------------------------------


def test_a_state_is_one_fact_however_many_documents_and_dates_tell_it(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Recognition", "kk-01", "2026-05-30", "2025", **RECOGNISES),
        say("Recognition", "ru-01", "2025-07-04", "2025-07-03", **RECOGNISES),
        say("Recognition", "en-01", "2025-08-01", None, **RECOGNISES),
    )
    assert fact.id == fact_iri("Recognition", [("recogniser", iris(RUS)), ("recognised", iris(TALIBAN))])
    assert (fact.status, fact.edtf, fact.earliest) == ("actual", "2025-07-03", "2025-07-03")
    assert (len(fact.supporting), fact.documents, fact.languages) == (3, 3, 3)


def test_an_event_is_told_apart_by_date_and_stated_attributes(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2017-04-01", "2017-03-22", **SIGNED, subject="subject/trade"),
        say("AgreementSigning", "en-02", "2017-04-01", "2017-03-22", **SIGNED, subject="subject/border"),
        say("AgreementSigning", "en-03", "2022-01-01", "2021-12-06", **SIGNED, subject="subject/trade"),
    )
    assert len({fact.id for fact in facts}) == 3
    assert all(fact.refined_by is None for fact in facts)


def test_the_order_of_interchangeable_parties_makes_no_other_fact(knowledge: Knowledge, say: Any) -> None:
    fact = one(knowledge, say("Relations", "en-01", party=[KAZ, UZB]), say("Relations", "en-02", party=[UZB, KAZ]))
    assert fact.fillers("party") == iris(KAZ, UZB)


def test_a_kind_of_relations_that_is_not_told_makes_a_fact_of_its_own(knowledge: Knowledge, say: Any) -> None:
    claims = [say("Relations", party=[KAZ, UZB]), say("Relations", party=[KAZ, UZB], kind="kind/trade")]
    assert len(facts_of(knowledge, *claims)) == 2


def test_a_named_exercise_is_known_by_name_and_year_and_its_participants_are_united(knowledge: Knowledge) -> None:
    name = mention("ru-01", "Hamkorlik-2021", "EventName", knowledge)
    other = mention("en-01", "Hamkorlik-2021", "EventName", knowledge)
    claims = [
        claim(
            knowledge, "Exercise", "ru-01", "2021-12-01", "2021-11", participant=[KAZ, UZB], name=name.id, extra=[name]
        ),
        claim(knowledge, "Exercise", "en-01", "2021-12-02", "2021-11", participant=[KAZ], name=other.id, extra=[other]),
    ]
    joins = join([extraction("ru-01", claims[:1], [name]), extraction("en-01", claims[1:], [other])], knowledge)
    (fact,) = fuse(claims, knowledge, joins)
    assert fact.fillers("participant") == iris(KAZ, UZB)
    assert fact.documents == 2


# -- refinement ---------------------------------------------------------------------------------------------------


def test_a_less_precise_fact_is_refined_by_the_only_more_precise_one(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2018-01-01", None, **SIGNED, signatory="person/nursultan-nazarbayev"),
        say("AgreementSigning", "en-02", "2018-01-01", "2017", **SIGNED),
        say("AgreementSigning", "en-03", "2018-01-01", "2017-03-22", **SIGNED, subject="subject/trade"),
    )
    (fine,) = shown(facts)
    assert fine.edtf == "2017-03-22"
    assert {fact.refined_by for fact in facts} == {None, fine.id}
    assert fine.fillers("signatory") == iris("person/nursultan-nazarbayev"), "what the less precise ones tell is kept"


def test_two_more_precise_facts_leave_the_less_precise_one_as_it_is(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2018-01-01", "2017", **SIGNED),
        say("AgreementSigning", "en-02", "2018-01-01", "2017-03-22", **SIGNED),
        say("AgreementSigning", "en-03", "2018-01-01", "2017-09-16", **SIGNED),
    )
    assert len(shown(facts)) == 3


def test_what_was_told_before_an_event_is_not_about_it(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2016-01-01", None, **SIGNED),
        say("AgreementSigning", "en-02", "2018-01-01", "2017-03-22", **SIGNED),
    )
    assert len(shown(facts)) == 2


def test_a_plan_never_hides_what_was_done(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2017-03-23", None, **SIGNED),
        say("AgreementSigning", "en-02", "2017-03-01", "2017-03-22", modality="planned", **SIGNED),
    )
    assert {fact.status for fact in shown(facts)} == {"actual", "planned"}


# -- status of events ---------------------------------------------------------------------------------------------

MET = {"participant": ["person/vladimir-putin", "person/xi-jinping"]}


def test_an_event_that_somebody_else_denies_later_is_disputed(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Meeting", "en-01", "2025-07-04", "2025-07-03", **MET),
        say("Meeting", "ru-01", "2025-07-05", "2025-07-03", polarity="negative", **MET),
    )
    assert fact.status == "disputed"
    assert (len(fact.supporting), len(fact.opposing)) == (1, 1)


def test_a_denial_without_a_date_stands_against_the_dated_event_it_followed(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("Meeting", "en-01", "2025-07-04", "2025-07-03", **MET),
        say("Meeting", "ru-01", "2025-07-05", None, polarity="negative", **MET),
    )
    assert next(fact for fact in facts if fact.edtf).status == "disputed"


def test_a_denial_made_before_the_event_never_opposes_it(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("Meeting", "en-01", "2025-07-04", "2025-07-03", **MET),
        say("Meeting", "ru-01", "2025-07-01", None, polarity="negative", **MET),
    )
    assert next(fact for fact in facts if fact.edtf).status == "actual"


def test_an_outlet_that_corrects_itself_is_taken_at_its_last_word(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Meeting", "en-01", "2025-07-04", "2025-07-03", **MET),
        say("Meeting", "en-02", "2025-07-05", "2025-07-03", polarity="negative", **MET),
        outlets={"en-01": "The Outlet", "en-02": "The Outlet"},
    )
    assert fact.status == "negated"


def test_an_undated_denial_in_an_undated_document_decides_nothing(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("Meeting", "en-01", "2025-07-04", "2025-07-03", **MET),
        say("Meeting", "en-02", None, None, polarity="negative", **MET),
    )
    assert next(fact for fact in facts if fact.edtf).status == "actual"


def test_what_only_an_enemy_says_is_claimed(knowledge: Knowledge, say: Any) -> None:
    fact = one(knowledge, say("Aid", "en-01", donor=BLR, recipient=RUS, by="person/volodymyr-zelenskyy"))
    assert fact.status == "claimed"


@pytest.mark.parametrize("by", [None, BLR, "person/sergey-lavrov", "ministry/emercom-of-russia", "media/tass"])
def test_what_a_party_its_official_or_an_outlet_says_is_actual(knowledge: Knowledge, say: Any, by: str | None) -> None:
    fact = one(knowledge, say("Aid", "en-01", donor=BLR, recipient=RUS, by=by))
    assert fact.status == "actual"


def test_an_office_that_a_document_tells_makes_its_holder_an_official(knowledge: Knowledge) -> None:
    who = mention("en-01", "Ivan Ivanov", "Person", knowledge)
    said = claim(knowledge, "Aid", donor=BLR, recipient=RUS, by=who.id, extra=[who])
    holds = claim(knowledge, "OfficeHolding", holder=who.id, office="office/minister", of=BLR, extra=[who], start=30)
    assert {f.frame: f.status for f in fuse([said, holds], knowledge, Joins())}["Aid"] == "actual"


@pytest.mark.parametrize(
    ("modalities", "status"),
    [
        (["possible"], "possible"),
        (["possible", "requested"], "requested"),
        (["requested", "planned", "possible"], "planned"),
        (["planned", "actual"], "actual"),
    ],
)
def test_without_anything_actual_the_strongest_counts(
    knowledge: Knowledge, say: Any, modalities: list[str], status: str
) -> None:
    claims = [say("Visit", f"en-{i}", visitor=RUS, destination=KAZ, modality=m) for i, m in enumerate(modalities)]
    assert one(knowledge, *claims).status == status


def test_a_denied_plan_opposes_only_plans(knowledge: Knowledge, say: Any) -> None:
    trip = {"visitor": RUS, "destination": KAZ}
    denied = say("Visit", "en-01", modality="planned", polarity="negative", **trip)
    assert one(knowledge, denied, say("Visit", "en-02", **trip)).status == "actual"
    assert one(knowledge, denied, say("Visit", "en-02", modality="planned", **trip)).status == "disputed"
    assert one(knowledge, denied).status == "negated"


def test_not_yet_but_it_will_is_planned(knowledge: Knowledge, say: Any) -> None:
    recognition = {"recogniser": "state/FRA", "recognised": "state/PSE"}
    plan = say("Recognition", "en-01", "2025-07-24", "2025-09", modality="planned", **recognition)
    before = say("Recognition", "en-02", "2025-07-24", polarity="negative", **recognition)
    after = say("Recognition", "en-03", "2025-10-01", polarity="negative", **recognition)
    assert one(knowledge, plan, before).status == "planned"
    assert one(knowledge, plan, before, after).status == "negated"
    hope = say("Recognition", "en-01", "2025-07-24", modality="requested", **recognition)
    assert one(knowledge, hope, before).status == "negated"


def test_who_did_not_take_part_is_taken_out_and_the_exercise_stands(knowledge: Knowledge) -> None:
    name = mention("en-01", "Unity-2024", "EventName", knowledge)
    common = {"name": name.id, "extra": [name]}
    fact = one(
        knowledge,
        claim(knowledge, "Exercise", "en-01", "2024-09-09", "2024-09", participant=[KAZ, UZB, CHN], **common),
        claim(
            knowledge, "Exercise", "en-01", "2024-09-09", "2024-09", participant=[CHN], polarity="negative", start=40,
            **common,
        ),
    )  # fmt: skip
    assert fact.status == "actual"
    assert fact.fillers("participant") == iris(KAZ, UZB)
    assert fact.denied == (("participant", iris(CHN)),)


def test_a_refusal_before_the_exercise_does_not_take_out_who_took_part_after_all(knowledge: Knowledge) -> None:
    name = mention("en-01", "Unity-2024", "EventName", knowledge)

    def told(document: str, published: str, date: str | None, who: list[str], **options: Any) -> Claim:
        return claim(
            knowledge, "Exercise", document, published, date, participant=who, name=name.id, extra=[name], **options
        )

    refused = told("en-01", "2024-08-01", "2024", [CHN], polarity="negative", modality="planned")
    held = told("en-02", "2024-10-01", "2024", [KAZ, CHN])
    plan = told("en-03", "2024-07-01", "2024", [KAZ, CHN], modality="planned")
    assert one(knowledge, refused, held).fillers("participant") == iris(KAZ, CHN)
    planned = one(knowledge, refused, plan)
    assert (planned.status, planned.fillers("participant")) == ("planned", iris(KAZ))


# -- status of states ---------------------------------------------------------------------------------------------


def test_not_recognised_then_recognised_is_no_dispute(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Recognition", "en-01", "2024-05-01", None, polarity="negative", **RECOGNISES),
        say("Recognition", "en-02", "2025-07-04", "2025-07-03", **RECOGNISES),
    )
    assert fact.status == "actual"


def test_a_later_bare_denial_of_a_state_disputes_it_even_from_the_same_outlet(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Recognition", "en-01", "2025-07-04", "2025-07-03", **RECOGNISES),
        say("Recognition", "en-02", "2026-01-10", None, polarity="negative", **RECOGNISES),
        outlets={"en-01": "The Outlet", "en-02": "The Outlet"},
    )
    assert fact.status == "disputed"


def test_an_act_that_ends_a_state_negates_it_and_dates_the_end(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Relations", "en-01", "1992-02-01", "1992-01-02", party=[RUS, UKR], kind="kind/diplomatic"),
        say(
            "Relations", "en-02", "2022-02-25", "2022-02-24", party=[RUS, UKR], kind="kind/diplomatic",
            polarity="negative", extractor="en/relations/sever",
        ),
        ending=frozenset({("en", "Relations", "sever")}),
    )  # fmt: skip
    assert (fact.status, fact.edtf) == ("negated", "2022-02-24")
    assert status_on(fact, "2010-01-01").certainty == "certain"
    assert status_on(fact, "2022-03-01").status == "negated"


def test_taking_off_the_list_ends_being_on_it(knowledge: Knowledge, say: Any) -> None:
    target = {"authority": KAZ, "target": TALIBAN}
    facts = facts_of(
        knowledge,
        say("Designation", "en-01", "2010-01-01", None, act="act/list", **target),
        say("Designation", "en-02", "2024-06-04", "2024-06-03", act="act/delist", **target),
    )
    status = {fact.fillers("act")[0].rsplit("/", 1)[-1]: fact.status for fact in facts}
    assert status == {"list": "negated", "delist": "actual"}


def test_a_former_holder_is_shown_as_former_until_somebody_says_otherwise(knowledge: Knowledge, say: Any) -> None:
    office = {"holder": "person/sergei-shoigu", "office": "office/defence-minister", "of": RUS}
    held = say("OfficeHolding", "en-01", "2023-01-01", **office)
    former = say("OfficeHolding", "en-02", "2025-01-01", former=True, **office)
    again = say("OfficeHolding", "en-03", "2026-01-01", **office)
    assert (one(knowledge, held, former).status, one(knowledge, held, former).former) == ("actual", True)
    assert one(knowledge, held, former, again).former is False
    assert one(knowledge, former).former is True


# -- agreements ---------------------------------------------------------------------------------------------------


def test_a_ratification_belongs_to_the_only_agreement_it_can_mean(knowledge: Knowledge, say: Any) -> None:
    signing = say("AgreementSigning", "en-01", "2018-01-01", "2017-09", **SIGNED)
    later = say("AgreementSigning", "en-02", "2023-01-01", "2022-12", **SIGNED)
    ratified = say(
        "AgreementRatification", "en-03", "2021-11-26", "2021-11-25", ratifier=KAZ, party=[KAZ, UZB],
        subject="subject/military",
    )  # fmt: skip
    facts = {fact.frame: fact for fact in facts_of(knowledge, signing, ratified)}
    assert facts["AgreementRatification"].agreement == facts["AgreementSigning"].id
    found = [f for f in facts_of(knowledge, signing, later, ratified) if f.frame == "AgreementRatification"]
    assert found[0].agreement == facts["AgreementSigning"].id, "the later one was signed after the ratification"


def test_a_ratification_that_may_mean_two_agreements_stands_by_itself(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("AgreementSigning", "en-01", "2018-01-01", "2017-03", **SIGNED),
        say("AgreementSigning", "en-02", "2018-01-01", "2017-09", **SIGNED),
        say("AgreementRatification", "en-03", "2021-11-26", "2021-11-25", ratifier=KAZ, party=[KAZ, UZB]),
    )
    assert next(f for f in facts if f.frame == "AgreementRatification").agreement is None


# -- time asked ---------------------------------------------------------------------------------------------------


def test_as_of_a_day_is_certain_possible_or_no(knowledge: Knowledge, say: Any) -> None:
    fact = one(knowledge, say("Recognition", "en-01", "2026-01-01", "2025", **RECOGNISES))
    assert status_on(fact, "2024-12-31").certainty == "no"
    assert status_on(fact, "2025-06-01").certainty == "possible"
    assert status_on(fact, "2025-12-31").certainty == "certain"


def test_a_sharper_date_settles_a_vaguer_one(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        say("Recognition", "kk-01", "2026-05-30", "2025", **RECOGNISES),
        say("Recognition", "ru-01", "2025-07-04", "2025-07-03", **RECOGNISES),
    )
    days = ["2024-12-31", "2025-07-02", "2025-07-04", "2026-06-01"]
    assert [status_on(fact, day).certainty for day in days] == ["no", "no", "certain", "certain"]


def test_an_undated_event_happened_by_its_publication(knowledge: Knowledge, say: Any) -> None:
    fact = one(knowledge, say("Visit", "en-01", "2025-07-04", visitor=RUS, destination=KAZ))
    assert [status_on(fact, day).certainty for day in ("2025-07-03", "2025-07-04")] == ["possible", "certain"]
    assert facts_on([fact], "2025-07-03") == []
    assert [f.status for f in facts_on([fact], "2025-07-03", possible=True)] == ["actual"]


def test_facts_on_a_day_lose_a_refinement_that_is_not_there_yet(knowledge: Knowledge, say: Any) -> None:
    facts = facts_of(
        knowledge,
        say("Visit", "en-01", "2025-12-01", "2025", visitor=RUS, destination=KAZ),
        say("Visit", "en-02", "2025-12-01", "2025-11-20", visitor=RUS, destination=KAZ),
    )
    assert [f.refined_by for f in facts_on(facts, "2025-06-01", possible=True)] == [None]


def test_known_by_a_day_leaves_out_what_was_published_later_and_counts_the_undated(
    knowledge: Knowledge, say: Any
) -> None:
    claims = [
        say("Recognition", "en-01", "2025-07-04", **RECOGNISES),
        say("Recognition", "en-02", "2025-07", **RECOGNISES),
        say("Recognition", "en-03", None, **RECOGNISES),
    ]
    known, undated = known_by(claims, "2025-07-04")
    assert ([c.document for c in known], undated) == (["en-01"], 1)
    assert last_day(claims) == "2025-07-31"


# -- support ------------------------------------------------------------------------------------------------------


def test_one_wire_text_in_three_outlets_is_one_text(knowledge: Knowledge, say: Any) -> None:
    fact = one(
        knowledge,
        *(say("Recognition", f"en-0{i}", **RECOGNISES) for i in range(3)),
        outlets={"en-00": "A", "en-01": "B", "en-02": "C"},
        texts={"en-00": "wire", "en-01": "wire", "en-02": "wire"},
    )
    assert (fact.documents, fact.outlets, fact.texts) == (3, 3, 1)


def test_a_claim_of_an_unknown_frame_is_refused_by_name(knowledge: Knowledge, say: Any) -> None:
    with pytest.raises(ValueError, match="no frame 'Wedding'"):
        facts_of(knowledge, say("Wedding", party=[KAZ, UZB]))
