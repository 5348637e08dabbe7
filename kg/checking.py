"""RDF files and the register against the shapes; the register against its axioms, and its quotes against its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg import vocab
from kg.errors import InputError
from kg.ids import document_graph
from kg.model import Knowledge
from kg.resources import load_knowledge, load_packs
from kg.shacl import Gate, Report
from kg.store import Generation, Workspace
from kg.validate import load_shapes, validate_graph
from kg.violations import check_axioms

_TYPE = ox.NamedNode(vocab.RDF_TYPE)
# What a file holds tells which gate judges it; the first that fits.
_SIGNS: Sequence[tuple[Gate, frozenset[str]]] = (
    ("document", frozenset({vocab.CLAIM, vocab.DOCUMENT, vocab.OA_SPECIFIC_RESOURCE, vocab.MENTIONED_IN})),
    ("fact", frozenset({vocab.FACT})),
    ("ontology", frozenset({vocab.OWL_CLASS, vocab.FRAME_CLASS, vocab.FRAME_ROLE, vocab.SKOS_CONCEPT})),
    ("direct", frozenset({vocab.ESTABLISHED_BY, vocab.HELD_BY, vocab.FORMERLY_HELD_BY})),
    ("reference", frozenset({vocab.SKOS_PREF_LABEL, vocab.HOLDER, vocab.GOVERNANCE})),
)
_SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def check_files(
    paths: Iterable[str], *, gate: Gate | None = None, context: Iterable[str] = ()
) -> Iterator[tuple[str, Report]]:
    """Yield the report on each RDF file, judged at `gate` or at the one its contents belong to.

    `context` is RDF that they are about, which goes with each; where none is named, a `context.ttl` beside a file or
    in the folder above it does. Raises InputError for what cannot be read as RDF.
    """
    named = [quad for other in rdf_files(context) for quad in read_rdf(other)]
    knowledge = load_knowledge()
    for path in rdf_files(paths):
        data = read_rdf(path)
        around = named or [quad for other in _context_of(path) for quad in read_rdf(other)]
        yield str(path), validate_graph([*around, *data], load_shapes(gate or gate_of(data)), knowledge)


def _context_of(path: Path) -> list[Path]:
    places = (path.with_name("context.ttl"), path.parent.parent / "context.ttl")
    return [place for place in places if place.is_file() and not place.samefile(path)][:1]


def read_rdf(path: Path) -> list[ox.Quad]:
    """Return the quads of a file, literals as written. Raises InputError naming the place of an error."""
    form = _SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path} is no RDF file by its name; expected one of {', '.join(_SUFFIXES)}")
    try:
        return list(ox.parse(path=str(path), format=form))
    except (SyntaxError, ValueError) as error:
        raise InputError(f"{path} is not valid RDF: {error}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None


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


def check_register(workspace: Workspace, generation: Generation) -> Iterator[tuple[str, Report]]:
    """Yield the report on each part of the register: its shapes, its axioms, and what SHACL cannot ask."""
    from kg.core import load_core
    from kg.soundness import check_soundness

    knowledge = load_knowledge(workspace.reference_folder)
    store = generation.store
    parts: list[tuple[str, Gate, str]] = [
        ("ontology", "ontology", vocab.GRAPH_ONTOLOGY),
        ("reference", "reference", vocab.GRAPH_REFERENCE),
        *((f"document {d}", "document", document_graph(d)) for d in sorted(generation.documents)),
        ("facts", "fact", vocab.GRAPH_FACTS),
        ("direct", "direct", vocab.GRAPH_DIRECT),
    ]
    for name, gate, graph in parts:
        yield name, _check_graph(store, gate, graph, knowledge)
    yield "axioms", check_axioms(store, knowledge)
    if not workspace.loaded:  # which has no texts
        yield from check_soundness(workspace, generation, load_core(workspace), knowledge, load_packs())


def _check_graph(store: ox.Store, gate: Gate, graph: str, knowledge: Knowledge) -> Report:
    quads = list(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    named = {term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.NamedNode)}
    types = [quad for node in named for quad in store.quads_for_pattern(node, _TYPE, None, None)]
    return validate_graph([*quads, *types], load_shapes(gate), knowledge)


def rdf_files(paths: Iterable[str]) -> list[Path]:
    """Return the files, and the RDF files in the folders, in order. Raises InputError for a path that is not there."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
            if not inside:
                raise InputError(f"{path} holds no RDF file")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"{path} does not exist")
    return found
