"""Annotated documents in four languages: what the extraction must keep reaching on them.

`tests/golden/<language>/` holds documents written for this project with their annotation (docs/annotation.md). The
floors stand below what is measured, so that they fall to a real loss and not to a rounding; docs/measurements.md has
the figures. Documents with numbers 01, 05, 09 and 13 were looked at while rules were written, the others only measured.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.evaluation import Annotated, Evaluation, Evaluator, annotated_from_object
from kg.extract import Extractor
from kg.model import Document, Knowledge, LanguageTag, Sha256
from kg.resources import LANGUAGES

GOLDEN = Path(__file__).parent / "golden"
FLOORS = {"precision": 0.80, "recall": 0.55, "fillers": 0.80, "dates": 0.75, "attributions": 0.75}


def annotation(folder: Path, name: str) -> list[Annotated]:
    """Return the annotated claims of one file, none when it is absent."""
    path = folder / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [annotated_from_object(json.loads(line)) for line in lines if line.strip()]


@pytest.fixture(scope="module")
def outcomes(extractor: Extractor, knowledge: Knowledge) -> dict[str, Evaluation]:
    """The comparison of each language's golden documents with their annotation."""
    out = {}
    for language in LANGUAGES:
        folder = GOLDEN / language
        aliases = json.loads((folder / "aliases.json").read_text(encoding="utf-8"))
        claims = [
            claim
            for path in sorted(folder.glob("*.txt"))
            for claim in extractor.extract(
                Document(path.stem, path.read_text(encoding="utf-8"), LanguageTag(language), Sha256("0" * 64))
            ).claims
        ]
        evaluator = Evaluator(aliases, knowledge)
        out[language] = evaluator.evaluate(
            annotation(folder, "gold.jsonl"), claims, annotation(folder, "borderline.jsonl")
        )
    return out


@pytest.mark.parametrize("language", LANGUAGES)
def test_claims_stay_precise_and_complete(language: str, outcomes: dict[str, Evaluation]) -> None:
    """Strict precision and recall of whole claims, and F1 of single fillers, stay above their floors."""
    outcome = outcomes[language]
    assert outcome.total().precision >= FLOORS["precision"]
    assert outcome.total().recall >= FLOORS["recall"]
    assert outcome.total_fillers().f1 >= FLOORS["fillers"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_and_speakers_stay_right(language: str, outcomes: dict[str, Evaluation]) -> None:
    """Dates and attributions of matched claims stay above their floors."""
    outcome = outcomes[language]
    assert sum(outcome.dates) >= FLOORS["dates"] * len(outcome.dates)
    assert sum(outcome.attributions) >= FLOORS["attributions"] * len(outcome.attributions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_unreal_is_asserted(language: str, outcomes: dict[str, Evaluation]) -> None:
    """No claim that is only negated, planned, requested or possible is given as actual."""
    assert [f"{c.document}: {c.quote}" for c in outcomes[language].asserted] == []
