"""A question -> the saved query and parameters it means, or what to ask back: the nearest questions, and why not one.

Nothing is guessed: two queries nearly as good, a name of several, a word of the question that no query knows, all
lead to a question back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.dates import bounds, resolve
from kg.mentions import QUOTES
from kg.model import Entity, Iri
from kg.questions.matching import AHEAD, Candidate, Keys, Matcher, Profile, Slot, Wording, frames_of, profile_of
from kg.questions.reading import QuestionReader, Reading
from kg.saved import SavedQuery

_ENOUGH = 0.55
_SIDES = 0.02  # by how much who acts must be clearer than the other way round
_ENOUGH_UNNAMED = 0.75  # where no name bears the guess out
_NEAREST = 3
_ENDING = re.compile(r"(?<=\w)\(\w{1,3}\)")  # of the other gender, in brackets


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question was taken to mean.

    `values` by parameter: the IRI of an entity or the code of a concept; `mistyped`: names as the question has them and
    as they were taken; `as_of` an ISO day; `within` the first and last day of a period in which the dates of the answer
    must lie.
    """

    query: SavedQuery
    language: str
    values: Mapping[str, str]
    score: float
    mistyped: tuple[tuple[str, str], ...] = ()
    as_of: str | None = None
    within: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Why a question was not answered, in one sentence, and the nearest queries with what the question gives them."""

    reason: str
    language: str
    nearest: tuple[tuple[SavedQuery, Mapping[str, str]], ...]


class Understanding:
    """Understands questions in the languages it has readers for."""

    def __init__(
        self, queries: Sequence[SavedQuery], readers: Mapping[str, QuestionReader], entities: Mapping[Iri, Entity]
    ) -> None:
        self._readers, self._entities = readers, entities
        self._matchers = {tag: Matcher(_profiles(queries, reader, tag), entities) for tag, reader in readers.items()}

    def understand(self, question: str) -> Understood | NotUnderstood:
        """Return what `question` means: the language, query and parameters that fit best, or what to ask back."""
        heard = [self._hear(question, tag) for tag in self._readers]
        best = max(heard, key=lambda h: h[1][0].score if h[1] else 0.0)
        return self._decide(*best)

    def _hear(self, question: str, tag: str) -> tuple[Reading, list[Candidate]]:
        reading = self._readers[tag].read(question, self._matchers[tag].vocabulary)
        return reading, self._matchers[tag].candidates(reading)

    def _decide(self, reading: Reading, candidates: list[Candidate]) -> Understood | NotUnderstood:
        nearest = tuple((c.query, _values(c)) for c in candidates[:_NEAREST])
        tag = reading.language
        if reading.beyond:
            words = ", ".join(repr(word) for word in reading.beyond)
            return NotUnderstood(f"the register does not tell {words}", tag, nearest)
        if reading.unknown:
            names = ", ".join(reading.unknown)
            return NotUnderstood(f"nobody and nothing in the register is called {names}", tag, nearest)
        enough = _ENOUGH if candidates and candidates[0].values else _ENOUGH_UNNAMED
        if not candidates or candidates[0].score < enough:
            return NotUnderstood("no saved query is near enough to this question", tag, nearest)
        best = candidates[0]
        if len(candidates) > 1 and best.score - candidates[1].score < AHEAD:
            return NotUnderstood("several saved queries are as near to this question", tag, nearest)
        nearer = max(candidates, key=lambda c: c.unpunished)
        if nearer.unpunished - best.unpunished >= AHEAD and nearer.left:
            best = nearer  # it would take all but a name; another that takes the name is about something else
        if best.left:
            names = ", ".join(n.text for n in best.left)
            return NotUnderstood(f"the nearest saved query has no place for {names}", tag, nearest)
        if best.values and best.score - best.rival < _SIDES:
            names = ", ".join(n.text for n in best.values.values())
            return NotUnderstood(f"it is not clear what {names} did or had done to it", tag, nearest)
        doubtful = next(((p, n) for p, n in best.values.items() if len(self._meant(best, p)) > 1), None)
        if doubtful is not None:
            labels = ", ".join(sorted(self._entities[e].label(tag) for e in self._meant(best, doubtful[0])))
            return NotUnderstood(f"{doubtful[1].text} may be {labels}", tag, nearest)
        return self._understood(reading, best)

    def _meant(self, candidate: Candidate, parameter: str) -> tuple[Iri, ...]:
        """Return the entities a name may mean for a parameter: of the kinds it is for, if there are such."""
        wanted = next(set(p.kinds) for p in candidate.query.parameters if p.name == parameter)
        everyone = candidate.values[parameter].entities
        fitting = tuple(e for e in everyone if e in self._entities and self._entities[e].kinds & wanted)
        return fitting or everyone

    def _understood(self, reading: Reading, best: Candidate) -> Understood | NotUnderstood:
        values = {name: self._meant(best, name)[0] for name in best.values} | dict(best.concepts)
        as_of: str | None = None
        within: tuple[str, str] | None = None
        for dated in reading.dates:
            first, last = (
                bounds(resolve(dated.date, None, None, future=False) or "") if dated.date.year else (None, None)
            )
            if first is None or last is None:
                return NotUnderstood("its date has no year", reading.language, ((best.query, _values(best)),))
            if dated.as_of:
                as_of = last
            else:
                within = (first, last)
        return Understood(
            best.query,
            reading.language,
            values,
            round(best.score, 2),
            tuple((n.text, n.meant) for n in best.values.values() if n.meant),
            as_of,
            within,
        )


def _values(candidate: Candidate) -> dict[str, str]:
    """Return the names a question gives the parameters of a query, as it has them."""
    return {name: named.text for name, named in candidate.values.items()} | dict(candidate.concepts)


def _profiles(queries: Sequence[SavedQuery], reader: QuestionReader, tag: str) -> list[Profile]:
    profiles = []
    for query in queries:
        wordings = [_wording(text, reader) for text in (*query.questions[tag], query.title[tag])]
        profiles.append(profile_of(query, wordings, reader.agents(frames_of(query))))
    return profiles


def _wording(text: str, reader: QuestionReader) -> Wording:
    """Return a wording read: the keys of its words without fillers, and the places of its parameters."""
    pieces = [
        piece.partition("}") if number else ("", "", piece)
        for number, piece in enumerate(_ENDING.sub("", text).split("{"))
    ]
    words = [t.keys for _, _, rest in pieces for t in reader.words(rest)]
    tokens = [[t.keys for t in reader.tokens(rest) if t.text not in QUOTES] for _, _, rest in pieces]
    slots = [
        Slot(name, _last(tokens[number - 1]), _first(tokens[number]))
        for number, (name, _, _) in enumerate(pieces)
        if number
    ]
    asking = frozenset().union(*(reader.asking(rest) for _, _, rest in pieces))
    negated = any(reader.negated(reader.tokens(rest)) for _, _, rest in pieces)
    return Wording(tuple(words), tuple(slots), asking, negated)


def _first(keys: Sequence[Keys]) -> Keys:
    return keys[0] if keys else frozenset()


def _last(keys: Sequence[Keys]) -> Keys:
    return keys[-1] if keys else frozenset()
