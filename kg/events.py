"""Event nouns (agreements, exercises) of a sentence: their parties and names, and what "the document" points
back to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.binding import Bound
from kg.clauses import clause_at, is_finite
from kg.discourse import NominalSeen
from kg.model import (
    Filler,
    Frame,
    FrameRole,
    Iri,
    Span,
)
from kg.referents import Phrase
from kg.resolution import SPEAKER_KINDS, Resolver
from kg.triggers import Found

VALUE_REACH = 8  # words after an event noun that may say what it is about


class EventReader(Resolver):
    """Reads what event nouns carry with them and remembers it for later sentences."""

    def _nominal_near(self, found: Found) -> Phrase | None:
        """Return the event noun (agreement, exercise) that a trigger acts on, the nearest in its clause or
        before it."""
        clause = found.clause
        near = [
            p
            for p in self.phrases
            if p.nominal is not None
            and self._may_carry(p.nominal.frame, found)
            and (
                clause.first <= p.head < clause.last or (clause.relative and clause.first - 12 <= p.head < clause.first)
            )
        ]
        return min(near, key=lambda p: abs(p.head - found.at), default=None)

    def _may_carry(self, frame: str, found: Found) -> bool:
        """Tell whether the parties of an event noun are such as a trigger's frame has (a meeting has no parties to a
        treaty)."""
        mine = self.knowledge.frames.get(found.trigger.frame)
        theirs = self.knowledge.frames.get(frame)
        if mine is None or theirs is None:
            return True
        names = {r.name for r in mine.roles if r.symmetric}
        return not names or bool(names & {r.name for r in theirs.roles if r.symmetric})

    def _reference_to(self, found: Found) -> tuple[str, int] | None:
        """Return the name and place of the event noun, or of the words that stand for it ("the document")."""
        noun = self._nominal_near(found)
        if noun is not None and noun.nominal is not None:
            return noun.nominal.name, noun.head
        names = {n for n in self._nominal_names() if n}
        for phrase in self.phrases:
            anaphor = phrase.members[0].anaphor
            if phrase.kind == "anaphor" and anaphor and set(anaphor.refers) & names:
                if found.clause.first <= phrase.head < found.clause.last:
                    return next(n for n in anaphor.refers if n in names), phrase.head
        if found.trigger.after is not None:  # "has finished ratifying": what was told of before
            return found.trigger.after, found.at
        return None

    def _nominal_names(self) -> set[str]:
        return {n.name for n in self.discourse.nominals} | {p.nominal.name for p in self.phrases if p.nominal}

    def _remembered(self, found: Found) -> NominalSeen | None:
        reference = self._reference_to(found)
        if reference is None:
            return None
        if self._new_thing(reference[1]) or self._many(reference[1]):
            return None
        told = self.discourse.last_nominal(reference[0], self.sentence.index, reference[1])
        return None if told is not None and self._described_otherwise(found, told, reference[1]) else told

    def _described_otherwise(self, found: Found, told: NominalSeen, head: int) -> bool:
        """Tell whether the words before an event noun give it another subject than what was told has."""
        if self.pack.sov:
            return False
        first = max(0, head - 5)
        for role, index in self.pack.values.get(found.trigger.frame, {}).items():
            own = {v for _m, v in index.search(self.tokens, first, head + 1, self.typed)}
            if own and not own & {v for r, v in told.values if r == role}:
                return True
        return False

    def _many(self, head: int) -> bool:
        """Tell whether an event noun is a plural, which points back to no one thing told before.

        A form that is a plural nominative or accusative, or else a singular genitive, is taken for the plural.
        """
        readings = [r for r in self.tokens[head].readings if r.pos in {"NOUN", "PROPN"}]
        direct = [r for r in readings if r.features & {"Case=Nom", "Case=Acc"}] or readings
        return bool(direct) and all("Number=Plur" in r.features for r in direct)

    def _new_thing(self, head: int) -> bool:
        """Tell whether an event noun is introduced as a new thing ("a pact"), which nothing told before can be."""
        for place in range(head - 1, max(-1, head - 6), -1):
            token = self.tokens[place]
            if token.folded in self.pack.indefinite:
                return True
            if not token.is_pos("ADJ", "NOUN", "NUM") or token.folded in self.pack.determiners:
                return False
        return False

    def _remembered_values(self, found: Found) -> tuple[tuple[str, str], ...]:
        remembered = self._remembered(found)
        return remembered.values if remembered is not None and self._same_thing(found, remembered) else ()

    def _same_thing(self, found: Found, remembered: NominalSeen) -> bool:
        noun = self._nominal_near(found)
        if noun is None:
            return True
        own = {i for p, _e in self._noun_parties(noun) for i in [p]}
        return not own or bool(own & set(remembered.parties))

    def _parties(
        self, found: Found, frame: Frame, role: FrameRole, fillers: tuple[Filler, ...], bound: Bound
    ) -> tuple[tuple[Filler, ...], int]:
        """Return the parties told anywhere in reach: by the verb, by the noun it acts on, by signatories, or
        earlier."""
        out = {f.id: f for f in fillers}
        guessed = 0
        noun = self._nominal_near(found)
        if noun is not None and not (found.trigger.each and out):
            for iri, phrase in self._noun_parties(noun, role):
                out.setdefault(iri, self._filler(self.discourse.entity(iri), phrase.first, phrase.last))
        named = None if noun is not None or found.noun else self._remembered(found)
        bound_before = frozenset(named.parties if named is not None and len(named.parties) > 1 else ())
        if "represents" in role.coerce:
            for other in frame.roles:
                if other is role or "Person" not in other.kinds:
                    continue
                for phrase, entities in bound.roles.get(other.name, ()):
                    for iri in entities:
                        body = self._coerced(self.discourse.entity(iri), role)
                        if body is not None and (not bound_before or body in bound_before):
                            out.setdefault(body, self._filler(self.discourse.entity(body), phrase.first, phrase.last))
        if bound_before & set(out):  # "the document", whose parties are told: signatories bind no third body
            guests = {i for p, es in bound.roles.get(role.name, ()) if p.kind == "person" for i in es}
            out = {iri: f for iri, f in out.items() if iri in bound_before or iri not in guests}
        bare_noun = found.noun and found.light_at < 0  # "the exercise will focus on ..." tells of no exercise
        if len(out) < 2 and not found.trigger.each and not bare_noun:
            remembered = self._remembered(found)
            if (
                remembered is not None
                and len({*out, *remembered.parties}) > 1
                and (
                    not out
                    or set(out) <= set(remembered.parties)
                    or (len(remembered.parties) == 1 and self._nominal_near(found) is None)
                )
            ):
                for iri in remembered.parties:
                    out.setdefault(iri, self._filler(self.discourse.entity(iri)))
                guessed = 1
        if len(out) == 1 and not found.noun and not found.trigger.each:
            for iri in self._companions(found, role, next(iter(out))):
                out.setdefault(iri, self._filler(self.discourse.entity(iri)))
                guessed = 1
        if not out and not found.trigger.each and self._passive_event(found):
            tied = self._tied_here(role)
            for iri in tied:
                out.setdefault(iri, self._filler(self.discourse.entity(iri)))
            guessed = 1 if tied else guessed
        return tuple(out.values()), guessed

    def _passive_event(self, found: Found) -> bool:
        bare_noun = found.noun and found.light_at < 0 and not self.pack.lemmatise_names
        return found.construction == "passive" or bare_noun

    def _tied_here(self, role: FrameRole) -> tuple[Iri, ...]:
        """Return the two bodies that another claim of this sentence ties: a visit on which an agreement was signed."""
        for claim in self.told:
            bodies = tuple(
                dict.fromkeys(
                    body
                    for name, fillers in claim.roles
                    for f in fillers
                    if not name.startswith("place")
                    and f.kinds & SPEAKER_KINDS
                    and (body := self._coerced(self.discourse.entity(f.id), role)) is not None
                )
            )
            if (
                len(bodies) == 2
                and claim.polarity == "positive"
                and self.knowledge.frames[claim.frame].aspect == "event"
            ):
                return bodies
        return ()

    def _companions(self, found: Found, role: FrameRole, subject: Iri) -> tuple[Iri, ...]:
        """Return with whom the subject of a joined verb acted just before: "X held talks with Y and signed a pact"."""
        for sentence, place, entities in reversed(self.discourse.groups):
            if sentence != self.sentence.index or place >= found.at or clause_at(self.clauses, found.at).index == 0:
                continue
            bodies = [self._coerced(self.discourse.entity(e), role) for e in entities]
            if subject in bodies and None not in bodies and len(set(bodies)) > 1:
                return tuple(b for b in bodies if b is not None)
        return ()

    def _noun_parties(self, noun: Phrase, role: FrameRole | None = None) -> list[tuple[Iri, Phrase]]:
        """Return the parties an event noun carries with it: "a treaty with X", "the X-Y pact"."""
        nominal = noun.nominal
        if nominal is None:
            return []
        wanted = role or FrameRole(
            "party",
            Iri(""),
            frozenset({"State", "Government", "ArmedGroup", "Organisation"}),
            coerce=("represents", "organOf", "capitalOf"),
        )
        pseudo = self._pseudo(noun.head, noun.head + 1, noun=True)
        out: dict[Iri, Phrase] = {}
        for function in nominal.parties:
            best: tuple[float, Phrase, tuple[Iri, ...]] | None = None
            for cost, phrase in self.binder.marked(pseudo, function):
                if phrase is noun or abs(phrase.head - noun.head) > 12:
                    continue
                entities = self._entities_for(phrase, wanted)
                if entities and (best is None or cost < best[0]):
                    best = (cost, phrase, entities)
            if best is not None:
                for iri in best[2]:
                    out.setdefault(iri, best[1])
        return list(out.items())

    def _several_things(
        self, found: Found, frame: Frame, roles: Mapping[str, tuple[Filler, ...]], bound: Bound
    ) -> list[dict[str, tuple[Filler, ...]]]:
        """Return what each of several agreements has of its own, empty for one: "signed a treaty with X and a pact
        with Y", "agreements with X and Y"."""
        role = next((r for r in frame.roles if r.symmetric and r.many), None)
        if role is None or self.pack.sov or found.noun or frame.aspect != "event":
            return []
        told = roles.get(role.name) or tuple(self._fillers(bound, role))
        nouns = [p for p in self.phrases if p.nominal is not None and self._acted_on(found, p)]
        parts = [(p, self._noun_parties(p, role)) for p in nouns]
        parts = [(p, own) for p, own in parts if own]
        everyone = {i for _p, own in parts for i, _phrase in own}
        base = tuple(f for f in told if f.id not in everyone)
        if len(parts) == 1:
            noun, own = parts[0]
            one = {id(phrase) for _i, phrase in own}
            apart = len(own) > 1 and len(one) == 1 and own[0][1].adposition in self._company
            if not apart or not self._many(noun.head) or len(base) != 1:
                return []
            parts = [(noun, [pair]) for pair in own]
        if len(parts) < 2 or len({tuple(sorted(i for i, _p in own)) for _n, own in parts}) < 2:
            return []
        out: list[dict[str, tuple[Filler, ...]]] = []
        for noun, own in parts:
            others = tuple(self._filler(self.discourse.entity(i), p.first, p.last) for i, p in own)
            act = {role.name: (*base, *others)}
            end = min((n.first for n, _o in parts if n.first > noun.first), default=noun.last + VALUE_REACH)
            for valued in (r for r in frame.roles if r.scheme and r.name in roles and r.name != "act"):
                index = self.pack.values.get(found.trigger.frame, {}).get(valued.name)
                reach = (max(0, noun.head - 5), min(end, len(self.tokens)))
                first = next(index.search(self.tokens, *reach, self.typed), None) if index is not None else None
                if first is not None and valued.scheme:
                    match, value = first
                    act[valued.name] = (self._concept(valued.scheme, value, match.first, match.last),)
            if len(act[role.name]) > 1:
                out.append(act)
        return out

    @property
    def _company(self) -> frozenset[str]:
        """The adpositions that name the other side."""
        markings = self.pack.functions_of("any", "with")
        return frozenset(a for m in markings for a in m.adpositions)

    def _acted_on(self, found: Found, noun: Phrase) -> bool:
        """Tell whether a trigger acts on an event noun: in its clause, or in a list after a colon that ends it."""
        if noun.nominal is None or not self._may_carry(noun.nominal.frame, found):
            return False
        clause = found.clause
        if clause.first <= noun.head < clause.last:
            return noun.head > found.at or found.construction == "passive"
        here = clause_at(self.clauses, noun.head)
        return (
            here.index == clause.index + 1
            and self.tokens[here.first - 1].text == ":"
            and not any(is_finite(t) for t in self.tokens[here.first : here.last])
        )

    def _event_name(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield the proper name of an event: in quotes, or capitalised right after its noun."""
        noun = self._nominal_near(found)
        if noun is None:
            return
        kind = next(iter(sorted(role.kinds)), "Event")
        named = self._quoted_near(noun) or self._capitalised_after(noun)
        if named is None:
            return
        first, last = named
        text = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end).slice(self.document.text)
        words = tuple(" ".join(text.split()).split(" "))
        entity = self.discourse.other(words, kind)
        yield self._filler(entity, first, last)

    def _quoted_near(self, noun: Phrase) -> tuple[int, int] | None:
        opening = frozenset('"\u00ab\u201c\u201e')
        closing = frozenset('"\u00bb\u201d\u201c')
        clause = clause_at(self.clauses, noun.head)
        spans: list[tuple[int, int]] = []
        place = clause.first
        while place < clause.last:
            if self.tokens[place].text in opening:
                end = next(
                    (t for t in range(place + 1, min(place + 9, len(self.tokens))) if self.tokens[t].text in closing),
                    None,
                )
                if end is not None and end > place + 1:
                    spans.append((place + 1, end))
                    place = end
            place += 1
        near = [
            s
            for s in spans
            if (abs(s[0] - noun.head) <= 6 or abs(noun.head - s[1]) <= 6)
            and not s[0] <= noun.head < s[1]
            and (not self.pack.sov or s[1] <= noun.head)  # where heads come last, so does what is named
        ]
        named = [
            s for s in near if not any(m.kind == "name" and m.first >= s[0] and m.last <= s[1] for m in self.mentions)
        ]
        return min(named, key=lambda s: min(abs(s[0] - noun.head), abs(noun.head - s[1])), default=None)

    def _capitalised_after(self, noun: Phrase) -> tuple[int, int] | None:
        for phrase in self.phrases:
            if phrase.kind == "unknown" and 0 <= phrase.first - noun.last <= 1 and phrase.adposition is None:
                return phrase.first, phrase.last
        return None

    def _remember(self, found: Found, frame: Frame, roles: Mapping[str, tuple[Filler, ...]]) -> None:
        symmetric = next((r for r in frame.roles if r.symmetric and r.many), None)
        if symmetric is None:
            return
        parties = tuple(f.id for f in roles.get(symmetric.name, ()))
        if len(parties) > 1:
            self.discourse.note_group(self.sentence.index, found.at, parties)
        reference = self._reference_to(found)
        if reference is None or len(parties) < 2:
            return
        values = tuple(
            (r.name, f.id.rsplit("/", 1)[-1]) for r in frame.roles if r.scheme for f in roles.get(r.name, ())
        )
        self.discourse.nominals.append(NominalSeen(reference[0], self.sentence.index, reference[1], parties, values))

    def note_nominals(self) -> None:
        """Remember agreements and exercises that the sentence names with their parties, claim or no claim."""
        for phrase in self.phrases:
            if phrase.nominal is None:
                continue
            self.discourse.mentioned[phrase.nominal.name] = self.sentence.index
            parties = tuple(dict.fromkeys(i for i, _p in self._noun_parties(phrase)))
            told = any(n.sentence == self.sentence.index and n.place == phrase.head for n in self.discourse.nominals)
            if parties and not told:
                values = (
                    tuple(
                        (role, v)
                        for role, index in self.pack.values.get(phrase.nominal.frame, {}).items()
                        for _m, v in index.search(self.tokens, max(0, phrase.head - 5), phrase.head + 1, self.typed)
                    )
                    if not self.pack.sov
                    else ()
                )
                self.discourse.nominals.append(
                    NominalSeen(phrase.nominal.name, self.sentence.index, phrase.head, parties, values)
                )
