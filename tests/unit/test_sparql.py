"""Queries of the user's own: from a file or as they stand."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.sparql import Table, read_query, run_query


def test_a_query_is_read_from_a_file_of_that_name_else_taken_as_it_is(tmp_path: Path) -> None:
    """A name too long for a file, or with a zero byte, is a query as well."""
    file = tmp_path / "ask.rq"
    file.write_text("ASK { ?s ?p ?o }", encoding="utf-8")
    assert read_query(str(file)) == "ASK { ?s ?p ?o }"
    for query in ("ASK {}", "ASK {}" + " " * 5000, "ASK {}\0"):
        assert read_query(query) == query


def test_a_file_that_is_no_text_is_an_error_and_no_query(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are named as such, not passed on to the parser."""
    file = tmp_path / "ask.rq"
    file.write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    with pytest.raises(QueryError, match=r"ask\.rq is no text in UTF-8"):
        read_query(str(file))


def test_from_names_the_graphs_that_answer() -> None:
    """FROM takes the place of the union of all graphs; the word in a text or a comment does not."""
    store = ox.Store()
    a, b = (ox.NamedNode(f"http://example.org/{name}") for name in "ab")
    store.extend([ox.Quad(a, a, a, a), ox.Quad(b, b, b, b)])
    ask = "SELECT ?s {} WHERE {{ ?s ?p ?o }} ORDER BY ?s"
    assert run_query(store, ask.format("FROM <http://example.org/b>")) == Table(("s",), (("http://example.org/b",),))
    assert run_query(store, ask.format("FROM <http://example.org/none>")) == Table(("s",), ())
    everything = Table(("s",), (("http://example.org/a",), ("http://example.org/b",)))
    assert run_query(store, ask.format("# FROM <http://example.org/b>\n")) == everything
