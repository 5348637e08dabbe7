"""What documents the whole: `kg docs`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import cli, command, say


@command("docs", "kg docs --output site")
@click.option(
    "-o",
    "--output",
    default="site",
    show_default=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder.",
)
def docs_command(output: Path) -> None:
    """Write the documentation as web pages: guides, commands, saved queries, vocabulary and ontology."""
    from kg.website import build_site

    say(f"{build_site(output, cli)} pages in {output}")
