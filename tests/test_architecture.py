"""The house rules that a reader of one module cannot see: who may import whom, and what may stand in code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KG = Path(__file__).parents[1] / "kg"
CORE = frozenset(
    """agreements binding calibration chronicle citation claims clauses coordination conclusions conformance
    conformance.asking conformance.conditions conformance.finding conformance.focus conformance.ground
    conformance.judging conformance.literals conformance.paths conformance.reading conformance.selecting
    conformance.shape conformance.statements dataset datelines dates decisions direct discourse entailment
    entities errors evaluation events extract facts gapping gate gazetteer ids increments index interchange
    language language.pack lexicon mentions model office_claims patterns phrases printable proof proof_output
    quads quotations rdf referents repeats rereading resolution segment shacl skolem sounds sources speakers
    stance standing timeline timing titles token_row tokens triggers unguarded upkeep values violations vocab
    wires bodies gradual joined linked rulings""".split()  # noqa: SIM905
)
CLOCKS_AND_FILES = frozenset({"io", "os", "pathlib", "shutil", "socket", "subprocess", "tempfile", "time"})


def modules() -> dict[str, Path]:
    """Return every module of the package by its name without the package's."""
    return {
        ".".join(p.relative_to(KG).with_suffix("").parts).removesuffix(".__init__"): p
        for p in sorted(KG.rglob("*.py"))
        if "data" not in p.parts
    }


def imported(path: Path) -> Iterator[str]:
    """Yield the full names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_core_is_all_there() -> None:
    """Every module named as core exists, so that the list cannot go stale unseen."""
    assert set(modules()) >= CORE - {"evaluation"}


@pytest.mark.parametrize("name", sorted(CORE & set(modules())))
def test_the_core_never_imports_the_rim(name: str) -> None:
    """A core module imports only core modules of this package."""
    ours = {n.removeprefix("kg.") for n in imported(modules()[name]) if n.startswith("kg.")}
    known = set(modules())
    rim = {n for n in ours if n in known and n not in CORE}
    assert not rim


@pytest.mark.parametrize("name", sorted(CORE & set(modules())))
def test_the_core_touches_no_file_and_no_clock(name: str) -> None:
    """A core module imports nothing that reads files, the network or the time."""
    roots = {n.split(".")[0] for n in imported(modules()[name])}
    assert not roots & CLOCKS_AND_FILES


@pytest.mark.parametrize("name", sorted(CORE & set(modules())))
def test_the_core_opens_nothing(name: str) -> None:
    """A core module calls neither `open` nor `print` nor `now`."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    methods = {n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    assert not calls & {"open", "print", "input"}
    assert not methods & {"now", "today", "utcnow"}


@pytest.mark.parametrize("name", sorted(modules()))
def test_code_holds_no_letters_of_another_script(name: str) -> None:
    """Language and names are data: no string of the code has a letter beyond Latin Extended (docstrings may)."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    foreign = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and any(c.isalpha() and 0x0370 <= ord(c) < 0x10000 for c in node.value)
    ]
    assert not foreign


def test_one_module_uses_each_of_the_heavy_libraries() -> None:
    """owlready2 and pyshacl are each imported by one module only."""
    users = {
        library: sorted(n for n, p in modules().items() if any(i.split(".")[0] == library for i in imported(p)))
        for library in ("owlready2", "pyshacl")
    }
    assert users == {"owlready2": ["ontology"], "pyshacl": ["validate"]}


def test_the_python_is_new_enough() -> None:
    """The tests run on a Python that the package supports."""
    assert sys.version_info >= (3, 11)
