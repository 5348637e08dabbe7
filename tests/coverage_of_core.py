"""How much of the core the tests reach, by lines and branches: python tests/coverage_of_core.py (the whole suite runs)

Prints what is not reached and ends with 1 when a test fails or the share is under the floor. `--again` only reports on
the run before. Work in processes of their own (workers, children of queries) is not counted.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from test_architecture import CORE

ROOT = Path(__file__).parents[1]
FLOOR = 95  # per cent of lines and branches


def main(arguments: list[str]) -> int:
    """Run the tests, unless they were, and report."""
    included = ",".join(sorted(f"kg/{name.replace('.', '/')}{end}.py" for name in CORE for end in ("", "/__init__")))
    if arguments != ["--again"]:
        run = ["-m", "pytest", "-n", "2", "--cov=kg", "--cov-branch", "--cov-report="]
        if subprocess.call([sys.executable, *run], cwd=ROOT):
            return 1
    report = ["report", f"--include={included}", "--show-missing", "--skip-covered", f"--fail-under={FLOOR}"]
    return 1 if subprocess.call([sys.executable, "-m", "coverage", *report], cwd=ROOT) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
