"""The workspace: generations, one writer, many readers, and nothing lost when a build is killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.records import DocumentRecord, SetAside
from kg.store import KEPT, Workspace

RECORD = DocumentRecord("d", "sha", "print", "/x/d.txt", "digest", "d.txt", "ru", "text/plain", claims=2)
SET_ASIDE = SetAside("e", "sha", "print", "/x/e.txt", "digest", "e.txt", "violates the shapes", ("one", "two"))


def quad(n: int) -> ox.Quad:
    return ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://p"), ox.Literal(n), ox.NamedNode("http://g"))


def build(workspace: Workspace, n: int) -> int:
    """Publish a generation with one quad more, and return its number."""
    with workspace.locked(), workspace.draft() as draft:
        draft.store.add(quad(n))
        draft.documents[f"d{n}"] = replace(RECORD, id=f"d{n}")
        workspace.publish(draft, versions="1", built="2025-01-01T00:00:00Z", counts={"quads": len(draft.store)})
    return draft.number


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "register")


def test_build_and_read(workspace: Workspace) -> None:
    """What a build publishes is what a reader finds: quads, documents, what was set aside, and what made it."""
    with workspace.locked(), workspace.draft() as draft:
        draft.store.extend([quad(1), quad(2)])
        draft.documents["d"] = RECORD
        draft.set_aside["e"] = SET_ASIDE
        workspace.publish(draft, versions="v", built="now", counts={"claims": 2})
    with workspace.open() as generation:
        assert (generation.number, len(generation.store)) == (1, 2)
        assert generation.documents == {"d": RECORD}
        assert generation.set_aside == {"e": SET_ASIDE}
        assert (generation.info.versions, generation.info.counts) == ("v", {"claims": 2})


def test_generations_build_on_each_other(workspace: Workspace) -> None:
    """Each generation holds what the one before did and leaves that as it was; the last few are kept."""
    assert [build(workspace, n) for n in range(1, 8)] == list(range(1, 8))
    assert [info.generation for info in workspace.generations()] == list(range(8 - KEPT, 8))
    assert [info.counts["quads"] for info in workspace.generations()] == list(range(8 - KEPT, 8))
    with workspace.open() as generation:
        assert len(generation.store) == 7
        assert list(generation.documents) == [f"d{n}" for n in range(1, 8)]
        assert generation.documents.sums()["claims"] == 14


def test_records(workspace: Workspace) -> None:
    """Records are found by id and by file; sums follow what is put, changed and taken out; a change back is none."""
    build(workspace, 1)
    build(workspace, 2)
    with workspace.locked(), workspace.draft() as draft:
        documents = draft.documents
        assert not documents.differ()
        documents["d1"] = replace(RECORD, id="d1", origin="/y", language="kk", claims=0)
        assert documents.differ()
        assert [r.id for r in documents.from_origin("/y")] == ["d1"]
        assert [r.id for r in documents.from_origin(RECORD.origin)] == ["d2"]
        assert +documents.sums() == {"records": 2, "in kk": 1, "in ru": 1, "without a claim": 1, "claims": 2}
        del documents["d2"]
        assert (len(documents), list(documents), "d2" in documents) == (1, ["d1"], False)
        documents["d1"], documents["d2"] = replace(RECORD, id="d1"), replace(RECORD, id="d2")
        assert not documents.differ()
        assert "d1" not in draft.set_aside


def test_rollback(workspace: Workspace) -> None:
    """A rollback publishes the parent again, or a generation by number; the next build goes on from there."""
    for n in (1, 2, 3):
        build(workspace, n)
    assert workspace.rollback() == 2
    with workspace.open() as generation:
        assert sorted(generation.documents) == ["d1", "d2"]
    assert build(workspace, 4) == 4
    with workspace.open() as generation:
        assert sorted(generation.documents) == ["d1", "d2", "d4"]
    assert workspace.rollback(3) == 3
    with pytest.raises(StoreError, match=r"no generation 9 .*kept are 1, 2, 3, 4"):
        workspace.rollback(9)
    workspace.rollback(1)
    with pytest.raises(StoreError, match="is the first"):
        workspace.rollback()


def test_reader_keeps_its_generation(workspace: Workspace) -> None:
    """A generation that a reader holds is neither changed nor removed by later builds."""
    build(workspace, 1)
    reader = workspace.open()
    for n in range(2, 10):
        build(workspace, n)
    assert quad(1) in reader.store
    assert len(reader.store) == 1
    assert workspace.generations()[0].generation == 1
    reader.close()
    build(workspace, 10)
    assert workspace.generations()[0].generation == 6


def test_failed_build_changes_nothing(workspace: Workspace) -> None:
    """A build that fails leaves the published generation, and no draft."""
    build(workspace, 1)
    with contextlib.suppress(ZeroDivisionError), workspace.locked(), workspace.draft() as draft:
        draft.store.add(quad(2))
        raise ZeroDivisionError
    with workspace.open() as generation:
        assert len(generation.store) == 1
    assert [path.name for path in workspace.generations_folder.iterdir()] == ["000001"]


def test_killed_build_changes_nothing(workspace: Workspace) -> None:
    """A killed build leaves the register as it was and unlocked; the next build removes its leftovers."""
    build(workspace, 1)
    script = f"""
        import os, signal
        from pathlib import Path
        from kg.store import Workspace
        import pyoxigraph as ox
        workspace = Workspace(Path({str(workspace.folder)!r}))
        with workspace.locked(), workspace.draft() as draft:
            draft.store.add(ox.Quad(ox.NamedNode("http://k"), ox.NamedNode("http://k"), ox.NamedNode("http://k")))
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, env=_environment())
    assert done.returncode == -9
    assert [path.name for path in workspace.generations_folder.glob("draft-*")] == ["draft-000002"]
    with workspace.open() as generation:
        assert len(generation.store) == 1
    assert build(workspace, 2) == 2
    assert not list(workspace.generations_folder.glob("draft-*"))
    with workspace.open() as generation:
        assert len(generation.store) == 2


def test_killed_before_the_switch(workspace: Workspace) -> None:
    """A generation that was complete when its build was killed, but not published, is never shown, and is cleared."""
    build(workspace, 1)
    script = f"""
        import os, signal
        from pathlib import Path
        from kg.store import Workspace
        workspace = Workspace(Path({str(workspace.folder)!r}))
        workspace._switch = lambda number: os.kill(os.getpid(), signal.SIGKILL)
        with workspace.locked(), workspace.draft() as draft:
            workspace.publish(draft, versions="1", built="2025-01-01T00:00:00Z", counts={{}})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, env=_environment())
    assert done.returncode == -9
    assert (workspace.generations_folder / "000002").is_dir()
    assert [info.generation for info in workspace.generations()] == [1]
    assert workspace.interrupted() == ["000002"]
    with pytest.raises(StoreError, match="no generation 2"):
        workspace.open_at(2)
    assert build(workspace, 2) == 2
    assert workspace.cleared == ["000002"]
    assert workspace.interrupted() == []


def test_interrupted_rollback_keeps_what_was_published(workspace: Workspace) -> None:
    """A build killed after the switch, before it had cleaned up, has published: a rollback does not lose it."""
    build(workspace, 1)
    build(workspace, 2)
    (workspace.generations_folder / "000002" / "unpublished").touch()  # as such a kill leaves it
    assert workspace.rollback() == 1
    assert [info.generation for info in workspace.generations()] == [1, 2]


def test_full_disk(workspace: Workspace) -> None:
    """Where a file cannot grow, one message says so and what to do; the register is as it was, and no draft is left."""
    build(workspace, 1)
    script = f"""
        import resource, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from kg.errors import StoreError
        from kg.store import Workspace
        from test_store import build
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            build(Workspace(Path({str(workspace.folder)!r})), 2)
        except StoreError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=False, env=_environment(), capture_output=True, text=True
    )
    assert "cannot be written" in done.stdout, done.stderr
    assert "it is as it was: free space or make the folder writable, then do it again" in done.stdout
    assert [path.name for path in workspace.generations_folder.iterdir()] == ["000001"]
    assert build(workspace, 2) == 2


def test_folder_that_cannot_be_written(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only folder is said in one message, and can still be read."""
    build(workspace, 1)
    real = Path.open

    def refuse(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if set(mode) & set("wa+"):
            raise OSError(30, "Read-only file system", str(path))
        return real(path, mode, *rest, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(StoreError, match="cannot be written: Read-only file system; it is as it was"):
        build(workspace, 2)
    with workspace.open() as generation:
        assert len(generation.store) == 1


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def test_one_writer(workspace: Workspace) -> None:
    """A second writer is told who is at work; readers are not disturbed."""
    build(workspace, 1)
    with workspace.locked():
        with pytest.raises(StoreError, match=rf"locked: another build is at work \(process {os.getpid()}\)"):
            build(workspace, 2)
        with workspace.open() as generation:
            assert generation.number == 1


def test_no_register(workspace: Workspace, tmp_path: Path) -> None:
    """A missing, empty or foreign folder gives one clear message."""
    with pytest.raises(StoreError, match="there is no register at"):
        workspace.open()
    workspace.create()
    with pytest.raises(StoreError, match="is empty; add documents"):
        workspace.open()
    (tmp_path / "photo.png").touch()
    with pytest.raises(StoreError, match="not a register and not empty"):
        Workspace(tmp_path).create()


def test_names_may_stand_before_the_first_build(workspace: Workspace) -> None:
    """A folder that holds only the user's own data becomes a register."""
    (workspace.folder / "reference").mkdir(parents=True)
    (workspace.folder / "reference" / "own.ttl").touch()
    assert build(workspace, 1) == 1


def test_other_format(workspace: Workspace) -> None:
    """A register of another format is named as such, with what to do."""
    build(workspace, 1)
    (workspace.folder / "format").write_text("chancery register 9\n", encoding="utf-8")
    with pytest.raises(StoreError, match=r"has the format 'chancery register 9'.*build it again"):
        workspace.open()


@pytest.mark.parametrize("what", ["current", "store", "content", "cut", "documents", "info", "text"])
def test_damage(workspace: Workspace, what: str) -> None:
    """Each kind of damage gives one message that names the place."""
    build(workspace, 1)
    folder = workspace.generations_folder / "000001"
    if what == "current":
        (workspace.folder / "current").write_text("nonsense", encoding="utf-8")
    elif what == "store":
        (folder / "store" / "CURRENT").write_text("nonsense", encoding="utf-8")
    elif what in ("content", "cut"):
        path = max((folder / "store").glob("*.sst"))
        data = path.read_bytes()
        path.unlink()  # not in place: the file may be linked
        path.write_bytes(data[:-1] if what == "cut" else data[:50] + bytes([data[50] ^ 255]) + data[51:])
    elif what == "documents":
        path = next((folder / "records").glob("MANIFEST-*"))
        path.unlink()
        path.write_text("{", encoding="utf-8")
    elif what == "info":
        (folder / "build.json").unlink()
    with pytest.raises(StoreError, match="damaged"):
        workspace.read_text("missing") if what == "text" else workspace.open()


def test_rollback_from_damage(workspace: Workspace) -> None:
    """A damaged generation can be left for the one before."""
    build(workspace, 1)
    build(workspace, 2)
    (workspace.generations_folder / "000002" / "build.json").write_text("{", encoding="utf-8")
    assert workspace.rollback() == 1
    workspace.open().close()


def test_texts_and_extractions(workspace: Workspace) -> None:
    """Texts come back as they were read, line ends and all; an extraction that is missing or torn is none."""
    workspace.create()
    workspace.write_text("a", "один\r\nhai\u0301\n")
    assert workspace.read_text("a") == "один\r\nhai\u0301\n"
    workspace.write_extraction("f", {"claims": []})
    assert workspace.read_extraction("f") == {"claims": []}
    (workspace.folder / "extractions" / "f.json").write_text('{"cla', encoding="utf-8")
    assert workspace.read_extraction("f") is None
    assert workspace.read_extraction("g") is None
