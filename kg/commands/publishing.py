"""What hands a register on and checks it: `kg dump` and `kg validate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.commands.common import DUMP_FORMATS, command, format_option, open_register, say, workspace_option

if TYPE_CHECKING:
    from kg.shacl import Gate


@command("dump", "kg dump --format turtle --output register.ttl.gz")
@format_option(DUMP_FORMATS, "nquads")
@click.option("-o", "--output", default="-", metavar="FILE", help="A file; compressed when its name ends in .gz.")
@click.option("--gzip", "compress", is_flag=True, help="Compress.")
@click.option("--with-history", is_flag=True, help="Add the builds and the identifiers that joins replaced.")
@workspace_option
def dump_command(format_: str, output: str, folder: str, *, compress: bool, with_history: bool) -> None:
    """Write the register as RDF, sorted: the same register gives the same bytes."""
    from kg.dump import dump, opened

    with open_register(folder) as generation, opened(output, sys.stdout.buffer, compress=compress) as stream:
        number = dump(generation.store, format_, stream, with_history=with_history)
    say(f"{number} {'quads' if format_ in ('nquads', 'trig', 'jsonld') else 'triples'}")


@command("validate", "kg validate mine.ttl --gate reference")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option(
    "--gate", type=click.Choice(["document", "fact", "direct", "reference", "ontology"]), help="Which shapes."
)
@click.option("--context", multiple=True, metavar="FILE", help="RDF that the data is about, judged along with it.")
@format_option(("text", "json", "ttl"), "text")
@workspace_option
def validate_command(
    paths: tuple[str, ...], gate: str | None, context: tuple[str, ...], format_: str, folder: str
) -> None:
    """Check RDF files against the shapes, or without PATH the whole register and its quotes against the texts."""
    from kg.checking import check_files, check_register
    from kg.output import write_reports
    from kg.store import Workspace

    if paths and paths != ("store",):
        conforms = write_reports(check_files(paths, gate=cast("Gate | None", gate), context=context), format_)
    else:
        workspace = Workspace(Path(folder))
        with workspace.open() as generation:
            conforms = write_reports(check_register(workspace, generation), format_)
    if not conforms:
        sys.exit(1)
