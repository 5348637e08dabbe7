"""RDF files and the register against our shapes; the register also against its axioms and what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Literal

import pyoxigraph as ox

from kg import vocab
from kg.conformance.finding import Finding
from kg.decisions import read_decisions
from kg.gate import judge_batch
from kg.ids import claim_iri, document_graph
from kg.rdf import stance_quads
from kg.rdf_files import rdf_files, read_rdf
from kg.register import load_extractions
from kg.resources import load_knowledge, load_packs
from kg.shacl import Gate, Report
from kg.store import Generation, Workspace
from kg.validate import load_shapes, validate_by_pyshacl, validate_graph
from kg.violations import check_axioms

_TYPE = ox.NamedNode(vocab.RDF_TYPE)
_BATCH = 500  # documents judged in one pass
# What a file holds tells which gate judges it; the first that fits.
_SIGNS: Sequence[tuple[Gate, frozenset[str]]] = (
    ("document", frozenset({vocab.CLAIM, vocab.DOCUMENT, vocab.OA_SPECIFIC_RESOURCE, vocab.MENTIONED_IN})),
    ("fact", frozenset({vocab.FACT})),
    ("ontology", frozenset({vocab.OWL_CLASS, vocab.FRAME_CLASS, vocab.FRAME_ROLE, vocab.SKOS_CONCEPT})),
    ("direct", frozenset({vocab.ESTABLISHED_BY, vocab.HELD_BY, vocab.FORMERLY_HELD_BY})),
    ("reference", frozenset({vocab.SKOS_PREF_LABEL, vocab.HOLDER, vocab.GOVERNANCE})),
)
Engine = Literal["store", "pyshacl"]


@dataclass(frozen=True)
class Checked:
    """What was judged, and its report; `findings`: those of somebody's own shapes, for a report in RDF as SHACL has it.

    `notes` are words for people: which engine judged what, and whether anything was judged at all.
    """

    name: str
    report: Report
    findings: tuple[Finding, ...] | None = None
    notes: tuple[str, ...] = ()
    engine: Engine = "store"


def check_files(
    paths: Iterable[str],
    *,
    gate: Gate | None = None,
    context: Iterable[str] = (),
    engine: Engine = "store",
    syntax: str | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Checked]:
    """Yield the report on each RDF file, judged at `gate` or at the one its contents belong to.

    `context` is RDF that they are about, which goes with each; where none is named, a `context.ttl` beside a file or
    in the folder above it does. Raises InputError for what cannot be read as RDF.
    """
    named = [quad for other in rdf_files(context) for quad in read_rdf(other)]
    knowledge = load_knowledge()
    judge = validate_graph if engine == "store" else validate_by_pyshacl
    for path in rdf_files(paths):
        data = read_rdf(path, syntax=syntax, stdin=stdin)
        around = named or [quad for other in _context_of(path) for quad in read_rdf(other)]
        report = judge([*around, *data], load_shapes(gate or gate_of(data)), knowledge)
        notes = () if gate or _is_ours(data) else (f"{path} {_FOREIGN}",)
        yield Checked(str(path), report, notes=notes, engine=engine)


_FOREIGN = "says nothing in Chancery's vocabulary, so that its shapes ask nothing of it; name your own with --shapes"


def _is_ours(data: Iterable[ox.Quad]) -> bool:
    terms = (term for quad in data for term in (quad.predicate, quad.object) if isinstance(term, ox.NamedNode))
    return any(term.value.startswith((vocab.CHY, vocab.ID)) for term in terms)


def _context_of(path: Path) -> list[Path]:
    places = (path.with_name("context.ttl"), path.parent.parent / "context.ttl")
    return [place for place in places if place.is_file() and not place.samefile(path)][:1]


# Properties that reference data has and the graph of what holds has not.
_REFERENCE_ONLY = frozenset(
    {
        vocab.RDF_TYPE,
        vocab.SKOS_ALT_LABEL,
        vocab.SKOS_HIDDEN_LABEL,
        vocab.SCHEMA_SAME_AS,
        vocab.ABBREVIATION,
        vocab.ADJECTIVE,
        vocab.DEMONYM,
        vocab.METONYM,
        vocab.MISSPELLING,
        vocab.FAMILY_NAME,
        vocab.GENDER,
        vocab.ISO_ALPHA_2,
        vocab.ISO_ALPHA_3,
        vocab.ISO_NUMERIC,
        vocab.LOCATED_IN,
        vocab.CAPITAL_OF,
        vocab.ORGAN_OF,
    }
)


def gate_of(data: Iterable[ox.Quad]) -> Gate:
    """Return the gate that judges such data: by the classes and properties it uses; else that of what holds."""
    quads = list(data)
    properties = {quad.predicate.value for quad in quads}
    classes = {quad.object.value for quad in quads if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode)}
    signed = next((gate for gate, signs in _SIGNS if (properties | classes) & signs), None)
    if properties <= {vocab.RDF_TYPE}:
        return "document"  # entities that are only typed: other graphs name them
    return signed or ("reference" if properties <= _REFERENCE_ONLY else "direct")


def check_register(workspace: Workspace, generation: Generation, engine: Engine = "store") -> Iterator[Checked]:
    """Yield the report on each part of the register: its shapes, its axioms, and what SHACL cannot ask."""
    from kg.core import load_core
    from kg.soundness import check_soundness

    knowledge = load_knowledge(workspace.reference_folder)
    store = generation.store
    judge = validate_graph if engine == "store" else validate_by_pyshacl
    base: Sequence[tuple[str, Gate, str]] = (
        ("ontology", "ontology", vocab.GRAPH_ONTOLOGY),
        ("reference", "reference", vocab.GRAPH_REFERENCE),
    )
    concluded: Sequence[tuple[str, Gate, str]] = (
        ("facts", "fact", vocab.GRAPH_FACTS),
        ("direct", "direct", vocab.GRAPH_DIRECT),
    )
    for name, gate, graph in base:
        yield Checked(name, judge(_part(store, graph), load_shapes(gate), knowledge), engine=engine)
    quoted = not workspace.loaded or _has_quotes(store)
    if not quoted:
        yield Checked("quotes", Report(), notes=(_LEFT_OUT,))
    for documents in _batches(sorted(generation.documents)):
        graphs = {d: list(store.quads_for_pattern(None, None, None, _graph(d))) for d in documents}
        reports = judge_batch(graphs, lambda quads: judge(quads, load_shapes("document"), knowledge))
        for d, report in reports.items():
            whole = report if quoted else without_words(report, graphs[d])
            yield Checked(f"document {d}", whole, engine=engine)
    corrected = _corrected(workspace, generation)
    for name, gate, graph in concluded:
        yield Checked(name, judge(_part(store, graph, corrected), load_shapes(gate), knowledge), engine=engine)
    yield Checked("axioms", check_axioms(store, knowledge))
    if not workspace.loaded:  # which has no texts
        core, packs = load_core(workspace), load_packs()
        for name, report in check_soundness(workspace, generation, core, knowledge, packs):
            yield Checked(name, report)


_LEFT_OUT = "quotes are left out: the register was loaded from a dump without them, and has only the places of evidence"


def _has_quotes(store: ox.Store) -> bool:
    """Tell whether any evidence has its words; a dump has all of them or none."""
    quotes = store.quads_for_pattern(None, _TYPE, ox.NamedNode(vocab.OA_TEXT_QUOTE_SELECTOR), None)
    return next(iter(quotes), None) is not None


def without_words(report: Report, quads: Iterable[ox.Quad]) -> Report:
    """Return a report without complaints that evidence which has its place lacks its words."""
    placed = {
        quad.subject.value
        for quad in quads
        if quad.predicate.value == vocab.OA_HAS_SELECTOR and isinstance(quad.subject, ox.NamedNode)
    }
    lacking = (f"{vocab.SHAPE}Evidence-selectors", "MinCount")
    return replace(
        report, results=tuple(r for r in report.results if (r.shape, r.component) != lacking or r.focus not in placed)
    )


def check_facts(workspace: Workspace, generation: Generation) -> Report:
    """Return the report on the facts of the register."""
    knowledge = load_knowledge(workspace.reference_folder)
    facts = _part(generation.store, vocab.GRAPH_FACTS, _corrected(workspace, generation))
    return validate_graph(facts, load_shapes("fact"), knowledge)


def _batches(documents: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (documents[at : at + _BATCH] for at in range(0, len(documents), _BATCH))


def _graph(document: str) -> ox.NamedNode:
    return ox.NamedNode(document_graph(document))


# What the gate knows of things that other graphs describe: their kinds, and the stance of claims.
_KNOWN = tuple(ox.NamedNode(p) for p in (vocab.RDF_TYPE, vocab.POLARITY, vocab.MODALITY, vocab.ATTRIBUTION))


def _corrected(workspace: Workspace, generation: Generation) -> dict[ox.NamedNode, list[ox.Quad]]:
    """Return the stance of claims as editors corrected it: the graphs of documents have it as it was read."""
    if workspace.loaded or not workspace.decisions_file.exists():
        return {}
    decided = read_decisions(workspace.decisions_file.read_text(encoding="utf-8"))
    named = {d.document for d in decided.claims if d.correction is not None}
    documents = generation.documents
    wanted = documents if None in named else {d: documents[d] for d in named if d is not None and d in documents}
    found = {}
    for extraction in load_extractions(workspace, wanted) if named else ():
        read = {claim.id: claim for claim in extraction.claims}
        for claim in decided.counting(extraction).claims:
            if claim != read[claim.id]:
                found[ox.NamedNode(claim_iri(claim.id))] = stance_quads([claim])
    return found


def _part(
    store: ox.Store, graph: str, instead: Mapping[ox.NamedNode, Sequence[ox.Quad]] = MappingProxyType({})
) -> list[ox.Quad]:
    """Return the quads of a graph, and what the gate knows of whatever it names; of some nodes, that `instead`."""
    quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    named = {term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    others = named - instead.keys()
    around = (q for node in others for known in _KNOWN for q in store.quads_for_pattern(node, known, None, None))
    return [*quads, *around, *(q for node in named & instead.keys() for q in instead[node])]
