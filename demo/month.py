"""The story from end to end: a month of working days and nights, and what the month's end brings.

What the company can do is added here as data: a day is a tuple of acts, each with the answer that it must get.
"""

from __future__ import annotations

from datetime import date

from demo.chances import FUNNEL
from demo.deals import SECOND_WEEK
from demo.first_days import FIRST_DAYS
from demo.habits import EXEMPTION, answered, handed, workday
from demo.hearing import CALENDAR, COUNTERSIGNED, SETTLED
from demo.later_days import LATER_DAYS
from demo.money import THIRD_WEEK
from demo.moves import FOURTH_WEEK
from demo.people import BOSS, CHEN, LI, LIN, WANG, ZHANG, ZHENG, ZHOU
from demo.story import Day, Month, Shown

OPENING = date(2026, 11, 2)
MONTH = (2026, 11)


def _november(day: int) -> date:
    return date(2026, 11, day)


def _weekend(saturday: int) -> tuple[Day, Day]:
    return Day(_november(saturday)), Day(_november(saturday + 1))


_FIRST_WEEKEND = (
    Day(_november(7), night=(answered("客户超过期限没有跟进", "", "回到公海", who=ZHOU),)),
    Day(_november(8), night=(answered("两天内没有表格引用的照片", "", "存档备查", who=ZHOU),)),
)

_FINED = ((CHEN, _november(3)), (ZHOU, _november(6)), (WANG, _november(11)))
_FORGIVEN = (WANG, _november(11))
_SICK_NOTE = {"姓名": WANG, "开始日期": _november(11), "结束日期": _november(11), "原因": "病假，12-01 补交病假条"}
_DECEMBER = date(2026, 12, 1)
_ORDERS, _PAID = ("成交金额(元)指标", "成交金额(元)完成"), ("回款金额(元)指标", "回款金额(元)完成")
_ATTAINMENT = (
    Shown(BOSS, "指标达成", "本月", "全公司", _ORDERS, "281,000", "全公司的指标和完成情况"),
    Shown(LIN, "指标达成", "本月", LI, _PAID, "完成 18,000", "部门经理看本部门的指标"),
    Shown(ZHANG, "指标达成", "本月", ZHANG, _PAID, "完成 130,000", "业务员看自己的指标"),
)

_MONTH_END: tuple[Day | Month, ...] = (
    Month(_DECEMBER, "01:00", "月末出日报扣款表", _FINED, shown=(*_ATTAINMENT, *FUNNEL, *CALENDAR)),
    workday(
        _DECEMBER,
        *COUNTERSIGNED,
        handed(
            "10:00", ZHENG, "补病假", EXEMPTION, _SICK_NOTE,
            tells=(answered("月结之后补登病假", "已受理", about="病假"),),
        ),
        night=SETTLED,
    ),
    Month(
        date(2026, 12, 2), "09:00", "扣款表出第 2 版，列出差异",
        tuple(fine for fine in _FINED if fine != _FORGIVEN), (("撤销", *_FORGIVEN),),
    ),
)  # fmt: skip

STORY: tuple[Day | Month, ...] = (
    *FIRST_DAYS, *LATER_DAYS, *_FIRST_WEEKEND, *SECOND_WEEK, *_weekend(14), *THIRD_WEEK, *_weekend(21), *FOURTH_WEEK,
    *_weekend(28), workday(_november(30)), *_MONTH_END,
)  # fmt: skip
