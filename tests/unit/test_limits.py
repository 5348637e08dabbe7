"""Questions are read only, ask no other server, and are stopped whatever they do."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kg.errors import InputError, QueryError, Stopped
from kg.limits import limited
from kg.sparql import refuse_service, run_query

N = ox.NamedNode
PAIRS = [
    ox.Quad(N(f"http://e/{a}"), N("http://e/p"), N(f"http://e/{b}"), N("http://e/g"))
    for a in range(40)
    for b in range(40)
]
ENDLESS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)*/(!<urn:y>)*/(!<urn:z>)* ?b . ?c (!<urn:x>)* ?d . ?e (!<urn:x>)* ?f }",
    "SELECT (COUNT(DISTINCT CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
]


def asked(query: str) -> object:
    store = ox.Store()
    store.extend(PAIRS)
    return run_query(store, query)


def test_result_comes_back() -> None:
    """What was found within the limits comes back whole; a known error as its message; a bug as a bug."""
    assert limited(lambda: list(range(300_000)), seconds=60, megabytes=500) == list(range(300_000))

    def refuse() -> None:
        raise InputError("mend it")

    with pytest.raises(QueryError, match=r"^mend it$"):
        limited(refuse, seconds=60, megabytes=500)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        limited(lambda: 1 / 0, seconds=60, megabytes=500)
    with pytest.raises(RuntimeError, match=r"^Corruption: block"):
        limited(_corrupt, seconds=60, megabytes=500)


def _corrupt() -> None:
    raise RuntimeError("Corruption: block checksum mismatch")


@pytest.mark.parametrize("query", ENDLESS)
def test_endless_query_is_stopped(query: str) -> None:
    """A query without end is stopped, and nothing looks like an answer; its process is gone."""
    with pytest.raises(Stopped, match=r"stopped after 0.5 seconds; nothing is shown.*--timeout"):
        limited(lambda: asked(query), seconds=0.5, megabytes=2000)
    with pytest.raises(ChildProcessError):  # none is left to wait for
        os.waitpid(-1, os.WNOHANG)


def test_query_that_eats_memory_is_stopped() -> None:
    """A query with ever more rows is stopped by memory."""
    query = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    with pytest.raises(Stopped, match=r"stopped: it needed more than 200 MB; nothing is shown.*--memory"):
        limited(lambda: asked(query), seconds=100, megabytes=200)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CLEAR DEFAULT",
        "LOAD <http://127.0.0.1:9/x>",
        "PREFIX e: <http://e/> CREATE GRAPH e:g",
        "SELECT * { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }",
        "COPY <http://e/g> TO <http://e/h>",
    ],
)
def test_updates_are_no_queries(update: str) -> None:
    """Whatever would change or load something is no query."""
    with pytest.raises(QueryError, match="no SPARQL query"):
        asked(update)


@pytest.fixture
def server() -> Iterator[tuple[int, list[bytes]]]:
    """A server that notes who comes, on a port of its own."""
    came: list[bytes] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                came.append(connection.recv(10))
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], came
        listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "ASK { service silent <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "ASK { \\u0053ERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "ASK {#\nSERVICE<http://127.0.0.1:PORT/>{?s ?p ?o}}",
        "ASK { FILTER(1<2)SERVICE<http://127.0.0.1:PORT/>{?s ?p ?o}FILTER(3>2) }",
        "ASK { VALUES ?x { <http://127.0.0.1:PORT/> } SERVICE ?x { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:PORT/> ASK { ?a :b 'it''s' . SERVICE : { ?s ?p ?o } }",
        "ASK { ?a ?b '''x''y''' SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        'ASK { ?a ?b "\\"" SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }',
    ],
)
def test_no_other_server_is_asked(query: str, server: tuple[int, list[bytes]]) -> None:
    """SERVICE is refused however it is written, and nobody comes to the server."""
    port, came = server
    with pytest.raises(QueryError, match="SERVICE"):
        asked(query.replace("PORT", str(port)))
    assert came == []


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?service <http://e/service> "SERVICE" }',
        "PREFIX service: <http://e/> SELECT * { ?s service:service ?o } # SERVICE",
        "SELECT * { ?s <http://e/SERVICE> 'a SERVICE' }",
        'SELECT * { ?s ?p """no "SERVICE" here""" }',
    ],
)
def test_the_word_alone_is_no_harm(query: str) -> None:
    """Variables, identifiers, texts and comments may hold the word."""
    refuse_service(query)
    assert asked(query)
