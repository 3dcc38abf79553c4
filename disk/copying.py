"""A large file copied by the system, as fast as the disk is: nothing of it passes through our memory.

It is done by a program of its own: whoever closes a file gives up all locks that this process has on it (POSIX), and
a database that is open here is to stay locked.  Nothing is cloned where the file system could: a clone has its blocks in
common with the original, and one bad sector would be in both.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from io import FileIO
from pathlib import Path

log = logging.getLogger("kebu")

_AT_ONCE = 2**27  #: bytes


def copied(source: Path, target: Path) -> bool:
    """Copy *source* over *target*, which is there, and make it durable; False where it did not succeed: *target* may hold anything."""
    command = [sys.executable, "-I", "-S", __file__, str(source), str(target)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        log.warning("%s was not copied by the system: %s", source, done.stderr.decode(errors="replace")[-300:])
    return not done.returncode


def _copy(source: str, target: str) -> None:
    with FileIO(source) as given, FileIO(target, "r+") as taken:
        taken.truncate(0)
        at = 0
        try:
            while n := os.sendfile(taken.fileno(), given.fileno(), at, _AT_ONCE):
                at += n
        except (AttributeError, OSError):  # not between files, here; what the disk cannot do is said by writing
            given.seek(at)
            shutil.copyfileobj(given, taken, 2**20)
        os.fsync(taken.fileno())


if __name__ == "__main__":
    _copy(*sys.argv[1:])
