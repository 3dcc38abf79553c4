"""The funnel by hand: where opportunities stand, how far they came, what was said differently before (目的 1)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ledger.opportunities import Step, Win
from policy.periods import Period
from processors.funnel import (
    FunnelDifference,
    FunnelLine,
    Passage,
    Reach,
    Stage,
    StageSum,
    by_stage,
    differences,
    kept,
    line_from,
    lines_of,
    movement,
    passages,
    stages_of,
)
from processors.outlook import Aim, Outlook, outlooks, periods_after
from processors.standing import History, Standing, histories, idle

STAGES = (Stage("接触", 10), Stage("报价", 50), Stage("谈判", 80))
NOVEMBER = Reach(date(2026, 11, 30), date(2026, 11, 1), date(2025, 12, 1))
STANDS = Standing("宏远", "二期", "张三", "报价", 100_01, date(2026, 12, 20), date(2026, 11, 5), "送样")
LINE = FunnelLine(STANDS, "销售一部", None, 1, 1)


def step(on: date, stage: str = "接触", **other: Any) -> Step:
    made = Step("1", ("宏远", "二期"), "宏远", "二期", "张三", stage, 10_000, date(2026, 12, 20), "送样", on, on, True)
    return replace(made, **other)


def win(on: date, fen: int = 700) -> Win:
    return Win(("宏远", "二期"), on, fen)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


# -- one opportunity


def test_it_stands_as_its_last_step_says_on_the_day_itself() -> None:
    history = History((step(day(11, 3)), step(day(11, 5), "报价", amount_fen=20_000)))
    assert history.on(day(11, 2)) is None
    assert history.on(day(11, 3)) == history.on(day(11, 4))
    assert history.on(day(11, 5)) == Standing("宏远", "二期", "张三", "报价", 20_000, day(12, 20), day(11, 5), "送样")


def test_an_approved_order_wins_it_with_the_orders_amounts() -> None:
    history = History((step(day(11, 5)),), (win(day(11, 8)), win(day(11, 9), 11)))
    before = history.on(day(11, 7))
    assert before is not None
    assert before.stage == "接触"
    assert history.on(day(11, 8)) == Standing("宏远", "二期", "张三", "赢单", 700, day(11, 8), day(11, 8))
    assert history.on(day(11, 9)) == Standing("宏远", "二期", "张三", "赢单", 711, day(11, 8), day(11, 8))
    early = History((step(day(11, 5)),), (win(day(11, 1)),)).on(day(11, 5))
    assert early is not None
    assert (early.since, early.expected_on) == (day(11, 5), day(11, 1))


def test_orders_that_name_no_known_opportunity_are_left_out() -> None:
    first, second = step(day(11, 1)), step(day(11, 2), matter=("宏远", "三期"))
    found = histories([first, second, step(day(11, 3))], [win(day(11, 9)), Win(("别家", "二期"), day(11, 9), 1)])
    assert found == {
        ("宏远", "二期"): History((first, step(day(11, 3))), (win(day(11, 9)),)), ("宏远", "三期"): History((second,)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (day(11, 12), ""), (day(11, 13), "超过 7 天没有推进"), (day(12, 19), "超过 7 天没有推进"),
        (day(12, 20), "预计成交日期 2026-12-20 已过"),
    ],
)  # fmt: skip
def test_what_does_not_move_needs_a_push(today: date, words: str) -> None:
    assert idle(STANDS, today, 7) == words
    assert idle(replace(STANDS, stage="输单"), today, 7) == ""


# -- a month


def test_the_stages_stand_in_the_companys_order_and_what_was_dropped_in_front() -> None:
    found = stages_of(("接触", "报价", "赢单", "输单"), {"接触": 10, "报价": 50}, ("乙", "接触", "甲", "赢单"))
    assert found == (
        *sorted((Stage("乙", 0), Stage("甲", 0)), key=lambda each: each.name),
        Stage("接触", 10),
        Stage("报价", 50),
    )


@pytest.mark.parametrize(
    ("history", "month", "year"),
    [
        (History((step(day(11, 1), "报价"),)), 1, 1),
        (History((step(day(11, 30), "谈判"),)), 2, 2),
        (History((step(day(10, 31), "谈判"), step(day(11, 1), "接触"))), 2, 2),
        (History((step(day(10, 30), "谈判"), step(day(10, 31), "接触"))), 0, 2),
        (History((step(day(12, 1, 2025), "谈判"), step(day(12, 2, 2025), "输单"))), None, 2),
        (History((step(day(11, 2), "报价"), step(day(11, 3), "输单"))), 1, 1),
        (History((step(day(11, 2), "早就没有的阶段"),)), 0, 0),
        (History((step(day(11, 2)),), (win(day(11, 20)),)), 3, 3),
        (History((step(day(11, 2)),), (win(day(10, 20)),)), 3, 3),
    ],
)  # fmt: skip
def test_how_far_it_came_in_the_month_and_in_the_year(history: History, month: int | None, year: int) -> None:
    (line,) = lines_of([history], STAGES, NOVEMBER, {"张三": "销售一部"})
    assert (line.reached_month, line.reached_year, line.department) == (month, year, "销售一部")
    assert line.now == history.on(day(11, 30))
    assert line.before == history.on(day(10, 31))


def test_what_was_over_before_the_year_or_begins_after_it_is_no_line() -> None:
    over = History((step(day(11, 1, 2025), "谈判"), step(day(11, 30, 2025), "输单")))
    later = History((step(day(12, 1)),))
    assert lines_of([over, later], STAGES, NOVEMBER, {}) == []
    assert len(lines_of([over, later, History((step(day(11, 1)),))], STAGES, NOVEMBER, {})) == 1


def test_lines_stand_by_customer_and_name() -> None:
    names = [("乙", "二"), ("甲", "二"), ("甲", "一")]
    found = [History((step(day(11, 1), customer=customer, name=name),)) for customer, name in names]
    told = [(line.now.customer, line.now.name, line.department) for line in lines_of(found, STAGES, NOVEMBER, {})]
    assert told == [(*each, "") for each in sorted(names)]


def test_what_stands_in_each_stage_now_and_stood_a_month_ago() -> None:
    closed = replace(STANDS, stage="赢单", amount_fen=9)
    lines = [
        LINE, replace(LINE, now=replace(STANDS, amount_fen=5)),
        replace(LINE, now=closed, before=replace(STANDS, stage="谈判", amount_fen=77)), replace(LINE, before=closed),
    ]  # fmt: skip
    assert by_stage(lines, STAGES) == (
        StageSum(STAGES[0]), StageSum(STAGES[1], 3, 20_007, 0, 0), StageSum(STAGES[2], 0, 0, 1, 77),
    )  # fmt: skip
    assert StageSum(STAGES[1], 1, 101).forecast_fen == 50


def test_whoever_skips_a_stage_has_passed_it() -> None:
    assert passages([0, 1, 3, None], STAGES) == (Passage("接触", 3, 2), Passage("报价", 2, 1), Passage("谈判", 1, 1))


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (None, "报价", "新增"), (None, "输单", "输单"), ("赢单", "报价", "重新打开"), ("输单", "赢单", ""),
        ("接触", "报价", "推进"), ("谈判", "报价", "后退"), ("报价", "报价", ""), ("没有的", "报价", "推进"),
        ("没有的", "接触", "后退"), ("接触", "没有的", "后退"), ("报价", "赢单", "赢单"),
    ],
)  # fmt: skip
def test_what_became_of_it_in_a_word(before: str | None, now: str, word: str) -> None:
    stood = replace(STANDS, stage=before) if before else None
    assert movement(replace(LINE, now=replace(STANDS, stage=now), before=stood), STAGES) == word


def test_another_amount_in_the_same_stage_is_told() -> None:
    assert movement(replace(LINE, before=replace(STANDS, amount_fen=1)), STAGES) == "金额调整"


def test_a_later_version_of_a_month_says_what_differs() -> None:
    other = replace(LINE, now=replace(STANDS, name="一期"))
    changed = replace(
        STANDS, stage="谈判", amount_fen=123_456_78, expected_on=day(12, 25), person="王五", next_step="不说"
    )
    new = replace(LINE, now=changed)
    assert differences([LINE, other], [new]) == [
        FunnelDifference(other, "商机", "报价", "（无）"),
        FunnelDifference(new, "阶段", "报价", "谈判"),
        FunnelDifference(new, "金额(元)", "100.01", "123,456.78"),
        FunnelDifference(new, "预计成交日期", "2026-12-20", "2026-12-25"),
        FunnelDifference(new, "负责人", "张三", "王五"),
    ]
    assert differences([], [LINE]) == [FunnelDifference(LINE, "商机", "（无）", "报价")]
    assert differences([LINE], [LINE]) == []


def test_a_line_comes_back_from_the_journal_as_what_it_was() -> None:
    for line in (LINE, replace(LINE, before=replace(STANDS, stage="接触"), reached_month=None)):
        assert line_from(json.loads(json.dumps(kept(line), ensure_ascii=False))) == line


# -- what is ahead


def test_the_forecast_counts_each_opportunity_in_the_periods_of_its_day() -> None:
    end = day(11, 30)
    periods = periods_after(end)
    assert periods == (Period("月度", 2026, 12), Period("季度", 2026, 4), Period("年度", 2026, 1))
    assert periods_after(day(12, 31)) == (Period("月度", 2027, 1), Period("季度", 2027, 1), Period("年度", 2027, 1))
    december = Period("月度", 2026, 12)
    lines = [
        LINE,
        replace(LINE, now=replace(STANDS, amount_fen=333, expected_on=day(12, 31))),
        replace(
            LINE, now=replace(STANDS, amount_fen=444, expected_on=day(12, 1), person="王五"), department="销售二部"
        ),
        replace(LINE, now=replace(STANDS, expected_on=end)),
        replace(LINE, now=replace(STANDS, expected_on=day(1, 1, 2027))),
        replace(LINE, now=replace(STANDS, stage="赢单")),
        replace(LINE, now=replace(STANDS, stage="没有的")),
    ]
    aims = [Aim(december.name, "张三", "销售一部", 1000, 10), Aim("别的", "张三", "销售一部", 5, 5)]
    assert outlooks(lines, aims, STAGES, [december], end) == [
        Outlook(december.name, "个人", "销售一部", "张三", 1000, 10, 5000 + 166),
        Outlook(december.name, "个人", "销售二部", "王五", 0, 0, 222),
        Outlook(december.name, "部门", "销售一部", "销售一部", 1000, 10, 5166),
        Outlook(december.name, "部门", "销售二部", "销售二部", 0, 0, 222),
        Outlook(december.name, "公司", "", "全公司", 1000, 10, 5388),
    ]
    quarter = periods[1]
    found = outlooks([LINE], [], STAGES, [december, quarter], end)
    assert [each.span for each in found] == [december.name] * 3 + [quarter.name] * 3
    january = Period("月度", 2027, 1)
    assert outlooks([LINE], [], STAGES, [january], end) == []
