"""One folder, held open: what is done in it is done in this very folder, whatever is renamed or linked meanwhile.

Names are single names, never paths.  Where the system has no calls relative to a handle (Windows), the nearest is
done: see :mod:`disk.bypath`.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from disk.sync import sync_handle

#: What is being written bears a name that nobody can foresee, which Excel and our own scans pass over.
UNFINISHED = re.compile(r"\.~kebu-[0-9a-f]{16}\.tmp")
_FOLDER = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"))
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_CLOEXEC"))
_PLAIN = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"))

Write = Callable[[BinaryIO], object]


class NotOurFolder(OSError):
    """A link, or something that is no folder, stands where a folder of the share should be."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ELOOP, "这里是快捷链接或不是文件夹，为安全起见不使用，请换回普通文件夹", str(path))


def unfinished_name() -> str:
    """A name for what is being written."""
    return f".~kebu-{secrets.token_hex(8)}.tmp"


def single(name: str) -> str:
    """*name*, if it is one name.

    :raises ValueError: it is a path, or stands for a folder itself
    """
    if name in ("", ".", "..") or "/" in name or "\0" in name or (os.name == "nt" and "\\" in name):
        raise ValueError(f"not a single name: {name!r}")
    return name


class Folder:
    """An open folder; close it, or use it with ``with``."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._fd = descriptor
        self.path = path  #: where it stood when it was opened, for people to read

    @classmethod
    def top(cls, path: Path) -> Folder:
        """The folder that the config names; the operator may have made it a link."""
        return cls(os.open(path, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0)), path)

    def close(self) -> None:
        """Let go of it."""
        os.close(self._fd)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def sub(self, name: str) -> Folder:
        """A folder in this one.

        :raises FileNotFoundError: nothing stands there
        :raises NotOurFolder: a link or a file stands there
        """
        path = self.path / name
        try:
            return type(self)(os.open(single(name), _FOLDER, dir_fd=self._fd), path)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK):
                raise NotOurFolder(path) from error
            raise

    def make(self, name: str) -> None:
        """Make a folder in this one, if nothing stands there; its name reaches the disk."""
        try:
            os.mkdir(single(name), dir_fd=self._fd)
        except FileExistsError:
            return
        self.sync()

    def names(self) -> list[str]:
        """What stands in the folder."""
        with os.scandir(self._fd) as listing:
            return [entry.name for entry in listing]

    def look(self, name: str) -> os.stat_result:
        """What stands under *name*, itself and not what it may point to."""
        return os.stat(single(name), dir_fd=self._fd, follow_symlinks=False)

    def open(self, name: str) -> int:
        """A descriptor for reading a plain file.

        :raises OSError: it is a link, a pipe, a folder, a device, or cannot be opened
        """
        descriptor = os.open(single(name), _PLAIN, dir_fd=self._fd)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, "不是普通文件", str(self.path / name))

    def put(self, name: str, write: Write) -> None:
        """A file under *name*, all of it or nothing: written under a name of its own, synced, then renamed.

        What stood there before, a link included, is replaced, never followed and never written through.
        """
        temporary = unfinished_name()
        descriptor = os.open(temporary, _NEW, 0o666, dir_fd=self._fd)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            self.rename(temporary, name)
        except BaseException:
            self.remove(temporary)
            raise

    def rename(self, name: str, new: str) -> None:
        """Give a file another name in this folder, in the place of whatever had it."""
        os.rename(single(name), single(new), src_dir_fd=self._fd, dst_dir_fd=self._fd)

    def move(self, name: str, to: Folder, new: str) -> None:
        """Put what stands under *name* into another folder, where nothing is called *new*."""
        os.rename(single(name), single(new), src_dir_fd=self._fd, dst_dir_fd=to._fd)

    def remove_folder(self, name: str) -> None:
        """Remove an empty folder.

        :raises OSError: something is in it
        """
        os.rmdir(single(name), dir_fd=self._fd)

    def rename_to_free(self, name: str, new: str) -> None:
        """The same, but only while nobody has that name.

        :raises FileExistsError: somebody has it
        """
        os.link(single(name), single(new), src_dir_fd=self._fd, dst_dir_fd=self._fd, follow_symlinks=False)
        os.unlink(name, dir_fd=self._fd)

    def remove(self, name: str) -> bool:
        """Remove a file (of a link: the link); False if nothing stood there."""
        try:
            os.unlink(single(name), dir_fd=self._fd)
        except FileNotFoundError:
            return False
        return True

    def remove_empty(self, name: str) -> None:
        """Remove a folder in which nothing lies.

        :raises OSError: something lies in it, or it is no folder
        """
        os.rmdir(single(name), dir_fd=self._fd)

    def sync(self) -> None:
        """Make the list of names durable."""
        sync_handle(self._fd, self.path)
