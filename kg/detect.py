"""The language of a text: one of the four the register reads, or why it is none of them.

Three witnesses: lingua, built with our languages and their look-alikes and large neighbours (among four languages
alone, every Slavic text is Russian and German is English); the letters a language has beyond the common alphabet of
its script; and a few frequent words, for the languages lingua lacks (Kyrgyz, Tajik, Uzbek, Tatar). What they know is
data: detect.toml.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kg.errors import UnsupportedLanguage
from kg.model import LanguageTag

if TYPE_CHECKING:
    from lingua import LanguageDetector

_SAMPLE = 1500
_LOOK_AT = 12_000
_MIN_LETTERS = 10
_MARGIN = 0.2
_OWN_SHARE = 0.08  # of letters that only one of our languages has, in a text of a few words
_RARE = 0.001  # probability of a letter that is not in a language's alphabet: names, quotations
# Frequent words of a language in a text of it, however foreign its names: at least this share, and so many different
# ones, since its neighbours share some (Dutch "of" and "was", Danish "for").
_WORD_SHARE, _WORDS_DIFFERENT = 1 / 14, 3
_TOLERANCE, _TOLERANCE_PER_LETTER = 3.0, 0.03  # natural logarithms of odds
# Neighbours that lingua is built with beside those in detect.toml: enough for a foreign text to find a better home than
# English or Vietnamese; each costs 25 MB.
_LATIN_NEIGHBOURS = ("de", "fr", "es", "pt", "it", "nl", "pl", "tr", "az", "id", "tl", "hr")
_BASE = {"latin": "abcdefghijklmnopqrstuvwxyz", "cyrillic": "".join(map(chr, range(0x430, 0x450))) + chr(0x451)}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Profile:
    """What detect.toml knows about one language."""

    tag: str
    name: str
    script: str
    lingua: bool
    supported: bool
    letters: frozenset[str]
    share: float
    words: frozenset[str]

    def likelihood(self, letters: Counter[str]) -> float:
        """Return the logarithm of how probable these counts of letters are; the common alphabet counts as one."""
        base = _BASE[self.script]
        common = sum(count for letter, count in letters.items() if letter in base)
        own = sum(count for letter, count in letters.items() if letter in self.letters)
        foreign = letters.total() - common - own
        per_letter = self.share / len(self.letters) if self.letters else _RARE
        return own * math.log(per_letter) + common * math.log(1 - self.share) + foreign * math.log(_RARE)


def language_of(text: str, *, stated: str | None = None, hint: str | None = None) -> LanguageTag:
    """Return the language of `text`: the one the user stated, else the one it is written in.

    `hint` (a page's own markup) decides only where the text does not. Raises UnsupportedLanguage, saying what the text
    looks like.
    """
    supported = supported_languages()
    if stated:
        if stated not in supported:
            raise UnsupportedLanguage(f"is stated to be in {_name(stated)}, which is not read here ({_ours()})")
        return LanguageTag(stated)
    sample = sample_of(text)
    letters = Counter(letter for letter in sample.casefold() if letter.isalpha())
    script = _script(letters)
    if script not in _BASE:
        raise UnsupportedLanguage(f"is written in {script} letters; read here are {_ours()}")
    found, sure = _judge(sample, letters, script) if letters.total() >= _MIN_LETTERS else (None, False)
    if sure and found in supported:
        return LanguageTag(found)
    if not sure and hint in supported:
        return LanguageTag(hint)
    if sure:
        raise UnsupportedLanguage(f"looks like {_name(found)}, which is not read here ({_ours()})")
    looks = f", perhaps {_name(found)}" if found else ""
    raise UnsupportedLanguage(
        f'is too short or too mixed to tell its language{looks}; state it in a sidecar, as in language = "kk"'
    )


def supported_languages() -> tuple[str, ...]:
    """Return the tags of the languages the register reads, sorted."""
    return tuple(sorted(profile.tag for profile in _profiles().values() if profile.supported))


def possible_languages(text: str) -> tuple[str, ...]:
    """Return the tags of the languages a few words may be in: those of their script, or the one whose letters they
    have many of.

    >>> possible_languages("Who met whom?")
    ('en', 'vi')
    """
    letters = Counter(letter for letter in unicodedata.normalize("NFC", text).casefold() if letter.isalpha())
    ours = [profile for profile in _of_script(_script(letters)) if profile.supported]
    own = {p.tag: sum(count for letter, count in letters.items() if letter in p.letters) for p in ours}
    sure = [tag for tag, count in own.items() if count >= letters.total() * _OWN_SHARE and count]
    return tuple(sorted(sure or own))


def sample_of(text: str) -> str:
    """Return the part of a text that tells its language: the longest lines near its beginning, in their order.

    Furniture (menus, tags, teasers) stands in short lines and often in another language than the article.
    """
    lines = [line.strip() for line in unicodedata.normalize("NFC", text[:_LOOK_AT]).splitlines()]
    prose = max(map(len, lines), default=0) / 3
    chosen: set[int] = set()
    size = 0
    for index in sorted(range(len(lines)), key=lambda index: (-len(lines[index]), index)):
        if size >= _SAMPLE or len(lines[index]) < prose:
            break
        chosen.add(index)
        size += len(lines[index])
    return "\n".join(lines[index] for index in sorted(chosen))[:_SAMPLE]


def _judge(sample: str, letters: Counter[str], script: str) -> tuple[str | None, bool]:
    """Return the language the witnesses agree on, or the likeliest and False."""
    first, second = _detector(script).compute_language_confidence_values(sample)[:2]
    found = first.language.iso_code_639_1.name.lower()
    rival = _rival_by_words(sample, letters, found, script) or _rival_by_letters(letters, found, script)
    if rival:
        return rival.tag, True
    return found, first.value - second.value >= _MARGIN


def _rival_by_words(sample: str, letters: Counter[str], found: str, script: str) -> Profile | None:
    """Return a language with more of its frequent words in the sample than the one found has."""
    words = Counter(_WORD.findall(sample.casefold()))

    def hits(other: Profile) -> int:
        return sum(words[word] for word in other.words)

    profile = _profiles().get(found)
    best = max(_of_script(script), key=lambda other: (hits(other), other.likelihood(letters)))
    if profile:
        return best if hits(best) > hits(profile) else None
    if best.lingua:
        different = len(best.words & words.keys())
        return best if different >= _WORDS_DIFFERENT and hits(best) > words.total() * _WORD_SHARE else None
    return best if hits(best) > 1 else None


def _rival_by_letters(letters: Counter[str], found: str, script: str) -> Profile | None:
    """Return a language that lingua lacks and whose alphabet fits these letters clearly better."""
    profile = _profiles().get(found)
    if profile is None:
        return None
    best = max(_unknown_to_lingua(script), key=lambda other: other.likelihood(letters))
    tolerance = _TOLERANCE + _TOLERANCE_PER_LETTER * letters.total()
    return best if best.likelihood(letters) > profile.likelihood(letters) + tolerance else None


def _script(letters: Counter[str]) -> str:
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "unknown").split()[0].lower()] += count
    return max(scripts, key=lambda script: (scripts[script], script), default="latin")


@cache
def _profiles() -> Mapping[str, Profile]:
    data = tomllib.loads(resources.files("kg").joinpath("detect.toml").read_text(encoding="utf-8"))
    return {
        tag: Profile(
            tag,
            values["name"],
            values["script"],
            values["lingua"],
            values.get("supported", False),
            frozenset(values["letters"]),
            values["share"],
            frozenset(values["words"]),
        )
        for tag, values in data["languages"].items()
    }


def _of_script(script: str) -> list[Profile]:
    return [profile for profile in _profiles().values() if profile.script == script]


def _unknown_to_lingua(script: str) -> list[Profile]:
    return [profile for profile in _of_script(script) if not profile.lingua]


@cache
def _detector(script: str) -> LanguageDetector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # slow to import, and its models to load

    tags = {profile.tag for profile in _of_script(script) if profile.lingua}
    tags |= set(_LATIN_NEIGHBOURS) if script == "latin" else set()
    codes = [getattr(IsoCode639_1, tag.upper()) for tag in sorted(tags)]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


def _name(tag: str | None) -> str:
    if tag and tag in _profiles():
        return _profiles()[tag].name
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale(tag or "und").get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return f"a language {tag!r}"


def _ours() -> str:
    return ", ".join(_profiles()[tag].name for tag in supported_languages())
