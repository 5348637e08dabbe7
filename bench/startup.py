"""How long `kg query` takes from start to answer, beside `python -c pass`, and what it imports: python bench/startup.py

Builds a register of the sample documents, then starts each so many times, one after the other in turn, and prints
medians and differences in seconds of wall time and of processor time (which a busy machine does not stretch as much),
and the modules that took longest to import.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 15
SLOWEST = 8
QUESTIONS = {
    "name as it is written": ["recognised=Taliban"],
    "name in small letters": ["recognised=талибан"],
    "name that is not a preferred one": ["recognised=талибы"],
}
HEAVY = (
    "rdflib", "pyshacl", "owlready2", "lingua", "trafilatura", "pypdf", "docx", "pymorphy3", "babel", "datasketch",
    "pandas", "pyarrow", "matplotlib", "rich", "kg.extract", "kg.language.pack", "kg.core",
)  # fmt: skip
_IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG_WORKSPACE": str(Path(folder) / "register")}
        run([sys.executable, "-m", "kg", "build", str(ROOT / "documents")], environment)
        nothing = [sys.executable, "-c", "pass"]
        for what, parameters in QUESTIONS.items():
            query = [sys.executable, "-m", "kg", "query", "which-states-recognise"]
            query += [word for parameter in parameters for word in ("--param", parameter)]
            times = [(run(nothing, environment), run(query, environment)) for _ in range(ROUNDS)]
            for place, measure in enumerate(("wall", "processor")):
                empty, asked = (statistics.median(row[which][place] for row in times) for which in (0, 1))
                print(f"{what}: {measure}: pass {empty:.3f}, kg query {asked:.3f}, difference {asked - empty:.3f} s")
        imported = imports([*query[:1], "-X", "importtime", *query[1:]], environment)
        print("heavy modules imported:", ", ".join(name for name in HEAVY if name in imported) or "none")
        slowest = sorted(imported.items(), key=lambda pair: -pair[1])[:SLOWEST]
        print("slowest imports by themselves:", ", ".join(f"{name} {us / 1000:.0f} ms" for name, us in slowest))


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return how long a command takes, in seconds of wall time and of processor time; it must end well."""
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, used


def imports(command: list[str], environment: dict[str, str]) -> dict[str, int]:
    """Return the microseconds that each module took to import, without what it imports in turn."""
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return {found[3]: int(found[1]) for found in _IMPORTED.finditer(done.stderr)}


if __name__ == "__main__":
    main()
