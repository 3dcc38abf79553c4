"""How many bytes lie in a folder of originals, without looking at each of them every night.

Originals never change; they come, and some leave (`erase`, the cold disk).  Both move their folder's time, so what was
counted in a folder holds as long as its time does.  Years of originals lie in a folder a day.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from disk.private import write_private

_RESTED = 3600.0  #: seconds; some file systems tell times by the second or two, and clocks are set


class FolderSize(NamedTuple):
    """What was seen of a folder."""

    mtime_ns: int
    bytes: int  #: of the files that lie directly in it
    folders: list[str]  #: the names of those in it


@dataclass
class FolderSizes:
    """What was counted before, kept beside the book."""

    notes: Path
    _known: dict[str, FolderSize] = field(default_factory=dict)
    _seen: dict[str, FolderSize] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the notes; what cannot be read is counted anew."""
        try:
            said = json.loads(self.notes.read_bytes())
            self._known = {place: FolderSize(*counted) for place, counted in said.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._known = {}

    def below(self, folder: Path) -> int:
        """Bytes of all files below *folder*; 0 where there is none."""
        return sum(counted.bytes for counted in self._all(folder))

    def anew(self, folder: Path) -> int:
        """Bytes of the files that lie in *folder*, which may change where they lie."""
        try:
            return _counted(folder, 0).bytes
        except FileNotFoundError:
            return 0

    def keep(self) -> None:
        """Write down what has rested since it was counted."""
        rested = (time.time() - _RESTED) * 1e9
        kept = {place: counted for place, counted in self._seen.items() if counted.mtime_ns < rested}
        write_private(self.notes, json.dumps(kept).encode())

    def _all(self, folder: Path) -> Iterator[FolderSize]:
        try:
            mtime_ns = folder.stat(follow_symlinks=False).st_mtime_ns
            counted = self._known.get(str(folder))
            if counted is None or counted.mtime_ns != mtime_ns:
                counted = _counted(folder, mtime_ns)
        except FileNotFoundError:  # nothing was ever kept there
            return
        self._seen[str(folder)] = counted
        yield counted
        for name in counted.folders:
            yield from self._all(folder / name)


def _counted(folder: Path, mtime_ns: int) -> FolderSize:
    size, folders = 0, list[str]()
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                size += entry.stat(follow_symlinks=False).st_size
    return FolderSize(mtime_ns, size, sorted(folders))
