"""The lock file of development names a version for each dependency, and one that the stated range allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
STATED = [Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])]
LOCKED = dict(
    re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.MULTILINE)
)


@pytest.mark.parametrize("stated", STATED, ids=str)
def test_the_lock_is_current(stated: Requirement) -> None:
    """Each dependency that is stated is locked (uv pip compile makes the file again; its head says how)."""
    assert stated.name in LOCKED
    assert stated.specifier.contains(LOCKED[stated.name], prereleases=True)


def test_everything_is_locked_to_one_version() -> None:
    """The file holds exact versions and nothing else."""
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pinned if not re.match(r"[a-z0-9._-]+==\S+( +#.*)?$", line)] == []


@pytest.mark.parametrize("name", PROJECT["dependencies"])
def test_what_a_user_installs_has_an_upper_bound(name: str) -> None:
    """A major version that was never tried is not taken."""
    assert any(bound.operator in ("<", "<=", "==", "~=") for bound in Requirement(name).specifier)
