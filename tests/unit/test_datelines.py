"""The day a document gives as its own, as pages of four languages write it."""

from __future__ import annotations

import pytest

from kg.datelines import find_published
from kg.dates import Calendar
from kg.language.pack import Pack
from kg.segment import find_blocks
from kg.tokens import Tokeniser

TITLES = {
    "en": "Peru and Chile talk about copper",
    "ru": "Перу и Чили говорят о меди",
    "kk": "Перу мен Чили мыс туралы сөйлесті",
    "vi": "Peru và Chile bàn về đồng",
}
STORIES = {
    "en": "The foreign ministers of Peru and Chile met in Lima on Tuesday. They spoke about copper and about trade.",
    "ru": "Министры иностранных дел Перу и Чили встретились во вторник в Лиме. Они говорили о меди и о торговле.",
    "kk": "Перу мен Чилидің сыртқы істер министрлері сейсенбіде Лимада кездесті. Олар мыс пен сауда туралы сөйлесті.",
    "vi": "Bộ trưởng Ngoại giao Peru và Chile gặp nhau hôm thứ Ba tại Lima. Hai bên bàn về đồng và thương mại.",
}


def published(pack: Pack, text: str) -> str | None:
    """Return the day that `text` gives as its own."""
    tokeniser = Tokeniser(pack)
    return find_published(text, find_blocks(text, pack, tokeniser), Calendar(pack), tokeniser)


@pytest.mark.parametrize("between", ["\n\n", "\n"])
@pytest.mark.parametrize(
    ("language", "stamp", "expected"),
    [
        ("en", "Politics | January 14, 2015, Wednesday // 17:49 |  views", "2015-01-14"),
        ("en", "20.03.2015 - Update : 21.03.2015", "2015-03-20"),
        ("en", "2015/05/12 10:30", "2015-05-12"),
        ("en", "Mar. 3, 2021 at 5:00 p.m.", "2021-03-03"),
        ("en", "12th May 2015", "2015-05-12"),
        ("en", "By Ana Soto | MARCH 3, 2021", "2021-03-03"),
        ("en", "Last Modified: 2021-03-03T10:00:00Z", "2021-03-03"),
        ("ru", "20:31 25.11.2014 Регион: Анды", "2014-11-25"),
        ("ru", "11 марта, 2026", "2026-03-11"),
        ("ru", "5 июн. 2020, 14:30", "2020-06-05"),
        ("ru", "05.06.20 14:30", "2020-06-05"),
        ("ru", "Вт. Июн 4th, 2024", "2024-06-04"),
        ("ru", "05:45 Янв. 24, 2023", "2023-01-24"),
        ("kk", "Дүйсенбі, 19 қаңтар 2026 жыл", "2026-01-19"),
        ("kk", "2026 ж. 19 қаңтар, 14:20", "2026-01-19"),
        ("kk", "23.12.2025 19:31", "2025-12-23"),
        ("vi", "Đối ngoại - Ngày đăng : 20:16, 12/02/2019", "2019-02-12"),
        ("vi", "Cập nhật lúc: 2:52 PM, ngày 04/07/2023", "2023-07-04"),
        ("vi", "Wednesday, September 14, 2016", "2016-09-14"),
        ("vi", "(Lima.vn) - 12/02/2019 20:16", "2019-02-12"),
    ],
)
def test_a_stamp_above_or_below_the_title(
    packs: dict[str, Pack], language: str, stamp: str, expected: str, between: str
) -> None:
    """Stamps of pages, in the language or in that of the software that wrote them, with the time of day or without."""
    title, story = TITLES[language], STORIES[language]
    assert published(packs[language], between.join((title, stamp, story))) == expected
    assert published(packs[language], between.join((stamp, title, story))) == expected


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("en", "(Andes News Agency March 13, 2008)", "2008-03-13"),
        ("en", "Last updated: 13 March 2008", "2008-03-13"),
        ("vi", "Cập nhật ngày 17/10/2019", "2019-10-17"),
        ("ru", "Опубликовано 5 июня 2020 года", "2020-06-05"),
        ("en", "Both states signed the treaty on 13 March 2008.", None),
        ("ru", "Договор подписан 5 июня 2020 года.", None),
        ("kk", "Шарт 2026 жылғы 19 қаңтарда жасалды.", None),
        ("vi", "Hiệp định được ký ngày 17/10/2019.", None),
    ],
)
def test_a_stamp_at_the_end(packs: dict[str, Pack], language: str, line: str, expected: str | None) -> None:
    """A closing line in brackets or with a page's mark dates the document; a closing sentence does not."""
    assert published(packs[language], "\n\n".join((TITLES[language], STORIES[language], line))) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "LIMA, July 5, 2025 — Peru and Chile signed a pact on Thursday in the palace.", "2025-07-05"),
        ("ru", "ЛИМА, 11 сентября 2023 года — Перу и Чили подписали соглашение во дворце.", "2023-09-11"),
        ("kk", "Мәтіннің атауы\n\n30 мамыр 2026 жыл, 04:54\n\nПеру мен Чили келісімге қол қойды.", "2026-05-30"),
        ("vi", "Nhan đề của bài\nThứ Ba, 2/9/2025\nPeru và Chile ký hiệp định tại Lima hôm nay.", "2025-09-02"),
        ("en", "LIMA, Sept. 8, 2025 (staff) — Peru and Chile signed a pact on Sunday in the palace.", "2025-09-08"),
        ("kk", "ЛИМА, 17 қыркүйек 2018 жыл. Перу мен Чили жексенбіде келісімге қол қойды.", "2018-09-17"),
        ("kk", "Апталық шолу: 3–9 маусым 2024 ж.\n\nПеру мен Чили келісімге қол қойды.", "2024-06-09"),
        ("kk", "5 мамыр 2017 жыл – Перу Тонганы таныды.\n\n6 мамыр 2018 жыл – Чили Тонганы таныды.", None),
        ("en", "On 17 February 2008 Peru and Chile signed a pact in the palace of Lima.", None),
        ("ru", "5 июня 2020 года Перу и Чили подписали соглашение во дворце в Лиме.", None),
        ("en", "Peru and Chile signed a pact that was drafted on 3 March 1999 in the palace.", None),
    ],
)
def test_a_document_says_when_it_was_published(
    packs: dict[str, Pack], language: str, text: str, expected: str | None
) -> None:
    """Date lines and datelines give the document's day; a date inside a sentence does not."""
    assert published(packs[language], text) == expected
