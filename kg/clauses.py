"""Sentence -> clauses: half-open token ranges with at most one predicate each, as far as surface marks tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.language.pack import Pack
from kg.mentions import QUOTES
from kg.model import Token
from kg.referents import Phrase
from kg.unguarded import unguarded

_HARD = frozenset({";", ":"})
REPORT_LENGTH = 20
INSERTED = 25
BRACKET_LENGTH = 24
_DASHES = frozenset({"\u2014", "\u2013"})
_OPENING = frozenset('\u00ab\u201c\u201e"')
_CLOSING = frozenset('\u00bb\u201d\u201c"')
PARTICIPLE_REACH = 4
TITLE_LENGTH = 9
TIME_REACH = 12


@unguarded
@dataclass(frozen=True, slots=True)
class Clause:
    """A clause; `relative` when a relative pronoun opens it, so that the phrase before it belongs to it; `participle`
    when a participle does, whose subject (or object, if it is passive) that phrase is. `aside`: the tokens in it of a
    report put between ("A, said B, has met C"), which are no part of what the clause itself says. `opener`: how many
    words at its head say that it tells of another time ("two days after"), no adposition of what follows them."""

    index: int
    first: int
    last: int
    relative: bool = False
    participle: bool = False
    aside: frozenset[int] = frozenset()
    opener: int = 0


def is_finite(token: Token) -> bool:
    """Tell whether a word can be the predicate of a clause; without verb features, whether it is a verb at all."""
    return any(
        r.pos in {"VERB", "AUX"}
        and ("VerbForm=Fin" in r.features or not any(f.startswith("VerbForm=") for f in r.features))
        for r in token.readings
    )


def is_predicate(token: Token) -> bool:
    """Tell whether a word can close a clause in a verb-final language: finite, converb or conditional."""
    return is_finite(token) or any(
        r.pos in {"VERB", "AUX"} and r.features & {"VerbForm=Conv", "Mood=Cnd", "VerbForm=Part"} for r in token.readings
    )


def find_clauses(tokens: Sequence[Token], phrases: Sequence[Phrase], pack: Pack) -> tuple[Clause, ...]:
    """Return the clauses of a sentence in order; together they cover it."""
    inside = {t for p in phrases for t in range(p.first + 1, p.last)}
    inside |= {p.first for p in phrases if p.kind == "entity" and _abbreviation(tokens[p.first])}  # "the WHO said"
    breaks: dict[int, bool] = {}
    participles: set[int] = set()
    brackets = _asides(tokens)
    reports = frozenset() if pack.sov else _reports(tokens, phrases, pack) | brackets
    asides = brackets | _titled(tokens) | reports
    asides |= {t for m, _ in pack.no_joints.search(tokens) for t in range(m.first, m.last)}
    listed = {t for p in phrases for t in (p.first - 1, p.last) if _dashed(tokens, p)}
    soft: list[int] = []
    opened: set[int] = set()
    timed: dict[int, int] = {}
    for place, token in enumerate(tokens):
        if place in inside:
            continue
        opens = 0 if place in opened or place in asides else _opens_time(tokens, phrases, pack, place)
        if opens:
            timed[place] = opens
            breaks[place] = False
            opened.update(range(place + 1, place + opens))
            continue
        if place == 0:
            continue
        if place in asides:
            continue
        if token.text in _DASHES and pack.lemmatise_names and place in listed:
            continue
        if token.text in _DASHES and pack.lemmatise_names and _apposes(tokens, place):
            continue
        if (
            (token.text in _HARD and not (token.text == ":" and tokens[place - 1].is_pos("AUX")))  # "they are: X, Y"
            or token.text in "()"
            or (
                token.text in _DASHES
                and _spaced(tokens, place)
                and not _ranged(tokens, place)
                and not (pack.sov and _copular(tokens, max(breaks, default=0), place))
            )
        ):
            breaks[place + 1] = False
            continue
        if not pack.sov and tokens[place - 1].text == "," and _opens_participle(tokens, place):
            breaks[place] = True
            participles.add(place)
            continue
        if not pack.sov and tokens[place - 1].text == "," and _inserted(tokens, inside, max(breaks, default=0), place):
            breaks[place] = True
            participles.add(place)
            continue
        if place in opened:
            continue
        opener = pack.clause_openers.longest_at(tokens, place)
        if opener and opener[0].last < len(tokens) and tokens[opener[0].last].kind != "mark":
            breaks[opener[0].last] = False  # what is said needs no conjunction: "X says Y has come"
            continue
        found = pack.clause_breaks.longest_at(tokens, place)
        if found and pack.sov and _gapped(tokens, max(breaks, default=0), place):
            continue
        if found and (pack.sov is False or place + 1 < len(tokens)):
            words = tokens[place : found[0].last]
            breaks[place] = any(t.folded in pack.relative_pronouns for t in words)
            opened.update(range(place + 1, found[0].last))  # "with which" opens one clause, not two
            continue
        if token.text == "," or (
            next(pack.conjunctions.at(tokens, place), None) and not _opens_list(tokens, phrases, breaks, place)
        ):
            soft.append(place)
    for place in soft:
        if place + 1 in breaks:
            continue
        if pack.sov:
            before = tokens[place - 1]
            if tokens[place].text == "," and is_predicate(before):
                breaks[place + 1] = False
            continue
        start = max((b for b in breaks if b <= place), default=0)
        following = [b for b in (*breaks, *(s for s in soft if s > place + 1)) if b > place + 1]
        end = min(following, default=len(tokens))
        if start in participles and tokens[place].text == ",":
            breaks[place + 1] = False
            continue
        if _predicated(tokens, start, place, reports) and _predicated(tokens, place + 1, end, reports):
            apposed = _apposed(tokens, phrases, place)
            if apposed is not None:
                breaks[apposed.first] = False
            else:
                breaks[place + 1 if tokens[place].text == "," else place] = False
    starts = sorted({0, *(b for b in breaks if b < len(tokens))})
    return tuple(
        Clause(
            i,
            first,
            last,
            breaks.get(first, False),
            first in participles,
            frozenset(t for t in reports if first <= t < last),
            timed.get(first, 0),
        )
        for i, (first, last) in enumerate(zip(starts, [*starts[1:], len(tokens)], strict=True))
    )


def _abbreviation(token: Token) -> bool:
    return len(token.text) > 1 and token.text.isupper()


def _dashed(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Tell whether a list of names stands between two dashes ("three states \u2014 A, B and C \u2014 have ...")."""
    ends = (phrase.first - 1, phrase.last)
    return len(phrase.members) > 1 and all(0 < t < len(tokens) and tokens[t].text in _DASHES for t in ends)


def _opens_time(tokens: Sequence[Token], phrases: Sequence[Phrase], pack: Pack, place: int) -> int:
    """Return how many words at `place` open a clause that tells of another time ("a day after X met Y"), 0 for none.

    The same words before a noun alone are an adposition ("after talks held in X"): a verb of its own must follow.
    """
    found = pack.time_openers.longest_at(tokens, place)
    if found is None:
        return 0
    first = found[0].last
    names = {p.last for p in phrases if p.kind in {"person", "entity", "anaphor"} and p.first >= first}
    for at in range(first + 1, min(first + TIME_REACH, len(tokens))):
        if tokens[at].kind == "mark" and not any(p.first <= at < p.last for p in phrases):
            return 0
        if is_finite(tokens[at]) and not any(p.first <= at < p.last for p in phrases):
            verbal = [r for r in tokens[at].readings if r.pos in {"VERB", "AUX"}]
            sure = at in names or not any("VerbForm=Part" in r.features for r in verbal)
            noun = any(r.pos in {"NOUN", "ADJ", "ADV"} for r in tokens[at].readings) and at not in names
            followed = at + 1 < len(tokens) and tokens[at + 1].kind == "word" and not tokens[at + 1].is_pos("ADP")
            if not noun and (sure or followed):
                return first - place
            if not noun:
                return 0
    return 0


def _titled(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the dashes inside short quotations without a verb: parts of a proper name ("X \u2013 2025")."""
    out: set[int] = set()
    for first, token in enumerate(tokens):
        if token.text not in _OPENING:
            continue
        last = next(
            (t for t in range(first + 1, min(first + TITLE_LENGTH, len(tokens))) if tokens[t].text in _CLOSING), None
        )
        if last is not None and not any(is_finite(tokens[t]) for t in range(first + 1, last)):
            out |= {t for t in range(first + 1, last) if tokens[t].text in _DASHES}
    return frozenset(out)


def _predicated(tokens: Sequence[Token], first: int, last: int, reports: frozenset[int]) -> bool:
    return any(is_finite(tokens[t]) and t not in reports for t in range(first, last))


def _reports(tokens: Sequence[Token], phrases: Sequence[Phrase], pack: Pack) -> frozenset[int]:
    """Return the places of reports put between two commas before the predicate they interrupt: "A, as B said, will
    join C"."""
    commas = [p for p, t in enumerate(tokens) if t.text == ","]
    named = {
        t for p in phrases if p.kind == "entity" for t in range(p.first, p.last)
    }  # "the United States" say nothing
    out: set[int] = set()
    for first in commas:
        said = next(
            (
                m
                for at in range(first + 1, min(first + 4, len(tokens)))
                if at not in named
                for m in [pack.speech.longest_at(tokens, at)]
                if m
            ),
            None,
        )
        last = next(
            (c for c in commas if first < c <= first + REPORT_LENGTH and (said is None or c >= said[0].last)), None
        )
        if (
            said is None
            or last is None
            or said[0].last > last
            or "," in {t.text for t in tokens[first + 1 : said[0].first]}
        ):
            continue
        start = max((c for c in commas if c < first and c not in out), default=-1) + 1
        clause = range(start, first)
        if any(is_finite(tokens[t]) for t in clause) or not any(is_finite(t) for t in tokens[last + 1 :]):
            continue
        out.update(range(first, last + 1))
    return frozenset(out)


def _asides(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the places of brackets and of what is in them: they interrupt a clause and are no part of it."""
    out: set[int] = set()
    opened = -1
    for place, token in enumerate(tokens):
        if token.text == "(":
            opened = place
        elif token.text == ")" and opened >= 0:
            if place - opened <= BRACKET_LENGTH:
                out.update(range(opened, place + 1))
            opened = -1
    return frozenset(out)


def _opens_participle(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether an inflected participle stands here, or after adverbs and particles ("never yet seen"), in a
    language whose participles have case."""
    for token in tokens[place : place + PARTICIPLE_REACH]:
        readings = token.readings
        if readings and all(r.pos == "VERB" and "VerbForm=Part" in r.features for r in readings):
            return any(f.startswith("Case=") for r in readings for f in r.features)
        if not any(r.pos in {"ADV", "PART"} for r in readings):
            return False
    return False


def _inserted(tokens: Sequence[Token], inside: Collection[int], start: int, place: int) -> bool:
    """Tell whether a participle without case opens words put between a subject and its verb ("X, visiting Y, met
    Z")."""
    readings = tokens[place].readings
    if not readings or not all(
        r.pos == "VERB"
        and r.features & {"VerbForm=Part", "VerbForm=Ger"}
        and not any(f[:5] == "Case=" for f in r.features)
        for r in readings
    ):
        return False
    if any(is_finite(t) for t in tokens[start:place]):
        return False
    commas = (
        t for t in range(place + 1, min(place + INSERTED, len(tokens))) if tokens[t].text == "," and t not in inside
    )
    last = next(commas, None)
    if last is None or any(is_finite(t) for t in tokens[place + 1 : last]):
        return False
    return any(is_finite(t) for t in tokens[last + 1 : last + 4])


def _apposed(tokens: Sequence[Token], phrases: Sequence[Phrase], place: int) -> Phrase | None:
    """Return the person named between two commas whose verb follows the second one ("..., X, the envoy of Y, said")."""
    if tokens[place].text != "," or place + 1 >= len(tokens) or not is_finite(tokens[place + 1]):
        return None
    return next(
        (
            p
            for p in phrases
            if p.last == place and p.kind == "person" and p.first > 0 and tokens[p.first - 1].text in {",", *QUOTES}
        ),
        None,
    )


def _apposes(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a dash joins two common nouns in one oblique case ("of the states \u2014 members of the bloc")."""
    if not 0 < place < len(tokens) - 1:
        return False
    before, after = tokens[place - 1], tokens[place + 1]
    if before.capitalised or after.capitalised or not (before.is_pos("NOUN") and after.is_pos("NOUN")):
        return False
    shared = [{f for r in t.readings for f in r.features if f[:5] == "Case="} for t in (before, after)]
    return bool((shared[0] & shared[1]) - {"Case=Nom"}) and not any(is_finite(t) for t in (before, after))


def _spaced(tokens: Sequence[Token], place: int) -> bool:
    return 0 < place < len(tokens) - 1 and (
        tokens[place - 1].span.end < tokens[place].span.start and tokens[place].span.end < tokens[place + 1].span.start
    )


def _copular(tokens: Sequence[Token], first: int, place: int) -> bool:
    """Tell whether a dash stands for "is" where verbs come last: neither side has a verb ("X \u2014 a member of Y")."""
    rest = tokens[place + 1 :]
    return 1 < len(rest) <= REPORT_LENGTH and not any(
        is_predicate(t) or t.text in {",", ";", ":", *_DASHES} for t in (*tokens[first:place], *rest)
    )


def _gapped(tokens: Sequence[Token], first: int, place: int) -> bool:
    """Tell whether words before a conjunction leave their verb to what follows: "A in 2023, and B in 2025 did it"."""
    before = tokens[first:place]
    return (
        len(before) > 2
        and before[-1].text == ","
        and any(t.kind == "number" for t in before[-4:])
        and not any(is_predicate(t) for t in before)
    )


def _ranged(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether a dash stands between two days ("30 May \u2013 2 June")."""
    return (
        2 <= place < len(tokens) - 2
        and tokens[place + 1].kind == "number"
        and "number" in {tokens[place - 2].kind, tokens[place - 1].kind}
        and not is_finite(tokens[place - 1])
    )


def clause_at(clauses: Sequence[Clause], place: int) -> Clause:
    """Return the clause a token stands in."""
    return next(c for c in clauses if c.first <= place < c.last)


def resumed(clauses: Sequence[Clause], tokens: Sequence[Token], clause: Clause) -> Clause | None:
    """Return the clause that goes on after one put into it ("the visit, which was planned, | has been put off").

    None when the clause has a predicate of its own, or no such clause follows it.
    """
    after = clause.index + 2
    if after >= len(clauses) or any(is_finite(tokens[t]) for t in range(clause.first, clause.last)):
        return None
    inner, rest = clauses[after - 1], clauses[after]
    inserted = inner.participle or inner.relative
    return rest if inserted and not rest.relative and not rest.participle else None


def _opens_list(tokens: Sequence[Token], phrases: Sequence[Phrase], breaks: Collection[int], place: int) -> bool:
    """Tell whether a conjunction joins a name at the head of a clause to nouns that are no name ("the US and its
    allies")."""
    before = next((p for p in phrases if p.last == place), None)
    if before is None or place + 1 >= len(tokens) or is_finite(tokens[place + 1]):
        return False
    head = before.first == 0 or before.first in breaks or tokens[before.first - 1].text == ","
    return head and tokens[place + 1].is_pos("DET")
