"""The page of a document: all of its text, marked and explained; nothing of a hostile document comes alive in it."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.html_view import write_html
from kg.lexicon import example_document
from kg.model import Document, Knowledge, Span

HOSTILE = (
    "Lima, July 4, 2025. <script>alert(1)</script> Russia recognised the Taliban government on July 3, 2025.\n\n"
    'Peru has not recognised "><img src=x onerror=alert(2)> the Taliban\x00\x07\u202e\u200b\ud800 government.\u2028\n\n'
    "</div></body></html><!-- <style>body{display:none}</style> & &amp; &#60; ' `.\r\n\r\n"
    "Read also: Norway recognises Palestine | Chile recognises Palestine | Spain recognises Palestine\n"
)


class Page(HTMLParser):
    """What a browser makes of a page: tags with attributes, and the text inside the document's box."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.codes: list[str] = []
        self.spans: list[tuple[str, dict[str, str]]] = []
        self._box = 0
        self._open: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        if found.get("class") == "text" or self._box:
            self._box += tag in ("div", "span")
            self._open.append(found if tag == "span" else {})

    def handle_endtag(self, tag: str) -> None:
        if self._box and tag in ("div", "span"):
            self._box -= 1
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._box and self._open and self._open[-1].get("class") == "code":
            self.codes.append(data)
        elif self._box:
            self.text += data
            self.spans.append((data, self._open[-1] if self._open else {}))


Render = Callable[[Document], str]


@pytest.fixture(scope="module")
def render(extractor: Extractor, knowledge: Knowledge) -> Render:
    """A function document -> page."""

    def page(document: Document) -> str:
        stream = io.StringIO()
        found = iter([extractor.explain(document)])
        assert write_html(found, knowledge, "en", say=lambda _: None, stream=stream) == 0
        return stream.getvalue()

    return page


def seen(text: str) -> str:
    """Return the characters of a text that a reader can see, without line ends."""
    hidden = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
    return "".join(c for c in text if c == "\t" or unicodedata.category(c) not in hidden)


def test_nothing_hostile_comes_alive(render: Render) -> None:
    """A document's own tags, comments and attributes are text; the page runs and loads nothing."""
    html = render(replace(example_document(HOSTILE, "en"), title="<b>x</b>", url="javascript:alert(3)"))
    page = Page(html)
    kinds = {tag for tag, _ in page.tags}
    assert not kinds & {"script", "img", "iframe", "object", "link", "form"}
    assert [tag for tag, _ in page.tags].count("style") == 1
    assert not any(name.startswith("on") or name == "src" for _, attrs in page.tags for name in attrs)
    assert all(attrs["href"].startswith("#") for tag, attrs in page.tags if "href" in attrs)
    assert "default-src 'none'" in html
    html.encode("utf-8")
    assert not set(html) & {"\x00", "\x07", "\u202e", "\u200b", "\u2028", "\r"}


def test_the_whole_text_is_there(render: Render) -> None:
    """Every character of the document is on the page, those that cannot be seen by their code."""
    page = Page(render(example_document(HOSTILE, "en")))
    assert page.text.replace("\n", "") == seen(HOSTILE)
    assert page.codes == ["U+0000", "U+0007", "U+202E", "U+200B", "U+D800", "U+2028"]


def test_claims_are_explained_and_linked(render: Render) -> None:
    """A claim's evidence tells rule, roles, stance, date and confidence; each link of the list leads to a place."""
    page = Page(render(example_document(HOSTILE, "en")))
    telling = [attrs["title"] for _, attrs in page.spans if "claim" in attrs.get("class", "").split()]
    assert any(
        "Recognition\nrecognised: Taliban\nrecogniser: Russia\ndate: 2025-07-03" in words
        and "positive, actual\nconfidence 0." in words
        and "rule en/" in words
        for words in telling
    )
    anchors = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    links = [attrs["href"][1:] for _, attrs in page.tags if "href" in attrs]
    assert links
    assert set(links) <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_what_is_set_aside_says_why(render: Render) -> None:
    """Page furniture is grey and says which rule set it aside."""
    page = Page(render(example_document(HOSTILE, "en")))
    grey = [attrs["title"] for data, attrs in page.spans if "set-aside" in attrs.get("class", "") and "Norway" in data]
    assert grey
    assert grey[0].startswith("set aside: ")


def test_overlapping_spans_tell_of_each(render: Render, extractor: Extractor, knowledge: Knowledge) -> None:
    """Where two claims overlap, the piece in both tells of both, and the text stays whole."""
    text = "Russia recognised the Taliban government on July 3, 2025."
    extraction, traces = extractor.explain(example_document(text, "en"))
    (claim, *_) = extraction.claims
    crossing = (
        replace(claim, id="x", evidence=Span(0, 20), quote=text[:20]),
        replace(claim, id="y", evidence=Span(10, 40), quote=text[10:40]),
    )
    stream = io.StringIO()
    found = iter([(replace(extraction, claims=crossing), traces)])
    write_html(found, knowledge, "en", say=lambda _: None, stream=stream)
    page = Page(stream.getvalue())
    assert page.text == text
    both = "".join(data for data, attrs in page.spans if "many" in attrs.get("class", "").split())
    assert both == text[10:20]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None), max_size=80))
def test_any_text_makes_a_page(text: str) -> None:
    """Whatever characters a text holds, the page shows it whole and can be written as UTF-8."""
    from kg.html_view import _marked

    html = "".join(_marked(text, []))
    html.encode("utf-8")
    page = Page(f'<div class="text">{html}</div>')
    assert page.text.replace("\n", "") == seen(text)
    assert len(page.codes) + len(seen(text)) + sum(text.count(c) for c in "\n\r") == len(text)


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`kg extract --format html` writes one page for all documents; a refused one is said."""
    from click.testing import CliRunner

    from kg.cli import cli

    (tmp_path / "one.txt").write_text("Russia recognised the Taliban government on July 3, 2025.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("Peru has not recognised the Taliban government.", encoding="utf-8")
    (tmp_path / "none.txt").write_bytes(b"\x00\x01")
    result = CliRunner().invoke(cli, ["extract", str(tmp_path), "--format", "html"])
    assert result.exit_code == 1
    assert result.stdout.count('<div class="text"') == 2
    assert result.stdout.rstrip().endswith("</html>")
    assert "none.txt" in result.stderr
