"""From moments to a status: each rule of events and of states, at the days where it begins and ends to hold."""

from __future__ import annotations

from typing import Any

import pytest

from kg.model import Moment
from kg.timeline import Judgement, judge, narrowed, sharpened

DENIED = "a denial of the same or a later time stands against it"
TOLD = "told as done, and no denial of the same or a later time stands"
ONLY_DENIED = "nothing that stands says that it happened, and a denial does"
NEVER = "nothing says that it is so, and a claim says that it is not"
ENDED = "an act that ends it came after the last claim that it is so"
OVER = "said to be over after the last claim that it is so"
NO_ACT = "a later claim says that it is not so, but tells no act that ended it"
SO = "said to be so, and nothing later says otherwise"
ALLEGED = "all who say so are neither parties to it nor officials of a party"
UNPLANNED = "it is said not to be planned, requested or possible"


def at(stance: str, day: str | None = "2025-05-10", *, source: str = "", event: bool = False, **more: Any) -> Moment:
    """Return a moment of a day, published that day, by a source of its own."""
    modality = stance if stance in {"planned", "requested", "possible"} else "actual"
    name = f"{stance} {day} {source} {sorted(more.items())}"
    values = {"claim": name, "earliest": day, "latest": day, "published": day, "modality": modality} | more
    return Moment(stance=stance, source=source or name, event=event, **values)  # type: ignore[arg-type]


def of_event(*moments: Moment) -> tuple[str | None, str]:
    """Return status and reason of an event."""
    judged = judge(moments)
    assert (judged.edtf, judged.former) == (None, False)
    return judged.status, judged.reason


def event(stance: str, day: str | None = "2025-05-10", **more: Any) -> Moment:
    """Return a moment of an event."""
    return at(stance, day, event=True, **more)


def dated(stance: str, day: str, **more: Any) -> Moment:
    """Return a moment whose claim gives the date itself."""
    return at(stance, day, edtf=day, dated=True, **more)


# -- the whole --------------------------------------------------------------------------------------------------------


def test_of_nothing_nothing_is_known() -> None:
    assert judge([]) == Judgement(None, "", False, None, ())


def test_moments_are_kept_in_the_order_of_their_days() -> None:
    """Sorted by last day, those without one first, then by claim, those of other facts first."""
    late, early, undated = at("holds", "2025-06-01"), at("holds", "2025-01-01"), at("holds", None)
    foreign = at("holds", "2025-01-01", own=False, claim=early.claim)
    assert judge([late, early, undated, foreign]).moments == (undated, foreign, early, late)
    first, second = at("holds", "2025-01-01", claim="a"), at("holds", "2025-01-01", claim="b")
    assert judge([second, first]).moments == (first, second)


def test_one_moment_of_an_event_makes_all_of_them_one() -> None:
    """A denial in the data of a state is told apart from that of an event by any moment."""
    assert judge([event("denied"), at("denied")]).reason == ONLY_DENIED


# -- events -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([event("holds")], ("actual", TOLD)),
        ([event("holds", allegation=True)], ("claimed", ALLEGED)),
        ([event("holds", allegation=True), event("holds", "2025-05-11")], ("actual", TOLD)),
        ([event("denied")], ("negated", ONLY_DENIED)),
        ([event("ended")], ("negated", ONLY_DENIED)),
        # denied on the day itself, later, and before
        ([event("holds"), event("denied", "2025-05-10")], ("disputed", DENIED)),
        ([event("holds"), event("denied", "2025-05-11")], ("disputed", DENIED)),
        ([event("holds"), event("ended", "2025-05-11")], ("disputed", DENIED)),
        ([event("holds"), event("denied", "2025-05-09")], ("actual", TOLD)),
        ([event("holds"), event("denied", None)], ("actual", TOLD)),
        ([event("holds", None), event("denied")], ("disputed", DENIED)),
        # the last of several that tell it counts, and the first that may have begun
        ([event("holds", "2025-05-01"), event("holds", "2025-05-20"), event("denied")], ("actual", TOLD)),
        ([event("holds", None), event("holds", "2025-05-10"), event("denied")], ("disputed", DENIED)),
        # a denial published before the event began is of something else, on that day it is not
        ([event("holds"), event("denied", "2025-06-01", published="2025-05-09")], ("actual", TOLD)),
        ([event("holds"), event("denied", "2025-06-01", published="2025-05-10")], ("disputed", DENIED)),
        ([event("holds"), event("denied", "2025-06-01", published=None)], ("disputed", DENIED)),
        (
            [event("holds", "2025-05-20", earliest=None), event("denied", "2025-06-01", published="2025-01-01")],
            ("disputed", DENIED),
        ),
        (
            [
                event("holds", "2025-05-05"),
                event("holds", "2025-05-15"),
                event("denied", "2025-06-01", published="2025-05-07"),
            ],
            ("disputed", DENIED),
        ),
    ],
)
def test_an_event(moments: list[Moment], expected: tuple[str, str]) -> None:
    """Told or denied, by whom, and which came first."""
    assert of_event(*moments) == expected


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        # the same speaker says otherwise later: only the later counts
        (["holds 2025-05-10", "denied 2025-05-11"], ("negated", ONLY_DENIED)),
        (["denied 2025-05-10", "holds 2025-05-11"], ("actual", TOLD)),
        # on one day nothing is later
        (["holds 2025-05-10", "denied 2025-05-10"], ("disputed", DENIED)),
        # saying the same again takes nothing back
        (["holds 2025-05-10", "holds 2025-05-11"], ("actual", TOLD)),
        # a plan is no word of what happened, and what happened takes no plan back
        (["planned 2025-05-11", "holds 2025-05-10"], ("actual", TOLD)),
        (["denied 2025-05-10", "planned 2025-05-09"], ("negated", ONLY_DENIED)),
    ],
)
def test_what_one_speaker_says_later_counts(moments: list[str], expected: tuple[str, str]) -> None:
    """Of one source, what it said first is withdrawn by what it said otherwise later."""
    assert of_event(*(event(*words.split(), source="ministry") for words in moments)) == expected


def test_others_withdraw_nothing() -> None:
    """A later denial by somebody else, or without a day, leaves what was told standing."""
    told = event("holds", source="ministry")
    assert of_event(told, event("denied", "2025-05-11", source="another")) == ("disputed", DENIED)
    undated = event("denied", "2025-05-11", source="ministry", published=None)
    assert of_event(told, undated) == ("disputed", DENIED)
    assert of_event(event("holds", source="ministry", published=None), undated) == ("disputed", DENIED)
    assert of_event(
        event("holds", source="ministry", published=None), event("denied", "2025-05-11", source="ministry")
    ) == ("disputed", DENIED)


# -- what is planned, requested or possible ----------------------------------------------------------------------------


def strongest(modality: str) -> tuple[str, str]:
    return modality, f"nothing is told as done; the strongest that is said is {modality}"


@pytest.mark.parametrize("make", [event, at])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("planned", "actual")], strongest("planned")),
        ([("requested", "actual"), ("planned", "actual")], strongest("planned")),
        ([("possible", "actual"), ("requested", "actual")], strongest("requested")),
        ([("possible", "actual")], strongest("possible")),
        ([("unplanned", "planned")], ("negated", UNPLANNED)),
        # a denial opposes its own modality only
        ([("planned", "actual"), ("unplanned", "requested")], strongest("planned")),
        (
            [("planned", "actual"), ("unplanned", "planned")],
            ("disputed", "one says that it is planned, another that it is not"),
        ),
        (
            [("possible", "actual"), ("unplanned", "possible")],
            ("disputed", "one says that it is possible, another that it is not"),
        ),
    ],
)
def test_what_is_not_yet(make: Any, said: list[tuple[str, str]], expected: tuple[str, str]) -> None:
    """The strongest of what is said counts, for events and states alike."""
    moments = [make(s, source=str(n), **({"modality": m} if s == "unplanned" else {})) for n, (s, m) in enumerate(said)]
    judged = judge(moments)
    assert (judged.status, judged.reason) == expected


@pytest.mark.parametrize(
    ("plan", "denial", "source", "expected"),
    [
        ("2025-05-10", "2025-05-11", "ministry", "negated"),
        ("2025-05-11", "2025-05-10", "ministry", "planned"),
        ("2025-05-10", "2025-05-10", "ministry", "disputed"),
        ("2025-05-10", "2025-05-11", "another", "disputed"),
        (None, "2025-05-11", "ministry", "disputed"),
        ("2025-05-10", None, "ministry", "disputed"),
    ],
)
def test_a_plan_is_given_up_or_made_anew(plan: str | None, denial: str | None, source: str, expected: str) -> None:
    """The same speaker's later word takes the place of the earlier; another's opposes it."""
    moments = [event("planned", plan, source="ministry"), event("unplanned", denial, source=source, modality="planned")]
    assert judge(moments).status == expected


@pytest.mark.parametrize(("denial", "make"), [("denied", event), ("ended", at), ("denied", at)])
@pytest.mark.parametrize(
    ("plan", "denied", "expected"),
    [
        ("2025-05-11", "2025-05-10", "planned"),
        ("2025-05-10", "2025-05-10", "planned"),  # "not yet, but it will"
        ("2025-05-09", "2025-05-10", "negated"),
        ("2025-05-09", None, "planned"),
        (None, "2025-05-10", "negated"),
        (None, None, "planned"),
    ],
)
def test_not_yet_but_it_will(make: Any, denial: str, plan: str | None, denied: str | None, expected: str) -> None:
    """A plan told no earlier than the last denial is still a plan."""
    judged = judge([make(denial, denied, source="a"), make("planned", plan, source="b")])
    assert judged.status == expected
    if expected == "planned":
        assert judged.reason == strongest("planned")[1]


def test_a_plan_after_a_denial_may_be_opposed_itself() -> None:
    """Denied, planned and not planned: what is left is that it did not happen. A request is no plan."""
    denial, plan = event("denied", "2025-05-10"), event("planned", "2025-05-11")
    against = event("unplanned", "2025-05-11", modality="planned")
    assert of_event(denial, plan, against) == ("negated", ONLY_DENIED)
    assert of_event(denial, event("requested", "2025-05-11")) == ("negated", ONLY_DENIED)
    assert of_event(denial, event("denied", "2025-05-12"), plan) == ("negated", ONLY_DENIED)


# -- states -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([at("holds")], ("actual", SO, False)),
        ([at("holds", allegation=True)], ("claimed", ALLEGED, False)),
        ([at("holds", None)], ("actual", SO, False)),
        ([at("denied")], ("negated", NEVER, False)),
        ([at("ended")], ("negated", NEVER, False)),
        # ended on the day, later, before, and without a day
        ([at("holds"), at("ended", "2025-05-10")], ("negated", ENDED, False)),
        ([at("holds"), at("ended", "2025-05-11")], ("negated", ENDED, False)),
        ([at("holds"), at("ended", "2025-05-09")], ("actual", SO, False)),
        ([at("holds"), at("ended", None)], ("actual", SO, False)),
        ([at("holds", None), at("ended")], ("negated", ENDED, False)),
        # denied: the same, but nothing ended it
        ([at("holds"), at("denied", "2025-05-10")], ("disputed", NO_ACT, False)),
        ([at("holds"), at("denied", "2025-05-11")], ("disputed", NO_ACT, False)),
        ([at("holds"), at("denied", "2025-05-09")], ("actual", SO, False)),
        ([at("holds"), at("denied", None)], ("actual", SO, False)),
        ([at("holds", None), at("denied")], ("disputed", NO_ACT, False)),
        # an end counts before a denial
        ([at("holds"), at("ended", "2025-05-11"), at("denied", "2025-05-12")], ("negated", ENDED, False)),
        # over: only after the last that says it is so
        ([at("over")], ("actual", OVER, True)),
        ([at("over", allegation=True)], ("claimed", ALLEGED, True)),
        ([at("holds"), at("over", "2025-05-11")], ("actual", OVER, True)),
        ([at("holds", allegation=True), at("over", "2025-05-11")], ("actual", OVER, True)),
        ([at("holds"), at("over", "2025-05-10")], ("actual", SO, False)),
        ([at("holds"), at("over", None)], ("actual", SO, False)),
        ([at("holds", None), at("over")], ("actual", OVER, True)),
        ([at("holds", allegation=True), at("over", "2025-05-09")], ("actual", SO, False)),
        # without anything that says it is so, an end ends nothing that is over
        ([at("over"), at("ended", "2025-05-11")], ("actual", OVER, True)),
        # the last of each counts
        ([at("holds", "2025-05-01"), at("ended", "2025-05-10"), at("holds", "2025-05-20")], ("actual", SO, False)),
        ([at("holds", "2025-05-15"), at("ended", "2025-05-10"), at("ended", "2025-05-20")], ("negated", ENDED, False)),
    ],
)
def test_a_state(moments: list[Moment], expected: tuple[str, str, bool]) -> None:
    """Said to be so, denied, ended by an act, over: by which of these is the last."""
    judged = judge(moments)
    assert (judged.status, judged.reason, judged.former) == expected


# -- the date of a state ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([at("holds")], None),  # the day it was told is not the day it began
        ([dated("holds", "2025-05-10")], "2025-05-10"),
        # the earliest beginning, the sharpest where one contains another
        ([dated("holds", "2025-05-10"), dated("holds", "2025-04-10")], "2025-04-10"),
        (
            [
                dated("holds", "2025-05", earliest="2025-05-01", latest="2025-05-31"),
                dated("holds", "2025-05-10"),
            ],
            "2025-05-10",
        ),
        ([dated("holds", "2025-05-10", claim="a"), dated("holds", "2025-05-10", claim="b")], "2025-05-10"),
        # of equal beginnings, the first of their names
        (
            [
                dated("holds", "2025-05-10/2025-05-20", earliest="2025-05-10"),
                dated("holds", "2025-05-05/2025-05-15", earliest="2025-05-10"),
            ],
            "2025-05-05/2025-05-15",
        ),
        ([dated("holds", "2025-05-10", earliest=None), dated("holds", "2025-05-01")], "2025-05-10"),
        # begun again after an end
        (
            [dated("holds", "2020-01-01"), dated("ended", "2022-02-02"), dated("holds", "2024-03-03")],
            "2024-03-03",
        ),
        ([dated("holds", "2020-01-01"), dated("over", "2022-02-02"), dated("holds", "2024-03-03")], "2024-03-03"),
        ([dated("holds", "2024-03-03"), dated("holds", "2024-03-03", latest=None), at("over", "2024-01-01")],
         "2024-03-03"),
        ([dated("holds", "2020-01-01"), at("over", "2022-02-02"), at("holds", "2024-03-03")], None),
        # a denial begins nothing anew
        ([dated("holds", "2020-01-01"), dated("denied", "2022-02-02"), dated("holds", "2024-03-03")], "2020-01-01"),
        # the end where it is over: the last, also where it is only said to be over
        ([dated("holds", "2020-01-01"), dated("ended", "2022-02-02"), dated("ended", "2021-01-01")], "2022-02-02"),
        ([dated("holds", "2020-01-01"), dated("over", "2022-02-02")], "2022-02-02"),
        ([dated("denied", "2022-02-02")], "2022-02-02"),
        ([dated("holds", "2020-01-01"), at("ended", "2022-02-02")], None),
        ([dated("ended", "2022", latest=None), dated("ended", "2021-01-01")], "2021-01-01"),
        # of equal ends, the last of their names
        (
            [
                dated("ended", "2022-02-01/2022-02-02", latest="2022-02-02"),
                dated("ended", "2022-01-01/2022-02-02", latest="2022-02-02"),
            ],
            "2022-02-01/2022-02-02",
        ),
        # a plan: the last that was told
        ([at("planned", "2025-05-01", edtf="2026"), at("planned", "2025-06-01", edtf="2027")], "2027"),
        ([at("planned", "2025-06-01", edtf="2026"), at("planned", "2025-05-01", edtf="2027")], "2026"),
        ([at("planned", "2025-05-01", edtf="2027"), at("planned", "2025-05-01", edtf="2026")], "2027"),
        ([at("planned", None, edtf="2027"), at("planned", "2025-05-01", edtf="2026")], "2026"),
        ([at("planned", "2025-05-01")], None),
        ([at("planned", "2025-05-01", edtf="2026"), at("possible", "2025-06-01", edtf="2027")], "2026"),
        ([at("planned", "2025-05-01", edtf="2026"), at("planned", "2025-06-01")], "2026"),
    ],
)  # fmt: skip
def test_the_date_of_a_state(moments: list[Moment], expected: str | None) -> None:
    """Its beginning; its end where it is over; the day it is planned for."""
    assert judge(moments).edtf == expected


# -- dates that claims give ------------------------------------------------------------------------------


@pytest.mark.parametrize("stance", ["holds", "ended", "over"])
@pytest.mark.parametrize(
    ("bounds", "published", "expected"),
    [
        (("2025-01-01", "2025-12-31"), "2025-06-01", ("2025-01-01", "2025-06-01")),
        (("2025-01-01", "2025-03-31"), "2025-06-01", ("2025-01-01", "2025-03-31")),
        (("2025-01-01", "2025-06-01"), "2025-06-01", ("2025-01-01", "2025-06-01")),
        (("2025-06-01", "2025-06-30"), "2025-06-01", ("2025-06-01", "2025-06-01")),
        (("2025-06-02", "2025-06-30"), "2025-06-01", ("2025-06-02", "2025-06-30")),  # told as done, dated later
        ((None, "2025-12-31"), "2025-06-01", (None, "2025-06-01")),
        (("2025-01-01", None), "2025-06-01", ("2025-01-01", "2025-06-01")),
        (("2025-01-01", "2025-12-31"), None, ("2025-01-01", "2025-12-31")),
    ],
)
def test_what_is_told_as_done_was_done_by_then(
    stance: str, bounds: tuple[str | None, str | None], published: str | None, expected: tuple[str | None, str | None]
) -> None:
    """The day of publication ends the time in which it may have been; also of an end, and of what is over."""
    assert narrowed(*bounds, published, stance) == expected


@pytest.mark.parametrize("stance", ["planned", "denied", "unplanned"])
def test_what_is_not_done_may_be_later(stance: str) -> None:
    """A plan for this year is for the whole of it."""
    assert narrowed("2025-01-01", "2025-12-31", "2025-06-01", stance) == ("2025-01-01", "2025-12-31")


def test_a_vague_beginning_takes_the_days_of_sharper_ones() -> None:
    """ "In 2025" beside May and a day of May means that day; a later year stays as it is."""
    year = dated("holds", "2025", earliest="2025-01-01", latest="2025-12-31")
    month = dated("holds", "2025-05", earliest="2025-05-01", latest="2025-05-31")
    day, other = dated("holds", "2025-05-10"), dated("holds", "2026-01-01")
    found = sharpened([year, month, day, other])
    assert [(m.earliest, m.latest) for m in found] == [
        ("2025-05-10", "2025-05-10"),
        ("2025-05-10", "2025-05-10"),
        ("2025-05-10", "2025-05-10"),
        ("2026-01-01", "2026-01-01"),
    ]


def test_two_sharp_days_bound_a_vague_one() -> None:
    """Between the first and the last day of those it contains."""
    year = dated("holds", "2025", earliest="2025-01-01", latest="2025-12-31")
    found = sharpened([dated("holds", "2025-05-10"), year, dated("holds", "2025-03-01")])
    assert (found[1].earliest, found[1].latest) == ("2025-03-01", "2025-05-10")


def test_what_is_no_dated_beginning_sharpens_nothing() -> None:
    """Neither an end, nor the day of publication, nor a beginning without bounds."""
    year = dated("holds", "2025", earliest="2025-01-01", latest="2025-12-31")
    for other in (
        dated("ended", "2025-05-10"),
        at("holds", "2025-05-10", edtf="2025-05-10"),
        dated("holds", "2025-05-10", earliest=None),
        dated("holds", "2025-05-10", latest=None),
    ):
        assert sharpened([year, other]) == [year, other]
    undated = at("holds", "2025-05-10", edtf=None)
    assert sharpened([undated, dated("holds", "2025-05-09")])[0] == undated
