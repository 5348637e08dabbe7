"""Files that are there whole or not at all, and what tells whether they are still as they were written."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def put(path: Path, text: str) -> None:
    """Put `text` at `path` at once: after a kill, there is the old file or the new one, never half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_bytes(text.encode("utf-8"))
    fresh.replace(path)


def put_durably(path: Path, text: str) -> None:
    """Put `text` at `path` as `put` does, and on the disk before this returns, even if the power fails then."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with fresh.open("wb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk: a rename is not there for sure before that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksums(
    folder: Path, inside: Iterable[str], known: tuple[Path, Mapping[str, list[int]]] | None = None
) -> dict[str, list[int]]:
    """Return size and CRC-32 of each file in the folders `inside` a folder, by path.

    `known` is another folder with its checksums: a file that is linked from there is not read again.
    """
    before, given = known or (folder, {})
    return {
        name: given[name] if name in given and _is_linked(folder / name, before / name) else _checksum(folder / name)
        for one in inside
        for name in sorted(f"{one}/{path.name}" for path in (folder / one).iterdir())
    }


def _is_linked(path: Path, other: Path) -> bool:
    return other.exists() and path.samefile(other)


def _checksum(path: Path) -> list[int]:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return [path.stat().st_size, crc]
