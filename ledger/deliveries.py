"""Questions about deliveries: what people are to get, and what they have got.

What a person will be told is kept with it, in the same transaction (:mod:`ledger.kept_words`), until its file has left their
folder again (:mod:`ledger.lying`).  ``due`` lists what is still open, kept by triggers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from ledger import kept_words
from ledger.book import Book
from ledger.journal import Entry
from ledger.kept_words import ToldWords
from ledger.known import Answers, Question


@dataclass(frozen=True)
class Delivery:
    """A file that a person is to find in their pick-up folder."""

    id: int
    person: str
    folder: str  #: 回执, 审批, 报表 or 模板
    name: str
    told: str | None  #: hash of what it says, to be drawn
    sha256: str | None  #: hash of the file, where an earlier version drew it before the commit


def queue(book: Book, person: str, folder: str, name: str, words: ToldWords, cause: str) -> Entry:
    """The entry that queues a delivery; to be posted in the same transaction, before the next is made.

    The same *words* are kept once.
    """
    kept_words.keep(book, words)
    payload = {
        "id": book.counter("delivery", "SELECT MAX(id) FROM s_deliveries"),
        "person": person,
        "folder": folder,
        "name": name,
        "told": words.sha256,
        "cause": cause,
    }
    return Entry("delivery.queued", f"{person}/{folder}/{name}", "kebu", payload)


def words_due(book: Book, away: Collection[str]) -> Iterator[str]:
    """What waits to be told to people who are not *away*, each once."""
    waiting = {delivery.told for delivery in unshipped(book) if delivery.told and delivery.person not in away}
    for each in sorted(waiting):
        yield kept_words.text_of(kept_words.of(book, each))


Place = tuple[str, str, str]  #: person, folder, name


def _none_since(book: Book, keys: Sequence[str]) -> dict[str, set[Place]]:
    assert book.db, "everything posted before is sent"
    return {key: set() for key in keys}


def _queued(answers: Answers, entry: Entry) -> None:
    for since in answers.values():
        since.add((entry.payload["person"], entry.payload["folder"], entry.payload["name"]))


#: "names" → what was queued since this was first asked.
queued_since: Question[str, Set[Place]] = Question(_none_since, frozenset(), {"delivery.queued": _queued})


def free_name(book: Book, person: str, folder: str, name: str) -> str:
    """*name*, or with ``-2``, ``-3``, ... before its extension when this person was given that name before."""
    path, since = PurePosixPath(name), book.known(queued_since, "names")
    n, candidate = 1, name
    while (person, folder, candidate) in since or book.sent(_GIVEN, person, folder, candidate):
        n += 1
        candidate = f"{path.stem}-{n}{path.suffix}"
    return candidate


_GIVEN = "SELECT 1 FROM s_deliveries WHERE person = ? AND folder = ? AND name = ? LIMIT 1"


def unshipped(book: Book) -> list[Delivery]:
    """Deliveries that were queued and not yet written, oldest first."""
    records = book.ask(
        "SELECT id, person, folder, name, told, sha256 FROM due CROSS JOIN s_deliveries ON id = delivery_id ORDER BY delivery_id"
    )
    return [Delivery(**record) for record in records]


def hindered_before(book: Book) -> dict[int, str]:
    """Deliveries that something stood in the way of: number → whose they are."""
    records = book.ask(
        "SELECT id, person FROM due CROSS JOIN s_deliveries ON id = delivery_id WHERE trouble IS NOT NULL"
    )
    return {record["id"]: record["person"] for record in records}


def newest_id(book: Book) -> int:
    """The number of the delivery that was queued last; 0 if there is none."""
    return int(book.one("SELECT MAX(id) FROM s_deliveries") or 0)


def unexplained(book: Book) -> list[str]:
    """What was noted outside the journal and does not fit it, a sentence each: files shipped, sheets cleared, secrets."""
    shipped_for_nothing = book.ask(
        """SELECT s.delivery_id AS id, s.path FROM shipped AS s LEFT JOIN s_deliveries AS d ON d.id = s.delivery_id
           WHERE d.id IS NULL OR (s.path <> '' AND s.path NOT LIKE d.person || '/%')"""
    )
    cleared_while_open = book.ask(
        """WITH gone AS (SELECT replace(number, 'picture:', '') AS number FROM cleared)
           SELECT number FROM gone AS c WHERE NOT EXISTS (SELECT 1 FROM s_sheets AS s WHERE s.number = c.number)
           OR EXISTS (SELECT 1 FROM s_sheet_rows AS r WHERE r.number = c.number AND r.open = 1)"""
    )
    kept = book.ask("SELECT name FROM secrets")
    return [
        *(f"送达记录 {each['id']}（{each['path']}）与账本不符" for each in shipped_for_nothing),
        *(f"审批单 {each['number']} 记为已收走，但账本中没有或仍未审完" for each in cleared_while_open),
        *(f"账本里不应有密钥：{each['name']}" for each in kept),
    ]


def shipped(book: Book, delivery: Delivery, at: datetime, path: str, sha256: str | None) -> None:
    """The delivery has been written at *path*, with this content; '' and None when a newer one took its place.

    What is written again, because it was lost, is noted as it was written last.
    """
    # Not OR REPLACE: SQLite would let it rule within the triggers too, and a sheet would leave ``lying`` as it comes.
    book.db.execute("DELETE FROM shipped WHERE delivery_id = ?", (delivery.id,))
    book.db.execute("DELETE FROM lying WHERE delivery_id = ? AND path <> ?", (delivery.id, path))
    book.db.execute(
        "INSERT INTO shipped (delivery_id, shipped_at, path, sha256) VALUES (?, ?, ?, ?)",
        (delivery.id, at.isoformat(), path, sha256),
    )


def last_content(book: Book, delivery: Delivery, path: str) -> str:
    """sha256 of what was last written at *path*, the place of this delivery; '' if nothing was."""
    found = book.one(
        """SELECT COALESCE(s.sha256, d.sha256) FROM s_deliveries AS d JOIN shipped AS s ON s.delivery_id = d.id
           WHERE d.person = ? AND d.folder = ? AND d.name = ? AND s.path = ? ORDER BY d.id DESC LIMIT 1""",
        delivery.person, delivery.folder, delivery.name, path,
    )  # fmt: skip
    return str(found or "")


Put = tuple[str, str, str]  #: path below the share, sha256 of what was put there, when


def put_last(book: Book) -> list[Put]:
    """What was last put there, of everything that should lie in 取件."""
    found: list[Put] = book.db.execute(
        """SELECT l.path, s.sha256, s.shipped_at FROM lying AS l JOIN shipped AS s ON s.delivery_id = l.delivery_id
           WHERE s.sha256 IS NOT NULL"""
    ).fetchall()
    return found


def put_since(book: Book, put: Iterable[Put]) -> None:
    """Another ledger has *put* these files, where this one knows only what it put there before: they are ours."""
    book.db.conn.executemany(
        """UPDATE shipped SET sha256 = ?2, shipped_at = ?3 WHERE shipped_at < ?3
           AND delivery_id = (SELECT delivery_id FROM lying WHERE path = ?1)""",
        put,
    )


@dataclass(frozen=True)
class Aged:
    """A file that was delivered long ago."""

    id: int
    person: str
    folder: str
    name: str
    path: str  #: below the share, where it was put
    sha256: str  #: of what was put there
    newest: bool  #: nothing was queued for its place since


def aged(book: Book, before: datetime) -> list[Aged]:
    """What was delivered *before*, and was not looked at since for its age."""
    records = book.ask(
        """SELECT d.id, d.person, d.folder, d.name, s.path, COALESCE(s.sha256, d.sha256, '') AS sha256,
                  NOT EXISTS (SELECT 1 FROM s_deliveries AS n WHERE n.person = d.person AND n.folder = d.folder
                              AND n.name = d.name AND n.id > d.id) AS newest
           FROM shipped AS s INDEXED BY shipped_ageing JOIN s_deliveries AS d ON d.id = s.delivery_id
           WHERE s.looked_at IS NULL AND s.path <> '' AND s.shipped_at < ? ORDER BY d.id""",
        before.isoformat(),
    )
    return [Aged(**{**record, "newest": bool(record["newest"])}) for record in records]


def looked_at(book: Book, old: Iterable[Aged], at: datetime) -> None:
    """These have left their folder for their age, or stay for good."""
    book.db.execute(
        "UPDATE shipped SET looked_at = ? WHERE delivery_id IN (SELECT value FROM json_each(?))",
        (at.isoformat(), json.dumps([each.id for each in old])),
    )


def hindered(book: Book, delivery: Delivery, words: str) -> None:
    """Remember what stands in the way of a delivery."""
    book.db.execute("UPDATE due SET trouble = ? WHERE delivery_id = ?", (words, delivery.id))


def hindrances(book: Book) -> Iterable[tuple[Delivery, str]]:
    """Every delivery that is still open, and what stood in its way the last time ('' if it was not tried)."""
    troubles = dict(book.db.execute("SELECT delivery_id, trouble FROM due WHERE trouble IS NOT NULL"))
    return [(delivery, troubles.get(delivery.id, "")) for delivery in unshipped(book)]


def latest_causes(book: Book, folder: str, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str | None]:
    """(person, name) → what caused the newest delivery there, or None: tells whether a template is the present one."""
    records = book.db.execute(
        """SELECT w.value ->> 0, w.value ->> 1, (
               SELECT d.cause FROM s_deliveries AS d WHERE d.person = w.value ->> 0 AND d.folder = ?
               AND d.name = w.value ->> 1 ORDER BY d.id DESC LIMIT 1) FROM json_each(?) AS w""",
        (folder, json.dumps(list(places), ensure_ascii=False)),
    )
    return {(person, name): cause for person, name, cause in records}


def has_cause(book: Book, person: str, cause: str) -> bool:
    """Whether something was queued for this person because of *cause*."""
    return book.one("SELECT 1 FROM s_deliveries WHERE person = ? AND cause = ? LIMIT 1", person, cause) is not None


def has_received(book: Book, person: str) -> bool:
    """Whether anything was ever written into this person's folder: it was there once."""
    question = "SELECT 1 FROM s_deliveries JOIN shipped ON delivery_id = id WHERE person = ? AND path <> '' LIMIT 1"
    return book.one(question, person) is not None
