"""What may be taken out of a journal that never changes: words in entries, and originals; each told by an entry.

The hash of an entry stays where it was, so the chain still runs through it.  Its words are replaced, and the entry
``book.erased`` (which the key signs, like every other) says which entries these are and what each says now.  Whoever
proves the chain takes an entry that does not fit its hash only if such an entry names it, and only with these words.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger import schema
from ledger.book import Book
from ledger.chain import KEYED
from ledger.database import Database
from ledger.journal import ERASED, Entry, canonical, erased_entries, said_now
from ledger.replay import replayed

GONE = "〔已删除〕"  #: stands where words were
_ROWS = ("row.received", "row.completed")


@dataclass(frozen=True)
class WordyEntry:
    """An entry in which the words stand."""

    seq: int
    kind: str
    subject: str
    fields: tuple[str, ...]  #: which particulars, outermost names


def pattern_of(text: str) -> re.Pattern[str]:
    """What finds *text*: as it is; a number of seven figures or more also with spaces, dashes, +86 or full-width figures."""
    figures = re.sub(r"[\s\-－—()（）+]", "", text)
    if not re.fullmatch(r"\d{7,}", figures):
        return re.compile(re.escape(text))
    each = [f"[{figure}{chr(ord(figure) + 0xFEE0)}]" for figure in figures]
    return re.compile(r"(?<![\d０-９])(?:\+?86[\s\-]*)?" + r"[\s\-－—()（）]*".join(each) + r"(?![\d０-９])")


def places(book: Book, words: re.Pattern[str]) -> list[WordyEntry]:
    """Every entry in whose particulars the words stand, oldest first."""
    found = []
    for seq, kind, subject, payload in book.db.execute("SELECT seq, kind, subject, payload FROM entries ORDER BY seq"):
        if kind not in (KEYED, ERASED) and words.search(payload):
            given = json.loads(payload)
            fields = tuple(name for name, value in given.items() if words.search(canonical(value)))
            found.append(WordyEntry(seq, kind, subject, fields))
    return found


def named_by(book: Book, words: re.Pattern[str]) -> str | None:
    """A name of a person or of a customer in which the words stand: by names the book knows whose is what."""
    asked = """SELECT name FROM s_people UNION SELECT name FROM s_people_before UNION SELECT name FROM s_customers
               UNION SELECT name FROM s_former_names UNION SELECT actor FROM entries UNION SELECT subject FROM entries"""
    return next((str(name) for (name,) in book.db.execute(asked) if words.search(str(name or ""))), None)


def is_due(book: Book, told: Iterable[str]) -> bool:
    """Whether one of these is still to be delivered."""
    asked = """SELECT 1 FROM due JOIN s_deliveries AS d ON d.id = due.delivery_id
               WHERE d.told IN (SELECT value FROM json_each(?)) LIMIT 1"""
    return book.db.execute(asked, (json.dumps(list(told)),)).fetchone() is not None


def replaced(book: Book, words: re.Pattern[str], at: Iterable[WordyEntry]) -> dict[int, str]:
    """seq → what the entry is to say: without the words, and without the fingerprints that were made of them."""
    texts = {place.seq: _payload(book, place.seq) for place in at}
    new = {seq: canonical(_without(json.loads(text), words)) for seq, text in texts.items()}
    fingerprints = {
        str(json.loads(texts[place.seq])["fingerprint"]): secrets.token_hex(16) for place in at if place.kind in _ROWS
    }
    fingerprints.pop("", None)
    for seq, payload in _mentioning(book, fingerprints):
        text = new.get(seq, payload)
        for old, fresh in fingerprints.items():
            text = text.replace(old, fresh)
        new[seq] = text
    return new


def _mentioning(book: Book, fingerprints: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    if fingerprints:
        found = re.compile("|".join(fingerprints))
        for seq, payload in book.db.execute("SELECT seq, payload FROM entries ORDER BY seq"):
            if found.search(payload):
                yield seq, payload


def _payload(book: Book, seq: int) -> str:
    return str(book.one("SELECT payload FROM entries WHERE seq = ?", seq))


def _without(value: Any, words: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return words.sub(GONE, value)
    if isinstance(value, list):
        return [_without(each, words) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, words) for name, each in value.items()}
    return value


def tombstone(
    book: Book, reason: str, new: Mapping[int, str], originals: Iterable[tuple[str, str]], *, person: str | None = None
) -> Entry:
    """The entry that tells what was erased: nothing of what it was, all of where it was.

    :param originals: *(archived_as, sha256)*
    """
    entries = [[seq, said_now(_line(book, seq, payload))] for seq, payload in sorted(new.items())]
    payload = {"reason": reason, "person": person, "entries": entries, "originals": [list(each) for each in originals]}
    return Entry(ERASED, person or "book", "kebu", payload)


def _line(book: Book, seq: int, payload: str) -> tuple[Any, ...]:
    found = book.db.execute("SELECT seq, at, kind, subject, actor FROM entries WHERE seq = ?", (seq,)).fetchone()
    return (*found, payload)


def not_erased(book: Book, seqs: Iterable[int]) -> int:
    """How many of these entries the ledger has, and no tombstone for them."""
    known, length = erased_entries(book.db), book.length()
    return sum(seq not in known for seq in seqs if seq <= length)


def write(book: Book, new: Mapping[int, str], told: Iterable[str]) -> None:
    """Put the new words into the entries, derive the state anew, and let go of what was kept to be drawn again.

    Inside a transaction, in which the tombstone is posted: without it the chain no longer holds.
    """
    db, triggers = book.db, schema.triggers()
    db.execute("DROP TRIGGER entries_never_change")
    db.conn.executemany("UPDATE entries SET payload = ? WHERE seq = ?", ((text, seq) for seq, text in new.items()))
    db.execute(triggers["entries_never_change"])
    db.conn.executemany("DELETE FROM told WHERE sha256 = ?", ((each,) for each in told))
    rebuild(db)
    book.known.forget()


def rebuild(db: Database) -> None:
    """Throw the state away and derive it from the journal; inside a transaction."""
    fresh = replayed(db)
    for table in schema.state_tables(db):
        rows = fresh.execute(f"SELECT * FROM {table}").fetchall()
        db.execute(f"DELETE FROM {table}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def wipe(book: Book) -> None:
    """Leave nothing readable in free pages and in the log of writes; outside a transaction.

    :raises LedgerError: another process has the ledger open
    """
    db = book.db
    db.execute("PRAGMA secure_delete = ON")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
