"""Shapes compiled to SPARQL and pyshacl find the same in graphs and by shapes that nobody thought of."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from shacl_strategies import CONSTRAINTS, ORDER, TARGETS, cases

from kg.conformance.finding import Finding
from kg.validate import Shapes, findings, findings_by_pyshacl

PATHS = {"predicate", "sequence", "inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"}
FURTHER = {"deactivated", "severity", "message", "flags", "ignoredProperties", "qualifiedValueShapesDisjoint"}

Case = tuple[list[ox.Triple], list[ox.Triple], frozenset[str]]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Leave out what rdflib says of each ill-typed literal."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def counted(found: Iterable[Finding]) -> Counter[tuple[str, ...]]:
    """Return the results as they are compared, each with how often it was found."""
    return Counter(
        (
            *map(str, (f.focus, f.path_text(), f.value, f.shape, f.component, f.severity)),
            *sorted(map(str, f.messages)),
        )
        for f in found
    )


@given(case=cases())
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_compiled_shapes_find_what_pyshacl_finds(case: Case) -> None:
    """Every result is the same, as often, whatever the data and the shapes."""
    data, triples, _ = case
    shapes = Shapes(triples)
    assert shapes.compiled.unsupported == ()
    assert counted(findings(data, shapes)) == counted(findings_by_pyshacl(data, shapes))


def test_every_part_of_shacl_core_is_drawn() -> None:
    """No component, path, or target is left out of the comparison."""
    seen: Counter[str] = Counter()

    @given(case=cases())
    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def draw(case: Case) -> None:
        seen.update(case[2])

    draw()
    assert set(CONSTRAINTS) | set(TARGETS) | PATHS | FURTHER <= set(seen)
    assert all(seen[name] >= 5 for name in ORDER)
