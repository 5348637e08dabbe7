"""Dates in four languages, relative to the document's own."""

from __future__ import annotations

import pytest

from kg.dates import Calendar, bounds, claim_date, contains, resolve
from kg.language.pack import Pack
from kg.tokens import Tokeniser

WEDNESDAY = "2025-06-18"


def read(pack: Pack, text: str, published: str | None = WEDNESDAY, *, future: bool = False) -> list[str | None]:
    """Return the EDTF dates of a text, each relative to the one before."""
    tokens = Tokeniser(pack).tokens(text, 0, len(text))
    out: list[str | None] = []
    previous: str | None = None
    for mention in Calendar(pack).find(text, tokens):
        previous = resolve(mention, published, previous, future=future) or previous
        out.append(previous)
    return out


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "on 11 September 2023", "2023-09-11"),
        ("en", "on September 11, 2023", "2023-09-11"),
        ("en", "in May 2024", "2024-05"),
        ("en", "in 1994", "1994"),
        ("en", "on Monday", "2025-06-16"),
        ("en", "yesterday", "2025-06-17"),
        ("en", "last month", "2025-05"),
        ("ru", "11 сентября 2023 года", "2023-09-11"),
        ("ru", "в мае 2024 года", "2024-05"),
        ("ru", "в 1994 году", "1994"),
        ("ru", "в понедельник", "2025-06-16"),
        ("ru", "вчера", "2025-06-17"),
        ("ru", "04.07.2024", "2024-07-04"),
        ("kk", "2023 жылғы 11 қыркүйекте", "2023-09-11"),
        ("kk", "2024 жылғы мамырда", "2024-05"),
        ("kk", "1994 жылы", "1994"),
        ("kk", "дүйсенбіде", "2025-06-16"),
        ("kk", "кеше", "2025-06-17"),
        ("kk", "өткен сәрсенбіде", "2025-06-11"),
        ("kk", "өткен аптаның сейсенбісінде", "2025-06-10"),
        ("kk", "осы аптаның дүйсенбісінде", "2025-06-16"),
        ("kk", "осыдан төрт жыл бұрын", "2021"),
        ("kk", "бес ай бұрын", "2025-01"),
        ("kk", "бұрнағы күні", "2025-06-16"),
        ("kk", "5-тен 9 маусымға дейін", "2025-06-05/2025-06-09"),
        ("kk", "3–9 маусым 2024 ж.", "2024-06-03/2024-06-09"),
        ("kk", "сейсенбі (10 маусым) күні", "2025-06-10"),
        ("kk", "былтыр желтоқсанның 5-інде", "2024-12-05"),
        ("vi", "ngày 11/9/2023", "2023-09-11"),
        ("vi", "tháng 5/2024", "2024-05"),
        ("vi", "năm 1994", "1994"),
        ("vi", "hôm qua", "2025-06-17"),
        ("vi", "hôm 3/6", "2025-06-03"),
    ],
)
def test_a_date_is_read(packs: dict[str, Pack], language: str, text: str, expected: str) -> None:
    """Full dates, months, years, weekdays and relative days give the date they mean."""
    assert read(packs[language], text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 маусымда ... Сол күні", "2025-06-03"),
        ("3 маусымда ... Ертеңінде", "2025-06-04"),
        ("3 маусымда ... Араға екі күн салып", "2025-06-05"),
        ("3 маусымда ... Одан үш күн өткен соң", "2025-06-06"),
        ("3 маусымда ... Бір күн бұрын", "2025-06-02"),
        ("2009 жылы ... Араға төрт жыл салып", "2013"),
        ("2009 жылы ... Сол жылдың қазанында", "2009-10"),
        ("Бір күн бұрын", "2025-06-17"),
        ("2010 жылдары", None),
        ("бірнеше күн бұрын", None),
    ],
)
def test_a_date_is_counted_from_the_one_before(packs: dict[str, Pack], text: str, expected: str | None) -> None:
    """Days, months and years after or before what was told last are counted from it; some words tell no date."""
    tokens = Tokeniser(packs["kk"]).tokens(text, 0, len(text))
    dates = [d for d in Calendar(packs["kk"]).find(text, tokens) if d.role is None]
    previous: str | None = None
    for mention in dates:
        previous = resolve(mention, WEDNESDAY, previous, future=False)
    assert previous == expected


def test_a_weekday_looks_ahead_in_a_plan(packs: dict[str, Pack]) -> None:
    """The same weekday means the next one where the clause speaks of the future."""
    assert read(packs["en"], "on Friday", future=True) == ["2025-06-20"]
    assert read(packs["en"], "on Friday") == ["2025-06-13"]


def test_a_month_without_a_year_takes_the_nearest_by_tense(packs: dict[str, Pack]) -> None:
    """A past month belongs to the last twelve months, a planned one to the next."""
    assert read(packs["en"], "in October") == ["2024-10"]
    assert read(packs["en"], "in October", future=True) == ["2025-10"]


@pytest.mark.parametrize("text", ["on 3 May", "on Monday", "yesterday", "last year"])
def test_without_a_date_of_its_own_a_document_dates_nothing_relative(packs: dict[str, Pack], text: str) -> None:
    """Day and month without a year, weekdays and relative days stay undated in an undated document."""
    assert read(packs["en"], text, published=None) == [None]


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2024", ("2024-01-01", "2024-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2024-02-03", ("2024-02-03", "2024-02-03")),
        ("2024-02/2024-03", ("2024-02-01", "2024-03-31")),
        ("2024/..", ("2024-01-01", None)),
    ],
)
def test_a_date_has_bounds(edtf: str, expected: tuple[str | None, str | None]) -> None:
    """EDTF of any precision has a first and a last possible day, open ends have none."""
    assert bounds(edtf) == expected


def test_a_coarse_date_contains_a_fine_one() -> None:
    """A year contains its days; no date contains every date; a day does not contain its year."""
    assert contains("2024", "2024-02-03")
    assert contains(None, "2024")
    assert not contains("2024-02-03", "2024")


def test_no_date_gives_no_claim_date() -> None:
    """A claim without a date has none, not an empty one."""
    assert claim_date(None) is None
