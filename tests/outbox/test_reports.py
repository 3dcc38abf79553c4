"""Reports: the contract's columns, real numbers and dates, sums that both people and programs can read."""

from __future__ import annotations

import dataclasses
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from outbox.reports.compliance import ComplianceLine, ComplianceReport, summarise
from outbox.reports.deduction import (
    Change,
    DeductionLine,
    DeductionReport,
    DeductionTotal,
    UnverifiedDay,
)
from outbox.reports.month_calendar import MonthCalendar, PersonMonth, ReviewerMonth
from tests.told import drawn
from tests.workbook_text import assert_golden, dump, opened, values

NOW = datetime(2026, 11, 24, 0, 30)
DAY = date(2026, 11, 23)


def line(department: str, person: str, status: str, review: str = "", remark: str = "") -> ComplianceLine:
    sent = datetime(2026, 11, 23, 19, 30) if status in ("按时", "迟交") else None
    seen = datetime(2026, 11, 23, 21, 0) if review in ("按时", "逾期") else None
    return ComplianceLine(DAY, department, person, status, sent, "李经理", review, seen, remark)


def compliance() -> ComplianceReport:
    lines = (
        line("华南", "张三", "按时", "按时"),
        line("华南", "李四", "迟交", "逾期"),
        line("华南", "王五", "缺交", "", "截至 24:00 没有收到日报"),
        line("华东", "赵六", "豁免", "", "年假"),
        line("华东", "=钱七", "按时", "未审"),
        line("华北", "孙八", "未知", "", "日历没有这一天"),
    )
    return ComplianceReport(DAY, NOW, "全公司", lines, ("2027-01-01 不在工作日历内，请管理员补充。",))


def deduction() -> DeductionReport:
    totals = (DeductionTotal("华南", "张三", 3, 2000, 6000), DeductionTotal("华东", "赵六", 1, 2050, 2050))
    lines = (DeductionLine(DAY, "张三", datetime(2026, 11, 23, 20), "销售日报 7(1)、7(4)", "工作日；没有豁免。" * 20),)
    unsure = (UnverifiedDay(date(2027, 1, 1), "", "", "日历没有 2027 年的安排，不计扣款。"),)
    changes = (Change("撤销", DAY, "张三", "缺交，扣 20.00 元", "豁免，不扣款", "补登记日报豁免"),)
    return DeductionReport("2026-11", NOW, totals, lines, unsure, changes, 2)


def test_the_reports_read_as_agreed() -> None:
    assert_golden("report_compliance", dump(drawn(compliance())))
    assert_golden("report_deduction", dump(drawn(deduction())))


def cached(data: bytes, sheet: str) -> list[list[object]]:
    """What a program sees that does not calculate."""
    return [list(row) for row in load_workbook(io.BytesIO(data), data_only=True)[sheet].iter_rows(values_only=True)]


def test_compliance_has_the_columns_of_the_contract() -> None:
    book = opened(drawn(compliance()))
    assert book.sheetnames == ["明细", "汇总", "待核实"]
    rows = values(book["明细"])
    assert rows[0] == ["日期", "部门", "姓名", "状态", "提交时间", "审核人", "审核状态", "审核时间", "说明"]
    assert rows[1][:5] == [datetime(2026, 11, 23), "华南", "张三", "按时", datetime(2026, 11, 23, 19, 30)]
    assert rows[5][2] == "=钱七"


def test_departments_are_counted_without_the_exempt_and_the_unknown() -> None:
    south, east, north = summarise(compliance().lines)
    assert (south.due, east.due, north.due) == (3, 1, 0)
    rows = cached(drawn(compliance()), "汇总")
    assert rows[0] == [
        "部门", "应交", "按时", "迟交", "缺交", "待核实", "豁免", "未知", "按时率", "审核按时", "审核逾期", "审核未审",
    ]  # fmt: skip
    assert rows[1] == ["华南", 3, 1, 1, 1, 0, 0, 0, pytest.approx(1 / 3), 1, 1, 0]
    assert rows[3] == ["华北", 0, 0, 0, 0, 0, 0, 1, "—", 0, 0, 0]
    assert rows[4] == ["合计", 4, 2, 1, 1, 0, 1, 1, pytest.approx(0.5), 1, 1, 1]


def test_the_summary_has_a_chart_over_exactly_the_departments() -> None:
    sheet = opened(drawn(compliance()))["汇总"]
    (chart,) = sheet._charts
    ranges = [series.val.numRef.f for series in chart.series]
    assert ranges == ["汇总!$C$2:$C$4", "汇总!$D$2:$D$4", "汇总!$E$2:$E$4", "汇总!$F$2:$F$4"]


def test_each_status_has_its_own_colour_beside_its_word() -> None:
    sheet = opened(drawn(compliance()))["明细"]
    colours = {sheet.cell(row, 4).value: sheet.cell(row, 4).fill.fgColor.rgb for row in range(2, 8)}
    assert len(set(colours.values())) == len(colours) == 5


def test_a_day_on_which_nobody_owes_anything_still_gives_a_report() -> None:
    empty = dataclasses.replace(compliance(), lines=(), notes=())
    book = opened(drawn(empty))
    assert book.sheetnames == ["明细", "汇总"]
    assert "当天没有应交日报的人员。" in dump(drawn(empty))


def test_deductions_have_the_columns_of_the_contract_and_real_money() -> None:
    book = opened(drawn(deduction()))
    assert book.sheetnames == ["汇总", "明细", "待核实", "变化"]
    rows = values(book["汇总"])
    assert rows[0] == ["部门", "姓名", "缺交次数", "单价(元)", "扣款金额(元)", "签字"]
    assert rows[1] == ["华南", "张三", 3, 20, 60, None]
    assert book["汇总"]["D3"].value == 20.5
    assert book["汇总"]["E2"].number_format == "#,##0.00"
    assert values(book["明细"])[0] == ["日期", "姓名", "截止时间", "依据", "证据"]
    assert values(book["待核实"])[1][1:3] == [None, "全体"]


def test_the_total_is_a_formula_with_its_value() -> None:
    data = drawn(deduction())
    assert values(opened(data)["汇总"])[3] == ["合计", None, "=SUM(C2:C3)", None, "=SUM(E2:E3)", None]
    assert cached(data, "汇总")[3] == ["合计", None, 4, None, 80.5, None]


def test_sheets_that_would_be_empty_are_left_out_and_a_month_without_deductions_says_so() -> None:
    quiet = DeductionReport("2026-12", NOW, (), ())
    book = opened(drawn(quiet))
    assert book.sheetnames == ["汇总", "明细"]
    assert values(book["汇总"])[1] == ["合计", None, 0, None, 0, None]
    assert "本月没有日报扣款。" in dump(drawn(quiet))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert drawn(compliance()) == drawn(compliance())
    assert drawn(deduction()) == drawn(deduction())


def test_the_calendar_of_a_month_reads_as_agreed_and_a_quiet_one_is_still_a_workbook() -> None:
    days = tuple(date(2026, 11, day) for day in range(2, 8))
    people = (
        PersonMonth("华南", "=张三", ("按时", "迟交", "缺交", "待核实", "豁免", "")),
        PersonMonth("华东", "赵六", ("", "", "", "", "未知", "")),
    )
    reviewers = (ReviewerMonth("李经理", 3, 1, 1, 2),)
    assert_golden(
        "report_month_calendar", dump(drawn(MonthCalendar("2026-11", "全公司", NOW, days, people, reviewers)))
    )
    assert "本月没有审核过的日报" in dump(drawn(MonthCalendar("2026-11", "华南", NOW, days, (), ())))
