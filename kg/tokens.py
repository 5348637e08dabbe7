"""Text range -> tokens with readings, in any language of a pack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from kg.language.pack import Pack
from kg.model import Reading, Span, Token

_WORD = re.compile(
    r"(?P<word>[^\W\d_](?:[\w\u0300-\u036f]|['\u2019\u02bc](?=\w)|[-\u2010\u2011](?=\w))*)"
    r"|(?P<number>\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?:[-\u2010\u2011][^\W\d_]+)?)"
    r"|(?P<mark>[^\w\s]|_)",
)
_HYPHENS = frozenset("-\u2010\u2011\u00ad")
_APOSTROPHES = frozenset("'\u2019")
CACHE_LIMIT = 200_000


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of words, numbers and marks in `text`.

    >>> [("7,4 km.")[a:b] for a, b in word_spans("7,4 km.")]
    ['7,4', 'km', '.']
    """
    return [m.span() for m in _WORD.finditer(text)]


class Tokeniser:
    """Turns ranges of text into tokens; remembers the readings of words it has seen."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._known: dict[str, tuple[tuple[Reading, ...], frozenset[str], str]] = {}

    def tokens(self, text: str, start: int, end: int) -> tuple[Token, ...]:
        """Return the tokens of `text[start:end]`; spans are offsets into `text`."""
        piece = text[start:end]
        spans = (self._pack.tokenise or word_spans)(piece)
        return tuple(
            self.token(words, Span(start + first, start + last)) for words, first, last in _joined(piece, spans)
        )

    def refined(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """Return the tokens of one sentence with the readings its context leaves, where the pack can tell."""
        refine = self._pack.refine
        if refine is None or not tokens:
            return tokens
        readings = refine(tuple(t.text for t in tokens), tuple(t.readings for t in tokens))
        fold = self._pack.morphology.fold
        return tuple(
            t if r == t.readings else replace(t, readings=r, keys=frozenset({t.folded, *(fold(x.lemma) for x in r)}))
            for t, r in zip(tokens, readings, strict=True)
        )

    def token(self, forms: tuple[str, ...], span: Span) -> Token:
        """Return one token; `forms` are the ways to write it (a word broken at a line end has two)."""
        text = forms[0]
        if text[0].isdigit():
            kind = "number"
        elif any(c.isalpha() for c in text):
            kind = "word"
        else:
            readings = self._pack.morphology.analyse(text) if text in _APOSTROPHES else ()
            return Token(span, text, "mark", readings, frozenset({text}), text)
        readings, keys, folded = self._look_up(text)
        for other in forms[1:]:
            keys = keys | self._look_up(other)[1]
        return Token(span, text, "number" if kind == "number" else "word", readings, keys, folded)

    def _look_up(self, word: str) -> tuple[tuple[Reading, ...], frozenset[str], str]:
        known = self._known.get(word)
        if known is None:
            readings = self._pack.morphology.analyse(word)
            folded = self._pack.morphology.fold(word)
            keys = frozenset({folded, *(self._pack.morphology.fold(r.lemma) for r in readings)})
            known = (readings, keys, folded)
            if len(self._known) < CACHE_LIMIT:
                self._known[word] = known
        return known


def _joined(piece: str, spans: Sequence[tuple[int, int]]) -> list[tuple[tuple[str, ...], int, int]]:
    """Return (forms, start, end), words hyphenated at a line end put together again."""
    out: list[tuple[tuple[str, ...], int, int]] = []
    place = 0
    while place < len(spans):
        first, last = spans[place]
        word = unicodedata.normalize("NFC", piece[first:last])
        broken = _broken(piece, spans, place)
        if broken is not None:
            tail, end, used = broken
            out.append(((word.rstrip("-\u2010\u2011\u00ad") + tail, f"{word}-{tail}"), first, end))
            place += used
            continue
        out.append(((word.replace("\u00ad", "") or word,), first, last))
        place += 1
    return out


def _broken(piece: str, spans: Sequence[tuple[int, int]], place: int) -> tuple[str, int, int] | None:
    if place + 2 >= len(spans):
        return None
    (_, end), (h0, h1), (t0, t1) = spans[place : place + 3]
    if end != h0 or piece[h0:h1] not in _HYPHENS or "\n" not in piece[h1:t0] or piece[h1:t0].strip():
        return None
    if not (piece[end - 1].isalpha() and piece[t0].isalpha() and piece[t0].islower()):
        return None
    return unicodedata.normalize("NFC", piece[t0:t1]), t1, 3
