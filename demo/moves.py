"""The fourth week: a customer moves and takes another name, customers change hands, a colleague leaves."""

from __future__ import annotations

from datetime import date

from demo.chances import LOST
from demo.habits import (
    CHANGE,
    PERSON_CHANGE,
    TRANSFER,
    VISIT,
    answered,
    approvals,
    handed,
    photo,
    report,
    visit,
    visits,
    workday,
)
from demo.people import (
    BOSS,
    GAO,
    HENGTONG,
    HUANG,
    LI,
    LIN,
    LIU,
    SELLERS,
    SHUGUANG,
    WANG,
    XIXI,
    ZHANG,
    ZHOU,
    Place,
)
from demo.story import Act, Day, Decide, Drop, Filled, Mend, Picture, Shown

_LI = SELLERS[1]
_NEW_NAME, _NEW_PLACE = "杭州西溪云科技有限公司", Place(30.2085, 120.2110)


def _november(day: int) -> date:
    return date(2026, 11, day)


_MOVED = {
    "客户名称": XIXI.name, "新客户名称": _NEW_NAME, "门头照片": "西溪云门头.jpg", "客户地址": "浙江省/杭州市/滨江区",
    "详细地址": "江南大道588号3幢801室", "变更说明": "客户更名，并搬到滨江的新址，营业执照已更换",
}  # fmt: skip

_MONDAY: tuple[Act, ...] = (
    Drop(
        "10:00", HUANG, "变更", (Filled(CHANGE, (_MOVED,)),), (Picture("西溪云门头.jpg", 141, _NEW_PLACE, "09:20", 0, "西溪云"),),
        tells=(answered("客户更名并搬家", "待审批", about="西溪云"),),
    ),
    handed(
        "10:00", LIU, "变更", CHANGE, {"客户名称": HENGTONG.name, "联系电话": "010-65880000", "变更说明": "总机号码换了"},
        tells=(answered("替同事的客户改资料", "退回", "只有归属人可以提交"),),
    ),
    Decide("13:00", GAO, CHANGE, tells=(answered("变更通过，旧名仍查得到", "已受理", "高志强同意", who=HUANG),)),
)  # fmt: skip

_TUESDAY: tuple[Act, ...] = (
    visits(
        "16:00", HUANG, "拜访_1124",
        visit(XIXI, "IMG_1124_01.jpg", "看新址的机房", "俞总带看新机房，原合同的设备清单要按新址重排，约定下周三送来布线图。"),
        (photo("IMG_1124_01.jpg", 251, _NEW_PLACE, "14:30"),),
        answered("更名后仍写旧名，照样认得", "待审批", about="西溪"),
    ),
    handed(
        "10:00", BOSS, "人员变更", PERSON_CHANGE,
        {"姓名": LI, "生效日期": _LI.left, "状态": "离职"},
        {"姓名": WANG, "生效日期": _november(24), "客户数量上限": 2},
        {"姓名": ZHOU, "生效日期": _november(24), "最长跟进天数": 15},
        tells=(
            answered("登记离职，提示名下还有客户", "已受理", f"{LI}名下还有 2 个客户", LI),
            answered("调整同事的客户数量上限", "已受理", about=WANG),
        ),
    ),
    Drop(
        "10:10", LIN, "人员变更", (Filled(PERSON_CHANGE, ({"姓名": WANG, "生效日期": _november(24), "客户数量上限": 90},)),),
        templates_of=BOSS, tells=(answered("无权的岗位提交人员变更", "", "只能由销售经理提交"),),
    ),
    *approvals("18:00", VISIT, (GAO,)),
)  # fmt: skip


def _transfer(at: str, who: str, customer: str, receiver: str, reason: str, words: str, *tells: object) -> Drop:
    row = {"客户名称": customer, "接受人": receiver, "转交原因": reason, "转交说明": words}
    return handed(at, who, "转交", TRANSFER, row, tells=tells)  # type: ignore[arg-type]


_WEDNESDAY: tuple[Act, ...] = (
    _transfer(
        "09:30", LIU, HENGTONG.name, ZHOU, "范围调整", "北京的客户统一由华北的同事跟进",
        answered("转交同事的客户", "退回", "不能由您转交"),
    ),
    _transfer(
        "10:00", HUANG, HENGTONG.name, ZHOU, "范围调整", "北京的客户统一由华北的周凯跟进，资料已当面交接",
        answered("把一个客户转交给同事", "待审批"),
    ),
    Decide("13:00", GAO, TRANSFER, tells=(answered("转交通过，历史随客户保留", "已受理", "高志强同意", who=HUANG),)),
)  # fmt: skip

_THURSDAY: tuple[Act, ...] = (
    _transfer(
        "10:00", LIN, "全部", LI, "离职", f"{LI}已离职，名下客户由同事接手跟进",
        answered("接受人写成已经离职的同事", "退回", "不是在职的销售人员"),
    ),
    Mend("11:00", LIN, "转交", {"接受人": ZHANG}, (answered("换一位接受人，再次投递", "待审批"),)),
    Decide("13:00", BOSS, TRANSFER, tells=(answered("离职同事的客户全部转交", "已受理", "赵明远同意", who=LIN),)),
    report(_LI, _november(26), "18:30", answered("离职之后又投递日报", "", "您已于 2026-11-26 离职")),
)  # fmt: skip

_FRIDAY: tuple[Act, ...] = (
    visits(
        "16:00", WANG, "拜访_1127",
        visit(SHUGUANG, "IMG_1127_11.jpg", "补交质检报告", "质检报告补齐，采购科当场录入供应商名录，罗厂长让月底前报一版轴承的价格。"),
        (photo("IMG_1127_11.jpg", 252, SHUGUANG, "10:30"),),
    ),
    *approvals("18:00", VISIT, (LIN,)),
)  # fmt: skip

_LEFT_BEHIND = Shown(LIN, "部门概览", "离职待转交", LI, ("客户名称",), "广州", "离职同事的客户还没有转交")
_HISTORY = Shown(
    GAO, "部门概览", "变更记录", XIXI.name, ("原来", "现在", "审批人"), _NEW_NAME, "谁改了什么，经理看得到"
)

FOURTH_WEEK: tuple[Day, ...] = (
    workday(_november(23), *_MONDAY, shown=(_HISTORY,)),
    workday(
        _november(24),
        *_TUESDAY,
        *LOST,
        night=(answered("客户再过 7 天回公海，提醒归属人", "", "再过 7 天没有跟进", who=WANG),),
    ),
    workday(_november(25), *_WEDNESDAY, shown=(_LEFT_BEHIND,)),
    workday(_november(26), *_THURSDAY),
    workday(_november(27), *_FRIDAY),
)
