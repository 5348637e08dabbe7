"""How well a question fits a saved query: its words against the wordings of the query, its names against parameters.

A word counts the more the fewer queries have it (inverse document frequency). Beside the words themselves, what stands
next to a name and the case it stands in are compared, since these tell who did it from whom it was done to.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.model import Entity, Iri
from kg.questions.reading import Named, Reading
from kg.saved import Parameter, SavedQuery

Keys = frozenset[str]
_FRAME = re.compile(r"\bframe:([A-Z]\w+)")
_BESIDE = 3.0  # what stands beside a name counts like a middling word
_ASKING = 0.6  # words without a topic, such as the question word and its case
_COVERAGE, _LIKENESS = 0.6, 0.6
_FRAME_TOLD, _FRAME_OTHER = 0.12, 0.15
_OTHER_KIND = 0.85
_OTHER_SIDE = 0.8  # who acts, where the name is in the place of whom it is done to, or the other way round
_OTHER_WAY = 0.7  # what did not happen, where what did is asked, or the other way round
AHEAD = 0.05  # by which a query must be the better one
_FAR_AHEAD = 0.12  # the same, of one that gives way
_OPEN_ENTITY = 0.4  # a name that no parameter takes


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a parameter in a wording: the keys of the words right before and after it, none at the ends."""

    parameter: str
    before: Keys
    after: Keys
    cases: Keys = frozenset()


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a query's question: the keys of its words, and the slots of its parameters."""

    words: tuple[Keys, ...]
    slots: tuple[Slot, ...]
    asking: frozenset[str] = frozenset()  # the forms of its words without a topic
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A saved query in one language: its wordings, all its words, and the frames it asks about."""

    query: SavedQuery
    wordings: tuple[Wording, ...]
    words: Keys
    frames: frozenset[str]
    agents: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A query with the parameters a question gives it.

    `score` goes from 0 to a little over 1; `left` are the names it has no use for.
    """

    query: SavedQuery
    values: Mapping[str, Named]
    concepts: Mapping[str, str]
    score: float
    left: tuple[Named, ...]
    rival: float = 0.0  # the score of the best other way to say who acts and who is acted upon

    @property
    def unpunished(self) -> float:
        """The score it would have, had it a place for every name."""
        return self.score / _OPEN_ENTITY ** len(self.left)


class Matcher:
    """Matches questions in one language to saved queries."""

    def __init__(self, profiles: Sequence[Profile], entities: Mapping[Iri, Entity]) -> None:
        self._profiles, self._entities = profiles, entities
        counts: Counter[str] = Counter()
        for profile in profiles:
            counts.update(profile.words)
        most = len(profiles) + 1
        self._weights = {word: math.log(most / count) + 0.1 for word, count in counts.items()}
        self._unknown = math.log(most) + 0.1
        self.vocabulary = frozenset(counts)

    def candidates(self, reading: Reading) -> list[Candidate]:
        """Return every query with a score above nothing, best first."""
        found = [c for profile in self._profiles for c in self._fit(profile, reading)]
        scores = {c.query.name: c.score for c in found}
        stands = [
            c for c in found if all(c.score - scores.get(other, 0.0) >= _FAR_AHEAD for other in c.query.gives_way)
        ]
        return sorted(stands, key=lambda c: (-c.score, c.query.name))

    def _fit(self, profile: Profile, reading: Reading) -> Iterator[Candidate]:
        base = self._coverage(profile, reading) * _COVERAGE
        told = frozenset().union(*reading.frames.values()) if reading.frames else frozenset()
        if told & profile.frames:
            base += _FRAME_TOLD * len(told & profile.frames) / len(profile.frames)
        elif told and profile.frames:
            base -= _FRAME_OTHER
        best: Candidate | None = None
        concepts = self._concepts(profile.query, reading)
        names = {p.name for p in profile.query.parameters if p.type == "entity"}
        directed = bool(names & profile.agents) and bool(names & profile.others)
        for values, left, fit in self._assignments(profile.query, reading):
            likeness = max((self._likeness(w, reading, values, concepts) for w in profile.wordings), default=0.0)
            score = max(0.0, (base + _LIKENESS * likeness) * fit * _sides(profile, values))
            if best is None or score > best.score:
                rival = best.score if directed and best is not None and len(best.values) == len(values) else 0.0
                best = Candidate(profile.query, values, concepts, score, left, rival)
            elif directed and len(values) == len(best.values):
                best = replace(best, rival=max(best.rival, score))
        if best is not None and best.score > 0:
            yield best

    def _coverage(self, profile: Profile, reading: Reading) -> float:
        """Return the share of what the question says that the query knows: its own words, or its frames' in the
        lexicon."""
        total = known = 0.0
        takes_office = any(p.scheme == "office" for p in profile.query.parameters)
        offices = {p for first, last, _ in reading.offices for p in range(first, last)} if takes_office else set()
        for place in reading.topics:
            keys = reading.tokens[place].keys
            weight = self._weight(keys)
            total += weight
            told = reading.frames.get(place, frozenset()) & profile.frames
            if keys & profile.words or place in offices:
                known += weight
            elif told:
                known += weight * math.sqrt(len(told) / len(profile.frames))
        if not total:
            return 0.0
        return known / total

    def _weight(self, keys: Iterable[str]) -> float:
        return min((self._weights[k] for k in keys if k in self._weights), default=self._unknown)

    def _likeness(
        self, wording: Wording, reading: Reading, values: Mapping[str, Named], concepts: Mapping[str, str]
    ) -> float:
        """Return the cosine between a wording and the question, over words, neighbours of names, and cases."""
        offices = {p for first, last, _ in reading.offices for p in range(first, last)} if concepts else set()
        asked = [reading.tokens[p].keys for p in reading.topics if p not in offices]
        ours, theirs, both = 0.0, 0.0, 0.0
        open_ones = list(wording.words)
        for keys in asked:
            theirs += self._weight(keys) ** 2
            match = next((w for w in open_ones if w & keys), None)
            if match is not None:
                open_ones.remove(match)
                both += self._weight(match & keys) ** 2
        ours += sum(self._weight(w) ** 2 for w in wording.words)
        asking = reading.asking
        both += _ASKING * len(asking & wording.asking)
        ours += _ASKING * len(wording.asking)
        theirs += _ASKING * len(asking)
        for slot in wording.slots:
            ours += _BESIDE
            value = values.get(slot.parameter)
            if value is not None:
                theirs += _BESIDE
                both += _BESIDE * _beside(slot, reading, value)
            elif slot.parameter in concepts:
                theirs += _BESIDE
                both += _BESIDE
        if wording.slots:
            theirs += _BESIDE * len({*values, *concepts} - {s.parameter for s in wording.slots})
        else:
            ours += _BESIDE * len(values)
        same = 1.0 if wording.negated == reading.negated else _OTHER_WAY
        return same * both / math.sqrt(ours * theirs) if ours and theirs else 0.0

    def _assignments(
        self, query: SavedQuery, reading: Reading
    ) -> Iterator[tuple[dict[str, Named], tuple[Named, ...], float]]:
        """Yield each way to give names to parameters: all required ones filled, as many names used as can be."""
        parameters = [p for p in query.parameters if p.type == "entity"]
        named = reading.named
        most = min(len(parameters), len(named))
        required = {p.name for p in parameters if p.required}
        for count in range(most, -1, -1):
            found = False
            for chosen in itertools.permutations(range(len(named)), count):
                for places in itertools.combinations(range(len(parameters)), count):
                    values = {parameters[place].name: named[n] for n, place in zip(chosen, places, strict=True)}
                    if not required <= set(values):
                        continue
                    kinds = [self._suits(parameters[place], named[n]) for n, place in zip(chosen, places, strict=True)]
                    if not all(kinds):
                        continue
                    found = True
                    left = tuple(n for i, n in enumerate(named) if i not in chosen)
                    yield values, left, math.prod(kinds) * _OPEN_ENTITY ** len(left)
            if found:
                return

    def _suits(self, parameter: Parameter, named: Named) -> float:
        """Return 1 for an entity of a kind the parameter is for, less for another or nobody, 0 for what cannot be
        meant."""
        if not parameter.kinds or not named.entities:
            return 1.0 if named.entities else _OTHER_KIND
        kinds = set().union(*(self._entities[e].kinds for e in named.entities if e in self._entities))
        if kinds & set(parameter.kinds):
            return 1.0
        if named.meant:  # a guess must fit
            return 0.0
        person = "Person" in kinds
        return 0.0 if person != ("Person" in parameter.kinds) else _OTHER_KIND

    def _concepts(self, query: SavedQuery, reading: Reading) -> dict[str, str]:
        office = next((p.name for p in query.parameters if p.type == "concept" and p.scheme == "office"), None)
        return {office: reading.offices[0][2]} if office and reading.offices else {}


def _sides(profile: Profile, values: Mapping[str, Named]) -> float:
    """Return 1, or less for each name that acts where its parameter is acted upon, or the other way round."""
    if sum(parameter.type == "entity" for parameter in profile.query.parameters) < 2:
        return 1.0
    wrong = sum(
        (name in profile.agents and value.acts is False) or (name in profile.others and value.acts is True)
        for name, value in values.items()
    )
    return _OTHER_SIDE**wrong


def _beside(slot: Slot, reading: Reading, value: Named) -> float:
    """Return how alike the places of a slot and a name are, in [0, 1]: neighbouring words, case."""
    row = reading.tokens
    before = row[value.first - 1].keys if value.first else frozenset()
    after = row[value.last].keys if value.last < len(row) else frozenset()
    like = [
        bool(slot.before & before) or not (slot.before or before),
        bool(slot.after & after) or not (slot.after or after),
    ]
    if slot.cases and value.cases:
        like += [bool(slot.cases & value.cases)] * 2
    return sum(like) / len(like)


def frames_of(query: SavedQuery) -> frozenset[str]:
    """Return the frames that the body of a query names."""
    return frozenset(_FRAME.findall(query.body))


def profile_of(query: SavedQuery, wordings: Sequence[Wording], sides: tuple[frozenset[str], frozenset[str]]) -> Profile:
    """Return the profile of a query; `sides` are the roles of its frames that act, and those acted upon."""
    words = frozenset().union(*(w for wording in wordings for w in wording.words))
    return Profile(query, tuple(wordings), words, frames_of(query), *sides)
