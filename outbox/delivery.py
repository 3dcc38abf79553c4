"""The transactional outbox: recorded with the entries, written after, exactly once.

A rendered file is first laid into the spool under its content's hash, which
harms nobody if the transaction then fails.  The ledger records the delivery
together with what caused it.  After the commit the file is moved into the
pick-up folder; whatever a crash leaves behind is caught up by the next call.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from ledger.book import Book
from ledger.deliveries import Delivery, shipped, unshipped
from ledger.sheets import cleared, finished

TOGETHER = (
    20  #: deliveries noted in one commit, which may cost a tenth of a second; after a crash they are placed again
)


class Outbox:
    """Files on their way to people's pick-up folders."""

    def __init__(self, spool: Path, share: Path, pickup: str) -> None:
        """Prepare the *spool*; people's folders are made when something is delivered."""
        self.spool, self.share, self.pickup = spool, share, pickup
        spool.mkdir(parents=True, exist_ok=True)

    def lay_out(self, data: bytes) -> str:
        """Keep *data* in the spool; gives its sha256, by which a delivery refers to it."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.spool / sha256
        if not target.exists():
            temporary = self.spool / f".{sha256}.{os.getpid()}"
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        return sha256

    def folder(self, person: str, name: str) -> Path:
        """The pick-up folder *name* of a person."""
        return self.share / person / self.pickup / name

    def deliver(self, book: Book, at: datetime, away: Collection[str] = ()) -> tuple[int, list[str]]:
        """Write every delivery that is due; gives how many were written, and what stood in the way of the others.

        :param away: people whose folder is out of reach: what is theirs waits
        """
        due = [each for each in unshipped(book) if each.person not in away]
        written, troubles = 0, list[str]()
        newest = {(each.person, each.folder, each.name): each.id for each in due}
        for start in range(0, len(due), TOGETHER):
            placed = []
            for delivery in due[start : start + TOGETHER]:
                try:
                    overtaken = newest[(delivery.person, delivery.folder, delivery.name)] != delivery.id
                    placed.append((delivery, "" if overtaken else self._write(delivery)))
                except OSError as error:
                    troubles.append(f"{delivery.person}/{delivery.folder}/{delivery.name}: {error.strerror or error}")
            with book.transaction():
                for delivery, path in placed:
                    shipped(book, delivery, at, path)
            written += len(placed)
        self._sweep(book)
        return written, troubles

    def clear(self, book: Book) -> int:
        """Take finished approval sheets out of 审批, so that what lies there is what waits; gives how many."""
        gone = 0
        for number, path in finished(book):
            try:
                (self.share / path).unlink(missing_ok=True)
            except OSError:  # open in Excel, or the share is away: tried again the next night
                continue
            with book.transaction():
                cleared(book, number)
            gone += 1
        return gone

    def _write(self, delivery: Delivery) -> str:
        if not self.share.is_dir():  # a share that is gone for a while must not come to life as a local folder
            raise FileNotFoundError(errno.ENOENT, "共享文件夹不可达", str(self.share))
        folder = self.folder(delivery.person, delivery.folder)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / delivery.name
        try:
            self._place(delivery, target)
        except PermissionError:  # Windows: the old version stands open in Excel; write beside it
            target = folder / f"{target.stem}_{delivery.id}{target.suffix}"
            self._place(delivery, target)
        return target.relative_to(self.share).as_posix()

    def _place(self, delivery: Delivery, target: Path) -> None:
        """Copy under a name that Excel and our own scans pass over, then rename: nobody ever sees half a file."""
        temporary = target.with_name(f".~kebu-{delivery.id}.tmp")
        try:
            shutil.copyfile(self.spool / delivery.sha256, temporary)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def _sweep(self, book: Book) -> None:
        """Empty the spool of what has been written."""
        wanted = {delivery.sha256 for delivery in unshipped(book)}
        for path in self.spool.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)
