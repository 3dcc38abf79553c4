"""What came, by the list beside the archive and by ledgers that were in use before."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from intake.archive import arrivals
from intake.archive.arrivals import Arrival
from ledger import book_files, deliveries, files, restorings
from ledger.connection import LedgerError
from ledger.people import bearer_at
from service.company import Service


def of_today(service: Service, each: Arrival) -> Arrival:
    """The arrival under the name that its person bears now."""
    at = datetime.fromisoformat(each.arrived_at)
    return replace(each, person=bearer_at(service.book, each.person, at))


def key_of(each: Arrival) -> tuple[str, str, str]:
    """What makes two arrivals one: who, under which name, with which content."""
    return each.person, each.name, each.sha256


def all_arrivals(service: Service, told: Iterable[Arrival]) -> list[Arrival]:
    """What came, by the list beside the archive and by what is *told* besides, oldest first; each once."""
    noted = arrivals.noted(service.settings.folders.book)
    first: dict[tuple[str, str, str], Arrival] = {}
    for each in sorted([*noted, *told], key=lambda each: datetime.fromisoformat(each.arrived_at)):
        first.setdefault(key_of(each), each)
    return list(first.values())


def looked_into(service: Service, ledger: Path) -> tuple[list[Arrival], list[deliveries.Put]]:
    """What another ledger says of files that came, and of those that it put into 取件; nothing if it cannot be read.

    One that was itself on the way back from a backup knows less than the one before it, which is asked as well.
    """
    came, put, seen = list[Arrival](), list[deliveries.Put](), set[str]()
    next_one: str | None = ledger.name
    while next_one and next_one not in seen:
        seen.add(next_one)
        said = _said_by(service, ledger.parent / Path(next_one).name)
        came, put, next_one = [*came, *said[0]], [*put, *said[1]], said[2]
    return came, put


def _said_by(service: Service, ledger: Path) -> tuple[list[Arrival], list[deliveries.Put], str | None]:
    """The same of one; and which was in use before it, if it was on the way back."""
    copy = service.settings.folders.book / "ledger_looked_into.db"
    try:
        with closing(book_files.copy_of(ledger, copy)) as book:
            came = [
                Arrival(each["person"], each["name"], each["sha256"], each["archived_as"], each["arrived_at"])
                for each in files.all_files(book)
                if each["person"]
            ]
            begun = restorings.unfinished(book)
            return came, deliveries.put_last(book), begun.set_aside if begun else None
    except (LedgerError, OSError):
        return [], [], None
    finally:
        book_files.discard(copy)
