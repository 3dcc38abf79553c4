"""销售指标, played through folders: whose, by whom, of which month, and who reviews them (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.company import Company, a_company, read
from tests.deals import CASHIER, sheet_is_returned, target


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def handed_in(co: Company, by: str, *rows: Any, at: str = "11-23 10:00") -> list[dict[str, Any]]:
    """The rows of the receipt for these targets."""
    return co.answers(by, "销售指标", rows, at)


def test_one_s_own_target_is_reviewed_by_the_sales_manager(co: Company) -> None:
    (row,) = handed_in(co, "张三", target("张三", 11, "30万", 回款金额指标=200000, 拜访次数指标=20, 新增客户指标="5个"))
    assert row["结果"] == "待审批"
    assert co.new("李四", "审批") == []
    sheet = co.approval("赵总", "销售指标")
    assert read(sheet).row("审批_销售指标")["成交金额指标"] == "300,000.00"
    co.decide("赵总", sheet)
    co.run("11-23 11:00")
    assert co.receipt("张三", "审批结果").outcomes("销售指标") == ["已受理"]
    assert co.ask("SELECT person, year, month, orders_fen, payments_fen, visits, new_customers, status FROM targets") == [
        {"person": "张三", "year": 2026, "month": 11, "orders_fen": 30_000_000, "payments_fen": 20_000_000, "visits": 20,
         "new_customers": 5, "status": "accepted"}]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "of", "outcome"),
    [
        ("张三", "王五", "退回"),
        ("李四", "张三", "待审批"),
        ("李四", "李四", "已受理"),
        ("李四", "陈六", "退回"),
        ("赵总", "陈六", "已受理"),
        ("赵总", "赵总", "已受理"),
        ("赵总", "没有的人", "退回"),
    ],
)
def test_whose_targets_one_may_set_and_which_need_a_review(co: Company, by: str, of: str, outcome: str) -> None:
    (row,) = handed_in(co, by, target(of))
    assert row["结果"] == outcome
    if outcome == "退回":
        assert (f"您不能为{of}编制指标" if of != "没有的人" else "不是在职同事") in row["说明"]
    assert len(co.new("赵总", "审批")) == (1 if outcome == "待审批" else 0)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"月份": 13}, "月份 13 不在 1 到 12 之间"),
        ({"月份": 0}, "月份 0 不在 1 到 12 之间"),
        ({"月份": "十一"}, "不是整数"),
        ({"年度": 2029}, "年度 2029 离今年太远"),
        ({"开始日期": "2026-11-02"}, "开始日期 2026-11-02 不是 2026 年 11 月的第一天"),
        ({"结束日期": "2026-12-01"}, "请填写 2026-11-30"),
        ({"开始日期": "2026-11-30", "结束日期": "2026-11-01"}, "结束日期 2026-11-01 不是 2026 年 11 月的最后一天"),
        ({"成交金额指标": "很多"}, "不是金额"),
    ],
)
def test_a_target_that_cannot_be_right_comes_back(co: Company, cells: dict[str, Any], words: str) -> None:
    (row,) = handed_in(co, "张三", target("张三", **cells))
    assert row["结果"] == "退回"
    assert words in row["说明"]


@pytest.mark.parametrize(
    ("year", "last", "right"), [(2027, 28, True), (2027, 29, None), (2028, 29, True), (2028, 28, False)]
)
def test_february_ends_on_its_own_last_day(co: Company, year: int, last: int, right: bool | None) -> None:
    cells = {"年度": year, "开始日期": f"{year}-02-01", "结束日期": f"{year}-02-{last}"}
    (row,) = handed_in(co, "张三", target("张三", 2, **cells), at=f"{year - 1}-12-28 10:00")
    assert row["结果"] == ("待审批" if right else "退回")
    if right is False:
        assert "请填写 2028-02-29" in row["说明"]
    if right is None:
        assert "不是真实存在的日期" in row["说明"]


def test_a_year_of_targets_on_one_sheet(co: Company) -> None:
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    rows = [target("张三", month, 结束日期=f"2026-{month:02d}-{days}") for month, days in enumerate(lengths, 1)]
    assert [row["结果"] for row in handed_in(co, "张三", *rows)] == ["待审批"] * 12
    assert len(read(co.approval("赵总", "销售指标")).rows("审批_销售指标")) == 12


def test_a_target_is_replaced_while_it_waits_and_settled_once_approved(co: Company) -> None:
    (first,) = handed_in(co, "张三", target("张三"))
    (again,) = handed_in(co, "张三", target("张三", 11, 120000), at="11-23 10:10")
    assert f"替换了先前提交的受理号 {first['受理号']}" in again["说明"]
    sheet = co.new("赵总", "审批")[-1]
    co.decide("赵总", sheet)
    co.run("11-23 10:20")
    co.new("张三")
    (late,) = handed_in(co, "张三", target("张三", 11, 90000), at="11-23 10:30")
    assert late["结果"] == "退回"
    assert f"受理号 {again['受理号']} 已经生效" in late["说明"]
    assert co.ask("SELECT orders_fen FROM targets WHERE status = 'accepted'") == [{"orders_fen": 12_000_000}]


@pytest.mark.parametrize(("first", "second"), [("李四", "张三"), ("张三", "李四"), ("张三", "赵总")])
def test_what_somebody_else_has_set_and_still_waits_is_not_replaced(co: Company, first: str, second: str) -> None:
    (kept,) = handed_in(co, first, target("张三", 11, 150000))
    (other,) = handed_in(co, second, target("张三", 11, 1), at="11-23 10:10")
    assert other["结果"] == "退回"
    assert f"{first}已提交受理号 {kept['受理号']}，还没有审批" in other["说明"]
    assert co.ask("SELECT orders_fen FROM targets WHERE status <> 'rejected'") == [{"orders_fen": 15_000_000}]


def test_nobody_else_hands_in_targets(co: Company) -> None:
    co.found([CASHIER], "11-21 09:00")
    sheet_is_returned(co, "吴纳", "销售指标", target("吴纳"), may="销售人员、部门经理、销售经理")


QUARTER: dict[str, Any] = {"期间类型": "季度", "月份": 4, "开始日期": "2026-10-01", "结束日期": "2026-12-31"}
YEAR: dict[str, Any] = {"期间类型": "年度", "月份": 1, "开始日期": "2026-01-01", "结束日期": "2026-12-31"}


def test_quarters_and_years_have_targets_of_their_own_beside_the_months(co: Company) -> None:
    rows = [target("张三", 11, 100000), target("张三", amount=300000, **QUARTER), target("张三", amount=900000, **YEAR)]
    assert [row["结果"] for row in handed_in(co, "张三", *rows)] == ["待审批"] * 3
    (waiting,) = co.new("赵总", "审批")
    assert [row["期间类型"] for row in read(waiting).rows("审批_销售指标")] == [None, "季度", "年度"]
    co.decide("赵总", waiting)
    co.run("11-23 11:00")
    assert co.ask("SELECT period, month, orders_fen FROM targets WHERE status = 'accepted' ORDER BY receipt_no") == [
        {"period": "月度", "month": 11, "orders_fen": 10_000_000},
        {"period": "季度", "month": 4, "orders_fen": 30_000_000},
        {"period": "年度", "month": 1, "orders_fen": 90_000_000},
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({**QUARTER, "月份": 5}, "月份 5 不在 1 到 4 之间"),
        ({**QUARTER, "开始日期": "2026-11-01"}, "开始日期 2026-11-01 不是 2026 年第 4 季度的第一天"),
        ({**YEAR, "结束日期": "2026-11-30"}, "结束日期 2026-11-30 不是 2026 年的最后一天"),
        ({**YEAR, "月份": 12}, "一年只有一个年度指标"),
        ({**YEAR, "期间类型": "半年"}, "不在可选范围内"),
    ],
)
def test_a_period_has_exactly_its_own_days(co: Company, cells: dict[str, Any], words: str) -> None:
    (row,) = handed_in(co, "张三", target("张三", **cells))
    assert row["结果"] == "退回"
    assert words in row["说明"]


def test_who_approves_sees_that_overlapping_targets_do_not_add_up(co: Company) -> None:
    october = {"开始日期": "2026-10-01", "结束日期": "2026-10-31"}
    december = {"开始日期": "2026-12-01", "结束日期": "2026-12-31"}
    rows = [target("张三", amount=300000, **QUARTER), target("张三", 10, 100000, **october), target("张三", 11, 100000)]
    assert not [row for row in handed_in(co, "张三", *rows) if "不等于" in str(row["说明"])]
    co.new("赵总", "审批")
    (late,) = handed_in(co, "张三", target("张三", 12, 120000, **december), at="11-23 10:30")
    assert late["结果"] == "待审批"
    (sheet,) = co.new("赵总", "审批")
    said = "张三 2026 年第 4 季度的成交金额指标是 300,000.00 元，不等于 3 个月合计的 320,000.00 元"
    assert said in read(sheet).row("审批_销售指标")["系统提示"]
    (mended,) = handed_in(co, "张三", target("张三", 12, 100000, **december), at="11-23 10:40")
    assert "不等于" not in mended["说明"]


def test_each_kind_of_period_has_its_attainment(co: Company) -> None:
    """张三 has a target of the quarter and of the year, 陈六 of two months only, which stand in for the quarter's."""
    december = {"开始日期": "2026-12-01", "结束日期": "2026-12-31"}
    rows = [target("张三", amount=300000, **QUARTER), target("张三", amount=900000, **YEAR),
            target("陈六", 11, 50000), target("陈六", 12, 70000, **december)]  # fmt: skip
    assert [row["结果"] for row in handed_in(co, "赵总", *rows)] == ["已受理"] * 4
    co.monthly("2026-12", "2027-01-01 01:00")
    found = {
        sheet: {
            row["姓名"]: row["成交金额(元)指标"]
            for row in co.report("赵总", "指标达成_2026-12").rows(sheet)
            if row.get("姓名")
        }
        for sheet in ("本月", "本季累计", "本年累计", "季度指标", "年度指标")
    }
    aims = {sheet: (of.get("张三"), of.get("陈六"), of["全公司"]) for sheet, of in found.items()}
    assert aims == {
        "本月": (None, 70000, 70000),
        "本季累计": (None, 120000, 120000),
        "本年累计": (None, 120000, 120000),
        "季度指标": (300000, 120000, 420000),
        "年度指标": (900000, 120000, 1020000),
    }


def test_without_a_target_of_a_quarter_or_a_year_there_is_no_sheet_of_it(co: Company) -> None:
    handed_in(co, "赵总", target("张三", 11))
    co.monthly("2026-11", "12-01 01:00")
    assert list(co.report("赵总", "指标达成_2026-11").sheets) == ["本月", "本季累计", "本年累计", "各月走势"]
