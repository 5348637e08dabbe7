"""What a sentence leaves of the readings of its words: government, agreement, and forms that only context tells apart.

Every rule drops readings and keeps at least one; a rule that would leave none is not applied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from kg.model import Reading

Readings = tuple[Reading, ...]
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "DET", "NUM", "PRON"})
_HEADS = frozenset({"NOUN", "PROPN", "PRON"})
_STEPS = 6
_MANY_CASES = 4
_SHORT_NAME = 5
_QUOTES = frozenset({"\u00ab", "\u00bb", "\u201c", "\u201d", "\u201e", '"'})
_LISTING = frozenset({",", "/", "(", "\u2014", "\u2013", "-"})


def value(reading: Reading, name: str) -> str | None:
    """Return the value of a feature, None when the reading does not state it."""
    return _value(reading.features, name)


@lru_cache(maxsize=65536)
def _value(features: frozenset[str], name: str) -> str | None:
    return next((f[len(name) + 1 :] for f in features if f.startswith(name + "=")), None)


def refine(
    words: Sequence[str],
    readings: Sequence[Readings],
    government: Mapping[str, Sequence[str]],
    negation: str,
    times: Sequence[str],
    two_aspects: Sequence[str],
    objects: Sequence[str],
    collectives: Sequence[str],
) -> tuple[Readings, ...]:
    """Return the readings that the context of each word leaves."""
    left = list(readings)
    _leave_statements(left)
    _leave_nouns(left)
    _tell_possessives(left)
    _govern(words, left, government)
    _agree(words, left)
    _govern(words, left, government)
    _agree_with_verb(words, left, frozenset(objects), frozenset(collectives))
    _tell_tense(words, left, negation, frozenset(times), frozenset(two_aspects))
    return tuple(left)


def _leave_statements(left: list[Readings]) -> None:
    """Take the imperative from forms that can be a past tense too: reports command nobody."""
    for place, readings in enumerate(left):
        if any(_finite(r) for r in readings):
            _keep(left, place, lambda r: value(r, "Mood") != "Imp")


def _leave_nouns(left: list[Readings]) -> None:
    """Take the verb in the first person from forms that are nouns too ("a meeting", "I shall meet"): nobody says "I"
    here."""
    if any(r.pos == "PRON" and {"Person=1", "Number=Sing"} <= r.features for readings in left for r in readings):
        return
    for place, readings in enumerate(left):
        if any(r.pos == "NOUN" for r in readings):
            _keep(left, place, lambda r: r.pos != "VERB" or not {"Person=1", "Number=Sing"} <= r.features)


def _tell_possessives(left: list[Readings]) -> None:
    """Tell "its" from "it" where both are written alike: before a word of a noun phrase it is the possessive."""
    for place, readings in enumerate(left):
        if not (
            {r.pos for r in readings} >= {"DET", "PRON"} and all(value(r, "Person") or r.pos == "DET" for r in readings)
        ):
            continue
        following = left[place + 1] if place + 1 < len(left) else ()
        possessive = bool(following) and all(_nominal(r) and r.pos != "PRON" for r in following)
        _keep(left, place, partial(_is, "DET" if possessive else "PRON"))


def _is(part: str, reading: Reading) -> bool:
    return reading.pos == part


def _keep(left: list[Readings], place: int, test: Callable[[Reading], bool]) -> bool:
    """Keep the readings that pass, if any do; tell whether some did."""
    kept = tuple(r for r in left[place] if test(r))
    if kept:
        left[place] = kept
    return bool(kept)


def _nominal(reading: Reading) -> bool:
    """Tell whether a reading can stand in a noun phrase: nouns, adjectives, attributive participles."""
    return reading.pos in _NOMINAL or ("VerbForm=Part" in reading.features and value(reading, "Variant") is None)


def _govern(words: Sequence[str], left: list[Readings], government: Mapping[str, Sequence[str]]) -> None:
    """Leave the words after a preposition, up to the noun, only the cases it governs."""
    for place, word in enumerate(words[:-1]):
        cases = government.get(word.lower())
        if cases is None:
            continue
        if any(r.pos == "ADP" for r in left[place]):
            _keep(left, place, lambda r: r.pos == "ADP")
        wanted = set(cases)
        for at in range(place + 1, min(place + 1 + _STEPS, len(words))):
            here = left[at]
            if not here or not any(_nominal(r) for r in here):
                break
            if not _keep(left, at, partial(_governed, wanted)):
                break
            found = {c for r in left[at] if (c := value(r, "Case")) is not None}
            if found:
                wanted = found & wanted or wanted
            if all(r.pos in _HEADS for r in left[at]):
                break


def _governed(cases: set[str], reading: Reading) -> bool:
    return _nominal(reading) and value(reading, "Case") in {*cases, None}


def _in_tense(tense: str, reading: Reading) -> bool:
    return value(reading, "Tense") == tense


def _agree(words: Sequence[str], left: list[Readings]) -> None:
    """Leave an adjective and the noun after it, and the words of a person's name, the forms that agree."""
    for place in range(len(words) - 1, 0, -1):
        before, here = left[place - 1], left[place]
        if not before or not here:
            continue
        modifier = all(_modifies(r) for r in before)
        name = (
            words[place - 1][:1].isupper() and words[place][:1].isupper() and all(_named(r) for r in (*before, *here))
        )
        if name and len(words[place - 1]) <= _SHORT_NAME and all(value(r, "Case") == "Nom" for r in before):
            continue  # the short first words of eastern names are not inflected: their form tells nothing of the last
        if not (modifier or name) or not any(r.pos in _NOMINAL for r in here):
            continue
        pairs = [(a, b) for a in before for b in here if _nominal(b) and _agrees(a, b)]
        if not pairs:
            continue
        firsts, seconds = {a for a, _ in pairs}, {b for _, b in pairs}
        left[place - 1] = tuple(r for r in before if r in firsts)
        left[place] = tuple(r for r in here if r in seconds)


def _modifies(reading: Reading) -> bool:
    return reading.pos in {"ADJ", "DET"} and value(reading, "Case") is not None and value(reading, "Variant") is None


def _named(reading: Reading) -> bool:
    return reading.pos == "PROPN" and value(reading, "Animacy") == "Anim"


def _agrees(first: Reading, second: Reading) -> bool:
    """Tell whether two readings can stand in one phrase: the same case, number and, in the singular, gender."""
    for name in ("Case", "Number", "Gender"):
        a, b = value(first, name), value(second, name)
        if name == "Gender" and "Plur" in (value(first, "Number"), value(second, "Number")):
            continue
        if a is not None and b is not None and a != b:
            return False
    animate = value(first, "Animacy"), value(second, "Animacy")
    return not (value(first, "Case") == "Acc" and None not in animate and animate[0] != animate[1])


def _leave_subject(left: list[Readings], places: range, verb: int) -> None:
    """Leave the only noun that can be the subject of an active verb in several the nominative alone."""
    if not all(value(v, "Number") == "Plur" and value(v, "Voice") != "Pass" for v in left[verb]):
        return
    able = [
        i
        for i in places
        if i != verb
        and any(r.pos in _HEADS and value(r, "Case") == "Nom" and value(r, "Number") == "Plur" for r in left[i])
    ]
    if len(able) == 1 and left[able[0]] and all(r.pos in _HEADS for r in left[able[0]]):
        _keep(left, able[0], lambda r: value(r, "Case") == "Nom")


def _leave_objects(left: list[Readings], places: range, objects: frozenset[str]) -> None:
    """Take the nominative from what is recognised and never recognises ("independence") beside an active verb."""
    verbs = [r for i in places for r in left[i] if _finite(r)]
    if verbs and not any(value(r, "Voice") == "Pass" for r in verbs):
        for place in places:
            if any(r.lemma in objects for r in left[place]):
                _keep(left, place, _not_nominative)


def _not_nominative(reading: Reading) -> bool:
    return value(reading, "Case") != "Nom"


def _agree_with_verb(
    words: Sequence[str], left: list[Readings], objects: frozenset[str], collectives: frozenset[str]
) -> None:
    """Take the nominative from nouns that cannot be the subject of the only finite verb between two marks."""
    start = 0
    for place in range(len(words) + 1):
        if place < len(words) and words[place] not in {",", ";", ":", ".", "(", ")", "\u2014", "\u2013"}:
            continue
        _leave_objects(left, range(start, place), objects)
        verbs = [i for i in range(start, place) if left[i] and all(_finite(r) for r in left[i])]
        if len(verbs) == 1:
            _leave_subject(left, range(start, place), verbs[0])
            for at in range(start, place):
                if at == verbs[0]:
                    continue
                if _alone(words, left, at) and all(value(v, "Number") == "Plur" for v in left[verbs[0]]):
                    _keep(left, at, partial(_no_single_subject, collectives))
                if not _indeclinable(left[at]):
                    _keep(left, at, partial(_may_stand_beside, left[verbs[0]]))
        start = place + 1


def _indeclinable(readings: Readings) -> bool:
    """Tell whether a word has one form for all cases; dictionaries disagree about the gender of such names."""
    return len({value(r, "Case") for r in readings}) >= _MANY_CASES


def _alone(words: Sequence[str], left: list[Readings], place: int) -> bool:
    """Tell whether a name, all its words, stands next to no conjunction or comma, that is, in no list."""
    if not left[place] or not all(r.pos in {"PROPN", "NOUN"} for r in left[place]):
        return False
    first, last = place, place
    while first > 0 and (words[first - 1] in _QUOTES or any(r.pos in {"PROPN", "ADJ"} for r in left[first - 1])):
        first -= 1
    while last + 1 < len(left) and (words[last + 1] in _QUOTES or any(r.pos == "PROPN" for r in left[last + 1])):
        last += 1
    beside = [i for i in (first - 1, last + 1) if 0 <= i < len(left)]
    return not any(words[i] in _LISTING or any(r.pos == "CCONJ" for r in left[i]) for i in beside)


def _no_single_subject(collectives: frozenset[str], reading: Reading) -> bool:
    return reading.lemma in collectives or not (value(reading, "Case") == "Nom" and value(reading, "Number") == "Sing")


def _may_stand_beside(verbs: Readings, reading: Reading) -> bool:
    """Tell whether a reading is no nominative, or one that can be the subject of the verb."""
    subject = reading.pos in _HEADS and value(reading, "Case") == "Nom"
    return not subject or any(_predicates(verb, reading) for verb in verbs)


def _finite(reading: Reading) -> bool:
    return reading.pos == "VERB" and "VerbForm=Fin" in reading.features and value(reading, "Mood") != "Imp"


def _predicates(verb: Reading, noun: Reading) -> bool:
    """Tell whether a noun in the nominative can be a subject of a verb, alone or in a list."""
    if value(verb, "Number") == "Plur":
        return True  # a list of singulars takes a plural verb
    if value(noun, "Number") == "Plur":
        return False
    genders = value(verb, "Gender"), value(noun, "Gender")
    return None in genders or genders[0] == genders[1] or value(noun, "Animacy") == "Anim"


def _tell_tense(
    words: Sequence[str], left: list[Readings], negation: str, times: frozenset[str], two_aspects: frozenset[str]
) -> None:
    """Tell the perfective future from the imperfective present where they are written alike without a diaeresis.

    After a negation the present is meant ("does not recognise"); beside words of time the future.
    """
    for place, readings in enumerate(left):
        tenses = {value(r, "Tense") for r in readings if _finite(r)}
        if tenses != {"Pres", "Fut"}:
            continue
        denied = place > 0 and words[place - 1].lower() == negation
        timed = any(r.lemma in times for rs in left for r in rs)
        twofold = any(r.lemma in two_aspects for r in readings)  # the news is of what is to come
        one_verb = len({r.lemma for r in readings if _finite(r)}) == 1  # a verb of one aspect has but one of the two
        wanted = "Fut" if (twofold or (timed and not one_verb)) and not denied else "Pres"
        _keep(left, place, partial(_in_tense, wanted))
