"""The same where the system has no calls relative to a handle (Windows): each step looks at every name before it.

Between the look and the step a moment remains in which somebody could put a link; a person who may do that there
must have the right to make links, which Windows gives to administrators only, or make a junction of their own folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Self

from disk.folder import NotOurFolder, Write, single, unfinished_name
from disk.link import is_link


class PathFolder:
    """A folder by its path, looked at from the top down before each step."""

    def __init__(self, root: Path, parts: tuple[str, ...] = ()) -> None:
        self._root, self._parts = root, parts
        self.path = root.joinpath(*parts)

    @classmethod
    def top(cls, path: Path) -> Self:
        """The folder that the config names; the operator may have made it a link."""
        os.scandir(path).close()
        return cls(path)

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def sub(self, name: str) -> Self:
        """See :meth:`disk.folder.Folder.sub`."""
        made = type(self)(self._root, (*self._parts, single(name)))
        made._checked()
        return made

    def make(self, name: str) -> None:
        """See :meth:`disk.folder.Folder.make`."""
        try:
            (self._checked() / single(name)).mkdir()
        except FileExistsError:
            return

    def names(self) -> list[str]:
        """What stands in the folder."""
        with os.scandir(self._checked()) as listing:
            return [entry.name for entry in listing]

    def look(self, name: str) -> os.stat_result:
        """See :meth:`disk.folder.Folder.look`."""
        return (self._checked() / single(name)).lstat()

    def open(self, name: str) -> int:
        """See :meth:`disk.folder.Folder.open`."""
        info = self.look(name)
        if is_link(info) or not stat.S_ISREG(info.st_mode):
            raise NotOurFolder(self.path / name)
        return os.open(self.path / name, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def put(self, name: str, write: Write) -> None:
        """See :meth:`disk.folder.Folder.put`."""
        temporary = self._checked() / unfinished_name()
        try:
            with temporary.open("xb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            self._checked()
            temporary.replace(self.path / single(name))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def rename(self, name: str, new: str) -> None:
        """See :meth:`disk.folder.Folder.rename`."""
        folder = self._checked()
        (folder / single(name)).replace(folder / single(new))

    def move(self, name: str, to: PathFolder, new: str) -> None:
        """See :meth:`disk.folder.Folder.move`."""
        (self._checked() / single(name)).rename(to._checked() / single(new))

    def remove_folder(self, name: str) -> None:
        """See :meth:`disk.folder.Folder.remove_folder`."""
        (self._checked() / single(name)).rmdir()

    def rename_to_free(self, name: str, new: str) -> None:
        """See :meth:`disk.folder.Folder.rename_to_free`; Windows' own renaming refuses to replace."""
        folder = self._checked()
        if os.path.lexists(folder / single(new)):
            raise FileExistsError(folder / new)
        (folder / single(name)).rename(folder / new)

    def remove(self, name: str) -> bool:
        """See :meth:`disk.folder.Folder.remove`."""
        path = self._checked() / single(name)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except PermissionError:
            if os.name != "nt" or is_link(path.lstat()):
                raise
            path.chmod(stat.S_IWRITE)  # Windows refuses to delete files that were dropped read-only
            path.unlink()
        return True

    def remove_empty(self, name: str) -> None:
        """See :meth:`disk.folder.Folder.remove_empty`."""
        (self._checked() / single(name)).rmdir()

    def sync(self) -> None:
        """Windows makes names durable by itself."""

    def _checked(self) -> Path:
        """The path, after a look at each folder on the way down to it."""
        place = self._root
        for part in self._parts:
            place = place / part
            info = place.lstat()
            if is_link(info) or not stat.S_ISDIR(info.st_mode):
                raise NotOurFolder(place)
        return place
