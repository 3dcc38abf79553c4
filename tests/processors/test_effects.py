"""What an accepted row does to the book, entry by entry: who owns what from when, what is paid, what is void."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from processors.effect import Accepted
from processors.effects import effects

TODAY = date(2026, 11, 23)
AREA = {"province": "广东省", "city": "深圳市", "district": "南山区"}


def done(form: str, values: dict[str, Any], read: dict[str, Any] | None = None, **other: Any) -> list[tuple[Any, ...]]:
    given: dict[str, Any] = {"customer_id": 7, "next_customer_id": 8, **other}
    row = Accepted(form, "261123-0001", "张三", values, read or {}, given.pop("customer_id"), TODAY, **given)
    return [(each.kind, each.subject, each.actor, dict(each.payload)) for each in effects(row)]


# -- whose a customer is

CUSTOMER = {
    "name": "宏远",
    "source": "转介绍",
    "type": "民营",
    "region": "华南",
    "address": "8号",
    "contact": "李红",
    "phone": "1",
}


def test_a_new_customer_is_its_owners_from_today() -> None:
    read = {"area": AREA, "lat": 22.5, "lon": 113.9, "owner": "张三", "name_key": "宏远"}
    assert done("客户新增", {**CUSTOMER, "shared": ["王五"]}, read, customer_id=None) == [(
        "customer.added", "8", "张三",
        {**CUSTOMER, **AREA, "lat": 22.5, "lon": 113.9, "owner": "张三", "name_key": "宏远", "id": 8, "shared": ["王五"],
         "acquired_on": "2026-11-23", "last_followed_on": None, "receipt_no": "261123-0001"},
    )]  # fmt: skip


def test_who_claims_gets_it_and_does_not_share_it_with_themselves() -> None:
    assert done("客户申领", {"shared": ["王五", "张三"]}) == [(
        "customer.claimed", "7", "张三",
        {"owner": "张三", "shared": ["王五"], "day": "2026-11-23", "receipt_no": "261123-0001"},
    )]  # fmt: skip


def test_every_customer_of_a_transfer_goes_to_the_receiver() -> None:
    found = done("客户转交", {"receiver": "王五", "shared": ["王五", "陈六"]}, {"moving": [3, 4]})
    payload = {"owner": "王五", "shared": ["陈六"], "day": "2026-11-23", "receipt_no": "261123-0001"}
    assert found == [("customer.transferred", each, "张三", payload) for each in ("3", "4")]


# -- what follows a customer

FOLLOWED = ("customer.followed", "7", "张三", {"day": "2026-11-23", "receipt_no": "261123-0001"})


@pytest.mark.parametrize(
    ("form", "values", "follows"),
    [
        ("成交订单", {}, True), ("客户回款", {"kind": "回款"}, True), ("客户回款", {"kind": "退款"}, False),
        ("拜访计划", {}, False), ("销售日报", {}, False), ("商机", {}, False),
    ],
)  # fmt: skip
def test_orders_and_money_that_comes_follow_a_customer(form: str, values: dict[str, Any], follows: bool) -> None:
    assert done(form, values) == ([FOLLOWED] if follows else [])
    assert done(form, values, customer_id=None) == []


@pytest.mark.parametrize(("visited", "day"), [("2026-11-20 15:30", "2026-11-20"), ("", "2026-11-23")])
def test_a_visit_follows_on_the_day_on_which_it_was_made(visited: str, day: str) -> None:
    (found,) = done("拜访记录", {}, {"拜访时间": visited})
    assert found == (*FOLLOWED[:3], {"day": day, "receipt_no": "261123-0001"})
    assert done("拜访记录", {}, {"拜访时间": visited}, customer_id=None) == []


# -- what was there before

OPENING = {
    **CUSTOMER, "shared": ["王五"], "followed_on": "2026-10-01", "state": "跟进中", "owner": "王五", "amount_fen": None,
}  # fmt: skip
ORDER = {**OPENING, "amount_fen": 1_000_050, "unpaid_fen": 50, "contract_no": "HY-1", "signed_on": "2026-09-30"}
OPENED = {"area": AREA, "owner": "王五", "name_key": "宏远", "counted_from": "2026-10-01", "customer_key": "宏远"}
ADDED = {
    **CUSTOMER, **AREA, "owner": "王五", "name_key": "宏远", "lat": None, "lon": None, "id": 8, "shared": ["王五"],
    "acquired_on": "2026-10-01", "last_followed_on": "2026-10-01", "receipt_no": "261123-0001", "kind": "期初",
}  # fmt: skip


def test_a_customer_of_before_enters_as_it_stood() -> None:
    assert done("期初客户", OPENING, OPENED, customer_id=None) == [("customer.added", "8", "张三", ADDED)]
    assert done("期初客户", {**OPENING, "state": "公海"}, OPENED, customer_id=None) == [
        ("customer.added", "8", "张三", ADDED),
        ("customer.recycled", "8", "张三", {"day": "2026-11-23", "owner": "王五", "receipt_no": "261123-0001"}),
    ]
    assert done("期初客户", OPENING, OPENED) == []


def test_an_open_order_of_before_is_a_row_of_its_own_with_what_was_paid() -> None:
    arrived = {"file_id": 3, "sheet": "期初", "row_no": 5, "submitted_at": "2026-11-23T12:00:00"}
    (found,) = done("期初客户", ORDER, OPENED, arrived=arrived, next_receipt_no="261123-0002")
    assert found[:3] == ("row.received", "261123-0002", "王五")
    assert found[3] == {
        "form": "成交订单", "department": "", **arrived, "key": found[3]["key"], "fingerprint": "",
        "vals": {"customer": "宏远", "contract_no": "HY-1", "signed_on": "2026-09-30", "amount_fen": 1_000_050,
                 "contract_photos": [], "opportunity": None},
        "read": {"期初": "由期初客户 261123-0001 登记，此前已收 10,000.00 元", "customer_key": "宏远",
                 "contract_key": "hy-1", "opening_paid_fen": 1_000_000},
        "cells": [["客户名称", "宏远"], ["合同编号", "HY-1"], ["成交日期", "2026-09-30"], ["成交金额", "10000.50"], ["合同照片", ""]],
        "photos": [], "embedded": {}, "status": "accepted", "findings": [], "day": None, "customer_id": 7,
    }  # fmt: skip
    assert {"宏远", "hy-1"} <= set(found[3]["key"].split("|"))
    kinds = [(each[0], each[3]["id"] if "id" in each[3] else each[3]["customer_id"]) for each in
             done("期初客户", ORDER, OPENED, customer_id=None)]  # fmt: skip
    assert kinds == [("customer.added", 8), ("row.received", 8)]
    unnamed = {**ORDER, "contract_no": None, "owner": ""}
    (found,) = done("期初客户", unnamed, OPENED)
    assert (found[2], found[3]["read"]["contract_key"], found[3]["cells"][1]) == ("张三", "", ["合同编号", ""])


# -- people


def test_a_colleague_joins_under_the_registers_name() -> None:
    values = {"name": "张三", "phone": "1", "gender": "男", "department": "销售一部", "post": "销售人员", "max_customers": 50,
              "max_follow_days": 30, "joined_on": "2026-11-01", "region": None}  # fmt: skip
    told = {
        **{name: value for name, value in values.items() if name != "name"},
        "plain_name": "张三",
        "receipt_no": "261123-0001",
    }
    assert done("人员新增", values, {"register_name": "张三2"}) == [
        ("person.joined", "张三2", "张三", {**told, "root": "张三2"})]  # fmt: skip
    assert done("人员新增", values, {"register_name": "张三2", "root": "r7"})[0][3]["root"] == "r7"


def test_a_deputy_is_named_from_day_to_day() -> None:
    values = {"principal": "李四", "deputy": "王五", "start": "2026-11-24", "end": "2026-11-25", "reason": "出差"}
    assert done("审批代理", {**values, "x": 1}) == [("deputy.named", "261123-0001", "张三", values)]


# -- what is put right

VOID = {"receipt_no": "261120-0001", "action": "作废", "reason": "重复"}
SAID = {"receipt_no": "261123-0001", "form": "客户转交", "action": "作废", "reason": "重复"}


def test_a_void_row_says_so_and_a_void_transfer_gives_back() -> None:
    assert done("更正", VOID, {"of_form": "客户转交"}) == [("row.voided", "261120-0001", "张三", SAID)]
    stood = {"owner": "张三", "shared": ["王五"], "acquired_on": "2026-01-05", "previous_owner": None}
    assert done("更正", VOID, {"of_form": "客户转交", "restores": [{"id": 3, **stood}, {"id": 4, **stood}]}) == [
        ("row.voided", "261120-0001", "张三", SAID),
        ("customer.returned", "3", "张三", {**stood, "receipt_no": "261123-0001"}),
        ("customer.returned", "4", "张三", {**stood, "receipt_no": "261123-0001"}),
    ]


def test_a_mended_cell_says_what_it_was_and_earlier_mends_of_it_hold_no_more() -> None:
    values = {**VOID, "action": "更正", "column_name": "成交金额"}
    read = {"of_form": "成交订单", "field": "amount_fen", "from": 1, "to": 2}
    assert done("更正", values, read, overtakes=("261121-0001", "261121-0002")) == [
        ("row.superseded", "261121-0001", "张三", {"by": "261123-0001"}),
        ("row.superseded", "261121-0002", "张三", {"by": "261123-0001"}),
        ("row.corrected", "261120-0001", "张三",
         {"receipt_no": "261123-0001", "form": "成交订单", "action": "更正", "reason": "重复", "field": "amount_fen",
          "column": "成交金额", "from": 1, "to": 2}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "values", "entry"),
    [
        (
            "信息变更", {}, ("customer.changed", "7", "张三", {"changes": {"phone": "2"}, "receipt_no": "261123-0001"}),
        ),
        (
            "日报豁免", {"name": "王五", "start": "2026-11-24", "end": "2026-11-25", "reason": "请假", "x": 1},
            ("exemption.granted", "261123-0001", "张三",
             {"person": "王五", "start": "2026-11-24", "end": "2026-11-25", "reason": "请假"}),
        ),
        (
            "日报申诉", {"date": "2026-11-20", "reason": "断网"},
            ("exemption.granted", "261123-0001", "钱督",
             {"person": "张三", "start": "2026-11-20", "end": "2026-11-20", "reason": "申诉成立：断网"}),
        ),
        (
            "银行流水", {"serial": "S1", "arrived_on": "2026-11-23", "payer": "宏远", "amount_fen": 5, "memo": "", "x": 1},
            ("bank.received", "S1", "张三",
             {"arrived_on": "2026-11-23", "payer": "宏远", "amount_fen": 5, "memo": "", "receipt_no": "261123-0001"}),
        ),
    ],
)  # fmt: skip
def test_what_else_takes_effect(form: str, values: dict[str, Any], entry: tuple[Any, ...]) -> None:
    assert done(form, values, {"changes": {"phone": "2"}}, decided_by="钱督") == [entry]


def test_what_changes_about_a_colleague_is_told_of_whom_it_changes() -> None:
    told = dict.fromkeys(
        (
            "effective_on",
            "new_name",
            "state",
            "department",
            "post",
            "phone",
            "max_customers",
            "max_follow_days",
            "region",
        )
    )
    assert done("人员变更", {**told, "name": "王五", "x": 1}) == [
        ("person.changed", "王五", "张三", {**told, "receipt_no": "261123-0001"})]  # fmt: skip
