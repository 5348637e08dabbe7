"""The token pattern notation."""

from __future__ import annotations

import pytest

from kg.errors import DataError
from kg.model import Reading, Span, Token
from kg.patterns import PatternIndex, compile_pattern, match_at


def tokens(*words: str) -> list[Token]:
    """Return tokens whose lemma is the word without a final s and whose part of speech is a noun."""
    out = []
    for place, word in enumerate(words):
        lemma = word.casefold().removesuffix("s")
        readings = (Reading(lemma, "NOUN", frozenset({"Number=Plur" if word.endswith("s") else "Number=Sing"})),)
        keys = frozenset({word.casefold(), lemma})
        kind = "number" if word.isdigit() else "word" if word.isalpha() else "mark"
        out.append(Token(Span(place, place + 1), word, kind, readings, keys, word.casefold()))
    return out


def matches(pattern: str, *words: str) -> bool:
    """Tell whether a pattern matches from the first word on."""
    return match_at(compile_pattern(pattern, str.casefold), tokens(*words), 0) is not None


@pytest.mark.parametrize(
    ("pattern", "words", "expected"),
    [
        ("treaty", ["Treaty"], True),
        ("treaty", ["pact"], False),
        ("drill", ["drills"], True),
        ("=drill", ["drills"], False),
        ("pact|treaty of", ["treaty", "of"], True),
        ("the? treaty", ["treaty"], True),
        ("the? treaty", ["the", "treaty"], True),
        ("remove * list", ["remove", "it", "list"], True),
        ("remove * list", ["remove", "list"], False),
        ("remove *2 list", ["remove", "a", "b", "list"], True),
        ("remove *2 list", ["remove", "a", "b", "c", "list"], False),
        ("remove … list", ["remove", "a", "b", "c", "d", "list"], True),
        ("remove … list", ["remove", ".", "list"], False),
        ("drill[Number=Plur]", ["drills"], True),
        ("drill[Number=Plur]", ["drill"], False),
        ("[pos=NOUN] list", ["any", "list"], True),
        (", and", [",", "and"], True),
    ],
)
def test_a_pattern_matches_what_the_notation_says(pattern: str, words: list[str], expected: bool) -> None:
    """Each item of the notation takes what it is described to take and nothing else."""
    assert matches(pattern, *words) is expected


def test_typed_items_ask_the_caller() -> None:
    """A typed item takes a token the caller says is of that kind, and the match tells which."""
    pattern = compile_pattern("in <year>", str.casefold)
    found = match_at(pattern, tokens("in", "2025"), 0, lambda token, kind: kind == "year" and token.kind == "number")
    assert found is not None
    assert found.typed_places() == [("year", 1)]


def test_the_longest_match_wins() -> None:
    """Of two patterns that begin at a place the longer one is returned."""
    index = PatternIndex((compile_pattern(p, str.casefold), p) for p in ("foreign minister", "foreign"))
    found = index.longest_at(tokens("foreign", "minister"), 0)
    assert found is not None
    assert found[1] == "foreign minister"


def test_an_unreadable_item_is_named() -> None:
    """A pattern that cannot be read says where and which item."""
    with pytest.raises(DataError, match=r"pack\.toml.*'a\[b'"):
        compile_pattern("x a[b", str.casefold, "pack.toml")
