"""The share, walked from its top name by name: no link on the way is followed, for writing or for removing."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from disk.bypath import PathFolder
from disk.folder import UNFINISHED, Folder, NotOurFolder

__all__ = ["AnyFolder", "NotOurFolder", "Share"]

AnyFolder = Folder | PathFolder
Parts = tuple[str, ...]
BY_HANDLE = os.name != "nt" and {os.open, os.mkdir, os.rename, os.unlink, os.stat, os.link} <= os.supports_dir_fd


class Share:
    """What staff see, below *top*.  It holds nothing open between two calls."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._swept: set[Parts] = set()
        self._unsynced: set[Parts] = set()

    @contextmanager
    def folder(self, parts: Sequence[str]) -> Iterator[AnyFolder]:
        """The folder *parts* below the top, as it is.

        :raises FileNotFoundError: it is not there
        :raises NotOurFolder: a link or a file stands on the way
        """
        with self._down(parts, lambda _folder, _name: None) as folder:
            yield folder

    @contextmanager
    def made(self, parts: Sequence[str]) -> Iterator[AnyFolder]:
        """The same, made where it is missing; the top itself must be there."""
        with self._down(parts, lambda folder, name: folder.make(name)) as folder:
            yield folder

    def put(self, parts: Sequence[str], name: str, source: Path) -> None:
        """A copy of *source* as *name* in the folder *parts*, whole or not at all; durable after :meth:`sync`."""
        with self.made(parts) as folder:
            self._sweep(tuple(parts), folder)
            folder.put(name, partial(_copy, source))
        self._unsynced.add(tuple(parts))

    def set_aside(self, parts: Sequence[str], name: str, known: Collection[str], aside: str) -> str:
        """Rename a file whose content is none of *known* (sha256); gives its new name, '' if there is no such file.

        :param aside: the name that it gets, or the next free one of that kind
        """
        try:
            with self.folder(parts) as folder:
                if _content(folder, name) in ("", *known):
                    return ""
                taken, path, n, free = set(folder.names()), PurePosixPath(aside), 1, aside
                while free in taken:
                    n += 1
                    free = f"{path.stem}-{n}{path.suffix}"
                folder.rename(name, free)
                return free
        except FileNotFoundError:
            return ""

    def names(self, parts: Sequence[str]) -> frozenset[str]:
        """What lies in the folder *parts*; nothing where there is no such folder.

        :raises OSError: it cannot be looked into, or something else stands in its place
        """
        try:
            with self.folder(parts) as folder:
                return frozenset(folder.names())
        except FileNotFoundError:
            return frozenset()

    def remove(self, parts: Sequence[str], name: str) -> bool:
        """Remove a file, for good: a power cut does not bring it back; False if it was not there."""
        try:
            with self.folder(parts) as folder:
                removed = folder.remove(name)
                folder.sync()
                return removed
        except FileNotFoundError:
            return False

    def take_back(self, parts: Sequence[str], name: str, content: str) -> bool:
        """Remove a file of just this *content* (sha256); False if it is another's.

        True as well where it is not there any more.

        :raises OSError: it cannot be looked into, or removed, for now
        """
        try:
            with self.folder(parts) as folder:
                if _read(folder, name) != content:
                    return False
                folder.remove(name)
                folder.sync()
        except FileNotFoundError:
            pass
        return True

    def remove_empty(self, parts: Sequence[str]) -> None:
        """Remove the folder *parts* if nothing lies in it."""
        with suppress(OSError), self.folder(parts[:-1]) as above:
            above.remove_empty(parts[-1])

    def move_folder(self, old: str, new: str) -> bool:
        """Give a folder below the top another name; False if there was none.  Nothing is ever overwritten.

        Where a folder of that name stands already, what is in the old one moves into it, file by file: cut short, it
        goes on the next time.

        :raises NotOurFolder: a link or a file stands in the place of one of them
        :raises OSError: something in it is open elsewhere, or the share is away
        """
        with self._down((), lambda _folder, _name: None) as top:
            if old not in top.names():
                return False
            top.sub(old).close()  # raises for a link
            if new not in top.names():
                top.rename(old, new)
            else:
                with top.sub(old) as source, top.sub(new) as target:
                    _merge(source, target)
                top.remove_folder(old)
            top.sync()
        return True

    def sync(self) -> None:
        """Make what was put since the last time survive a power cut."""
        while self._unsynced:
            parts = self._unsynced.pop()
            with suppress(FileNotFoundError, NotOurFolder), self.folder(parts) as folder:
                folder.sync()

    @contextmanager
    def _down(self, parts: Sequence[str], before: Callable[[AnyFolder, str], None]) -> Iterator[AnyFolder]:
        place = self._open_top()
        try:
            for part in parts:
                before(place, part)
                below = place.sub(part)
                place.close()
                place = below
            yield place
        finally:
            place.close()

    def _open_top(self) -> AnyFolder:
        try:
            return Folder.top(self.top) if BY_HANDLE else PathFolder.top(self.top)
        except FileNotFoundError as error:  # must not come to life as a local folder while a network drive is away
            raise FileNotFoundError(errno.ENOENT, "共享文件夹不可达", str(self.top)) from error

    def _sweep(self, parts: Parts, folder: AnyFolder) -> None:
        """Remove what a crash left half written, once for each folder: we are the only ones who write there."""
        if parts in self._swept:
            return
        self._swept.add(parts)
        for name in folder.names():
            if UNFINISHED.fullmatch(name) and not stat.S_ISDIR(folder.look(name).st_mode):
                with suppress(OSError):
                    folder.remove(name)


def _merge(source: AnyFolder, target: AnyFolder) -> None:
    """Everything in *source* into *target*; a file whose name is taken there gets the next free one."""
    for name in source.names():
        taken = target.names()
        is_folder = stat.S_ISDIR(source.look(name).st_mode)
        if is_folder and name in taken:
            with source.sub(name) as below, target.sub(name) as beside:
                _merge(below, beside)
            source.remove_folder(name)
            continue
        path, n, free = PurePosixPath(name), 1, name
        while free in taken:
            n += 1
            free = f"{path.stem}-{n}{path.suffix}"
        source.move(name, target, free)  # type: ignore[arg-type]  # both are of the kind that this system has


def _content(folder: AnyFolder, name: str) -> str:
    """sha256 of a plain file; '' where there is none."""
    try:
        return _read(folder, name)
    except OSError:
        return ""


def _read(folder: AnyFolder, name: str) -> str:
    with os.fdopen(folder.open(name), "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, stream: BinaryIO) -> None:
    with source.open("rb") as original:
        shutil.copyfileobj(original, stream, 1 << 20)
