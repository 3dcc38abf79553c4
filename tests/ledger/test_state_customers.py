"""Entry → state: a customer's life — every column of every table, and whose history says what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.journal import Entry
from tests.ledger.posting import STAMP, State, customer, decided, opened, post, row, state


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


def whole(number: int, **other: Any) -> dict[str, Any]:
    """The customer of :func:`customer` as it stands in the state."""
    given = {name: value for name, value in customer(number).payload.items() if name not in ("shared", "kind")}
    return {name: value for name, value in (given | other).items() if value is not None}


def noted(number: int, kind: str, field: str, before: str | None, after: str | None, **other: Any) -> dict[str, Any]:
    line = {
        "customer_id": number, "at": STAMP, "receipt_no": "261123-0001", "actor": "李四", "kind": kind, "field": field,
        "from": before, "to": after, **other,
    }  # fmt: skip
    return {name: value for name, value in line.items() if value is not None}


def brought(number: int, owner: str | None = "张三", kind: str = "客户新增") -> dict[str, Any]:
    return noted(number, kind, "owner", None, owner, receipt_no=f"261101-000{number}")


def members(number: int, *people: str) -> list[dict[str, Any]]:
    return [{"customer_id": number, "person": person} for person in people]


def after(book: Book, *entries: Entry) -> State:
    """The state after *entries*, beside a customer that none of them concerns."""
    post(book, customer(2, shared=["陈六"]), *entries)
    found = state(book)
    assert found["s_customers"].pop() == whole(2)
    assert found["s_members"].pop() == {"customer_id": 2, "person": "陈六"}
    assert found["s_changes"].pop() == brought(2)
    return {table: rows for table, rows in found.items() if rows}


def to(owner: str, kind: str, *shared: str, **other: Any) -> Entry:
    given = {"owner": owner, "shared": list(shared), "day": "2026-11-23", "receipt_no": "261123-0001", **other}
    return Entry(kind, "1", "李四", given)


def recycled(day: str = "2026-11-20") -> Entry:
    return Entry("customer.recycled", "1", "kebu", {"day": day, "owner": "张三"})


def test_a_customer_comes_into_the_book_with_those_who_share_it(book: Book) -> None:
    assert after(book, customer(1, shared=["王五", "赵七"])) == {
        "s_changes": [brought(1)], "s_customers": [whole(1)], "s_members": members(1, "王五", "赵七"),
    }  # fmt: skip


def test_customers_of_an_older_book_were_new_ones(book: Book) -> None:
    old = customer(1, kind="期初客户")
    assert after(book, old)["s_changes"] == [brought(1, kind="期初客户")]
    del old.payload["kind"]
    old.payload.update(id=3, name_key="宏远3")
    post(book, Entry("customer.added", "3", "李四", old.payload))
    assert state(book, "s_changes")["s_changes"][-1] == {**brought(3), "receipt_no": "261101-0001"}


def test_rows_that_came_before_their_customer_are_its_own_from_then_on(book: Book) -> None:
    key: dict[str, Any] = {"read": {"customer_key": "宏远1"}}
    post(
        book, row("261123-0001", "拜访记录", **key), row("261123-0002", "拜访记录", read={"customer_key": "宏远2"}),
        row("261123-0003", "拜访记录", **key, customer_id=9), row("261123-0004", "拜访记录"), customer(1),
        row("261123-0005", "拜访记录", **key),
    )  # fmt: skip
    rows = {line["receipt_no"]: line.get("customer_id") for line in state(book, "s_rows")["s_rows"]}
    assert list(rows.values()) == [1, None, 9, None, None]


@pytest.mark.parametrize(
    ("days", "then"),
    [
        (["2026-11-05"], "2026-11-05"), (["2026-11-01"], "2026-11-02"), (["2026-11-02"], "2026-11-02"),
        (["2026-11-09", "2026-11-08"], "2026-11-09"), ([], "2026-11-02"),
    ],
)  # fmt: skip
def test_a_customer_was_followed_last_on_the_newest_day(book: Book, days: list[str], then: str) -> None:
    followed = [Entry("customer.followed", "1", "张三", {"day": day}) for day in days]
    assert after(book, customer(1), *followed) == {
        "s_changes": [brought(1)], "s_customers": [whole(1, last_followed_on=then)],
    }  # fmt: skip


def test_a_customer_that_nobody_followed_yet_was_followed_first_then(book: Book) -> None:
    first = customer(1, last_followed_on=None)
    followed = Entry("customer.followed", "1", "张三", {"day": "2026-01-01"})
    assert after(book, first)["s_customers"] == [whole(1, last_followed_on=None)]
    post(book, followed)
    assert state(book, "s_customers")["s_customers"][0] == whole(1, last_followed_on="2026-01-01")


@pytest.mark.parametrize(("kind", "called"), [("customer.claimed", "客户申领"), ("customer.transferred", "客户转交")])
def test_a_customer_that_changes_hands_has_a_new_owner_new_time_and_new_company(
    book: Book, kind: str, called: str
) -> None:
    found = after(book, customer(1, shared=["王五"]), to("赵七", kind, "周八", "王五"))
    assert found == {
        "s_changes": [brought(1), noted(1, called, "owner", "张三", "赵七")],
        "s_customers": [whole(1, owner="赵七", acquired_on="2026-11-23", previous_owner="张三")],
        "s_members": members(1, "周八", "王五"),
    }


def test_a_customer_goes_back_to_the_pool_and_out_of_it(book: Book) -> None:
    found = after(book, customer(1, shared=["王五"]), recycled())
    gone = noted(1, "回收公海", "owner", "张三", None, receipt_no="", actor="kebu")
    pooled = whole(1, owner=None, pooled_on="2026-11-20", previous_owner="张三")
    assert found == {"s_changes": [gone, brought(1)], "s_customers": [pooled]}
    post(book, to("赵七", "customer.claimed"))
    claimed = state(book, "s_changes", "s_customers")
    assert claimed["s_changes"][:3] == [gone, brought(1), noted(1, "客户申领", "owner", None, "赵七")]
    assert claimed["s_customers"][0] == whole(1, owner="赵七", acquired_on="2026-11-23", previous_owner="张三"), (
        "whoever had it before the pool is known on"
    )


def test_a_customer_of_a_void_transfer_stands_as_it_stood(book: Book) -> None:
    back = to("张三", "customer.returned", "王五", acquired_on="2026-11-01", previous_owner="周八")
    found = after(book, customer(1, shared=["王五"]), to("赵七", "customer.transferred"), back)
    assert found == {
        "s_changes": [
            brought(1), noted(1, "客户转交", "owner", "张三", "赵七"), noted(1, "转交作废", "owner", "赵七", "张三"),
        ],
        "s_customers": [whole(1, acquired_on="2026-11-01", previous_owner="周八")],
        "s_members": members(1, "王五"),
    }  # fmt: skip


def changed(**changes: Any) -> Entry:
    return Entry("customer.changed", "1", "李四", {"changes": changes, "receipt_no": "261123-0001"})


PARTICULARS = {
    "source": "转介绍", "type": "代理", "region": "华北", "province": "北京市", "city": "北京市", "district": "海淀区",
    "address": "中关村2号", "contact": "王经理", "phone": "01012345678",
}  # fmt: skip


def test_particulars_change_field_by_field_and_each_is_told(book: Book) -> None:
    found = after(book, customer(1), changed(**PARTICULARS, lat=39.9, lon=116.3, unknown="x"))
    before = whole(1)
    assert found == {
        "s_changes": sorted(
            [brought(1), *(noted(1, "信息变更", name, before[name], new) for name, new in PARTICULARS.items())],
            key=lambda line: line["field"],
        ),
        "s_customers": [whole(1, **PARTICULARS, lat=39.9, lon=116.3)],
    }


def test_what_was_not_said_or_is_said_no_more_is_empty_in_the_history(book: Book) -> None:
    found = after(book, customer(1, contact=None), changed(contact="王经理", phone=None))
    told = [noted(1, "信息变更", "contact", None, "王经理"), noted(1, "信息变更", "phone", "075512345678", None)]
    assert found["s_changes"] == [told[0], brought(1), told[1]]
    assert found["s_customers"] == [whole(1, contact="王经理", phone=None)]


def test_a_former_name_stays_findable_if_it_is_another(book: Book) -> None:
    found = after(book, customer(1), changed(name="新名公司", name_key="新名"))
    former = {"customer_id": 1, "name": "宏远1公司", "name_key": "宏远1", "until": STAMP}
    assert found == {
        "s_changes": [noted(1, "信息变更", "name", "宏远1公司", "新名公司"), brought(1)],
        "s_customers": [whole(1, name="新名公司", name_key="新名")],
        "s_former_names": [former],
    }
    post(book, changed(name="新名（公司）", name_key="新名"))
    assert state(book, "s_former_names")["s_former_names"] == [former], "written otherwise it is the same name"
    assert state(book, "s_customers")["s_customers"][0] == whole(1, name="新名（公司）", name_key="新名")


def test_those_who_share_a_customer_change_as_a_whole_and_are_told_by_name(book: Book) -> None:
    found = after(book, customer(1, shared=["王五", "周八"]), changed(shared=["赵七", "王五"]))
    assert found == {
        "s_changes": [brought(1), noted(1, "信息变更", "shared", "周八、王五", "赵七、王五")],
        "s_customers": [whole(1)], "s_members": members(1, "王五", "赵七"),
    }  # fmt: skip
    post(book, changed(shared=[]), changed(shared=None, contact="王经理"))
    again = state(book, "s_changes", "s_members", "s_customers")
    assert again["s_members"] == members(2, "陈六")
    told = [each for each in again["s_changes"] if each["field"] == "shared"]
    assert told == [
        noted(1, "信息变更", "shared", "周八、王五", "赵七、王五"), noted(1, "信息变更", "shared", "王五、赵七", ""),
    ]  # fmt: skip
    assert again["s_customers"][0] == whole(1, contact="王经理")


# -- what finds things


def test_names_are_found_by_their_pairs_from_when_somebody_brought_them(book: Book) -> None:
    post(
        book, row("261123-0001", "客户新增", key="甲乙丙"), row("261123-0002", "拜访记录", key="丁戊己"),
        customer(1, name_key="庚辛"), changed(name_key="壬癸", name="壬癸公司"), changed(contact="子丑"),
        row("261123-0003", "客户新增", key="甲乙丙"),
    )  # fmt: skip
    pairs = {"甲乙": "甲乙丙", "乙丙": "甲乙丙", "庚辛": "庚辛", "壬癸": "壬癸"}
    found = {line["pair"]: line["name_key"] for line in state(book, "s_name_pairs")["s_name_pairs"]}
    assert found == pairs


def test_an_entry_is_found_by_every_row_that_it_is_about_or_names(book: Book) -> None:
    post(book, row("261123-0001", "拜访记录"), row("261123-12345", "拜访记录", read={"replaces": "261123-0001"}))
    post(
        book, decided("261123-0001", comment="见 261123-0009"),
        Entry("row.superseded", "261123-12345", "张三", {"by": "261124-0004", "also": ["261124-0005", "261124-0004"]}),
        Entry("row.superseded", "261123-123", "张三", {"by": "1261123-0001", "also": "261123-0001x"}),
    )  # fmt: skip
    found = [tuple(line.values()) for line in state(book, "s_mentions")["s_mentions"]]
    assert found == [
        ("261123-0001", 2), ("261123-0001", 3), ("261123-0001", 4), ("261123-12345", 3), ("261123-12345", 5),
        ("261124-0004", 5), ("261124-0005", 5),
    ]  # fmt: skip
