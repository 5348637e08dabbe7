"""The examples and counterexamples of a pack, run in both directions: each entry must give what it promises, and no
more."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import DataError
from kg.extract import Extractor
from kg.language.pack import Pack
from kg.model import Claim, Document, Filler, LanguageTag, Sha256

PUBLISHED = "2025-06-18"
_STANCES = frozenset({"negative", "planned", "requested", "possible", "former"})


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example promises: a frame with fillers (by the last part of the IRI, or a label) and its stance."""

    frame: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    polarity: str = "positive"
    modality: str = "actual"
    former: bool = False
    date: str | None = None
    by: str | None = None

    def met_by(self, claim: Claim) -> bool:
        """Tell whether a claim is the one expected; what the expectation leaves unsaid is free."""
        return (
            claim.frame == self.frame
            and claim.polarity == self.polarity
            and claim.modality == self.modality
            and claim.former == self.former
            and (self.date is None or (claim.date is not None and claim.date.edtf == self.date))
            and (self.by is None or (claim.attribution is not None and _answers(claim.attribution, self.by)))
            and all(_same_fillers(claim.fillers(role), keys) for role, keys in self.roles)
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: where it stands, what was wanted, what came."""

    file: str
    entry: str
    text: str
    wanted: str
    got: tuple[str, ...]


def read_expectations(text: str, frame: str) -> tuple[Expectation, ...]:
    """Return the expectations of one example; a first word without `=` that is no stance names the frame."""
    return tuple(_expectation(part, frame) for part in text.split("&") if part.strip())


def _expectation(text: str, frame: str) -> Expectation:
    roles: list[tuple[str, tuple[str, ...]]] = []
    stances: set[str] = set()
    date = by = None
    for word in shlex.split(text):
        name, sign, value = word.partition("=")
        if not sign and name in _STANCES:
            stances.add(name)
        elif not sign:
            frame = name
        elif name == "date":
            date = value
        elif name == "by":
            by = value
        else:
            roles.append((name, tuple(v.strip() for v in value.split(","))))
    if not frame:
        raise DataError(f"the expectation {text!r} names no frame")
    modality = next((s for s in ("planned", "requested", "possible") if s in stances), "actual")
    return Expectation(
        frame,
        tuple(roles),
        "negative" if "negative" in stances else "positive",
        modality,
        "former" in stances,
        date,
        by,
    )


def _answers(filler: Filler, key: str) -> bool:
    names = {filler.id.rsplit("/", 1)[-1], filler.label, *(n for _l, ns in filler.labels for n in ns)}
    return key.casefold() in {n.casefold() for n in names}


def _same_fillers(fillers: Sequence[Filler], keys: Sequence[str]) -> bool:
    return len(fillers) == len(keys) and all(any(_answers(f, k) for f in fillers) for k in keys)


def example_document(text: str, language: str) -> Document:
    """Return an example as the document it is read as: one paragraph published on a fixed Wednesday."""
    return Document("example", text, LanguageTag(language), Sha256("0" * 64), published=PUBLISHED)


def check_pack(pack: Pack, extractor: Extractor) -> Iterator[Failure]:
    """Yield every example that gives not what it promises, and every counterexample that gives a claim of the frame."""
    for file, entry, own, examples, counterexamples in pack.cases:
        frame = own or (extractor.office_frame if file == "offices.toml" else "")
        for text, wanted in examples:
            claims = extractor.extract(example_document(text, pack.language)).claims
            for expected in read_expectations(wanted, frame):
                if not any(expected.met_by(c) for c in claims):
                    yield Failure(file, entry, text, wanted, tuple(describe(c) for c in claims))
                    break
        for text in counterexamples:
            claims = extractor.extract(example_document(text, pack.language)).claims
            bad = [c for c in claims if not frame or c.frame == frame]
            if bad and frame:
                yield Failure(file, entry, text, f"no {frame}", tuple(describe(c) for c in bad))


def describe(claim: Claim) -> str:
    """Return a claim as one line in the notation of expectations."""
    roles = " ".join(
        f"{role}={','.join(f.id.rsplit('/', 1)[-1] if '/entity/' not in f.id else f.label for f in fs)}"
        for role, fs in claim.roles
    )
    stance = [
        s
        for s in (
            claim.polarity if claim.polarity == "negative" else "",
            claim.modality if claim.modality != "actual" else "",
            "former" if claim.former else "",
        )
        if s
    ]
    date = [f"date={claim.date.edtf}"] if claim.date else []
    by = [f"by={claim.attribution.label}"] if claim.attribution else []
    return " ".join([claim.frame, roles, *stance, *date, *by, f"[{claim.extractor}]"])
