"""Questions about who decides for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.book import Book
from ledger.known import FORGET, Question


@dataclass(frozen=True)
class Named:
    """One approver's deputy, from the first day to the last."""

    receipt_no: str
    principal: str
    deputy: str
    start: date
    end: date


def deputies(book: Book, since: date) -> list[Named]:
    """Every deputy whose last day is *since* or later, in the order of naming."""
    return [
        Named(
            record["receipt_no"], record["principal"], record["deputy"], date.fromisoformat(record["start"]),
            date.fromisoformat(record["end"]),
        )
        for record in book.ask('SELECT * FROM s_deputies WHERE "end" >= ? ORDER BY rowid', since.isoformat())
    ]  # fmt: skip


def _on_days(book: Book, days: Sequence[date]) -> dict[date, Mapping[str, str]]:
    every = deputies(book, min(days))
    return {day: {each.principal: each.deputy for each in every if each.start <= day <= each.end} for day in days}


#: day → approver → who decides for them; the one named last, where several were.
on_day: Question[date, Mapping[str, str]] = Question(_on_days, {}, {"deputy.named": FORGET})


def deputies_on(book: Book, day: date) -> Mapping[str, str]:
    """Approver → who decides for them on *day*."""
    return book.known(on_day, day)
