"""Extractions -> one HTML page an editor can open: the text with mentions, claims and set-aside parts marked in colour.

The page needs no network and runs no script. Documents are hostile: everything of theirs is escaped, and characters
that cannot be seen or that turn the direction of text are shown by their code. Spans that overlap are cut into pieces,
each of which tells of all the spans it belongs to.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TextIO

from kg.claims_output import say_passed_over
from kg.documents import Refused, Remark
from kg.extract import SentenceTrace
from kg.mentions import Mention
from kg.model import Claim, Extraction, Filler, Iri, Knowledge, Span
from kg.vocab import ID

_MARKS = (
    ("claim", "evidence of a claim"),
    ("filler", "fills a role of a claim"),
    ("name", "name of reference data"),
    ("unknown", "name of the document's own"),
    ("office", "office title"),
    ("date", "date"),
    ("anaphor", "stands for something named before"),
    ("nominal", "noun of an event or agreement"),
    ("undecided", "a claim was not made here, and why"),
    ("set-aside", "set aside as no part of the article"),
    ("code", "a character that cannot be seen"),
)
_STYLE = """
body { font: 16px/1.6 "Noto Sans", "DejaVu Sans", sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em;
  color: #1a1a1a; background: #fff }
h1 { font-size: 1.3em } h2 { font-size: 1.1em; margin-top: 2em }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; border: 1px solid #ccc; padding: 1em }
.about, .legend { color: #555; font-size: .9em } .legend span { margin-right: 1em; white-space: nowrap }
.claim { background: #fff3bf } .claim.many { background: #ffe066 } .negative { background: #ffc9c9 }
.unreal { background: #d0ebff } .filler { font-weight: 600 }
.name { border-bottom: 2px solid #2f9e44 } .unknown { border-bottom: 2px dashed #2f9e44 }
.office { border-bottom: 2px solid #9c36b5 } .date { border-bottom: 2px solid #1971c2 }
.anaphor { border-bottom: 2px dotted #e8590c } .nominal { border-bottom: 2px dotted #868e96 }
.undecided { text-decoration: underline wavy #e03131 1px; text-underline-offset: 6px }
.set-aside { color: #868e96; background: #f1f3f5; text-decoration: none } .caption, .title { color: #495057 }
.code { font: .7em monospace; border: 1px solid #e03131; color: #e03131; border-radius: 3px; padding: 0 2px }
li { margin-bottom: .6em } li small { color: #555; display: block } bdi { unicode-bidi: isolate }
:target { outline: 3px solid #e8590c }
"""
# Nothing of the page may load or run anything, whatever a document holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_SHOWN_AS_CODE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class _Note:
    """What is to be told of a span: the classes that colour it, the words of its hover, where links to it lead."""

    span: Span
    classes: tuple[str, ...]
    words: str
    anchor: str = ""


def write_html(
    found: Iterable[tuple[Extraction, Sequence[SentenceTrace]] | Refused | Remark],
    knowledge: Knowledge,
    language: str,
    *,
    say: Callable[[str], None],
    stream: TextIO | None = None,
) -> int:
    """Write one page with every document, each as it is done; return how many were refused."""
    stream = stream or sys.stdout
    refused = 0
    stream.write(_head())
    number = 0
    for item in found:
        if isinstance(item, (Refused, Remark)):
            refused += say_passed_over(item, say)
        else:
            number += 1
            stream.writelines(document_section(*item, knowledge, language, number))
    stream.write("</body>\n</html>\n")
    return refused


def _head() -> str:
    legend = " ".join(f'<span><b class="{mark}">abc</b> {escape(words)}</span>' for mark, words in _MARKS)
    stances = " ".join(
        f'<span><b class="claim {mark}">abc</b> {words}</span>'
        for mark, words in (("negative", "negative claim"), ("unreal", "planned, requested or possible claim"))
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<title>Claims</title>\n'
        f'<style>{_STYLE}</style>\n</head>\n<body>\n<p class="legend">{legend} {stances}</p>\n'
    )


def document_section(
    extraction: Extraction, traces: Sequence[SentenceTrace], knowledge: Knowledge, language: str, number: int = 1
) -> Iterator[str]:
    """Yield the part of the page about one document; its anchors begin with `d` and its number."""
    document = extraction.document
    names = _Names(knowledge, extraction, language)
    notes = [
        *_block_notes(extraction),
        *_report_notes(extraction),
        *_mention_notes(traces, names),
        *_claim_notes(extraction.claims, names, f"d{number}"),
    ]
    yield f'<h1>{_visible(document.title or document.id)}</h1>\n<p class="about">{_about(extraction)}</p>\n'
    yield f'<div class="text" dir="auto" lang="{escape(document.language)}">'
    yield from _marked(document.text, notes)
    yield f"</div>\n<h2>Claims ({len(extraction.claims)})</h2>\n<ol>\n"
    for place, claim in enumerate(extraction.claims, 1):
        yield _claim_item(claim, names, f"d{number}-c{place}")
    yield "</ol>\n"


def _about(extraction: Extraction) -> str:
    document = extraction.document
    parts = [document.id, document.language, document.published or "undated", document.publisher, document.url]
    counts = f"{extraction.sentences} sentences, {extraction.silent_sentences} of them name parties and gave no claim"
    return " · ".join(_visible(part) for part in (*parts, counts) if part)


class _Names:
    """Labels of entities and fillers in the language of the page."""

    def __init__(self, knowledge: Knowledge, extraction: Extraction, language: str) -> None:
        self._entities = {**knowledge.entities, **{e.id: e for e in extraction.entities}}
        self._language = language

    def of(self, iri: Iri) -> str:
        entity = self._entities.get(iri)
        return f"{entity.label(self._language)} ({iri.removeprefix(ID)})" if entity else iri.removeprefix(ID)

    def filler(self, filler: Filler) -> str:
        return next((names[0] for tag, names in filler.labels if tag == self._language and names), filler.label)


# -- what is told of spans --------------------------------------------------------------------------------------------


def _block_notes(extraction: Extraction) -> Iterator[_Note]:
    for block in extraction.blocks:
        if block.kind == "furniture":
            yield _Note(block.span, ("set-aside",), f"set aside: {block.reason}")
        elif block.kind != "body":
            yield _Note(block.span, (block.kind,), f"{block.kind}: {block.reason}".rstrip(": "))


def _report_notes(extraction: Extraction) -> Iterator[_Note]:
    for note in extraction.notes:
        if note.kind != "set aside":
            yield _Note(note.span, ("undecided",), f"{note.kind}: {note.reason}")


def _mention_notes(traces: Sequence[SentenceTrace], names: _Names) -> Iterator[_Note]:
    for trace in traces:
        tokens = trace.sentence.tokens
        for mention in trace.mentions:
            span = Span(tokens[mention.first].span.start, tokens[mention.last - 1].span.end)
            yield _Note(span, (mention.kind,), _mention_words(mention, names))


def _mention_words(mention: Mention, names: _Names) -> str:
    meant = " or ".join(names.of(iri) for iri in mention.entities)
    via = f", {mention.via}" if mention.via else ""
    office = f" of {mention.office.office}" if mention.office else ""
    return f"{mention.kind}{office}{via}" + (f": {meant}" if meant else "")


def _claim_notes(claims: Sequence[Claim], names: _Names, prefix: str) -> Iterator[_Note]:
    for number, claim in enumerate(claims, 1):
        anchor = f"{prefix}-c{number}"
        stance = ("negative",) if claim.polarity == "negative" else ("unreal",) if claim.modality != "actual" else ()
        yield _Note(claim.evidence, ("claim", *stance), f"claim {number}: {_told(claim, names)}", anchor)
        for place, (role, filler) in enumerate(_fillers(claim), 1):
            if filler.span is not None:
                words = f"{role} of claim {number} ({claim.frame}): {names.filler(filler)}"
                yield _Note(filler.span, ("filler",), words, f"{anchor}-f{place}")


def _fillers(claim: Claim) -> Iterator[tuple[str, Filler]]:
    for role, fillers in claim.roles:
        for filler in fillers:
            yield role, filler
    if claim.attribution is not None:
        yield "speaker", claim.attribution
    if claim.relayed_by is not None:
        yield "outlet", claim.relayed_by


def _told(claim: Claim, names: _Names) -> str:
    """Return a claim in words, a line for each thing it says."""
    lines = [claim.frame, *(f"{role}: {names.filler(filler)}" for role, filler in _fillers(claim))]
    lines += [f"date: {claim.date.edtf} ({claim.date.text or 'of the document'})" if claim.date else "no date"]
    lines += [f"{claim.polarity}, {claim.modality}" + (", former" if claim.former else "")]
    lines += [f"confidence {claim.confidence:.2f}, rule {claim.extractor}"]
    return "\n".join(lines)


def _claim_item(claim: Claim, names: _Names, anchor: str) -> str:
    fillers = [
        f'{escape(role)} <a href="#{anchor}-f{place}">{_visible(names.filler(filler))}</a>'
        if filler.span is not None
        else f"{escape(role)} {_visible(names.filler(filler))}"
        for place, (role, filler) in enumerate(_fillers(claim), 1)
    ]
    stance = [claim.polarity, claim.modality, *(["former"] if claim.former else [])]
    date = claim.date.edtf if claim.date else "no date"
    how = f"{date} · {', '.join(stance)} · confidence {claim.confidence:.2f} · {claim.extractor}"
    quote = f'<bdi dir="auto">{_visible(" ".join(claim.quote.split()))}</bdi>'
    head = f'<a href="#{anchor}">{escape(claim.frame)}</a>'
    return f"<li>{head}: {'; '.join(fillers)}<small>{_visible(how)}</small><small>{quote}</small></li>\n"


# -- the text, cut into pieces ----------------------------------------------------------------------------------------


def _marked(text: str, notes: Sequence[_Note]) -> Iterator[str]:
    """Yield the text in pieces between which no span begins or ends, each with all that is told of it."""
    begins: dict[int, list[_Note]] = {}
    ends: dict[int, list[_Note]] = {}
    for note in notes:
        if note.span.start < note.span.end:
            begins.setdefault(note.span.start, []).append(note)
            ends.setdefault(note.span.end, []).append(note)
    open_: list[_Note] = []
    edges = sorted({0, len(text), *begins, *ends})
    for start, end in pairwise(edges):
        open_ = [n for n in open_ if n.span.end != start] + begins.get(start, [])
        yield "".join(f'<a id="{n.anchor}"></a>' for n in begins.get(start, ()) if n.anchor)
        yield _piece(text[start:end], open_)


def _piece(text: str, notes: Sequence[_Note]) -> str:
    if not notes:
        return _visible(text)
    classes = list(dict.fromkeys(name for note in notes for name in note.classes))
    if sum("claim" in note.classes for note in notes) > 1:
        classes.append("many")
    words = "\n".join(dict.fromkeys(note.words for note in notes))
    return f'<span class="{escape(" ".join(classes))}" title="{_quoted(words)}">{_visible(text)}</span>'


def _visible(text: str) -> str:
    """Return text as HTML, with characters that cannot be seen, or that turn its direction, shown by their code."""
    return "".join(
        f'<span class="code">{_code(c)}</span>{_break(c)}' if _hidden(c) else escape(c) for c in _lines(text)
    )


def _quoted(text: str) -> str:
    """Return text for the value of an attribute, where there are no tags to show a character by."""
    return "".join(f"[{_code(c)}]" if _hidden(c) else escape(c, quote=True) for c in text).replace("\n", "&#10;")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hidden(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in _SHOWN_AS_CODE


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _break(character: str) -> str:
    return "\n" if unicodedata.category(character) in {"Zl", "Zp"} else ""
