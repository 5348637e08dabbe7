"""How a fact stands on a day, and which claims were known by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from making import RUS, TALIBAN, claim

from kg.model import Fact, Iri, Knowledge, Moment
from kg.standing import Standing, beginning, facts_on, known_by, last_day, published_by, status_on

SO = "said to be so, and nothing later says otherwise"
OVER = "said to be over after the last claim that it is so"
ENDED = "an act that ends it came after the last claim that it is so"
TOLD = "told as done, and no denial of the same or a later time stands"


def moment(stance: str, earliest: str | None, latest: str | None, edtf: str | None = None, **more: Any) -> Moment:
    """Return a moment that begins between two days; dated where `edtf` says so."""
    values = {"claim": f"{stance} {latest}", "modality": "actual", "published": latest, "source": "a"} | more
    return Moment(stance=stance, earliest=earliest, latest=latest, edtf=edtf, dated=edtf is not None, **values)  # type: ignore[arg-type]


def fact(*moments: Moment, name: str = "f", edtf: str | None = "2020", refined_by: str | None = None) -> Fact:
    """Return a fact of these moments, as of all time actual and dated `edtf`."""
    return Fact(
        id=Iri(name), frame="Recognition", roles=(), status="actual", edtf=edtf, earliest="2020-01-01",
        latest="2020-12-31", former=False, supporting=(), opposing=(), moments=moments, reason="of all time",
        refined_by=Iri(refined_by) if refined_by else None,
    )  # fmt: skip


BEGUN = moment("holds", "2020-01-01", "2020-12-31", "2020")
OVER_BY = moment("over", "2023-01-01", "2023-12-31", "2023")
ENDED_BY = moment("ended", "2023-01-01", "2023-12-31", "2023")


@pytest.mark.parametrize(
    ("moments", "day", "expected"),
    [
        ((BEGUN,), "2019-12-31", Standing(None)),
        ((BEGUN,), "2020-01-01", Standing(None, "actual", possible_edtf="2020")),
        ((BEGUN,), "2020-12-30", Standing(None, "actual", possible_edtf="2020")),
        ((BEGUN,), "2020-12-31", Standing("actual", None, False, "2020", SO, "2020")),
        # while it may be over or not, it certainly was; then it is over
        ((BEGUN, OVER_BY), "2022-12-31", Standing("actual", None, False, "2020", SO, "2020")),
        ((BEGUN, OVER_BY), "2023-06-01", Standing("actual", "actual", False, "2020", SO, "2023")),
        ((BEGUN, OVER_BY), "2023-12-31", Standing("actual", None, True, "2023", OVER, "2023")),
        ((BEGUN, ENDED_BY), "2023-06-01", Standing("actual", "negated", False, "2020", SO, "2023")),
        ((BEGUN, ENDED_BY), "2024-01-01", Standing("negated", None, False, "2023", ENDED, "2023")),
        # without a first day it may have been at any time, without a last one it is never certain
        ((replace(BEGUN, earliest=None),), "1900-01-01", Standing(None, "actual", possible_edtf="2020")),
        ((replace(BEGUN, latest=None),), "2050-01-01", Standing(None, "actual", possible_edtf="2020")),
    ],
)
def test_a_fact_stands_as_its_moments_by_then(moments: tuple[Moment, ...], day: str, expected: Standing) -> None:
    """What has certainly happened by the end of the day gives the status; what may have, the possible one."""
    assert status_on(fact(*moments), day) == expected


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing("actual"), "certain"),
        (Standing("actual", "negated"), "possible"),
        (Standing("actual", "actual"), "possible"),
        (Standing(None, "actual"), "possible"),
        (Standing("negated", "actual"), "possible"),
        (Standing(None), "no"),
        (Standing("negated"), "no"),
        (Standing(None, "planned"), "no"),
    ],
)
def test_whether_it_holds(standing: Standing, expected: str) -> None:
    """Certain where nothing else is possible, possible where either status is actual."""
    assert standing.certainty == expected


def test_facts_on_a_day_are_as_they_stood() -> None:
    """Status, date, bounds, reason and whether it is over are those of the day, all else stays."""
    known = fact(BEGUN, ENDED_BY)
    assert facts_on([known], "2019-12-31") == []
    (begun,) = facts_on([known], "2021-01-01")
    assert begun == replace(known, reason=SO)
    (ended,) = facts_on([known], "2024-01-01")
    assert ended == replace(
        known, status="negated", reason=ENDED, edtf="2023", earliest="2023-01-01", latest="2023-12-31"
    )
    (over,) = facts_on([fact(BEGUN, OVER_BY)], "2024-01-01")
    assert (over.status, over.former, over.edtf) == ("actual", True, "2023")


def test_what_may_hold_is_shown_when_it_is_asked_for() -> None:
    """A day between the bounds: nothing is certain; with `possible` it is actual, dated as it may be."""
    known = fact(BEGUN, edtf=None)
    assert facts_on([known], "2020-06-01") == []
    (maybe,) = facts_on([known], "2020-06-01", possible=True)
    assert (maybe.status, maybe.edtf, maybe.earliest, maybe.latest) == ("actual", "2020", "2020-01-01", "2020-12-31")
    assert maybe.reason == ""


def test_what_may_have_ended_is_still_possible() -> None:
    """Between certain beginning and possible end it is not certain any more, and shown as possible."""
    known = fact(BEGUN, ENDED_BY)
    assert facts_on([known], "2023-06-01") == []
    assert [f.status for f in facts_on([known], "2023-06-01", possible=True)] == ["actual"]


def test_what_can_only_be_planned_is_shown_as_it_is_certain() -> None:
    """Where neither status is actual, nothing is left open: a denial that a plan may follow is shown as one."""
    denied = moment("denied", "2020-01-01", "2020-01-01")
    plan = moment("planned", "2020-01-01", "2020-12-31", modality="planned", published="2020-06-01")
    known = fact(denied, plan)
    assert status_on(known, "2020-06-01").possibly == "planned"
    assert [f.status for f in facts_on([known], "2020-06-01")] == ["negated"]


def test_an_event_keeps_its_date() -> None:
    """The date of an event is part of what it is; undated ones stay without bounds."""
    told = moment("holds", "2020-05-01", "2020-05-31", "2020-05", event=True)
    (found,) = facts_on([fact(told, edtf="2020-05-10")], "2020-06-01")
    assert (found.edtf, found.earliest, found.latest) == ("2020-05-10", "2020-05-10", "2020-05-10")
    assert found.reason == TOLD
    (undated,) = facts_on([fact(told, edtf=None)], "2020-06-01")
    assert (undated.edtf, undated.earliest, undated.latest) == (None, None, None)


def test_a_refinement_is_kept_where_it_stands_that_day() -> None:
    """The coarser fact points to the finer one while both are there, and to nothing before."""
    coarse, fine = fact(BEGUN, refined_by="fine"), fact(replace(BEGUN, latest="2021-06-01"), name="fine")
    assert [f.refined_by for f in facts_on([coarse, fine], "2021-01-01")] == [None]
    assert [f.refined_by for f in facts_on([coarse, fine], "2021-06-01")] == ["fine", None]


def test_known_by_a_day(knowledge: Knowledge) -> None:
    """Documents of that day are known, those dated by a month only when it is over, undated ones never."""
    roles = {"recogniser": RUS, "recognised": TALIBAN}
    days = {"en-1": "2025-07-04", "en-2": "2025-07", "en-3": None, "en-4": "2025-07-31"}
    claims = [claim(knowledge, "Recognition", name, day, **roles) for name, day in days.items()]
    claims.append(claim(knowledge, "Recognition", "en-3", None, start=50, **roles))
    assert [published_by(c) for c in claims] == ["2025-07-04", "2025-07-31", None, "2025-07-31", None]
    for day, expected in (("2025-07-03", []), ("2025-07-04", ["en-1"]), ("2025-07-31", ["en-1", "en-2", "en-4"])):
        known, undated = known_by(iter(claims), day)
        assert ([c.document for c in known], undated) == (expected, 1)
    assert last_day(claims) == "2025-07-31"
    assert last_day(claims[:1]) == "2025-07-04"
    assert last_day(claims[2:3]) is None


@pytest.mark.parametrize(
    ("edtf", "former", "expected"),
    [
        ("2020-05-10", False, ("2020-05-10", None)),
        ("2020-05-10", True, (None, "2020-05-10")),
        ("2020-05", False, (None, None)),
        ("2020-05", True, (None, None)),
        (None, False, (None, None)),
        ("2020-05-10/2020-06-10", True, (None, None)),
    ],
)
def test_the_day_a_state_began_or_ended(
    *, edtf: str | None, former: bool, expected: tuple[str | None, str | None]
) -> None:
    """Only a full day is told; of what is over, it is the end."""
    assert beginning(replace(fact(edtf=edtf), former=former)) == expected
