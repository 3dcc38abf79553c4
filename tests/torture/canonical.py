"""What a company knows and has told, without the numbers that depend on the order in which things were done."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

#: A sheet that says how the journal ended: what came first is in its hash.
HEAD = re.compile(r"^账本: \d+ \| [0-9a-f]{64} \| .*")
RECEIPT_NO = re.compile(r"\b\d{6}-\d{4}\b")
#: Numbers of things, hashes over words in which numbers stand, and which name was free.
OF_THE_ORDER = frozenset({"id", "file_id", "told", "key", "head", "length", "photo_id", "delivery_id", "set_aside"})


@dataclass(frozen=True)
class Exact:
    """Everything to the byte: what must be the same when the same things were done in the same order."""

    journal: list[tuple[Any, ...]]
    shipped: list[tuple[Any, ...]]
    pickups: dict[str, str]
    archive: dict[str, str]


def exact(home: Path) -> Exact:
    """The company at *home*; what a killed process left in the ledger is rolled back by asking."""
    with closing(_ledger(home)) as db:
        journal = db.execute("SELECT seq, at, kind, subject, actor, payload, hash FROM entries ORDER BY seq").fetchall()
        shipped = db.execute("SELECT delivery_id, path FROM shipped ORDER BY delivery_id").fetchall()
    return Exact(journal, shipped, pickups(home), archived(home))


def proof_of(home: Path) -> str:
    """Hash of all that ``verify`` looks at beside the :class:`Exact`: every table, every definition, the marks outside.

    A company that has this and its ``Exact`` in common with one that verified need not be asked again.
    """
    running = hashlib.sha256()
    with closing(_ledger(home)) as db:
        for name, sql in db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall():
            running.update(f"{name} {sql}".encode())
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
            running.update("\n".join(sorted(map(repr, db.execute(f"SELECT * FROM {table}")))).encode())
    for path in sorted((home / "book").glob("*.log")):
        running.update(path.read_bytes())
    return running.hexdigest()


def differences(one: Path, other: Path) -> list[str]:
    """What was entered or is held by people in one company and not in the other, whatever came first; one line each."""
    mine, yours = _Told(one), _Told(other)
    found = [f"- {entry[:400]}" for entry in (mine.entries - yours.entries)]
    found += [f"+ {entry[:400]}" for entry in (yours.entries - mine.entries)]
    found += _files_apart(one, other, mine, yours)
    found += [f"archive: {name}" for name in sorted(dict(archived(one).items() ^ archived(other).items()))]
    if waiting(one) != waiting(other):
        found.append(f"waiting: {waiting(one)} {waiting(other)}")
    return found


class _Told:
    """The entries of a company, and by which words its 受理号 are told apart."""

    def __init__(self, home: Path) -> None:
        with closing(_ledger(home)) as db:
            rows = db.execute("SELECT receipt_no, form, person, key FROM s_rows").fetchall()
            journal = db.execute("SELECT kind, subject, actor, payload FROM entries").fetchall()
        self.names = {number: f"<{form}|{person}|{key}>" for number, form, person, key in rows}
        self.entries = Counter(
            f"{kind} {_renamed(_subject(kind, subject), self.names)} {actor} {_said(json.loads(payload), self.names)}"
            for kind, subject, actor, payload in _lasting(journal)
        )


def _lasting(journal: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Without what a later one replaced: where a round was cut in two, people saw one more on the way."""
    last = {subject: n for n, (kind, subject, _actor, payload) in enumerate(journal) if _is_renewed(kind, payload)}
    return [each for n, each in enumerate(journal) if not _is_renewed(each[0], each[3]) or last[each[1]] == n]


def _is_renewed(kind: str, payload: str) -> bool:
    """Whether it is a page, or the day's decisions: both say everything again."""
    cause = str(json.loads(payload).get("cause", "")) if kind == "delivery.queued" else ""
    return cause == "decision" or cause.startswith("page:")


def _files_apart(one: Path, other: Path, mine: _Told, yours: _Told) -> Iterator[str]:
    """Files that people have in one and not in the other, or that say something else there."""
    for name in sorted(dict(pickups(one).items() ^ pickups(other).items())):
        here, there = one / "share" / name, other / "share" / name
        if not (here.exists() and there.exists()):
            yield f"{name} {'is missing' if here.exists() else 'is too many'}"
        elif apart := _apart(_paper(here, mine.names), _paper(there, yours.names)):
            yield f"{name} {apart}"


def pickups(home: Path) -> dict[str, str]:
    """Every file in a pick-up folder, hidden ones included → hash of its content."""
    share = home / "share"
    paths = (path for path in share.glob("*/取件/**/*") if path.is_file())
    return {path.relative_to(share).as_posix(): _hash(path) for path in paths}


def archived(home: Path) -> dict[str, str]:
    """Every original → hash of its content."""
    book = home / "book"
    found = (path for folder in ("archive", "quarantine") for path in (book / folder).rglob("*") if path.is_file())
    return {path.relative_to(book).as_posix(): _hash(path) for path in found if ".incoming" not in path.parts}


def waiting(home: Path) -> tuple[str, ...]:
    """Every file in a drop folder."""
    share = home / "share"
    return tuple(sorted(p.relative_to(share).as_posix() for p in share.glob("*/投递/**/*") if p.is_file()))


def _ledger(home: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{home / 'book' / 'ledger.db'}?mode=rw", uri=True, timeout=30)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _subject(kind: str, subject: str) -> str:
    return "" if kind.startswith("customer.") and subject.isdigit() else subject


def _renamed(text: str, names: dict[str, str]) -> str:
    return RECEIPT_NO.sub(lambda found: names.get(found[0], found[0]), text)


def _said(value: Any, names: dict[str, str]) -> str:
    if isinstance(value, dict):
        parts = (f"{key}={_said(each, names)}" for key, each in value.items() if key not in OF_THE_ORDER)
        return "{" + ", ".join(sorted(parts)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(sorted(_said(each, names) for each in value)) + "]"
    return _renamed(str(value), names)


def _paper(path: Path, names: dict[str, str]) -> list[str]:
    """What stands in a workbook or page, line by line; of other files the hash."""
    if path.suffix == ".xlsx":
        return [HEAD.sub("账本: …", _renamed(line, names)) for line in _lines(path)]
    if path.suffix == ".html":
        text = re.sub(r"[\w+/=.-]{40,}", "…", path.read_text("utf-8"))
        return _renamed(text, names).splitlines()
    return [_hash(path)]


def _lines(path: Path) -> Iterator[str]:
    book = load_workbook(path)
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            cells = [cell for cell in line if cell.value is not None]
            yield f"{sheet.title}: " + " | ".join(
                f"{cell.value}" + (f" ({cell.comment.text})" if cell.comment else "") for cell in cells
            )


def _apart(mine: list[str], yours: list[str]) -> str:
    one, other = Counter(mine), Counter(yours)
    return f"-{sorted(one - other)[:3]} +{sorted(other - one)[:3]}" if one != other else ""
