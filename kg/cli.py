"""The command `kg`.

Data goes to standard output, words to standard error. Exit 0: fine; 1: a known error or a violation; 2: wrong usage.
Slow libraries are imported where they are used, so that `kg query` starts fast.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

from kg.commands import (
    asking,
    building,
    documenting,
    drawing,
    editing,
    listing,
    proving,
    publishing,
    quarantine,
    questioning,
    validating,
)
from kg.commands.common import cli, say
from kg.errors import ChanceryError

__all__ = [
    "asking",
    "building",
    "cli",
    "documenting",
    "drawing",
    "editing",
    "listing",
    "main",
    "proving",
    "publishing",
    "quarantine",
    "questioning",
    "validating",
]


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


if __name__ == "__main__":
    main()
