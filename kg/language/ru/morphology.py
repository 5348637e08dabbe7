"""Russian words: tokens, readings, and the dictionary form of proper names.

Known words are read by pymorphy3 and its OpenCorpora dictionary, mapped to Universal Dependencies. Names the dictionary
does not know follow the paradigms of `morphology.toml`. pymorphy3 is imported on the first word, so that a command that
reads no Russian does not wait for it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.language.ru import context
from kg.model import Reading

RARE = 0.05
LONGEST_ABBREVIATION = 6
CASES = ("Nom", "Gen", "Dat", "Acc", "Ins", "Loc")
_PARTS = {
    "NOUN": "NOUN", "ADJF": "ADJ", "ADJS": "ADJ", "COMP": "ADJ", "VERB": "VERB", "INFN": "VERB", "PRTF": "VERB",
    "PRTS": "VERB", "GRND": "VERB", "NUMR": "NUM", "ADVB": "ADV", "NPRO": "PRON", "PRED": "ADV", "PREP": "ADP",
    "CONJ": "CCONJ", "PRCL": "PART", "INTJ": "PART", "NUMB": "NUM", "ROMN": "NUM", "LATN": "PROPN",
}  # fmt: skip
_FORMS = {"VERB": "Fin", "INFN": "Inf", "PRTF": "Part", "PRTS": "Part", "GRND": "Conv"}
_FEATURES = {
    "nomn": "Case=Nom", "gent": "Case=Gen", "gen1": "Case=Gen", "gen2": "Case=Gen", "datv": "Case=Dat",
    "accs": "Case=Acc", "acc2": "Case=Acc", "ablt": "Case=Ins", "loct": "Case=Loc", "loc1": "Case=Loc",
    "loc2": "Case=Loc", "sing": "Number=Sing", "plur": "Number=Plur", "masc": "Gender=Masc", "femn": "Gender=Fem",
    "neut": "Gender=Neut", "past": "Tense=Past", "pres": "Tense=Pres", "futr": "Tense=Fut", "pssv": "Voice=Pass",
    "impr": "Mood=Imp", "1per": "Person=1", "2per": "Person=2", "3per": "Person=3",
    "perf": "Aspect=Perf", "impf": "Aspect=Imp", "Name": "Name=Given", "Surn": "Name=Family",
    "Patr": "Name=Patronymic", "anim": "Animacy=Anim", "inan": "Animacy=Inan", "Abbr": "Abbr=Yes", "COMP": "Degree=Cmp",
    "ADJS": "Variant=Short", "PRTS": "Variant=Short",
}  # fmt: skip
_PROPER = ("Name", "Surn", "Patr", "Geox", "Orgn", "Trad")
_WORD = re.compile(
    r"\d+(?:[.,:]\d+)*(?:[-\u2010\u2011][^\W\d_]+)?"  # 15,000 / 7.4 / 25-go
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f])*(?:[-\u2010\u2011'\u2019\u02bc][^\W_](?:[^\W_]|[\u0300-\u036f])*)*"
    r"|[^\w\s]|_"
)
_SPACES = re.compile(r"\.?\s+|(?<=\w)\.(?=\w)")
_HYPHENS = re.compile("[\u2010\u2011\u00ad]")


class _Candidate(NamedTuple):
    """One way to read a name's word: its nominative, gender (Masc, Fem, Any), number, case, and how likely that is."""

    nominative: str
    gender: str
    number: str
    case: str
    weight: float
    strong: bool


@dataclass(frozen=True, slots=True)
class _Paradigm:
    end: re.Pattern[str]
    gender: str
    number: str
    weight: float
    forms: tuple[tuple[str, str], ...]
    bare: tuple[str, ...]
    strong: bool


@cache
def _tables() -> dict[str, Any]:
    """Return the language's own tables."""
    return tomllib.loads(Path(__file__).with_name("morphology.toml").read_text(encoding="utf-8"))


@cache
def _analyser() -> Any:
    import pymorphy3  # the dictionary takes a tenth of a second to load

    return pymorphy3.MorphAnalyzer()


def _parses(word: str) -> list[Any]:
    """Return pymorphy's parses; none of a word with a letter that Unicode does not name (Tangut), on which it fails."""
    if not word.isascii() and any(c.isalpha() and not unicodedata.name(c, "") for c in word):
        return []
    return list(_analyser().parse(word))


@cache
def _paradigms() -> tuple[_Paradigm, ...]:
    out = []
    for entry in _tables()["paradigm"]:
        forms = entry["forms"]
        out.append(
            _Paradigm(
                end=re.compile(entry["end"]),
                gender=entry["gender"],
                number=entry.get("number", "Sing"),
                weight=float(entry["weight"]),
                forms=tuple((case, ending) for case, endings in forms.items() for ending in endings),
                bare=tuple(entry.get("nominative", forms.get("Nom", [""]))[:1]),
                strong=bool(entry.get("strong", False)),
            )
        )
    return tuple(out)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the matching form: lower case, no stress marks, one kind of hyphen, io as ie.

    >>> fold("A\\u2011B\\u0301")
    'a-b'
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    plain = "".join(c for c in decomposed if c not in "\u0301\u0300\u0308" or c == "\u0306")
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFC", plain)).replace("\u2019", "'").replace("\u02bc", "'")
    return _SPACES.sub("_", plain).rstrip(".") if len(plain) > 1 else plain


def tokenise(text: str) -> list[tuple[int, int]]:
    """Return the spans of words, numbers and marks; compound adjectives of two states are parted at the hyphen."""
    spans: list[tuple[int, int]] = []
    place = 0
    for whole in _joined().finditer(text):
        spans.extend(_plain(text, place, whole.start()))
        spans.append(whole.span())
        place = whole.end()
    spans.extend(_plain(text, place, len(text)))
    return spans


def _named_beside(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...], place: int) -> tuple[Reading, ...]:
    """Return the readings of a word, those of a family name too where a known word follows a person's first name."""
    word, known = words[place], readings[place]
    if place == 0 or not word[:1].isupper() or not known:
        return known
    if any(_personal(r) for r in known):
        first = readings[place - 1] if words[place - 1][:1].isupper() else ()
        given = any("Name=Given" in r.features for r in known) and not any("Name=Family" in r.features for r in known)
        more = _name_readings(word, known=False) if given and any(_personal(r) for r in first) else ()
        return (*known, *more, *_uninflected(word, known, first))
    before = words[place - 1]
    if not before[:1].isupper() or not any(_personal(r) for r in readings[place - 1]):
        return known
    return (*known, *_name_readings(word, known=False))


def _uninflected(word: str, known: tuple[Reading, ...], before: tuple[Reading, ...]) -> Iterator[Reading]:
    """Yield a family name in the case of the first name before it, where only the first name is inflected."""
    cases = {f for r in before if _personal(r) for f in r.features if f.startswith("Case=")}
    own = {f for r in known for f in r.features if f.startswith("Case=")}
    if own == {"Case=Nom"} and cases and "Case=Nom" not in cases:
        for case in sorted(cases):
            yield Reading(fold(word), "PROPN", frozenset({case, "Number=Sing", "Animacy=Anim", "Gender=Fem"}))


def _personal(reading: Reading) -> bool:
    return reading.pos == "PROPN" and "Animacy=Anim" in reading.features


def _plain(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text, start, end):
        yield from _parted(match.group(), match.start())


@cache
def _joined() -> re.Pattern[str]:
    """Return the pattern of expressions of several words that are one token."""
    table = _tables()["joined"]
    fixed = [*table["fixed"], *(f"{table['negation']} {verb}" for verb in table["verbs"])]
    ways = (re.escape(f).replace(r"\ ", r"\s+") for f in sorted(fixed, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def refine(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...]) -> tuple[tuple[Reading, ...], ...]:
    """Return the readings that the sentence leaves of each word."""
    readings = tuple(_named_beside(words, readings, place) for place in range(len(words)))
    tables = _tables()
    return context.refine(
        words,
        readings,
        tables["government"],
        tables["joined"]["negation"],
        tables["times"],
        tables["two_aspects"],
        tables["objects"],
        tables["collectives"],
    )


def _parted(word: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the pieces of a compound adjective, the hyphens between them too, else that of the whole."""
    pieces = re.split("[-\u2010\u2011]", word)
    if len(pieces) > 1 and all(_compound_first(fold(p)) for p in pieces[:-1]) and _is_adjective(pieces[-1]):
        for piece in pieces[:-1]:
            yield start, start + len(piece)
            yield start + len(piece), start + len(piece) + 1
            start += len(piece) + 1
        yield start, start + len(pieces[-1])
    else:
        yield start, start + len(word)


@cache
def _compound_first(piece: str) -> str | None:
    """Return the adjective that the first part of a compound adjective stands for, None when it is no such part."""
    tables = _tables()
    if piece in tables["compounds"]:
        return str(tables["compounds"][piece])
    if piece in tables["whole"]["firsts"] or not piece.endswith(tuple(tables["whole"]["ends"])):
        return None
    return piece[:-1] + str(tables["whole"]["adjective"])


def _is_adjective(word: str) -> bool:
    return any("ADJF" in p.tag for p in _parses(word.lower())[:3])


@cache
def analyse(word: str) -> tuple[Reading, ...]:
    """Return every reading of `word` as written; at least one, the likeliest first; lemmas folded."""
    if word[:1].isdigit():
        return (Reading(fold(word), "NUM"),)
    if not any(c.isalpha() for c in word):
        return (Reading(word, "X"),)
    folded = fold(word)
    if " " in word or "\n" in word or "." in word:
        return _joined_readings(word, folded)
    adjective = _compound_first(folded)
    if adjective is not None:
        return (Reading(fold(adjective), "ADJ", frozenset({"Compound=Yes"})),)
    if word[0].isascii():
        return _in_every_case(folded)
    if _is_deputy(folded):
        return tuple(Reading(folded, "NOUN", frozenset({f"Case={case}", "Animacy=Anim"})) for case in CASES)
    readings = list(_dictionary_readings(word))
    if 1 < len(word) <= LONGEST_ABBREVIATION and word.isupper():
        readings = list(_stiff(readings, folded))
    if word[0].isupper():
        readings.extend(_listed_readings(word))
        readings.extend(_name_readings(word, known=_is_known(word)))
    return tuple(dict.fromkeys(readings)) or _in_every_case(folded)


def _stiff(readings: list[Reading], folded: str) -> Iterator[Reading]:
    """Yield the readings of capitals in every case: few inflect abbreviations, whatever the dictionary says."""
    yield from readings
    for reading in readings:
        if reading.lemma == folded and "Case=Nom" in reading.features:
            rest = reading.features - {"Case=Nom"}
            yield from (Reading(reading.lemma, reading.pos, rest | {f"Case={case}"}) for case in CASES)


def _is_deputy(folded: str) -> bool:
    """Tell whether a clipped compound holds a title in the genitive, so that the whole is not inflected."""
    rest = folded.removeprefix(_tables()["deputy"])
    return (
        rest != folded
        and len(rest) > 4
        and any(
            {"NOUN", "gent", "sing"} <= p.tag.grammemes and {"anim", "femn"} & p.tag.grammemes
            for p in _parses(rest)
            if _analyser().word_is_known(rest)
        )
    )


def _joined_readings(word: str, folded: str) -> tuple[Reading, ...]:
    """Return the readings of an expression of several words: those of a verb after a negation, else an adverb."""
    last = word.split()[-1]
    if last.lower() in _tables()["joined"]["verbs"]:
        first = folded[: len(folded) - len(fold(last))]
        return tuple(Reading(first + r.lemma, r.pos, r.features) for r in analyse(last))
    return (Reading(folded, "ADV"),)


def _in_every_case(lemma: str) -> tuple[Reading, ...]:
    """Return readings of a name that is not inflected."""
    return tuple(Reading(lemma, "PROPN", frozenset({f"Case={case}", "Number=Sing"})) for case in CASES)


@cache
def _is_known(word: str) -> bool:
    """Tell whether the dictionary knows a word, or the rest of it after the first part of a clipped compound."""
    lower = word.lower()
    if _analyser().word_is_known(lower):
        return True
    rests = (lower[len(p) :] for p in _tables()["prefixes"] if lower.startswith(p))
    return any(len(rest) > 4 and _analyser().word_is_known(rest) and _is_common(rest) for rest in rests)


def _is_common(word: str) -> bool:
    """Tell whether a known word is no proper name."""
    return not any(g in _parses(word)[0].tag.grammemes for g in _PROPER)


def _is_fixed_abbreviation(word: str) -> bool:
    """Tell whether `word` is capitals that no dictionary knows: an abbreviation, not inflected."""
    if word[:2].isupper() and word[-1:].islower():  # capitals and a clipped end; a vowel there is an ending
        return len(word) < LONGEST_ABBREVIATION and fold(word)[-1] not in _tables()["vowels"]
    return len(word) > 1 and word.isupper() and not _is_known(word)


def _dictionary_readings(word: str) -> Iterator[Reading]:
    """Yield pymorphy's readings; of an unknown capitalised word only those a name or an adjective may have."""
    if _is_fixed_abbreviation(word):
        yield from _in_every_case(fold(word))
        if len(word) <= 5:
            return
    known = _is_known(word)
    name = word[0].isupper() and not known and "-" not in word
    parses = _parses(word.lower())
    for parse in parses:
        if parse.score < RARE and parse.tag.POS != parses[0].tag.POS and parses[0].score > 0.5:
            continue
        tag = parse.tag
        if tag.POS is None and not {"NUMB", "ROMN", "LATN"} & tag.grammemes:
            continue
        if name and (tag.POS != "ADJF" or not word.lower().endswith(tuple(_tables()["adjective_ends"]))):
            continue
        yield from _readings_of(parse)


def _readings_of(parse: Any) -> Iterator[Reading]:
    """Yield one parse in Universal Dependencies terms, and the passive a reflexive verb may be."""
    tag = parse.tag
    part = tag.POS or next(iter({"NUMB", "ROMN", "LATN"} & tag.grammemes))
    features = {_FEATURES[g] for g in tag.grammemes if g in _FEATURES}
    if part in _FORMS:
        features.add(f"VerbForm={_FORMS[part]}")
        if part == "PRTF" and "actv" in tag.grammemes:
            features.add("Voice=Act")
    lemma = fold(_lemma(parse))
    upos = _PARTS[part]
    if "inan" in tag.grammemes and lemma in _tables()["persons"]:
        return
    if part == "PRTS":
        features.add("VerbForm=Fin")  # "is signed" is a predicate, with or without "is"
    elif part == "ADJS" and lemma in _tables()["predicatives"]:
        lemma, upos = _tables()["predicatives"][lemma], "VERB"
        features.add("VerbForm=Fin")
    if part == "NOUN" and any(g in tag.grammemes for g in _PROPER):
        upos = "PROPN"
    elif part == "ADJF" and "Apro" in tag.grammemes:
        upos = "DET"
    elif part in _FORMS and lemma in _tables()["auxiliaries"]:
        upos = "AUX"
    elif part == "CONJ" and lemma in _tables()["subordinators"]:
        upos = "SCONJ"
    if "Fixd" in tag.grammemes and not any(f.startswith("Case=") for f in features) and part in ("NOUN", "ADJF"):
        yield from (Reading(lemma, upos, frozenset(features | {f"Case={case}"})) for case in CASES)
        return
    yield Reading(lemma, upos, frozenset(features))
    if part in _FORMS:
        yield from _passive(lemma, upos, features)


def _lemma(parse: Any) -> str:
    """Return the dictionary form; of a woman's surname the feminine form, which pymorphy files under the masculine."""
    tag = parse.tag
    if tag.POS == "NOUN" and "Surn" in tag.grammemes and "femn" in tag.grammemes and "Fixd" not in tag.grammemes:
        inflected = parse.inflect({"nomn"})
        if inflected is not None:
            return str(inflected.word)
    return str(parse.normal_form)


def _passive(lemma: str, upos: str, features: set[str]) -> Iterator[Reading]:
    """Yield the passive reading of an imperfective reflexive verb: "is signed" under the verb that signs."""
    tables = _tables()
    ending = next((e for e in tables["reflexive"] if lemma.endswith(e)), None)
    if ending is None or "Aspect=Imp" not in features:
        return
    active = lemma[: -len(ending)]
    if active in tables["never_passive"]:
        return
    if any("INFN" in p.tag and "tran" in p.tag for p in _parses(active)):
        yield Reading(active, upos, frozenset((features - {"Voice=Act"}) | {"Voice=Pass"}))


def _name_readings(word: str, *, known: bool) -> Iterator[Reading]:
    """Yield what the paradigms of names make of a capitalised word; of a known word only the forms of family names."""
    if _is_fixed_abbreviation(word) and len(word) <= 5:
        return
    people = known and any(
        {"NOUN", "anim", "plur"} <= p.tag.grammemes and not any(g in p.tag.grammemes for g in _PROPER)
        for p in _parses(word.lower())
    )
    for c in _by_paradigm(word):
        if known and (not c.strong or people):
            continue
        if c.case == "Nom" and c.weight <= 0.2:
            continue
        if c.gender == "Fem" and c.nominative == word.lower() and c.case != "Nom":
            continue  # a woman's name on a consonant has one form; read so, every man's name would stand in every case
        gender = () if c.gender == "Any" else (f"Gender={c.gender}",)
        features = frozenset((f"Case={c.case}", f"Number={c.number}", "Animacy=Anim", *gender))
        yield Reading(fold(c.nominative), "PROPN", features)


def _listed_readings(word: str) -> Iterator[Reading]:
    """Yield the readings of names in the pack's own lists."""
    for c in _listed_names(word):
        gender = () if c.gender == "Any" else (f"Gender={c.gender}",)
        features = frozenset((f"Case={c.case}", "Number=Sing", "Animacy=Anim", *gender))
        yield Reading(fold(c.nominative), "PROPN", features)


def _by_paradigm(word: str) -> list[_Candidate]:
    """Return every nominative that the paradigms allow, in lower case; the first part of a double name stands."""
    lower = word.lower()
    head, last = _split_double(lower)
    out = []
    for paradigm in _paradigms():
        for case, ending in paradigm.forms:
            if not last.endswith(ending):
                continue
            stem = last[: len(last) - len(ending)]
            if len(stem) < 2 or not paradigm.end.search(stem) or not _has_vowel(head + stem + paradigm.bare[0]):
                continue
            nominative = head + stem + paradigm.bare[0]
            bare = case == "Nom" or not ending
            weight = paradigm.weight * (_nominative_chance(last) if bare else 1.0)
            out.append(_Candidate(nominative, paradigm.gender, paradigm.number, case, weight, paradigm.strong))
    return out


def _split_double(word: str) -> tuple[str, str]:
    """Return a hyphenated name in two: all up to the last hyphen, and the part that is inflected."""
    cut = max(word.rfind("-"), word.rfind("\u2011")) + 1
    return word[:cut], word[cut:]


def _has_vowel(text: str) -> bool:
    return any(c in _tables()["vowels"] for c in text)


def _nominative_chance(word: str) -> float:
    """Return how likely an unknown name of this form is a nominative: many endings speak for another case."""
    for ending, chance in sorted(_tables()["unlikely_nominative"]["ends"].items(), key=lambda e: -len(e[0])):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            return float(chance)
    return 1.0


def nominative(words: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return the words of a proper name in dictionary form; `kind` is person or other."""
    return _person(words) if kind == "person" else _thing(words)


def nominative_in(words: tuple[str, ...], cases: frozenset[str]) -> tuple[str, ...]:
    """Return the words of a person's name in dictionary form, read in one of `cases` where the sentence tells them."""
    return _person(words, cases)


def _person(words: tuple[str, ...], cases: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return a person's name in the nominative, by the likeliest gender and case that all its words share."""
    inflected = [i for i, w in enumerate(words) if _takes_part(w)]
    if not inflected:
        return words
    options = {i: _options(words, i, last=i == inflected[-1]) for i in inflected}
    best: tuple[float, dict[int, str]] = (0.0, {})
    for gender in ("Masc", "Fem"):
        for case in [c for c in CASES if c in cases] or CASES:
            score, chosen = 1.0, {}
            for i in inflected:
                fitting = [
                    c for c in options[i] if c.case == case and c.gender in (gender, "Any") and c.number == "Sing"
                ]
                if not fitting:
                    score = 0.0
                    break
                pick = max(fitting, key=lambda c: c.weight)
                score *= pick.weight
                chosen[i] = pick.nominative
            score *= (1.05 if case == "Nom" else 1.0) * (1.1 if gender == "Masc" else 1.0)
            if score > best[0]:
                best = (score, chosen)
    return tuple(_cased(w, best[1][i]) if i in best[1] else w for i, w in enumerate(words))


def _takes_part(word: str) -> bool:
    """Tell whether a word of a name can be inflected: no initial, no particle, no Latin letters."""
    return (
        len(word.rstrip(".")) > 1
        and not word.endswith(".")
        and not word[0].isascii()
        and (word[0].isupper() or "-" in word)
    )


def _options(words: tuple[str, ...], i: int, *, last: bool) -> list[_Candidate]:
    """Return what word `i` of a name can be: a known name, one of a paradigm, or one that is not inflected."""
    word = words[i]
    out = list(_known_names(word))
    if last and len(words) > 1 and not any("Surn" in p.tag for p in _parses(word.lower())):
        # a given name is seldom the last word: what looks like a form of one is a family name of another kind
        out = [c._replace(weight=c.weight * 0.5) if c.nominative != word.lower() else c for c in out]
    discount = 0.15 if any(c.strong for c in out) else 0.8 if out else 1.0
    out.extend(c._replace(weight=c.weight * discount) for c in _by_paradigm(word))
    frozen = _frozen_weight(word) if not last and len(words) > 1 else 0.02
    out.extend(_Candidate(word.lower(), "Any", "Sing", case, frozen, False) for case in CASES)
    return out


def _frozen_weight(word: str) -> float:
    """Return how likely a word that is not the last of a name stays as it is: short names of the east do."""
    folded = fold(word)
    if folded in _tables()["first_family"]["names"]:
        return 1.0
    syllables = sum(c in _tables()["vowels"] for c in folded)
    if folded in _tables()["names"]["stiff"]:
        return 0.8
    return 0.7 if syllables == 1 and not any(c.strong for c in _known_names(word)) else 0.15


@cache
def _known_names(word: str) -> tuple[_Candidate, ...]:
    """Return the dictionary's readings of a name's word: strong where it knows it as a given or family name."""
    listed = _listed_names(word)
    if listed:
        return listed
    head, last = _split_double(word.lower())
    whole = _is_known(word)
    if not whole and not (head and _is_known(last)):
        return ()
    out = []
    for parse in _parses(word.lower() if whole else last):
        tag = parse.tag
        if tag.POS not in ("NOUN", "ADJF") or str(tag.case) not in _FEATURES or "Infr" in tag.grammemes:
            continue  # no case, or the vocative, in which the press names nobody
        strong = any(g in tag.grammemes for g in ("Name", "Surn", "Patr"))
        inflected = parse.inflect({"nomn", "sing"}) if "plur" in tag.grammemes else parse.inflect({"nomn"})
        form = str(inflected.word if inflected is not None else parse.normal_form)
        case = _FEATURES[str(tag.case)].removeprefix("Case=")
        gender = {"masc": "Masc", "femn": "Fem"}.get(str(tag.gender), "Any")
        if "ms-f" in tag.grammemes or "GNdr" in tag.grammemes:
            gender = "Any"
        number = "Plur" if "plur" in tag.grammemes else "Sing"
        weight = 1.2 + parse.score if strong else 0.3 if tag.POS == "NOUN" else 0.2
        out.append(_Candidate((head if not whole else "") + form, gender, number, case, weight, strong))
    return tuple(out)


def _listed_names(word: str) -> tuple[_Candidate, ...]:
    """Return the readings whose nominative stands in the pack's own lists of given names and unusual family names."""
    tables = _tables()["names"]
    if fold(word) in tables["fixed"]:
        return tuple(_Candidate(word.lower(), "Any", "Sing", case, 2.0, True) for case in CASES)
    lists = {"Masc": tables["men"], "Fem": tables["women"], "Any": tables["families"]}
    return tuple(
        _Candidate(c.nominative, c.gender if kind == "Any" else kind, "Sing", c.case, 2.0, True)
        for c in _by_paradigm(word)
        for kind, names in lists.items()
        if fold(c.nominative) in names and c.gender in (kind, "Any")
    )


def _thing(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name of something with its head noun, and the adjectives before it, in the nominative."""
    leading: list[list[Any]] = []
    for word in words:
        parses = [p for p in _parses(word.lower()) if p.tag.case and p.tag.POS in ("NOUN", "ADJF", "PRTF")]
        if not parses:
            break
        leading.append(parses)
        if parses[0].tag.POS == "NOUN":
            break
    if not leading:
        return words
    if len(leading) == 1 and not _is_known(words[0]) and words[0][0].isupper():
        return (_bare_thing(words[0]), *words[1:])
    for head in sorted(leading[-1], key=lambda p: (not {"nomn", "sing"} <= p.tag.grammemes, -p.score)):
        agreed = [_agreeing(parses, head) for parses in leading[:-1]]
        if all(p is not None for p in agreed):
            forms = [_nominative_form(p) for p in (*agreed, head)]
            return (*(_cased(w, f) for w, f in zip(words, forms, strict=False)), *words[len(forms) :])
    return words


def _bare_thing(word: str) -> str:
    """Return the likeliest nominative of an unknown one-word name, the form as it stands when in doubt."""
    if _is_fixed_abbreviation(word):
        return word
    options = [c for c in _by_paradigm(word) if c.number == "Sing"]
    best = max(options, key=lambda c: c.weight * (1.5 if c.case == "Nom" else 1.0), default=None)
    return _cased(word, best.nominative) if best else word


def _agreeing(parses: Iterable[Any], head: Any) -> Any:
    """Return the parse of an adjective that agrees with `head`, or None."""
    for parse in parses:
        tag = parse.tag
        genders = {tag.gender, head.tag.gender}
        if (tag.case, tag.number) == (head.tag.case, head.tag.number) and (len(genders) == 1 or None in genders):
            return parse
    return None


def _nominative_form(parse: Any) -> str:
    """Return the nominative of a parse in its own number; of several forms the one most like the word."""
    wanted = {"nomn", str(parse.tag.number)}
    plain = [f for f in parse.lexeme if wanted <= f.tag.grammemes and f.tag.gender == parse.tag.gender]
    same = [f for f in plain if ("Supr" in f.tag.grammemes) == ("Supr" in parse.tag.grammemes)]
    return max((str(f.word) for f in same or plain or [parse]), key=lambda form: _shared(form, parse.word))


def _shared(first: str, second: str) -> int:
    """Return how many letters two words begin with in common."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))


def _cased(written: str, form: str) -> str:
    """Return `form` with the letters of `written` as far as both agree, and its way of capitals for the rest."""
    shared = 0
    for a, b in zip(written.lower(), form, strict=False):
        if fold(a) != fold(b):
            break
        shared += 1
    rest = form[shared:]
    return written[:shared] + (rest.upper() if len(written) > 1 and written.isupper() else rest)
