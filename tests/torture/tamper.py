"""Whatever somebody changes in the book's files is seen by ``verify``, or changes nothing that anybody can read.

``python -m tests.torture.tamper --changes 100000``.  A change is *seen* when ``verify`` (for a backup: what ``restore``
asks before it takes one) finds something or cannot open the file.  It is *benign* when every row of every table, read
without an index, every definition, and SQLite's own check of pages and indexes are what they were.  Anything else is
missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ledger import book_files, shape
from ledger.anchor import marks, secrets_of
from ledger.book import Book
from policy.settings import load_settings
from service.company import Service, open_service
from service.upkeep.guarding import unmarked
from service.upkeep.keeping import differences
from tests.company import reopened
from tests.torture import stage
from tests.torture.once import keep_what_is_the_same

PAGE = 4096
SEEN, BENIGN, NOTED_ONLY, MISSED = "seen", "benign", "noted only", "missed"
#: What was done outside, as it was noted: nothing in the journal says the same, and nothing is decided by it.
#: (``shipped``: when a file was put there and what it hashed to; ``messages``: what was sent; ``page_mark``: a hint.)
NOTES = {"messages", "message_tries", "page_mark", "anchored", "spare", "moves", "sqlite_sequence", "sqlite_stat1"}
LOOKED = "table renewed_mark"  #: gone, it costs one more look at every reported month; moved, it is seen
NOTED = {
    "shipped": {"shipped_at", "path", "sha256", "looked_at"},
    "due": {"trouble"},
    "removals": {"relative", "person", "size", "mtime_ns", "ctime_ns"},
    "_sqlite_migrations": {"applied_at"},
}


class Bench:
    """A company whose files are changed and put back, tens of thousands of times."""

    def __init__(self, home: Path) -> None:
        self.home, self.book = home, home / "book"
        self.ledger = self.book / "ledger.db"
        self.settings = load_settings(home / "config.toml")
        self.service: Service = open_service(self.settings)
        assert list(differences(self.service)) == [], list(differences(self.service))
        self.service.book.close()
        self.bytes = self.ledger.read_bytes()
        self.dump = dump(self.ledger)
        with closing(Book(self.ledger)) as book:
            self.marks = list(marks(self.book / "anchor.log", secrets_of(book)))
        self.archive = sorted(p for p in self.book.rglob("*") if p.is_file() and "archive" in p.parts)
        self.backup = next(iter(sorted((self.book / "backups").glob("*.db"))))
        self.backup_bytes = self.backup.read_bytes()
        self.backup_dump = dump(self.backup)

    def verdict(self) -> str:
        """Of the ledger as it lies there now."""
        try:
            with closing(Book(self.ledger)) as book:
                found = next(differences(replace(self.service, book=book)), None)
        except Exception:
            return SEEN  # ``verify`` ends with 1 and says that the file is no ledger
        if found:
            return SEEN
        return apart(self.dump, dump(self.ledger))

    def verdict_on_backup(self) -> str:
        """Of the backup as it lies there now: what ``restore`` asks of it."""
        candidate = self.book / "ledger_candidate.db"
        try:
            with closing(book_files.copy_of(self.backup, candidate)) as copy:
                wrong = unproved(copy)
        except Exception:
            return SEEN
        finally:
            book_files.discard(candidate)
        if wrong:
            return SEEN
        return apart(self.backup_dump, dump(self.backup))


def unproved(copy: Book) -> str | None:
    """What ``restore`` asks before it takes a backup, and ``verify`` of its definitions afterwards."""
    from service.upkeep import restoring

    return restoring._unproved(copy) or next(iter(shape.differences(copy.db)), None)


def apart(was: dict[str, str], now: dict[str, str]) -> str:
    """What is to be said of a change that nothing has seen."""
    odd = {name for name in {*was, *now} if was.get(name) != now.get(name)}
    told = {name for name in odd if name.startswith("note ") or (name == LOOKED and now.get(name) == "[]")}
    return BENIGN if not odd else NOTED_ONLY if odd == told else MISSED


def dump(path: Path) -> dict[str, str]:
    """Everything in a ledger that anybody can read, by what it is; ``note …`` is what the journal does not say."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            db.text_factory = bytes
            master = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
            found = {"sound": repr(db.execute("PRAGMA integrity_check").fetchall()), "definitions": repr(master)}
            for kind, name, _table, _sql in master:
                if kind == b"table":
                    found |= _table_dump(db, name.decode())
            return {**found, "drawn": repr(db.execute("PRAGMA user_version").fetchall())}
    except sqlite3.DatabaseError as error:
        return {"error": str(error)}


def _table_dump(db: sqlite3.Connection, table: str) -> dict[str, str]:
    rows = db.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()
    names = [column[1].decode() for column in db.execute(f"PRAGMA table_info({table})")]
    noted = [n for n, name in enumerate(names) if table in NOTES or name in NOTED.get(table, ())]
    truth = [n for n in range(len(names)) if n not in noted]
    parts = {f"table {table}": truth} | ({f"note {table}": noted} if noted else {})
    return {
        name: repr(sorted(repr([_meant(table, row[n]) for n in chosen]) for row in rows))
        for name, chosen in parts.items()
        if chosen
    }


def _meant(table: str, value: object) -> object:
    """What is read of a value: squeezed words end with bits that say nothing."""
    return (
        zlib.decompress(value)
        if table in ("told", "told_parts") and isinstance(value, bytes) and value[:1] == b"x"
        else value
    )


# -- changes; each is done to the files, and says what it did


def flip(data: bytearray, dice: random.Random) -> None:
    """One bit."""
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def overwrite(data: bytearray, dice: random.Random) -> None:
    """Some bytes."""
    at = dice.randrange(len(data))
    data[at : at + dice.randint(1, 64)] = dice.randbytes(min(dice.randint(1, 64), len(data) - at))


def cut(data: bytearray, dice: random.Random) -> None:
    """The end is gone."""
    del data[dice.randrange(len(data)) :]


def swap_pages(data: bytearray, dice: random.Random) -> None:
    """Two pages change places."""
    pages = len(data) // PAGE
    one, other = dice.randrange(pages) * PAGE, dice.randrange(pages) * PAGE
    data[one : one + PAGE], data[other : other + PAGE] = data[other : other + PAGE], data[one : one + PAGE]


def blank_page(data: bytearray, dice: random.Random) -> None:
    """A page of zeros."""
    at = dice.randrange(len(data) // PAGE) * PAGE
    data[at : at + PAGE] = bytes(PAGE)


def swap_runs(data: bytearray, dice: random.Random) -> None:
    """Two runs of bytes change places: a name for a name, a number for a number."""
    size = dice.randint(1, 32)
    one, other = dice.randrange(len(data) - size), dice.randrange(len(data) - size)
    data[one : one + size], data[other : other + size] = data[other : other + size], data[one : one + size]


BYTES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, flip, flip, overwrite, overwrite, swap_runs, swap_pages, blank_page, cut,
)  # fmt: skip


def changed_bytes(original: bytes, dice: random.Random) -> tuple[str, bytes]:
    """*original* with one of :data:`BYTES` done to it."""
    change, data = dice.choice(BYTES), bytearray(original)
    change(data, dice)
    return change.__name__, bytes(data)


def changed_rows(db: sqlite3.Connection, dice: random.Random) -> str | None:
    """A row of some table changed, taken out, doubled or exchanged with another, as by somebody who knows SQL: the
    triggers that keep the journal are taken off for it and put back."""
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    table = dice.choice([name for name in tables if name not in NOTES and not name.startswith("sqlite_")])
    columns = [(name, bool(key)) for _n, name, _type, _null, _default, key in db.execute(f"PRAGMA table_info({table})")]
    rows = db.execute(f"SELECT * FROM {table}").fetchall()
    free = [name for name, _key in columns if name not in NOTED.get(table, ())]
    if not rows:
        return None
    for name, _sql in triggers:
        db.execute(f'DROP TRIGGER "{name}"')
    kind = dice.choice(("update", "delete", "exchange", "double"))
    row, what = dice.choice(rows), f"{kind} {table}"
    where = " AND ".join(f'"{name}" IS ?' for name, _key in columns)
    try:
        if kind == "update":
            column = dice.choice(free)
            what += f".{column}"
            value = row[[name for name, _key in columns].index(column)]
            db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', (_other(value, dice), *row))
        elif kind == "delete":
            db.execute(f"DELETE FROM {table} WHERE {where}", row)
        elif kind == "exchange":
            column, other = dice.choice(free), dice.choice(rows)
            what += f".{column}"
            at = [name for name, _key in columns].index(column)
            db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {where}', (other[at], *row))
        else:
            fresh = [_other(value, dice) if key else value for value, (_name, key) in zip(row, columns, strict=True)]
            db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", fresh)
    except sqlite3.Error:
        return None  # the table itself refuses such a row
    for _name, sql in triggers:
        db.execute(sql)
    return what


def _other(value: object, dice: random.Random) -> object:
    match value:
        case int():
            return value + dice.choice((-1, 1, 10, 1000))
        case float():
            return value * 1.01
        case str() if value:
            at = dice.randrange(len(value))
            return value[:at] + dice.choice("0123456789abcdef甲乙") + value[at + dice.randint(0, 1) :]
        case bytes() if value:
            at = dice.randrange(len(value))
            return value[:at] + dice.randbytes(1) + value[at + 1 :]
        case _:
            return dice.choice(("x", 1, "2026-11-24"))


# -- rooms of the book


def on_ledger_bytes(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """The ledger's file, by a hexadecimal editor."""
    what, data = changed_bytes(bench.bytes, dice)
    if data == bench.bytes:
        return what, BENIGN
    bench.ledger.write_bytes(data)
    verdict = bench.verdict()
    bench.ledger.write_bytes(bench.bytes)
    return what, verdict


def on_ledger_rows(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """The ledger's rows, by a database program."""
    with closing(sqlite3.connect(bench.ledger)) as db, db:
        db.execute("PRAGMA synchronous = OFF")
        what = changed_rows(db, dice)
    verdict = BENIGN if what is None else bench.verdict()
    bench.ledger.write_bytes(bench.bytes)
    return what or "refused", verdict


def on_archive(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """An original changed, cut, exchanged for another, taken away, or one added."""
    path, other = dice.choice(bench.archive), dice.choice(bench.archive)
    was, theirs = path.read_bytes(), other.read_bytes()
    kind = dice.choice(("bytes", "bytes", "bytes", "exchange", "gone", "added", "renamed"))
    extra = path.with_name(f"{dice.getrandbits(64):016x}_x.jpg")
    if kind == "bytes":
        what, data = changed_bytes(was, dice) if len(was) > 2 * PAGE else ("flip", bytes([was[0] ^ 1]) + was[1:])
        _write(path, data)
    elif kind == "exchange":
        what, data = kind, theirs
        _write(path, theirs)
    else:
        what, data = kind, b""
        if kind == "added":
            extra.write_bytes(was)
        else:
            path.rename(extra)
    found = any(True for _sentence in bench.service.archive.verify(_archived(bench)))
    if extra.exists():
        if kind == "added":
            extra.unlink()
        else:
            extra.rename(path)
    else:
        _write(path, was)
    return what, SEEN if found else BENIGN if data == was else MISSED


def _archived(bench: Bench) -> list[tuple[str, str]]:
    from ledger import files

    with closing(Book(bench.ledger)) as book:
        return list(files.archived(book))


def _write(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def on_anchor(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """The marks outside: bytes changed, lines taken out, doubled, exchanged, the end cut off."""
    path = bench.book / "anchor.log"
    was = path.read_bytes()
    lines = was.splitlines(keepends=True)
    kind = dice.choice(("byte", "byte", "byte", "gone", "doubled", "exchanged", "cut", "empty"))
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    if kind == "byte":
        data = bytearray(was)
        flip(data, dice)
        new = bytes(data)
    elif kind == "cut":
        new = was[: dice.randrange(len(was))]
    else:
        if kind == "gone":
            del lines[one]
        elif kind == "doubled":
            lines.insert(other, lines[one])
        elif kind == "exchanged":
            lines[one], lines[other] = lines[other], lines[one]
        else:
            lines = []
        new = b"".join(lines)
    path.write_bytes(new)
    with closing(Book(bench.ledger)) as book:
        found = any(True for _sentence in unmarked(bench.settings, book))
        same = (
            list(marks(path, secrets_of(book))) == bench.marks
        )  # without the last line's end, which the next mark closes
    path.write_bytes(was)
    return kind, SEEN if found else BENIGN if same else MISSED


def on_backup_bytes(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """A backup's file."""
    what, data = changed_bytes(bench.backup_bytes, dice)
    bench.backup.write_bytes(data)
    verdict = BENIGN if data == bench.backup_bytes else bench.verdict_on_backup()
    bench.backup.write_bytes(bench.backup_bytes)
    return what, verdict


def on_backup_rows(bench: Bench, dice: random.Random) -> tuple[str, str]:
    """A backup's rows."""
    with closing(sqlite3.connect(bench.backup)) as db, db:
        db.execute("PRAGMA synchronous = OFF")
        what = changed_rows(db, dice)
    verdict = BENIGN if what is None else bench.verdict_on_backup()
    bench.backup.write_bytes(bench.backup_bytes)
    return what or "refused", verdict


ROOMS = (
    (on_ledger_bytes, 30), (on_ledger_rows, 15), (on_archive, 20), (on_anchor, 20), (on_backup_bytes, 10), (on_backup_rows, 5),
)  # fmt: skip


def changes(bench: Bench, seed: int) -> Iterator[tuple[int, str, str, str]]:
    """For ever: number, room, what was done, and the verdict; one number gives the same change again."""
    rooms = [room for room, weight in ROOMS for _ in range(weight)]
    number = 0
    while True:
        dice = random.Random(f"{seed} {number}")
        room = rooms[number % len(rooms)]
        what, verdict = room(bench, dice)
        yield number, room.__name__, what, verdict
        number += 1


def bench_at(home: Path) -> Bench:
    """A company with a day behind it, a night and a backup."""
    home.mkdir(parents=True, exist_ok=True)
    stage.everything(home)
    with reopened(home, config=stage.CONFIG) as co:
        co.run("11-24 19:00")
        co.nightly("2026-11-24", "11-25 00:30")
    stage.decide_all(home)
    with reopened(home, config=stage.CONFIG) as co:
        co.run("11-25 09:00")
        co.nightly("2026-11-25", "11-26 00:30")
    return Bench(home)


def main() -> None:
    """Make so many changes; exit 1 if one was missed."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--changes", type=int, default=100_000)
    asked.add_argument("--minutes", type=float, default=120)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--work", type=Path)
    asked.add_argument("--home", type=Path, help="a company to change; it is made there if there is none, and stays")
    asked.add_argument("--results", type=Path)
    given = asked.parse_args()
    ends, tally, told = time.monotonic() + given.minutes * 60, dict[str, dict[str, int]](), dict[str, int]()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        home = given.home or Path(folder) / "company"
        keep_what_is_the_same()
        bench = Bench(home) if home.exists() else bench_at(home)
        for number, room, what, verdict in changes(bench, given.seed):
            if what == "refused":
                continue
            count = tally.setdefault(room, {SEEN: 0, BENIGN: 0, NOTED_ONLY: 0, MISSED: 0})
            count[verdict] += 1
            if verdict == MISSED:
                kind = f"{room} {what}"
                told[kind] = told.get(kind, 0) + 1
                if told[kind] <= 3:
                    print(json.dumps({"number": number, "room": room, "what": what}, ensure_ascii=False), flush=True)
            if number + 1 >= given.changes or time.monotonic() > ends:
                break
    summary = {
        "seed": given.seed,
        "changes": sum(sum(each.values()) for each in tally.values()),
        "by": tally,
        "missed": told,
    }
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    if given.results:
        with given.results.open("a", encoding="utf-8") as out:
            print(json.dumps(summary, ensure_ascii=False), file=out)
    raise SystemExit(bool(told))


if __name__ == "__main__":
    main()
