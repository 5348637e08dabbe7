"""The page of messages: every kind of error, with cause, cure and the words."""

from __future__ import annotations

import re

from kg import errors
from kg.errors import ChanceryError
from kg.message_page import kinds, messages_page


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
    assert set(parts) == {kind.__name__ for kind in kinds()} | {"Words beside an answer"}
    assert (
        "- the text has {len} characters; no more than {MAX_CHARACTERS} are read as one document: split it"
        in parts["UnreadableDocument"]
    )
    assert "another build is at work{who}; try again when it is done" in parts["StoreError"]
    assert (
        "is out; generation" in parts["Words beside an answer"] or "published again" in parts["Words beside an answer"]
    )
    assert "SERVICE" in parts["QueryError"]
