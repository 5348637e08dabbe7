"""Choice among the readings of English words by their neighbours.

"Visit", "talks" and "plans" are nouns and verbs, "signed" is a past tense and a participle: only the sentence tells.
Each rule below narrows the readings of one word, in one pass from left to right over the words of a sentence; a rule
that would leave none is ignored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from kg.model import Reading

Readings = tuple[Reading, ...]
BREAKS = frozenset(
    {
        ",",
        ";",
        ":",
        "—",
        "–",
        "(",
        ")",
        '"',
        "“",
        "”",
        "but",
        "while",
        "whereas",
        "although",
        "though",
        "who",
        "which",
        "that",
        "because",
        "if",
        "when",
        "after",
        "before",
        "and",
        "or",
        "where",
        "whose",
        "until",
        "as",
    }
)
NOMINATIVE = frozenset({"he", "she", "they", "we", "i", "who"})
RELATIVE = frozenset({"who", "which", "that"})
TIME_STARTS = frozenset(
    {
        "last",
        "this",
        "next",
        "yesterday",
        "today",
        "tomorrow",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "earlier",
        "later",
    }
)


@cache
def _class(name: str) -> frozenset[str]:
    table = tomllib.loads(files(__package__).joinpath("verbs.toml").read_text(encoding="utf-8"))
    return frozenset(table["classes"][name])


SHORT_WORDS = frozenset(
    {
        "with",
        "from",
        "over",
        "into",
        "after",
        "amid",
        "under",
        "than",
        "that",
        "upon",
        "onto",
        "despite",
        "during",
        "against",
        "between",
    }
)
PUNCTUATION = (Reading("", "PUNCT"),)
POSSESSIVE = (Reading("'s", "PART", frozenset({"Case=Gen"})),)


class Line:
    """The words of one sentence with the readings left to them."""

    def __init__(self, words: Sequence[str], folded: Sequence[str], readings: Sequence[Readings]) -> None:
        self.words = tuple(words)
        self.folded = tuple(folded)
        self.marks = tuple(not found for found in readings)
        self.readings = [found or PUNCTUATION for found in readings]
        long = [word for word in words if len(word) > 3 and word.isalpha() and word.lower() not in SHORT_WORDS]
        self.title_case = len(long) > 2 and all(word[0].isupper() for word in long)

    def __len__(self) -> int:
        return len(self.words)

    def has(self, at: int, pos: str, *features: str) -> bool:
        """Return whether word `at` can be `pos` with all `features`."""
        if 0 <= at < len(self.words):
            for reading in self.readings[at]:  # asked very often: a loop costs half of what any() does
                if reading.pos == pos and (not features or reading.features.issuperset(features)):
                    return True
        return False

    def only(self, at: int, *parts: str) -> bool:
        """Return whether word `at` can be nothing but one of `parts`."""
        return 0 <= at < len(self) and all(r.pos in parts for r in self.readings[at])

    def word(self, at: int) -> str:
        """Return the folded word, empty outside the sentence."""
        return self.folded[at] if 0 <= at < len(self) else ""

    def lemma(self, at: int, pos: str) -> str:
        """Return the lemma of the first reading with `pos`, empty if none."""
        return next((r.lemma for r in self.readings[at] if r.pos == pos), "") if 0 <= at < len(self) else ""

    def keep(self, at: int, test: Callable[[Reading], bool]) -> None:
        """Leave the readings that pass `test`, if there are any."""
        left = tuple(r for r in self.readings[at] if test(r))
        if left:
            self.readings[at] = left

    def is_name(self, at: int) -> bool:
        """Return whether word `at` is written like a name."""
        if not (0 <= at < len(self) and self.words[at][:1].isupper()):
            return False
        acronym = self.words[at].isupper() and len(self.words[at]) > 1
        return at > 0 or acronym or self.only(at, "PROPN", "NOUN", "ADJ")

    def before(self, at: int) -> int:
        """Return the place of the last word before `at` that is no adverb or negation."""
        at -= 1
        while at >= 0 and (
            self.word(at) in ("not", "n't")
            or self.only(at, "ADV")
            or (self.has(at, "ADV") and self.word(at).endswith("ly"))
        ):
            at -= 1
        return at

    def starts_object(self, at: int) -> bool:
        """Return whether a noun phrase that is no time begins at `at`."""
        if self.word(at) in TIME_STARTS or self.word(at) in ("as", "in", "on"):
            return False
        return (
            self.has(at, "DET")
            or self.is_name(at)
            or self.possessive_pronoun(at)
            or self.has(at, "PRON", "Case=Acc")
            or self.only(at, "ADJ", "NOUN", "NUM", "PROPN")
            or self.noun_like(at)
        )

    def possessive_pronoun(self, at: int) -> bool:
        """Return whether word `at` is his, her, its, their, our..."""
        return (
            any(any(f.startswith("Poss=") for f in r.features) for r in self.readings[at])
            if 0 <= at < len(self)
            else False
        )

    def noun_like(self, at: int) -> bool:
        """Return whether word `at` is a plain noun that no verb form competes with."""
        return self.has(at, "NOUN") and not self.has(at, "VERB")

    def finite(self, at: int) -> bool:
        """Return whether word `at` can only be a finite verb (an auxiliary counts)."""
        return all("VerbForm=Fin" in r.features for r in self.readings[at]) if 0 <= at < len(self) else False


def refine(words: Sequence[str], folded: Sequence[str], readings: Sequence[Readings]) -> tuple[Readings, ...]:
    """Return the readings that the context leaves, one tuple a word, never empty."""
    line = Line(words, folded, readings)
    for at in range(len(line)):
        for rule in RULES:
            rule(line, at)
    for at in range(len(line)):
        _reduced_relative(line, at)
    return tuple(
        () if found is PUNCTUATION and mark else found for found, mark in zip(line.readings, line.marks, strict=True)
    )


# ---- rules, in order


def _quote_mark(line: Line, at: int) -> None:
    """A lone apostrophe is possessive only right after a word in -s, -x or -z and not before a break."""
    if line.folded[at] != "'":
        return
    follows = at + 1 < len(line) and (line.starts_object(at + 1) or line.has(at + 1, "NOUN") or line.has(at + 1, "ADJ"))
    opened = line.folded[:at].count("'") % 2 == 1
    possessive = line.word(at - 1).endswith(("s", "x", "z")) and follows and not opened
    line.readings[at] = POSSESSIVE if possessive else PUNCTUATION


def _contracted_s(line: Line, at: int) -> None:
    """'s after a pronoun is a verb, elsewhere possessive."""
    if line.folded[at] != "'s":
        return
    verb = line.word(at - 1) in ("it", "he", "she", "that", "there", "what", "who", "here", "where", "how")
    line.keep(at, lambda r: (r.pos == "AUX") == verb)
    if verb:
        after = next((place for place in range(at + 1, len(line)) if not line.only(place, "ADV", "PART")), len(line))
        perfect = line.word(after) in ("been", "had", "got")
        line.keep(at, lambda r: (r.lemma == "have") == perfect)


def _capital(line: Line, at: int) -> None:
    """A capitalised word inside a sentence is no verb, unless the whole line is in title case."""
    if line.folded[at] in ("ok", "oks"):
        return
    if (
        at > 0
        and line.words[at][:1].isupper()
        and not line.title_case
        and line.word(at - 1) not in ('"', "“", "'", ":", "—", "-")
    ):
        if line.words[at].isupper() and len(line.words[at]) <= 3 and line.has(at, "VERB"):
            return
        line.keep(at, lambda r: r.pos not in ("VERB", "AUX"))


def _demonstrative(line: Line, at: int) -> None:
    """ "That" after a preposition is a determiner or a pronoun, between a verb and a clause a conjunction."""
    if line.folded[at] != "that":
        return
    if (
        line.only(at - 1, "ADP")
        or line.word(at - 1) in ("to", "at", "in", "on", "by", "for", "of", "from", "with", "after", "before", "since")
        or line.word(at + 1) in ("day", "evening", "night", "morning", "afternoon", "month", "year", "week", "time")
    ):
        line.keep(at, lambda r: r.pos == "DET")


def _adjective_noun(line: Line, at: int) -> None:
    """ "Military" is an adjective before a noun, else a noun."""
    if line.folded[at] == "military":
        before_noun = (line.has(at + 1, "NOUN") and not line.finite(at + 1)) or line.only(at + 1, "ADJ")
        line.keep(at, lambda r: (r.pos == "ADJ") == before_noun)


def _modal_noun(line: Line, at: int) -> None:
    """Will and might are nouns only after a determiner or possessive; "have" is an auxiliary before a participle."""
    if line.folded[at] in ("will", "might"):
        noun = (
            line.only(at - 1, "DET", "ADJ") or line.possessive_pronoun(at - 1) or line.has(at - 1, "PART", "Case=Gen")
        )
        line.keep(at, lambda r: (r.pos == "NOUN") == noun)
    elif line.lemma(at, "AUX") == "have" and line.has(at, "VERB"):
        after = at + 1
        while line.only(after, "ADV", "PART") or line.word(after).endswith("ly"):
            after += 1
        if line.has(after, "VERB", "VerbForm=Part") or line.word(after) == "been":
            line.keep(at, lambda r: r.pos == "AUX")


def _compound_noun(line: Line, at: int) -> None:
    """What is banned or frozen and the word for it are both nouns: "travel bans", "an asset freeze"."""
    if line.word(at - 1) not in _class("restricted") or line.lemma(at, "NOUN") not in _class("restrictions"):
        return
    if line.word(at - 1) == line.word(at) or line.word(at - 2) in ("to", "will", "not"):
        return
    for place in (at - 1, at):
        line.keep(place, lambda r: r.pos == "NOUN")


def _infinitive(line: Line, at: int) -> None:
    """After "to" and auxiliaries a base form is an infinitive; so is it after "help", "let", "make"."""
    if not line.has(at, "VERB", "VerbForm=Inf") and not line.has(at, "AUX", "VerbForm=Inf"):
        return
    last = line.before(at)
    word = line.word(last)
    base_noun = line.lemma(at, "NOUN") in _class("nouns") - _class("both") and line.has(at, "NOUN")
    if word == "to":
        if not base_noun or (line.starts_object(at + 1) and line.has(at + 1, "DET")):
            line.keep(at, lambda r: "VerbForm=Inf" in r.features)
            line.keep(last, lambda r: r.pos == "PART")
        return
    modal = _is_modal(line, last) or line.lemma(last, "AUX") == "do"
    inverted = _inverted_auxiliary(line, last)
    if ((modal or inverted) and not (base_noun and inverted)) or (
        line.lemma(last, "VERB") in ("help", "let", "make") and not line.has(at, "NOUN")
    ):
        line.keep(at, lambda r: "VerbForm=Inf" in r.features)


def _is_modal(line: Line, at: int) -> bool:
    return line.lemma(at, "AUX") in ("will", "would", "can", "could", "shall", "should", "may", "might", "must")


def _inverted_auxiliary(line: Line, at: int) -> bool:
    """Return whether a modal or "do" stands before the noun phrase that ends at `at` ("nor did Pakistan sign")."""
    steps = 0
    while (
        at >= 0
        and steps < 6
        and (
            line.is_name(at)
            or line.only(at, "NOUN", "ADJ", "DET", "PROPN", "PRON")
            or line.has(at, "PRON", "Case=Nom")
            or line.word(at) in ("and", "'s", "it", "the")
        )
    ):
        at -= 1
        steps += 1
    return (
        steps > 0
        and (_is_modal(line, at) or line.lemma(at, "AUX") == "do")
        and (at == 0 or line.word(at - 1) in BREAKS | {"nor", "neither", "so", "only", "not", "why", "how"})
    )


def _noun_place(line: Line, at: int) -> None:
    """After determiners, possessives, adjectives, numbers and prepositions a noun is a noun."""
    if not (line.has(at, "NOUN") and line.has(at, "VERB")):
        return
    last = at - 1
    word = line.word(last)
    if word == "to":
        if line.has(at, "VERB", "Tense=Pres", "Number=Sing"):
            line.keep(at, lambda r: r.pos != "VERB")
        return
    opens = (
        (
            line.has(last, "DET")
            and word not in ("that", "all", "both", "what", "which")
            and not (line.has(last, "PRON") and word in RELATIVE)
        )
        or (line.possessive_pronoun(last) and word != "her")
        or line.has(last, "PART", "Case=Gen")
        or (line.only(last, "ADP") and not line.has(at, "VERB", "VerbForm=Ger"))
        or word in _class("before_nouns")
        or line.only(last, "NUM")
        or (line.only(last, "ADJ") and not line.is_name(last))
    )
    if opens:
        line.keep(at, lambda r: r.pos not in ("VERB", "AUX"))


def _ing_place(line: Line, at: int) -> None:
    """An -ing form after "be" is a participle, after a preposition before an object a gerund."""
    if not line.has(at, "VERB", "VerbForm=Ger"):
        return
    last = line.before(at)
    if line.lemma(last, "AUX") == "be":
        line.keep(at, lambda r: r.pos in ("VERB", "AUX") and "VerbForm=Part" in r.features)
        return
    if line.folded[at] not in _class("ing_nouns") and line.has(at, "NOUN"):
        line.keep(at, lambda r: r.pos != "NOUN")
    takes = line.starts_object(at + 1) or line.word(at + 1) in ("it", "them", "him", "her", "each")
    if (line.has(last, "ADP") or line.has(last, "SCONJ") or line.word(last) in BREAKS) and takes:
        line.keep(at, lambda r: "VerbForm=Ger" in r.features)
    elif line.has(last, "DET") and line.word(at + 1) == "of":
        line.keep(at, lambda r: r.pos == "NOUN" or "VerbForm=Ger" in r.features)


def _past_or_participle(line: Line, at: int) -> None:
    """An -ed form after "have" or "be" is a participle, after a subject pronoun a past tense."""
    if not (line.has(at, "VERB", "VerbForm=Fin", "Tense=Past") and line.has(at, "VERB", "VerbForm=Part")):
        _lone_participle(line, at)
        return
    last = _auxiliary_before(line, at)
    lemma = line.lemma(last, "AUX")
    if lemma == "have":
        line.keep(at, lambda r: r.pos == "VERB" and "VerbForm=Part" in r.features)
        line.readings[at] = tuple(Reading(r.lemma, r.pos, r.features - {"Voice=Pass"}) for r in line.readings[at])
    elif lemma == "be" or line.lemma(last, "VERB") == "get":
        line.keep(at, lambda r: r.pos == "VERB" and "VerbForm=Part" in r.features)
    elif line.word(last) in NOMINATIVE or (line.word(last) in RELATIVE and not line.has(at + 1, "ADP")):
        line.keep(at, lambda r: "VerbForm=Fin" in r.features)
    elif _attributive(line, at):
        line.readings[at] = (Reading(line.folded[at], "ADJ"),)
    elif _by_agent(line, at) and (not line.has(last, "CCONJ") or _participle_before(line, last)):
        line.keep(at, lambda r: "VerbForm=Part" in r.features)


def _lone_participle(line: Line, at: int) -> None:
    """A participle after "have" is no passive ("has withdrawn")."""
    if not line.has(at, "VERB", "VerbForm=Part", "Voice=Pass"):
        return
    last = line.before(at)
    governed = line.only(last, "VERB") and (line.has(at + 1, "NOUN") or line.is_name(at + 1))
    if line.lemma(_auxiliary_before(line, at), "AUX") not in ("be", "have") and (governed or _attributive(line, at)):
        line.readings[at] = (Reading(line.folded[at], "ADJ"),)
    if line.lemma(_auxiliary_before(line, at), "AUX") == "have":
        line.readings[at] = tuple(
            Reading(r.lemma, r.pos, r.features - {"Voice=Pass"}) for r in line.readings[at] if r.pos == "VERB"
        )


def _auxiliary_before(line: Line, at: int) -> int:
    """Return the place of the word that governs a participle: also in "was signed and sealed"."""
    last = line.before(at)
    if (
        line.word(last) in ("and", "or", ",")
        and line.has(line.before(last), "VERB", "VerbForm=Part")
        and line.only(line.before(last), "VERB")
    ):
        earlier = line.before(line.before(last))
        if line.lemma(earlier, "AUX") in ("be", "have") and not line.starts_object(at + 1):
            return earlier
    if (
        (line.has(last, "PRON", "Case=Nom") or line.is_name(last))
        and line.lemma(line.before(last), "AUX") == "have"
        and line.before(line.before(last)) < 0
    ):
        return line.before(last)  # "Had Russia signed ..."
    return last


def _attributive(line: Line, at: int) -> bool:
    """Return whether the participle stands between a determiner and its noun ("the signed text")."""
    last = line.before(at)
    opens = (
        line.has(last, "DET")
        or line.possessive_pronoun(last)
        or line.has(last, "PART", "Case=Gen")
        or line.only(last, "ADP")
    )
    return (
        opens
        and line.word(last) not in RELATIVE
        and (line.has(at + 1, "NOUN") or line.only(at + 1, "ADJ") or line.is_name(at + 1))
    )


def _participle_before(line: Line, at: int) -> bool:
    """Return whether the verb that is coordinated at `at` is a participle ("brokered by Qatar and hosted by")."""
    for place in range(at - 1, max(-1, at - 8), -1):
        if line.has(place, "VERB"):
            return line.has(place, "VERB", "VerbForm=Part")
    return False


def _by_agent(line: Line, at: int) -> bool:
    """Return whether "by" and a noun phrase follow, at most a time or place away ("signed on Wednesday by")."""
    for place in range(at + 1, min(at + 9, len(line))):
        if line.word(place) == "by":
            return (
                line.starts_object(place + 1)
                and not line.words[place + 1][:1].isdigit()
                and line.word(place + 1) not in ("the", "monday")
            ) or (line.word(place + 1) == "the" and line.word(place + 2) not in ("end", "time", "summer", "year"))
        if line.finite(place) or line.word(place) in BREAKS or (place == at + 1 and line.starts_object(place)):
            return False
    return False


def _present(line: Line, at: int) -> None:
    """A noun or present tense is a verb where a subject stands before and an object or "to" after it."""
    if not (line.has(at, "NOUN") and line.has(at, "VERB", "VerbForm=Fin", "Tense=Pres")):
        return
    last = line.before(at)
    word = line.word(last)
    if word in NOMINATIVE or (word in RELATIVE and last > 0) or word == "it":
        line.keep(at, lambda r: r.pos != "NOUN")
        return
    if _relative_subject(line, last) and line.has(at, "VERB", "Number=Sing") and line.word(at + 1) in ("as", "to"):
        line.keep(at, lambda r: r.pos != "NOUN")  # "which the EU lists as ..."
        return
    subject = line.is_name(last) or line.noun_like(last) or word in (")", ",")
    if not subject or line.word(at + 1) == "of":
        line.keep(at, lambda r: r.pos != "VERB")
        return
    singular = line.has(at, "VERB", "Number=Sing")
    after = (
        line.has(at + 1, "DET") or line.word(at + 1) == "to" or line.possessive_pronoun(at + 1) or line.is_name(at + 1)
    )
    loose = line.noun_like(at + 1) or line.only(at + 1, "ADJ") or line.has(at + 1, "NOUN") or line.has(at + 1, "ADJ")
    lonely = not _other_finite(line, at)
    plural_subject = line.has(last, "NOUN", "Number=Plur") or _coordinated(line, last)
    fits = singular or plural_subject or line.has(at, "VERB", "VerbForm=Fin", "Tense=Past")
    if fits and ((after and (lonely or _clausal_before(line, at))) or (loose and lonely)):
        line.keep(at, lambda r: r.pos != "NOUN" and "VerbForm=Inf" not in r.features)
    elif not (lonely and fits):
        line.keep(at, lambda r: r.pos != "VERB")


def _relative_subject(line: Line, at: int) -> bool:
    """Return whether the name that ends at `at` is the first of a clause that "which" or "whom" opens."""
    while at >= 0 and (line.is_name(at) or line.has(at, "DET")) and line.word(at) not in ("which", "whom", "that"):
        at -= 1
    return line.word(at) in ("which", "whom", "that")


def _coordinated(line: Line, at: int) -> bool:
    """Return whether the name that ends at `at` is the last of a list."""
    return any(line.word(place) in ("and", ",", "&") for place in range(max(0, at - 3), at))


def _clausal_before(line: Line, at: int) -> bool:
    """Return whether a verb that takes a clause stands before in the sentence ("said", "hopes")."""
    return any(line.lemma(place, "VERB") in _class("clausal") for place in range(at))


def _other_finite(line: Line, at: int) -> bool:
    """Return whether the clause around `at` has another word that can only be finite, or a past tense."""
    left = at - 1
    while left >= 0 and line.word(left) not in BREAKS - {"and", ","}:
        if line.finite(left) or (
            line.has(left, "VERB", "VerbForm=Fin", "Tense=Past")
            and not line.has(left, "NOUN")
            and not line.only(left, "ADJ")
        ):
            return line.lemma(left, "VERB") not in _class("clausal")
        left -= 1
    right = at + 1
    while right < len(line) and line.word(right) not in BREAKS - {"and"}:
        if line.word(right) == "and" and line.has(right + 1, "VERB") and not line.has(right + 1, "NOUN"):
            return False  # "cut ties and recognised ...": a second predicate of the same subject
        if line.finite(right) or line.has(right, "VERB", "VerbForm=Fin", "Tense=Past"):
            return True
        right += 1
    return False


def _reduced_relative(line: Line, at: int) -> None:
    """An -ed form is a participle when its clause has a finite verb ("the pact signed in Moscow gives ...")."""
    if not (line.has(at, "VERB", "VerbForm=Fin", "Tense=Past") and line.has(at, "VERB", "VerbForm=Part")):
        return
    clausal = line.lemma(at, "VERB") in _class("clausal")
    after = at + 2 if line.word(at + 1) in ("over", "up", "out", "off", "back", "down") else at + 1
    taken = _finite_before(line, at) or (_finite_after(line, at) and not clausal and not line.starts_object(after))
    comma = (
        line.word(at - 1) == ","
        and not line.starts_object(at + 1)
        and not _conjoined(line, at)
        and _main_verb_elsewhere(line, at)
    )
    comma = comma or _inserted_passive(line, at)
    if (taken or comma or _in_opening_phrase(line, at)) and not line.has(line.before(at), "CCONJ"):
        line.keep(at, lambda r: "VerbForm=Part" in r.features)
    else:
        line.keep(at, lambda r: "VerbForm=Fin" in r.features)


def _inserted_passive(line: Line, at: int) -> bool:
    """Return whether an -ed form between two commas has its agent there ("X, named a threat by Y, said ...")."""
    if line.word(at - 1) != "," or any(
        line.finite(p) or line.has(p, "VERB", "Tense=Past") for p in range(at - 1) if not line.has(p, "NOUN")
    ):
        return False
    agent = next((p for p in range(at + 1, min(at + 12, len(line))) if line.word(p) == "by"), 0)
    closes = [p for p in range(agent + 1, min(agent + 16, len(line))) if agent and line.word(p) == ","]
    return any(
        line.has(p + 1, "VERB", "VerbForm=Fin") or line.has(p + 1, "AUX", "VerbForm=Fin")
        for p in closes
        if not line.has(p + 1, "NOUN")
    )


def _in_opening_phrase(line: Line, at: int) -> bool:
    """Return whether the noun before an -ed form hangs on a preposition that opens the clause ("In talks held ...")."""
    if line.is_name(at - 1) or line.starts_object(at + 1):
        return False
    place = at - 1
    while (
        place >= 0
        and line.word(place) not in RELATIVE
        and line.only(place, "NOUN", "ADJ", "DET", "NUM", "PROPN", "PRON")
        and not line.has(place, "ADP")
    ):
        place -= 1
    opens = place == 0 or line.word(place - 1) in (",", '"', ";")
    return place < at - 1 and line.has(place, "ADP") and opens


def _main_verb_elsewhere(line: Line, at: int) -> bool:
    """Return whether the sentence has a finite verb besides the one at `at` that no relative pronoun opens."""
    return any(
        place != at
        and (
            line.finite(place)
            or (line.has(place, "VERB", "VerbForm=Fin", "Tense=Past") and not line.has(place, "NOUN"))
        )
        and line.word(line.before(place)) not in RELATIVE
        for place in range(len(line))
    )


def _conjoined(line: Line, at: int) -> bool:
    return any(line.word(place) in ("and", "but") for place in range(at, min(at + 8, len(line))))


def _finite_before(line: Line, at: int) -> bool:
    """Return whether a finite verb that takes no clause governs up to `at` without a break."""
    left = at - 1
    while left >= 0 and line.word(left) not in BREAKS:
        if (
            line.has(left, "VERB", "VerbForm=Fin")
            or line.has(left, "AUX", "VerbForm=Fin")
            or line.has(left, "VERB", "VerbForm=Inf")
        ):
            if line.has(left, "NOUN") and line.has(left, "VERB"):
                left -= 1
                continue
            if line.has(left, "AUX"):
                return True
            return line.lemma(left, "VERB") not in _class("clausal") and left < at - 1
        left -= 1
    return False


def _finite_after(line: Line, at: int) -> bool:
    """Return whether a finite verb follows before the next break."""
    right = at + 1
    while right < len(line) and line.word(right) not in BREAKS:
        past = line.has(right, "VERB", "VerbForm=Fin", "Tense=Past") and not line.has(right, "NOUN")
        attribute = line.only(right - 1, "NUM", "ADJ", "DET") and line.has(right + 1, "NOUN")
        if line.finite(right) or (past and not attribute):
            return True
        right += 1
    return False


RULES: tuple[Callable[[Line, int], None], ...] = (
    _quote_mark,
    _contracted_s,
    _capital,
    _demonstrative,
    _adjective_noun,
    _modal_noun,
    _compound_noun,
    _infinitive,
    _noun_place,
    _ing_place,
    _past_or_participle,
    _present,
)
