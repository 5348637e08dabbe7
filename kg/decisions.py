"""What editors decided, as a TOML text -> decisions on entities and claims, each with who, when and why.

    [[same]]                                 # or [[different]], or [[unsure]]: the register does not say
    entities = ["person/sergey-lavrov", "entity/0f3a..."]    # two or more, under the identifiers' base
    editor = "A. Editor"
    day = 2026-01-15
    reason = "the biography on the ministry's page"

    [[reject]]                               # the document does not say this
    document = "ru-07"
    frame = "Recognition"
    quote = "..."                            # the words, or their SHA-256
    roles = { recogniser = ["state/RUS"], recognised = ["armed-group/taliban"] }
    editor = "A. Editor"
    day = 2026-01-15
    reason = "the sentence tells a plan"

A decision names what it means by what does not change when documents are read again; one that no longer means anything
is reported, never dropped unseen.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from kg.errors import DataError
from kg.model import Claim, Iri
from kg.vocab import ID

Verdict = Literal["same", "different", "unsure"]

_VERDICTS: Final[Mapping[str, Verdict]] = {"same": "same", "different": "different", "unsure": "unsure"}
_ALWAYS: Final = frozenset({"editor", "day", "reason"})
_OF_ENTITIES: Final = _ALWAYS | {"entities"}
_OF_CLAIM: Final = _ALWAYS | {"document", "frame", "quote", "roles"}


@dataclass(frozen=True, slots=True)
class EntityDecision:
    """Entities that are one, are not one, or are not to be judged; `why` tells reason, editor and day."""

    verdict: Verdict
    entities: tuple[Iri, ...]
    why: str

    def pairs(self) -> list[tuple[Iri, Iri]]:
        """Return each two of the entities, in order."""
        return list(combinations(sorted(set(self.entities)), 2))


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """A claim that is not to count; `quote` is the SHA-256 of its words, `roles` are sorted."""

    document: str
    frame: str
    quote: str
    roles: tuple[tuple[str, tuple[Iri, ...]], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions, in the order of the file."""

    entities: tuple[EntityDecision, ...] = ()
    rejected: tuple[ClaimDecision, ...] = ()

    def why(self, verdict: Verdict) -> dict[tuple[Iri, Iri], str]:
        """Return the pairs of entities with this verdict, and why."""
        return {pair: d.why for d in self.entities if d.verdict == verdict for pair in d.pairs()}

    def standing(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return the claims that no decision rejects."""
        rejected = {_identity(d) for d in self.rejected}
        return [claim for claim in claims if _identity(decision_of(claim)) not in rejected]

    def unmatched(self, claims: Iterable[Claim], entities: Iterable[str]) -> list[str]:
        """Return a line for each decision that means nothing any more, given all claims and all known entities."""
        found = {_identity(decision_of(claim)) for claim in claims}
        known = set(entities)
        lines = [
            f"{d.verdict}: there is no {iri.removeprefix(ID)} ({d.why})"
            for d in self.entities
            for iri in d.entities
            if iri not in known
        ]
        return lines + [
            f"reject: {d.document} makes no such {d.frame} claim ({d.why})"
            for d in self.rejected
            if _identity(d) not in found
        ]


def decision_of(claim: Claim, why: str = "") -> ClaimDecision:
    """Return the decision that would reject a claim."""
    return ClaimDecision(
        claim.document,
        claim.frame,
        quote_digest(claim.quote),
        tuple(sorted((role, tuple(sorted(f.id for f in fillers))) for role, fillers in claim.roles)),
        why,
    )


def quote_digest(quote: str) -> str:
    """Return the SHA-256 of a quote, however its lines are broken.

    >>> quote_digest("on\\nMonday") == quote_digest("on Monday")
    True
    """
    return hashlib.sha256(" ".join(quote.split()).encode()).hexdigest()


def read_decisions(text: str) -> Decisions:
    """Return the decisions in a TOML text. Raises DataError that says which entry is wrong, and how."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise DataError(f"decisions: no TOML: {fault}") from None
    unknown = sorted(tables.keys() - _VERDICTS.keys() - {"reject"})
    if unknown:
        raise DataError(f"decisions: unknown kind {unknown[0]!r}; expected same, different, unsure or reject")
    entities = [
        _entity_decision(verdict, entry, f"{kind} {number}")
        for kind, verdict in _VERDICTS.items()
        for number, entry in enumerate(_entries(tables, kind), 1)
    ]
    rejected = [_claim_decision(entry, f"reject {n}") for n, entry in enumerate(_entries(tables, "reject"), 1)]
    return Decisions(tuple(entities), tuple(rejected))


def _entries(tables: Mapping[str, Any], kind: str) -> list[Any]:
    entries = tables.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DataError(f"decisions: write each decision under [[{kind}]]")
    return entries


def _entity_decision(verdict: Verdict, entry: Mapping[str, Any], where: str) -> EntityDecision:
    _check_keys(entry, _OF_ENTITIES, where)
    entities = _iris(entry["entities"], f"{where}: entities")
    if len(set(entities)) < 2:
        raise DataError(f"decisions, {where}: entities names fewer than two")
    return EntityDecision(verdict, entities, _why(entry, where))


def _claim_decision(entry: Mapping[str, Any], where: str) -> ClaimDecision:
    _check_keys(entry, _OF_CLAIM, where)
    document, frame, quote, roles = (entry[key] for key in ("document", "frame", "quote", "roles"))
    if not all(isinstance(value, str) for value in (document, frame, quote)) or not isinstance(roles, dict):
        raise DataError(f"decisions, {where}: document, frame and quote are strings, roles a table of lists")
    stated = sorted((role, tuple(sorted(_iris(fillers, f"{where}: {role}")))) for role, fillers in roles.items())
    is_digest = len(quote) == 64 and set(quote) <= set("0123456789abcdef")
    return ClaimDecision(
        document, frame, quote if is_digest else quote_digest(quote), tuple(stated), _why(entry, where)
    )


def _check_keys(entry: Mapping[str, Any], expected: frozenset[str], where: str) -> None:
    for what, keys in (("lacks", expected - entry.keys()), ("has the unknown", entry.keys() - expected)):
        if keys:
            raise DataError(f"decisions, {where}: it {what} {', '.join(sorted(keys))}")


def _iris(values: object, where: str) -> tuple[Iri, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise DataError(f"decisions, {where} is a list of identifiers")
    return tuple(Iri(value if value.startswith(("http:", "https:")) else ID + value) for value in values)


def _why(entry: Mapping[str, Any], where: str) -> str:
    day = entry["day"]
    if not isinstance(day, datetime.date) or not all(isinstance(entry[key], str) for key in ("editor", "reason")):
        raise DataError(f"decisions, {where}: day is a date such as 2026-01-15, editor and reason are strings")
    return f"{entry['reason']} ({entry['editor']}, {day.isoformat()})"


def _identity(decision: ClaimDecision) -> tuple[object, ...]:
    return decision.document, decision.frame, decision.quote, decision.roles
