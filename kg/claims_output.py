"""Extractions to text: the claim contract as JSON lines, a table, Turtle; and how each claim came about."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO

from kg.documents import Refused, Remark
from kg.extract import SentenceTrace
from kg.interchange import claim_object
from kg.model import Claim, Extraction, Knowledge
from kg.output import write_rows
from kg.printable import printable
from kg.vocab import ID

_HEADINGS = ("document", "frame", "roles", "date", "polarity", "modality", "said by", "quote", "extractor")


def write_extractions(
    found: Iterable[Extraction | Refused | Remark],
    format_: str,
    knowledge: Knowledge,
    language: str,
    *,
    say: Callable[[str], None],
    stream: TextIO | None = None,
) -> int:
    """Write the claims of each document as it is done, and return how many documents were refused."""
    stream = stream or sys.stdout
    refused, rows = 0, []
    for item in found:
        if isinstance(item, (Refused, Remark)):
            refused += say_passed_over(item, say)
        else:
            if not item.claims:
                say(f"kg: {item.document.id}: no claim was found in it")
            if format_ == "jsonl":
                stream.writelines(
                    printable(json.dumps(claim_object(c), ensure_ascii=False)) + "\n" for c in item.claims
                )
            elif format_ == "ttl":
                stream.write(printable(_turtle(item, knowledge)))
            else:
                rows += [_row(claim, language) for claim in item.claims]
    if format_ == "table":
        write_rows(_HEADINGS, rows, "table", stream)
    return refused


def write_explanations(
    found: Iterable[tuple[Extraction, Sequence[SentenceTrace]] | Refused | Remark],
    *,
    say: Callable[[str], None],
    stream: TextIO | None = None,
) -> int:
    """Write sentence by sentence what was seen and which rules led to each claim; return how many were refused."""
    stream = stream or sys.stdout
    refused = 0
    for item in found:
        if isinstance(item, (Refused, Remark)):
            refused += say_passed_over(item, say)
        else:
            stream.writelines(f"{printable(line)}\n" for line in _explanation(*item))
    return refused


def say_passed_over(item: Refused | Remark, say: Callable[[str], None]) -> bool:
    """Say why a path gave no document, and return whether that is an error."""
    if isinstance(item, Refused):
        say(f"kg: {item.path}: {item.reason}")
        return True
    say(f"kg: passed over {item.path}: {item.reason}")
    return False


def _explanation(extraction: Extraction, traces: Sequence[SentenceTrace]) -> Iterator[str]:
    text = extraction.document.text
    yield f"== {extraction.document.id} ({extraction.document.language}, {extraction.document.published or 'undated'})"
    kept = {claim.id for claim in extraction.claims}
    for trace in traces:
        span = trace.sentence.span
        yield f"[{span.start}-{span.end}] {' '.join(span.slice(text).split())}"
        for mention in trace.mentions:
            words = " ".join(token.text for token in trace.sentence.tokens[mention.first : mention.last])
            meant = ", ".join(iri.removeprefix(ID) for iri in mention.entities)
            yield f"  mention {mention.kind}: {words}{f' = {meant}' if meant else ''}"
        yield from (f"  {line}" for line in trace.lines)
        for claim in trace.claims:
            again = "" if claim.id in kept else " (said elsewhere too; told there)"
            yield f"  => {' | '.join(_row(claim, 'en')[1:7])} by {claim.extractor}{again}"
    for note in extraction.notes:
        yield f"{note.kind} [{note.span.start}-{note.span.end}]: {note.reason}"
    silent = f"{extraction.silent_sentences} name parties and gave no claim"
    yield f"-- {len(extraction.claims)} claims; of {extraction.sentences} sentences {silent}"


def _row(claim: Claim, language: str) -> list[str]:
    def names(role: str) -> str:
        return ", ".join(_label(filler.labels, language) or filler.label for filler in claim.fillers(role))

    return [
        claim.document,
        claim.frame,
        "; ".join(f"{role} {names(role)}" for role, _ in claim.roles),
        claim.date.edtf if claim.date else "",
        claim.polarity,
        claim.modality + (", former" if claim.former else ""),
        claim.attribution.label if claim.attribution else "",
        " ".join(claim.quote.split()),
        claim.extractor,
    ]


def _label(labels: tuple[tuple[str, tuple[str, ...]], ...], language: str) -> str:
    return next((names[0] for tag, names in labels if tag == language and names), "")


def _turtle(extraction: Extraction, knowledge: Knowledge) -> str:
    from kg.rdf import document_quads
    from kg.sparql import turtle

    return turtle([quad.triple for quad in document_quads(extraction, knowledge)])
