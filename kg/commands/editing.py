"""What changes a register by hand: `kg remove`, `kg decide`, and `kg diff`, which shows what changed."""

from __future__ import annotations

from pathlib import Path

import click

from kg.commands.common import (
    ROW_FORMATS,
    command,
    format_option,
    language_option,
    parameters,
    say,
    say_cleared,
    workspace_option,
)


@command("remove", "kg remove ru-07")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@workspace_option
def remove_command(documents: tuple[str, ...], folder: str) -> None:
    """Take documents out of the register, by their ids, and all that rests on them alone."""
    from kg.core import load_core
    from kg.pipeline import remove
    from kg.store import Workspace

    summary = remove(documents, Workspace(Path(folder)), load_core)
    say_cleared(summary.cleared)
    gone = "1 document is" if len(summary.removed) == 1 else f"{len(summary.removed)} documents are"
    say(f"{gone} out; generation {summary.generation} has {summary.facts} facts")


@command("diff", "kg diff 3 4")
@click.argument("before", type=int)
@click.argument("after", type=int)
@language_option
@format_option(ROW_FORMATS, "table")
@workspace_option
def diff_command(before: int, after: int, language: str, format_: str, folder: str) -> None:
    """Show the facts that appeared, vanished or changed from generation BEFORE to AFTER, each with the reason."""
    from kg.changes import find_changes
    from kg.output import write_rows
    from kg.store import Workspace

    workspace = Workspace(Path(folder))
    with workspace.open_at(before) as old, workspace.open_at(after) as new:
        changes = find_changes(old, new, language)
    rows = [(c.what, c.frame, ", ".join(c.roles), c.before, c.after, c.reason, c.fact) for c in changes]
    write_rows(["change", "what", "roles", "before", "after", "reason", "fact"], rows, format_)
    say(f"{len(rows)} facts differ between generations {before} and {after}")


@command("decide", "kg decide same person/sergey-lavrov entity/0f3a9c21 --editor 'A. Editor' --reason 'one biography'")
@click.argument("verdict", type=click.Choice(["same", "different", "unsure", "reject", "correct"]))
@click.argument("what", nargs=-1, required=True, metavar="ENTITY... | CLAIM")
@click.option("--set", "corrected", multiple=True, metavar="NAME=VALUE", help="What a corrected claim is to say.")
@click.option("--editor", required=True, help="Who decides.")
@click.option("--reason", required=True, help="Why.")
@click.option("--day", help="When it was decided (YYYY-MM-DD); today, if left out.")
@workspace_option
def decide_command(
    verdict: str,
    what: tuple[str, ...],
    corrected: tuple[str, ...],
    editor: str,
    reason: str,
    day: str | None,
    folder: str,
) -> None:
    """Decide that entities are one, or not, or that a claim is not to count, or to say something else.

    The decision is added to decisions.toml in the register's folder; the next kg build applies it.
    """
    import datetime

    from kg.deciding import ENTITY_VERDICTS, add_decision, claim_entry, entity_entry, find_claim
    from kg.names import Names
    from kg.queries import read_day
    from kg.register import load_extractions
    from kg.store import Workspace

    workspace = Workspace(Path(folder))
    when = read_day(day, "--day") if day else datetime.datetime.now(datetime.UTC).date().isoformat()
    who = {"editor": editor, "reason": reason, "day": when}
    with workspace.open() as generation:
        if verdict in ENTITY_VERDICTS:
            names = Names(generation.store)
            entry = entity_entry(verdict, [names.find_entity(one) for one in what], who)
        else:
            claims = [c for e in load_extractions(workspace, generation.documents) for c in e.claims]
            entry = claim_entry(verdict, find_claim(claims, what[0]), parameters(corrected), who)
    add_decision(workspace.decisions_file, entry)
    say(f"added to {workspace.decisions_file}; kg build PATH applies it")
