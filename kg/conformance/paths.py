"""Property paths: as records, as SPARQL, and as the triples that SHACL writes them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.vocab import RDF, SH

_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))


@dataclass(frozen=True, slots=True)
class Predicate:
    """The values of a property."""

    iri: ox.NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """What has the node at the end of the path."""

    path: Path


@dataclass(frozen=True, slots=True)
class Steps:
    """One path after another."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of the paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A path any number of times: at least `least` (0 or 1), and at most once where it is not `often`."""

    path: Path
    least: int
    often: bool = True


Path = Predicate | Inverse | Steps | Choice | Repeated

_NAMES = {(0, True): "zeroOrMorePath", (1, True): "oneOrMorePath", (0, False): "zeroOrOnePath"}
_SIGNS = {(0, True): "*", (1, True): "+", (0, False): "?"}


def as_sparql(path: Path) -> str:
    """Return the path in SPARQL's syntax, ready to stand between subject and object.

    >>> as_sparql(Inverse(Predicate(ox.NamedNode("http://example.org/p"))))
    '^<http://example.org/p>'
    """
    match path:
        case Predicate(iri):
            return str(iri)
        case Inverse(inner):
            return "^" + _bracketed(inner)
        case Steps(paths):
            return "/".join(f"({as_sparql(step)})" if isinstance(step, Steps) else as_sparql(step) for step in paths)
        case Choice(paths):
            return "(" + "|".join(as_sparql(choice) for choice in paths) + ")"
        case Repeated(inner, least, often):
            return _bracketed(inner) + _SIGNS[least, often]


def _bracketed(path: Path) -> str:
    text = as_sparql(path)
    return text if isinstance(path, Predicate | Choice) else f"({text})"


def may_be_empty(path: Path) -> bool:
    """Return whether a node is among its own values whatever the data."""
    match path:
        case Predicate():
            return False
        case Inverse(inner):
            return may_be_empty(inner)
        case Steps(paths):
            return all(may_be_empty(step) for step in paths)
        case Choice(paths):
            return any(may_be_empty(choice) for choice in paths)
        case Repeated(inner, least, _):
            return least == 0 or may_be_empty(inner)


def without_empty(path: Path) -> Path:
    """Return the path less its empty way: what it reaches in one step or more.

    SPARQL lets an empty path start only at nodes of the graph where its start is not known, and SHACL at any term.
    """
    match path:
        case Predicate():
            return path
        case Inverse(inner):
            return Inverse(without_empty(inner))
        case Choice(paths):
            return Choice(tuple(without_empty(choice) for choice in paths))
        case Repeated(inner, _, often):
            return Repeated(without_empty(inner), 1) if often else without_empty(inner)
        case Steps(paths):
            return _steps_without_empty(paths)


def _steps_without_empty(paths: Sequence[Path]) -> Path:
    first, rest = paths[0], paths[1:]
    if not rest:
        return without_empty(first)
    after = Steps(tuple(rest)) if len(rest) > 1 else rest[0]
    ways: list[Path] = [Steps((without_empty(first), without_empty(after)))]
    if may_be_empty(first):
        ways.append(without_empty(after))
    if may_be_empty(after):
        ways.append(without_empty(first))
    return Choice(tuple(ways)) if len(ways) > 1 else ways[0]


def can_lead(path: Path, occurs: Callable[[str], bool]) -> bool:
    """Return whether the path can reach anything, by what is told of its properties."""
    match path:
        case Predicate(iri):
            return occurs(iri.value)
        case Inverse(inner):
            return can_lead(inner, occurs)
        case Steps(paths):
            return all(can_lead(step, occurs) for step in paths)
        case Choice(paths):
            return any(can_lead(choice, occurs) for choice in paths)
        case Repeated(inner, least, _):
            return least == 0 or can_lead(inner, occurs)


def is_simple(path: Path) -> bool:
    """Return whether the path is a property, its inverse, or a chain of those: a plain join."""
    match path:
        case Predicate():
            return True
        case Inverse(inner):
            return isinstance(inner, Predicate)
        case Steps(paths):
            return all(is_simple(step) for step in paths)
        case _:
            return False


def as_triples(path: Path) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    """Return the node of the path in a shapes graph or a report, and the triples that say what it is."""
    triples: list[ox.Triple] = []
    return _described(path, triples), triples


def _described(path: Path, triples: list[ox.Triple]) -> ox.NamedNode | ox.BlankNode:
    match path:
        case Predicate(iri):
            return iri
        case Steps(paths):
            return _listed(paths, triples)
        case Inverse(inner):
            name, target = "inversePath", _described(inner, triples)
        case Choice(paths):
            name, target = "alternativePath", _listed(paths, triples)
        case Repeated(inner, least, often):
            name, target = _NAMES[least, often], _described(inner, triples)
    node = ox.BlankNode()
    triples.append(ox.Triple(node, ox.NamedNode(SH + name), target))
    return node


def _listed(paths: Sequence[Path], triples: list[ox.Triple]) -> ox.BlankNode | ox.NamedNode:
    head: ox.BlankNode | ox.NamedNode = _NIL
    for path in reversed(paths):
        cell = ox.BlankNode()
        triples.append(ox.Triple(cell, _FIRST, _described(path, triples)))
        triples.append(ox.Triple(cell, _REST, head))
        head = cell
    return head


def walk(path: Path) -> Iterator[ox.NamedNode]:
    """Yield the properties that the path goes along."""
    match path:
        case Predicate(iri):
            yield iri
        case Inverse(inner) | Repeated(inner):
            yield from walk(inner)
        case Steps(paths) | Choice(paths):
            for inner in paths:
                yield from walk(inner)
