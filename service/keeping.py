"""The book kept safe: copied beside running work, and proved (the journal is the truth)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ledger import book as ledger_book
from ledger import files, journal
from service.company import Service


def back_up(service: Service, label: str) -> Path:
    """A consistent copy of the ledger in ``backups/``, made while others may read."""
    folder = service.settings.folders.book / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"ledger_{label}.db"
    temporary = target.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    service.book.copy_to(temporary)
    temporary.replace(target)
    return target


def differences(service: Service) -> Iterator[str]:
    """Everything that does not hold: chain, replay, archive, files without an answer (one sentence each)."""
    broken = journal.first_break(service.book.db)
    if broken:
        yield broken
        return
    drifted = ledger_book.first_difference(service.book)
    if drifted:
        yield drifted
    yield from service.archive.verify(files.archived(service.book))
    yield from _unanswered(service)


def _unanswered(service: Service) -> Iterator[str]:
    for record in files.unanswered(service.book, service.settings.folders.receipts):
        yield f"{record['person']}/{record['name']}: taken, but no receipt was ever queued"
