"""Rules of 商机 (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator

from policy.forms.opportunity import LOST, WON, Opportunity
from validators.facts import Facts
from validators.form_rules import FormRules, Read
from validators.named_customer import customer_read, customer_rules, named_customer
from validators.rule import FLAG, REFUSE, Rule, Values, rule


@rule(
    "opportunity.date.passed", clause="purpose.1", column="预计成交日期", severity=REFUSE, reads=("stage", "expected_on"),
    says="预计成交日期 {date} 已经过去", remedy="请填写今天或以后的日期；已经成交的阶段填 赢单",
)  # fmt: skip
def date_is_to_come(opportunity: Opportunity, facts: Facts) -> Iterator[Values]:
    """A forecast looks ahead; what is decided may name the day on which it was."""
    if opportunity.stage not in (WON, LOST) and opportunity.expected_on < facts.today:
        yield {"date": opportunity.expected_on}


@rule(
    "opportunity.lost.reason", clause="purpose.1", column="输单原因", severity=REFUSE, reads=("stage", "lost_because"),
    says="输单没有写明原因", remedy="请写清为什么没有成交",
)  # fmt: skip
def loss_has_a_reason(opportunity: Opportunity, facts: Facts) -> Iterator[Values]:
    """What was lost teaches something only when it is said why."""
    if opportunity.stage == LOST and not opportunity.lost_because:
        yield {}


@rule(
    "opportunity.lost.not_lost", clause="purpose.1", column="输单原因", severity=FLAG, reads=("stage", "lost_because"),
    says="阶段是“{stage}”，却写了输单原因", remedy="确已输单的请把阶段改为 输单；否则请清空这一格",
)  # fmt: skip
def reason_belongs_to_a_loss(opportunity: Opportunity, facts: Facts) -> Iterator[Values]:
    """A reason for a loss beside another stage is a slip of one or the other."""
    if opportunity.stage != LOST and opportunity.lost_because:
        yield {"stage": opportunity.stage}


RULES: tuple[Rule, ...] = (
    *customer_rules("opportunity", "purpose.1"), date_is_to_come, loss_has_a_reason, reason_belongs_to_a_loss,
)  # fmt: skip


def _read(record: Opportunity, facts: Facts) -> Read:
    """How likely the company holds the stage to come to a deal."""
    likely = facts.settings.opportunities.likelihood_of(record.stage or "", facts.settings.lists.stages)
    return {**customer_read(record, facts), "可能性": f"{likely}%", "likelihood": likely}


OPPORTUNITY = FormRules(Opportunity, RULES, named_customer, _read)
