"""Stated confidence against how often claims are right: the map never falls, and no share rests on a handful."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from kg.calibration import calibrated, isotonic, reliability
from kg.language.pack import Pack
from kg.model import Extraction

JUDGED = st.lists(st.tuples(st.integers(0, 100).map(lambda n: n / 100), st.booleans()), min_size=1, max_size=60)


@given(JUDGED)
def test_bins_hold_every_claim_once(judged: list[tuple[float, bool]]) -> None:
    """Each claim stands in one bin, and its stated confidence within the bin's edges."""
    bins = reliability(judged)
    assert sum(b.claims for b in bins) == len(judged)
    assert all(b.low - 1e-9 <= b.stated <= b.high + 1e-9 for b in bins)


@given(JUDGED, st.integers(1, 5))
def test_the_map_never_falls(judged: list[tuple[float, bool]], least: int) -> None:
    """More stated confidence never gives less; steps are as large as asked; the mean stays that of what was right."""
    steps = isotonic(judged, least)
    values = [calibrated(n / 100, steps) for n in range(101)]
    assert values == sorted(values)
    assert len(steps) == 1 or all(s.claims >= least for s in steps)
    assert abs(sum(s.right * s.claims for s in steps) - sum(r for _, r in judged)) < 1e-9


def test_without_steps_nothing_changes() -> None:
    """Without a map a confidence is what it was; below all steps it takes the lowest."""
    assert calibrated(0.7, []) == 0.7
    steps = isotonic([(0.5, False), (0.9, True)])
    assert [calibrated(c, steps) for c in (0.1, 0.5, 0.89, 0.9, 1.0)] == [0.0, 0.0, 0.0, 1.0, 1.0]


def test_claims_carry_calibrated_confidence(read: Callable[[str, str], Extraction], packs: dict[str, Pack]) -> None:
    """The confidence of a claim is one of the measured shares, the same map in every language."""
    shares = {round(step.right, 2) for step in packs["en"].calibration}
    claims = read("en", "Russia recognised the Taliban government on July 3, 2025.").claims
    assert claims
    assert {claim.confidence for claim in claims} <= shares
    assert len({pack.calibration for pack in packs.values()}) == 1


def test_the_measured_map_never_falls(packs: dict[str, Pack]) -> None:
    """The map in the data is ordered, rests on enough claims, and promises neither never nor always."""
    steps = packs["en"].calibration
    assert [s.low for s in steps] == sorted(s.low for s in steps)
    assert [s.right for s in steps] == sorted(s.right for s in steps)
    assert all(s.claims >= 40 and 0 < s.right < 1 for s in steps)
