"""Rules of 日报申诉 (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger import days
from policy.forms.appeal import Appeal
from validators.context import Context
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.rule import FLAG, REFUSE, Rule, Values, rule
from validators.words import too_short

_OPEN_TO_APPEAL = ("缺交", "待核实", "迟交")


@rule(
    "appeal.date.over", clause="daily.7.4", column="日期", severity=REFUSE, reads=("date",),
    says="{date} 还没有结算，现在没有可以申诉的", remedy="当天的日报请投递“销售日报”；第二天被记缺交的再申诉",
)  # fmt: skip
def day_was_judged(appeal: Appeal, facts: Facts) -> Iterator[Values]:
    """An objection answers a judgement."""
    if facts.day_state is None:
        yield {"date": appeal.date}


@rule(
    "appeal.date.fined", clause="daily.7.4", column="日期", severity=REFUSE, reads=("date",),
    says="{date} 记为“{state}”，没有扣款，不用申诉", remedy="无需处理；要申诉的是别的日子，请改正日期再投递",
)  # fmt: skip
def day_costs_something(appeal: Appeal, facts: Facts) -> Iterator[Values]:
    """Only a day that is or may be fined is objected to."""
    if facts.day_state is not None and facts.day_state not in _OPEN_TO_APPEAL:
        yield {"date": appeal.date, "state": facts.day_state or "不用交日报"}


@rule(
    "appeal.date.window", clause="daily.7.4", column="日期", severity=REFUSE, reads=("date",),
    says="{date} 的申诉到 {until} 为止", remedy="确有原因的，请部门经理投递“日报豁免”（超过期限的由企管部审批），扣款表会出新版",
)  # fmt: skip
def objection_comes_in_time(appeal: Appeal, facts: Facts) -> Iterator[Values]:
    """Heard within some days after being told; later there is still the exemption."""
    if facts.told_on is None:
        return
    until = facts.told_on + timedelta(days=facts.settings.daily_report.objection_days)
    if facts.today > until:
        yield {"date": appeal.date, "until": until}


@rule(
    "appeal.reason.substantial", clause="daily.7.4", column="申诉理由", severity=FLAG, reads=("reason",),
    says="申诉理由只有 {length} 个字，看不出发生了什么", remedy="请写清当天的情况，至少 {least} 个字；由企管部核实",
)  # fmt: skip
def reason_is_substantial(appeal: Appeal, facts: Facts) -> Iterator[Values]:
    """A reason that says nothing is hard to grant, and still heard."""
    yield from too_short(appeal.reason, facts.settings.text.min_plan)


RULES: tuple[Rule, ...] = (day_was_judged, day_costs_something, objection_comes_in_time, reason_is_substantial)


def _gather(record: Appeal, facts: Facts, context: Context) -> Facts:
    if record.date is None:
        return facts
    state, told_on = days.judged(context.book, facts.submitter.name, record.date)
    return facts.but(day_state=state, told_on=told_on)


APPEAL = FormRules(Appeal, RULES, _gather)
