"""The register as the rim sees it: the steps of the core, and what they conclude, put into a store.

What the core does is handed in as `Core`, so that the way of the data can be tested without it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import pyoxigraph as ox

from kg.archive import extraction_from_object
from kg.dates import bounds
from kg.decisions import Decisions, read_decisions
from kg.errors import DataError, StoreError, UnknownName
from kg.gradual import Spool
from kg.index import Index
from kg.model import SILENT, Document, Extraction
from kg.records import DocumentRecord
from kg.shacl import Report
from kg.store import Generation, Workspace
from kg.vocab import GRAPH_DIRECT, GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_INFERRED, GRAPH_ONTOLOGY, GRAPH_REFERENCE

# Versions of the libraries that a text goes through on its way to claims.
_READERS = (
    "babel",
    "charset-normalizer",
    "lingua-language-detector",
    "pymorphy3",
    "pymorphy3-dicts-ru",
    "simplemma",
    "trafilatura",
)

_SHOWN = 120  # characters of a passage in a report


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What the register concludes from all its claims, as quads by graph.

    `rejected` are facts that broke a shape; `unmatched` tells of decisions that mean nothing any more.
    """

    entities: Sequence[ox.Quad]
    facts: Sequence[ox.Quad]
    direct: Sequence[ox.Quad]
    inferred: Sequence[ox.Quad]
    fact_count: int
    rejected: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a register up to date came to; `quads`: how many more there are, None: not counted."""

    facts: int
    rejected: tuple[str, ...]
    unmatched: tuple[str, ...]
    quads: int | None


# Loads what was read in documents, by id; None: in all. One after another: all together may not go into memory.
Load = Callable[[Iterable[str] | None], Iterator[Extraction]]


@dataclass(frozen=True, slots=True)
class Means:
    """What keeping a large register needs: `spool` makes what puts records aside, by name; `progress` is told of it."""

    spool: Callable[[str], Spool]
    progress: Callable[[str, int, int | None], None]


# The store, its index, the changed documents (None: removed; no mapping: all anew), what loads documents, and means.
Keep = Callable[[ox.Store, ox.Store, Mapping[str, Extraction | None] | None, Load, Means], Kept]


@dataclass(frozen=True, slots=True)
class Core:
    """The steps that the core does.

    `base`: the ontology and reference graphs; `check`: what is wrong with each of many
    documents, by their quads (the gate);
    `conclude`: facts of all claims, as of a day or, for None, of the register's last publication day; `load_extract`:
    how a worker process makes an `extract` of its own, None where there are to be no workers; `decisions`: their text;
    `conclude_possible`: like `conclude`, with what may have held on the day;
    `keep`: brings the store and the index of a register up to date, None where all is to be concluded each time.
    """

    versions: str
    base: Callable[[], Iterable[ox.Quad]]
    extract: Callable[[Document], Extraction]
    document_quads: Callable[[Extraction], Sequence[ox.Quad]]
    check: Callable[[Mapping[str, Sequence[ox.Quad]]], Mapping[str, Report]]
    conclude: Callable[[Sequence[Extraction], str | None], Conclusions]
    load_extract: Callable[[], Callable[[Document], Extraction]] | None = None
    conclude_possible: Callable[[Sequence[Extraction], str | None], Conclusions] | None = None
    decisions: str = ""
    keep: Keep | None = None


def load_extractions(workspace: Workspace, documents: Mapping[str, DocumentRecord]) -> list[Extraction]:
    """Return the extractions of all documents, by document id. Raises StoreError when one is lost."""
    return list(each_extraction(workspace, documents))


def each_extraction(workspace: Workspace, documents: Mapping[str, DocumentRecord]) -> Iterator[Extraction]:
    """Yield the extractions of all documents, by document id. Raises StoreError when one is lost."""
    for document in sorted(documents):
        record = documents[document]
        kept = workspace.read_extraction(record.fingerprint)
        if kept is None:
            raise StoreError(
                f"the register at {workspace.folder} is damaged: what was read in {record.id} is lost; "
                "build it again into another folder"
            )
        yield extraction_from_object(kept)


def find_report(workspace: Workspace, generation: Generation, document: str) -> list[tuple[str, int, int, str, str]]:
    """Return the notes of a document's reading: kind, span, reason, the words. Raises UnknownName for no document."""
    record = generation.documents.get(document)
    if record is None:
        raise UnknownName("document", document, difflib.get_close_matches(document, list(generation.documents)))
    text = workspace.read_text(record.sha256)
    (extraction,) = load_extractions(workspace, {document: record})
    return [
        (note.kind, note.span.start, note.span.end, note.reason, " ".join(note.span.slice(text).split())[:_SHOWN])
        for note in sorted(extraction.notes, key=lambda note: (note.span, note.kind, note.reason))
    ]


def count_silent(workspace: Workspace, generation: Generation, entities: Collection[str]) -> int:
    """Return how many sentences name all of `entities`, beside others perhaps, and gave no claim."""
    silent = (record for record in generation.documents.every() if record.silent_sentences)
    found = 0
    for record in silent:
        kept = workspace.read_extraction(record.fingerprint)
        notes = extraction_from_object(kept).notes if kept is not None else ()
        found += sum(note.kind == SILENT and set(entities) <= set(note.reason.split()) for note in notes)
    return found


def store_on(
    workspace: Workspace,
    generation: Generation,
    core: Core,
    *,
    day: str | None = None,
    known_by: str | None = None,
    possible: bool = False,
) -> tuple[ox.Store, int]:
    """Return a copy of the register in memory with what it concludes as of `day`, and how many documents are left out.

    `known_by`: only documents published by that day count; undated ones are left out, and counted. `possible`: what may
    have held on the day counts as well.
    """
    extractions = load_extractions(workspace, generation.documents)
    undated = 0
    if known_by is not None:
        undated = sum(extraction.document.published is None for extraction in extractions)
        extractions = [e for e in extractions if _published_by(e.document.published, known_by)]
    store = ox.Store()
    concluded = {GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_DIRECT, GRAPH_INFERRED}
    store.bulk_extend(q for q in generation.store if getattr(q.graph_name, "value", "") not in concluded)
    conclude = core.conclude_possible if possible and core.conclude_possible is not None else core.conclude
    put_conclusions(store, conclude(extractions, day))
    return store, undated


def _published_by(published: str | None, day: str) -> bool:
    latest = bounds(published)[1] if published else None
    return latest is not None and latest <= day


def decisions_text(generation: Generation) -> str | None:
    """Return the text of the decisions that a generation was concluded by; None where its index is lost."""
    folder = generation.folder / "index"
    return Index(ox.Store.read_only(str(folder))).state("decisions") if folder.is_dir() else None


def decisions_of(generation: Generation) -> Decisions:
    """Return the decisions that a generation was concluded by, for proofs and evidence to name."""
    return read_decisions(decisions_text(generation) or "")


def put_conclusions(store: ox.Store, conclusions: Conclusions) -> None:
    """Put conclusions in the place of earlier ones."""
    for graph in (GRAPH_ENTITIES, GRAPH_FACTS, GRAPH_DIRECT, GRAPH_INFERRED):
        store.remove_graph(ox.NamedNode(graph))
    store.bulk_extend([*conclusions.entities, *conclusions.facts, *conclusions.direct, *conclusions.inferred])


def replace_base(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Put the ontology and reference graphs in the place of what these hold."""
    for graph in (GRAPH_ONTOLOGY, GRAPH_REFERENCE):
        store.remove_graph(ox.NamedNode(graph))
    store.bulk_extend(quads)


def library_versions() -> list[str]:
    """Return name and version of each library that a text goes through."""
    found = []
    for name in _READERS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            raise DataError(f"the library {name} is missing; install the package again") from None
    return found
