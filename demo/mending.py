"""What took effect put right, a contract that is a PDF, and a manager who is away: one Tuesday and the day after it."""

from __future__ import annotations

from datetime import date

from demo.habits import CORRECTION, DEPUTY, ORDER, REPORT, answered, handed
from demo.people import BOSS, GAO, HUANG, LIN, LIU, PUJIANG, XIXI, ZHANG
from demo.story import Act, Decide, Drop, Filled, Mend, Numbered, Picture

_SIGNED, _AWAY = date(2026, 11, 16), date(2026, 11, 18)
_RIGHT = "58000"  #: what the contract of 西溪软件 really says

_SCAN = Picture("浦江仪器合同.pdf", 340, PUJIANG.place, "09:10", made="pdf", sheets=3, page=(
    "检测仪购销合同", "合同编号：PJ-2026-031", f"甲方：{PUJIANG.name}", "乙方：本公司", "合同金额：人民币肆万伍仟元整",
    *(f"第{n}条 甲方购买检测仪九台，乙方负责安装调试，质保一年" for n in range(1, 9)),
))  # fmt: skip

TUESDAY: tuple[Act, ...] = (
    handed(
        "10:00", HUANG, "更正", CORRECTION,
        {
            "受理号": Numbered(f"订单_{XIXI.sign}", XIXI.name), "处理": "更正", "列": "成交金额", "新值": "60000",
            "原因": "合同最后一页写明优惠两千元，以合同为准",
        },
        tells=(answered("更正写的仍是原来的金额", "退回", "新值与现在的内容相同"),),
    ),
    Mend("11:00", HUANG, "更正", {"新值": _RIGHT}, (answered("改好新值，由原来的审批人审批", "待审批"),)),
    Drop(
        "10:00", LIU, f"订单_{PUJIANG.sign}",
        (Filled(ORDER, ({
            "客户名称": PUJIANG.name, "合同编号": "PJ-2026-031", "成交日期": _SIGNED, "成交金额": 45_000, "合同照片": _SCAN.name,
        },)),),
        (_SCAN,), tells=(answered("合同是三页的 PDF", "待审批", about="浦江"),),
    ),
    Decide("13:00", BOSS, CORRECTION, tells=(answered("更正通过，原值一直保留", "已受理", "赵明远同意", who=HUANG),)),
    Decide("13:00", BOSS, ORDER, tells=(answered("逐页看过 PDF，订单通过", "已受理", "赵明远同意", "浦江", LIU),)),
    handed(
        "16:00", LIN, "出差", DEPUTY, {"委托人": LIN, "代理人": GAO, "开始日期": _AWAY, "结束日期": _AWAY, "原因": "去武汉出差"},
        tells=(answered("部门经理出差，委托同事代为审批", "已受理", about=GAO),),
    ),
)  # fmt: skip

#: The evening on which the deputy reads both departments' reports.
STOOD_IN: tuple[Act, ...] = (
    Decide("21:00", GAO, REPORT, tells=(answered("代理人审核日报，两个名字都写明", "已受理", "高志强（代林婉清）同意", who=ZHANG),)),
)  # fmt: skip
