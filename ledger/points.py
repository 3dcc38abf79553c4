"""Pictures found by parts of them: an index over the codes of their points, kept for a while beside the journal.

A point's code begins with a word of 22 bits.  The same point in a cropped or turned copy has a word that differs in at
most one bit about every second time, any other point next to never: so the pictures that answer most often are looked at
more closely.  What came of that look stands in the journal; the points do not, and are forgotten after so many days.
The journal has their hash, and says when they were forgotten: whoever takes some away to use a picture again is seen
(:mod:`ledger.points_proved`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.database import Database
from ledger.journal import Entry, Posted
from ledger.known import Answers, Question
from ledger.records import Points
from ledger.state_write import Writes

if TYPE_CHECKING:
    from ledger.book import Book

WORD = 22  #: bits of a code by which its point is found
BYTES = 16  #: of a code
LIKELIEST = 48  #: so many pictures are looked at more closely, however many there are
FORGOTTEN = "points.forgotten"  #: the kind of the entry that names the pictures
LEAST = 2  #: points that must be found again before a look is worth its time

TABLES = """
CREATE TABLE points (
    photo_id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, kept_at TEXT, width INTEGER, height INTEGER, places BLOB,
    codes BLOB, thumb BLOB
);
CREATE INDEX points_kept ON points (kept_at);
CREATE TABLE point_words (word INTEGER, photo_id INTEGER, PRIMARY KEY (word, photo_id)) WITHOUT ROWID;
CREATE TABLE s_photo_parts (sha256 TEXT, other TEXT, PRIMARY KEY (sha256, other)) WITHOUT ROWID;
CREATE INDEX s_photo_parts_other ON s_photo_parts (other);
"""


def make_tables(db: Database) -> None:
    """Tables of the points, and of what was found by them; nothing is known of pictures from before."""
    for statement in TABLES.split(";")[:-1]:
        db.execute(statement)


PROVED = "CREATE TABLE s_photo_points (photo_id INTEGER PRIMARY KEY, sha256 TEXT, kept_at TEXT, digest TEXT)"


def make_proof(db: Database) -> None:
    """What the journal says of the points that are kept; of those from before it says nothing."""
    db.execute(PROVED)


def digest(points: Points) -> str:
    """What the journal keeps of the points."""
    running = hashlib.sha256(f"{points.width} {points.height}".encode())
    for part in (points.places, points.codes, points.thumb):
        running.update(len(part).to_bytes(8, "big") + part)
    return running.hexdigest()


def words(points: Points) -> list[int]:
    """The words of the points, in their order."""
    starts = range(0, len(points.codes), BYTES)
    return [int.from_bytes(points.codes[at : at + 4], "big") >> (32 - WORD) for at in starts]


_FIND = """
WITH masks (mask) AS MATERIALIZED (SELECT value FROM json_each(?)),
     asked (n, word) AS MATERIALIZED (SELECT key, value FROM json_each(?)),
     met (n, photo_id) AS MATERIALIZED (
         SELECT DISTINCT a.n, w.photo_id FROM asked AS a CROSS JOIN masks AS m
         CROSS JOIN point_words AS w ON w.word = (a.word | m.mask) - (a.word & m.mask)),
     common (n, many) AS (SELECT n, COUNT(*) FROM met GROUP BY n)
SELECT photo_id FROM met JOIN common USING (n) GROUP BY photo_id HAVING COUNT(*) >= ?
ORDER BY SUM(1.0 / many) DESC, photo_id DESC LIMIT ?
"""
_MASKS = json.dumps([0, *(1 << bit for bit in range(WORD))])


def likeliest(book: Book, points: Points, besides: str) -> list[tuple[str, Points]]:
    """The kept pictures that share most points with these, without the picture *besides*, likeliest first."""
    found = book.ask(
        f"""SELECT p.* FROM ({_FIND}) AS f JOIN points AS p USING (photo_id) WHERE p.sha256 <> ?""",
        _MASKS, json.dumps(words(points)), LEAST, LIKELIEST + 1, besides,
    )  # fmt: skip
    return [(record["sha256"], of_record(record)) for record in found]


def of_record(record: dict[str, Any]) -> Points:
    """The points that a row of the table keeps."""
    return Points(record["width"], record["height"], record["places"], record["codes"], record["thumb"])


def held(book: Book, sha256: str) -> bool:
    """Whether the points of this very picture are kept already."""
    return book.one("SELECT 1 FROM points WHERE sha256 = ?", sha256) is not None


def keep(book: Book, photo_id: int, sha256: str, points: Points, at: datetime) -> None:
    """Keep a picture's points where :func:`likeliest` finds them; inside the transaction that keeps the picture."""
    values = (points.width, points.height, points.places, points.codes, points.thumb)
    book.beside("points", _KEEP, photo_id, sha256, at.isoformat(), *values)
    book.beside("point_words", _KEEP_WORDS, json.dumps(words(points)), photo_id)


_KEEP = "INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_KEEP_WORDS = """INSERT OR IGNORE INTO point_words SELECT w.value, p.photo_id FROM points AS p CROSS JOIN json_each(?) AS w
                 WHERE p.photo_id = ?"""


def forget(book: Book, before: datetime, now: datetime) -> int:
    """Forget the points of pictures that were kept before *before*, some thousands at a time; gives how many."""
    old = [photo_id for (photo_id,) in book.db.execute(_OLD, (before.isoformat(),))]
    if old:
        with book.transaction():
            book.post([Entry(FORGOTTEN, "points", "kebu", {"pictures": old})], now)
            _forget(book, old)
    return len(old)


def forget_pictures(book: Book, shas: Sequence[str]) -> None:
    """Forget the points, and the small copies beside them, of the pictures with these contents; inside the transaction
    that posts their erasing."""
    named = book.db.execute(_NAMED, (json.dumps(shas),))
    _forget(book, [photo_id for (photo_id,) in named])


def _forget(book: Book, photo_ids: Sequence[int]) -> None:
    gone = json.dumps(photo_ids)
    for record in book.ask("SELECT * FROM points WHERE photo_id IN (SELECT value FROM json_each(?))", gone):
        pairs = [(word, record["photo_id"]) for word in words(of_record(record))]  # found by their words alone
        book.db.conn.executemany("DELETE FROM point_words WHERE word = ? AND photo_id = ?", pairs)
    book.db.execute("DELETE FROM points WHERE photo_id IN (SELECT value FROM json_each(?))", (gone,))


_OLD = "SELECT photo_id FROM points WHERE kept_at < ? ORDER BY kept_at LIMIT 2000"
_NAMED = "SELECT photo_id FROM points WHERE sha256 IN (SELECT value FROM json_each(?))"


def noted(writes: Writes, posted: Posted) -> None:
    """The state's note of the points that were kept with a picture; older entries say nothing of them."""
    given = posted.entry.payload
    if given.get("points"):
        record = {"photo_id": given["id"], "sha256": given["sha256"], "kept_at": posted.at, "digest": given["points"]}
        writes.insert("s_photo_points", record, rows=(("points", given["id"]),))


def forgotten(writes: Writes, posted: Posted) -> None:
    """The state's note of what was forgotten for its age."""
    for photo_id in posted.entry.payload["pictures"]:
        sql = "DELETE FROM s_photo_points WHERE photo_id = ?"
        writes.run("s_photo_points", sql, photo_id, rows=(("points", photo_id),))


def erased(writes: Writes, sha256: str) -> None:
    """The same of a picture that was erased."""
    writes.run("s_photo_points", "DELETE FROM s_photo_points WHERE sha256 = ?", sha256)


def shown_again(writes: Writes, sha256: str, others: Sequence[str]) -> None:
    """The state's note of what the journal says: the picture shows the same as these *others*."""
    for other in others:
        sql = "INSERT OR IGNORE INTO s_photo_parts VALUES (?, ?)"
        writes.run("s_photo_parts", sql, sha256, other, rows=(("picture", sha256),))


def _parts(book: Book, shas: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for record in book.ask(_PARTS, json.dumps(shas)):
        found[record["sha256"]] = (*found.get(record["sha256"], ()), record["other"])
    return found


_PARTS = """SELECT j.value AS sha256, p.other FROM json_each(?) AS j CROSS JOIN s_photo_parts AS p ON p.sha256 = j.value
            UNION SELECT j.value, p.sha256 FROM json_each(?1) AS j CROSS JOIN s_photo_parts AS p ON p.other = j.value"""


def _kept_parts(answers: Answers, entry: Entry) -> None:
    for sha256 in (entry.payload["sha256"], *entry.payload.get("parts_of", ())):
        answers.pop(sha256, None)


#: content hash → the pictures that show the same in part, whichever of the two came first.
parts: Question[str, tuple[str, ...]] = Question(_parts, (), {"photo.kept": _kept_parts})
