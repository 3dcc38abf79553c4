"""A day judged to the minute: who is on time, late, missing, exempt or not known, and what that costs (销售日报 7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.attempts import Attempt
from ledger.charges import Ruling
from ledger.days import Granted, Report
from ledger.records import Person
from policy.settings import Settings
from processors.compliance import DayFacts, Duty, comply

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY, SUNDAY, UNKNOWN_DAY = date(2026, 11, 23), date(2026, 11, 22), date(2039, 11, 23)
MINUTE = timedelta(minutes=1)
NOTHING = DayFacts({}, {}, {}, {}, (), {"张三": "李四"}, {}, {}, {})


def at(text: str) -> datetime:
    """``23 20:00`` is in November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


PERSON = Person(
    "张三", "13800138000", "男", "销售一部", "销售人员", 50, 30, None, date(2026, 1, 5), None, at("01 09:00")
)


def report(arrived: str, **other: Any) -> Report:
    """What came; reviewed in time, so that nothing is to be said of 李四."""
    made = Report("261123-0001", "张三", MONDAY, at(arrived), "pending", "李四", at("22 21:00"), at("22 20:00"), "")
    return replace(made, **other)


def settings(**daily: Any) -> Settings:
    return Settings.model_validate({"folders": {}, "daily_report": daily}, context={"base": Path()})


def judged(known: DayFacts = NOTHING, *people: Person, day: date = MONDAY, **daily: Any) -> list[Duty]:
    return comply(day, people or (PERSON,), known, settings(**daily), ZONE)


def one(known: DayFacts = NOTHING, *people: Person, day: date = MONDAY, **daily: Any) -> Duty:
    (duty,) = judged(known, *people, day=day, **daily)
    return duty


def with_report(arrived: str, **other: Any) -> DayFacts:
    return replace(NOTHING, reports={"张三": report(arrived, **other)})


def short(duty: Duty) -> tuple[str, bool, str]:
    return duty.state, duty.fined, duty.remark


def granted(person: str) -> Granted:
    return Granted("261120-0009", person, MONDAY, MONDAY, "请假", "李四")


# -- on time, late, missing


@pytest.mark.parametrize(
    ("arrived", "state"),
    [
        ("23 20:00", "按时"),
        ("23 20:00:01", "迟交"),
        ("23 23:59:59", "迟交"),
        ("24 00:00", "缺交"),
        ("24 08:00", "缺交"),
    ],
)
def test_the_hour_decides_to_the_second(arrived: str, state: str) -> None:
    duty = one(with_report(arrived))
    late = f"日报于 11-{arrived[:8]} 才送达（受理号 261123-0001）"
    assert short(duty) == (state, state == "缺交", late if state == "缺交" else "")
    assert (duty.arrived_at, duty.receipt_no) == (at(arrived), "261123-0001")


def test_nothing_handed_in_costs_and_says_who_would_have_reviewed() -> None:
    assert one() == Duty(MONDAY, "销售一部", "张三", "缺交", None, "李四", "", None, "", "", True)
    assert one(replace(NOTHING, reviewers={})).reviewer == ""


@pytest.mark.parametrize(("counts", "fined"), [(True, True), (False, False)])
def test_being_late_costs_only_where_the_company_says_so(counts: bool, fined: bool) -> None:
    assert short(one(with_report("23 20:01"), late_counts_as_missing=counts)) == ("迟交", fined, "")
    assert short(one(with_report("23 20:00"), late_counts_as_missing=True)) == ("按时", False, "")


def test_whoever_is_exempt_is_not_fined_for_being_late_either() -> None:
    known = replace(with_report("23 20:01"), exemptions={"张三": granted("张三")})
    assert short(one(known, late_counts_as_missing=True)) == ("迟交", False, "")


@pytest.mark.parametrize(
    ("earliest", "arrived", "state"),
    [
        ("23 20:00", "23 20:01", "未知"), ("23 20:01", "23 20:02", "迟交"), ("23 19:00", "23 20:00", "按时"),
        ("23 23:59", "24 00:00", "未知"), ("24 00:00", "24 01:00", "缺交"), ("23 19:00", "24 01:00", "未知"),
    ],
)  # fmt: skip
def test_who_may_have_been_on_either_side_of_a_limit_is_not_fined(earliest: str, arrived: str, state: str) -> None:
    duty = one(with_report(arrived, earliest=at(earliest)), late_counts_as_missing=True)
    assert (duty.state, duty.fined) == (state, state in ("迟交", "缺交"))
    if state == "未知":
        assert duty.remark == (
            f"日报在 11-{earliest} 到 11-{arrived} 之间送达：所在文件夹后来移动或变动过，"
            "当时服务没有看着，不能确定是否按时，不扣款；请人工核实"
        )


# -- who owes nothing


def test_on_a_day_off_nobody_owes_anything_and_what_came_is_shown() -> None:
    assert judged(day=SUNDAY) == []
    sunday = replace(NOTHING, reports={"张三": report("22 23:59", day=SUNDAY)})
    assert short(one(sunday, day=SUNDAY, late_counts_as_missing=True)) == ("迟交", False, "")
    after_it = replace(NOTHING, reports={"张三": report("23 00:00", day=SUNDAY)})
    assert judged(after_it, day=SUNDAY) == []
    perhaps = replace(NOTHING, reports={"张三": report("23 01:00", day=SUNDAY, earliest=at("22 23:00"))})
    assert [(duty.state, duty.fined) for duty in judged(perhaps, day=SUNDAY)] == [("未知", False)]


def test_a_day_that_the_calendar_does_not_know_costs_nothing() -> None:
    words = "工作日历未覆盖这一天，不能确定是否工作日，不扣款；请在配置 calendar 中补充"
    assert short(one(day=UNKNOWN_DAY)) == ("未知", False, words)


@pytest.mark.parametrize(
    "other", [{"post": "部门经理"}, {"joined_on": MONDAY + timedelta(days=1)}, {"left_on": MONDAY}]
)
def test_whoever_does_not_sell_or_is_not_there_is_not_asked(other: dict[str, Any]) -> None:
    assert judged(NOTHING, replace(PERSON, **other)) == []


def test_people_stand_by_department_and_name() -> None:
    names = [("丙", "销售二部"), ("乙", "销售一部"), ("甲", "销售二部"), ("丁", "销售一部")]
    people = [replace(PERSON, name=name, department=department) for name, department in names]
    order = sorted((department, name) for name, department in names)
    assert [(duty.department, duty.person) for duty in judged(NOTHING, *people)] == order


@pytest.mark.parametrize(("registered", "state"), [("23 20:00", "缺交"), ("23 20:01", "豁免")])
def test_whoever_was_entered_after_the_hour_owes_nothing_that_day(registered: str, state: str) -> None:
    duty = one(NOTHING, replace(PERSON, registered_at=at(registered)))
    said = "" if state == "缺交" else "2026-11-23 20:01 才登记入册，当日不计"
    assert short(duty) == (state, state == "缺交", said)


def test_leave_is_said_with_who_entered_it() -> None:
    known = replace(NOTHING, exemptions={"张三": granted("张三")})
    assert short(one(known)) == ("豁免", False, "请假（李四登记，受理号 261120-0009）")


def test_a_folder_out_of_reach_and_a_file_that_we_could_not_read_cost_nothing() -> None:
    away = replace(NOTHING, unreachable=("张三",))
    words = "关账时其投递文件夹无法读取或有文件仍在写入，不能确定是否已交，不扣款；请人工核实"
    assert short(one(away)) == ("未知", False, words)
    unread = replace(NOTHING, unread={"张三": ("甲.xlsx", "乙.xlsx")})
    words = "当日投递的 甲.xlsx、乙.xlsx 系统未能读取，不能确定是否已交，不扣款；请人工核实"
    assert short(one(unread)) == ("未知", False, words)


# -- who tried


def attempt(when: str, what: str = "销售日报", *, report: bool = True) -> Attempt:
    return Attempt("张三", at(when), what, "日期不对", report)


@pytest.mark.parametrize(
    ("tried", "imperfect", "state"),
    [
        (attempt("23 23:59"), "ask", "待核实"), (attempt("24 00:00"), "ask", "缺交"),
        (attempt("23 18:00", report=False), "ask", "缺交"), (attempt("23 18:00"), "missing", "缺交"),
    ],
)  # fmt: skip
def test_whoever_tried_in_time_is_asked_about(tried: Attempt, imperfect: str, state: str) -> None:
    duty = one(replace(NOTHING, attempts={"张三": [tried]}), imperfect=imperfect)
    said = f"{tried.at:%m-%d %H:%M} 投递的销售日报没有被接受（日期不对）"
    asked = "有交过、没有被接受，是否计为缺交由企管部核实，核实前不扣款；"
    assert short(duty) == (state, state == "缺交", said if state == "缺交" else asked + said)


def test_everything_that_is_known_of_a_day_stands_in_its_order() -> None:
    known = replace(with_report("24 08:00"), attempts={"张三": [attempt("23 18:00"), attempt("23 19:00", "拜访记录")]})
    assert one(known).remark == (
        "有交过、没有被接受，是否计为缺交由企管部核实，核实前不扣款；日报于 11-24 08:00 才送达（受理号 261123-0001）；"
        "11-23 18:00 投递的销售日报没有被接受（日期不对）；11-23 19:00 投递的拜访记录没有被接受（日期不对）"
    )


def test_where_nobody_is_asked_all_of_it_is_evidence() -> None:
    known = replace(with_report("24 08:00"), attempts={"张三": [attempt("23 18:00")]})
    assert short(one(known, imperfect="missing")) == (
        "缺交", True, "日报于 11-24 08:00 才送达（受理号 261123-0001）；11-23 18:00 投递的销售日报没有被接受（日期不对）",
    )  # fmt: skip


# -- who was heard

COUNTED = Ruling("261124-0002", True, "钱督", "确实没交")
LET_GO = Ruling("261124-0002", False, "钱督", "系统问题")
TRIED = replace(NOTHING, attempts={"张三": [attempt("23 18:00")]})
ASKED = one(TRIED).remark


def test_a_ruling_decides_about_what_was_asked_and_about_what_is_missing() -> None:
    for known, remark in ((NOTHING, ""), (TRIED, "；" + ASKED)):
        let_go = short(one(replace(known, rulings={"张三": LET_GO})))
        assert let_go == ("豁免", False, f"钱督核定不计（受理号 261124-0002）：系统问题{remark}")
        counted = short(one(replace(known, rulings={"张三": COUNTED})))
        assert counted == ("缺交", True, f"钱督核定计入（受理号 261124-0002）：确实没交{remark}")
    assert (
        one(replace(NOTHING, rulings={"张三": replace(COUNTED, comment="")})).remark
        == "钱督核定计入（受理号 261124-0002）"
    )


def test_a_late_report_that_costs_keeps_its_name_after_a_ruling() -> None:
    known = replace(with_report("23 20:01"), rulings={"张三": COUNTED})
    assert short(one(known, late_counts_as_missing=True))[:2] == ("迟交", True)
    assert short(one(known)) == ("迟交", False, "")


def test_nothing_is_taken_while_an_objection_waits_and_a_refused_one_is_told() -> None:
    waiting = replace(NOTHING, appeals={"张三": "261124-0005"})
    assert short(one(waiting)) == ("待核实", False, "本人已申诉（受理号 261124-0005），企管部决定之前不扣款")
    both = replace(waiting, rulings={"张三": COUNTED})
    assert short(one(both))[:2] == ("待核实", False)
    assert short(one(replace(waiting, rulings={"张三": LET_GO})))[:2] == ("豁免", False)
    refused = replace(NOTHING, refused_appeals={"张三": "没有证据"})
    assert short(one(refused)) == ("缺交", True, "申诉未获支持：没有证据")
    told = "钱督核定计入（受理号 261124-0002）：确实没交；申诉未获支持：没有证据"
    assert short(one(replace(refused, rulings={"张三": COUNTED}))) == ("缺交", True, told)
    asked = replace(TRIED, refused_appeals={"张三": "没有证据"})
    assert short(one(asked)) == ("待核实", False, f"申诉未获支持：没有证据；{ASKED}")


# -- the reviewer


@pytest.mark.parametrize(
    ("reviewed", "review", "when"),
    [("23 22:00", "按时", "23 22:00"), ("23 22:01", "逾期", "23 22:01"), (None, "未审", None)],
)
def test_the_review_has_an_hour_of_its_own(reviewed: str | None, review: str, when: str | None) -> None:
    issued = {"issued_at": at("23 21:00"), "reviewed_at": at(reviewed) if reviewed else None}
    duty = one(with_report("23 19:00", **issued))
    assert (duty.review, duty.reviewed_at, duty.remark, duty.reviewer) == (
        review,
        at(when) if when else None,
        "",
        "李四",
    )


@pytest.mark.parametrize(
    ("arrived", "issued", "excuse"),
    [
        ("23 22:00", "23 22:00", ""), ("23 22:01", "23 22:01", "日报送达时已过审核时限，不计审核人逾期"),
        ("23 21:00", "23 22:01", "审核单在审核时限之后才发出，不计审核人逾期"),
        ("23 21:00", None, "审核单在审核时限之后才发出，不计审核人逾期"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("reviewed", ["24 09:00", None])
def test_a_reviewer_is_excused_for_what_came_too_late(
    arrived: str, issued: str | None, excuse: str, reviewed: str | None
) -> None:
    known = with_report(
        arrived, issued_at=at(issued) if issued else None, reviewed_at=at(reviewed) if reviewed else None
    )
    duty = one(known)
    assert (duty.review, duty.remark) == ("逾期" if reviewed else "未审", excuse)


def test_a_reviewer_on_leave_is_not_late() -> None:
    known = replace(with_report("23 19:00", reviewed_at=None), exemptions={"李四": granted("李四")})
    duty = one(known)
    assert (duty.state, duty.review, duty.remark) == (
        "按时",
        "豁免",
        "审核人李四当日请假（受理号 261120-0009），不计逾期",
    )
    assert (
        one(
            replace(with_report("23 19:00", reviewer=None, reviewed_at=None), exemptions={"李四": granted("李四")})
        ).review
        == "豁免"
    )
    in_time = replace(with_report("23 19:00", reviewed_at=at("23 21:00")), exemptions={"李四": granted("李四")})
    assert (one(in_time).review, one(in_time).remark) == ("按时", "")


def test_what_was_sent_back_and_never_mended_is_told() -> None:
    sent_back = {"status": "rejected", "reviewed_at": at("23 21:30"), "comment": "太简单"}
    words = "驳回未补：李四于 11-23 21:30 驳回（太简单），没有改好再交"
    assert short(one(with_report("23 19:00", **sent_back))) == ("按时", False, words)
    assert one(with_report("23 19:00", **{**sent_back, "reviewed_at": None})).remark == ""
    assert one(with_report("23 19:00", **{**sent_back, "status": "accepted"})).remark == ""
