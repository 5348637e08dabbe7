"""Documents to register: composes the steps (read, detect, extract, gate, store, conclude), decides nothing itself."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.archive import extraction_from_object, extraction_object
from kg.documents import RawDocument, Refused, Remark, Unread, count_files, read_documents
from kg.errors import DuplicateDocument, UnknownName, UnsupportedLanguage
from kg.ids import document_graph
from kg.index import Index
from kg.kept import read_before, set_aside_before, stated
from kg.model import Document, Extraction, Sha256
from kg.rdf import run_quads
from kg.reading import document_of
from kg.records import DocumentRecord, SetAside
from kg.register import Core, Means, each_extraction, load_extractions, put_conclusions, replace_base
from kg.shacl import Result
from kg.spool import FileSpool
from kg.store import SPOOLS, Draft, Workspace
from kg.summary import BuildSummary
from kg.wires import signature
from kg.workers import TIMEOUT, Stopped, run_each

# How many documents the gate judges in one pass.
_BATCH = 500
# Concluding anew is less work when more than one document in so many changed.
_MANY = 8
# So many changes, with all that they bear on, are kept in memory.
_FEW = 2000
_BREAKS = "its claims do not conform to the shapes"
Progress = Callable[[str, int, int | None], None]


def build(
    paths: Sequence[str | Path],
    workspace: Workspace,
    core: Callable[[Workspace], Core],
    *,
    prune: bool = False,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
) -> BuildSummary:
    """Bring the documents under `paths` into the register and publish what it then concludes, all at once.

    Nothing is published when nothing changed. Raises StoreError when the workspace is locked or damaged,
    DuplicateDocument when two files claim one id, DataError when the user's reference data is wrong. `jobs` workers
    read documents (None: as many as pays), each at most `timeout` seconds.
    """
    with workspace.locked(), workspace.draft() as draft:
        job = _Build(workspace, draft, core(workspace), progress or _silent, jobs, timeout)
        return job.run(paths, prune=prune, stdin=stdin)


def _size(store: ox.Store, document: str) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(document_graph(document))))


def remove(documents: Sequence[str], workspace: Workspace, core: Callable[[Workspace], Core]) -> BuildSummary:
    """Take documents out of the register, and publish what it then concludes.

    Raises UnknownName, before anything is changed, for a document that is not in.
    """
    with workspace.locked(), workspace.draft() as draft:
        return _Build(workspace, draft, core(workspace), _silent, 1, TIMEOUT).remove(documents)


def retry(
    documents: Sequence[str],
    workspace: Workspace,
    core: Callable[[Workspace], Core],
    *,
    progress: Progress | None = None,
    jobs: int | None = None,
    timeout: float = TIMEOUT,
) -> BuildSummary:
    """Read documents that were set aside again (none named: all of them), and publish what can now be taken.

    A document is read from its file if that is still there, else from the text and metadata that were kept. What cannot
    be taken stays set aside, with its reason. Raises UnknownName for a document that is not set aside.
    """
    with workspace.locked(), workspace.draft() as draft:
        return _Build(workspace, draft, core(workspace), progress or _silent, jobs, timeout).retry(documents)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A document that must be read, and the fingerprint it will be known by."""

    raw: RawDocument
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that was read, before the gate."""

    raw: RawDocument
    fingerprint: str
    extraction: Extraction
    quads: Sequence[ox.Quad]


class _Build:
    """One build at work on a draft."""

    def __init__(
        self, workspace: Workspace, draft: Draft, core: Core, progress: Progress, jobs: int | None, timeout: float
    ) -> None:
        self.workspace, self.draft, self.core, self.progress = workspace, draft, core, progress
        self.jobs, self.timeout = jobs, timeout
        self.summary = BuildSummary(cleared=workspace.cleared)
        self.grown = 0  # quads in the graphs of documents
        self.unjudged: list[_Read] = []
        self.seen: set[str] = set()
        self.refused_origins: set[str] = set()
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self.same_versions = draft.parent is not None and self._parent_versions() == core.versions

    def _parent_versions(self) -> str:
        return next(i.versions for i in self.workspace.generations() if i.generation == self.draft.parent)

    def run(self, paths: Sequence[str | Path], *, prune: bool, stdin: BinaryIO | None) -> BuildSummary:
        self._read_each(self._changed(paths, stdin))
        self._read_each(self._stale())
        if prune:
            self._prune(paths)
        self._forget_digests()
        self._finish()
        return self.summary

    def remove(self, documents: Sequence[str]) -> BuildSummary:
        for document in documents:
            if document not in self.draft.documents and document not in self.draft.set_aside:
                known = sorted({*self.draft.documents, *self.draft.set_aside})
                raise UnknownName("document", document, difflib.get_close_matches(document, known))
        for document in dict.fromkeys(documents):
            self._remove(document)
        self._read_each(self._stale())
        self._finish()
        return self.summary

    def retry(self, documents: Sequence[str]) -> BuildSummary:
        for document in documents:
            if document not in self.draft.set_aside:
                nearest = difflib.get_close_matches(document, list(self.draft.set_aside))
                raise UnknownName("document among those set aside", document, nearest)
        self._read_each(self._again(list(dict.fromkeys(documents)) or list(self.draft.set_aside)))
        self._read_each(self._stale())
        self._finish()
        return self.summary

    # -- documents ----------------------------------------------------------------------------------------------------

    def _is_known(self, origin: str, digest: Sha256) -> bool:
        """Tell whether a file was read before just as it is now, so that it need not be parsed."""
        records = self._from(origin) if self.same_versions else []
        return bool(records) and all(record.digest == digest for record in records)

    def _from(self, origin: str) -> list[DocumentRecord | SetAside]:
        """Return the records of documents that came from a file."""
        return [*self.draft.documents.from_origin(origin), *self.draft.set_aside.from_origin(origin)]

    def _changed(self, paths: Sequence[str | Path], stdin: BinaryIO | None) -> Iterator[_Wanted]:
        """Yield what must be read of the documents under `paths`; note the rest."""
        total = count_files(paths)
        for number, read in enumerate(read_documents(paths, stdin=stdin, known=self._is_known)):
            self.progress("reading documents", number, max(total, number))
            wanted = self._take(read)
            if wanted:
                yield wanted

    def _take(self, read: RawDocument | Unread | Refused | Remark) -> _Wanted | None:
        """Return a document that must be read; note one that need not, or cannot."""
        if isinstance(read, Refused):
            self.summary.refused.append(read)
            self.refused_origins.add(read.origin)
        elif isinstance(read, Remark):
            self.summary.remarks.append(read)
        elif isinstance(read, Unread):
            for record in self._from(read.origin):
                self._keep(record)
        else:
            return self._take_document(read)
        return None

    def _keep(self, record: DocumentRecord | SetAside) -> None:
        self.seen.add(record.id)
        if isinstance(record, SetAside):
            self.summary.set_aside.append(record)
        else:
            self.summary.unchanged.append(record.id)

    def _take_document(self, raw: RawDocument) -> _Wanted | None:
        conflict = self._conflict(raw)
        if conflict:
            self.summary.refused.append(conflict)
            self.refused_origins.add(raw.origin)
            return None
        fingerprint = _fingerprint(raw, self.core.versions)
        known = self.draft.documents.get(raw.id) or self.draft.set_aside.get(raw.id)
        if known and known.fingerprint == fingerprint:
            moved = replace(known, origin=raw.origin, digest=raw.digest, source=raw.source)
            self._record(moved)
            self._keep(moved)
            return None
        self.seen.add(raw.id)
        return _Wanted(raw, fingerprint)

    def _conflict(self, raw: RawDocument) -> Refused | None:
        """Return why a document must not take the place of another file's that is still there and says other things."""
        known = self.draft.documents.get(raw.id) or self.draft.set_aside.get(raw.id)
        if (
            known is None
            or known.origin == raw.origin
            or known.sha256 == raw.sha256
            or "-" in (known.origin, raw.origin)
        ):
            return None
        if not Path(known.origin).exists():
            return None
        return Refused(raw.path, str(DuplicateDocument(raw.id, known.origin, raw.origin)), raw.origin)

    def _record(self, record: DocumentRecord | SetAside) -> None:
        if isinstance(record, SetAside):
            self.draft.set_aside[record.id] = record
        else:
            self.draft.documents[record.id] = record

    def _read_each(self, wanted: Iterator[_Wanted]) -> None:
        """Detect, extract, judge and store documents, or set them aside; extraction may go on in other processes."""
        waiting: deque[_Wanted] = deque()
        load, jobs = self.core.load_extract, self.jobs
        if load is None:
            load, jobs = (lambda: self.core.extract), 1
        documents = self._documents(wanted, waiting)
        for outcome in run_each(documents, load, jobs=jobs, timeout=self.timeout, here=self.core.extract):
            one = waiting.popleft()
            if isinstance(outcome, Stopped) and outcome.lines:
                self._set_aside(one.raw, one.fingerprint, outcome.reason, outcome.lines)
            elif isinstance(outcome, Stopped):
                # It may be read in time on another day: it is kept as one that was never read.
                self._set_aside(replace(one.raw, digest=Sha256("")), "", outcome.reason)
            else:
                extraction = replace(outcome, signature=signature(one.raw.text))
                self.workspace.write_extraction(one.fingerprint, extraction_object(extraction))
                self._await_judgement(one, extraction)
        self._judge()

    def _documents(self, wanted: Iterator[_Wanted], waiting: deque[_Wanted]) -> Iterator[Document]:
        """Yield the documents to extract from, and let each wait for its outcome; settle those that need none."""
        for one in wanted:
            self.workspace.write_text(one.raw.sha256, one.raw.text)
            kept = self.workspace.read_extraction(one.fingerprint)
            if kept is not None:
                self._await_judgement(one, extraction_from_object(kept, one.raw.text))
                continue
            try:
                document = document_of(one.raw)
            except UnsupportedLanguage as error:
                self._set_aside(one.raw, one.fingerprint, f"the text {error}")
                continue
            waiting.append(one)
            yield document

    def _await_judgement(self, one: _Wanted, extraction: Extraction) -> None:
        quads = self.core.document_quads(extraction)
        self.unjudged.append(_Read(one.raw, one.fingerprint, extraction, quads))
        if len(self.unjudged) >= _BATCH:
            self._judge()

    def _judge(self) -> None:
        """Judge all that awaits it in one pass; store what conforms, and set the rest aside, each with its report."""
        batch, self.unjudged = self.unjudged, []
        reports = self.core.check({one.raw.id: one.quads for one in batch}) if batch else {}
        good = [one for one in batch if reports[one.raw.id].conforms]
        for one in batch:
            report = reports[one.raw.id]
            if not report.conforms:
                self._set_aside(one.raw, one.fingerprint, _BREAKS, tuple(report.as_text().splitlines()), report.results)
        for one in good:
            self.grown += len(one.quads) - self._take_out(one.raw.id)
            self._record_read(one.raw, one.fingerprint, one.extraction)
        quads = [quad for one in good for quad in one.quads]
        # Of many documents past the transaction, which would hold them in memory: a draft needs none.
        (self.draft.store.bulk_extend if len(batch) >= _BATCH else self.draft.store.extend)(quads)

    def _take_out(self, document: str) -> int:
        """Remove the graph of a document, if it is in; return how many quads it had."""
        if document not in self.draft.documents:
            return 0
        size = _size(self.draft.store, document)
        self.draft.store.remove_graph(ox.NamedNode(document_graph(document)))
        return size

    def _record_read(self, raw: RawDocument, fingerprint: str, extraction: Extraction) -> None:
        target = self.summary.updated if raw.id in self.draft.documents else self.summary.added
        target.append(raw.id)
        if not extraction.claims:
            self.summary.without_claims.append(raw.id)
        self.draft.set_aside.pop(raw.id, None)
        self.draft.documents[raw.id] = DocumentRecord(
            id=raw.id,
            sha256=raw.sha256,
            fingerprint=fingerprint,
            origin=raw.origin,
            digest=raw.digest,
            source=raw.source,
            language=extraction.document.language,
            stated_language=raw.language,
            language_hint=raw.language_hint,
            media_type=raw.media_type,
            published=extraction.document.published,
            stated_published=raw.published,
            title=raw.title,
            publisher=raw.publisher,
            url=raw.url,
            claims=len(extraction.claims),
            sentences=extraction.sentences,
            silent_sentences=extraction.silent_sentences,
        )

    def _set_aside(
        self,
        raw: RawDocument,
        fingerprint: str,
        reason: str,
        report: tuple[str, ...] = (),
        results: tuple[Result, ...] = (),
    ) -> None:
        """Keep a document out, with the reason; what an earlier version of it said goes out too."""
        self.grown -= self._take_out(raw.id)
        if self.draft.documents.pop(raw.id, None):
            self.summary.removed.append(raw.id)
        record = SetAside(
            raw.id,
            raw.sha256,
            fingerprint,
            raw.origin,
            raw.digest,
            raw.source,
            reason,
            report,
            results,
            stated(raw),
        )
        self.draft.set_aside[raw.id] = record
        self.summary.set_aside.append(record)

    def _again(self, documents: Sequence[str]) -> Iterator[_Wanted]:
        """Yield documents that were set aside, as their files now are, or as they were when the file is gone."""
        records = [self.draft.set_aside[document] for document in documents]
        by_origin: dict[str, list[SetAside]] = {}
        for record in records:
            by_origin.setdefault(record.origin, []).append(record)
        done = 0
        for origin, those in by_origin.items():
            there = read_documents([origin]) if Path(origin).is_file() else ()
            found = {raw.id: raw for raw in there if isinstance(raw, RawDocument)}
            for record in those:
                self.progress("reading again what was set aside", done, len(records))
                done += 1
                raw = found.get(record.id) or set_aside_before(record, self.workspace.read_text(record.sha256))
                raw = replace(raw, path=record.source, source=record.source)
                self.seen.add(raw.id)
                yield _Wanted(raw, _fingerprint(raw, self.core.versions))

    def _stale(self) -> Iterator[_Wanted]:
        """Yield the documents, from the texts kept, that other versions of packs or data read before."""
        if self.same_versions:
            return
        stale = sorted(set(self.draft.documents) - self.seen)
        for number, document in enumerate(stale):
            self.progress("reading again what other versions read", number, len(stale))
            record = self.draft.documents[document]
            raw = read_before(record, self.workspace.read_text(record.sha256))
            self.seen.add(raw.id)
            yield _Wanted(raw, _fingerprint(raw, self.core.versions))

    def _prune(self, paths: Sequence[str | Path]) -> None:
        """Remove documents that came from under `paths` and are there no more."""
        roots = [Path(path).resolve() for path in paths if str(path) != "-"]
        records: list[DocumentRecord | SetAside] = [*self.draft.documents.every(), *self.draft.set_aside.every()]
        for record in records:
            origin = Path(record.origin)
            under = any(origin == root or root in origin.parents for root in roots)
            if under and record.id not in self.seen and record.origin not in self.refused_origins:
                self._remove(record.id)

    def _remove(self, document: str) -> None:
        self.grown -= self._take_out(document)
        self.draft.documents.pop(document, None)
        self.draft.set_aside.pop(document, None)
        self.summary.removed.append(document)

    def _forget_digests(self) -> None:
        """Make files that were partly refused be read again next time, so that the reasons are told again."""
        for origin in self.refused_origins:
            for record in self._from(origin):
                self._record(replace(record, digest=""))

    # -- conclusions --------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        summary, draft = self.summary, self.draft
        sums = draft.documents.sums()
        summary.languages = Counter({n.removeprefix("in "): k for n, k in sums.items() if n.startswith("in ") and k})
        summary.claims, summary.without_a_claim = sums["claims"], sums["without a claim"]
        summary.changed = draft.parent is None or not self.same_versions or self._differs() or self._decided_otherwise()
        if not summary.changed:
            summary.generation = draft.parent or 0
            summary.facts = self._parent_counts().get("facts", 0)
            return
        self.progress("concluding", 0, None)
        if not self.same_versions:
            replace_base(draft.store, self.core.base())
        grown = self._conclude()
        counts = {
            "documents": len(draft.documents),
            "claims": summary.claims,
            "facts": summary.facts,
            "quads": len(draft.store) if grown is None else self._parent_counts()["quads"] + grown,
        }
        built = datetime.now(UTC).isoformat(timespec="seconds")
        run = run_quads(f"{draft.number:06d}", draft.number, self.started, built, [*summary.added, *summary.updated])
        counts["quads"] += len(run)
        draft.store.extend(run)
        self.workspace.publish(draft, versions=self.core.versions, built=built, counts=counts)
        summary.generation = draft.number

    def _conclude(self) -> int | None:
        """Bring conclusions up to date; return how many quads the draft has more, None where they were not counted."""
        summary, draft, keep = self.summary, self.draft, self.core.keep
        if keep is None:
            conclusions = self.core.conclude(load_extractions(self.workspace, draft.documents), None)
            put_conclusions(draft.store, conclusions)
            summary.facts, summary.rejected_facts = conclusions.fact_count, conclusions.rejected
            return None
        read = {*summary.added, *summary.updated}
        gone = {document for document in summary.removed if document not in draft.documents}
        number = len(read | gone)
        few = self.same_versions and number <= _FEW and number * _MANY <= len(draft.documents)
        changed: dict[str, Extraction | None] = dict.fromkeys(gone)
        changed |= {extraction.document.id: extraction for extraction in self._load(read if few else ())}
        means = Means(lambda name: FileSpool(draft.folder / SPOOLS / name), self.progress)
        kept = keep(draft.store, draft.index, changed if few else None, self._load, means)
        summary.facts, summary.rejected_facts = kept.facts, kept.rejected
        summary.unmatched_decisions = kept.unmatched
        return None if kept.quads is None else kept.quads + self.grown

    def _load(self, documents: Iterable[str] | None) -> Iterator[Extraction]:
        """Yield what was read in documents, None: in all; those that are not in are left out."""
        there = self.draft.documents
        return each_extraction(
            self.workspace, there if documents is None else {d: there[d] for d in documents if d in there}
        )

    def _decided_otherwise(self) -> bool:
        """Tell whether the decisions are others than those of the published generation."""
        known = Index(self.draft.index).state("decisions")
        return self.core.keep is not None and known is not None and known != self.core.decisions

    def _differs(self) -> bool:
        """Tell whether the draft is to be published: documents, or only where they lie, are other than before."""
        return self.draft.documents.differ() or self.draft.set_aside.differ()

    def _parent_counts(self) -> dict[str, int]:
        return dict(next(i.counts for i in self.workspace.generations() if i.generation == self.draft.parent))


def _fingerprint(raw: RawDocument, versions: str) -> str:
    """Return what tells whether a document must be read again: its text, what is stated of it, and what reads it."""
    stated = [raw.id, raw.title, raw.published, raw.publisher, raw.url, raw.language, raw.language_hint, raw.media_type]
    return hashlib.sha256(json.dumps([raw.sha256, stated, versions]).encode()).hexdigest()


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""
