"""How many questions in words are understood, by language: python bench/questions.py

The wordings of tests/queries/paraphrases: those kept aside, those by family of saved queries, and those that no saved
query answers; asked of a register of the sample documents.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from judging import LANGUAGES, judged, understanding_of, wordings  # noqa: E402

from kg.core import load_core  # noqa: E402
from kg.names import Names  # noqa: E402
from kg.pipeline import build  # noqa: E402
from kg.questions.understanding import NotUnderstood  # noqa: E402
from kg.store import Workspace  # noqa: E402


def main() -> None:
    """Print a line for each set and language."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "register")
        build([str(ROOT / "documents")], workspace, load_core)
        with workspace.open() as generation:
            understand, names = understanding_of(generation.store), Names(generation.store)
            held = wordings("held")
            print("| questions | right | asked back | wrong |\n|---|---|---|---|")
            for language in LANGUAGES:
                _print(f"kept aside, {language}", Counter(judged(held[language], understand, names)))
            for language in LANGUAGES:
                lines = [line for family in wordings(language).values() for line in family]
                _print(f"by family, {language}", Counter(judged(lines, understand, names)))
            for name, lines in (("kept aside", held["refuse"]), ("others", wordings("refused")["refuse"])):
                refused = sum(isinstance(understand(question), NotUnderstood) for question in lines)
                print(f"| no query answers them, {name} | {refused} refused | | {len(lines) - refused} answered |")


def _print(name: str, counts: Counter[str]) -> None:
    print(f"| {name} | {counts['right']} | {counts['asked back']} | {counts['wrong']} |", flush=True)


if __name__ == "__main__":
    main()
