"""What may come to a deal: steps of an opportunity from the first offer to the order that wins it, and one that is lost (目的 1)."""

from __future__ import annotations

from datetime import date

from demo.habits import OPPORTUNITY, answered, handed
from demo.people import BOSS, GAO, HONGYUAN, HUANG, HUAXIN, XIXI, ZHANG, Client, Row
from demo.story import Act, Mend, Shown

SECOND_PHASE = "二期设备采购"  #: the opportunity that 张伟's order wins
_UPKEEP = "二期维护"


def _step(client: Client, name: str, stage: str, amount: int, expected: date, coming: str) -> Row:
    return {
        "客户名称": client.name, "商机名称": name, "阶段": stage, "预计金额": amount, "预计成交日期": expected, "下一步": coming,
    }  # fmt: skip


_NOVEMBER_20, _DECEMBER_10 = date(2026, 11, 20), date(2026, 12, 10)

#: The week begins: what everybody has in hand.
BEGUN: tuple[Act, ...] = (
    handed(
        "10:00", ZHANG, "商机", OPPORTUNITY,
        _step(HONGYUAN, SECOND_PHASE, "方案报价", 130_000, _NOVEMBER_20, "周四前改好合同条款"),
        _step(HUAXIN, "新产线模具", "需求确认", 300_000, date(2027, 1, 15), "月底前送样件"),
        tells=(answered("登记商机和所处的阶段", "已受理", about=SECOND_PHASE),),
    ),
    handed(
        "10:10", HUANG, "商机", OPPORTUNITY, _step(XIXI, _UPKEEP, "初步接触", 80_000, _DECEMBER_10, "约俞总谈明年的维护范围"),
    ),
)  # fmt: skip

#: One has come a step further.
FURTHER: tuple[Act, ...] = (
    handed(
        "16:00", ZHANG, "商机", OPPORTUNITY, _step(HONGYUAN, SECOND_PHASE, "商务谈判", 128_000, _NOVEMBER_20, "明天上午用印"),
        tells=(answered("商机推进一步，前一步保留", "已受理", "接续了先前提交的受理号", "宏远"),),
    ),
)  # fmt: skip

#: Another one comes to nothing.
LOST: tuple[Act, ...] = (
    handed(
        "10:00", HUANG, "商机", OPPORTUNITY, _step(XIXI, _UPKEEP, "输单", 80_000, _DECEMBER_10, ""),
        tells=(answered("输单却没有写原因", "退回", "输单没有写明原因"),),
    ),
    Mend("11:00", HUANG, "商机", {"输单原因": "客户改用自己的运维团队"}, (answered("补写输单原因，再次投递", "已受理"),)),
)  # fmt: skip

#: What the managers' funnel says of the month.
FUNNEL: tuple[Shown, ...] = (
    Shown(
        BOSS, "商机漏斗", "变动", SECOND_PHASE, ("变动", "负责人", "本月末金额(元)"), "变动 赢单，负责人 张伟，本月末金额(元) 128,000",
        "订单写明商机，审批通过就是赢单",
    ),
    Shown(GAO, "商机漏斗", "变动", _UPKEEP, ("变动", "负责人"), "变动 输单，负责人 黄敏", "部门经理看本部门的商机"),
    Shown(BOSS, "商机漏斗", "漏斗", "需求确认", ("本月末金额(元)", "预测金额(元)"), "预测金额(元) 90,000", "商机的预测：金额乘可能性"),
)  # fmt: skip
