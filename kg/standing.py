"""Facts as they stand on a day, and claims as they were known by a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from kg.dates import bounds
from kg.model import Claim, Fact, Iri
from kg.timeline import judge

_FULL_DAY: Final = 10


def published_by(claim: Claim) -> str | None:
    """Return the last day on which a claim's document may have been published, None where nothing tells."""
    return bounds(claim.published)[1] if claim.published else None


def last_day(claims: Iterable[Claim]) -> str | None:
    """Return the latest day on which a document of the claims was published: the day the register stands at."""
    return max((day for c in claims if (day := published_by(c)) is not None), default=None)


def known_by(claims: Iterable[Claim], day: str) -> tuple[list[Claim], int]:
    """Return the claims of documents published by `day`, and how many undated documents are left out."""
    claims = list(claims)
    known = [c for c in claims if (published := published_by(c)) is not None and published <= day]
    return known, len({c.document for c in claims if c.published is None})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fact stands on a day: `status` as is certain by then (None: nothing is known by then), `possibly` where
    dates that are not sharp leave another one open, dated `possible_edtf`.
    """

    status: str | None
    possibly: str | None = None
    former: bool = False
    edtf: str | None = None
    reason: str = ""
    possible_edtf: str | None = None

    @property
    def certainty(self) -> str:
        """Return whether the fact holds that day: "certain", "possible" or "no"."""
        if "actual" not in (self.status, self.possibly):
            return "no"
        return "certain" if self.status == "actual" and self.possibly is None else "possible"


def status_on(fact: Fact, day: str) -> Standing:
    """Return how `fact` stands on the ISO day `day`."""
    certain = judge([m for m in fact.moments if m.latest is not None and m.latest <= day])
    open_ = judge([m for m in fact.moments if m.earliest is None or m.earliest <= day])
    same = (certain.status, certain.former) == (open_.status, open_.former)
    return Standing(
        certain.status, None if same else open_.status, certain.former, certain.edtf, certain.reason, open_.edtf
    )


def facts_on(facts: Iterable[Fact], day: str, *, possible: bool = False) -> list[Fact]:
    """Return the facts as they stood on `day`: what is certain by then; with `possible`, also what may be so."""
    found: dict[Iri, Fact] = {}
    for fact in facts:
        standing = status_on(fact, day)
        sure = standing.possibly is None or standing.certainty == "no"
        status = standing.status if sure else ("actual" if possible else None)
        if status is not None:
            found[fact.id] = _as_it_stood(fact, standing, status, sure=sure)
    return [replace(f, refined_by=None) if f.refined_by not in found else f for f in found.values()]


def _as_it_stood(fact: Fact, standing: Standing, status: str, *, sure: bool) -> Fact:
    event = fact.moments and fact.moments[0].event
    edtf = fact.edtf if event else (standing.edtf if sure else standing.possible_edtf)
    earliest, latest = bounds(edtf) if edtf else (None, None)
    return replace(
        fact, status=status, former=standing.former, edtf=edtf, earliest=earliest, latest=latest, reason=standing.reason
    )


def beginning(fact: Fact) -> tuple[str | None, str | None]:
    """Return the full days on which a state began and ended, None where the claims do not give them."""
    day = fact.edtf if fact.edtf is not None and len(fact.edtf) == _FULL_DAY else None
    return (None, day) if fact.former else (day, None)
