"""The page of messages: every kind of error, with cause, cure and the words."""

from __future__ import annotations

import re

import provoking
import pytest

from kg import errors
from kg.deciding import claim_entry
from kg.errors import ChanceryError, InputError
from kg.message_page import NOT_UNDERSTOOD, SAID, SECTIONS, USAGE, kinds, messages, messages_page


def test_every_kind_has_cause_and_cure() -> None:
    """Each class of the tree states its own cause and cure, and stands in the drawing of the tree."""
    found = kinds()
    assert len(found) > 8
    for kind in found:
        assert {"cause", "cure"} <= vars(kind).keys(), kind
        assert kind.__name__ in (errors.__doc__ or "")
        assert issubclass(kind, ChanceryError)


def test_page_has_the_messages() -> None:
    """The page shows messages as the code gives them, under their kind, and the words of commands."""
    page = messages_page()
    parts = dict(re.findall(r"^## (\w[\w ]*)\n(.*?)(?=^## |\Z)", page, re.M | re.S))
    assert set(parts) == {kind.__name__ for kind in kinds()} | set(SECTIONS)
    assert all("*Cause:* " in part and "*Cure:* " in part for part in parts.values())
    assert "- the text has {number of text} characters; no more than" in parts["UnreadableDocument"]
    assert "another build is at work{who}; try again when it is done" in parts["StoreError"]
    assert "generation {number} is published again" in parts[SAID]
    assert "SERVICE" in parts["QueryError"]
    assert "- --possible needs --as-of DAY" in parts[USAGE]
    assert "- no saved query is near enough to this question" in parts[NOT_UNDERSTOOD]
    assert "- unknown claim {start}" in parts["UnknownName"]


def test_every_kind_has_a_message() -> None:
    """No class of the error tree is there without anything that raises it, but those that only hold others together."""
    said = {message.section for message in messages()}
    assert {kind.__name__ for kind in kinds()} - said == set()
    assert set(SECTIONS) <= said


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("unknown graph 'x'; did you mean 'facts'?", True),
        ("unknown  graph\n'x'", True),
        ("known graph", False),
    ],
)
def test_what_was_said_is_known_by_its_words(said: str, *, fits: bool) -> None:
    """A message is told by what stands around the values that are filled in, whatever its white space."""
    (template,) = (m for m in messages() if m.file == "errors.py" and m.section == "UnknownName")
    assert template.fits(said) is fits


def test_the_watch_sees_what_is_said() -> None:
    """What a test provokes is noted with its place: the watch that makes a whole run fail is not blind."""
    number = next(
        n
        for n, m in enumerate(provoking.MESSAGES)
        if m.words == "correct needs what is to be set, such as --set date=2025-07-03; reject needs nothing"
    )
    provoking.provoked.discard(number)
    with pytest.raises(InputError):
        claim_entry("correct", None, {}, {})  # type: ignore[arg-type]
    assert number in provoking.provoked
