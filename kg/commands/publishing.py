"""What hands a register on and checks it: `kg dump`, `kg load` and `kg validate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.common import DUMP_FORMATS, command, open_register, say, workspace_option

if TYPE_CHECKING:
    from kg.dump import Compression


@command("dump", "kg dump --folder published --format turtle --licence https://spdx.org/licenses/CC-BY-4.0")
@click.option(
    "-f", "--format", "formats", type=click.Choice(DUMP_FORMATS), multiple=True, show_default="nquads",
    help="How to write; into a folder, a further format each time it is given.",
)  # fmt: skip
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="A file; compressed when its name ends in .gz or .zst."
)
@click.option("--folder", "into", metavar="DIR", help="Write data, README, description (VoID, DCAT) and checksums.")
@click.option(
    "-g", "--graph", "graphs", multiple=True, metavar="GRAPH", help="Only this graph: facts, document/ID, ..."
)
@click.option("--no-quotes", is_flag=True, help="Leave out the documents' own words: quotes, titles, words of dates.")
@click.option("--gzip", "compress", is_flag=True, help="Compress.")
@click.option(
    "--compress", "how", type=click.Choice(("none", "gzip", "zstd")), default="gzip", show_default=True,
    help="How the files of a folder are compressed.",
)  # fmt: skip
@click.option("--with-history", is_flag=True, help="Add the builds and the identifiers that joins replaced.")
@click.option("--title", help="The title of the dataset in a folder.")
@click.option("--licence", metavar="IRI", help="The licence under which a folder is published.")
@click.option("--publisher", metavar="NAME", help="Who publishes a folder.")
@workspace_option
def dump_command(
    formats: tuple[str, ...],
    output: str,
    into: str | None,
    graphs: tuple[str, ...],
    how: Compression,
    title: str | None,
    licence: str | None,
    publisher: str | None,
    folder: str,
    *,
    no_quotes: bool,
    compress: bool,
    with_history: bool,
) -> None:
    """Write the register as RDF, sorted: the same register gives the same bytes."""
    from kg.dump import Extent, dump, find_graphs, opened
    from kg.dump_folder import Edition, dump_folder

    if into is not None and (graphs or output != "-"):
        raise click.UsageError("--folder holds the whole register: give it without --graph and --output")
    if into is None and len(formats) > 1:
        raise click.UsageError("one file has one --format; several need --folder DIR")
    with open_register(folder) as generation:
        extent = Extent(find_graphs(generation.store, graphs), history=with_history, quotes=not no_quotes)
        if into is not None:
            edition = Edition(formats, how, extent, title, licence, publisher)
            for file in dump_folder(generation, Path(into), edition):
                say(f"{file.name}: {file.counts.statements} {_unit(file.format)}")
            return
        format_ = formats[0] if formats else "nquads"
        with opened(output, sys.stdout.buffer, compress=compress) as stream:
            number = dump(generation.store, format_, stream, extent)
    say(f"{number} {_unit(format_)}")


def _unit(format_: str) -> str:
    return "quads" if format_ in ("nquads", "trig", "jsonld") else "triples"


@command("load", "kg load published --workspace copy")
@click.argument("dump", type=click.Path(exists=True, path_type=Path))
@workspace_option
def load_command(dump: Path, folder: str) -> None:
    """Make a register of a dump: a folder, or a file in N-Quads, TriG or JSON-LD.

    It answers all that the dumped one answers, and takes no documents: a dump has no texts to read again.
    """
    from kg.loading import load
    from kg.resources import load_knowledge
    from kg.store import Workspace

    quads, documents = load(dump, Workspace(Path(folder)), load_knowledge())
    say(f"{quads} quads, {documents} documents")
