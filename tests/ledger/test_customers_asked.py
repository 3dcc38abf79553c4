"""What the book answers about customers: whose they are, what they are and were called, what is like their names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ledger import customers, people, rows, transfers
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Customer, Row, Status
from tests.ledger.entries import (
    DAY,
    NOON,
    at,
    both,
    called,
    changed,
    customer,
    decided,
    followed,
    gone,
    handed,
    joined,
    post,
    received,
    recycled,
    renamed_customer,
    shared,
)


def known(number: int, **other: Any) -> Customer:
    """What is known of such a customer as :func:`customer` makes it."""
    words = dict.fromkeys(
        ("source", "type", "region", "province", "city", "district", "address", "contact", "phone"), ""
    )
    usual: dict[str, Any] = {
        **words, "id": number, "name": f"宏远{number}", "name_key": f"宏远{number}", "owner": "张三", "shared": (), "lat": None,
        "lon": None, "acquired_on": date(2026, 11, 1), "last_followed_on": None, "pooled_on": None, "previous_owner": None,
        "receipt_no": f"c{number}",
    }  # fmt: skip
    return Customer(**{**usual, **other})


def ids(found: Any) -> list[int]:
    return [each.id for each in found]


FULL: dict[str, Any] = {
    "source": "展会", "type": "厂", "region": "华南", "province": "广东省", "city": "深圳市", "district": "南山区",
    "address": "科技路1号", "contact": "王总", "phone": "138", "lat": 22.5, "lon": 113.9, "last_followed_on": "2026-11-05",
}  # fmt: skip
#: everything that may happen to a customer after it is in the book
LIFE = (
    handed(1, "王五"), handed(1, "张三", "customer.transferred", shared=["陈六"]),
    handed(1, "王五", "customer.returned", acquired_on="2026-11-02", previous_owner="张三"), followed(1), shared(1, "周八", "陈六"),
    renamed_customer(1, "新名"), recycled(1),
)  # fmt: skip


# -- whose they are


def test_a_customer_is_known_by_the_name_that_it_bears_now(book: Book) -> None:
    whole = customer(3, shared=["王五", "李四"], **FULL)
    found = both(
        book, customers.named, ["宏远1", "新名", "宏远2", "宏远3"], customer(1), customer(2), whole, *LIFE, customer(8)
    )
    now = known(
        1, name="新名", name_key="新名", owner=None, acquired_on=date(2026, 11, 2), last_followed_on=date(2026, 11, 22),
        pooled_on=date(2026, 11, 22), previous_owner="王五",
    )  # fmt: skip
    three = known(3, shared=("李四", "王五"), **{**FULL, "last_followed_on": date(2026, 11, 5)})
    assert found == [None, now, known(2), three]
    assert [customers.customer(book, number) for number in (1, 3, 9)] == [now, three, None]


def test_a_customer_is_found_by_names_that_it_bore(book: Book) -> None:
    scene = [
        customer(1), customer(2), renamed_customer(1, "乙名"), renamed_customer(2, "宏远1"), renamed_customer(2, "甲名"),
        renamed_customer(1, "宏远1"), renamed_customer(1, "丙名"), *LIFE[:2], followed(1), recycled(1),
    ]  # fmt: skip
    found = both(book, customers.once_named, ["宏远1", "宏远2", "乙名", "丙名", "没有"], *scene)
    assert [[(each.id, each.name) for each in one] for one in found] == [
        [(1, "丙名"), (2, "甲名")], [(2, "甲名")], [(1, "丙名")], [], [],
    ]  # fmt: skip
    assert both(book, customers.names_of, [2, 1, 9], renamed_customer(2, "丁名"), customer(9)) == [
        ("丁名", "宏远2", "宏远1", "甲名"), ("丙名", "宏远1", "乙名", "宏远1"), ("宏远9",),
    ]  # fmt: skip


def test_what_somebody_owns_and_what_others_share_with_them_is_known(book: Book) -> None:
    scene = [
        customer(2), customer(1), customer(3, owner=None), customer(4, "王五", shared=["张三", "陈六"]), customer(5, "陈六", shared=["张三"]),
        *LIFE[:-1], customer(6, "王五", "阿"),
    ]  # fmt: skip
    owned = both(book, customers.owned, ["张三", "王五", "赵总"], *scene)
    assert [ids(each) for each in owned] == [[2], [4, 1, 6], []]
    assert both(book, customers.shared_with, ["张三", "陈六", "赵总"], shared(4, "张三")) == [
        {"宏远4", "宏远5"}, {"新名"}, set(),
    ]  # fmt: skip
    assert [ids(both(book, customers.owned, ["王五"], entry)[0]) for entry in (recycled(1), followed(4))] == [
        [4, 6]
    ] * 2
    assert both(book, customers.shared_with, ["王五"], customer(7, shared=["王五"]), renamed_customer(7, "庚")) == [
        {"庚"}
    ]


def test_lists_of_customers_come_by_name(book: Book) -> None:
    post(
        book, customer(3), customer(1, shared=["王五"]), customer(2, "王五", shared=["张三"]), customer(5, None), customer(4, None),
        customer(6, "陈六", shared=["张三", "王五"]), customer(7, "王五", "阿"), customer(8, "张三", shared=["张三"]),
    )  # fmt: skip
    assert customers.owned_by(book, "张三") == [known(1, shared=("王五",)), known(3), known(8, shared=("张三",))]
    assert ids(customers.all_owned(book)) == [1, 3, 8, 2, 7, 6]
    assert ids(customers.customers_of(book, "张三")) == [1, 2, 3, 6, 8]
    assert ids(customers.customers_of(book, "赵总")) == []
    assert customers.pool(book) == [known(4, owner=None), known(5, owner=None)]
    each = customers.shared_with_each(book, iter(["张三", "王五", "赵总"]))
    assert {name: ids(found) for name, found in each.items()} == {"张三": [2, 6], "王五": [1, 6]}
    assert each["张三"][0] == known(2, owner="王五", shared=("张三",))
    owned = customers.owned_by_each(book, iter(["王五", "赵总"]))
    assert {name: ids(found) for name, found in owned.items()} == {"王五": [2, 7], "赵总": []}


def test_a_leavers_customers_are_to_be_handed_over(book: Book) -> None:
    post(
        book, *(joined(name, post) for name, post in (
            ("张三", "销售人员"), ("李四", "部门经理"), ("钱督", "企管部"), ("甲走", "销售人员"), ("乙走", "销售人员"), ("丙走", "销售经理"))),
        changed("甲走", "2026-11-23", state="离职"), changed("乙走", "2026-11-24", state="离职"),
        *(customer(n, owner) for n, owner in enumerate(("张三", "李四", "钱督", "甲走", "乙走", "丙走", "没有", None))),
    )  # fmt: skip
    found = customers.of_leavers(book, people.people_on(book, DAY), DAY)
    assert sorted(str(each.owner) for each in found) == ["丙走", "甲走", "钱督"]


def test_the_number_of_a_new_customer_follows_the_highest(book: Book) -> None:
    with book.transaction():
        assert customers.next_customer_id(book) == 1
    post(book, customer(4), customer(9), customer(5))
    with book.transaction():
        assert [customers.next_customer_id(book) for _ in range(2)] == [10, 11]


def test_a_name_that_waits_for_approval_is_known(book: Book) -> None:
    post(
        book, received("1", "客户新增", "waiting", key="a"), received("2", "客户新增", key="b"), received("3", "客户新增", "accepted", key="c"),
        received("4", "客户新增", "rejected", key="d"), received("5", "客户新增", key="e"), gone("5"), received("6", "拜访记录", key="f"),
    )  # fmt: skip
    found = [customers.awaiting_approval(book, key) for key in "abcdefg"]
    assert [each and each.receipt_no for each in found] == ["1", "2", None, None, None, None, None]


# -- what happened to them


def test_what_happened_to_customers_since_a_day_comes_newest_first(book: Book) -> None:
    post(book, customer(1), when=at("2026-11-20T09:00:00+08:00"))
    post(book, customer(3), customer(2))
    claimed = handed(2, "王五", receipt_no="7")
    post(book, claimed, received("7", "客户申领"), decided("7"), when=NOON + timedelta(minutes=30))
    post(book, recycled(2), when=NOON + timedelta(hours=1))
    both_fields = Entry("customer.changed", "1", "张三", {"changes": {"phone": "2", "address": "1"}, "receipt_no": "8"})
    post(book, both_fields, when=NOON + timedelta(hours=2))
    found = customers.history(book, "2026-11-23")
    assert [(each["customer"], each["kind"], each["field"]) for each in found] == [
        ("宏远1", "信息变更", "address"), ("宏远1", "信息变更", "phone"), ("宏远2", "回收公海", "owner"), ("宏远2", "客户申领", "owner"),
        ("宏远2", "客户新增", "owner"), ("宏远3", "客户新增", "owner"),
    ]  # fmt: skip
    assert found[3] == {
        "receipt_no": "7", "customer": "宏远2", "changed_by": "张三", "changed_at": (NOON + timedelta(minutes=30)).isoformat(), "kind": "客户申领",
        "field": "owner", "from_value": "张三", "to_value": "王五", "approved_by": "李四",
    }  # fmt: skip


def test_rows_about_a_customer_that_wait_are_known(book: Book) -> None:
    post(
        book, received("2", "拜访记录", customer_id=1), received("1", "客户转交", "waiting", customer_id=1, read={"moving": [1, 3]}),
        received("3", "拜访计划", customer_id=1), received("4", "拜访记录", "accepted", customer_id=1), received("5", "拜访记录"),
        received("6", "拜访记录", customer_id=2, submitted_at="2026-11-22T23:59:59+08:00"),
        received("7", "拜访记录", customer_id=3, submitted_at="2026-11-23T00:00:00+08:00"),
    )  # fmt: skip
    assert customers.undecided_rows(book, DAY) == {1: ("1", "2"), 3: ("1", "7")}


def test_a_reminder_is_given_once(book: Book) -> None:
    given: dict[str, Any] = {"customer_id": 1, "person": "张三", "days": 3, "since": "2026-11-23"}
    assert customers.reminded(book, given) is False
    post(book, Entry("reminder.given", "1", "kebu", given))
    assert customers.reminded(book, given) is True
    for other in ({"customer_id": 2}, {"person": "王五"}, {"days": 1}, {"since": "2026-11-24"}):
        assert customers.reminded(book, {**given, **other}) is False


# -- transfers looked back at


def transfer(book: Book, *moving: int, number: str = "T", decided_at: str = "2026-11-23T15:00:00+08:00") -> Row:
    post(book, received(number, "客户转交", read={"moving": list(moving)}), decided(number, at=decided_at))
    found = rows.row(book, number)
    assert found
    return found


def test_what_has_come_of_customers_since_a_transfer_is_told(book: Book) -> None:
    post(book, customer(1), customer(2), customer(3))
    before = {"submitted_at": "2026-11-23T14:59:59+08:00"}
    after = {"submitted_at": "2026-11-23T15:00:00+08:00"}
    moved = transfer(book, 1, 2)
    post(book, *(handed(n, "王五", "customer.transferred", "T") for n in (1, 2)))
    post(
        book, received("1", "拜访记录", customer_id=1, **before), received("2", "拜访记录", "rejected", customer_id=1, **after),
        received("3", "更正", customer_id=1, **after), received("4", "拜访记录", customer_id=3, **after),
        received("5", "拜访记录", **after), handed(3, "陈六", receipt_no="x"),
    )  # fmt: skip
    assert transfers.followed(book, moved) == ""
    post(book, recycled(2))
    assert transfers.followed(book, moved) == "宏远2后来又有回收公海"
    post(book, received("9", "客户转交", "waiting", "王五", read={"moving": [2]}, **after))
    assert transfers.followed(book, moved) == "宏远2已有受理号 9（客户转交，王五）"
    post(book, received("8", "拜访记录", "accepted", "陈六", customer_id=1, **after))
    assert transfers.followed(book, moved) == "宏远1已有受理号 8（拜访记录，陈六）"


def test_a_transfer_that_nobody_decided_on_is_looked_at_from_when_it_was_handed_in(book: Book) -> None:
    post(book, customer(1), received("T", "客户转交", "accepted", read={"moving": [1]}))
    moved = rows.row(book, "T")
    assert moved
    post(book, received("2", "拜访记录", customer_id=1, submitted_at="2026-11-23T11:59:59+08:00"))
    assert transfers.followed(book, moved) == ""
    post(book, received("1", "拜访记录", customer_id=1))
    assert transfers.followed(book, moved) == "宏远1已有受理号 1（拜访记录，张三）"


def stood(number: int, owner: str | None, on: str, *shared: str, before: str | None = None) -> dict[str, Any]:
    return {"id": number, "owner": owner, "shared": list(shared), "acquired_on": on, "previous_owner": before}


def test_how_customers_stood_before_a_transfer_is_reckoned_from_what_happened(book: Book) -> None:
    post(
        book, customer(1, shared=["王五"]), customer(2), customer(3), customer(4, None), customer(10), customer(5), customer(6),
        shared(2, "周八", "赵总"), renamed_customer(2, "乙"), recycled(3), handed(4, "陈六", shared=["王五"]),
        handed(5, "王五", "customer.transferred", day="2026-11-21"),
        handed(6, "王五", "customer.returned", shared=["李四"], acquired_on="2026-11-09", previous_owner="陈六"),
    )  # fmt: skip
    moved = transfer(book, 1, 2, 3, 4, 5, 6, 10)
    after = [
        entry
        for n in (1, 2, 3, 4, 5, 6, 10)
        for entry in (handed(n, "吴新", "customer.transferred", "T"), shared(n, "赵总"))
    ]
    post(book, *after)
    assert transfers.before(book, moved) == (
        stood(1, "张三", "2026-11-01", "王五"), stood(2, "张三", "2026-11-01", "周八", "赵总"),
        stood(3, None, "2026-11-01", before="张三"), stood(4, "陈六", "2026-11-20", "王五"),
        stood(5, "王五", "2026-11-21", before="张三"), stood(6, "王五", "2026-11-09", "李四", before="陈六"),
        stood(10, "张三", "2026-11-01"),
    )  # fmt: skip


def test_how_customers_stood_is_told_under_the_names_that_people_bear_now(book: Book) -> None:
    post(book, *(joined(name) for name in ("张三", "王五", "陈六", "周八")))
    post(
        book, customer(1, shared=["王五"]), customer(2), shared(2, "王五"), customer(3), recycled(3), handed(3, "王五", shared=["陈六"]),
        customer(4), handed(4, "王五", "customer.returned", shared=["陈六"], acquired_on="2026-11-09", previous_owner="陈六"),
        customer(5), handed(5, "王五", "customer.returned", acquired_on="2026-11-09", previous_owner=None),
    )  # fmt: skip
    moved = transfer(book, 1, 2, 3, 4, 5)
    post(book, *(handed(n, "周八", "customer.transferred", "T") for n in (1, 2, 3, 4, 5)))
    renamed = [called(name, f"{name}新") for name in ("张三", "王五", "陈六")]
    post(book, *renamed, joined("王五"), when=NOON + timedelta(hours=1))
    assert transfers.before(book, moved) == (
        stood(1, "张三新", "2026-11-01", "王五新"), stood(2, "张三新", "2026-11-01", "王五新"),
        stood(3, "王五新", "2026-11-20", "陈六新", before="张三新"), stood(4, "王五新", "2026-11-09", "陈六新", before="陈六新"),
        stood(5, "王五新", "2026-11-09"),
    )  # fmt: skip


@pytest.mark.parametrize("status", list(Status))
def test_words_of_states_are_told_apart(status: Status) -> None:
    assert replace(rows.row_received(received("1", "拜访记录")), status=status).status is status
