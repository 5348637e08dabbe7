"""Language detection: our four are told from their look-alikes and neighbours, which are refused by name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from kg.detect import language_of, sample_of, supported_languages
from kg.errors import UnsupportedLanguage

OURS = [
    ("kk", "Қазақстан мен Өзбекстан келісімге қол қойды."),
    ("kk", "Президент Тоқаев Мәскеуге келді, ол жерде Путинмен кездесті."),
    ("kk", "Ресей талибандарды мойындады."),
    ("ru", "Россия признала правительство талибов."),
    ("ru", "Президент Токаев прибыл в Москву."),
    ("ru", "Казахстан и Узбекистан подписали договор о союзнических отношениях"),
    ("ru", "Касым-Жомарт Тоқаев и Шавкат Мирзиёев встретились в Түркістане, сообщили в Ақорде."),
    ("vi", "Nga công nhận chính quyền Taliban."),
    ("vi", "Ngoại trưởng Nga Sergei Lavrov gặp ông Muttaqi tại Moscow."),
    ("vi", "Tổng thống Nga Vladimir Putin đến Hà Nội"),
    ("en", "Russia recognised the Taliban government."),
    ("en", "Kazakhstan and Uzbekistan signed a treaty on allied relations in Tashkent."),
    ("en", "Kassym-Jomart Tokayev met Đặng Văn Hùng and Mehmet Şimşek in the capital on Monday."),
]
OTHERS = [
    ("Ukrainian", "Президент України зустрівся з міністром закордонних справ."),
    ("Ukrainian", "Росія визнала уряд талібів."),
    ("Belarusian", "Прэзідэнт Беларусі сустрэўся з міністрам."),
    ("Kyrgyz", "Кыргызстан менен Россия келишимге кол койду."),
    ("Kyrgyz", "Кыргыз Республикасынын Президенти Садыр Жапаров бүгүн Өзбекстандын тышкы иштер министрин кабыл алды."),
    ("Tajik", "Президенти Тоҷикистон бо вазири корҳои хориҷии Русия мулоқот кард."),
    ("Tajik", "Эмомали Рахмон ба Маскав омад"),
    ("Uzbek", "Ўзбекистон ва Қозоғистон шартнома имзолади."),
    ("Uzbek", "Oʻzbekiston Prezidenti Shavkat Mirziyoyev Rossiya tashqi ishlar vaziri bilan uchrashdi."),
    ("German", "Russland hat die Taliban-Regierung anerkannt."),
    ("French", "La Russie a reconnu le gouvernement des talibans."),
    ("Bulgarian", "Президентът на България се срещна с министъра."),
    ("Bulgarian", "Русия призна правителството на талибаните."),
    ("Serbian", "Председник Србије састао се са министром."),
    ("Mongolian", "Монгол Улсын Ерөнхийлөгч Оросын гадаад хэргийн сайдтай уулзлаа."),
    ("Turkish", "Rusya Taliban hükümetini tanıdı."),
    ("Indonesian", "Rusia mengakui pemerintahan Taliban."),
    ("Spanish", "Rusia reconoció al gobierno talibán."),
    ("arabic", "اعترفت روسيا بحكومة طالبان في أفغانستان"),
    ("cjk", "俄罗斯承认阿富汗临时政府为合法政府"),
    ("thai", "รัสเซียรับรองรัฐบาลตอลิบานอย่างเป็นทางการ"),
]
UNDECIDED = ["", "123 456", "ok", "МИД РФ", "Лавров", "Putin traf in Astana ein"]


@pytest.mark.parametrize(("language", "text"), OURS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_our_languages(language: str, text: str, form: str) -> None:
    """A sentence in one of our languages is told from its neighbours, however its accents are written."""
    assert language_of(unicodedata.normalize(form, text)) == language


@pytest.mark.parametrize(("language", "text"), OTHERS)
def test_other_languages(language: str, text: str) -> None:
    """A sentence in another language is refused, and the reason says which it looks like."""
    with pytest.raises(UnsupportedLanguage, match=language):
        language_of(text)


@pytest.mark.parametrize("text", UNDECIDED)
def test_undecided(text: str) -> None:
    """A text too short or mixed to tell is refused; a hint then decides, a statement always does."""
    with pytest.raises(UnsupportedLanguage):
        language_of(text)
    assert language_of(text, hint="ru") == "ru"
    assert language_of(text, stated="vi") == "vi"


def test_hint_does_not_outweigh_the_text() -> None:
    """A template's language does not make a Ukrainian text Russian, nor a Kazakh one."""
    with pytest.raises(UnsupportedLanguage, match="Ukrainian"):
        language_of(OTHERS[0][1], hint="ru")
    assert language_of(OURS[0][1], hint="ru") == "kk"


def test_stated_language_that_is_not_read() -> None:
    """A stated language that the register does not read is refused by name."""
    with pytest.raises(UnsupportedLanguage, match=r"German, which is not read here \(English, Kazakh"):
        language_of("Russland hat die Regierung anerkannt.", stated="de")
    with pytest.raises(UnsupportedLanguage, match="qq"):
        language_of("x", stated="qq")


def test_article_among_foreign_furniture() -> None:
    """A Kazakh article between Russian menus and teasers is Kazakh."""
    menu = "\n".join(["Главная", "Новости", "Политика", "Экономика", "Читайте также", "Подпишитесь на наш канал"] * 8)
    article = "Қазақстан мен Өзбекстан президенттері Ташкентте кездесіп, одақтастық туралы шартқа қол қойды.\n" * 3
    assert language_of(f"{menu}\n{article}\n{menu}") == "kk"


def test_sample_is_the_longest_lines() -> None:
    """The sample keeps long lines in their order, and is bounded."""
    assert sample_of("a\n" + "b" * 900 + "\n" + "c" * 99 + "\n" + "d" * 700) == "b" * 900 + "\n" + "d" * 599
    assert sample_of("") == ""


@pytest.mark.parametrize("path", sorted(Path(__file__, "../../golden").resolve().glob("*/*.txt")), ids=lambda p: p.stem)
def test_golden_documents(path: Path) -> None:
    """Each golden document is detected as the language of its folder."""
    assert language_of(path.read_text(encoding="utf-8")) == path.parent.name


def test_four_languages_are_read() -> None:
    """The data names the four languages of the register."""
    assert supported_languages() == ("en", "kk", "ru", "vi")


def test_foreign_names_do_not_make_a_text_foreign() -> None:
    """An English text full of Spanish names is English; a Dutch one with words that English shares is not."""
    text = (
        "Peruvian Foreign Minister Lucia Bonita and the Chilean foreign minister, Carlo Ganzor, signed a trade "
        "agreement. Ms Bonita will travel to Santiago with Nicolas Maduro and Gustavo Petro, "
        "said a spokesman for Gabriel Boric.\n"
    )
    assert language_of(text * 2) == "en"
    with pytest.raises(UnsupportedLanguage, match="Dutch"):
        language_of("De minister was woensdag in Berlijn; of hij daar met de premier sprak was niet bekend.")
