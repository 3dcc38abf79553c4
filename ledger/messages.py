"""Which messages went out of the house: outside the truth, kept so that nothing is sent twice.

A matter is claimed before it is sent.  What was claimed and of which nobody knows whether it arrived stays claimed:
better told once too little, and shown in ``status``, than twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.book import Book

_KEPT = timedelta(days=60)  #: no matter is as old when it is told


@dataclass(frozen=True)
class Tried:
    """How it went with one target."""

    tries: int  #: in vain, since the last success
    tried_at: datetime | None
    sent_at: datetime | None
    trouble: str


def tries(book: Book) -> dict[str, Tried]:
    """Target → how it went."""
    return {
        each["target"]: Tried(each["tries"], _time(each["tried_at"]), _time(each["sent_at"]), each["trouble"] or "")
        for each in book.ask("SELECT * FROM message_tries")
    }


def untold(book: Book, target: str, matters: Sequence[str]) -> list[str]:
    """Those of *matters* that were never sent to *target*, and are not on their way."""
    known = {
        each["matter"]
        for each in book.ask(
            "SELECT matter FROM messages WHERE target = ? AND matter IN (SELECT value FROM json_each(?))",
            target, json.dumps(matters),
        )
    }  # fmt: skip
    return [matter for matter in matters if matter not in known]


def claim(book: Book, target: str, matters: Sequence[str], at: datetime) -> list[str]:
    """Take those of *matters* that nobody has told *target* yet; whoever else asks gets none of them."""
    with book.transaction():
        mine = untold(book, target, matters)
        book.db.execute("DELETE FROM messages WHERE state = 'sent' AND at < ?", ((at - _KEPT).isoformat(),))
        for matter in mine:
            book.db.execute("INSERT INTO messages VALUES (?, ?, 'sending', ?)", (target, matter, at.isoformat()))
    return mine


def told(book: Book, target: str, matters: Iterable[str], at: datetime) -> None:
    """They were sent."""
    with book.transaction():
        for matter in matters:
            book.db.execute("UPDATE messages SET state = 'sent' WHERE target = ? AND matter = ?", (target, matter))
        book.db.execute(
            "INSERT OR REPLACE INTO message_tries VALUES (?, 0, ?, ?, NULL)", (target, at.isoformat(), at.isoformat())
        )


def failed(book: Book, target: str, matters: Iterable[str], at: datetime, trouble: str) -> None:
    """They were not sent, and are to be tried again."""
    with book.transaction():
        for matter in matters:
            book.db.execute(
                "DELETE FROM messages WHERE target = ? AND matter = ? AND state = 'sending'", (target, matter)
            )
        book.db.execute(
            """INSERT INTO message_tries VALUES (?1, 1, ?2, NULL, ?3) ON CONFLICT (target)
               DO UPDATE SET tries = tries + 1, tried_at = ?2, trouble = ?3""",
            (target, at.isoformat(), trouble),
        )


def unheard(book: Book, target: str, at: datetime) -> None:
    """Nobody knows whether it was sent: what was claimed stays so, and this target is left alone for a while."""
    with book.transaction():
        book.db.execute(
            """INSERT INTO message_tries VALUES (?1, 0, ?2, ?2, NULL) ON CONFLICT (target)
               DO UPDATE SET tried_at = ?2, sent_at = ?2""",
            (target, at.isoformat()),
        )


def uncertain(book: Book, since: datetime, before: datetime) -> dict[str, int]:
    """Target → how many matters were claimed between the two moments and never heard of again."""
    found = book.ask(
        "SELECT target, COUNT(*) AS n FROM messages WHERE state = 'sending' AND at >= ? AND at < ? GROUP BY target",
        since.isoformat(), before.isoformat(),
    )  # fmt: skip
    return {each["target"]: each["n"] for each in found}


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
