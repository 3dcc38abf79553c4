"""The transactional outbox: told with the entries, drawn and written after, exactly once.

What a file will say is committed together with what caused it.  After the commit
it is drawn, in processes that may be killed, and put into the pick-up folder; the
ledger notes it as shipped.  Whatever a crash leaves behind is drawn and placed again by the next call, to the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from disk.share import NotOurFolder, Share
from ledger import deliveries, kept_words
from ledger.book import Book
from ledger.deliveries import Delivery, unshipped
from ledger.sheets import cleared, finished, finished_pictures
from outbox.drawing import ToDraw, Undrawn

TOGETHER = 50  #: deliveries placed and noted in one commit; after a crash they are placed again
MANY = 1000  #: deliveries still to be placed before which no words are forgotten: all of them are looked through for it
REST = timedelta(hours=1)  #: what could not be drawn is not tried again sooner by the same process


Draw = Callable[[Iterable[ToDraw]], Iterator[str | Undrawn]]  #: gives the sha256 of each file, in order


@dataclass(frozen=True)
class _Ready:
    source: Path
    sha256: str


class Outbox:
    """Files on their way to people's pick-up folders."""

    def __init__(self, spool: Path, share: Path, pickup: str) -> None:
        """Prepare the *spool*; people's folders are made when something is delivered."""
        self.spool, self.share, self.pickup = spool, Share(share), pickup
        self._resting: dict[str, tuple[datetime, Undrawn]] = {}
        self.spared: list[tuple[str, str, str]] = []  #: person, file, where their own version of it lies now
        spool.mkdir(parents=True, exist_ok=True)

    def folder(self, person: str, name: str) -> Path:
        """The pick-up folder *name* of a person."""
        return self.share.top / person / self.pickup / name

    def gone(self, person: str, folder: str, name: str) -> bool:
        """Whether a file does not lie there though its owner's pick-up folder can be reached."""
        try:
            return self.folder(person, "").is_dir() and not (self.folder(person, folder) / name).exists()
        except OSError:  # not known: what cannot be looked into is not written into either
            return False

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

    def deliver(
        self, book: Book, at: datetime, draw: Draw, away: Collection[str] = (), after: int = 0
    ) -> tuple[int, list[str]]:
        """Draw and write every delivery that is due; gives how many were written, and what stood in the way of others.

        :param away: people whose folder is out of reach: what is theirs waits
        :param after: the number of the last delivery that was tried already: only later ones are
        """
        due = [each for each in unshipped(book) if each.person not in away and each.id > after]
        newest = {(each.person, each.folder, each.name): each.id for each in due}
        overtaken = [each for each in due if newest[(each.person, each.folder, each.name)] != each.id]
        wanted = [each for each in due if newest[(each.person, each.folder, each.name)] == each.id]
        if overtaken:
            with book.transaction():
                for delivery in overtaken:
                    deliveries.shipped(book, delivery, at, "", None)
                kept_words.forget(book)
        troubles, written, left = list[str](), len(overtaken), len(wanted)
        for batch in self._batches(book, wanted, at, draw):
            left -= len(batch)
            written += self._deliver(book, batch, at, troubles, left)
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

    def _batches(
        self, book: Book, wanted: Sequence[Delivery], at: datetime, draw: Draw
    ) -> Iterator[list[tuple[Delivery, _Ready | Undrawn]]]:
        """The deliveries in turn, each drawn; what many people get is drawn once, and kept while somebody waits for it."""
        left = Counter(each.told for each in wanted)
        batch: list[tuple[Delivery, _Ready | Undrawn]] = []
        for each in self._drawn(book, wanted, at, draw):
            batch.append(each)
            if len(batch) == TOGETHER:
                yield batch
                self._put_away(batch, left)
                batch = []
        if batch:
            yield batch
            self._put_away(batch, left)

    def _drawn(
        self, book: Book, wanted: Sequence[Delivery], at: datetime, draw: Draw
    ) -> Iterator[tuple[Delivery, _Ready | Undrawn]]:
        fresh = [told for told in dict.fromkeys(each.told for each in wanted) if told and not self._rests(told, at)]
        results = draw(ToDraw(kept_words.of(book, told), self.scratch(told)) for told in fresh)
        made: dict[str, str | Undrawn] = {told: each for told, (_until, each) in self._resting.items()}
        turn = iter(fresh)
        for delivery in wanted:
            if delivery.told is None:  # drawn before the commit, by an earlier version
                yield delivery, _Ready(self.spool / str(delivery.sha256), str(delivery.sha256))
                continue
            while delivery.told not in made:
                told = next(turn)
                made[told] = result = next(results)
                if isinstance(result, Undrawn):
                    self._resting[told] = (at + REST, result)
            outcome = made[delivery.told]
            if isinstance(outcome, Undrawn):
                yield delivery, outcome
            else:
                yield delivery, _Ready(self.scratch(delivery.told), outcome)

    def _rests(self, told: str, at: datetime) -> bool:
        """Whether it failed a short while ago; one that has rested is tried again."""
        until = self._resting.get(told, (at, None))[0]
        if until <= at:
            self._resting.pop(told, None)
        return until > at

    def scratch(self, told: str) -> Path:
        """Where the file that says *told* is drawn, before it is placed."""
        return self.spool / f"{told}.drawn"

    def _put_away(self, batch: Sequence[tuple[Delivery, _Ready | Undrawn]], left: Counter[str | None]) -> None:
        for delivery, _ready in batch:
            left[delivery.told] -= 1
            if delivery.told and not left[delivery.told]:
                self.scratch(delivery.told).unlink(missing_ok=True)

    def _deliver(
        self,
        book: Book,
        batch: Sequence[tuple[Delivery, _Ready | Undrawn]],
        at: datetime,
        troubles: list[str],
        left: int,
    ) -> int:
        """Place a batch, behind which so many are *left*, and note it in one commit; gives how many were written."""
        placed, hindered = list[tuple[Delivery, str, str]](), list[tuple[Delivery, str]]()
        for delivery, ready in batch:
            if isinstance(ready, Undrawn):
                hindered.append((delivery, ready.words))
                continue
            try:
                placed.append((delivery, self._write(book, delivery, ready, at), ready.sha256))
            except OSError as error:
                hindered.append((delivery, error.strerror or str(error)))
        self.share.sync()
        with book.transaction():
            for delivery, path, sha256 in placed:
                deliveries.shipped(book, delivery, at, path, sha256)
            if left < MANY:
                kept_words.forget(book)
            for delivery, words in hindered:
                deliveries.hindered(book, delivery, words)
        troubles += [f"{each.person}/{each.folder}/{each.name}: {words}" for each, words in hindered]
        return len(placed)

    def _write(self, book: Book, delivery: Delivery, ready: _Ready, at: datetime) -> str:
        parts = (delivery.person, self.pickup, *PurePosixPath(delivery.folder).parts)
        name, source = delivery.name, ready.source
        try:
            self._spare(book, delivery, parts, ready.sha256, at)
            self.share.put(parts, name, source)
        except NotOurFolder:
            raise
        except PermissionError:  # Windows: the old version stands open in Excel; write beside it
            if name not in self.share.names(parts):
                raise
            path = PurePosixPath(name)
            name = f"{path.stem}_{delivery.id}{path.suffix}"
            self.share.put(parts, name, source)
        return PurePosixPath(*parts, name).as_posix()

    def _spare(self, book: Book, delivery: Delivery, parts: Sequence[str], new: str, at: datetime) -> None:
        """What its owner has written into a file of ours stays, beside the new one, under a plain name."""
        path = PurePosixPath(*parts, delivery.name)
        known = deliveries.last_content(book, delivery, path.as_posix())
        if known:
            aside = f"{path.stem}_您填写的_{at:%m%d-%H%M}{path.suffix}"
            kept = self.share.set_aside(parts, delivery.name, (known, new), aside)
            if kept:
                self.spared.append((delivery.person, delivery.name, f"{delivery.folder}/{kept}"))

    def _sweep(self, book: Book) -> None:
        """Empty the spool of what has been written, and of what a crash left there."""
        wanted = {delivery.sha256 for delivery in unshipped(book) if delivery.sha256}
        for path in self.spool.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)
