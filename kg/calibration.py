"""How sure a rule says it is -> how often it is right: reliability tables, and the monotone map made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims whose confidence is in `[low, high)` (the last bin holds its upper edge): stated and true share."""

    low: float
    high: float
    claims: int
    stated: float
    right: float


@dataclass(frozen=True, slots=True)
class Step:
    """Claims stated from `low` upwards are right in the share `right`, as measured on `claims` of them."""

    low: float
    right: float
    claims: int = 0


def reliability(judged: Sequence[tuple[float, bool]], edges: Sequence[float] = EDGES) -> list[Bin]:
    """Return the bins that hold a claim, of (confidence, right) pairs."""
    bins = []
    for low, high in pairwise(edges):
        inside = [(c, right) for c, right in judged if low <= c < high or c == high == edges[-1]]
        if inside:
            number = len(inside)
            bins.append(Bin(low, high, number, sum(c for c, _ in inside) / number, sum(r for _, r in inside) / number))
    return bins


def isotonic(judged: Iterable[tuple[float, bool]], least: int = 1) -> list[Step]:
    """Return the steps of the best non-decreasing map of (confidence, right) pairs, by pooling adjacent violators.

    Steps with fewer than `least` claims are pooled with a neighbour, so that no share rests on a handful.

    >>> [(s.low, s.right) for s in isotonic([(0.2, False), (0.5, True), (0.6, False), (0.9, True)])]
    [(0.2, 0.0), (0.5, 0.5), (0.9, 1.0)]
    """
    pools: list[tuple[float, int, int]] = []  # lowest confidence, claims, right
    for confidence, right in sorted(judged):
        if pools and pools[-1][0] == confidence:
            low, number, good = pools.pop()
            pools.append((low, number + 1, good + right))
        else:
            pools.append((confidence, 1, int(right)))
    merged: list[tuple[float, int, int]] = []
    for pool in pools:
        merged.append(pool)
        while len(merged) > 1 and _violates(merged[-2], merged[-1], least):
            (low, number, good), (_low, more, better) = merged[-2], merged[-1]
            merged[-2:] = [(low, number + more, good + better)]
    if len(merged) > 1 and merged[-1][1] < least:
        (low, number, good), (_low, more, better) = merged[-2], merged[-1]
        merged[-2:] = [(low, number + more, good + better)]
    return [Step(low, good / number, number) for low, number, good in merged]


def _violates(first: tuple[float, int, int], second: tuple[float, int, int], least: int) -> bool:
    """Tell whether two neighbouring pools must be one: the first is too small, or not less often right."""
    return first[1] < least or first[2] * second[1] >= second[2] * first[1]


def calibrated(confidence: float, steps: Sequence[Step]) -> float:
    """Return the share of claims so stated that are right; a confidence below all steps gets the lowest share."""
    if not steps:
        return confidence
    return next((s.right for s in reversed(steps) if s.low <= confidence), steps[0].right)
