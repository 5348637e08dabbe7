"""Documents as they were read before, from what the workspace keeps of them."""

from __future__ import annotations

from kg.documents import RawDocument
from kg.model import Sha256
from kg.records import DocumentRecord, SetAside

_STATED = ("media_type", "title", "published", "publisher", "url", "language", "language_hint")


def stated(raw: RawDocument) -> dict[str, str | None]:
    """Return what is stated of a document, by name."""
    return {name: getattr(raw, name) for name in _STATED}


def read_before(record: DocumentRecord, text: str) -> RawDocument:
    """Return a document that is in, as it was read, from the text that was kept."""
    return RawDocument(
        id=record.id,
        text=text,
        sha256=Sha256(record.sha256),
        path=record.source,
        source=record.source,
        origin=record.origin,
        digest=Sha256(record.digest),
        media_type=record.media_type,
        title=record.title,
        published=record.stated_published,
        publisher=record.publisher,
        url=record.url,
        language=record.stated_language,
        language_hint=record.language_hint,
    )


def set_aside_before(record: SetAside, text: str) -> RawDocument:
    """Return a document that was set aside, as it was read, from the text that was kept."""
    told = {"media_type": "text/plain", **record.stated}
    return RawDocument(
        record.id,
        text,
        Sha256(record.sha256),
        record.source,
        record.source,
        record.origin,
        Sha256(record.digest),
        **told,  # type: ignore[arg-type]
    )
