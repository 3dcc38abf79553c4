"""Files and folders that are the service's alone, whatever the umask says."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import BinaryIO

from disk.sync import sync_folder

FOLDER, FILE, SHOWN = 0o700, 0o600, 0o640


def make_private_folder(folder: Path) -> None:
    """Make *folder*, and let nobody else in; what stands above it is made as usual."""
    folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    narrow(folder)


def narrow(path: Path) -> bool:
    """Take from *path* what others may do with it; True if they could.  Windows inherits rights from above: nothing is done."""
    if os.name == "nt":
        return False
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & 0o077:
        return False
    path.chmod(mode & 0o700)
    return True


def show_to(path: Path, group: str) -> None:
    """Let a group of the system's read *path*, and nobody else.  Windows inherits rights from above: nothing is done.

    :raises OSError: there is no such group, or the service is not in it
    """
    if os.name == "nt":
        return
    try:
        shutil.chown(path, group=group)
    except LookupError:
        raise OSError(f"系统里没有“{group}”这个用户组") from None
    path.chmod(SHOWN)


def touch_private(path: Path) -> None:
    """An empty file that nobody else may read, if there is none: what SQLite keeps beside it inherits that."""
    path.touch(mode=FILE)


def write_private(path: Path, data: bytes) -> None:
    """*data* as the whole content of *path*, readable by nobody else at any moment, durable, all of it or nothing."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FILE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def opened_private(path: Path) -> BinaryIO:
    """*path* for writing anew, readable by nobody else from its first moment."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, FILE), "wb")
