"""Pictures: what they show is what the register says, and nothing in them lies over anything else or lacks a letter."""

from __future__ import annotations

import importlib
import re
import sys
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest

pytest.importorskip("matplotlib", reason="drawing needs matplotlib (the draw extra)")

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from kg.drawing import draw, figure_of, missing_letters
from kg.errors import DataError, InputError, UnknownName
from kg.pictures import Entry, Kind, Ladder, Network, Painter, Picture, Step, Tie, Timeline
from kg.resources import data_folder
from kg.saved import load_headings, load_queries

KINDS: tuple[Kind, ...] = ("timeline", "network", "ladder")
LONG = "Республикалық мемлекеттік ұйымдардың қауымдастығы Hiệp hội các tổ chức"
STATUSES = {
    status: status for status in ("actual", "claimed", "disputed", "planned", "requested", "possible", "negated")
}


def painter(register: ox.Store, language: str, limit: int = 60) -> Painter:
    folder = data_folder("queries")
    words = load_headings(folder, "pictures.toml")
    return Painter(register, load_queries(folder), words, language, documents=5, limit=limit)


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts of which one lies over the other, and those that leave the sheet."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in figure.axes[0].texts if text.get_text()]
    over = [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]
    sheet = figure.bbox
    return over + [(a, "") for a, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > sheet.x1 or box.y1 > sheet.y1]


# -- what they show -----------------------------------------------------------------------------------------------


def test_the_timeline(register: ox.Store) -> None:
    """Facts stand in order of time, with the others in their roles; what is not actual says what it is."""
    picture = painter(register, "en").timeline(["Taliban"])
    shown = {entry.text: (entry.date, entry.status) for entry in picture.entries}
    assert shown["recognition \u2013 recogniser: Russia"] == ("2025-07-03", "actual")
    assert shown["recognition \u2013 recogniser: Kazakhstan"] == ("(2026-05-30)", "negated")
    assert shown["recognition \u2013 recogniser: Iran"] == ("(2025-09-05)", "possible")
    assert shown["accreditation (ambassador) \u2013 receiver: China"] == ("2024-01-30", "actual")
    assert shown["lift sanctions \u2013 sender: West"][1] == "requested"
    days = [entry.first or entry.last for entry in picture.entries]
    assert days == sorted(days, key=lambda day: day or "9999")
    assert picture.title == "Taliban: timeline"
    assert picture.notes[-1] == "Documents: 5"


def test_an_office_that_is_over(register: ox.Store) -> None:
    """What is over says so."""
    texts = [entry.text for entry in painter(register, "en").timeline(["Nazarbayev"]).entries]
    assert "office holding (former) \u2013 of: Kazakhstan; office: president" in texts


def test_the_latest_facts_are_kept(register: ox.Store) -> None:
    """A limit keeps the latest facts and says how many are left out."""
    whole, short = painter(register, "en").timeline(["Taliban"]), painter(register, "en", 2).timeline(["Taliban"])
    assert short.entries == whole.entries[-2:]
    assert short.notes[-1] == f"not shown: {len(whole.entries) - 2}"


def test_the_network(register: ox.Store) -> None:
    """Partners of an entity, and ties among them; each pair once a tie."""
    picture = painter(register, "vi").network(["Kazakhstan"])
    ties = {(*sorted((picture.nodes[t.first], picture.nodes[t.second])), t.code) for t in picture.ties}
    assert {("Kazakhstan", "Uzbekistan", "exercisedWith"), ("Kazakhstan", "Uzbekistan", "hasAgreementWith")} <= ties
    assert ("Kyrgyzstan", "Uzbekistan", "hasAgreementWith") in ties
    assert len(ties) == len(picture.ties)
    assert picture.codes["hasAgreementWith"] == "có hiệp định với"


def test_the_ladder(register: ox.Store) -> None:
    """Each state stands with its steps, the farthest first; relations stand beside the rungs."""
    picture = painter(register, "en").ladder(["Taliban"])
    rows = dict(picture.rows)
    assert picture.rows[0][0] in ("Russia", "Iran")
    assert Step(3, "2025-07-03", "actual") in rows["Russia"]
    assert rows["Iran"] == (Step(3, None, "possible"),)
    assert rows["China"] == (Step(2, "2024-01-30", "actual"),)
    assert rows["Kazakhstan"] == (Step(0, "2023-12", "actual"), Step(4, None, "actual"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_draw(kind: Kind, register: ox.Store) -> None:
    """Somebody the register knows nothing of gives one message; so does somebody it does not know."""
    with pytest.raises(InputError, match=r"(no fact about|no cooperation of|no step towards recognising) Tuvalu"):
        painter(register, "en").paint(kind, ["Tuvalu"])
    with pytest.raises(UnknownName):
        painter(register, "en").paint(kind, ["Atlantis"])


# -- how they look ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "vi", "ru"])
@pytest.mark.parametrize("entity", ["Kazakhstan", "Taliban"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_lies_over_anything(kind: Kind, entity: str, language: str, register: ox.Store) -> None:
    """No label lies over another or leaves the sheet, and the font has all the letters."""
    figure = figure_of(painter(register, language).paint(kind, [entity]))
    assert overlaps(figure) == []
    assert missing_letters(figure) == ""


def crowded() -> list[Picture]:
    """Pictures of far more, and far longer, than fits."""
    entries = [Entry(f"20{n:02}-01/20{n:02}-12", f"20{n:02}-01-01", f"20{n:02}-12-31", LONG * (n % 4 + 1), status)
               for n, status in enumerate([*STATUSES] * 6, start=10)]  # fmt: skip
    nodes = {f"n{n}": f"{LONG} {n}" for n in range(30)}
    ties = [Tie("n0", f"n{n}", code, 1) for n in range(1, 30) for code in ("metWith", "exercisedWith")]
    rows = [(f"{LONG} {n}", tuple(Step(r, "2025-07-03/2025-07-14", "claimed") for r in range(5))) for n in range(20)]
    return [
        Timeline(LONG * 3, tuple(entries), STATUSES, (LONG * 4,)),
        Network(LONG, ("n0",), nodes, tuple(ties), {"exercisedWith": LONG, "metWith": LONG + "!"}, ("note",)),
        Ladder(LONG, (LONG, "a", "b", LONG, "c"), tuple(rows), {"claimed": LONG}),
    ]


@pytest.mark.parametrize("picture", crowded(), ids=KINDS)
def test_crowded_pictures(picture: Picture) -> None:
    """However many and long the labels are, none lies over another."""
    figure = figure_of(picture)
    assert overlaps(figure) == []
    boxes = [patch.get_window_extent() for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    assert [1 for one, other in combinations(boxes, 2) if one.overlaps(other)] == []


def test_no_line_runs_under_a_box() -> None:
    """A tie between nodes on two sides of a third one goes around it."""
    ties = (Tie("b", "d", "metWith", 1), *(Tie("a", node, "metWith", 1) for node in "bcde"))
    figure = figure_of(Network("t", ("a",), {n: f"node {n}" for n in "abcde"}, ties, {"metWith": "met with"}))
    axes = figure.axes[0]
    (centre,) = [text for text in axes.texts if text.get_text() == "node a"]
    box = centre.get_window_extent()
    courses = [axes.transData.transform(line.get_xydata()) for line in axes.lines if len(line.get_xydata()) > 2]
    ends_there = [any(box.contains(*point) for point in (course[0], course[-1])) for course in courses]
    through = [any(box.contains(*point) for point in course) for course in courses]
    assert len(courses) == 5
    assert through == ends_there


def test_letters_that_the_font_has_not(tmp_path: Path) -> None:
    """They are named, so that nobody publishes boxes."""
    picture = Timeline("中国", (Entry("2025", "2025-01-01", "2025-12-31", "Қазақстан Việt Nam", "actual"),), STATUSES)
    assert missing_letters(figure_of(picture)) == "中国"


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_files(ending: str, register: ox.Store, tmp_path: Path) -> None:
    """A file is made twice with the same bytes, and asks for nothing outside itself."""
    picture = painter(register, "kk").ladder(["Taliban"])
    for name in ("a", "b"):
        assert draw(picture, tmp_path / f"{name}.{ending}", "kk") == ""
    data = (tmp_path / f"a.{ending}").read_bytes()
    assert data == (tmp_path / f"b.{ending}").read_bytes()
    if ending == "png":
        assert data.startswith(b"\x89PNG")
        return
    text = data.decode("utf-8")
    assert "<text" not in text
    assert all(link.startswith("#") for link in re.findall(r'(?:href|src)="([^"]*)"', text))
    assert "@import" not in text
    if ending == "html":
        assert '<html lang="kk">' in text
        assert "<td>Ресей</td><td>тану</td><td>2025-07-03</td>" in text


def test_files_that_cannot_be(tmp_path: Path) -> None:
    """Another ending, and a folder that is not there, give one message."""
    picture = Timeline("t", (Entry("2025", "2025-01-01", "2025-12-31", "x", "actual"),), STATUSES)
    with pytest.raises(InputError, match=r"expected it to end in .svg, .png or .html"):
        draw(picture, tmp_path / "a.gif", "en")
    with pytest.raises(InputError, match="cannot be written"):
        draw(picture, tmp_path / "no" / "a.svg", "en")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib, one message says what to install."""
    monkeypatch.delitem(sys.modules, "kg.drawing")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DataError, match=r"chancery\[draw\]"):
        importlib.import_module("kg.drawing")
