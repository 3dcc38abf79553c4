"""Targets and results by hand (指标编审 11); through workbooks in tests/service/test_attainment.py."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.targets import Aimed
from policy.periods import Period
from processors.attainment import KINDS, Attained, aimed_at, attain, changes_between, months_of


def aim(kind: str, number: int, orders: int | None, payments: int | None = None) -> Aimed:
    return Aimed("1", kind, number, orders, payments, None, None)


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, [1]), (3, [1, 2, 3]), (4, [4]), (6, [4, 5, 6]), (11, [10, 11]), (12, [10, 11, 12])]
)
def test_a_month_its_quarter_and_its_year_so_far(month: int, quarter: list[int]) -> None:
    assert months_of(2026, month) == {"本月": [month], "本季累计": quarter, "本年累计": list(range(1, month + 1))}


def test_a_target_of_just_that_period_counts_and_else_those_of_its_parts() -> None:
    months = [aim("月度", 1, 10, 1), aim("月度", 2, 20), aim("月度", 4, 70)]
    year, first, second = Period("年度", 2026, 1), Period("季度", 2026, 1), Period("季度", 2026, 2)
    nothing = {"visits": 0, "new_customers": 0}
    assert aimed_at({"张三": months, "王五": []}, year) == {"张三": {"orders_fen": 100, "payments_fen": 1, **nothing}}
    assert aimed_at({"张三": months}, first)["张三"]["orders_fen"] == 30
    with_quarter = [*months, aim("季度", 1, 500)]
    assert aimed_at({"张三": with_quarter}, first)["张三"] == {"orders_fen": 500, "payments_fen": 1, **nothing}
    assert aimed_at({"张三": with_quarter}, second)["张三"]["orders_fen"] == 70
    assert aimed_at({"张三": with_quarter}, year)["张三"]["orders_fen"] == 570
    assert aimed_at({"张三": [*with_quarter, aim("年度", 1, 9)]}, year)["张三"]["orders_fen"] == 9
    assert aimed_at({"张三": [*months, aim("月度", 1, 11)]}, Period("月度", 2026, 1))["张三"]["orders_fen"] == 11
    assert aimed_at({"张三": [aim("月度", 1, None)]}, year) == {}


def test_people_then_departments_then_the_company() -> None:
    members = [("销售二部", "陈六"), ("销售一部", "王五"), ("销售一部", "张三")]
    targets = {"张三": {"orders_fen": 1, "visits": 5}, "陈六": {"payments_fen": 7}}
    results = {"王五": {"orders_fen": 4, "new_customers": 2}, "张三": {"visits": 3}}
    found = attain(members, targets, results)
    told = [
        (each.level, each.department, each.name, list(each.targets.values()), list(each.results.values()))
        for each in found
    ]
    nobody = [0, 0, 0, 0]
    people = {
        ("销售二部", "陈六"): ([0, 7, 0, 0], nobody), ("销售一部", "王五"): (nobody, [4, 0, 0, 2]),
        ("销售一部", "张三"): ([1, 0, 5, 0], [0, 0, 3, 0]),
    }  # fmt: skip
    assert told == [
        *(("个人", *key, *people[key]) for key in sorted(people)),
        ("部门", "销售一部", "销售一部", [1, 0, 5, 0], [4, 0, 3, 2]),
        ("部门", "销售二部", "销售二部", [0, 7, 0, 0], nobody),
        ("公司", "", "全公司", [1, 7, 5, 0], [4, 0, 3, 2]),
    ]
    assert list(found[0].targets) == list(KINDS)


def test_the_ratio_of_nothing_aimed_at_is_none() -> None:
    one = Attained("个人", "销售一部", "张三", {"visits": 4, "orders_fen": 0}, {"visits": 5, "orders_fen": 3})
    assert (one.ratio("visits"), one.ratio("orders_fen"), one.ratio("payments_fen")) == (1.25, None, None)
    assert Attained("个人", "", "", {"visits": 4}, {}).ratio("visits") == 0


def test_every_number_that_is_not_what_it_was_is_told() -> None:
    def line(name: str, targets: dict[str, int], results: dict[str, int]) -> dict[str, Any]:
        return {"level": "个人", "department": "销售一部", "name": name, "targets": targets, "results": results}

    before = {"本月": [line("张三", {"visits": 1}, {"orders_fen": 5}), line("走了", {"visits": 1}, {})]}
    after = {
        "本月": [line("张三", {"visits": 2}, {"orders_fen": 5, "visits": 3}), line("新来", {}, {"new_customers": 1})],
        "本年累计": [line("张三", {}, {"visits": 3})],
    }
    who = ("个人", "销售一部")
    assert list(changes_between(before, after)) == [
        ("本月", *who, "张三", "targets.visits", 1, 2), ("本月", *who, "张三", "results.visits", 0, 3),
        ("本月", *who, "新来", "results.new_customers", 0, 1), ("本年累计", *who, "张三", "results.visits", 0, 3),
    ]  # fmt: skip
    assert list(changes_between(after, after)) == []
