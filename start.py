"""Sets Chancery up in a virtual environment of its own and runs it: `python3 start.py demo` or `python3 start.py test`.

Needs nothing but Python 3.11 or later and a package registry.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
REGISTER = HERE / "register"


def main(arguments: list[str]) -> int:
    """Run the job asked for and return its exit code."""
    if sys.version_info < (3, 11):
        print(f"Chancery needs Python 3.11 or later; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    jobs = {"demo": demo, "test": test}
    if len(arguments) != 1 or arguments[0] not in jobs:
        print("usage: python3 start.py demo | test", file=sys.stderr)
        return 2
    return jobs[arguments[0]]()


def demo() -> int:
    """Build a register from the sample documents, ask it one question, and show the answer with its evidence."""
    install(".")
    kg = str(BIN / "kg")
    for command in (
        [kg, "build", str(HERE / "documents"), "--workspace", str(REGISTER)],
        [
            kg,
            "query",
            "which-states-recognise",
            "--param",
            "recognised=Taliban",
            "--evidence",
            "--workspace",
            str(REGISTER),
        ],
    ):
        print("$ kg", *command[1:], flush=True)
        code = subprocess.call(command, cwd=HERE)
        if code:
            return code
    return 0


def test() -> int:
    """Check style and types and run the tests."""
    install(".[dev,reasoner]")
    python = str(BIN / "python")
    for command in (
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", "-n", "2"],
    ):
        print("$", " ".join(command[1:]), flush=True)
        code = subprocess.call(command, cwd=HERE)
        if code:
            return code
    return 0


def install(what: str) -> None:
    """Create the environment if there is none, and install Chancery into it from this folder."""
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        venv.create(ENVIRONMENT, with_pip=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.check_call([str(BIN / "python"), "-m", "pip", "install", *quiet, "--editable", what], cwd=HERE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
