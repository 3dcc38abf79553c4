"""The month: 日报扣款 to HR, each line with its evidence (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.company import Company, Paper, a_company, reopened, report
from tests.workbook_text import sparklines

NOVEMBER = "日报扣款_2026-11"
CALENDAR = "日报月历_2026-11"
LEAVE = {"姓名": "王五", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
WEEK = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27")


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        a_week(made)
        yield made


def a_week(co: Company) -> None:
    """陈六 reports every day of the week, 张三 all but two, 王五 all but one; on the Friday before and Monday 30th, all."""
    missed = {"张三": {"2026-11-24", "2026-11-26"}, "王五": {"2026-11-23"}, "陈六": set[str]()}
    for day in ("2026-11-20", *WEEK, "2026-11-30"):
        for name, gone in missed.items():
            if day not in gone:
                co.hand_in(name, 销售日报=[report(day, 今日工作总结=f"{name}在{day}拜访了三家客户，谈定一份合同。")])
        co.run(f"{day} 18:00")


def totals(paper: Paper) -> dict[str, tuple[float, float, float]]:
    """姓名 → (缺交次数, 单价, 扣款金额)."""
    return {
        row["姓名"]: (row["缺交次数"], row["单价(元)"], row["扣款金额(元)"])
        for row in paper.rows("汇总")
        if row.get("姓名")
    }


def test_each_missing_report_is_a_line_with_its_evidence(co: Company) -> None:
    closed = co.monthly("2026-11", "12-01 01:00")
    assert closed.counts == {"缺交": 3, "待核实": 0}
    paper = co.report("孙人", NOVEMBER)
    assert list(paper.sheets) == ["汇总", "明细", "账本"]
    assert totals(paper) == {"张三": (2, 20, 40), "王五": (1, 20, 20)}
    assert [str(row["日期"])[:10] + row["姓名"] for row in paper.rows("明细")] == [
        "2026-11-23王五", "2026-11-24张三", "2026-11-26张三"]  # fmt: skip
    line = paper.row("明细", 1)
    assert "销售日报 7(4)" in line["依据"]
    for words in ("工作日", "没有覆盖当日的豁免", "之前最近一份日报：2026-11-23", "之后最近一份日报：2026-11-25"):
        assert words in line["证据"]
    assert [path.stem for path in co.new("孙人", "报表")] == [NOVEMBER]
    assert [path.stem for path in co.new("钱督", "报表")] == [CALENDAR, "日报月历_最新"]


def test_the_last_line_adds_up(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    path = co.share / "孙人" / "取件" / "报表" / f"{NOVEMBER}.xlsx"
    sums = [row for row in co.report("孙人", NOVEMBER).rows("汇总") if row["部门"] == "合计"]
    assert [str(sums[0][header])[:5] for header in ("缺交次数", "扣款金额(元)")] == ["=SUM(", "=SUM("]
    page = openpyxl.load_workbook(path, data_only=True)["汇总"]
    assert (page.cell(4, 3).value, page.cell(4, 5).value) == (3, 60)


def test_the_month_again_changes_nothing(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    before = {path: path.read_bytes() for path in co.share.rglob("*.xlsx")}
    again = co.monthly("2026-11", "12-01 09:00")
    assert (again.version, again.files) == (0, [])
    assert {path: path.read_bytes() for path in co.share.rglob("*.xlsx")} == before


def test_a_later_exemption_gives_a_second_version_with_the_differences(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    co.hand_in("孙人", 日报豁免=[LEAVE])
    closed = co.monthly("2026-11", "12-02 01:00")
    assert closed.version == 2
    paper = co.report("孙人", NOVEMBER)
    assert totals(paper) == {"张三": (2, 20, 40)}
    (change,) = paper.rows("变化")
    assert (change["变化"], change["姓名"], str(change["日期"])[:10]) == ("撤销", "王五", "2026-11-23")
    assert change["原来"] == "扣款 20.00 元"
    assert totals(co.report("孙人", f"{NOVEMBER}_第1版")) == {"张三": (2, 20, 40), "王五": (1, 20, 20)}


def test_a_number_that_changes_within_the_month_holds_from_its_day(tmp_path: Path) -> None:
    policy = "[[policy]]\nfrom = 2026-11-25\ndaily_report.deduction_yuan = 30"
    with a_company(tmp_path, config={"": policy}) as co:
        a_week(co)
        co.monthly("2026-11", "12-01 01:00")
        rows = [(row["姓名"], row["单价(元)"], row["扣款金额(元)"]) for row in co.report("孙人", NOVEMBER).rows("汇总")
                if row.get("姓名")]  # fmt: skip
        assert sorted(rows) == [("张三", 20, 20), ("张三", 30, 30), ("王五", 20, 20)]


def test_days_that_are_not_over_are_not_fined(co: Company) -> None:
    closed = co.monthly("2026-11", "11-24 12:00")
    assert closed.counts["缺交"] == 1  # of Monday, 王五's


def test_late_is_fined_only_where_the_company_says_so(tmp_path: Path) -> None:
    for n, (line, fined) in enumerate((("late_counts_as_missing = false", 5), ("late_counts_as_missing = true", 6))):
        folder = tmp_path / str(n)
        folder.mkdir()
        with a_company(folder, config={"late_counts_as_missing = ": line}) as co:
            co.hand_in("张三", 销售日报=[report("2026-11-23")])
            co.run("11-23 21:00")
            assert co.monthly("2026-11", "11-24 01:00").counts["缺交"] == fined


def test_each_day_lies_in_its_month_and_the_newest_under_a_name_that_stays(co: Company) -> None:
    for day, at in (("2026-11-30", "12-01 00:30"), ("2026-12-01", "12-02 00:30"), ("2026-11-27", "12-02 01:00")):
        co.nightly(day, at)
    lies = {
        path.relative_to(co.share / "钱督/取件/报表").as_posix()
        for path in (co.share / "钱督").rglob("日报合规_*.xlsx")
    }
    assert lies == {
        "2026-11/日报合规_2026-11-27.xlsx", "2026-11/日报合规_2026-11-30.xlsx", "2026-12/日报合规_2026-12-01.xlsx",
        "日报合规_最新.xlsx",
    }  # fmt: skip
    assert {str(row["日期"])[:10] for row in co.report("钱督", "日报合规_最新").rows("明细")} == {"2026-12-01"}, (
        "not the one made last"
    )


def test_the_month_lies_before_supervision_person_by_day_with_each_one_s_course(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    path = co.share / "钱督" / "取件" / "报表" / "2026-11" / f"{CALENDAR}.xlsx"
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["月历", "每日", "审核", "走势数据"]
    head, *lines = book["月历"].iter_rows(values_only=True)
    assert head[4:6] == ("1\n日", "2\n一")
    assert len(head) == 4 + 30
    of = {line[1]: line for line in lines if line[1]}
    assert {name: "".join(str(cell or ".") for cell in of[name][23:34]) for name in of} == {
        "张三": "✓..✓缺✓缺✓..✓", "王五": "✓..缺✓✓✓✓..✓", "陈六": "✓..✓✓✓✓✓..✓",
    }  # fmt: skip
    assert of["张三"][3] == 5 / 7
    numbers = {line[1]: line for line in book["走势数据"].iter_rows(values_only=True)}
    assert numbers["张三"][23:34] == (2, None, None, 2, -2, 2, -2, 2, None, None, 2)
    assert sparklines(path, 1) == {f"C{row}": f"'走势数据'!E{row}:AH{row}" for row in (2, 3, 4)}


def test_the_days_are_drawn_by_the_spreadsheet_program_itself(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    page = openpyxl.load_workbook(co.share / "钱督" / "取件" / "报表" / "2026-11" / f"{CALENDAR}.xlsx")["每日"]
    rows = list(page.iter_rows(min_row=2, max_col=7, values_only=True))
    assert [(f"{row[0]:%m-%d}", *row[1:5]) for row in rows] == [
        ("11-20", 3, 3, 0, 0), ("11-23", 3, 2, 0, 1), ("11-24", 3, 2, 0, 1), ("11-25", 3, 3, 0, 0), ("11-26", 3, 2, 0, 1),
        ("11-27", 3, 3, 0, 0), ("11-30", 3, 3, 0, 0),
    ]  # fmt: skip
    (chart,) = page._charts  # type: ignore[attr-defined]
    assert [series.val.numRef.f for series in chart.series] == [f"每日!${letter}$2:${letter}$8" for letter in "CDEF"]


def test_a_department_manager_has_the_calendar_of_their_own_department_and_salespeople_none(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    got = {path.relative_to(co.share).parts[0] for path in co.share.glob(f"*/取件/报表/**/{CALENDAR}.xlsx")}
    assert got == {"钱督", "李四", "周八"}
    assert {row["姓名"] for row in co.report("周八", CALENDAR).rows("月历") if row.get("姓名")} == {"陈六"}


def test_the_calendar_follows_a_fact_that_came_late_and_nothing_else(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    assert not [file for file in co.monthly("2026-11", "12-01 09:00").files if CALENDAR in file]
    co.hand_in("孙人", 日报豁免=[LEAVE])
    co.run("12-01 10:00")
    assert f"钱督/{CALENDAR}.xlsx" in co.nightly("2026-12-01", "12-02 00:30").files
    row = next(row for row in co.report("钱督", CALENDAR).rows("月历") if row.get("姓名") == "王五")
    assert row["23\n一"] == "假"


def test_a_price_that_changed_after_the_month_was_reported_is_told_to_hr_line_by_line(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    with reopened(co.folder, config={"deduction_yuan = ": "deduction_yuan = 30"}) as dearer:
        assert dearer.monthly("2026-11", "12-02 01:00").version == 2
        paper = dearer.report("孙人", "日报扣款_2026-11")
    lines = paper.rows("变化")
    assert {(row["变化"], row["原来"], row["现在"], row["原因"]) for row in lines} == {
        ("修改", "扣款 20.00 元", "扣款 30.00 元", "扣款标准有变")
    }
    assert len(lines) == len(paper.rows("明细"))


def test_a_review_that_could_not_be_in_time_is_not_counted_against_the_reviewer(tmp_path: Path) -> None:
    with a_company(tmp_path) as made:
        made.hand_in("陈六", 销售日报=[report("2026-11-20")])
        made.run("11-20 18:00")
        made.hand_in("张三", 销售日报=[report("2026-11-20")])
        made.run("11-20 22:30")
        made.monthly("2026-11", "12-01 01:00")
        rows = made.report("钱督", CALENDAR).rows("审核")
        counts = {
            row["审核人"]: (row["按时"], row["逾期"], row["未审"], row["不计逾期"])
            for row in rows
            if row["按时"] is not None
        }
        assert counts == {"李四": (0, 0, 0, 1), "周八": (0, 0, 1, 0)}
