"""The story from end to end: five days in full, the rest of the month, and what the month's end brings.

What the company can do is added here as data: a day is a tuple of acts, each with the answer that it must get.
"""

from __future__ import annotations

from datetime import date

from demo.first_days import FIRST_DAYS
from demo.habits import CLAIM, EXEMPTION, answered, missed, report, reports, reviews
from demo.last_days import LAST_DAYS
from demo.people import CHEN, GAO, HENGTONG, HUANG, LI, LIN, LIU, NEWCOMER, SELLERS, WANG, ZHENG, ZHOU
from demo.story import Act, Day, Decide, Drop, Filled, Month, Owed, Reviewed, Tell

OPENING = date(2026, 11, 16)
MONTH = (2026, 11)
_LI = SELLERS[1]


def _workday(day: date, *acts: Act, besides: tuple[str, ...] = ()) -> Day:
    """An ordinary day with *acts*, on which everybody *besides* these handed in a report."""
    return Day(day, (*acts, *reports(day, besides, more=(NEWCOMER,)), *reviews()), missed(*besides))


def _november(day: int) -> date:
    return date(2026, 11, day)


def _claim(at: str, who: str, *tells: Tell) -> Drop:
    row = {"客户名称": HENGTONG.name, "申领说明": "在展会上认识马总，准备月底前上门"}
    return Drop(at, who, "申领", (Filled(CLAIM, (row,)),), tells=tells)


_CLAIMS: tuple[Act, ...] = (
    _claim("10:00", ZHOU, answered("刚失去的客户马上申领", "退回", "起才能再申领")),
    _claim("10:10", HUANG, answered("申领公海客户", "待审批")),
    _claim("10:20", LIU, answered("申领同事已先申领的客户", "退回", "已由黄敏先申领")),
    Decide("13:00", GAO, CLAIM, tells=(answered("申领通过，客户归新的人", "已受理", "高志强同意", who=HUANG),)),
)

_SECOND_WEEK: tuple[Day, ...] = (
    Day(_november(21), night=(answered("客户超过期限没有跟进", "", "回到公海", who=ZHOU),)),
    Day(_november(22), night=(answered("两天内没有表格引用的照片", "", "存档备查", who=ZHOU),)),
    _workday(_november(23), *_CLAIMS),
    Day(
        _november(24),
        (*reports(_november(24), {LI}, more=(NEWCOMER,)), report(_LI, _november(24), "21:15"), *reviews("21:30")),
        (Owed(LI, "迟交"),),
    ),
    _workday(_november(25), besides=(WANG,)),
    Day(
        _november(26),
        (*reports(_november(26), more=(NEWCOMER,)), *reviews(managers=(LIN,))),
        reviewed=(Reviewed(GAO, "未审", "部门经理当天没有审核日报"),),
    ),
    _workday(_november(27), besides=(ZHOU,)),
    Day(_november(28)),
    Day(_november(29)),
    _workday(_november(30)),
)

_FINED = ((CHEN, _november(17)), (ZHOU, _november(20)), (WANG, _november(25)), (ZHOU, _november(27)))
_FORGIVEN = (WANG, _november(25))
_SICK_NOTE = {"姓名": WANG, "开始日期": _november(25), "结束日期": _november(25), "原因": "病假，12-01 补交病假条"}
_DECEMBER = date(2026, 12, 1)

_MONTH_END: tuple[Day | Month, ...] = (
    Month(_DECEMBER, "01:00", "月末出日报扣款表", _FINED),
    Day(
        _DECEMBER,
        (
            Drop(
                "10:00", ZHENG, "补病假", (Filled(EXEMPTION, (_SICK_NOTE,)),),
                tells=(answered("月结之后补登病假", "已受理", about="病假"),),
            ),
            *reports(_DECEMBER, more=(NEWCOMER,)),
            *reviews(),
        ),
    ),
    Month(
        date(2026, 12, 2), "09:00", "扣款表出第 2 版，列出差异",
        tuple(fine for fine in _FINED if fine != _FORGIVEN), (("撤销", *_FORGIVEN),),
    ),
)  # fmt: skip

STORY: tuple[Day | Month, ...] = (*FIRST_DAYS, *LAST_DAYS, *_SECOND_WEEK, *_MONTH_END)
