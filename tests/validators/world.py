"""A book with people, customers and rows in it, and what a form's rules may know of a row that is handed in."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ledger import customers
from ledger.book import Book
from ledger.journal import Entry
from ledger.people import people_on
from ledger.records import Customer
from policy.form import Form, columns
from policy.settings import Settings
from policy.words import file_key, fold
from tests.case_facts import ZONE
from validators.context import Context
from validators.facts import Facts
from validators.judging import Gathered, RawRow, gather, judge, shaped_row
from validators.verdict import Verdict

NOW = datetime(2026, 11, 23, 18, tzinfo=ZONE)
DAY = NOW.date()
USUAL = Settings.model_validate({"folders": {}}, context={"base": Path()})
HONGYUAN, HUAXIN, DESHENG = "深圳市宏远电子有限公司", "广州市华新机械有限公司", "东莞市德胜五金有限公司"
GOOD: Mapping[str, Any] = {
    "客户来源": "转介绍", "客户类型": "民营企业", "联系人": "李红", "联系电话": "0755-26001234",
    "客户地址": "广东省/深圳市/南山区", "详细地址": "科苑路8号3栋1205室", "销售区域": "华南",
}  # fmt: skip


def joined(name: str, post: str = "销售人员", department: str = "销售一部", **other: Any) -> Entry:
    """A newcomer; with a phone that ends in figures of their own."""
    given = {
        "plain_name": name, "phone": f"1380013{sum(map(ord, name)) % 10_000:04}", "gender": "女", "joined_on": "2026-01-05",
        "department": department, "post": post, "max_customers": 3, "max_follow_days": 30, "region": None, "root": name,
        **other,
    }  # fmt: skip
    return Entry("person.joined", name, "孙人", given)


def changed(name: str, on: str = "2026-11-10", **other: Any) -> Entry:
    """What changes with somebody, from a day on."""
    given = dict.fromkeys(
        ("phone", "state", "new_name", "department", "post", "max_customers", "max_follow_days", "region")
    )
    return Entry("person.changed", name, "孙人", {**given, "effective_on": on, "receipt_no": f"p-{name}-{on}", **other})


def customer(number: int, name: str, owner: str | None = "张三", **other: Any) -> Entry:
    """A customer in the book."""
    given: dict[str, Any] = {
        "id": number, "name": name, "name_key": fold(name), "owner": owner, "shared": [], "source": "转介绍", "type": "民营企业",
        "region": "华南", "province": "广东省", "city": "深圳市", "district": "南山区", "address": "科苑路8号3栋1205室", "contact": "李红",
        "phone": "0755-26001234", "lat": None, "lon": None, "acquired_on": "2026-11-01", "last_followed_on": None,
        "receipt_no": f"c{number}", "kind": "客户新增", **other,
    }  # fmt: skip
    return Entry("customer.added", str(number), "张三", given)


def received(number: str, form: str, status: str = "pending", person: str = "张三", **other: Any) -> Entry:
    """A row that came before."""
    given = {
        "department": "销售一部", "submitted_at": "2026-11-22T12:00:00+08:00", "key": number, "fingerprint": "f",
        "vals": {}, "read": {}, "cells": [], "photos": [], "embedded": {}, "file_id": 1, "sheet": form, "row_no": 2,
        "customer_id": None, "day": None, "findings": [], **other,
    }  # fmt: skip
    return Entry("row.received", number, person, {"form": form, "status": status, **given})


def kept(number: int, sha256: str, name: str = "现场.jpg", person: str = "张三", **facts: Any) -> Entry:
    """A picture that came."""
    known = {
        "sha256": sha256, "format": "JPEG", "width": 4000, "height": 3000, "taken_at": None, "offset_known": True, "lat": None,
        "lon": None, "gps_at": None, "place": None, "near": [], "make": None, "model": None, "software": None,
        "pixel_hash": f"p{sha256}", "dhash": None, "turned": [], "sharpness": None, "thumbnail_differs": None, "has_exif": True,
        "screen_sized": False, "trouble": "", "seal": None, "pages": 1, "tables": "", **facts,
    }  # fmt: skip
    arrived = known.pop("arrived_at", "2026-11-23T17:00:00+08:00")
    given = {
        "id": number, "sha256": sha256, "person": person, "name": name, "name_key": file_key(name), "arrived_at": arrived,
        "archived_as": f"archive/{sha256}", "embedded": known.pop("embedded", 0), "facts": known,
    }  # fmt: skip
    return Entry("photo.kept", sha256, person, given)


PEOPLE = (
    joined("张三"), joined("王五"), joined("陈六", department="销售二部"), joined("冯走"), joined("李四", "部门经理", max_customers=0),
    joined("赵总", "销售经理", "销售部"), joined("钱督", "企管部", "企管部"), joined("孙人", "人力资源部", "人力资源部"),
    joined("吴纳", "出纳", "财务部"), changed("冯走", state="离职"),
)  # fmt: skip
CUSTOMERS = (customer(1, HONGYUAN, shared=["王五"]), customer(2, HUAXIN, "王五"), customer(3, DESHENG, None))


class World:
    """A book, and rows held against it."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def post(self, *entries: Entry, at: datetime = NOW) -> None:
        """Something happens."""
        with self.book.transaction():
            self.book.post(entries, at)

    def context(self, name: str = "张三", **other: Any) -> Context:
        """Who hands in, and when."""
        given = {"settings": USUAL, "now": NOW, **other}
        return Context(book=self.book, submitter=people_on(self.book, given["now"].date())[name], **given)

    def gathered(self, form: type[Form], row: Mapping[str, Any], name: str = "张三", **other: Any) -> Gathered:
        """What is gathered for a row, given by its headers; *other* is the context's."""
        return gather(shaped_row(form, raw(form, row), USUAL.lists.model_dump(), DAY), self.context(name, **other))

    def known(self, form: type[Form], row: Mapping[str, Any], name: str = "张三", **other: Any) -> dict[str, Any]:
        """What the rules know besides people and pictures: fact → value, where it is not what it is of any row."""
        return known(self.gathered(form, row, name, **other).facts)

    def customer(self, name: str) -> Customer:
        """A customer as the book has it."""
        with self.book.transaction():
            found = self.book.known(customers.named, fold(name))
        assert found is not None
        return found

    def read(self, form: type[Form], row: Mapping[str, Any], name: str = "张三", **other: Any) -> dict[str, Any]:
        """What the software reads of the row itself."""
        return self.judged(form, row, name, **other).read

    def judged(self, form: type[Form], row: Mapping[str, Any], name: str = "张三", **other: Any) -> Verdict:
        """The row judged."""
        return judge(shaped_row(form, raw(form, row), USUAL.lists.model_dump(), DAY), self.context(name, **other))


def raw(form: type[Form], row: Mapping[str, Any], embedded: Mapping[str, tuple[str, ...]] | None = None) -> RawRow:
    """A row as it was dropped, by its headers."""
    by_header = {column.header: column.field for column in columns(form)}
    assert row.keys() <= by_header.keys()
    cells = [[header, "" if value is None else str(value)] for header, value in row.items()]
    return RawRow(form.sheet, 2, {by_header[header]: value for header, value in row.items()}, cells, {}, embedded or {})


def known(facts: Facts) -> dict[str, Any]:
    """Facts that are not those of any row."""
    besides = ("now", "settings", "submitter", "people", "photos")
    return {
        each.name: value
        for each in fields(Facts)
        if each.name not in besides and (value := getattr(facts, each.name)) != _usual(each)
    }


def _usual(each: Any) -> Any:
    return each.default_factory() if each.default is MISSING else each.default


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """A book of its own with the usual people and customers."""
    shutil.copytree(_made_once(), folder, dirs_exist_ok=True)
    with closing(Book(folder / "ledger.db")) as book:
        yield World(book)


@cache
def _made_once() -> Path:
    """A new book takes a while, and is the same each time."""
    folder = Path(tempfile.mkdtemp(prefix="kebu-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with closing(Book(folder / "ledger.db")) as book:
        World(book).post(*PEOPLE, *CUSTOMERS)
    return folder


def day(text: str) -> date:
    """A day of 2026."""
    return date.fromisoformat(f"2026-{text}")
