"""A register concluded in parts: the same as in one go, over the real steps; what it is made of, piece by piece."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import core as core_module
from kg.core import load_core
from kg.gradual import rebuild_in_parts
from kg.linked import Linked
from kg.pipeline import build
from kg.spool import FileSpool
from kg.store import Workspace

SAMPLE = Path(__file__).parents[2] / "documents"


def test_linked_things_are_in_one_part() -> None:
    """Sharing a key or being linked binds by any number of steps; the rest fills parts up to their size."""
    linked = Linked()
    one, two, three, four = (linked.add(keys) for keys in (["a"], ["b"], ["a", "c"], ["d"]))
    five = linked.add([])
    linked.link(five, two)
    part = linked.parts(2)
    assert part[one] == part[three]
    assert part[two] == part[five] != part[one]
    assert part[four] not in (part[one], part[two])
    assert list(linked.sharing()) == [[one, three]]


def test_a_chain_through_keys_is_one_part() -> None:
    """A thousand things, each sharing a key with the next, are in one part, however small parts are to be."""
    linked = Linked()
    for number in range(1000):
        linked.add([f"k{number}", f"k{number + 1}"])
    assert set(linked.parts(3)) == {0}


def test_a_spool_gives_back_each_part_in_order_once(tmp_path: Path) -> None:
    """What was put aside comes back by part, in the order it came in, beyond what is held in memory too."""
    spool = FileSpool(tmp_path / "spool")
    for number in range(12_000):
        spool.put(number % 7, (number, str(number)))
    for part in (3, 0):
        assert list(spool.take(part)) == [(n, str(n)) for n in range(12_000) if n % 7 == part]
        assert list(spool.take(part)) == []
    assert list(spool.take(99)) == []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample documents, concluded in one go."""
    workspace = Workspace(tmp_path_factory.mktemp("whole") / "register")
    build([SAMPLE], workspace, load_core)
    return workspace


def shown(workspace: Workspace) -> tuple[set[str], set[str]]:
    """Return what a register and its index hold, but for the history of the build."""
    with workspace.open() as generation:
        index = ox.Store.read_only(str(generation.folder / "index"))
        return {str(q) for q in generation.store if "/run/" not in str(q.graph_name)}, {str(q) for q in index}


@pytest.mark.parametrize("size", [1, 30])
def test_the_sample_in_parts(whole: Workspace, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs, index and counts are what one go gives, no part is left lying, and a change afterwards finds its way."""
    workspace = Workspace(tmp_path / "register")
    workspace.create()
    for name in ("texts", "extractions"):  # read once, for all sizes
        shutil.copytree(whole.folder / name, workspace.folder / name, dirs_exist_ok=True)
    monkeypatch.setattr(core_module, "IN_ONE_GO", 0)
    monkeypatch.setattr(core_module, "rebuild_in_parts", partial(rebuild_in_parts, size=size))
    summary = build([SAMPLE], workspace, load_core)
    assert shown(workspace) == shown(whole)
    assert workspace.generations()[-1].counts == whole.generations()[-1].counts
    with workspace.open() as generation:
        assert summary.facts == generation.info.counts["facts"] > 0
        assert {path.name for path in generation.folder.iterdir()} >= {"store", "index", "records"}
        assert not (generation.folder / "spools").exists()
