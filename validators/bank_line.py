"""Rules of 银行流水 (客户回款 6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from policy.forms.bank_line import BankLine
from validators.facts import Facts
from validators.form_rules import FormRules
from validators.rule import REFUSE, Rule, Values, rule


@rule(
    "bank.date.future", clause="payment.6.2.2", column="到账日期", severity=REFUSE, reads=("arrived_on",),
    says="到账日期 {date} 还没有到", remedy="请按银行流水填写",
)  # fmt: skip
def bank_date_has_come(line: BankLine, facts: Facts) -> Iterator[Values]:
    """The bank does not book ahead."""
    if line.arrived_on > facts.today:
        yield {"date": line.arrived_on}


RULES: tuple[Rule, ...] = (bank_date_has_come,)


BANK_LINE = FormRules(BankLine, RULES)
