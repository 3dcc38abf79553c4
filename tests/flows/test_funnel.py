"""商机漏斗, played through folders: December's opportunities by hand against the managers' workbooks (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outbox.reports.funnel.model import (
    FunnelChange,
    FunnelClosed,
    FunnelItem,
    FunnelMove,
    FunnelOutlook,
    FunnelPassage,
    FunnelReport,
    FunnelStage,
)
from tests.company import Company, a_company_with_a_customer, person, section
from tests.deals import NAME, approved_order, target
from tests.told import drawn
from tests.workbook_text import assert_golden, dump

DECEMBER = "商机漏斗_2026-12"
OTHER = "珠海海天食品有限公司"


def step(name: str, stage: str, amount: int, expected: str, customer: str = NAME, **other: Any) -> dict[str, Any]:
    return {
        "客户名称": customer, "商机名称": name, "阶段": stage, "预计金额": amount, "预计成交日期": expected, **other,
    }  # fmt: skip


def steps(co: Company, at: str, *rows: dict[str, Any], by: str = "张三") -> None:
    co.hand_in(by, "商机.xlsx", 商机=rows)
    co.run(at)
    assert co.receipt(by, "商机").outcomes("商机") == ["已受理"] * len(rows)


@pytest.fixture(scope="module")
def co(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company in January; the tests only read, but for the last ones."""
    with a_company_with_a_customer(tmp_path_factory.mktemp("co")) as made:
        made.gain("陈六", "周八", OTHER, at="11-24 09:00")
        made.new("张三")
        _november(made)
        _december(made)
        made.monthly("2026-12", "2027-01-01 01:00")
        yield made


def _november(co: Company) -> None:
    steps(
        co, "11-24 10:00", step("二期设备", "初步接触", 100000, "2026-12-20"), step("备件年框", "需求确认", 50000, "2027-02-10"),
        step("操作培训", "商务谈判", 30000, "2026-12-20"),
    )  # fmt: skip
    steps(co, "11-24 10:10", step("冷库改造", "方案报价", 200000, "2026-12-20", OTHER), by="陈六")


def _december(co: Company) -> None:
    steps(co, "12-05 10:00", step("产线改造", "初步接触", 80000, "2027-03-01"))
    steps(co, "12-08 10:00", step("样机试用", "商务谈判", 20000, "2027-03-05"))
    steps(co, "12-10 10:00", step("二期设备", "方案报价", 120000, "2027-01-20", 下一步="年前送样"))
    approved_order(co, "12-15 10:00", 商机名称="操作培训", 成交日期="2026-12-15", 成交金额=28000)
    steps(co, "12-20 10:00", step("产线改造", "输单", 80000, "2026-12-20", 输单原因="对方预算取消"))
    january = {"年度": 2027, "开始日期": "2027-01-01", "结束日期": "2027-01-31"}
    co.hand_in("赵总", "指标.xlsx", 销售指标=[target("张三", 1, 200000, **january)])
    co.run("12-28 10:00")


def rows(co: Company, name: str, sheet: str, title: str = DECEMBER) -> list[list[Any]]:
    book = openpyxl.load_workbook(co.share / name / "取件" / "报表" / title[-7:] / f"{title}.xlsx")
    return [list(row) for row in book[sheet].iter_rows(min_row=2, values_only=True) if row[1] or row[2]]


def test_each_stage_shows_what_stands_there_and_what_stood_there_a_month_ago(co: Company) -> None:
    assert rows(co, "赵总", "漏斗") == [
        ["初步接触", 0.1, 0, 0, 1, 100000, -100000, 0],
        ["需求确认", 0.3, 1, 50000, 1, 50000, 0, 15000],
        ["方案报价", 0.5, 2, 320000, 1, 200000, 120000, 160000],
        ["商务谈判", 0.8, 1, 20000, 1, 30000, -10000, 16000],
        ["在谈合计", None, 4, 390000, 4, 380000, 10000, 191000],
        ["本月赢单", None, 1, 28000, None, None, None, None],
        ["本月输单", None, 1, 80000, None, None, None, None],
    ]


def test_what_has_moved_since_the_last_month(co: Company) -> None:
    assert [[row[0], *row[2:]] for row in rows(co, "赵总", "变动")] == [
        ["赢单", "操作培训", "张三", "商务谈判", "赢单", 30000, 28000, None],
        ["输单", "产线改造", "张三", None, "输单", None, 80000, None],
        ["推进", "二期设备", "张三", "初步接触", "方案报价", 100000, 120000, 20000],
        ["新增", "样机试用", "张三", None, "商务谈判", None, 20000, 20000],
    ]


def test_how_many_went_on_from_each_stage(co: Company) -> None:
    assert rows(co, "赵总", "转化") == [
        ["初步接触", 6, 5, 5 / 6, 6, 5, 5 / 6],
        ["需求确认", 5, 4, 0.8, 5, 4, 0.8],
        ["方案报价", 4, 2, 0.5, 4, 2, 0.5],
        ["商务谈判", 2, 1, 0.5, 2, 1, 0.5],
        ["成交率", 2, 1, 0.5, 2, 1, 0.5],
    ]


def test_the_forecast_is_likelihood_times_amount_in_the_period_beside_its_target(co: Company) -> None:
    """冷库改造 is overdue and counts nowhere until somebody says anew when it is to be."""
    assert [row[:8] for row in rows(co, "赵总", "预测") if row[1] != "部门"] == [
        ["2027 年 1 月", "个人", "销售一部", "张三", 200000, 0, 60000, 60000],
        ["2027 年 1 月", "公司", None, "全公司", 200000, 0, 60000, 60000],
        ["2027 年第 1 季度", "个人", "销售一部", "张三", 200000, 0, 91000, 91000],
        ["2027 年第 1 季度", "公司", None, "全公司", 200000, 0, 91000, 91000],
        ["2027 年", "个人", "销售一部", "张三", 200000, 0, 91000, 91000],
        ["2027 年", "公司", None, "全公司", 200000, 0, 91000, 91000],
    ]
    assert rows(co, "赵总", "预测")[0][8] == 0.3


def test_what_needs_a_push_stands_first_and_says_why(co: Company) -> None:
    assert [[row[1], row[2], row[10]] for row in rows(co, "赵总", "在谈商机")] == [
        ["冷库改造", "陈六", "预计成交日期 2026-12-20 已过"],
        ["备件年框", "张三", "超过 30 天没有推进"],
        ["二期设备", "张三", None],
        ["样机试用", "张三", None],
    ]


def test_a_department_manager_sees_their_own_department_and_nobody_else_any(co: Company) -> None:
    assert {row[2] for row in rows(co, "周八", "在谈商机")} == {"陈六"}
    assert {row[2] for row in rows(co, "李四", "在谈商机")} == {"张三"}
    assert rows(co, "周八", "漏斗")[4][2:4] == [1, 200000]
    assert {row[1] for row in rows(co, "李四", "预测")} == {"个人", "部门"}
    got = {path.relative_to(co.share).parts[0] for path in co.share.glob(f"*/取件/报表/**/{DECEMBER}.xlsx")}
    assert got == {"赵总", "李四", "周八"}


def test_excel_draws_the_charts_over_exactly_the_stages_and_the_people_of_the_coming_month(co: Company) -> None:
    book = openpyxl.load_workbook(co.share / "赵总" / "取件" / "报表" / "2026-12" / f"{DECEMBER}.xlsx")
    ranges = {
        sheet.title: [series.val.numRef.f for chart in sheet._charts for series in chart.series]  # type: ignore[attr-defined]
        for sheet in book.worksheets
    }
    assert ranges["漏斗"] == ["漏斗!$D$2:$D$5", "漏斗!$F$2:$F$5"]
    assert ranges["预测"] == ["预测!$E$2", "预测!$H$2"]


def test_a_personal_workbook_shows_its_owner_what_has_come_to_a_stop(co: Company) -> None:
    co.nightly("2026-12-31", "2027-01-01 00:30")
    mine = section(co, "张三", "我的商机")
    assert [(row["商机名称"], row["停滞"]) for row in mine] == [
        ("备件年框", "超过 30 天没有推进"), ("二期设备", None), ("样机试用", None),
    ]  # fmt: skip
    (theirs,) = section(co, "陈六", "我的商机")
    assert theirs["停滞"] == "预计成交日期 2026-12-20 已过"
    assert "我的商机" not in openpyxl.load_workbook(co.share / "王五" / "取件" / "模板" / "个人工作簿.xlsx").sheetnames


def test_again_changes_nothing_until_a_fact_of_the_month_is_another(co: Company) -> None:
    """The customer of 冷库改造 went back to the pool this night: the month that had ended before says what it said."""
    assert co.monthly("2026-12", "2027-01-01 09:00").files == []
    approved_order(
        co, "2027-01-04 10:00", seed=2, 合同编号="HY-2", 商机名称="样机试用", 成交日期="2026-12-30", 成交金额=19000
    )
    assert "赵总/商机漏斗_2026-12.xlsx" in co.monthly("2026-12", "2027-01-05 09:00").files
    assert rows(co, "赵总", "漏斗")[5] == ["本月赢单", None, 2, 47000, None, None, None, None]
    assert [row[1:] for row in rows(co, "赵总", "变化") if row[1]] == [
        ["样机试用", "张三", "阶段", "商务谈判", "赢单"],
        ["样机试用", "张三", "金额(元)", "20,000.00", "19,000.00"],
        ["样机试用", "张三", "预计成交日期", "2027-03-05", "2026-12-30"],
    ]


def test_the_report_reads_as_agreed() -> None:
    report = FunnelReport(
        "2026-12", "全公司", datetime(2027, 1, 1, 1, 0),
        (FunnelStage("初步接触", 10, 2, 150000.5, 1, 100000, 15000.05), FunnelStage("商务谈判", 80, 0, 0, 1, 30000, 0)),
        (FunnelClosed("赢单", 1, 28000), FunnelClosed("输单", 0, 0)),
        (FunnelMove("推进", "=宏远", "二期设备", "张三", "初步接触", "商务谈判", 100000, 120000),),
        (FunnelPassage("初步接触", (3, 1), (8, 4)), FunnelPassage("成交率", (0, 0), (2, 1))),
        (FunnelOutlook("2027-01", "个人", "华南", "张三", 200000, 0, 60000), FunnelOutlook("2027-01", "公司", "", "全公司", 0, 0, 60000)),
        (FunnelItem("=宏远", "二期设备", "张三", "华南", "初步接触", 10, 150000.5, 15000.05, date(2027, 1, 20), date(2026, 12, 10),
                    "超过 30 天没有推进", "年前送样"),),
        (FunnelChange("=宏远", "二期设备", "张三", "阶段", "初步接触", "商务谈判"),), 2,
    )  # fmt: skip
    assert_golden("report_funnel", dump(drawn(report)))
    quiet = FunnelReport("2026-12", "华南", datetime(2027, 1, 1, 1, 0), report.stages[:0], (), (), (), (), ())
    assert "没有变动" in dump(drawn(quiet))


def test_a_company_without_opportunities_gets_no_report_about_none(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as made:
        made.monthly("2026-11", "12-01 01:00")
        assert list(made.share.glob("*/取件/报表/**/商机漏斗*")) == []


def test_a_step_that_an_approver_has_not_decided_or_has_turned_down_does_not_count(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path, config={'"商机" = ': '"商机" = ["部门经理"]'}) as made:
        made.hand_in("张三", "商机.xlsx", 商机=[step("二期设备", "初步接触", 100000, "2026-12-20")])
        made.run("11-24 10:00")
        made.approve("李四", "商机", "11-24 11:00")
        made.hand_in("张三", "商机.xlsx", 商机=[step("二期设备", "商务谈判", 900000, "2026-12-20")])
        made.run("11-25 10:00")
        made.monthly("2026-11", "12-01 01:00")
        assert rows(made, "赵总", "漏斗", "商机漏斗_2026-11")[4][:4] == ["在谈合计", None, 1, 100000]
        made.approve("李四", "商机", "12-01 10:00", "驳回")
        assert made.monthly("2026-11", "12-01 11:00").files == []


def test_the_funnel_waits_for_somebody_to_take_up_the_post(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as made:
        made.hand_in("张三", "商机.xlsx", 商机=[step("二期设备", "初步接触", 100000, "2026-12-20")])
        made.hand_in("赵总", "变更.xlsx", 人员变更=[{"姓名": "赵总", "生效日期": "2026-11-24", "状态": "离职"}])
        made.run("11-24 10:00")
        made.monthly("2026-11", "12-01 01:00")
        made.found([person("郑总", "13800138009", "销售部", "销售经理", 入职日期="2026-12-02")], "12-02 09:00")
        made.run("12-02 10:00")
        assert rows(made, "郑总", "漏斗", "商机漏斗_2026-11")[4][:4] == ["在谈合计", None, 1, 100000]
