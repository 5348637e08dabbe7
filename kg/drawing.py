"""Pictures as SVG, PNG or HTML, by matplotlib: legible, nothing over anything else, and self-contained.

Every sheet is laid out in inches from measured texts, so that labels cannot overlap however long they are. Letters are
those of DejaVu Sans, which comes with matplotlib and has Latin, Cyrillic and Vietnamese; an SVG holds them as paths.
The same picture gives the same bytes. The only user of matplotlib; the extra `draw` brings it.
"""

from __future__ import annotations

import datetime
import functools
import html
import io
import itertools
import math
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.errors import DataError, InputError
from kg.pictures import Ladder, Network, Picture, Timeline

try:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.patches import FancyBboxPatch, Rectangle
except ImportError:
    raise DataError(
        "drawing needs matplotlib, which is not installed; install the extra: pip install 'chancery[draw]'"
    ) from None

FORMATS = ("svg", "png", "html")
_FONT = "DejaVu Sans"
_INK, _FAINT, _BAND, _PAPER = "#1c2733", "#9aa5b1", "#f3f5f8", "#ffffff"
_TEXT, _TITLE, _SMALL = 9.0, 13.0, 7.5  # points
_LINE = 1.35  # of a line's height to the size of its letters
_CAPITAL = 0.73 / 72  # inches of a capital letter's height, a point of size
_MARGIN, _GAP = 0.35, 0.18  # inches
_AXIS = 3.2  # inches, of a timeline
_FEW, _WIDEST = 16, 2.5  # nodes of a network that are moved apart for the sake of lines, and how far
_RULES: dict[Any, Any] = {
    "font.family": _FONT,
    "svg.fonttype": "path",
    "svg.hashsalt": "chancery",
    "text.usetex": False,
    "text.parse_math": False,
}
_Point = tuple[float, float]
# Colour, marker, and whether it is filled, of each status.
_MARKS: Mapping[str, tuple[str, str, bool]] = {
    "actual": ("#1b5e8c", "o", True),
    "claimed": ("#1b5e8c", "o", False),
    "disputed": ("#c2570c", "D", True),
    "planned": ("#2e7d4f", ">", False),
    "requested": ("#2e7d4f", "^", False),
    "possible": ("#6b7280", "s", False),
    "negated": ("#b3261e", "x", True),
}
_TIE_COLOURS = ("#6b7280", "#1b5e8c", "#c2570c", "#2e7d4f")


def draw(picture: Picture, output: Path, language: str) -> str:
    """Write a picture to `output` in the format of its ending; return the letters that the font has not.

    Raises InputError for another ending, or a file that cannot be written.
    """
    form = output.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise InputError(f"{output} is no picture by its name; expected it to end in .svg, .png or .html")
    figure = figure_of(picture)
    data = _html(picture, figure, language) if form == "html" else _rendered(figure, form)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from None
    return missing_letters(figure)


def figure_of(picture: Picture) -> Figure:
    """Return the picture laid out."""
    with mpl.rc_context(_RULES), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # `missing_letters` tells them
        if isinstance(picture, Timeline):
            return _draw_timeline(picture)
        return _draw_network(picture) if isinstance(picture, Network) else _draw_ladder(picture)


def missing_letters(figure: Figure) -> str:
    """Return the letters of a figure's texts that its font has not."""
    known = get_font(findfont(FontProperties(family=_FONT))).get_charmap()
    shown = {letter for text in figure.axes[0].texts for letter in text.get_text()}
    return "".join(sorted(letter for letter in shown - {"\n"} if ord(letter) not in known))


def _rendered(figure: Figure, form: str) -> bytes:
    stream = io.BytesIO()
    with mpl.rc_context(_RULES), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        nothing = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(stream, format=form, dpi=160, metadata=nothing)
    return stream.getvalue()


# -- a sheet ------------------------------------------------------------------------------------------------------


class _Sheet:
    """A figure with one pair of axes in inches, the origin at the top left."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width, height), facecolor=_PAPER)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.axis("off")

    def text(self, x: float, y: float, text: str, size: float = _TEXT, **how: str) -> None:
        """Write from `x`, with `y` the middle of the height of capital letters, unless `how` says otherwise."""
        named = {"ha": "left", "va": "baseline", "color": _INK, **how}
        if named["va"] == "last":  # `y` is the baseline of the last line
            named["va"] = "baseline"
        elif named["va"] == "baseline":  # of the last line; a middle would go up and down with the letters
            y += _CAPITAL * size / 2 + text.count("\n") * (_size("X\nX", size)[1] - _size("X", size)[1]) / 2
        self.axes.text(x, y, text, fontsize=size, linespacing=_LINE, zorder=5, **named)  # type: ignore[arg-type]

    def mark(self, x: float, y: float, status: str) -> None:
        colour, marker, filled = _MARKS[status]
        face = colour if filled else _PAPER
        self.axes.plot([x], [y], marker=marker, ms=6.5, mec=colour, mfc=face, mew=1.5, ls="", zorder=4)

    def line(self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float = 0.8, order: int = 2) -> None:
        self.axes.plot(xs, ys, color=colour, lw=width, solid_capstyle="butt", zorder=order)

    def band(self, x: float, y: float, width: float, height: float) -> None:
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=_BAND, edgecolor="none", zorder=0))


@functools.cache
def _size(text: str, size: float = _TEXT, weight: str = "normal") -> tuple[float, float]:
    """Return width and height of a text in inches."""
    with mpl.rc_context(_RULES):
        figure = Figure(dpi=100)
        FigureCanvasAgg(figure)
        box = figure.text(0, 0, text, fontsize=size, linespacing=_LINE, weight=weight).get_window_extent()
    return box.width / 100, box.height / 100


def _wrapped(text: str, letters: int) -> str:
    return "\n".join(textwrap.wrap(text, letters, break_long_words=True)) or text


def _widest(texts: Iterator[str] | Sequence[str], size: float = _TEXT) -> float:
    return max((_size(text, size)[0] for text in texts), default=0.0)


def _legend_rows(labels: Sequence[str], width: float) -> list[list[str]]:
    """Return labels in rows that fit the width, each with a sign before it."""
    rows: list[list[str]] = [[]]
    for label in labels:
        if rows[-1] and sum(_size(one)[0] + 0.5 for one in (*rows[-1], label)) > width:
            rows.append([])
        rows[-1].append(label)
    return rows


def _foot(sheet: _Sheet, y: float, width: float, signs: Mapping[str, str], notes: Sequence[str], kind: str) -> None:
    """Write the legend, code -> label, and the notes below `y`."""
    by_label = {label: code for code, label in signs.items()}
    for row in _legend_rows(list(signs.values()), width):
        x = _MARGIN
        for label in row:
            if kind == "status":
                sheet.mark(x + 0.1, y, by_label[label])
            else:
                sheet.line([x, x + 0.22], [y, y], _TIE_COLOURS[list(signs).index(by_label[label])], 2.4)
            sheet.text(x + 0.28, y, label)
            x += _size(label)[0] + 0.5
        y += 0.24
    for note in notes:
        sheet.text(_MARGIN, y + 0.02, note, _SMALL, color="#5b6673")
        y += 0.18


def _foot_height(width: float, signs: Mapping[str, str], notes: Sequence[str]) -> float:
    return 0.24 * len(_legend_rows(list(signs.values()), width)) + 0.18 * len(notes) + 0.2


def _page_width(content: float, title: str, notes: Sequence[str], signs: Mapping[str, str]) -> float:
    needed = [content, _size(title, _TITLE, "bold")[0], _widest(notes, _SMALL), _widest(list(signs.values())) + 0.5]
    return max(needed) + 2 * _MARGIN


# -- timeline -----------------------------------------------------------------------------------------------------


def _draw_timeline(picture: Timeline) -> Figure:
    texts = [
        _wrapped(e.text if e.status == "actual" else f"{e.text} [{picture.statuses[e.status]}]", 84)
        for e in picture.entries
    ]
    heights = [_size(text)[1] + 0.13 for text in texts]
    dates = _widest([entry.date for entry in picture.entries])
    left = _MARGIN + dates + _GAP
    words = left + _AXIS + _GAP
    width = _page_width(words - _MARGIN + _widest(texts), picture.title, picture.notes, picture.statuses)
    inner, top = width - 2 * _MARGIN, 0.95
    foot = top + sum(heights) + 0.3
    sheet = _Sheet(width, foot + _foot_height(inner, picture.statuses, picture.notes))
    sheet.text(_MARGIN, 0.33, picture.title, _TITLE, weight="bold")
    scale = _Scale(picture, left, _AXIS)
    for day, label in scale.ticks():
        sheet.text(scale.place(day), top - 0.13, label, _SMALL, ha="center", color="#5b6673")
        sheet.line([scale.place(day)] * 2, [top, foot - 0.3], "#d7dde4", 0.6, 1)
    y = top
    for number, (entry, text, height) in enumerate(zip(picture.entries, texts, heights, strict=True)):
        if number % 2 == 0:
            sheet.band(_MARGIN - 0.08, y, inner + 0.16, height)
        middle = y + height / 2
        sheet.text(_MARGIN, middle, entry.date)
        sheet.text(words, middle, text, color=_INK if entry.status != "negated" else "#7a2f2a")
        if entry.first or entry.last:
            first, last = scale.span(entry.first, entry.last)
            sheet.line([first, last], [middle, middle], _MARKS[entry.status][0], 2.0, 3)
            sheet.mark((first + last) / 2, middle, entry.status)
        y += height
    _foot(sheet, foot, inner, picture.statuses, picture.notes, "status")
    return sheet.figure


class _Scale:
    """Days to inches from the left."""

    def __init__(self, picture: Timeline, left: float, width: float) -> None:
        days = [day for e in picture.entries for day in (e.first, e.last) if day]
        self._first = min(map(_number, days), default=0)
        self._last = max(max(map(_number, days), default=1), self._first + 1)
        self._left, self._width = left, width

    def place(self, day: int) -> float:
        return self._left + 0.12 + (self._width - 0.24) * (day - self._first) / (self._last - self._first)

    def span(self, first: str | None, last: str | None) -> tuple[float, float]:
        """Return where a stretch of time begins and ends; an open end is the edge."""
        begin = self.place(_number(first)) if first else self._left
        end = self.place(_number(last)) if last else self._left + self._width
        return begin, max(begin, end)

    def ticks(self) -> list[tuple[int, str]]:
        """Return days with their labels: of months or years, as many as have room."""
        begin, end = datetime.date.fromordinal(self._first or 1), datetime.date.fromordinal(self._last)
        if end.year - begin.year < 2:
            months = [datetime.date(y, m, 1) for y in range(begin.year, end.year + 1) for m in range(1, 13)]
            choices = [[(m.toordinal(), m.isoformat()[:7]) for m in months[::step]] for step in (1, 2, 3, 6, 12)]
        else:
            years = [
                range(begin.year - begin.year % step, end.year + 1, step) for step in (1, 2, 5, 10, 20, 50, 100, 1000)
            ]
            choices = [[(datetime.date(max(y, 1), 1, 1).toordinal(), str(y)) for y in some] for some in years]
        for choice in choices:
            inside = [(day, label) for day, label in choice if self._first <= day <= self._last]
            places = [self.place(day) for day, _ in inside]
            room = _size("0000-00" if end.year - begin.year < 2 else "0000", _SMALL)[0] + 0.1
            if inside and all(b - a >= room for a, b in itertools.pairwise(places)):
                return inside
        return [(self._first, begin.isoformat()[:7])]


def _number(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


# -- network ------------------------------------------------------------------------------------------------------


def _draw_network(picture: Network) -> Figure:
    labels = {node: _wrapped(label, 20) for node, label in picture.nodes.items()}
    boxes = {node: tuple(side + 0.2 for side in _size(label, _TEXT, "bold")) for node, label in labels.items()}
    places = _places(picture, boxes)
    low, high = [
        [pick(places[n][axis] + sign * boxes[n][axis] / 2 for n in places) for axis in (0, 1)]
        for pick, sign in ((min, -1), (max, 1))
    ]
    across = high[0] - low[0]
    width = _page_width(across, picture.title, picture.notes, picture.codes)
    inner, top = width - 2 * _MARGIN, 0.75
    foot = top + high[1] - low[1] + 0.4
    sheet = _Sheet(width, foot + _foot_height(inner, picture.codes, picture.notes))
    sheet.text(_MARGIN, 0.33, picture.title, _TITLE, weight="bold")
    moved = {n: (x - low[0] + (width - across) / 2, y - low[1] + top) for n, (x, y) in places.items()}
    for colour, points in _lines(picture, moved, boxes):
        sheet.line([x for x, _ in points], [y for _, y in points], colour, 1.8)
    for node, (x, y) in moved.items():
        centre = node in picture.centres
        _box(sheet, (x, y), boxes[node], "#1b5e8c" if centre else _PAPER)
        sheet.text(
            x, y, labels[node], ha="center", color=_PAPER if centre else _INK, weight="bold" if centre else "normal"
        )
    _foot(sheet, foot, inner, picture.codes, picture.notes, "tie")
    return sheet.figure


def _box(sheet: _Sheet, at: _Point, size: tuple[float, ...], colour: str) -> None:
    width, height = size
    sheet.axes.add_patch(
        FancyBboxPatch(
            (at[0] - width / 2 + 0.05, at[1] - height / 2 + 0.05),
            width - 0.1,
            height - 0.1,
            boxstyle="round,pad=0.05,rounding_size=0.07",
            facecolor=colour,
            edgecolor="#1b5e8c",
            linewidth=1.0,
            zorder=4,
        )
    )


def _places(picture: Network, boxes: Mapping[str, tuple[float, ...]]) -> dict[str, _Point]:
    """Return where each node stands, in inches: the centres within an ellipse of partners, no box over another.

    Where there are few, the ellipse grows until every tie has a way around the other boxes.
    """
    partners = _neighbours_together(picture)
    pairs = {(tie.first, tie.second) for tie in picture.ties}
    scale = 1.0
    while True:
        found = _ring(picture.centres, 0.0 if len(picture.centres) == 1 else 0.55 * scale)
        found |= _ring(partners, 1.45 * scale)
        if not _collide(found, boxes):
            few = len(found) <= _FEW and scale < _WIDEST
            if not few or all(_bow(pair, found, boxes) is not None for pair in sorted(pairs)):
                return found
        scale *= 1.08


def _ring(nodes: Sequence[str], radius: float) -> dict[str, _Point]:
    turns = [2 * math.pi * number / len(nodes) - math.pi / 2 for number in range(len(nodes))]
    return {n: (1.6 * radius * math.cos(t), radius * math.sin(t)) for n, t in zip(nodes, turns, strict=True)}


def _collide(places: Mapping[str, _Point], boxes: Mapping[str, tuple[float, ...]]) -> bool:
    nodes = sorted(places)
    return any(
        all(abs(places[a][i] - places[b][i]) < (boxes[a][i] + boxes[b][i]) / 2 + 0.15 for i in (0, 1))
        for number, a in enumerate(nodes)
        for b in nodes[number + 1 :]
    )


def _neighbours_together(picture: Network) -> list[str]:
    """Return the partners in an order in which those that are tied to each other stand side by side."""
    left = [node for node in picture.nodes if node not in picture.centres]
    tied: dict[str, set[str]] = {node: set() for node in left}
    for tie in picture.ties:
        if tie.first in tied and tie.second in tied:
            tied[tie.first].add(tie.second)
            tied[tie.second].add(tie.first)
    ordered: list[str] = []
    while left:
        before = ordered[-1] if ordered else ""
        following = min(left, key=lambda n: (before not in tied[n], -len(tied[n]), picture.nodes[n]))
        left.remove(following)
        ordered.append(following)
    return ordered


def _lines(
    picture: Network, places: Mapping[str, _Point], boxes: Mapping[str, tuple[float, ...]]
) -> Iterator[tuple[str, list[_Point]]]:
    """Yield colour and course of each tie; several between two nodes run side by side, and none under another box."""
    codes = list(picture.codes)
    pairs: dict[tuple[str, str], list[str]] = {}
    for tie in picture.ties:
        pairs.setdefault((tie.first, tie.second), []).append(tie.code)
    for (first, second), found in pairs.items():
        bow = _bow((first, second), places, boxes) or 0.0
        for number, code in enumerate(sorted(found, key=codes.index)):
            aside = 0.055 * (number - (len(found) - 1) / 2)
            yield _TIE_COLOURS[codes.index(code)], _course(places[first], places[second], bow, aside)


def _bow(pair: tuple[str, str], places: Mapping[str, _Point], boxes: Mapping[str, tuple[float, ...]]) -> float | None:
    """Return the least bow with which a line between two nodes passes under no other box, None where there is none."""
    begin, end = places[pair[0]], places[pair[1]]
    others = [(places[node], boxes[node]) for node in places if node not in pair]
    bows = (sign * size / 4 for size in range(13) for sign in (1, -1))
    return next((bow for bow in bows if not _hits(_course(begin, end, bow, 0), others)), None)


def _course(begin: _Point, end: _Point, bow: float, aside: float) -> list[_Point]:
    """Return points from `begin` to `end`, shifted `aside`, and in the middle `bow` inches off the straight line."""
    (x, y), (u, v) = begin, end
    length = math.hypot(u - x, v - y)
    across = (-(v - y) / length, (u - x) / length)
    steps = [step / 40 for step in range(41)]
    offs = [aside + bow * 4 * step * (1 - step) for step in steps]
    return [
        (x + (u - x) * step + across[0] * off, y + (v - y) * step + across[1] * off)
        for step, off in zip(steps, offs, strict=True)
    ]


def _hits(course: Sequence[_Point], boxes: Sequence[tuple[_Point, tuple[float, ...]]]) -> bool:
    return any(
        abs(x - u) < width / 2 + 0.06 and abs(y - v) < height / 2 + 0.06
        for x, y in course
        for (u, v), (width, height) in boxes
    )


# -- ladder -------------------------------------------------------------------------------------------------------


def _draw_ladder(picture: Ladder) -> Figure:
    heads = [_wrapped(rung, 18) for rung in picture.rungs]
    names = [_wrapped(name, 34) for name, _ in picture.rows]
    dates = {n: [s.date or "" for _, steps in picture.rows for s in steps if s.rung == n] for n in range(len(heads))}
    columns = [max(_size(head)[0], _widest(dates[n]), 0.7) + 0.3 for n, head in enumerate(heads)]
    left = _MARGIN + _widest(names) + 0.25
    width = _page_width(left - _MARGIN + sum(columns), picture.title, picture.notes, picture.statuses)
    inner, top = width - 2 * _MARGIN, 0.7 + max(_size(head)[1] for head in heads) + 0.15
    heights = [max(_size(name)[1] + 0.2, 0.5) for name in names]
    foot = top + sum(heights) + 0.3
    sheet = _Sheet(width, foot + _foot_height(inner, picture.statuses, picture.notes))
    sheet.text(_MARGIN, 0.33, picture.title, _TITLE, weight="bold")
    middles = [left + sum(columns[:n]) + columns[n] / 2 for n in range(len(heads))]
    for head, x in zip(heads, middles, strict=True):
        sheet.text(x, top - 0.14, head, ha="center", va="last", color="#3b4754")
    # Relations are no rung: they stand beside the others.
    sheet.line([left + sum(columns[:-1])] * 2, [top, foot - 0.3], _FAINT, 0.8, 1)
    y = top
    for number, ((_, steps), name, height) in enumerate(zip(picture.rows, names, heights, strict=True)):
        if number % 2 == 0:
            sheet.band(_MARGIN - 0.08, y, inner + 0.16, height)
        sheet.text(_MARGIN, y + height / 2, name, weight="bold")
        rungs = [middles[step.rung] for step in steps if step.rung < len(heads) - 1]
        if len(rungs) > 1:
            sheet.line([min(rungs), max(rungs)], [y + height / 2 - 0.09] * 2, _FAINT, 1.2)
        for step in steps:
            sheet.mark(middles[step.rung], y + height / 2 - 0.09, step.status)
            if step.date:
                sheet.text(middles[step.rung], y + height / 2 + 0.13, step.date, _SMALL, ha="center")
        y += height
    _foot(sheet, foot, inner, picture.statuses, picture.notes, "status")
    return sheet.figure


# -- HTML ---------------------------------------------------------------------------------------------------------


def _html(picture: Picture, figure: Figure, language: str) -> bytes:
    """Return one page with the picture, and under it what it shows as a table, for those who search or cannot see."""
    svg = _rendered(figure, "svg").decode("utf-8")
    rows = "\n".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in _table(picture))
    title = html.escape(picture.title)
    page = f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.4 sans-serif; margin: 2rem auto; max-width: 75rem; color: {_INK}; }}
svg {{ max-width: 100%; height: auto; }}
td {{ padding: 0.15rem 1rem 0.15rem 0; vertical-align: top; }}
</style>
</head>
<body>
{svg[svg.index("<svg") :]}
<table>
<caption>{title}</caption>
{rows}
</table>
</body>
</html>
"""
    return page.encode("utf-8")


def _table(picture: Picture) -> Iterator[tuple[str, ...]]:
    if isinstance(picture, Timeline):
        yield from ((e.date, e.text, picture.statuses[e.status]) for e in picture.entries)
    elif isinstance(picture, Network):
        yield from ((picture.nodes[t.first], picture.codes[t.code], picture.nodes[t.second]) for t in picture.ties)
    else:
        for name, steps in picture.rows:
            yield from ((name, picture.rungs[s.rung], s.date or "", picture.statuses[s.status]) for s in steps)
