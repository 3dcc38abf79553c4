"""Looking at files that others may be writing, locking or replacing at this moment.

Nothing here follows a link or waits for a pipe: a file is opened only as the plain file that it was seen to be.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")

PAUSES = (0.05, 0.1, 0.2)  #: seconds between tries; Excel and virus scanners let go within this time
CHUNK = 1 << 20
#: Reading must never follow a link, hang on a pipe or translate line ends; each flag exists on some systems only.
SAFE = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"))


@dataclass(frozen=True)
class FileMark:
    """What tells one state of a file from the next without reading it.

    The inode is left out: some network file systems give another one at every look.
    """

    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, info: os.stat_result) -> FileMark:
        """The mark in a stat answer."""
        return cls(info.st_size, info.st_mtime_ns, info.st_ctime_ns)

    @property
    def changed_ns(self) -> int:
        """When the file system last saw the file change.

        POSIX keeps that in ctime, which copying cannot preserve.  On Windows ctime is the creation time,
        and a copy keeps the old mtime: the later of the two is nearest to the truth.
        """
        return max(self.ctime_ns, self.mtime_ns) if os.name == "nt" else self.ctime_ns


def patiently(act: Callable[[], Answer], pauses: Sequence[float] = PAUSES) -> Answer:
    """What *act* answers, tried again after each pause while the file is held by somebody else.

    Raises FileNotFoundError at once (gone is gone), any other OSError after the last try.
    """
    for pause in pauses:
        try:
            return act()
        except FileNotFoundError:
            raise
        except OSError:
            time.sleep(pause)
    return act()


def open_plain(path: Path) -> int:
    """A descriptor for reading a plain file.

    Raises OSError if it cannot be opened or has become a link, a pipe, a folder or a device.
    """
    descriptor = os.open(path, SAFE)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise IsADirectoryError(path)


def digest(path: Path) -> tuple[str, FileMark] | None:
    """SHA-256 of the content with the mark that held while it was read; None if it changed meanwhile."""
    return digest_of(open_plain(path))


def digest_of(descriptor: int) -> tuple[str, FileMark] | None:
    """The same of an open file, which is closed."""
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        before = FileMark.of(os.fstat(file.fileno()))
        running = hashlib.sha256()
        while chunk := file.read(CHUNK):
            running.update(chunk)
        after = FileMark.of(os.fstat(file.fileno()))
    return (running.hexdigest(), before) if before == after else None
