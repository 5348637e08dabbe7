"""How sure rules say they are -> how often they are right: writes kg/language/calibration.toml.

    python bench/calibrate.py [GOLD_FOLDER] [--write]

Fitted on the held-out half of the annotated documents alone, all languages together: documents that rules were tuned on
would flatter it. The Brier scores (mean squared distance between stated and right; less is better) of the map are of
each document by a map that was fitted on the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from kg.calibration import Step, calibrated, isotonic, reliability  # noqa: E402
from kg.evaluate import measure, read_gold  # noqa: E402
from kg.extract import Extractor  # noqa: E402
from kg.resources import load_knowledge, load_packs  # noqa: E402

LEAST = 40  # claims a step rests on
Judged = list[tuple[float, bool]]


def fitted(judged: Judged) -> list[Step]:
    """Return the steps, each share drawn a little to the middle (one more right, one more wrong), so that none is 1."""
    return [replace(s, right=(s.right * s.claims + 1) / (s.claims + 2)) for s in isotonic(judged, LEAST)]


def judged_claims(folder: Path) -> dict[str, Judged]:
    """Return, for each held-out document, how sure rules were of its claims, and whether these were right."""
    packs = {language: replace(pack, calibration=()) for language, pack in load_packs().items()}
    knowledge = load_knowledge()
    extractor = Extractor(knowledge, packs)
    found: dict[str, Judged] = {}
    for gold in read_gold(folder):
        for document in gold.documents("held"):
            alone = replace(gold, annotated=tuple(a for a in gold.annotated if a.document == document))
            (one,) = measure([alone], extractor, knowledge)
            found[document] = one.outcome.confidences
    return found


def mapped(judged: Judged, steps: Sequence[Step]) -> Judged:
    """Return what is judged with its confidence put through the map."""
    return [(calibrated(confidence, steps), right) for confidence, right in judged]


def show(title: str, judged: Judged) -> None:
    """Print a reliability table."""
    print(f"{title}\n| confidence | claims | stated | right |\n|---|---|---|---|")
    for b in reliability(judged):
        print(f"| {b.low:.2f}-{b.high:.2f} | {b.claims} | {b.stated:.3f} | {b.right:.3f} |")
    error = sum(b.claims * abs(b.stated - b.right) for b in reliability(judged)) / len(judged)
    print(f"mean distance between stated and right: {error:.3f} over {len(judged)} claims\n")


def as_toml(steps: Sequence[Step], claims: int) -> str:
    """Return the steps as the data file."""
    lines = [
        "# How often claims are right whose rule is at least as sure as `low`: the confidence that claims carry.",
        f"# Made by `python bench/calibrate.py --write` from {claims} claims of held-out documents.",
    ]
    for step in steps:
        lines += ["", "[[step]]", f"low = {step.low:.2f}", f"right = {step.right:.3f}", f"claims = {step.claims}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit, show what it does, and write the map if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="?", default=HERE / "tests" / "golden")
    parser.add_argument("--write", action="store_true", help="write the map")
    arguments = parser.parse_args()
    by_document = judged_claims(arguments.gold)
    every = [pair for judged in by_document.values() for pair in judged]
    show("As rules state it", every)
    apart: Judged = []
    for document, judged in by_document.items():
        others = [pair for name, pairs in by_document.items() if name != document for pair in pairs]
        apart += mapped(judged, fitted(others))
    show("Through the map, on the claims it was fitted on", mapped(every, fitted(every)))
    share = sum(right for _, right in every) / len(every)
    for name, judged in (("stated", every), ("mapped", apart), ("always the mean", [(share, r) for _, r in every])):
        print(f"Brier score, {name}: {sum((c - r) ** 2 for c, r in judged) / len(judged):.4f}")
    text = as_toml(fitted(every), len(every))
    print(text)
    if arguments.write:
        (HERE / "kg" / "language" / "calibration.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
