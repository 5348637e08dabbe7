"""A SPARQL query of the user's own, read only: any form, its results as rows or as RDF."""

from __future__ import annotations

import re
import sys
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


# What may hold the word without being the keyword: identifiers, texts, comments, variables and prefixed names.
_NO_KEYWORDS = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>"""
    r"""|\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'"""
    r"""|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'"""
    r"""|\#[^\r\n]*|[?$]\w+|(?<![\w.-])[\w.-]*+:[\w:%.-]*""",
    re.S,
)
_SERVICE = re.compile(r"(?<!\w)SERVICE(?!\w)", re.I)
_FROM = re.compile(r"(?<!\w)FROM(?!\w)", re.I)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_service(query: str) -> None:
    """Raise QueryError for a query that would ask other servers: Oxigraph would send it out, wherever it names.

    Conservative: letters written as escapes, which SPARQL lets stand anywhere, count as letters as well.
    """
    if _has(_SERVICE, query):
        raise QueryError(
            "the query has SERVICE, which would ask another server; a register answers from what it holds alone: "
            "leave it out"
        )


def _has(keyword: re.Pattern[str], query: str) -> bool:
    plain = _ESCAPED.sub(_letter, query)
    return any(keyword.search(_NO_KEYWORDS.sub(" ", text)) for text in (query, plain))


def _letter(match: re.Match[str]) -> str:
    number = int(match.group(1) or match.group(2), 16)
    return chr(number) if number < sys.maxunicode else match.group()


def run_query(store: ox.Store, query: str) -> Table | Graph | bool:
    """Return what `query` gives; the default graph is the union of all, or what FROM names; our prefixes are known.

    Raises QueryError with the parser's own words; updates are no queries, and no other server is asked.
    """
    refuse_service(query)
    try:
        result = _solve(store, query)
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


def _solve(store: ox.Store, query: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Return what Oxigraph gives; told to take the union, it would pass over FROM and answer from every graph."""
    union = not _has(_FROM, query)
    return store.query(query, prefixes=dict(vocab.PREFIXES), use_default_graph_as_union=union)


def run_for_json(store: ox.Store, query: str) -> str:
    """Return what `query` gives as SPARQL 1.1 Query Results JSON; raises QueryError as `run_query` does.

    https://www.w3.org/TR/sparql11-results-json/ knows no triples, so a CONSTRUCT or DESCRIBE is refused.
    """
    refuse_service(query)
    try:
        result = _solve(store, query)
        if isinstance(result, ox.QueryTriples):
            raise QueryError("the query gives triples, which SPARQL's JSON does not know: ask with --format ttl")
        return (result.serialize(format=ox.QueryResultsFormat.JSON) or b"").decode() + "\n"
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
