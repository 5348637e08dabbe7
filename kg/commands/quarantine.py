"""What was kept out of the register: `kg quarantine` lists it and tries it again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.building import report_build
from kg.commands.common import (
    ROW_FORMATS,
    Command,
    cli,
    command,
    format_option,
    jobs_option,
    open_register,
    progress_bar,
    say,
    workspace_option,
)


@command("quarantine", "kg quarantine retry ru-07")
@click.argument("action", type=click.Choice(["list", "retry"]), default="list")
@click.argument("documents", nargs=-1, metavar="[DOCUMENT...]")
@workspace_option
@jobs_option
@format_option(ROW_FORMATS, "table")
def quarantine_command(
    action: str, documents: tuple[str, ...], folder: str, jobs: int | None, timeout: float, format_: str
) -> None:
    """List what was read and kept out, with the reasons and the values at fault; or retry it after a repair.

    Facts that break a shape, and so hold nowhere, are listed with the documents they rest on.

    Nothing is dropped: the text of each document is kept, and it stays listed until it conforms or is removed. Retry
    reads its file again, or the text kept where the file is gone.
    """
    if action == "list":
        _list(documents, folder, format_)
        return
    from kg.core import load_core
    from kg.pipeline import retry
    from kg.store import Workspace

    with progress_bar() as progress:
        workspace = Workspace(Path(folder))
        workspace.check()
        summary = retry(documents, workspace, load_core, progress=progress, jobs=jobs, timeout=timeout)
    report_build(summary, "json" if format_ in ("json", "jsonl") else "table")
    if summary.set_aside:
        sys.exit(1)


cli.add_command(
    Command(
        "set-aside",
        params=quarantine_command.params,
        callback=quarantine_command.callback,
        help="Do the same as `kg quarantine`, whose earlier name this is.",
        epilog="kg set-aside",
        hidden=True,
    )
)


def _list(documents: tuple[str, ...], folder: str, format_: str) -> None:
    from kg.output import write_rows
    from kg.quarantine import HEADINGS, faults_of, faults_of_facts, find_set_aside
    from kg.store import Workspace

    with open_register(folder) as generation:
        records = find_set_aside(generation, documents)
        rows = [row for record in records for row in faults_of(record)]
        if not documents:
            rows += faults_of_facts(Workspace(Path(folder)), generation)
    write_rows(HEADINGS, rows, format_)
    say(f"{len(records)} {'document is' if len(records) == 1 else 'documents are'} set aside")
