"""A backup put in the ledger's place: proved first, announced, and noted."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.archive import erased
from intake.archive.store import Archive
from ledger import anchor, book_files, deliveries, files, proved, restorings, sound
from ledger.book import Book
from ledger.connection import LedgerError
from ledger.keys import CHAIN, NAME, Keyring
from ledger.replay import first_difference
from policy.settings import Settings
from service.company import book_lock, book_path
from service.upkeep.guarding import CANDIDATE, anchors, announce, mark_restored, settle
from service.upkeep.health import last_heartbeat


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

    That is an entry, made before, and marks outside: one that announces it, and one that sets aside those of what came
    after the backup.  Cut short anywhere, there is the ledger from before or this one, and both agree with the marks.

    :raises Timeout: another process is writing the book
    :raises LedgerError: the file is not a ledger
    """
    watcher = last_heartbeat(settings, now)
    if watcher["running"]:  # it has the present ledger open even while it writes nothing
        return Restored(trouble=f"监视正在运行（进程 {watcher['pid']}），请先停止它再恢复")
    candidate, present = settings.folders.book / CANDIDATE, book_path(settings)
    settings.folders.book.mkdir(parents=True, exist_ok=True)
    with book_lock(settings, patience=0):
        _settle_earlier(settings, present, now)
        try:
            with closing(book_files.copy_of(backup, candidate)) as copy:
                entries, wrong = copy.length(), _unproved(copy)
                missing = _not_in_archive(settings, copy)
                if wrong:
                    return Restored(entries, trouble=f"备份没有通过核对，账本没有改动：{wrong}")
                kept = _set_aside(present, now) if present.exists() else None
                with copy.transaction():
                    copy.post([restorings.put_back(copy, backup.name, kept.name if kept else None)], now)
                proved.forget(copy)
                announce(settings, copy, entries, now)
            book_files.put_in_place(candidate, present)
        finally:
            book_files.discard(candidate)
        with closing(Book(present)) as restored:
            mark_restored(settings, restored, entries, now)
    return Restored(entries, kept, missing=missing)


def _settle_earlier(settings: Settings, present: Path, now: datetime) -> None:
    """Say what became of a restoring that was cut short, before another one is announced."""
    ring = Keyring(present.parent / NAME)
    for path in anchors(settings):
        with suppress(OSError, LedgerError):  # a ledger that is lost or damaged is neither of the two
            last = anchor.last_mark(path, {key.id: key.raw for key in ring.keys(CHAIN)})
            if last and last.event == anchor.RESTORING and present.exists():
                with closing(Book(present)) as book:
                    settle(book, path, last, now)


def _not_in_archive(settings: Settings, book: Book) -> int:
    """How many originals a ledger names that are not in the archive: a backup without its archive proves little."""
    archive = Archive(settings.folders.book, settings.archive.cold)
    gone = {path for each in erased.noted(settings.folders.book) for path, _sha256 in each.originals}
    absent = [path for path in archive.absent(files.archived(book)) if path not in gone]
    return sum(not archive.unknown(path) for path in absent)


def _set_aside(present: Path, now: datetime) -> Path:
    stem, n = f"{present.stem}_before_restore_{now:%Y%m%d-%H%M%S}", 1
    kept = present.with_name(f"{stem}{present.suffix}")
    while kept.exists():
        n += 1
        kept = present.with_name(f"{stem}-{n}{present.suffix}")
    book_files.set_aside(present, kept)
    return kept


def _unproved(book: Book) -> str | None:
    """The first thing in a ledger that does not hold: its pages, its chain, its state and what is to be told against its
    journal."""
    damage = next(sound.damaged(book.db), None)
    beside = (*deliveries.unexplained(book), *sound.unfit(book)) if damage is None else ()
    return damage or book.first_break() or first_difference(book) or next(iter(beside), None)
