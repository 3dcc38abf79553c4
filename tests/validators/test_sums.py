"""Targets of one person whose periods overlap: what does not add up, said once for each kind (指标编审 11)."""

from __future__ import annotations

from typing import Any

from ledger.targets import Aimed
from policy.periods import MONTHLY, QUARTERLY, YEARLY, Period, period_of
from tests.case_files import all_rules
from validators.sums import REMEDY, SAYS, sums_that_differ


def aimed(kind: str, number: int, **other: Any) -> Aimed:
    given = {"orders_fen": None, "payments_fen": None, "visits": None, "new_customers": None, **other}
    return Aimed(f"{kind}{number}", kind, number, **given)


def said(own: Aimed, *others: Aimed) -> list[str]:
    """Each sentence, as its rule fills it in."""
    span = period_of(own.kind, 2026, own.number)
    assert isinstance(span, Period)
    return [SAYS.format(**values) for values in sums_that_differ("张三", span, own, others)]


def months(*visits: int, first: int = 1) -> list[Aimed]:
    return [aimed(MONTHLY, first + n, visits=each) for n, each in enumerate(visits)]


def test_three_months_are_their_quarter() -> None:
    quarter = aimed(QUARTERLY, 1, visits=30)
    assert said(quarter, *months(10, 10, 10)) == []
    assert said(quarter, *months(10, 10, 9)) == [
        "张三 2026 年第 1 季度的拜访次数指标是 30 次，不等于 3 个月合计的 29 次"
    ]
    assert said(quarter, *months(10, 10, 11)) == [
        "张三 2026 年第 1 季度的拜访次数指标是 30 次，不等于 3 个月合计的 31 次"
    ]
    assert said(months(10)[0], quarter, *months(10, 9, first=2)) == [
        "张三 2026 年第 1 季度的拜访次数指标是 30 次，不等于 3 个月合计的 29 次"
    ]


def test_months_still_to_come_may_make_up_what_is_left_but_never_less_than_nothing() -> None:
    quarter = aimed(QUARTERLY, 1, visits=30)
    assert said(quarter, *months(15, 15)) == said(quarter, *months(1)) == said(quarter) == []
    assert said(quarter, *months(15, 16)) == [
        "张三 2026 年第 1 季度的拜访次数指标是 30 次，少于已编制的 2 个月合计的 31 次"
    ]
    assert said(quarter, *months(31, first=4)) == [], "of another quarter"


def test_a_year_is_its_months_and_its_quarters() -> None:
    year = aimed(YEARLY, 1, visits=100)
    assert said(year, *months(*[9] * 11), aimed(MONTHLY, 12, visits=1)) == []
    assert said(year, *months(101)) == ["张三 2026 年的拜访次数指标是 100 次，少于已编制的 1 个月合计的 101 次"]
    quarters = [aimed(QUARTERLY, n, visits=26) for n in range(1, 5)]
    assert said(year, *quarters) == ["张三 2026 年的拜访次数指标是 100 次，不等于 4 个季度合计的 104 次"]
    assert said(quarters[0], year, *quarters[1:]) == said(year, *quarters)
    both = said(quarters[3], year, *quarters[:3], aimed(MONTHLY, 10, visits=27))
    assert both == [
        "张三 2026 年第 4 季度的拜访次数指标是 26 次，少于已编制的 1 个月合计的 27 次",
        *said(year, *quarters),
    ]


def test_each_kind_is_said_in_its_own_unit_and_what_is_not_aimed_at_is_passed_over() -> None:
    quarter = aimed(QUARTERLY, 4, orders_fen=100_00, payments_fen=1_000_000_00, visits=1, new_customers=2)
    more = {"orders_fen": 100_01, "payments_fen": 1_000_000_50, "visits": 2, "new_customers": 3}
    assert said(aimed(MONTHLY, 12, **more), quarter) == [
        "张三 2026 年第 4 季度的成交金额指标是 100.00 元，少于已编制的 1 个月合计的 100.01 元",
        "张三 2026 年第 4 季度的回款金额指标是 1,000,000.00 元，少于已编制的 1 个月合计的 1,000,000.50 元",
        "张三 2026 年第 4 季度的拜访次数指标是 1 次，少于已编制的 1 个月合计的 2 次",
        "张三 2026 年第 4 季度的新增客户指标是 2 个，少于已编制的 1 个月合计的 3 个",
    ]
    assert said(aimed(MONTHLY, 12, visits=9), aimed(QUARTERLY, 4, orders_fen=1)) == []
    assert said(aimed(MONTHLY, 12), quarter) == []


def test_one_s_own_target_stands_in_the_place_of_the_one_that_it_replaces() -> None:
    quarter = aimed(QUARTERLY, 1, visits=30)
    assert said(aimed(MONTHLY, 1, visits=30), aimed(MONTHLY, 1, visits=31), quarter) == []
    assert len(said(aimed(MONTHLY, 1, visits=31), aimed(MONTHLY, 1, visits=30), quarter)) == 1


def test_both_forms_that_aim_advise_the_same() -> None:
    assert REMEDY == "请核对两边的数字；确需不同的，由审批人核实"
    by_id = {each.id: each for each in all_rules()}
    assert by_id["target.sum.differs"].remedy == by_id["correction.value.sum"].remedy == REMEDY
    assert (by_id["target.sum.differs"].says, by_id["correction.value.sum"].says) == (SAYS, f"更正之后，{SAYS}")
