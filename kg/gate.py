"""Many documents through the gate in one pass: each gets the report it would get by itself.

The graphs of a batch are judged as one, and a result belongs to the document that has its focus node as a subject. That
is only so where no document speaks of what another one describes; those that do are judged by themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyoxigraph as ox

from kg.shacl import Report, Result, make_report

Judge = Callable[[Iterable[ox.Quad | ox.Triple]], Report]
Graphs = Mapping[str, Sequence[ox.Quad]]


def judge_batch(graphs: Graphs, judge: Judge) -> dict[str, Report]:
    """Return the report on the graph of each document, by document, the same as `judge` gives on that graph alone."""
    owners, apart = _owners(graphs)
    found = _judge_together({d: quads for d, quads in graphs.items() if d not in apart}, owners, judge)
    return {d: found[d] if d in found else judge(quads) for d, quads in graphs.items()}


def _judge_together(graphs: Graphs, owners: Mapping[str, str], judge: Judge) -> dict[str, Report]:
    """Return the reports from one pass; none where a result belongs to no document, and each must be judged alone."""
    results: dict[str, list[Result]] = defaultdict(list)
    for result in judge(quad for quads in graphs.values() for quad in quads).results if graphs else ():
        owner = owners.get(result.focus)
        if owner is None:
            return {}
        results[owner].append(result)
    return {document: make_report(results[document]) for document in graphs}


def _owners(graphs: Graphs) -> tuple[dict[str, str], set[str]]:
    """Return the document that each subject is of, and the documents that share a node which one of them describes."""
    owners: dict[str, str] = {}
    apart: set[str] = set()
    for document, quads in graphs.items():
        for subject in {quad.subject for quad in quads}:
            other = owners.setdefault(_name(subject), document)
            if other != document:
                apart |= {other, document}
    for document, quads in graphs.items():
        for value in {quad.object for quad in quads}:
            other = owners.get(_name(value), document)
            if other != document:
                apart |= {other, document}
    return owners, apart


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term) if isinstance(term, ox.BlankNode) else ""
