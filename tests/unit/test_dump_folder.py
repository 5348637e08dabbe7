"""Dump folders: others read them and count the same, they load into an equal register, and can leave all words out."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg import vocab
from kg.checking import check_register, without_words
from kg.core import load_core
from kg.dump import FORMATS, Extent, dump
from kg.dump_folder import Edition, check_sums, dump_folder
from kg.errors import InputError, StoreError
from kg.loading import load
from kg.model import Knowledge
from kg.pipeline import build
from kg.queries import ask
from kg.register import store_on
from kg.resources import data_folder
from kg.saved import load_queries
from kg.shacl import Result, make_report
from kg.store import Workspace

SAMPLES = Path(__file__).parents[2] / "documents"
DOCUMENTS = ("en-recognition-of-the-emirate", "kk-askeri-kelisim", "ru-priznanie-emirata", "vi-vien-tro")
RDFLIB = {
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "ntriples": "nt",
    "turtle": "turtle",
    "rdfxml": "xml",
}
VOID = rdflib.Namespace(vocab.VOID)
HEADLINE = ("which-states-recognise", {"recognised": "Taliban"})


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A register of four of the sample documents, one a language; one of them has a title."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "documents").mkdir()
    for name in DOCUMENTS:
        for file in SAMPLES.glob(f"{name}.*"):
            shutil.copy(file, folder / "documents")
    workspace = Workspace(folder / "register")
    build([folder / "documents"], workspace, load_core, jobs=1)
    return workspace


@pytest.fixture(scope="module")
def small(register: Workspace, tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Workspace:
    """The same, loaded from a dump with little of the reference data, so that slow parsers can read it."""
    big, folder = {vocab.GRAPH_REFERENCE, vocab.GRAPH_INFERRED, vocab.GRAPH_DIRECT}, tmp_path_factory.mktemp("small")
    few = re.compile(r"/id/(state/(RUS|CHN|KAZ)|armed-group/taliban)\b")
    with register.open() as generation:
        quads = [q for q in generation.store if q.graph_name.value not in big or few.search(str(q.subject))]  # type: ignore[union-attr]
    ox.serialize(quads, str(folder / "register.nq"), ox.RdfFormat.N_QUADS)
    load(folder / "register.nq", Workspace(folder / "register"), knowledge)
    return Workspace(folder / "register")


@pytest.fixture(scope="module")
def published(small: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump folder of the small register, in all formats, not compressed."""
    folder = tmp_path_factory.mktemp("folder") / "published"
    publish(small, folder)
    return folder


def publish(workspace: Workspace, folder: Path, *, quotes: bool = True) -> None:
    licence = "https://spdx.org/licenses/CC-BY-4.0"
    edition = Edition(tuple(FORMATS), "none", Extent(quotes=quotes), licence=licence, publisher="Example Institute")
    with workspace.open() as generation:
        dump_folder(generation, folder, edition)


def description(folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / "void.ttl", publicID="https://example.org/data/void.ttl")


def counts(graph: rdflib.Graph, subject: str) -> dict[str, int]:
    """Return VoID's numbers for `#subject`."""
    node = rdflib.URIRef(f"https://example.org/data/void.ttl#{subject}")
    names = ("triples", "distinctSubjects", "distinctObjects", "properties", "classes")
    return {name: int(str(graph.value(node, VOID[name]))) for name in names}


# -- dump, load, dump ---------------------------------------------------------------------------------------------


def test_dump_load_dump(register: Workspace, tmp_path: Path, knowledge: Knowledge) -> None:
    """A whole register comes back byte for byte, with its description and checksums."""
    with register.open() as generation:
        dump_folder(generation, tmp_path / "first", Edition(compression="zstd"))
    loaded = Workspace(tmp_path / "loaded")
    load(tmp_path / "first", loaded, knowledge)
    with loaded.open() as generation:
        dump_folder(generation, tmp_path / "second", Edition(compression="zstd"))
    names = ["README.md", "SHA256SUMS", "register.nq.zst", "void.ttl"]
    for folder in ("first", "second"):
        assert sorted(path.name for path in (tmp_path / folder).iterdir()) == names
    for name in names:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


@pytest.mark.parametrize("name", ["register.trig", "register.jsonld"])
def test_other_formats_load(name: str, published: Path, tmp_path: Path, knowledge: Knowledge) -> None:
    """The other formats that tell graphs apart give the same register."""
    stream, loaded = io.BytesIO(), Workspace(tmp_path / "loaded")
    load(published / name, loaded, knowledge)
    with loaded.open() as generation:
        dump(generation.store, "nquads", stream)
    assert stream.getvalue() == (published / "register.nq").read_bytes()


def test_the_folder_twice(small: Workspace, published: Path, tmp_path: Path) -> None:
    """The same register gives the same folder, also over an older dump, whose other files go."""
    with small.open() as generation:
        dump_folder(generation, tmp_path, Edition(("turtle",), "gzip"))
    publish(small, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in published.iterdir())
    assert check_sums(tmp_path) == sorted({p.name for p in published.iterdir()} - {"SHA256SUMS"})
    for file in published.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


def test_a_loaded_register_answers(register: Workspace, small: Workspace) -> None:
    """Its answers with their evidence are those of the register it came from; it can be asked as of a day."""
    query, found = load_queries(data_folder("queries"))[HEADLINE[0]], []
    for workspace in (register, small):
        with workspace.open() as generation:
            found.append(ask(generation.store, query, HEADLINE[1], evidence=True).rows)
    assert found[0] == found[1]
    assert [row.cells[1] for row in found[0]] == ["2025-07-03"]
    with small.open() as generation:
        store, _ = store_on(small, generation, load_core(small), day="2025-07-01")
    assert ask(store, query, HEADLINE[1]).rows == ()


def test_a_loaded_register_is_not_changed(small: Workspace) -> None:
    """A build on it is refused, with the reason and the way out; its texts are said to be absent, not lost."""
    with pytest.raises(StoreError, match=r"loaded from a dump.*build one from the documents into another folder"):
        build([SAMPLES / "vi-vien-tro.txt"], small, load_core)
    with pytest.raises(StoreError, match="loaded from a dump, which has no texts"):
        small.read_text("0" * 64)


def test_what_cannot_be_loaded(small: Workspace, published: Path, tmp_path: Path, knowledge: Knowledge) -> None:
    """A damaged folder, a part of a register, a format without graphs, another folder: each gives one message."""
    new = Workspace(tmp_path / "new")
    damaged = shutil.copytree(published, tmp_path / "damaged")
    data = (damaged / "register.nq").read_bytes()
    (damaged / "register.nq").write_bytes(data.replace(b"2025-07-03", b"2025-07-04", 1))
    with (tmp_path / "facts.nq").open("wb") as file, small.open() as generation:
        dump(generation.store, "nquads", file, Extent(frozenset({vocab.GRAPH_FACTS})))
    (tmp_path / "bad.trig").write_text("<a> <b>", encoding="utf-8")
    for source, message in (
        (damaged, "register.nq is not as it was written"),
        (tmp_path / "facts.nq", "no dump of a whole register: it has no graph ontology, reference"),
        (published / "register.ttl", "expected a file in .nq, .trig, .jsonld"),
        (tmp_path / "bad.trig", "is not valid RDF"),
        (SAMPLES, "is no dump folder"),
    ):
        with pytest.raises(InputError, match=message):
            load(source, new, knowledge)
    assert not new.folder.exists()
    with pytest.raises(StoreError, match="is not empty"):
        load(published, Workspace(published), knowledge)


def test_a_folder_of_other_things_is_left_alone(small: Workspace, tmp_path: Path) -> None:
    """A dump goes into no folder that holds other files."""
    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match="is no dump folder"):
        publish(small, tmp_path)
    (tmp_path / "SHA256SUMS").touch()
    with pytest.raises(InputError, match=r"other things than a dump \(mine.txt\)"):
        publish(small, tmp_path)


# -- other readers ------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("format_", FORMATS)
def test_rdflib_counts_the_same(format_: str, published: Path) -> None:
    """rdflib reads each file without error and finds as many statements as the description says."""
    void = description(published)
    (place,) = (p for p in published.iterdir() if p.suffix == {"nquads": ".nq", "trig": ".trig", "jsonld": ".jsonld",
                "ntriples": ".nt", "turtle": ".ttl", "rdfxml": ".rdf"}[format_] and p.name != "void.ttl")  # fmt: skip
    if format_ in ("nquads", "trig", "jsonld"):
        dataset = rdflib.Dataset()
        dataset.parse(place, format=RDFLIB[format_])
        found = [quad[:3] for quad in dataset.quads()]
    else:
        found = list(rdflib.Graph().parse(place, format=RDFLIB[format_]))
    types = {o for _, p, o in found if p == rdflib.RDF.type}
    assert counts(void, f"data-{format_}") == {
        "triples": len(found),
        "distinctSubjects": len({s for s, _, _ in found}),
        "distinctObjects": len({o for _, _, o in found}),
        "properties": len({p for _, p, _ in found}),
        "classes": len(types),
    }


@pytest.fixture
def rapper() -> Callable[[str, Path], list[str]]:
    """Read a file with rapper, failing at any error or warning; return N-Triples lines."""
    if shutil.which("rapper") is None:
        pytest.skip("rapper (the command of Raptor) is absent")

    def read(format_: str, file: Path) -> list[str]:
        command = ["rapper", "-q", "-i", format_, "-o", "ntriples", file.as_uri()]
        done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
        assert done.stderr == ""
        return done.stdout.splitlines()

    return read


RAPPER = {"nquads": "nq", "trig": "trig", "ntriples": "nt", "turtle": "ttl", "rdfxml": "rdf"}


@pytest.mark.parametrize("format_", RAPPER)
def test_rapper_counts_the_same(format_: str, published: Path, rapper: Callable[[str, Path], list[str]]) -> None:
    """Raptor, which knows all formats but JSON-LD, reads each file without a word, and counts what VoID says."""
    found = [line.split(" ", 2) for line in rapper(format_, published / f"register.{RAPPER[format_]}")]
    typed = f"<{vocab.RDF_TYPE}>"
    assert counts(description(published), f"data-{format_}") == {
        "triples": len(found),
        "distinctSubjects": len({s for s, _, _ in found}),
        "distinctObjects": len({o for _, _, o in found}),
        "properties": len({p for _, p, _ in found}),
        "classes": len({o for _, p, o in found if p == typed}),
    }


def test_rapper_counts_classes_and_graphs(published: Path, rapper: Callable[[str, Path], list[str]]) -> None:
    """Every class, property and graph has the number of members, triples and statements that rapper finds."""
    void = description(published)
    assert rapper("turtle", published / "void.ttl")
    found = [line.removesuffix(" .").split(" ", 2) for line in rapper("nquads", published / "register.nq")]
    classes = {
        str(void.value(part, VOID["class"])): int(str(void.value(part, VOID.entities)))
        for part in void.objects(None, VOID.classPartition)
    }
    typed = {(s, o) for s, p, o in found if p == f"<{vocab.RDF_TYPE}>"}
    assert classes == {o.strip("<>"): sum(c == o for _, c in typed) for o in {o for _, o in typed}}
    properties = {
        str(void.value(part, VOID.property)): int(str(void.value(part, VOID.triples)))
        for part in void.objects(None, VOID.propertyPartition)
    }
    assert properties == {name.strip("<>"): sum(p == name for _, p, _ in found) for name in {p for _, p, _ in found}}
    lines = (published / "register.nq").read_text(encoding="utf-8").splitlines()
    for graph in (vocab.GRAPH_FACTS, vocab.GRAPH_ONTOLOGY):
        part = void.value(None, rdflib.URIRef(vocab.SD + "name"), rdflib.URIRef(graph))
        assert int(str(void.value(part, VOID.triples))) == sum(line.endswith(f" <{graph}> .") for line in lines)


def test_the_description(published: Path) -> None:
    """Licence, publisher, version, languages, time and files stand in it, with the names of the standards."""
    void = description(published)
    me = rdflib.URIRef("https://example.org/data/void.ttl#register")
    dcterms, dcat = rdflib.DCTERMS, rdflib.Namespace(vocab.DCAT)
    assert str(void.value(me, dcterms.license)) == "https://spdx.org/licenses/CC-BY-4.0"
    assert str(void.value(me, dcat.version)) == "generation 1"
    assert {str(o).rsplit("/", 1)[1] for o in void.objects(me, dcterms.language)} == {"en", "kk", "ru", "vi"}
    files = {str(o) for o in void.objects(None, dcat.downloadURL)}
    assert files == {f"https://example.org/data/{p.name}" for p in published.glob("register.*")}
    bases = {str(p).rsplit("#", 1)[0] for p in void.predicates() if "#" in str(p)}
    assert bases <= {s.rstrip("#") for s in (vocab.RDF, vocab.RDFS, vocab.VOID, vocab.DCAT, vocab.PROV, vocab.SD)} | {
        "http://spdx.org/rdf/terms", "http://rdfs.org/ns/void"}  # fmt: skip
    assert "example.org" not in (published / "void.ttl").read_text(encoding="utf-8")


def test_a_consumer_with_nothing_but_rdflib(published: Path) -> None:
    """The README's example names the state, the day, the document and its sentence."""
    (code,) = re.findall(r"```python\n(.*?)```", (published / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=published, check=True, capture_output=True, text=True, encoding="utf-8"
    )
    rows = [line.split(" | ") for line in done.stdout.splitlines()]
    assert {(state, date) for state, date, *_ in rows} == {("Russia", "2025-07-03")}
    assert [document for *_, document, _ in rows] == list(DOCUMENTS[:3])
    for *_, document, sentence in rows:
        assert sentence in (SAMPLES / f"{document}.txt").read_text(encoding="utf-8")


def test_the_guide_for_consumers(published: Path) -> None:
    """The guide's program for a Turtle file, which has no claims, names state and day."""
    guide = (data_folder("docs") / "linked-data.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=published, check=True, capture_output=True, text=True)
    assert done.stdout == f"{vocab.ID}state/RUS 2025-07-03\n"


# -- without quotes -----------------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(found: list[str], length: int = 7) -> set[tuple[str, ...]]:
    return {tuple(found[i : i + length]) for i in range(len(found) - length + 1)}


@pytest.fixture(scope="module")
def told() -> set[tuple[str, ...]]:
    """Every run of seven words in the documents, and every sentence of at least three."""
    texts = [(SAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in DOCUMENTS]
    sentences = (tuple(words(s)) for text in texts for s in re.split(r"[.!?]\s|\n", text))
    return {run for text in texts for run in runs(words(text))} | {s for s in sentences if len(s) > 2}


def told_in(quads: list[ox.Quad], told: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    literals = {q.object.value for q in quads if isinstance(q.object, ox.Literal)}
    found = [words(literal) for literal in literals]
    return {run for run in told if any(run in runs(one, len(run)) for one in found if len(one) >= len(run))}


@pytest.mark.parametrize("format_", FORMATS)
def test_no_sentence_without_quotes(format_: str, small: Workspace, told: set[tuple[str, ...]]) -> None:
    """In no format does a dump without quotes hold a sentence of a document, or seven words of one in a row."""
    with small.open() as generation:
        store, graphs = generation.store, frozenset(g.value for g in generation.store.named_graphs())
        for quotes in (True, False):
            stream = io.BytesIO()
            dump(store, format_, stream, Extent(graphs, quotes=quotes))
            quads = list(ox.parse(stream.getvalue(), FORMATS[format_]))
            assert bool(told_in(quads, told)) == quotes
            titles = {q.object.value for q in quads if q.predicate.value == vocab.DCTERMS_TITLE and "documen" in str(q)}
            assert any(title in stream.getvalue().decode("utf-8") for title in titles) == quotes


def test_a_folder_without_quotes(small: Workspace, tmp_path: Path, knowledge: Knowledge) -> None:
    """It says so, holds no title in any file, and loads into a register that answers without quotes."""
    publish(small, tmp_path / "bare", quotes=False)
    with small.open() as generation:
        (title,) = {record.title for record in generation.documents.every() if record.title}
    for file in (tmp_path / "bare").iterdir():
        assert title not in file.read_text(encoding="utf-8")
    assert "left out of this edition" in (tmp_path / "bare" / "README.md").read_text(encoding="utf-8")
    loaded = Workspace(tmp_path / "loaded")
    load(tmp_path / "bare", loaded, knowledge)
    with loaded.open() as generation:
        query = load_queries(data_folder("queries"))[HEADLINE[0]]
        (row,) = ask(generation.store, query, HEADLINE[1], evidence=True).rows
    assert row.cells[1] == "2025-07-03"
    assert sorted(e.document for e in row.evidence if e.stance == "supports") == list(DOCUMENTS[:3])
    assert {e.quote for e in row.evidence} == {""}


def test_a_register_without_quotes_is_valid_and_says_so(
    register: Workspace, tmp_path: Path, knowledge: Knowledge
) -> None:
    """It is no fault of the evidence that its words were left out; that a place is gone still is one."""
    publish(register, tmp_path / "bare", quotes=False)
    copy = Workspace(tmp_path / "copy")
    load(tmp_path / "bare", copy, knowledge)
    with copy.open() as generation:
        checked = list(check_register(copy, generation))
    assert [r for one in checked for r in one.report.violations] == []
    assert [note for one in checked for note in one.notes] == [
        "quotes are left out: the register was loaded from a dump without them, and has only the places of evidence"
    ]


def test_evidence_without_a_place_is_a_fault_also_where_quotes_are_left_out() -> None:
    placed, lost = (f"{vocab.ID}evidence/{name}" for name in ("placed", "lost"))
    shape = f"{vocab.SHAPE}Evidence-selectors"
    results = [Result(e, None, None, shape, "Violation", "two selectors", "MinCount") for e in (placed, lost)]
    selector = ox.Quad(*map(ox.NamedNode, (placed, vocab.OA_HAS_SELECTOR, f"{placed}/position")))
    assert [r.focus for r in without_words(make_report(results), [selector]).results] == [lost]


def test_a_register_with_quotes_says_nothing_of_them(register: Workspace, tmp_path: Path, knowledge: Knowledge) -> None:
    publish(register, tmp_path / "whole")
    copy = Workspace(tmp_path / "copy")
    load(tmp_path / "whole", copy, knowledge)
    with copy.open() as generation:
        assert [note for one in check_register(copy, generation) for note in one.notes] == []
