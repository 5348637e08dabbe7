"""What SHACL cannot ask of a register: that its quotes stand in its texts, that it concludes what its documents give.

Everything is derived again from what is kept (texts, extractions, reference data, decisions) and compared with the
store; where that is of other versions or decisions than the store, this is told and nothing is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from kg import vocab
from kg.archive import extraction_from_object
from kg.documents import sha256
from kg.durable import check_files
from kg.errors import StoreError
from kg.ids import document_graph, document_iri, run_iri
from kg.language.pack import Pack
from kg.model import Extraction, Knowledge
from kg.queries import select
from kg.records import DocumentRecord, SetAside
from kg.register import Core, decisions_text
from kg.repeats import REPEATED
from kg.shacl import Report, Result, make_report
from kg.store import Generation, Workspace

_CONCLUDED: Final[Mapping[str, str]] = {
    "entities": vocab.GRAPH_ENTITIES,
    "facts": vocab.GRAPH_FACTS,
    "direct": vocab.GRAPH_DIRECT,
    "inferred": vocab.GRAPH_INFERRED,
}
_AGAIN = "Build the documents again into another folder, or go back with `kg rollback`."


def check_soundness(
    workspace: Workspace, generation: Generation, core: Core, knowledge: Knowledge, packs: Mapping[str, Pack]
) -> Iterator[tuple[str, Report]]:
    """Yield the report on each thing that must hold of a register besides its shapes."""
    yield "checksums of generations", make_report(_damaged(workspace))
    yield "texts", make_report(_other_texts(workspace, generation))
    yield "quotes", make_report(_false_quotes(workspace, generation))
    yield "extractors", make_report(_unknown_rules(generation, knowledge, packs))
    yield "derivation", make_report(_differences(workspace, generation, core))


def _broken(focus: str, check: str, message: str, path: str | None = None, value: str | None = None) -> Result:
    return Result(
        focus=focus,
        path=path,
        value=value,
        shape=vocab.SHAPE + check,
        severity="Violation",
        message=message,
        component="Soundness",
    )


def _damaged(workspace: Workspace) -> Iterator[Result]:
    for info in workspace.generations():
        number = f"{info.generation:06d}"
        try:
            check_files(workspace.generations_folder / number)
        except StoreError as error:
            yield _broken(run_iri(number), "Generation-checksums", f"{error}.")


# -- texts --------------------------------------------------------------------------------------------------------


def _other_texts(workspace: Workspace, generation: Generation) -> Iterator[Result]:
    """Yield a result for each text that is lost or not the one that was read, also of documents that were set aside."""
    records: list[DocumentRecord | SetAside] = [*generation.documents.every(), *generation.set_aside.every()]
    for record in records:
        try:
            same = sha256(workspace.read_text(record.sha256).encode()) == record.sha256
        except StoreError:
            same = False
        if not same:
            message = f"The text kept of {record.id} is lost, or not the one that was read. Read the document again."
            yield _broken(document_iri(record.id), "Document-text-kept", message, vocab.SHA256, f'"{record.sha256}"')


_QUOTES = f"""
PREFIX dcterms: <{vocab.DCTERMS}>
PREFIX oa: <{vocab.OA}>
SELECT ?evidence ?document ?start ?end ?exact WHERE {{
  GRAPH ?g {{
    ?evidence oa:hasSource/dcterms:identifier ?document ; oa:hasSelector ?position , ?quote .
    ?position oa:start ?start ; oa:end ?end .
    ?quote oa:exact ?exact .
  }}
}} ORDER BY ?document ?start ?end
"""


def _false_quotes(workspace: Workspace, generation: Generation) -> Iterator[Result]:
    text, of = "", None
    for row in select(generation.store, _QUOTES):
        document, exact = row["document"].value, row["exact"].value
        if document != of:
            text, of = _text(workspace, generation, document), document
        found = text[int(row["start"].value) : int(row["end"].value)]
        if found != exact:
            yield _broken(
                row["evidence"].value,
                "Evidence-quote-stands-in-text",
                f"The text of {document} reads {found[:80]!r} there; read the document again.",
                vocab.OA_EXACT,
                str(row["exact"]),
            )


def _text(workspace: Workspace, generation: Generation, document: str) -> str:
    record = generation.documents.get(document)
    if record is None:
        raise StoreError(f"the register is damaged: it holds claims of {document!r}, and does not list that document")
    try:
        return workspace.read_text(record.sha256)
    except StoreError:
        return ""  # told by `_other_texts`


# -- rules --------------------------------------------------------------------------------------------------------


def rule_exists(extractor: str, knowledge: Knowledge, packs: Mapping[str, Pack]) -> bool:
    """Tell whether a pack has the rule that a claim names as its extractor: "en/visit/arrive", "en/offices/head"."""
    language, _, rule = extractor.removesuffix(REPEATED).partition("/")
    file, _, name = rule.rpartition("/")
    if language not in packs:
        return False
    if file == "offices":
        return name in knowledge.concepts["office"]
    frame = file.replace("-", "")
    return any(t.name == name and t.frame.lower() == frame for t in packs[language].triggers)


def _unknown_rules(generation: Generation, knowledge: Knowledge, packs: Mapping[str, Pack]) -> Iterator[Result]:
    known: dict[str, bool] = {}
    for quad in generation.store.quads_for_pattern(None, ox.NamedNode(vocab.EXTRACTOR), None, None):
        extractor = quad.object.value if isinstance(quad.object, ox.Literal) else str(quad.object)
        if extractor not in known:
            known[extractor] = rule_exists(extractor, knowledge, packs)
        if not known[extractor] and isinstance(quad.subject, ox.NamedNode):
            message = "No language pack has the rule that made this claim. `kg build` reads the document again."
            yield _broken(quad.subject.value, "Claim-extractor-exists", message, vocab.EXTRACTOR, str(quad.object))


# -- what is derived ----------------------------------------------------------------------------------------------


def _differences(workspace: Workspace, generation: Generation, core: Core) -> Iterator[Result]:
    """Yield where the store says other than what its documents' extractions and the fusion of their claims give."""
    reason = _why_not(generation, core)
    if reason is not None:
        focus = run_iri(f"{generation.number:06d}")
        yield Result(focus, None, None, vocab.SHAPE + "Register-is-current", "Warning", reason, "Soundness")
        return
    lost, extractions = _extractions(workspace, generation)
    for document in lost:
        message = f"What was read in {document} is lost. Build its documents again."
        yield _broken(document_iri(document), "Document-extraction-kept", message)
    for extraction in extractions:
        document = extraction.document.id
        yield from _compare(
            generation.store, document_graph(document), core.document_quads(extraction), "Document-as-read"
        )
    if not lost:
        found = core.conclude(extractions, None)
        for name, graph in _CONCLUDED.items():
            yield from _compare(generation.store, graph, getattr(found, name), f"Register-{name}-follow")


def _why_not(generation: Generation, core: Core) -> str | None:
    if generation.info.versions != core.versions:
        return "Other versions of code or data read this register, so it was not derived again. `kg build` renews it."
    decided = decisions_text(generation)
    if decided is not None and decided != core.decisions:
        return "Decisions were taken since the last build, so nothing was derived again. `kg build` applies them."
    return None


def _extractions(workspace: Workspace, generation: Generation) -> tuple[list[str], list[Extraction]]:
    """Return the documents whose extraction or text is lost, and the extractions of the others, by id."""
    lost, found = [], []
    for record in generation.documents.every():
        kept = workspace.read_extraction(record.fingerprint)
        try:
            text = workspace.read_text(record.sha256)
        except StoreError:
            kept, text = None, ""
        if kept is None:
            lost.append(record.id)
        else:
            found.append(extraction_from_object(kept, text))
    return lost, found


def _compare(store: ox.Store, graph: str, quads: Iterable[ox.Quad], check: str) -> Iterator[Result]:
    """Yield a result for each triple that only the store's graph has, or only what was derived again."""
    scratch = ox.Store()  # it writes literals as the store does
    scratch.extend(quads)
    there = set(store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
    derived = set(scratch)
    for quad in there ^ derived:
        if isinstance(quad.subject, ox.NamedNode):
            said = "The store says this, and nothing that was read gives it." if quad in there else (
                "What was read gives this, and the store does not say it."
            )  # fmt: skip
            message = f"{said} {_AGAIN}"
            yield _broken(quad.subject.value, check, message, quad.predicate.value, str(quad.object))
