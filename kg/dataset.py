"""A register described as a dataset (VoID and DCAT): what it holds, counted, under which licence, made by what.

The description is Turtle with IRIs relative to where it lies, so that a dump folder can be published anywhere::

    <#register> a void:Dataset, dcat:Dataset ; void:triples 66938 ; void:classPartition <#class-State> ;
        void:subset <#graph-facts>, <#data-turtle> ; dcat:distribution <#file-nquads> .
    <#graph-facts> a void:Dataset, sd:NamedGraph ; sd:name <.../graph/facts> ; void:triples 1802 .
    <#data-nquads> a void:Dataset ; void:dataDump <register.nq.gz> ; void:triples 66938 .
    <#file-nquads> a dcat:Distribution ; dcat:downloadURL <register.nq.gz> ; dcat:byteSize 724011 .

A triple that stands in two graphs is counted twice where graphs are told apart: what is counted is statements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import pyoxigraph as ox

from kg import vocab
from kg.ids import digest, path_segment

_BASE: Final = "chancery-dump://folder/void.ttl"  # taken out again: what is written is relative
_FOAF: Final = "http://xmlns.com/foaf/0.1/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_LANGUAGE: Final = "http://id.loc.gov/vocabulary/iso639-1/"
_FORMATS_AT_W3C: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = ox.NamedNode(vocab.RDF_TYPE)
_DOCUMENT_GRAPH: Final = vocab.GRAPH + "document/"

# The names that W3C and IANA have for a format.
MEDIA: Final[Mapping[str, tuple[str, str]]] = {
    "nquads": ("N-Quads", "application/n-quads"),
    "trig": ("TriG", "application/trig"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "ntriples": ("N-Triples", "application/n-triples"),
    "turtle": ("Turtle", "text/turtle"),
    "rdfxml": ("RDF_XML", "application/rdf+xml"),
}
_PACKED: Final = {".gz": "application/gzip", ".zst": "application/zstd"}


@dataclass(frozen=True, slots=True)
class Counts:
    """What can be counted of statements: VoID's numbers, and those of each class and property."""

    statements: int
    entities: int
    subjects: int
    objects: int
    properties: Mapping[str, int]
    classes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a dump: its name, format, size in bytes, SHA-256, and the statements in it."""

    name: str
    format: str
    size: int
    sha256: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a dump as a whole; `earliest`, `latest`: days between which its documents were published."""

    title: str
    generation: int
    software: str
    quotes: bool
    documents: int
    languages: Sequence[str] = ()
    earliest: str | None = None
    latest: str | None = None
    licence: str | None = None
    publisher: str | None = None


S = TypeVar("S", ox.Quad, ox.Triple)


class Tally:
    """Counts as statements go by; of subjects and objects it keeps no more than their hashes."""

    def __init__(self) -> None:
        self._total = 0
        self._subjects: set[int] = set()
        self._ours: set[int] = set()
        self._objects: set[int] = set()
        self._properties: Counter[str] = Counter()
        self._members: dict[str, set[int]] = {}

    def through(self, statements: Iterable[S]) -> Iterator[S]:
        """Yield statements as they come, counted."""
        for statement in statements:
            self.add(statement)
            yield statement

    def add(self, statement: ox.Quad | ox.Triple) -> None:
        """Count one statement."""
        subject, predicate, object_ = statement.subject, statement.predicate, statement.object
        self._total += 1
        node = hash(subject)
        self._subjects.add(node)
        self._objects.add(hash(object_))
        self._properties[predicate.value] += 1
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(vocab.ID):
            self._ours.add(node)
        if predicate == _TYPE and isinstance(object_, ox.NamedNode):
            self._members.setdefault(object_.value, set()).add(node)

    def counts(self) -> Counts:
        """Return what was counted; `entities` are the subjects that have an identifier of the register."""
        return Counts(
            statements=self._total,
            entities=len(self._ours),
            subjects=len(self._subjects),
            objects=len(self._objects),
            properties=dict(sorted(self._properties.items())),
            classes={name: len(found) for name, found in sorted(self._members.items())},
        )


class DatasetTally:
    """Counts of quads as they go by: of all, and of each named graph; the documents' graphs count as `documents`."""

    def __init__(self) -> None:
        self.whole = Tally()
        self._graphs: dict[str, Tally] = {}

    def through(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Yield the quads as they come, counted."""
        for quad in self.whole.through(quads):
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            name = "documents" if graph.startswith(_DOCUMENT_GRAPH) else graph
            self._graphs.setdefault(name, Tally()).add(quad)
            yield quad

    def graphs(self) -> dict[str, Counts]:
        """Return the counts of each graph by its IRI."""
        return {graph: tally.counts() for graph, tally in sorted(self._graphs.items())}


def describe(about: About, whole: Counts, graphs: Mapping[str, Counts], files: Sequence[DataFile]) -> str:
    """Return the description of a dump in Turtle, with IRIs relative to the folder it lies in."""
    out = _Description()
    me = out.here("#register")
    out.type(out.here(""), vocab.VOID + "DatasetDescription")
    out.link(out.here(""), _FOAF + "primaryTopic", me)
    _describe_whole(out, me, about)
    out.counts(me, whole)
    for class_, members in whole.classes.items():
        part = out.here(f"#class-{_fragment(class_)}")
        out.link(me, vocab.VOID + "classPartition", part)
        out.link(part, vocab.VOID + "class", class_)
        out.number(part, vocab.VOID + "entities", members)
    for property_, number in whole.properties.items():
        part = out.here(f"#property-{_fragment(property_)}")
        out.link(me, vocab.VOID + "propertyPartition", part)
        out.link(part, vocab.VOID + "property", property_)
        out.number(part, vocab.VOID + "triples", number)
    for graph, counts in graphs.items():
        _describe_graph(out, me, graph, counts)
    for file in files:
        _describe_file(out, me, file, about)
    return out.turtle()


def _describe_whole(out: _Description, me: str, about: About) -> None:
    out.type(me, vocab.VOID + "Dataset")
    out.type(me, vocab.DCAT + "Dataset")
    out.text(me, vocab.DCTERMS_TITLE, about.title, "en")
    out.text(me, vocab.DCTERMS + "description", description(about), "en")
    out.text(me, vocab.DCAT + "version", f"generation {about.generation}")
    if about.licence is None:
        out.text(me, vocab.DCTERMS + "rights", "No licence is stated.", "en")
    else:
        out.link(me, vocab.DCTERMS + "license", about.licence)
    if about.publisher is not None:
        out.link(me, vocab.DCTERMS + "publisher", out.here("#publisher"))
        out.type(out.here("#publisher"), _FOAF + "Agent")
        out.text(out.here("#publisher"), _FOAF + "name", about.publisher)
    for language in about.languages:
        out.link(me, vocab.DCTERMS + "language", _LANGUAGE + language)
    if about.earliest is not None and about.latest is not None:
        period = out.here("#published")
        out.link(me, vocab.DCTERMS + "temporal", period)
        out.type(period, vocab.DCTERMS + "PeriodOfTime")
        out.day(period, vocab.DCAT + "startDate", about.earliest)
        out.day(period, vocab.DCAT + "endDate", about.latest)
    out.link(me, vocab.PROV + "wasGeneratedBy", out.here("#build"))
    out.type(out.here("#build"), vocab.PROV + "Activity")
    out.link(out.here("#build"), vocab.PROV + "wasAssociatedWith", out.here("#software"))
    out.type(out.here("#software"), vocab.PROV + "SoftwareAgent")
    out.text(out.here("#software"), vocab.RDFS_LABEL, about.software)
    out.text(me, vocab.VOID + "uriSpace", vocab.ID)
    for namespace in (vocab.CHY, vocab.DCTERMS, vocab.OA, vocab.PROV, vocab.SCHEMA, vocab.SKOS):
        out.link(me, vocab.VOID + "vocabulary", namespace)


def description(about: About) -> str:
    """Return in one paragraph what a dump is.

    >>> description(About("A", 1, "Chancery 1", False, 2))[-60:]
    "nces; the documents' own words are left out of this edition."
    """
    words = "their words, quoted" if about.quotes else "the places of their sentences"
    left_out = "" if about.quotes else "; the documents' own words are left out of this edition"
    return (
        f"What {about.documents} documents say that states and their officials did, as claims with {words}, and what "
        f"follows from them: facts with their status, what holds, and inferences{left_out}."
    )


def _describe_graph(out: _Description, me: str, graph: str, counts: Counts) -> None:
    part = out.here("#graphs-of-documents" if graph == "documents" else f"#graph-{_fragment(graph)}")
    out.link(me, vocab.VOID + "subset", part)
    out.type(part, vocab.VOID + "Dataset")
    if graph == "documents":
        out.text(part, vocab.DCTERMS_TITLE, "the graphs of all documents, one a document", "en")
    else:
        out.type(part, vocab.SD + "NamedGraph")
        out.link(part, vocab.SD + "name", graph)
        out.text(part, vocab.DCTERMS_TITLE, graph.removeprefix(vocab.GRAPH), "en")
    out.counts(part, counts)


def _describe_file(out: _Description, me: str, file: DataFile, about: About) -> None:
    name, media = MEDIA[file.format]
    data, distribution = out.here(f"#data-{file.format}"), out.here(f"#file-{file.format}")
    path, checksum = out.here(file.name), out.here(f"#checksum-{file.format}")
    out.link(me, vocab.VOID + "subset", data)
    out.type(data, vocab.VOID + "Dataset")
    out.text(data, vocab.DCTERMS_TITLE, f"what {file.name} holds", "en")
    out.link(data, vocab.VOID + "dataDump", path)
    out.link(data, vocab.VOID + "feature", _FORMATS_AT_W3C + name)
    out.counts(data, file.counts)
    out.link(me, vocab.DCAT + "distribution", distribution)
    out.type(distribution, vocab.DCAT + "Distribution")
    out.text(distribution, vocab.DCTERMS_TITLE, file.name)
    out.link(distribution, vocab.DCAT + "downloadURL", path)
    out.link(distribution, vocab.DCAT + "mediaType", _IANA + media)
    for suffix, packed in _PACKED.items():
        if file.name.endswith(suffix):
            out.link(distribution, vocab.DCAT + "compressFormat", _IANA + packed)
    out.number(distribution, vocab.DCAT + "byteSize", file.size)
    if about.licence is not None:
        out.link(distribution, vocab.DCTERMS + "license", about.licence)
    out.link(distribution, _SPDX + "checksum", checksum)
    out.type(checksum, _SPDX + "Checksum")
    out.link(checksum, _SPDX + "algorithm", _SPDX + "checksumAlgorithm_sha256")
    out.literal(checksum, _SPDX + "checksumValue", file.sha256, vocab.XSD + "hexBinary")


def _fragment(iri: str) -> str:
    """Return a name for an IRI that a fragment can hold: its end, with its prefix or, where it has none, a hash.

    >>> _fragment(vocab.STATE), _fragment(vocab.SKOS_CONCEPT), _fragment(vocab.GRAPH_FACTS)
    ('State', 'skos-Concept', 'facts')
    """
    for prefix, start in {"": vocab.CHY, " ": vocab.GRAPH, **vocab.PREFIXES}.items():
        if iri.startswith(start):
            return f"{prefix.strip()}-{path_segment(iri.removeprefix(start))}".removeprefix("-")
    return f"{path_segment(vocab.local_name(iri))}-{digest(iri)[:8]}"


class _Description:
    """Triples about a dump, as they come; written sorted."""

    def __init__(self) -> None:
        self._triples: set[ox.Triple] = set()

    def here(self, relative: str) -> str:
        """Return the IRI of something in the folder (`register.nq`) or in the description (`#register`)."""
        folder = _BASE.rsplit("/", 1)[0] + "/"
        return _BASE + relative if relative.startswith("#") or not relative else folder + relative

    def type(self, subject: str, class_: str) -> None:
        self.link(subject, vocab.RDF_TYPE, class_)

    def link(self, subject: str, predicate: str, object_: str) -> None:
        self._add(subject, predicate, ox.NamedNode(object_))

    def text(self, subject: str, predicate: str, text: str, language: str | None = None) -> None:
        self._add(subject, predicate, ox.Literal(text, language=language))

    def number(self, subject: str, predicate: str, number: int) -> None:
        self._add(subject, predicate, ox.Literal(number))

    def day(self, subject: str, predicate: str, day: str) -> None:
        self.literal(subject, predicate, day, vocab.XSD_DATE)

    def literal(self, subject: str, predicate: str, value: str, datatype: str) -> None:
        self._add(subject, predicate, ox.Literal(value, datatype=ox.NamedNode(datatype)))

    def counts(self, subject: str, counts: Counts) -> None:
        """Add VoID's numbers."""
        self.number(subject, vocab.VOID + "triples", counts.statements)
        self.number(subject, vocab.VOID + "entities", counts.entities)
        self.number(subject, vocab.VOID + "distinctSubjects", counts.subjects)
        self.number(subject, vocab.VOID + "distinctObjects", counts.objects)
        self.number(subject, vocab.VOID + "properties", len(counts.properties))
        self.number(subject, vocab.VOID + "classes", len(counts.classes))

    def turtle(self) -> str:
        """Return the triples in Turtle, without the base."""
        ordered = sorted(self._triples, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
        prefixes = {**vocab.PREFIXES, "foaf": _FOAF, "spdx": _SPDX}
        written = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=prefixes, base_iri=_BASE) or b""
        return written.decode("utf-8").replace(f"@base <{_BASE}> .\n", "", 1)

    def _add(self, subject: str, predicate: str, object_: ox.NamedNode | ox.Literal) -> None:
        self._triples.add(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), object_))
