"""Questions for people's pages: whom the newest entries concern, what waits for somebody, what lies in their folder."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from ledger.book import Book


@dataclass(frozen=True)
class Happening:
    """What kind of entry concerned which people; '' where it names nobody of that role."""

    kind: str
    form: str  #: of the row that it is about
    names: tuple[str, ...]  #: everybody whom it names: who did it, whose row, whose customer, who decides


def is_current(book: Book) -> bool:
    """Whether nothing was posted since pages were looked through."""
    until = looked_until(book)
    return until is not None and book.head()[0] <= until


def looked_until(book: Book) -> int | None:
    """The number of the last entry for which pages were brought up to date; None: never."""
    found = book.one("SELECT seq FROM page_mark")
    return None if found is None else int(found)


def look_until(book: Book, seq: int) -> None:
    """Remember that pages tell of everything up to *seq*; inside the transaction that queues them."""
    book.beside("page_mark", "INSERT OR REPLACE INTO page_mark (one, seq) VALUES (1, ?)", seq)


def happened_since(book: Book, seq: int) -> list[Happening]:
    """What happened after *seq*, each kind once for the people whom it names; what changes nobody's page is left out."""
    records = book.db.execute(_HAPPENED, (seq,))
    return [
        Happening(str(kind), str(form or ""), tuple(dict.fromkeys(name for name in names if name)))
        for kind, form, *names in records
    ]


#: Pages themselves are deliveries: they must not call for pages.
_HAPPENED = """
SELECT DISTINCT e.kind, COALESCE(r.form, e.payload ->> 'form'), e.actor, COALESCE(r.person, e.payload ->> 'person'),
    e.payload ->> 'approver', e.payload ->> 'deputy', e.payload ->> 'principal', e.payload ->> 'owner', c.owner,
    c.previous_owner, CASE WHEN e.kind LIKE 'person.%' THEN e.subject END
FROM entries AS e
LEFT JOIN s_rows AS r ON r.receipt_no = e.subject AND (e.kind LIKE 'row.%' OR e.kind = 'decision.made')
LEFT JOIN s_customers AS c ON e.kind LIKE 'customer.%' AND c.id = CAST(e.subject AS INTEGER)
WHERE e.seq > ? AND e.kind NOT IN ('delivery.queued', 'photo.kept', 'photo.unnamed', 'chain.keyed', 'door.received',
    'door.invited', 'door.bound', 'door.revoked', 'reminder.given')
"""


@dataclass(frozen=True)
class ReturnedRow:
    """A row that came back and that nobody has handed in again in a better form."""

    receipt_no: str
    form: str
    about: str  #: the first cell of the row
    file: str  #: name of the workbook in which it was dropped
    row_no: int
    since: datetime
    by: str  #: who rejected it; '' when it broke a rule
    reason: str
    told_at: str  #: the moment of the entry that its receipt tells of


def returned(book: Book, asked: Iterable[tuple[str, str]], since: datetime) -> dict[str, list[ReturnedRow]]:
    """Person → what came back to them since then and was not put right, oldest first.

    :param asked: person and form
    """
    found: dict[str, list[ReturnedRow]] = {}
    for each in book.ask(_RETURNED, _json(asked), since.isoformat()):
        found.setdefault(each["person"], []).append(ReturnedRow(
            receipt_no=each["receipt_no"], form=each["form"], about=each["about"] or "", file=each["file"] or "",
            row_no=each["row_no"], since=datetime.fromisoformat(each["decided_at"] or each["submitted_at"]),
            by=each["decided_by"] or "", reason=each["comment"] or each["reason"] or "", told_at=each["told_at"] or "",
        ))  # fmt: skip
    return found


#: Where something came back, every row since then is looked at once, whatever became of it: a large workbook has thousands.
_RETURNED = """
WITH asked AS MATERIALIZED (
    SELECT value ->> 0 AS person, value ->> 1 AS form FROM json_each(?1) WHERE EXISTS (
        SELECT 1 FROM s_rows AS r WHERE r.form = value ->> 1 AND r.person = value ->> 0 AND r.submitted_at >= ?2
        AND r.status = 'rejected')),
mine AS MATERIALIZED (
    SELECT r.rowid AS n, r.receipt_no, r.person, r.form, r.key, r.status, r.submitted_at, r.cells ->> '$[0][1]' AS about
    FROM asked CROSS JOIN s_rows AS r ON r.form = asked.form AND r.person = asked.person AND r.submitted_at >= ?2),
seen AS (
    SELECT n, receipt_no, about, status, submitted_at,
        MAX(CASE WHEN status IN ('waiting', 'pending', 'accepted') THEN submitted_at END)
            OVER (PARTITION BY person, form, COALESCE(about, receipt_no)) AS put_right,
        MAX(CASE WHEN status IN ('waiting', 'pending', 'accepted') THEN submitted_at END)
            OVER (PARTITION BY person, form, COALESCE(NULLIF(key, ''), receipt_no)) AS taken,
        MAX(CASE WHEN status = 'rejected' THEN n END) OVER (PARTITION BY person, form, COALESCE(about, receipt_no)
            ORDER BY submitted_at RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS newest
    FROM mine)
SELECT r.person, r.receipt_no, r.form, s.about, f.name AS file, r.row_no, r.submitted_at, r.decided_at, r.decided_by, r.comment,
    (SELECT group_concat(message, '；') FROM s_findings WHERE receipt_no = r.receipt_no AND severity = 'refuse') AS reason,
    (SELECT MAX(e.at) FROM s_mentions AS m JOIN entries AS e USING (seq) WHERE m.receipt_no = r.receipt_no
     AND e.kind IN ('row.received', 'row.completed', 'decision.made')) AS told_at
FROM seen AS s JOIN s_rows AS r USING (receipt_no) LEFT JOIN s_files AS f ON f.id = r.file_id
WHERE s.status = 'rejected' AND s.newest = s.n AND COALESCE(s.put_right, '') < s.submitted_at
    AND COALESCE(s.taken, '') < s.submitted_at
ORDER BY r.submitted_at, r.receipt_no
"""


@dataclass(frozen=True)
class WithoutPictures:
    """A row that waits for pictures, or the first of many in one file."""

    receipt_no: str
    form: str
    submitted_at: datetime
    cells: list[list[str]]  #: [header, text]
    file: str  #: name of the workbook; '' if there was none
    rows: int  #: how many it stands for

    @property
    def about(self) -> str:
        """The first cell of the row."""
        return self.cells[0][1] if self.cells else ""


def without_pictures(book: Book, people: Collection[str], singly: int) -> dict[str, list[WithoutPictures]]:
    """Person → what they handed in and still lacks pictures, oldest first.

    :param singly: of a form of which a file has more such rows than this, the first stands for all
    """
    found: dict[str, list[WithoutPictures]] = {}
    for each in book.ask(_WITHOUT_PICTURES, _json(people), singly):
        found.setdefault(each["person"], []).append(WithoutPictures(
            each["receipt_no"], each["form"], datetime.fromisoformat(each["submitted_at"]), json.loads(each["cells"]),
            each["name"] or "", each["n"] if each["n"] > singly else 1,
        ))  # fmt: skip
    return found


_WITHOUT_PICTURES = """
WITH mine AS (
    SELECT person, receipt_no, form, submitted_at, file_id, COUNT(*) OVER (PARTITION BY person, file_id, form) AS n,
        ROW_NUMBER() OVER (PARTITION BY person, file_id, form ORDER BY submitted_at, receipt_no) AS k
    FROM s_rows WHERE status = 'waiting' AND person IN (SELECT value FROM json_each(?1)))
SELECT m.person, m.receipt_no, m.form, m.submitted_at, r.cells, f.name, m.n
FROM mine AS m JOIN s_rows AS r USING (receipt_no) LEFT JOIN s_files AS f ON f.id = m.file_id
WHERE m.n <= ?2 OR m.k = 1 ORDER BY m.submitted_at, m.receipt_no
"""


def refused_files(book: Book, people: Collection[str], since: datetime) -> dict[str, list[dict[str, Any]]]:
    """Person → workbooks that came back whole since then, and under whose name nothing came afterwards: name, arrived_at, reason."""
    found = book.ask(
        """SELECT f.person, f.name, f.arrived_at, f.reason FROM json_each(?) AS j
           CROSS JOIN s_files AS f ON f.person = j.value AND f.arrived_at >= ?
           WHERE f.outcome = 'refused' AND f.kind = 'workbook'
           AND NOT EXISTS (SELECT 1 FROM s_files AS n WHERE n.person = f.person AND n.id > f.id AND n.name = f.name)
           ORDER BY f.arrived_at""",
        _json(people), since.isoformat(),
    )  # fmt: skip
    return _by_person(found)


@dataclass(frozen=True)
class OpenSheet:
    """An approval sheet that lies with somebody."""

    number: str
    form: str
    issued_at: datetime
    path: str  #: below the share
    rows: int  #: how many are still open


def sheets_of(book: Book, people: Collection[str]) -> dict[str, list[OpenSheet]]:
    """Person → the sheets that lie with them and on which something is open, oldest first."""
    records = book.ask(
        """SELECT s.approver, s.number, s.form, s.issued_at, l.path, (SELECT COUNT(*) FROM s_sheet_rows AS r
               WHERE r.number = s.number AND r.open = 1) AS n
           FROM standing AS l JOIN s_sheets AS s ON s.number = l.number
           WHERE l.key = l.number AND s.approver IN (SELECT value FROM json_each(?)) AND n > 0
           ORDER BY s.issued_at, s.number""",
        _json(people),
    )
    found: dict[str, list[OpenSheet]] = {}
    for each in records:
        issued_at = datetime.fromisoformat(each["issued_at"])
        sheet = OpenSheet(each["number"], each["form"], issued_at, each["path"], each["n"])
        found.setdefault(each["approver"], []).append(sheet)
    return found


def answer(book: Book, person: str, folder: str, since: str, source: str) -> str:
    """Where the first answer since that moment lies, as a path below 取件; '' if there is none.

    :param source: name of the dropped workbook: tells which one, if several were answered together
    """
    found = book.ask(
        """SELECT folder, name, queued_at FROM s_deliveries INDEXED BY s_deliveries_since WHERE person = ? AND queued_at >= ?
           AND (folder = ? OR substr(folder, 1, ?) = ?) ORDER BY id LIMIT 30""",
        person, since, folder, len(folder) + 1, f"{folder}/",
    )  # fmt: skip
    stem = PurePosixPath(source).stem
    then = [each for each in found if each["queued_at"] == since]
    named = [each for each in then or found if stem and stem[:20] in each["name"]]
    return next((f"{each['folder']}/{each['name']}" for each in (*named, *then)), "")


def newest_files(book: Book, people: Collection[str], folder: str, beginning: str) -> dict[str, str]:
    """Person → the file delivered last into their *folder* whose name begins so, as a path below 取件; who has none is left out.

    A version that was replaced (…_第1版.xlsx) lies beside the newest, and was delivered after it.
    """
    found = book.ask(_NEWEST, _json(people), folder, beginning)
    return {each["person"]: f"{folder}/{each['name']}" for each in found}


#: From name to name: what is renewed every night has one name and as many deliveries as there were nights.
_NEWEST = """
WITH RECURSIVE names (person, name) AS (
    SELECT j.value, (SELECT MIN(name) FROM s_deliveries WHERE person = j.value AND folder = ?2 AND name >= ?3)
    FROM json_each(?1) AS j
    UNION ALL SELECT n.person, (SELECT MIN(d.name) FROM s_deliveries AS d
        WHERE d.person = n.person AND d.folder = ?2 AND d.name > n.name)
    FROM names AS n WHERE substr(n.name, 1, length(?3)) = ?3)
SELECT person, name, MAX((SELECT MAX(d.id) FROM s_deliveries AS d
    WHERE d.person = names.person AND d.folder = ?2 AND d.name = names.name)) AS newest
FROM names WHERE substr(name, 1, length(?3)) = ?3 AND instr(name, '_第') = 0 GROUP BY person
"""


def visits_by(book: Book, people: Collection[str], since: datetime, limit: int) -> list[dict[str, Any]]:
    """The visits that *people* handed in since then and that were not turned down, newest first."""
    return book.ask(
        """SELECT v.*, r.photos, r.decided_by, (SELECT group_concat(message, '；') FROM s_findings
               WHERE receipt_no = r.receipt_no AND severity = 'flag') AS words FROM json_each(?) AS j
           CROSS JOIN s_rows AS r ON r.form = '拜访记录' AND r.person = j.value AND r.submitted_at >= ?
               AND r.status IN ('waiting', 'pending', 'accepted')
           JOIN visits AS v ON v.receipt_no = r.receipt_no
           ORDER BY COALESCE(NULLIF(v.visited_at, ''), v.submitted_at) DESC, v.receipt_no DESC LIMIT ?""",
        json.dumps(sorted(people), ensure_ascii=False), since.isoformat(), limit,
    )  # fmt: skip


def orders_between(book: Book, first: date, last: date) -> list[dict[str, Any]]:
    """The ``orders`` view: what took effect with a date of signing between two days, newest first."""
    return book.ask(
        """SELECT o.* FROM s_rows AS r INDEXED BY s_rows_signed CROSS JOIN orders AS o USING (receipt_no)
           WHERE r.form = '成交订单' AND r.status = 'accepted' AND r.vals ->> 'signed_on' BETWEEN ? AND ?
           ORDER BY o.signed_on DESC, o.receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip


def payments_between(book: Book, first: date, last: date) -> list[dict[str, Any]]:
    """The ``payments`` view: what was confirmed with a date between two days, newest first."""
    return book.ask(
        """SELECT p.* FROM s_rows AS r INDEXED BY s_rows_came CROSS JOIN payments AS p USING (receipt_no)
           WHERE r.form = '客户回款' AND r.status = 'accepted' AND r.vals ->> 'paid_on' BETWEEN ? AND ?
           ORDER BY p.paid_on DESC, p.receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip


def payments_waiting(book: Book) -> list[dict[str, Any]]:
    """Payments that nobody has confirmed yet, oldest first, with when they were handed in."""
    return book.ask(
        """SELECT p.*, r.submitted_at FROM s_rows AS r JOIN payments AS p USING (receipt_no)
           WHERE r.form = '客户回款' AND r.status = 'pending' ORDER BY r.submitted_at, p.receipt_no"""
    )


def visits_between(book: Book, people: Collection[str], first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Person → their approved visits between two days, newest first."""
    found = book.ask(
        """SELECT r.person, v.* FROM s_rows AS r INDEXED BY s_rows_seen CROSS JOIN visits AS v USING (receipt_no)
           WHERE r.form = '拜访记录' AND r.status = 'accepted' AND r.person IN (SELECT value FROM json_each(?))
           AND substr(COALESCE(NULLIF(r.read ->> 'visited_at', ''), r.submitted_at), 1, 10) BETWEEN ? AND ?
           ORDER BY v.visited_at DESC, v.receipt_no DESC""",
        _json(people), first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return _by_person(found)


def transfers_since(book: Book, since: date) -> list[dict[str, Any]]:
    """The ``transfers`` view since a day, newest first, with the customer as it is called now."""
    return book.ask(
        """SELECT t.* FROM s_rows AS r INDEXED BY s_rows_transferred CROSS JOIN transfers AS t USING (receipt_no)
           WHERE r.form = '客户转交' AND r.submitted_at >= ? AND r.status <> 'rejected'
           ORDER BY t.submitted_at DESC, t.receipt_no DESC""",
        since.isoformat(),
    )


def new_customers_between(book: Book, first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Person → the customers that they won by 客户新增 handed in between two days, newest first: receipt_no, customer, day."""
    found = book.ask(
        """SELECT COALESCE(vals ->> 'owner', person) AS person, receipt_no, vals ->> 'name' AS customer, substr(submitted_at, 1, 10) AS day
           FROM s_rows INDEXED BY s_rows_brought WHERE form = '客户新增' AND status = 'accepted'
           AND substr(submitted_at, 1, 10) BETWEEN ? AND ? ORDER BY submitted_at DESC, receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return _by_person(found)


def _by_person(records: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in records:
        found.setdefault(each["person"], []).append(each)
    return found


def _json(asked: Iterable[Any]) -> str:
    return json.dumps(list(asked), ensure_ascii=False)
