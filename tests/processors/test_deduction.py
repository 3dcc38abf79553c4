"""A month's fines: added up, and how a later version differs from the one before (销售日报 7(4))."""

from __future__ import annotations

from typing import Any

from processors.deduction import changes_between, totals_of


def line(person: str, day: str = "2026-11-23", fen: int = 2000, department: str = "销售一部") -> dict[str, Any]:
    return {"department": department, "person": person, "day": day, "unit_fen": fen, "evidence": f"{person}没有交"}


def test_each_person_is_a_line_and_each_price_too() -> None:
    lines = [
        line("张三"),
        line("张三", "2026-11-24"),
        line("张三", "2026-11-25", 3000),
        line("王五", department="销售二部"),
    ]
    assert totals_of(lines) == [
        ("销售一部", "张三", 2, 2000, 4000), ("销售一部", "张三", 1, 3000, 3000), ("销售二部", "王五", 1, 2000, 2000),
    ]  # fmt: skip
    assert totals_of([]) == []


def test_what_came_went_or_costs_otherwise_is_told_with_the_reason() -> None:
    before = {"lines": [line("张三"), line("王五"), line("陈六", fen=2050), line("周八")]}
    after = {"lines": [line("王五"), line("陈六", fen=3000), line("钱督", "2026-11-20")]}
    assert list(changes_between(before, after, {("2026-11-23", "张三"): "豁免：请假"})) == [
        ("新增", "2026-11-20", "钱督", "不扣款", "扣款 20.00 元", "钱督没有交"),
        ("撤销", "2026-11-23", "周八", "扣款 20.00 元", "不扣款", "这一天现在不用交日报（日历或人员情况有更新）"),
        ("撤销", "2026-11-23", "张三", "扣款 20.00 元", "不扣款", "豁免：请假"),
        ("修改", "2026-11-23", "陈六", "扣款 20.50 元", "扣款 30.00 元", "扣款标准有变"),
    ]
    assert list(changes_between(after, after, {})) == []
