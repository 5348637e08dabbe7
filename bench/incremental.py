"""Time to add one document to registers of 1,000, 10,000 and 100,000 generated ones: python bench/incremental.py 1000

Claims are made up, all other steps are the real ones: gate, store, joins, facts, what holds and follows, publishing.
Each document tells three things, of persons and pairs of states that grow in number with the register, as news do.
Processor time is told for the whole process, and for the thread that works on the document alone: RocksDB's own threads
put in order behind it what the build before has left. While a register is built, a line about every half minute tells
how far it is, so that a run that is stopped still tells something.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from kg.core import load_core
from kg.dates import claim_date
from kg.ids import claim_id, mention_iri
from kg.model import Claim, Document, Entity, Extraction, Filler, Iri, Knowledge, Name, Span
from kg.pipeline import build
from kg.register import Core
from kg.resources import load_knowledge
from kg.store import Workspace
from kg.vocab import ID

SYLLABLES = [c + v for c in "bcdfghklmnprstvz" for v in "aeiou"]
MINISTER = Iri(f"{ID}office/minister")
ROUNDS = 9
EVERY = 30.0  # seconds


def main() -> None:
    """Print a line for each size."""
    sizes = [int(size) for size in sys.argv[1:]] or [1000, 10_000, 100_000]
    print(
        "documents       quads  build, s   peak MB  add one, s  processor, s  own thread, s  concluding, s", flush=True
    )
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(size, Path(folder))


def measure(size: int, folder: Path) -> None:
    """Build a register of `size` documents, add some more one by one, and print the times in seconds."""
    workspace = Workspace(folder / "register")
    knowledge = load_knowledge()
    concluding: list[float] = []

    def core(at: Workspace) -> Core:
        real = load_core(at)
        keep = real.keep
        assert keep is not None

        def timed(*args: object) -> object:
            begun = time.thread_time()
            done = keep(*args)  # type: ignore[arg-type]
            concluding.append(time.thread_time() - begun)
            return done

        made = Extractions(knowledge, size)
        return replace(real, extract=made.extract, load_extract=None, keep=timed)  # type: ignore[arg-type]

    begun = time.perf_counter()
    build([_documents(folder / "first.jsonl", 0, size)], workspace, core, progress=Told(size).at)
    built = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times, processor, own = [], [], []
    for number in range(ROUNDS):
        one = _documents(folder / f"one-{number}.jsonl", size + number, 1)
        begun, worked, alone = time.perf_counter(), time.process_time(), time.thread_time()
        build([one], workspace, core)
        times.append(time.perf_counter() - begun)
        processor.append(time.process_time() - worked)
        own.append(time.thread_time() - alone)
    quads = workspace.generations()[-1].counts["quads"]
    added, worked, alone, concluded = map(statistics.median, (times, processor, own, concluding[1:]))
    print(
        f"{size:>9}  {quads:>10}  {built:>8.1f}  {peak:>8.0f}  {added:>10.2f}  {worked:>12.2f}  {alone:>13.2f}"
        f"  {concluded:>13.2f}",
        flush=True,
    )


class Told:
    """Prints how far a build is."""

    def __init__(self, size: int) -> None:
        self._size, self._begun, self._last, self._stage = size, time.perf_counter(), 0.0, ""

    def at(self, stage: str, done: int, total: int | None) -> None:
        """Print a line where a new stage begins, and each half minute."""
        seconds = time.perf_counter() - self._begun
        if stage != self._stage or seconds - self._last >= EVERY:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            of = f" of {total:,}" if total and total > done else ""
            print(
                f"  {self._size:,}: {stage} {done:,}{of}, {seconds:,.0f} s (processor {time.process_time():,.0f} s), "
                f"peak {peak:,.0f} MB",
                flush=True,
            )
            self._last, self._stage = seconds, stage


def _documents(path: Path, first: int, count: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            draw = random.Random(number)
            words = " ".join(_word(draw) for _ in range(40))
            day = f"20{draw.randrange(10, 26)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
            values = {"id": f"en-{number}", "text": words, "published": day, "language": "en", "publisher": "Bench"}
            file.write(json.dumps(values) + "\n")
    return path


def _word(draw: random.Random) -> str:
    return "".join(draw.choice(SYLLABLES) for _ in range(3))


class Extractions:
    """Makes claims up for documents."""

    def __init__(self, knowledge: Knowledge, size: int) -> None:
        self._knowledge, self._size = knowledge, size
        self._states = sorted(iri for iri, e in knowledge.entities.items() if "State" in e.kinds)
        subjects = knowledge.concepts["subject"]
        self._subjects = [subjects[code].id for code in sorted(subjects)]

    def extract(self, document: Document) -> Extraction:
        """Return an office, a visit and an agreement."""
        draw = random.Random(document.id)
        name = random.Random(f"person {draw.randrange(self._size // 3)}")
        text = f"{_word(name).title()} {_word(name).title()}{_word(name)}"
        person = Entity(
            mention_iri(document.id, text, "Person"),
            self._knowledge.superclasses["Person"],
            (Name(text, "en", "preferred"),),
        )
        home, one, two = name.choice(self._states), *draw.sample(self._states, 2)
        date = document.published
        subject = draw.choice(self._subjects)
        claims = (
            self._claim(document, 0, "OfficeHolding", None, holder=[person.id], office=[MINISTER], of=[home]),
            self._claim(document, 20, "Visit", date, visitor=[person.id], destination=[one]),
            self._claim(document, 40, "AgreementSigning", date, party=[one, two], subject=[subject]),
        )
        return Extraction(document, claims, (person,), (), (), 3, 0)

    def _claim(self, document: Document, at: int, frame: str, date: str | None, **roles: list[Iri]) -> Claim:
        span = Span(at, at + 15)
        filled = tuple((role, tuple(map(self._filler, fillers))) for role, fillers in sorted(roles.items()))
        return Claim(
            claim_id(document.id, frame, span, roles.items(), "positive", "actual", date), document.id,
            document.published, document.language, frame, filled, claim_date(date), "positive", "actual", False, None,
            None, span, span.slice(document.text), 0.9, "en/bench/rule",
        )  # fmt: skip

    def _filler(self, iri: Iri) -> Filler:
        known = self._knowledge.entities.get(iri)
        return Filler(iri, iri, (), known.kinds if known else frozenset())


if __name__ == "__main__":
    main()
