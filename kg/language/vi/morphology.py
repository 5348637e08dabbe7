"""Vietnamese words: syllables and fixed compounds, coarse parts of speech, one spelling where the language has two."""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

from kg.model import Reading

_TABLES = tomllib.loads(resources.files(__package__).joinpath("morphology.toml").read_text(encoding="utf-8"))

_TOKEN = re.compile(
    r"[^\W\d_](?:[\w\u0300-\u036f]|['\u2019\u02bc](?=\w)|[-\u2010\u2011](?=\w))*"  # a syllable or a foreign word
    r"|\d+(?:[.,]\d{3})*(?:[.,]\d+)?"  # 1.000 or 7,4: days and months stay apart (3/7, 12-11-2016)
    r"|[^\w\s]|_"
)
_HYPHEN = re.compile(r"[-\u2010\u2011]")
_INNER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")  # "Bra-xin", "Braxin": one name
_SEPARATOR = re.compile(r"[\s_]+")
# The old and the new place of the tone mark in an open syllable: both are read as the old one.
_TONE_PAIRS: dict[str, str] = _TABLES["tone_pairs"]
# A single consonant and y: the syllable is written with i as well.
_Y_AS_I = str.maketrans(_TABLES["y_as_i"])
_OPEN_Y = re.compile(rf"^(?:{'|'.join(_TABLES['open_onsets'])})[{''.join(_TABLES['y_as_i'])}]$")
_STROKES = str.maketrans(_TABLES["strokes"])
_LONGEST = 4


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Return the form in which words are compared: lower case, one tone placement, i for y, no hyphens inside, "_" in
    compounds.

    >>> fold("Ho\u00e0") == fold("H\u00f2a"), fold("H\u00e0 N\u1ed9i")
    (True, 'h\xe0_n\u1ed9i')
    """
    text = unicodedata.normalize("NFC", word).casefold().translate(_STROKES)
    text = text.replace("\u2019", "'").replace("\u02bc", "'").replace("\u2010", "-").replace("\u2011", "-")
    text = _INNER_HYPHEN.sub("", text)
    return "_".join(_fold_syllable(part) for part in _SEPARATOR.split(text)) if text.strip("_ ") else text


def _fold_syllable(syllable: str) -> str:
    if _OPEN_Y.match(syllable):
        return syllable.translate(_Y_AS_I)
    tail = _TONE_PAIRS.get(syllable[-2:])
    return syllable[:-2] + tail if tail else syllable


_COMPOUNDS = frozenset(fold(c) for c in (*_TABLES["compounds"], *_TABLES["verbs"], *_TABLES["light"]))
_HEADS = frozenset(c.split("_")[0] for c in _COMPOUNDS)
_DASH_NAMES = frozenset(_TABLES["dash_names"])
_POS: dict[str, tuple[str, ...]] = {}
for _pos, _words in (*_TABLES["pos"].items(), ("VERB", _TABLES["verbs"]), ("AUX", _TABLES["light"])):
    for _word in _words:
        _POS[fold(_word)] = (*_POS.get(fold(_word), ()), _pos)


def tokenise(text: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of syllables, fixed compounds, foreign words, numbers and marks.

    >>> ["Tổng thư ký gặp 3/7"[a:b] for a, b in tokenise("Tổng thư ký gặp 3/7")]
    ['Tổng', 'thư ký', 'gặp', '3', '/', '7']
    """
    parts = [piece for found in _TOKEN.finditer(text) for piece in _split_names(found.group(), found.start())]
    folded = [fold(text[start:end]) for start, end in parts]
    out: list[tuple[int, int]] = []
    place = 0
    while place < len(parts):
        size = _compound_size(text, parts, folded, place)
        out.append((parts[place][0], parts[place + size - 1][1]))
        place += size
    return out


def _split_names(word: str, start: int) -> list[tuple[int, int]]:
    """Return the ranges of a hyphenated word: apart, marks included, where every part belongs to a name of a state."""
    marks = [m.start() for m in _HYPHEN.finditer(word)]
    pieces = _HYPHEN.split(word)
    if not marks or not all(unicodedata.normalize("NFC", p) in _DASH_NAMES for p in pieces):
        return [(start, start + len(word))]
    out: list[tuple[int, int]] = []
    place = start
    for piece in pieces:
        out.append((place, place + len(piece)))
        place += len(piece) + 1
        out.append((place - 1, place))
    return out[:-1]


def _compound_size(text: str, parts: list[tuple[int, int]], folded: list[str], place: int) -> int:
    if folded[place] not in _HEADS:
        return 1
    for size in range(min(_LONGEST, len(parts) - place), 1, -1):
        joined = "_".join(folded[place : place + size])
        if joined in _COMPOUNDS and _adjacent(text, parts[place : place + size]):
            return size
    return 1


def _adjacent(text: str, parts: list[tuple[int, int]]) -> bool:
    """Tell whether nothing but spaces stands between the parts: a line break may, a blank line may not."""
    return all((gap := text[a[1] : b[0]]).isspace() and gap.count("\n") < 2 for a, b in itertools.pairwise(parts))


def analyse(word: str) -> tuple[Reading, ...]:
    """Return the coarse readings of a word: its closed classes, NUM, PROPN where capitalised, else X."""
    text = unicodedata.normalize("NFC", word)
    folded = fold(text)
    lemma = _SEPARATOR.sub("_", text.casefold())
    if text[:1].isdigit():
        return (Reading(lemma, "NUM"),)
    readings = [Reading(lemma, pos) for pos in _POS.get(folded, ())]
    if text[:1].isupper() and folded not in _COMPOUNDS:
        readings.append(Reading(lemma, "PROPN"))
    return tuple(readings) or (Reading(lemma, "X"),)


_GO = frozenset(_TABLES["go"])
_BEFORE_GO = frozenset(fold(w) for w in _TABLES["before_go"])
_NOMINAL = frozenset(_TABLES["nominal"])
_NOUNS = {
    fold(word): tuple(frozenset(map(fold, table.get(key, ()))) for key in ("before", "after", "followed"))
    for table in _TABLES["noun"]
    for word in table["words"]
}
_AMIDST = frozenset(_TABLES["amidst"])
_AFTER_GO = frozenset(_TABLES["after_go"])
_ENDS_CLAUSE = frozenset(_TABLES["ends_clause"])
_LIKE_VERBS = frozenset(_TABLES["like_verbs"])
_NO_HEADS = frozenset(tuple(map(fold, pair.split())) for pair in _TABLES["no_heads"])
_MARKS = frozenset(',;:()."\u201c\u201d')


def refine(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...]) -> tuple[tuple[Reading, ...], ...]:
    """Return the readings that the context leaves.

    A verb after a word that makes it a noun is one ("cuộc gặp"). "To" is told from "go to": it goes after a mark of
    tense, or right after a name without a verb ("ông Lavrov tới Moscow", but "gửi thư tới Moscow").
    """
    out = list(readings)
    verb = False
    for place, word in enumerate(words):
        folded = fold(word)
        if word in _MARKS or folded in _ENDS_CLAUSE:
            verb = False
        elif _nominalised(words, readings, place) or (folded in _NOUNS and _is_noun(words, place, *_NOUNS[folded])):
            out[place] = (Reading(readings[place][0].lemma, "NOUN"),)
            verb = True
        elif folded in _GO and 0 < place < len(words) - 1:
            after = words[place + 1]
            if not after[:1].isupper() and fold(after) not in _AFTER_GO:
                continue
            before = fold(words[place - 1])
            named = words[place - 1][:1].isupper() and not verb and before not in _POS
            if before in _BEFORE_GO or named:
                out[place] = (Reading(folded, "VERB"),)
        elif (folded not in _GO and any(r.pos == "VERB" for r in readings[place])) or folded in _LIKE_VERBS:
            verb = True
    return tuple(out)


def _nominalised(words: tuple[str, ...], readings: tuple[tuple[Reading, ...], ...], place: int) -> bool:
    """Tell whether a word that makes nouns stands right before a verb."""
    return place > 0 and fold(words[place - 1]) in _NOMINAL and any(r.pos in {"VERB", "AUX"} for r in readings[place])


def _is_noun(
    words: tuple[str, ...], place: int, heads: frozenset[str], verbs: frozenset[str], then: frozenset[str]
) -> bool:
    """Tell whether what can be verb or noun is a noun: "the order of" it, the object of a verb, or "it between" two."""
    after = words[place + 1 : place + 6]
    following = list(itertools.takewhile(lambda w: not w[:1].isupper() and w not in _MARKS, after))
    at = next((n for n, w in enumerate(following, place + 1) if fold(w) in then), len(words))
    if at + 1 < len(words) and fold(words[at + 1]) not in _AMIDST:
        return True
    before = [fold(w) for w in words[max(0, place - 4) : place] if not w[:1].isupper()]
    if not before:
        return False
    other_word = tuple(before[-2:]) in _NO_HEADS
    return (before[-1] in heads and not other_word) or any(w in verbs for w in before)


def nominative(words: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Return the words of a name as they are: Vietnamese does not inflect, and foreign names stand in it unchanged."""
    del kind
    return words


# A syllable without its marks: initial, vowels, final.
_SYLLABLE = re.compile(r"^(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$")


def _bare(word: str) -> str:
    text = unicodedata.normalize("NFD", word.casefold()).replace("\u0111", "d")
    return "".join(c for c in text if not unicodedata.combining(c))


def called(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words by which a person named so is called later on, with an honorific before them.

    A Vietnamese goes by the last word, a Chinese or Korean by the first, a foreigner by the last: names that can be
    either give both.

    >>> called(("Trương", "Hiểu", "Cương")), called(("Cho", "Tae-yul")), called(("Kaja", "Kallas"))
    (('Trương', 'Cương'), ('Cho',), ('Kallas',))
    """
    if len(words) < 2:
        return ()
    if len(words) == 2 and "-" in words[1] and len(words[0]) <= 5:
        return (words[0],)
    if 2 <= len(words) <= 4 and not all(w.isascii() for w in words) and all(_SYLLABLE.match(_bare(w)) for w in words):
        return (words[0], words[-1])
    return (words[-1],)
