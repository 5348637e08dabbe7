"""What was kept out of a register, and why: a row for each fault of a document, or of a fact that holds nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.checking import check_facts
from kg.errors import UnknownName
from kg.index import REJECTED, Index
from kg.queries import select
from kg.records import SetAside
from kg.shacl import shorten
from kg.store import Generation, Workspace
from kg.vocab import CHY, DCTERMS, PROV

HEADINGS = ("document", "reason", "severity", "node", "path", "value", "repair", "shape", "source")


def find_set_aside(generation: Generation, documents: Sequence[str] = ()) -> list[SetAside]:
    """Return the records of documents that were set aside, of all where none is named. Raises UnknownName."""
    for document in documents:
        if document not in generation.set_aside:
            nearest = difflib.get_close_matches(document, list(generation.set_aside))
            raise UnknownName("document among those set aside", document, nearest)
    return [generation.set_aside[d] for d in documents] if documents else generation.set_aside.every()


def faults_of(record: SetAside) -> Iterator[tuple[str | None, ...]]:
    """Yield a row of HEADINGS for each thing that is wrong with a document, one where its reading came to no graph."""
    for result in record.results:
        terms = (result.focus, result.path, result.value)
        node, path, value = (shorten(term) if term is not None else None for term in terms)
        yield (
            record.id, record.reason, result.severity, node, path, value, result.message, shorten(result.shape),
            record.source,
        )  # fmt: skip
    if not record.results:
        yield record.id, record.reason, None, None, None, None, "\n".join(record.report) or None, None, record.source


_DOCUMENTS = f"""
PREFIX chy: <{CHY}>
SELECT DISTINCT ?document WHERE {{
  GRAPH ?facts {{ ?fact chy:supportedBy|chy:opposedBy ?claim }}
  GRAPH ?graph {{ ?claim <{PROV}wasDerivedFrom>/<{DCTERMS}identifier> ?document }}
  FILTER(?fact = <FACT>)
}} ORDER BY ?document
"""


def faults_of_facts(workspace: Workspace, generation: Generation) -> Iterator[tuple[str | None, ...]]:
    """Yield a row of HEADINGS for each thing that is wrong with a fact that breaks a shape, with its documents."""
    folder = generation.folder / "index"
    facts = {fact for _, fact in Index(ox.Store.read_only(str(folder))).all(REJECTED)} if folder.is_dir() else set()
    results = check_facts(workspace, generation).violations if facts else ()
    for fact in sorted(facts):
        rows = select(generation.store, _DOCUMENTS.replace("<FACT>", str(ox.NamedNode(fact))))
        documents = ", ".join(row["document"].value for row in rows)
        why = "the fact does not conform to the shapes, and holds nowhere"
        own = [r for r in results if r.focus == fact]
        for result in own:
            path, value = (shorten(term) if term is not None else None for term in (result.path, result.value))
            shape = shorten(result.shape)
            yield documents, why, result.severity, shorten(fact), path, value, result.message, shape, None
        if not own:
            yield documents, why, None, shorten(fact), None, None, None, None, None
