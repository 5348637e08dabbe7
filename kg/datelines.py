"""The day a document gives as its own: a date line, a stamp of its page, the dateline its first paragraph begins with.

A page often writes its stamp in English, whatever its language, and in figures that no sentence would use: both are
read here, and only in lines that are nothing but such a stamp.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kg.dates import Calendar, DateMention, cldr_months
from kg.model import Block, Token
from kg.tokens import Tokeniser

OPENING_BLOCKS = 8
CLOSING_BLOCKS = 3
LINE_TOKENS = 14  # a line of more is no stamp; a dateline before a paragraph is no longer
MARK_WITHIN = 6
LOOKED_AT = 240  # characters of a block
STAMP_REASON = "page furniture mark"  # "Published on ...", "Updated ..."
_AFTER_DATELINE = frozenset("\u2014\u2013-()[].")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{2})([./])(\d{2})\2(\d{2})(?![\d.])")
_BRACKETS = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class _Stamps:
    """How the software of a page writes a day: names of months in English or in the language, in English order too."""

    months: Mapping[str, int]
    month_first: re.Pattern[str]
    day_first: re.Pattern[str]


@lru_cache(maxsize=32)
def _stamps(calendar: Calendar) -> _Stamps:
    months = {fold: number for name, number in (*cldr_months("en"), *calendar.month_names) if (fold := name.casefold())}
    names = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    return _Stamps(
        months,
        re.compile(rf"(?<!\w)({names})\.? ?(\d{{1,2}})(?:st|nd|rd|th)?, ?(\d{{4}})(?!\d)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th)? ({names})\.?,? (\d{{4}})(?!\d)", re.IGNORECASE),
    )


def find_published(text: str, blocks: Sequence[Block], calendar: Calendar, tokeniser: Tokeniser) -> str | None:
    """Return the ISO day a document gives as its own, None where it gives none.

    The lines above and right below the title come first, then the dateline of a paragraph, then a stamp at the end.
    """
    for block in blocks[:OPENING_BLOCKS]:
        content = block.span.slice(text)
        if block.kind == "body":
            found, bare = _before_a_paragraph(text, block, calendar, tokeniser)
            if bare and {found} != _bare_days(text, blocks, calendar, tokeniser):
                return None
        elif block.kind not in {"title", "dateline"} and not (content[:1].isdigit() or _is_line(content)):
            continue
        else:
            found = _in_a_line(text, block, calendar, tokeniser)
        if found:
            return found
    for block in reversed(blocks[OPENING_BLOCKS:] or blocks[1:]):
        if block in blocks[-CLOSING_BLOCKS:] and _is_closing_stamp(block, block.span.slice(text)):
            found = _in_a_line(text, block, calendar, tokeniser)
            if found:
                return found
    return None


def _is_line(content: str) -> bool:
    return len(content.split()) <= LINE_TOKENS


def _is_closing_stamp(block: Block, content: str) -> bool:
    bracketed = _BRACKETS.get(content[:1]) == content.rstrip(".")[-1:]
    return _is_line(content) and (block.reason == STAMP_REASON or block.kind == "dateline" or bracketed)


def _in_a_line(text: str, block: Block, calendar: Calendar, tokeniser: Tokeniser) -> str | None:
    end = min(block.span.end, block.span.start + LOOKED_AT)
    for found in calendar.find(text, tokeniser.tokens(text, block.span.start, end)):
        if found.full and not found.relative:
            return _last_day(found)
    return _of_the_platform(text[block.span.start : end], _stamps(calendar))


def _of_the_platform(line: str, stamps: _Stamps) -> str | None:
    """Return the day of a stamp that no sentence would write: English or English order, a year of two figures."""
    if not _is_line(line):
        return None
    if found := stamps.month_first.search(line):
        return _iso(int(found[3]), stamps.months[found[1].casefold()], int(found[2]))
    if found := stamps.day_first.search(line):
        return _iso(int(found[3]), stamps.months[found[2].casefold()], int(found[1]))
    if found := _SHORT_YEAR.search(line):
        return _iso(2000 + int(found[4]), int(found[3]), int(found[1]))
    return None


def _before_a_paragraph(text: str, block: Block, calendar: Calendar, tokeniser: Tokeniser) -> tuple[str | None, bool]:
    """Return the day before the first sentence of a paragraph, and whether nothing stands before that day."""
    end = min(block.span.end, block.span.start + LOOKED_AT)
    tokens = tokeniser.tokens(text, block.span.start, end)
    for found in calendar.find(text, tokens):
        if found.full and not found.relative and _heads_paragraph(tokens, found):
            return _last_day(found), not found.first
    return None, False


def _bare_days(text: str, blocks: Sequence[Block], calendar: Calendar, tokeniser: Tokeniser) -> set[str | None]:
    """Return the days with which paragraphs begin: in a chronicle each with its own, which none was published on."""
    days: set[str | None] = set()
    for block in (b for b in blocks[:OPENING_BLOCKS] if b.kind == "body"):
        end = min(block.span.end, block.span.start + LOOKED_AT)
        first = next(iter(calendar.find(text, tokeniser.tokens(text, block.span.start, end))), None)
        if first is not None and not first.first and first.full and not first.relative:
            days.add(_last_day(first))
    return days


def _last_day(found: DateMention) -> str | None:
    """Return the day of a date, of a stretch of days the last one: a digest appears when its week is over."""
    return _iso(
        found.last_year or found.year or 0, found.last_month or found.month or 0, found.last_day or found.day or 0
    )


def _heads_paragraph(tokens: Sequence[Token], found: DateMention) -> bool:
    """Tell whether a date stands before the first sentence and not in it: a mark follows, and no verb comes first."""
    if found.first > LINE_TOKENS or any(map(_tells, tokens[: found.first])):
        return False
    after = tokens[found.last : found.last + MARK_WITHIN]
    mark = next((i for i, t in enumerate(after) if t.text in _AFTER_DATELINE), None)
    if mark is None:
        return len(tokens) <= LINE_TOKENS and not any(map(_tells, tokens))
    return not any(map(_tells, after[:mark]))


def _tells(token: Token) -> bool:
    return token.is_pos("VERB", "AUX") and not token.capitalised


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
