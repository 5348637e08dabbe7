"""What tests of commands share: a run of `kg` in this process, and a register of three documents."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from commanding import ENGLISH, RUSSIAN, UKRAINIAN, Run

from kg import cli


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kg` with arguments; return its exit code, standard output and standard error."""

    def call(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return call


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of two documents, and one set aside."""
    from kg.core import load_core
    from kg.pipeline import build
    from kg.store import Workspace

    folder = tmp_path_factory.mktemp("cli")
    documents = folder / "documents"
    documents.mkdir()
    for name, text in (("en-1", ENGLISH), ("ru-1", RUSSIAN), ("uk-1", UKRAINIAN)):
        (documents / f"{name}.txt").write_text(text, encoding="utf-8")
        (documents / f"{name}.meta.toml").write_text('published = "2025-07-04"', encoding="utf-8")
    build([documents], Workspace(folder / "register"), load_core)
    return folder / "register"
