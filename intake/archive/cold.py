"""Originals on a second disk: what nobody needs every day, moved there so that a crash at any moment loses nothing.

Copied and synced, read again and compared, noted beside the archive, only then removed here.  The disk bears a mark of
its own: an empty mount point is not taken for it.  What lies on a disk that is not there is *not known*, never lost.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath

from disk.private import FILE, make_private_folder, opened_private, write_private
from disk.sync import sync_folder
from intake.archive.write import place, same_content, sha256_of, sync_folders

LIST = "cold.log"  #: in the book's folder: which disk, then a path below the book's folder in each line
MARK = ".kebu-cold"  #: on the cold disk: its name
INCOMING = ".incoming"


@dataclass
class Cooled:
    """What a night moved."""

    files: int = 0
    bytes: int = 0
    troubles: list[str] = field(default_factory=list)


class ColdDisk:
    """The second path; *folder* is None where the company has none."""

    def __init__(self, book: Path, folder: Path | None) -> None:
        self._book, self.folder = book, folder

    def holds(self, archived_as: str) -> bool:
        """Whether an original was moved there once."""
        return archived_as in self._listed()[1]

    def moved(self) -> frozenset[str]:
        """All that was moved there."""
        return self._listed()[1]

    def place(self, archived_as: str) -> Path | None:
        """Where an original lies on the disk, or would; None without a disk."""
        return self.folder.joinpath(*PurePosixPath(archived_as).parts) if self.folder else None

    def trouble(self) -> str:
        """Why the disk cannot be used, in words; '' if it can, or if there is nothing to use it for."""
        disk, moved = self._listed()
        if self.folder is None:
            return f"[archive] cold 空着，而 {len(moved)} 个原件已移到冷盘：请写回冷盘的位置" if moved else ""
        if not self.folder.is_dir():
            return f"冷盘没有接上，或没有这个文件夹：{self.folder}"
        try:
            found = (self.folder / MARK).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return f"冷盘没有接上，或换了一块盘（没有 {MARK}）：{self.folder}" if moved else ""
        except (OSError, ValueError) as error:
            return f"冷盘读不出来：{self.folder}（{error}）"
        return "" if found == disk else f"这不是这本账本的冷盘：{self.folder}"

    def move(self, originals: Iterable[tuple[str, str]], before: date, at_most: int) -> Cooled:
        """Move the *(archived_as, sha256)* that were kept before a day, oldest first, *at_most* so many bytes.

        What fails stays where it is, and is told.
        """
        done = Cooled()
        due = sorted({each for each in originals if (day := kept_on(each[0])) is not None and day < before})
        if self.folder is None or not due:
            return done
        if trouble := self.trouble():
            return Cooled(troubles=[trouble])
        try:
            self._take_over()
            for archived_as, sha256 in due:
                if done.bytes >= at_most:
                    break
                self._move(archived_as, sha256, done)
        except OSError as error:
            done.troubles.append(f"原件移到冷盘时中断，没有移完的还在原处：{error}")
        return done

    def remove(self, archived_as: str) -> None:
        """Take an original away from the disk for good, if it lies there.  Raises OSError if that fails."""
        lying = self.place(archived_as)
        if lying is not None and lying.exists():
            remove(lying)

    def strays(self, accounted: frozenset[str], top: str) -> Iterator[str]:
        """Files below *top* on the disk that are not among *accounted*."""
        if self.folder is None or self.trouble():
            return
        for path in sorted((self.folder / top).rglob("*")):
            relative = path.relative_to(self.folder)
            if not path.is_dir() and relative.as_posix() not in accounted:
                yield relative.as_posix()

    def _move(self, archived_as: str, sha256: str, done: Cooled) -> None:
        hot, target = self._book.joinpath(*PurePosixPath(archived_as).parts), self.place(archived_as)
        if target is None or not hot.is_file():
            return  # moved before, or for `verify` to name
        size = hot.stat().st_size
        if not same_content(target, sha256):
            if sha256_of(hot) != sha256:
                done.troubles.append(f"原件与账上不符，没有移到冷盘：{archived_as}（请运行 verify）")
                return
            self._copy(hot, target)
        if not same_content(target, sha256):  # read again, as it lies there
            done.troubles.append(f"冷盘上的副本与原件不符，原件留在原处：{archived_as}（请检查冷盘）")
            return
        if not self.holds(archived_as):
            self._note(archived_as)
        remove(hot)
        done.files, done.bytes = done.files + 1, done.bytes + size

    def _copy(self, hot: Path, target: Path) -> None:
        assert self.folder is not None
        temporary = self.folder / INCOMING / target.name
        make_private_folder(temporary.parent)
        with hot.open("rb") as source, opened_private(temporary) as copy:
            while chunk := source.read(1 << 20):
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        place(temporary, target)
        sync_folders([target.parent], top=self.folder)

    def _take_over(self) -> None:
        """The first time: give the disk its name, here and there."""
        assert self.folder is not None
        disk, _moved = self._listed()
        if not disk:
            disk = secrets.token_hex(8)
            self._note_line({"disk": disk})
        if not (self.folder / MARK).exists():
            write_private(self.folder / MARK, f"{disk}\n".encode())

    def _note(self, archived_as: str) -> None:
        self._note_line({"moved": archived_as})

    def _note_line(self, said: dict[str, str]) -> None:
        descriptor = os.open(self._book / LIST, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), FILE)
        with os.fdopen(descriptor, "r+b") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(size - 1, 0))
            torn = stream.read(1) not in (b"", b"\n")  # a power cut: what follows must be readable all the same
            stream.write(b"\n" * torn + json.dumps(said, ensure_ascii=False).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())

    def _listed(self) -> tuple[str, frozenset[str]]:
        try:
            about = (self._book / LIST).stat()
        except FileNotFoundError:
            return "", frozenset()
        return _read(self._book / LIST, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _size: int, _mtime_ns: int) -> tuple[str, frozenset[str]]:
    """The disk's name and what was moved there; half a line after a power cut is passed over."""
    disk, moved = "", set()
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        disk = disk or str(said.get("disk", ""))
        if "moved" in said:
            moved.add(str(said["moved"]))
    return disk, frozenset(moved)


def kept_on(archived_as: str) -> date | None:
    """The day under which an original was kept, by its path."""
    try:
        _top, year, month, day, _name = PurePosixPath(archived_as).parts
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def remove(path: Path) -> None:
    """Remove a read-only file, durably."""
    if os.name == "nt":
        path.chmod(0o600)
    path.unlink()
    sync_folder(path.parent)
