"""The company's service: its settings, its book, its folders and its readers, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from disk.private import FILE, make_private_folder, narrow
from intake.archive.store import Archive
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits, Readers
from ledger.book import Book
from ledger.branches import Branches
from ledger.people import people_on
from ledger.records import Person
from policy.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Future

    from filelock import FileLock

    from intake.inbox.scan import Inbox
    from intake.preflight.survey import BookLimits
    from outbox.delivery import Outbox


@dataclass(frozen=True)
class Service:
    """Everything that the stages need; open it with ``with``."""

    settings: Settings
    book: Book
    archive: Archive
    readers: Readers
    zone: ZoneInfo
    begun: dict[str, Future[Any]] = field(default_factory=dict)  #: what files will say → readers draw them already

    @cached_property
    def inbox(self) -> Inbox:
        """The drop folders; whoever only asks the book loads nothing for them."""
        from intake.inbox.scan import Inbox

        settings = self.settings
        return Inbox(
            settings.folders.share,
            settings.folders.drop,
            settle_seconds=settings.intake.settle_seconds,
            incomplete_seconds=_incomplete_seconds(settings),
            zone=self.zone,
            largest=max(settings.limits.xlsx_mb, settings.limits.photo_mb) * 2**20,
        )

    @cached_property
    def outbox(self) -> Outbox:
        """The pick-up folders."""
        from outbox.delivery import Outbox

        folders = self.settings.folders
        return Outbox(folders.book / "spool", folders.share, folders.pickup)

    def people(self, day: date) -> Mapping[str, Person]:
        """Everybody in the register as of *day*."""
        return people_on(self.book, day)

    def lock(self) -> FileLock:
        """One process at a time writes the book: ``watch`` between its rounds leaves room for other commands."""
        return book_lock(self.settings)

    def limits(self) -> BookLimits:
        """How large a workbook may be."""
        from intake.preflight.survey import BookLimits

        limits = self.settings.limits
        return BookLimits(
            megabytes=limits.xlsx_mb,
            entries=limits.xlsx_entries,
            inflated_mb=limits.inflated_mb,
            ratio=limits.ratio,
            rows=limits.rows,
            columns=limits.columns,
            cell_chars=limits.cell_chars,
        )

    def patience(self) -> float:
        """Seconds that a single call waits: until a quiet file has settled, and an unfinished one has been given up."""
        intake = self.settings.intake
        return float(intake.settle_seconds + intake.incomplete_seconds + 5) if intake.settle_seconds else 5.0

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.readers.close()
        self.book.close()


def open_service(settings: Settings) -> Service:
    """Open the company's book and folders.  A share that was there once is waited for, never made anew.

    :raises OSError: a folder cannot be made or reached
    """
    folders, zone = settings.folders, ZoneInfo(settings.company.zone)
    _shut(folders.book)
    if not book_path(settings).exists():
        folders.share.mkdir(parents=True, exist_ok=True)
    book = Book(book_path(settings))
    book.move_secrets_out()
    book.branches = Branches(settings.group.branches, settings.group.wait_seconds)
    return Service(
        settings=settings,
        book=book,
        archive=Archive(folders.book, settings.archive.cold),
        readers=_readers(settings),
        zone=zone,
    )


def _readers(settings: Settings) -> Readers:
    """Who opens strangers' files: children of this process, or of the workers of a cluster."""
    limits, workers = Limits(settings.limits.reader_seconds, settings.limits.reader_mb), settings.workers
    here = LocalReaders(limits, workers.children)
    if workers.engine == "local":
        return here
    from intake.sandbox.away.cluster import Cluster, ClusterAddress
    from intake.sandbox.away.readers import DaskReaders
    from intake.sandbox.away.rest import Rest

    place = ClusterAddress(
        workers.scheduler, workers.tls_ca, workers.tls_certificate, workers.tls_key, workers.connect_seconds
    )  # fmt: skip
    cluster = Cluster(place, Rest(rest_note(settings), workers.scheduler, workers.retry_minutes * 60))
    return DaskReaders(here, cluster, limits, leave=cluster.close)


def rest_note(settings: Settings) -> Path:
    """Where it is noted that the cluster is left alone."""
    return settings.folders.book / "workers.json"


def _shut(book: Path) -> None:
    """Let nobody else into the book's folder; one that others could enter is narrowed with everything in it."""
    was_open = book.is_dir() and narrow(book)
    make_private_folder(book)
    if was_open:
        for path in book.rglob("*"):
            if not path.is_symlink():
                narrow(path)


def _incomplete_seconds(settings: Settings) -> float:
    """How long an unfinished file is given: whoever turns waiting off gets an answer in the same call."""
    given = float(settings.intake.incomplete_seconds)
    return given if settings.intake.settle_seconds else min(given, _NO_WAITING)


_NO_WAITING = 2.0  #: seconds without any change that a file must show all the same


def book_lock(settings: Settings, patience: float = 600) -> FileLock:
    """The lock of whoever writes the book; waited for *patience* seconds."""
    from filelock import FileLock

    return FileLock(settings.folders.book / "kebu.lock", timeout=patience, mode=FILE)


def known_rules() -> frozenset[str]:
    """The rule ids that the config may name; asking loads every rule."""
    from validators.catalogue import rule_ids

    return rule_ids()


def book_path(settings: Settings) -> Path:
    """Where the ledger lies."""
    return settings.folders.book / "ledger.db"


def clock(service: Service, given: datetime | None) -> datetime:
    """The clock of this call, in the company's zone."""
    return given.replace(tzinfo=service.zone) if given else datetime.now(service.zone)
