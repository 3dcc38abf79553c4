"""A book, a share and somebody who draws plain words: what deliveries are held against."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ledger import deliveries
from ledger.book import Book
from outbox.delivery import Outbox
from outbox.drawing import ToDraw, Undrawn
from outbox.queue import tell
from outbox.receipts.model import Receipt

NOW = datetime(2026, 11, 23, 18, 5).astimezone()
HOUR = timedelta(hours=1)


def says(what: str = "表.xlsx") -> Receipt:
    return Receipt("回执", what, "张三", NOW, NOW)


@dataclass
class Office:
    """A book, a share and somebody who draws: a file is its words, so that a test can read it."""

    book: Book
    outbox: Outbox
    asked: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  #: a word in what is told → why it cannot be drawn

    def tell(self, *people: str, folder: str = "回执", name: str = "表.xlsx", what: str = "", cause: str = "w") -> None:
        with self.book.transaction():
            for person in people:
                tell(self.book, person, folder, name, says(what or name), cause, NOW)

    def draw(self, wanted: Iterable[ToDraw]) -> Iterator[str | Undrawn]:
        for each in wanted:
            words = zlib.decompress(each.words.squeezed)
            self.asked.append(words.decode())
            why = next((why for what, why in self.broken.items() if what in words.decode()), None)
            if why is None:
                each.target.write_bytes(words)
            yield hashlib.sha256(words).hexdigest() if why is None else Undrawn(why)

    def deliver(self, at: datetime = NOW, **other: Any) -> tuple[int, list[str]]:
        return self.outbox.deliver(self.book, at, self.draw, **other)

    def noted(self) -> list[tuple[Any, ...]]:
        records = self.book.ask("SELECT delivery_id AS id, path, sha256, shipped_at FROM shipped ORDER BY delivery_id")
        return [tuple(record.values()) for record in records]

    def lying(self) -> list[str]:
        top = self.outbox.share.top
        return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())

    def waiting(self) -> list[tuple[int, str]]:
        return [(delivery.id, trouble) for delivery, trouble in deliveries.hindrances(self.book)]


def file(office: Office, person: str = "张三", name: str = "表.xlsx") -> Path:
    return office.outbox.folder(person, "回执") / name
