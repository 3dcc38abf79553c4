"""Questions about days: reports, reviews, exemptions, and what was closed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.book import Book

DAILY_REPORT = "销售日报"
COMPLIANCE = "日报合规"  #: the report with which a day is closed


@dataclass(frozen=True)
class Report:
    """One person's report of one day, as first received, with its review."""

    receipt_no: str
    person: str
    day: date
    arrived_at: datetime
    status: str
    reviewer: str | None
    reviewed_at: datetime | None
    issued_at: datetime | None  #: when the reviewer was first given it
    comment: str  #: what the reviewer wrote
    earliest: datetime | None = None  #: it arrived not before; None: exactly at ``arrived_at``
    known: str = "file"  #: how its arrival is known: file, folder, seen or clock


@dataclass(frozen=True)
class Granted:
    """An exemption that covers a day."""

    receipt_no: str
    person: str
    start: date
    end: date
    reason: str
    granted_by: str


def reports_on(book: Book, day: date) -> list[Report]:
    """All reports for *day* that passed the rules, a mended or replaced one counted by its first arrival; no void ones."""
    records = book.ask(
        """SELECT r.receipt_no, r.person, r.status, r.decided_by, r.decided_at, r.comment, first.arrived_at,
                  (SELECT MIN(s.issued_at) FROM s_sheet_rows AS i JOIN s_sheets AS s USING (number)
                   WHERE i.receipt_no = r.receipt_no) AS issued_at,
                  (SELECT json_array(f.earliest, f.known) FROM s_rows AS w JOIN s_files AS f ON f.id = w.file_id
                   WHERE w.form = ?1 AND w.day = ?2 AND w.person = r.person AND w.submitted_at = first.arrived_at
                   ORDER BY w.rowid LIMIT 1) AS witness
           FROM s_rows AS r JOIN (
               SELECT person, MIN(submitted_at) AS arrived_at, MAX(rowid) AS newest FROM s_rows
               WHERE form = ?1 AND day = ?2 AND (status <> 'rejected' OR decided_by IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM s_corrections AS k WHERE k.of_receipt_no = s_rows.receipt_no AND k.action = '作废')
               GROUP BY person
           ) AS first ON first.newest = r.rowid ORDER BY r.person""",
        DAILY_REPORT,
        day.isoformat(),
    )
    return [
        Report(
            receipt_no=record["receipt_no"],
            person=record["person"],
            day=day,
            arrived_at=datetime.fromisoformat(record["arrived_at"]),
            status=record["status"],
            reviewer=record["decided_by"],
            reviewed_at=_time(record["decided_at"]),
            issued_at=_time(record["issued_at"]),
            comment=record["comment"] or "",
            **_witness(record["witness"]),
        )
        for record in records
    ]


def _witness(kept: str | None) -> dict[str, Any]:
    """How the arrival is known; files from before that was kept are known by their own time."""
    earliest, known = json.loads(kept) if kept else (None, None)
    return {"earliest": _time(earliest), "known": known or "file"}


def unread_files_on(book: Book, day: date) -> dict[str, list[str]]:
    """Person → names of workbooks that arrived on *day* and could not be read because of our own reader."""
    found: dict[str, list[str]] = {}
    for record in book.ask(
        "SELECT person, name FROM s_files WHERE by_machine = 1 AND substr(arrived_at, 1, 10) = ? ORDER BY id",
        day.isoformat(),
    ):
        found.setdefault(record["person"], []).append(record["name"])
    return found


def neighbours(book: Book, person: str, day: date) -> tuple[date | None, date | None]:
    """The days of this person's last report before *day* and the first one after it."""
    before = book.one(
        """SELECT day FROM s_rows INDEXED BY s_rows_person WHERE form = ? AND person = ? AND day < ? AND status <> 'rejected'
           ORDER BY day DESC LIMIT 1""",
        DAILY_REPORT, person, day.isoformat(),
    )  # fmt: skip
    after = book.one(
        """SELECT day FROM s_rows INDEXED BY s_rows_person WHERE form = ? AND person = ? AND day > ? AND status <> 'rejected'
           ORDER BY day LIMIT 1""",
        DAILY_REPORT, person, day.isoformat(),
    )  # fmt: skip
    return (date.fromisoformat(before) if before else None, date.fromisoformat(after) if after else None)


def exemptions_on(book: Book, day: date) -> dict[str, Granted]:
    """Person → the exemption that covers *day* (the first granted, if several do)."""
    records = book.ask(
        """SELECT * FROM s_exemptions INDEXED BY s_exemptions_end WHERE start <= ? AND "end" >= ?
           ORDER BY granted_at DESC, receipt_no DESC""",
        day.isoformat(),
        day.isoformat(),
    )
    return {
        record["person"]: Granted(
            receipt_no=record["receipt_no"],
            person=record["person"],
            start=date.fromisoformat(record["start"]),
            end=date.fromisoformat(record["end"]),
            reason=record["reason"],
            granted_by=record["granted_by"],
        )
        for record in records
    }


def leaves(book: Book, people: Iterable[str]) -> dict[str, list[tuple[date, date]]]:
    """Person → first and last day of each of their exemptions; who has none is left out."""
    found: dict[str, list[tuple[date, date]]] = {}
    for record in book.ask(
        """SELECT e.person, e.start, e."end" FROM json_each(?) AS j CROSS JOIN s_exemptions AS e ON e.person = j.value
           ORDER BY e.person, e.start""",
        json.dumps(sorted(set(people))),
    ):
        span = (date.fromisoformat(record["start"]), date.fromisoformat(record["end"]))
        found.setdefault(record["person"], []).append(span)
    return found


def last_closing(book: Book, period: str) -> dict[str, Any] | None:
    """The newest closing of a day or month (``version``, ``digest``, ``closed_at``, ``content``, ``mark``), or None."""
    records = book.ask("SELECT * FROM s_closings WHERE period = ? ORDER BY version DESC LIMIT 1", period)
    if not records:
        return None
    mark = records[0]["mark"]  # None in books of older versions
    return {**records[0], "content": json.loads(records[0]["content"]), "mark": json.loads(mark) if mark else None}


def closings(book: Book, period: str) -> list[dict[str, Any]]:
    """All closings of a day or month, the first version first."""
    records = book.ask("SELECT * FROM s_closings WHERE period = ? ORDER BY version", period)
    return [{**record, "content": json.loads(record["content"])} for record in records]


def judged(book: Book, person: str, day: date) -> tuple[str | None, date | None]:
    """How *day* was last judged for *person* ('' where nothing was owed), and the day on which they first learnt it.

    (None, None) for a day that was not closed yet.
    """
    state, told_on = None, None
    for record in closings(book, f"日报合规_{day}"):
        now = next((line["state"] for line in record["content"]["lines"] if line["person"] == person), "")
        told_on = told_on if now == state and told_on else datetime.fromisoformat(record["closed_at"]).date()
        state = now
    return state, told_on


#: The periods of the kind ``?1``, found by how they begin.
_OF_KIND = "c.period >= ?1 || '_' AND c.period < ?1 || '`'"


def reported(book: Book, kind: str) -> list[str]:
    """Every period of a kind that was reported, oldest first."""
    question = f"SELECT DISTINCT c.period FROM s_closings AS c WHERE {_OF_KIND} ORDER BY c.period"
    return [str(period) for (period,) in book.db.execute(question, (kind,))]


def last_closed(book: Book, kind: str) -> str | None:
    """The latest period of a kind (``日报合规``, ``日报扣款``) that was closed, or None."""
    found = book.one(f"SELECT MAX(period) FROM s_closings AS c WHERE {_OF_KIND}", kind)
    return str(found).split("_", 1)[1] if found else None


def never_received(book: Book, kind: str, post: str) -> list[str]:
    """The closed periods of a *kind* whose report was never queued for anybody who has ever held *post*, oldest first.

    A day off on which nobody reported is closed without a report.
    """
    records = book.db.execute(
        f"""WITH held AS MATERIALIZED (SELECT DISTINCT person FROM s_terms WHERE post = ?2)
           SELECT DISTINCT c.period FROM s_closings AS c WHERE {_OF_KIND} AND NOT EXISTS (
               SELECT 1 FROM held CROSS JOIN s_deliveries AS d ON d.name = c.period || '.xlsx' AND d.person = held.person)
           AND (c.version > 1 OR c.content -> '$.unreachable' IS NULL OR json_array_length(c.content, '$.lines') > 0)
           ORDER BY c.period""",
        (kind, post),
    )
    return [str(period) for (period,) in records]


def first_day(book: Book) -> date | None:
    """The day on which the book begins, or None for an empty book."""
    found = book.one("SELECT substr(at, 1, 10) FROM entries ORDER BY seq LIMIT 1")
    return date.fromisoformat(found) if found else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
