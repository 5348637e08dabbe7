"""What the workspace knows of each document, by its id: a store of its own beside the register, never part of it.

A record is one JSON text at the node of its document, findable by id and by the file it came from. Sums over all
records are kept with them, so that neither adding one nor counting them reads the others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Generic, TypeVar

import pyoxigraph as ox

from kg.ids import document_iri
from kg.shacl import Result
from kg.vocab import GRAPH


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the workspace knows of a document that is in: where it came from, what it was read as, what it gave.

    `origin` (absolute path) and `digest` (of the file) are for the next build alone and never leave the workspace.
    `published` is the day found, `stated_published` the one the user states; the same goes for the language.
    """

    id: str
    sha256: str
    fingerprint: str
    origin: str
    digest: str
    source: str
    language: str
    media_type: str
    stated_language: str | None = None
    language_hint: str | None = None
    published: str | None = None
    stated_published: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    claims: int = 0
    sentences: int = 0
    silent_sentences: int = 0


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that was read and kept out, and why.

    `report`: lines to read, the gate's or a traceback; `results`: what the gate found, one by one; `stated`: what its
    metadata say, so that it can be read again when its file is gone.
    """

    id: str
    sha256: str
    fingerprint: str
    origin: str
    digest: str
    source: str
    reason: str
    report: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    stated: dict[str, str | None] = field(default_factory=dict)


Record = TypeVar("Record", DocumentRecord, SetAside)
_BASE: Final = GRAPH + "records#"
_ORIGIN: Final = ox.NamedNode(_BASE + "origin")  # document -> the file it came from
_SUMS: Final = ox.NamedNode(_BASE + "sums")  # the register -> sums over all records


class Records(MutableMapping[str, Record], Generic[Record]):
    """Records of one kind by document id, as a mapping; ids come sorted."""

    def __init__(
        self, kind: str, read: Callable[[dict[str, Any]], Record], store: ox.Store | Callable[[], ox.Store]
    ) -> None:
        self._kind = kind
        self._read: Callable[[dict[str, Any]], Record] = read
        self._opened: ox.Store | Callable[[], ox.Store] = store
        self._graph = ox.NamedNode(_BASE + kind)
        self._told = ox.NamedNode(_BASE + "record")
        self._sums: Counter[str] | None = None
        self._before: dict[str, Record | None] = {}

    # -- reading --------------------------------------------------------------------------------------------------

    def __getitem__(self, document: str) -> Record:
        text = self._text(document)
        if text is None:
            raise KeyError(document)
        return self._record(text)

    def __contains__(self, document: object) -> bool:
        return isinstance(document, str) and self._text(document) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(record.id for record in self._all()))

    def __len__(self) -> int:
        return self.sums()["records"]

    def from_origin(self, origin: str) -> list[Record]:
        """Return the records of documents that came from a file."""
        found = self._store.quads_for_pattern(None, _ORIGIN, ox.Literal(origin), self._graph)
        return [self._record(t) for quad in found if (t := self._at(quad.subject)) is not None]

    def sums(self) -> Counter[str]:
        """Return how many records there are, and what their numbers come to, by name."""
        if self._sums is None:
            found = self._store.quads_for_pattern(self._graph, _SUMS, None, self._graph)
            self._sums = Counter(next((json.loads(_value(quad.object)) for quad in found), {}))
        return self._sums

    def every(self) -> list[Record]:
        """Return all records by id, in one pass."""
        return sorted(self._all(), key=lambda record: record.id)

    # -- writing --------------------------------------------------------------------------------------------------

    def __setitem__(self, document: str, record: Record) -> None:
        old = self.get(document)
        if old == record:
            return
        if old is not None:
            self._take_out(old)
        node = ox.NamedNode(document_iri(document))
        text = json.dumps(asdict(record), ensure_ascii=False, sort_keys=True)
        self._store.add(ox.Quad(node, self._told, ox.Literal(text), self._graph))
        self._store.add(ox.Quad(node, _ORIGIN, ox.Literal(record.origin), self._graph))
        self.sums().update(_numbers(record))
        self._before.setdefault(document, old)

    def __delitem__(self, document: str) -> None:
        old = self[document]
        self._take_out(old)
        self._before.setdefault(document, old)

    def _take_out(self, record: Record) -> None:
        node = ox.NamedNode(document_iri(record.id))
        for quad in list(self._store.quads_for_pattern(node, None, None, self._graph)):
            self._store.remove(quad)
        self.sums().subtract(_numbers(record))

    def differ(self) -> bool:
        """Tell whether some record is not what it was at the start."""
        return any(self.get(document) != old for document, old in self._before.items())

    def write_sums(self) -> None:
        """Put the sums beside the records."""
        for quad in list(self._store.quads_for_pattern(self._graph, _SUMS, None, self._graph)):
            self._store.remove(quad)
        text = json.dumps({name: n for name, n in sorted(self.sums().items()) if n})
        self._store.add(ox.Quad(self._graph, _SUMS, ox.Literal(text), self._graph))

    # -- the store ------------------------------------------------------------------------------------------------

    @property
    def _store(self) -> ox.Store:
        if not isinstance(self._opened, ox.Store):
            self._opened = self._opened()
        return self._opened

    def _all(self) -> Iterator[Record]:
        found = self._store.quads_for_pattern(None, self._told, None, self._graph)
        return (self._record(_value(quad.object)) for quad in found)

    def _text(self, document: str) -> str | None:
        return self._at(ox.NamedNode(document_iri(document)))

    def _at(self, node: Any) -> str | None:
        found = self._store.quads_for_pattern(node, self._told, None, self._graph)
        return next((_value(quad.object) for quad in found), None)

    def _record(self, text: str) -> Record:
        return self._read(json.loads(text))


def document_records(store: ox.Store | Callable[[], ox.Store]) -> Records[DocumentRecord]:
    """Return the records of the documents that are in; `store` may be what opens it, when it is first needed."""
    return Records("documents", lambda values: DocumentRecord(**values), store)


def set_aside_records(store: ox.Store | Callable[[], ox.Store]) -> Records[SetAside]:
    """Return the records of the documents that were kept out."""
    return Records("set-aside", _set_aside, store)


def _set_aside(values: dict[str, Any]) -> SetAside:
    results = tuple(Result(**result) for result in values.get("results", ()))
    return SetAside(**{**values, "report": tuple(values["report"]), "results": results})


def _numbers(record: DocumentRecord | SetAside) -> dict[str, int]:
    """Return what a record adds to the sums; `in LANGUAGE`, `without a claim` and `records` count documents."""
    if isinstance(record, SetAside):
        return {"records": 1}
    return {
        "records": 1,
        f"in {record.language}": 1,
        "without a claim": int(not record.claims),
        "claims": record.claims,
        "sentences": record.sentences,
        "silent sentences": record.silent_sentences,
    }


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else ""
