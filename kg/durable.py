"""Files that are there whole or not at all, and what tells whether a generation's are still as they were written."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError

CHECKED = ("store", "records")  # folders of a generation whose files must be as they were written


def put(path: Path, text: str, through: Path) -> None:
    """Put `text` at `path` at once: after a kill, there is the old file or the new one, never half of it.

    It is written in the folder `through`, on the same file system, so that what a kill leaves is found there.
    """
    fresh = through / f"{path.name}.{os.getpid()}.new"
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


def written(folder: Path) -> dict[str, list[int]]:
    """Return size and checksum of each file of a generation as it was written."""
    found: dict[str, list[int]] = json.loads((folder / "files.json").read_text(encoding="utf-8"))
    return found


def check_files(folder: Path, *, most: int | None = None) -> None:
    """Raise StoreError unless the files of a generation's store are as they were written.

    Sizes are always compared, contents only when all files together hold no more than `most` bytes.
    """
    try:
        as_written = written(folder)
        sizes = {name: (folder / name).stat().st_size for name in as_written}
    except (OSError, ValueError) as error:
        raise damaged(folder, error) from None
    contents = most is None or sum(sizes.values()) <= most
    found = checksums(folder, CHECKED) if contents else sizes
    for name, (size, checksum) in as_written.items():
        if found.get(name) != ([size, checksum] if contents else size):
            raise damaged(folder, f"{name} is not as it was written")


def copy_index(path: Path, to: Path) -> ox.Store:
    """Return a copy of an index to write to; an empty one where there is none: then all is concluded anew."""
    if path.is_dir():
        try:
            ox.Store.read_only(str(path)).backup(str(to))
            return ox.Store(str(to))
        except (OSError, RuntimeError):  # damaged: nothing is lost but time
            shutil.rmtree(to, ignore_errors=True)
    return ox.Store(str(to))


def open_read_only(path: Path) -> ox.Store:
    """Return a store of a generation. Raises StoreError when its files are damaged."""
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as error:  # RocksDB's "corruption" is a RuntimeError
        raise damaged(path.parent, error) from None


def damaged(folder: Path, error: Exception | str) -> StoreError:
    """Return what says that a generation is damaged, and the way back."""
    return StoreError(
        f"the register is damaged at {folder} ({error}); go back with `kg rollback`, or build again into another folder"
    )
