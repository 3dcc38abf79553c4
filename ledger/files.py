"""Questions about dropped files: what was taken, and what must leave the drop folder."""

from __future__ import annotations

from collections.abc import Iterator
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
    for record in book.ask("SELECT archived_as, sha256 FROM s_files UNION SELECT archived_as, sha256 FROM s_photos"):
        yield record["archived_as"], record["sha256"]
    for record in book.ask("SELECT quarantined_as, sha256 FROM s_files WHERE quarantined_as IS NOT NULL"):
        yield record["quarantined_as"], record["sha256"]


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
