"""What a shapes graph says, as records: shapes, their targets, and one constraint for each value of a parameter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from kg.conformance.literals import Term
from kg.conformance.paths import Path

TargetKind = Literal["Class", "Node", "SubjectsOf", "ObjectsOf"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a shape looks: the instances of a class, one node, or what has or is a value of a property."""

    kind: TargetKind
    term: Term


@dataclass(frozen=True, slots=True)
class ValueTest:
    """What each value must be by itself.

    `component` is the constraint component's name without its ending, such as "Datatype"; `arguments` are its
    parameter's value, or the members of its list; `flags` those of a pattern.
    """

    component: str
    arguments: tuple[Term, ...]
    flags: str = ""


@dataclass(frozen=True, slots=True)
class ShapeTest:
    """Which shapes each value must conform to: "Node" and "Not" have one, "And", "Or" and "Xone" have several."""

    component: str
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many values there are: "MinCount" or "MaxCount"."""

    component: str
    number: int


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """No two values are in one language."""

    component: str = "UniqueLang"


@dataclass(frozen=True, slots=True)
class Pair:
    """How values stand to those of a property: "Equals", "Disjoint", "LessThan", "LessThanOrEquals"."""

    component: str
    predicate: ox.NamedNode


@dataclass(frozen=True, slots=True)
class HasValue:
    """One of the values is this term."""

    value: Term
    component: str = "HasValue"


@dataclass(frozen=True, slots=True)
class Qualified:
    """How many values conform to a shape and to none of its `siblings`: "QualifiedMinCount", "QualifiedMaxCount"."""

    component: str
    shape: Shape
    siblings: tuple[Shape, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Closed:
    """Values have these properties only."""

    allowed: tuple[ox.NamedNode, ...]
    component: str = "Closed"


@dataclass(frozen=True, slots=True)
class Select:
    """A query whose every row is a result; `text` is complete, `node` the constraint in the shapes graph."""

    node: Term
    text: str
    messages: tuple[ox.Literal, ...]
    component: str = "SPARQL"


Constraint = ValueTest | ShapeTest | Count | UniqueLang | Pair | HasValue | Qualified | Closed | Select


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape where it has a path; `properties` are the shapes that its values go on to."""

    node: Term
    path: Path | None
    targets: tuple[Target, ...]
    severity: ox.NamedNode
    messages: tuple[ox.Literal, ...]
    deactivated: bool
    constraints: tuple[Constraint, ...]
    properties: tuple[Shape, ...]

    def inner(self) -> Iterator[Shape]:
        """Yield the shapes that this one refers to."""
        yield from self.properties
        for constraint in self.constraints:
            match constraint:
                case ShapeTest(_, shapes):
                    yield from shapes
                case Qualified(_, shape, siblings):
                    yield shape
                    yield from siblings
