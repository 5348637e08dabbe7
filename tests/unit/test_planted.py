"""Planted faults are set aside, and nothing else is: the bench of that name, at a small size."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def test_exactly_the_planted_documents_are_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of fault once, in one document of ten; the rest is published, and each report names its fault."""
    monkeypatch.syspath_prepend(BENCH)
    planted = importlib.import_module("planted")
    monkeypatch.setattr(planted, "EVERY", 10)
    size = 10 * len(planted.FAULTS)
    summary, _, _ = planted.run(size, tmp_path)
    assert planted.problems(size, tmp_path, summary) == []
    assert len(summary.set_aside) == len(planted.FAULTS)
    assert len(summary.added) == size - len(planted.FAULTS)
