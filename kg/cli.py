"""The command `kg`: each command parses its arguments, calls one function and prints what it returns.

Data goes to standard output, words to standard error. Exit 0: fine; 1: a known error or a violation; 2: wrong usage.
Slow libraries are imported where they are used, so that `kg query` starts fast.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from kg import __version__
from kg.errors import ChanceryError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.pipeline import BuildSummary, Progress
    from kg.shacl import Gate
    from kg.store import Generation

F = TypeVar("F", bound=Callable[..., Any])
LANGUAGES = ("en", "kk", "ru", "vi")
_SAID = 20  # messages of one kind
ROW_FORMATS = ("table", "csv", "json", "jsonl", "md")
DUMP_FORMATS = ("nquads", "trig", "jsonld", "ntriples", "turtle", "rdfxml")


def main() -> NoReturn:
    """Run the command line; known errors are shown as one message, anything else is a bug and shows a traceback."""
    # rdflib logs each ill-typed literal with a traceback; the shapes report them.
    logging.getLogger("rdflib").setLevel(logging.ERROR)
    try:
        cli.main(prog_name="kg", standalone_mode=True)
    except ChanceryError as error:
        say(f"kg: {error}")
        sys.exit(error.exit_code)
    except RuntimeError as error:
        if not str(error).startswith("Corruption"):  # RocksDB's word for a damaged file, met while reading it
            raise
        say(f"kg: the register is damaged ({error}); go back with `kg rollback`, or build again into another folder")
        sys.exit(1)
    except BrokenPipeError:
        # The reader of a pipe has gone: nothing to say, and nothing more to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        say("kg: stopped; the register is as it was")
        sys.exit(130)
    sys.exit(0)


def say(message: str) -> None:
    """Print words for people."""
    click.echo(message, err=True)


class Command(click.Command):
    """A command whose help keeps the lines of its example."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it stands."""
        del ctx
        if self.epilog:
            formatter.write_paragraph()
            formatter.write("Example:\n")
            for line in self.epilog.strip().splitlines():
                formatter.write(f"  {line.strip()}\n")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Example: kg build documents && kg query which-states-recognise --param recognised=Taliban --evidence",
)
@click.version_option(__version__, prog_name="kg")
@click.option("-w", "--workspace", "folder", metavar="DIR", help="The folder of the register, for any command.")
def cli(folder: str | None) -> None:
    """Chancery: a register of international relations, built from Kazakh, Russian, Vietnamese and English documents."""
    if folder is not None:
        os.environ["KG_WORKSPACE"] = folder


def command(name: str, example: str) -> Callable[[F], click.Command]:
    """Return a decorator that makes a function a command of `kg` with an example in its help."""
    return cli.command(name, cls=Command, epilog=example)


def workspace_option(function: F) -> F:
    """Add `--workspace`."""
    return click.option(
        "-w",
        "--workspace",
        "folder",
        default="register",
        envvar="KG_WORKSPACE",
        show_default="./register",
        show_envvar=True,
        metavar="DIR",
        help="The folder of the register.",
    )(function)


def format_option(formats: Sequence[str], default: str) -> Callable[[F], F]:
    """Return a decorator that adds `--format`."""
    return click.option(
        "-f", "--format", "format_", type=click.Choice(list(formats)), default=default, show_default=True,
        help="How to write the result.",
    )  # fmt: skip


def language_option(function: F) -> F:
    """Add `--lang`."""
    return click.option(
        "-l", "--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True,
        help="The language of labels.",
    )(function)  # fmt: skip


def jobs_option(function: F) -> F:
    """Add `--jobs` and `--timeout`."""
    jobs = click.option(
        "-j", "--jobs", type=click.IntRange(min=1), metavar="N", show_default="one a core; none for a few documents",
        help="How many worker processes read documents; 1: none, and nothing is stopped.",
    )  # fmt: skip
    timeout = click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, metavar="SECONDS",
        help="How long a worker may read one document before it is stopped.",
    )  # fmt: skip
    return jobs(timeout(function))


# -- building ---------------------------------------------------------------------------------------------------------


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

    with _progress() as progress:
        stdin = sys.stdin.buffer if "-" in paths else None
        workspace = Workspace(Path(folder))
        summary = build(
            paths, workspace, load_core, prune=prune, stdin=stdin, progress=progress, jobs=jobs, timeout=timeout
        )
    _report_build(summary, format_)
    if summary.refused or summary.set_aside:
        sys.exit(1)


def _report_build(summary: BuildSummary, format_: str) -> None:
    from kg.output import write_object, write_rows

    _say_some([f"{refused.path}: {refused.reason}" for refused in summary.refused])
    _say_some([f"passed over {remark.path}: {remark.reason}" for remark in summary.remarks])
    _say_some([f"set aside {r.id}: {r.reason}" for r in summary.set_aside], "kg set-aside lists all")
    _say_some(
        [f"{document}: no claim was found in it" for document in summary.without_claims], "kg documents lists all"
    )
    _say_some([f"a fact does not conform and holds nowhere: {fact}" for fact in summary.rejected_facts])
    _say_some([f"a decision means nothing any more: {line}" for line in summary.unmatched_decisions])
    counts = summary.counts()
    if format_ == "json":
        write_object(counts)
    else:
        write_rows(["", ""], list(counts.items()), "table")


def _say_some(messages: Sequence[str], where: str = "") -> None:
    """Say the first of many messages, and how many more there are."""
    for message in messages[:_SAID]:
        say(f"kg: {message}")
    if len(messages) > _SAID:
        say(f"kg: and {len(messages) - _SAID} more like this{f'; {where}' if where else ''}")


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


# -- the register -----------------------------------------------------------------------------------------------------


@command("documents", "kg documents --format csv")
@workspace_option
@format_option(ROW_FORMATS, "table")
def documents_command(folder: str, format_: str) -> None:
    """List the documents that are in, and how many sentences named parties and gave no claim."""
    from kg.output import write_rows

    headings = ["document", "language", "published", "claims", "sentences", "silent", "title", "source"]
    with _opened(folder) as generation:
        rows = [
            (r.id, r.language, r.published, r.claims, r.sentences, r.silent_sentences, r.title, r.source)
            for _, r in sorted(generation.documents.items())
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


@command("set-aside", "kg set-aside --report")
@workspace_option
@click.option("--report", is_flag=True, help="Show the report of the shapes too.")
@format_option(ROW_FORMATS, "table")
def set_aside_command(folder: str, format_: str, *, report: bool) -> None:
    """List the documents that were read and kept out, and why."""
    from kg.output import write_rows

    with _opened(folder) as generation:
        records = [record for _, record in sorted(generation.set_aside.items())]
    headings = ["document", "reason", "source"] + (["report"] if report else [])
    rows = [(r.id, r.reason, r.source, *(["\n".join(r.report)] if report else [])) for r in records]
    write_rows(headings, rows, format_)


@command("stats", "kg stats --lang ru")
@workspace_option
@language_option
@format_option(ROW_FORMATS, "table")
def stats_command(folder: str, language: str, format_: str) -> None:
    """Count what the register holds."""
    from kg.output import write_rows
    from kg.statistics import count

    with _opened(folder) as generation:
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


@command("rollback", "kg rollback 3")
@click.argument("generation", type=int, required=False)
@workspace_option
def rollback_command(generation: int | None, folder: str) -> None:
    """Publish an earlier generation again: the one before, or GENERATION."""
    from kg.store import Workspace

    number = Workspace(Path(folder)).rollback(generation)
    say(f"generation {number} is published again")


# -- asking -----------------------------------------------------------------------------------------------------------


@command("queries", "kg queries --lang ru")
@language_option
@format_option(ROW_FORMATS, "table")
def queries_command(language: str, format_: str) -> None:
    """List the saved queries with their parameters."""
    from kg.output import write_rows
    from kg.resources import data_folder
    from kg.saved import load_queries

    rows = [
        (q.name, q.title[language], " ".join(p.usage() for p in q.parameters))
        for q in load_queries(data_folder("queries")).values()
    ]
    write_rows(["query", "answers", "parameters"], rows, format_)


@command("query", "kg query which-states-recognise --param recognised=Taliban --evidence --as-of 2025-12-31")
@click.argument("name")
@click.option(
    "-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A value for a parameter of the query."
)
@click.option("--as-of", "day", metavar="DAY", help="What held on this day (YYYY-MM-DD).")
@click.option("--possible", is_flag=True, help="With --as-of: add what may have held that day, and say which it is.")
@click.option("--known-by", metavar="DAY", help="Only what documents published by this day say.")
@click.option("-e", "--evidence", is_flag=True, help="Add quote, document, date and speaker of each claim.")
@language_option
@format_option(ROW_FORMATS, "table")
@workspace_option
def query_command(
    name: str,
    params: tuple[str, ...],
    day: str | None,
    known_by: str | None,
    language: str,
    format_: str,
    folder: str,
    *,
    evidence: bool,
    possible: bool,
) -> None:
    """Ask a saved query; entities by name in any of the four languages, or by identifier."""
    from kg.output import write_answer
    from kg.queries import ask, count_disputed, nearest_query, question_of, read_day, with_certainty
    from kg.resources import data_folder
    from kg.saved import load_headings, load_queries

    if possible and day is None:
        raise click.UsageError("--possible needs --as-of DAY")
    values = _parameters(params)
    query = nearest_query(load_queries(data_folder("queries")), name)
    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None
    with _opened(folder) as generation:
        store = _store_on(generation, folder, as_of, known)
        answer = ask(store, query, values, language=language, evidence=evidence)
        if possible:
            wider = _store_on(generation, folder, as_of, known, possible=True)
            both = ask(wider, query, values, language=language, evidence=evidence)
            answer = with_certainty(answer, both, load_headings(data_folder("queries")), language)
        say(question_of(answer, language))
        write_answer(answer, format_, language, evidence=evidence)
        _say_of_answer(len(answer.rows), generation, as_of)
        disputed = count_disputed(store, query, values)
        if disputed:
            say(f"{disputed} more disputed: add --param status=actual,disputed")


def _say_of_answer(rows: int, generation: Generation, day: str | None) -> None:
    when = f" as of {day}" if day else ""
    say(f"{rows} {'row' if rows == 1 else 'rows'}{when}, generation {generation.number}")
    silent = sum(record.silent_sentences for record in generation.documents.values())
    if not rows and silent:
        say(
            f"{silent} sentences of {len(generation.documents)} documents name parties and gave no claim (kg documents)"
        )


def _store_on(
    generation: Generation, folder: str, day: str | None, known_by: str | None, *, possible: bool = False
) -> ox.Store:
    """Return the store as it is, or concluded again in memory for a day."""
    if day is None and known_by is None:
        return generation.store
    from kg.core import load_core
    from kg.register import store_on
    from kg.store import Workspace

    workspace = Workspace(Path(folder))
    store, undated = store_on(
        workspace, generation, load_core(workspace), day=day, known_by=known_by, possible=possible
    )
    if undated and not possible:
        say(f"{undated} documents without a date are left out")
    return store


def _parameters(params: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{param!r}; expected NAME=VALUE", param_hint="--param")
        if name.strip() in values:
            raise click.BadParameter(f"{name.strip()!r} is given twice", param_hint="--param")
        values[name.strip()] = value.strip()
    return values


@command("sparql", "kg sparql 'SELECT ?s WHERE { GRAPH ?g { ?s a chy:State } } LIMIT 5'")
@click.argument("query")
@format_option((*ROW_FORMATS, "ttl"), "table")
@workspace_option
def sparql_command(query: str, format_: str, folder: str) -> None:
    """Run a SPARQL query (text, a file, or - for standard input); read only.

    The default graph is the union of all graphs, which may show a triple twice: use DISTINCT or GRAPH.
    """
    from kg.output import write_rows
    from kg.sparql import Graph, Table, read_query, run_query, turtle

    text = sys.stdin.read() if query == "-" else read_query(query)
    with _opened(folder) as generation:
        result = run_query(generation.store, text)
    if isinstance(result, Table):
        write_rows(result.headings, result.rows, "csv" if format_ == "ttl" else format_)
    elif isinstance(result, Graph):
        click.echo(turtle(result.triples), nl=False)
    else:
        click.echo("true" if result else "false")


@command("show", "kg show Kazakhstan --lang kk")
@click.argument("entity")
@language_option
@format_option(("table", "json"), "table")
@workspace_option
def show_command(entity: str, language: str, format_: str, folder: str) -> None:
    """Show what is known of an entity: names, kinds, identifiers, facts in order of time."""
    from kg.output import write_entity
    from kg.show import show_entity

    with _opened(folder) as generation:
        write_entity(show_entity(generation.store, entity, language), format_)


@command("why", "kg why Russia recognises Taliban")
@click.argument("what", nargs=-1, required=True, metavar="FACT | SUBJECT PROPERTY OBJECT")
@language_option
@format_option(("text", "json", "ttl"), "text")
@workspace_option
def why_command(what: tuple[str, ...], language: str, format_: str, folder: str) -> None:
    """Show the proof of a fact (its first digits do), or of a triple: axioms, rule, facts, claims, quotes."""
    from kg.names import Names
    from kg.proof_output import as_json, as_text, as_turtle
    from kg.resources import load_knowledge
    from kg.store import Workspace
    from kg.why import prove

    knowledge = load_knowledge(Workspace(Path(folder)).reference_folder)
    with _opened(folder) as generation:
        proof, names = prove(generation.store, knowledge, what), Names(generation.store)
        if format_ == "text":
            text = as_text(proof, lambda iri: names.label(iri, language))
        else:
            text = as_json(proof) if format_ == "json" else as_turtle(proof)
    click.echo(text, nl=False)


@command("cite", "kg cite 0f3a9c21 --format bibtex")
@click.argument("fact")
@click.option("--as-of", "day", metavar="DAY", help="As it stood on this day (YYYY-MM-DD).")
@click.option("--known-by", metavar="DAY", help="By what documents published by this day say.")
@language_option
@format_option(("text", "bibtex"), "text")
@workspace_option
def cite_command(fact: str, day: str | None, known_by: str | None, language: str, format_: str, folder: str) -> None:
    """Print how to cite a fact: what it says, the generation and days it was read in, and its sources."""
    from kg.citation import Edition, as_bibtex, as_text
    from kg.names import Names
    from kg.proof import FactProof
    from kg.queries import read_day
    from kg.resources import load_knowledge
    from kg.store import Workspace
    from kg.why import prove

    as_of = read_day(day, "--as-of") if day is not None else None
    known = read_day(known_by, "--known-by") if known_by is not None else None
    knowledge = load_knowledge(Workspace(Path(folder)).reference_folder)
    with _opened(folder) as generation:
        store = _store_on(generation, folder, as_of, known)
        proof, names = prove(store, knowledge, (fact,)), Names(store)
        edition = Edition(generation.number, generation.info.built, as_of, known)
        write = as_bibtex if format_ == "bibtex" else as_text
        if isinstance(proof, FactProof):
            click.echo(write(proof, edition, lambda iri: names.label(iri, language)), nl=False)


# -- correcting -------------------------------------------------------------------------------------------------------


@command("remove", "kg remove ru-07")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@workspace_option
def remove_command(documents: tuple[str, ...], folder: str) -> None:
    """Take documents out of the register, by their ids, and all that rests on them alone."""
    from kg.core import load_core
    from kg.pipeline import remove
    from kg.store import Workspace

    summary = remove(documents, Workspace(Path(folder)), load_core)
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
            entry = claim_entry(verdict, find_claim(claims, what[0]), _parameters(corrected), who)
    add_decision(workspace.decisions_file, entry)
    say(f"added to {workspace.decisions_file}; kg build PATH applies it")


# -- publishing and checking ------------------------------------------------------------------------------------------


@command("dump", "kg dump --format turtle --output register.ttl.gz")
@format_option(DUMP_FORMATS, "nquads")
@click.option("-o", "--output", default="-", metavar="FILE", help="A file; compressed when its name ends in .gz.")
@click.option("--gzip", "compress", is_flag=True, help="Compress.")
@click.option("--with-history", is_flag=True, help="Add the builds and the identifiers that joins replaced.")
@workspace_option
def dump_command(format_: str, output: str, folder: str, *, compress: bool, with_history: bool) -> None:
    """Write the register as RDF, sorted: the same register gives the same bytes."""
    from kg.dump import dump, opened

    with _opened(folder) as generation, opened(output, sys.stdout.buffer, compress=compress) as stream:
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


# -- what several commands share --------------------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(folder: str) -> Iterator[Generation]:
    from kg.store import Workspace

    with Workspace(Path(folder)).open() as generation:
        yield generation


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    """Yield what shows how far long work has come, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("starting", total=None)
        yield lambda stage, done, total: bars.update(task, description=stage, completed=done, total=total)


if __name__ == "__main__":
    main()
