"""Document text -> blocks (body, titles, captions, furniture, each with its reason) -> sentences.

Blocks cover the whole text but for blank lines; nothing is deleted, so offsets stay those of the text as read. A page
head in the middle of a paragraph is a block of its own inside the paragraph's, and none of its tokens are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.language.pack import Pack
from kg.model import Block, Sentence, Span, Token
from kg.patterns import PatternIndex
from kg.token_row import TokenRow
from kg.tokens import Tokeniser

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_TERMINAL = re.compile(r"[.!?\u2026:;][\"'\u00bb\u201d\u2019)\]]*(?:\s*\[\d+\]|\s+\([^():]{2,40}\))*\s*$")
_PAGE_HEAD = re.compile(
    r"^\s*(?:\d{1,4}\s{2,}\S.*|\S.*\s\s\s\d{1,4}|\d{1,4}|[-\u2013\u2014]\s*\d{1,4}\s*[-\u2013\u2014])\s*$"
)
_BULLET = re.compile(r"^\s*(?:[*\u2022\u25aa\u25a0\u25cf\u27a4\u2023\u00b7>\u2192]|[-\u2013\u2014](?=\s))\s*")
_HASHTAG = re.compile(r"#\w")
_FOOTNOTE = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,2}\)|_{4,}|-{4,}|={4,}|\*{3,})")
_COMMENT = re.compile(
    r"^\s*+[\w.@ ]{2,30}?\s*[,\u00b7|(]\s*(?:\d{1,2}:\d{2}|\d+\s+\w+(?:\s+\w+)?)\)?\s*[\u2014\u2013:-]\s", re.UNICODE
)
_YEAR_AT_END = re.compile(r"\d{4}\s?\w{1,2}\.\s*$")  # "2024 y." ends no sentence of a few words without a verb
_DATELINE = re.compile(r"^\s*[^\W\d_a-z]{3,}|^\s*\w[\w .]*,\s*\d{1,2}\.?\s+\w+\s+\d{4}")
_LINK = re.compile(r"^\s*(?:https?://\S+|www\.\S+|\S+@\S+\.\w+)\s*$")
_CRUMBS = re.compile(r"\S\s+(?:>|\u00bb|\u203a|/)\s+\S.*\s(?:>|\u00bb|\u203a|/)\s+\S|^\S+(?:\s\S+)?\s+>\s+\S+")
_CREDIT = re.compile(r"\([^()]{0,30}:[^()]{0,60}\)\s*+(?:\|\s*+)?$")
PLATFORM = "X"  # "wrote on X." ends a sentence; nobody's first name is known to begin so
BODY_WORDS = 18
SHORT_WORDS = 14
STORY_WORDS = 24
TEASER_WORDS = 3
WRAP_MOST = 110


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    blank_before: bool

    @property
    def words(self) -> int:
        return len(self.text.split())


def find_blocks(text: str, pack: Pack, tokeniser: Tokeniser) -> tuple[Block, ...]:
    """Return the blocks of `text` in order; those set aside name the rule that did it."""
    paragraphs = _paragraphs(text)
    return tuple(_classify(text, paragraphs, pack, tokeniser))


def _paragraphs(text: str) -> list[list[_Line]]:
    lines = list(_lines(text))
    width = _wrap_width(lines)
    paragraphs: list[list[_Line]] = []
    held: list[list[_Line]] = []
    for line in lines:
        if _PAGE_HEAD.match(line.text) and not _TERMINAL.search(line.text):
            held.append([line])
            continue
        if paragraphs and _continues(paragraphs[-1][-1], line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return sorted([*paragraphs, *held], key=lambda p: p[0].start)


def _lines(text: str) -> Iterator[_Line]:
    end = 0
    for found in _LINE.finditer(text):
        raw = found.group()
        if not raw.strip():
            continue
        start = found.start() + len(raw) - len(raw.lstrip())
        gap = text[end:start]
        yield _Line(start, found.start() + len(raw.rstrip()), raw.rstrip(), gap.count("\n") > 1)
        end = found.end()


def _wrap_width(lines: Sequence[_Line]) -> int:
    """Return the width at which the text is hard-wrapped, 0 when it is not."""
    lengths = sorted(len(line.text) for line in lines if line.words > 3)
    if len(lengths) < 4 or lengths[-1] > WRAP_MOST:
        return 0
    width = lengths[-1]
    full = sum(1 for n in lengths if n >= 0.8 * width)
    return width if full >= 0.5 * len(lengths) else 0


def _continues(before: _Line, line: _Line, width: int) -> bool:
    """Tell whether `line` goes on with the paragraph of `before`: hard-wrapped text, a break inside a sentence."""
    head = line.text.lstrip()
    if _BULLET.match(line.text) or _FOOTNOTE.match(line.text) or "|" in before.text or head.startswith("|"):
        return False
    if before.text.rstrip().endswith(("-", "\u2010", "\u00ad")) and head[:1].islower():
        return True
    if _TERMINAL.search(before.text):
        return bool(width) and not line.blank_before and len(before.text) >= 0.75 * width
    if head[:1].islower() or head[:1] in "(,)":
        return not _BULLET.match(before.text) or bool(width)
    return bool(width) and len(before.text) >= 0.72 * width


def _classify(text: str, paragraphs: list[list[_Line]], pack: Pack, tokeniser: Tokeniser) -> Iterator[Block]:
    marks = pack.furniture
    last_body = max((i for i, p in enumerate(paragraphs) if _is_body(text, p)), default=-1)
    seen_body = False
    section = until_end = False
    for index, lines in enumerate(paragraphs):
        span = Span(lines[0].start, lines[-1].end)
        content = span.slice(text)
        tokens = _opening(content, tokeniser)
        body = _is_body(text, lines) and not _ends_in_year(content, tokens)
        if until_end:
            yield Block(span, "furniture", "after a comments mark")
            continue
        reason = _structural(content)
        if _begins(marks.until_end, tokens, content):
            until_end = seen_body
            yield Block(span, "furniture", "comments mark")
        elif _begins(marks.section, tokens, content):
            section = not _tells_its_story(marks.section, tokens)
            yield Block(span, "furniture", "related-stories mark")
        elif _begins(marks.line, tokens, content):
            yield Block(span, "furniture", "page furniture mark")
        elif _begins(marks.caption, tokens, content) or (_CREDIT.search(content) and len(content.split()) < 40):
            yield Block(span, "caption", "picture caption")
        elif reason:
            yield Block(span, "furniture", reason)
        elif not seen_body and not body and _is_dateline(content):
            yield Block(span, "dateline", "date line")
        elif section and not (body and (not seen_body or _goes_on_with_the_story(content))):
            yield Block(span, "furniture", "after a related-stories mark")
        elif body:
            section = False
            seen_body = True
            yield Block(span, "body")
        elif index > last_body >= 0 and seen_body:
            yield Block(span, "furniture", "short lines after the last paragraph")
        elif _is_dateline(content):
            yield Block(span, "dateline", "date line")
        else:
            yield Block(span, "title", "short line without a full stop")


def _goes_on_with_the_story(content: str) -> bool:
    """Tell whether a paragraph after teasers is the story again: long, and not broken off or a question as teasers
    are."""
    return len(content.split()) >= STORY_WORDS and not content.rstrip().endswith(("\u2026", "...", "?"))


def _is_body(text: str, lines: list[_Line]) -> bool:
    content = text[lines[0].start : lines[-1].end]
    words = len(content.split())
    if words >= 3 and _TERMINAL.search(content) and not content.lstrip().startswith("|"):
        return True
    return words >= 2 * BODY_WORDS


def _ends_in_year(content: str, tokens: Sequence[Token]) -> bool:
    """Tell whether a short line ends in a year with its abbreviation and tells nothing: a heading, no sentence."""
    if len(content.split()) > SHORT_WORDS or not _YEAR_AT_END.search(content):
        return False
    return not any(t.is_pos("VERB", "AUX") and not t.is_pos("NOUN") for t in tokens)


def _is_dateline(content: str) -> bool:
    words = content.split()
    digits = sum(c.isdigit() for c in content)
    return len(words) <= 8 and digits >= 4


def _structural(content: str) -> str:
    """Return the name of the language-neutral rule that sets a paragraph aside, or an empty string."""
    stripped = content.strip()
    words = len(stripped.split())
    if _PAGE_HEAD.match(content) and not _TERMINAL.search(content) and words <= 12 and not _is_dateline(content):
        return "page head or foot"
    if len(_HASHTAG.findall(stripped)) >= 2:
        return "tag list"
    if _FOOTNOTE.match(content):
        return "footnote or rule"
    if _LINK.match(content):
        return "link"
    if _COMMENT.match(content) and not _DATELINE.match(content):
        return "reader's comment"
    if words <= 16 and _CRUMBS.search(stripped) and not _TERMINAL.search(stripped):
        return "navigation"
    if stripped.startswith("|") or (stripped.endswith("|") and not _CREDIT.search(stripped.rstrip("|").rstrip())):
        return "teaser between bars"
    if stripped.count("|") >= 2 and not _is_dateline(stripped) and words > 3:
        return "teaser between bars"
    return ""


def _opening(content: str, tokeniser: Tokeniser) -> TokenRow:
    head = _BULLET.sub("", content.lstrip("|#* \t"), count=1)
    return TokenRow(tokeniser.tokens(head[:160], 0, min(len(head), 160)))


def _begins(marks: PatternIndex[str], tokens: tuple[Token, ...], content: str) -> bool:
    """Tell whether a paragraph begins with a mark that stands by itself: a whole line, or before a colon, bar,
    bracket."""
    if not tokens or not marks:
        return False
    found = marks.longest_at(tokens, 0)
    if found is None:
        return False
    last = found[0].last
    if last >= len(tokens) or tokens[last].text in {
        ":",
        "|",
        "(",
        ".",
        "\u2014",
        "\u2013",
        "-",
        "\u00bb",
        ">",
        "/",
        "+",
    }:
        return True
    return len(content.split()) <= SHORT_WORDS and not _TERMINAL.search(content)


def _tells_its_story(marks: PatternIndex[str], tokens: tuple[Token, ...]) -> bool:
    """Tell whether a related story stands on the line of its mark, so that the next paragraph is the text again."""
    found = marks.longest_at(tokens, 0)
    return found is not None and sum(t.kind == "word" for t in tokens[found[0].last :]) >= TEASER_WORDS


LONGEST = 500  # tokens; the longest sentence of the annotated documents has 53


def find_sentences(
    text: str, blocks: Sequence[Block], pack: Pack, tokeniser: Tokeniser, overlong: list[Span] | None = None
) -> tuple[Sentence, ...]:
    """Return the sentences of all blocks that are not furniture, tokenised, numbered from 0.

    What has more than LONGEST tokens is none: a list without end, or a damaged text, over which reading would take a
    time that grows with its square. Its span goes to `overlong`.
    """
    sentences: list[Sentence] = []
    furniture = [b.span for b in blocks if b.kind == "furniture"]
    for block in blocks:
        if block.kind in {"furniture", "dateline"}:
            continue
        within = [s for s in furniture if block.span.start < s.start < block.span.end]
        tokens = tokeniser.tokens(text, block.span.start, block.span.end)
        if within:
            tokens = tuple(t for t in tokens if not any(s.start <= t.span.start < s.end for s in within))
        for first, last in _sentence_ranges(text, tokens, pack):
            if last - first > LONGEST:
                if overlong is not None:
                    overlong.append(Span(tokens[first].span.start, tokens[last - 1].span.end))
                continue
            part = TokenRow(tokeniser.refined(tokens[first:last]))
            span = Span(part[0].span.start, part[-1].span.end)
            sentences.append(Sentence(len(sentences), span, block, part))
    return tuple(sentences)


_ENDS = frozenset({".", "!", "?", "\u2026"})
_CLOSERS = frozenset({'"', "'", "\u00bb", "\u201d", "\u2019", ")", "]"})


def _sentence_ranges(text: str, tokens: Sequence[Token], pack: Pack) -> Iterator[tuple[int, int]]:
    first = 0
    place = 0
    while place < len(tokens):
        if tokens[place].text in _ENDS and _ends_here(tokens, place, pack):
            last = place + 1
            while last < len(tokens) and (
                tokens[last].text in _ENDS
                or (tokens[last].text in _CLOSERS and tokens[last].span.start == tokens[last - 1].span.end)
            ):
                last += 1
            if last == len(tokens) or _begins_sentence(text, tokens, last):
                yield first, last
                first = place = last
                continue
        elif tokens[place].text in {"\u25a0", "\u2022", "\u25aa"} and place > first:
            yield first, place
            first = place
        place += 1
    if first < len(tokens):
        yield first, len(tokens)


def _ends_here(tokens: Sequence[Token], place: int, pack: Pack) -> bool:
    """Tell whether a full stop can end a sentence: not after an abbreviation or an initial."""
    if tokens[place].text != "." or place == 0:
        return True
    before = tokens[place - 1]
    if before.span.end != tokens[place].span.start:
        return True
    if before.text.casefold() in pack.abbreviations:
        return False
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    initial = len(before.text) == 1 and before.text.isalpha() and before.text.isupper() and before.text != PLATFORM
    return not (initial and following is not None and following.kind == "word")


def _begins_sentence(text: str, tokens: Sequence[Token], place: int) -> bool:
    token = tokens[place]
    if token.span.start == tokens[place - 1].span.end and token.text not in {"["}:
        return False
    if token.text in {"\u2014", "\u2013", "-"}:
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        quoted = text[tokens[place - 1].span.start] in "\"'\u00bb\u201d"
        return following is not None and following.text[:1].isupper() and not quoted
    return not token.text[:1].islower() and token.text not in {",", ";", ":", ")"}
