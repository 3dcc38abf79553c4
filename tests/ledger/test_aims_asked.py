"""What the book answers about what people mean to do and are to reach: plans of visits, targets, opportunities."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger import opportunities, plans, targets
from ledger.book import Book
from ledger.journal import Entry
from ledger.opportunities import Step, Win
from ledger.plans import ApprovedPlan
from ledger.targets import Aimed
from tests.ledger.entries import (
    DAY,
    at,
    both,
    completed,
    customer,
    decided,
    gone,
    handed,
    joined,
    open_records,
    post,
    received,
    renamed_customer,
    void,
)
from tests.ledger.test_done_asked import FIRST, LAST, numbers, visit

# -- plans


def plan(number: str, status: str = "accepted", person: str = "张三", day: int = 23, **other: Any) -> Entry:
    given = {
        "day": f"2026-11-{day}",
        "vals": {"purpose": f"谈{number}", "customer": "宏远"},
        "read": {"customer_key": "宏远"},
    }
    return received(number, "拜访计划", status, person, **{**given, **other})


def test_approved_plans_of_a_day_are_known(book: Book) -> None:
    keys = [("张三", DAY), ("王五", DAY), ("张三", date(2026, 11, 24))]
    found = both(
        book, plans.approved, keys, plan("2", customer_id=4), plan("1"), plan("3", "pending"), plan("4", "waiting"), plan("5", person="王五"),
        plan("6", day=24), plan("7", person="王五"), gone("7"), decided("3"), completed("4", "accepted", vals={"purpose": "改"},
        read={"customer_key": "新光"}), plan("8", "rejected"), received("9", "拜访记录", "accepted", day="2026-11-23"),
        plan("a", read={"customer_key": "宏远7"}), customer(7),
    )  # fmt: skip
    assert found == [
        (ApprovedPlan("1", "谈1", None, "宏远"), ApprovedPlan("2", "谈2", 4, "宏远"), ApprovedPlan("3", "谈3", None, "宏远"),
         ApprovedPlan("4", "改", None, "新光"), ApprovedPlan("a", "谈a", 7, "宏远7")),
        (ApprovedPlan("5", "谈5", None, "宏远"),), (ApprovedPlan("6", "谈6", None, "宏远"),),
    ]  # fmt: skip


def test_a_plan_is_found_by_the_customer_or_by_the_name_it_had(book: Book) -> None:
    post(
        book, plan("1", customer_id=4), plan("2", read={"customer_key": "新光"}), plan("3", read={"customer_key": "丙"})
    )

    def found(customer_id: int | None, key: str, person: str = "张三", day: date = DAY) -> str | None:
        one = plans.approved_plan(book, person, day, customer_id, key)
        return one.receipt_no if one else None

    assert [found(4, "改名"), found(None, "宏远"), found(9, "新光"), found(9, "没有"), found(None, "没有")] == [
        "1", "1", "2", None, None,
    ]  # fmt: skip
    assert found(9, "丙") == "3"
    assert (found(4, "宏远", "王五"), found(4, "宏远", day=FIRST)) == (None, None)


def test_approved_plans_without_a_visit_to_that_customer_on_that_day_are_told(book: Book) -> None:
    def seen(number: str, day: int, status: str = "accepted", person: str = "张三", **other: Any) -> Entry:
        came = {"submitted_at": f"2026-11-{day}T20:00:00+08:00", "read": {"customer_key": "宏远"}, **other}
        return visit(number, status, person, when=f"2026-11-{day} 09:00", **came)

    post(
        book, plan("1", day=21), plan("2", day=23), plan("3", day=20), plan("4", day=24), plan("5", "pending"),
        plan("6", person="王五"), plan("7", day=22), plan("8", day=22, customer_id=7, read={"customer_key": "旧名"}),
        plan("9", day=22, read={"customer_key": "丁"}), plan("a", day=21, read={"customer_key": "戊"}),
        seen("b", 22, "pending"), seen("c", 22, customer_id=7, read={"customer_key": "新名"}), seen("d", 21, "rejected"),
        seen("e", 23, person="王五", read={"customer_key": "别家"}),
        seen("f", 23, read={"customer_key": "丁"}), visit("g", "waiting", read={"customer_key": "丁"}, submitted_at="2026-11-22T20:00:00+08:00"),
    )  # fmt: skip
    found = plans.not_carried_out(book, FIRST, LAST)
    assert numbers(found) == ["2", "6", "1", "a"]
    assert found[0] == {
        "receipt_no": "2", "salesperson": "张三", "customer": "宏远", "planned_on": "2026-11-23", "purpose": "谈2",
    }  # fmt: skip


# -- targets


def target(number: str, status: str = "accepted", name: str = "张三", year: int = 2026, month: int = 11, **vals: Any) -> Entry:  # fmt: skip
    return received(number, "销售指标", status, "李四", vals={"name": name, "year": year, "month": month, **vals})


def test_somebodys_targets_of_a_year_are_known_while_they_count_or_wait(book: Book) -> None:
    keys = [("张三", 2026), ("张三", 2027), ("王五", 2026)]
    full: dict[str, Any] = {"period": "季度", "orders_fen": 1, "payments_fen": 2, "visits": 3, "new_customers": 4}
    found = both(
        book, targets.live, keys, target("2", **full), target("1", "waiting", period=None, visits=0), target("3", "pending"),
        target("4", "rejected"), target("5", year=2027, orders_fen=7), target("6", name="王五"), gone("6"), decided("3", "驳回"),
        target("7", "waiting", name="王五"), completed("7", "pending", vals={"name": "王五", "year": 2026, "month": 2}),
        received("8", "拜访记录", "accepted"),
    )  # fmt: skip
    nothing = {"orders_fen": None, "payments_fen": None, "visits": None, "new_customers": None}
    assert found == [
        (Aimed("1", "月度", 11, None, None, 0, None), Aimed("2", "季度", 11, 1, 2, 3, 4)),
        (Aimed("5", "月度", 11, 7, None, None, None),), (Aimed("7", "月度", 2, **nothing),),
    ]  # fmt: skip
    assert both(book, targets.live, keys[:1], void("2", form="销售指标")) == [found[0][:1]]
    assert targets.NUMBERS == ("orders_fen", "payments_fen", "visits", "new_customers")


def test_the_approved_targets_of_a_year_come_by_person(book: Book) -> None:
    post(
        book,
        target("3"),
        target("1", visits=5, month=2),
        target("2", "pending"),
        target("4", year=2025),
        target("5", name="王五"),
    )
    nothing = {"orders_fen": None, "payments_fen": None, "new_customers": None}
    assert targets.approved(book, 2026) == {
        "张三": (Aimed("1", "月度", 2, visits=5, **nothing), Aimed("3", "月度", 11, visits=None, **nothing)),
        "王五": (Aimed("5", "月度", 11, visits=None, **nothing),),
    }


# -- opportunities


def step(number: str, status: str = "accepted", day: int = 20, **other: Any) -> Entry:
    vals = {
        "customer": "宏远",
        "name": "大 单",
        "stage": "报价",
        "amount_fen": 9,
        "expected_on": "2026-12-24",
        "next_step": "签约",
    }
    given = {"submitted_at": f"2026-11-{day}T10:00:00+08:00", "read": {"customer_key": "宏远"}}
    return received(number, "商机", status, vals={**vals, **other.pop("vals", {})}, **{**given, **other})


def test_the_steps_of_opportunities_are_told_as_they_stood_on_a_day(book: Book) -> None:
    post(book, joined("张三"), customer(1), when=at("2026-11-01T09:00:00+08:00"))
    post(
        book, step("1", customer_id=1), step("2", vals={"next_step": None, "name": "小单"}), step("3", "pending"), step("4", "waiting"),
        step("5", "rejected"), step("6"), gone("6"), step("7"), void("7", form="商机"), step("8", day=24), step("0", day=23),
        step("9"), decided("9", at="2026-11-24T01:00:00+08:00"), decided("3", at="2026-11-22T09:00:00+08:00"),
    )  # fmt: skip
    post(book, renamed_customer(1, "宏远新"), handed(1, "王五"), when=at("2026-11-23T23:00:00+08:00"))
    post(book, renamed_customer(1, "宏远更新"), handed(1, "陈六"), when=at("2026-11-24T09:00:00+08:00"))
    usual: dict[str, Any] = {
        "matter": ("宏远", "大单"), "customer": "宏远", "name": "大 单", "person": "张三", "stage": "报价", "amount_fen": 9,
        "expected_on": date(2026, 12, 24), "next_step": "签约", "on": date(2026, 11, 20), "submitted_on": date(2026, 11, 20),
        "decided": False,
    }  # fmt: skip
    first = {"matter": ("1", "大单"), "customer": "宏远新", "person": "王五"}
    assert opportunities.steps(book, DAY) == [
        Step(receipt_no="1", **{**usual, **first}),
        Step(receipt_no="2", **{**usual, "matter": ("宏远", "小单"), "name": "小单", "next_step": ""}), Step(receipt_no="6", **usual),
        Step(receipt_no="3", **{**usual, "on": date(2026, 11, 22), "decided": True}),
        Step(receipt_no="0", **{**usual, "on": DAY, "submitted_on": DAY}),
    ]  # fmt: skip
    (then, *_rest) = opportunities.steps(book, date(2026, 11, 22))
    assert (then.customer, then.person) == ("宏远1", "张三")
    assert [each.receipt_no for each in opportunities.steps(book, date(2026, 11, 24))] == [
        "1",
        "2",
        "6",
        "3",
        "0",
        "8",
        "9",
    ]
    (now, *_rest) = opportunities.steps(book, date(2026, 11, 24))
    assert (now.customer, now.person) == ("宏远更新", "陈六")


def test_the_orders_that_won_an_opportunity_are_told_oldest_first(book: Book) -> None:
    def order(number: str, status: str = "accepted", day: int = 20, name: str | None = "大 单", **other: Any) -> Entry:
        vals = {"opportunity": name, "signed_on": f"2026-11-{day}", "amount_fen": int(number)}
        return received(number, "成交订单", status, vals=vals, read={"customer_key": "宏远"}, **other)

    post(
        book, order("2", day=23), order("3", customer_id=1), order("1"), order("4", "pending"), order("5", day=24), order("6", name=None),
        order("7", name=""), received("8", "商机", "accepted", vals={"opportunity": "大单", "signed_on": "2026-11-20"}),
    )  # fmt: skip
    early = date(2026, 11, 20)
    assert opportunities.wins(book, DAY) == [
        Win(("宏远", "大单"), early, 1), Win(("1", "大单"), early, 3), Win(("宏远", "大单"), DAY, 2),
    ]  # fmt: skip


def test_records_are_not_written_into() -> None:
    assert open_records(plans, targets, opportunities) == []
