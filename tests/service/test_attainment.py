"""指标达成: sums by hand against the workbooks, each reader's own part, and the dumps of 指标达成 and 部门概览 (指标编审 11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from outbox.reports.attainment import AttainmentLine, AttainmentReport, AttainmentTrend
from outbox.reports.overview import Overview
from outbox.templates.model import Listing
from processors.attainment import KINDS, attain, months_of
from tests.company import Company, a_company_with_a_customer, customer, read, shot, visit
from tests.deals import CASHIER, arrived, confirm, confirmation, order, page, payment, target
from tests.told import drawn
from tests.workbook_text import assert_golden, dump, opened, screen_pixels, sparklines

NOVEMBER = "指标达成_2026-11"
OTHER = "珠海海天食品有限公司"
NOW = datetime(2026, 12, 1, 1, 0)


@pytest.fixture(scope="module")
def co(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company with a month of results; the tests only read, the last one closes the month again."""
    with a_company_with_a_customer(tmp_path_factory.mktemp("co")) as made:
        made.found([CASHIER], "11-23 09:40")
        _aims(made)
        _results(made)
        made.monthly("2026-11", "12-01 01:00")
        yield made


def _aims(co: Company) -> None:
    october = {"月份": 10, "开始日期": "2026-10-01", "结束日期": "2026-10-31"}
    more = {"回款金额指标": 50000, "拜访次数指标": 4, "新增客户指标": 2}
    co.hand_in("张三", "指标.xlsx", 销售指标=[target("张三", 11, 100000, **more), target("张三", 10, 80000, **october)])
    co.hand_in("李四", "指标.xlsx", 销售指标=[target("李四", 11, 20000)])
    co.hand_in("赵总", "指标.xlsx", 销售指标=[target("陈六", 11, 200000)])
    co.hand_in("王五", "指标.xlsx", 销售指标=[target("王五", 11, 999999)])  # never approved
    co.drop("陈六", "门头.jpg", shot("11-23 09:50", 5))
    co.hand_in("陈六", "客户.xlsx", 客户新增=[customer(OTHER)])
    co.run("11-23 10:00")
    (sheet,) = co.new("赵总", "审批")
    mine = [n for n, row in enumerate(read(sheet).rows("审批_销售指标")) if row["提交人"] == "张三"]
    co.decide("赵总", sheet, rows=mine)
    (customers,) = co.new("周八", "审批")
    co.decide("周八", customers)
    co.run("11-23 10:30")


def _results(co: Company) -> None:
    """Two orders and two payments of 张三 that count, one of each that still waits; a visit; an order of 陈六."""
    for n in range(1, 4):
        co.drop("张三", f"合同{n}.jpg", page(n))
    co.drop("陈六", "合同4.jpg", page(4))
    co.drop("张三", "现场.jpg", shot("11-23 11:00", 2))
    co.hand_in("张三", "订单.xlsx", 拜访记录=[visit()], 成交订单=[
        order("合同1.jpg", 成交金额="100000.01"),
        order("合同2.jpg", 合同编号="HY-2", 成交金额=30000, 成交日期="2026-10-15"),
        order("合同3.jpg", 合同编号="HY-3", 成交金额=777),
    ], 客户回款=[payment(20000), payment(5000, 回款日期="2026-10-31"), payment(333)])  # fmt: skip
    co.hand_in("陈六", "订单.xlsx", 成交订单=[order("合同4.jpg", OTHER, 合同编号="HT-1", 成交金额=50000)])
    co.run("11-23 12:00")
    (deals,) = co.new("赵总", "审批")
    waiting = read(deals).rows("审批_成交订单")
    co.decide("赵总", deals, rows=[n for n, row in enumerate(waiting) if row["合同编号"] != "HY-3"])
    confirm(co, confirmation(co), arrived(amount=20000), arrived(day="2026-10-31", amount=5000), None)
    co.decide("李四", co.approval("李四", "拜访记录"))
    co.run("11-23 13:00")


def lines(co: Company, name: str, span: str = "本月") -> dict[tuple[str, str], list[Any]]:
    """(范围, 姓名) → the twelve numbers, as aimed, done, rate for each kind."""
    book = openpyxl.load_workbook(co.share / name / "取件" / "报表" / f"{NOVEMBER}.xlsx")
    rows = book[span].iter_rows(min_row=2, values_only=True)
    return {(str(row[0]), str(row[2])): list(row[3:]) for row in rows if row[0] in ("个人", "部门", "公司")}


NONE = "未定指标"


def test_the_month_is_what_was_signed_confirmed_and_approved_in_it(co: Company) -> None:
    found = lines(co, "赵总")
    assert found[("个人", "张三")] == [
        100000, 100000.01, pytest.approx(1.0000001), 50000, 20000, 0.4, 4, 1, 0.25, 2, 1, 0.5]  # fmt: skip
    assert found[("个人", "李四")] == [20000, 0, 0, None, 0, NONE, None, 0, NONE, None, 0, NONE]
    assert found[("个人", "王五")] == [None, 0, NONE, None, 0, NONE, None, 0, NONE, None, 0, NONE]
    assert found[("个人", "陈六")] == [200000, 50000, 0.25, None, 0, NONE, None, 0, NONE, None, 1, NONE]


def test_departments_and_the_company_are_the_sums_of_their_people(co: Company) -> None:
    found = lines(co, "赵总")
    assert found[("部门", "销售一部")][:6] == [120000, 100000.01, pytest.approx(100000.01 / 120000), 50000, 20000, 0.4]
    assert found[("部门", "销售二部")][:3] == [200000, 50000, 0.25]
    assert found[("公司", "全公司")][:6] == [320000, 150000.01, pytest.approx(150000.01 / 320000), 50000, 20000, 0.4]
    assert found[("公司", "全公司")][6:] == [4, 1, 0.25, 2, 2, 1]


@pytest.mark.parametrize("span", ["本季累计", "本年累计"])
def test_quarter_and_year_add_october(co: Company, span: str) -> None:
    found = lines(co, "赵总", span)
    assert found[("个人", "张三")][:6] == [180000, 130000.01, pytest.approx(130000.01 / 180000), 50000, 25000, 0.5]
    assert found[("公司", "全公司")][:2] == [400000, 180000.01]


def test_each_reader_gets_their_own_part(co: Company) -> None:
    assert set(lines(co, "张三")) == {("个人", "张三")}
    assert set(lines(co, "陈六")) == {("个人", "陈六")}
    assert set(lines(co, "李四")) == {("个人", "张三"), ("个人", "李四"), ("个人", "王五"), ("部门", "销售一部")}
    assert set(lines(co, "周八")) == {("个人", "陈六"), ("部门", "销售二部")}
    got = {path.relative_to(co.share).parts[0] for path in co.share.glob(f"*/取件/报表/{NOVEMBER}.xlsx")}
    assert got == {"赵总", "李四", "周八", "张三", "王五", "陈六"}


def test_the_charts_cover_exactly_the_people(co: Company) -> None:
    book = openpyxl.load_workbook(co.share / "赵总" / "取件" / "报表" / f"{NOVEMBER}.xlsx")
    assert book.sheetnames == ["本月", "本季累计", "本年累计", "各月走势"]
    for sheet in book.worksheets[:3]:
        (chart,) = sheet._charts  # type: ignore[attr-defined]
        assert [series.val.numRef.f for series in chart.series] == [
            f"{sheet.title}!$D$2:$D$5",
            f"{sheet.title}!$E$2:$E$5",
        ]


def test_the_course_of_the_year_stands_in_a_cell_beside_each_name(co: Company) -> None:
    path = co.share / "赵总" / "取件" / "报表" / f"{NOVEMBER}.xlsx"
    head, *rows = openpyxl.load_workbook(path)["各月走势"].iter_rows(values_only=True)
    at = {(row[0], row[2], row[3]): row[5:] for row in rows if row[2]}
    assert head[3:] == ("项目", "走势", "10 月", "11 月")  # nothing happened before
    assert at["个人", "张三", "完成(元)"] == (30000, 100000.01)
    assert list(at["个人", "张三", "达成率"]) == [0.375, pytest.approx(1.0000001)]
    assert at["个人", "陈六", "达成率"][0] is None  # nothing was aimed at
    assert at["公司", "全公司", "完成(元)"][1] == 150000.01
    ranges = sparklines(path, 4)
    assert (ranges["E2"], ranges["E3"]) == ("'各月走势'!F2:G2", "'各月走势'!F3:G3")
    assert len(ranges) == len(at)
    own = openpyxl.load_workbook(co.share / "张三" / "取件" / "报表" / f"{NOVEMBER}.xlsx")["各月走势"]
    assert {row[2] for row in own.iter_rows(min_row=2, values_only=True) if row[2]} == {"张三"}


def test_the_month_again_changes_nothing_until_something_else_is_approved(co: Company) -> None:
    before = {path: path.read_bytes() for path in co.share.rglob("*.xlsx")}
    assert co.monthly("2026-11", "12-01 09:00").files == []
    assert {path: path.read_bytes() for path in co.share.rglob("*.xlsx")} == before
    (deals,) = (co.share / "赵总" / "取件" / "审批").glob("审批_成交订单_*.xlsx")
    co.decide("赵总", deals)
    assert "赵总/指标达成_2026-11.xlsx" in co.monthly("2026-11", "12-02 09:00").files
    assert lines(co, "赵总")[("个人", "张三")][1] == 100777.01
    assert ("本月", "张三", "成交金额(元)完成", 100000.01, 100777.01) in changes(co, "赵总")
    assert {row[1] for row in changes(co, "赵总")} == {"张三", "销售一部", "全公司"}
    assert {row[1] for row in changes(co, "张三")} == {"张三"}


def changes(co: Company, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(co.share / name / "取件" / "报表" / f"{NOVEMBER}.xlsx")
    return list(book["变化"].iter_rows(min_row=2, values_only=True))


def test_spans_begin_with_their_quarter_and_year() -> None:
    assert months_of(2026, 1) == {"本月": [1], "本季累计": [1], "本年累计": [1]}
    assert months_of(2026, 8) == {"本月": [8], "本季累计": [7, 8], "本年累计": [1, 2, 3, 4, 5, 6, 7, 8]}


def test_sums_leave_nobody_out_and_count_nobody_twice() -> None:
    zero = dict.fromkeys(KINDS, 0)
    members = [("甲", "张三"), ("甲", "李四"), ("乙", "王五")]
    targets = {"张三": {**zero, "orders_fen": 300}, "王五": {**zero, "orders_fen": 100}}
    results = {"张三": {"orders_fen": 150}, "李四": {"visits": 2}}
    found = {(each.level, each.name): each for each in attain(members, targets, results)}
    assert found[("个人", "张三")].ratio("orders_fen") == 0.5
    assert found[("个人", "李四")].ratio("orders_fen") is None
    assert (found[("部门", "甲")].results["visits"], found[("公司", "全公司")].targets["orders_fen"]) == (2, 400)


def test_the_reports_read_as_agreed() -> None:
    spans = tuple(
        (name, (
            AttainmentLine("个人", "华南", "张三", (100000, 50000, 20, 5), (120000.5, 0, 21, 2)),
            AttainmentLine("个人", "华南", "=李四", (0, 0, 0, 0), (0, 0, 0, 0)),
            AttainmentLine("部门", "华南", "华南", (100000, 50000, 20, 5), (120000.5, 0, 21, 2)),
            AttainmentLine("公司", "", "全公司", (100000, 50000, 20, 5), (120000.5, 0, 21, 2)),
        ))
        for name in ("本月", "本季累计", "本年累计")
    )  # fmt: skip
    trends = (AttainmentTrend("个人", "华南", "=李四", (0, 80000), (1000.5, 40000)),)
    report = AttainmentReport("2026-11", "全公司", NOW, spans, trends=trends)
    assert_golden("report_attainment", dump(drawn(report)))
    sections = (
        Listing("未执行计划", ("计划日期", "销售人员", "客户名称"), ((date(2026, 11, 24), "张三", "=宏远"),), (14, 12, 28),
                ("已审批、到期而没有拜访记录的计划。",)),
        Listing("已回收", ("客户名称", "归属", "剩余天数"), (), (30, 12, 10), ("昨夜回到公海的客户。",)),
    )  # fmt: skip
    assert_golden("report_overview", dump(drawn(Overview("部门概览 2026-11-24", sections, NOW))))


def test_a_year_stands_within_one_screen() -> None:
    year = AttainmentTrend("公司", "华南销售一部", "全公司", (9_999_999,) * 12, (12_345_678.9,) * 12)
    line = AttainmentLine("个人", "华南销售一部", "欧阳建国", (9_999_999, 9_999_999, 100, 9), (9_999_999, 0, 100, 9))
    spans = (("本月", (line,)),)
    report = AttainmentReport("2026-12", "全公司", NOW, spans, trends=(year,), company="杭州远山贸易有限公司")
    book = opened(drawn(report))
    for sheet in book.worksheets:
        assert screen_pixels(sheet, sheet.max_column) <= 1340, sheet.title
        assert sheet.oddHeader.left.text.startswith("杭州远山贸易有限公司　指标达成 2026-12"), sheet.title
