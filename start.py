"""Sets Chancery up in a virtual environment of its own and runs it: `python3 start.py demo`, `test` or `coverage`.

Needs nothing but Python 3.11 or later and a package registry.
"""

from __future__ import annotations

import json
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
    jobs = {"demo": demo, "test": test, "coverage": coverage}
    if len(arguments) != 1 or arguments[0] not in jobs:
        print("usage: python3 start.py demo | test | coverage", file=sys.stderr)
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
    return audit()


def coverage() -> int:
    """Run the tests and tell how much of the core they reach."""
    install(".[dev,reasoner]")
    return subprocess.call([str(BIN / "python"), str(HERE / "tests" / "coverage_of_core.py")], cwd=HERE)


def audit() -> int:
    """Ask whether a locked version has a known vulnerability; say so and go on where nobody can be asked."""
    lock = str(HERE / "requirements-dev.lock")
    command = [str(BIN / "python"), "-m", "pip_audit", "-r", lock, "--no-deps", "--disable-pip", "--format", "json"]
    print("$", " ".join(command[1:]), flush=True)
    try:
        done = subprocess.run([*command, "--timeout", "10"], capture_output=True, text=True, cwd=HERE, timeout=300)
        found = json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        print("pip-audit: skipped: no service that knows vulnerabilities can be asked from here")
        return 0
    asked = [one for one in found if "skip_reason" not in one]
    faulty = [one for one in asked if one.get("vulns")]
    for one in faulty:
        print(f"{one['name']} {one['version']}: {', '.join(fault['id'] for fault in one['vulns'])}")
    print(
        f"pip-audit: {len(asked)} of {len(found)} versions were asked for, {len(faulty)} with a known vulnerability"
        if asked
        else "pip-audit: skipped: the index that is asked from here knows no vulnerabilities"
    )
    return 1 if faulty else 0


def install(what: str) -> None:
    """Create the environment if there is none, and install Chancery into it from this folder."""
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        venv.create(ENVIRONMENT, with_pip=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.check_call([str(BIN / "python"), "-m", "pip", "install", *quiet, "--editable", what], cwd=HERE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
