"""Heard before fined: an objection that comes too late, one that is granted, and the month countersigned (销售日报 7(4))."""

from __future__ import annotations

from datetime import date

from demo.habits import APPEAL, CHARGE, answered, handed
from demo.people import CHEN, HENGTONG, LIN, QIAN, WANG, ZHENG, ZHOU, Row
from demo.story import Act, Decide, Drop, Filled, Picture, Shown, Tell, Verdict

#: The day that 周凯 was fined for, and is not.
EXCUSED = (ZHOU, date(2026, 11, 13))


def _objection(day: date, reason: str, **more: str) -> Row:
    return {"日期": day, "申诉理由": reason, **more}


#: An objection after the three days.
TOO_LATE: tuple[Act, ...] = (
    handed(
        "10:00", CHEN, "申诉", APPEAL, _objection(date(2026, 11, 3), "当天下午在车间看样，没有来得及写日报"),
        tells=(answered("过了三天才申诉", "退回", "的申诉到 2026-11-07 为止"),),
    ),
)  # fmt: skip

_PASS = Picture("出门单.jpg", 330, HENGTONG.place, "21:40", 3, page=(
    "厂区出门单", "恒通物流北京仓", "来访：周凯　事由：货架安装验收", "进厂 15:20　出厂 21:35", "厂区内手机由门卫保管",
))  # fmt: skip

#: One in time, with something that proves it; 企管部 decides.
IN_TIME: tuple[Act, ...] = (
    Drop(
        "10:00", ZHOU, "申诉",
        (Filled(APPEAL, (_objection(EXCUSED[1], "在客户厂区验收到晚上九点半，手机由门卫保管，交不了日报", 证明照片="出门单.jpg"),)),),
        (_PASS,), tells=(answered("被记缺交，三天内申诉", "待审批"),),
    ),
    Decide("13:00", QIAN, APPEAL, tells=(answered("企管部同意申诉，这一天不扣款", "已受理", "钱进同意", who=ZHOU),)),
)  # fmt: skip

#: The month's fines countersigned, but for the one whose sick note is on its way.
COUNTERSIGNED: tuple[Act, ...] = (
    Decide(
        "10:00", QIAN, CHARGE, (Verdict(), Verdict(WANG, None)),
        tells=(answered("企管部核定扣款；等病假条的先空着", "已受理", "已同意", CHEN),),
    ),
)  # fmt: skip
SETTLED: tuple[Tell, ...] = (answered("核定完，扣款表自动出第 2 版", "", "企管部已全部核定", who=ZHENG),)

#: What 企管部 sees of the month.
CALENDAR: tuple[Shown, ...] = (
    Shown(QIAN, "日报月历", "月历", CHEN, ("部门", "姓名", "按时率"), "姓名 陈静", "一个月的日报，一人一行"),
    Shown(QIAN, "日报月历", "审核", LIN, ("审核人", "逾期"), "逾期 6", "每位审核人按时、逾期的次数"),
)
