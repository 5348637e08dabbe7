"""Days told above what happened on them: headings and heads of paragraphs of a chronicle, the span of a digest.

A document in which two short lines or heads of paragraphs or more are nothing but dates is a chronicle: what stands
under such a line happened then, and days without a year are days of its year. Where the title of a document tells
from which to which day it goes ("The week: 1-6 December"), what it does not date happened in that month.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.dates import Calendar, DateMention, resolve
from kg.model import Block, Sentence, Token
from kg.tokens import Tokeniser

BESIDE = 1  # words that may stand in a heading beside its date
LONGEST_HEADING = 8  # tokens
LEAST = 2  # headings of a chronicle
_PARTS = frozenset({"\u2014", "\u2013", "-", ":", "."})
_BULLETS = frozenset({"\u25a0", "\u2022", "\u25aa", "\u25cf", "*", "-", "\u2013", "\u2014"})


def days_above(
    text: str,
    blocks: Sequence[Block],
    sentences: Sequence[Sentence],
    calendar: Calendar,
    tokeniser: Tokeniser,
    published: str | None,
) -> Mapping[int, str]:
    """Return, by the number of a sentence, the EDTF date under which it stands; sentences under none are left out."""
    by_block: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        by_block.setdefault(sentence.block.span.start, []).append(sentence)
    above: dict[int, str] = {}
    year, span, heading = _year_of_title(text, blocks, calendar, tokeniser), None, None
    found: set[str] = set()
    opened = False
    for block in blocks:
        own = by_block.get(block.span.start, [])
        words = len(block.span.slice(text).split())
        date = None
        if block.kind in {"title", "dateline"} or (block.kind == "furniture" and words <= LONGEST_HEADING // 2):
            tokens = tokeniser.tokens(text, block.span.start, block.span.end)
            date = _only_date(tokens, text, calendar)
            if not opened and date is None and block.kind != "furniture":
                span = span or _span(tokens, text, calendar, published)
        if date is not None and block.kind != "body":
            heading = _told(date, heading, published, year)
            found |= {heading} if heading is not None else set()
            continue
        opened = opened or block.kind == "body"
        here = heading
        for number, sentence in enumerate(own):
            day = _head_of_paragraph(sentence.tokens, text, calendar) if not number and block.kind == "body" else None
            if day is not None:
                here = _told(day, heading, published, year) or heading
                found |= {here} if here is not None else set()
            if here is not None:
                above[sentence.index] = here
    if len(found - {published}) >= LEAST:
        return above
    return {s.index: span for s in sentences if s.block.kind == "body"} if span is not None else {}


def _told(date: DateMention, heading: str | None, published: str | None, year: str | None) -> str | None:
    """Return the EDTF date of a heading; a day without a year is of the year of the heading before, or the title's."""
    base = published if published != heading else None  # which a heading may have given
    base = base or (heading[:4] if heading is not None else year)
    told = resolve(date, base, heading, future=False)
    return told if told is None or len(told) <= len("2024-01-01") else None


def _only_date(tokens: Sequence[Token], text: str, calendar: Calendar) -> DateMention | None:
    """Return the date that is all a short line says, None for other lines."""
    if len(tokens) > LONGEST_HEADING:
        return None
    dates = [d for d in calendar.find(text, tokens) if d.role is None]
    if len(dates) != 1 or dates[0].last_day or dates[0].last_month or dates[0].last_year:
        return None
    rest = [t for i, t in enumerate(tokens) if t.kind != "mark" and not dates[0].first <= i < dates[0].last]
    named = dates[0].month or dates[0].weekday or (dates[0].year and not rest)
    return dates[0] if named and dates[0].relative in {None, "weekday"} and len(rest) <= BESIDE else None


def _head_of_paragraph(tokens: Sequence[Token], text: str, calendar: Calendar) -> DateMention | None:
    """Return the date before a dash, colon or full stop with which a paragraph begins, None for no such date."""
    start = 1 if tokens and tokens[0].text in _BULLETS else 0
    head = tokens[start : start + LONGEST_HEADING]
    date = next(iter(calendar.find(text, tuple(head))), None)
    if date is None or date.first or date.role or date.last_day or not date.month:
        return None
    after = head[date.last].text if date.last < len(head) else "."
    return date if after in _PARTS and date.relative is None else None


def _year_of_title(text: str, blocks: Sequence[Block], calendar: Calendar, tokeniser: Tokeniser) -> str | None:
    """Return the only year that the titles at the head of a document name."""
    years: set[int] = set()
    for block in blocks:
        if block.kind == "body":
            break
        tokens = tokeniser.tokens(text, block.span.start, block.span.end) if block.kind in {"title", "dateline"} else ()
        years |= {d.year for d in calendar.find(text, tokens) if d.year}
    return f"{years.pop():04d}" if len(years) == 1 else None


def _span(tokens: Sequence[Token], text: str, calendar: Calendar, published: str | None) -> str | None:
    """Return the month, or else the year, in which lie both days from which to which a title goes."""
    stretch = next((d for d in calendar.find(text, tokens) if d.day and (d.last_day or d.last_month)), None)
    if stretch is None:
        return None
    told = resolve(replace(stretch, role=None), published, None, future=False) or ""
    first, _, last = told.partition("/")
    return next((first[:n] for n in (7, 4) if first and first[:n] == last[:n]), None)
