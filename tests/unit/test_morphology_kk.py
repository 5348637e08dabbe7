"""Kazakh words read by their endings, from word lists; each list shows one kind of ending."""

from __future__ import annotations

import pytest

from kg.language.kk.morphology import analyse, fold, nominative, refine, tokenise


def readings(word: str) -> set[tuple[str, frozenset[str]]]:
    return {(r.lemma, r.features) for r in analyse(word)}


def has(word: str, lemma: str, *features: str) -> bool:
    return any(r.lemma == lemma and set(features) <= r.features for r in analyse(word))


@pytest.mark.parametrize(
    ("word", "lemma", "features"),
    [
        ("министрлігінің", "министрлік", ["Poss=3", "Case=Gen"]),
        ("елшісі", "елші", ["Poss=3", "Case=Nom"]),
        ("келісімге", "келісім", ["Case=Dat"]),
        ("келісімнен", "келісім", ["Case=Abl"]),
        ("мемлекеттердің", "мемлекет", ["Number=Plur", "Case=Gen"]),
        ("үкіметін", "үкімет", ["Poss=3", "Case=Acc"]),
        ("тізімінен", "тізім", ["Poss=3", "Case=Abl"]),
        ("банкінің", "банк", ["Poss=3", "Case=Gen"]),
        ("банкке", "банк", ["Case=Dat"]),
        ("сапармен", "сапар", ["Case=Ins"]),
        ("өкілдерін", "өкіл", ["Number=Plur", "Poss=3", "Case=Acc"]),
        ("еліміз", "ел", ["Poss=1"]),
        ("келіссөздер", "келіссөз", ["Number=Plur"]),
        ("мәжілісінде", "мәжіліс", ["Poss=3", "Case=Loc"]),
    ],
)
def test_nouns_take_number_possession_and_case(word: str, lemma: str, features: list[str]) -> None:
    """A noun is cut to its nominative singular, its endings become features."""
    assert has(word, lemma, *features)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [("халқының", "халық"), ("тарабы", "тарап"), ("одағына", "одақ"), ("аузында", "ауыз"), ("орнына", "орын")],
)
def test_stems_get_back_the_letter_that_the_ending_changed(word: str, lemma: str) -> None:
    """Voiced finals and dropped vowels are restored."""
    assert has(word, lemma)


@pytest.mark.parametrize(
    ("word", "lemma", "features"),
    [
        ("таныды", "таны", ["VerbForm=Fin", "Tense=Past"]),
        ("танымады", "таны", ["VerbForm=Fin", "Tense=Past", "Polarity=Neg"]),
        ("мойындаған", "мойында", ["VerbForm=Part", "Tense=Past"]),
        ("мойындаған", "мойында", ["VerbForm=Fin", "Tense=Past"]),
        ("қатысатынын", "қатыс", ["VerbForm=Part", "Tense=Fut", "Case=Acc"]),
        ("қатыспайтынын", "қатыс", ["Tense=Fut", "Polarity=Neg"]),
        ("бергенін", "бер", ["Tense=Past", "Poss=3", "Case=Acc"]),
        ("бергендігін", "бер", ["Tense=Past", "Poss=3", "Case=Acc"]),
        ("шықпақ", "шық", ["VerbForm=Fin", "Tense=Fut"]),
        ("кірмекші", "кір", ["Tense=Fut"]),
        ("қояды", "қой", ["VerbForm=Fin", "Tense=Fut"]),
        ("сақтайды", "сақта", ["VerbForm=Fin", "Tense=Pres"]),
        ("танымайды", "таны", ["Tense=Pres", "Polarity=Neg"]),
        ("барып", "бар", ["VerbForm=Conv"]),
        ("жоспарлап", "жоспарла", ["VerbForm=Conv"]),
        ("таныса", "таны", ["Mood=Cnd"]),
        ("тануы", "таны", ["VerbForm=Vnoun", "Poss=3"]),
        ("танудан", "таны", ["VerbForm=Vnoun", "Case=Abl"]),
        ("қоюға", "қой", ["VerbForm=Vnoun", "Case=Dat"]),
        ("денонсациялады", "денонсацияла", ["VerbForm=Fin", "Tense=Past"]),
    ],
)
def test_verbs_take_negation_tense_and_nominal_forms(word: str, lemma: str, features: list[str]) -> None:
    """A verb is cut to its stem."""
    assert has(word, lemma, *features)


@pytest.mark.parametrize(
    ("word", "lemma"),
    [
        ("танылды", "таны"),
        ("қойылды", "қой"),
        ("мақұлданған", "мақұлда"),
        ("енгізілді", "енгіз"),
        ("шығарылғаннан", "шығар"),
        ("қабылданды", "қабылда"),
        ("тағайындалды", "тағайында"),
        ("ратификацияланды", "ратификацияла"),
    ],
)
def test_the_passive_keeps_the_lemma_of_the_active(word: str, lemma: str) -> None:
    """Voice is a feature, not another verb."""
    assert has(word, lemma, "Voice=Pass")


def test_the_causative_is_a_verb_of_its_own() -> None:
    """To station is not to be stationed."""
    assert has("орналастырды", "орналастыр")
    assert not has("орналастырды", "орналас")


@pytest.mark.parametrize(
    ("word", "lemma", "case"),
    [
        ("НАТО-ға", "нато", "Dat"),
        ("ШЫҰ-ға", "шыұ", "Dat"),
        ("АҚШ-тың", "ақш", "Gen"),
        ("АҚШтың", "ақш", "Gen"),
        ("ҚР-мен", "қр", "Ins"),
        ("ЕО-дан", "ео", "Abl"),
        ("2025-те", "2025", "Loc"),
    ],
)
def test_abbreviations_and_numbers_take_endings_after_a_hyphen(word: str, lemma: str, case: str) -> None:
    """What precedes the hyphen is the name, whatever its last letter."""
    assert {(r.lemma, f"Case={case}" in r.features) for r in analyse(word)} == {(lemma, True)}


@pytest.mark.parametrize("name", ["Ауғанстан", "Қазақстан", "Канада", "Украина", "Астана", "Байден", "Фидан", "Армен"])
def test_names_that_look_inflected_are_whole(name: str) -> None:
    """A known name, and a short one, is not cut."""
    assert [(r.lemma, sorted(f for f in r.features if not f.startswith("Name="))) for r in analyse(name)] == [
        (name.lower(), ["Case=Nom"])
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Сергей Лавровтың", "Сергей Лавров"),
        ("Әли Лариджанимен", "Әли Лариджани"),
        ("Дональд Трампқа", "Дональд Трамп"),
        ("Джо Байденнің", "Джо Байден"),
        ("Джо Байден", "Джо Байден"),
        ("Рамазон Рахимзода", "Рамазон Рахимзода"),
        ("Ермек Көшербаевты", "Ермек Көшербаев"),
        ("Владимир Путин", "Владимир Путин"),
        ("Нұрлан Ермекбаевтан", "Нұрлан Ермекбаев"),
    ],
)
def test_names_of_persons_are_put_into_the_nominative(written: str, name: str) -> None:
    """Only the last word is inflected, and only a sure ending is cut."""
    assert " ".join(nominative(tuple(written.split()), "person")) == name


def test_states_joined_by_a_hyphen_are_tokens_of_their_own() -> None:
    """A double given name, a city or an abbreviation with an ending stays one word."""
    text = "АҚШ-Қытай келіссөзі, Қасым-Жомарт Нью-Йоркте, НАТО-ға, экс-президент"
    words = [text[a:b] for a, b in tokenise(text)]
    assert words == [
        "АҚШ",
        "-",
        "Қытай",
        "келіссөзі",
        ",",
        "Қасым-Жомарт",
        "Нью-Йоркте",
        ",",
        "НАТО-ға",
        ",",
        "экс",
        "президент",
    ]


def test_fold_unifies_letters_and_marks() -> None:
    """Latin look-alikes inside a Cyrillic word, yo and hyphens."""
    assert fold("Семён") == "семен"
    assert fold("терроризм" + "i") == "терроризмі"
    assert fold("Quartz") == "quartz"


def test_a_participle_before_a_noun_is_no_predicate() -> None:
    """Context decides between the two readings of -ған."""
    words = ("таныған", "ел", "таныған", ".")
    first, _, second, _ = refine(words, (*(analyse(w) for w in words[:3]), ()))
    assert all("VerbForm=Part" in r.features for r in first if r.pos == "VERB")
    assert all("VerbForm=Fin" in r.features for r in second if r.pos == "VERB")


def test_a_bare_name_before_a_possessed_noun_is_its_possessor() -> None:
    """ "Ресей президенті" has no nominative subject in "Ресей"."""
    words = ("Ресей", "президенті", "келді")
    first = refine(words, tuple(analyse(w) for w in words))[0]
    assert {f for r in first for f in r.features} == {"Case=Gen"}


def test_first_persons_tell_one_from_several() -> None:
    """ "We" is told from "I" by the ending, also after a participle."""
    several = {"қойдық", "мойындамаймыз", "қойғанбыз", "жіберетінбіз"}
    for word in several:
        assert any({"Person=1", "Number=Plur"} <= r.features for r in analyse(word) if r.pos == "VERB"), word
    for word in ("қойдым", "жіберемін"):
        assert not any("Number=Plur" in r.features for r in analyse(word)), word


def test_an_unknown_noun_in_the_genitive_is_no_nominative() -> None:
    """What ends in a possessive and a case is no word of its own."""
    assert {f for r in analyse("ассоциациясының") for f in r.features if f.startswith("Case=")} == {"Case=Gen"}
