"""The English morphology: tokens, folded forms, readings of words, and the choice among them by context."""

from __future__ import annotations

import pytest

from kg.language.en import morphology
from kg.model import Reading


def tokens(text: str) -> list[str]:
    """Return the written tokens of `text`."""
    return [text[a:b] for a, b in morphology.tokenise(text)]


def shapes(word: str) -> set[str]:
    """Return the readings of a word as "lemma POS VerbForm Tense"."""
    wanted = ("VerbForm=", "Tense=")
    return {
        " ".join([r.lemma, r.pos, *sorted(f for f in r.features if f.startswith(wanted))])
        for r in morphology.analyse(word)
    }


def chosen(text: str, word: str) -> tuple[Reading, ...]:
    """Return the readings that the context leaves to the first `word` of `text`."""
    words = tuple(tokens(text))
    refined = morphology.refine(words, tuple(morphology.analyse(w) for w in words))
    return refined[words.index(word)]


def is_finite(readings: tuple[Reading, ...]) -> bool:
    """Tell whether all readings are finite verbs."""
    return all("VerbForm=Fin" in r.features for r in readings)


def is_participle(readings: tuple[Reading, ...]) -> bool:
    """Tell whether all readings are participles or adjectives."""
    return all("VerbForm=Part" in r.features or r.pos == "ADJ" for r in readings)


def is_noun(readings: tuple[Reading, ...]) -> bool:
    """Tell whether no reading is a verb."""
    return all(r.pos not in {"VERB", "AUX"} for r in readings)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Moscow's pact", ["Moscow", "'s", "pact"]),
        ("Moscow\u2019s pact", ["Moscow", "\u2019s", "pact"]),
        ("the Houthis' list", ["the", "Houthis", "'", "list"]),
        ("didn't", ["did", "n't"]),
        ("won\u2019t", ["wo", "n\u2019t"]),
        ("they've", ["they", "'ve"]),
        ("the U.S. and U.K.", ["the", "U.S.", "and", "U.K."]),
        ("US-China talks", ["US", "-", "China", "talks"]),
        ("Sino-Russian", ["Sino", "-", "Russian"]),
        ("ex-president", ["ex", "-", "president"]),
        ("Guinea-Bissau", ["Guinea-Bissau"]),
        ("Jean-Yves", ["Jean-Yves"]),
        ("non-aligned", ["non-aligned"]),
        ("15,000 troops", ["15,000", "troops"]),
        ("7.4%", ["7.4", "%"]),
        ("Birlestik-2024", ["Birlestik-2024"]),
        ("a 27-member bloc", ["a", "27-member", "bloc"]),
        ("O'Brien", ["O'Brien"]),
        ("S. Jaishankar", ["S", ".", "Jaishankar"]),
    ],
)
def test_words_numbers_and_marks_come_apart(text: str, wanted: list[str]) -> None:
    """Possessives, contractions and compounds of states are split; names and numbers are not."""
    assert tokens(text) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("U.S.", "us"),
        ("St\u00f8re", "store"),
        ("Erdo\u011fan", "erdogan"),
        ("recognizes", "recognises"),
        ("Organization", "organisation"),
        ("defense", "defence"),
        ("size", "size"),
        ("seized", "seized"),
        ("co-operation", "cooperation"),
        ("Taliban", "taliban"),
    ],
)
def test_folding_unifies_case_marks_and_spelling(word: str, wanted: str) -> None:
    """American and British spellings, diacritics, points and case do not keep two forms apart."""
    assert morphology.fold(word) == wanted


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        ("recognised", "recognise VERB Tense=Past VerbForm=Fin"),
        ("recognized", "recognise VERB Tense=Past VerbForm=Part"),
        ("ratifies", "ratify VERB Tense=Pres VerbForm=Fin"),
        ("delisted", "delist VERB Tense=Past VerbForm=Fin"),
        ("planned", "plan VERB Tense=Past VerbForm=Part"),
        ("withdrew", "withdraw VERB Tense=Past VerbForm=Fin"),
        ("withdrawn", "withdraw VERB Tense=Past VerbForm=Part"),
        ("unfroze", "unfreeze VERB Tense=Past VerbForm=Fin"),
        ("held", "hold VERB Tense=Past VerbForm=Part"),
        ("met", "meet VERB Tense=Past VerbForm=Fin"),
        ("imposes", "impose VERB Tense=Pres VerbForm=Fin"),
        ("lying", "lie VERB VerbForm=Ger"),
        ("visit", "visit VERB VerbForm=Inf"),
        ("visit", "visit NOUN"),
        ("talks", "talk NOUN"),
        ("forces", "force NOUN"),
        ("memoranda", "memorandum NOUN"),
        ("spokesmen", "spokesman NOUN"),
        ("has", "have AUX Tense=Pres VerbForm=Fin"),
        ("n't", "not PART"),
        ("'s", "'s PART"),
        ("wo", "will AUX Tense=Fut VerbForm=Fin"),
        ("Sino", "chinese ADJ"),
        ("Moscow", "moscow PROPN"),
    ],
)
def test_a_form_has_a_reading(word: str, reading: str) -> None:
    """Lemma, part of speech and verb form are among the readings the form allows."""
    assert reading in shapes(word)


@pytest.mark.parametrize("word", ["May", "xyz", "\u2019", "4,000", "Zhzh", "a", "U.S."])
def test_every_word_has_a_reading(word: str) -> None:
    """No word is left without a reading."""
    assert morphology.analyse(word)


@pytest.mark.parametrize("word", ["states", "ministers", "troops", "parties", "treaties"])
def test_nouns_of_the_press_are_no_present_tense(word: str) -> None:
    """ "States" and "ministers" are never verbs in the third person."""
    assert not any("Tense=Pres" in shape for shape in shapes(word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Russia signs pact with Niger.", "signs"),
        ("Kazakhstan, UAE ink pact", "ink"),
        ("Poland plans to send tanks.", "plans"),
        ("Russian troops hold drills with Belarus.", "hold"),
        ("Lavrov said Russia recognised the Taliban.", "recognised"),
        ("The two presidents held talks and signed a declaration.", "signed"),
        ("Riyadh cut ties with Tehran in 2016.", "cut"),
        ("The UAE ambassador, Hamad Al Ketbi, left for Cairo.", "left"),
    ],
)
def test_context_finds_the_predicate(text: str, word: str) -> None:
    """What could be a noun or a participle is finite where it is the predicate."""
    assert is_finite(chosen(text, word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The pact signed in Moscow gives Russia a base.", "signed"),
        ("The leaders welcomed the agreement signed last week.", "signed"),
        ("The agreement, signed on Wednesday by the two ministers, was published.", "signed"),
        ("Troops from five states took part in the drills held in Peru.", "held"),
        ("He urged them to release frozen Afghan assets.", "frozen"),
        ("In a brief ceremony held in Lima, the envoy spoke.", "held"),
        ("The deal was brokered by Qatar and hosted by Oman.", "hosted"),
    ],
)
def test_context_finds_participles(text: str, word: str) -> None:
    """Reduced relatives, attributes and passives are no past tense."""
    assert is_participle(chosen(text, word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The visit comes after talks with the minister.", "visit"),
        ("The visit comes after talks with the minister.", "talks"),
        ("Turkey sends aid to Syria", "aid"),
        ("The US sanctions on Iran were lifted.", "sanctions"),
        ("Putin eyes visit to Hanoi", "visit"),
    ],
)
def test_context_finds_nouns(text: str, word: str) -> None:
    """After determiners, prepositions and verbs a noun stays a noun."""
    assert is_noun(chosen(text, word))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Putin to visit Beijing in May", "visit"),
        ("Nor did Pakistan sign it.", "sign"),
        ("Had Islamabad moved first, the dominoes might have fallen.", "have"),
    ],
)
def test_context_finds_infinitives(text: str, word: str) -> None:
    """After "to" and auxiliaries, inverted ones too, a base form is an infinitive."""
    assert all("VerbForm=Inf" in r.features for r in chosen(text, word))


def test_a_perfect_is_no_passive() -> None:
    """ "Has signed" loses the passive voice that "was signed" keeps."""
    assert not any("Voice=Pass" in r.features for r in chosen("Peru has signed the treaty.", "signed"))
    assert all("Voice=Pass" in r.features for r in chosen("The treaty was signed.", "signed"))


def test_may_is_a_month_after_in() -> None:
    """The month is no modal verb."""
    assert is_noun(chosen("In May, it was signed by Peru.", "May"))
    assert not is_noun(chosen("Peru may sign it.", "may"))


def test_names_stay_as_they_are() -> None:
    """English names have one form."""
    assert morphology.nominative(("Luong", "Cuong"), "person") == ("Luong", "Cuong")
