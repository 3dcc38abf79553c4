"""Taking a file away from the drop folder, only while it is still exactly what was kept.

The file first steps aside under a private name, so that a save under its old name makes a new file and never
overwrites what is being checked.  It is unlinked only after its content was read once more.  Wherever this is
cut short, the private name is found by the next scan and taken like any other file: nothing can be lost.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from enum import Enum
from pathlib import Path

from disk.share import AnyFolder, NotOurFolder, Share
from intake.inbox.read import FileMark, digest_of, patiently

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


def take_away(share: Share, path: Path, taken: FileMark, sha256: str) -> Removal:
    """Unlink *path* below *share* if size, time and content are those that were *taken*.  Never raises OSError.

    The folder is held open meanwhile: a link that somebody puts in its place leads nowhere.
    """
    *parts, name = path.relative_to(share.top).parts
    try:
        with share.folder(parts) as folder:
            return _take_away(folder, name, taken, sha256)
    except NotOurFolder:
        return Removal.CHANGED
    except FileNotFoundError:
        return Removal.GONE if path.parent.is_dir() else Removal.HELD
    except OSError:
        return Removal.HELD


def _take_away(folder: AnyFolder, name: str, taken: FileMark, sha256: str) -> Removal:
    mark = FileMark.of(folder.look(name))
    if not _same_time(mark, taken):
        return Removal.CHANGED
    # Renaming would make a file that was saved since then look as if it had come just now.
    if mark != taken and not _holds(folder, name, taken, sha256):
        return Removal.CHANGED
    aside = _step_aside(folder, name, sha256)
    try:
        if _holds(folder, aside, taken, sha256):
            folder.remove(aside)
            return Removal.GONE
    except OSError:
        _put_back(folder, aside, name)
        return Removal.HELD
    _put_back(folder, aside, name)
    return Removal.CHANGED


def _holds(folder: AnyFolder, name: str, taken: FileMark, sha256: str) -> bool:
    """Whether the file is, byte for byte, what was taken."""
    reading = patiently(lambda: digest_of(folder.open(name)))
    return bool(reading and reading[0] == sha256 and _same_time(reading[1], taken))


def _same_time(mark: FileMark, taken: FileMark) -> bool:
    """By size and time of writing: stepping aside and back has changed the file system's own time."""
    return (mark.size, mark.mtime_ns) == (taken.size, taken.mtime_ns)


def _step_aside(folder: AnyFolder, name: str, sha256: str) -> str:
    """The private name that the file has now; its own name where the folder allows no such name."""
    if PRIVATE.fullmatch(name):
        return name
    aside = _private_name(name, sha256)
    try:
        folder.look(aside)
        return name
    except OSError:
        pass  # nobody has it, or it is too long: the renaming tells
    try:
        folder.rename(name, aside)
    except PermissionError:
        raise
    except OSError:
        folder.look(name)  # gone is gone; a path that became too long is not
        return name
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


def _put_back(folder: AnyFolder, aside: str, name: str) -> None:
    """Give the file its name again, unless somebody saved a new one under it: then the private name is taken."""
    if aside == name:
        return
    with suppress(OSError):
        folder.rename_to_free(aside, name)
