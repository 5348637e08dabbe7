"""Documents that the extractor reads, in any number, with what they say: python bench/corpus.py 1000 --to folder

Each is made of examples of one language pack, each a paragraph of its own, with the years changed, and of a sentence
about a person who does not exist, whom about three documents of all languages name. What an example promises in the
pack is what the document says (`gold.jsonl`, in the pack's notation). The same number gives the same documents always.

    python bench/corpus.py 200 --check      what share of it the extractor finds
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from kg.extract import Extractor  # noqa: E402
from kg.language.pack import Pack  # noqa: E402
from kg.lexicon import read_expectations  # noqa: E402
from kg.model import Document, LanguageTag, Sha256  # noqa: E402
from kg.resources import load_knowledge, load_packs  # noqa: E402

LANGUAGES = ("en", "ru", "kk", "vi")
EXAMPLES = 5  # of a pack, in one document
IN_FILE = 1000  # documents
_YEAR = re.compile(r"\b20[0-2]\d\b")
_CONSONANTS = dict(zip("bdgklmnprstvz", "бдгклмнпрствз", strict=True))
_VOWELS = dict(zip("aeiou", "аэиоу", strict=True))


@dataclass(frozen=True, slots=True)
class Made:
    """A document and what it says: (frame where the notation names none, expectations) for each paragraph."""

    id: str
    language: str
    text: str
    published: str
    says: tuple[tuple[str, str], ...]


class Corpus:
    """Makes documents by number, for a corpus of some size."""

    def __init__(self, packs: Mapping[str, Pack], size: int) -> None:
        self._size = size
        self._sentences: dict[str, Any] = tomllib.loads((HERE / "bench" / "corpus.toml").read_text(encoding="utf-8"))
        self._examples = {language: list(_examples(packs[language])) for language in LANGUAGES}

    def make(self, number: int) -> Made:
        """Return the document of this number."""
        draw = random.Random(number)
        language = LANGUAGES[number % len(LANGUAGES)]
        year = draw.randrange(2010, 2026)
        published = f"{year}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
        told = [self._about_a_person(draw, language, year)]
        told += [_of_year(one, draw) for one in draw.sample(self._examples[language], EXAMPLES)]
        text = "\n\n".join(paragraph for paragraph, _frame, _wanted in told)
        return Made(f"{language}-{number}", language, text, published, tuple((f, w) for _t, f, w in told))

    def _about_a_person(self, draw: random.Random, language: str, year: int) -> tuple[str, str, str]:
        values = self._sentences[language]
        who = random.Random(f"person {draw.randrange(max(1, self._size // 3))}")
        syllables = [who.choice(list(_CONSONANTS)) + who.choice(list(_VOWELS)) for _ in range(7)]
        if language in ("kk", "ru"):
            syllables = [_CONSONANTS[s[0]] + _VOWELS[s[1]] for s in syllables]
        person = f"{''.join(syllables[:3]).title()} {''.join(syllables[3:]).title()}"
        at = who.randrange(8)
        home = list(values["homes"])[at]
        destination = draw.choice(sorted(values["destinations"]))
        month, day = draw.randrange(12), draw.randrange(1, 29)
        when = values["day"].format(day=day, month=values["months"][month], year=year)
        text = draw.choice(values["sentences"]).format(home=home, person=person, destination=destination, day=when)
        wanted = (
            f'OfficeHolding holder="{person}" of={values["homes"][home]} & '
            f'Visit visitor="{person}" destination={values["destinations"][destination]} '
            f"date={year}-{month + 1:02d}-{day:02d}"
        )
        return text, "", wanted


def _examples(pack: Pack) -> Iterator[tuple[str, str, str]]:
    for file, _entry, own, examples, _counterexamples in pack.cases:
        frame = own or ("OfficeHolding" if file == "offices.toml" else "")
        for text, wanted in examples:
            if frame and "\n" not in text and not re.search(r"date=(?!20[0-2]\d\b)", wanted):
                yield text, frame, wanted


def _of_year(example: tuple[str, str, str], draw: random.Random) -> tuple[str, str, str]:
    """Return an example with another year in it, and in what it promises, where both name one and the same."""
    text, frame, wanted = example
    years = set(_YEAR.findall(text))
    dates = set(re.findall(r"date=(20\d\d)", wanted))
    if len(years) == 1 and dates <= years:
        year = str(draw.randrange(2010, 2026))
        text, wanted = _YEAR.sub(year, text), _YEAR.sub(year, wanted)
    elif dates:
        wanted = re.sub(r" ?date=\S+", "", wanted)  # told from the day of publication, which is another here
    return text, frame, wanted


def write_corpus(folder: Path, size: int) -> None:
    """Write `size` documents as JSON Lines, a thousand in a file, and beside the folder what they say."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(load_packs(), size)
    with folder.with_suffix(".gold.jsonl").open("w", encoding="utf-8") as gold:
        for first in range(0, size, IN_FILE):
            with (folder / f"{first:06d}.jsonl").open("w", encoding="utf-8") as file:
                for made in map(corpus.make, range(first, min(size, first + IN_FILE))):
                    values = {"id": made.id, "text": made.text, "published": made.published, "language": made.language}
                    values["publisher"] = f"Outlet {int(made.id[3:]) % 50}"
                    file.write(json.dumps(values, ensure_ascii=False) + "\n")
                    gold.write(json.dumps({"id": made.id, "says": made.says}, ensure_ascii=False) + "\n")


def check(size: int) -> None:
    """Print for each language how much of what documents say the extractor finds."""
    packs = load_packs()
    extractor = Extractor(load_knowledge(), packs)
    corpus = Corpus(packs, size)
    found, said, claims = Counter[str](), Counter[str](), Counter[str]()
    for made in map(corpus.make, range(size)):
        read = extractor.extract(
            Document(made.id, made.text, LanguageTag(made.language), Sha256("0" * 64), published=made.published)
        ).claims
        claims[made.language] += len(read)
        for frame, wanted in made.says:
            for expected in read_expectations(wanted, frame):
                said[made.language] += 1
                found[made.language] += any(expected.met_by(claim) for claim in read)
    for language in LANGUAGES:
        share = found[language] / said[language]
        print(f"{language}: {found[language]} of {said[language]} found ({share:.3f}), {claims[language]} claims")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a corpus, or check one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int)
    parser.add_argument("--to", type=Path, default=Path("corpus"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    if options.check:
        check(options.size)
    else:
        write_corpus(options.to, options.size)


if __name__ == "__main__":
    main()
