"""Dumps: every format loads in another parser with the same counts, the same bytes twice, and no history unasked."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg import vocab
from kg.dump import FORMATS, Extent, dump, find_graphs, opened, opened_to_read
from kg.errors import InputError, UnknownName

N = ox.NamedNode
RDFLIB = {
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "ntriples": "nt",
    "turtle": "turtle",
    "rdfxml": "xml",
}
STATE, LABEL = N(vocab.ID + "state/RUS"), N(vocab.SKOS_PREF_LABEL)
QUADS = [
    ox.Quad(STATE, LABEL, ox.Literal("Russia", language="en"), N(vocab.GRAPH_REFERENCE)),
    ox.Quad(STATE, LABEL, ox.Literal('Россия «\n\t"\\ & <b>', language="ru"), N(vocab.GRAPH_REFERENCE)),
    ox.Quad(STATE, LABEL, ox.Literal("Russia", language="en"), N(vocab.GRAPH_ENTITIES)),
    ox.Quad(N(vocab.ID + "document/a%20b"), N(vocab.SHA256), ox.Literal("00"), N(vocab.GRAPH + "document/a%20b")),
    ox.Quad(N(vocab.ID + "fact/1"), N(vocab.SUPPORTING_CLAIM_COUNT), ox.Literal(3), N(vocab.GRAPH_FACTS)),
    ox.Quad(STATE, N(vocab.chy("recognises")), N(vocab.ID + "armed-group/taliban"), N(vocab.GRAPH_DIRECT)),
    ox.Quad(STATE, N(vocab.RDF_TYPE), N(vocab.ACTOR), N(vocab.GRAPH_INFERRED)),
    ox.Quad(N(vocab.ID + "run/1"), N(vocab.GENERATION), ox.Literal(1), N(vocab.GRAPH + "run/1")),
    ox.Quad(N(vocab.ID + "x"), N(vocab.DCTERMS_IS_REPLACED_BY), STATE, N(vocab.GRAPH_REDIRECTS)),
]


def written(format_: str, quads: list[ox.Quad], *, with_history: bool = False) -> tuple[bytes, int]:
    store, stream = ox.Store(), io.BytesIO()
    store.extend(quads)
    count = dump(store, format_, stream, Extent(history=with_history))
    return stream.getvalue(), count


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("format_", FORMATS)
def test_other_parsers_agree(format_: str) -> None:
    """rdflib finds as many quads, or distinct triples, as were written."""
    data, count = written(format_, QUADS)
    if format_ in ("nquads", "trig", "jsonld"):
        dataset = rdflib.Dataset()
        dataset.parse(data=data, format=RDFLIB[format_])
        assert len(list(dataset.quads())) == count == 7
    else:
        assert len(rdflib.Graph().parse(data=data, format=RDFLIB[format_])) == count == 4


@pytest.mark.parametrize("format_", FORMATS)
def test_same_register_same_bytes(format_: str) -> None:
    """The order in which quads came does not show."""
    assert written(format_, QUADS) == written(format_, QUADS[::-1])


def test_lines_are_sorted() -> None:
    """Line formats are in byte order."""
    lines = written("nquads", QUADS)[0].splitlines()
    assert lines == sorted(lines)


@pytest.mark.parametrize("size", [1, 2, 7, 8])
def test_lines_are_sorted_in_parts(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of more lines than are sorted at once gives the same bytes as one that is sorted whole."""
    whole = written("nquads", QUADS)
    monkeypatch.setattr("kg.dump._PART", size)
    assert written("nquads", QUADS) == whole


@pytest.mark.parametrize("format_", FORMATS)
def test_parts_on_the_disk_give_the_same_bytes(format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that is sorted two quads at a time, on the disk, is written as one that is sorted in memory."""
    whole = written(format_, QUADS)
    monkeypatch.setattr("kg.dump._PART", 2)
    assert written(format_, QUADS) == whole


def test_history_on_request() -> None:
    """Runs and redirects are written only when asked for."""
    assert b"run/1" not in written("nquads", QUADS)[0]
    data, count = written("nquads", QUADS, with_history=True)
    assert b"run/1" in data
    assert count == len(QUADS)


def test_files(tmp_path: Path) -> None:
    """A file appears when it is complete; a compressed one has the same bytes twice, whatever its name."""
    names = ["a.nq", "b.nq.gz", "c.nq.gz", "d.nq.zst", "e.nq.zst"]
    for name in names:
        with opened(str(tmp_path / name), io.BytesIO()) as stream:
            stream.write(b"data")
        with opened_to_read(tmp_path / name) as stream:
            assert stream.read() == b"data"
    assert (tmp_path / "a.nq").read_bytes() == b"data"
    assert gzip.decompress((tmp_path / "b.nq.gz").read_bytes()) == b"data"
    assert (tmp_path / "b.nq.gz").read_bytes() == (tmp_path / "c.nq.gz").read_bytes()
    assert (tmp_path / "d.nq.zst").read_bytes() == (tmp_path / "e.nq.zst").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("name", ["a.nq.gz", "a.nq.zst"])
def test_files_that_are_damaged(name: str, tmp_path: Path) -> None:
    """A compressed file that is cut off or is no such file gives one message."""
    with opened(str(tmp_path / name), io.BytesIO()) as stream:
        stream.write(bytes(range(256)) * 40)
    whole = (tmp_path / name).read_bytes()
    for damaged in (whole[:12] + b"\xff\x13\x37" + whole[15:], b"no compressed data"):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(InputError, match="cannot be read"), opened_to_read(tmp_path / name) as stream:
            stream.read()


def test_what_xml_cannot_hold() -> None:
    """RDF/XML keeps a carriage return as it is, and shows a control character, which XML has not, as unknown."""
    line = ox.Quad(STATE, LABEL, ox.Literal("a\r\nb\x0bc\x1fd", language="en"), N(vocab.GRAPH_REFERENCE))
    data, _ = written("rdfxml", [line])
    (triple,) = rdflib.Graph().parse(data=data, format="xml")
    assert str(triple[2]) == "a\r\nb\ufffdc\ufffdd"


def test_graphs_by_name() -> None:
    """A graph is named by its IRI or the end of it; all documents together; an unknown one gives the nearest."""
    store, stream = ox.Store(), io.BytesIO()
    store.extend(QUADS)
    assert find_graphs(store, ["facts", vocab.GRAPH_DIRECT]) == frozenset({vocab.GRAPH_FACTS, vocab.GRAPH_DIRECT})
    assert find_graphs(store, ["documents"]) == frozenset({vocab.GRAPH + "document/a%20b"})
    assert find_graphs(store, []) is None
    with pytest.raises(UnknownName, match="did you mean 'facts'"):
        find_graphs(store, ["fact"])
    assert dump(store, "ntriples", stream, Extent(find_graphs(store, ["inferred"]))) == 1
    assert b"/ontology#Actor>" in stream.getvalue()


def test_standard_output() -> None:
    """`-` is standard output, compressed on request."""
    stdout = io.BytesIO()
    with opened("-", stdout, compress=True) as stream:
        stream.write(b"data")
    assert gzip.decompress(stdout.getvalue()) == b"data"


def test_file_that_cannot_be_written(tmp_path: Path) -> None:
    """A path that cannot be written gives one message."""
    with pytest.raises(InputError, match="cannot be written"), opened(str(tmp_path / "no" / "a.nq"), io.BytesIO()):
        pass
