"""What checks a register, or anybody's graph: `kg validate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.commands.common import command, format_option, open_register, say, workspace_option

if TYPE_CHECKING:
    from kg.checking import Checked, Engine
    from kg.shacl import Gate

_GATES = ("document", "fact", "direct", "reference", "ontology")
_FORMATS = ("table", "text", "json", "ttl", "junit")
_SYNTAXES = ("turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld", "n3")


@command("validate", "kg validate data.ttl --shapes shapes/ --format junit")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option(
    "--shapes", multiple=True, metavar="FILE_OR_FOLDER", help="Your own SHACL shapes, in place of Chancery's."
)
@click.option("--gate", type=click.Choice(_GATES), help="Which of Chancery's shapes; else by what a file holds.")
@click.option("--context", multiple=True, metavar="FILE", help="RDF that the data is about, judged along with it.")
@click.option(
    "--engine", type=click.Choice(["store", "pyshacl"]), default="store", show_default=True,
    help="What judges: SPARQL in the store (pyshacl for what that cannot ask), or pyshacl alone.",
)  # fmt: skip
@click.option("--syntax", type=click.Choice(_SYNTAXES), help="The syntax of the data, where names do not tell it.")
@format_option(_FORMATS, "text")
@workspace_option
def validate_command(
    paths: tuple[str, ...],
    shapes: tuple[str, ...],
    gate: str | None,
    context: tuple[str, ...],
    engine: str,
    syntax: str | None,
    format_: str,
    folder: str,
) -> None:
    """Check RDF files and folders against shapes; without PATH, the whole register.

    With --shapes all files are one graph, judged by your shapes; else each file is judged by Chancery's. Of the
    register, texts, quotes, facts and checksums are checked too. The exit code is 1 when there is a violation.
    """
    from kg.report_output import write_reports

    if shapes and gate:
        raise click.UsageError("--gate chooses among Chancery's shapes: give it without --shapes")
    if paths and paths != ("store",):
        stdin = sys.stdin.buffer if "-" in paths else None
        told = {"context": context, "engine": cast("Engine", engine), "syntax": syntax, "stdin": stdin}
        conforms = write_reports(_of_files(paths, shapes, gate, told), format_, say)
    else:
        conforms = _check_register(folder, shapes, cast("Engine", engine), format_)
    if not conforms:
        sys.exit(1)


def _of_files(
    paths: tuple[str, ...], shapes: tuple[str, ...], gate: str | None, told: dict[str, object]
) -> Iterable[Checked]:
    from kg.checking import check_files
    from kg.foreign import check_graph, read_shapes

    if shapes:
        return [check_graph(paths, read_shapes(shapes), **told)]  # type: ignore[arg-type]
    return check_files(paths, gate=cast("Gate | None", gate), **told)  # type: ignore[arg-type]


def _check_register(folder: str, shapes: tuple[str, ...], engine: Engine, format_: str) -> bool:
    from kg.checking import check_register
    from kg.foreign import check_ground, read_shapes
    from kg.report_output import write_reports
    from kg.store import Workspace

    own = read_shapes(shapes) if shapes else None
    with open_register(folder) as generation:
        if own is not None:
            return write_reports([check_ground("register", generation.store, own, engine)], format_, say)
        return write_reports(check_register(Workspace(Path(folder)), generation, engine), format_, say)
