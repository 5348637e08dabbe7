"""What must hold of every text whatsoever: spans slice back, blocks are ordered, reading never fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.extract import Extractor
from kg.language.pack import Pack
from kg.lexicon import example_document
from kg.model import Extraction
from kg.resources import LANGUAGES
from kg.segment import find_blocks, find_sentences
from kg.tokens import Tokeniser

WORDS = [
    "Kazakhstan",
    "recognised",
    "the",
    "Taliban",
    "Казахстан",
    "признал",
    "талибов",
    "Қазақстан",
    "таныды",
    "Việt",
    "Nam",
    "công",
    "nhận",
    "президент",
    "министр",
    "Foreign",
    "Minister",
    "Sergey",
    "Lavrov",
    "ông",
    "2024",
    "3/7",
    "12.05.2023",
    "«",
    "»",
    '"',
    "(",
    ")",
    ",",
    ".",
    ";",
    "—",
    "-",
    "|",
    "\n",
    "\n\n",
    "и",
    "and",
    "және",
    "và",
    "не",
    "not",
    "жоқ",
    "chưa",
    "Mr.",
    "М.",
    "Tags:",
    "Комментарии",
    "\u0301",
    "\u200f",
    "\ufeff",
    "e\u0301",
    "𝔘",
]
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
relaxed = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("language", LANGUAGES)
@relaxed
@given(text=texts)
def test_tokens_slice_back_to_their_text(language: str, text: str, packs: dict[str, Pack]) -> None:
    """Token spans are ordered, do not overlap, and cover no white space at their ends."""
    end = 0
    for token in Tokeniser(packs[language]).tokens(text, 0, len(text)):
        assert end <= token.span.start < token.span.end <= len(text)
        piece = token.span.slice(text)
        assert piece == piece.strip()
        end = token.span.end


@pytest.mark.parametrize("language", LANGUAGES)
@relaxed
@given(text=texts)
def test_blocks_cover_all_but_white_space(language: str, text: str, packs: dict[str, Pack]) -> None:
    """Outside the blocks is white space, only page heads stand inside another block; sentences keep their order."""
    pack = packs[language]
    tokeniser = Tokeniser(pack)
    blocks = find_blocks(text, pack, tokeniser)
    covered = [False] * len(text)
    end = 0
    for block in blocks:
        assert block.span.start >= end or (block.kind == "furniture" and block.span.end <= end)
        end = max(end, block.span.end)
        covered[block.span.start : block.span.end] = [True] * (block.span.end - block.span.start)
    assert not "".join(c for c, inside in zip(text, covered, strict=True) if not inside).strip()
    last = -1
    for sentence in find_sentences(text, blocks, pack, tokeniser):
        assert last < sentence.span.start < sentence.span.end
        assert sentence.block.span.start <= sentence.span.start
        assert sentence.span.end <= sentence.block.span.end
        last = sentence.span.start


@pytest.mark.parametrize("language", LANGUAGES)
@relaxed
@given(text=texts)
def test_every_quote_is_what_stands_in_the_text(language: str, text: str, extractor: Extractor) -> None:
    """Evidence, fillers, dates and notes of any extraction point at exactly the words they give."""
    extraction = extractor.extract(example_document(text, language))
    for claim in extraction.claims:
        assert claim.evidence.slice(text) == claim.quote
        for _role, fillers in claim.roles:
            for filler in fillers:
                assert filler.span is None or filler.span.slice(text) == filler.text
        assert claim.date is None or claim.date.span is None or claim.date.span.slice(text) == claim.date.text
    for note in extraction.notes:
        assert 0 <= note.span.start < note.span.end <= len(text)


def test_reading_twice_gives_the_same(read: Callable[[str, str], Extraction]) -> None:
    """Extraction is a function of the document: no state is carried from one document to the next."""
    text = (
        "Foreign Minister Ana Quiroga of Peru met Sergey Lavrov in Lima on Monday. Peru has not recognised the Taliban."
    )
    assert read("en", text) == read("en", text)
