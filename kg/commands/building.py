"""What reads documents: `kg build`, `kg extract` and `kg evaluate`."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.commands.common import (
    command,
    format_option,
    jobs_option,
    language_option,
    progress_bar,
    say,
    say_cleared,
    say_some,
    workspace_option,
)

if TYPE_CHECKING:
    from kg.summary import BuildSummary


@command("build", "kg build documents --workspace register")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@workspace_option
@click.option("--prune", is_flag=True, help="Remove documents that are gone from the given folders.")
@jobs_option
@format_option(("table", "json"), "table")
def build_command(
    paths: tuple[str, ...], folder: str, jobs: int | None, timeout: float, format_: str, *, prune: bool
) -> None:
    """Read documents into the register; files, folders, JSON Lines, or - for standard input.

    What is unchanged is not read again. What cannot be taken is reported or set aside, and the rest is done.
    """
    from kg.core import load_core
    from kg.pipeline import build
    from kg.store import Workspace

    with progress_bar() as progress:
        stdin = sys.stdin.buffer if "-" in paths else None
        workspace = Workspace(Path(folder))
        summary = build(
            paths, workspace, load_core, prune=prune, stdin=stdin, progress=progress, jobs=jobs, timeout=timeout
        )
    report_build(summary, format_)
    if summary.refused or summary.set_aside:
        sys.exit(1)


def report_build(summary: BuildSummary, format_: str) -> None:
    from kg.output import write_object, write_rows

    say_cleared(summary.cleared)
    say_some([f"{refused.path}: {refused.reason}" for refused in summary.refused])
    say_some([f"passed over {remark.path}: {remark.reason}" for remark in summary.remarks])
    say_some([f"set aside {r.id}: {r.reason}" for r in summary.set_aside], "kg quarantine lists all")
    say_some([f"{document}: no claim was found in it" for document in summary.without_claims], "kg documents lists all")
    say_some(
        [
            f"a fact does not conform and holds nowhere: {fact} (kg quarantine tells why)"
            for fact in summary.rejected_facts
        ]
    )
    say_some([f"a decision means nothing any more: {line}" for line in summary.unmatched_decisions])
    counts = summary.counts()
    if format_ == "json":
        write_object(counts)
    else:
        write_rows(["", ""], list(counts.items()), "table")


@command("extract", "kg extract documents/ru-01.txt --format table --explain")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@format_option(("jsonl", "table", "ttl", "html"), "jsonl")
@click.option(
    "--explain", is_flag=True, help="Show sentence by sentence what led to each claim, and what was set aside."
)
@click.option("--reference", type=click.Path(path_type=Path), help="A folder of your own names (*.ttl).")
@jobs_option
@language_option
def extract_command(
    paths: tuple[str, ...],
    format_: str,
    reference: Path | None,
    jobs: int | None,
    timeout: float,
    language: str,
    *,
    explain: bool,
) -> None:
    """Print the claims of documents, without a register."""
    from kg.claims_output import write_explanations, write_extractions
    from kg.extract import Extractor
    from kg.reading import read_over_workers
    from kg.resources import load_knowledge, load_packs
    from kg.workers import load_explain, load_extract

    stdin = sys.stdin.buffer if "-" in paths else None
    knowledge = load_knowledge(reference)
    extractor = Extractor(knowledge, load_packs())
    read = functools.partial(read_over_workers, paths, jobs=jobs, timeout=timeout, stdin=stdin)
    if format_ == "html":
        from kg.html_view import write_html

        explained = read(functools.partial(load_explain, reference), here=extractor.explain)
        refused = write_html(explained, knowledge, language, say=say)
    elif explain:
        explained = read(functools.partial(load_explain, reference), here=extractor.explain)
        refused = write_explanations(explained, say=say)
    else:
        found = read(functools.partial(load_extract, reference), here=extractor.extract)
        refused = write_extractions(found, format_, knowledge, language, say=say)
    if refused:
        sys.exit(1)


@command("evaluate", "kg evaluate tests/golden/ru --errors 5")
@click.argument("gold", type=click.Path(path_type=Path), metavar="GOLD_FOLDER")
@click.option(
    "--documents", type=click.Path(path_type=Path), metavar="FOLDER", help="Where the texts are, if elsewhere."
)
@click.option("--errors", type=click.IntRange(min=0), default=0, metavar="N", help="Show N errors of each language.")
@click.option(
    "--half",
    type=click.Choice(["dev", "held", "all"]),
    show_default="all; held with --reliability",
    help="Documents that rules were tuned on (NAME-01, -05, -09, -13), or those kept aside.",
)
@click.option("--reliability", is_flag=True, help="Show how often claims of each confidence are right.")
@format_option(("table", "json", "md"), "table")
def evaluate_command(
    gold: Path, documents: Path | None, errors: int, half: str | None, format_: str, *, reliability: bool
) -> None:
    """Compare claims with annotated documents: precision, recall, dates, speakers, and the errors themselves."""
    from kg.evaluate import Half, measure, read_gold, write_measures
    from kg.extract import Extractor
    from kg.resources import load_knowledge, load_packs

    golds = read_gold(gold)
    knowledge = load_knowledge()
    half = half or ("held" if reliability else "all")
    measured = measure(
        golds, Extractor(knowledge, load_packs()), knowledge, half=cast("Half", half), documents=documents
    )
    write_measures(measured, format_, errors=errors, calibrated=reliability)
