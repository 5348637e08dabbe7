"""What SHACL cannot ask of a register: each kind of damage is found, named, and nothing else is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import vocab
from kg.core import load_core
from kg.durable import checksums
from kg.language.pack import Pack
from kg.model import Knowledge
from kg.pipeline import build
from kg.register import Core
from kg.shacl import Result
from kg.soundness import check_soundness, rule_exists
from kg.store import Workspace

ENGLISH = "Moscow, July 4, 2025. Russia recognised the Taliban government on July 3, 2025.\n"
RUSSIAN = "4 июля 2025 года. Казахстан не признал правительство талибов.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of two generations."""
    folder = tmp_path_factory.mktemp("sound")
    for name, text in (("en-1", ENGLISH), ("ru-1", RUSSIAN)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        build([folder / f"{name}.txt"], Workspace(folder / "register"), load_core)
    return folder / "register"


@pytest.fixture(scope="module")
def core(built: Path) -> Core:
    """The core, loaded once: what the tests damage, it does not keep."""
    return load_core(Workspace(built))


@pytest.fixture
def register(built: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    shutil.copytree(built, tmp_path / "register")
    return tmp_path / "register"


Find = Callable[[Path], dict[str, tuple[Result, ...]]]


@pytest.fixture(scope="module")
def found(core: Core, knowledge: Knowledge, packs: dict[str, Pack]) -> Find:
    """A function: a register -> the results of each check that has any."""

    def check(folder: Path) -> dict[str, tuple[Result, ...]]:
        workspace = Workspace(folder)
        decisions = workspace.decisions_file
        now = replace(core, decisions=decisions.read_text(encoding="utf-8") if decisions.exists() else "")
        with workspace.open() as generation:
            reports = dict(check_soundness(workspace, generation, now, knowledge, packs))
        return {name: report.results for name, report in reports.items() if report.results}

    return check


def change(folder: Path, update: str) -> None:
    """Change the published store by SPARQL as somebody might who knows how to write the list of checksums."""
    generation = folder / "generations" / "000002"
    store = ox.Store(str(generation / "store"))
    store.update(f"PREFIX chy: <{vocab.CHY}> BASE <{vocab.ID}> " + update)
    store.flush()
    del store
    sums = checksums(generation, ("store", "records"))
    (generation / "files.json").write_text(json.dumps(sums), encoding="utf-8")


def test_a_sound_register(built: Path, found: Find) -> None:
    """What a build makes has nothing wrong with it."""
    assert found(built) == {}


def test_a_fact_that_does_not_follow(register: Path, found: Find) -> None:
    """A status that fusion does not give is told twice: what the store says, and what the claims give."""
    change(
        register,
        "DELETE { GRAPH ?g { ?f chy:status <status/actual> } } INSERT { GRAPH ?g { ?f chy:status <status/planned> } } "
        "WHERE { GRAPH ?g { ?f chy:status <status/actual> } }",
    )
    (results,) = found(register).values()
    assert {r.shape for r in results} == {vocab.SHAPE + "Register-facts-follow"}
    assert {r.path for r in results} == {vocab.STATUS}
    assert {r.value for r in results} == {f"<{vocab.ID}status/{status}>" for status in ("actual", "planned")}
    assert len({r.focus for r in results}) == 1


def test_a_claim_that_nothing_gave(register: Path, found: Find) -> None:
    """A claim that was edited in the store is not what was read."""
    change(
        register,
        "DELETE { GRAPH ?g { ?c chy:polarity ?p } } INSERT { GRAPH ?g { ?c chy:polarity <polarity/positive> } } "
        "WHERE { GRAPH ?g { ?c chy:polarity ?p . FILTER(?p = <polarity/negative>) } }",
    )
    (results,) = found(register).values()
    assert {(r.shape, r.path) for r in results} == {(vocab.SHAPE + "Document-as-read", vocab.POLARITY)}


def test_a_text_that_was_changed(register: Path, found: Find) -> None:
    """The text no longer is what its SHA-256 says, and the quotes from it no longer stand in it."""
    (path,) = [p for p in (register / "texts").iterdir() if "Russia" in p.read_text(encoding="utf-8")]
    path.write_text(ENGLISH.replace("recognised", "rejected  "), encoding="utf-8")
    reports = found(register)
    assert [r.shape for r in reports["texts"]] == [vocab.SHAPE + "Document-text-kept"]
    assert {r.shape for r in reports["quotes"]} == {vocab.SHAPE + "Evidence-quote-stands-in-text"}
    assert set(reports) == {"texts", "quotes"}


def test_a_text_that_is_lost(register: Path, found: Find) -> None:
    """A lost text is told as such, and stops no other check."""
    (path,) = [p for p in (register / "texts").iterdir() if "Russia" in p.read_text(encoding="utf-8")]
    path.unlink()
    assert set(found(register)) == {"texts", "quotes", "derivation"}


def test_an_older_generation_that_is_damaged(register: Path, found: Find) -> None:
    """Every generation that is kept is looked at, not only the published one."""
    path = next(p for p in sorted((register / "generations" / "000001" / "store").iterdir()) if p.suffix == ".sst")
    path.unlink()  # the file itself is shared with the other generation
    path.write_bytes(b"x" * 10)
    (results,) = found(register).values()
    assert [r.focus for r in results] == [f"{vocab.ID}run/000001"]


def test_decisions_that_wait(register: Path, found: Find) -> None:
    """Where decisions were taken since, a comparison would tell of them alone: a warning says that none was made."""
    (register / "decisions.toml").write_text("# none yet\n", encoding="utf-8")
    (results,) = found(register).values()
    assert [(r.severity, r.shape) for r in results] == [("Warning", vocab.SHAPE + "Register-is-current")]


@pytest.mark.parametrize(
    ("extractor", "exists"),
    [
        ("en/recognition/recognise", True),
        ("en/recognition/recognise+repeated", True),
        ("ru/agreement-ratification/ratify", True),
        ("kk/offices/president", True),
        ("kk/offices/emperor", False),
        ("en/visit/recognise", False),
        ("fr/recognition/recognise", False),
        ("en", False),
    ],
)
def test_rules(extractor: str, exists: bool, knowledge: Knowledge, packs: dict[str, Pack]) -> None:
    """A rule exists if the pack of its language has it for its frame, or it is the title of an office."""
    assert rule_exists(extractor, knowledge, packs) is exists
