"""Rules of 销售日报 (销售日报 7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from ledger import rows
from policy.deadlines import day_end, due, review_due
from policy.forms.daily_report import DailyReport
from validators.context import Context
from validators.earlier import earlier_texts
from validators.facts import Facts
from validators.form_rules import FormRules, Read
from validators.keys import lasting_key
from validators.rule import FLAG, NOTE, REFUSE, Rule, Values, rule
from validators.words import too_short


@rule(
    "daily.date.future", clause="daily.7.1", column="日期", severity=REFUSE, reads=("date",),
    says="{date} 还没有到，不能提前提交日报", remedy="请填写日报所属的当天日期",
)  # fmt: skip
def date_has_come(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """A day can be summed up once it is there."""
    if report.date > facts.today:
        yield {"date": report.date}


@rule(
    "daily.date.past", clause="daily.7.4", column="日期", severity=FLAG, reads=("date",),
    says="{date} 已经结束，日报会存档，但当日仍按缺交统计", remedy="当日请假的，请部门经理投递“日报豁免”",
)  # fmt: skip
def day_is_still_open(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """Only what has arrived by the day's end counts for the day."""
    if facts.now >= day_end(report.date, facts.settings, facts.now.tzinfo):
        yield {"date": report.date}


@rule(
    "daily.date.late", clause="daily.7.1", column="日期", severity=NOTE, reads=("date",),
    says="{arrived:%H:%M} 送达，晚于 {due:%H:%M}，记为迟交", remedy="请在 {due:%H:%M} 前提交当天日报；迟交不扣款",
)  # fmt: skip
def report_is_on_time(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """The report is due at 20:00; what comes later that day is late."""
    limit = due(report.date, facts.settings, facts.now.tzinfo)
    if limit < facts.now < day_end(report.date, facts.settings, facts.now.tzinfo):
        yield {"arrived": facts.now, "due": limit}


@rule(
    "daily.summary.substantial", clause="daily.7.1", column="今日工作总结", severity=FLAG, reads=("summary",),
    says="今日工作总结只有 {length} 个字，看不出做了什么", remedy="请写清今天的工作和结果，至少 {least} 个字；由审核人核实",
)  # fmt: skip
def summary_is_substantial(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """The summary tells what was done."""
    yield from too_short(report.summary, facts.settings.text.min_summary)


@rule(
    "daily.plan.substantial", clause="daily.7.1", column="明日工作计划", severity=FLAG, reads=("plan",),
    says="明日工作计划只有 {length} 个字，看不出准备做什么", remedy="请写清明天的安排，至少 {least} 个字；由审核人核实",
)  # fmt: skip
def plan_is_substantial(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """The plan tells what comes tomorrow."""
    yield from too_short(report.plan, facts.settings.text.min_plan)


@rule(
    "daily.summary.copied", clause="daily.7.1", column="今日工作总结", severity=FLAG, reads=("summary",),
    says="与受理号 {receipt_no} 的总结有 {score:.0f}% 相同，疑似照抄", remedy="请写当天的实际工作；由审核人核实",
)  # fmt: skip
def summary_is_new(report: DailyReport, facts: Facts) -> Iterator[Values]:
    """Yesterday's report with today's date is no report."""
    limit = facts.settings.text.copied_ratio
    for earlier in facts.earlier.get("summary", ()):
        score = fuzz.ratio(report.summary, earlier.text, score_cutoff=limit)
        if score >= limit:
            yield {"receipt_no": earlier.receipt_no, "score": score}
            return


RULES: tuple[Rule, ...] = (
    date_has_come, day_is_still_open, report_is_on_time, summary_is_substantial, plan_is_substantial, summary_is_new,
)  # fmt: skip


def _gather(record: DailyReport, facts: Facts, context: Context) -> Facts:
    replaced = None
    if record.date is not None:
        replaced = rows.live_row(context.book, DailyReport.sheet, lasting_key(record, context))
    besides = {replaced.receipt_no} if replaced else set()
    return facts.but(earlier={"summary": earlier_texts(context, DailyReport.sheet, "summary", besides)})


def _read(record: Any, facts: Facts) -> Read:
    if record.date is None:
        return {}
    limit = review_due(record.date, facts.settings, facts.now.tzinfo)
    return {"punctuality": _punctuality(record.date, facts), "review_due": limit.isoformat()}


def _punctuality(day: date, facts: Facts) -> str:
    if facts.now <= due(day, facts.settings, facts.now.tzinfo):
        return "on_time"
    return "late" if facts.now < day_end(day, facts.settings, facts.now.tzinfo) else "missing"


DAILY_REPORT = FormRules(DailyReport, RULES, _gather, _read)
