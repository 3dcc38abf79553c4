"""Keep the original first: every file that was taken, as it arrived, read-only, under its hash and its name.

A file appears in the archive whole or not at all, and again keeping it changes nothing.  What fails on the way in
(disk full, no permission) is for the operator and raises OSError; what fails at the source raises :class:`Changed`,
and the file waits in the drop folder for the next scan.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from disk.private import opened_private
from intake.archive.cold import ColdDisk
from intake.archive.name import archived_name
from intake.archive.write import place, same_content, sha256_of, sync_folders
from intake.inbox.leaving import Drop
from intake.inbox.read import CHUNK, open_plain

ARCHIVE, QUARANTINE, INCOMING = "archive", "quarantine", ".incoming"
STALE = 86_400  #: seconds after which an unfinished copy is nobody's any more


class Changed(Exception):
    """The file is no longer the one that was scanned: leave it for the next scan."""


@dataclass(frozen=True)
class Kept:
    """An original in the archive."""

    sha256: str
    archived_as: str  #: POSIX path relative to the book's folder
    name: str  #: as it was dropped
    size: int  #: bytes


class Archive:
    """The originals below *book*; folders are made when the first file is kept."""

    def __init__(self, book: Path, cold: Path | None = None) -> None:
        """Keep below *book*; what has grown old may lie on a second path, *cold*."""
        self._book = book
        self.cold = ColdDisk(book, cold)

    @contextmanager
    def together(self) -> Iterator[Keeping]:
        """Keep several files at once, from several threads if need be.

        Each is whole on the disk when it is answered; the folders that name them reach the disk when this ends,
        each once.  Nobody may be told of a file before.
        """
        keeping = Keeping(self)
        self._sweep()
        try:
            yield keeping
        finally:
            sync_folders(keeping.folders, top=self._book)

    def keep(self, drop: Drop) -> Kept:
        """Copy the dropped file under the day of its arrival.

        Raises :class:`Changed` if its content is not (or no longer) the one that settled, OSError if the archive
        cannot be written.
        """
        with self.together() as keeping:
            return keeping.keep(drop)

    def keep_bytes(self, data: bytes, name: str, day: date) -> Kept:
        """Keep a picture that was found inside a workbook.  Raises OSError if the archive cannot be written."""
        with self.together() as keeping:
            return keeping.keep_bytes(data, name, day)

    def quarantine(self, kept: Kept) -> str:
        """Keep a refused file under ``quarantine/`` as well; answers its path there, relative to the book."""
        original = self._inside(kept.archived_as)
        target = self._book / QUARANTINE / original.relative_to(self._book / ARCHIVE)
        if not same_content(target, kept.sha256):
            self._link_or_copy(original, target, kept.sha256)
        return target.relative_to(self._book).as_posix()

    def read(self, archived_as: str) -> bytes:
        """The content of an original.  Raises OSError if it is missing, ValueError if it lies outside the book."""
        return self.where(archived_as).read_bytes()

    def where(self, archived_as: str) -> Path:
        """Where an original lies now: here, or on the cold disk.  Raises ValueError if it lies outside the book."""
        hot = self._inside(archived_as)
        if hot.exists():
            return hot
        cold = self.cold.place(archived_as)
        return cold if cold is not None and cold.exists() else hot

    def absent(self, expected: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Originals among *(archived_as, sha256)* that are neither here nor on the cold disk."""
        return (archived_as for archived_as, _sha256 in expected if not self.where(archived_as).is_file())

    def unknown(self, archived_as: str) -> bool:
        """Whether an original lies on a cold disk that is not there: nobody can say how it is."""
        return bool(self.cold.trouble()) and self.cold.holds(archived_as) and not self._inside(archived_as).exists()

    def about(self, archived_as: str) -> tuple[int, int, int, int] | None:
        """Size, times of the last change and of the last write to its node, and number of an original; None: not there."""
        try:
            found = self.where(archived_as).stat()
        except (OSError, ValueError):
            return None
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

    def verify(
        self, expected: Iterable[tuple[str, str]], unchanged: Callable[[str], bool] = lambda _path: False
    ) -> Iterator[str]:
        """A sentence for each difference between the ledger's *(archived_as, sha256)* and what is on the disk.

        What lies on a cold disk that is not there is passed over: see :meth:`unknown`.

        :param unchanged: whether an original is known to be what it was when it was last read
        """
        accounted = set()
        for archived_as, sha256 in expected:
            accounted.add(archived_as)
            if not unchanged(archived_as):
                yield from self._verify_one(archived_as, sha256)
        yield from (f"归档里有账上没有的文件：{path}" for path in self.strays(accounted))

    def strays(self, expected: Iterable[str]) -> Iterator[str]:
        """Originals that are not among *expected*, as paths below the book's folder."""
        accounted = frozenset(expected)
        for path in sorted((self._book / ARCHIVE).rglob("*")):
            relative = path.relative_to(self._book)
            if INCOMING not in relative.parts and not path.is_dir() and relative.as_posix() not in accounted:
                yield relative.as_posix()
        yield from self.cold.strays(accounted, ARCHIVE)

    def _verify_one(self, archived_as: str, sha256: str) -> Iterator[str]:
        try:
            found = sha256_of(self.where(archived_as))
        except FileNotFoundError:
            if not self.unknown(archived_as):
                yield f"原件不见了：{archived_as}"
        except (OSError, ValueError) as error:
            yield f"原件读不出来：{archived_as}（{error}）"
        else:
            if found != sha256:
                yield f"原件被改动过：{archived_as}"

    def _keep(self, chunks: Iterator[bytes], sha256: str, name: str, day: date) -> Kept:
        folder = self._book / ARCHIVE / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}"
        target = folder / archived_name(sha256, name)
        temporary = self._incoming(sha256)
        try:
            found, size = _copy(chunks, temporary)
            if found != sha256:
                raise Changed(name)
            if not same_content(target, sha256):
                place(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        return Kept(sha256, target.relative_to(self._book).as_posix(), name, size)

    def _link_or_copy(self, original: Path, target: Path, sha256: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(original, target)
        except OSError:  # file systems without hard links, or a damaged copy in its place
            temporary = self._incoming(sha256)
            _copy(_chunks(original), temporary)
            place(temporary, target)
        sync_folders([target.parent], top=self._book)

    def _incoming(self, sha256: str) -> Path:
        """A file of our own to write to, in this thread."""
        folder = self._book / ARCHIVE / INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{sha256[:16]}.{os.getpid()}.{threading.get_ident()}"

    def _sweep(self) -> None:
        """Remove what a crash left days ago."""
        folder = self._book / ARCHIVE / INCOMING
        for left in folder.iterdir() if folder.is_dir() else ():
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink(missing_ok=True)

    def _inside(self, archived_as: str) -> Path:
        relative = PurePosixPath(archived_as)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            raise ValueError(f"not a place inside the book: {archived_as!r}")
        return self._book.joinpath(*relative.parts)


class Keeping:
    """Files that are being kept together: see :meth:`Archive.together`."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.folders: set[Path] = set()  #: in which names were put that may not have reached the disk

    def keep(self, drop: Drop) -> Kept:
        """See :meth:`Archive.keep`."""
        name = PurePosixPath(drop.relative).name
        return self._noted(self._archive._keep(_from_source(drop.path), drop.sha256, name, drop.arrived_at.date()))

    def keep_bytes(self, data: bytes, name: str, day: date) -> Kept:
        """See :meth:`Archive.keep_bytes`."""
        return self._noted(self._archive._keep(iter((data,)), hashlib.sha256(data).hexdigest(), name, day))

    def _noted(self, kept: Kept) -> Kept:
        self.folders.add(self._archive._inside(kept.archived_as).parent)
        return kept


def _chunks(path: Path) -> Iterator[bytes]:
    with os.fdopen(open_plain(path), "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _from_source(path: Path) -> Iterator[bytes]:
    """The content of a dropped file; whatever hinders reading it is :class:`Changed`."""
    try:
        yield from _chunks(path)
    except OSError as error:
        raise Changed(path.name) from error


def _copy(chunks: Iterator[bytes], temporary: Path) -> tuple[str, int]:
    """Write to *temporary*, to the disk; answers hash and size of what was written."""
    running, size = hashlib.sha256(), 0
    with opened_private(temporary) as file:
        for chunk in chunks:
            file.write(chunk)
            running.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return running.hexdigest(), size
