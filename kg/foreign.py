"""Anybody's graph, or the register, against anybody's own shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.checking import Checked, Engine
from kg.conformance.focus import targets_focus
from kg.conformance.ground import Ground
from kg.errors import DataError, IllFormedShapes, InputError
from kg.rdf_files import parse_rdf, rdf_files
from kg.shacl import Report, make_report, result_of, shorten
from kg.validate import Shapes, findings, findings_by_pyshacl


def read_shapes(paths: Sequence[str | Path]) -> Shapes:
    """Return the shapes in files and folders, as one graph; owl:imports are not followed.

    Raises InputError for what is no RDF, or holds no shape that says what it judges; DataError for a shape against the
    rules of SHACL. A check that asks nothing would pass whatever the data, and nobody would know.
    """
    files = rdf_files(paths)
    several = len(files) > 1  # else blank nodes keep their names: shapes and data may stand in one file
    shapes = Shapes(quad.triple for file in files for quad in parse_rdf(file, rename=several))
    named = ", ".join(map(str, paths))
    try:
        nodes = shapes.compiled.nodes()
    except IllFormedShapes as error:
        raise DataError(f"{named}: {error}") from None
    if not nodes:
        raise InputError(
            f"{named} holds no shape that says what it judges; expected sh:targetClass, sh:targetNode, "
            "sh:targetSubjectsOf or sh:targetObjectsOf on a shape, or a class that is a shape"
        )
    return shapes


def check_graph(
    paths: Iterable[str],
    shapes: Shapes,
    *,
    context: Iterable[str] = (),
    engine: Engine = "store",
    syntax: str | None = None,
    stdin: BinaryIO | None = None,
) -> Checked:
    """Return the report on RDF files, and on the context that goes with them, all graphs of all of them as one."""
    files, others = rdf_files(paths), rdf_files(context)
    several = len(files) + len(others) > 1
    own = (q for f in files for q in parse_rdf(f, syntax=syntax, stdin=stdin, rename=several))
    data = Ground.of(chain(own, (q for f in others for q in parse_rdf(f, rename=several))))
    return check_ground(", ".join(map(str, files)), data, shapes, engine)


def check_ground(name: str, data: Ground | ox.Store, shapes: Shapes, engine: Engine = "store") -> Checked:
    """Return the report on a graph at hand. Raises DataError for shapes that turn out to be unusable."""
    ground = data if isinstance(data, Ground) else Ground(data)
    try:
        found = findings(ground, shapes) if engine == "store" else findings_by_pyshacl(ground, shapes)
    except IllFormedShapes as error:
        raise DataError(f"the shapes cannot be used: {error}") from None
    elsewhere = dict(_elsewhere(shapes)) if engine == "store" else {}
    owners = _owners(shapes.triples)
    results = (replace(r, shape=owners.get(r.shape, r.shape)) for r in map(result_of, found))
    report = make_report(results, {owners.get(shape, shape): why for shape, why in elsewhere.items()})
    return Checked(name, report, tuple(found), tuple(_notes(ground, shapes, engine, report)), engine)


def _owners(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Return, for each blank node of a shapes graph, the named shape that it is part of: blank nodes have no names."""
    above = {t.object: t.subject for t in triples if isinstance(t.object, ox.BlankNode)}
    found = {}
    for node in above:
        owner: object = node
        for _ in above:
            if not isinstance(owner, ox.BlankNode) or owner not in above:
                break
            owner = above[owner]
        found[str(node)] = owner.value if isinstance(owner, ox.NamedNode) else "an unnamed shape"
    return found


def _elsewhere(shapes: Shapes) -> Iterable[tuple[str, str]]:
    for node, why in shapes.compiled.unsupported:
        yield (node.value if isinstance(node, ox.NamedNode) else str(node)), why


def _notes(ground: Ground, shapes: Shapes, engine: Engine, report: Report) -> Iterable[str]:
    """Yield which engine judged what, and which shapes had nothing to judge."""
    compiled = shapes.compiled
    if engine == "pyshacl":
        yield f"{_shapes(len(compiled.nodes()))} asked by pyshacl"
    else:
        yield f"{_shapes(len(compiled.shapes))} asked in the store"
        for reason, number in sorted(Counter(why for _, why in report.by_pyshacl).items()):
            names = ", ".join(shorten(shape) for shape, why in report.by_pyshacl if why == reason)
            yield f"{_shapes(number)} asked by pyshacl ({names}): {reason}"
    idle = [shape.node for shape in compiled.shapes if targets_focus(shape.targets, ground) is None]
    if idle and len(idle) == len(compiled.nodes()):
        yield "no shape found anything to judge: the data has none of the classes, properties and nodes they target"


def _shapes(number: int) -> str:
    return f"{number} {'shape was' if number == 1 else 'shapes were'}"
