"""The register that the saved queries are tested on: the claims of claims.toml, through the core."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.core import load_core
from kg.dates import bounds
from kg.ids import claim_id
from kg.model import Claim, ClaimDate, Document, Extraction, Filler, Iri, Knowledge, LanguageTag, Sha256, Span
from kg.register import Core, put_conclusions
from kg.resources import load_knowledge
from kg.store import Workspace
from kg.vocab import ID

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    return load_core(Workspace(tmp_path_factory.mktemp("register")))


@pytest.fixture(scope="session")
def extractions() -> list[Extraction]:
    data = tomllib.loads((HERE / "claims.toml").read_text(encoding="utf-8"))
    knowledge = load_knowledge()
    found = []
    for document, published in data["documents"].items():
        values = [claim for claim in data["claims"] if claim["document"] == document]
        text = "\n".join(claim["quote"] for claim in values)
        record = Document(document, text, LanguageTag(document[:2]), Sha256("0" * 64), published, publisher=document)
        claims = tuple(_claim(claim, record, knowledge) for claim in values)
        found.append(Extraction(record, claims, (), (), (), len(claims), 0))
    return found


def _claim(values: dict[str, Any], document: Document, knowledge: Knowledge) -> Claim:
    start = document.text.index(values["quote"])
    span = Span(start, start + len(values["quote"]))
    roles = tuple(
        sorted(
            (role, tuple(_filler(short, knowledge) for short in fillers)) for role, fillers in values["roles"].items()
        )
    )
    edtf = values.get("date")
    polarity, modality = values.get("polarity", "positive"), values.get("modality", "actual")
    ids = [(role, [filler.id for filler in fillers]) for role, fillers in roles]
    return Claim(
        id=claim_id(document.id, values["frame"], span, ids, polarity, modality, edtf),
        document=document.id,
        published=document.published,
        language=document.language,
        frame=values["frame"],
        roles=roles,
        date=ClaimDate(edtf, *bounds(edtf)) if edtf else None,
        polarity=polarity,
        modality=modality,
        former=values.get("former", False),
        attribution=_filler(values["said_by"], knowledge) if "said_by" in values else None,
        relayed_by=None,
        evidence=span,
        quote=values["quote"],
        confidence=0.9,
        extractor=f"{document.language}/test",
    )


def _filler(short: str, knowledge: Knowledge) -> Filler:
    scheme, _, code = short.partition("/")
    entity = knowledge.concepts.get(scheme, {}).get(code) or knowledge.entities[Iri(ID + short)]
    return Filler(entity.id, entity.label(), (), entity.kinds)


@pytest.fixture(scope="session")
def register_on(core: Core, extractions: list[Extraction]) -> Callable[[str | None], ox.Store]:
    """The register as of a day, or as it is."""
    base = [*core.base(), *(quad for extraction in extractions for quad in core.document_quads(extraction))]

    def build(day: str | None) -> ox.Store:
        store = ox.Store()
        store.extend(base)
        put_conclusions(store, core.conclude(extractions, day))
        return store

    return build


@pytest.fixture(scope="session")
def register(register_on: Callable[[str | None], ox.Store]) -> ox.Store:
    return register_on(None)
