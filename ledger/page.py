"""Questions for people's pages: what waits for somebody, what lies in their folder."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from ledger.book import Book


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
    return by_person(found)


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


def by_person(records: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Person → their records, in the order in which they were found."""
    found: dict[str, list[dict[str, Any]]] = {}
    for each in records:
        found.setdefault(each["person"], []).append(each)
    return found


def _json(asked: Iterable[Any]) -> str:
    return json.dumps(list(asked))
