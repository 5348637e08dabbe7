"""Broken and hostile documents, through the whole way from bytes to checked quads: python bench/fuzz.py --inputs 2000

Each input is read in a process of its own, as `kg extract` reads it, and its claims are put through the gate, written
as Turtle and read back, and shown as HTML. Prints for each kind of input how many were set aside, accepted, ended with
an exception (a crash), were not done in time (a hang), how long the longest took and how much memory the largest. Ends
with 1 when anything crashed, hung, or got out of its place in RDF, HTML or the terminal.
"""

from __future__ import annotations

import argparse
import io
import os
import pickle
import random
import re
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

import pyoxigraph as ox  # noqa: E402

from kg.claims_output import write_extractions  # noqa: E402
from kg.detect import language_of  # noqa: E402
from kg.documents import Refused, Remark  # noqa: E402
from kg.extract import Extractor  # noqa: E402
from kg.html_view import write_html  # noqa: E402
from kg.lexicon import example_document  # noqa: E402
from kg.model import Document, Extraction, Knowledge  # noqa: E402
from kg.rdf import document_quads  # noqa: E402
from kg.reading import read_over_workers  # noqa: E402
from kg.resources import load_knowledge, load_packs  # noqa: E402
from kg.validate import load_shapes, validate_graph  # noqa: E402
from kg.wires import signature  # noqa: E402

LIMIT = 30.0  # seconds for one document, as `--timeout 30`
HANG = 3 * LIMIT  # seconds after which the limit has failed
SAMPLES = HERE / "documents"
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m"
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    '" . <urn:evil> <urn:evil> <urn:evil> . #',
    "'''\" } ; DROP ALL ; INSERT DATA { <urn:evil> <urn:evil> <urn:evil> } #",
    "\\u0022 . <urn:evil> <urn:evil> \\",
    "</td></tr></table><h1>evil</h1>",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "%s%n{0}{}${x}",
)
ODD = "\u202e\u2066\u200f\u200d\ufeff\u00ad\u0301\u0489\u0000\u0007\u001b\u0085\u2028\u3000\U0001f600\ud800"


@dataclass(frozen=True)
class Input:
    """One document: its kind, its file's name and its bytes (or what makes them: large ones are made when needed)."""

    kind: str
    name: str
    make: Callable[[], bytes]


@dataclass
class Tally:
    """What became of the inputs of one kind."""

    inputs: int = 0
    set_aside: int = 0
    accepted: int = 0
    claims: int = 0
    crashes: int = 0
    hangs: int = 0
    longest: float = 0.0
    largest: float = 0.0
    escaped: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


# -- inputs -----------------------------------------------------------------------------------------------------------


def inputs(count: int, seed: int) -> Iterator[Input]:
    """Yield every input made by hand, then about `count` random and mutated ones."""
    draw = random.Random(seed)
    yield from _large()
    yield from _patterns()
    yield from _injections()
    suffixes = (".txt", ".html", ".pdf", ".docx", ".jsonl", ".md", ".xhtml", "")
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))}
    names = sorted(texts)
    files = _files(texts[names[0]])
    for number in range(count // 4):
        data = draw.randbytes(draw.choice((1, 10, 100, 1000, 20_000)))
        yield Input("random bytes", f"{number}{draw.choice(suffixes)}", lambda data=data: data)  # type: ignore[misc]
    for number in range(count // 4):
        name, data = draw.choice(files)
        broken = _broken(data, draw)
        yield Input("files cut or changed", f"{number}{name}", lambda data=broken: data)  # type: ignore[misc]
    for number in range(count // 2):
        name = draw.choice(names)
        text = _mutated(texts[name], draw)
        data = text.encode("utf-8", "surrogatepass")
        yield Input("texts with odd letters and order", f"{number}.txt", lambda data=data: data)  # type: ignore[misc]


def _files(text: str) -> list[tuple[str, bytes]]:
    """Return a valid file of each format."""
    import docx
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    word = io.BytesIO()
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(word)
    writer = PdfWriter()
    page = writer.add_blank_page(612, 792)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject(
        {NameObject("/F1"): DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})}
    )
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 50 700 Td (Peru recognised the Taliban on Monday, the ministry of Peru said.) Tj ET")
    page[NameObject("/Contents")] = stream
    pdf, locked = io.BytesIO(), io.BytesIO()
    writer.write(pdf)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(locked)
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
    html = f"<html lang='en'><head><title>Talks</title></head><body><article>{paragraphs}</article></body></html>"
    return [
        (".docx", word.getvalue()),
        (".pdf", pdf.getvalue()),
        (".pdf", locked.getvalue()),
        (".html", html.encode()),
        (".jsonl", b'{"text": "Peru recognised the Taliban on Monday.", "published": "2025-07-03"}\n' * 3),
    ]


def _broken(data: bytes, draw: random.Random) -> bytes:
    """Return bytes cut, with some changed, or with a part twice."""
    way = draw.randrange(3)
    if way == 0:
        return data[: draw.randrange(len(data))]
    if way == 1:
        out = bytearray(data)
        for _ in range(draw.randrange(1, 30)):
            out[draw.randrange(len(out))] = draw.randrange(256)
        return bytes(out)
    first, last = sorted((draw.randrange(len(data)), draw.randrange(len(data))))
    return data[:last] + data[first:]


def _mutated(text: str, draw: random.Random) -> str:
    """Return a text with letters, words and lines taken out, doubled, exchanged, and odd ones put in."""
    for _ in range(draw.randrange(1, 6)):
        way = draw.randrange(7)
        at = draw.randrange(len(text))
        if way == 0:
            text = text[:at] + draw.choice(ODD[:-1]) * draw.randrange(1, 50) + text[at:]
        elif way == 1:
            words = text.split(" ")
            draw.shuffle(words)
            text = " ".join(words)
        elif way == 2:
            text = text.replace(
                draw.choice("aeiou.,;:()\"'- \n"), draw.choice(("", ".", ",", "\n", "(", '"', "-", "|"))
            )
        elif way == 3:
            text = text[:at] + text[at : at + 200] * draw.randrange(2, 30) + text[at:]
        elif way == 4:
            text = text.translate(str.maketrans("aceopxy", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443"))
        elif way == 5:
            text = text[:at] + draw.choice(HOSTILE) + text[at:]
        else:
            text = text.upper() if draw.random() < 0.5 else text[::-1]
        text = text[:60_000] or "x"
    return text


def _large() -> Iterator[Input]:
    sentence = "Peru recognised the Taliban on Monday, and the foreign minister of Chile visited Norway. "
    names = ", ".join(f"Lomi Kavaro{n}" for n in range(10_000))
    states = ", ".join(["Peru", "Chile", "Norway", "Kenya", "Japan"] * 2000)
    kind = "large, deep and bombs"
    yield Input(kind, "line.txt", lambda: (sentence * (100_000_000 // len(sentence))).encode())
    yield Input(kind, "word.txt", lambda: b"a" * 20_000_000)
    yield Input(kind, "half-a-megabyte.txt", lambda: (sentence * 6000).encode())
    yield Input(kind, "names.txt", lambda: f"{names} met the president of Peru in Lima on Monday.".encode())
    yield Input(kind, "states.txt", lambda: f"{states} signed an agreement with Egypt on Monday.".encode())
    yield Input(kind, "ands.txt", lambda: (" and ".join(["Peru"] * 5000) + " recognised the Taliban.").encode())
    yield Input(kind, "tags.html", lambda: b"<html><body>" + b"<div>" * 1_000_000 + sentence.encode() * 20)
    yield Input(kind, "closed.html", lambda: b"<b>" * 300_000 + sentence.encode() + b"</b>" * 300_000)
    yield Input(kind, "scripts.html", lambda: b"<html><body>" + b"<script>while(1);</script>" * 100_000 + b"<p>x</p>")
    yield Input(kind, "attributes.html", lambda: b"<html><p " + b"a='b' " * 500_000 + b">" + sentence.encode() * 9)
    yield Input(kind, "entities.xhtml", lambda: _entity_bomb().encode() + sentence.encode() * 9)
    yield Input(kind, "bomb.docx", lambda: _bomb(400_000_000))
    yield Input(kind, "many.docx", lambda: _bomb(2_000_000, files=20_000))
    yield Input(kind, "pages.pdf", _pdf_bomb)
    yield Input(kind, "deep.jsonl", lambda: b'{"text": ' + b"[" * 500_000 + b"]" * 500_000 + b"}")
    yield Input(
        kind, "number.jsonl", lambda: b'{"text": "Peru recognised the Taliban.", "n": ' + b"9" * 1_000_000 + b"}"
    )
    yield Input(
        kind,
        "surrogates.jsonl",
        lambda: b'{"text": "Peru \\ud800 recognised the Taliban on Monday.", "title": "\\udfff"}',
    )
    yield Input(
        kind, "title.jsonl", lambda: b'{"text": "Peru recognised the Taliban.", "title": "' + b"x" * 5_000_000 + b'"}'
    )


def _entity_bomb() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "ha">{levels}]><html><body><p>&a9;</p></body></html>'


def _bomb(size: int, files: int = 1) -> bytes:
    """Return a Word document that unpacks to so many bytes."""
    import docx

    out = io.BytesIO()
    docx.Document().save(out)
    with zipfile.ZipFile(out) as known:
        parts = {name: known.read(name) for name in known.namelist()}
    head, tail = parts["word/document.xml"].split(b"<w:body>", 1)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if name != "word/document.xml":
                archive.writestr(name, data)
        for number in range(files - 1):
            archive.writestr(f"word/media/{number}.xml", b"<a/>")
        text = b"<w:p><w:r><w:t>Peru recognised the Taliban. </w:t></w:r></w:p>"
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            stream.write(head + b"<w:body>")
            for _ in range(size // (len(text) * 1000)):
                stream.write(text * 1000)
            stream.write(tail)
    return made.getvalue()


def _pdf_bomb() -> bytes:
    import zlib

    packed = zlib.compress(b"BT (Peru recognised the Taliban. ) Tj ET " * 5_000_000, 9)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    return (
        head
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(packed), packed)
    )


def _patterns() -> Iterator[Input]:
    """Yield texts on which a pattern with nested repetition would take for ever."""
    kind = "repetitions for patterns"
    units = [
        *" \n\t.,;:-()[]\"'|/\\<>&=_*#0aA1",
        *("a ", "A. ", "1.", "1-", "a-", "A.B.", "- ", "|a", "\u0301", "\u00ab", "\u2014 ", "12.", "1 ", "\r\n"),
        *("https://a.b/", "@a ", "2025-", "July ", "Mr. ", "of ", "the ", "and ", " , ", "a\n\n"),
    ]
    for number, unit in enumerate(units):
        for size in (3000, 60_000):
            text = "Peru recognised the Taliban. " + unit * (size // len(unit)) + "! Peru signed."
            yield Input(kind, f"{number}-{size}.txt", lambda text=text: text.encode())  # type: ignore[misc]
    for number, unit in enumerate(("<p", "<!--", "&#", "<a href='", "<?xml ", "<meta charset=")):
        page = f"<html><body><p>Peru recognised the Taliban.</p>{unit * 30_000}"
        yield Input(kind, f"{number}.html", lambda page=page: page.encode())  # type: ignore[misc]


def _injections() -> Iterator[Input]:
    import json

    for number, evil in enumerate((*HOSTILE, ESCAPES)):
        text = (
            f"The foreign minister of Peru, Lomi {evil} Kavaro, met Dana {evil} in Lima. Peru recognised the Taliban."
        )
        values = {"id": f"x{evil}", "text": text, "title": evil, "publisher": evil, "published": "2025-07-03"}
        line = json.dumps(values).encode()
        yield Input("code in names and titles", f"{number}.jsonl", lambda line=line: line)  # type: ignore[misc]
        plain = text.encode()
        yield Input("code in names and titles", f"{number}.txt", lambda plain=plain: plain)  # type: ignore[misc]
        page = (
            f"<html><head><title>{evil}</title></head><body><article><p>{text}</p><p>{text}</p></article></body></html>"
        )
        yield Input("code in names and titles", f"{number}.html", lambda page=page: page.encode())  # type: ignore[misc]


# -- the way through --------------------------------------------------------------------------------------------------

_RAW = re.compile(r"<script>alert|<img src=x|<h1>evil", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def go_through(path: Path, extractor: Extractor, knowledge: Knowledge) -> tuple[int, int, list[str], list[str]]:
    """Return how many documents of a file were set aside and accepted, the reasons, and what got out of its place."""
    reasons: list[str] = []
    words: list[str] = []  # what is said beside, such as that no claim was found
    escaped: list[str] = []
    explained = []

    def read(document: Document) -> tuple[Extraction, object]:
        extraction, traces = extractor.explain(document)
        signature(document.text)
        quads = document_quads(extraction, knowledge)
        validate_graph(quads, load_shapes("document"), knowledge)
        triples = [quad.triple for quad in quads]
        written = ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b""
        back = {quad.triple for quad in ox.parse(written, format=ox.RdfFormat.TURTLE)}
        if back != set(triples):
            escaped.append("Turtle")
        if any("urn:evil" in str(node) for t in triples for node in (t.subject, t.predicate)):
            escaped.append("a node from a text")
        return extraction, traces

    for found in read_over_workers([path], _no_worker, jobs=1, timeout=LIMIT, here=read):
        if isinstance(found, Refused):
            reasons.append(found.reason)
        elif not isinstance(found, Remark):
            explained.append(found)
    page, table = io.StringIO(), io.StringIO()
    write_html(iter(explained), knowledge, "en", say=words.append, stream=page)  # type: ignore[arg-type]
    if _RAW.search(page.getvalue()):
        escaped.append("HTML")
    write_extractions((e for e, _ in explained), "table", knowledge, "en", say=words.append, stream=table)
    if _CONTROL.search(table.getvalue()):
        escaped.append("the terminal")
    return len(reasons), len(explained), reasons, escaped


def _no_worker() -> Callable[[Document], object]:
    raise AssertionError("one file is read here")


def run(one: Input, extractor: Extractor, knowledge: Knowledge, folder: Path, tally: Tally) -> None:
    """Read one input in a process of its own, and count what became of it."""
    tally.inputs += 1
    ours, theirs = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.close(2)
        try:
            path = folder / one.name
            path.write_bytes(one.make())
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = time.monotonic()
            answer: object = ("done", go_through(path, extractor, knowledge), time.monotonic() - start, before)
        except BaseException:
            answer = ("crash", traceback.format_exc())
        with os.fdopen(theirs, "wb") as pipe:
            pickle.dump((answer, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), pipe)
        os._exit(0)
    os.close(theirs)
    data = b""
    with os.fdopen(ours, "rb") as pipe:
        while select.select([pipe], [], [], max(0.0, begun + HANG - time.monotonic()))[0]:
            part = os.read(pipe.fileno(), 1 << 20)
            if not part:
                break
            data += part
        else:
            os.kill(child, signal.SIGKILL)
            tally.hangs += 1
            print(f"HANG {one.kind}: {one.name}", file=sys.stderr, flush=True)
    os.waitpid(child, 0)
    (folder / one.name).unlink(missing_ok=True)
    if not data:
        tally.crashes += tally.hangs == 0
        print(f"DIED {one.kind}: {one.name}", file=sys.stderr, flush=True)
        return
    answer, peak = pickle.loads(data)
    tally.largest = max(tally.largest, peak)
    if answer[0] == "crash":
        tally.crashes += 1
        print(f"CRASH {one.kind}: {one.name}\n{answer[1]}", file=sys.stderr, flush=True)
        return
    (aside, accepted, reasons, escaped), seconds, _before = answer[1:]
    tally.set_aside += aside
    tally.accepted += accepted
    tally.longest = max(tally.longest, seconds)
    bugs = [reason for reason in reasons if "which is a bug" in reason]
    tally.crashes += len(bugs)
    tally.escaped += len(escaped)
    for line in (*bugs, *(f"out of its place: {what}" for what in escaped)):
        print(f"FAULT {one.kind}: {one.name}: {line}", file=sys.stderr, flush=True)
    if seconds > 5 or peak > 1000:
        print(f"{one.kind}: {one.name}: {seconds:.1f} s, {peak:.0f} MB, {reasons[:1]}", file=sys.stderr, flush=True)


def table(tallies: dict[str, Tally]) -> str:
    """Return the tallies as Markdown."""
    lines = [
        "| kind | inputs | set aside | accepted | crashes | hangs | out of place | longest s | largest MB |",
        "|---" * 9 + "|",
    ]
    lines += [
        f"| {kind} | {t.inputs} | {t.set_aside} | {t.accepted} | {t.crashes} | {t.hangs} | {t.escaped} "
        f"| {t.longest:.1f} | {t.largest:.0f} |"
        for kind, t in tallies.items()
    ]
    return "\n".join(lines)


def main() -> int:
    """Read every input and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", help="only this kind")
    arguments = parser.parse_args()
    knowledge = load_knowledge()
    extractor = Extractor(knowledge, load_packs())
    language_of("Peru recognised the Taliban on Monday, and so did Chile.")  # what is loaded once
    extractor.explain(example_document("Peru recognised the Taliban.", "en"))
    load_shapes("document")
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as folder:
        for one in inputs(arguments.inputs, arguments.seed):
            if arguments.kind in (None, one.kind):
                run(one, extractor, knowledge, Path(folder), tallies.setdefault(one.kind, Tally()))
    print(table(tallies))
    return int(any(t.crashes or t.hangs or t.escaped for t in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
