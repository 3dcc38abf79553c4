"""Taking a file away from the drop folder, only while it is still exactly what was kept.

The file first steps aside under a private name, so that a save under its old name makes a new file and never
overwrites what is being checked.  It is unlinked only after its content was read once more.  Wherever this is
cut short, the private name is found by the next scan and taken like any other file: nothing can be lost.
"""

from __future__ import annotations

import os
import re
import stat
from enum import Enum
from pathlib import Path

from intake.inbox.read import Mark, digest, patiently

PREFIX = ".kebu-taken-"
PRIVATE = re.compile(re.escape(PREFIX) + r"[0-9a-f]{16}-(?P<name>.+)", re.DOTALL)
LONGEST = 240  #: bytes; file systems allow 255


class Removal(Enum):
    """How it went."""

    GONE = "gone"
    CHANGED = "changed"  #: other content than was taken: it stays, to be taken as a new file
    HELD = "held"  #: locked or unreachable: try again later


def own_name(name: str) -> str:
    """The name that staff gave: a file that was left under its private name gets its old name back."""
    private = PRIVATE.fullmatch(name)
    return private["name"] if private else name


def set_aside(path: Path, sha256: str) -> Path:
    """Where *path* stands while it is being taken away: what a crash may leave of it."""
    return path.with_name(_private_name(path.name, sha256))


def take_away(path: Path, size: int, mtime_ns: int, sha256: str) -> Removal:
    """Unlink *path* if size, time and content are those that were taken.  Never raises OSError."""
    try:
        if not _same_mark(Mark.of(path.lstat()), size, mtime_ns):
            return Removal.CHANGED
        aside = _step_aside(path, sha256)
    except FileNotFoundError:
        return Removal.GONE if path.parent.is_dir() else Removal.HELD
    except OSError:
        return Removal.HELD
    return _finish(aside, path, size, mtime_ns, sha256)


def _finish(aside: Path, path: Path, size: int, mtime_ns: int, sha256: str) -> Removal:
    try:
        reading = patiently(lambda: digest(aside))
        if reading and reading[0] == sha256 and _same_mark(reading[1], size, mtime_ns):
            _unlink(aside)
            return Removal.GONE
    except OSError:
        _put_back(aside, path)
        return Removal.HELD
    _put_back(aside, path)
    return Removal.CHANGED


def _same_mark(mark: Mark, size: int, mtime_ns: int) -> bool:
    return mark.size == size and mark.mtime_ns == mtime_ns


def _step_aside(path: Path, sha256: str) -> Path:
    """The private name that the file has now; its own name where the folder allows no such name."""
    if PRIVATE.fullmatch(path.name):
        return path
    aside = set_aside(path, sha256)
    if os.path.lexists(aside):
        return path
    try:
        path.rename(aside)
    except PermissionError:
        raise
    except OSError:
        path.lstat()  # gone is gone; a path that became too long is not
        return path
    return aside


def _private_name(name: str, sha256: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    head = f"{PREFIX}{sha256[:16]}-"
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    tail = os.fsencode(dot + suffix)
    room = LONGEST - len(head) - len(tail)
    return head + os.fsdecode(_cut(os.fsencode(stem), room) + tail)


def _cut(encoded: bytes, room: int) -> bytes:
    """As much of an encoded name as fits, without half a character at its end."""
    if len(encoded) <= room:
        return encoded
    while room and encoded[room] & 0xC0 == 0x80:
        room -= 1
    return encoded[:room]


def _put_back(aside: Path, path: Path) -> None:
    """Give the file its name again, unless somebody saved a new one under it: then the private name is taken."""
    if aside == path:
        return
    try:
        if os.name == "nt":
            aside.rename(path)  # refuses to overwrite
        else:
            os.link(aside, path, follow_symlinks=False)  # refuses too, which rename would not
            aside.unlink()
    except OSError:
        return


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:
        if os.name != "nt":
            raise
        path.chmod(stat.S_IWRITE)  # Windows refuses to delete files that were dropped read-only
        path.unlink()
