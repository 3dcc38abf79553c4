"""What is posted into a real book by the tests that ask it: one maker for each kind of entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from ledger.book import Book
from ledger.facts_json import facts_kept
from ledger.journal import Entry
from ledger.known import Question
from ledger.records import PhotoFacts

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12).astimezone()
NAME = "宏远"


def received(number: str, form: str, status: str = "pending", person: str = "张三", **other: Any) -> Entry:
    given = {
        "department": "销售一部", "submitted_at": "2026-11-23T12:00:00+08:00", "key": number, "fingerprint": "f",
        "vals": {}, "read": {}, "cells": [], "photos": [], "embedded": {}, "file_id": 1, "sheet": form, "row_no": 2,
        "customer_id": None, "day": None, "findings": [], **other,
    }  # fmt: skip
    return Entry("row.received", number, person, {"form": form, "status": status, **given})


def completed(number: str, status: str = "pending", person: str = "张三", **other: Any) -> Entry:
    """A row that waited for pictures was judged again."""
    given = {"key": number, "fingerprint": "f", "vals": {}, "read": {}, "photos": [], "findings": [], **other}
    return Entry("row.completed", number, person, {"status": status, **given})


def decided(
    number: str, decision: str = "同意", by: str = "李四", at: str = "2026-11-23T15:00:00+08:00", comment: str = "看过"
) -> Entry:
    status = "accepted" if decision == "同意" else "rejected"
    given = {"number": "SP-1", "decision": decision, "comment": comment, "decided_at": at, "status": status}
    return Entry("decision.made", number, by, given)


def gone(number: str, by: str = "9") -> Entry:
    return Entry("row.superseded", number, "张三", {"by": by})


def void(number: str, by: str = "2", form: str = "销售日报") -> Entry:
    """A row that was made void by a correction."""
    return Entry("row.voided", number, "张三", {"receipt_no": by, "form": form, "action": "作废", "reason": "重复"})


def finding(message: str, severity: str = "refuse", column: str = "日期") -> dict[str, str]:
    return {
        "rule": "r", "clause": "c", "severity": severity, "column": column, "message": message, "remedy": "改",
    }  # fmt: skip


def customer(number: int, owner: str | None = "张三", name: str = NAME, **other: Any) -> Entry:
    words = dict.fromkeys(
        ("source", "type", "region", "province", "city", "district", "address", "contact", "phone"), ""
    )
    given: dict[str, Any] = {
        **words, "id": number, "name": f"{name}{number}", "name_key": f"{name}{number}", "lat": None, "lon": None,
        "owner": owner, "shared": [], "acquired_on": "2026-11-01", "last_followed_on": None, "receipt_no": f"c{number}",
        **other,
    }  # fmt: skip
    return Entry("customer.added", str(number), "张三", given)


def renamed_customer(number: int, name: str, receipt_no: str = "") -> Entry:
    given = {"changes": {"name": name, "name_key": name}, "receipt_no": receipt_no}
    return Entry("customer.changed", str(number), "张三", given)


def shared(number: int, *people: str) -> Entry:
    return Entry("customer.changed", str(number), "张三", {"changes": {"shared": list(people)}, "receipt_no": "s"})


def handed(number: int, owner: str, kind: str = "customer.claimed", receipt_no: str = "h", **other: Any) -> Entry:
    given = {"owner": owner, "shared": [], "day": "2026-11-20", "receipt_no": receipt_no, **other}
    return Entry(kind, str(number), "张三", given)


def recycled(number: int, day: str = "2026-11-22") -> Entry:
    return Entry("customer.recycled", str(number), "kebu", {"day": day})


def followed(number: int, day: str = "2026-11-22") -> Entry:
    return Entry("customer.followed", str(number), "张三", {"day": day})


def joined(name: str, post: str = "销售人员", **other: Any) -> Entry:
    given = {
        "plain_name": name, "phone": "13800000000", "gender": "女", "department": "销售一部", "post": post,
        "max_customers": 50, "max_follow_days": 30, "region": None, "joined_on": "2026-11-01", **other,
    }  # fmt: skip
    return Entry("person.joined", name, "kebu", given)


def changed(name: str, on: str, **other: Any) -> Entry:
    nothing = dict.fromkeys(
        ("phone", "state", "department", "post", "max_customers", "max_follow_days", "region", "new_name")
    )
    return Entry("person.changed", name, "孙人", {**nothing, "effective_on": on, "receipt_no": f"{name}{on}", **other})


def called(old: str, new: str, receipt_no: str = "") -> Entry:
    return Entry("person.renamed", old, "kebu", {"new_name": new, "plain_name": new, "receipt_no": receipt_no})


def leave(start: str, end: str, number: str = "1", person: str = "张三", by: str = "李四") -> Entry:
    return Entry("exemption.granted", number, by, {"person": person, "start": start, "end": end, "reason": "请假"})


def picture_facts(sha256: str, **other: Any) -> PhotoFacts:
    nothing = dict.fromkeys(each.name for each in fields(PhotoFacts))
    usual = {
        "format": "JPEG", "width": 4, "height": 3, "offset_known": False, "near": (), "turned": (), "has_exif": False,
        "screen_sized": False, "trouble": "", "pages": 1, "preview": b"", "tables": "",
    }  # fmt: skip
    return PhotoFacts(**{**nothing, **usual, "sha256": sha256, **other})


def photo(number: int, sha256: str, person: str = "张三", facts: dict[str, Any] | None = None, **other: Any) -> Entry:
    given = {
        "id": number, "sha256": sha256, "person": person, "name": f"{sha256}.jpg", "name_key": sha256,
        "arrived_at": "2026-11-23T10:00:00+08:00", "archived_as": f"archive/{number}", "embedded": 0,
        "facts": facts_kept(picture_facts(sha256, **facts or {})), **other,
    }  # fmt: skip
    return Entry("photo.kept", sha256, person, given)


def file(number: int, name: str = "日报.xlsx", person: str = "张三", **other: Any) -> Entry:
    given = {
        "id": number, "sha256": f"f{number}", "person": person, "name": name, "arrived_at": "2026-11-23T11:00:00+08:00",
        "kind": "workbook", "outcome": "taken", "archived_as": f"archive/f{number}", "quarantined_as": None, "reason": "",
        "by_machine": 0, "earliest": None, "known": None, **other,
    }  # fmt: skip
    return Entry("file.taken", given["sha256"], person, given)


def sheet(number: str, *receipts: str, form: str = "拜访记录", approver: str = "李四") -> Entry:
    rows = [{"receipt_no": each, "fingerprint": f"f{each}", "cells": {"受理号": each}} for each in receipts]
    return Entry("sheet.issued", number, "kebu", {"form": form, "approver": approver, "rows": rows})


def closed(period: str, version: int = 1, content: Any = None, **other: Any) -> Entry:
    given = {"version": version, "digest": f"d{version}", "content": content or {"lines": []}, **other}
    return Entry("period.closed", period, "kebu", given)


def queued(number: int, person: str, folder: str, name: str, **other: Any) -> Entry:
    given = {
        "id": number, "person": person, "folder": folder, "name": name, "sha256": f"d{number}", "cause": "", "told": None,
        **other,
    }  # fmt: skip
    return Entry("delivery.queued", f"{person}/{folder}/{name}", "kebu", given)


@cache
def an_empty_ledger() -> bytes:
    """The file of a book in which nothing stands yet: its tables are made once, and copied for each test."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        Book(path).close()
        return path.read_bytes()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def post(book: Book, *entries: Entry, when: datetime = NOON) -> None:
    with book.transaction():
        book.post(list(entries), when)


def both(book: Book, question: Question[Any, Any], keys: Sequence[Any], *entries: Entry) -> list[Any]:
    """The answers after all *entries*; after each of them what was kept up to date is what is asked anew."""
    with book.transaction():
        for entry in entries:
            for key in keys:
                book.known(question, key)
            book.post([entry], NOON)
            anew = question.ask(book, keys)
            kept = [book.known(question, key) for key in keys]
            assert kept == [anew.get(key, question.otherwise) for key in keys], entry
    return kept


def open_records(*modules: ModuleType) -> list[str]:
    """Records of these modules that somebody could write into: whoever is answered must not change what others hold."""
    return [
        f"{module.__name__}.{name}"
        for module in modules
        for name, found in vars(module).items()
        if isinstance(found, type) and is_dataclass(found) and not getattr(found, "__dataclass_params__").frozen  # noqa: B009
    ]
