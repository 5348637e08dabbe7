"""Shapes as others write them: profiles, thesauri, classes that are shapes. We find in them what pyshacl finds."""

import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.conformance.finding import Finding
from kg.validate import Shapes, findings, findings_by_pyshacl

FOLDER = Path(__file__).parent.parent / "shapes_of_others"
NAMES = sorted(path.name.removesuffix(".shapes.ttl") for path in FOLDER.glob("*.shapes.ttl"))
# Results with a message of the shapes' own; other messages are each engine's.
OWN = {"catalogue": 2, "thesaurus": 3 * 3 + 1, "people": 0}  # three concepts in a circle, each above all three


def read(path: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(path))]


def counted(found: Iterable[Finding]) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(map(str, (f.focus, f.path_text(), f.value, f.shape, f.component, f.severity, f.constraint)))
        for f in found
    )


def own_messages(found: Iterable[Finding], shapes: Iterable[ox.Triple]) -> Counter[str]:
    own = {t.subject for t in shapes if t.predicate.value.endswith("#message")}
    texts = ("; ".join(sorted(m.value for m in f.messages)) for f in found if f.shape in own or f.constraint in own)
    return Counter(texts)


@pytest.mark.parametrize("name", NAMES)
def test_we_find_what_pyshacl_finds(name: str) -> None:
    """Every result is the same, and none of these shapes has to be left to pyshacl."""
    logging.disable(logging.WARNING)
    triples, data = read(FOLDER / f"{name}.shapes.ttl"), read(FOLDER / f"{name}.data.ttl")
    shapes = Shapes(triples)
    ours, theirs = findings(data, shapes), findings_by_pyshacl(data, shapes)
    logging.disable(logging.NOTSET)
    assert shapes.compiled.unsupported == ()
    assert counted(ours) == counted(theirs)
    assert own_messages(ours, triples) == own_messages(theirs, triples)
    assert own_messages(ours, triples).total() == OWN[name]
