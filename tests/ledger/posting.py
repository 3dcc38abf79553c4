"""Entries posted into a real book, and the whole state that they leave: every table, every column."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger import schema
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Entry

AT = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
STAMP = AT.isoformat()
FOUND_BY = ("s_mentions", "s_name_pairs")  #: what finds things, looked at by a test of its own
KEYS: dict[str, tuple[str, ...]] = {
    "s_changes": ("customer_id", "field"), "s_members": ("customer_id", "person"), "s_terms": ("person", "from_day"),
}  # fmt: skip

State = dict[str, list[dict[str, Any]]]


@cache
def _made() -> bytes:
    """A new book's file: opening one that is there takes a tenth of the time."""
    with TemporaryDirectory() as folder, closing(Book(Path(folder) / "ledger.db")) as book:
        path = book.path
        book.close()
        return path.read_bytes()


def opened(folder: Path) -> Book:
    """A new book."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.db").write_bytes(_made())
    return Book(folder / "ledger.db")


def post(book: Book, *entries: Entry, at: datetime = AT) -> None:
    """All at once: what can go down together does."""
    with book.transaction():
        book.post(entries, at)


def post_singly(book: Book, *entries: Entry, at: datetime = AT) -> None:
    """Each in a transaction of its own."""
    for entry in entries:
        post(book, entry, at=at)


def state(book: Book, *tables: str) -> State:
    """Table → its rows in their order, each without what is empty; tables without rows are left out."""
    named = tables or tuple(each for each in schema.state_tables(book.db) if each not in FOUND_BY)
    return {table: rows for table in named if (rows := table_rows(book.db, table))}


def table_rows(db: Database, table: str) -> list[dict[str, Any]]:
    """The rows of one table, without what is empty."""
    order = ", ".join(f'"{name}"' for name in _columns(db, table))
    found = db.query(f"SELECT * FROM {table} ORDER BY {order}")
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def _columns(db: Database, table: str) -> Sequence[str]:
    return [*KEYS.get(table, ()), *(name for _n, name, *_rest in db.execute(f"PRAGMA table_info({table})"))]


def row(number: str, form: str, status: str = "pending", person: str = "张三", **other: Any) -> Entry:
    """A row that came in, with every field."""
    given: dict[str, Any] = {
        "department": "销售一部", "submitted_at": "2026-11-23T11:00:00+08:00", "key": f"k{number}",
        "fingerprint": f"f{number}", "vals": {}, "read": {}, "cells": [], "photos": [], "embedded": {}, "file_id": 1,
        "sheet": form, "row_no": 2, "customer_id": None, "day": None, "findings": [], **other,
    }  # fmt: skip
    return Entry("row.received", number, person, {"form": form, "status": status, **given})


def customer(number: int, owner: str | None = "张三", **other: Any) -> Entry:
    """A customer that came into the book, with every field."""
    given: dict[str, Any] = {
        "id": number, "name": f"宏远{number}公司", "name_key": f"宏远{number}", "owner": owner, "source": "展会", "type": "终端",
        "region": "华南", "province": "广东省", "city": "深圳市", "district": "南山区", "address": "科技路1号", "contact": "李经理",
        "phone": "075512345678", "lat": 22.5, "lon": 113.9, "acquired_on": "2026-11-01", "last_followed_on": "2026-11-02",
        "shared": [], "receipt_no": f"261101-000{number}", "kind": "客户新增", **other,
    }  # fmt: skip
    return Entry("customer.added", str(number), "李四", given)


def joined(name: str, **other: Any) -> Entry:
    """A newcomer, with every field."""
    given: dict[str, Any] = {
        "root": f"{name}根", "plain_name": f"{name}平", "phone": "13800000000", "gender": "女", "joined_on": "2026-01-05",
        "department": "销售一部", "post": "客户经理", "max_customers": 30, "max_follow_days": 20, "region": "华南", **other,
    }  # fmt: skip
    return Entry("person.joined", name, "孙人", given)


def decided(number: str, status: str = "accepted", by: str = "李四", **other: Any) -> Entry:
    """A decision, with every field."""
    given: dict[str, Any] = {
        "number": "SP-1", "decision": "同意" if status == "accepted" else "驳回", "comment": "看过",
        "decided_at": "2026-11-23T15:00:00+08:00", "status": status, **other,
    }  # fmt: skip
    return Entry("decision.made", number, by, given)
