"""One large graph against one shapes graph, by this engine, pyshacl and pyrudof: python bench/validate_store.py 1000000

Claim-like data are generated, with a fault in one of a thousand claims, every kind in turn. Each engine reads the same
files in a process of its own, and must find the same: each planted fault once. Prints seconds (wall and processor) and
peak memory, loading included, and their ratios. pyrudof is no dependency of the project: `pip install pyrudof`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
X = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
EVERY = 1000  # one claim in so many has a fault
STATES, PEOPLE = 200, 2000

SHAPES = f"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <{XSD}> .
@prefix x: <{X}> .

x:ClaimShape a sh:NodeShape ; sh:targetClass x:Claim ;
    sh:property [ sh:path x:frame ; sh:minCount 1 ; sh:maxCount 1 ;
        sh:in ( x:Visit x:Meeting x:Signing x:Recognition ) ] ;
    sh:property [ sh:path x:actor ; sh:minCount 1 ; sh:class x:Actor ] ;
    sh:property [ sh:path x:target ; sh:or ( [ sh:class x:State ] [ sh:class x:Person ] ) ] ;
    sh:property [ sh:path x:confidence ; sh:maxCount 1 ; sh:datatype xsd:decimal ;
        sh:minInclusive 0 ; sh:maxInclusive 1 ] ;
    sh:property [ sh:path x:earliest ; sh:datatype xsd:date ; sh:lessThanOrEquals x:latest ] ;
    sh:property [ sh:path x:extractor ; sh:datatype xsd:string ; sh:pattern "^(en|kk|ru|vi)/[a-z-]+$" ] ;
    sh:property [ sh:path x:document ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:class x:Document ] ;
    sh:property [ sh:path x:evidence ; sh:qualifiedValueShape [ sh:class x:Quote ] ;
        sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ;
    sh:property [ sh:path ( x:evidence x:source ) ; sh:equals x:document ] ;
    sh:not [ sh:path x:actor ; sh:class x:Document ; sh:minCount 1 ] .

x:QuoteShape a sh:NodeShape ; sh:targetClass x:Quote ;
    sh:property [ sh:path x:start ; sh:datatype xsd:integer ; sh:minInclusive 0 ; sh:lessThan x:end ] ;
    sh:property [ sh:path x:exact ; sh:minCount 1 ; sh:minLength 1 ; sh:languageIn ( "en" "kk" "ru" "vi" ) ] ;
    sh:property [ sh:path [ sh:inversePath x:evidence ] ; sh:minCount 1 ; sh:class x:Claim ] ;
    sh:closed true ; sh:ignoredProperties ( <{RDF}type> x:source x:end ) .

x:DocumentShape a sh:NodeShape ; sh:targetClass x:Document ;
    sh:property [ sh:path x:title ; sh:uniqueLang true ; sh:minCount 1 ] ;
    sh:property [ sh:path x:sha256 ; sh:pattern "^[0-9a-f]{{16}}$" ; sh:maxLength 16 ] .
"""


def _line(subject: str, predicate: str, value: str) -> str:
    return f"<{X}{subject}> <{predicate if ':' in predicate else X + predicate}> {value} .\n"


def _iri(name: str) -> str:
    return f"<{X}{name}>"


def _typed(text: object, kind: str) -> str:
    return f'"{text}"^^<{XSD}{kind}>'


def _world(draw: random.Random) -> Iterator[str]:
    for lower, upper in (("State", "Actor"), ("Person", "Actor"), ("Minister", "Person")):
        yield _line(lower, RDFS + "subClassOf", _iri(upper))
    for number in range(STATES):
        yield _line(f"state/{number}", RDF + "type", _iri("State"))
    for number in range(PEOPLE):
        yield _line(f"person/{number}", RDF + "type", _iri(draw.choice(["Person", "Minister"])))


def _document(number: int, draw: random.Random) -> Iterator[str]:
    name = f"document/{number}"
    yield _line(name, RDF + "type", _iri("Document"))
    yield _line(name, "title", f'"Title of {number}"@en')
    yield _line(name, "title", f'"Titel {number}"@ru')
    yield _line(name, "sha256", f'"{draw.getrandbits(64):016x}"')


FAULTS = (
    "confidence", "modality", "frame", "actor", "target", "date", "extractor", "quote", "span", "language", "closed",
    "title",
)  # fmt: skip


def _claim(number: int, document: int, draw: random.Random) -> Iterator[str]:
    fault = FAULTS[number // EVERY % len(FAULTS)] if number % EVERY == EVERY // 2 else ""
    name, quote = f"claim/{number}", f"quote/{number}"
    yield _line(name, RDF + "type", _iri("Claim"))
    yield _line(name, "frame", _iri("Nothing" if fault == "frame" else draw.choice(["Visit", "Meeting", "Signing"])))
    yield _line(name, "actor", _iri("frame/none" if fault == "actor" else f"state/{draw.randrange(STATES)}"))
    target = draw.choice([f"person/{draw.randrange(PEOPLE)}", f"state/{draw.randrange(STATES)}"])
    yield _line(name, "target", _iri(f"document/{document}" if fault == "target" else target))
    yield _line(name, "confidence", _typed("1.5" if fault == "confidence" else f"0.{draw.randint(1, 9)}", "decimal"))
    month = draw.randint(1, 6)
    yield _line(name, "earliest", _typed(f"2025-0{month}-10", "date"))
    yield _line(name, "latest", _typed("2024-01-01" if fault == "date" else f"2025-0{month + 2}-11", "date"))
    yield _line(name, "extractor", '"a guess"' if fault == "extractor" else '"ru/visit"')
    yield _line(name, "modality", _iri("modality/actual"))
    yield _line(name, "document", _iri(f"document/{document}"))
    yield _line(name, "evidence", _iri(quote))
    yield _line(quote, RDF + "type", _iri("Quote"))
    yield _line(quote, "source", _iri(f"document/{document}"))
    start = draw.randint(0, 9000)
    yield _line(quote, "start", _typed(start, "integer"))
    yield _line(quote, "end", _typed(0 if fault == "span" else start + 40, "integer"))
    yield _line(quote, "exact", f'"words number {number}"@{"fr" if fault == "language" else "en"}')
    if fault == "closed":
        yield _line(quote, "colour", '"red"')
    if fault == "quote":
        yield _line(name, "evidence", _iri(f"quote/{number - 1}"))
    if fault == "title":
        yield _line(f"document/{document}", "title", f'"Another title {number}"@en')
    if fault == "modality":
        yield _line(name, "frame", _iri("Recognition"))


def write_graph(path: Path, size: int) -> int:
    """Write a graph of about `size` triples as N-Triples; return how many there are."""
    draw, written, claim = random.Random(5), 0, 0
    with path.open("w", encoding="utf-8") as stream:
        for line in _world(draw):
            stream.write(line)
            written += 1
        document = 0
        while written < size:
            for line in _document(document, draw):
                stream.write(line)
                written += 1
            for _ in range(10):
                for line in _claim(claim, document, draw):
                    stream.write(line)
                    written += 1
                claim += 1
            document += 1
    return written


# --- the engines, each in a process of its own ---


def by_chancery(data: Path, shapes: Path) -> int:
    """Load and validate by SPARQL inside Oxigraph."""
    sys.path.insert(0, str(HERE))
    import pyoxigraph as ox

    from kg.conformance.ground import Ground
    from kg.validate import Shapes, findings

    compiled = Shapes(quad.triple for quad in ox.parse(path=str(shapes)))
    assert not compiled.compiled.unsupported
    return len(findings(Ground.of(ox.parse(path=str(data))), compiled))


def by_pyshacl(data: Path, shapes: Path) -> int:
    """Load into rdflib and validate by pyshacl."""
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data, format="nt")
    rules = rdflib.Graph().parse(shapes)
    _, report, _ = pyshacl.validate(graph, shacl_graph=rules, inplace=True)
    return len(set(report.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#result"))))


def by_pyrudof(data: Path, shapes: Path) -> int:
    """Load and validate by pyrudof."""
    from pyrudof import RDFFormat, Rudof, RudofConfig, ShaclFormat

    rudof = Rudof(RudofConfig())
    rudof.read_data(str(data), format=RDFFormat.NTriples)
    rudof.read_shacl(str(shapes), format=ShaclFormat.Turtle)
    return len(list(rudof.validate_shacl().violations))


ENGINES: dict[str, Callable[[Path, Path], int]] = {
    "chancery": by_chancery,
    "pyshacl": by_pyshacl,
    "pyrudof": by_pyrudof,
}


def measured(engine: str, folder: Path) -> dict[str, float]:
    """Return what an engine took: seconds, megabytes, and the number of results."""
    arguments = [sys.executable, __file__, "--engine", engine, "--folder", str(folder)]
    begun = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    found = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{engine} failed; is it installed?")
    return {
        "results": int(found.split()[-1]),
        "seconds": time.perf_counter() - begun,
        "processor": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / 1024,
    }


def main() -> None:
    """Print a table of the engines, or run one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        print(ENGINES[options.engine](options.folder / "data.nt", options.folder / "shapes.ttl"))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        triples = write_graph(folder / "data.nt", options.size)
        (folder / "shapes.ttl").write_text(SHAPES, encoding="utf-8")
        rows = {engine: measured(engine, folder) for engine in options.engines.split(",")}
    first = rows[next(iter(rows))]
    print(f"{triples:,} triples")
    print("| engine | results | wall s | processor s | peak MB | time to chancery's | memory to chancery's |")
    print("|---|---|---|---|---|---|---|")
    for engine, row in rows.items():
        print(
            f"| {engine} | {row['results']:.0f} | {row['seconds']:.1f} | {row['processor']:.1f} | {row['peak']:.0f} "
            f"| {row['seconds'] / first['seconds']:.1f} | {row['peak'] / first['peak']:.2f} |"
        )
    if len({row["results"] for row in rows.values()}) > 1:
        print(json.dumps({engine: row["results"] for engine, row in rows.items()}), file=sys.stderr)
        raise SystemExit("the engines do not find the same")


if __name__ == "__main__":
    main()
