"""Dumps: every format loads in another parser with the same counts, the same bytes twice, and no history unasked."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg import vocab
from kg.dump import FORMATS, dump, opened
from kg.errors import InputError

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
    count = dump(store, format_, stream, with_history=with_history)
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


def test_history_on_request() -> None:
    """Runs and redirects are written only when asked for."""
    assert b"run/1" not in written("nquads", QUADS)[0]
    data, count = written("nquads", QUADS, with_history=True)
    assert b"run/1" in data
    assert count == len(QUADS)


def test_files(tmp_path: Path) -> None:
    """A file appears when it is complete; a compressed one has the same bytes twice, whatever its name."""
    for name in ("a.nq", "b.nq.gz", "c.nq.gz"):
        with opened(str(tmp_path / name), io.BytesIO()) as stream:
            stream.write(b"data")
    assert (tmp_path / "a.nq").read_bytes() == b"data"
    assert gzip.decompress((tmp_path / "b.nq.gz").read_bytes()) == b"data"
    assert (tmp_path / "b.nq.gz").read_bytes() == (tmp_path / "c.nq.gz").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nq", "b.nq.gz", "c.nq.gz"]


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
