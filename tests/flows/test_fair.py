"""Fair fines: nobody is fined for what was handed in, and what is obvious is understood (销售日报 7)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.charges import looked_until, moved_since
from service.taking import take_everything
from service.upkeep.keeping import differences
from service.watching import approvals_due
from tests.company import Company, a_company, read, report, shot
from tests.flows.test_daily import hand_in, lines, states


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def workbook(co: Company, name: str, sheet: str, headers: list[str], *rows: list[Any], file: str = "今天.xlsx") -> None:
    """A workbook as somebody has made it by hand."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for row in (headers, *rows):
        page.append(row)
    book.save(co.share / name / "投递" / file)


HEADERS = ["日期", "今日工作总结", "明日工作计划"]
SUMMARY, PLAN = "拜访宏远电子，确认二期四十台；跟进华新报价。", "上午整理报价，下午拜访华新。"


def fined(co: Company, month: str = "2026-11") -> list[str]:
    """日期 and 姓名 of HR's lines."""
    return [f"{str(row['日期'])[:10]} {row['姓名']}" for row in co.report("孙人", f"日报扣款_{month}").rows("明细")]


def test_a_report_that_came_back_is_asked_about_and_not_fined(co: Company) -> None:
    hand_in(co, "张三", "2026-02-30", "11-23 18:00")
    number = co.receipt("张三").row("销售日报")["受理号"]
    closed = co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert (line["状态"], states(co, "2026-11-23")["王五"]) == ("待核实", "缺交")
    for words in (number, "11-23 18:00", "不是真实存在的日期", "企管部核实"):
        assert words in line["说明"]
    assert closed.counts == {"待核实": 1, "缺交": 2}
    co.monthly("2026-11", "11-24 01:00")
    assert [line for line in fined(co) if "11-20" not in line] == ["2026-11-23 王五", "2026-11-23 陈六"]
    unsettled = co.report("孙人", "日报扣款_2026-11").rows("待核实")
    assert [(row["姓名"], number in row["待核实原因"]) for row in unsettled] == [("张三", True)]


def test_a_company_may_say_that_what_is_imperfect_is_missing_and_hr_sees_what_was_tried(tmp_path: Path) -> None:
    with a_company(tmp_path, config={'imperfect = "ask"': 'imperfect = "missing"'}) as co:
        hand_in(co, "张三", "2026-02-30", "11-23 18:00")
        co.monthly("2026-11", "11-24 01:00")
        evidence = {row["姓名"]: row["证据"] for row in co.report("孙人", "日报扣款_2026-11").rows("明细")}
        assert "11-23 18:00 投递的销售日报" in evidence["张三"]
        assert "投递的" not in evidence["王五"]


@pytest.mark.parametrize(
    ("sheet", "headers", "words"),
    [
        ("我的一天", ["做了什么", "明天"], "工作表“我的一天”没有被接受（不是本系统的表格）"),
        ("销售日报", ["日期", "今日工作总结"], "缺少必填列“明日工作计划”"),
    ],
)
def test_a_sheet_that_could_not_be_taken_is_evidence(co: Company, sheet: str, headers: list[str], words: str) -> None:
    workbook(co, "张三", sheet, headers, ["2026-11-23", SUMMARY])
    co.run("11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["状态"] == "待核实"
    assert words in line["说明"]


def test_a_refused_file_is_evidence(co: Company) -> None:
    co.drop("张三", "日报.xlsx", b"\xd0\xcf\x11\xe0 not a workbook")
    co.run("11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["状态"] == "待核实"
    assert "日报.xlsx" in line["说明"]


def test_what_came_back_of_another_day_says_nothing_about_this_one(co: Company) -> None:
    hand_in(co, "张三", "2026-02-30", "11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    co.nightly("11-24", "11-25 00:30")
    line = lines(co, "2026-11-24")["张三"]
    assert (line["状态"], line["说明"]) == ("缺交", None)


def test_a_visit_that_came_back_is_told_and_is_no_report(co: Company) -> None:
    co.hand_in("张三", 拜访计划=[{"客户名称": "没有这家公司", "计划日期": "2026-11-24", "拜访目的": "确认二期数量"}])
    co.run("11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["状态"] == "缺交"
    assert "拜访计划" in line["说明"]


def test_too_short_a_report_is_accepted_and_flagged_to_the_reviewer(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00", 今日工作总结="忙", 明日工作计划="同上")
    assert co.receipt("张三").outcomes("销售日报") == ["待审批"]
    sheet = read(co.approval("李四", "销售日报")).sheets
    assert "看不出做了什么" in str(sheet)
    co.nightly("11-23", "11-24 00:30")
    assert states(co, "2026-11-23")["张三"] == "按时"


@pytest.mark.parametrize(
    ("written", "at", "day"),
    [
        ("2026年11月23号", "11-23 18:00", "2026-11-23"), ("11月23日", "11-23 18:00", "2026-11-23"),
        ("11/23", "11-23 18:00", "2026-11-23"), ("11.23", "11-23 18:00", "2026-11-23"), (11.23, "11-23 18:00", "2026-11-23"),
        ("今天", "11-23 18:00", "2026-11-23"), ("２０２６－１１－２３", "11-23 18:00", "2026-11-23"),
        ("", "11-23 18:00", "2026-11-23"), ("12.31", "2027-01-01 09:00", "2026-12-31"),
        ("2026-01-04", "2027-01-04 18:00", "2027-01-04"),
    ],
)  # fmt: skip
def test_an_obvious_date_is_understood(co: Company, written: object, at: str, day: str) -> None:
    workbook(co, "张三", "销售日报", HEADERS, [written, SUMMARY, PLAN])
    co.run(at)
    assert co.receipt("张三").outcomes("销售日报") == ["待审批"]
    assert [row["date"] for row in co.ask("SELECT date FROM daily_reports")] == [day]


def test_a_guessed_date_is_said(co: Company) -> None:
    workbook(co, "张三", "销售日报", HEADERS, [None, SUMMARY, PLAN])
    co.run("11-23 18:00")
    assert "“日期”没有填写，按 2026-11-23 理解" in co.receipt("张三").row("销售日报")["说明"]


def test_what_a_number_cell_leaves_open_is_asked(co: Company) -> None:
    workbook(co, "张三", "销售日报", HEADERS, [11.2, SUMMARY, PLAN])
    co.run("11-23 18:00")
    told = co.receipt("张三").row("销售日报")
    assert told["结果"] == "退回"
    assert "2 日还是 20 日" in told["说明"]


@pytest.mark.parametrize("sheet", ["Sheet1", "工作表1", "日报", "销售日报 (2)"])
def test_a_sheet_of_another_name_is_known_by_its_headers(co: Company, sheet: str) -> None:
    headers = ["日期（必填）", "今日工作总结*\n(写清结果)", "2、明日工作计划"]
    workbook(co, "张三", sheet, headers, ["2026-11-23", SUMMARY, PLAN])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes(sheet) == ["待审批"]
    co.nightly("11-23", "11-24 00:30")
    assert states(co, "2026-11-23")["张三"] == "按时"


def test_a_scratch_sheet_is_never_taken_for_a_form(co: Company) -> None:
    workbook(co, "张三", "草稿", HEADERS, ["2026-11-23", SUMMARY, PLAN])
    co.run("11-23 18:00")
    assert co.ask("SELECT * FROM daily_reports") == []


# -- the reviewer


def test_a_report_sent_back_and_never_mended_is_shown_to_supervision_and_not_fined(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    hand_in(co, "王五", "2026-11-23", "11-23 18:00", 今日工作总结="拜访华新，送去样品，下周再谈价格和交期。")
    co.approve("李四", "销售日报", "11-23 19:00", "驳回")
    hand_in(
        co, "王五", "2026-11-23", "11-23 19:30", 今日工作总结="拜访华新刘经理，送去样品两件，下周三再谈价格和交期。"
    )
    co.nightly("11-23", "11-24 00:30")
    found = lines(co, "2026-11-23")
    assert found["张三"]["状态"] == "按时"
    assert "驳回未补：李四于 11-23 19:00 驳回（请看制度）" in found["张三"]["说明"]
    assert "驳回未补" not in str(found["王五"]["说明"])


def test_a_reviewer_on_leave_is_exempt_and_one_at_work_is_not(co: Company) -> None:
    leave = {"姓名": "李四", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("孙人", 日报豁免=[leave])
    for name in ("张三", "陈六"):
        hand_in(co, name, "2026-11-23", "11-23 18:00", 今日工作总结=f"{name}拜访了三家客户，谈定一份合同。")
    co.nightly("11-23", "11-24 00:30")
    found = lines(co, "2026-11-23")
    assert (found["张三"]["审核状态"], found["陈六"]["审核状态"]) == ("豁免", "未审")
    assert "李四当日病假" in found["张三"]["说明"]


def test_late_reports_go_to_the_reviewer_every_twenty_minutes_until_the_review_is_due(co: Company) -> None:
    for at, due in (("20:10", False), ("20:19", False), ("20:20", True), ("20:39", True), ("21:59", True)):
        tried = None if due else co.clock("11-23 20:05")
        if due and at == "20:20":
            co.hand_in("张三", 销售日报=[report("2026-11-23")])
            now = co.clock("11-23 20:10")
            take_everything(co.service, now, arrival=now, issue=False)
        assert approvals_due(co.service, co.clock(f"11-23 {at}"), tried) is due, at
    co.run("11-23 21:41")
    assert not approvals_due(co.service, co.clock("11-23 21:59"))


def test_a_sheet_issued_after_the_hour_excuses_the_reviewer_of_a_report_in_time(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    now = co.clock("11-23 19:00")
    take_everything(co.service, now, arrival=now, issue=False)
    co.run("11-23 22:10")
    co.decide("李四", co.approval("李四", "销售日报"))
    co.run("11-23 22:30")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["审核状态"] == "逾期"
    assert "审核单在审核时限之后才发出，不计审核人逾期" in line["说明"]


# -- heard before fined: 企管部 decides, the person is told and may object, HR gets new versions by itself


def told(co: Company, name: str, title: str) -> list[str]:
    """What new receipts of this title say on their first sheet."""
    return [read(path).text for path in co.new(name) if title in path.name]


def tried(co: Company, at: str = "11-23 18:00") -> None:
    """张三 hands in a report that comes back; the night closes the day."""
    hand_in(co, "张三", "2026-02-30", at)
    co.nightly("11-23", "11-24 00:30")


def decide_days(co: Company, decision: str, comment: str, at: str) -> str:
    """钱督 decides every day on the newest sheet of 扣款核定."""
    co.decide("钱督", co.approval("钱督", "扣款核定"), decision, comment)
    co.run(at)
    return co.receipt("钱督", "扣款核定").text


@pytest.mark.parametrize(("decision", "state"), [("计", "缺交"), ("不计", "豁免")])
def test_supervision_decides_on_a_day_that_was_tried(co: Company, decision: str, state: str) -> None:
    tried(co)
    decide_days(co, decision, "查看原件，日期写错", "11-24 09:00")
    assert f"钱督核定{'计入' if decision == '计' else '不计'}：查看原件，日期写错" in "".join(
        told(co, "张三", "审批结果")
    )
    co.nightly("11-23", "11-25 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["状态"] == state
    assert "查看原件，日期写错" in line["说明"]
    co.monthly("2026-11", "12-01 01:00")
    assert ("2026-11-23 张三" in fined(co)) is (state == "缺交")


def test_the_fined_is_told_the_next_morning_with_what_can_be_done(co: Company) -> None:
    tried(co)
    (missing,) = told(co, "王五", "日报缺交")
    for words in ("2026-11-23 的销售日报", "扣款 20.00 元", "2026-11-27 之前投递“日报申诉”"):
        assert words in missing
    (asked,) = told(co, "张三", "日报待核实")
    assert "待企管部核实" in asked
    assert "核实之前不扣款" in asked
    co.nightly("11-23", "11-24 09:00")
    assert told(co, "王五", "日报缺交") == []


def appeal(day: str, reason: str = "当天在客户工厂调试设备，没有网络", **other: Any) -> dict[str, Any]:
    return {"日期": day, "申诉理由": reason, **other}


def test_an_objection_is_heard_before_the_fine_and_when_granted_exempts_with_its_reason(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    co.hand_in("王五", 日报申诉=[appeal("2026-11-23")])
    co.run("11-24 09:00")
    assert co.receipt("王五", "今天").outcomes("日报申诉") == ["待审批"]
    co.nightly("11-23", "11-24 09:30")
    assert states(co, "2026-11-23")["王五"] == "待核实"
    co.approve("钱督", "日报申诉", "11-24 10:00")
    co.nightly("11-23", "11-25 00:30")
    line = lines(co, "2026-11-23")["王五"]
    assert line["状态"] == "豁免"
    assert "申诉成立：当天在客户工厂调试设备，没有网络（钱督登记" in line["说明"]


def test_the_proof_of_an_objection_lies_before_supervision(co: Company) -> None:
    co.nightly("2026-11-23", "11-24 00:30")
    co.drop("张三", "停电通知.jpg", shot("11-24 08:00", 71))
    row = {"日期": "2026-11-23", "申诉理由": "客户处停电断网，晚上才回到公司", "证明照片": "停电通知.jpg"}
    co.hand_in("张三", "申诉.xlsx", 日报申诉=[row])
    co.run("11-24 09:00")
    assert co.receipt("张三", "申诉").outcomes("日报申诉") == ["待审批"]
    assert len(openpyxl.load_workbook(co.approval("钱督", "日报申诉")).worksheets[0]._images) == 1  # type: ignore[attr-defined]


def test_an_objection_that_is_refused_leaves_the_fine_and_says_why(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    co.hand_in("王五", 日报申诉=[appeal("2026-11-23")])
    co.run("11-24 09:00")
    co.approve("钱督", "日报申诉", "11-24 10:00", "驳回")
    co.monthly("2026-11", "12-01 01:00")
    assert "2026-11-23 王五" in fined(co)
    assert "申诉未获支持：请看制度" in str(co.report("孙人", "日报扣款_2026-11").sheets)


@pytest.mark.parametrize(
    ("name", "day", "at", "words"),
    [
        ("王五", "2026-11-23", "11-28 09:00", "申诉到 2026-11-27 为止"),
        ("王五", "2026-11-24", "11-24 10:00", "还没有结算"),
        ("陈六", "2026-11-23", "11-24 10:00", "记为“按时”，没有扣款，不用申诉"),
    ],
)
def test_an_objection_that_cannot_be_heard_says_which_way_is_left(
    co: Company, name: str, day: str, at: str, words: str
) -> None:  # fmt: skip
    hand_in(co, "陈六", "2026-11-23", "11-23 18:00")
    co.nightly("11-23", "11-24 00:30")
    co.new(name)
    co.hand_in(name, 日报申诉=[appeal(day)])
    co.run(at)
    row = co.receipt(name, "今天").row("日报申诉")
    assert row["结果"] == "退回"
    assert words in row["说明"]


def test_the_month_is_countersigned_line_by_line_and_says_so_until_then(co: Company) -> None:
    co.found([], "11-23 08:00")
    hand_in(co, "张三", "2026-11-20", "11-20 18:00")
    co.monthly("2026-11", "11-24 01:00")
    month = "日报扣款_2026-11"
    before = co.report("孙人", month)
    assert "未核定：还有 5 条等企管部核定" in before.text
    sheet = co.approval("钱督", "扣款核定")
    co.decide("钱督", sheet, "计")
    co.decide("钱督", sheet, "不计", "当天系统停机", rows=[0], file="划去.xlsx")
    co.run("11-24 09:00")
    co.nightly("11-24", "11-25 00:30")
    after = co.report("孙人", month)
    assert co.report("孙人", f"{month}_第1版").text == before.text
    (struck,) = [row for row in after.rows("变化") if row["变化"] == "撤销"]
    assert "当天系统停机" in struck["原因"]
    assert "已出第 2 版" in "".join(told(co, "孙人", "新版"))


def test_late_leave_makes_the_night_write_a_new_version_of_a_month_already_reported(co: Company) -> None:
    co.monthly("2026-11", "12-01 01:00")
    leave = {"姓名": "王五", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("孙人", 日报豁免=[leave])
    co.run("12-02 09:00")
    closed = co.nightly("12-02", "12-03 00:30")
    assert "孙人/日报扣款_2026-11.xlsx" in closed.files
    assert "2026-11-23 王五" not in fined(co)
    assert [(row["姓名"], row["变化"]) for row in co.report("孙人", "日报扣款_2026-11").rows("变化")] == [
        ("王五", "撤销")
    ]
    assert not [file for file in co.nightly("12-03", "12-04 00:30").files if "日报扣款" in file]
    left = moved_since(co.service.book, looked_until(co.service.book))
    assert not [span for span in left if span.first <= "2026-11-30"], "what a night has looked at, it looks at once"


def test_who_says_in_the_ledger_that_a_month_was_looked_through_keeps_nobody_fined(co: Company) -> None:
    co.nightly("11-30", "12-01 00:30")
    co.monthly("2026-11", "12-01 01:00")
    leave = {"姓名": "王五", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("孙人", 日报豁免=[leave])
    co.run("12-02 09:00")
    with closing(sqlite3.connect(co.book / "ledger.db")) as ledger, ledger:
        assert ledger.execute("UPDATE renewed_mark SET seq = seq + 10000").rowcount == 1
    assert any("已报月份" in each for each in differences(co.service))
    co.nightly("12-02", "12-03 00:30")
    assert "2026-11-23 王五" not in fined(co)
    assert not [each for each in differences(co.service) if "已报月份" in each]


def test_what_is_made_void_after_the_month_was_reported_makes_the_night_write_a_new_version(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    co.hand_in("王五", 日报申诉=[appeal("2026-11-23")])
    co.run("11-24 09:00")
    number = str(co.receipt("王五", "今天").row("日报申诉")["受理号"])
    co.approve("钱督", "日报申诉", "11-24 10:00")
    co.hand_in("王五", 更正=[{"受理号": number, "处理": "作废", "原因": "当天其实可以提交"}])
    co.run("11-30 18:00")
    co.monthly("2026-11", "12-01 01:00")
    assert "2026-11-23 王五" not in fined(co)
    co.approve("钱督", "更正", "12-01 10:00")
    closed = co.nightly("12-01", "12-02 00:30")
    assert "孙人/日报扣款_2026-11.xlsx" in closed.files
    assert "2026-11-23 王五" in fined(co)


def test_a_department_manager_who_reaches_far_back_asks_supervision(co: Company) -> None:
    old = {"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("李四", 日报豁免=[old, {**old, "姓名": "王五", "开始日期": "2026-11-24", "结束日期": "2026-11-24"}])
    co.run("12-01 09:00")
    assert co.receipt("李四", "今天").outcomes("日报豁免") == ["待审批", "已受理"]
    assert [row["person"] for row in co.ask("SELECT person FROM exemptions")] == ["王五"]
    co.approve("钱督", "日报豁免", "12-01 10:00")
    assert [row["person"] for row in co.ask("SELECT person FROM exemptions ORDER BY person")] == ["张三", "王五"]
