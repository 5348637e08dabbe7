"""What a date as written means beside the day of its document: each rule at the days where it begins and ends to hold.

Wednesday 18 June 2025 is the day of the document, unless another one is given.
"""

from __future__ import annotations

from typing import Any

import pytest

from kg.dates import DateMention, bounds, claim_date, contains, ended_before, resolve
from kg.model import ClaimDate, Span

WEDNESDAY = "2025-06-18"


def meant(
    published: str | None = WEDNESDAY, previous: str | None = None, *, future: bool = False, **written: Any
) -> str | None:
    """Return what a mention with these parts means."""
    return resolve(DateMention(0, 1, **written), published, previous, future=future)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"year": 2023}, "2023"),
        ({"year": 2023, "month": 9}, "2023-09"),
        ({"year": 2023, "month": 9, "day": 1}, "2023-09-01"),
        ({"year": 2023, "month": 2, "day": 29}, None),
        ({"year": 2024, "month": 2, "day": 29}, "2024-02-29"),
        ({"year": 1799, "month": 1, "day": 1}, None),  # no day of an official of ours
        ({"year": 1800, "month": 1, "day": 1}, "1800-01-01"),
        ({"year": 2100, "month": 1, "day": 1}, "2100-01-01"),
        ({"year": 2101, "month": 1, "day": 1}, None),
        ({}, None),
        ({"day": 3}, None),
    ],
)
def test_a_date_with_its_year(written: dict[str, int], expected: str | None) -> None:
    """As precise as it is written; a day that no calendar has is none. The document's own day changes nothing."""
    assert meant(**written) == meant(None, **written) == meant(future=True, **written) == expected


@pytest.mark.parametrize(
    ("written", "past", "ahead"),
    [
        # this month and this day belong to both
        ({"month": 6}, "2025-06", "2025-06"),
        ({"month": 6, "day": 18}, "2025-06-18", "2025-06-18"),
        ({"month": 6, "day": 17}, "2025-06-17", "2026-06-17"),
        ({"month": 5, "day": 30}, "2025-05-30", "2026-05-30"),
        # what comes within a month is told in any tense: 18 July is 31 days away as it counts, 19 July 32
        ({"month": 6, "day": 19}, "2025-06-19", "2025-06-19"),
        ({"month": 7, "day": 18}, "2025-07-18", "2025-07-18"),
        ({"month": 7, "day": 19}, "2024-07-19", "2025-07-19"),
        ({"month": 7}, "2025-07", "2025-07"),
        ({"month": 8}, "2024-08", "2025-08"),
        ({"month": 5}, "2025-05", "2026-05"),
    ],
)
def test_a_date_without_its_year(written: dict[str, int], past: str, ahead: str) -> None:
    """It belongs to the twelve months before, in a plan to those after."""
    assert meant(**written) == past
    assert meant(future=True, **written) == ahead
    assert meant(direction="future", **written) == ahead
    assert meant(None, **written) is None


def test_words_for_past_and_future_go_before_tense() -> None:
    """ "Last July" is no July to come, however near, and also in a plan."""
    assert meant(month=7, day=18, direction="past") == "2024-07-18"
    assert meant(month=7, day=18, direction="past", future=True) == "2024-07-18"
    assert meant(weekday=5, direction="past", future=True) == "2025-06-13"
    assert meant(weekday=5, direction="future") == "2025-06-20"


@pytest.mark.parametrize(
    ("published", "written", "past", "ahead"),
    [
        ("2025-06", {"month": 6, "day": 30}, "2025-06-30", "2025-06-30"),  # days say nothing beside a month
        ("2025-06", {"month": 7, "day": 3}, "2025-07-03", "2025-07-03"),
        ("2025-06", {"month": 8}, "2024-08", "2025-08"),
        ("2025-06", {"month": 5}, "2025-05", "2026-05"),
        ("2025", {"month": 12}, "2025-12", "2025-12"),
        ("2025", {"month": 1, "day": 5}, "2025-01-05", "2025-01-05"),
        ("2025", {"weekday": 3}, None, None),
        ("2025-06", {"weekday": 3}, None, None),
    ],
)
def test_a_document_of_a_month_or_a_year(
    published: str, written: dict[str, int], past: str | None, ahead: str | None
) -> None:
    """Where the document's day is not known, its month or year still tells the year."""
    assert meant(published, **written) == past
    assert meant(published, future=True, **written) == ahead


@pytest.mark.parametrize(
    ("weekday", "past", "ahead"),
    [
        (1, "2025-06-16", "2025-06-23"),
        (2, "2025-06-17", "2025-06-24"),
        (3, "2025-06-18", "2025-06-18"),
        (4, "2025-06-12", "2025-06-19"),
        (7, "2025-06-15", "2025-06-22"),
    ],
)
def test_a_weekday(weekday: int, past: str, ahead: str) -> None:
    """The last one, in a plan the next; the day of the document is both."""
    for relative in (None, "weekday"):
        assert meant(weekday=weekday, relative=relative) == past
        assert meant(weekday=weekday, relative=relative, future=True) == ahead
        assert meant(None, weekday=weekday, relative=relative) is None


@pytest.mark.parametrize(
    ("relative", "more", "expected"),
    [
        ("day 0", {}, "2025-06-18"),
        ("day -1", {}, "2025-06-17"),
        ("day +1", {}, "2025-06-19"),
        ("day -18", {}, "2025-05-31"),
        ("day -<number>", {"amount": 10}, "2025-06-08"),
        ("day <number>", {"amount": 2}, "2025-06-20"),
        ("day -<number>", {}, None),
        ("week 0", {}, "2025-06"),
        ("week -1", {}, "2025-06"),  # its Monday is the 9th
        ("week -3", {}, "2025-05"),  # the 26th
        ("week +1", {}, "2025-06"),  # its Sunday is the 29th
        ("week +2", {}, "2025-07"),  # the 6th
        ("week -1", {"weekday": 1}, "2025-06-09"),
        ("week 0", {"weekday": 7}, "2025-06-22"),
        ("week +1", {"weekday": 3}, "2025-06-25"),
        ("month -1", {}, "2025-05"),
        ("month -6", {}, "2024-12"),
        ("month +6", {}, "2025-12"),
        ("month +7", {}, "2026-01"),
        ("month 0", {"day": 3}, "2025-06-03"),
        ("month -4", {"day": 29}, None),  # 29 February 2025
        ("year -1", {}, "2024"),
        ("year 0", {}, "2025"),
        ("year +1", {"month": 3}, "2026-03"),
        ("year -1", {"month": 3, "day": 4}, "2024-03-04"),
    ],
)
def test_a_date_counted_from_the_document(relative: str, more: dict[str, int], expected: str | None) -> None:
    """Days, weeks, months and years from the day of the document; without one, nothing."""
    assert meant(relative=relative, **more) == expected
    assert meant(None, relative=relative, **more) is None


@pytest.mark.parametrize(
    ("published", "relative", "expected"),
    [
        ("2025-06", "month -1", "2025-05"),
        ("2025-06", "day -1", None),
        ("2025-06", "week -1", None),
        ("2025", "year -1", "2024"),
        ("2025", "month -1", None),
    ],
)
def test_counting_needs_what_is_counted(published: str, relative: str, expected: str | None) -> None:
    """A document known to the month counts months and years, one known to the year years only."""
    assert meant(published, relative=relative) == expected


@pytest.mark.parametrize(
    ("relative", "previous", "more", "expected"),
    [
        ("same day", "2024-03-01", {}, "2024-03-01"),
        ("same day", "2024", {}, None),
        ("same month", "2024-03-01", {}, "2024-03"),
        ("same month", "2024-03", {}, "2024-03"),
        ("same month", "2024", {}, None),
        ("same year", "2024-03-01", {}, "2024"),
        ("same year", "2024", {"month": 7}, "2024-07"),
        ("same year", "2024-03", {"month": 7, "day": 9}, "2024-07-09"),
        ("previous year -1", "2024-03-01", {}, "2023"),
        ("previous year +1", "2024", {"month": 2}, "2025-02"),
        ("previous month +1", "2024-12-01", {}, "2025-01"),
        ("previous month -1", "2024-01", {"day": 31}, "2023-12-31"),
        ("previous month -1", "2024", {}, None),
        ("next day", "2024-02-28", {}, "2024-02-29"),
        ("next day", "2024-02", {}, None),
        ("previous day +2", "2024-02-28", {}, "2024-03-01"),
        ("previous day -2", "2024-03-01", {}, "2024-02-28"),
        ("previous day -", "2024-03-01", {"amount": 1}, "2024-02-29"),
        ("previous day +<number>", "2024-03-01", {"amount": 3}, "2024-03-04"),
        ("previous day", "2024-03-01", {}, None),
        ("previous day +2", "2024-03", {}, None),
        ("something else", "2024-03-01", {}, None),
    ],
)
def test_a_date_counted_from_the_one_before(
    relative: str, previous: str, more: dict[str, int], expected: str | None
) -> None:
    """ "The same day", "a year later": from what was told last, and from nothing else."""
    assert meant(None, previous, relative=relative, **more) == expected
    assert meant(WEDNESDAY, None, relative=relative, **more) is None


@pytest.mark.parametrize(
    ("written", "future", "expected"),
    [
        ({"year": 2024, "month": 5, "day": 3, "last_day": 5}, False, "2024-05-03/2024-05-05"),
        ({"year": 2024, "month": 5, "day": 30, "last_day": 2, "last_month": 6}, False, "2024-05-30/2024-06-02"),
        ({"year": 2021, "last_year": 2024}, False, "2021/2024"),
        ({"year": 2023, "month": 12, "last_month": 1, "last_year": 2024}, False, "2023-12/2024-01"),
        # one day is no stretch, and a day that does not exist leaves the other
        ({"year": 2024, "month": 5, "day": 3, "last_day": 3}, False, "2024-05-03"),
        ({"year": 2024, "month": 2, "day": 28, "last_day": 30}, False, "2024-02-28"),
        ({"year": 2024, "month": 2, "day": 30, "last_day": 28}, False, "2024-02-28"),
        ({"year": 2024, "month": 5, "day": 5, "last_day": 3}, False, "2024-05-05"),
        # without a year: the last, in a plan the next
        ({"month": 5, "day": 3, "last_day": 5}, False, "2025-05-03/2025-05-05"),
        ({"month": 5, "day": 3, "last_day": 5}, True, "2026-05-03/2026-05-05"),
        # begun and not over, in a plan: it is this one
        ({"month": 6, "day": 16, "last_day": 20}, True, "2025-06-16/2025-06-20"),
        ({"month": 6, "day": 16, "last_day": 18}, True, "2025-06-16/2025-06-18"),
        ({"month": 6, "day": 16, "last_day": 17}, True, "2026-06-16/2026-06-17"),
    ],
)
def test_a_stretch_of_days(written: dict[str, int], future: bool, expected: str) -> None:
    """From one day to another, the end after the beginning."""
    assert meant(future=future, **written) == expected


def test_a_stretch_without_any_day() -> None:
    """Where neither end can be told, nothing is."""
    assert meant(None, month=5, day=3, last_day=5) is None


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2024-04", ("2024-04-01", "2024-04-30")),
        ("../2024", (None, "2024-12-31")),
        ("/2024-02", (None, "2024-02-29")),
        ("2024/", ("2024-01-01", None)),
        ("2023-05-06/2024", ("2023-05-06", "2024-12-31")),
    ],
)
def test_bounds(edtf: str, expected: tuple[str | None, str | None]) -> None:
    """The first and last day; none at an open end, however it is written."""
    assert bounds(edtf) == expected


@pytest.mark.parametrize(
    ("edtf", "day", "expected"),
    [
        ("2024", "2025-01-01", True),
        ("2024", "2024-12-31", False),
        ("2024-05-10", "2024-05-11", True),
        ("2024-05-10", "2024-05-10", False),
        ("2020/..", "2025-01-01", False),
        (None, "2025-01-01", False),
        ("2024", None, False),
    ],
)
def test_ended_before(edtf: str | None, day: str | None, expected: bool) -> None:
    """All of it lies before the day; an open end never does."""
    assert ended_before(edtf, day) is expected


@pytest.mark.parametrize(
    ("coarse", "fine", "expected"),
    [
        (None, None, True),
        (None, "2024", True),
        ("2024", None, False),
        ("2024", "2024", True),
        ("2024", "2024-12-31", True),
        ("2024", "2025-01-01", False),
        ("2024", "2023-12-31", False),
        ("2024-05", "2024", False),
        ("2024/..", "2030", True),
        ("2024/..", "2023", False),
        ("2024/..", "2024-05/..", True),
        ("../2024", "2020", True),
        ("../2024", "2025", False),
        ("../2024", "../2023", True),
        ("2024", "2024/..", False),
        ("2024", "../2024", False),
    ],
)
def test_contains(coarse: str | None, fine: str | None, expected: bool) -> None:
    """Every day of the one lies in the other."""
    assert contains(coarse, fine) is expected


def test_a_claim_date_keeps_its_words() -> None:
    """What it means, its bounds, and where it is written."""
    assert claim_date("2024-02", "in February", Span(3, 14)) == ClaimDate(
        "2024-02", "2024-02-01", "2024-02-29", "in February", Span(3, 14)
    )
