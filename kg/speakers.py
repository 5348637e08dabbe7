"""Who speaks for whom: tells whether a claim is only alleged, by one who is neither a party nor an official of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.dates import bounds
from kg.entities import Representing, offices_told
from kg.model import Claim, Filler, Iri, Knowledge


def speaking(claims: Iterable[Claim], knowledge: Knowledge) -> list[tuple[Iri, Iri]]:
    """Return who speaks for what body, as the claims tell it: those who hold an office, not those who held one."""
    return [(holder, of) for holder, _, of in offices_told((c for c in claims if not c.former), knowledge)]


class Speakers:
    """The offices of persons, from reference data and from what documents say (`speaking`)."""

    def __init__(self, told: Iterable[tuple[Iri, Iri]], knowledge: Knowledge, joins: Representing) -> None:
        self._knowledge, self._joins = knowledge, joins
        self._told: dict[Iri, set[Iri]] = defaultdict(set)
        for holder, of in told:
            self._told[joins.representative(holder)].add(joins.representative(of))
        self._terms: dict[Iri, list[tuple[str | None, str | None, Iri]]] = defaultdict(list)
        for term in knowledge.terms:
            if not term.former:
                self._terms[term.holder].append((term.start, term.end, term.of))

    def alleges(self, claim: Claim, fillers: Sequence[Iri]) -> bool:
        """Tell whether the claim is attributed to somebody who is neither among `fillers` nor an official of one.

        An outlet is no such speaker: it relays, and the claim is the document's.
        """
        if claim.attribution is None:
            return False
        speaker = self._joins.representative(claim.attribution.id)
        known = self._knowledge.entities.get(speaker)
        if "MediaOutlet" in (claim.attribution.kinds | (known.kinds if known else frozenset())):
            return False
        named = [filler for _, several in claim.roles for filler in several]
        sides = {side for filler in fillers for side in self._sides(filler, claim.published)} | self._organs(named)
        return not (self._sides(speaker, claim.published) | self._organs([claim.attribution])) & sides

    def _organs(self, fillers: Iterable[Filler]) -> set[Iri]:
        """Return the states and bodies whose organs the fillers are, as the document itself has it."""
        return {self._joins.representative(filler.organ_of) for filler in fillers if filler.organ_of is not None}

    def _sides(self, entity: Iri, published: str | None) -> set[Iri]:
        """Return whom an entity speaks for on the day of publication: itself, its office's body, the body's state."""
        found = {entity, *self._told.get(entity, ())}
        for start, end, of in self._terms.get(entity, ()):
            if _within(start, end, published):
                found.add(of)
        known = [self._knowledge.entities[iri] for iri in found if iri in self._knowledge.entities]
        return found | {entity.organ_of for entity in known if entity.organ_of is not None}


def _within(start: str | None, end: str | None, published: str | None) -> bool:
    if published is None:
        return True
    earliest, latest = bounds(published)
    return not (
        (start is not None and latest is not None and latest < start)
        or (end is not None and earliest is not None and end < earliest)
    )
