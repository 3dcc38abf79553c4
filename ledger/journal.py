"""The append-only, hash-chained journal: the truth from which all state follows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.chain import GENESIS, KEYED, link
from ledger.database import Database

ERASED = "book.erased"  #: the kind of the entry that names others of which words were taken out
_LAST = 2**62  #: no journal grows so long


@dataclass(frozen=True)
class Entry:
    """Something that happened: its *kind*, what it is about, who caused it, and the particulars (JSON values)."""

    kind: str
    subject: str
    actor: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Posted:
    """An entry in its place in the journal."""

    seq: int
    at: str
    entry: Entry
    hash: str
    payload: str  #: the particulars as they are written


def canonical(payload: Any) -> str:
    """The one way in which a payload is written: sorted keys, no spaces, Chinese as it is."""
    return _written(payload)


def _writer() -> Callable[[Any], str]:
    """JSON's encoder kept ready: ``encode`` makes it anew for each call, which costs more than a small payload."""
    usual = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # a Python without it
        return usual.encode
    parts = make(None, usual.default, json.encoder.encode_basestring, None, ":", ",", True, False, True)
    return lambda payload: "".join(parts(payload, 0))


_written = _writer()


def append(db: sqlite3.Connection, entries: Iterable[tuple[Entry, datetime]], secret: bytes | None) -> list[Posted]:
    """Write entries, each with its time, after the newest one: one statement.  The caller holds the transaction.

    :param secret: the key in force, with which they are hashed
    """
    seq, previous = head(db)
    posted, records = [], []
    for entry, at in entries:
        seq += 1
        stamp, payload = at.isoformat(), canonical(entry.payload)
        previous = link(secret, previous, seq, stamp, entry.kind, entry.subject, entry.actor, payload)
        records.append((seq, stamp, entry.kind, entry.subject, entry.actor, payload, previous))
        posted.append(Posted(seq, stamp, entry, previous, payload))
    db.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", records)
    return posted


def head(db: Database | sqlite3.Connection) -> tuple[int, str]:
    """Number and hash of the newest entry: they stand for the whole journal."""
    return db.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone() or (0, GENESIS)


def hash_at(db: Database, seq: int) -> str | None:
    """The hash of an entry, or None where there is none."""
    found = db.execute("SELECT hash FROM entries WHERE seq = ?", (seq,)).fetchone()
    return str(found[0]) if found else None


def key_in_force(db: Database, up_to: int | None = None) -> str | None:
    """The public name of the key that the newest entries, or that entry *up_to*, are hashed with; None before the first."""
    found = db.execute(
        "SELECT payload FROM entries WHERE kind = 'chain.keyed' AND seq <= ? ORDER BY seq DESC LIMIT 1",
        (_LAST if up_to is None else up_to,),
    ).fetchone()
    return str(json.loads(found[0])["key"]) if found else None


def keyed_at(db: Database) -> int:
    """The number of the entry that put the key in force; 0 before the first."""
    return int(db.execute("SELECT MAX(seq) FROM entries WHERE kind = 'chain.keyed'").fetchone()[0] or 0)


def read(db: Database, *, subject: str | None = None, after: int = 0) -> Iterator[Posted]:
    """The journal from behind entry *after*, or only what concerns one *subject*."""
    where, values = (
        ("WHERE seq > ?", (after,)) if subject is None else ("WHERE subject = ? AND seq > ?", (subject, after))
    )
    rows = db.execute(f"SELECT seq, at, kind, subject, actor, payload, hash FROM entries {where} ORDER BY seq", values)
    for seq, at, kind, about, actor, payload, hash_ in rows:
        yield Posted(seq, at, Entry(kind, about, actor, json.loads(payload)), hash_, payload)


def first_break(db: Database, keys: Mapping[str, bytes], after: int = 0) -> str | None:
    """The first place where the chain does not hold, in words; None if it holds throughout.

    :param keys: secrets by their public names
    :param after: the entry behind which to begin: what stands up to there has been proved
    """
    previous, name = hash_at(db, after) or GENESIS, key_in_force(db, up_to=after)
    secret = keys.get(name) if name else None
    erased = erased_entries(db)
    rows = db.execute(
        "SELECT seq, at, kind, subject, actor, payload, hash FROM entries WHERE seq > ? ORDER BY seq", (after,)
    )
    for expected, (seq, at, kind, subject, actor, payload, hash_) in enumerate(rows, start=after + 1):
        if seq != expected:
            return f"journal entry {expected} is missing"
        if kind == KEYED:
            name = str(json.loads(payload)["key"])
            secret = keys.get(name)
            if secret is None:
                return f"journal entry {seq} and those after it need the key {name}, which is not in keys/"
        if seq in erased:  # the hash is of words that are gone; the next entry's covers it
            previous = hash_
            if erased[seq] != said_now((seq, at, kind, subject, actor, payload)):
                return (
                    f"journal entry {seq} ({kind}) was changed: it does not say what was left of it when it was erased"
                )
            continue
        previous = link(secret, previous, seq, at, kind, subject, actor, payload)
        if hash_ != previous:
            return f"journal entry {seq} ({kind}) was changed: its hash does not fit the chain"
    if keys and secret is None and previous != GENESIS:
        return "the chain is not keyed, although keys/ holds its key: it was made anew, or is an older book"
    return None


def erased_entries(db: Database) -> dict[int, str]:
    """Entry → what it must say (:func:`said_now`), for those out of which words were taken; the newest word counts.

    An entry can only be named by a later one, whose own hash is proved with the chain.
    """
    found: dict[int, str] = {}
    rows = db.execute("SELECT seq, payload FROM entries WHERE kind = 'book.erased' ORDER BY seq")
    for seq, payload in rows:
        found |= {of: said for of, said in json.loads(payload)["entries"] if of < seq}
    return found


def said_now(line: tuple[Any, ...]) -> str:
    """What stands for an entry without its hash: ``(seq, at, kind, subject, actor, payload)``."""
    return hashlib.sha256(json.dumps(list(line), ensure_ascii=False).encode()).hexdigest()


def about(db: Database, receipt_no: str) -> Iterator[Posted]:
    """Every entry whose subject is this row, or whose particulars name it."""
    rows = db.execute(
        """SELECT seq, at, kind, subject, actor, payload, hash FROM s_mentions JOIN entries USING (seq)
           WHERE receipt_no = ? ORDER BY seq""",
        (receipt_no,),
    )
    for seq, at, kind, subject, actor, payload, hash_ in rows:
        yield Posted(seq, at, Entry(kind, subject, actor, json.loads(payload)), hash_, payload)
