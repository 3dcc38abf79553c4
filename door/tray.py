"""What came through the door, laid down so that it is never lost and never doubled.

    incoming/   bodies still arriving; a crash may leave halves, which nobody was promised
    kept/KEY.bin and KEY.json   the finished file and what is known of it, both on disk before anything else happens
    投递/        the same file again, moved in whole under its name

A picture is acknowledged once it lies in 投递.  What a crash interrupts in between is finished at the next start
or when the phone asks again, whichever comes first; the key that the phone made up tells one thing from another.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock

from disk.private import make_private_folder
from disk.sync import sync_folder

PREFIX = "手机"


class Busy(Exception):
    """The same thing is being received at this very moment."""


class DropUnreachable(OSError):
    """The person's drop folder is not there: nothing can be promised."""


@dataclass(frozen=True)
class TrayEntry:
    """What is known of something that came through the door; times are ISO texts with offset."""

    key: str
    person: str
    device: str
    kind: str  #: picture, or the code of a form
    name: str  #: in 投递
    sha256: str  #: of the file in 投递
    body: str  #: sha256 of what the phone sent
    at: str
    live: int | None  #: of a picture: 1 seen at once, 0 late
    challenge: str
    placed: bool = False


class Tray:
    """The folder in which things lie until they are in 投递 and in the journal."""

    def __init__(self, folder: Path, share: Path, drop: str) -> None:
        """Make the folders; one process at a time may hold them.

        :raises filelock.Timeout: another door is open
        """
        self.incoming, self.kept = folder / "incoming", folder / "kept"
        self._share, self._drop = share, drop
        for path in (self.incoming, self.kept):
            make_private_folder(path)
        self._alone = FileLock(folder / "door.lock", timeout=0)
        self._alone.acquire()
        self._mutex = threading.Lock()
        self._busy: set[str] = set()
        for half in self.incoming.iterdir():
            half.unlink(missing_ok=True)
        self._records = {record.key: record for record in self._read()}

    def close(self) -> None:
        """Let another door have the folders."""
        self._alone.release()

    def _read(self) -> Iterator[TrayEntry]:
        for path in sorted(self.kept.glob("*.json")):
            yield TrayEntry(**json.loads(path.read_text("utf-8")))

    @contextmanager
    def only(self, key: str) -> Iterator[None]:
        """Do something about *key* that nobody does at the same time.

        :raises Busy: somebody does
        """
        with self._mutex:
            if key in self._busy:
                raise Busy(key)
            self._busy.add(key)
        try:
            yield
        finally:
            with self._mutex:
                self._busy.discard(key)

    def record(self, key: str) -> TrayEntry | None:
        """What is known of *key*, unless the journal knows it already."""
        with self._mutex:
            return self._records.get(key)

    def waiting(self) -> list[TrayEntry]:
        """What the journal does not know yet, oldest first."""
        with self._mutex:
            return sorted(self._records.values(), key=lambda record: record.at)

    def answered(self, challenge: str) -> str | None:
        """The key of a live picture here that answered this challenge."""
        with self._mutex:
            found = (each.key for each in self._records.values() if each.live == 1 and each.challenge == challenge)
            return next(found, None)

    def keep(self, record: TrayEntry, ending: str, content: Callable[[str], bytes]) -> TrayEntry:
        """Lay something down for good and put it into 投递; gives its record, with the name that it got there.

        :param record: without name and hash
        :param ending: of the name, after ``手机_YYYYMMDD-HHMMSS_``
        :param content: the file, once its name is known
        :raises DropUnreachable: the drop folder is not there
        """
        named = self._named(record, ending)
        try:
            data = content(named.name)
        except BaseException:
            self.forget(named)
            raise
        self._write(self._file(named), data)
        known = replace(named, sha256=_sha256(data))
        self._remember(known)
        return self.place(known)

    def _named(self, record: TrayEntry, ending: str) -> TrayEntry:
        """The record with a name that nothing in 投递 and nothing on the way has; the name is taken at once."""
        folder = self._folder(record.person)
        moment = datetime.fromisoformat(record.at)
        with self._mutex:
            while True:
                name = f"{PREFIX}_{moment:%Y%m%d-%H%M%S}_{ending}"
                others = (each.name for each in self._records.values() if each.person == record.person)
                if name not in others and not (folder / name).exists():
                    break
                moment += timedelta(seconds=1)
            named = replace(record, name=name)
            self._records[record.key] = named
        return named

    def _remember(self, record: TrayEntry) -> None:
        self._write(self._note(record), json.dumps(asdict(record), ensure_ascii=False).encode())
        with self._mutex:
            self._records[record.key] = record

    def place(self, record: TrayEntry) -> TrayEntry:
        """Put a kept file into 投递, whole or not at all.

        :raises DropUnreachable: the drop folder is not there
        """
        folder = self._folder(record.person)
        temporary = folder / f".~{PREFIX}-{record.key}.tmp"
        try:
            self._write(temporary, self._file(record).read_bytes(), name=folder / record.name)
        finally:
            temporary.unlink(missing_ok=True)
        placed = replace(record, placed=True)
        self._remember(placed)
        return placed

    def readdress(self, whose: Callable[[TrayEntry], str]) -> None:
        """What waits for somebody who was given another name goes to the folder that bears it."""
        for record in self.waiting():
            if record.sha256 and (person := whose(record)) != record.person:
                with suppress(Busy), self.only(record.key):
                    self._remember(replace(record, person=person))

    def finish(self, taken: Callable[[TrayEntry], bool]) -> int:
        """Put into 投递 what a crash or a lost share kept out of it; gives how many.

        :param taken: whether the service has the file already
        """
        done = 0
        for record in self.waiting():
            if record.placed or not record.sha256:
                continue
            try:
                with self.only(record.key):
                    if taken(record) or (self._folder(record.person) / record.name).exists():
                        self._remember(replace(record, placed=True))
                    else:
                        self.place(record)
                    done += 1
            except (Busy, DropUnreachable):
                continue
        return done

    def forget(self, record: TrayEntry) -> None:
        """The journal has it now, or nothing was promised: the tray may be emptied of it."""
        self._note(record).unlink(missing_ok=True)
        self._file(record).unlink(missing_ok=True)
        with self._mutex:
            self._records.pop(record.key, None)

    def _folder(self, person: str) -> Path:
        folder = self._share / person / self._drop
        if not folder.is_dir():  # a lost share must not come to life as a local folder
            raise DropUnreachable(f"{folder}")
        return folder

    def _file(self, record: TrayEntry) -> Path:
        return self.kept / f"{record.key}.bin"

    def _note(self, record: TrayEntry) -> Path:
        return self.kept / f"{record.key}.json"

    @staticmethod
    def _write(path: Path, data: bytes, name: Path | None = None) -> None:
        """Write to the end, to the disk, and only then under the real name."""
        temporary = path if name else path.with_name(f".{path.name}.tmp")
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        target = name or path
        temporary.replace(target)
        sync_folder(target.parent)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
