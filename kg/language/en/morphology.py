"""Readings of English words: lemmas by simplemma, and a layer of verb forms of this project's own.

Word lists are data: `verbs.toml` (irregular verbs, words with a part of speech of their own), `closed.toml` (function
words, plurals, spellings), `compounds.toml` (hyphen compounds that are taken apart). American spellings get British
lemmas and folded forms, so that patterns are written once. `context.py` chooses among the readings.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import simplemma

from kg.language.en import context
from kg.model import Reading

APOSTROPHES = "'\u2019\u2018\u02bc\u0060\u00b4\u2032\uff07"
HYPHENS = "-\u2010\u2011"
LETTER_FOLDS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ə": "a"}
    | dict.fromkeys(APOSTROPHES, "'")
    | dict.fromkeys(HYPHENS, "-")
)
LETTER = r"[^\W\d_](?:[\u0300-\u036f])*"
TOKEN = re.compile(
    rf"""(?:[^\W\d_]\.){{2,}}                                  # U.S. a.m.
      | (?:[^\W\d_]\.)+[^\W\d_](?![\w{APOSTROPHES}])           # U.S
      | \d+(?:[.,:]\d+)+(?!\w)                                 # 15,000 7.4 15:30
      | \d+(?:[{HYPHENS}]?{LETTER})+(?:[{HYPHENS}](?:{LETTER})+)*     # 27-member 25th
      | \d+
      | {LETTER}(?:[\w\u0300-\u036f]|[{HYPHENS}{APOSTROPHES}](?=\w))* # words, co-operation, S-400
      | \S""",
    re.VERBOSE,
)
CONTRACTION = re.compile(rf"(?i)(n[{APOSTROPHES}]t|[{APOSTROPHES}](?:s|ll|re|ve|d|m))$")
PLURAL_POSSESSOR = re.compile(r"(?i)[sxz]$")
IZE = re.compile(r"(?<=[a-z]{3})([iy])z(e|ed|es|ing|er|ers|ation|ations)$")
SIZED = re.compile(r"(?:size|seize|prize|prise)d?s?$|(?:siz|seiz|priz)ing$")
ADJECTIVE_ENDINGS = (
    "ed",
    "ing",
    "al",
    "ic",
    "ous",
    "ful",
    "less",
    "ive",
    "able",
    "ible",
    "ary",
    "ese",
    "ian",
    "ish",
    "ean",
)
VERB_ENDINGS = ("ing", "ed", "es", "s")
GENITIVE = frozenset({"Case=Gen"})

ABBREVIATIONS = frozenset({"US", "WHO", "IS"})  # in capitals no pronoun and no verb


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _words(file: str, section: str, key: str) -> frozenset[str]:
    table = _table(file)
    return frozenset((table[section] if section else table)[key])


# ---- tokens


def tokenise(text: str) -> list[tuple[int, int]]:
    """Return the spans of words, numbers and marks; possessives, contractions and compounds of states are split.

    >>> [ "Moscow's US-backed ally"[a:b] for a, b in tokenise("Moscow's US-backed ally")]
    ['Moscow', "'s", 'US', '-', 'backed', 'ally']
    """
    return [span for found in TOKEN.finditer(text) for span in _split(text, found.start(), found.end())]


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of one written word."""
    word = text[start:end]
    ending = CONTRACTION.search(word)
    if ending and ending.start() > 0:
        yield from _split(text, start, start + ending.start())
        yield start + ending.start(), end
        return
    cut = _compound_cut(word)
    if cut is None:
        yield start, end
        return
    yield start, start + cut
    yield start + cut, start + cut + 1
    yield from _split(text, start + cut + 1, end)


def _compound_cut(word: str) -> int | None:
    """Return where the first hyphen of a compound that is taken apart stands, else None."""
    parts = re.split(f"[{HYPHENS}]", word)
    if len(parts) < 2 or not all(parts):
        return None
    folded = [fold(part) for part in parts]
    splits = _table("compounds")["splits"]
    names = _words("compounds", "", "names")
    combining = _table("compounds")["combining"]
    if "-".join(folded) in splits["whole"]:
        return None
    known = all(part in names or part in combining for part in folded) and folded[-1] in names
    led = word[0].isupper() and folded[-1] in splits["after"]
    if known or led:
        return len(parts[0]) if known or len(parts) == 2 else _last_hyphen(word)
    return len(parts[0]) if folded[0] in splits["before"] else None


def _last_hyphen(word: str) -> int:
    return max(word.rfind(mark) for mark in HYPHENS)


# ---- forms


@cache
def fold(word: str) -> str:
    """Return the matching form: lower case, no diacritics, plain marks, British spelling, acronyms without points.

    >>> fold("U.S."), fold("Støre"), fold("recognizes")
    ('us', 'store', 'recognises')
    """
    plain = unicodedata.normalize("NFKD", word.lower().translate(LETTER_FOLDS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if re.fullmatch(r"(?:[a-z]\.)+[a-z]?", plain) and len(plain) > 2:
        return plain.replace(".", "")
    return _british(plain)


def _british(word: str) -> str:
    spelling: dict[str, str] = _table("closed")["spelling"]
    if word in spelling:
        return spelling[word]
    if IZE.search(word) and not SIZED.search(word):
        return IZE.sub(r"\1s\2", word)
    return word


def nominative(words: tuple[str, ...], kind: str) -> tuple[str, ...]:  # noqa: ARG001 - the signature is every pack's
    """Return the words as they are: English names have one form."""
    return words


def refine(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...]) -> tuple[tuple[Reading, ...], ...]:
    """Return fewer readings a word, chosen by the sentence's other words; see `context`."""
    return context.refine(words, tuple(fold(word) for word in words), readings)


# ---- readings of one word


@cache
def analyse(word: str) -> tuple[Reading, ...]:
    """Return every reading the form alone allows; at least one, the likelier first."""
    form = fold(word)
    if not any(letter.isalnum() for letter in form):
        return _fixed(form) or (Reading(form, "PUNCT"),)
    if form[0].isdigit():
        return (Reading(form, "NUM"),)
    if word in ABBREVIATIONS:
        return (Reading(form, "PROPN"),)
    if word[0].isupper() and form in _words("closed", "", "calendar"):
        return (Reading(form, "PROPN"),)
    fixed = _fixed(form)
    if fixed:
        return (*fixed, Reading(form, "PROPN")) if word[0].isupper() and len(form) > 1 else fixed
    readings = [*_verb_readings(form), *_noun_readings(form), *_other_readings(form)]
    if word[0].isupper():
        readings.insert(0, Reading(form, "PROPN"))
    combining = _table("compounds")["combining"].get(form)
    if combining:
        readings.insert(0, Reading(combining, "ADJ"))
    return tuple(dict.fromkeys(readings))


@cache
def _fixed(form: str) -> tuple[Reading, ...]:
    """Return the readings of a function word, empty for others."""
    forms = _table("verbs")["forms"].get(form)
    if forms:
        return tuple(_parse(one) for one in forms)
    closed = _table("closed")
    features = frozenset(closed["features"].get(form, ()))
    return tuple(Reading(form, pos, features) for pos, words in closed["words"].items() if form in words)


def _parse(line: str) -> Reading:
    lemma, pos, *features = line.split()
    return Reading(lemma, pos, frozenset(features))


def _verb_readings(form: str) -> Iterator[Reading]:
    """Yield the readings as a verb form."""
    if form in _words("verbs", "classes", "not_verbs"):
        return
    for lemma, shape in _verb_shapes(form):
        if shape == "base":
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Inf"}))
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Fin", "Tense=Pres", "Number=Plur"}))
        elif shape == "s":
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Fin", "Tense=Pres", "Number=Sing"}))
        elif shape == "past":
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Fin", "Tense=Past"}))
        elif shape == "part":
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Part", "Tense=Past", "Voice=Pass"}))
        else:
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Ger"}))
            yield Reading(lemma, "VERB", frozenset({"VerbForm=Part", "Tense=Pres"}))


def _verb_shapes(form: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of lemma and shape: base, s, past, part, ing."""
    irregular = _irregular_forms()
    yield from irregular.get(form, ())
    if (form in _irregular() or form not in irregular) and _is_verb(form):
        yield _british(form), "base"
    for ending in VERB_ENDINGS:
        if not form.endswith(ending):
            continue
        lemma = _stem(form, ending)
        if lemma is None or (lemma in _irregular() and ending == "ed"):
            continue
        shapes = {"ing": ("ing",), "ed": ("past", "part")}.get(ending, ("s",))
        nouns = _words("verbs", "classes", "nouns") - _words("verbs", "classes", "both")
        if ending in ("s", "es") and _british(lemma) in nouns:
            continue
        for shape in shapes:
            yield _british(lemma), shape
        return


@cache
def _irregular() -> dict[str, list[str]]:
    table: dict[str, list[str]] = _table("verbs")["irregular"]
    return table


@cache
def _irregular_forms() -> dict[str, tuple[tuple[str, str], ...]]:
    """Map each irregular form to its (lemma, shape) pairs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for lemma, entry in _irregular().items():
        found.setdefault(lemma, []).append((lemma, "base"))
        for shape, forms in zip(("past", "part", "s", "ing"), entry, strict=False):
            for form in forms.split("|"):
                found.setdefault(form, []).append((lemma, shape))
    return {form: tuple(pairs) for form, pairs in found.items()}


def _stem(form: str, ending: str) -> str | None:
    """Return the base form that `form` is an inflection of, None when no verb fits."""
    trunk = form.removesuffix(ending)
    if len(trunk) < 2 or not any(vowel in trunk for vowel in "aeiouy"):
        return None
    candidates: list[str] = []
    if ending in ("ed", "ing"):
        lemma = str(simplemma.lemmatize(form, lang="en"))
        candidates = [lemma] if lemma in (trunk, trunk + "e", trunk[:-1], trunk[:-1] + "y") else []
        if trunk.endswith("ll") and len(trunk) > 5:
            candidates.insert(0, trunk[:-1])  # cancelled, but called
        if ending == "ed" and trunk.endswith("i"):
            candidates.append(trunk[:-1] + "y")
        if len(trunk) > 3 and trunk[-1] == trunk[-2] and trunk[-1] not in "sl":
            candidates.append(trunk[:-1])
        silent = trunk[-1] in "scgvuz" or trunk.endswith("at")
        candidates += [trunk + "e", trunk, trunk[:-1]] if silent else [trunk, trunk + "e", trunk[:-1]]
    elif ending == "es":
        lemma = str(simplemma.lemmatize(form, lang="en"))
        regular = [trunk, trunk + "e"] if re.search(r"(?:ss|x|ch|sh|o)$", trunk) else [trunk + "e"]
        candidates = [trunk[:-1] + "y"] if trunk.endswith("i") else sorted(regular, key=lambda c: c != lemma)
    elif not trunk.endswith("s"):
        candidates = [trunk]
    listed = _words("verbs", "classes", "verbs")
    sure = [c for c in candidates if c in listed and (c != trunk[:-1] or trunk[-1] == trunk[-2])]
    return next(iter(sure), None) or next((c for c in candidates if _is_verb(c)), None)


@cache
def _is_verb(base: str) -> bool:
    """Return whether simplemma's dictionary knows an -ing form of `base`, or it is listed as a verb."""
    if base in _irregular() or base in _words("verbs", "classes", "verbs"):
        return True
    if len(base) < 2 or not base.isascii() or base.endswith("ing"):
        return False
    british = _british(base)
    return any(simplemma.is_known(ing, lang="en") for ing in {*_ing_forms(base), *_ing_forms(british)})


def _ing_forms(base: str) -> Iterator[str]:
    yield base + "ing"
    if base.endswith("e") and len(base) > 2:
        yield base[:-1] + "ing"
    if re.search(r"[aeiou][bdgklmnprtv]$", base):
        yield base + base[-1] + "ing"


def _noun_readings(form: str) -> Iterator[Reading]:
    """Yield the readings as a noun."""
    classes = _table("verbs")["classes"]
    if form in classes["verbs"] and form not in classes["nouns_too"]:
        return
    plurals = _table("closed")["plurals"]
    if form in plurals:
        number = "Number=Plur"
        yield Reading(plurals[form], "NOUN", frozenset({number}))
        return
    if form.endswith("ed") and _stem(form, "ed"):
        return
    if form.endswith("ing") and _stem(form, "ing"):
        yield Reading(form, "NOUN", frozenset({"Number=Sing"}))
        return
    lemma = _singular(form)
    if lemma in set(classes["verbs"]) - set(classes["nouns_too"]):
        return
    if lemma != form:
        yield Reading(lemma, "NOUN", frozenset({"Number=Plur"}))
    elif form in _irregular() or not (form.endswith("ly") or form in _forms_of_verbs_only()):
        yield Reading(form, "NOUN", frozenset({"Number=Sing"}))


@cache
def _forms_of_verbs_only() -> frozenset[str]:
    """Return the irregular forms that are no nouns ("gave", but not "cut")."""
    classes = _table("verbs")["classes"]
    return frozenset(_irregular_forms()) - set(classes["nouns_too"]) - set(classes["both"])


def _singular(form: str) -> str:
    if not form.endswith("s") or form.endswith(("ss", "us", "is")) or form in _words("verbs", "classes", "not_verbs"):
        return form
    if form.endswith("ies") and len(form) > 4:
        return form[:-3] + "y"
    if form.endswith(("sses", "xes", "ches", "shes", "zes")):
        return form[:-2]
    lemma = _british(str(simplemma.lemmatize(form, lang="en")))
    return lemma if lemma != form and form.startswith(lemma[:-1]) else form[:-1]


def _other_readings(form: str) -> Iterator[Reading]:
    """Yield readings as adverb and adjective."""
    if form.endswith("ly") and len(form) > 4:
        yield Reading(form, "ADV")
        yield Reading(form, "ADJ")
    elif (
        form.endswith(ADJECTIVE_ENDINGS)
        or "-" in form
        or form in _words("verbs", "classes", "adjectives")
        or form in _words("closed", "", "adjectives")
    ):
        yield Reading(form, "ADJ")
