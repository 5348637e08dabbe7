"""Values of roles that no phrase fills: concepts (kind, subject, act), figures, and things told by their kind."""

from __future__ import annotations

from collections.abc import Iterator

from kg.binding import INHERITED
from kg.clauses import is_finite
from kg.events import EventReader
from kg.model import (
    Filler,
    Frame,
    FrameRole,
    Iri,
    Span,
)
from kg.referents import Phrase
from kg.resolution import SPEAKER_KINDS
from kg.triggers import Found

VALUE_WINDOW = 9


class ValueReader(EventReader):
    """Reads concept values, plain values and described things around a trigger."""

    def _concepts_of(self, found: Found, frame: Frame, role: FrameRole) -> Iterator[Filler]:
        fixed = dict(found.trigger.fixed)
        scheme = role.scheme or ""
        if role.name in fixed:
            yield self._concept(scheme, fixed[role.name], found.match.first, found.match.last)
            return
        if "title" in dict(found.trigger.roles).get(role.name, ()):
            title = self._title_near(found)
            office = title.members[0].office if title is not None else None
            if title is not None and office is not None:
                yield self._concept(scheme, office.office, title.first, title.last)
            return
        index = self.pack.values.get(frame.name, {}).get(role.name)
        told: dict[str, tuple[int, int]] = {}
        if self._nominal_near(found) is None:  # "the document": what was told of it is surer than the words around
            before = self._remembered_values(found)
            told = {v: (found.match.first, found.match.last) for r, v in before if r == role.name}
        if index is not None and not told:
            first, last = self._value_window(found)
            for match, value in index.search(self.tokens, first, last, self.typed):
                told.setdefault(value, (match.first, match.last))
        if not told:
            remembered = self._remembered_values(found)
            told = {v: (found.match.first, found.match.last) for r, v in remembered if r == role.name}
        default = dict(found.trigger.default).get(role.name)
        if not told and default:
            told = {default: (found.match.first, found.match.last)}
        known = self.knowledge.concepts.get(scheme, {})
        items = [(v, p) for v, p in told.items() if v in known]
        for value, (first, last) in items if role.many else items[:1]:
            yield self._concept(scheme, value, first, last)

    def _title_near(self, found: Found) -> Phrase | None:
        """Return the office title without a holder that stands in the clause of a trigger, the nearest one."""
        titles = [
            p
            for p in self.phrases
            if p.kind == "office" and p.members[0].office and found.clause.first <= p.head < found.clause.last
        ]
        if not self.pack.sov and not self.pack.lemmatise_names:  # "X's president appointed Y minister": what follows
            titles = [p for p in titles if p.head > found.at] or titles
        return min(titles, key=lambda p: abs(p.head - found.at), default=None)

    def _title_body(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield the state or body of the title near a trigger, as far as it is told or understood."""
        title = self._title_near(found)
        if title is None:
            return
        of = self.discourse.first_of(title.members[0].of, self.sentence.index)
        of = of or self._appointing(found, title, role) or self._of_before(title)
        of = of or self._of_who_appoints(found, title)
        if of is not None and "Person" in self.discourse.entity(of).kinds:  # "his envoy" is that of whom he speaks for
            of = self.discourse.represented(of)
        coerced = self._coerced(self.discourse.entity(of), role) if of else None
        if coerced is not None:
            yield self._filler(self.discourse.entity(coerced), title.first, title.last)

    def _appointing(self, found: Found, title: Phrase, role: FrameRole) -> Iri | None:
        """Return the state or body that gives somebody an office of its own ("Peru has named X prime minister")."""
        if title.members[0].of or found.noun:
            return None
        bodies = (p for cost, p in self.binder.marked(found, "subject") if cost < INHERITED and p.kind == "entity")
        body = next((p for p in bodies if len(p.members) == 1 and not p.adjective and not p.possessive), None)
        found_for = self._entities_for(body, role) if body is not None else ()
        return found_for[0] if len(found_for) == 1 else None

    def _of_who_appoints(self, found: Found, title: Phrase) -> Iri | None:
        """Return the state of who gives a title that names none ("President X named Y prime minister")."""
        if self.pack.sov or self.pack.lemmatise_names or title.members[0].of:
            return None
        subject = self._best(self._pseudo(found.at, found.at + 1), "subject")
        role = FrameRole("speaker", Iri(""), SPEAKER_KINDS, coerce=("capitalOf",))
        entities = self._entities_for(subject, role) if subject is not None and subject.head < found.at else ()
        return entities[0] if len(entities) == 1 else None

    def _of_before(self, title: Phrase) -> Iri | None:
        """Return the state or body whose office of this name the document told of, if it is the only one."""
        office = title.members[0].office
        told = {of for _h, o, of, _f in self.discourse.offices if office is not None and o == office.office}
        return told.pop() if len(told) == 1 and not title.members[0].of else None

    def _value_window(self, found: Found) -> tuple[int, int]:
        """Return the tokens in which the kind or subject of a thing is told: on the side of its noun where modifiers
        stand."""
        noun = self._nominal_near(found)
        if noun is None:
            reach = VALUE_WINDOW // 2 + 3
            if self.pack.sov:  # what a noun is like stands before it, in its own clause
                return max(found.clause.first, found.match.first - reach), max(found.at, found.match.last)
            return max(0, found.match.first - reach), min(len(self.tokens), max(found.at + reach, found.match.last))
        if self.pack.sov:
            return max(0, noun.head - VALUE_WINDOW), noun.head + 1
        return max(0, noun.head - VALUE_WINDOW // 2 - 1), min(len(self.tokens), noun.head + VALUE_WINDOW)

    def _figure(self, found: Found, frame: Frame, role: FrameRole) -> Iterator[Filler]:
        """Yield the plain value of a role: what the pack's value patterns say, else the number nearest to the
        trigger."""
        clause = found.clause
        index = self.pack.values.get(frame.name, {}).get(role.name)
        if index is not None:
            for match, value in index.search(self.tokens, clause.first, clause.last, self.typed):
                yield self._plain(value, match.first, match.last)
                return
        dated = {t for d in self.dates for t in range(d.first, d.last)}
        numbers = [t for t in range(clause.first, clause.last) if self.tokens[t].kind == "number" and t not in dated]
        if numbers:
            at = min(numbers, key=lambda t: abs(t - found.at))
            yield self._plain("".join(c for c in self.tokens[at].text if c.isdigit()), at, at + 1)

    def _plain(self, value: str, first: int, last: int) -> Filler:
        span = Span(self.tokens[first].span.start, self.tokens[last - 1].span.end)
        return Filler(Iri(value), value, (), frozenset(), span.slice(self.document.text), span)

    def _described_thing(self, found: Found, role: FrameRole) -> Iterator[Filler]:
        """Yield a new entity for a thing told by its kind ("the Global Peace Index"): the head of the term named like
        the role, with the capitalised words before it and the names and genitives after it."""
        clause = found.clause
        spans = [
            (m.first, m.last)
            for m, _ in self.pack.terms[role.name].search(self.tokens, clause.first, clause.last, self.typed)
        ]
        if not spans:
            return
        first, last = max(spans, key=lambda s: s[1] - s[0])
        # where the subject comes first, a known name before the thing is no part of its name
        known = (
            {t for p in self.phrases if p.members[0].entities for t in range(p.first, p.last)}
            if self.pack.sov
            else set()
        )
        while first > clause.first and self.tokens[first - 1].capitalised and self.tokens[first - 1].kind == "word":
            if first - 1 in known:
                break
            first -= 1
        while last < clause.last and last not in known and self._belongs_to_name(last):
            last += 1
        words = [t.text for t in self.tokens[first:last]]
        head = next((t for t in range(first, last) if not self.tokens[t].capitalised), None)
        if head is not None and self.tokens[head].readings and not self.pack.sov:
            words[head - first] = self.tokens[head].readings[0].lemma
        kind = next(iter(sorted(role.kinds)), "Thing")
        name = self.pack.morphology.nominative(tuple(words), "other") if self.pack.sov else tuple(words)
        yield self._filler(self.discourse.other(name, kind), first, last)

    def _belongs_to_name(self, place: int) -> bool:
        token = self.tokens[place]
        if token.kind != "word" or any(d.first <= place < d.last for d in self.dates):
            return False
        genitive = token.has("Case=Gen") and token.is_pos("NOUN", "ADJ", "PROPN") and not self.pack.sov
        return token.capitalised or (genitive and not is_finite(token))
