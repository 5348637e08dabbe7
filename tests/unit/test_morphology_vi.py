"""Vietnamese morphology: word lists in, tokens, folded forms and coarse parts of speech out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg.language.vi as pack_folder
from kg.language.vi.morphology import analyse, called, fold, nominative, refine, tokenise

FOLDER = Path(next(iter(pack_folder.__path__)))


def words(text: str) -> list[str]:
    """Return the tokens of `text` as written."""
    return [text[start:end] for start, end in tokenise(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"), ("Hoá", "hóa"), ("thủy", "thuỷ"), ("THỤY", "thuỵ"), ("khoẻ", "khỏe"),
        ("toà", "tòa"), ("ký", "kí"),
        ("Mỹ", "Mĩ"), ("tỷ", "tỉ"), ("quý", "quí"), ("Sỹ", "Sĩ"), ("hợp tác", "hợp_tác"),
        ("Ðức", "Đức"), ("ho\u00e0", "ho\u0061\u0300"),
        ("Al\u2010Sharaa", "al-sharaa"), ("N\u2019Djamena", "N'Djamena"), ("thư ký", "thư_kí"),
        ("Vê-nê-xu-ê-la", "Vênêxuêla"), ("A\u2011rập", "Arập"),
    ],
)  # fmt: skip
def test_two_spellings_of_a_word_fold_alike(one: str, other: str) -> None:
    """Old and new tone placement, i and y, case, composition, hyphens and apostrophes do not tell words apart."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("hoàn", "hòan"), ("ma", "má"), ("tuy", "tui"), ("nga", "ngã"), ("bán", "bàn"), ("lý", "lỵ")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Tones tell words apart; closed syllables have one spelling."""
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nga công nhận Taliban.", ["Nga", "công nhận", "Taliban", "."]),
        ("Tổng thư ký NATO", ["Tổng", "thư ký", "NATO"]),
        ("ký hiệp định thương mại tự do", ["ký", "hiệp", "định", "thương", "mại", "tự do"]),
        ("đang chuẩn bị thăm", ["đang", "chuẩn bị", "thăm"]),
        ("Không quân Nga", ["Không quân", "Nga"]),
        ("Nga không ký", ["Nga", "không", "ký"]),
        ("Nga-Trung Quốc", ["Nga", "-", "Trung", "Quốc"]),
        ("Việt Nam-Ấn Độ", ["Việt", "Nam", "-", "Ấn", "Độ"]),
        ("Kim Jong-un", ["Kim", "Jong-un"]),
        ("Gorno-Badakhshan", ["Gorno-Badakhshan"]),
        ("hôm 3/7", ["hôm", "3", "/", "7"]),
        ("ngày 9/11/2024", ["ngày", "9", "/", "11", "/", "2024"]),
        ("12-11-2016", ["12", "-", "11", "-", "2016"]),
        ("1.000 công binh", ["1.000", "công", "binh"]),
        ("7,4 tỷ", ["7,4", "tỷ"]),
        ("tên lửa S-400", ["tên", "lửa", "S-400"]),
        ("thứ Hai tới", ["thứ Hai", "tới"]),
        ("chuẩn\nbị", ["chuẩn\nbị"]),
        ("Nga chuẩn.\n\nBị can", ["Nga", "chuẩn", ".", "Bị can"]),
    ],
)
def test_text_falls_into_tokens(text: str, expected: list[str]) -> None:
    """Syllables, fixed compounds, foreign words, numbers and marks; a hyphen between states stands alone."""
    assert words(text) == expected


def test_spans_slice_back_to_decomposed_text() -> None:
    """Offsets point into the text as read, also where letters are decomposed."""
    text = "ky\u0301 luật"
    assert words(text) == ["ky\u0301", "luật"]


@pytest.mark.parametrize(
    ("word", "pos"),
    [
        ("của", "ADP"), ("và", "CCONJ"), ("không", "PART"), ("sẽ", "AUX"), ("ba", "NUM"),
        ("ông", "PRON"), ("ký", "VERB"),
        ("Moscow", "PROPN"), ("Cho", "ADP"), ("Cho", "PROPN"), ("2025", "NUM"), ("hiệp", "X"), ("Chính quyền", "X"),
    ],
)  # fmt: skip
def test_words_have_a_coarse_part_of_speech(word: str, pos: str) -> None:
    """Closed classes come from a list; capitalised words may be names; the rest is X."""
    assert pos in {reading.pos for reading in analyse(word)}


def test_lemmas_are_lower_case() -> None:
    """A lemma is the word in lower case, a compound joined by an underscore."""
    assert {r.lemma for r in analyse("Thư ký")} == {"thư_ký"}


def test_names_do_not_change() -> None:
    """A name stands in the sentence as it stands in a dictionary."""
    assert nominative(("Tập", "Cận", "Bình"), "person") == ("Tập", "Cận", "Bình")


def _strings(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in {"examples", "counterexamples", "compounds", "dash_names", "pos"}:
                yield from _strings(item, name)


@pytest.mark.parametrize("path", sorted(p for p in FOLDER.rglob("*.toml") if p.name != "morphology.toml"), ids=str)
def test_patterns_write_compounds_as_one_item(path: Path) -> None:
    """A pattern that leaves the syllables of a compound apart could never match."""
    wrong = []
    for pattern in _strings(tomllib.loads(path.read_text(encoding="utf-8"))):
        plain = re.sub(r"[?|=]|\[[^\]]*\]", " ; ", pattern)
        wrong += [pattern for word in words(plain) if re.search(r"\s", word)]
    assert not wrong


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Trương Hiểu Cương", ("Trương", "Cương")), ("Phạm Minh Chính", ("Phạm", "Chính")), ("Cho Tae-yul", ("Cho",)),
        ("Kaja Kallas", ("Kallas",)), ("José Manuel Barroso", ("Barroso",)), ("Sugiono", ()),
    ],
)  # fmt: skip
def test_persons_are_called_by_one_of_their_names(name: str, expected: tuple[str, ...]) -> None:
    """The last word for Vietnamese and foreigners, the first for Chinese and Koreans."""
    assert called(tuple(name.split())) == expected


@pytest.mark.parametrize(
    ("text", "place", "noun"),
    [("tập trận chung giữa Nga và Belarus", 0, True), ("Nga tập trận giữa lúc căng thẳng", 1, False)],
)
def test_a_drill_between_two_is_a_noun(text: str, place: int, noun: bool) -> None:
    tokens = tuple(words(text))
    readings = refine(tokens, tuple(analyse(w) for w in tokens))
    assert ("NOUN" in {r.pos for r in readings[place]}) is noun
