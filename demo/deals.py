"""The second week: what the month is to bring, visits planned, contracts signed, a customer of the pool claimed."""

from __future__ import annotations

from datetime import date
from typing import Any

from demo.chances import BEGUN, FURTHER, SECOND_PHASE
from demo.habits import (
    CLAIM,
    ORDER,
    PLAN,
    TARGET,
    answered,
    approvals,
    handed,
    photo,
    report,
    reports,
    reviews,
    visit,
    visits,
    workday,
)  # fmt: skip
from demo.hearing import TOO_LATE
from demo.people import (
    BOSS,
    CHEN,
    GAO,
    HENGTONG,
    HONGYUAN,
    HUANG,
    HUAXIN,
    JIANGCHENG,
    LI,
    LIN,
    LIU,
    PUJIANG,
    SELLERS,
    WANG,
    WU,
    XIXI,
    YUANHANG,
    ZHANG,
    ZHOU,
    Client,
    Row,
)  # fmt: skip
from demo.story import Act, Day, Decide, Drop, Filled, Mend, Owed, Picture, Reviewed, Shown, Tell

_LI = SELLERS[1]


def _november(day: int) -> date:
    return date(2026, 11, day)


def _plan(client: Client, day: int, purpose: str) -> Row:
    return {"客户名称": client.name, "计划日期": _november(day), "拜访目的": purpose}


def _target(who: str, orders: int, **otherwise: Any) -> Row:
    usual: Row = {
        "年度": 2026, "月份": 11, "开始日期": _november(1), "结束日期": _november(30), "姓名": who, "成交金额指标": orders,
        "回款金额指标": orders // 2, "拜访次数指标": 4, "新增客户指标": 1,
    }  # fmt: skip
    return {**usual, **otherwise}


_TARGETS: tuple[Act, ...] = (
    handed(
        "09:40", ZHANG, "指标", TARGET, _target(ZHANG, 150_000, 月份=13),
        tells=(answered("指标的月份写成 13", "退回", "月份 13 不在 1 到 12 之间"),),
    ),
    handed(
        "09:40", HUANG, "指标", TARGET, _target(HUANG, 80_000, 结束日期=_november(29)),
        tells=(answered("指标的结束日期不是月末", "退回", "不是 2026 年 11 月的最后一天"),),
    ),
    handed(
        "09:40", GAO, "团队指标", TARGET, _target(LIU, 100_000), _target(ZHOU, 60_000), _target(WU, 30_000),
        tells=(answered("部门经理编制团队指标", "待审批", about=WU),),
    ),
    handed(
        "09:40", LIN, "团队指标", TARGET, _target(LI, 60_000), _target(WANG, 60_000), _target(CHEN, 60_000), _target(LIU, 90_000),
        tells=(answered("给别的部门编制指标", "退回", f"您不能为{LIU}编制指标", LIU),),
    ),
    Mend("11:00", ZHANG, "指标", {"月份": 11}, (answered("改好月份，再次投递", "待审批"),)),
    Mend("11:00", HUANG, "指标", {"结束日期": _november(30)}, (answered("改好结束日期，再次投递", "待审批"),)),
    Decide(
        "13:00", BOSS, TARGET,
        tells=(answered("销售经理审批指标", "已受理", "赵明远同意", WU, GAO), answered("本人编制的指标通过", "已受理", "赵明远同意", who=ZHANG)),
    ),
)  # fmt: skip

_PLANS: tuple[Act, ...] = (
    handed(
        "09:50", ZHANG, "拜访计划", PLAN, _plan(HONGYUAN, 11, "带报价单确认合同条款"),
        tells=(answered("提前报备拜访计划", "待审批"),),
    ),
    handed("09:50", LIU, "拜访计划", PLAN, _plan(PUJIANG, 12, "确认合同法务审核的进度")),
    handed(
        "09:50", CHEN, "拜访计划", PLAN, _plan(JIANGCHENG, 6, "看成品并商量加印数量"),
        tells=(answered("拜访过后才补计划", "退回", "已经过去"),),
    ),
    Decide("13:00", LIN, PLAN, tells=(answered("部门经理同意拜访计划", "已受理", "林婉清同意", who=ZHANG),)),
    *approvals("13:00", PLAN, (GAO,)),
)  # fmt: skip


def _claim(at: str, who: str, *tells: Tell) -> Drop:
    return handed(
        at, who, "申领", CLAIM, {"客户名称": HENGTONG.name, "申领说明": "在展会上认识马总，准备月底前上门"}, tells=tells
    )


_CLAIMS: tuple[Act, ...] = (
    _claim("10:00", ZHOU, answered("刚失去的客户马上申领", "退回", "起才能再申领")),
    _claim("10:10", HUANG, answered("申领公海客户", "待审批")),
    _claim("10:20", LIU, answered("申领同事已先申领的客户", "退回", "已由黄敏先申领")),
    Decide("13:00", GAO, CLAIM, tells=(answered("申领通过，客户归新的人", "已受理", "高志强同意", who=HUANG),)),
)


def _pages(client: Client, title: str, scene: int, made: tuple[str, ...], number: str) -> tuple[Picture, ...]:
    """A contract photographed page by page; *made* says how each picture came out."""

    def lines(page: int) -> tuple[str, ...]:
        terms = (f"第{page}{n}条 双方约定货物数量与交期，逾期每日按合同金额千分之一支付违约金" for n in range(1, 10))
        return (
            title,
            f"合同编号：{number}　第 {page} 页，共 {len(made)} 页",
            f"甲方：{client.name}",
            "乙方：本公司",
            *terms,
        )

    return tuple(
        Picture(f"{client.sign}合同{page}.jpg", scene + page, client.place, "10:40", page=lines(page), made=how)
        for page, how in enumerate(made, 1)
    )  # fmt: skip


def _order(
    at: str,
    who: str,
    client: Client,
    number: str,
    signed: int,
    amount: object,
    pages: tuple[Picture, ...],
    *tells: Tell,
) -> Drop:
    row = {
        "客户名称": client.name, "合同编号": number, "成交日期": _november(signed), "成交金额": amount,
        "合同照片": "、".join(page.name for page in pages), "商机名称": SECOND_PHASE if client is HONGYUAN else None,
    }  # fmt: skip
    return Drop(at, who, f"订单_{client.sign}", (Filled(ORDER, (row,)),), pages, tells=tells)


_TUESDAY: tuple[Act, ...] = (
    _order(
        "15:00", HUANG, XIXI, "XX-2026-207", 5, 60_000, _pages(XIXI, "维护合同", 300, ("jpeg", "blurred"), "XX-2026-207"),
        answered("合同有一页拍糊了", "待审批", "不够清晰", "西溪"),
    ),
    Decide("18:00", BOSS, ORDER, tells=(answered("销售经理对照合同照片审批订单", "已受理", "赵明远同意", "西溪", HUANG),)),
)  # fmt: skip

_WEDNESDAY: tuple[Act, ...] = (
    visits(
        "16:00", ZHANG, "拜访_1111",
        visit(HONGYUAN, "IMG_1111_01.jpg", "带报价单确认合同条款", "逐条过了合同，交期定为四十五天，违约金按千分之一，李经理安排明天上午用印。"),
        (photo("IMG_1111_01.jpg", 241, HONGYUAN, "14:20"),),
        answered("按计划拜访，审批人看得到", "待审批", "按已审批的计划进行", "宏远"),
    ),
    *approvals("18:00", "拜访记录", (LIN,)),
)  # fmt: skip

_REUSED = Picture("华新合同1.jpg", like=(ZHANG, "宏远电子合同1.jpg"))
_THURSDAY: tuple[Act, ...] = (
    _order(
        "15:00", ZHANG, HONGYUAN, "HY-2026-118", 12, "12.8万", _pages(HONGYUAN, "设备购销合同", 310, ("jpeg",) * 3, "HY-2026-118"),
        answered("录入成交订单，合同三页都拍了照", "待审批", about="宏远"),
    ),
    _order(
        "15:30", LI, YUANHANG, "HY-2026-118", 11, 50_000, _pages(YUANHANG, "年度供货合同", 320, ("jpeg",) * 2, "YH-2026-045"),
        answered("合同编号与别的订单相同", "退回", "已用于另一笔订单"),
    ),
    _order("15:30", ZHANG, HUAXIN, "HX-2026-009", 12, 36_000, (_REUSED,), answered("用别的合同的照片", "退回", "已被 张伟 在")),
    Mend("16:00", LI, "订单_远航贸易", {"合同编号": "YH-2026-045"}, (answered("在回执上改好合同编号，再次投递", "待审批"),)),
    Decide("18:00", BOSS, ORDER, tells=(answered("订单通过，可以按它登记回款", "已受理", "赵明远同意", "宏远", ZHANG),)),
)  # fmt: skip

_UNVISITED = Shown(
    GAO,
    "部门概览",
    "未执行计划",
    PUJIANG.name,
    ("计划日期", "销售人员", "客户名称"),
    LIU,
    "计划到期没有拜访，经理看得到",
)

SECOND_WEEK: tuple[Day, ...] = (
    workday(_november(9), *_TARGETS, *_PLANS, *_CLAIMS, *BEGUN, *TOO_LATE),
    Day(
        _november(10), (*_TUESDAY, *reports(_november(10), {LI}), report(_LI, _november(10), "21:15"), *reviews("21:30")),
        (Owed(LI, "迟交"),),
    ),
    workday(_november(11), *_WEDNESDAY, *FURTHER, besides=(WANG,)),
    Day(
        _november(12), (*_THURSDAY, *reports(_november(12)), *reviews(managers=(LIN,))),
        reviewed=(Reviewed(GAO, "未审", "部门经理当天没有审核日报"),), shown=(_UNVISITED,),
    ),
    workday(_november(13), besides=(ZHOU,)),
)  # fmt: skip
