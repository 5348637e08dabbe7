"""A dump as a folder that stands by itself: the data, what it holds, how to ask it, and checksums.

    DIR/README.md          for people, with an example for a consumer who has nothing but rdflib
        void.ttl           for machines: VoID and DCAT (`kg.dataset`)
        register.nq.gz     all named graphs; what `kg load` reads
        register.ttl.gz    and more formats, as asked for
        SHA256SUMS         of all the others

Everything depends on the register and on what is asked for alone: the same register gives the same folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Template

from kg import __version__, vocab
from kg.dataset import About, Counts, DataFile, DatasetTally, Tally, describe, description
from kg.dates import bounds
from kg.dump import ALL, SUFFIXES, Compression, Extent, opened, quads_of, sorted_quads, sorted_triples, write
from kg.errors import InputError
from kg.store import Generation

SUMS = "SHA256SUMS"
DESCRIPTION = "void.ttl"
ENDINGS = {"nquads": "nq", "trig": "trig", "jsonld": "jsonld", "ntriples": "nt", "turtle": "ttl", "rdfxml": "rdf"}
_TITLE = "A register of international relations"
_WHAT = {
    "nquads": "all graphs, N-Quads",
    "trig": "all graphs, TriG",
    "jsonld": "all graphs, JSON-LD",
    "ntriples": "ontology, reference, entities, facts and what holds, N-Triples",
    "turtle": "ontology, reference, entities, facts and what holds, Turtle",
    "rdfxml": "ontology, reference, entities, facts and what holds, RDF/XML",
}
_GRAPHS = {
    "documents": "one graph a document: its description and its claims",
    "entities": "which mentions in documents are one person or body",
    "facts": "what is concluded from claims, with status and support",
    "direct": "what holds: plain triples of actual facts",
    "inferred": "what the axioms add to that",
    "ontology": "classes, properties and concepts",
    "reference": "names of states, organisations, persons; terms of office",
    "redirects": "identifiers that joins replaced",
}
_OPENING: Mapping[Compression, tuple[str, str]] = {
    "none": ("import rdflib", 'open("{}", "rb")'),
    "gzip": ("import gzip\n\nimport rdflib", 'gzip.open("{}")'),
    "zstd": ("import rdflib\nimport zstandard  # pip install zstandard", 'zstandard.open("{}", "rb")'),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """How a register is published: formats besides N-Quads, compression, extent, and what is said of it."""

    formats: Sequence[str] = ()
    compression: Compression = "gzip"
    extent: Extent = ALL
    title: str | None = None
    licence: str | None = None
    publisher: str | None = None


def dump_folder(generation: Generation, folder: Path, edition: Edition) -> list[DataFile]:
    """Write a dump of the register into `folder` and return the data files.

    Raises InputError for a folder that holds other things than a dump, or a licence that is no IRI.
    """
    if edition.licence is not None and ":" not in edition.licence:
        raise InputError(
            f"the licence {edition.licence!r} is no IRI; give its address, such as https://spdx.org/licenses/CC-BY-4.0"
        )
    _clear(folder)
    tally, files = DatasetTally(), []
    for form in dict.fromkeys(("nquads", *edition.formats)):
        name = f"register.{ENDINGS[form]}{SUFFIXES[edition.compression]}"
        with opened(str(folder / name), BytesIO()) as stream:
            if form == "nquads":
                write(tally.through(quads_of(generation.store, edition.extent)), form, stream)
                counts = whole = tally.whole.counts()
            elif form in ("trig", "jsonld"):
                write(sorted_quads(generation.store, edition.extent), form, stream)
                counts = whole
            else:
                triples = Tally()
                write(triples.through(sorted_triples(generation.store, edition.extent)), form, stream)
                counts = triples.counts()
        files.append(DataFile(name, form, (folder / name).stat().st_size, _sha256(folder / name), counts))
    about, graphs = _about(generation, edition), tally.graphs()
    _put(folder / DESCRIPTION, describe(about, whole, graphs, files))
    _put(folder / "README.md", _readme(about, graphs, files, edition))
    others = ("README.md", DESCRIPTION)
    sums = {file.name: file.sha256 for file in files} | {n: _sha256(folder / n) for n in others}
    _put(folder / SUMS, "".join(f"{sum_}  {name}\n" for name, sum_ in sorted(sums.items())))
    return files


def read_sums(folder: Path) -> dict[str, str]:
    """Return the checksums that a dump folder states, by file name. Raises InputError where there are none."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        return {name: sum_ for sum_, name in (line.split("  ", 1) for line in lines)}
    except (OSError, UnicodeDecodeError, ValueError):
        raise InputError(f"{folder} is no dump folder: it has no readable {SUMS}") from None


def check_sums(folder: Path) -> list[str]:
    """Return the names of the files of a dump folder. Raises InputError when one is not as it was written."""
    sums = read_sums(folder)
    for name, sum_ in sums.items():
        if not (folder / name).is_file() or _sha256(folder / name) != sum_:
            raise InputError(f"{folder / name} is not as it was written; get the dump again")
    return sorted(sums)


def _clear(folder: Path) -> None:
    """Make the folder, or take the dump that is in it away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {path.name for path in folder.iterdir()}
        if there:
            ours = {*read_sums(folder), SUMS}
            if there - ours:
                raise InputError(
                    f"{folder} holds other things than a dump ({min(there - ours)}); choose another folder"
                )
            for name in sorted(there, key=lambda name: name != SUMS):
                (folder / name).unlink()
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from None


def _about(generation: Generation, edition: Edition) -> About:
    records = generation.documents.every()
    days = [bounds(record.published) for record in records if record.published]
    return About(
        title=edition.title or _TITLE,
        generation=generation.number,
        software=f"Chancery {__version__}",
        quotes=edition.extent.quotes,
        documents=len(records),
        languages=sorted({record.language for record in records}),
        earliest=min((first for first, _ in days if first), default=None),
        latest=max((last for _, last in days if last), default=None),
        licence=edition.licence,
        publisher=edition.publisher,
    )


def _readme(about: About, graphs: Mapping[str, Counts], files: Sequence[DataFile], edition: Edition) -> str:
    imports, open_ = _OPENING[edition.compression]
    example = _template("dump-example.txt").substitute(imports=imports, open_=open_.format(files[0].name))
    return _template("dump-readme.md").substitute(
        title=about.title,
        description=description(about),
        facts=_rows(_facts(about)),
        files=_rows((f"`{f.name}`", _WHAT[f.format], f.counts.statements, f.size) for f in files),
        graphs=_rows(_graph_row(graph, counts) for graph, counts in graphs.items()),
        graph_base=vocab.GRAPH,
        vocabulary=vocab.CHY,
        example=example.strip(),
    )


def _facts(about: About) -> Iterable[tuple[object, ...]]:
    yield "licence", about.licence or "none is stated: ask the publisher"
    if about.publisher:
        yield "publisher", about.publisher
    yield "made by", f"{about.software}, generation {about.generation} of the register"
    yield "documents", f"{about.documents}, in {', '.join(about.languages) or 'no language'}"
    if about.earliest and about.latest:
        yield "published", f"{about.earliest} to {about.latest}"
    yield "quotes", "sentences of the documents, as evidence" if about.quotes else "none; nor titles of documents"


def _graph_row(graph: str, counts: Counts) -> tuple[object, ...]:
    name = graph.removeprefix(vocab.GRAPH)
    what = _GRAPHS.get(name, "the history of a build" if name.startswith("run/") else "")
    return f"`{'document/{id}' if name == 'documents' else name}`", what, counts.statements


def _rows(rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _template(name: str) -> Template:
    return Template((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
