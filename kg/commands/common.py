"""What all commands share: the group `kg`, options, the opened register, and words for people."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg import __version__
from kg.printable import printable

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.pipeline import Progress
    from kg.store import Generation

F = TypeVar("F", bound=Callable[..., Any])
LANGUAGES = ("en", "kk", "ru", "vi")
_SAID = 20  # messages of one kind
ROW_FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md")
DUMP_FORMATS = ("nquads", "trig", "jsonld", "ntriples", "turtle", "rdfxml")


def say(message: str) -> None:
    """Print words for people."""
    click.echo(printable(message), err=True)


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


def queries_option(function: F) -> F:
    """Add `--queries`."""
    return click.option(
        "--queries", "own", type=click.Path(path_type=Path), metavar="DIR",
        help="A folder of saved queries of your own, which come before those of the same name.",
    )(function)  # fmt: skip


def jobs_option(function: F) -> F:
    """Add `--jobs` and `--timeout`."""
    jobs = click.option(
        "-j", "--jobs", type=click.IntRange(min=1), metavar="N", show_default="one a core; none for a few documents",
        help="How many worker processes read documents; 1: none.",
    )  # fmt: skip
    timeout = click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, metavar="SECONDS",
        help="How long reading one document may take before it is stopped.",
    )  # fmt: skip
    return jobs(timeout(function))


def limits_option(seconds: float) -> Callable[[F], F]:
    """Return a decorator that adds `--timeout` and `--memory` of a question."""

    def decorate(function: F) -> F:
        timeout = click.option(
            "--timeout", type=click.FloatRange(min=0, min_open=True), default=seconds, show_default=True,
            metavar="SECONDS", help="How long it may take before it is stopped.",
        )  # fmt: skip
        memory = click.option(
            "--memory", type=click.IntRange(min=1), default=4096, show_default=True, metavar="MB",
            help="How much memory it may take before it is stopped.",
        )  # fmt: skip
        return timeout(memory(function))

    return decorate


def say_some(messages: Sequence[str], where: str = "") -> None:
    """Say the first of many messages, and how many more there are."""
    for message in messages[:_SAID]:
        say(f"kg: {message}")
    if len(messages) > _SAID:
        say(f"kg: and {len(messages) - _SAID} more like this{f'; {where}' if where else ''}")


def say_cleared(cleared: Sequence[str]) -> None:
    """Say what an interrupted writer had left, which is gone now."""
    if cleared:
        left = ", ".join(cleared)
        say(f"kg: an earlier build was interrupted and published nothing; what it left is removed ({left})")


def store_on_day(
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
        left = "document without a date is" if undated == 1 else "documents without a date are"
        say(f"{undated} {left} left out")
    return store


def parameters(params: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{param!r}; expected NAME=VALUE", param_hint="--param")
        if name.strip() in values:
            raise click.BadParameter(f"{name.strip()!r} is given twice", param_hint="--param")
        values[name.strip()] = value.strip()
    return values


@contextlib.contextmanager
def open_register(folder: str) -> Iterator[Generation]:
    from kg.store import Workspace

    with Workspace(Path(folder)).open() as generation:
        yield generation


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
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
