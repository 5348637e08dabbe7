"""The register as RDF in six formats: sorted, so that the same register gives the same bytes.

N-Quads, TriG and JSON-LD hold all named graphs (the history of builds only when asked for). Triple formats cannot tell
graphs apart, so they hold what needs no telling: ontology, reference data, entities, facts and what holds.
"""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import pyoxigraph as ox

from kg import vocab
from kg.errors import InputError

FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "turtle": ox.RdfFormat.TURTLE,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_TRIPLE_GRAPHS = (
    vocab.GRAPH_ONTOLOGY,
    vocab.GRAPH_REFERENCE,
    vocab.GRAPH_ENTITIES,
    vocab.GRAPH_FACTS,
    vocab.GRAPH_DIRECT,
)
_HISTORY = (vocab.GRAPH + "run/", vocab.GRAPH_REDIRECTS)


def dump(store: ox.Store, format_: str, stream: IO[bytes], *, with_history: bool = False) -> int:
    """Write `store` to `stream` and return the number of quads (triples in a triple format) written."""
    form = FORMATS[format_]
    if form.supports_datasets:
        return _write(sorted_quads(store, with_history=with_history), form, stream)
    return _write(sorted_triples(store), form, stream)


def sorted_quads(store: ox.Store, *, with_history: bool = False) -> list[ox.Quad]:
    """Return all quads, without the history of builds unless asked for, by graph, subject, predicate, object."""
    kept = (quad for quad in store if with_history or not _graph(quad).startswith(_HISTORY))
    return sorted(kept, key=lambda quad: (str(quad.graph_name), *_key(quad.triple)))


def sorted_triples(store: ox.Store) -> list[ox.Triple]:
    """Return the distinct triples of the graphs that mean the same without their names."""
    triples = {
        quad.triple
        for graph in _TRIPLE_GRAPHS
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    }
    return sorted(triples, key=_key)


@contextlib.contextmanager
def opened(output: str, stdout: BinaryIO, *, compress: bool = False) -> Iterator[IO[bytes]]:
    """Yield the file at `output` (`-`: standard output) for writing; with `.gz` or on request, compressed.

    A file appears when it is complete. No name and no time go into the compressed bytes, so that they are the same
    twice. Raises InputError when the file cannot be written.
    """
    compress = compress or output.endswith(".gz")
    if output == "-":
        with _through(stdout, compress=compress) as stream:
            yield stream
        return
    path = Path(output)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file, _through(file, compress=compress) as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _through(file: IO[bytes], *, compress: bool) -> Iterator[IO[bytes]]:
    if not compress:
        yield file
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
        yield cast("IO[bytes]", stream)


def _write(statements: list[ox.Quad] | list[ox.Triple], form: ox.RdfFormat, stream: IO[bytes]) -> int:
    if form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES):
        lines = (ox.serialize(statements, format=form) or b"").splitlines(keepends=True)
        stream.writelines(sorted(lines))  # the order of `LC_ALL=C sort`, so that two dumps can be merged and compared
    else:
        ox.serialize(statements, stream, form, prefixes=dict(vocab.PREFIXES))
    return len(statements)


def _key(triple: ox.Triple) -> tuple[str, str, str]:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
