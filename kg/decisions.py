"""What editors decided, as a TOML text -> decisions on entities and claims, each with who, when and why.

    [[same]]                                 # or [[different]], or [[unsure]]: the register does not say
    entities = ["person/sergey-lavrov", "entity/0f3a..."]    # two or more, under the identifiers' base
    editor = "A. Editor"
    day = 2026-01-15
    reason = "the biography on the ministry's page"

    [[reject]]                               # or [[correct]]: the document does not say this, or says it otherwise
    document = "ru-07"                       # without document and quote: whatever says so, that is, the fact
    frame = "Recognition"
    quote = "..."                            # the words, or their SHA-256
    roles = { recogniser = ["state/RUS"], recognised = ["armed-group/taliban"] }
    set = { date = "2025-07-03" }            # [[correct]] only: date, polarity, modality, former, roles
    editor = "A. Editor"
    day = 2026-01-15
    reason = "the sentence tells a plan"

A decision names what it means by what does not change when documents are read again; one that no longer means anything
is reported, never dropped unseen.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any, Final, Literal

from kg.dates import bounds
from kg.errors import DataError
from kg.model import Claim, ClaimDate, Extraction, Filler, Iri, Modality, Polarity
from kg.vocab import ID, local_name

Verdict = Literal["same", "different", "unsure"]

_VERDICTS: Final[Mapping[str, Verdict]] = {"same": "same", "different": "different", "unsure": "unsure"}
_ALWAYS: Final = frozenset({"editor", "day", "reason"})
_OF_ENTITIES: Final = _ALWAYS | {"entities"}
_OF_CLAIM: Final = _ALWAYS | {"frame", "roles"}
_OF_DOCUMENT: Final = frozenset({"document", "quote"})
_CORRECTED: Final = frozenset({"date", "polarity", "modality", "former", "roles"})
_DAY: Final = r"\d{4}(-\d{2}(-\d{2})?)?"
_EDTF: Final = re.compile(rf"{_DAY}|({_DAY}|\.\.)/({_DAY}|\.\.)")
_POLARITIES: Final[Mapping[str, Polarity]] = {"positive": "positive", "negative": "negative"}
_MODALITIES: Final[Mapping[str, Modality]] = {
    "actual": "actual", "planned": "planned", "requested": "requested", "possible": "possible",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Author:
    """Who decided, on which day (ISO), and for which reason."""

    editor: str = ""
    day: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.reason} ({self.editor}, {self.day})"


@dataclass(frozen=True, slots=True)
class EntityDecision:
    """Entities that are one, are not one, or are not to be judged; `why` tells reason, editor and day."""

    verdict: Verdict
    entities: tuple[Iri, ...]
    why: str
    author: Author = Author()

    def pairs(self) -> list[tuple[Iri, Iri]]:
        """Return each two of the entities, in order."""
        return list(combinations(sorted(set(self.entities)), 2))


@dataclass(frozen=True, slots=True)
class Correction:
    """What a claim is to say instead; None and empty: as it says. `date` is EDTF."""

    date: str | None = None
    polarity: Polarity | None = None
    modality: Modality | None = None
    former: bool | None = None
    roles: tuple[tuple[str, tuple[Iri, ...]], ...] = ()

    def of(self, claim: Claim) -> Claim:
        """Return the claim as corrected; it keeps its identifier, words and place."""
        roles = dict(claim.roles) | {
            role: tuple(Filler(iri, local_name(iri), ()) for iri in fillers) for role, fillers in self.roles
        }
        return replace(
            claim,
            date=claim.date if self.date is None else ClaimDate(self.date, *bounds(self.date)),
            polarity=self.polarity or claim.polarity,
            modality=self.modality or claim.modality,
            former=claim.former if self.former is None else self.former,
            roles=tuple(sorted((role, fillers) for role, fillers in roles.items() if fillers)),
        )


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """Claims that are not to count, or to count as corrected.

    `quote` is the SHA-256 of their words, `roles` are sorted; `document` and `quote`, where they are None, are any.
    """

    document: str | None
    frame: str
    quote: str | None
    roles: tuple[tuple[str, tuple[Iri, ...]], ...]
    why: str
    correction: Correction | None = None
    author: Author = Author()

    @property
    def verdict(self) -> str:
        """Return "reject" or "correct"."""
        return "reject" if self.correction is None else "correct"


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions, in the order of the file, and its text; of two on one claim, the last counts."""

    entities: tuple[EntityDecision, ...] = ()
    claims: tuple[ClaimDecision, ...] = ()
    text: str = field(default="", compare=False)

    def why(self, verdict: Verdict) -> dict[tuple[Iri, Iri], str]:
        """Return the pairs of entities with this verdict, and why."""
        return {pair: d.why for d in self.entities if d.verdict == verdict for pair in d.pairs()}

    def on(self, claim: Claim) -> ClaimDecision | None:
        """Return the decision on a claim; None when there is none."""
        return self.about(decision_of(claim))

    def about(self, told: ClaimDecision) -> ClaimDecision | None:
        """Return the decision on a claim, given the one that would reject it; None when there is none."""
        names = _names(told)
        return next((d for d in reversed(self.claims) if _identity(d) in names), None)

    def standing(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return the claims that no decision rejects, as corrected."""
        decided = {_identity(d): (number, d) for number, d in enumerate(self.claims)}
        out = []
        for claim in claims if decided else ():
            found = [decided[one] for one in _identities(claim) if one in decided]
            decision = max(found, key=lambda pair: pair[0])[1] if found else None
            if decision is None:
                out.append(claim)
            elif decision.correction is not None:
                out.append(decision.correction.of(claim))
        return out if decided else list(claims)

    def counting(self, extraction: Extraction) -> Extraction:
        """Return an extraction with the claims that count, as corrected."""
        return replace(extraction, claims=tuple(self.standing(extraction.claims))) if self.claims else extraction

    def unmatched(self, claims: Iterable[Claim], entities: Iterable[str]) -> list[str]:
        """Return a line for each decision that means nothing any more, given all claims and all known entities."""
        wanted = {_identity(d) for d in self.claims}
        found = {one for claim in claims for one in _identities(claim) if one in wanted} if wanted else set()
        named = {iri for d in self.entities for iri in d.entities}
        known = {iri for iri in entities if iri in named} if named else set()
        lines = [
            f"{d.verdict}: there is no {iri.removeprefix(ID)} ({d.why})"
            for d in self.entities
            for iri in d.entities
            if iri not in known
        ]
        return lines + [
            f"{d.verdict}: {whose} {d.frame} claim ({d.why})"
            for d in self.claims
            if _identity(d) not in found
            for whose in [f"{d.document} makes no such" if d.document else "no document makes a"]
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
    unknown = sorted(tables.keys() - _VERDICTS.keys() - {"reject", "correct"})
    if unknown:
        raise DataError(f"decisions: unknown kind {unknown[0]!r}; expected same, different, unsure, reject or correct")
    entities = [
        _entity_decision(verdict, entry, f"{kind} {number}")
        for kind, verdict in _VERDICTS.items()
        for number, entry in enumerate(_entries(tables, kind), 1)
    ]
    claims = [
        _claim_decision(entry, f"{kind} {number}", corrects=kind == "correct")
        for kind in ("reject", "correct")
        for number, entry in enumerate(_entries(tables, kind), 1)
    ]
    return Decisions(tuple(entities), tuple(claims), text)


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
    author = _author(entry, where)
    return EntityDecision(verdict, entities, str(author), author)


def _claim_decision(entry: Mapping[str, Any], where: str, *, corrects: bool) -> ClaimDecision:
    _check_keys(entry, _OF_CLAIM | ({"set"} if corrects else frozenset()), where, optional=_OF_DOCUMENT)
    document, quote, frame, roles = (entry.get(key) for key in ("document", "quote", "frame", "roles"))
    words = isinstance(frame, str) and all(value is None or isinstance(value, str) for value in (document, quote))
    if not words or (document is None) != (quote is None) or not isinstance(roles, dict):
        raise DataError(
            f"decisions, {where}: frame, document and quote are strings (the last two both or neither), "
            "roles a table of lists"
        )
    author = _author(entry, where)
    is_digest = quote is not None and len(quote) == 64 and set(quote) <= set("0123456789abcdef")
    return ClaimDecision(
        document,
        str(frame),
        quote if is_digest or quote is None else quote_digest(quote),
        _roles(roles, where),
        str(author),
        _correction(entry["set"], f"{where}: set") if corrects else None,
        author,
    )


def _roles(roles: Mapping[str, Any], where: str) -> tuple[tuple[str, tuple[Iri, ...]], ...]:
    return tuple(sorted((role, tuple(sorted(_iris(fillers, f"{where}: {role}")))) for role, fillers in roles.items()))


def _correction(values: object, where: str) -> Correction:
    if not isinstance(values, dict) or not values or values.keys() - _CORRECTED:
        raise DataError(f"decisions, {where} is a table of some of {', '.join(sorted(_CORRECTED))}")
    polarity, modality, former, date = (values.get(key) for key in ("polarity", "modality", "former", "date"))
    if (
        (polarity is not None and polarity not in _POLARITIES)
        or (modality is not None and modality not in _MODALITIES)
        or not (former is None or isinstance(former, bool))
        or not (date is None or (isinstance(date, str) and _EDTF.fullmatch(date)))
    ):
        raise DataError(f"decisions, {where}: no such polarity, modality or date, or former is not true or false")
    return Correction(
        date,
        _POLARITIES[polarity] if polarity is not None else None,
        _MODALITIES[modality] if modality is not None else None,
        former,
        _roles(values.get("roles", {}), where),
    )


def _check_keys(
    entry: Mapping[str, Any], expected: frozenset[str], where: str, *, optional: frozenset[str] = frozenset()
) -> None:
    for what, keys in (("lacks", expected - entry.keys()), ("has the unknown", entry.keys() - expected - optional)):
        if keys:
            raise DataError(f"decisions, {where}: it {what} {', '.join(sorted(keys))}")


def _iris(values: object, where: str) -> tuple[Iri, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise DataError(f"decisions, {where} is a list of identifiers")
    return tuple(Iri(value if value.startswith(("http:", "https:")) else ID + value) for value in values)


def _author(entry: Mapping[str, Any], where: str) -> Author:
    day = entry["day"]
    if not isinstance(day, datetime.date) or not all(isinstance(entry[key], str) for key in ("editor", "reason")):
        raise DataError(f"decisions, {where}: day is a date such as 2026-01-15, editor and reason are strings")
    return Author(entry["editor"], day.isoformat(), entry["reason"])


def _identity(decision: ClaimDecision) -> tuple[object, ...]:
    return decision.document, decision.frame, decision.quote, decision.roles


def _identities(claim: Claim) -> list[tuple[object, ...]]:
    return _names(decision_of(claim))


def _names(told: ClaimDecision) -> list[tuple[object, ...]]:
    """Return what decisions on a claim may call it: itself, or whatever says the same."""
    return [_identity(told), _identity(replace(told, document=None, quote=None))]
