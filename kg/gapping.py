"""One verb for several acts ("A in May, B in June, C in July did it"): each part before the verb names its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.binding import Bound
from kg.dates import DateMention
from kg.model import ClaimDate, Filler, Frame
from kg.timing import DateReader
from kg.triggers import Found
from kg.values import ValueReader

MOST_PARTS = 6
Act = tuple[dict[str, tuple[Filler, ...]], ClaimDate | None]  # what one act has of its own: fillers by role, its day


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a clause says of its own: fillers by role, and its day."""

    roles: dict[str, tuple[Filler, ...]]
    date: DateMention | None


class GapReader(ValueReader, DateReader):
    """Reads the acts of which a verb at the end of its clause is told but once."""

    def gapped(
        self, bound: Bound, frame: Frame, *, future: bool
    ) -> list[tuple[dict[str, tuple[Filler, ...]], ClaimDate | None]]:
        """Return what each of several acts has of its own, empty where the verb tells of one act.

        Every part must be parallel to the last one, the verb's: in the same roles, and each with a day or with two
        roles of its own.
        """
        found = bound.found
        listed = self._bracketed(bound, frame, future=future)
        if listed or not self.pack.sov or found.noun:
            return listed
        parts = [self._part(found, frame, first, last) for first, last in self._stretches(found)]
        if not 1 < len(parts) <= MOST_PARTS:
            return []
        own = set.intersection(*[set(p.roles) for p in parts])
        dated = all(p.date is not None for p in parts)
        subjects = {name for name, functions in found.trigger.roles if "subject" in functions}
        if not own or not (dated or (len(own) > 1 and own & subjects and not any(p.date for p in parts))):
            return []
        return [
            (
                {r: p.roles[r] for r in own},
                self._resolved(p.date, future=future) if p.date is not None else None,
            )
            for p in parts
        ]

    def _bracketed(self, bound: Bound, frame: Frame, *, future: bool) -> list[Act]:
        """Return the acts of a list whose members have each a day in brackets ("A (in 2023), B (2024) and C")."""
        for name, parts in bound.roles.items():
            role = frame.role(name)
            if role is None or role.many or len(parts) != 1 or len(parts[0][0].members) != len(parts[0][1]):
                continue
            phrase, entities = parts[0]
            days = [self._in_brackets(m.last) for m in phrase.members]
            if len(days) > 1 and sum(d is not None for d in days) > 1:
                return [
                    (
                        {name: (self._filler(self.discourse.entity(iri), m.first, m.last),)},
                        self._resolved(day, future=future) if day is not None else None,
                    )
                    for iri, m, day in zip(entities, phrase.members, days, strict=True)
                ]
        return []

    def _in_brackets(self, place: int) -> DateMention | None:
        opened = place < len(self.tokens) and self.tokens[place].text == "("
        return next((d for d in self.dates if opened and place <= d.first <= place + 1), None)

    def _stretches(self, found: Found) -> list[tuple[int, int]]:
        """Return the half-open ranges of words between the commas before a verb, those inside phrases and dates left
        alone."""
        inside = {t for p in self.phrases for t in range(p.first, p.last)}
        inside |= {t for d in self.dates for t in range(d.first, d.last)}
        end = found.at
        commas = [
            t
            for t in range(found.clause.first, end)
            if t not in inside
            and t not in found.clause.aside
            and (self.tokens[t].text == "," or next(self.pack.clause_breaks.at(self.tokens, t), None) is not None)
        ]
        return [
            (a, b) for a, b in zip([found.clause.first, *(c + 1 for c in commas)], [*commas, end], strict=True) if a < b
        ]

    def _part(self, found: Found, frame: Frame, first: int, last: int) -> Part:
        roles: dict[str, tuple[Filler, ...]] = {}
        taken: set[int] = set()
        for name, functions in found.trigger.roles:
            role = frame.role(name)
            if role is None or role.scheme or role.many:
                continue
            options = [
                (cost + order, n, phrase)
                for order, function in enumerate(functions)
                for n, (cost, phrase) in enumerate(self.binder.marked(found, function.rstrip("?!")))
                if first <= phrase.head < last and id(phrase) not in taken and self._entities_for(phrase, role)
            ]
            if options:
                phrase = min(options)[2]
                taken.add(id(phrase))
                members = phrase.members
                entities = self._entities_for(phrase, role)
                roles[name] = tuple(
                    self._filler(self.discourse.entity(iri), m.first, m.last)
                    for iri, m in zip(
                        entities, members if len(members) == len(entities) else members[:1] * len(entities), strict=True
                    )
                )
        return Part(roles, _first([d for d in self.dates if d.role is None and first <= d.first < last]))


def _first(dates: Sequence[DateMention]) -> DateMention | None:
    return dates[0] if dates else None
