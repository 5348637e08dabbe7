"""Records put aside in files until the part of the work that they belong to is done."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_HELD = 5000  # records held in memory before they go to their files


class FileSpool:
    """Keeps records by part in a folder of its own, made here; only for this process, which reads each part once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._held: dict[int, list[Any]] = defaultdict(list)
        self._number = 0

    def put(self, part: int, record: Any) -> None:
        """Put a record aside."""
        self._held[part].append(record)
        self._number += 1
        if self._number >= _HELD:
            self._write()

    def take(self, part: int) -> Iterator[Any]:
        """Yield the records of a part in the order they came in, and forget them."""
        self._write()
        path = self._file(part)
        if not path.exists():
            return
        with path.open("rb") as file:
            end = path.stat().st_size
            while file.tell() < end:
                yield from pickle.load(file)
        path.unlink()

    def _write(self) -> None:
        for part, records in self._held.items():
            with self._file(part).open("ab") as file:
                pickle.dump(records, file, pickle.HIGHEST_PROTOCOL)
        self._held.clear()
        self._number = 0

    def _file(self, part: int) -> Path:
        return self._folder / f"{part:06d}"
