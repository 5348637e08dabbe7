"""Broken and hostile documents: set aside with a reason, in a bounded time, and never out of their place."""

from __future__ import annotations

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.documents import RawDocument, Refused, Remark, read_documents
from kg.errors import InputError, UnreadableDocument
from kg.extract import Extractor
from kg.lexicon import example_document
from kg.limits import TooSlow, within
from kg.metadata import metadata_of
from kg.output import write_rows
from kg.printable import printable
from kg.readers import MAX_CHARACTERS, SUFFIXES, read_content, read_lines
from kg.segment import LONGEST
from kg.workers import Stopped, run_each

ODD = "\u202e\u2066\u200f\ufeff\u00ad\u0301\u0489\x00\x07\x1b\x85\u2028\U0001f600\u0430\u0410aA .,;:-()[]\"'|\n1"
HOSTILE = ["<script>alert(1)</script>", '" . <urn:evil> <urn:evil> <urn:evil> . #', "'''\" } ; DROP ALL #", "\x1b[2J"]
ANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


# -- readers ----------------------------------------------------------------------------------------------------------


@ANY
@given(
    data=st.binary(max_size=2000),
    suffix=st.sampled_from([*sorted(SUFFIXES), "", ".png"]),
    head=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b'{"text": ', b"\xff\xfe"]),
)
def test_any_bytes_behind_any_suffix(tmp_path: Path, data: bytes, suffix: str, head: bytes) -> None:
    """Whatever bytes a file holds, it is read or refused with a reason; nothing else is raised."""
    path = tmp_path / f"file{suffix}"
    path.write_bytes(head + data)
    for found in read_documents([path]):
        assert isinstance(found, RawDocument | Refused | Remark)
        assert isinstance(found, RawDocument) or found.reason


def test_number_without_end(tmp_path: Path) -> None:
    """A number of very many digits makes a line of JSON one that cannot be read, not an error of ours."""
    (line,) = read_lines(b'{"text": "Peru recognised the Taliban.", "n": ' + b"9" * 10_000 + b"}")
    assert line.error.startswith("is not JSON")


def test_word_bomb() -> None:
    """A Word document that unpacks to far more than it holds is refused before it is unpacked."""
    made = io.BytesIO()
    docx.Document().save(made)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/big.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 2**20)
    with pytest.raises(UnreadableDocument, match="unpacks to 200 MiB, more than 128"):
        read_content(made.getvalue(), "docx")


def test_endless_text() -> None:
    """A text of very many characters is refused, with what to do."""
    with pytest.raises(UnreadableDocument, match=r"2,000,001 characters; no more than 2,000,000 .*split it"):
        read_content(b"a" * (MAX_CHARACTERS + 1), "text")


def test_deep_page() -> None:
    """A page of very many nested tags is read or refused."""
    try:
        read_content(b"<html><body>" + b"<div>" * 100_000 + b"Peru recognised the Taliban on Monday.", "html")
    except UnreadableDocument as error:
        assert str(error)  # noqa: PT017


def test_slow_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose text is not found in time is refused, though the library takes every exception for damage."""

    class Endless:
        def __init__(self, _stream: object) -> None:
            try:
                while True:
                    time.sleep(0.01)
            except Exception:  # as libraries do
                raise ValueError("damaged") from None

    monkeypatch.setattr("pypdf.PdfReader", Endless)
    monkeypatch.setattr("kg.readers.SECONDS", 0.1)
    with pytest.raises(UnreadableDocument, match=r"took more than 0\.1 seconds"):
        read_content(b"%PDF-1.4", "pdf")


def test_long_metadata() -> None:
    """A title or address of very many characters is refused, in a message that does not repeat it."""
    for key in ("title", "publisher", "url", "id", "language", "published"):
        with pytest.raises(InputError) as caught:
            metadata_of({key: "https://x.y/" + "x" * 1_000_000})
        assert len(str(caught.value)) < 400


# -- time -------------------------------------------------------------------------------------------------------------


def test_one_process_stops_too() -> None:
    """Without workers, a document that takes too long is stopped as well, and the next is read."""

    def read(seconds: float) -> float:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            re.fullmatch(r"(a+)+b", "a" * 18)
        return seconds

    found = list(run_each([60.0, 0.0], lambda: read, jobs=1, timeout=0.2, here=read))
    assert found == [Stopped("reading it took more than 0.2 seconds"), 0.0]


def test_outer_limit_stays() -> None:
    """A limit inside another one does not lift it; after both, nothing is stopped any more."""

    def work() -> None:
        with within(60):
            pass
        time.sleep(30)

    with pytest.raises(TooSlow), within(0.2):
        work()
    time.sleep(0.05)


def test_limit_outside_the_main_thread() -> None:
    """Where signals do not come, work goes on without a limit."""
    done: list[int] = []

    def work() -> None:
        with within(0.01):
            time.sleep(0.05)
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]


def test_sentence_without_end(read: Callable[[str, str], object], extractor: Extractor) -> None:
    """Ten thousand names in one sentence are set aside by name, and the sentences around them are read."""
    names = ", ".join(["Peru", "Chile"] * 5000)
    text = (
        f"Peru recognised the Taliban on Monday.\n\n{names} signed an agreement.\n\nChile recognised Kosovo on Monday."
    )
    with within(20):
        extraction = extractor.extract(example_document(text, "en"))
    assert [c.frame for c in extraction.claims] == ["Recognition", "Recognition"]
    (note,) = [n for n in extraction.notes if str(LONGEST) in n.reason]
    assert text[note.span.start : note.span.end].startswith("Peru, Chile")


def test_blanks_without_end(extractor: Extractor) -> None:
    """Blanks by the ten thousand inside a sentence are passed once, not once for each by the pattern of page heads."""
    text = f"Peru recognised the Taliban on Monday.{' ' * 60_000}! Chile recognised Kosovo on Monday."
    with within(10):
        extraction = extractor.extract(example_document(text, "en"))
    assert [c.frame for c in extraction.claims] == ["Recognition", "Recognition"]


# -- texts ------------------------------------------------------------------------------------------------------------


@ANY
@given(
    pieces=st.lists(
        st.one_of(
            st.sampled_from(HOSTILE),
            st.text(ODD, max_size=30),
            st.sampled_from(
                ["Peru recognised the Taliban", " on Monday. ", "the foreign minister of ", "Chile", "\n\n"]
            ),
            st.integers(1, 200).map(lambda n: "\u0301" * n),
        ),
        max_size=12,
    ),
    language=st.sampled_from(["en", "ru", "kk", "vi"]),
)
def test_any_text_is_read(extractor: Extractor, pieces: list[str], language: str) -> None:
    """Whatever a text holds, it is read, and every quote stands where its claim says."""
    text = "".join(pieces)
    for claim in extractor.extract(example_document(text, language)).claims:
        assert claim.quote == text[claim.evidence.start : claim.evidence.end]


# -- the terminal -----------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("format_", ["table", "csv", "md", "json", "jsonl"])
def test_terminal_is_not_told_what_to_do(format_: str) -> None:
    """What a document holds is shown and not obeyed: escapes of a terminal and turns of direction."""
    stream = Terminal()
    write_rows(["title"], [["Lima\x1b[2J\x9b31m\u202eevil"]], format_, stream)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())  # what the table itself asks for: bold
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", bare)
    assert "evil" in bare


def test_json_means_what_it_meant() -> None:
    """Written out in JSON, control characters come back as they were."""
    value = {"title": "Lima\x1b[2J\x9b31m\u202e\x7f"}
    assert json.loads(printable(json.dumps(value, ensure_ascii=False))) == value


def test_file_keeps_what_it_is_given() -> None:
    """In a file of CSV a cell is what it is."""
    stream = io.StringIO()
    write_rows(["title"], [["Lima\x1b[2J"]], "csv", stream)
    assert stream.getvalue() == "title\nLima\x1b[2J\n"
