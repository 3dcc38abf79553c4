"""How long a customer may stay, to the day; who is warned, what goes back to the pool (人员新增 10(2))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from ledger.records import Customer, Person
from processors.recycling import Countdown, Followed, countdown, countdowns, days_away, sweep, warnings

TODAY = date(2026, 11, 30)
OWNER = Person("张三", "1", "男", "销售一部", "销售人员", 50, 30, None, date(2026, 1, 5), None, datetime(2026, 1, 5))


def customer(followed: date | None, acquired: date = date(2026, 1, 5), **other: Any) -> Customer:
    made = Customer(
        7, "宏远", "宏远", "张三", (), "", "", "", "", "", "", "", "", "", None, None, acquired, followed, None, None
    )
    return replace(made, **other)


def stands(days_ago: int, leaves: Any = (), exempt_open_orders: bool = True, **other: Any) -> Countdown:
    followed = Followed(customer(TODAY - timedelta(days=days_ago)), **other)
    return countdown(followed, OWNER, TODAY, exempt_open_orders=exempt_open_orders, leaves=leaves)


@pytest.mark.parametrize(("days", "left", "due"), [(0, 30, False), (29, 1, False), (30, 0, False), (31, -1, True)])
def test_it_goes_when_strictly_more_days_have_passed(days: int, left: int, due: bool) -> None:
    found = stands(days)
    assert (found.days_left, found.due, found.owner, found.exempt) == (left, due, "张三", "")
    assert found.goes_on == TODAY + timedelta(days=left + 1)
    assert found.since == TODAY - timedelta(days=days)


def test_counted_from_the_later_of_acquired_and_followed() -> None:
    days = (date(2026, 11, 1), date(2026, 11, 9))
    for followed, acquired, since in ((*days, days[1]), (*days[::-1], days[1]), (None, days[0], days[0])):
        found = countdown(Followed(customer(followed, acquired)), OWNER, TODAY, exempt_open_orders=True)
        assert (found.since, found.days_left) == (since, 30 - (TODAY - since).days)


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([(20, 22)], 3), ([(20, 20)], 1), ([(10, 12)], 2), ([(9, 10)], 0), ([(29, 40)], 2), ([(31, 40)], 0),
        ([(20, 22), (22, 24)], 5), ([(20, 21), (25, 25)], 3), ([], 0),
    ],
)  # fmt: skip
def test_leave_stops_the_clock_for_the_days_on_which_it_ran(spans: list[tuple[int, int]], days: int) -> None:
    first = date(2026, 11, 1)
    leaves = [(first + timedelta(days=a - 1), first + timedelta(days=b - 1)) for a, b in spans]
    assert days_away(leaves, date(2026, 11, 10), TODAY) == days
    found = stands(20, leaves)
    assert (found.days_left, found.goes_on) == (10 + days, TODAY + timedelta(days=11 + days))


def test_what_keeps_it_is_told_and_an_open_order_only_where_the_company_says_so() -> None:
    order: dict[str, Any] = {"open_orders": ("A", "B")}
    row: dict[str, Any] = {"under_way": ("C", "D")}
    assert stands(40, **order).exempt == "订单未收齐款（受理号 A、B）"
    assert stands(40, exempt_open_orders=False, **order).exempt == ""
    assert stands(40, exempt_open_orders=False, **order).due
    assert stands(40, **row).exempt == stands(40, exempt_open_orders=False, **order, **row).exempt
    assert stands(40, **row).exempt == "有待审批的内容（受理号 C、D）"
    assert not stands(40, **row).due
    assert stands(40, **order, **row).exempt == "订单未收齐款（受理号 A、B）"


def test_the_most_urgent_stands_first_and_who_has_no_owner_in_the_register_is_left_out() -> None:
    other = replace(OWNER, name="王五", max_follow_days=10)
    since = date(2026, 11, 20)
    found = countdowns(
        [
            Followed(customer(since, name="丙")), Followed(customer(since, name="乙", owner="王五")),
            Followed(customer(since, name="甲")), Followed(customer(since, name="丁", owner=None)),
            Followed(customer(since, name="戊", owner="走了")), Followed(customer(since, name="己", owner="王五")),
        ],
        {"张三": OWNER, "王五": other}, TODAY, exempt_open_orders=True, leaves={"王五": [(TODAY, TODAY)]},
    )  # fmt: skip
    told = [(each.customer.name, each.owner, each.days_left) for each in found]
    assert told == [("乙", "王五", 1), ("己", "王五", 1), *sorted([("丙", "张三", 20), ("甲", "张三", 20)])]


def test_what_is_due_goes_with_its_owner_and_the_reckoning() -> None:
    (entry,) = sweep([stands(30), stands(33), stands(40, under_way=("C",))], TODAY)
    assert (entry.kind, entry.subject, entry.actor) == ("customer.recycled", "7", "kebu")
    assert entry.payload == {"day": "2026-11-30", "owner": "张三", "since": "2026-10-28", "days_left": -3}


def test_warned_on_the_days_that_the_company_names_and_never_about_what_stays() -> None:
    all_of_them = [stands(days) for days in range(20, 33)]
    found = list(warnings(all_of_them, (7, 3, 0)))
    assert [each.days_left for each, _kept in found] == [7, 3, 0]
    assert found[1][1] == {"customer_id": 7, "person": "张三", "days": 3, "since": "2026-11-03"}
    assert list(warnings([stands(30, open_orders=("A",))], (0,))) == []
