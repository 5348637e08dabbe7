"""Faults planted in 1 % of generated documents are what a build sets aside: python bench/planted.py 10000

Claims are made up (as in incremental.py) and one fault is planted in the graph of each hundredth document, every kind
in turn; the gate, the store, the joins and the facts are the real ones. Prints what was set aside, and the speed of the
gate in processor time: all documents in batches as in a build, and one by one. Ends with an error where anything else
was set aside, a report does not name its fault, or a planted document has left anything in the register.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from incremental import Extractions, _documents

from kg import vocab
from kg.core import load_core
from kg.ids import document_graph
from kg.model import Extraction
from kg.pipeline import build
from kg.register import Core
from kg.resources import load_knowledge
from kg.shacl import Report
from kg.store import Workspace
from kg.summary import BuildSummary
from kg.vocab import CHY, DCTERMS, ID, OA, RDF_TYPE, SCHEMA, SHAPE, SKOS, XSD

EVERY = 100  # one document in so many has a fault


@dataclass(frozen=True)
class Fault:
    """A fault: in the first quad of the graph with this predicate (and object, if told), the object becomes `value`.

    `value` None takes the quad out; `more` keeps the old quad. `shape`: the one it breaks, by its name.
    """

    shape: str
    predicate: str
    value: ox.NamedNode | ox.Literal | None
    of: str | None = None
    more: bool = False


def _id(name: str) -> ox.NamedNode:
    return ox.NamedNode(ID + name)


def _typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


FAULTS = (
    Fault("Claim-confidence", CHY + "confidence", _typed("1.7", "decimal")),
    Fault("Claim-confidence", CHY + "confidence", ox.Literal("high")),
    Fault("Claim-polarity", CHY + "polarity", None),
    Fault("Claim-modality", CHY + "modality", _id("status/disputed")),
    Fault("Claim-modality", CHY + "modality", _id("modality/planned"), more=True),
    Fault("Claim-evidence", CHY + "evidence", None),
    Fault("Claim-extractor", CHY + "extractor", ox.Literal("a guess")),
    Fault("Claim-former", CHY + "former", ox.Literal("yes")),
    Fault("Visit-destination", CHY + "destination", _id("person/sergey-lavrov")),
    Fault("Visit-destination", CHY + "destination", _id("state/KAZ"), more=True),
    Fault("Visit-visitor", CHY + "visitor", None),
    Fault("AgreementSigning-subject", CHY + "subject", _id("act/list")),
    Fault("RoleOf-donor-frame", CHY + "donor", _id("state/KAZ")),
    Fault("Date-order", CHY + "earliest", _typed("2099-01-01", "date")),
    Fault("Date-earliest", CHY + "earliest", _typed("2025-02-30", "date")),
    Fault("Date-edtf", CHY + "edtf", ox.Literal("last summer")),
    Fault("Document-spans-inside", OA + "end", _typed("100000", "integer")),
    Fault("Position-order", OA + "end", _typed("0", "integer")),
    Fault("Position-start", OA + "start", _typed("-1", "integer")),
    Fault("Quote-exact", OA + "exact", ox.Literal("")),
    Fault("Evidence-source", OA + "hasSource", None),
    Fault("Mention-prefLabel", SKOS + "prefLabel", None),
    Fault("Entity-prefLabel", SKOS + "prefLabel", ox.Literal("Another Name", language="en"), more=True),
    Fault("Document-language", SCHEMA + "inLanguage", ox.Literal("de")),
    Fault("Document-sha256", CHY + "sha256", ox.Literal("abc")),
    Fault("Document-identifier", DCTERMS + "identifier", ox.Literal("two"), more=True),
)
# What is planted in a claim of the frame that has the role.
_NEW = {CHY + "former": CHY + "holder", CHY + "donor": CHY + "visitor"}


def fault_of(number: int) -> Fault | None:
    """Return the fault planted in a document, None for most."""
    return FAULTS[number // EVERY % len(FAULTS)] if number % EVERY == EVERY // 2 else None


def planted(quads: Sequence[ox.Quad], fault: Fault) -> list[ox.Quad]:
    """Return the graph with the fault in it."""
    told = _NEW.get(fault.predicate, fault.predicate)
    at, old = next((n, q) for n, q in enumerate(quads) if q.predicate.value == told)
    new = [] if fault.value is None else [
        ox.Quad(old.subject, ox.NamedNode(fault.predicate), fault.value, old.graph_name)
    ]  # fmt: skip
    kept = [old] if fault.more or told != fault.predicate else []
    return [*quads[:at], *kept, *new, *quads[at + 1 :]]


class Gate:
    """The real gate, timed."""

    def __init__(self, check: Callable[[Mapping[str, Sequence[ox.Quad]]], Mapping[str, Report]]) -> None:
        self._check = check
        self.seconds, self.documents = 0.0, 0

    def __call__(self, graphs: Mapping[str, Sequence[ox.Quad]]) -> Mapping[str, Report]:
        begun = time.process_time()
        reports = self._check(graphs)
        self.seconds += time.process_time() - begun
        self.documents += len(graphs)
        return reports


def run(size: int, folder: Path) -> tuple[BuildSummary, Gate, list[Mapping[str, Sequence[ox.Quad]]]]:
    """Build a register of `size` documents, a hundredth of them with faults; return what was done."""
    knowledge = load_knowledge()
    gates: list[Gate] = []
    seen: list[Mapping[str, Sequence[ox.Quad]]] = []

    def core(at: Workspace) -> Core:
        real = load_core(at)
        made = Extractions(knowledge, max(size, 3))

        def quads(extraction: Extraction) -> Sequence[ox.Quad]:
            fault = fault_of(int(extraction.document.id.removeprefix("en-")))
            whole = real.document_quads(extraction)
            return whole if fault is None else planted(whole, fault)

        gates.append(Gate(real.check))

        def check(graphs: Mapping[str, Sequence[ox.Quad]]) -> Mapping[str, Report]:
            if not seen:
                seen.append(graphs)  # the first batch, to be judged one by one later
            return gates[-1](graphs)

        return replace(real, extract=made.extract, load_extract=None, document_quads=quads, check=check)

    documents = _documents(folder / "documents.jsonl", 0, size)
    summary = build([documents], Workspace(folder / "register"), core)
    return summary, gates[0], seen


def problems(size: int, folder: Path, summary: BuildSummary) -> list[str]:
    """Return what is not as it should be; nothing, if all is well."""
    wanted = {f"en-{n}": fault for n in range(size) if (fault := fault_of(n)) is not None}
    found = {record.id: record for record in summary.set_aside}
    wrong = [f"set aside without a fault: {name}" for name in found.keys() - wanted.keys()]
    wrong += [f"a fault was let in: {name} {wanted[name].shape}" for name in wanted.keys() - found.keys()]
    for name in wanted.keys() & found.keys():
        fault, record = wanted[name], found[name]
        named = [r for r in record.results if r.shape == SHAPE + fault.shape and r.severity == "Violation"]
        values = {r.value for r in named}
        if not named:
            wrong.append(f"{name}: the report does not name {fault.shape}: {record.report}")
        elif fault.value is not None and not fault.more and not values & {None, str(fault.value)}:
            if fault.shape not in ("RoleOf-donor-frame", "Position-order"):  # these name another value of the two
                wrong.append(f"{name}: the report names {values}, not {fault.value}")
    with Workspace(folder / "register").open() as generation:
        if len(generation.documents) != size - len(wanted):
            wrong.append(f"{len(generation.documents)} documents are in, of {size - len(wanted)}")
        for name in wanted:
            graph = ox.NamedNode(document_graph(name))
            if next(generation.store.quads_for_pattern(None, None, None, graph), None) is not None:
                wrong.append(f"{name} was set aside, and is in the store")
        claims = {q.object for p in (vocab.SUPPORTED_BY, vocab.OPPOSED_BY)
                  for q in generation.store.quads_for_pattern(None, ox.NamedNode(p), None, None)}  # fmt: skip
        there = {q.subject for q in generation.store.quads_for_pattern(
            None, ox.NamedNode(RDF_TYPE), ox.NamedNode(vocab.CLAIM), None)}  # fmt: skip
        if claims - there:
            wrong.append(f"{len(claims - there)} claims of facts are of no document")
        if summary.facts == 0:
            wrong.append("no fact was concluded")
    return wrong


def main() -> None:
    """Print what happened as a line of JSON, and what is wrong."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.process_time()
        summary, gate, seen = run(size, folder)
        built = time.process_time() - begun
        wrong = problems(size, folder, summary)
        check = load_core(Workspace(folder / "register")).check
        sample = {d: quads for graphs in seen for d, quads in graphs.items()}
        begun = time.process_time()
        for document, quads in sample.items():
            check({document: quads})
        alone = time.process_time() - begun
    print(json.dumps({
        "documents": size, "set aside": len(summary.set_aside), "kinds of faults": len(FAULTS),
        "build, s": round(built, 1), "gate, s": round(gate.seconds, 2),
        "documents/s through the gate in a build": round(gate.documents / gate.seconds),
        "documents/s one by one": round(len(sample) / alone), "quads": sum(map(len, seen[0].values())) // len(seen[0]),
    }))  # fmt: skip
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
