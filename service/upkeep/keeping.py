"""The book kept safe: copied beside running work, and proved (the journal is the truth)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.archive import arrivals, erased
from intake.archive.store import Archive
from ledger import book as ledger_book
from ledger import deliveries, files, journal, proved, shape, sound
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Entry
from ledger.proved import FileState, ProvedPoint
from ledger.replay import first_difference
from policy.settings import Settings
from service.company import Service, book_lock, book_path
from service.reissuing import missing
from service.upkeep.cooling import not_known
from service.upkeep.guarding import mark_restored, unmarked
from service.upkeep.health import last_heartbeat

log = logging.getLogger("kebu")


@dataclass(frozen=True)
class Restored:
    """What putting a backup in the ledger's place did."""

    entries: int = 0  #: of the backup
    kept: Path | None = None  #: where the ledger lies that was in use until now; None if there was none
    trouble: str = ""  #: why nothing was restored
    missing: int = 0  #: originals that the backup's ledger names and that are not in the archive

    @property
    def lines(self) -> list[str]:
        """The same, for reading."""
        aside = [f"原来的账本保留为 {self.kept}"] if self.kept else []
        return [] if self.trouble else [f"已恢复账本，共 {self.entries} 条记录，核对一致", *aside]

    @property
    def open(self) -> list[str]:
        """What a person has to look into (one sentence each)."""
        words = f"备份里登记的 {self.missing} 个原件不在归档里（book/archive）：请把归档也恢复，再运行 verify"
        return [words] if self.missing else []


def restore(settings: Settings, backup: Path, now: datetime) -> Restored:
    """Put a backup in the ledger's place, once it has been proved; the present ledger is kept beside it.

    That is an entry, and a mark outside which sets aside those of what came after the backup.

    :raises Timeout: another process is writing the book
    :raises LedgerError: the file is not a ledger
    """
    watcher = last_heartbeat(settings, now)
    if watcher["running"]:  # it has the present ledger open even while it writes nothing
        return Restored(trouble=f"监视正在运行（进程 {watcher['pid']}），请先停止它再恢复")
    candidate, present = settings.folders.book / "ledger_restoring.db", book_path(settings)
    settings.folders.book.mkdir(parents=True, exist_ok=True)
    with book_lock(settings, patience=0):
        try:
            with closing(ledger_book.copy_of(backup, candidate)) as copy:
                entries, wrong = copy.length(), _unproved(copy)
                missing = _not_in_archive(settings, copy)
            if wrong:
                return Restored(entries, trouble=f"备份没有通过核对，账本没有改动：{wrong}")
            kept = _set_aside(present, now) if present.exists() else None
            ledger_book.put_in_place(candidate, present)
        finally:
            ledger_book.discard(candidate)
        with closing(Book(present)) as restored:
            _note_restored(settings, restored, backup, kept, now)
    return Restored(entries, kept, missing=missing)


def _note_restored(settings: Settings, book: Book, backup: Path, kept: Path | None, now: datetime) -> None:
    length, head = book.head()
    payload = {"from": backup.name, "length": length, "head": head, "set_aside": kept.name if kept else None}
    with book.transaction():
        book.post([Entry("book.restored", "ledger.db", "kebu", payload)], now)
    mark_restored(settings, book, length, now)
    proved.forget(book)


def _not_in_archive(settings: Settings, book: Book) -> int:
    """How many originals a ledger names that are not in the archive: a backup without its archive proves little."""
    archive = Archive(settings.folders.book, settings.archive.cold)
    gone = {path for each in erased.noted(settings.folders.book) for path, _sha256 in each.originals}
    absent = [path for path in archive.absent(files.archived(book)) if path not in gone]
    return sum(not archive.unknown(path) for path in absent)


def _set_aside(present: Path, now: datetime) -> Path:
    kept = present.with_name(f"{present.stem}_before_restore_{now:%Y%m%d-%H%M%S}{present.suffix}")
    ledger_book.set_aside(present, kept)
    return kept


def _unproved(book: Book) -> str | None:
    """The first thing in a ledger that does not hold: its pages, its chain, its state and what is to be told against its
    journal."""
    damage = next(sound.damaged(book.db), None)
    beside = (*deliveries.unexplained(book), *sound.unfit(book)) if damage is None else ()
    return damage or book.first_break() or first_difference(book) or next(iter(beside), None)


@dataclass(frozen=True)
class Proving:
    """What proving the book came to."""

    differences: list[str]  #: everything that does not hold, one sentence each
    since: ProvedPoint | None = None  #: where it went on from; None: from the beginning
    missing: int = 0  #: files that should lie in 取件 and do not: no fault of the book
    unknown: str = ""  #: what could not be looked at: originals on a cold disk that is not there


def prove(service: Service, now: datetime, *, again: bool) -> Proving:
    """Prove the book, from where it was last proved or, *again*, from its beginning; what holds is the next point."""
    point = None if again else proved.standing_point(service.book)
    try:
        with proved.snapshot(service.book) as copy:
            seen = _seen(service)
            found = list(_differences(service, copy, point, seen))
            if not found:
                proved.record(service.book, copy, now.isoformat(), seen)
    except proved.NoRoom as error:  # no room for a copy: what it would save is only time
        log.warning("proved without a copy: %s", error)
        point, found = None, list(differences(service))
    return Proving(found, point, missing(service).files, not_known(service))


def differences(service: Service) -> Iterator[str]:
    """Everything that does not hold (one sentence each): chain, marks outside, replay, what is noted beside the journal,
    views and triggers, archive, files without an answer."""
    return _differences(service, service.book.db, None, {})


def _differences(
    service: Service, now: Database, point: ProvedPoint | None, seen: Mapping[str, FileState]
) -> Iterator[str]:
    yield from sound.damaged(now)
    broken = proved.first_break(service.book, now, point)
    if broken:
        yield broken
    yield from unmarked(service.settings, service.book)
    if broken:
        return
    drifted = proved.first_difference(service.book, now, point)
    if drifted:
        yield drifted
    yield from (f"账本里的这一项不是原样：{name}" for name in shape.differences(service.book.db))
    yield from deliveries.unexplained(service.book)
    yield from sound.unfit(service.book)
    then = proved.seen_then(service.book) if point else {}
    yield from service.archive.verify(_accounted(service), lambda path: path in then and then[path] == seen.get(path))
    yield from _unanswered(service)


def _accounted(service: Service) -> Iterator[tuple[str, str]]:
    """(path, sha256) of all originals: of the book, and of a round that was killed before the book knew of them.

    Those lie in 投递 still and are taken, or their owner has put something else there meanwhile; the list beside the
    archive says whose they are.
    """
    known = list(files.archived(service.book))
    yield from known
    in_book = {path for path, _sha256 in known}
    for each in arrivals.noted(service.settings.folders.book):
        if each.archived_as not in in_book and service.archive.about(each.archived_as):
            in_book.add(each.archived_as)
            yield each.archived_as, each.sha256


def _seen(service: Service) -> dict[str, FileState]:
    """What the file system says of every original."""
    found = ((path, service.archive.about(path)) for path, _sha256 in files.archived(service.book))
    return {path: FileState(*about) for path, about in found if about}


def misprinted(service: Service, printed: str | None) -> Iterator[str]:
    """How what stands on a printed report (``N:`` and the beginning of the hash) contradicts the book, if it does."""
    if printed is None:
        return
    length, _colon, head = printed.strip().partition(":")
    there = journal.hash_at(service.book.db, int(length)) if length.isascii() and length.isdigit() else None
    if len(head) < _ENOUGH or there is None or not there.startswith(head.lower()):
        yield f"表上印的校验值 {printed} 与这本账本不符：表不是由它出的，或账本被改写过"


_ENOUGH = 8  #: characters of a hash that nobody meets by chance


def _unanswered(service: Service) -> Iterator[str]:
    for record in files.unanswered(service.book, service.settings.folders.receipts):
        yield f"{record['person']}/{record['name']}：已收取，但从未发出回执"
