"""A history of many people and years, written through the ledger's own functions: a real week, copied for every department and week.

    python -m benchmarks.history MODEL.json HOME DEPARTMENTS WEEKS [--archive]

Runs in the folder of the product that is measured, whose ledger it uses; HOME is a company that it has founded.
With ``--archive`` every file that the journal names lies in the archive as a tiny real file, so that ``verify`` holds as a whole.
"""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.inputs import names, sentence
from benchmarks.pattern import Copy, Pattern, patterns
from ledger import charges, deliveries, happenings, kept_words, sheets
from ledger.book import Book
from ledger.journal import Entry, canonical
from ledger.lying import lies_no_more
from policy.deadlines import months_before
from policy.settings import load_settings

_TOGETHER = 8  #: weeks between two moments at which everything due is called delivered
_COUNTED = {"file": "s_files", "photo": "s_photos", "delivery": "s_deliveries", "customer": "s_customers"}


class History:
    """The departments of a company, and the weeks that they live."""

    def __init__(self, home: Path, departments: int, archive: bool) -> None:
        """Open the company's book."""
        self.folders = load_settings(home / "config.toml").folders
        self.book = Book(home / "book" / "ledger.db")
        self.archive = home / "book" if archive else None
        self.counters = {
            name: int(self.book.one(f"SELECT COALESCE(MAX(id), 0) FROM {table}")) for name, table in _COUNTED.items()
        }
        given = "SELECT substr(receipt_no, 1, 6), MAX(CAST(substr(receipt_no, 8) AS INTEGER)) FROM s_rows GROUP BY 1"
        self.counters |= dict(
            map(tuple, self.book.db.execute(given))
        )  # a roster of thousands has taken as many on its day
        pick = random.Random(11)
        self.texts = {"customer": names(pick), "sentence": iter(lambda: sentence(pick), "")}
        self.founded: list[dict[tuple[str, str], str]] = [{} for _n in range(departments)]

    def live(self, week: list[Pattern], shift: timedelta, *, founding: bool = False) -> None:
        """One week of every department, moment by moment."""
        copies = [
            Copy(n, shift, self.counters, self.texts, known, known if founding else {})
            for n, known in enumerate(self.founded)
        ]
        for (day, time), at_once in groupby(week, key=lambda each: (each.day, each.time)):
            at = datetime.fromisoformat(f"{day + shift}{time}")
            moment = list(at_once)
            with self.book.transaction():
                self.book.post(self._entries(moment, copies), at)
        if self.archive:
            self._lay_out(week, copies)

    def _entries(self, moment: list[Pattern], copies: list[Copy]) -> Iterator[Entry]:
        closings: dict[str, Entry] = {}
        for copy in copies:
            for pattern in moment:
                entry = _entry(pattern, copy)
                if pattern.kind == "period.closed":
                    _merge(closings, entry)
                elif copy.department == 0 or not _of_the_company(entry):
                    yield entry
        for entry in closings.values():
            digest = hashlib.sha256(canonical(entry.payload["content"]).encode()).hexdigest()
            yield Entry(entry.kind, entry.subject, entry.actor, {**entry.payload, "digest": digest})

    def _lay_out(self, week: Iterable[Pattern], copies: list[Copy]) -> None:
        """A tiny file for each that was taken; its content has the hash that the journal says."""
        assert self.archive is not None
        for pattern in week:
            if pattern.kind == "file.taken":
                old = next(part[1] for part in pattern.parts if part[0] == "hash" and len(part[1]) == 64)
                for copy in copies:
                    taken = _entry(pattern, copy).payload
                    for place in filter(None, (taken["archived_as"], taken["quarantined_as"])):
                        path = self.archive / place
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(copy.content(old))

    def settle(self) -> None:
        """What was queued has been delivered; sheets that are finished have been cleared."""
        with self.book.transaction():
            for each in deliveries.unshipped(self.book):
                at = datetime.fromisoformat(f"{_queued_on(self.book, each.id)}")
                path = PurePosixPath(each.person, self.folders.pickup, each.folder, each.name).as_posix()
                deliveries.shipped(self.book, each, at, path, hashlib.sha256(path.encode()).hexdigest())
            # Nobody kept the words of a file that was never drawn: as with what older versions delivered.
            self.book.db.execute("UPDATE lying SET told = NULL WHERE told NOT IN (SELECT sha256 FROM told)")
            for finished in (sheets.finished, sheets.finished_pictures):
                for key in finished(self.book):
                    sheets.cleared(self.book, key)

    def tidied(self) -> None:
        """What is older than 取件 keeps has left it, as night after night would have had it; the rest lies there."""
        now = datetime.fromisoformat(str(self.book.one("SELECT MAX(at) FROM entries")))
        aged = deliveries.aged(self.book, months_before(now, self.folders.keep_months))
        leaving = (self.folders.receipts, self.folders.reports)
        with self.book.transaction():
            deliveries.looked_at(self.book, aged, now)
            charges.look_until(self.book, self.book.head()[0], now)
            happenings.look_until(self.book, self.book.head()[0])
            kept_words.forget(self.book)
            lies_no_more(self.book, (each.id for each in aged if each.newest and each.folder.split("/")[0] in leaving))
        for (path,) in self.book.db.execute("SELECT path FROM lying"):
            place = self.folders.share / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        self._backed_up(now)

    def _backed_up(self, now: datetime) -> None:
        """What stands for last night's backup: where it ends, which is all that the next one asks of it."""
        day = now.date() - timedelta(days=1)
        last = self.book.ask("SELECT * FROM entries WHERE at < ? ORDER BY seq DESC LIMIT 1", f"{now:%Y-%m-%d}")
        folder = self.book.path.parent / "backups"
        folder.mkdir(exist_ok=True)
        with closing(sqlite3.connect(folder / f"ledger_{day}.db")) as backup, backup:
            backup.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, hash TEXT)")
            backup.executemany("INSERT INTO entries VALUES (:seq, :hash)", last)


def _queued_on(book: Book, delivery: int) -> str:
    return str(book.one("SELECT queued_at FROM s_deliveries WHERE id = ?", delivery))


def _entry(pattern: Pattern, copy: Copy) -> Entry:
    subject, actor, payload = pattern.filled(copy)
    assert isinstance(payload, dict)
    if pattern.kind == "photo.kept":
        payload.pop("points", None)  # they are kept beside the journal, and a history has none: as in entries of before
    return Entry(pattern.kind, str(subject), str(actor), payload)


def _of_the_company(entry: Entry) -> bool:
    """Whether it is about the company as a whole: once is enough."""
    return (
        entry.kind == "delivery.queued" and entry.payload.get("cause") == "report" and entry.payload["person"] == "钱督"
    )


def _merge(closings: dict[str, Entry], entry: Entry) -> None:
    """A closing speaks of all departments."""
    first = closings.setdefault(entry.subject, entry)
    if first is not entry:
        for name, value in entry.payload["content"].items():
            if isinstance(value, list):
                first.payload["content"][name] += value


def write(model: dict[str, Any], home: Path, departments: int, weeks: int, *, archive: bool) -> None:
    """The founding, so many weeks, and the Monday that follows them."""
    founding = patterns(model["founding"])
    known_names = [each for each in model["founding"] if each["kind"] == "customer.added"]
    week = patterns([*known_names, *model["week"]])[len(known_names) :]
    monday = week[: model["monday"]]
    last = timedelta(days=model["days_to_now"])
    history = History(home, departments, archive)
    with closing(history.book):
        history.live(founding, last - timedelta(weeks=weeks), founding=True)
        for n in range(weeks):
            history.live(week, last - timedelta(weeks=weeks - n))
            if n % _TOGETHER == 0:
                history.settle()
        history.live(monday, last)
        history.settle()
        history.tidied()


if __name__ == "__main__":
    write(
        json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]),
        archive="--archive" in sys.argv,
    )  # fmt: skip
