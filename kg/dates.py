"""Date words and an explicit reference date -> EDTF. No clock: what a document does not date stays undated.

Month and weekday names come from CLDR (through Babel) and the pack; patterns from the pack; figures such as
04.07.2025 and 2025-07-04 are read alike in every language.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import get_day_names, get_month_names

from kg.language.pack import DatePattern, Pack
from kg.model import ClaimDate, Span, Token
from kg.patterns import Match
from kg.token_row import TokenRow
from kg.unguarded import unguarded

_ISO = re.compile(r"(?<!\d)(\d{4})([./-])(\d{2})\2(\d{2})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_FIGURES = re.compile(r"(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
CACHE_LIMIT = 200_000
_NUMBER = re.compile(r"^\d+")
_PREVIOUS = re.compile(r"^previous (year|month|day) ([+-])(\d+|<number>)?$")
_RELATIVE = re.compile(r"^(day|week|month|year)\s*([+-]?)(\d+|<number>)$")
OVER = "over"  # the direction of what a verb tells of the past; "past" is that of words such as "last Tuesday"
_BACK = frozenset({OVER, "past"})
SOON = 31


@unguarded
@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as written; parts that are not written are None. Token range half-open."""

    first: int
    last: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    amount: int | None = None
    relative: str | None = None
    direction: str | None = None
    role: str | None = None
    last_day: int | None = None
    last_month: int | None = None
    last_year: int | None = None

    @property
    def full(self) -> bool:
        """Tell whether day, month and year are all written."""
        return None not in (self.year, self.month, self.day)


class Calendar:
    """Finds and resolves dates in one language."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        fold = pack.morphology.fold
        self._months = {fold(name): n for name, n in cldr_months(pack.language)} | dict(pack.months)
        self._known: dict[tuple[str, str, frozenset[str], str], bool] = {}
        self._weekdays = {fold(name): n for name, n in _cldr_weekdays(pack.language)} | dict(pack.weekdays)

    @property
    def month_names(self) -> Iterable[tuple[str, int]]:
        """Return the folded names of months, inflected ones too, with the month's number."""
        return self._months.items()

    def typed(self, token: Token, kind: str) -> bool:
        """Tell whether a token is of a typed kind of the pattern notation; remembered for words seen before."""
        asked = (token.text, token.kind, token.keys, kind)
        known = self._known.get(asked)
        if known is None:
            known = self._is(token, kind)
            if len(self._known) < CACHE_LIMIT:
                self._known[asked] = known
        return known

    def _is(self, token: Token, kind: str) -> bool:
        if kind == "month":
            return self._look_up(token, self._months) is not None or _figure(token, 1, 12) is not None
        if kind == "monthname":  # capitalised, never a figure: "in May", not "may" or "in 5 days"
            return (token.text[:1].isupper() or self._pack.language != "en") and self._look_up(
                token, self._months
            ) is not None
        if kind == "weekday":
            return self._look_up(token, self._weekdays) is not None
        if kind == "season":
            return any(k in self._pack.seasons for k in token.keys)
        if kind == "day":
            return _figure(token, 1, 31) is not None
        if kind == "year":
            return _figure(token, 1800, 2100) is not None and len(_digits(token)) == 4
        if kind == "number":
            return token.kind == "number" or self._look_up(token, self._pack.numerals) is not None
        return False

    def find(self, text: str, tokens: Sequence[Token]) -> list[DateMention]:
        """Return the dates in `tokens`, in order and not overlapping; the longest way to read a place wins."""
        if not isinstance(tokens, TokenRow):
            return self._found(text, tokens)
        if self not in tokens.kept:
            tokens.kept[self] = self._found(text, tokens)
        dates: list[DateMention] = tokens.kept[self]
        return dates

    def _found(self, text: str, tokens: Sequence[Token]) -> list[DateMention]:
        figures = {m.first: m for m in self._figures(text, tokens)}
        clock = self._clock(text, tokens)
        out: list[DateMention] = []
        place = 0
        while place < len(tokens):
            if place in clock:
                place += 1
                continue
            best = figures.get(place)
            found = self._pack.dates.longest_at(tokens, place, self.typed)
            if found and (best is None or found[0].last > best.last):
                best = self._read(found[0], found[1], tokens)
            if best is None:
                place += 1
            else:
                out.append(best)
                place = best.last
        return out

    def _clock(self, text: str, tokens: Sequence[Token]) -> set[int]:
        """Return the places of tokens that tell the time of day: no date begins there."""
        if not tokens:
            return set()
        told = [m.span() for m in _CLOCK.finditer(text, tokens[0].span.start, tokens[-1].span.end)]
        return {i for i, t in enumerate(tokens) if any(start <= t.span.start < end for start, end in told)}

    def _look_up(self, token: Token, names: Mapping[str, int]) -> int | None:
        return next((names[k] for k in sorted(token.keys) if k in names), None)

    def _figures(self, text: str, tokens: Sequence[Token]) -> Iterator[DateMention]:
        if not tokens:
            return
        start, end = tokens[0].span.start, tokens[-1].span.end
        for pattern in (_ISO, _FIGURES):
            for found in pattern.finditer(text, start, end):
                if pattern is _ISO:
                    year, month, day = int(found[1]), int(found[3]), int(found[4])
                else:
                    day, month, year = int(found[1]), int(found[3]), int(found[4])
                    if month > 12 and self._pack.language == "en":
                        day, month = month, day
                if not _valid(year, month, day):
                    continue
                inside = [i for i, t in enumerate(tokens) if t.span.start < found.end() and t.span.end > found.start()]
                yield DateMention(inside[0], inside[-1] + 1, year, month, day)

    def _read(self, match: Match, spec: DatePattern, tokens: Sequence[Token]) -> DateMention:
        parts: dict[str, int] = {}
        for kind, place in match.typed_places():
            value = self._value(kind, tokens[place])
            if value is not None:
                name = "month" if kind == "monthname" else kind
                parts[f"last {name}" if name in parts and name in {"day", "month", "year"} else name] = value
        return DateMention(
            match.first,
            match.last,
            parts.get("year"),
            parts.get("month"),
            parts.get("day"),
            parts.get("weekday"),
            parts.get("number"),
            spec.relative,
            spec.direction,
            spec.role,
            parts.get("last day"),
            parts.get("last month"),
            parts.get("last year"),
        )

    def _value(self, kind: str, token: Token) -> int | None:
        if kind in {"month", "monthname"}:
            return self._look_up(token, self._months) or _figure(token, 1, 12)
        if kind == "weekday":
            return self._look_up(token, self._weekdays)
        bounds = {"day": (1, 31), "year": (1800, 2100), "number": (0, 10_000)}.get(kind)
        figure = _figure(token, *bounds) if bounds else None
        return self._look_up(token, self._pack.numerals) if figure is None and kind == "number" else figure


def resolve(mention: DateMention, published: str | None, previous: str | None, *, future: bool) -> str | None:
    """Return the EDTF date a mention means, None when the document does not support one.

    `published` is the document's own date (ISO day, month or year), `previous` the last date told before the
    mention; `future` says that the clause looks ahead, which decides years and weekdays left unsaid.
    """
    if mention.last_day or mention.last_month or mention.last_year:
        return _stretch(mention, published, previous, future=future)
    if mention.relative:
        return _relative(mention, published, previous, future=future)
    if mention.year:
        return _edtf(mention.year, mention.month, mention.day)
    if mention.month and published:
        ahead = mention.direction == "future" or (future and mention.direction not in _BACK)
        year = _year_of(mention.month, mention.day, published, future=ahead, past=mention.direction in _BACK)
        return _edtf(year, mention.month, mention.day) if year else None
    if mention.weekday and published:
        return _weekday(mention, published, future=future)
    return None


def _stretch(mention: DateMention, published: str | None, previous: str | None, *, future: bool) -> str | None:
    """Return the interval of a mention of two days; its end lies after its beginning, in the next year if need be."""
    alone = replace(mention, last_day=None, last_month=None, last_year=None)
    first = resolve(alone, published, previous, future=future)
    end = replace(
        alone,
        day=mention.last_day or mention.day,
        month=mention.last_month or mention.month,
        year=mention.last_year or mention.year,
    )
    last = resolve(end, published, previous, future=future)
    if first is None or last is None:
        return first or last
    if future and not mention.year and published and first > published:
        begun = resolve(replace(end, year=int(published[:4])), published, previous, future=True)
        if begun is not None and begun >= published:  # it began before this day and is not over
            return f"{resolve(replace(alone, year=int(published[:4])), published, previous, future=True)}/{begun}"
    if last < first:
        last = resolve(replace(end, year=int(first[:4]), relative=None), published, previous, future=future) or last
    return f"{first}/{last}" if first < last else first


def _relative(mention: DateMention, published: str | None, previous: str | None, *, future: bool) -> str | None:
    relative, _, otherwise = (mention.relative or "").partition(" | ")
    if otherwise:
        told = _relative(replace(mention, relative=relative), published, previous, future=future)
        return told or _relative(replace(mention, relative=otherwise), published, previous, future=future)
    if relative == "weekday":
        return _weekday(mention, published, future=future) if published else None
    ago = _RELATIVE.match(relative)
    if ago:
        amount = mention.amount if ago[3] == "<number>" else int(ago[3])
        if amount is None:
            return None
        return _counted(mention, ago[1], -amount if ago[2] == "-" else amount, published)
    if previous is None:
        return None
    if relative == "same day":  # "last year ..., and on the same day": of which no day was told
        return previous if len(previous) >= len("2000-01-01") else None
    if relative == "same month":
        return previous[:7] if len(previous) >= 7 else None
    if relative == "same year":
        return _edtf(int(previous[:4]), mention.month, mention.day) if previous[:4].isdigit() else None
    if relative == "next day":
        relative = "previous day +1"
    counted = _PREVIOUS.match(relative)
    amount = int(counted[3]) if counted and (counted[3] or "").isdigit() else mention.amount
    if counted is None or amount is None:
        return None
    count = -amount if counted[2] == "-" else amount
    if counted[1] == "day":
        if future and count > 0 and published is not None and previous < published:
            previous = published  # "will come in two days"
        day = _day(previous)
        return None if day is None else (day + timedelta(days=count)).isoformat()
    year, month = int(previous[:4]), int(previous[5:7]) if len(previous) >= 7 else None
    if counted[1] == "year":
        return _edtf(year + count, mention.month, mention.day)
    months = year * 12 + month - 1 + count if month else None
    return None if months is None else _edtf(months // 12, months % 12 + 1, mention.day)


def _counted(mention: DateMention, unit: str, count: int, published: str | None) -> str | None:
    """Return the date `count` units from the day of publication; a week is known to the month, as the press
    means it."""
    if published is None:
        return None
    if unit == "year":
        return _edtf(int(published[:4]) + count, mention.month, mention.day)
    if unit == "month":
        if len(published) < 7:
            return None
        months = int(published[:4]) * 12 + int(published[5:7]) - 1 + count
        return _edtf(months // 12, months % 12 + 1, mention.day)
    day = _day(published)
    if day is None:
        return None
    if unit == "day":
        return (day + timedelta(days=count)).isoformat()
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=count)
    if mention.weekday:
        return (monday + timedelta(days=mention.weekday - 1)).isoformat()
    return (monday if count < 0 else monday + timedelta(days=6) if count > 0 else day).isoformat()[:7]


def _weekday(mention: DateMention, published: str, *, future: bool) -> str | None:
    day = _day(published)
    if day is None or mention.weekday is None:
        return None
    ahead = mention.direction == "future" or (future and mention.direction not in _BACK)
    step = (mention.weekday - 1 - day.weekday()) % 7 if ahead else -((day.weekday() - mention.weekday + 1) % 7)
    if not step and mention.direction == "past":
        step = -7  # "last Tuesday", on a Tuesday
    return (day + timedelta(days=step)).isoformat()


def _year_of(month: int, day: int | None, published: str, *, future: bool, past: bool = False) -> int | None:
    if len(published) < 7:
        return int(published[:4])
    year, now = int(published[:4]), (int(published[5:7]), int(published[8:10]) if len(published) > 7 else 0)
    asked = (month, day if day and len(published) > 7 else now[1])
    if future:
        return year if asked >= now else year + 1
    soon = (month - now[0]) * 31 + asked[1] - now[1] <= SOON  # what is about to happen is told in any tense
    return year if asked <= now or (soon and not past) else year - 1


def claim_date(edtf: str | None, text: str | None = None, span: Span | None = None) -> ClaimDate | None:
    """Return the claim date of an EDTF string with its first and last possible day; None for None.

    >>> claim_date("2024-02").latest
    '2024-02-29'
    """
    if edtf is None:
        return None
    earliest, latest = bounds(edtf)
    return ClaimDate(edtf, earliest, latest, text, span)


@lru_cache(maxsize=4096)
def bounds(edtf: str) -> tuple[str | None, str | None]:
    """Return the first and last possible ISO day of an EDTF date or interval; None for an open end."""
    if "/" in edtf:
        first, last = edtf.split("/", 1)
        return (
            bounds(first)[0] if first not in {"", ".."} else None,
            bounds(last)[1] if last not in {"", ".."} else None,
        )
    parts = [int(p) for p in edtf.split("-")]
    if len(parts) == 3:
        return edtf, edtf
    if len(parts) == 2:
        last_day = calendar.monthrange(parts[0], parts[1])[1]
        return f"{edtf}-01", f"{edtf}-{last_day:02d}"
    return f"{edtf}-01-01", f"{edtf}-12-31"


def ended_before(edtf: str | None, day: str | None) -> bool:
    """Tell whether all of an EDTF date lies before an ISO day; never where either is not known."""
    return edtf is not None and day is not None and (bounds(edtf)[1] or "9999") < day


def contains(coarse: str | None, fine: str | None) -> bool:
    """Tell whether every day of `fine` lies in `coarse`; no date contains every date."""
    if coarse is None:
        return True
    if fine is None:
        return False
    (c0, c1), (f0, f1) = bounds(coarse), bounds(fine)
    return (c0 is None or (f0 is not None and c0 <= f0)) and (c1 is None or (f1 is not None and f1 <= c1))


def _digits(token: Token) -> str:
    found = _NUMBER.match(token.text)
    return found.group() if found else ""


def _figure(token: Token, low: int, high: int) -> int | None:
    digits = _digits(token)
    return int(digits) if digits and len(digits) <= 5 and low <= int(digits) <= high else None


def _valid(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1800 <= year <= 2100


def _iso(year: int, month: int, day: int) -> str | None:
    return date(year, month, day).isoformat() if _valid(year, month, day) else None


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if len(iso) == 10 else None


def _edtf(year: int, month: int | None, day: int | None) -> str | None:
    if month is None:
        return f"{year:04d}"
    if day is None:
        return f"{year:04d}-{month:02d}"
    return _iso(year, month, day)


def cldr_months(language: str) -> Iterator[tuple[str, int]]:
    """Yield the names of months and their abbreviations in a language, with the month's number."""
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, context, language).items():
                if " " not in name and not name.isdigit():
                    yield name.rstrip("."), number


def _cldr_weekdays(language: str) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for number, name in get_day_names("wide", context, language).items():
            if " " not in name:
                yield name, number + 1
