"""A SPARQL query of the user's own, read only: any form, its results as rows or as RDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import vocab
from kg.errors import QueryError


@dataclass(frozen=True, slots=True)
class Table:
    """The solutions of a SELECT; terms as values, None where unbound."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The triples of a CONSTRUCT or DESCRIBE, sorted."""

    triples: tuple[ox.Triple, ...]


def read_query(text_or_file: str) -> str:
    """Return the query in a file of this name, else the text itself. Raises QueryError if the file cannot be read."""
    path = Path(text_or_file)
    try:
        named = path.is_file()
    except (OSError, ValueError):
        return text_or_file  # too long or too odd for a file's name: a query
    if not named:
        return text_or_file
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{text_or_file} is no text in UTF-8: {error}") from None
    except OSError as error:
        raise QueryError(f"{text_or_file} cannot be read: {error.strerror}") from None


def run_query(store: ox.Store, query: str) -> Table | Graph | bool:
    """Return what `query` gives; its default graph is the union of all, and our prefixes are known.

    Raises QueryError with the parser's own words; updates are no queries.
    """
    try:
        result = store.query(query, prefixes=dict(vocab.PREFIXES), use_default_graph_as_union=True)
        if isinstance(result, ox.QuerySolutions):
            variables = [variable.value for variable in result.variables]
            rows = [tuple(_value(solution[name]) for name in variables) for solution in result]
            return Table(tuple(variables), tuple(rows))
        if isinstance(result, ox.QueryTriples):
            return Graph(tuple(sorted(set(result), key=str)))
        return bool(result)
    except SyntaxError as error:
        raise QueryError(f"the query is no SPARQL query: {error}") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query cannot be run: {error}") from None


def turtle(triples: Sequence[ox.Triple]) -> str:
    """Return triples as Turtle."""
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(vocab.PREFIXES)) or b"").decode()


def _value(term: object) -> str | None:
    return (
        term.value
        if isinstance(term, (ox.NamedNode, ox.Literal, ox.BlankNode))
        else None
        if term is None
        else str(term)
    )
