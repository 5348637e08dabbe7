"""Where the project's own data files lie, in a checkout or in an installed package."""

from __future__ import annotations

from pathlib import Path

from kg.errors import DataError


def data_folder(name: str) -> Path:
    """Return the folder of `ontology`, `queries` or `shapes`, in a checkout or in an installed package."""
    here = Path(__file__).parent
    for place in (here / "data" / name, here.parent / name):
        if place.is_dir():
            return place
    raise DataError(f"the folder {name!r} of this installation is missing; install the package again")
