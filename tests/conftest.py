"""What tests share: the knowledge, packs and extractor of this installation, each loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.extract import Extractor
from kg.language.pack import Pack
from kg.lexicon import example_document
from kg.model import Extraction, Knowledge
from kg.resources import load_knowledge, load_packs

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
