"""Office titles with their holders -> claims: which office, of which body, held by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.model import (
    Claim,
    Entity,
    Iri,
)
from kg.referents import OfficeHeld, Referent
from kg.repeats import RepeatReader
from kg.stance import Stance


class OfficeReader(RepeatReader):
    """Reads the offices of one sentence."""

    def _office(self, held: OfficeHeld) -> Iterator[Claim]:
        frame = next((f for f in self.knowledge.frames.values() if any(r.scheme == "office" for r in f.roles)), None)
        if frame is None:
            return
        holder = self._person(held.holder)
        if holder is None:
            return
        office = self._office_code(held)
        several = any(
            r.anaphor is not None and r.anaphor.count != 1 for r in held.of
        )  # "the two states' presidents, X and Y"
        told = None if several else self.discourse.first_of(held.of, self.sentence.index)
        of = told or self._body_of(holder, office, held)
        role = frame.role("of")
        if of is not None and role is not None and not self.discourse.entity(of).kinds & role.kinds:
            of = None  # "the president of South America": a region has none
        if office is not None and of is not None and self._serves_another(held, holder, of):
            of = None
        if office is None or of is None:
            self._note(held.first, held.last, "office", "the state or body of this office is not told")
            return
        self.discourse.note_office(replace(held, office=office), holder.id, of)
        roles = {
            "holder": (self._filler(holder, held.holder.first, held.holder.last),),
            "office": (self._concept("office", office, held.first, held.last),),
            "of": (
                self._filler(self.discourse.entity(of), held.of[0].first, held.of[0].last)
                if held.of
                else self._filler(self.discourse.entity(of)),
            ),
        }
        yield self._claim(
            frame,
            roles,
            None,
            Stance(False, "actual"),
            None,
            None,
            held.first,
            held.last,
            0.95 if held.definite else 0.82,
            "offices/" + office,
            former=held.former,
        )

    def _serves_another(self, held: OfficeHeld, holder: Entity, of: Iri) -> bool:
        """Tell whether a title only stands beside a surname in another case ("X's ambassador met Trump"): reference
        data has the person serve other bodies alone, and the document gives the title to nobody of that name."""
        if not self.pack.sov or held.holder.via != "surname" or "Nom" in held.holder.cases:
            return False
        bodies = {t.of for t in self.knowledge.terms if t.holder == holder.id}
        return bool(bodies) and of not in bodies

    def _office_code(self, held: OfficeHeld) -> str | None:
        known = self.knowledge.concepts.get("office", {})
        if held.office in known:
            return held.office
        listed = [p for p in self.phrases if p.first < held.first < p.last]  # "Minister A and his counterpart B"
        beside = [h.office for p in listed for h in self.offices if p.first <= h.first < held.first]
        if beside and beside[-1] in known:
            return beside[-1]
        for phrase in sorted(
            (p for p in self.phrases if p.kind == "person" and p.last <= held.first), key=lambda p: -p.last
        ):
            one = self.discourse.resolve(phrase.members[-1], self.sentence.index, lambda e: "Person" in e.kinds)
            told = [
                o for h, o, _of, former in self.discourse.offices if one and h == one[0] and not former and o in known
            ]
            if told:
                return told[-1]
        before = [h.office for h in self.offices if h.office in known and h.first < held.first]
        after = [h.office for h in self.offices if h.office in known and h.first > held.first]
        if before or after:  # "his counterpart": the office named in the sentence, also where it comes later
            return before[-1] if before else after[0]
        return next((o for _h, o, _of, _f in reversed(self.discourse.offices) if o in known), None)

    def _body_of(self, holder: Entity, office: str | None, held: OfficeHeld) -> Iri | None:
        """Return the state or body of an office that the phrase leaves open: told before, known, or the only
        one near."""
        for person, told, of, _former in reversed(self.discourse.offices):
            if person == holder.id and told == office and of is not None:
                return of
        known = {
            t.of
            for t in self.knowledge.terms
            if t.holder == holder.id and office is not None and t.office.endswith(f"/{office}")
        }
        if len(known) == 1:
            return known.pop()
        served = {t.of for t in self.knowledge.terms if t.holder == holder.id}
        if self.pack.lemmatise_names and len(served) == 1:
            return served.pop()  # whatever the title, nobody else is known to be served
        near = [
            (s, self._state_of(s.entity, subject=s.subject))
            for s in self.discourse.seen
            if self.sentence.index - s.sentence <= 1 and (s.sentence, s.place) < (self.sentence.index, held.first)
        ]
        for distance in (0, 1):
            here = [(s, state) for s, state in near if state and self.sentence.index - s.sentence == distance]
            beside = {state for s, state in near if state and s.sentence == self.sentence.index}
            if distance and self.pack.lemmatise_names and beside - {state for _s, state in here}:
                return None  # a state named beside the title is as likely
            subjects = {state for s, state in here if s.subject}
            if not subjects and (not self.pack.lemmatise_names or len({state for _s, state in near if state}) == 1):
                subjects = {state for _s, state in here}
            if len(subjects) == 1:
                return subjects.pop()
            if subjects:
                return None
        return None

    def _state_of(self, iri: Iri, *, subject: bool) -> Iri | None:
        """Return the state an entity is, or, as the subject of a clause, the state whose capital it is."""
        entity = self.discourse.entity(iri)
        if "State" in entity.kinds:
            return iri
        return entity.located_in if subject and "Capital" in entity.kinds else None

    def _person(self, referent: Referent) -> Entity | None:
        found = self.discourse.resolve(referent, self.sentence.index, lambda e: "Person" in e.kinds)
        if found:
            return self.discourse.entity(found[0])
        if referent.words:
            return self.discourse.person(referent.words, referent.cases)
        return None
