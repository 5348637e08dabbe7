"""What lists the content and the generations of a register."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import (
    ROW_FORMATS,
    command,
    format_option,
    language_option,
    open_register,
    say,
    workspace_option,
)


@command("documents", "kg documents --format csv")
@workspace_option
@format_option(ROW_FORMATS, "table")
def documents_command(folder: str, format_: str) -> None:
    """List the documents that are in, and how many sentences named parties and gave no claim."""
    from kg.output import write_rows

    headings = ["document", "language", "published", "claims", "sentences", "silent", "title", "source"]
    with open_register(folder) as generation:
        rows = [
            (r.id, r.language, r.published, r.claims, r.sentences, r.silent_sentences, r.title, r.source)
            for r in generation.documents.every()
        ]
        write_rows(headings, rows, format_)
        say(
            f"{len(rows)} documents, generation {generation.number}; "
            "silent: sentences that name parties and gave no claim"
        )


@command("report", "kg report ru-priznanie-emirata")
@click.argument("document")
@workspace_option
@format_option(ROW_FORMATS, "table")
def report_command(document: str, folder: str, format_: str) -> None:
    """Show what reading a document left undecided or set aside, where, and why."""
    from kg.output import write_rows
    from kg.register import find_report
    from kg.store import Workspace

    workspace = Workspace(Path(folder))
    with workspace.open() as generation:
        rows = find_report(workspace, generation, document)
    write_rows(["what", "from", "to", "reason", "text"], rows, format_)


@command("stats", "kg stats --lang ru")
@workspace_option
@language_option
@format_option(ROW_FORMATS, "table")
def stats_command(folder: str, language: str, format_: str) -> None:
    """Count what the register holds."""
    from kg.output import write_rows
    from kg.statistics import count

    with open_register(folder) as generation:
        write_rows(["what", "kind", "number"], count(generation, language), format_)


@command("log", "kg log")
@workspace_option
@format_option(ROW_FORMATS, "table")
def log_command(folder: str, format_: str) -> None:
    """List the generations that are kept; the published one is marked."""
    from kg.output import write_rows
    from kg.store import Workspace

    workspace = Workspace(Path(folder))
    infos, current = workspace.generations(), workspace.current()
    headings = ["generation", "published", "built", "from", "documents", "claims", "facts", "quads"]
    rows = [
        (i.generation, "*" if i.generation == current else "", i.built, i.parent,
         *(i.counts.get(name) for name in headings[4:]))
        for i in infos
    ]  # fmt: skip
    write_rows(headings, rows, format_)
    interrupted = workspace.interrupted()
    if interrupted:
        say(
            f"kg: a build was interrupted ({', '.join(interrupted)}); the register is as it was before: "
            "run the build again, and it will finish the work"
        )


@command("rollback", "kg rollback 3")
@click.argument("generation", type=int, required=False)
@workspace_option
def rollback_command(generation: int | None, folder: str) -> None:
    """Publish an earlier generation again: the one before, or GENERATION."""
    from kg.store import Workspace

    number = Workspace(Path(folder)).rollback(generation)
    say(f"generation {number} is published again")
