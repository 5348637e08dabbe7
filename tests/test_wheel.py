"""The built wheel works outside a checkout: it carries ontology, reference data, packs, shapes and queries."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def built(out: Path) -> Path:
    """Build the wheel into a folder, and return it."""
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling (the dev extra)")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(out),
            str(ROOT),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = out.glob("chancery-*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    return built(tmp_path_factory.mktemp("wheel"))


def test_wheel_is_reproducible(wheel: Path, tmp_path: Path) -> None:
    """Built twice, it is the same byte for byte."""
    assert built(tmp_path).read_bytes() == wheel.read_bytes()


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own, away from the checkout."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(unpacked: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command of the unpacked wheel in its folder, with nothing of the checkout on the path."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "KG_WORKSPACE": str(unpacked / "register")}
    code = "import sys, kg.cli; assert 'site' in kg.cli.__file__, kg.cli.__file__; sys.exit(kg.cli.main())"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments],
        cwd=unpacked,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_wheel_carries_its_data(unpacked: Path) -> None:
    """Ontology, reference data, packs, shapes and queries are in the wheel."""
    for pattern in (
        "kg/data/ontology/chancery.ttl",
        "kg/data/ontology/reference/states.ttl",
        "kg/data/shapes/claim.ttl",
        "kg/data/queries/which-states-recognise.rq",
        "kg/language/kk/grammar.toml",
        "kg/language/vi/frames/recognition.toml",
    ):
        assert (unpacked / pattern).is_file(), pattern


def test_the_wheel_builds_and_answers(unpacked: Path) -> None:
    """A document of one sentence becomes a register that answers, without the checkout."""
    (unpacked / "note.txt").write_text(
        "LIMA, March 4, 2024 — Peru formally recognised Kosovo on Sunday, the foreign ministry of Peru said.\n",
        encoding="utf-8",
    )
    built = run(unpacked, "build", "note.txt")
    assert built.returncode == 0, built.stderr
    answer = run(unpacked, "query", "which-states-recognise", "--param", "recognised=Kosovo", "--format", "csv")
    assert answer.returncode == 0, answer.stderr
    assert "Peru" in answer.stdout
