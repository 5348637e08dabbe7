"""Readings of Kazakh words, by stripping the finite endings of `endings.toml` from the right.

The data says what is true of the language; this module only walks it. A word gets every split that the endings allow,
known stems first, then the longest run of endings; where a split ends in a stem of `lexicon.toml`, guesses drop out.
Source of the system of endings: any school grammar of Kazakh; the table is this project's own.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale

from kg.model import Reading
from kg.tokens import word_spans

_SHORT = 2
_NEAR = 4
_FAR = 14


@dataclass(frozen=True, slots=True)
class _Form:
    """One shape of one ending: what it may follow, and what spelling swallowed before it."""

    text: str
    after: frozenset[str]
    restores: tuple[str, ...]
    harmony: str
    sources: tuple[str, ...]
    features: tuple[str, ...]
    target: str
    finite: bool
    open: str
    eventful: bool
    weak: bool
    only: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class _Split:
    """A stem with the features its endings gave; `verbal` if the stem is a verb's."""

    stem: str
    verbal: bool
    features: frozenset[str]
    finite: bool
    open: bool
    eventful: bool
    weak: bool
    length: int


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__ or "kg.language.kk").joinpath(name).read_text("utf-8"))


def _territories() -> frozenset[str]:
    """Return the last words of the names of states and regions in CLDR, in lower case."""
    return frozenset(name.split()[-1].lower() for name in Locale("kk").territories.values() if name and name.split())


_ENDINGS = _read("endings.toml")
_LEXICON = _read("lexicon.toml")
_NAMES = _read("names.toml")
_LETTERS: dict[str, Any] = _ENDINGS["letters"]
_VOWELS = frozenset(_LETTERS["vowels"])
_BACK = frozenset(_LETTERS["back"])
_FRONT = frozenset(_LETTERS["front"])
_LOAN = frozenset(_LETTERS["loan"])
_VOICED: dict[str, str] = _LETTERS["voiced"]
_SOFT = frozenset(_LETTERS["soft"])
_CLASSES = {k: frozenset(_LETTERS[k]) for k in "VRLNZT"}
_FINAL = frozenset(_ENDINGS["final"])
_TIMES = frozenset(_LEXICON["times"].split())
_VERBS = frozenset(_LEXICON["stems"]["verbs"].split())
_ADJECTIVES = frozenset(_LEXICON["adjectives"]["words"].split())
_ADJECTIVAL = tuple(_LEXICON["adjectives"]["suffixes"].split())
_NOUNS = frozenset(_LEXICON["stems"]["nouns"].split()) | _TIMES
_DOUBTFUL = frozenset({"Case=Loc", "Case=Abl", "Case=Ins"})
_SURE = frozenset({"Case=Gen", "Case=Dat", "Case=Acc", "Case=Attr"})
_EVENTS = frozenset(_LEXICON["events"]["verbs"].split())
_GIVEN = frozenset(_LEXICON["given"]["names"].split())
_SURNAMES = tuple(_NAMES["surname_endings"].split())
_LASTING = frozenset(_LEXICON["events"]["lasting"].split())
_PROPER = frozenset(_LEXICON["proper"]["names"].split()) | _territories()
_SYNCOPE: dict[str, str] = _LEXICON["syncope"]
_LOOKALIKES = str.maketrans(_NAMES["lookalikes"])
_CLOSING = frozenset(_NAMES["closing"])
_ENDS = frozenset(_NAMES["ends"])
_OPENING = frozenset(_NAMES["opening"])
_PREFIXES = tuple(_NAMES["prefixes"])
_ORDINALS = tuple(_NAMES["ordinals"])
_JOINED = frozenset(_NAMES["joined"].split())
_MARKS = str.maketrans(dict.fromkeys(_NAMES["apostrophes"], "'") | dict.fromkeys(_NAMES["hyphens"], "-"))
_HYPHEN = "[-" + _NAMES["hyphens"] + "]"
_FOLDS = str.maketrans(_NAMES["folds"])


def _harmony_of(text: str) -> str:
    """Return back, front, or nothing where the vowels do not tell."""
    for letter in reversed(text):
        if letter in _BACK:
            return "back"
        if letter in _FRONT:
            return "front"
        if letter in _VOWELS:
            return ""
    return ""


def _forms() -> Iterator[_Form]:
    soft_vowel, hard_vowel = _NAMES["swallowed"]["front"], _NAMES["swallowed"]["back"]
    for ending in _ENDINGS["ending"]:
        only = frozenset(_LEXICON[ending["only"]].split()) if "only" in ending else None
        for line in ending["forms"]:
            after, *shapes = line.split()
            for shape in shapes:
                restores: tuple[str, ...] = ()
                letters: frozenset[str] = frozenset()
                if after.startswith("+"):
                    restores = (after[1:],) if after[1:] != hard_vowel else (hard_vowel, soft_vowel)
                else:
                    letters = frozenset().union(*(_CLASSES[c] for c in after))
                first = next((c for c in shape if c in _VOWELS), "") if ending.get("harmony", True) else ""
                yield _Form(
                    shape,
                    letters,
                    restores,
                    "back" if first in _BACK else "front" if first in _FRONT else "",
                    tuple(ending["from"]),
                    tuple(ending["features"]),
                    ending["to"],
                    bool(ending.get("finite")),
                    ending.get("open_after", "" if not ending.get("open") else "any"),
                    bool(ending.get("eventful")),
                    bool(ending.get("weak")),
                    only,
                )


def _index() -> dict[str, list[_Form]]:
    index: dict[str, list[_Form]] = {}
    for form in _forms():
        index.setdefault(form.text, []).append(form)
    return index


_BY_TEXT = _index()
_LONGEST = max(map(len, _BY_TEXT))


def _has_vowel(text: str) -> bool:
    return any(c in _VOWELS for c in text)


def _agrees(stem: str, form: _Form, free: bool) -> bool:
    """Tell whether the ending follows this stem's last letter and vowel."""
    if not form.restores and stem[-1] not in form.after:
        return False
    if free or not form.harmony:
        return True
    harmony = _harmony_of(stem)
    if harmony in ("", form.harmony):
        return True
    return (stem[-1] in _NAMES["front_stops"] and form.harmony == "front") or bool(_LOAN & set(stem))


def _stems(rest: str, form: _Form) -> tuple[str, ...]:
    """Return the stems that `rest` may stand for before this ending."""
    if form.restores:
        if len(rest) < _SHORT - 1 or (rest[-1:] in _VOWELS and form.restores[0] in _VOWELS):
            return ()
        harmony = _harmony_of(rest)
        return tuple(
            rest + r for r in form.restores if len(form.restores) == 1 or _harmony_of(r) == harmony or not harmony
        )
    return (rest,)


def _walk(word: str, state: str, free: bool, seen: tuple[_Form, ...]) -> Iterator[tuple[str, str, tuple[_Form, ...]]]:
    """Yield (stem, its state, the endings after it from the stem outwards)."""
    for size in range(min(_LONGEST, len(word) - 1), 0, -1):
        for form in _BY_TEXT.get(word[-size:], ()):
            if form.target != state:
                continue
            for rest in _stems(word[:-size], form):
                if len(rest) < _SHORT or not _has_vowel(rest) or not _agrees(rest, form, free):
                    continue
                if form.only is not None and rest not in form.only:
                    continue
                for source in form.sources:
                    if source in ("stem", "vstem"):
                        yield rest, source, (form, *seen)
                    else:
                        yield from _walk(rest, source, free, (form, *seen))


def _originals(stem: str, first: _Form, verbal: bool) -> Iterator[str]:
    """Yield the dictionary shapes of a stem cut before an ending: unvoiced, with its lost vowel, with its soft sign."""
    yield stem
    if stem[:-1] in _PROPER and stem[-1] in _NAMES["swallowed"].values():
        yield stem[:-1]
    if first.text[0] in _VOWELS:
        if stem[-1] in _VOICED:
            yield stem[:-1] + _VOICED[stem[-1]]
        if stem in _SYNCOPE:
            yield _SYNCOPE[stem]
        if not verbal and stem[-1] in _SOFT and first.text[0] in _FRONT:
            yield stem + _NAMES["soft_sign"]


def _together(forms: tuple[_Form, ...]) -> frozenset[str]:
    """Return the features of a run of endings; the last case is the case."""
    features = [f for form in forms for f in form.features]
    cases = [f for f in features if f.startswith("Case=")]
    return frozenset(f for f in features if not f.startswith("Case=")) | frozenset(cases[-1:])


def _opens(form: _Form, stem: str) -> bool:
    """Tell whether an ending alone makes a verb of an unknown stem."""
    return form.open == "any" or (bool(form.open) and stem[-1] in _CLASSES[form.open] and stem[-1] not in _CLASSES["R"])


def _splits(word: str, free: bool) -> Iterator[_Split]:
    for state in _FINAL - {"stem"}:
        for stem, source, forms in _walk(word, state, free, ()):
            features = _together(forms)
            verbal = source == "vstem"
            length = sum(len(f.text) for f in forms)
            for original in _originals(stem, forms[0], verbal):
                yield _Split(
                    original,
                    verbal,
                    features,
                    forms[-1].finite,
                    any(_opens(f, forms[i - 1].text if i else stem) for i, f in enumerate(forms)),
                    any(f.eventful for f in forms),
                    any(f.weak for f in forms),
                    length,
                )
                vnoun = next((i for i, f in enumerate(forms) if f.target == "vnoun"), None) if verbal else None
                if vnoun is not None:
                    noun = word[: len(word) - sum(len(f.text) for f in forms[vnoun + 1 :])]
                    after = _together(forms[vnoun + 1 :])
                    yield _Split(noun, False, after, False, False, False, False, length)


def _with_case(features: frozenset[str]) -> frozenset[str]:
    return features if any(f.startswith("Case=") for f in features) else features | {"Case=Nom"}


def _name_kind(stem: str) -> frozenset[str]:
    """Tell given names from the list and family names by their endings."""
    if stem in _GIVEN:
        return frozenset({"Name=Given"})
    if len(stem) > _NEAR and stem.endswith(_SURNAMES) and stem not in _PROPER:
        return frozenset({"Name=Family"})
    return frozenset()


def _readings(split: _Split, proper: bool) -> Iterator[Reading]:
    if not split.verbal:
        kind = _name_kind(split.stem) if proper else frozenset()
        yield Reading(split.stem, "PROPN" if proper else "NOUN", _with_case(split.features) | kind)
        return
    features = split.features
    if split.eventful and (split.stem in _EVENTS or (split.stem in _LASTING and "Polarity=Neg" not in features)):
        features = (features - {"Tense=Pres"}) | {"Tense=Fut"}
    if "Polarity=Neg" not in features and any(f.startswith("Case=") for f in features):
        yield Reading(split.stem, "VERB", features)
        return
    yield Reading(split.stem, "VERB", features)
    if split.finite and "Poss=3" not in features:
        finite = (features - {"VerbForm=Part"}) | {"VerbForm=Fin", "Person=3"}
        yield Reading(split.stem, "VERB", finite)


def _closed(entry: str) -> Reading:
    lemma, pos, *features = entry.split()
    return Reading(lemma, pos, frozenset(features))


_CLOSED = {w: tuple(_closed(e) for e in es) for w, es in _LEXICON["closed"].items()}


def _abbreviation(word: str) -> tuple[str, str] | None:
    """Return stem and ending of an abbreviation or number: after a hyphen, or small letters after capitals."""
    if "-" in word:
        stem, _, tail = word.rpartition("-")
        if stem and tail.islower() and (stem[-1].isupper() or stem[-1].isdigit() or stem[-1] in _NAMES["closing"]):
            return stem, tail
    found = re.match(r"^(?=[^\W\d_]+$)([^\W\d_]{2,}?)([^\W\d_]+)$", word)
    if found:
        capitals = len(word) - len(word.lstrip("".join(c for c in word if c.isupper())))
        if capitals >= _SHORT and capitals < len(word) and word[capitals:].islower():
            return word[:capitals], word[capitals:]
    return None


def _tail_features(tail: str) -> list[frozenset[str]]:
    """Return the features of a bare run of noun endings, as after a hyphen: nothing is asked of the stem."""
    found: list[frozenset[str]] = []

    def walk(rest: str, state: str, features: frozenset[str]) -> None:
        if not rest:
            if state == "stem" or state == "start":
                found.append(features)
            return
        for size in range(len(rest), 0, -1):
            for form in _BY_TEXT.get(rest[-size:], ()):
                if form.target == state:
                    for source in form.sources:
                        if source in ("stem", "plural", "poss", "poss3", "loc", "case"):
                            walk(rest[:-size], source, features | frozenset(form.features))

    for state in ("case", "loc", "attr", "poss3", "poss", "plural"):
        walk(tail, state, frozenset())
    return found


def tokenise(text: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of words, numbers and marks; states joined by a hyphen are three tokens."""
    out: list[tuple[int, int]] = []
    for first, last in word_spans(text):
        out += _parts(text[first:last], first)
    return out


def _parts(word: str, first: int) -> list[tuple[int, int]]:
    whole = [(first, first + len(word))]
    found = re.search(_HYPHEN, word)
    if found is None:
        return whole
    left, right = word[: found.start()], word[found.end() :]
    place = first + found.start()
    if left.isdigit() and len(right) > _SHORT and right.isalpha() and _counted(right):
        return [(first, place), (place + 1, first + len(word))]
    if left in _PREFIXES:
        return [(first, place), (place + 1, first + len(word))]
    if left.lower() in _JOINED and any(right.lower().startswith(j) for j in _JOINED):
        return [(first, place), (place, place + 1), *_parts(right, place + 1)]
    return whole


def _counted(word: str) -> bool:
    """Tell whether what follows a number and its hyphen is a word of its own ("member number 11"), no ending."""
    return not word.endswith(_ORDINALS) and not _tail_features(word)


@lru_cache(maxsize=65536)
def analyse(word: str) -> tuple[Reading, ...]:
    """Return every reading of a word as written, the likeliest first; at least one.

    >>> analyse("")[0].pos
    'X'
    """
    plain = unicodedata.normalize("NFC", word).translate(_MARKS)
    if not any(c.isalpha() for c in plain):
        return (Reading(plain, "NUM" if any(c.isdigit() for c in plain) else "X", frozenset()),)
    short = _abbreviation(plain)
    if short:
        stem, tail = short
        tails = _tail_features(tail)
        if tails:
            pos = "NUM" if stem[-1].isdigit() else "PROPN"
            return tuple(dict.fromkeys(Reading(fold(stem), pos, _with_case(f)) for f in tails))
        if stem[-1].isdigit():
            return (Reading(stem, "NUM", frozenset({"Case=Nom"})),)
    proper = plain[:1].isupper()
    lower = fold(plain)
    if lower in _CLOSED:
        return _CLOSED[lower]
    if plain.isupper() and len(plain) <= _NAMES["abbreviation_length"]:
        return (Reading(lower, "PROPN", frozenset({"Case=Nom"})),)
    return _rank(lower, proper)


def _rank(lower: str, proper: bool) -> tuple[Reading, ...]:
    splits = list(_splits(lower, free=False))
    if proper:
        splits += [s for s in _splits(lower, free=True) if s not in splits]
    whole = _Split(lower, False, frozenset(), False, False, False, False, 0)
    known_verb = [s for s in splits if s.verbal and s.stem in _VERBS]
    known_noun = [s for s in [*splits, whole] if not s.verbal and s.stem in _NOUNS]
    if known_noun:
        known_verb = [s for s in known_verb if not s.weak]
    if any(s.stem in _NOUNS and s.features & _DOUBTFUL for s in known_noun):
        known_verb = [s for s in known_verb if "VerbForm=Vnoun" not in s.features]
    if lower in _NOUNS:
        known_verb = [s for s in known_verb if "VerbForm=Vnoun" in s.features]
        known_noun = [whole, *(s for s in known_noun if s is not whole)]
    guesses = [s for s in splits if (s.open if s.verbal else True) and s not in known_verb and s not in known_noun]
    plain = [] if not proper and any(_surely_cut(s) for s in guesses) else [whole]
    if known_noun or known_verb:
        ordered = [*known_verb, *known_noun]
        if proper and not (known_noun and all(_surely_cut(s) for s in known_noun) and lower not in _PROPER):
            ordered += [*(s for s in guesses if not s.verbal), whole]
            ordered = list(dict.fromkeys([*known_verb, *known_noun, *_names_first(lower, ordered, whole)]))
    else:
        ordered = [*sorted(guesses, key=lambda s: (-s.length, s.verbal, s.stem)), *plain]
        ordered = _names_first(lower, ordered, whole) if proper else ordered
    adjective = (Reading(lower, "ADJ"),) if lower in _ADJECTIVES else ()
    if not adjective and lower not in _NOUNS and not known_verb and not known_noun and lower.endswith(_ADJECTIVAL):
        adjective = (Reading(lower, "ADJ"),)
    if adjective and lower not in _NOUNS and not known_noun:
        ordered = [whole]
    return adjective + tuple(dict.fromkeys(r for s in ordered for r in _readings(s, proper)))


def _surely_cut(split: _Split) -> bool:
    """Tell whether the ending of an unknown common noun can be no part of its stem: a genitive, or a case after a
    possessive."""
    features = split.features
    cased = "Case=Gen" in features or ("Poss=3" in features and bool(features & _SURE))
    return not split.verbal and len(split.stem) > _SHORT and cased


def _names_first(word: str, splits: list[_Split], whole: _Split) -> list[_Split]:
    """Return the readings of a capitalised word: those of a known name alone, else no name with a sure ending."""
    if whole.stem in _PROPER:
        return [whole]
    known = [s for s in splits if not s.verbal and s.stem in _PROPER]
    if known:
        return known
    bare = _bare(word, "other").lower()
    if bare != whole.stem:
        cut = [s for s in splits if not s.verbal and s.stem == bare and "Poss=3" not in s.features]
        if cut:
            return cut
    splits = [s for s in splits if not s.verbal or s.stem in _VERBS]
    splits = [s for s in splits if s.verbal or not s.features & _DOUBTFUL or len(s.stem) > _SHORT + 1]
    sure = [s for s in splits if s.features & _SURE and "Poss=3" not in s.features and not s.verbal]
    return [s for s in splits if s is not whole and not s.verbal] if sure else splits


def nominative(words: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return the dictionary form of a proper name as written in any case form.

    Only the last word of a Kazakh name is inflected. An ending is cut where the rest still looks like a name:
    genitive, dative and accusative are hardly ever the end of a name, the others need a stem that is one.
    """
    if not words:
        return words
    *before, last = words
    return (*before, _owned(last) if last.islower() else _bare(last, kind))


def _owned(word: str) -> str:
    """Return a common noun without its case, its possessive kept; the word itself where none is read so."""
    lemmas = {r.lemma for r in analyse(word) if r.pos == "NOUN" and "Poss=3" in r.features}
    for size in range(1, len(word) - 1):
        if any(r.lemma in lemmas and r.features >= {"Poss=3", "Case=Nom"} for r in analyse(word[:-size])):
            return word[:-size]
    return word


def _bare(word: str, kind: str) -> str:
    plain = unicodedata.normalize("NFC", word).translate(_MARKS)
    short = _abbreviation(plain)
    if short and _tail_features(short[1]):
        return word[: len(short[0])]
    lower = plain.lower()
    best = word
    for ending in _NAMES["name_endings"]:
        for shape in ending["forms"].split():
            size = len(shape)
            rest = lower[:-size]
            if not lower.endswith(shape) or len(rest) < ending["stem"] or not _has_vowel(rest):
                continue
            form = next((f for f in _BY_TEXT[shape] if "stem" in f.sources), None)
            if form is None or rest[-1] not in form.after:
                continue
            if not ending["sure"] and not rest.endswith(_SURNAMES):
                continue
            if kind not in ending["kinds"]:
                continue
            candidate = word[: len(word) - size]
            if len(candidate) < len(best):
                best = candidate
    return best


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the form in which words are compared: lower case, look-alike letters and marks unified."""
    return (
        unicodedata.normalize("NFC", word)
        .translate(_LOOKALIKES if _mixed(word) else {})
        .translate(_MARKS)
        .lower()
        .translate(_FOLDS)
    )


def _mixed(word: str) -> bool:
    """Tell whether a word mixes Latin letters into Cyrillic ones, as old texts do with i."""
    letters = [c for c in word if c.isalpha()]
    latin = sum(c.isascii() for c in letters)
    return 0 < latin < len(letters) and any("CYRILLIC" in unicodedata.name(c, "") for c in letters)


def refine(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...]) -> tuple[tuple[Reading, ...], ...]:
    """Return the readings that the neighbours leave.

    A past participle is one before a noun, a verb at a clause's end; a bare noun right before a possessed one is its
    possessor.
    """
    out: list[tuple[Reading, ...]] = []
    for place, own in enumerate(readings):
        following = place + 1
        while following < len(words) and words[following] in _CLOSING:
            following += 1
        after = readings[following] if following < len(words) else ()
        if _contrasts(own, readings[place - 1] if place else ()):
            own = tuple(Reading(r.lemma, "PART", r.features) for r in own)
        if after and _concedes(after):
            own = _unconditional(own)
        here = _possessor(_in_context(own, words[place + 1] if place + 1 < len(words) else "", after), after)
        out.append(_agent(here, readings[following:], words[following:]))
    return tuple(out)


def _contrasts(own: tuple[Reading, ...], before: tuple[Reading, ...]) -> bool:
    """Tell whether "not" negates the noun before it ("not in A, but in B") and so ends no clause."""
    return all(r.lemma == _NAMES["not"] for r in own) and any(
        r.pos in ("NOUN", "PROPN", "NUM") and r.features & {"Case=Loc", "Case=Dat", "Case=Abl", "Case=Ins", "Case=Acc"}
        for r in before
    )


def _concedes(following: tuple[Reading, ...]) -> bool:
    """Tell whether the particle "even" follows: a condition before it is granted, not supposed."""
    return all(r.pos == "PART" and r.lemma in _NAMES["even"] for r in following)


def _unconditional(own: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple(
        Reading(r.lemma, r.pos, (r.features - {"Mood=Cnd", "VerbForm=Fin"}) | {"VerbForm=Conv"})
        if "Mood=Cnd" in r.features
        else r
        for r in own
    )


def _agent(
    own: tuple[Reading, ...], rest: tuple[tuple[Reading, ...], ...], words: tuple[str, ...]
) -> tuple[Reading, ...]:
    """Read a genitive that owns no noun as the subject of a later participle or verbal noun with a possessive."""
    if not any("Case=Gen" in r.features and r.pos in ("NOUN", "PROPN", "PRON") for r in own):
        return own
    for place, after in enumerate(rest):
        if words[place] in _ENDS or place > _FAR:
            return own
        if _possessed(after) and place < _NEAR and all(_light(r) for r in rest[:place]):
            return own
        if any(
            r.pos == "VERB" and "Poss=3" in r.features and r.features & {"VerbForm=Part", "VerbForm=Vnoun"}
            for r in after
        ):
            return tuple(
                Reading(r.lemma, r.pos, (r.features - {"Case=Gen"}) | {"Case=Agt"}) if "Case=Gen" in r.features else r
                for r in own
            )
    return own


def _possessed(readings: tuple[Reading, ...]) -> bool:
    """Tell whether a word is a noun with a possessive and nothing else; verbal nouns count as nouns."""
    return (
        bool(readings)
        and all("Poss=3" in r.features for r in readings)
        and (
            all(r.pos in ("NOUN", "PROPN") for r in readings)
            or any(r.pos == "NOUN" and r.lemma in _NOUNS for r in readings)
        )
    )


def _light(readings: tuple[Reading, ...]) -> bool:
    """Tell whether a word may stand between an owner and what it owns."""
    return not readings or any(
        r.pos in ("ADJ", "NUM", "DET", "ADV", "CCONJ")
        or "VerbForm=Part" in r.features
        or (r.pos == "NOUN" and r.features == {"Case=Nom"})
        for r in readings
    )


def _possessor(own: tuple[Reading, ...], following: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Read a bare name before a possessed noun as its genitive; beside an object it may be the subject too."""
    if not following or not any(
        r.pos == "PROPN" and "Case=Nom" in r.features and "Poss=3" not in r.features for r in own
    ):
        return own
    if not _possessed(following):
        return own
    genitive = tuple(
        Reading(r.lemma, r.pos, (r.features - {"Case=Nom"}) | {"Case=Gen"}) if "Case=Nom" in r.features else r
        for r in own
    )
    either = any("Case=Acc" in r.features for r in following)
    return tuple(dict.fromkeys((*own, *genitive))) if either else genitive


def _in_context(own: tuple[Reading, ...], word: str, following: tuple[Reading, ...]) -> tuple[Reading, ...]:
    if {r.pos for r in own} == {"ADP", "VERB"}:
        ends = not any(c.isalnum() for c in word)
        return tuple(r for r in own if (r.pos == "VERB") == ends)
    both = {f for r in own if r.pos == "VERB" for f in r.features if f in ("VerbForm=Part", "VerbForm=Fin")}
    if len(both) < 2:
        return own
    ends = not any(c.isalnum() for c in word) or any(r.pos in ("AUX", "CCONJ", "SCONJ") for r in following)
    drop = "VerbForm=Part" if ends and fold(word) not in _OPENING else "VerbForm=Fin"
    return tuple(r for r in own if r.pos != "VERB" or drop not in r.features) or own
