"""Mutation testing of the core steps with mutmut: python bench/mutants.py timeline standing facts dates stance

For each module mutmut changes one place at a time in a copy of this checkout and runs the tests that bear on the module
(bench/mutants.toml). Prints a table of mutants, how many the tests killed, how many survived and how many of those are
named as equivalent; what else survived is shown as a diff. Ends with 1 when there is such a survivor.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
CONFIGURATION = Path(__file__).with_suffix(".toml")
COPIED = ("docs", "documents", "kg", "ontology", "pyproject.toml", "queries", "shapes", "tests")
# Knowledge and packs are read once, by the process whose children run the mutants.
WARM = """
from functools import lru_cache
from kg import resources
from kg.extract import Extractor
resources.load_knowledge = lru_cache(resources.load_knowledge)
resources.load_packs = lru_cache(resources.load_packs)
Extractor(resources.load_knowledge(), resources.load_packs())
"""


def configuration(module: str, tests: list[str]) -> str:
    """Return the configuration of mutmut for a module."""
    return f"""
[tool.mutmut]
source_paths = ["kg"]
only_mutate = ["kg/{module}.py"]
also_copy = {[name for name in COPIED if name != "tests"]}
process_isolation = "forkserver"
pytest_add_cli_args = ["-p", "warm", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 30.0
"""


def run(module: str, tests: list[str], folder: Path, children: int) -> dict[str, str]:
    """Let mutmut run in `folder`; return name -> outcome of each mutant. What a stopped run has done is kept."""
    for name in COPIED:
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, folder / name, dirs_exist_ok=True)
        else:
            shutil.copy(HERE / name, folder / name)
    (folder / "tests" / "warm.py").write_text(WARM, encoding="utf-8")
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(configuration(module, tests))
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    call(folder, "run", "--max-children", str(children), f"kg.{module}.*")
    lines = call(folder, "results", "--all", "true").splitlines()
    return dict(line.strip().split(": ", 1) for line in lines if line.strip().startswith(f"kg.{module}."))


def call(folder: Path, *arguments: str) -> str:
    """Run mutmut in `folder` and return what it prints."""
    path = os.pathsep.join(["tests", "."])  # of the folder that mutmut works in
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode and arguments[0] != "run":
        raise SystemExit(done.stdout[-2000:])
    if arguments[0] == "run":
        print(done.stdout[-300:].replace("\r", "\n").strip().splitlines()[-1], file=sys.stderr)
    return done.stdout


def changed(diff: str) -> Iterator[tuple[str, str]]:
    """Yield what a diff takes out and puts in, line by line."""
    out = [line[1:].strip() for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]
    put = [line[1:].strip() for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    yield from zip(out, put, strict=False)


def main() -> int:
    """Run each module's mutants and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known: dict[str, dict[str, Any]] = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))
    parser.add_argument("modules", nargs="+", choices=list(known))
    parser.add_argument("--children", type=int, default=2, help="how many mutants at once")
    parser.add_argument("--folder", type=Path, help="keep what is done here, and go on from it")
    arguments = parser.parse_args()
    rows, left = [], 0
    for module in arguments.modules:
        entry = known[module]
        equivalent = {(out, put) for out, put, _ in entry.get("equivalent", ())}
        with tempfile.TemporaryDirectory() as place:
            folder = arguments.folder / module if arguments.folder else Path(place)
            folder.mkdir(parents=True, exist_ok=True)
            outcomes = run(module, entry["tests"], folder, arguments.children)
            alive = sorted(name for name, outcome in outcomes.items() if outcome not in ("killed", "timeout"))
            named = 0
            for name in alive:
                diff = call(folder, "show", name)
                if set(changed(diff)) & equivalent:
                    named += 1
                else:
                    print(f"{outcomes[name]} {diff.strip()}\n")
        rows.append((entry["step"], module, len(outcomes), len(outcomes) - len(alive), len(alive), named))
        left += len(alive) - named
    print("| step | module | mutants | killed | survived | of these equivalent |\n|" + "---|" * 6)
    for step, module, *counts in rows:
        print(f"| {step} | `kg/{module}.py` | {' | '.join(map(str, counts))} |")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
