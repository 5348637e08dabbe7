"""Tokens and their offsets."""

from __future__ import annotations

import pytest

from kg.language.pack import Pack
from kg.tokens import Tokeniser


def words(packs: dict[str, Pack], language: str, text: str) -> list[str]:
    """Return the token texts of a text."""
    return [t.text for t in Tokeniser(packs[language]).tokens(text, 0, len(text))]


def test_a_word_broken_at_a_line_end_is_one_token(packs: dict[str, Pack]) -> None:
    """A hyphen at a line end is undone in the text of the token, not in its span."""
    text = "They re-\nhearsed it."
    token = Tokeniser(packs["en"]).tokens(text, 0, len(text))[1]
    assert token.text == "rehearsed"
    assert token.span.slice(text) == "re-\nhearsed"


def test_a_compound_broken_at_a_line_end_can_keep_its_hyphen(packs: dict[str, Pack]) -> None:
    """Where the hyphen belongs to the word, the hyphenated form is still found."""
    text = "военно-\nтехнический"
    token = Tokeniser(packs["ru"]).tokens(text, 0, len(text))[0]
    assert "военно-технический" in token.keys


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Kazakhstan's Senate", ["Kazakhstan", "'s", "Senate"]),
        ("ru", "7,4 млрд", ["7,4", "млрд"]),
        ("kk", "НАТО-ға мүше", ["НАТО-ға", "мүше"]),
        ("vi", "Nga ký.", ["Nga", "ký", "."]),
    ],
)
def test_words_numbers_and_marks_are_cut(packs: dict[str, Pack], language: str, text: str, expected: list[str]) -> None:
    """Possessives, decimal figures, case endings after a hyphen and final stops are cut as each language wants."""
    assert words(packs, language, text) == expected


def test_decomposed_letters_are_read_as_composed(packs: dict[str, Pack]) -> None:
    """A text in decomposed form gives the same token texts, with spans of the text as it is."""
    text = "Vie\u0323\u0302t Nam"
    token = Tokeniser(packs["vi"]).tokens(text, 0, len(text))[0]
    assert token.text == "Việt"
    assert token.span.slice(text) == "Vie\u0323\u0302t"


@pytest.mark.parametrize("language", ["kk", "ru", "vi", "en"])
@pytest.mark.parametrize("word", ["\U00017000", "\U00017000\u043c", "\U00020000", "\u6f22"])
def test_letters_of_any_script_are_read(packs: dict[str, Pack], language: str, word: str) -> None:
    """Letters of a script that no pack knows make a word, also those that Unicode gives no name."""
    assert [t.text for t in Tokeniser(packs[language]).tokens(word, 0, len(word))] == [word]
