"""销售日报 and the night: who was on time, late, missing, exempt; who reviewed; who is told (销售日报 7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.answers.telling import status
from service.days.duties import duties_on
from tests.company import STAFF, Company, a_company, days_of, person, read, report


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def hand_in(co: Company, name: str, day: str, at: str, **other: Any) -> None:
    """A report, and the round in which it arrives."""
    co.hand_in(name, 销售日报=[report(day, **other)])
    co.run(at)


def lines(co: Company, day: str, viewer: str = "钱督") -> dict[str, dict[str, Any]]:
    """明细 of a day's report, by 姓名."""
    return {row["姓名"]: row for row in co.report(viewer, f"日报合规_{day}").rows("明细")}


def states(co: Company, day: str) -> dict[str, str]:
    return {name: row["状态"] for name, row in lines(co, day).items()}


def test_on_time_late_missing_and_after_the_day_are_told_apart(co: Company) -> None:
    co.found([person("何九", "13800138009", "销售一部", "销售人员")], "11-21 09:00")
    hand_in(co, "张三", "2026-11-23", "11-23 20:00")
    hand_in(co, "王五", "2026-11-23", "11-23 20:01")
    assert "记为迟交" in co.receipt("王五").row("销售日报")["说明"]
    hand_in(co, "陈六", "2026-11-23", "11-24 00:00")
    late = co.receipt("陈六").row("销售日报")
    assert late["结果"] == "待审批"
    assert "当日仍按缺交统计" in late["说明"]
    closed = co.nightly("11-23", "11-24 00:30")
    assert states(co, "2026-11-23") == {"张三": "按时", "王五": "迟交", "陈六": "缺交", "何九": "缺交"}
    assert closed.counts == {"按时": 1, "迟交": 1, "缺交": 2}
    assert closed.for_operator == []
    marks = {row["person"]: row["punctuality"] for row in co.ask("SELECT person, punctuality FROM daily_reports")}
    assert marks == {"张三": "on_time", "王五": "late", "陈六": "missing"}


def test_a_report_that_waits_when_the_day_is_closed_still_counts_by_its_arrival(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.nightly("11-23", "11-24 00:30")  # --now: the file arrives at that moment, after the day
    assert states(co, "2026-11-23")["张三"] == "缺交"
    assert "才送达" in lines(co, "2026-11-23")["张三"]["说明"]


def test_a_replaced_report_keeps_the_arrival_of_the_first(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 19:00")
    hand_in(co, "张三", "2026-11-23", "11-23 21:00", 明日工作计划="全天整理投标文件，晚上校对。")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert line["状态"] == "按时"
    assert line["提交时间"].hour == 19


def test_a_report_for_a_day_to_come_is_refused(co: Company) -> None:
    hand_in(co, "张三", "2026-11-24", "11-23 18:00")
    assert co.receipt("张三").outcomes("销售日报") == ["退回"]


def test_reviews_on_time_late_and_none(co: Company) -> None:
    for name in ("张三", "王五", "陈六"):
        hand_in(co, name, "2026-11-23", "11-23 18:00", 今日工作总结=f"{name}拜访了三家客户，谈定一份合同。")
    for name, at in (("张三", "11-23 22:00"), ("王五", "11-23 22:01")):
        path = next(path for path in (co.share / "李四/取件/审批").iterdir() if _submitter(path) == name)
        co.decide("李四", path)
        co.run(at)
    co.nightly("11-23", "11-24 00:30")
    found = lines(co, "2026-11-23")
    assert {name: row["审核状态"] for name, row in found.items()} == {"张三": "按时", "王五": "逾期", "陈六": "未审"}
    assert {name: row["审核人"] for name, row in found.items()} == {"张三": "李四", "王五": "李四", "陈六": "周八"}
    assert found["张三"]["审核时间"].hour == 22
    views = {row["person"]: row["review_punctuality"] for row in co.ask("SELECT * FROM daily_reports")}
    assert views == {"张三": "on_time", "王五": "late", "陈六": None}


def _submitter(path: Path) -> str:
    return str(next(iter(read(path).sheets.values()))[0]["提交人"])


def test_a_reviewer_is_not_blamed_for_a_report_that_came_after_the_hour(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 23:00")
    co.nightly("11-23", "11-24 00:30")
    assert "不计审核人逾期" in lines(co, "2026-11-23")["张三"]["说明"]


def test_supervision_sees_everybody_and_a_department_manager_their_own(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    assert set(lines(co, "2026-11-23")) == {"张三", "王五", "陈六"}
    assert set(lines(co, "2026-11-23", "李四")) == {"张三", "王五"}
    assert set(lines(co, "2026-11-23", "周八")) == {"陈六"}
    for name in ("张三", "孙人", "赵总"):
        assert [path for path in co.new(name, "报表") if "日报合规" in path.name] == []
    paper = co.report("钱督", "日报合规_2026-11-23")
    assert list(paper.sheets) == ["明细", "汇总"]
    assert list(paper.row("明细")) == [
        "日期",
        "部门",
        "姓名",
        "状态",
        "提交时间",
        "审核人",
        "审核状态",
        "审核时间",
        "说明",
    ]
    assert {row["部门"] for row in paper.rows("汇总")} == {"销售一部", "销售二部", "合计"}


def test_closing_a_day_again_changes_nothing(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    assert co.nightly("11-23", "11-24 00:30").version == 1
    before = {path: path.read_bytes() for path in co.share.rglob("*.xlsx")}
    entries = co.ask("SELECT COUNT(*) AS n FROM journal")
    again = co.nightly("11-23", "11-24 00:40")
    assert (again.version, again.files) == (0, [])
    assert co.ask("SELECT COUNT(*) AS n FROM journal") == entries
    assert {path: path.read_bytes() for path in co.share.rglob("*.xlsx")} == before


def test_a_weekend_owes_nothing_and_a_shifted_working_day_does(tmp_path: Path) -> None:
    with a_company(tmp_path, []) as co:
        co.found(STAFF, "2026-02-01 09:00")
    joined = [{**row, "入职日期": "2026-01-05"} for row in STAFF]
    (tmp_path / "b").mkdir()
    with a_company(tmp_path / "b", []) as co:
        co.found(joined, "2026-02-02 09:00")
        assert co.nightly("02-07", "02-08 00:30").counts == {}  # an ordinary Saturday
        assert co.nightly("02-14", "02-15 00:30").counts == {"缺交": 3}  # a Saturday worked before the Spring Festival
        assert co.nightly("02-16", "02-17 00:30").counts == {}  # a Monday of the festival


def test_a_report_handed_in_on_a_day_off_is_shown_and_nobody_else_is(co: Company) -> None:
    hand_in(co, "张三", "2026-11-22", "11-22 18:00")
    co.nightly("11-22", "11-23 00:30")
    assert states(co, "2026-11-22") == {"张三": "按时"}


def test_one_who_joins_later_or_was_registered_after_the_hour_owes_nothing(co: Company) -> None:
    co.found([person("何九", "13800138009", "销售一部", "销售人员", 入职日期="2026-11-25")], "11-23 09:00")
    co.found([person("何十", "13800138010", "销售一部", "销售人员")], "11-23 20:30")
    co.nightly("11-23", "11-24 00:30")
    found = lines(co, "2026-11-23")
    assert "何九" not in found
    assert found["何十"]["状态"] == "豁免"
    assert "才登记入册" in found["何十"]["说明"]
    co.nightly("11-24", "11-25 00:30")
    assert states(co, "2026-11-24")["何十"] == "缺交"


def test_the_exempted_are_shown_with_who_granted_it(co: Company) -> None:
    leave = {"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-24", "原因": "年假"}
    co.hand_in("李四", 日报豁免=[leave, {**leave, "姓名": "陈六"}, {**leave, "姓名": "李四"}])
    co.run("11-23 10:00")
    assert co.receipt("李四").outcomes("日报豁免") == ["已受理", "退回", "退回"]
    co.hand_in("孙人", 日报豁免=[{**leave, "姓名": "陈六", "原因": "病假"}])
    co.run("11-23 10:10")
    assert co.receipt("孙人").outcomes("日报豁免") == ["已受理"]
    co.nightly("11-23", "11-24 00:30")
    assert states(co, "2026-11-23") == {"张三": "豁免", "陈六": "豁免", "王五": "缺交"}
    assert "年假（李四登记" in lines(co, "2026-11-23")["张三"]["说明"]
    assert "病假（孙人登记" in lines(co, "2026-11-23")["陈六"]["说明"]


def test_a_later_exemption_gives_the_day_a_second_version(co: Company) -> None:
    co.nightly("11-23", "11-24 00:30")
    leave = {"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("李四", 日报豁免=[leave])
    assert co.nightly("11-23", "11-24 10:00").version == 2
    assert states(co, "2026-11-23")["张三"] == "豁免"


def test_a_report_of_a_day_off_that_comes_late_is_never_missing(co: Company) -> None:
    """2026-11-21 is a Saturday: who writes about it on Sunday or Monday owes nothing for it."""
    hand_in(co, "张三", "2026-11-21", "11-22 10:00")
    hand_in(co, "王五", "2026-11-21", "11-21 21:00")
    closed = co.nightly("11-21", "11-23 00:30")
    assert closed.counts == {"迟交": 1}
    assert [(duty.person, duty.fined) for duty in duties_on(co.service, date(2026, 11, 21), ())] == [("王五", False)]


@pytest.mark.parametrize("late_counts", ["false", "true"])
def test_late_on_a_day_off_or_on_leave_costs_nothing(tmp_path: Path, late_counts: str) -> None:
    changed = {"late_counts_as_missing = ": f"late_counts_as_missing = {late_counts}"}
    with a_company(tmp_path, config=changed) as co:
        co.hand_in(
            "孙人", 日报豁免=[{"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "年假"}]
        )
        hand_in(co, "张三", "2026-11-23", "11-23 21:00")
        hand_in(co, "王五", "2026-11-28", "11-28 21:00")
        for name in ("王五", "陈六"):
            hand_in(co, name, "2026-11-23", "11-23 21:30")
        duties = {duty.person: duty.fined for duty in duties_on(co.service, date(2026, 11, 23), ())}
        assert duties == {"张三": False, "王五": late_counts == "true", "陈六": late_counts == "true"}
        assert [duty.fined for duty in duties_on(co.service, date(2026, 11, 28), ())] == [False]


def test_a_year_that_no_calendar_covers_is_never_fined_and_the_operator_is_told(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.nightly("11-23", "11-24 00:30")
        closed = co.nightly("2027-03-01", "2027-03-02 00:30")
        assert closed.counts == {"未知": 3}
        assert len([words for words in closed.for_operator if "不扣款" in words]) == 3
        assert set(states(co, "2027-03-01").values()) == {"未知"}
        month = co.monthly("2027-03", "2027-04-01 01:00")
        assert month.counts["缺交"] == 0
        assert month.for_operator
        assert any("2027" in words for words in status(co.service, co.clock("2027-04-01 01:00"))["for_operator"])


def test_a_year_that_the_company_declares_is_covered(tmp_path: Path) -> None:
    with a_company(tmp_path, config={"covered_years = ": "covered_years = [2027]"}) as co:
        assert co.nightly("2027-03-01", "2027-03-02 00:30").counts == {"缺交": 3}
        assert co.nightly("2027-03-06", "2027-03-07 00:30").counts == {}


def test_a_drop_folder_that_cannot_be_reached_at_closing_is_held_against_nobody(co: Company) -> None:
    folder = co.share / "张三" / "投递"
    folder.rmdir()
    folder.symlink_to(co.share / "nowhere")
    closed = co.nightly("11-23", "11-24 00:30")
    assert states(co, "2026-11-23")["张三"] == "未知"
    assert states(co, "2026-11-23")["王五"] == "缺交"
    assert any("张三" in words for words in closed.for_operator)


def test_a_drop_folder_that_vanished_is_held_against_nobody_until_init_makes_it_anew(co: Company) -> None:
    (co.share / "张三" / "投递").rename(co.share / "张三" / "别处")
    hand_in(co, "王五", "2026-11-23", "11-23 18:00")
    closed = co.nightly("11-23", "11-24 00:30")
    assert not (co.share / "张三" / "投递").exists()
    assert states(co, "2026-11-23") == {"张三": "未知", "王五": "按时", "陈六": "缺交"}
    assert any("张三" in words and "init" in words for words in closed.for_operator)
    co.found([], "11-24 09:00")
    assert (co.share / "张三" / "投递").is_dir()
    assert not co.run("11-24 09:05").troubles


def test_a_share_that_is_gone_is_never_made_anew_and_what_was_due_comes_when_it_is_back(co: Company) -> None:
    away = co.share.rename(co.folder / "away")
    closed = co.nightly("11-23", "11-24 00:30")
    assert not co.share.exists()
    assert any("共享文件夹" in words for words in closed.for_operator)
    assert closed.counts == {"未知": 3}
    away.rename(co.share)
    co.run("11-24 09:00")
    assert set(states(co, "2026-11-23").values()) == {"未知"}


def test_status_names_the_days_that_were_not_closed(co: Company) -> None:
    co.nightly("11-20", "11-21 00:30")
    co.nightly("11-21", "11-22 00:30")
    words = status(co.service, co.clock("11-25 09:00"))["for_operator"]
    assert any("2026-11-22 起共 3 天" in each for each in words)


def test_the_report_of_a_day_holds_that_day_only(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    hand_in(co, "张三", "2026-11-24", "11-24 18:00")
    co.nightly("11-24", "11-25 00:30")
    assert {str(day) for day in days_of(co.report("钱督", "日报合规_2026-11-24").rows("明细"))} == {"2026-11-24"}


def test_words_of_an_earlier_day_are_held_against_a_report_and_neither_its_own_nor_a_colleague_s(co: Company) -> None:
    words = "拜访宏远电子，确认二期四十台；跟进华新报价，约周五送样。"

    def copied(name: str, day: str, at: str) -> str:
        hand_in(co, name, day, at, 今日工作总结=words)
        row = co.receipt(name).row("销售日报")
        return str(row["说明"] or "")

    assert "照抄" not in copied("张三", "2026-11-23", "11-23 18:00")
    (first,) = co.ask("SELECT receipt_no FROM daily_reports")
    assert "照抄" not in copied("王五", "2026-11-23", "11-23 18:10")
    assert f"与受理号 {first['receipt_no']} 的总结有 100% 相同，疑似照抄" in copied("张三", "2026-11-24", "11-24 18:00")
    hand_in(co, "张三", "2026-11-24", "11-24 18:30", 今日工作总结="在公司整理投标文件，下午和财务核对去年的尾款。")
    assert "照抄" not in str(co.receipt("张三").row("销售日报")["说明"])
