"""RDF files in any syntax to quads, literals as written; nothing is fetched from the network."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph as ox

from kg.errors import InputError

SYNTAXES: Final[Mapping[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "n3": ox.RdfFormat.N3,
}
# How files are called; those of the first list are looked for in folders, the others must be named.
_SUFFIXES: Final = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".jsonld": "jsonld",
    ".n3": "n3",
}
_NAMED: Final = {**_SUFFIXES, ".turtle": "turtle", ".xml": "rdfxml", ".json": "jsonld"}
_GZIP: Final = ".gz"
STDIN: Final = "-"


def rdf_files(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files, and the RDF files in the folders, in order. Raises InputError for a path that is not there."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if _suffix(file) in _SUFFIXES and file.is_file())
            if not inside:
                raise InputError(f"{path} holds no RDF file; looked for {', '.join(_SUFFIXES)}")
            found += inside
        elif path.exists() or str(path) == STDIN:
            found.append(path)
        else:
            raise InputError(f"{path} does not exist")
    return found


def read_rdf(
    path: Path, *, syntax: str | None = None, stdin: BinaryIO | None = None, rename: bool = False
) -> list[ox.Quad]:
    """Return the quads of a file, or of standard input for "-"; `syntax` where the name does not tell it.

    With `rename`, blank nodes are not those of the same name in other files. Raises InputError naming the place of an
    error.
    """
    return list(parse_rdf(path, syntax=syntax, stdin=stdin, rename=rename))


def parse_rdf(
    path: Path, *, syntax: str | None = None, stdin: BinaryIO | None = None, rename: bool = False
) -> Iterator[ox.Quad]:
    """Yield what `read_rdf` returns."""
    named = syntax or _syntax(path)
    form = SYNTAXES[named]
    try:
        if str(path) == STDIN or path.suffix.lower() == _GZIP:
            with _open(path, stdin) as file:
                yield from ox.parse(file, format=form, base_iri=_base(path), rename_blank_nodes=rename)
        else:
            yield from ox.parse(path=str(path), format=form, base_iri=_base(path), rename_blank_nodes=rename)
    except (SyntaxError, ValueError) as error:
        cure = "; contexts are not fetched: put them into the file" if "remote context" in str(error) else ""
        raise InputError(f"{path} is not valid RDF ({named}): {error}{cure}") from None
    except (OSError, EOFError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _syntax(path: Path) -> str:
    name = _NAMED.get(_suffix(path))
    if name is None:
        what = "standard input is in no known syntax" if str(path) == STDIN else f"{path} is no RDF file by its name"
        raise InputError(f"{what}; expected one of {', '.join(_NAMED)}, compressed or not, or name it: --syntax turtle")
    return name


def _suffix(path: Path) -> str:
    plain = path.with_suffix("") if path.suffix.lower() == _GZIP else path
    return plain.suffix.lower()


def _open(path: Path, stdin: BinaryIO | None) -> BinaryIO:
    if str(path) == STDIN:
        if stdin is None:
            raise InputError("there is no standard input to read")
        return stdin
    return gzip.open(path, "rb")  # type: ignore[return-value]


def _base(path: Path) -> str | None:
    """Return what relative IRIs of a file are relative to: the file itself, as other tools have it."""
    return None if str(path) == STDIN else path.resolve().as_uri()
