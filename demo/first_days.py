"""The first Monday and Tuesday: customers enter the book, the first visits are made, and the first mistakes."""

from __future__ import annotations

from datetime import date

from demo.habits import (
    CUSTOMER,
    VISIT,
    answered,
    approvals,
    missed,
    photo,
    report,
    reports,
    reviews,
    visit,
    visits,
)  # fmt: skip
from demo.people import (
    CHEN,
    CLIENTS,
    GAO,
    HENGTONG,
    HONGYUAN,
    HUANG,
    HUAXIN,
    JIANGCHENG,
    LI,
    LIN,
    LINGNAN,
    LIU,
    PUJIANG,
    SELLERS,
    SHUGUANG,
    WANG,
    XIXI,
    YUANHANG,
    ZHANG,
    ZHOU,
    Client,
)  # fmt: skip
from demo.story import Act, Day, Decide, Drop, Filled, Mend, Owed, Picture, Tell, Verdict

MON, TUE = date(2026, 11, 2), date(2026, 11, 3)
LI_, WANG_ = SELLERS[1], SELLERS[2]


def _front(client: Client, made: str = "jpeg") -> Picture:
    ending = "heic" if made == "heic" else "jpg"
    return Picture(
        f"{client.sign}门头.{ending}", 101 + CLIENTS.index(client), client.place, "09:10", 0, client.sign, made
    )


def _customers(who: str, clients: tuple[Client, ...], *tells: Tell, made: str = "jpeg", **otherwise: object) -> Drop:
    """New customers with their shop fronts; *otherwise* stands in the last row."""
    rows = [client.row(f"{client.sign}门头") for client in clients]
    rows[-1] |= otherwise
    fronts = tuple(_front(client, made) for client in clients)
    return Drop("10:00", who, "新客户", (Filled(CUSTOMER, tuple(rows)),), fronts, tells=tells)


_MONDAY: tuple[Act, ...] = (
    _customers(ZHANG, (HONGYUAN, HUAXIN), answered("新增客户，门头照片一起投递", "待审批", about="宏远电子")),
    _customers(
        LI, (YUANHANG, LINGNAN),
        answered("客户地址与门头照片不在同一区", "待审批", "不在同一区", "岭南食品"),
        made="heic", 客户地址="广东省/广州市/越秀区",
    ),
    _customers(WANG, (SHUGUANG,), answered("联系电话少一位", "退回", "不是有效的手机或座机号码"), 联系电话="1380013800"),
    Drop(
        "10:00", CHEN, "新客户", (Filled(CUSTOMER, (JIANGCHENG.row("") | {"门头照片": None},), "", (_front(JIANGCHENG),)),),
        tells=(answered("门头照片直接插在表格里", "待审批", about="江城印务"),),
    ),
    _customers(LIU, (PUJIANG,), made="heic"),
    _customers(HUANG, (XIXI,)),
    _customers(ZHOU, (HENGTONG,), answered("客户来源不在列表中", "退回", "不在可选范围内"), 客户来源="朋友介绍"),
    Mend("11:00", WANG, "新客户", {"联系电话": SHUGUANG.phone}, (answered("在回执上改好电话，再次投递", "待审批"),)),
    Mend("11:00", ZHOU, "新客户", {"客户来源": "转介绍"}, (answered("在回执上改好客户来源，再次投递", "待审批"),)),
    Decide(
        "13:00", LIN, CUSTOMER,
        (Verdict(), Verdict("岭南食品", "驳回", "照片在天河区，请核对客户地址")),
        tells=(
            answered("审批结果送到提交人", "已受理", "林婉清同意", "宏远电子", ZHANG),
            answered("部门经理驳回，并写明原因", "退回", "林婉清驳回：照片在天河区", "岭南食品", LI),
        ),
    ),
    *approvals("13:00", CUSTOMER, (GAO,)),
    Mend("14:00", LI, "审批结果", {"客户地址": LINGNAN.area}, (answered("按审批意见改好，再次投递", "待审批", about="岭南食品"),)),
    visits(
        "17:00", ZHANG, "拜访_1102",
        visit(HUAXIN, "IMG_1102_01.jpg", "了解模具订单需求", "邓总介绍明年新开两条产线，需要配套模具约 60 套，希望年底前看到样件。", "带样件图纸"),
        (photo("IMG_1102_01.jpg", 201, HUAXIN, "15:20"),),
        answered("拜访客户，现场拍照", "待审批", about="华新"),
    ),
    visits(
        "17:00", LIU, "拜访_1102",
        visit(PUJIANG, "IMG_0411", "演示新款检测仪", "沈经理试用了检测仪，认为精度够用，关心售后响应时间，要求提供上海的服务网点清单。", "送服务网点清单"),
        (photo("IMG_0411.heic", 202, PUJIANG, "14:05", made="heic"),),
        answered("拜访客户，照片是 HEIC", "待审批", about="浦江"),
    ),
    visits(
        "17:00", LI, "拜访_1102",
        visit(YUANHANG, "微信图片_20261102.jpg", "介绍冬季促销方案", "何经理对促销方案有兴趣，想先拿 20 箱试卖，周三前给答复，价格按老客户执行。"),
        (photo("微信图片_20261102.jpg", 203, YUANHANG, "14:40", made="stripped"),),
        answered("照片经微信转发", "退回", "没有任何拍摄信息"),
    ),
    visits(
        "17:00", HUANG, "拜访_1102",
        visit(XIXI, "IMG_1030_02.jpg", "续签维护合同", "俞总同意续签一年，但希望把响应时间从 8 小时缩短到 4 小时，需要回公司商量。"),
        (photo("IMG_1030_02.jpg", 204, XIXI, "10:00", days_ago=3),),
        answered("用三天前的照片", "退回", "超过 24 小时"),
    ),
    *reports(MON, {WANG}),
    *approvals("19:00"),
    report(WANG_, MON, "20:30", answered("20:30 才交日报", "待审批", "记为迟交")),
    *reviews(),
)  # fmt: skip

_TUESDAY: tuple[Act, ...] = (
    *approvals("13:00"),
    visits(
        "16:00", CHEN, "拜访_1103",
        visit(JIANGCHENG, "江城现场.jpg", "确认印刷样张", "熊主任看了样张，颜色偏红要调整，调整后当场签字，预计下周可以开印。"),
        (Picture("江城现场.jpg", like=(ZHANG, "IMG_1102_01.jpg")),),
        answered("用同事用过的照片", "退回", "已被 张伟 在"),
    ),
    visits(
        "16:00", ZHANG, "拜访_1103",
        (
            visit(HONGYUAN, "IMG_1103_01.jpg", "确认二期设备数量", "李经理确认二期需要 40 台，希望春节前交货；我方答应周五前给出报价。", "带报价单"),
            visit(HUAXIN, "IMG_1103_02.jpg", "送样件图纸", "邓总把图纸转给技术部，技术部提出三处修改意见，约定下周一再看修改稿。"),
        ),
        (
            photo("IMG_1103_01.jpg", 201, HONGYUAN, "10:10", made="coarse"),
            photo("IMG_1103_02.jpg", 206, HONGYUAN, "11:30"),
        ),
        answered("昨天的照片重新压缩后再用", "待审批", "很相似", "宏远"),
        answered("照片不在客户所在的区（南山→福田）", "待审批", "公里", "华新"),
    ),
    visits(
        "16:00", LIU, "拜访_1103",
        visit(PUJIANG, "IMG_0420.jpg", "送服务网点清单", "沈经理核对了清单，对静安和浦东两个网点满意，合同进入法务审核，预计一周。"),
        (photo("IMG_0420.jpg", 207, XIXI, "10:00"),),
        answered("照片不在客户所在的城市（杭州→上海）", "待审批", "杭州市"),
    ),
    visits(
        "16:00", WANG, "拜访_1103",
        visit(SHUGUANG, "IMG_1103_11.jpg", "首次拜访介绍公司", "罗厂长介绍了厂里的采购流程，新供应商要先进名录，需要提供三证和两家同行案例。", 同行人员="马小云"),
        (photo("IMG_1103_11.jpg", 208, SHUGUANG, "10:00"),),
        answered("同行人员不是同事", "退回", "不是在职同事"),
    ),
    visits(
        "16:00", HUANG, "拜访_1103",
        visit(XIXI, "IMG_1103_21.jpg", "续签维护合同", "与俞总谈妥响应时间 6 小时，价格上调 5%，对方行政明天出用印申请，约周四签字。"),
        (photo("IMG_1103_21.jpg", 209, XIXI, "11:00", metres_off=1200),),
        answered("照片离客户门头约 1.2 公里", "待审批", "距客户门头约"),
    ),
    visits(
        "16:00", LI, "拜访_1103",
        visit(YUANHANG, "IMG_2210.heic", "回访促销试卖情况", "何经理反馈第一批 20 箱卖得不错，准备追加 50 箱，要求周五前到货并换新包装。"),
        (photo("IMG_2210.heic", 210, None, "15:00", made="heic"),),
        answered("手机没有打开定位", "待审批", "没有定位信息"),
    ),
    report(
        LI_, TUE, "18:30", answered("删掉了“明日工作计划”一列", "", "缺少必填列“明日工作计划”"), without="明日工作计划"
    ),
    *reports(TUE, {LI, CHEN}),
    report(LI_, TUE, "19:00", answered("用模板重新填写日报", "待审批")),
    Decide(
        "19:10", LIN, VISIT, (Verdict(decision=None), Verdict("宏远", "同意", None, {"拜访记录": "客户确认采购 400 台"})),
        again_later=True, tells=(answered("审批单中锁定的内容被改动", "退回", "锁定的“拜访记录”被改动"),),
    ),
    Decide(
        "19:20", GAO, VISIT, out_of=LIN, again_later=True,
        tells=(answered("拿别人的审批单来审批", "退回", "这份审批单是发给林婉清的"),),
    ),
    Decide(
        "19:30", LIN, VISIT, (Verdict(decision=None), Verdict("宏远", "驳回")),
        again_later=True, tells=(answered("驳回却没有写意见", "退回", "驳回必须填写审批意见"),),
    ),
    Decide(
        "19:40", LIN, VISIT, (Verdict(), Verdict("宏远", "驳回", "照片与昨天的是同一张，请当面说明")),
        tells=(
            answered("补写意见后驳回", "已受理", "已驳回", "宏远"),
            answered("驳回的结果送到提交人", "退回", "请当面说明", "宏远", ZHANG),
        ),
    ),
    *approvals("19:40", VISIT, (GAO,)),
    *reviews(),
)  # fmt: skip

FIRST_DAYS: tuple[Day, ...] = (
    Day(MON, _MONDAY, (Owed(WANG, "迟交", "日报合规表：王磊迟交，不扣款"),)),
    Day(TUE, _TUESDAY, missed(CHEN)),
)
