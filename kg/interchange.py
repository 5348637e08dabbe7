"""Claims as JSON objects and back: the claim contract that other programs depend on (see the README)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.model import Claim, ClaimDate, Filler, Iri, LanguageTag, Modality, Polarity, Span


def claim_object(claim: Claim) -> dict[str, Any]:
    """Return a claim as the JSON object of the contract; `claim_from_object` reads it back unchanged."""
    return {
        "id": claim.id,
        "document": claim.document,
        "published": claim.published,
        "language": claim.language,
        "frame": claim.frame,
        "roles": {role: [_filler_object(f) for f in fillers] for role, fillers in claim.roles},
        "date": None if claim.date is None else _date_object(claim.date),
        "polarity": claim.polarity,
        "modality": claim.modality,
        "former": claim.former,
        "attribution": None if claim.attribution is None else _filler_object(claim.attribution),
        "relayed_by": None if claim.relayed_by is None else _filler_object(claim.relayed_by),
        "evidence": {"start": claim.evidence.start, "end": claim.evidence.end, "quote": claim.quote},
        "confidence": claim.confidence,
        "extractor": claim.extractor,
    }


def claim_from_object(value: Mapping[str, Any]) -> Claim:
    """Return the claim a JSON object of the contract describes; raises KeyError when a member is missing."""
    polarity: Polarity = value["polarity"]
    modality: Modality = value["modality"]
    evidence = value["evidence"]
    return Claim(
        id=value["id"],
        document=value["document"],
        published=value["published"],
        language=LanguageTag(value["language"]),
        frame=value["frame"],
        roles=tuple(sorted((r, tuple(_filler(f) for f in fs)) for r, fs in value["roles"].items())),
        date=None if value["date"] is None else _date(value["date"]),
        polarity=polarity,
        modality=modality,
        former=value["former"],
        attribution=None if value["attribution"] is None else _filler(value["attribution"]),
        relayed_by=None if value["relayed_by"] is None else _filler(value["relayed_by"]),
        evidence=Span(evidence["start"], evidence["end"]),
        quote=evidence["quote"],
        confidence=value["confidence"],
        extractor=value["extractor"],
    )


def _filler_object(filler: Filler) -> dict[str, Any]:
    return {
        "id": filler.id,
        "label": filler.label,
        "labels": {language: list(names) for language, names in filler.labels},
        "kinds": sorted(filler.kinds),
        "text": filler.text,
        "start": filler.span.start if filler.span else None,
        "end": filler.span.end if filler.span else None,
        **({"organ_of": filler.organ_of} if filler.organ_of else {}),
    }


def _filler(value: Mapping[str, Any]) -> Filler:
    labels: Mapping[str, Sequence[str]] = value.get("labels", {})
    start, end = value.get("start"), value.get("end")
    return Filler(
        id=Iri(value["id"]),
        label=value["label"],
        labels=tuple(sorted((language, tuple(names)) for language, names in labels.items())),
        kinds=frozenset(value.get("kinds", ())),
        text=value.get("text"),
        span=Span(start, end) if isinstance(start, int) and isinstance(end, int) else None,
        organ_of=Iri(value["organ_of"]) if value.get("organ_of") else None,
    )


def _date_object(date: ClaimDate) -> dict[str, Any]:
    return {
        "edtf": date.edtf,
        "earliest": date.earliest,
        "latest": date.latest,
        "text": date.text,
        "start": date.span.start if date.span else None,
        "end": date.span.end if date.span else None,
    }


def _date(value: Mapping[str, Any]) -> ClaimDate:
    start, end = value.get("start"), value.get("end")
    span = Span(start, end) if isinstance(start, int) and isinstance(end, int) else None
    return ClaimDate(value["edtf"], value.get("earliest"), value.get("latest"), value.get("text"), span)
