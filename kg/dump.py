"""The register as RDF in six formats: sorted, so that the same register gives the same bytes.

N-Quads, TriG and JSON-LD hold all named graphs (the history of builds only when asked for). Triple formats cannot tell
graphs apart, so they hold what needs no telling: ontology, reference data, entities, facts and what holds; or the
graphs that are named. A dump without quotes holds nothing of the documents' own words but names.
"""

from __future__ import annotations

import contextlib
import difflib
import gzip
import heapq
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal, cast

import pyoxigraph as ox

from kg import vocab
from kg.errors import InputError, UnknownName

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
_DOCUMENTS = vocab.GRAPH + "document/"
# What a document says in its own words, in its graph.
_WORDS = frozenset({vocab.OA_EXACT, vocab.DATE_TEXT, vocab.DCTERMS_TITLE})
_QUOTE = ox.NamedNode(vocab.OA_TEXT_QUOTE_SELECTOR)
_TYPE = ox.NamedNode(vocab.RDF_TYPE)
# Characters that XML 1.0 cannot hold, and the one that its parsers would read as another.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_PART = 50_000  # lines or quads that are sorted at once

Compression = Literal["none", "gzip", "zstd"]
SUFFIXES: dict[Compression, str] = {"none": "", "gzip": ".gz", "zstd": ".zst"}


@dataclass(frozen=True, slots=True)
class Extent:
    """What of a register is written: `graphs` (IRIs; None: all that the format can tell apart), history, quotes."""

    graphs: frozenset[str] | None = None
    history: bool = False
    quotes: bool = True


ALL = Extent()


def dump(store: ox.Store, format_: str, stream: IO[bytes], extent: Extent = ALL) -> int:
    """Write `store` to `stream` and return the number of quads (triples in a triple format) written."""
    return write(statements(store, format_, extent), format_, stream)


def statements(store: ox.Store, format_: str, extent: Extent = ALL) -> Iterable[ox.Quad] | Iterable[ox.Triple]:
    """Return what a dump in this format holds, in the order that `write` needs."""
    if format_ == "nquads":
        return quads_of(store, extent)
    if FORMATS[format_].supports_datasets:
        return sorted_quads(store, extent)
    return sorted_triples(store, extent)


def quads_of(store: ox.Store, extent: Extent = ALL) -> Iterator[ox.Quad]:
    """Yield the quads of `extent`, graph by graph, in no order within one: N-Quads are sorted as lines."""
    for graph in _graphs_of(store, extent):
        yield from _quads(store, graph, extent)


def sorted_quads(store: ox.Store, extent: Extent = ALL) -> Iterator[ox.Quad]:
    """Yield the quads of `extent` by graph, subject, predicate, object."""
    for graph in sorted(_graphs_of(store, extent), key=str):
        yield from _in_order(_quads(store, graph, extent))


def sorted_triples(store: ox.Store, extent: Extent = ALL) -> Iterator[ox.Triple]:
    """Yield the distinct triples of the graphs of `extent`, sorted; of those that mean the same without their names."""
    graphs = extent.graphs if extent.graphs is not None else frozenset(_TRIPLE_GRAPHS)
    quads = _in_order(quads_of(store, replace(extent, graphs=graphs)))
    yield from (triple for triple, _ in groupby(quad.triple for quad in quads))


def _graphs_of(store: ox.Store, extent: Extent) -> Iterator[ox.NamedNode]:
    for graph in store.named_graphs():
        name = graph.value if isinstance(graph, ox.NamedNode) else ""
        wanted = extent.history or not name.startswith(_HISTORY) if extent.graphs is None else name in extent.graphs
        if wanted and isinstance(graph, ox.NamedNode):
            yield graph


def _quads(store: ox.Store, graph: ox.NamedNode, extent: Extent) -> Iterable[ox.Quad]:
    found = store.quads_for_pattern(None, None, None, graph)
    return found if extent.quotes or not graph.value.startswith(_DOCUMENTS) else _without_words(found)


def _in_order(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield quads by subject, predicate, object; many are sorted in parts on the disk."""
    rest = iter(quads)
    with contextlib.ExitStack() as opened_files:
        parts: list[Iterable[ox.Quad]] = []
        while found := sorted(islice(rest, _PART), key=_key):
            if not parts and len(found) < _PART:
                yield from found
                return
            part = opened_files.enter_context(tempfile.TemporaryFile())
            ox.serialize(found, part, ox.RdfFormat.N_QUADS)
            part.seek(0)
            parts.append(ox.parse(part, ox.RdfFormat.N_QUADS))
        yield from heapq.merge(*parts, key=_key)


def find_graphs(store: ox.Store, names: Iterable[str]) -> frozenset[str] | None:
    """Return the IRIs of the graphs called `names`: an IRI or its end (`facts`, `document/ru-07`), or `documents`.

    None for no name. Raises UnknownName with the nearest names.
    """
    known = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    found: set[str] = set()
    for name in names:
        wanted = _DOCUMENTS if name == "documents" else ""
        iris = [g for g in known if g in (name, vocab.GRAPH + name) or (wanted and g.startswith(wanted))]
        if not iris:
            near = difflib.get_close_matches(name, [g.removeprefix(vocab.GRAPH) for g in known])
            raise UnknownName("graph", name, near)
        found.update(iris)
    return frozenset(found) or None


def _without_words(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield the quads of a document's graph but for titles, words of dates and whole quotes; names stay."""
    found = list(quads)
    quotes = {quad.subject for quad in found if quad.predicate == _TYPE and quad.object == _QUOTE}
    for quad in found:
        if quad.predicate.value not in _WORDS and quad.subject not in quotes and quad.object not in quotes:
            yield quad


def compression_of(name: str) -> Compression:
    """Return how a file of this name is compressed.

    >>> compression_of("register.nq.gz"), compression_of("-")
    ('gzip', 'none')
    """
    return next((how for how, suffix in SUFFIXES.items() if suffix and name.endswith(suffix)), "none")


@contextlib.contextmanager
def opened(output: str, stdout: BinaryIO, *, compress: bool = False) -> Iterator[IO[bytes]]:
    """Yield the file at `output` (`-`: standard output) for writing; compressed as its name says, or on request.

    A file appears when it is complete. No name and no time go into the compressed bytes, so that they are the same
    twice. Raises InputError when the file cannot be written.
    """
    how: Compression = "gzip" if compress and compression_of(output) == "none" else compression_of(output)
    if output == "-":
        with _through(stdout, how) as stream:
            yield stream
        return
    path = Path(output)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file, _through(file, how) as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _through(file: IO[bytes], how: Compression) -> Iterator[IO[bytes]]:
    if how == "none":
        yield file
    elif how == "gzip":
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
            yield cast("IO[bytes]", stream)
    else:
        import zstandard

        with zstandard.ZstdCompressor(level=10, write_checksum=True).stream_writer(file, closefd=False) as packed:
            yield cast("IO[bytes]", packed)


@contextlib.contextmanager
def opened_to_read(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file's bytes, unpacked as its name says. Raises InputError when it cannot be read."""
    how = compression_of(path.name)
    try:
        with path.open("rb") as file:
            if how == "gzip":
                with gzip.GzipFile(fileobj=file) as stream:
                    yield cast("IO[bytes]", stream)
            elif how == "zstd":
                import zstandard

                try:
                    with zstandard.ZstdDecompressor().stream_reader(file) as packed:
                        yield cast("IO[bytes]", packed)
                except zstandard.ZstdError as error:
                    raise InputError(f"{path} cannot be read: {error}") from None
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def write(found: Iterable[ox.Quad] | Iterable[ox.Triple], format_: str, stream: IO[bytes]) -> int:
    """Write statements, sorted but for N-Quads, in a format, and return how many there are."""
    form, counted = FORMATS[format_], _Counted(found)
    if form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES):
        _write_lines(counted, form, stream)
    elif form == ox.RdfFormat.RDF_XML:
        text = (ox.serialize(counted, format=form, prefixes=dict(vocab.PREFIXES)) or b"").decode("utf-8")
        stream.write(_NOT_IN_XML.sub("\ufffd", text).replace("\r", "&#13;").encode("utf-8"))
    else:
        ox.serialize(counted, stream, form, prefixes=dict(vocab.PREFIXES))
    return counted.number


class _Counted:
    """Statements that are counted as they go by."""

    def __init__(self, statements: Iterable[Any]) -> None:
        self._statements = statements
        self.number = 0

    def __iter__(self) -> Iterator[Any]:
        for statement in self._statements:
            self.number += 1
            yield statement


def _write_lines(found: Iterable[Any], form: ox.RdfFormat, stream: IO[bytes]) -> None:
    """Write lines in the order of `LC_ALL=C sort`, so that two dumps can be merged and compared.

    Many lines are sorted in parts on the disk, so that memory does not grow with the register.
    """
    rest = iter(found)
    with contextlib.ExitStack() as opened_files:
        parts: list[IO[bytes]] = []
        while lines := sorted((ox.serialize(islice(rest, _PART), format=form) or b"").splitlines(keepends=True)):
            if not parts and len(lines) < _PART:
                stream.writelines(lines)
                return
            part = opened_files.enter_context(tempfile.TemporaryFile())
            part.writelines(lines)
            part.seek(0)
            parts.append(part)
        for line in heapq.merge(*parts):
            stream.write(line)


def _key(quad: ox.Quad) -> tuple[str, str, str]:
    return str(quad.subject), str(quad.predicate), str(quad.object)
