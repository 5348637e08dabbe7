"""What tests share: the knowledge, packs and extractor of this installation, each loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import provoking
import pytest

from kg.extract import Extractor
from kg.language.pack import Pack
from kg.lexicon import example_document
from kg.model import Extraction, Knowledge
from kg.resources import load_knowledge, load_packs

provoking.watch()  # before commands are imported
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The ontology and reference data of this installation."""
    return load_knowledge()


@pytest.fixture(scope="session")
def packs() -> dict[str, Pack]:
    """The four language packs."""
    return load_packs()


@pytest.fixture(scope="session")
def extractor(knowledge: Knowledge, packs: dict[str, Pack]) -> Extractor:
    """An extractor for all four languages."""
    return Extractor(knowledge, packs)


@pytest.fixture(scope="session")
def read(extractor: Extractor) -> Callable[[str, str], Extraction]:
    """A function (language, text) -> extraction of a document published on Wednesday 18 June 2025."""

    def extract(language: str, text: str) -> Extraction:
        return extractor.extract(example_document(text, language))

    return extract


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of annotated documents beside this checkout; tests that need it skip by name where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the annotated documents beside the checkout (../shared) are absent")
    return SHARED


# -- messages: a whole run in which no test provoked one of them fails ------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--unprovoked`."""
    parser.addoption("--unprovoked", action="store_true", help="list the messages that these tests do not provoke")


def pytest_testnodedown(node: Any) -> None:
    """Take over what the tests of a worker provoked."""
    provoking.provoked.update(node.workeroutput.get("provoked", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what was provoked."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["provoked"] = sorted(provoking.provoked)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the messages that no test provoked."""
    session = terminalreporter._session
    if config.getoption("--unprovoked") or provoking.is_whole(session):
        lines = list(provoking.missing())
        if lines:
            terminalreporter.section("messages that no test provokes (docs/messages, tests/provoking.py)")
            terminalreporter.write("\n".join([*lines, ""]))
