"""Counts of the book for whoever watches the machine: what waits, what was refused, when the night was closed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.book import Book


@dataclass(frozen=True)
class Gauges:
    """How much of what there is."""

    entries: int
    files: int  #: ever taken
    refused: int  #: of them, refused as a whole
    pending: int  #: rows that wait for somebody's decision
    awaited: int  #: rows that wait for a photo
    undelivered: int  #: files that are still to be written into pick-up folders
    night_closed_at: datetime | None  #: when the last 日报合规 was closed
    night_closed: str  #: its day; '' if none was


def gauges(book: Book) -> Gauges:
    """What the book counts now."""
    (counts,) = book.ask(_COUNTS)
    last = book.ask(_LAST_NIGHT)
    at, period = (last[0]["closed_at"], last[0]["period"]) if last else (None, "_")
    return Gauges(
        **counts, night_closed_at=datetime.fromisoformat(at) if at else None, night_closed=period.split("_")[1]
    )


_COUNTS = """SELECT (SELECT COALESCE(MAX(seq), 0) FROM entries) AS entries,
    (SELECT COUNT(*) FROM s_files) AS files,
    (SELECT COUNT(*) FROM s_files WHERE outcome = 'refused') AS refused,
    (SELECT COUNT(*) FROM s_rows WHERE status = 'pending') AS pending,
    (SELECT COUNT(*) FROM s_rows WHERE status = 'waiting') AS awaited,
    (SELECT COUNT(*) FROM due) AS undelivered"""
_LAST_NIGHT = """SELECT period, closed_at FROM s_closings WHERE period LIKE '日报合规\\_%' ESCAPE '\\'
    ORDER BY period DESC, version DESC LIMIT 1"""
