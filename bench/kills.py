"""Writers killed at chosen and random points, and what is left of the register: python bench/kills.py --kills 200

A build, a removal and a rollback (with `--real` a load too) are run in processes of their own and killed (SIGKILL): at
chosen points, before a call into the file system or the store, spread evenly over all of them; and at random times.
After each kill the register must open, be byte for byte what was last published, show nothing else, and the same work
done again must succeed, clear what was left and end as if nothing had happened. Prints a table; ends with 1 when
anything was lost.

The core here is a small one without language data, so that a kill takes a moment; `--real` takes the real one.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

import pyoxigraph as ox  # noqa: E402

from kg import vocab  # noqa: E402
from kg.dump import dump  # noqa: E402
from kg.errors import ChanceryError  # noqa: E402
from kg.ids import document_graph  # noqa: E402
from kg.loading import load  # noqa: E402
from kg.model import Extraction, Knowledge  # noqa: E402
from kg.pipeline import build, remove  # noqa: E402
from kg.register import Conclusions, Core, Kept, Load, Means  # noqa: E402
from kg.shacl import Report  # noqa: E402
from kg.store import Workspace  # noqa: E402

ENGLISH = "Russia recognised the Taliban government on Thursday, the ministry of foreign affairs said in statement {}."
_CALLS = frozenset({"rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "sync", "open", "write", "ftruncate"})
State = tuple[int | None, str]  # the number published and the digest of what it holds


# -- a small core -----------------------------------------------------------------------------------------------------


def small_core(_workspace: Workspace) -> Core:
    """Return a core that makes a quad of each document and another of all of them, and keeps an index."""

    def quads(extraction: Extraction) -> list[ox.Quad]:
        return [_quad(extraction.document.id, extraction.document.sha256, document_graph(extraction.document.id))]

    def keep(store: ox.Store, index: ox.Store, _changed: object, load: Load, _means: Means) -> Kept:
        index.clear()
        store.remove_graph(ox.NamedNode(vocab.GRAPH_FACTS))
        for extraction in load(None):
            store.add(_quad(extraction.document.id, "fact", vocab.GRAPH_FACTS))
            index.add(_quad(extraction.document.id, "known", vocab.GRAPH_FACTS))
        return Kept(1, (), (), None)

    return Core(
        "1",
        lambda: [_quad("it", graph, graph) for graph in (vocab.GRAPH_ONTOLOGY, vocab.GRAPH_REFERENCE)],
        lambda document: Extraction(document, (), (), (), (), 1, 0),
        quads,
        lambda graphs: dict.fromkeys(graphs, Report()),
        lambda _extractions, _day: Conclusions((), (), (), (), 0),
        keep=keep,
    )


def _quad(subject: str, value: str, graph: str) -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(vocab.ID + subject), ox.NamedNode(vocab.ID + "p"), ox.Literal(value), ox.NamedNode(graph)
    )


# -- processes --------------------------------------------------------------------------------------------------------


def apart(do: Callable[[], Any]) -> Any:
    """Return what `do` gives in a process of its own: this one must never open a store, whose threads do not fork."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            try:
                pickle.dump((True, do()), pipe)
            except BaseException as error:  # whatever it is, the parent is to know
                pickle.dump((False, f"{type(error).__name__}: {error}"), pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    fine, value = pickle.loads(data) if data else (False, "it died")
    if not fine:
        raise RuntimeError(value)
    return value


def killed(do: Callable[[], Any], *, at: int | None = None, after: float = 0.0) -> bool:
    """Run `do` and kill it before call number `at`, or after so many seconds; tell whether it was killed."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if at is not None:
            count = 0

            def before(_name: str) -> None:
                nonlocal count
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            _watch(before)
        with contextlib.suppress(Exception):
            do()
        os._exit(0)
    if at is None:
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _watch(before: Callable[[str], None]) -> None:
    """Call `before` with the name of each call into the store or the file system, just before it."""

    def profile(_frame: FrameType, event: str, called: object) -> None:
        if event != "c_call":
            return
        owner, name = getattr(called, "__self__", None), getattr(called, "__name__", "")
        if isinstance(owner, ox.Store):
            before(f"store.{name}")
        elif name in _CALLS and getattr(owner, "__name__", "") in ("posix", "io", "_io"):
            before(name)

    sys.setprofile(profile)


def points_of(do: Callable[[], Any]) -> list[str]:
    """Return the points of a run that is not killed, by name."""

    def counted() -> list[str]:
        found: list[str] = []
        _watch(found.append)
        do()
        sys.setprofile(None)
        return found

    found: list[str] = apart(counted)
    return found


# -- what is killed ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Action:
    """Something that writes: what it does to a workspace, with documents in a folder."""

    name: str
    do: Callable[[Workspace, Path], Any]
    new: bool = False  # makes a register where there is none


def actions(core: Callable[[Workspace], Core], knowledge: Knowledge | None) -> list[Action]:
    """Return what is killed; loading needs a register of the real core, and so its knowledge."""
    loading = Action("load", lambda workspace, folder: load(folder.parent / "dump.nq", workspace, knowledge), new=True)
    return [
        *([loading] if knowledge is not None else []),
        Action("build", lambda workspace, folder: build([folder], workspace, core, prune=True, jobs=1)),
        Action("removal", lambda workspace, _folder: remove(["two"], workspace, core)),
        Action("rollback", lambda workspace, _folder: workspace.rollback(1)),
    ]


def prepared(folder: Path, core: Callable[[Workspace], Core]) -> Path:
    """Make a register with two generations, and documents of which one is new, one changed and one gone."""
    documents = folder / "documents"
    documents.mkdir()
    for name in ("one", "two", "three", "four"):
        (documents / f"{name}.meta.toml").write_text('language = "en"\npublished = 2025-07-03\n', encoding="utf-8")
    for name in ("one", "two"):
        (documents / f"{name}.txt").write_text(ENGLISH.format(name), encoding="utf-8")
    workspace = Workspace(folder / "register")
    apart(lambda: build([documents], workspace, core, jobs=1).generation)
    (documents / "three.txt").write_text(ENGLISH.format("three"), encoding="utf-8")
    apart(lambda: build([documents], workspace, core, jobs=1).generation)
    apart(lambda: _dump(workspace, folder / "dump.nq"))
    (documents / "one.txt").unlink()
    (documents / "one.meta.toml").unlink()
    (documents / "two.txt").write_text(ENGLISH.format("two, changed"), encoding="utf-8")
    (documents / "four.txt").write_text(ENGLISH.format("four"), encoding="utf-8")
    return documents


def _dump(workspace: Workspace, path: Path) -> None:
    with workspace.open() as generation, path.open("wb") as stream:
        dump(generation.store, "nquads", stream)


def state(workspace: Workspace) -> State:
    """Return the number of the published generation and the digest of all it holds, as a reader finds them."""
    if workspace.is_unused():
        return None, "nothing"
    with workspace.open() as generation:
        out = io.BytesIO()
        dump(generation.store, "nquads", out)
        out.write(repr(generation.documents.every()).encode())
        out.write(repr(generation.set_aside.every()).encode())
        return generation.number, hashlib.sha256(out.getvalue()).hexdigest()


def all_states(workspace: Workspace) -> dict[int, str]:
    """Return the digest of each generation that is shown."""
    found: dict[int, str] = {}
    for info in [] if workspace.is_unused() else workspace.generations():
        with workspace.open_at(info.generation) as generation:
            out = io.BytesIO()
            dump(generation.store, "nquads", out)
            found[info.generation] = hashlib.sha256(out.getvalue()).hexdigest()
    return found


@dataclass
class Tally:
    """What became of the kills of one action."""

    kills: int = 0
    points: set[str] = field(default_factory=set)
    reopened: int = 0
    equal: int = 0
    finished: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)


def judge(action: Action, workspace: Workspace, documents: Path, was: State, will: State, tally: Tally) -> None:
    """Look at what a kill has left, and do the work again."""
    try:
        now: State = apart(lambda: state(workspace))
        tally.reopened += 1
        if now[1] not in (was[1], will[1]):
            tally.lost.append(f"{action.name}: generation {now[0]} is neither the one before nor the one after")
            return
        shown: dict[int, str] = apart(lambda: all_states(workspace))
        if not set(shown) <= {1, 2, 3, 4} or (now[0] is not None and now[0] not in shown):
            tally.lost.append(f"{action.name}: generations {sorted(shown)} are shown")
            return
        tally.equal += 1
        left = apart(workspace.interrupted)
        apart(lambda: _again(action, workspace, documents))
        if apart(lambda: state(workspace))[1] != will[1]:
            tally.lost.append(f"{action.name}: done again, it ended otherwise")
            return
        leftovers = [*workspace.generations_folder.glob("draft-*"), *workspace.generations_folder.glob("*/unpublished")]
        leftovers += [*(workspace.folder / "fresh").glob("*"), *workspace.folder.rglob("*.new")]
        if leftovers:
            tally.lost.append(f"{action.name}: {leftovers[0].name} is left")
            return
        tally.finished += 1
        tally.told += bool(left)
    except RuntimeError as error:
        tally.lost.append(f"{action.name}: {error}")


def _again(action: Action, workspace: Workspace, documents: Path) -> None:
    """Do the work again; what was done already when the kill came says so."""
    try:
        action.do(workspace, documents)
    except ChanceryError as error:
        if "unknown document" not in str(error) and "is not empty" not in str(error):
            raise


def run(
    kills: int, seed: int, core: Callable[[Workspace], Core], knowledge: Knowledge | None = None
) -> dict[str, Tally]:
    """Kill, and return what became of it by action and kind of point."""
    draw = random.Random(seed)
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = prepared(folder, core)
        template = folder / "register"
        listed = actions(core, knowledge)
        for number, action in enumerate(listed):
            work = folder / "work"

            def fresh(work: Path = work, action: Action = action) -> Workspace:
                shutil.rmtree(work, ignore_errors=True)
                if not action.new:
                    shutil.copytree(template, work)
                return Workspace(work)

            def do(action: Action = action, work: Path = work) -> Any:
                return action.do(Workspace(work), documents)

            was: State = apart(lambda: state(fresh()))
            begun = time.perf_counter()
            apart(lambda: do() and None)
            lasted = time.perf_counter() - begun
            will: State = apart(lambda: state(Workspace(work)))  # noqa: B023
            fresh()
            points = points_of(lambda: do() and None)
            mine = kills // len(listed) + (number < kills % len(listed))
            chosen = mine * 2 // 3
            plan: Iterator[tuple[str, int | None]] = iter(
                [("chosen", 1 + i * len(points) // max(1, chosen)) for i in range(min(chosen, len(points)))]
                + [("random", None)] * (mine - min(chosen, len(points)))
            )
            for kind, at in plan:
                tally = tallies.setdefault(f"{action.name}, {kind}", Tally())
                while True:
                    workspace = fresh()
                    if killed(do, at=at, after=draw.uniform(0, lasted)):
                        break
                    if at is not None:
                        break
                tally.kills += 1
                tally.points.add(points[at - 1] if at else "any")
                judge(action, workspace, documents, was, will, tally)
    return tallies


# -- a disk that is full or read-only ---------------------------------------------------------------------------------


def fill(core: Callable[[Workspace], Core]) -> dict[str, Tally]:
    """Let a small disk run full at ever later moments, and be read-only; needs the right to mount."""
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = prepared(folder, core)
        template, disk = folder / "register", folder / "disk"
        disk.mkdir()
        workspace = Workspace(disk / "register")
        for action in actions(core, None)[:2]:
            for space in (*range(0, 1200, 50), -1):  # kilobytes beyond what the register takes; -1: read-only
                _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk))
                try:
                    shutil.copytree(template, workspace.folder)
                    was: State = apart(lambda: state(workspace))
                    used = os.statvfs(disk)
                    taken = (used.f_blocks - used.f_bfree) * used.f_bsize // 1024
                    _mount("-o", f"remount,size={taken + space}k" if space >= 0 else "remount,ro", str(disk))
                    kind = "full disk" if space >= 0 else "read-only disk"
                    tally = tallies.setdefault(f"{action.name}, {kind}", Tally())
                    tally.kills += 1
                    said = apart(lambda action=action: _said(action, workspace, documents))  # type: ignore[misc]
                    tally.points.add(said[:40])
                    tally.told += "cannot be written" in said
                    now: State = apart(lambda: state(workspace))
                    tally.reopened += 1
                    if said and "cannot be written" not in said:
                        tally.lost.append(f"{action.name}, {space} kB: {said}")
                    tally.equal += now == was or not said
                    _mount("-o", "remount,size=64m,rw", str(disk))
                    apart(lambda action=action: _again(action, workspace, documents))  # type: ignore[misc]
                    tally.finished += not workspace.interrupted()
                finally:
                    subprocess.run(["umount", str(disk)], check=True)
    return tallies


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _said(action: Action, workspace: Workspace, documents: Path) -> str:
    try:
        action.do(workspace, documents)
    except ChanceryError as error:
        return str(error).replace(str(workspace.folder), "REGISTER")
    return ""


def table(tallies: dict[str, Tally]) -> str:
    """Return the tallies as Markdown."""
    lines = ["| killed | kills | kinds of points | reopened | equal | done again | said | lost |", "|---" * 8 + "|"]
    lines += [
        f"| {name} | {t.kills} | {len(t.points)} | {t.reopened} | {t.equal} | {t.finished} | {t.told} | {len(t.lost)} |"
        for name, t in tallies.items()
    ]
    every = list(tallies.values())
    sums = [sum(getattr(t, name) for t in every) for name in ("kills", "reopened", "equal", "finished", "told")]
    lost = sum(len(t.lost) for t in every)
    kinds = len({point for t in every for point in t.points})
    lines.append(f"| all | {sums[0]} | {kinds} | {sums[1]} | {sums[2]} | {sums[3]} | {sums[4]} | {lost} |")
    return "\n".join(lines)


def main() -> int:
    """Kill as often as asked, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="with all language data, names and axioms")
    parser.add_argument("--disk", action="store_true", help="instead of kills: a disk that is full, or read-only")
    arguments = parser.parse_args()
    if arguments.disk:
        tallies = fill(small_core)
    elif arguments.real:
        from kg.core import load_core
        from kg.resources import load_knowledge

        tallies = run(arguments.kills, arguments.seed, load_core, load_knowledge())
    else:
        tallies = run(arguments.kills, arguments.seed, small_core)
    print(table(tallies))
    lost = [line for tally in tallies.values() for line in tally.lost]
    print("\n".join(lost), file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
