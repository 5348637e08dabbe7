"""What phrases refer to, and phrases themselves: records of the step from mentions to arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.language.pack import Anaphor, Nominal, Office
from kg.model import Iri, Reading
from kg.unguarded import unguarded


@unguarded
@dataclass(frozen=True, slots=True)
class Referent:
    """One thing a phrase refers to: known candidates, an unknown name, or words to be resolved in the discourse."""

    first: int
    last: int
    entities: tuple[Iri, ...] = ()
    words: tuple[str, ...] = ()
    anaphor: Anaphor | None = None
    office: Office | None = None
    of: tuple[Referent, ...] = ()
    proxied: bool = False
    via: str = ""
    organ: bool = False
    cases: frozenset[str] = frozenset()
    head: str = ""


@dataclass(slots=True)
class Phrase:
    """A noun phrase; half-open token range, `members` in the order of the text."""

    first: int
    last: int
    kind: str
    members: list[Referent]
    cases: frozenset[str] = frozenset()
    adposition: str | None = None
    adposition_at: int = -1
    possessive: bool = False
    adjective: bool = False
    negated: bool = False
    coordinated: bool = False
    nominal: Nominal | None = None
    head: int = -1
    mixed: bool = False
    parts: list[Phrase] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First token including the adposition before it."""
        return min(self.first, self.adposition_at) if self.adposition_at >= 0 else self.first


@dataclass(frozen=True, slots=True)
class OfficeHeld:
    """An office found with its holder: what the sentence says of it, before anything is resolved."""

    office: str
    former: bool
    holder: Referent
    of: tuple[Referent, ...]
    first: int
    last: int
    definite: bool
    title: str = ""


def in_cases(members: Sequence[Referent], cases: frozenset[str]) -> list[Referent]:
    """Return the members with the cases they stand in, which tell the nominative of an unknown name."""
    return [replace(m, cases=cases) if m.words else m for m in members]


def cases_of(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the cases that the readings of one word allow.

    >>> sorted(cases_of((Reading("x", "NOUN", frozenset({"Case=Nom"})), Reading("x", "NOUN", frozenset({"Case=Acc"})))))
    ['Acc', 'Nom']
    """
    return frozenset[str]().union(*(_cases(r.features) for r in readings))


@lru_cache(maxsize=65536)
def _cases(features: frozenset[str]) -> frozenset[str]:
    return frozenset(f[5:] for f in features if f.startswith("Case="))
