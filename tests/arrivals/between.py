"""What comes between two calls of a round: somebody does something, the service is killed, the system refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import service.batch
import service.taking
from intake.inbox import leaving, remove
from intake.inbox.read import digest_of
from service.files.reads import keep_and_read


class Killed(BaseException):
    """The service is no more."""


@contextmanager
def holding(how: Callable[[int], str]) -> Iterator[None]:
    """The system refuses the service what others' programs stand in the way of.

    :param how: tells of a file (by its inode) in which way it is held: ``locked``, ``pinned``, or not at all
    """
    opened, renamed, unlinked = os.open, os.rename, os.unlink

    def refuse(path: Any, folder: int | None, *kinds: str) -> None:
        try:
            inode = os.stat(path, dir_fd=folder, follow_symlinks=False).st_ino
        except OSError:
            return
        if how(inode) in kinds:
            raise PermissionError(errno.EACCES, "held", str(path))

    def opening(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        refuse(path, dir_fd, "locked")
        return opened(path, flags, mode, dir_fd=dir_fd)

    def renaming(path: Any, to: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        refuse(path, src_dir_fd, "locked", "pinned")
        renamed(path, to, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    def unlinking(path: Any, *, dir_fd: int | None = None) -> None:
        refuse(path, dir_fd, "locked", "pinned")
        unlinked(path, dir_fd=dir_fd)

    with ExitStack() as patched:
        for name, wrapped in (("open", opening), ("rename", renaming), ("unlink", unlinking)):
            patched.enter_context(mock.patch.object(os, name, wrapped))
        yield


@contextmanager
def interrupted(
    how: str, happens: Callable[[], None], in_order: Callable[[list[leaving.Drop]], None]
) -> Iterator[None]:
    """The round of the real service, with somebody coming between."""
    keep, take, digest = keep_and_read, service.batch.take_read, digest_of
    remove_all, rename, dead = leaving.Leaving.remove_all, os.rename, list[str]()

    def kept(*given: Any) -> Any:
        if how == "scanned":
            happens()
        return keep(*given)

    def read(*given: Any) -> None:
        if how == "kept":
            happens()
        take(*given)

    def removed(one: leaving.Leaving, drops: Any) -> Any:
        if how == "committed":
            happens()
        in_order(list(drops))
        with mock.patch.object(remove, "digest_of", aside), mock.patch.object(os, "rename", alive):
            return remove_all(one, drops)

    def aside(descriptor: int) -> Any:
        if how == "aside" and not dead:
            dead.append("once")
            try:
                happens()
            except Killed:
                dead.append("killed")
                raise
        return digest(descriptor)

    def alive(*given: Any, **more: Any) -> None:
        if "killed" in dead:
            raise Killed
        rename(*given, **more)

    with ExitStack() as patched:
        patched.enter_context(mock.patch.object(service.taking, "keep_and_read", kept))
        patched.enter_context(mock.patch.object(service.batch, "take_read", read))
        patched.enter_context(mock.patch.object(leaving.Leaving, "remove_all", removed))
        patched.enter_context(mock.patch.object(leaving, "REMOVERS", 1))
        yield
