"""The text of one file's bytes, by format: plain text, HTML, PDF, DOCX, JSON Lines.

The text is kept as read: no normalisation, no change of line ends, so that offsets stay true. Each reader raises
UnreadableDocument with a reason a user can act on.
"""

from __future__ import annotations

import codecs
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from kg.errors import InputError, UnreadableDocument
from kg.limits import TooSlow, within
from kg.metadata import METADATA_KEYS, UNSTATED, Metadata, metadata_of

Format = Literal["text", "html", "pdf", "docx", "jsonl"]

SUFFIXES: Mapping[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
MEDIA_TYPES: Mapping[Format, str] = {
    "text": "text/plain",
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jsonl": "application/jsonl",
}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# One-byte encodings that documents in our languages are found in. Left free, the guesser takes a short text in
# windows-1251 for Japanese.
_ONE_BYTE = ["cp1251", "koi8_r", "cp866", "cp1258", "cp1252"]
# The Kazakh standard (ST RK 1048) differs from windows-1251 in the very letters Kazakh needs. These two bytes are its
# letter QA, which no Kazakh text lacks; in windows-1251 they are a Macedonian letter.
_KAZAKH_QA = (0x8D, 0x9D)
# High bytes of UTF-16: Latin and its extensions, combining accents, Cyrillic, Vietnamese letters, punctuation.
_BLOCKS = frozenset((0x00, 0x01, 0x03, 0x04, 0x1E, 0x20))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*+["']?+\s*+([A-Za-z0-9_:.-]+)""", re.I)
_HTML_HEAD = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html)", re.I | re.S
)


MAX_CHARACTERS = 2_000_000  # a thick book has one million; reading more than this takes more than a minute
MAX_UNPACKED = 128 * 1024 * 1024  # bytes of a Word document's parts
SECONDS = 60.0  # for the text of one file


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a document and what it states about itself."""

    text: str
    format: Format
    metadata: Metadata = UNSTATED


def format_of(name: str, head: bytes) -> Format | None:
    """Return the format by the file's suffix, else by its first bytes; None where neither says.

    >>> format_of("page.HTM", b""), format_of("report", b"%PDF-1.7"), format_of("picture.png", b"\\x89PNG")
    ('html', 'pdf', None)
    """
    known = SUFFIXES.get(PurePath(name).suffix.lower())
    if known:
        return known
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if _HTML_HEAD.match(head):
        return "html"
    if _begins_with_json_object(head):
        return "jsonl"
    return "text" if PurePath(name).suffix == "" else None


def read_content(data: bytes, format_: Format) -> Content:
    """Return the text and metadata of one document (not JSON Lines, which hold many), in a bounded time."""
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableDocument("the file is empty")
    try:
        with within(SECONDS):
            return _read_content(data, format_)
    except TooSlow:
        raise UnreadableDocument(
            f"finding its text took more than {SECONDS:g} seconds; save it as plain text"
        ) from None
    except (MemoryError, RecursionError):
        raise UnreadableDocument("it is nested too deep or too large to be read; save it as plain text") from None


def _read_content(data: bytes, format_: Format) -> Content:
    if format_ == "html":
        content = read_html(data)
    elif format_ == "pdf":
        content = read_pdf(data)
    elif format_ == "docx":
        content = read_docx(data)
    elif format_ == "text":
        content = Content(decode(data), "text")
    else:
        raise ValueError(f"{format_} holds many documents; use read_lines")
    check_text(content.text)
    return content


def check_text(text: str) -> None:
    """Raise UnreadableDocument unless `text` is something that people wrote."""
    if not text.strip():
        raise UnreadableDocument("the document holds no text")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"the text has {len(text):,} characters; no more than {MAX_CHARACTERS:,} are read as one document: split it"
        )
    if "\x00" in text:
        raise UnreadableDocument(f"the text holds a NUL at character {text.index(chr(0))}: a binary file, or damaged")
    surrogate = _SURROGATES.search(text)
    if surrogate:
        raise UnreadableDocument(f"the text holds half a character (a lone surrogate) at character {surrogate.start()}")
    controls = _CONTROLS.findall(text)
    if len(controls) * 50 > len(text):
        raise UnreadableDocument(f"{len(controls)} of {len(text)} characters are control characters: a binary file")


def decode(data: bytes) -> str:
    """Return the text of `data` in whatever encoding it is written; a byte order mark is no part of it.

    Order: byte order mark, UTF-16 without a mark, UTF-8, then the one-byte encodings of our languages.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    utf16 = _utf16_without_mark(data)
    if utf16:
        return _strictly(data, utf16)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_one_byte(data, error)


def read_html(data: bytes) -> Content:
    """Return a page's main text and what its head states; comments and navigation are left to trafilatura."""
    page = _decode_page(data)
    import trafilatura  # slow to import
    from trafilatura.metadata import extract_metadata

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    text = trafilatura.extract(page, output_format="txt", include_comments=False, favor_recall=True)
    if not text:
        raise UnreadableDocument("no main text was found in this page")
    # No clock: the library's own default compares dates with today. No search of the body for something like a date:
    # only what the page states counts; a dateline is read later, with the text.
    dates = {"original_date": True, "extensive_search": False, "max_date": "2199-12-31"}
    head = extract_metadata(page, date_config=dates, extensive=False)
    stated = {
        "title": head.title,
        "published": head.date,
        "publisher": head.sitename,
        "url": head.url,
        "language": _page_language(page),
    }
    return Content(text, "html", _believable(stated))


def read_pdf(data: bytes) -> Content:
    """Return the text of a PDF's pages, one after the other, and its title."""
    import pypdf  # slow to import

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("the PDF is encrypted and needs a password; save it without one")
        text = "\n".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except UnreadableDocument:
        raise
    except pypdf.errors.DependencyError as error:
        raise UnreadableDocument(f"the PDF is encrypted in a way that cannot be read here: {error}") from None
    except Exception as error:  # a damaged PDF makes pypdf raise almost anything
        raise UnreadableDocument(f"the PDF is damaged: {error or type(error).__name__}") from None
    if not text.strip():
        raise UnreadableDocument("the PDF holds no text; its pages may be pictures (run OCR on it first)")
    return Content(text, "pdf", _believable({"title": title}))


def read_docx(data: bytes) -> Content:
    """Return the paragraphs and table cells of a Word document in their order, a line each, and its title."""
    import docx  # slow to import
    from docx.table import Table

    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument("the file is an old or encrypted Word document; save it as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise UnreadableDocument(
                f"the Word document unpacks to {unpacked // 2**20} MiB, more than {MAX_UNPACKED // 2**20}: "
                "save its text by itself"
            )
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [cell.text for row in block.rows for cell in row.cells]
            else:
                lines.append(block.text)
        title = document.core_properties.title
    except UnreadableDocument:
        raise
    except zipfile.BadZipFile:
        raise UnreadableDocument("the file is no Word document (.docx is a ZIP archive; this is not)") from None
    except Exception as error:  # a damaged archive makes python-docx raise almost anything
        raise UnreadableDocument(f"the Word document is damaged: {error or type(error).__name__}") from None
    return Content("\n".join(lines), "docx", _believable({"title": title}))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of JSON Lines: a document, or (error) why it is none; `ignored` are the fields nothing reads."""

    number: int
    content: Content | None = None
    error: str = ""
    ignored: tuple[str, ...] = ()


def read_lines(data: bytes) -> Iterator[Line]:
    """Yield each line that is not blank. Raises UnreadableDocument when the file is no text at all."""
    for number, line in enumerate(decode(data).split("\n"), 1):
        if line.strip():
            yield _read_line(number, line)


def _read_line(number: int, line: str) -> Line:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:  # a number of a thousand digits is a ValueError
        return Line(number, error=f"is not JSON: {error}")
    if not isinstance(values, dict):
        return Line(number, error=f"holds {type(values).__name__}; expected an object with a 'text'")
    text = values.pop("text", None)
    if not isinstance(text, str):
        return Line(number, error="has no 'text', or one that is not a string")
    ignored = tuple(sorted(set(values) - set(METADATA_KEYS)))
    try:
        check_text(text)
        stated = metadata_of({key: value for key, value in values.items() if key in METADATA_KEYS})
    except InputError as error:
        return Line(number, error=str(error))
    return Line(number, Content(text, "jsonl", stated), ignored=ignored)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"the file is marked as {encoding} and is not: {error.reason}") from None


def _utf16_without_mark(data: bytes) -> str | None:
    """Return the byte order of UTF-16 text, whose every other byte is a Unicode block, mostly Latin's or Cyrillic's."""
    sample = data[:4096]
    if len(data) % 2 or len(sample) < 4:
        return None
    for encoding, blocks in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        ours = sum(block in _BLOCKS for block in blocks)
        letters = sum(block in (0x00, 0x04) for block in blocks)
        if ours * 10 >= len(blocks) * 9 and letters * 2 >= len(blocks) and set(sample) - _BLOCKS:
            return encoding
    return None


def _decode_one_byte(data: bytes, utf8_error: UnicodeDecodeError) -> str:
    if b"\x00" in data:
        raise UnreadableDocument("the file holds NUL bytes: a binary file")
    if utf8_error.start > len(data) // 2 and _mostly_utf8(data):
        raise UnreadableDocument(f"the file is UTF-8 and damaged at byte {utf8_error.start}: {utf8_error.reason}")
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_ONE_BYTE).best()
    if best is None:
        raise UnreadableDocument("the encoding of this file cannot be told: a binary file, or save it as UTF-8")
    if best.encoding == "cp1251" and any(byte in data for byte in _KAZAKH_QA):
        return data.decode("kz1048", errors="strict")
    return data.decode(best.encoding)


def _mostly_utf8(data: bytes) -> bool:
    """Return whether nearly all of the bytes beyond ASCII are UTF-8, as in a file that was cut."""
    text = data.decode("utf-8", errors="replace")
    wide = sum(letter > "\x7f" for letter in text)
    return wide > 0 and text.count("\ufffd") * 20 < wide


def _decode_page(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not any(data.startswith(mark) for mark, _ in _BOMS):
        try:
            return data.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # a page that lies about its encoding: look for ourselves
    return decode(data)


def _page_language(page: str) -> str | None:
    match = re.search(r"""<html[^>]*?\slang\s*=\s*["']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)""", page[:8192], re.I)
    return match.group(1) if match else None


def _believable(stated: Mapping[str, object]) -> Metadata:
    """Return what a file's head states, without what cannot be right: machines write heads, and are often wrong."""
    known: dict[str, object] = {}
    for key, value in stated.items():
        try:
            metadata_of({key: value})
        except InputError:
            continue
        known[key] = value
    return metadata_of(known)


def _begins_with_json_object(head: bytes) -> bool:
    first = head.lstrip(codecs.BOM_UTF8).lstrip().split(b"\n", 1)[0]
    return first.startswith((b'{"', b"{ "))
