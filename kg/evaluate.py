"""A folder of annotated documents -> how well the extraction does on it; the format is told in docs/annotation.md.

Reads files and runs the extractor; what counts as right is decided in `kg.evaluation` alone.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, TextIO

from kg.calibration import Bin, reliability
from kg.documents import SIDECAR, Refused, Remark
from kg.errors import InputError, UnreadableDocument
from kg.evaluation import Annotated, Counts, Evaluation, Evaluator, annotated_from_object
from kg.extract import Extractor, SentenceTrace
from kg.model import Claim, Extraction, Knowledge, Span
from kg.output import write_object, write_rows
from kg.readers import SUFFIXES
from kg.reading import read_each

Half = Literal["dev", "held", "all"]
GOLD, ALIASES, BORDERLINE = "gold.jsonl", "aliases.json", "borderline.jsonl"
TUNING_NUMBERS = frozenset({"01", "05", "09", "13"})
_NUMBER = re.compile(r"-(\d{2})$")
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Gold:
    """The annotation of one folder: its claims, its doubtful claims, and the names its keys go by."""

    folder: Path
    annotated: tuple[Annotated, ...]
    borderline: tuple[Annotated, ...]
    aliases: Mapping[str, Sequence[str]]

    def documents(self, half: Half) -> list[str]:
        """Return the ids of the annotated documents of a half, sorted."""
        return sorted({a.document for a in self.annotated if half in ("all", half_of(a.document))})


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error with its sentence: what is annotated beside what was found; empty where there is no such claim."""

    kind: Literal["differs", "missed", "spurious", "asserted"]
    document: str
    frame: str
    sentence: str
    annotated: str
    found: str


@dataclass(slots=True)
class Measured:
    """What was measured on the documents of one language."""

    language: str
    documents: int = 0
    outcome: Evaluation = field(default_factory=Evaluation)
    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, other: Measured) -> None:
        """Add what was measured on other documents."""
        self.documents += other.documents
        self.outcome.add(other.outcome)
        self.mistakes += other.mistakes


def half_of(document: str) -> Literal["dev", "held"]:
    """Return which half a document belongs to; one without a number at the end of its name was not kept aside.

    >>> half_of("ru-05"), half_of("ru-07"), half_of("seed")
    ('dev', 'held', 'dev')
    """
    number = _NUMBER.search(document)
    return "held" if number and number[1] not in TUNING_NUMBERS else "dev"


# -- reading ----------------------------------------------------------------------------------------------------------


def read_gold(folder: Path) -> list[Gold]:
    """Return the annotation in a folder, or in each of its folders. Raises InputError for what is missing or broken."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; expected one with {GOLD} and {ALIASES} (docs/annotation.md)")
    folders = [f for f in (folder, *sorted(p for p in folder.iterdir() if p.is_dir())) if (f / GOLD).is_file()]
    if not folders:
        raise InputError(f"{folder} holds no {GOLD}, nor does a folder in it (docs/annotation.md)")
    return [_read_folder(f) for f in (folders[:1] if folders[0] == folder else folders)]


def _read_folder(folder: Path) -> Gold:
    annotated = tuple(_annotations(folder / GOLD))
    if not annotated:
        raise InputError(f"{folder / GOLD} holds no claim; expected one JSON object a line")
    borderline = tuple(_annotations(folder / BORDERLINE)) if (folder / BORDERLINE).exists() else ()
    return Gold(folder, annotated, borderline, _aliases(folder / ALIASES))


def _annotations(path: Path) -> Iterator[Annotated]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError as error:
                raise InputError(f"{path}, line {number}: no JSON ({error}); expected one object a line") from None
            yield _annotation(value, f"{path}, line {number}")


def _annotation(value: object, where: str) -> Annotated:
    if not isinstance(value, dict) or not isinstance(value.get("roles"), dict):
        raise InputError(f'{where}: expected an object with "doc", "frame" and "roles" {{role: [filler]}}')
    try:
        return annotated_from_object(value)
    except KeyError as error:
        raise InputError(f'{where}: no "{error.args[0]}" (docs/annotation.md)') from None


def _aliases(path: Path) -> Mapping[str, Sequence[str]]:
    if not path.is_file():
        raise InputError(
            f"{path} is missing; it gives the names of each filler that is no state ({{}} if there is none)"
        )
    try:
        value = json.loads(_text(path))
    except ValueError as error:
        raise InputError(f"{path}: no JSON ({error})") from None
    if not isinstance(value, dict) or not all(isinstance(names, list) for names in value.values()):
        raise InputError(f'{path}: expected an object {{"key": ["name", ...]}}')
    return {str(key): [str(name) for name in names] for key, names in value.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None


def find_texts(gold: Gold, documents: Sequence[str], elsewhere: Path | None) -> dict[str, Path]:
    """Return the file of each document, from the folder given, else the gold folder. Raises InputError if missing."""
    found: dict[str, Path] = {}
    for folder in (gold.folder, elsewhere):
        if folder is None:
            continue
        if not folder.is_dir():
            raise InputError(f"{folder} is no folder; --documents names the folder of the annotated texts")
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and not path.name.endswith((SIDECAR, ".jsonl")):
                found[path.stem] = path
    missing = [d for d in documents if d not in found]
    if missing:
        raise InputError(
            f"{gold.folder / GOLD} annotates documents whose texts are missing: {', '.join(missing)}; "
            "put NAME.txt beside it, or give --documents FOLDER"
        )
    return {d: found[d] for d in documents}


# -- measuring --------------------------------------------------------------------------------------------------------


def measure(
    golds: Iterable[Gold],
    extractor: Extractor,
    knowledge: Knowledge,
    *,
    half: Half = "all",
    documents: Path | None = None,
) -> list[Measured]:
    """Return what was measured, by language. Raises InputError when a text is missing or the half is empty."""
    found: dict[str, Measured] = {}
    for gold in golds:
        names = gold.documents(half)
        texts = find_texts(gold, names, documents)
        unknown = sorted({a.frame for a in gold.annotated} - set(knowledge.frames))
        if unknown:
            raise InputError(f"{gold.folder / GOLD}: no such frame: {', '.join(unknown)}; the README lists them")
        read = {name: _read(path, name, extractor) for name, path in texts.items()}
        evaluator = Evaluator(gold.aliases, knowledge)
        for one in _by_language(gold, read, evaluator):
            found.setdefault(one.language, Measured(one.language)).add(one)
    if not found:
        raise InputError(f"no annotated document is of the half {half!r}; held out are NAME-NN but 01, 05, 09 and 13")
    return [found[language] for language in sorted(found)]


def _read(path: Path, name: str, extractor: Extractor) -> tuple[Extraction, list[SentenceTrace]]:
    for item in read_each([path], extractor.explain):
        if isinstance(item, (Refused, Remark)):
            raise UnreadableDocument(f"{path}: {item.reason}")
        extraction, traces = item
        claims = tuple(replace(claim, document=name) for claim in extraction.claims)
        return replace(extraction, claims=claims), traces
    raise UnreadableDocument(f"{path}: there is no document in it")


def _by_language(
    gold: Gold, read: Mapping[str, tuple[Extraction, list[SentenceTrace]]], evaluator: Evaluator
) -> Iterator[Measured]:
    languages: dict[str, list[str]] = {}
    for name, (extraction, _traces) in read.items():
        languages.setdefault(extraction.document.language, []).append(name)
    for language, names in languages.items():
        annotated = [a for a in gold.annotated if a.document in names]
        claims = [claim for name in names for claim in read[name][0].claims]
        outcome = evaluator.evaluate(annotated, claims, [b for b in gold.borderline if b.document in names])
        sentences = _Sentences({name: read[name] for name in names})
        mistakes = list(_mistakes(outcome, evaluator, annotated, sentences))
        yield Measured(language, len(names), outcome, mistakes)


class _Sentences:
    """The sentences of documents, to show where a claim stands."""

    def __init__(self, read: Mapping[str, tuple[Extraction, list[SentenceTrace]]]) -> None:
        self._texts = {name: extraction.document.text for name, (extraction, _) in read.items()}
        self._spans = {name: [t.sentence.span for t in traces] for name, (_, traces) in read.items()}

    def around(self, document: str, span: Span | None, quote: str) -> str:
        """Return the sentences that a span touches, or that hold the quote; the quote alone where none does."""
        if span is None:
            words = r"\s+".join(re.escape(word) for word in quote.split())
            place = re.search(words, self._texts[document]) if words else None
            span = Span(*place.span()) if place else Span(0, 0)
        touched = [s for s in self._spans[document] if s.start < span.end and span.start < s.end]
        if not touched:
            return " ".join(quote.split())
        return " ".join(self._texts[document][touched[0].start : touched[-1].end].split())


def _mistakes(
    outcome: Evaluation,
    evaluator: Evaluator,
    annotated: Sequence[Annotated],
    sentences: _Sentences,
) -> Iterator[Mistake]:
    """Yield each error; a missed and a spurious claim that resemble one another stand side by side as one."""
    left = list(outcome.spurious)
    for wanted in outcome.missed:
        twin = evaluator.nearest(wanted, left)
        if twin is not None:
            left.remove(twin)
        sentence = sentences.around(wanted.document, None, wanted.quote)
        found = _told_by_claim(twin) if twin is not None else ""
        yield Mistake(
            "differs" if twin else "missed", wanted.document, wanted.frame, sentence, _told_by_annotation(wanted), found
        )
    for kind, spurious in (("spurious", left), ("asserted", outcome.asserted)):
        for claim in spurious:
            near = evaluator.nearest_annotated(claim, annotated)
            sentence = sentences.around(claim.document, claim.evidence, claim.quote)
            yield Mistake(
                "spurious" if kind == "spurious" else "asserted", claim.document, claim.frame, sentence,
                _told_by_annotation(near) if near else "", _told_by_claim(claim),
            )  # fmt: skip


def _told_by_annotation(wanted: Annotated) -> str:
    return _told(wanted.roles, wanted.date, wanted.polarity, wanted.modality, wanted.attribution, former=wanted.former)


def _told_by_claim(claim: Claim) -> str:
    roles = {role: [filler.label for filler in fillers] for role, fillers in claim.roles}
    source = claim.attribution.label if claim.attribution else None
    date = claim.date.edtf if claim.date else None
    return _told(roles, date, claim.polarity, claim.modality, source, former=claim.former) + f" [{claim.extractor}]"


def _told(
    roles: Mapping[str, Sequence[str]],
    date: str | None,
    polarity: str,
    modality: str,
    source: str | None,
    *,
    former: bool,
) -> str:
    """Return a claim as one line; what is usual (positive, actual) is left out."""
    parts = ["; ".join(f"{role}: {', '.join(fillers)}" for role, fillers in sorted(roles.items()))]
    parts += [date] if date else []
    parts += [word for word in (polarity, modality) if word not in ("positive", "actual")]
    parts += ["former"] if former else []
    parts += [f"said by {source}"] if source else []
    return " | ".join(parts)


# -- showing ----------------------------------------------------------------------------------------------------------


def write_measures(
    measured: Sequence[Measured],
    format_: str,
    *,
    errors: int = 0,
    calibrated: bool = False,
    stream: TextIO | None = None,
) -> None:
    """Write the tables and the first `errors` errors of each language; with `calibrated`, the reliability table."""
    stream = stream or sys.stdout
    if format_ == "json":
        write_object(_object(measured, errors, calibrated=calibrated), stream)
        return
    total = _total(measured)
    rows = [*measured, total] if len(measured) > 1 else list(measured)
    tables: list[tuple[str, Sequence[str], list[list[object]]]] = [
        ("By language", _SUMMARY, [_summary(m) for m in rows]),
        ("By frame", ("language", "frame", *_FIGURES, "fillers P", "fillers R", "fillers F1"), list(_frames(rows))),
        ("By role", ("language", "frame", "role", *_FIGURES), list(_roles(rows))),
    ]
    if calibrated:
        tables.append(("Reliability", _RELIABILITY, list(_bins(rows))))
    for title, headings, lines in tables:
        stream.write(f"## {title}\n\n" if format_ == "md" else f"{title}\n")
        write_rows(headings, lines, format_, stream)
        stream.write("\n")
    for one in measured:
        _write_mistakes(one.mistakes[:errors], format_, stream)


_FIGURES = ("right", "wrong", "missed", "P", "R", "F1")
_SUMMARY = (
    "language", "documents", "claims P", "R", "F1", "fillers P", "R", "F1", "dates right", "attribution right",
    "asserted as actual",
)  # fmt: skip
_RELIABILITY = ("language", "confidence", "claims", "stated", "right", "difference")


def _total(measured: Iterable[Measured]) -> Measured:
    total = Measured(_ALL)
    for one in measured:
        total.add(replace(one, mistakes=[]))
    return total


def _summary(one: Measured) -> list[object]:
    outcome = one.outcome
    return [
        one.language, one.documents, *_ratios(outcome.total()), *_ratios(outcome.total_fillers()),
        _share(outcome.dates), _share(outcome.attributions), len(outcome.asserted),
    ]  # fmt: skip


def _ratios(counts: Counts) -> list[str]:
    return [f"{figure:.3f}" for figure in (counts.precision, counts.recall, counts.f1)]


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits)}/{len(hits)}" + (f" = {sum(hits) / len(hits):.3f}" if hits else "")


def _counted(counts: Counts) -> list[object]:
    return [counts.right, counts.wrong, counts.missed, *_ratios(counts)]


def _frames(rows: Iterable[Measured]) -> Iterator[list[object]]:
    for one in rows:
        for frame in sorted(set(one.outcome.claims) | set(one.outcome.fillers)):
            fillers = one.outcome.fillers.get(frame, Counts())
            yield [one.language, frame, *_counted(one.outcome.claims.get(frame, Counts())), *_ratios(fillers)]


def _roles(rows: Iterable[Measured]) -> Iterator[list[object]]:
    for one in rows:
        for (frame, role), counts in sorted(one.outcome.roles.items()):
            yield [one.language, frame, role, *_counted(counts)]


def _bins(rows: Iterable[Measured]) -> Iterator[list[object]]:
    for one in rows:
        for bin_ in reliability(one.outcome.confidences):
            yield [
                one.language, f"{bin_.low:.2f}-{bin_.high:.2f}", bin_.claims, f"{bin_.stated:.3f}",
                f"{bin_.right:.3f}", f"{bin_.right - bin_.stated:+.3f}",
            ]  # fmt: skip


def _write_mistakes(mistakes: Sequence[Mistake], format_: str, stream: TextIO) -> None:
    quiet: Callable[[str], str] = _escaped if format_ == "md" else str
    for mistake in mistakes:
        head = f"{mistake.kind}: {mistake.document}, {mistake.frame}"
        stream.write(f"### {head}\n\n" if format_ == "md" else f"{head}\n")
        mark = "- " if format_ == "md" else "  "
        for name in ("sentence", "annotated", "found"):
            stream.write(f"{mark}{name}: {quiet(getattr(mistake, name)) or '(none)'}\n")
        stream.write("\n")


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text)


def _object(measured: Sequence[Measured], errors: int, *, calibrated: bool) -> dict[str, Any]:
    return {
        "languages": {one.language: _figures(one, calibrated=calibrated) for one in measured},
        "total": _figures(_total(measured), calibrated=calibrated),
        "errors": [
            {"language": one.language, **{name: getattr(m, name) for name in Mistake.__slots__}}
            for one in measured
            for m in one.mistakes[:errors]
        ],
    }


def _figures(one: Measured, *, calibrated: bool) -> dict[str, Any]:
    outcome = one.outcome
    roles: dict[str, dict[str, Any]] = {}
    for (frame, role), counts in sorted(outcome.roles.items()):
        roles.setdefault(frame, {})[role] = _counts_object(counts)
    figures: dict[str, Any] = {
        "documents": one.documents,
        "claims": _counts_object(outcome.total()),
        "fillers": _counts_object(outcome.total_fillers()),
        "dates": {"right": sum(outcome.dates), "of": len(outcome.dates)},
        "attribution": {"right": sum(outcome.attributions), "of": len(outcome.attributions)},
        "asserted": len(outcome.asserted),
        "frames": {frame: _counts_object(counts) for frame, counts in sorted(outcome.claims.items())},
        "roles": roles,
    }
    if calibrated:
        figures["reliability"] = [_bin_object(bin_) for bin_ in reliability(outcome.confidences)]
    return figures


def _counts_object(counts: Counts) -> dict[str, Any]:
    return {
        "right": counts.right, "wrong": counts.wrong, "missed": counts.missed,
        "precision": counts.precision, "recall": counts.recall, "f1": counts.f1,
    }  # fmt: skip


def _bin_object(bin_: Bin) -> dict[str, Any]:
    return {"low": bin_.low, "high": bin_.high, "claims": bin_.claims, "stated": bin_.stated, "right": bin_.right}
