"""The README's examples run as they stand, in order, in one register made from the sample documents."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    """Return the commands of the README's console blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [line[2:] for block in BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def test_the_readme_has_examples() -> None:
    """The blocks are found, and the first one builds a register."""
    assert commands()[0] == "kg build documents"
    assert len(commands()) > 10


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of the README ends well; those that write files write them into a folder of their own."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("KG_WORKSPACE", str(tmp_path / "register"))
    runner = CliRunner()
    for command in commands():
        program, *arguments = shlex.split(command)
        assert program == "kg"
        for number, before in enumerate(arguments[:-1], start=1):
            if before in ("--output", "--folder", "--workspace", "load"):
                arguments[number] = str(tmp_path / arguments[number])
        result = runner.invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0, f"{command}\n{result.output}"


def test_every_command_has_help_that_ends_in_an_example() -> None:
    """`kg COMMAND --help` says what the command does and shows one call of it."""
    for name in cli.commands:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        last = [line for line in result.output.splitlines() if line.strip()]
        assert any(line.strip().startswith(("Example:", "kg ")) for line in last[-4:]), name


def test_every_command_is_in_the_readme() -> None:
    """No command is left for the reader to find."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.commands if f"kg {name}" not in text] == []
