"""What a document has told so far: who was named where, who holds which office, which agreement is "the document".

Resolves pronouns, descriptions and bare titles to what they stand for, and gives up when two things fit equally well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kg.bodies import OWNER
from kg.ids import mention_iri
from kg.language.pack import Anaphor, Pack
from kg.model import Entity, Iri, Knowledge, Name
from kg.referents import OfficeHeld, Phrase, Referent
from kg.unguarded import unguarded

MEMORY = 3
PAIR = 2
_GENDERS = {"Gender=Masc": "male", "Gender=Fem": "female", "Gender=Neut": "neuter"}
_OF_MANY = frozenset({"any", "State", "Person"})  # what a document names many of


@unguarded
@dataclass(frozen=True, slots=True)
class Seen:
    """One naming of an entity: where, and how likely the subject of its clause it was."""

    sentence: int
    place: int
    entity: Iri
    subject: bool
    group: int
    listed: bool = False
    adjective: bool = False


@dataclass(frozen=True, slots=True)
class NominalSeen:
    """An agreement, exercise or the like told of: its parties and attribute values."""

    name: str
    sentence: int
    place: int
    parties: tuple[Iri, ...]
    values: tuple[tuple[str, str], ...] = ()


@dataclass
class Discourse:
    """The memory of one document; grows as sentences are read."""

    document: str
    knowledge: Knowledge
    pack: Pack
    published: str | None
    seen: list[Seen] = field(default_factory=list)
    groups: list[tuple[int, int, tuple[Iri, ...]]] = field(default_factory=list)
    nominals: list[NominalSeen] = field(default_factory=list)
    mentioned: dict[str, int] = field(default_factory=dict)
    offices: list[tuple[Iri, str, Iri | None, bool]] = field(default_factory=list)
    titles: dict[Iri, set[str]] = field(default_factory=dict)
    everyone: frozenset[Iri] = frozenset()
    people: dict[str, Entity] = field(default_factory=dict)
    others: dict[str, Entity] = field(default_factory=dict)
    owners: dict[str, set[Iri]] = field(default_factory=dict)
    genders: dict[Iri, str | None] = field(default_factory=dict)
    last_date: str | None = None
    above: str | None = None  # the date under which the present sentence stands
    speaker: Iri | None = None
    quoted: Iri | None = None  # who speaks in a quotation that is still open

    # -- entities ------------------------------------------------------------------------------------------------

    def entity(self, iri: Iri) -> Entity:
        """Return a known entity; raises KeyError for an IRI that nobody made."""
        known = self.knowledge.entities.get(iri)
        if known is not None:
            return known
        return next(e for e in (*self.people.values(), *self.others.values()) if e.id == iri)

    def _nominative(self, words: tuple[str, ...], cases: frozenset[str]) -> str:
        """Return a person's name in dictionary form; a language that inflects names is told the cases it may
        stand in."""
        tell = getattr(self.pack.morphology, "nominative_in", None)
        return " ".join(tell(words, cases) if tell else self.pack.morphology.nominative(words, "person"))

    def person(self, words: tuple[str, ...], cases: frozenset[str] = frozenset()) -> Entity:
        """Return the entity of a person named so, a new one when nobody of that name is known here."""
        name = self._nominative(words, cases)
        key = self.pack.morphology.fold(name)
        if key not in self.people:
            kinds = self.knowledge.superclasses.get("Person", frozenset({"Person"}))
            self.people[key] = Entity(
                mention_iri(self.document, name, "Person"), kinds, (Name(name, self.pack.language, "preferred"),)
            )
        return self.people[key]

    def other(self, words: tuple[str, ...], kind: str) -> Entity:
        """Return the entity of a place, body or exercise named so, a new one when it is not known here."""
        name = " ".join(words)
        key = kind + self.pack.morphology.fold(name)
        if key not in self.others:
            kinds = self.knowledge.superclasses.get(kind, frozenset({kind}))
            self.others[key] = Entity(
                mention_iri(self.document, name, kind), kinds, (Name(name, self.pack.language, "preferred"),)
            )
        return self.others[key]

    def organ(self, name: str, state: Iri) -> Entity:
        """Return the organ of a state that is named so ("the Peruvian Foreign Ministry"), a new one when it is not
        known."""
        key = "organ" + self.pack.morphology.fold(name)
        if key not in self.others:
            kinds = self.knowledge.superclasses.get("StateOrgan", frozenset({"StateOrgan"}))
            self.others[key] = Entity(
                mention_iri(self.document, name, "StateOrgan"),
                kinds,
                (Name(name, self.pack.language, "preferred"),),
                organ_of=state,
            )
        return self.others[key]

    # -- memory --------------------------------------------------------------------------------------------------

    def note_phrases(self, sentence: int, phrases: Sequence[Phrase]) -> None:
        """Remember what a sentence names."""
        for number, phrase in enumerate(phrases):
            if phrase.kind not in {"entity", "person"}:
                continue
            subject = (
                phrase.adposition is None
                and not phrase.possessive
                and not phrase.adjective
                and (not phrase.cases or "Nom" in phrase.cases)
            )
            for member in phrase.members:
                for iri in self.known(member)[:1]:
                    owner = self.entity(iri).organ_of or iri
                    if member.head and "State" in self.entity(owner).kinds:
                        self.owners.setdefault(member.head, set()).add(owner)
                    adjective = member.via in {"adjective", "compound"}
                    listed = len(phrase.members) > 1
                    self.seen.append(Seen(sentence, member.first, iri, subject, number, listed, adjective))
            if len(phrase.members) > 1:
                entities = tuple(iri for m in phrase.members for iri in self.known(m)[:1])
                if len(entities) == len(phrase.members):
                    self.groups.append((sentence, phrase.first, entities))

    def note_bodies(self, sentence: int, offices: Sequence[OfficeHeld], phrases: Sequence[Phrase]) -> None:
        """Remember the states and bodies that titles name: "the country" may point to them."""
        bare = {p.first for p in phrases if p.adposition is None and not p.possessive and not p.adjective}
        for held in offices:
            for referent in held.of[:1]:
                if referent.anaphor is None and (of := self.first_of([referent], sentence)) is not None:
                    self.seen.append(Seen(sentence, referent.first, of, held.first in bare, -1))

    def note_office(self, held: OfficeHeld, holder: Iri, of: Iri | None) -> None:
        """Remember who holds what."""
        self.offices.append((holder, held.office, of, held.former))
        if held.title:
            self.titles.setdefault(holder, set()).add(held.title)

    def note_group(self, sentence: int, place: int, entities: tuple[Iri, ...]) -> None:
        """Remember entities that acted together, so that "the two sides" can find them."""
        self.groups.append((sentence, place, entities))

    # -- resolving -----------------------------------------------------------------------------------------------

    def known(self, referent: Referent) -> tuple[Iri, ...]:
        """Return the candidates of a name without looking at the discourse."""
        if referent.entities:
            return referent.entities
        if referent.words and len(referent.words) > 1:
            name = self.pack.morphology.fold(self._nominative(referent.words, referent.cases))
            found = self.people.get(name)
            return (found.id,) if found else ()
        return ()

    def resolve(
        self,
        referent: Referent,
        sentence: int,
        fits: Callable[[Entity], bool],
        barred: frozenset[Iri] = frozenset(),
    ) -> tuple[Iri, ...] | None:
        """Return what a referent stands for among things that fit and are not barred; None when nothing or too much
        does."""
        if referent.anaphor is not None and OWNER in referent.anaphor.refers:
            return self._owner(referent, sentence, fits)
        if referent.anaphor is not None:
            return self._antecedent(
                referent.anaphor, sentence, referent.first, lambda e: e.id not in barred and fits(e)
            )
        if referent.office is not None:
            return self._office_holder(referent, sentence, fits)
        candidates = [i for i in self.known(referent) if fits(self.entity(i))]
        if len(candidates) == 1 or (candidates and self._same_rank(candidates)):
            return (candidates[0],)
        if not candidates and len(self.known(referent)) == 1:
            return None
        here = [i for i in candidates if any(s.entity == i for s in self.seen if s.place != referent.first)]
        return (here[0],) if len(set(here)) == 1 else None

    def _owner(self, body: Referent, sentence: int, fits: Callable[[Entity], bool]) -> tuple[Iri, ...] | None:
        """Return whose a body without its state is: of the one state told with such a body, or the only one near."""
        told = self.owners.get(body.head, set())
        near = {s.entity for s in self.seen if (s.sentence, s.place) < (sentence, body.first)}
        states = told or {e for e in near if "State" in self.entity(e).kinds}
        if len(states) != 1:
            return None
        owner = next(iter(states))
        return (owner,) if fits(self.entity(owner)) else None

    def _same_rank(self, candidates: Sequence[Iri]) -> bool:
        """Tell whether the first candidate is of a better kind than the rest (a state before a region of its name)."""
        kinds = [self.entity(c).kinds for c in candidates]
        return "State" in kinds[0] and all("State" not in k for k in kinds[1:])

    def _office_holder(
        self, referent: Referent, sentence: int, fits: Callable[[Entity], bool]
    ) -> tuple[Iri, ...] | None:
        office = referent.office.office if referent.office else ""
        if len(referent.of) > 1:  # "the presidents of A and B": the bodies stand for their holders
            bodies = [self.first_of([r], sentence) for r in referent.of]
            known = tuple(b for b in bodies if b is not None and fits(self.entity(b)))
            return known if len(known) == len(bodies) else None
        of = self.first_of(referent.of, sentence)
        told: list[Iri] = []
        for holder, held, state, former in reversed(self.offices):
            same = held == office or held in self.knowledge.may_mean.get(office, ())
            if (
                same
                and not former
                and fits(self.entity(holder))
                and (of is None or state == of or (state is None and self.represented(holder) in {None, of}))
            ):
                told.append(holder)
        if of is None and referent.head:
            told = [h for h in told if referent.head in self.titles.get(h, {referent.head})]
            told = told or self._called(referent.head, sentence, referent.first, fits)
        if told:
            exact = of is None and office != "leader"
            return (self._latest(told, sentence, referent.first) if exact else told[0],)
        if of is None:
            called = [i for i in self._named_before(sentence, referent.first) if self._serves_as(i, office)]
            called = [i for i in called if fits(self.entity(i))]
            return (called[0],) if len(set(called)) == 1 else None
        holders = {
            t.holder
            for t in self.knowledge.terms
            if t.of == of and t.office.endswith(f"/{office}") and self._in_term(t.start, t.end) and not t.former
        }
        # Of an ambassador or a deputy a body has several at once, though the reference data may know only one.
        known_holder = holders.pop() if len(holders) == 1 and office not in self.knowledge.shared_offices else None
        if known_holder is not None and known_holder in self.everyone and fits(self.entity(known_holder)):
            return (known_holder,)  # the document names who it is, though not with this title
        if fits(self.entity(of)):
            return (of,)
        return (known_holder,) if known_holder is not None and fits(self.entity(known_holder)) else None

    def _called(self, title: str, sentence: int, place: int, fits: Callable[[Entity], bool]) -> list[Iri]:
        """Return who was named lately, or alone, with a title that ends so ("the minister", of any portfolio)."""
        lately = [
            s.entity
            for s in reversed(self.seen)
            if (s.sentence, s.place) < (sentence, place)
            and sentence - s.sentence <= MEMORY
            and title in self.titles.get(s.entity, ())
            and fits(self.entity(s.entity))
        ]
        if lately or not self.pack.sov:
            return lately
        ever = [i for i, titles in self.titles.items() if title in titles and fits(self.entity(i))]
        return ever if len(ever) == 1 else []

    def _named_before(self, sentence: int, place: int) -> list[Iri]:
        """Return what the sentence before and the words of this one before a place name, the last first."""
        return [s.entity for s in reversed(self.seen) if (sentence - 1, -1) < (s.sentence, s.place) < (sentence, place)]

    def _latest(self, holders: Sequence[Iri], sentence: int, place: int) -> Iri:
        """Return which of several holders was named last before a place; the first given if none was."""
        named = (
            s.entity for s in reversed(self.seen) if (s.sentence, s.place) < (sentence, place) and s.entity in holders
        )
        return next(named, holders[0])

    def _serves_as(self, person: Iri, office: str) -> bool:
        """Tell whether the reference data gives a person an office on the day of the document."""
        return any(
            t.holder == person and t.office.endswith(f"/{office}") and not t.former and self._in_term(t.start, t.end)
            for t in self.knowledge.terms
        )

    def _in_term(self, start: str | None, end: str | None) -> bool:
        if self.published is None:
            return False
        return (
            start is not None
            and start[: len(self.published)] <= self.published
            and (end is None or self.published <= end)
        )

    def first_of(self, referents: Iterable[Referent], sentence: int) -> Iri | None:
        """Return the state or body of an office phrase."""
        for referent in referents:
            if referent.via == "quoted" and referent.words:
                return self.other(self.pack.morphology.nominative(referent.words, "other"), "Organisation").id
            found = self.resolve(referent, sentence, lambda e: "Person" not in e.kinds)
            if found:
                entity = self.entity(found[0])
                return (
                    entity.organ_of
                    or (entity.located_in if entity.located_in and "Place" in entity.kinds else None)
                    or entity.id
                )
        return None

    def _antecedent(
        self, anaphor: Anaphor, sentence: int, place: int, fits: Callable[[Entity], bool]
    ) -> tuple[Iri, ...] | None:
        if "speaker" in anaphor.refers:
            state = self.represented(self.speaker) if self.speaker else None
            return (state,) if state and fits(self.entity(state)) else None
        before = [
            s
            for s in self.seen
            if (s.sentence, s.place) < (sentence, place)
            and sentence - s.sentence <= MEMORY
            and self._refers(anaphor, self.entity(s.entity))
            and fits(self.entity(s.entity))
        ]
        if "State" in anaphor.refers and self.pack.lemmatise_names:
            before = [s for s in before if not s.adjective] or before  # "the Peruvian army": Peru is hardly named
        if anaphor.gender and not self.pack.sov:
            mine = [
                s
                for s in self.seen
                if s.sentence == sentence
                and s.place < place
                and s.subject
                and self._refers(anaphor, self.entity(s.entity))
            ]
            if mine and not any(fits(self.entity(s.entity)) for s in mine):
                return None  # "Smith said his government ...": nobody else's, though it is not known whose he leads
        if anaphor.count == 0:  # "they": a group told of here or just before, else one body that is many
            here = [s for s in before if s.sentence == sentence and s.subject and not s.listed]
            several = None if here else self._several(anaphor, sentence, place, before)
            if several is not None and all(fits(self.entity(e)) for e in several):
                return several
        elif anaphor.count != 1:
            return self._several(anaphor, sentence, place, before)
        for distance in range(MEMORY):
            here = [s for s in before if s.sentence == sentence - distance]
            here = [s for s in here if not s.listed] or here
            if "State" not in anaphor.refers and not self.pack.sov:
                here = [s for s in here if s.group >= 0] or here  # a title's state is no nearer than its holder
            if not here:
                continue
            subjects = [s for s in here if s.subject]
            pool = subjects or here
            if len({s.entity for s in pool}) == 1:
                return (pool[0].entity,)
            if subjects:
                return (subjects[-1].entity,) if distance == 0 else (subjects[0].entity,)
            return None
        if anaphor.count == 1 and self.pack.lemmatise_names and not _OF_MANY & set(anaphor.refers):
            only = {
                s.entity
                for s in self.seen
                if (s.sentence, s.place) < (sentence, place) and self._refers(anaphor, self.entity(s.entity))
            }
            only = {e for e in only if fits(self.entity(e))}
            return (only.pop(),) if len(only) == 1 else None  # the only body the document has named
        return None

    def _several(self, anaphor: Anaphor, sentence: int, place: int, before: Sequence[Seen]) -> tuple[Iri, ...] | None:
        groups = sorted(self.groups) if anaphor.reciprocal else self.groups  # "each other": the nearest before
        beside = {s.entity for s in self.seen if s.sentence == sentence and s.adjective}
        for at, where, entities in reversed(groups):
            if anaphor.count == PAIR and self.pack.lemmatise_names and beside - set(entities):
                continue  # "the sides signed; for the Peruvian side X": not two others
            if (at, where) < (sentence, place) and sentence - at <= MEMORY and anaphor.count in {0, len(entities)}:
                kinds = [self.entity(e) for e in entities]
                if all(self._refers(anaphor, e) for e in kinds):
                    return entities
                own = [e if self._refers(anaphor, self.entity(e)) else self.represented(e) for e in entities]
                bodies = tuple(b for b in own if b is not None)
                if len(set(bodies)) == len(entities) and all(self._refers(anaphor, self.entity(b)) for b in bodies):
                    return bodies
        if anaphor.count == 0:
            return None
        for distance in range(1, MEMORY + 1):
            recent = list(dict.fromkeys(s.entity for s in before if sentence - s.sentence < distance))
            if len(recent) == anaphor.count:
                return tuple(recent)
            if len(recent) > anaphor.count:
                return None
        return None

    def _refers(self, anaphor: Anaphor, entity: Entity) -> bool:
        gender = self._gender_of(entity) if anaphor.gender else None
        if anaphor.gender and gender and gender not in anaphor.gender.split("|"):
            return False
        if anaphor.named and not self._is_named(entity, anaphor.named):
            return False
        return "any" in anaphor.refers or bool(entity.kinds & set(anaphor.refers))

    def _gender_of(self, entity: Entity) -> str | None:
        """Return the gender of a person, or the grammatical one of a name where names are inflected; None if not
        known."""
        if entity.gender or not self.pack.lemmatise_names or "Person" in entity.kinds:
            return entity.gender
        if entity.id not in self.genders:
            self.genders[entity.id] = self._grammatical_gender(entity.label(self.pack.language))
        return self.genders[entity.id]

    def _grammatical_gender(self, name: str) -> str | None:
        """Return the gender of the first noun of a name in the singular, None when its form leaves it open."""
        for word in name.split():
            own = [r for r in self.pack.morphology.analyse(word) if r.pos in {"NOUN", "PROPN"}]
            if not own or word.isupper():
                continue
            direct = {f for r in own if {"Case=Nom", "Number=Sing"} <= r.features for f in r.features if f in _GENDERS}
            return _GENDERS[direct.pop()] if len(direct) == 1 else None
        return None

    def _is_named(self, entity: Entity, part: str) -> bool:
        """Tell whether a name of an entity in the document's language holds some letters."""
        return any(n.language == self.pack.language and part in self.pack.morphology.fold(n.text) for n in entity.names)

    def represented(self, person: Iri | None) -> Iri | None:
        """Return the state or body a person speaks for: by an office told here, else by the reference data."""
        if person is None:
            return None
        for holder, _office, of, former in reversed(self.offices):
            if holder == person and of is not None and not former:
                return of
        terms = [t for t in self.knowledge.terms if t.holder == person and not t.former]
        current = [t for t in terms if self._in_term(t.start, t.end)] or [t for t in terms if t.end is None] or terms
        bodies = {t.of for t in current}
        if len(bodies) > 1:
            bodies = {b for b in bodies if b in self.knowledge.entities and "State" in self.knowledge.entities[b].kinds}
        return bodies.pop() if len(bodies) == 1 else None

    def last_nominal(self, name: str, sentence: int, place: int) -> NominalSeen | None:
        """Return the last agreement or exercise told of before a place."""
        for nominal in reversed(self.nominals):
            if nominal.name == name and (nominal.sentence, nominal.place) < (sentence, place):
                return nominal
        return None
