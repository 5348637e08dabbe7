"""A register made from a dump: it answers everything, and takes no more documents.

A dump has what documents say and what follows, not their texts. So a loaded register can be asked, proved, drawn and
dumped again (byte for byte), but a build, a decision or a removal would need to read documents again and is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from kg import vocab
from kg.archive import extraction_object
from kg.dump import FORMATS, opened_to_read
from kg.dump_folder import DESCRIPTION, ENDINGS, check_sums
from kg.errors import InputError, StoreError
from kg.ids import digest, document_id
from kg.model import Knowledge
from kg.records import DocumentRecord
from kg.rereading import extraction_from_quads, nodes_of, value_of
from kg.store import Workspace

_VERSIONS = "loaded from a dump"
_NEEDED = (vocab.GRAPH_ONTOLOGY, vocab.GRAPH_REFERENCE, vocab.GRAPH_FACTS)
_DOCUMENTS = vocab.GRAPH + "document/"
_GENERATION = re.compile(r'dcat:version "generation (\d+)"')
_QUADS = ("nquads", "trig", "jsonld")


def load(dump: Path, workspace: Workspace, knowledge: Knowledge) -> tuple[int, int]:
    """Make a register of a dump, a file or a folder; return how many quads and documents it holds.

    Raises InputError for what is no whole dump or is damaged, StoreError for a workspace that is not empty.
    """
    source = find_data(dump)
    if not workspace.is_unused():
        raise StoreError(f"{workspace.folder} is not empty; load a dump into a folder of its own")
    quads = read_quads(source)
    by_graph: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        by_graph.setdefault(quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else "", []).append(quad)
    lacking = [graph.removeprefix(vocab.GRAPH) for graph in _NEEDED if graph not in by_graph]
    if lacking:
        raise InputError(f"{source} is no dump of a whole register: it has no graph {', '.join(lacking)}")
    number = _generation(dump)
    with workspace.locked(), workspace.draft() as draft:
        draft.number = number
        draft.store.bulk_extend(quads)
        for graph, found in sorted(by_graph.items()):
            if graph.startswith(_DOCUMENTS):
                record = _record(document_id(graph), found)
                draft.documents[record.id] = record
                _keep_extraction(workspace, record, found, knowledge)
        claims = draft.documents.sums()["claims"]
        facts = sum(q.predicate.value == vocab.STATUS for q in by_graph[vocab.GRAPH_FACTS])
        counts = {"documents": len(draft.documents), "claims": claims, "facts": facts, "quads": len(quads)}
        workspace.mark_loaded()
        workspace.publish(
            draft, versions=_VERSIONS, built=datetime.now(UTC).isoformat(timespec="seconds"), counts=counts
        )
    return len(quads), counts["documents"]


def find_data(dump: Path) -> Path:
    """Return the file to load: the dump itself, or the one of a checked dump folder that holds all graphs.

    Raises InputError where there is none, or where a file of the folder is not as it was written.
    """
    if not dump.is_dir():
        return dump
    files = check_sums(dump)
    for format_ in _QUADS:
        for name in files:
            if name.startswith(f"register.{ENDINGS[format_]}"):
                return dump / name
    raise InputError(f"{dump} holds no file with all graphs")


def read_quads(path: Path) -> list[ox.Quad]:
    """Return the quads of a file in a format that tells graphs apart. Raises InputError for anything else."""
    bare = path.name.removesuffix(".gz").removesuffix(".zst")
    format_ = next((f for f in _QUADS if bare.endswith("." + ENDINGS[f])), None)
    if format_ is None:
        endings = ", ".join(f".{ENDINGS[f]}" for f in _QUADS)
        raise InputError(f"{path} cannot be loaded: expected a file in {endings} (also .gz or .zst), or a dump folder")
    with opened_to_read(path) as stream:
        try:
            return list(ox.parse(stream, FORMATS[format_]))
        except (SyntaxError, ValueError) as error:
            raise InputError(f"{path} is not valid RDF: {error}") from None


def _generation(dump: Path) -> int:
    """Return the number that the register had in the dump folder's description, 1 where there is none."""
    if dump.is_dir() and (dump / DESCRIPTION).is_file():
        found = _GENERATION.search((dump / DESCRIPTION).read_text(encoding="utf-8"))
        return int(found.group(1)) if found else 1
    return 1


def _record(document: str, quads: Iterable[ox.Quad]) -> DocumentRecord:
    nodes = nodes_of(quads)
    described = [node for node in nodes.values() if value_of(node, vocab.DCTERMS_IDENTIFIER) == document]
    if len(described) != 1:
        raise InputError(
            f"the graph of the document {document!r} does not describe it: no dump of a register, or damaged"
        )
    (node,) = described
    kinds = Counter(
        term.value for n in nodes.values() for term in n.get(vocab.RDF_TYPE, ()) if isinstance(term, ox.NamedNode)
    )
    return DocumentRecord(
        id=document,
        sha256=value_of(node, vocab.SHA256) or "",
        fingerprint=digest(_VERSIONS, document),
        origin="",
        digest="",
        source="",
        language=value_of(node, vocab.SCHEMA_IN_LANGUAGE) or "",
        media_type=value_of(node, vocab.DCTERMS_FORMAT) or "",
        published=value_of(node, vocab.SCHEMA_DATE_PUBLISHED) or value_of(node, vocab.PUBLISHED_EDTF),
        title=value_of(node, vocab.DCTERMS_TITLE),
        publisher=value_of(node, vocab.SCHEMA_PUBLISHER),
        url=value_of(node, vocab.SCHEMA_URL),
        claims=kinds[vocab.CLAIM],
        sentences=int(value_of(node, vocab.SENTENCE_COUNT) or 0),
        silent_sentences=int(value_of(node, vocab.SILENT_SENTENCE_COUNT) or 0),
    )


def _keep_extraction(
    workspace: Workspace, record: DocumentRecord, quads: Iterable[ox.Quad], knowledge: Knowledge
) -> None:
    """Keep what the document says as if it had been read here, so that it can be concluded anew for a day."""
    try:
        extraction = extraction_from_quads(quads, knowledge)
    except (KeyError, StopIteration, ValueError) as error:
        raise InputError(
            f"the claims of the document {record.id!r} cannot be read ({error}): "
            "the dump is damaged, or another version made it"
        ) from None
    workspace.write_extraction(record.fingerprint, extraction_object(extraction))
