"""The core, put together: the real steps behind `kg.register.Core`, with the data they need loaded once."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg import facts, rdf
from kg.conclusions import Grounds, conclude
from kg.decisions import Decisions, read_decisions
from kg.entailment import read_axioms
from kg.errors import ValidationFailed
from kg.extract import Extractor
from kg.gate import Graphs, judge_batch
from kg.gradual import rebuild_in_parts
from kg.increments import rebuild, update
from kg.index import Index
from kg.model import Extraction, Knowledge
from kg.register import Conclusions, Core, Kept, Load, Means, library_versions
from kg.resources import data_fingerprint, load_knowledge, load_packs, ontology_files, parse_turtle, reference_files
from kg.shacl import Report
from kg.skolem import graph_quads
from kg.vocab import GRAPH_ONTOLOGY, GRAPH_REFERENCE
from kg.workers import load_extract

if TYPE_CHECKING:
    from kg.language.pack import Pack
    from kg.store import Workspace


# Documents whose conclusions are drawn in memory, all together; of more they are drawn in parts.
IN_ONE_GO = 2000


def load_core(workspace: Workspace) -> Core:
    """Return the core with our data and the user's own names. Raises DataError for data that is wrong."""
    return _Assembly(workspace.reference_folder, workspace.decisions_file).core()


class _Assembly:
    """Data of the core, each loaded when it is first needed: asking as of a day reads no language pack's words."""

    def __init__(self, user_reference: Path, decisions: Path) -> None:
        self._user_reference, self._decisions = user_reference, decisions

    def core(self) -> Core:
        return Core(
            versions=self._versions(),
            base=self._base,
            extract=lambda document: self._extractor.extract(document),
            document_quads=lambda extraction: rdf.document_quads(extraction, self._knowledge),
            check=self._check,
            conclude=self._conclude,
            conclude_possible=functools.partial(self._conclude, possible=True),
            load_extract=functools.partial(load_extract, self._user_reference),
            decisions=self._decisions_text,
            keep=self._keep,
        )

    def _versions(self) -> str:
        parts = [data_fingerprint(self._user_reference), *library_versions()]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @cached_property
    def _knowledge(self) -> Knowledge:
        return load_knowledge(self._user_reference)

    @cached_property
    def _packs(self) -> Mapping[str, Pack]:
        return load_packs()

    @cached_property
    def _extractor(self) -> Extractor:
        return Extractor(self._knowledge, self._packs)

    @cached_property
    def _ontology(self) -> list[ox.Quad]:
        return [quad for file in ontology_files() for quad in graph_quads(parse_turtle(file), GRAPH_ONTOLOGY)]

    @cached_property
    def _reference(self) -> list[ox.Quad]:
        files = reference_files(self._user_reference)
        return [quad for file in files for quad in graph_quads(parse_turtle(file), GRAPH_REFERENCE)]

    def _base(self) -> Iterable[ox.Quad]:
        """Return ontology and reference graphs. Raises ValidationFailed when the user's own data breaks a shape."""
        from kg.validate import load_shapes, validate_graph

        own = [file for file in reference_files(self._user_reference) if self._user_reference in file.parents]
        for file in own:
            report = validate_graph(parse_turtle(file), load_shapes("reference"), self._knowledge)
            if not report.conforms:
                raise ValidationFailed(
                    f"the names in {file} break the shapes of reference data: {report.as_text()}".rstrip()
                )
        return [*self._ontology, *self._reference]

    def _check(self, graphs: Graphs) -> Mapping[str, Report]:
        from kg.validate import load_shapes, validate_graph

        shapes = load_shapes("document")
        return judge_batch(graphs, lambda quads: validate_graph(quads, shapes, self._knowledge))

    @cached_property
    def _grounds(self) -> Grounds:
        return Grounds(
            self._knowledge,
            read_axioms(self._ontology),
            self._reference,
            facts.ending_rules(self._packs),
            self._breaking,
        )

    @cached_property
    def _decisions_text(self) -> str:
        try:
            return self._decisions.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    @cached_property
    def _decided(self) -> Decisions:
        return read_decisions(self._decisions_text)

    def _keep(
        self,
        store: ox.Store,
        index: ox.Store,
        changed: Mapping[str, Extraction | None] | None,
        load: Load,
        means: Means,
    ) -> Kept:
        """Bring store and index up to date: from what changed, or anew where that is not enough or not less work."""
        decided = self._decided
        if changed is not None:
            before = read_decisions(Index(index).state("decisions") or "")
            done = update(store, index, changed, load, self._grounds, decided, before)
            if done is not None:
                return Kept(done.facts, done.rejected, self._unmatched(load), done.quads)
        every = load(None)
        first = list(islice(every, IN_ONE_GO + 1))
        if len(first) <= IN_ONE_GO:
            found = rebuild(store, index, first, self._grounds, decided)
            return Kept(len(found.facts), tuple(sorted(found.rejected)), self._unmatched(load), None)
        ends = (self._grounds, decided, means.spool, means.progress)
        parts = rebuild_in_parts(store, index, chain(_emptied(first), every), *ends)
        return Kept(parts.facts, parts.rejected, self._unmatched(load), None)

    def _unmatched(self, load: Load) -> tuple[str, ...]:
        """Return the decisions that mean nothing any more."""
        decided = self._decided
        if not decided.claims and not decided.entities:
            return ()
        named = {d.document for d in decided.claims}
        needs_all = None in named or bool(decided.entities)
        wanted = None if needs_all else [document for document in named if document is not None]
        entities = chain(self._knowledge.entities, (entity.id for e in load(wanted) for entity in e.entities))
        return tuple(decided.unmatched((claim for e in load(wanted) for claim in e.claims), entities))

    def _conclude(self, extractions: Sequence[Extraction], day: str | None, *, possible: bool = False) -> Conclusions:
        found = conclude(extractions, self._grounds, self._decided, day, possible=possible)
        entities = [entity.id for extraction in extractions for entity in extraction.entities]
        return Conclusions(
            found.entity_quads,
            found.fact_quads,
            found.direct_quads,
            found.entailments.quads(),
            len(found.facts),
            tuple(sorted(found.rejected)),
            tuple(
                self._decided.unmatched(
                    (claim for extraction in extractions for claim in extraction.claims),
                    [*self._knowledge.entities, *entities],
                )
            ),
        )

    def _breaking(self, quads: Sequence[ox.Quad | ox.Triple]) -> set[str]:
        """Return the facts that break a shape; they get no direct triples and are listed."""
        from kg.validate import load_shapes, validate_graph

        report = validate_graph(quads, load_shapes("fact"), self._knowledge)
        return {result.focus for result in report.violations}


def _emptied(extractions: list[Extraction]) -> Iterator[Extraction]:
    """Yield extractions, and let go of each."""
    extractions.reverse()
    while extractions:
        yield extractions.pop()
