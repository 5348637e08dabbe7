"""Token patterns: the one small notation in which language packs say what to look for.

Items are separated by spaces and match one token each: `word` (lemma or folded form), `=word` (folded form only),
`a|b`, `word?` (optional), `word[Case=Gen]`, `[pos=ADJ]`, `*` (any one token), `*3` (up to three), `…` (a gap inside
the clause), `T` (the trigger), `<number>`, `<day>`, `<month>`, `<year>`, `<weekday>`, `<season>`, `<name>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

from kg.errors import DataError
from kg.model import Token
from kg.token_row import TokenRow
from kg.unguarded import unguarded

V = TypeVar("V")
LONG_GAP = 24
_ITEM = re.compile(
    r"^(?:(?P<gap>\*(?P<size>\d*)|…)|<(?P<kind>[a-z]+)>|(?P<exact>=)?(?P<words>[^\[\]]*?))"
    r"(?P<features>\[[^\]]*\])?(?P<optional>\?)?$"
)
_CLAUSE_END = frozenset({";", ".", "!", "?", "…"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a pattern; `low` to `high` tokens for a gap, exactly one (or none, if optional) otherwise."""

    words: frozenset[str] = frozenset()
    exact: bool = False
    pos: str | None = None
    features: frozenset[str] = frozenset()
    kind: str | None = None
    low: int = 1
    high: int = 1
    gap: bool = False

    @property
    def plain(self) -> bool:
        """Tell whether the words alone decide, on any one token."""
        return bool(self.words) and not (self.exact or self.pos or self.features or self.kind)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern with its source text; all else follows from its items and is worked out once.

    `anchors`: words one of which the first token must carry, empty when the first item is free or optional.
    `required`: words one of which must stand somewhere in any match, those of the first item that is not optional.
    `needed`: the words of each item that must take a token; without one of each in the sentence nothing can match.
    `straight`: neither gaps nor optional items, each item takes the next token; `plain`: the words of each item, where
    words alone decide in all of them, else nothing; `reach`: the greatest number of tokens a match can cover.
    """

    source: str
    items: tuple[Item, ...]
    anchors: frozenset[str] = field(repr=False, compare=False)
    required: frozenset[str] = field(repr=False, compare=False)
    needed: tuple[frozenset[str], ...] = field(repr=False, compare=False)
    straight: bool = field(repr=False, compare=False)
    plain: tuple[frozenset[str], ...] = field(repr=False, compare=False)
    reach: int = field(repr=False, compare=False)


def _pattern(source: str, items: tuple[Item, ...]) -> Pattern:
    first, firm = items[0], tuple(i.words for i in items if i.words and i.low)
    return Pattern(
        source,
        items,
        anchors=first.words if first.low and not first.gap else frozenset(),
        required=firm[0] if firm else frozenset(),
        needed=firm if len(items) > 1 else (),
        straight=all(i.low == 1 and not i.gap for i in items),
        plain=tuple(i.words for i in items) if all(i.plain for i in items) else (),
        reach=sum(i.high for i in items),
    )


@unguarded
@dataclass(frozen=True, slots=True)
class Match:
    """Half-open token range of a match, and the token each non-gap item took (-1 where an optional took none)."""

    first: int
    last: int
    taken: tuple[int, ...]
    pattern: Pattern

    def typed_places(self) -> list[tuple[str, int]]:
        """Return (kind, token) for each typed item that took a token."""
        walked = [i for i in self.pattern.items if not i.gap]
        return [(i.kind, t) for i, t in zip(walked, self.taken, strict=True) if i.kind and t >= 0]


TypedTest = Callable[[Token, str], bool]


def never(_token: Token, _kind: str) -> bool:
    """Return False: the test of typed items where none are expected."""
    return False


def compile_pattern(source: str, fold: Callable[[str], str], where: str = "") -> Pattern:
    """Return the compiled pattern; raise DataError naming the item that cannot be read."""
    items: list[Item] = []
    for raw in source.split():
        if raw in {"?", "[", "]"}:
            items.append(Item(words=frozenset({raw}), exact=True))
            continue
        found = _ITEM.match(raw)
        if found is None:
            raise DataError(f"{where}: pattern {source!r}: cannot read the item {raw!r}")
        optional = found["optional"] is not None
        features, pos = _features(found["features"] or "")
        if found["gap"]:
            size = found["size"]
            high = LONG_GAP if found["gap"] == "…" else int(size) if size else 1
            low = 0 if (optional or found["gap"] == "…" or size) else 1
            items.append(Item(low=low, high=high, gap=True))
        elif found["kind"]:
            items.append(Item(kind=found["kind"], low=0 if optional else 1))
        else:
            words = found["words"]
            if words == "T":
                items.append(Item(kind="trigger", features=features, pos=pos))
                continue
            folded = frozenset(fold(w) if any(c.isalnum() for c in w) else w for w in words.split("|") if w)
            items.append(Item(folded, bool(found["exact"]), pos, features, None, 0 if optional else 1))
    if not items:
        raise DataError(f"{where}: an empty pattern")
    return _pattern(source, tuple(items))


@lru_cache(maxsize=4096)
def _features(text: str) -> tuple[frozenset[str], str | None]:
    parts = [p for p in text.strip("[]").split(",") if p]
    pos = next((p[4:] for p in parts if p.startswith("pos=")), None)
    return frozenset(p for p in parts if not p.startswith("pos=")), pos


def item_matches(item: Item, token: Token, typed: TypedTest) -> bool:
    """Tell whether one non-gap item takes one token."""
    if item.words and token.keys.isdisjoint(item.words):
        return False
    if item.kind:
        return typed(token, item.kind) and (
            not (item.features or item.pos)
            or any(item.features <= r.features and item.pos in {None, r.pos} for r in token.readings)
        )
    if item.exact and item.words and token.text.casefold() not in item.words and not _folded_in(token, item.words):
        return False
    if item.features or item.pos:
        return any(
            item.features <= r.features
            and (item.pos is None or r.pos == item.pos)
            and (not item.words or item.exact or r.lemma in item.words or _folded_in(token, item.words))
            for r in token.readings
        )
    return bool(item.words)


def _folded_in(token: Token, words: frozenset[str]) -> bool:
    return token.folded in words


def match_at(
    pattern: Pattern, tokens: Sequence[Token], start: int, typed: TypedTest = never, limit: int | None = None
) -> Match | None:
    """Return the match of `pattern` whose first item stands at `start`, the shortest gaps first, or None."""
    end = len(tokens) if limit is None else min(limit, len(tokens))
    if pattern.straight:
        return _match_straight(pattern, tokens, start, end, typed)
    taken = _walk(pattern.items, 0, tokens, start, end, typed)
    if taken is None:
        return None
    places = [t for t in taken if t >= 0]
    return Match(start, places[-1] + 1, tuple(taken), pattern) if places else None


def _match_straight(pattern: Pattern, tokens: Sequence[Token], start: int, end: int, typed: TypedTest) -> Match | None:
    """Return the match of a pattern whose items each take the next token."""
    last = start + len(pattern.items)
    if last > end:
        return None
    if pattern.plain:
        for place, words in enumerate(pattern.plain, start):
            if words.isdisjoint(tokens[place].keys):
                return None
    else:
        for place, item in enumerate(pattern.items, start):
            if not item_matches(item, tokens[place], typed):
                return None
    return Match(start, last, tuple(range(start, last)), pattern)


def _walk(
    items: tuple[Item, ...], at: int, tokens: Sequence[Token], place: int, end: int, typed: TypedTest
) -> list[int] | None:
    if at == len(items):
        return []
    item = items[at]
    if item.gap:
        for size in range(item.high + 1):
            if size and (place + size > end or tokens[place + size - 1].text in _CLAUSE_END):
                return None
            if size < item.low or not _may_go_on(items, at + 1, tokens, place + size, end, typed):
                continue
            rest = _walk(items, at + 1, tokens, place + size, end, typed)
            if rest is not None:
                return rest
        return None
    if place < end and item_matches(item, tokens[place], typed):
        rest = _walk(items, at + 1, tokens, place + 1, end, typed)
        if rest is not None:
            return [place, *rest]
    if item.low == 0:
        rest = _walk(items, at + 1, tokens, place, end, typed)
        return None if rest is None else [-1, *rest]
    return None


_Candidates = Sequence[tuple[Pattern, V]]
# Which patterns can begin at a place of a sentence: those that begin with a word of it, those that need one later on.
_Plan = Mapping[int, tuple[_Candidates[V], _Candidates[V]]]


def _may_go_on(
    items: tuple[Item, ...], at: int, tokens: Sequence[Token], place: int, end: int, typed: TypedTest
) -> bool:
    """Tell whether the item after a gap can take the token there, so that most lengths of a gap are soon ruled out."""
    if at == len(items) or items[at].gap or not items[at].low:
        return True
    return place < end and item_matches(items[at], tokens[place], typed)


class PatternIndex(Generic[V]):
    """Patterns with values, indexed by the words, or the kind of token, that can begin them.

    What begins at a place comes in the order of the entries: those that begin with a word, those that begin with a
    kind of token, those that begin with a gap or an optional item.
    """

    def __init__(self, entries: Iterable[tuple[Pattern, V]] = ()) -> None:
        self._by_word: dict[str, list[tuple[int, Pattern, V]]] = {}
        self._by_kind: dict[str, list[tuple[Pattern, V]]] = {}
        self._later: dict[str, list[tuple[int, Pattern, V]]] = {}
        self._free: list[tuple[int, Pattern, V]] = []
        for number, (pattern, value) in enumerate(entries):
            anchors, first = pattern.anchors, pattern.items[0]
            if anchors:
                for word in anchors:
                    self._by_word.setdefault(word, []).append((number, pattern, value))
            elif first.kind and first.low:
                self._by_kind.setdefault(first.kind, []).append((pattern, value))
            elif pattern.required:
                for word in pattern.required:
                    self._later.setdefault(word, []).append((number, pattern, value))
            else:
                self._free.append((number, pattern, value))

    def __bool__(self) -> bool:
        return bool(self._by_word or self._by_kind or self._later or self._free)

    def _plan(self, tokens: Sequence[Token]) -> _Plan[V]:
        """Return which patterns can begin where; for the tokens of a sentence it is made once."""
        if not isinstance(tokens, TokenRow):
            return self._planned(TokenRow(tokens))
        plan: _Plan[V] | None = tokens.kept.get(self)
        if plan is None:
            plan = tokens.kept[self] = self._planned(tokens)
        return plan

    def places(self, tokens: Sequence[Token]) -> Iterable[int]:
        """Return the places at which something may begin; of patterns that begin with a kind of token, every place."""
        return range(len(tokens)) if self._by_kind else self._plan(tokens).keys()

    def _planned(self, tokens: TokenRow) -> _Plan[V]:
        places = tokens.places
        words: dict[int, dict[int, tuple[Pattern, V]]] = {}
        later: dict[int, dict[int, tuple[Pattern, V]]] = {}
        keys = places.keys()
        for word in self._by_word.keys() & keys:
            for number, pattern, value in self._by_word[word]:
                if len(pattern.needed) > 1 and not _all_there(pattern, keys):
                    continue
                for place in places[word]:
                    words.setdefault(place, {})[number] = (pattern, value)
        for word in self._later.keys() & keys:
            for number, pattern, value in self._later[word]:
                if not _all_there(pattern, keys):
                    continue
                for place in places[word]:
                    for start in range(max(0, place - pattern.reach + 1), place + 1):
                        later.setdefault(start, {})[number] = (pattern, value)
        if self._free:
            for start in range(len(tokens)):
                here = later.setdefault(start, {})
                for number, pattern, value in self._free:
                    here[number] = (pattern, value)
        return {p: (_in_order(words.get(p, {})), _in_order(later.get(p, {}))) for p in words.keys() | later.keys()}

    def at(
        self, tokens: Sequence[Token], start: int, typed: TypedTest = never, limit: int | None = None
    ) -> Iterator[tuple[Match, V]]:
        """Return each match that begins at `start`, as they are asked for."""
        plan = tokens.kept.get(self) if type(tokens) is TokenRow else None
        candidates = (self._plan(tokens) if plan is None else plan).get(start)
        if candidates is None and not self._by_kind:
            return _NOTHING
        words, later = candidates or ((), ())
        return self._matches(words, later, tokens, start, typed, limit)

    def _matches(
        self,
        words: _Candidates[V],
        later: _Candidates[V],
        tokens: Sequence[Token],
        start: int,
        typed: TypedTest,
        limit: int | None,
    ) -> Iterator[tuple[Match, V]]:
        for pattern, value in words:
            found = match_at(pattern, tokens, start, typed, limit)
            if found:
                yield found, value
        if self._by_kind:
            token = tokens[start]
            for kind, entries in self._by_kind.items():
                if typed(token, kind):
                    for pattern, value in entries:
                        found = match_at(pattern, tokens, start, typed, limit)
                        if found:
                            yield found, value
        for pattern, value in later:
            found = match_at(pattern, tokens, start, typed, limit)
            if found:
                yield found, value

    def longest_at(
        self, tokens: Sequence[Token], start: int, typed: TypedTest = never, limit: int | None = None
    ) -> tuple[Match, V] | None:
        """Return the longest match that begins at `start`; among equals the first."""
        if not self._by_kind:
            plan = tokens.kept.get(self) if type(tokens) is TokenRow else None
            if start not in (self._plan(tokens) if plan is None else plan):
                return None
        if typed is not never or limit is not None or not isinstance(tokens, TokenRow):
            return self._longest(tokens, start, typed, limit)
        asked = (self, start)
        if asked not in tokens.kept:
            tokens.kept[asked] = self._longest(tokens, start, typed, limit)
        longest: tuple[Match, V] | None = tokens.kept[asked]
        return longest

    def _longest(
        self, tokens: Sequence[Token], start: int, typed: TypedTest, limit: int | None
    ) -> tuple[Match, V] | None:
        best: tuple[Match, V] | None = None
        for found in self.at(tokens, start, typed, limit):
            if best is None or found[0].last > best[0].last:
                best = found
        return best

    def search(
        self, tokens: Sequence[Token], first: int = 0, last: int | None = None, typed: TypedTest = never
    ) -> Iterator[tuple[Match, V]]:
        """Yield every match that begins in `[first, last)` and ends within it."""
        end = len(tokens) if last is None else last
        places: Iterable[int] = range(first, end)
        if not self._by_kind:
            plan = self._plan(tokens)
            places = [p for p in places if p in plan] if plan else ()
        for place in places:
            yield from self.at(tokens, place, typed, end)


def _all_there(pattern: Pattern, keys: KeysView[str]) -> bool:
    """Tell whether the words that a pattern needs stand somewhere in a sentence, by the keys of its tokens."""
    for needed in pattern.needed:  # noqa: SIM110 -- asked very often: all() costs twice as much
        if keys.isdisjoint(needed):
            return False
    return True


def _in_order(found: Mapping[int, tuple[Pattern, V]]) -> _Candidates[V]:
    """Return patterns in the order of their entries."""
    return [found[number] for number in sorted(found)]


_NOTHING: Iterator[Any] = iter(())  # exhausted, so it may be handed out again and again


def index_patterns(sources: Iterable[str], fold: Callable[[str], str], where: str) -> PatternIndex[str]:
    """Return an index of patterns whose value is their own source text."""
    return PatternIndex((compile_pattern(s, fold, where), s) for s in sources)


def index_values(table: Mapping[str, Iterable[str]], fold: Callable[[str], str], where: str) -> PatternIndex[str]:
    """Return an index from value -> patterns, giving the value."""
    return PatternIndex((compile_pattern(s, fold, where), value) for value, ss in table.items() for s in ss)
