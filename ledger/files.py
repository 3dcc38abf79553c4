"""Questions about dropped files: what was taken, and what must leave the drop folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ledger.book import Book


def next_file_id(book: Book) -> int:
    """The id of the next file; inside a transaction."""
    return book.counter("file", "SELECT MAX(id) FROM s_files")


def file(book: Book, file_id: int) -> dict[str, Any]:
    """The file with this id."""
    return book.ask("SELECT * FROM s_files WHERE id = ?", file_id)[0]


def arrived_on(book: Book, person: str, day: date) -> list[dict[str, Any]]:
    """Everything that *person* dropped on *day*, in the order of arrival."""
    return book.ask(
        "SELECT * FROM s_files WHERE person = ? AND substr(arrived_at, 1, 10) = ? ORDER BY arrived_at, id",
        person,
        day.isoformat(),
    )


def all_files(book: Book) -> list[dict[str, Any]]:
    """Every file that was taken: ``person, name, sha256, arrived_at, archived_as``."""
    return book.ask("SELECT person, name, sha256, arrived_at, archived_as FROM s_files ORDER BY id")


def archived(book: Book) -> Iterator[tuple[str, str]]:
    """(path relative to the book's folder, sha256) of everything that must lie in the archive."""
    gone = erased(book)
    for record in book.ask("SELECT archived_as, sha256 FROM s_files UNION SELECT archived_as, sha256 FROM s_photos"):
        if record["archived_as"] not in gone:
            yield record["archived_as"], record["sha256"]
    for record in book.ask("SELECT quarantined_as, sha256 FROM s_files WHERE quarantined_as IS NOT NULL"):
        if record["quarantined_as"] not in gone:
            yield record["quarantined_as"], record["sha256"]


def erased(book: Book) -> dict[str, str]:
    """Originals that were taken away for good, and when (ISO time)."""
    return {record["archived_as"]: record["at"] for record in book.ask("SELECT archived_as, at FROM s_erased")}


def quarantined(book: Book, archived_as: str) -> list[str]:
    """Where a refused original lies besides."""
    sql = "SELECT DISTINCT quarantined_as AS path FROM s_files WHERE archived_as = ? AND quarantined_as IS NOT NULL"
    return [record["path"] for record in book.ask(sql, archived_as)]


def photos_of(book: Book, person: str) -> list[dict[str, Any]]:
    """Pictures that *person* dropped, and workbooks of theirs in which pictures stand: ``archived_as, sha256, name``.

    Without what rows name that are still to be decided, and what others dropped as well.
    """
    return book.ask(
        """WITH busy AS (SELECT n.sha256 FROM s_row_photos AS n JOIN s_rows AS r USING (receipt_no)
                         WHERE r.status IN ('waiting', 'pending')),
                mine AS (SELECT archived_as, sha256, name FROM s_photos WHERE person = ?1
                           AND sha256 NOT IN (SELECT sha256 FROM busy)
                         UNION SELECT f.archived_as, f.sha256, f.name FROM s_files AS f
                           WHERE f.person = ?1 AND (f.kind = 'photo' AND f.sha256 NOT IN (SELECT sha256 FROM busy)
                           OR EXISTS (SELECT 1 FROM s_photos AS p WHERE p.person = f.person AND p.embedded = 1
                                      AND p.arrived_at = f.arrived_at AND f.kind = 'workbook'
                                      AND p.sha256 NOT IN (SELECT sha256 FROM busy))))
           SELECT * FROM mine WHERE archived_as NOT IN (SELECT archived_as FROM s_erased)
             AND archived_as NOT IN (SELECT archived_as FROM s_files WHERE person <> ?1
                                     UNION SELECT archived_as FROM s_photos WHERE person <> ?1)
           ORDER BY archived_as""",
        person,
    )


def of_rows(book: Book, receipt_nos: Iterable[str]) -> list[dict[str, Any]]:
    """The workbooks in which these rows came: ``archived_as, sha256, name, person``."""
    return book.ask(
        """SELECT DISTINCT f.archived_as, f.sha256, f.name, f.person FROM s_rows AS r JOIN s_files AS f ON f.id = r.file_id
           WHERE r.receipt_no IN (SELECT value FROM json_each(?))
           AND f.archived_as NOT IN (SELECT archived_as FROM s_erased) ORDER BY f.archived_as""",
        json.dumps(list(receipt_nos)),
    )


def to_remove(book: Book, person: str, relative: str, sha256: str, size: int, mtime_ns: int, ctime_ns: int) -> None:
    """Remember, with the batch, that this very file was taken and has to leave the drop folder."""
    sql = "INSERT OR REPLACE INTO removals VALUES (?, ?, ?, ?, ?, ?)"
    book.beside("removals", sql, person, relative, sha256, size, mtime_ns, ctime_ns)


def removals(book: Book) -> list[dict[str, Any]]:
    """Files that were taken and may still lie in their drop folder."""
    return book.ask("SELECT * FROM removals ORDER BY person, relative")


def removed(book: Book, person: str, relative: str, sha256: str) -> None:
    """The file has left the drop folder."""
    book.db.execute("DELETE FROM removals WHERE person = ? AND relative = ? AND sha256 = ?", (person, relative, sha256))


def unanswered(book: Book, folder: str) -> list[dict[str, Any]]:
    """Workbooks after whose arrival their owner was never queued anything for the receipts' *folder* or one below it."""
    return book.ask(
        """WITH answers AS (SELECT person, MAX(queued_at) AS newest FROM s_deliveries
                            WHERE folder = ? OR folder LIKE ? || '/%' GROUP BY person)
           SELECT f.person, f.name FROM s_files AS f LEFT JOIN answers AS a ON a.person = f.person
           WHERE f.kind = 'workbook' AND f.person <> '' AND COALESCE(a.newest, '') < f.arrived_at""",
        folder,
        folder,
    )
