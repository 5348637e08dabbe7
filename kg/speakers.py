"""Who speaks for whom: tells whether a claim is only alleged, by one who is neither a party nor an official of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from kg.dates import bounds
from kg.entities import Joins, offices_told
from kg.model import Claim, Iri, Knowledge


class Speakers:
    """The offices of persons, from reference data and from what documents say."""

    def __init__(self, claims: Sequence[Claim], knowledge: Knowledge, joins: Joins) -> None:
        self._knowledge, self._joins = knowledge, joins
        self._told: dict[Iri, set[Iri]] = defaultdict(set)
        for holder, _, of in offices_told((c for c in claims if not c.former), knowledge):
            self._told[joins.representative(holder)].add(joins.representative(of))
        self._organs: dict[Iri, Iri] = {
            joins.representative(c.attribution.id): joins.representative(c.attribution.organ_of)
            for c in claims if c.attribution is not None and c.attribution.organ_of is not None
        }
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
        sides = {side for filler in fillers for side in self._sides(filler, claim.published)}
        return not self._sides(speaker, claim.published) & sides

    def _sides(self, entity: Iri, published: str | None) -> set[Iri]:
        """Return whom an entity speaks for on the day of publication: itself, its office's body, the body's state."""
        found = {entity, *self._told.get(entity, ())}
        for start, end, of in self._terms.get(entity, ()):
            if _within(start, end, published):
                found.add(of)
        known = [self._knowledge.entities[iri] for iri in found if iri in self._knowledge.entities]
        found |= {self._organs[iri] for iri in found if iri in self._organs}
        return found | {entity.organ_of for entity in known if entity.organ_of is not None}


def _within(start: str | None, end: str | None, published: str | None) -> bool:
    if published is None:
        return True
    earliest, latest = bounds(published)
    return not (
        (start is not None and latest is not None and latest < start)
        or (end is not None and earliest is not None and end < earliest)
    )
