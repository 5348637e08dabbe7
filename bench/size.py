"""Registers of documents that are really read, by size: python bench/size.py 1000 10000

The documents are those of `bench/corpus.py`; every step is the installed command's, in a process of its own, so that
each has its own peak of memory. Prints a table of builds and one of questions, each with how much the last size takes
more than the one before; and while a step goes on, a line each half minute, so that a run that is stopped still tells
how far it came.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))
ROUNDS = 3
EVERY = 30.0  # seconds


@dataclass
class Measured:
    """What a register of one size took: seconds, megabytes; `questions`: seconds for each saved query."""

    size: int
    build: float = 0.0
    processor: float = 0.0
    peak: float = 0.0
    claims: int = 0
    facts: int = 0
    quads: int = 0
    store: float = 0.0
    all: float = 0.0
    again: float = 0.0
    dump: float = 0.0
    dump_peak: float = 0.0
    validate: float = 0.0
    validate_peak: float = 0.0
    questions: dict[str, float] = field(default_factory=dict)


def run(arguments: Sequence[str], told: Callable[[int], str] | None = None) -> tuple[float, float, float, int]:
    """Run a command; return wall seconds, processor seconds (with its workers), peak megabytes, and its exit code.

    `told` says of the process how far it is, each half minute.
    """
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    done = threading.Event()
    if told is not None:
        threading.Thread(target=_tell, args=(process.pid, told, begun, done), daemon=True).start()
    _, status, usage = os.wait4(process.pid, 0)
    done.set()
    wall = time.perf_counter() - begun
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def _tell(process: int, told: Callable[[int], str], begun: float, done: threading.Event) -> None:
    while not done.wait(EVERY):
        with contextlib.suppress(OSError):
            print(f"  {time.perf_counter() - begun:,.0f} s: {told(process)}", flush=True)


def how_far(register: Path) -> Callable[[int], str]:
    """Return what tells of a process how many documents of a register are read, what is concluded, and its memory."""

    def told(process: int) -> str:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
        read = sum(1 for _ in (register / "extractions").iterdir())
        aside = sorted(register.glob("generations/draft-*/spools/*"), key=lambda path: path.stat().st_mtime)
        left = sum(1 for _ in aside[-1].iterdir()) if aside else 0
        concluding = f", concluding: {aside[-1].name}, {left} parts on the disk" if aside else ""
        return f"{read:,} documents read{concluding}, peak {peak:,.0f} MB"

    return told


def kg(*arguments: str, register: str | None = None) -> tuple[float, float, float]:
    """Run `kg`, telling how far the build of a register is; documents that are set aside are no failure here."""
    wall, processor, peak, code = run(["-m", "kg", *arguments], how_far(Path(register)) if register else None)
    if code not in (0, 1):
        raise SystemExit(f"kg {' '.join(arguments)} ended with {code}")
    return wall, processor, peak


def measure(size: int, folder: Path, jobs: int) -> Measured:
    """Return what a register of `size` documents takes."""
    from kg.store import Workspace

    corpus, register = folder / "corpus", str(folder / "register")
    run([str(HERE / "bench" / "corpus.py"), str(size), "--to", str(corpus)])
    out = Measured(size)
    print(f"{size:,} documents", flush=True)
    build = ["build", str(corpus), "-w", register, "--jobs", str(jobs)]
    out.build, out.processor, out.peak = kg(*build, register=register)
    print(f"  built in {out.build:,.0f} s, peak {out.peak:,.0f} MB", flush=True)
    info = Workspace(Path(register)).generations()[-1]
    out.claims, out.facts, out.quads = (info.counts[name] for name in ("claims", "facts", "quads"))
    out.store = megabytes(Path(register) / "generations")
    out.all = megabytes(Path(register))
    out.again, _, _ = kg("build", str(corpus), "-w", register)
    out.questions = json.loads(questions(register))
    out.dump, _, out.dump_peak = kg("dump", "-w", register, "--output", str(folder / "dump.nq"))
    out.validate, _, out.validate_peak = kg("validate", "-w", register)
    return out


def questions(register: str) -> str:
    """Return the median seconds of each saved query with its examples, as JSON, measured in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    command = [sys.executable, __file__, "--questions", register]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout


def ask_all(register: Path) -> dict[str, float]:
    """Return the median seconds of each saved query, its parameters as their examples say."""
    from kg.errors import ChanceryError
    from kg.queries import ask
    from kg.resources import data_folder
    from kg.saved import load_queries
    from kg.store import Workspace

    found: dict[str, float] = {}
    with Workspace(register).open() as generation:
        for name, query in load_queries(data_folder("queries")).items():
            values = {p.name: p.example for p in query.parameters if p.required}
            times = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                try:
                    ask(generation.store, query, values)
                except ChanceryError:
                    break  # the example names what this corpus has not
                times.append(time.perf_counter() - begun)
            if times:
                found[name] = statistics.median(times)
    return found


def megabytes(folder: Path) -> float:
    """Return how much a folder holds, what is linked twice counted once."""
    sizes = {(s.st_dev, s.st_ino): s.st_size for path in folder.rglob("*") if (s := path.stat()) and path.is_file()}
    return sum(sizes.values()) / 1e6


ROWS: Sequence[tuple[str, Callable[[Measured], float], str]] = (
    ("claims", lambda m: m.claims, ",.0f"),
    ("facts", lambda m: m.facts, ",.0f"),
    ("quads", lambda m: m.quads, ",.0f"),
    ("build, wall s", lambda m: m.build, ",.0f"),
    ("build, processor s", lambda m: m.processor, ",.0f"),
    ("documents a second (wall)", lambda m: m.size / m.build, ",.1f"),
    ("build, peak MB of the largest process", lambda m: m.peak, ",.0f"),
    ("store and index, MB", lambda m: m.store, ",.0f"),
    ("whole register, MB", lambda m: m.all, ",.0f"),
    ("build again, nothing changed, s", lambda m: m.again, ",.1f"),
    ("dump, s", lambda m: m.dump, ",.1f"),
    ("dump, peak MB", lambda m: m.dump_peak, ",.0f"),
    ("validation, s", lambda m: m.validate, ",.1f"),
    ("validation, peak MB", lambda m: m.validate_peak, ",.0f"),
)


def table(found: Sequence[Measured]) -> str:
    """Return what was measured as Markdown, each line with its growth over the last two sizes."""
    lines = ["| | " + " | ".join(f"{m.size:,}" for m in found) + " | growth |", "|---" * (len(found) + 2) + "|"]
    for name, value, form in ROWS:
        lines.append(_line(name, [value(m) for m in found], form))
    asked = found[-1].questions
    lines += [_line(f"`{name}`, ms", [1000 * m.questions.get(name, 0) for m in found], ",.1f") for name in asked]
    return "\n".join(lines)


def _line(name: str, values: Sequence[float], form: str) -> str:
    growth = f"{values[-1] / values[-2]:.1f}" if len(values) > 1 and values[-2] else ""
    return f"| {name} | " + " | ".join(format(value, form) for value in values) + f" | {growth} |"


def main() -> None:
    """Measure each size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--questions", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.questions:
        print(json.dumps(ask_all(arguments.questions)))
        return
    found = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(size, Path(folder), arguments.jobs))
        print(table(found), flush=True)


if __name__ == "__main__":
    main()
