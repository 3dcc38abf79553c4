"""What the book answers about work: visits, orders, payments, and what was won or handed on between two days."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import activity, payments, visits
from ledger.book import Book
from ledger.journal import Entry
from tests.ledger.entries import (
    at,
    called,
    decided,
    finding,
    joined,
    open_records,
    post,
    received,
)

FIRST, LAST = date(2026, 11, 21), date(2026, 11, 23)


def numbers(found: list[dict[str, Any]]) -> list[str]:
    return [each["receipt_no"] for each in found]


def visit(number: str, status: str = "accepted", person: str = "张三", when: str = "", **other: Any) -> Entry:
    vals = {"customer": "宏远", "met": "王总", "purpose": "谈", "content": "谈了价格", "next_purpose": "再谈"}
    read = {"visited_at": when, "客户办公地点": "深圳市", **other.pop("read", {})}
    return received(number, "拜访记录", status, person, vals={**vals, **other.pop("vals", {})}, read=read, **other)


# -- visits


def test_the_visits_of_a_customer_come_newest_first(book: Book) -> None:
    def on(number: str, day: int, status: str = "accepted", of: int = 1) -> Entry:
        return visit(number, status, when=f"2026-11-{day} 09:00", customer_id=of)

    post(
        book,
        on("1", 20),
        on("2", 22),
        on("4", 21),
        on("3", 21),
        on("5", 23, "pending"),
        on("6", 20, of=2),
        on("7", 20, of=3),
    )
    whole = {
        "customer_id": 1, "visited_at": "2026-11-22 09:00", "salesperson": "张三", "met": "王总", "purpose": "谈",
        "content": "谈了价格", "next_purpose": "再谈",
    }  # fmt: skip
    found = visits.histories(book, [2, 1, 9])
    assert found[1][0] == whole
    assert [each["visited_at"][8:10] for each in found[1]] == ["22", "21", "21", "20"]
    assert (len(found[2]), set(found)) == (1, {1, 2})
    assert [len(each) for each in visits.histories(book, [1, 2], 2).values()] == [2, 1]
    many = [visit(f"9{n:02}", when=f"2026-10-01 {n // 60:02}:{n % 60:02}", customer_id=5) for n in range(51)]
    post(book, *many)
    (history,) = visits.histories(book, [5]).values()
    assert (len(history), history[-1]["visited_at"]) == (50, "2026-10-01 00:01")


def test_the_newest_visits_of_some_people_are_told_with_their_flags(book: Book) -> None:
    since = at("2026-11-23T12:00:00+08:00")
    flags = [finding("太近", "flag"), finding("提醒", "note"), finding("太短", "flag")]
    post(
        book, visit("1", "pending", when="2026-11-23 08:00", photos=["a"], findings=flags), visit("2", "waiting"),
        visit("3", person="王五", when="2026-11-23 10:00"), visit("4", "rejected"), visit("5", person="陈六"),
        visit("6", submitted_at="2026-11-23T11:59:59+08:00"), received("7", "成交订单"), visit("8", when="2026-11-23 08:00"),
    )  # fmt: skip
    post(book, decided("8"))
    found = activity.visits_by(book, ["王五", "张三"], since, 9)
    assert numbers(found) == ["2", "3", "8", "1"]
    assert numbers(activity.visits_by(book, ["王五", "张三"], since, 2)) == ["2", "3"]
    assert found[3] == {
        "receipt_no": "1", "customer": "宏远", "salesperson": "张三", "visited_at": "2026-11-23 08:00", "place": "深圳市",
        "met": "王总", "purpose": "谈", "content": "谈了价格", "status": "pending", "next_purpose": "再谈",
        "submitted_at": "2026-11-23T12:00:00+08:00", "photos": '["a"]', "decided_by": None, "words": "太近；太短",
    }  # fmt: skip
    assert (found[2]["decided_by"], found[2]["words"]) == ("李四", None)


def test_approved_visits_between_two_days_come_by_person(book: Book) -> None:
    late = {"submitted_at": "2026-11-24T01:00:00+08:00"}
    post(
        book, visit("1", when="2026-11-21 00:00"), visit("2", when="2026-11-23 23:59"), visit("3", when="2026-11-20 23:59"),
        visit("4", when="2026-11-24 00:00"), visit("5", "pending", when="2026-11-22 09:00"), visit("6", **late),
        visit("7", person="王五", when="2026-11-22 09:00"), visit("8", person="陈六", when="2026-11-22 09:00"), visit("9"),
    )  # fmt: skip
    found = activity.visits_between(book, ["张三", "王五", "赵总"], FIRST, LAST)
    assert {name: numbers(each) for name, each in found.items()} == {"张三": ["2", "1", "9"], "王五": ["7"]}
    assert {**found["王五"][0]} == {
        "person": "王五", "receipt_no": "7", "customer": "宏远", "salesperson": "王五", "visited_at": "2026-11-22 09:00",
        "place": "深圳市", "met": "王总", "purpose": "谈", "content": "谈了价格", "status": "accepted", "next_purpose": "再谈",
        "submitted_at": "2026-11-23T12:00:00+08:00",
    }  # fmt: skip


# -- money


def test_orders_and_payments_between_two_days_come_newest_first(book: Book) -> None:
    def order(number: str, day: int, status: str = "accepted") -> Entry:
        vals = {"customer": "宏远", "signed_on": f"2026-11-{day}", "amount_fen": 5, "contract_no": "H"}
        return received(number, "成交订单", status, vals=vals)

    def payment(number: str, day: int, status: str = "accepted", kind: str = "销售回款") -> Entry:
        vals = {
            "customer": "宏远",
            "paid_on": f"2026-11-{day}",
            "amount_fen": 7,
            "kind": kind,
            "order_no": "1",
            "serial": "S",
        }
        return received(number, "客户回款", status, vals=vals)

    post(
        book, order("1", 21), order("2", 23), order("3", 21), order("4", 20), order("5", 24), order("6", 22, "pending")
    )
    post(book, payment("a", 21), payment("b", 23, kind="退款"), payment("c", 21), payment("d", 20), payment("e", 24))
    post(book, payment("f", 22, "pending"), payment("0", 20, "pending"))
    found = activity.orders_between(book, FIRST, LAST)
    assert numbers(found) == ["2", "3", "1"]
    assert found[0] == {
        "receipt_no": "2", "customer": "宏远", "salesperson": "张三", "signed_on": "2026-11-23", "amount_fen": 5,
        "status": "accepted", "contract_no": "H", "opportunity": None, "opening_paid_fen": None,
    }  # fmt: skip
    came = activity.payments_between(book, FIRST, LAST)
    assert numbers(came) == ["b", "c", "a"]
    whole = {
        "receipt_no": "b", "customer": "宏远", "salesperson": "张三", "paid_on": "2026-11-23", "amount_fen": -7,
        "status": "accepted", "kind": "退款", "order_no": "1", "serial": "S", "filed_by": "张三",
    }  # fmt: skip
    assert came[0] == whole
    waiting = payments.payments_waiting(book)
    assert numbers(waiting) == ["0", "f"]
    more = {"receipt_no": "0", "amount_fen": 7, "kind": "销售回款", "paid_on": "2026-11-20", "status": "pending"}
    assert waiting[0] == {**whole, **more, "submitted_at": "2026-11-23T12:00:00+08:00"}


# -- customers that came, and that were handed on


def test_transfers_since_a_day_and_new_customers_between_two_come_newest_first(book: Book) -> None:
    def transfer(number: str, status: str = "pending", day: int = 23) -> Entry:
        vals = {"customer": "宏远", "receiver": "王五", "reason": "离职", "description": "全部"}
        return received(
            number, "客户转交", status, vals=vals, read={"owner": "张三"}, submitted_at=f"2026-11-{day}T09:00:00+08:00"
        )

    def new(number: str, day: int, status: str = "accepted", **vals: Any) -> Entry:
        given = {"name": f"新{number}", **vals}
        return received(number, "客户新增", status, vals=given, submitted_at=f"2026-11-{day}T09:00:00+08:00")

    post(
        book,
        transfer("1", day=21),
        transfer("2"),
        transfer("3", "accepted"),
        transfer("4", day=20),
        transfer("5", "rejected"),
    )
    post(
        book,
        new("a", 21),
        new("b", 23),
        new("c", 20),
        new("d", 24),
        new("e", 22, "pending"),
        new("f", 23, owner="王五"),
    )
    found = activity.transfers_since(book, FIRST)
    assert numbers(found) == ["3", "2", "1"]
    assert found[1] == {
        "receipt_no": "2", "customer": "宏远", "from_person": "张三", "to_person": "王五", "reason": "离职",
        "description": "全部", "status": "pending", "submitted_at": "2026-11-23T09:00:00+08:00", "decided_at": None,
    }  # fmt: skip

    def brought(number: str, day: int, person: str = "张三") -> dict[str, str]:
        return {"person": person, "receipt_no": number, "customer": f"新{number}", "day": f"2026-11-{day}"}

    assert activity.new_customers_between(book, FIRST, LAST) == {
        "王五": [brought("f", 23, "王五")], "张三": [brought("b", 23), brought("a", 21)],
    }  # fmt: skip


def test_what_somebody_reached_is_told_line_by_line(book: Book) -> None:
    vals = {"signed_on": "2026-11-21", "paid_on": "2026-11-23", "amount_fen": 5, "kind": "销售回款", "name": "甲"}
    post(
        book,
        *(received(form, form, "accepted", vals=vals) for form in ("成交订单", "客户回款", "客户新增")),
        visit("1"),
    )
    assert activity.achieved(book, FIRST, LAST) == [
        {"person": "张三", "kind": kind, "n": n}
        for kind, n in (("new_customers", 1), ("orders_fen", 5), ("payments_fen", 5), ("visits", 1))
    ]
    assert activity.achieved(book, date(2026, 11, 24), LAST) == []


def test_whoever_is_called_otherwise_keeps_what_they_did(book: Book) -> None:
    post(book, joined("张三"), visit("1", when="2026-11-22 09:00"), called("张三", "张三丰"))
    assert set(activity.visits_between(book, ["张三", "张三丰"], FIRST, LAST)) == {"张三丰"}


def test_records_are_not_written_into() -> None:
    assert open_records(payments) == []
