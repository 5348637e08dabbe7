"""Text to claims, per core, beside natasha's named-entity pass over the same Russian text in the same run.

    python bench/extraction.py [--megabytes 0.4] [--languages ru kk vi en] [--no-natasha]

Documents of about 8 KB are made of the project's own sample documents. natasha is no dependency of the project:
`pip install natasha` into an environment of its own. Each language is measured in a process of its own, in processor
time (what else the machine does counts less), after a warm-up; loading is told apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))
SIZE = 8 * 1024
ROUNDS = 3
LANGUAGES = ("ru", "kk", "vi", "en")


def sample_documents(language: str, megabytes: float) -> list[str]:
    """Return documents of about 8 KB, together about as large as asked; each begins with another paragraph."""
    folders = (HERE / "documents", HERE / "tests" / "golden" / language)
    paths = sorted(path for folder in folders for path in folder.glob(f"{language}-*.txt"))
    paragraphs = [p for path in paths for p in path.read_text(encoding="utf-8").split("\n\n") if p.strip()]
    documents: list[str] = []
    place = 0
    while sum(len(d.encode()) for d in documents) < megabytes * 1e6:
        parts: list[str] = []
        while sum(len(p.encode()) for p in parts) < SIZE:
            parts.append(paragraphs[place % len(paragraphs)])
            place += 1
        documents.append("\n\n".join(parts))
        place += 1
    return documents


def loaded_chancery(language: str) -> Callable[[str], int]:
    """Return what reads a document and counts its claims."""
    from kg.extract import Extractor
    from kg.model import Document, LanguageTag, Sha256
    from kg.resources import load_knowledge, load_packs

    extractor = Extractor(load_knowledge(), load_packs())
    sha = Sha256("0" * 64)

    def read(text: str) -> int:
        return len(
            extractor.extract(Document("bench", text, LanguageTag(language), sha, published="2025-06-18")).claims
        )

    return read


def loaded_natasha(_language: str) -> Callable[[str], int]:
    """Return what marks the named entities of a document and counts them: segmenting, embedding, tagging."""
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())

    def read(text: str) -> int:
        doc = Doc(text)
        doc.segment(segmenter)
        doc.tag_ner(tagger)
        return len(doc.spans)

    return read


def measure(what: str, language: str, megabytes: float) -> dict[str, object]:
    """Return what one process measured: the best of three rounds over the documents."""
    documents = sample_documents(language, megabytes)
    size = sum(len(d.encode()) for d in documents)
    began = time.process_time()
    read = {"chancery": loaded_chancery, "natasha": loaded_natasha}[what](language)
    read(documents[0])
    loading = time.process_time() - began
    rounds = []
    found = 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = sum(read(document) for document in documents)
        rounds.append(time.process_time() - began)
    seconds = min(rounds)
    return {
        "what": what, "language": language, "documents": len(documents), "found": found, "loading": loading,
        "megabytes_per_second": size / 1e6 / seconds, "documents_per_second": len(documents) / seconds,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def measured_apart(what: str, language: str, megabytes: float) -> dict[str, object]:
    """Return what another process measured, so that each has its own peak of memory."""
    command = [sys.executable, __file__, "--one", what, language, "--megabytes", str(megabytes)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(rows: Sequence[dict[str, object]]) -> str:
    """Return the measurements as a Markdown table."""
    lines = [
        "| what | language | documents | found | MB/s | documents/s | loading s | peak MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['what']} | {r['language']} | {r['documents']} | {r['found']} | {r['megabytes_per_second']:.3f} "
        f"| {r['documents_per_second']:.1f} | {r['loading']:.1f} | {r['peak']:.0f} |"
        for r in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=0.4, help="how much text of each language (default 0.4)")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--no-natasha", action="store_true", help="leave the comparison out")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "LANGUAGE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(*arguments.one, arguments.megabytes)))
        return
    rows = [measured_apart("chancery", language, arguments.megabytes) for language in arguments.languages]
    if not arguments.no_natasha:
        rows.append(measured_apart("natasha", "ru", arguments.megabytes))
    print(table(rows))
    speed = {(r["what"], r["language"]): float(str(r["megabytes_per_second"])) for r in rows}
    if ("natasha", "ru") in speed and ("chancery", "ru") in speed:
        print(
            f"\nRussian text to claims: {speed['chancery', 'ru'] / speed['natasha', 'ru']:.2f} times natasha's entities"
        )


if __name__ == "__main__":
    main()
