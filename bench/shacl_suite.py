"""The W3C's test suite of SHACL, by its folder: python bench/shacl_suite.py data-shapes-test-suite/tests/core

Walks the manifests from `manifest.ttl` and compares each report with the expected one by graph isomorphism: conforms,
and of each result its focus node, path, value, component, shape and severity (and its messages, where any is expected).
Prints a line for each test that is not passed, or with `--all` for every test, and how many were passed.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyoxigraph as ox
from pyoxigraph import CanonicalizationAlgorithm, Dataset

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kg.conformance.finding import report_triples
from kg.conformance.literals import Term
from kg.conformance.statements import Statements
from kg.errors import ChanceryError
from kg.validate import Shapes, findings
from kg.vocab import RDF_TYPE, SH

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
COMPARED = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "sourceShape", "resultSeverity")
FAILURE = ox.NamedNode(SHT + "Failure")


@dataclass(frozen=True)
class Outcome:
    """One test: its name, whether it was passed, what else there is to say, and how many shapes went to pyshacl."""

    name: str
    passed: bool
    remark: str
    left: int = 0


def read(path: Path) -> list[ox.Triple]:
    """Return the triples of a file, relative IRIs by where it lies."""
    return [quad.triple for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=path.as_uri())]


def run(manifest: Path) -> Iterator[Outcome]:
    """Yield the outcome of every test of a manifest and of those it includes."""
    triples = read(manifest)
    graph = Statements(triples)
    for node in graph.subjects(RDF_TYPE, ox.NamedNode(MF + "Manifest")):
        for included in graph.values(node, MF + "include"):
            yield from run(_file(included))
        for entries in graph.values(node, MF + "entries"):
            for test in graph.items(entries, node):
                yield judge(graph, test, manifest, triples)


def _file(iri: Term) -> Path:
    return Path(unquote(urlparse(iri.value).path))


def judge(graph: Statements, test: Term, manifest: Path, triples: list[ox.Triple]) -> Outcome:
    """Return the outcome of one test."""
    [action], [expected] = graph.values(test, MF + "action"), graph.values(test, MF + "result")
    [data], [shapes] = graph.values(action, SHT + "dataGraph"), graph.values(action, SHT + "shapesGraph")
    files = {manifest: triples}
    data_triples, shape_triples = (files.setdefault(p, []) or _into(files, p) for p in (_file(data), _file(shapes)))
    name = f"{manifest.parent.name}/{test.value.rsplit('/', 1)[-1]}"
    try:
        compiled = Shapes(shape_triples)
        found = list(report_triples(findings(data_triples, compiled)))
    except ChanceryError as fault:
        return Outcome(name, expected == FAILURE, f"refused: {fault}")
    except Exception as fault:  # pyshacl's own, of many kinds
        return Outcome(name, expected == FAILURE, f"refused by pyshacl: {fault}")
    left = len(compiled.compiled.unsupported)
    if expected == FAILURE:
        return Outcome(name, passed=False, remark="should have been refused", left=left)
    names = (*COMPARED, "resultMessage") if _has_messages(graph, expected) else COMPARED
    ours = Statements(found)
    [report] = ours.subjects(RDF_TYPE, ox.NamedNode(SH + "ValidationReport"))
    one, other = (canonical(g, n, names) for g, n in ((graph, expected), (ours, report)))
    difference = "; ".join([*(f"not found: {t}" for t in one - other), *(f"not expected: {t}" for t in other - one)])
    return Outcome(name, one == other, difference, left)


def _into(files: dict[Path, list[ox.Triple]], path: Path) -> list[ox.Triple]:
    files[path] += read(path)
    return files[path]


def _has_messages(graph: Statements, report: Term) -> bool:
    return any(graph.values(result, SH + "resultMessage") for result in graph.values(report, SH + "result"))


def canonical(graph: Statements, report: Term, names: Iterable[str]) -> set[str]:
    """Return what is compared of a report, as N-Triples whose blank nodes depend on the graph alone."""
    dataset = Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in _compared(graph, report, names))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def _compared(graph: Statements, report: Term, names: Iterable[str]) -> Iterator[ox.Triple]:
    for name in ("conforms", "result"):
        for value in graph.values(report, SH + name):
            yield _triple(report, SH + name, value)
            if name == "result":
                for part in names:
                    for other in graph.values(value, SH + part):
                        yield _triple(value, SH + part, other)
                        if part == "resultPath":
                            yield from _described(graph, other)


def _described(graph: Statements, node: Term) -> Iterator[ox.Triple]:
    if isinstance(node, ox.BlankNode):
        for predicate, values in graph.said.get(node, {}).items():
            for value in values:
                yield _triple(node, predicate, value)
                yield from _described(graph, value)


def _triple(subject: Term, predicate: str, value: Term) -> ox.Triple:
    assert not isinstance(subject, ox.Literal)
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def main() -> None:
    """Print what was not passed, and how many were; end with an error where any was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    outcomes = list(run((options.folder / "manifest.ttl").resolve()))
    for outcome in outcomes:
        if options.all or not outcome.passed:
            by = f" ({outcome.left} shapes by pyshacl)" if outcome.left else ""
            print(f"{'passed' if outcome.passed else 'FAILED'} {outcome.name}{by} {outcome.remark}".rstrip())
    passed = sum(outcome.passed for outcome in outcomes)
    compiled = sum(outcome.passed and not outcome.left for outcome in outcomes)
    print(f"{passed} of {len(outcomes)} passed, {compiled} of them by SPARQL alone")
    sys.exit(passed < len(outcomes))


if __name__ == "__main__":
    main()
