"""The transactional outbox: recorded with the entries, written after, exactly once.

A rendered file is first laid into the spool under its content's hash, which
harms nobody if the transaction then fails.  The ledger records the delivery
together with what caused it.  After the commit the file is moved into the
pick-up folder; whatever a crash leaves behind is caught up by the next call.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from disk.private import opened_private
from disk.share import NotOurFolder, Share
from ledger.book import Book
from ledger.deliveries import Delivery, shipped, unshipped
from ledger.sheets import cleared, finished, finished_pictures

TOGETHER = (
    20  #: deliveries noted in one commit, which may cost a tenth of a second; after a crash they are placed again
)


class Outbox:
    """Files on their way to people's pick-up folders."""

    def __init__(self, spool: Path, share: Path, pickup: str) -> None:
        """Prepare the *spool*; people's folders are made when something is delivered."""
        self.spool, self.share, self.pickup = spool, Share(share), pickup
        spool.mkdir(parents=True, exist_ok=True)

    def lay_out(self, data: bytes) -> str:
        """Keep *data* in the spool; gives its sha256, by which a delivery refers to it."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.spool / sha256
        if not target.exists():
            temporary = self.spool / f".{sha256}.{os.getpid()}"
            with opened_private(temporary) as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        return sha256

    def folder(self, person: str, name: str) -> Path:
        """The pick-up folder *name* of a person."""
        return self.share.top / person / self.pickup / name

    def barred(self, people: Iterable[str], folders: Sequence[str]) -> Iterator[str]:
        """Pick-up folders in whose place something else stands, such as a link, with the reason."""
        for person in people:
            for parts in ((person, self.pickup), *((person, self.pickup, folder) for folder in folders)):
                try:
                    with self.share.folder(parts):
                        continue
                except FileNotFoundError:
                    continue
                except OSError as error:
                    yield f"{'/'.join(parts)}：{error.strerror or error}"
                    break

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
            self.share.sync()
            with book.transaction():
                for delivery, path in placed:
                    shipped(book, delivery, at, path)
            written += len(placed)
        self._sweep(book)
        return written, troubles

    def clear(self, book: Book) -> int:
        """Take finished approval sheets out of 审批, so that what lies there is what waits; gives how many."""
        return self._take_away(book, finished(book))

    def clear_pictures(self, book: Book) -> int:
        """Take away the pictures of finished sheets: they are seen while they are asked for; gives of how many sheets."""
        return self._take_away(book, finished_pictures(book))

    def _take_away(self, book: Book, lying: Mapping[str, Sequence[str]]) -> int:
        gone = 0
        for number, paths in lying.items():
            try:
                for path in paths:
                    *parts, name = PurePosixPath(path).parts
                    self.share.remove(parts, name)
            except OSError:  # open in Excel, or the share is away: tried again the next time
                continue
            with book.transaction():
                cleared(book, number)
            gone += 1
        return gone

    def _write(self, delivery: Delivery) -> str:
        parts = (delivery.person, self.pickup, *PurePosixPath(delivery.folder).parts)
        source, name = self.spool / delivery.sha256, delivery.name
        try:
            self.share.put(parts, name, source)
        except NotOurFolder:
            raise
        except PermissionError:  # Windows: the old version stands open in Excel; write beside it
            path = PurePosixPath(name)
            name = f"{path.stem}_{delivery.id}{path.suffix}"
            self.share.put(parts, name, source)
        return PurePosixPath(*parts, name).as_posix()

    def _sweep(self, book: Book) -> None:
        """Empty the spool of what has been written."""
        wanted = {delivery.sha256 for delivery in unshipped(book)}
        for path in self.spool.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)
