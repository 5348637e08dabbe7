"""Near-duplicate texts are one voice, and only they."""

from __future__ import annotations

from kg.wires import alike, bands, components, groups, signature

WORDS = [f"word{number}" for number in range(200)]
STORY = " ".join(WORDS)
EDITED = " ".join([*WORDS[:190], "and", "more"])
OTHER = " ".join(f"other{number}" for number in range(200))


def test_an_edited_wire_story_is_the_same_text_and_another_story_is_not() -> None:
    assert alike(signature(STORY), signature(EDITED))
    assert set(bands(signature(STORY))) & set(bands(signature(EDITED)))
    assert not alike(signature(STORY), signature(OTHER))


def test_a_signature_is_the_same_on_every_machine() -> None:
    """It does not hang on case, punctuation or line breaks either."""
    assert signature(STORY) == signature(STORY.upper().replace(" ", ",\n"))
    assert bands(signature(STORY))[0] == "2eb30c595676f1b1fb07adaeae0f995b"


def test_groups_are_components() -> None:
    texts = {name: ("sha " + text, signature(text)) for name, text in (("a", STORY), ("b", EDITED), ("c", OTHER))}
    assert groups(texts) == {"a": "a", "b": "a", "c": "c"}
    assert components("abc", [("c", "b"), ("b", "a")]) == dict.fromkeys("abc", "a")


def test_short_texts_are_one_only_when_they_are_equal() -> None:
    assert groups({"a": ("1", ""), "b": ("1", ""), "c": ("2", "")}) == {"a": "a", "b": "a", "c": "c"}
