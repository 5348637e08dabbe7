"""What draws a register: `kg draw`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.common import command, language_option, open_register, say, store_on_day, workspace_option

if TYPE_CHECKING:
    from kg.pictures import Kind


@command("draw", "kg draw timeline Kazakhstan --lang kk --output kazakhstan.svg")
@click.argument("kind", type=click.Choice(("timeline", "network", "ladder")))
@click.argument("entities", nargs=-1, required=True, metavar="ENTITY...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file in .svg, .png or .html.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), default=60, show_default=True,
    help="How many facts, partners or states at most: the latest, or those with the most ties.",
)  # fmt: skip
@click.option("--as-of", "day", metavar="DAY", help="What held on this day (YYYY-MM-DD).")
@click.option("--known-by", metavar="DAY", help="Only what documents published by this day say.")
@language_option
@workspace_option
def draw_command(
    kind: Kind,
    entities: tuple[str, ...],
    output: Path,
    limit: int,
    day: str | None,
    known_by: str | None,
    language: str,
    folder: str,
) -> None:
    """Draw the timeline of an entity, the cooperation network around it, or the steps towards recognising it."""
    from kg.drawing import draw
    from kg.pictures import Painter
    from kg.queries import read_day
    from kg.resources import data_folder
    from kg.saved import load_headings, load_queries

    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None
    queries = data_folder("queries")
    with open_register(folder) as generation:
        painter = Painter(
            store_on_day(generation, folder, as_of, known),
            load_queries(queries),
            load_headings(queries, "pictures.toml"),
            language,
            len(generation.documents),
            limit,
        )
        picture = painter.paint(kind, entities)
    missing = draw(picture, output, language)
    if missing:
        say(f"kg: the font has no {' '.join(missing)}: these letters are shown as boxes")
