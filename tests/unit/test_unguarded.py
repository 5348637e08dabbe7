"""Records without a guard at run time are made, compared, hashed, copied and pickled as any frozen record."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from kg.model import Reading, Span, Token

TOKEN = Token(Span(3, 7), "word", "word", (Reading("word", "NOUN"),), frozenset({"word"}), "word")


def test_defaults_and_keywords_are_those_of_the_record() -> None:
    """What is not given has its default; what is given by name arrives under it."""
    token = Token(Span(0, 1), text=",", kind="mark")
    assert (token.readings, token.keys, token.folded) == ((), frozenset(), "")
    with pytest.raises(TypeError):
        Span(1)  # type: ignore[call-arg]


def test_equal_records_have_equal_hashes() -> None:
    """Records are equal when all their attributes are, and then hash alike; spans are ordered."""
    again = replace(TOKEN, span=Span(3, 7))
    assert again == TOKEN
    assert again is not TOKEN
    assert hash(again) == hash(TOKEN)
    assert replace(TOKEN, text="words") != TOKEN
    assert sorted([Span(3, 4), Span(1, 9)]) == [Span(1, 9), Span(3, 4)]


def test_a_record_survives_pickling() -> None:
    """A record goes to a worker and comes back equal."""
    assert pickle.loads(pickle.dumps(TOKEN)) == TOKEN


def test_a_record_has_no_room_for_other_attributes() -> None:
    """A mistyped attribute is an error, though none of those there is guarded."""
    with pytest.raises(AttributeError):
        TOKEN.spam = 1  # type: ignore[attr-defined]
