"""What the engine must handle in every language, a sentence a case (tests/golden/phenomena/)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.lexicon import describe, read_expectations
from kg.model import Extraction

FOLDER = Path(__file__).parent / "golden" / "phenomena"
CASES: list[dict[str, Any]] = [
    case for path in sorted(FOLDER.glob("*.toml")) for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def identify(case: dict[str, Any]) -> str:
    """Return a name for a case."""
    return f"{case['language']}: {case['name']}"


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_a_phenomenon_is_read(
    case: dict[str, Any], read: Callable[[str, str], Extraction], request: pytest.FixtureRequest
) -> None:
    """The text gives the claims it must, no others where `only` says so, and none of the frames under `none`."""
    if case.get("known_miss"):
        request.applymarker(pytest.mark.xfail(strict=True, reason="read wrongly today"))
    claims = read(case["language"], case["text"]).claims
    said = [describe(c) for c in claims]
    wanted = [e for text in (*case.get("gives", []), *case.get("only", [])) for e in read_expectations(text, "")]
    for expected in wanted:
        assert any(expected.met_by(c) for c in claims), said
    if "only" in case:
        frame = wanted[0].frame
        assert len([c for c in claims if c.frame == frame]) == len(wanted), said
    assert not [s for c, s in zip(claims, said, strict=True) if c.frame in case.get("none", [])]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Uzbekistan accepted the ambassador of the Taliban in October 2024."),
        ("vi", "Uzbekistan đã tiếp nhận đại sứ của Taliban vào tháng 10/2024."),
    ],
)
def test_an_ambassador_without_a_name_is_nobody_in_particular(
    language: str, text: str, read: Callable[[str, str], Extraction]
) -> None:
    """A body has several ambassadors at once, though the reference data may know only one."""
    (claim,) = (c for c in read(language, text).claims if c.frame == "Accreditation")
    assert claim.fillers("envoy") == ()
