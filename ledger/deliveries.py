"""Questions about deliveries: what people are to get, and what they have got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from ledger.book import Book
from ledger.journal import Entry


@dataclass(frozen=True)
class Delivery:
    """A file that a person is to find in their pick-up folder."""

    id: int
    person: str
    folder: str  #: 回执, 审批, 报表 or 模板
    name: str
    sha256: str


def queue(book: Book, person: str, folder: str, name: str, sha256: str, cause: str) -> Entry:
    """The entry that queues a delivery; to be posted in the same transaction, before the next is made."""
    payload = {
        "id": book.counter("delivery", "SELECT MAX(id) FROM s_deliveries"),
        "person": person,
        "folder": folder,
        "name": name,
        "sha256": sha256,
        "cause": cause,
    }
    return Entry("delivery.queued", f"{person}/{folder}/{name}", "kebu", payload)


def free_name(book: Book, person: str, folder: str, name: str) -> str:
    """*name*, or with ``-2``, ``-3``, ... before its extension when this person was given that name before."""
    path, n, candidate = PurePosixPath(name), 1, name
    while book.one(
        "SELECT 1 FROM s_deliveries WHERE person = ? AND folder = ? AND name = ? LIMIT 1", person, folder, candidate
    ):
        n += 1
        candidate = f"{path.stem}-{n}{path.suffix}"
    return candidate


def unshipped(book: Book) -> list[Delivery]:
    """Deliveries that were queued and not yet written, oldest first."""
    return _deliveries(book, "WHERE id NOT IN (SELECT delivery_id FROM shipped) ORDER BY id")


def shipped(book: Book, delivery: Delivery, at: datetime, path: str) -> None:
    """The delivery has been written at *path*."""
    book.db.execute("INSERT INTO shipped VALUES (?, ?, ?)", (delivery.id, at.isoformat(), path))


def _deliveries(book: Book, where: str, *values: str) -> list[Delivery]:
    records = book.ask(f"SELECT id, person, folder, name, sha256 FROM s_deliveries {where}", *values)
    return [Delivery(**record) for record in records]


def latest_cause(book: Book, person: str, folder: str, name: str) -> str | None:
    """What caused the newest delivery of this name: tells whether a template is still the present one."""
    found = book.one(
        "SELECT cause FROM s_deliveries WHERE person = ? AND folder = ? AND name = ? ORDER BY id DESC LIMIT 1",
        person,
        folder,
        name,
    )
    return str(found) if found is not None else None


def has_received(book: Book, person: str) -> bool:
    """Whether anything was ever written into this person's folder: it was there once."""
    question = "SELECT 1 FROM s_deliveries JOIN shipped ON delivery_id = id WHERE person = ? AND path <> '' LIMIT 1"
    return book.one(question, person) is not None
