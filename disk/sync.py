"""Making the list of names in a folder durable, and remembering which folders cannot be made so."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

#: Folders whose file system refused to sync them: after a power cut what was put there last may be missing.
_refused: set[str] = set()


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable, where the system knows how (Windows does it by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        sync_handle(descriptor, folder)
    finally:
        os.close(descriptor)


def syncs(folder: Path) -> bool:
    """Whether *folder* could be made durable just now; one that refused is remembered.

    :raises OSError: the disk failed
    """
    sync_folder(folder)
    return str(folder) not in _refused


def sync_file(path: Path) -> None:
    """Make what stands in the file at *path* durable.

    :raises OSError: the disk failed
    """
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_handle(descriptor: int, folder: Path) -> None:
    """The same for an open folder; one that cannot be synced is remembered for ``status`` and logged once.

    :raises OSError: the disk failed while syncing, which is not the same as not knowing how
    """
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in (errno.EIO, errno.ENOSPC, errno.EDQUOT):
            raise
        if str(folder) not in _refused:
            _refused.add(str(folder))
            log.warning("cannot be synced, a power cut may lose what was put there last: %s (%s)", folder, error)


def unsynced() -> tuple[str, ...]:
    """The folders that refused to be synced since this process began."""
    return tuple(sorted(_refused))
