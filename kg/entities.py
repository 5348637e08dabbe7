"""Mention entities of many documents to groups that are one entity each, with the reasons.

In a document, an unknown person or body is an entity of its own. Joins bring them together: by a label of a reference
entity; by a name that sounds the same in another script, together with office and state; by a decision. What is only
likely is `possibly_same`. The result depends on the set of documents, never on their order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final, Protocol

from kg.decisions import Decisions
from kg.model import Claim, Entity, Extraction, Frame, Iri, Knowledge
from kg.sounds import likeness, normalised, skeleton
from kg.vocab import HOLDER, OF, OFFICE, local_name

# How like two romanised names must be, from 0 to 1: with the same office and state, and without.
ALIKE_IN_OFFICE: Final = 0.75
ALIKE_ALONE: Final = 0.8
# Beyond this many candidates of one name, each is paired with the first only: the pairs would grow as the square.
PAIRED: Final = 20

_NAMES_OF_THINGS: Final = frozenset({"EventName", "PublishedIndex"})
_TOO_WIDE: Final = frozenset({"Actor", "CollectiveActor"})
_NAMING: Final = frozenset({"preferred", "alternative"})


@dataclass(frozen=True, slots=True)
class Group:
    """Entities that are one; `kinds` and `labels` (a language each) only where no reference entity has them already."""

    representative: Iri
    members: tuple[Iri, ...]
    kinds: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


class Representing(Protocol):
    """Whatever knows which entity another one is joined into."""

    def representative(self, iri: Iri) -> Iri:
        """Return the entity that `iri` is joined into; itself if it is in no group."""


@dataclass(frozen=True, slots=True)
class Joins:
    """Groups by representative, why each member is in its group, and pairs of representatives that may be one."""

    groups: tuple[Group, ...] = ()
    reasons: Mapping[Iri, tuple[str, ...]] = field(default_factory=dict)
    possibly_same: tuple[tuple[Iri, Iri], ...] = ()
    _representatives: Mapping[Iri, Iri] = field(default_factory=dict)

    def representative(self, iri: Iri) -> Iri:
        """Return the entity that `iri` is joined into; itself if it is in no group."""
        return self._representatives.get(iri, iri)


@dataclass(frozen=True, slots=True, order=True)
class _Edge:
    """A reason to join two entities; the lower the rank, the sooner it is followed."""

    rank: int
    first: Iri
    second: Iri
    reason: str


def lowest_kinds(kinds: Iterable[str], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the class names of `kinds` that are no superclass of another one, sorted."""
    known = [kind for kind in kinds if kind in knowledge.superclasses] or list(kinds)
    return tuple(
        sorted(
            kind
            for kind in known
            if not any(kind != other and kind in knowledge.superclasses.get(other, ()) for other in known)
        )
    )


def join(extractions: Iterable[Extraction], knowledge: Knowledge, decisions: Decisions | None = None) -> Joins:
    """Return the groups of all mention entities of `extractions`."""
    found = list(extractions)
    mentions = [entity for e in found for entity in e.entities]
    told = offices_told((claim for e in found for claim in e.claims), knowledge)
    return join_mentions(mentions, told, knowledge, decisions or Decisions())


def join_mentions(
    mentions: Iterable[Entity], told: Iterable[tuple[Iri, Iri, Iri]], knowledge: Knowledge, decisions: Decisions
) -> Joins:
    """Return the groups of `mentions`, given who is told to hold or have held which office of what (`offices_told`).

    Mentions that share no key (`keys_of`), directly or through others, and no decision do not touch each other.
    """
    return _Joiner(mentions, told, knowledge, decisions).run()


def keys_of(entity: Entity) -> frozenset[str]:
    """Return what an entity is compared by: only those that share a key may be joined, or be possibly the same."""
    names = {f"name {normalised(name.text)}" for name in entity.names}
    return frozenset(names | {f"sound {' '.join(skeleton(text))}" for text in _texts(entity)})


class _Joiner:
    """One joining at work: collects edges, follows them in order, names the groups."""

    def __init__(
        self,
        mentions: Iterable[Entity],
        told: Iterable[tuple[Iri, Iri, Iri]],
        knowledge: Knowledge,
        decisions: Decisions,
    ) -> None:
        self._knowledge = knowledge
        self._decisions = decisions
        self._mentions = {entity.id: entity for entity in mentions}
        self._told = list(told)
        self._unsure, self._different = decisions.why("unsure").keys(), decisions.why("different").keys()
        self._maybe = set(self._unsure)
        self._parts = _Parts(knowledge, self._different)
        self._reasons: dict[Iri, set[str]] = defaultdict(set)

    def run(self) -> Joins:
        things = [e for e in self._mentions.values() if "Person" not in e.kinds]
        people = [e for e in self._mentions.values() if "Person" in e.kinds]
        by_decision = [_Edge(0, *pair, f"decided: {why}") for pair, why in self._decisions.why("same").items()]
        # Bodies first: the office of a person may be one of theirs.
        self._follow([*by_decision, *self._label_edges(things), *self._thing_edges(things)])
        offices = self._offices()
        references = self._reference_people(people)
        self._follow([*self._label_edges(people), *self._office_edges(people, references, offices)])
        self._suspect(people, references, offices)
        return self._result()

    # -- edges ----------------------------------------------------------------------------------------------------

    def _label_edges(self, mentions: Sequence[Entity]) -> Iterator[_Edge]:
        """Yield joins by a label of exactly one reference entity of a like kind; more than one stays open."""
        wanted = {normalised(name.text) for entity in mentions for name in entity.names}
        found: dict[str, set[Iri]] = defaultdict(set)
        for entity in self._knowledge.entities.values() if wanted else ():
            for name in entity.names:
                if name.kind in _NAMING and normalised(name.text) in wanted:
                    found[normalised(name.text)].add(entity.id)
        for mention in mentions:
            for text in sorted({name.text for name in mention.names}):
                fitting = [
                    iri
                    for iri in sorted(found[normalised(text)])
                    if _like_kinds(mention.kinds, self._knowledge.entities[iri].kinds)
                ]
                if len(fitting) == 1:
                    yield _Edge(1, *_pair(mention.id, fitting[0]), f"{text!r} is a name of {local_name(fitting[0])}")
                else:
                    self._maybe |= {_pair(mention.id, iri) for iri in fitting}

    def _thing_edges(self, mentions: Sequence[Entity]) -> Iterator[_Edge]:
        """Yield joins of events, indexes, bodies and places by name and kind; a body of one word stays open."""
        named: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[Iri, str]] = defaultdict(dict)
        for entity in mentions:
            for name in entity.names:
                if name.kind in _NAMING:
                    key = lowest_kinds(entity.kinds, self._knowledge), skeleton(name.text)
                    named[key].setdefault(entity.id, name.text)
        for (kinds, _), texts in sorted(named.items()):
            sure = bool(_NAMES_OF_THINGS & set(kinds))
            for one, two in _near(texts, ALIKE_ALONE if sure else 1.0):
                if sure or " " in normalised(texts[one]):
                    yield _Edge(2, *_pair(one, two), f"{texts[one]!r} and {texts[two]!r} are one name")
                else:
                    self._maybe.add(_pair(one, two))

    def _office_edges(
        self, people: Sequence[Entity], references: Mapping[Iri, Entity], offices: Mapping[Iri, set[tuple[Iri, Iri]]]
    ) -> Iterator[_Edge]:
        """Yield joins of persons whose names sound alike and who hold one office of one state or body."""
        holding: dict[tuple[tuple[str, ...], Iri, Iri], dict[Iri, str]] = defaultdict(dict)
        for entity in (*people, *references.values()):
            for text in _texts(entity):
                for office, of in sorted(offices.get(entity.id, ())):
                    holding[skeleton(text), office, of].setdefault(entity.id, text)
        for (sounds, office, of), texts in sorted(holding.items()):
            if len(sounds) > 1:
                what = f"hold the office {local_name(office)} of {local_name(of)}"
                for one, two in _near(texts, ALIKE_IN_OFFICE):
                    if one in self._mentions or two in self._mentions:
                        yield _Edge(3, *_pair(one, two), f"{texts[one]!r} and {texts[two]!r} sound alike and {what}")

    def _offices(self) -> dict[Iri, set[tuple[Iri, Iri]]]:
        """Return for each person the offices, with their bodies, that documents or reference data give."""
        offices: dict[Iri, set[tuple[Iri, Iri]]] = defaultdict(set)
        for term in self._knowledge.terms:
            offices[term.holder].add((term.office, term.of))
        for holder, office, of in self._told:
            offices[holder].add((office, self._parts.representative(of)))
        return offices

    def _reference_people(self, people: Sequence[Entity]) -> dict[Iri, Entity]:
        wanted = {skeleton(text) for entity in people for text in _texts(entity)}
        return {
            entity.id: entity
            for entity in (self._knowledge.entities.values() if wanted else ())
            if "Person" in entity.kinds and any(skeleton(text) in wanted for text in _texts(entity))
        }

    # -- following ------------------------------------------------------------------------------------------------

    def _follow(self, edges: Iterable[_Edge]) -> None:
        for edge in sorted(set(edges)):
            pair = (edge.first, edge.second)
            if edge.rank and (pair in self._unsure or pair in self._different):
                continue
            if self._parts.join(*pair, by_decision=edge.rank == 0):
                for end in pair:
                    self._reasons[end].add(edge.reason)
            else:
                self._maybe.add(pair)

    def _suspect(
        self, people: Sequence[Entity], references: Mapping[Iri, Entity], offices: Mapping[Iri, set[tuple[Iri, Iri]]]
    ) -> None:
        """Note persons of like names that nothing joined, unless their offices are of different states."""
        alike: dict[tuple[str, ...], dict[Iri, set[str]]] = defaultdict(lambda: defaultdict(set))
        states: dict[Iri, set[Iri]] = defaultdict(set)
        for entity in (*people, *references.values()):
            one = self._parts.representative(entity.id)
            states[one] |= {of for _, of in offices.get(entity.id, ())}
            for text in _texts(entity):
                if len(skeleton(text)) > 1:
                    alike[skeleton(text)][one].add(text)
        for _, texts in sorted(alike.items()):
            for one, two in _pairs(sorted(texts)):
                known = states[one], states[two]
                if all(known) and not known[0] & known[1]:
                    continue
                if {one, two} <= references.keys():
                    continue
                if any(likeness(a, b) >= ALIKE_ALONE for a in texts[one] for b in texts[two]):
                    self._maybe.add(_pair(one, two))

    # -- naming ---------------------------------------------------------------------------------------------------

    def _result(self) -> Joins:
        groups = []
        representatives: dict[Iri, Iri] = {}
        decided = [iri for pair in self._decisions.why("same") for iri in pair]
        for members in self._parts.groups([*self._mentions, *decided]):
            one = self._parts.representative(members[0])
            representatives |= dict.fromkeys(members, one)
            groups.append(self._group(one, members))
        maybe = {_pair(*(self._parts.representative(iri) for iri in pair)) for pair in self._maybe}
        return Joins(
            tuple(sorted(groups, key=lambda group: group.representative)),
            {iri: tuple(sorted(found)) for iri, found in sorted(self._reasons.items())},
            tuple(sorted(pair for pair in maybe - set(self._different) if pair[0] != pair[1])),
            representatives,
        )

    def _group(self, representative: Iri, members: tuple[Iri, ...]) -> Group:
        if representative in self._knowledge.entities:
            return Group(representative, members)
        entities = [self._mentions[member] for member in members if member in self._mentions]
        kinds = frozenset(kind for entity in entities for kind in entity.kinds)
        return Group(representative, members, lowest_kinds(kinds, self._knowledge), chosen_labels(entities))


def chosen_labels(entities: Iterable[Entity]) -> tuple[tuple[str, str], ...]:
    """Return one label a language: the most frequent preferred name, of equals the first by code points."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in entities:
        for name in entity.names:
            if name.kind == "preferred":
                counts[name.language][name.text] += 1
    return tuple(
        (language, min(found, key=lambda text: (-found[text], text))) for language, found in sorted(counts.items())
    )


def office_frames(knowledge: Knowledge) -> list[Frame]:
    """Return the frames that tell who holds which office of what."""
    return [f for f in knowledge.frames.values() if {HOLDER, OFFICE, OF} <= {role.property for role in f.roles}]


def offices_told(claims: Iterable[Claim], knowledge: Knowledge) -> Iterator[tuple[Iri, Iri, Iri]]:
    """Yield holder, office and body of each claim that says somebody holds or held an office."""
    names = {
        frame.name: [next(r.name for r in frame.roles if r.property == p) for p in (HOLDER, OFFICE, OF)]
        for frame in office_frames(knowledge)
    }
    for claim in claims:
        if claim.frame in names and claim.polarity == "positive":
            holder, office, of = (claim.fillers(role) for role in names[claim.frame])
            if holder and office and of:
                yield holder[0].id, office[0].id, of[0].id


class _Parts:
    """Disjoint sets of entities; no set holds two reference entities, or two that a decision keeps apart."""

    def __init__(self, knowledge: Knowledge, different: Iterable[tuple[Iri, Iri]]) -> None:
        self._knowledge = knowledge
        self._parent: dict[Iri, Iri] = {}
        self._members: dict[Iri, set[Iri]] = {}
        self._apart: dict[Iri, set[Iri]] = defaultdict(set)
        for first, second in different:
            self._apart[first].add(second)
            self._apart[second].add(first)

    def representative(self, iri: Iri) -> Iri:
        """Return the reference entity of the set, else its smallest member."""
        while iri in self._parent:
            iri = self._parent[iri]
        return iri

    def join(self, first: Iri, second: Iri, *, by_decision: bool = False) -> bool:
        """Make two sets one; return False where that must not be."""
        one, two = self.representative(first), self.representative(second)
        if one == two:
            return True
        known = [iri for iri in (one, two) if iri in self._knowledge.entities]
        here, there = self._members.get(one, {one}), self._members.get(two, {two})
        if (len(known) > 1 and not by_decision) or any(self._apart[iri] & there for iri in here if iri in self._apart):
            return False
        top = min(known) if known else min(one, two)
        below = two if top == one else one
        self._parent[below] = top
        self._members[top] = here | there
        self._members.pop(below, None)
        return True

    def groups(self, mentions: Iterable[Iri]) -> Iterator[tuple[Iri, ...]]:
        """Yield the members of each set that has a mention in it, sorted."""
        tops = {self.representative(iri) for iri in mentions}
        yield from (tuple(sorted(self._members.get(top, {top}))) for top in sorted(tops))


def _pair(first: Iri, second: Iri) -> tuple[Iri, Iri]:
    return (first, second) if first <= second else (second, first)


def _pairs(found: Sequence[Iri]) -> Iterable[tuple[Iri, Iri]]:
    return combinations(found, 2) if len(found) <= PAIRED else ((found[0], other) for other in found[1:])


def _near(texts: Mapping[Iri, str], threshold: float) -> Iterator[tuple[Iri, Iri]]:
    """Yield pairs of entities of the same or a like name; of the same name, each with the next only."""
    by_name: dict[str, list[Iri]] = defaultdict(list)
    for iri, text in sorted(texts.items()):
        by_name[normalised(text)].append(iri)
    for same in by_name.values():
        yield from pairwise(same)
    firsts = [same[0] for _, same in sorted(by_name.items())]
    for one, two in _pairs(firsts):
        if threshold < 1.0 and likeness(texts[one], texts[two]) >= threshold:
            yield one, two


def _texts(entity: Entity) -> list[str]:
    return sorted({name.text for name in entity.names if name.kind in _NAMING})


def _like_kinds(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool((first & second) - _TOO_WIDE)
