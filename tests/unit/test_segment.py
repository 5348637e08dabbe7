"""Blocks, furniture and sentences."""

from __future__ import annotations

import pytest

from kg.language.pack import Pack
from kg.segment import find_blocks, find_sentences
from kg.tokens import Tokeniser


def blocks(pack: Pack, text: str) -> list[tuple[str, str]]:
    """Return (kind, first words) of each block."""
    return [(b.kind, " ".join(b.span.slice(text).split()[:3])) for b in find_blocks(text, pack, Tokeniser(pack))]


def sentences(pack: Pack, text: str) -> list[str]:
    """Return the sentences of a text, each on one line."""
    tokeniser = Tokeniser(pack)
    found = find_sentences(text, find_blocks(text, pack, tokeniser), pack, tokeniser)
    return [" ".join(s.span.slice(text).split()) for s in found]


def test_a_title_a_date_line_and_a_paragraph_are_told_apart(packs: dict[str, Pack]) -> None:
    """A short line without a full stop is a title, a line of a date a date line, a sentence body text."""
    text = "Two states sign a pact\n\n12 March 2024, 10:15\n\nPeru and Chile signed a trade pact in Lima on Monday.\n"
    assert [kind for kind, _ in blocks(packs["en"], text)] == ["title", "dateline", "body"]


@pytest.mark.parametrize(
    ("language", "tail"),
    [
        ("en", "Read also\nTonga recognises Peru\nChile expels an envoy"),
        ("ru", "ЧИТАЙТЕ ТАКЖЕ\nПеру признало Тонга\nЧили выслала посла"),
        ("vi", "Tin liên quan |\nPeru công nhận Tonga |\n"),
        ("kk", "Тағы оқыңыз\nПеру Тонганы таныды\nЧили елшіні шығарды"),
    ],
)
def test_related_stories_are_set_aside_with_a_reason(packs: dict[str, Pack], language: str, tail: str) -> None:
    """What follows a related-stories mark is furniture, in every language, and says why."""
    body = {
        "en": "Peru and Chile signed a trade pact in Lima on Monday.",
        "ru": "Перу и Чили подписали торговое соглашение в Лиме в понедельник.",
        "vi": "Peru và Chile ký hiệp định thương mại tại Lima hôm thứ Hai.",
        "kk": "Перу мен Чили дүйсенбіде Лимада сауда келісіміне қол қойды.",
    }[language]
    text = f"{body}\n\n{tail}\n"
    found = find_blocks(text, packs[language], Tokeniser(packs[language]))
    assert found[0].kind == "body"
    assert {b.kind for b in found[1:]} == {"furniture"}
    assert all(b.reason for b in found[1:])


def test_hard_wrapped_lines_make_one_paragraph(packs: dict[str, Pack]) -> None:
    """Lines broken at a fixed width are put together, also over a page head in between."""
    text = (
        "The treaty that Peru and Chile signed in Lima was the first that\n"
        "the two governments had concluded since the war, and it was the\n"
        "     17\n"
        "only one that their parliaments ever ratified without a debate.\n"
        "Nothing else was agreed at the summit that the presidents held.\n"
    )
    assert sentences(packs["en"], text)[0].endswith("without a debate.")
    tokeniser = Tokeniser(packs["en"])
    blocks = find_blocks(text, packs["en"], tokeniser)
    words = [t.text for s in find_sentences(text, blocks, packs["en"], tokeniser) for t in s.tokens]
    assert "17" not in words
    assert [b.reason for b in blocks if b.kind == "furniture"] == ["page head or foot"]


def test_a_word_cut_by_a_page_break_stays_in_its_sentence(packs: dict[str, Pack]) -> None:
    """Blank lines inside a sentence of a PDF do not end it."""
    text = "Перу и Чили подписали соглашение о торговле, \n\nкоторое вступит в силу осенью. \n\n"
    assert len(sentences(packs["ru"], text)) == 1


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Mr. Silva met Gen. Ruiz on Nov. 3 in Lima. They signed nothing.", 2),
        ("ru", "Посол М. Сильва прибыл 3 мая 2024 г. в Лиму. Встреча не состоялась.", 2),
        ("vi", "Ông Silva tới Lima hôm 3/5. Hai bên không ký văn kiện nào.", 2),
        ("kk", "Елші М. Сильва 2024 ж. 3 мамырда Лимаға келді. Кездесу өтпеді.", 2),
        ("en", "\u201cWe will sign,\u201d she said. \u201cSoon.\u201d", 2),
    ],
)
def test_sentences_end_where_they_end(packs: dict[str, Pack], language: str, text: str, count: int) -> None:
    """Abbreviations, initials and quotation marks do not cut a sentence."""
    assert len(sentences(packs[language], text)) == count


def test_comments_reach_to_the_end(packs: dict[str, Pack]) -> None:
    """After a comments mark nothing is body text any more."""
    text = (
        "Peru and Chile signed a trade pact in Lima on Monday.\n\nComments (2)\n\n"
        "Russia recognised the Taliban yesterday, I read it somewhere and my neighbour says so as well, believe me.\n"
    )
    assert [kind for kind, _ in blocks(packs["en"], text)] == ["body", "furniture", "furniture"]
