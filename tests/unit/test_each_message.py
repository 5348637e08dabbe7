"""Messages that nothing else provokes: each by what brings it about (tests/provoking.py counts them)."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox
import pytest
from unit.test_conformance import parse
from unit.test_headers import QUERY
from unit.test_invented_language import GRAMMAR, MORPHOLOGY, OFFICES, RECOGNITION, WORDS

from kg import errors, folders, queries, readers, resources, sparql, validate
from kg.columns import write_parquet
from kg.conformance.ground import _stored, _term
from kg.conformance.judging import compile_shapes
from kg.core import load_core
from kg.documents import read_documents
from kg.drawing import draw
from kg.dump_folder import Edition, _clear, dump_folder
from kg.entailment import read_axioms, triple_of
from kg.errors import ChanceryError, DataError, IllFormedShapes, InputError, QueryError, StoreError
from kg.evaluate import Gold, _text, find_texts
from kg.headers import read_header
from kg.lexicon import read_expectations
from kg.loading import _keep_extraction, _record, find_data
from kg.metadata import metadata_of, read_sidecar
from kg.model import Knowledge
from kg.patterns import compile_pattern
from kg.query_check import check_folder
from kg.questions.words import build_question_words
from kg.rdf_files import rdf_files, read_rdf
from kg.readers import check_text, read_content
from kg.register import library_versions, load_extractions
from kg.resources import load_pack_from
from kg.saved import load_headings, parse_query, read_query
from kg.soundness import _text as text_of
from kg.store import Workspace
from kg.vocab import CHY, OWL, RDF, SKOS

Call = Callable[[], object]


def refused(kind: type[ChanceryError], words: str, call: Call) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert words in " ".join(str(caught.value).split())


# -- language packs ---------------------------------------------------------------------------------------------------

LANGUAGE = {"grammar": GRAMMAR, "words": WORDS, "offices": OFFICES, "frames/recognition": RECOGNITION}


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("frames/recognition", 'frame = "Recognition"', "", "frames/recognition.toml: no `frame`"),
        ("frames/recognition", 'name = "genoba"', 'name = "genoba"\nneeds = ["who"]', "the term 'who' is not defined"),
        ("frames/recognition", 'verbs = ["genoba"]', 'verbs = [""]', "an empty pattern"),
        ("frames/recognition", 'verbs = ["genoba"]', 'verbs = ["ge[noba"]', "cannot read the item"),
        ("frames/recognition", 'verbs = ["genoba"]', "verbs = [3]", "expected a string, found 3"),
        ("words", '["Peru tol genoba Kosovo.", ', "[", 'an example is ["sentence", "expectation"], found'),
        ("words", 'scope = "right"', 'scope = "up"', "unknown scope 'up'"),
        ("grammar", '["left bare"]', '["left naked"]', "unknown word 'naked' in the marking 'left naked'"),
        ("grammar", 'language = "en"', "language = ", "grammar.toml: "),
        ("words", None, "", "the language pack lacks"),
    ],
)
def test_a_language_pack(tmp_path: Path, file: str, old: str | None, new: str, words: str) -> None:
    """What is wrong in a pack is told with the file and the entry."""
    (tmp_path / "frames").mkdir()
    for name, text in LANGUAGE.items():
        assert name != file or old is None or old in text
        if name != file or old is not None:
            (tmp_path / f"{name}.toml").write_text(text.replace(old, new) if name == file and old else text)
    refused(DataError, words, lambda: load_pack_from(tmp_path, MORPHOLOGY))


def test_code_and_tables_of_a_pack(tmp_path: Path, packs: dict[str, Any]) -> None:
    """A morphology without a function, a calibration without steps, words of questions with an unknown key."""
    (tmp_path / "frames").mkdir()
    refused(DataError, "/morphology.py: no function 'analyse'", lambda: load_pack_from(tmp_path, SimpleNamespace()))
    (tmp_path / "calibration.toml").write_text("steps = 1")
    refused(DataError, "calibration.toml: no [[step]]", lambda: resources._calibration(tmp_path / "calibration.toml"))
    refused(
        DataError,
        "questions.toml: unknown keys colour; expected",
        lambda: build_question_words({"colour": []}, packs["en"]),
    )
    refused(DataError, "names no frame", lambda: list(read_expectations("recogniser=PER negative", "")))
    refused(DataError, "an empty pattern", lambda: compile_pattern("  ", "here"))


# -- ontology and installation ----------------------------------------------------------------------------------------


def turtle(path: Path, text: str) -> Path:
    path.write_text(f"@prefix chy: <{CHY}> . @prefix skos: <{SKOS}> . @prefix x: <http://x/> .\n{text}")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x:f a chy:Frame ; skos:notation 'F' .", 'frames: http://x/f needs skos:notation and chy:aspect "event" or'),
        (
            "x:f a chy:Frame ; skos:notation 'F' ; chy:aspect 'state' ; chy:hasRole x:r .",
            "frames: the role http://x/r needs",
        ),
        (
            "x:f a chy:Frame ; skos:notation 'F' ; chy:aspect 'state' ; chy:directLink x:l .",
            "frames: the link http://x/l needs chy:linkProperty",
        ),
        (
            "x:f a chy:Frame ; skos:notation 'F' ; chy:aspect 'state' ; chy:directLink x:l . x:l chy:linkProperty x:p.",
            "frames: the link http://x/l needs chy:linkFrom, a role of its frame",
        ),
    ],
)
def test_frames(tmp_path: Path, text: str, words: str) -> None:
    """A frame, role or link that lacks what makes it one is named."""
    graph = resources._Graph([turtle(tmp_path / "frames.ttl", text)])
    refused(DataError, words, lambda: list(resources._frames(graph, {})))


def test_an_ontology_that_cannot_be_reasoned_over(tmp_path: Path) -> None:
    """Turtle that is none, a list without an end, and nodes without an IRI."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("a b c")
    refused(DataError, "broken.ttl: not valid Turtle", lambda: list(resources.parse_turtle(broken)))
    x, cell, blank = ox.NamedNode("http://x/"), ox.NamedNode("http://cell/"), ox.BlankNode("b")
    chain = [
        ox.Quad(x, ox.NamedNode(OWL + "propertyChainAxiom"), cell, ox.NamedNode("http://g/")),
        ox.Quad(cell, ox.NamedNode(RDF + "first"), x, ox.NamedNode("http://g/")),
    ]
    refused(DataError, "the ontology has a list without an end at", lambda: read_axioms(chain))
    words = "only nodes with an IRI can be reasoned over, and this one has none: _:b"
    refused(DataError, words, lambda: triple_of(ox.Triple(blank, x, x)))
    refused(DataError, words, lambda: triple_of(ox.Triple(x, x, blank)))


def test_an_installation_that_lacks_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a library, shapes, headings, a module of an extra."""
    refused(DataError, "the folder 'nothing' of this installation is missing", lambda: folders.data_folder("nothing"))
    monkeypatch.setattr("kg.register._READERS", ("no-such-library",))
    refused(DataError, "the library no-such-library is missing; install the package again", library_versions)
    monkeypatch.setattr("kg.validate.data_folder", lambda _: tmp_path)
    refused(DataError, "shapes/direct.ttl cannot be read", lambda: validate.load_shapes.__wrapped__("direct"))
    (tmp_path / "headings.toml").write_text("[who]\nen = 'Who'\n")
    refused(DataError, "who is not in en, kk, ru, vi", lambda: load_headings(tmp_path))
    for module in ("pandas", "pyarrow"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    from kg.api import Rows

    refused(InputError, "data frames need pandas: pip install", lambda: Rows.to_pandas(SimpleNamespace()))  # type: ignore[arg-type]
    refused(InputError, "Parquet needs pyarrow: pip install", lambda: write_parquet(None, io.BytesIO(), evidence=False))  # type: ignore[arg-type]


def test_names_that_break_the_shapes(tmp_path: Path) -> None:
    """A user's own names are judged before anything is built on them."""
    folder = tmp_path / "register" / "reference"
    folder.mkdir(parents=True)
    (folder / "own.ttl").write_text(
        "@prefix chy: <https://w3id.org/chancery/ontology#> .\n"
        "<https://w3id.org/chancery/id/state/XXX> a chy:State ; chy:iso3166Alpha3 'toolong' .\n"
    )
    core = load_core(Workspace(tmp_path / "register"))
    refused(errors.ValidationFailed, "own.ttl break the shapes of reference data: does not conform", core.base)


# -- SHACL ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x:S sh:targetNode x:a ; sh:path [] ; sh:minCount 1 .", "has an sh:path that is no property path: _:"),
        ("x:S sh:targetNode x:a ; sh:path ( x:p ) ; sh:minCount 1 .", "a list of fewer than two paths"),
        ("x:S sh:targetNode x:a ; sh:path x:p , x:q ; sh:minCount 1 .", "has more than one sh:path"),
        (
            "x:S sh:targetNode x:a ; sh:class x:c ; sh:message x:m .",
            "has sh:message <http://example.org/m>; expected a literal",
        ),
        ("x:S sh:targetNode x:a ; sh:sparql [ sh:message 'm' ] .", "has an sh:sparql without one sh:select"),
        (
            "x:S sh:targetNode x:a ; sh:sparql [ sh:select 'SELECT $this WHERE { $this $PATH ?v }' ] .",
            "has a SPARQL constraint with $PATH, and no path",
        ),
        ("x:S sh:targetNode x:a ; sh:sparql [ sh:select 'SELECT $this WHERE { nonsense' ] .", "cannot be read"),
    ],
)
def test_shapes_against_the_rules(text: str, words: str) -> None:
    """Paths, messages and queries of a shape that SHACL does not allow."""
    refused(IllFormedShapes, words, lambda: list(compile_shapes(parse(text)).findings(parse("x:a x:p x:b ."))))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this WHERE { $this ?p $shapesGraph }", "a SPARQL constraint that asks the shapes graph"),
        ("SELECT (?x AS ?this) WHERE { ?x ?p ?o }", "a SPARQL constraint that binds $this anew"),
    ],
)
def test_what_is_asked_by_pyshacl(query: str, reason: str) -> None:
    """A constraint that the store cannot ask is told with the reason."""
    compiled = compile_shapes(parse(f"x:S a sh:NodeShape ; sh:targetNode x:a ; sh:sparql [ sh:select '{query}' ] ."))
    assert [str(why) for _, why in compiled.unsupported] == [reason]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x:S a sh:NodeShape ; sh:targetNode x:a ; sh:expression x:e .", "sh:expression is no part of SHACL Core"),
        ("x:S a sh:NodeShape ; sh:target x:t ; sh:class x:c .", "sh:target is no part of SHACL Core"),
        ("x:S a sh:NodeShape ; sh:targetNode x:a ; sh:odd x:r .", "sh:odd is no part of SHACL Core"),
    ],
)
def test_what_is_no_part_of_core(text: str, reason: str) -> None:
    """What SHACL's further parts have is told by name."""
    compiled = compile_shapes(parse(text))
    assert [str(why) for _, why in compiled.unsupported] == [reason]


def test_statements_about_statements() -> None:
    """No part of SHACL, and nothing that is validated."""
    x = ox.NamedNode("http://x/")
    about = ox.Triple(x, x, ox.Triple(x, x, x))
    refused(IllFormedShapes, "a statement about a statement is no part of SHACL", lambda: compile_shapes([about]))
    words = "a statement about a statement cannot be validated"
    refused(DataError, words, lambda: list(_stored([about])))
    refused(DataError, words, lambda: _term(ox.Triple(x, x, x)))
    refused(DataError, words, lambda: validate._node(ox.Triple(x, x, x)))


# -- saved queries ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#+ [columns.recogniser]", "#+ [columns]\n#+ odd = 3\n#+ [columns.recogniser]", "column odd is no table"),
        ("#+ [parameters.r", "#+ [parameters]\n#+ odd = 3\n#+ [parameters.r", "parameter odd is no table"),
        ("#+ [title]", '#+ gives_way = "who"\n#+ [title]', "gives_way is no list of names of queries"),
        ("#+ [title]", '#+ support = "fact"\n#+ [title]', "support is no list of variables of the body"),
        ('#+ type = "entity"', '#+ type = "entity"\n#+ kinds = "State"', "kinds of recognised is no list"),
        ('type = "date"', 'type = "date"\n#+ required = true', "since has a default, so it cannot be required"),
        ('type = "entity"', 'type = "entity"\n#+ required = "no"', "required of recognised is neither true nor false"),
    ],
)  # fmt: skip
def test_headers(old: str, new: str, words: str) -> None:
    """What is not of its kind in a header is a fault."""
    assert old in QUERY
    assert any(words in fault.message for fault in read_header(QUERY.replace(old, new, 1)).faults)


def test_files_of_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no text, a body that is no SELECT or asks elsewhere or cannot be run."""
    (tmp_path / "odd.rq").write_bytes(b"\xff\xfe\xff")
    _, (fault, *_) = check_folder(tmp_path)
    assert fault.message.startswith("cannot be read: ")
    refused(DataError, "odd.rq cannot be read", lambda: read_query(tmp_path / "odd.rq"))
    select = QUERY.index("SELECT")
    (tmp_path / "odd.rq").write_text(QUERY[:select] + "ASK {" + QUERY[select:].split("{", 1)[1].rsplit("ORDER", 1)[0])
    assert "the body is no SELECT" in [f.message for f in check_folder(tmp_path)[1]]
    elsewhere = QUERY.replace(
        "?fact ?recogniser ?recognised\n", "SERVICE <http://x/> { ?fact ?recogniser ?recognised }\n"
    )
    refused(DataError, "saved query who: the query has SERVICE", lambda: parse_query("who", elsewhere))
    (tmp_path / "odd.rq").write_text(QUERY)
    monkeypatch.setattr("kg.query_check.ox.Store", lambda: SimpleNamespace(query=broken))
    assert "the body cannot be run: broken" in [f.message for f in check_folder(tmp_path)[1]]


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("broken")


# -- SPARQL and values ------------------------------------------------------------------------------------------------


def test_queries_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read, a store that fails, a form that JSON does not know."""
    store: Any = SimpleNamespace(query=broken)
    refused(QueryError, "the query cannot be run: broken", lambda: queries.select(store, "SELECT * {}"))
    refused(QueryError, "the query cannot be run: broken", lambda: sparql.run_query(store, "SELECT * {}"))
    refused(QueryError, "the query cannot be run: broken", lambda: sparql.run_for_json(store, "SELECT * {}"))
    refused(
        QueryError, "ask with --format ttl", lambda: sparql.run_for_json(ox.Store(), "CONSTRUCT WHERE { ?s ?p ?o }")
    )
    refused(QueryError, "the query is no SPARQL query", lambda: sparql.run_for_json(ox.Store(), "SELECT"))
    file = tmp_path / "query.rq"
    file.write_text("SELECT * {}")
    monkeypatch.setattr(Path, "read_text", denied)
    refused(QueryError, "query.rq cannot be read: not allowed", lambda: sparql.read_query(str(file)))


def denied(*_: object, **__: object) -> None:
    raise PermissionError(13, "not allowed")


def test_values(tmp_path: Path) -> None:
    """Thresholds and numbers that mean nothing."""
    refused(InputError, "min_documents is -1; expected a whole number from 0", lambda: queries.Support(-1))
    refused(
        InputError, "min_confidence is nan; expected a number from 0 to 1", lambda: queries.Support(0, float("nan"))
    )
    number: Any = SimpleNamespace(name="limit", type="integer", example="3")
    refused(
        InputError,
        "limit is 'many'; expected a whole number such as 3",
        lambda: queries._terms(None, number, "many"),  # type: ignore[arg-type]
    )


# -- documents --------------------------------------------------------------------------------------------------------


def reasons(*paths: Path, **options: Any) -> list[str]:
    return [item.reason for item in read_documents([str(path) for path in paths], **options)]  # type: ignore[union-attr]


def test_files_that_are_no_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Devices, files too large or not allowed, empty ones, sidecars, folders that cannot be read."""
    pipe = tmp_path / "pipe.txt"
    __import__("os").mkfifo(pipe)
    assert reasons(pipe) == ["is no file"]
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    assert reasons(empty) == ["the file is empty"]
    many = tmp_path / "many.jsonl"
    many.write_text('{"text": "x"}\n')
    (tmp_path / "many.meta.toml").write_text('id = "one"')
    assert reasons(many) == ["holds many documents, and its sidecar gives them one id"]
    assert reasons(Path("-"), stdin=None) == ["there is no standard input to read"]
    large = tmp_path / "large.txt"
    large.write_text("x" * 2000)
    monkeypatch.setattr("kg.documents.MAX_BYTES", 1000)
    assert reasons(large) == ["is larger than 0 MiB; split it"]
    monkeypatch.setattr("kg.documents.MAX_BYTES", 10_000)
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert reasons(large) == ["cannot be read: not allowed"]
    monkeypatch.setattr(Path, "read_text", denied)
    refused(
        InputError,
        "sidecar many.meta.toml cannot be read: not allowed",
        lambda: read_sidecar(tmp_path / "many.meta.toml"),
    )

    def closed(folder: object, onerror: Callable[[OSError], None]) -> list[object]:
        onerror(PermissionError(13, "not allowed", str(folder)))
        return []

    monkeypatch.setattr("kg.documents.os.walk", closed)
    assert reasons(tmp_path) == ["the folder cannot be read: not allowed"]


def test_texts_that_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but blanks, control characters, nesting without end, an encryption that is not known."""
    kind = errors.UnreadableDocument
    refused(kind, "the document holds no text", lambda: check_text(" \n"))
    refused(kind, "10 of 110 characters are control characters", lambda: check_text("\x01" * 10 + "a" * 100))
    refused(InputError, "title holds half a character", lambda: metadata_of({"title": "\ud800"}))

    def deep(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(readers, "read_html", deep)
    refused(kind, "it is nested too deep or too large to be read", lambda: read_content(b"<html>", "html"))
    import pypdf

    def unknown(_: object) -> None:
        raise pypdf.errors.DependencyError("needs cryptography")

    monkeypatch.setattr(pypdf, "PdfReader", unknown)
    refused(kind, "the PDF is encrypted in a way that cannot be read here", lambda: read_content(b"%PDF-1.4", "pdf"))


# -- annotated documents, RDF files, dumps ----------------------------------------------------------------------------


def test_folders_without_what_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Annotated texts, RDF, a dump's data; and files that cannot be written."""
    gold = Gold(tmp_path, (), {}, ())
    refused(InputError, "is no folder; --documents names the folder", lambda: find_texts(gold, [], tmp_path / "none"))
    (tmp_path / "odd").write_bytes(b"\xff")
    refused(InputError, "odd cannot be read", lambda: _text(tmp_path / "odd"))
    refused(InputError, "holds no RDF file; looked for", lambda: list(rdf_files([str(tmp_path)])))
    refused(InputError, "there is no standard input to read", lambda: read_rdf(Path("-"), syntax="turtle", stdin=None))
    refused(InputError, "the licence 'free' is no IRI", lambda: dump_folder(None, tmp_path, Edition(licence="free")))  # type: ignore[arg-type]
    refused(InputError, "odd cannot be written: ", lambda: _clear(tmp_path / "odd"))
    monkeypatch.setattr("kg.loading.check_sums", lambda _: ["README.md"])
    refused(InputError, "holds no file with all graphs", lambda: find_data(tmp_path))


def test_dumps_that_are_none(knowledge: Knowledge) -> None:
    """Graphs that describe no document, claims that cannot be read."""
    refused(InputError, "the graph of the document 'd' does not describe it", lambda: _record("d", []))
    record: Any = SimpleNamespace(id="d", fingerprint="f")
    refused(
        InputError,
        "the claims of the document 'd' cannot be read",
        lambda: _keep_extraction(None, record, [], knowledge),
    )  # type: ignore[arg-type]


def test_pictures_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name no picture; a folder in its place."""
    refused(InputError, "expected it to end in .svg, .png or .html", lambda: draw(None, Path("x.gif"), "en"))  # type: ignore[arg-type]
    monkeypatch.setattr("kg.drawing.figure_of", lambda _: None)
    monkeypatch.setattr("kg.drawing._rendered", lambda *_: b"")
    (tmp_path / "x.svg").mkdir()
    refused(InputError, "x.svg cannot be written: ", lambda: draw(None, tmp_path / "x.svg", "en"))  # type: ignore[arg-type]


# -- registers --------------------------------------------------------------------------------------------------------


def test_registers_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks that are no text, generations that vanish, folders that cannot be written, readings that are lost."""
    workspace = Workspace(tmp_path / "register")
    workspace.create()
    refused(StoreError, "is empty; there is nothing to go back to", workspace.rollback)
    (workspace.folder / "current").write_bytes(b"\xff")
    refused(StoreError, "cannot be read: ", workspace.current)
    (workspace.folder / "current").write_text("000001")
    monkeypatch.setattr(Workspace, "_hold", lambda *_: None)
    refused(StoreError, "changes too fast to be opened; try again", workspace.open)
    record: Any = SimpleNamespace(id="d", fingerprint="0" * 64, sha256="0" * 64)
    refused(
        StoreError, "what was read in d is lost; build it again", lambda: load_extractions(workspace, {"d": record})
    )
    generation: Any = SimpleNamespace(documents={})
    refused(StoreError, "it holds claims of 'd', and does not list that", lambda: text_of(workspace, generation, "d"))
    (workspace.folder / "format").write_bytes(b"\xff")
    refused(StoreError, "cannot be read: ", workspace.check)
    monkeypatch.setattr(Path, "mkdir", denied)
    refused(StoreError, "cannot be written: not allowed; make the folder", Workspace(tmp_path / "other").create)


def test_the_reasoner_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the reasoner says is told."""
    refused(errors.ReasonerFailed, "it says: out of memory", lambda: raise_(errors.ReasonerFailed("out of memory\n")))


def raise_(error: Exception) -> None:
    raise error


def test_toml_of_this_file() -> None:
    """The invented pack is valid before it is spoiled: what is refused is refused for what was put in."""
    for text in LANGUAGE.values():
        tomllib.loads(text)
