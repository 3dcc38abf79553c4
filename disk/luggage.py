"""Files that a call needs, wherever it is answered: read and written where they lie, or carried along with it.

A call whose files are luggage may be answered on another machine: it takes their bytes with it and brings back what it
wrote.  A bare path is of this machine: a call that is handed one is answered here.  Whatever is carried stays in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from disk.private import opened_private


class Content(Protocol):
    """A file to be read: a path will do."""

    def read_bytes(self) -> bytes:
        """All of it.  Raises OSError where it cannot be read."""


@dataclass(frozen=True)
class Original:
    """A file that is kept here, to be read."""

    path: Path

    def read_bytes(self) -> bytes:
        """See :class:`Content`."""
        return self.path.read_bytes()

    def packed(self) -> Copy:
        """Its content, for the way.  Raises OSError where it cannot be read."""
        return Copy(self.path.read_bytes())


@dataclass(frozen=True)
class Copy:
    """An original's content, carried along."""

    data: bytes = field(repr=False)

    def read_bytes(self) -> bytes:
        """See :class:`Content`."""
        return self.data


class Shown(Protocol):
    """What may be shown, by its name below the book's folder."""

    def picture(self, name: str) -> bytes:
        """Its content; b'' where it is missing."""


@dataclass(frozen=True)
class Shelf:
    """The folders where pictures may lie, in turn; what a call needs of them, *named* says when it is carried."""

    folders: tuple[Path, ...]
    named: Callable[[], Iterable[str]] = tuple

    def picture(self, name: str) -> bytes:
        """See :class:`Shown`."""
        for folder in self.folders:
            try:
                return (folder / name).read_bytes()
            except OSError:  # `verify` says so; the words are told all the same
                continue
        return b""

    def packed(self) -> Case:
        """What is needed of it, for the way; a name that leads out of the folders is nobody's picture."""
        inside = (name for name in self.named() if not {"..", "/"} & set(PurePosixPath(name).parts))
        return Case({name: self.picture(name) for name in inside})


@dataclass(frozen=True)
class Case:
    """Pictures carried along."""

    held: Mapping[str, bytes] = field(repr=False)

    def picture(self, name: str) -> bytes:
        """See :class:`Shown`."""
        return self.held.get(name, b"")


class TargetFile(Protocol):
    """A file to be written, named for what it is to say."""

    @property
    def stem(self) -> str:
        """Its name without the ending."""

    def write(self, data: bytes) -> None:
        """Put *data* into it.  Raises OSError."""

    def scratch(self) -> Any:
        """While this context lasts, what libraries write for themselves lies where nobody else may look."""


@dataclass(frozen=True)
class Draft:
    """A file that belongs here, seen by nobody else."""

    path: Path

    @property
    def stem(self) -> str:
        """See :class:`Target`."""
        return self.path.stem

    def write(self, data: bytes) -> None:
        """See :class:`Target`; a crash writes it again."""
        with opened_private(self.path) as stream:
            stream.write(data)

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """See :class:`Target`: it lies beside the file, and is swept with it."""
        before, tempfile.tempdir = tempfile.tempdir, str(self.path.parent)
        try:
            yield
        finally:
            tempfile.tempdir = before

    def packed(self) -> Blank:
        """An empty sheet of that name, for the way."""
        return Blank(self.stem)

    def landed(self, brought: bytes) -> None:
        """Write what came back."""
        self.write(brought)


@dataclass
class Blank:
    """What is written on the way, to be brought home."""

    stem: str
    written: bytes | None = field(default=None, repr=False)

    def write(self, data: bytes) -> None:
        """See :class:`Target`."""
        self.written = data

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """See :class:`Target`: a folder that only this account may enter, gone at once."""
        with tempfile.TemporaryDirectory(prefix="kebu-") as folder:
            before, tempfile.tempdir = tempfile.tempdir, folder
            try:
                yield
            finally:
                tempfile.tempdir = before


@dataclass(frozen=True)
class Brought:
    """What a call gave, and what it wrote, in the order of its drafts."""

    result: Any
    written: tuple[bytes | None, ...] = field(default=(), repr=False)


def travels(arguments: Sequence[Any]) -> bool:
    """Whether a call with these *arguments* may be answered elsewhere."""
    return not any(isinstance(each, Path) for each in arguments)


def packed(arguments: Iterable[Any]) -> tuple[Any, ...]:
    """The *arguments* with their files' bytes.  Raises OSError where one cannot be read."""
    return tuple(each.packed() if isinstance(each, (Original, Shelf, Draft)) else each for each in arguments)


def weight(arguments: Iterable[Any]) -> int:
    """Bytes that they have to carry, nearly.  Raises OSError where a file is gone."""
    return sum(each.path.stat().st_size if isinstance(each, Original) else len(each) for each in arguments
               if isinstance(each, (Original, bytes)))  # fmt: skip


def carried(function: Any, arguments: tuple[Any, ...]) -> Brought:
    """Answer a call that came with its luggage."""
    result = function(*arguments)
    return Brought(result, tuple(each.written for each in arguments if isinstance(each, Blank)))


def unpacked(arguments: Iterable[Any], brought: Brought) -> Any:
    """Put what was brought where it belongs, and give the result.  Raises OSError where it cannot be written."""
    drafts = (each for each in arguments if isinstance(each, Draft))
    for draft, data in zip(drafts, brought.written, strict=True):
        if data is not None:
            draft.landed(data)
    return brought.result
