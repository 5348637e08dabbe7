"""Extractions as JSON objects and back, for the workspace: what is read once is not read again.

Blocks are left out: they serve the reading itself, and what matters of them is in the notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.interchange import claim_from_object, claim_object
from kg.model import Document, Entity, Extraction, Iri, LanguageTag, Name, Note, Sha256, Span


def extraction_object(extraction: Extraction) -> dict[str, Any]:
    """Return an extraction without its text and blocks; `extraction_from_object` reads it back."""
    document = extraction.document
    return {
        "document": {
            "id": document.id,
            "language": document.language,
            "sha256": document.sha256,
            "published": document.published,
            "title": document.title,
            "publisher": document.publisher,
            "url": document.url,
            "source": document.source,
            "media_type": document.media_type,
        },
        "claims": [claim_object(claim) for claim in extraction.claims],
        "entities": [_entity_object(entity) for entity in extraction.entities],
        "notes": [[note.kind, note.span.start, note.span.end, note.reason] for note in extraction.notes],
        "sentences": extraction.sentences,
        "silent_sentences": extraction.silent_sentences,
        "signature": extraction.signature,
    }


def extraction_from_object(value: Mapping[str, Any], text: str = "") -> Extraction:
    """Return the extraction a JSON object describes; `text` is kept apart. Raises KeyError when a member is missing."""
    stated = value["document"]
    document = Document(
        id=stated["id"],
        text=text,
        language=LanguageTag(stated["language"]),
        sha256=Sha256(stated["sha256"]),
        published=stated["published"],
        title=stated["title"],
        publisher=stated["publisher"],
        url=stated["url"],
        source=stated["source"],
        media_type=stated["media_type"],
    )
    return Extraction(
        document=document,
        claims=tuple(claim_from_object(claim) for claim in value["claims"]),
        entities=tuple(_entity(entity) for entity in value["entities"]),
        blocks=(),
        notes=tuple(Note(kind, Span(start, end), reason) for kind, start, end, reason in value["notes"]),
        sentences=value["sentences"],
        silent_sentences=value["silent_sentences"],
        signature=value.get("signature", ""),
    )


def _entity_object(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "kinds": sorted(entity.kinds),
        "names": [[name.text, name.language, name.kind] for name in entity.names],
        "located_in": entity.located_in,
        "organ_of": entity.organ_of,
        "gender": entity.gender,
    }


def _entity(value: Mapping[str, Any]) -> Entity:
    return Entity(
        id=Iri(value["id"]),
        kinds=frozenset(value["kinds"]),
        names=tuple(Name(text, language, kind) for text, language, kind in value["names"]),
        located_in=Iri(value["located_in"]) if value["located_in"] else None,
        organ_of=Iri(value["organ_of"]) if value["organ_of"] else None,
        gender=value["gender"],
    )
