"""The third week: money arrives, and the cashier holds what is entered against the bank."""

from __future__ import annotations

from datetime import date

from demo.habits import BANK, PAYMENT, answered, handed, reports, workday
from demo.hearing import IN_TIME
from demo.mending import STOOD_IN, TUESDAY
from demo.people import HONGYUAN, HUANG, LI, SUN, XIXI, YUANHANG, ZHANG, Client, Row
from demo.story import Act, Day, Decide, Drop, Mend, Numbered, Tell, Verdict


def _november(day: int) -> date:
    return date(2026, 11, day)


def _line(client: Client, day: int, amount: int, number: int = 1) -> Row:
    """A line of the bank's statement."""
    return {
        "到账日期": _november(day), "付款方名称": client.name, "到账金额": amount,
        "流水号": f"202611{day:02d}{amount:06d}{number}", "摘要": "货款",
    }  # fmt: skip


def _payment(at: str, who: str, client: Client, day: int, amount: int, *tells: Tell) -> Drop:
    row = {
        "客户名称": client.name, "回款类型": "销售回款", "回款日期": _november(day), "回款金额": amount,
        "订单受理号": Numbered(f"订单_{client.sign}", client.name),
    }  # fmt: skip
    return handed(at, who, f"回款_{day:02d}", PAYMENT, row, tells=tells)


def _arrived(client: Client, day: int, amount: int) -> Verdict:
    """What the cashier writes who has looked it up at the bank."""
    found = {"到账客户名称": client.name, "到账日期": _november(day), "到账金额": amount}
    return Verdict(client.name, "同意", None, found)


_NOT_YET = Verdict(decision=None)

_MONDAY: tuple[Act, ...] = (
    handed(
        "09:30", SUN, "流水_1116", BANK, _line(HONGYUAN, 16, 50_000), _line(XIXI, 16, 30_000), _line(XIXI, 16, 30_000, 2),
        tells=(answered("出纳登记银行流水", "已受理", about="宏远"),),
    ),
    _payment("10:00", ZHANG, HONGYUAN, 16, 50_000, answered("登记回款，写明所付订单的受理号", "待审批")),
    _payment("10:00", HUANG, XIXI, 16, 30_000),
    _payment("10:00", LI, YUANHANG, 16, 20_000),
    Decide(
        "13:00", SUN, PAYMENT, (Verdict(), _arrived(YUANHANG, 16, 18_000)), again_later=True,
        tells=(
            answered("流水唯一吻合，确认单已预填，一致即确认", "已受理", "", "宏远"),
            answered("两笔流水一样，不预填，要出纳自己填", "退回", "没有填写", "西溪"),
            answered("登记的金额与到账不一致", "已受理", "不一致", "远航"),
            answered("金额不一致，退回业务员", "退回", "到账金额：不一致（登记 20,000.00 元，到账 18,000.00 元）", who=LI),
            answered("回款确认的结果", "已受理", "孙丽同意", who=ZHANG),
        ),
    ),
    Decide(
        "14:00", SUN, PAYMENT, (_NOT_YET, _arrived(XIXI, 16, 30_000)),
        tells=(
            answered("出纳查清后填写，三项一致", "已受理", "", "西溪"),
            answered("已经确认的行，不用再填", "重复", "由孙丽审批，不用再填", "宏远"),
        ),
    ),
    Mend("15:00", LI, "审批结果", {"回款金额": 18_000}, (answered("改成实际到账的金额，再次投递", "待审批"),)),
    Decide(
        "18:00", SUN, PAYMENT, (_arrived(YUANHANG, 16, 18_000),),
        tells=(answered("改好的回款得到确认", "已受理", "孙丽同意", who=LI),),
    ),
)  # fmt: skip

_WEDNESDAY: tuple[Act, ...] = (
    handed("09:30", SUN, "流水_1118", BANK, _line(HONGYUAN, 18, 50_000)),
    _payment("10:00", ZHANG, HONGYUAN, 18, 50_000, answered("同一订单的第二笔回款", "待审批")),
    Decide("13:00", SUN, PAYMENT),
)

_FRIDAY: tuple[Act, ...] = (
    handed("09:30", SUN, "流水_1120", BANK, _line(HONGYUAN, 20, 30_000)),
    _payment(
        "10:00", ZHANG, HONGYUAN, 20, 30_000,
        answered("几笔回款合计超过订单金额", "待审批", "回款共 130,000.00 元，超过订单金额 128,000.00 元"),
    ),
    Decide("13:00", SUN, PAYMENT, tells=(answered("出纳核实确实多付，照实确认", "已受理", "孙丽同意", who=ZHANG),)),
)  # fmt: skip

THIRD_WEEK: tuple[Day, ...] = (
    workday(_november(16), *_MONDAY, *IN_TIME),
    workday(_november(17), *TUESDAY),
    Day(_november(18), (*_WEDNESDAY, *reports(_november(18)), *STOOD_IN)),
    workday(_november(19)),
    workday(_november(20), *_FRIDAY),
)
