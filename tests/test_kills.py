"""Nothing is lost when writers are killed; `bench/kills.py` kills as often as one likes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]


def test_kills_lose_nothing() -> None:
    """Twenty kills of builds, removals and rollbacks: the register reopens, is as it was, and the work can be done."""
    command = [sys.executable, str(HERE / "bench" / "kills.py"), "--kills", "20", "--seed", "7"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(HERE)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    kills, _points, reopened, equal, again, _said, lost = done.stdout.splitlines()[-1].split(" | ")[1:]
    assert (kills, reopened, equal, again, lost.strip(" |")) == ("20", "20", "20", "20", "0")
