"""Days told above what happened on them."""

from __future__ import annotations

import pytest

from kg.extract import Extractor
from kg.model import Document, LanguageTag, Sha256


def told(extractor: Extractor, text: str, language: str) -> list[tuple[str, str | None]]:
    """Return (frame, date) of each claim of a text, in order."""
    document = Document("d", text, LanguageTag(language), Sha256("0" * 64))
    return [(c.frame, c.date.edtf if c.date else None) for c in extractor.extract(document).claims]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "2014 жыл\n\n18 наурыз\n\nПеру Палестинаны таныды.\n\n27 маусым\n\nЧили Палестинаны таныды.\n"),
        ("ru", "События 2014 года\n\n18 марта\n\nПеру признало Палестину.\n\n27 июня\n\nЧили признала Палестину.\n"),
        (
            "en",
            "A year\n\n18 March 2014\n\nPeru recognised Palestine.\n\n27 June\n\nChile recognised Palestine.\n\n2 July",
        ),
    ],
)
def test_headings_date_what_stands_under_them(extractor: Extractor, language: str, text: str) -> None:
    """In a chronicle an act is dated by the line above it, and its year by the title."""
    assert told(extractor, text, language) == [("Recognition", "2014-03-18"), ("Recognition", "2014-06-27")]


def test_one_line_with_a_date_is_no_chronicle(extractor: Extractor) -> None:
    """A single line with a date may be anything, so it dates nothing."""
    text = "A page of news\n\n18 March\n\nPeru recognised Palestine, the ministry of the country told the press.\n"
    assert told(extractor, text, "en") == [("Recognition", None)]


def test_a_heading_dates_no_plan_and_no_dated_act(extractor: Extractor) -> None:
    """What its own sentence dates, or what is only planned, does not take the date above it."""
    text = (
        "The year 2014\n\n18 March\n\nPeru recognised Palestine in 2012.\n\n"
        "27 June\n\nChile will recognise Palestine, its foreign ministry told the press.\n"
    )
    assert told(extractor, text, "en") == [("Recognition", "2012"), ("Recognition", None)]


def test_a_digest_dates_what_it_leaves_undated(extractor: Extractor) -> None:
    """An act without a day in a digest of days of one month happened in that month."""
    text = "Week: 1-6 December 2025\n\n\u2022 Peru recognised Palestine.\n\n\u2022 Chile recognised Palestine in 1994."
    kk = "Апта: 1–6 желтоқсан 2025 ж.\n\n• Перу Палестинаны таныды.\n\n• 1994 жылы Чили Палестинаны таныды.\n"
    expected = [("Recognition", "2025-12"), ("Recognition", "1994")]
    assert told(extractor, kk, "kk") == expected
    assert told(extractor, text, "en") == expected
