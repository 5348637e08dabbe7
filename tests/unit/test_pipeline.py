"""The way of the data, with a core that reads one claim a document: what a build takes, keeps and leaves."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import vocab
from kg.dump import dump
from kg.errors import DuplicateDocument, UnknownName
from kg.ids import document_graph
from kg.model import Claim, Document, Extraction, Filler, Iri, Span
from kg.pipeline import build, retry
from kg.register import Conclusions, Core, store_on
from kg.shacl import Report, Result, make_report
from kg.store import Workspace
from kg.summary import BuildSummary

ENGLISH = "Russia recognised the Taliban government on Thursday, the ministry said in a statement."
RUSSIAN = "Россия признала правительство талибов в четверг, сообщили в министерстве иностранных дел."
UKRAINIAN = "Росія визнала уряд талібів у четвер, повідомили в міністерстві закордонних справ."


class FakeCore:
    """Gives one claim a document; `bad` in a text breaks a shape. Counts what is read."""

    def __init__(self, versions: str = "1") -> None:
        self.versions, self.read, self.batches = versions, [], []

    def __call__(self, _workspace: Workspace) -> Core:
        return Core(self.versions, self.base, self.extract, self.document_quads, self.check, self.conclude)

    def base(self) -> list[ox.Quad]:
        return [_quad("ontology", self.versions, vocab.GRAPH_ONTOLOGY)]

    def extract(self, document: Document) -> Extraction:
        self.read.append(document.id)
        claims = () if "nothing" in document.text else (_claim(document),)
        return Extraction(document, claims, (), (), (), 1, 0)

    def document_quads(self, extraction: Extraction) -> list[ox.Quad]:
        text = extraction.document.sha256
        return [_quad(extraction.document.id, text, document_graph(extraction.document.id))]

    def check(self, graphs: Mapping[str, Sequence[ox.Quad]]) -> dict[str, Report]:
        self.batches.append(list(graphs))
        broken = Result("f", None, '"value"', "s", "Violation", "mend it", "MinCount")
        return {document: make_report([broken] if document.startswith("bad") else []) for document in graphs}

    def conclude(self, extractions: Sequence[Extraction], day: str | None) -> Conclusions:
        claims = [claim.id for extraction in extractions for claim in extraction.claims]
        facts = [_quad(claim, day or "now", vocab.GRAPH_FACTS) for claim in claims]
        return Conclusions((), facts, (), (), len(facts))


def _quad(subject: str, value: str, graph: str) -> ox.Quad:
    node = ox.NamedNode("http://e/" + subject.replace(" ", "-"))
    return ox.Quad(node, ox.NamedNode("http://e/p"), ox.Literal(value), ox.NamedNode(graph))


def _claim(document: Document) -> Claim:
    filler = Filler(
        Iri(vocab.ID + "state/RUS"), "Russia", (("en", ("Russia",)),), frozenset({"State"}), "Russia", Span(0, 6)
    )
    roles = (("recognised", (filler,)), ("recogniser", (filler,)))
    return Claim(
        f"claim-{document.id}", document.id, document.published, document.language, "Recognition", roles, None,
        "positive", "actual", False, None, None, Span(0, 6), document.text[:6], 0.9, "en/fake",
    )  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "register")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "en.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "ru.txt").write_text(RUSSIAN, encoding="utf-8")
    return folder


def dumped(workspace: Workspace) -> bytes:
    with workspace.open() as generation:
        stream = io.BytesIO()
        dump(generation.store, "nquads", stream)
        return stream.getvalue()


def run(folder: Path, workspace: Workspace, core: FakeCore | None = None, *, prune: bool = False) -> BuildSummary:
    return build([folder], workspace, core or FakeCore(), prune=prune)


def test_first_build(folder: Path, workspace: Workspace) -> None:
    """A build adds documents with their claims and what follows from them, and says so."""
    summary = run(folder, workspace)
    assert (summary.added, summary.claims, summary.facts, summary.generation) == (["en", "ru"], 2, 2, 1)
    assert summary.languages == {"en": 1, "ru": 1}
    with workspace.open() as generation:
        assert [(r.language, r.claims) for _, r in sorted(generation.documents.items())] == [("en", 1), ("ru", 1)]
        assert workspace.read_text(generation.documents["ru"].sha256) == RUSSIAN


def test_second_build_reads_nothing(folder: Path, workspace: Workspace) -> None:
    """A build of unchanged documents reads none of them, publishes nothing and leaves the same bytes."""
    run(folder, workspace)
    before, core = dumped(workspace), FakeCore()
    summary = run(folder, workspace, core)
    assert (core.read, summary.unchanged, summary.changed, summary.generation) == ([], ["en", "ru"], False, 1)
    assert summary.facts == 2
    assert dumped(workspace) == before


def test_order_does_not_matter(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    """Documents in another order, one by one, give the same bytes."""
    run(folder, workspace)
    other = Workspace(tmp_path / "other")
    for name in ("ru.txt", "en.txt"):
        build([folder / name], other, FakeCore())
    assert dumped(other) == dumped(workspace)


def test_update(folder: Path, workspace: Workspace) -> None:
    """A changed document takes the place of what it said; others are not read."""
    run(folder, workspace)
    (folder / "en.txt").write_text(ENGLISH + " More followed.", encoding="utf-8")
    core = FakeCore()
    summary = run(folder, workspace, core)
    assert (core.read, summary.updated, summary.unchanged) == (["en"], ["en"], ["ru"])
    with workspace.open() as generation:
        graph = ox.NamedNode(document_graph("en"))
        assert len(list(generation.store.quads_for_pattern(None, None, None, graph))) == 1


def test_changed_metadata_is_a_change(folder: Path, workspace: Workspace) -> None:
    """A document is read again when what its sidecar states has changed."""
    run(folder, workspace)
    (folder / "en.meta.toml").write_text('published = "2025-07-03"', encoding="utf-8")
    assert run(folder, workspace).updated == ["en"]
    with workspace.open() as generation:
        assert generation.documents["en"].published == "2025-07-03"


def test_other_versions_read_all_again(folder: Path, workspace: Workspace) -> None:
    """Other data or code reads every document again from the texts kept, also those no longer at hand."""
    run(folder, workspace)
    (folder / "ru.txt").unlink()
    core = FakeCore("2")
    summary = run(folder, workspace, core)
    assert (core.read, summary.updated) == (["en", "ru"], ["en", "ru"])
    with workspace.open() as generation:
        assert generation.info.versions == "2"
        assert [
            q.object for q in generation.store.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_ONTOLOGY))
        ] == [ox.Literal("2")]


def test_prune(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    """What is gone from the given folders goes only on request; what came from elsewhere stays."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.txt").write_text(ENGLISH, encoding="utf-8")
    build([folder, elsewhere], workspace, FakeCore())
    (folder / "ru.txt").unlink()
    (elsewhere / "far.txt").unlink()
    assert run(folder, workspace).removed == []
    summary = run(folder, workspace, prune=True)
    assert summary.removed == ["ru"]
    with workspace.open() as generation:
        assert sorted(generation.documents) == ["en", "far"]


def test_prune_keeps_what_cannot_be_read(folder: Path, workspace: Workspace) -> None:
    """A file that is there and cannot be read now is not gone."""
    run(folder, workspace)
    (folder / "ru.txt").write_bytes(b"\x00" * 9)
    summary = run(folder, workspace, prune=True)
    assert summary.removed == []
    assert [Path(r.path).name for r in summary.refused] == ["ru.txt"]


def test_set_aside(folder: Path, workspace: Workspace) -> None:
    """What is in another language, or breaks a shape, is set aside with the reason each time; the rest is done."""
    (folder / "uk.txt").write_text(UKRAINIAN, encoding="utf-8")
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    summary = run(folder, workspace)
    assert summary.added == ["en", "ru"]
    reasons = {record.id: record.reason for record in summary.set_aside}
    assert "Ukrainian" in reasons["uk"]
    assert "do not conform" in reasons["bad"]
    again = run(folder, workspace)
    assert {record.id for record in again.set_aside} == {"uk", "bad"}
    assert not again.changed
    with workspace.open() as generation:
        assert "mend it" in "\n".join(generation.set_aside["bad"].report)
        assert workspace.read_text(generation.set_aside["uk"].sha256) == UKRAINIAN


def test_what_was_set_aside_keeps_its_results(folder: Path, workspace: Workspace) -> None:
    """The results of the gate are kept one by one, and what the metadata state, for a later retry."""
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "bad.meta.toml").write_text('title = "Talks"', encoding="utf-8")
    run(folder, workspace)
    with workspace.open() as generation:
        (record,) = generation.set_aside.every()
    assert [(r.value, r.message) for r in record.results] == [('"value"', "mend it")]
    assert (record.stated["title"], record.stated["media_type"]) == ("Talks", "text/plain")


def test_retry_after_a_repair(folder: Path, workspace: Workspace) -> None:
    """What was repaired is taken from its file; what was not stays set aside, and nothing is published for it."""
    (folder / "uk.txt").write_text(UKRAINIAN, encoding="utf-8")
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    run(folder, workspace)
    again = retry([], workspace, FakeCore())
    assert (again.added, {r.id for r in again.set_aside}, again.changed) == ([], {"bad", "uk"}, False)
    (folder / "uk.txt").write_text(RUSSIAN + " Repaired.", encoding="utf-8")
    core = FakeCore()
    repaired = retry(["uk"], workspace, core)
    assert (repaired.added, core.read, repaired.facts) == (["uk"], ["uk"], 3)
    with workspace.open() as generation:
        assert list(generation.set_aside) == ["bad"]
        assert generation.documents["uk"].source == "uk.txt"
    assert run(folder, workspace).unchanged == ["en", "ru", "uk"]


class KindCore(FakeCore):
    """Lets in whatever it read."""

    def check(self, graphs: Mapping[str, Sequence[ox.Quad]]) -> dict[str, Report]:
        return dict.fromkeys(graphs, Report())


def test_retry_without_the_file(folder: Path, workspace: Workspace) -> None:
    """When the shapes were at fault and the file is gone, the text and metadata that were kept are taken."""
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "bad.meta.toml").write_text('title = "Talks"\npublished = "2025-07-03"', encoding="utf-8")
    run(folder, workspace)
    (folder / "bad.txt").unlink()
    assert retry(["bad"], workspace, KindCore()).added == ["bad"]
    with workspace.open() as generation:
        record = generation.documents["bad"]
        assert (record.title, record.published, record.media_type) == ("Talks", "2025-07-03", "text/plain")
        assert workspace.read_text(record.sha256) == ENGLISH


def test_retry_of_what_is_not_set_aside(folder: Path, workspace: Workspace) -> None:
    """A document that is in, or unknown, cannot be retried."""
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    run(folder, workspace)
    with pytest.raises(UnknownName, match="did you mean 'bad'"):
        retry(["bed"], workspace, FakeCore())


def test_many_documents_are_judged_in_one_pass(folder: Path, workspace: Workspace) -> None:
    """The gate sees a batch, not one document after the other, before anything of it is stored."""
    (folder / "bad.txt").write_text(ENGLISH, encoding="utf-8")
    core = FakeCore()
    assert run(folder, workspace, core).added == ["en", "ru"]
    assert [sorted(batch) for batch in core.batches] == [["bad", "en", "ru"]]


def test_fault_in_the_core(folder: Path, workspace: Workspace) -> None:
    """A document on which our own code fails is set aside with the traceback; the rest of the batch is done."""

    class FaultyCore(FakeCore):
        def extract(self, document: Document) -> Extraction:
            if document.id == "en":
                raise ZeroDivisionError("division by zero")
            return super().extract(document)

    summary = run(folder, workspace, FaultyCore())
    assert summary.added == ["ru"]
    (record,) = summary.set_aside
    assert "which is a bug: ZeroDivisionError" in record.reason
    assert record.report[0].startswith("Traceback")


def load_hanging() -> Callable[[Document], Extraction]:
    """Return what hangs over one document and gives one claim for any other."""

    def extract(document: Document) -> Extraction:
        while document.id == "en":
            time.sleep(0.01)
        return Extraction(document, (_claim(document),), (), (), (), 1, 0)

    return extract


def test_document_that_hangs(folder: Path, workspace: Workspace) -> None:
    """A worker over whose document time runs out is stopped; the document is set aside, and read again next time."""

    class HangingCore(FakeCore):
        def __call__(self, _workspace: Workspace) -> Core:
            return replace(super().__call__(_workspace), load_extract=load_hanging)

    summary = build([folder], workspace, HangingCore(), jobs=2, timeout=1.0)
    assert summary.added == ["ru"]
    assert [(r.id, r.reason) for r in summary.set_aside] == [("en", "reading it took more than 1 seconds")]
    assert build([folder], workspace, FakeCore(), jobs=1).added == ["en"]


def test_set_aside_and_back(folder: Path, workspace: Workspace) -> None:
    """A document that goes bad takes its claims out; mended, it is in again."""
    run(folder, workspace)
    (folder / "ru.txt").write_text(UKRAINIAN, encoding="utf-8")
    assert run(folder, workspace).removed == ["ru"]
    with workspace.open() as generation:
        assert sorted(generation.documents) == ["en"]
        assert not list(generation.store.quads_for_pattern(None, None, None, ox.NamedNode(document_graph("ru"))))
    (folder / "ru.txt").write_text(RUSSIAN, encoding="utf-8")
    assert run(folder, workspace).added == ["ru"]
    with workspace.open() as generation:
        assert generation.set_aside == {}


def test_refusals_are_told_each_time(folder: Path, workspace: Workspace) -> None:
    """A file of which a part is refused is read again, so that the reason is told again."""
    (folder / "news.jsonl").write_text('{"text": "' + ENGLISH + '"}\n{broken\n', encoding="utf-8")
    for _ in range(2):
        assert [r.path.rsplit("/", 1)[1] for r in run(folder, workspace).refused] == ["news.jsonl:2"]


def test_no_claim(folder: Path, workspace: Workspace) -> None:
    """A document that gives no claim is in, and named."""
    (folder / "en.txt").write_text(
        "There is nothing here that the register keeps, said the ministry.", encoding="utf-8"
    )
    assert run(folder, workspace).without_claims == ["en"]


def test_two_files_one_id(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    """Two files with one id are an error in one build; in two builds the second is refused while the first is there."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "en.txt").write_text(ENGLISH + " And more.", encoding="utf-8")
    with pytest.raises(DuplicateDocument):
        build([folder, other], workspace, FakeCore())
    run(folder, workspace)
    (refused,) = run(other, workspace).refused
    assert str(folder / "en.txt") in refused.reason
    assert str(other / "en.txt") in refused.reason
    (folder / "en.txt").unlink()
    assert run(other, workspace).updated == ["en"]


def test_moved_folder(folder: Path, workspace: Workspace) -> None:
    """The same documents in another place are the same documents."""
    run(folder, workspace)
    core = FakeCore()
    moved = folder.rename(folder.with_name("moved"))
    assert run(moved, workspace, core).unchanged == ["en", "ru"]
    assert core.read == []
    with workspace.open() as generation:
        assert generation.documents["en"].origin == str((moved / "en.txt").resolve())


def test_store_on_a_day(folder: Path, workspace: Workspace) -> None:
    """As of a day, the register is concluded again in memory; what is published stays as it is."""
    run(folder, workspace)
    before = dumped(workspace)
    with workspace.open() as generation:
        store, _ = store_on(workspace, generation, FakeCore()(workspace), day="2024-12-31")
    facts = [q.object.value for q in store.quads_for_pattern(None, None, None, ox.NamedNode(vocab.GRAPH_FACTS))]
    assert facts == ["2024-12-31", "2024-12-31"]
    assert dumped(workspace) == before


def test_store_known_by_a_day(folder: Path, workspace: Workspace) -> None:
    """What was known by a day rests on documents published by then; undated ones are left out and counted."""
    for name, published in (("en", "2025-07-04"), ("ru", "2025-08")):
        (folder / f"{name}.meta.toml").write_text(f'published = "{published}"', encoding="utf-8")
    (folder / "undated.txt").write_text(ENGLISH, encoding="utf-8")
    run(folder, workspace)
    with workspace.open() as generation:
        for day, known in (("2025-07-03", 0), ("2025-07-04", 1), ("2025-08-15", 1), ("2025-08-31", 2)):
            store, undated = store_on(workspace, generation, FakeCore()(workspace), known_by=day)
            graph = ox.NamedNode(vocab.GRAPH_FACTS)
            assert (len(list(store.quads_for_pattern(None, None, None, graph))), undated) == (known, 1)
