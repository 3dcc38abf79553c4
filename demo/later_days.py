"""Wednesday to Friday of the first week: photos that are late or false, files that cannot be read, things done twice."""

from __future__ import annotations

from datetime import date

from demo.habits import (
    CUSTOMER,
    EXEMPTION,
    PERSON,
    REPORT,
    VISIT,
    answered,
    approvals,
    missed,
    photo,
    report,
    report_row,
    reports,
    reviews,
    visit,
    visits,
)  # fmt: skip
from demo.people import (
    BOSS,
    CHEN,
    GAO,
    HENGTONG,
    HONGYUAN,
    HUANG,
    JIANGCHENG,
    LI,
    LIN,
    LINGNAN,
    LIU,
    NEWCOMER,
    SELLERS,
    SHUGUANG,
    WANG,
    WU,
    XIXI,
    YUANHANG,
    ZHANG,
    ZHOU,
)  # fmt: skip
from demo.story import Act, Again, Day, Decide, Drop, Filled, Mend, Owed, Picture, Reviewed

WED, THU, FRI = date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 6)
CHEN_, HUANG_ = SELLERS[3], SELLERS[5]

_WEDNESDAY: tuple[Act, ...] = (
    Drop(
        "09:00", BOSS, "新同事", (Filled(PERSON, (NEWCOMER.row(),)),),
        tells=(answered("新同事入职，文件夹随即建立", "已受理", about=WU),),
    ),
    Drop(
        "10:00", GAO, "年假", (Filled(EXEMPTION, ({
            "姓名": LIU, "开始日期": date(2026, 11, 5), "结束日期": date(2026, 11, 6), "原因": "年假",
        },)),),
        tells=(answered("部门经理登记年假", "已受理", about="年假"),),
    ),
    visits(
        "15:00", ZHANG, "拜访_1104",
        visit(HONGYUAN, "IMG_1104_01.jpg", "送二期报价单", "李经理认为报价基本合理，要求交期写进合同并约定违约金，法务下周回复意见。"), (),
        answered("表格先到，照片还没有到", "待补照片"),
    ),
    visits(
        "15:00", ZHOU, "拜访_1104",
        visit(HENGTONG, "IMG_9999.jpg", "了解仓储改造计划", "马总介绍明年改造两个仓库，货架和传送带都要更换，预算在一月份确定。"), (),
        answered("表格填了照片，照片没有来", "待补照片"),
    ),
    visits(
        "15:00", HUANG, "拜访_1104",
        visit(XIXI, "截屏_1118.png", "确认用印时间", "俞总在微信上确认周四上午可以用印，双方各留两份，发票按季度开具。"),
        (Picture("截屏_1118.png", 5, made="screenshot"),),
        answered("用聊天截图当现场照片", "退回", "是截图"),
    ),
    visits(
        "15:00", WANG, "拜访_1104",
        visit(SHUGUANG, "IMG_1104_11.jpg", "递交供应商资料", "罗厂长收下资料，采购科当面核对三证，缺一份质检报告，答应补齐后进入名录。"),
        (photo("IMG_1104_11.jpg", 211, SHUGUANG, "10:00", made="edited"),),
        answered("照片用修图软件处理过", "退回", "Adobe Photoshop"),
    ),
    visits(
        "15:00", LI, "拜访_1104",
        visit(LINGNAN, "IMG_2231.heic", "首次拜访了解需求", "梁经理介绍公司有 3 条生产线，包装材料每季招标一次，下一次在十二月初。", "准备招标资料"),
        (photo("IMG_2231.heic", 212, LINGNAN, "10:00", made="heic"),),
        answered("正常的拜访", "待审批", about="岭南"),
    ),
    Drop("17:00", ZHANG, pictures=(photo("IMG_1104_01.jpg", 213, HONGYUAN, "14:10"),),
         tells=(answered("照片补到，那一行自动接上", "待审批", about="宏远"),)),
    visits(
        "17:00", LI, "拜访_1104",
        visit(LINGNAN, "IMG_2231.heic", "首次拜访了解需求", "梁经理介绍公司有 3 条生产线，包装材料每季招标一次，下一次在十二月初。", "准备招标资料"),
        (), answered("同一份表格又投递了一次", "重复", about="岭南"),
    ),
    report(CHEN_, WED, "18:30", answered("日期写成“周三”，看不出是哪一天", "退回", "看不出是哪一天"), 日期="周三"),
    *reports(WED, {CHEN}),
    Mend("19:30", CHEN, "日报_1104", {"日期": "2026-11-04"}, (answered("在回执上写全日期，再次投递", "待审批"),)),
    *approvals("19:00", VISIT),
    *reviews(),
)  # fmt: skip

_FIRST_VISIT = visit(
    JIANGCHENG,
    "IMG_1105_01.jpg",
    "确认开印数量",
    "熊主任确认首批开印 5000 册，纸张改用 80 克，单价不变，周五安排进车间。",
)
_SECOND_VISIT = visit(
    JIANGCHENG,
    "IMG_1105_02.jpg",
    "看首批样书",
    "下午到车间看样书，装订有两处不齐，班长当场调整，明天上午再看一次成品。",
)

_THURSDAY: tuple[Act, ...] = (
    Drop(
        "09:30", ZHANG, "客户资料", (Filled(CUSTOMER, (HONGYUAN.row("宏远电子门头"),)),), spoilt="encrypted",
        tells=(answered("工作簿加了密码", "", "密码"),),
    ),
    Drop(
        "09:30", LI, "系统导出", (Filled(REPORT, (report_row(SELLERS[1], THU),)),), spoilt="web page",
        tells=(answered("网页改名为 .xlsx", "", "网页"),),
    ),
    Drop(
        "09:30", WANG, "拜访", (Filled(VISIT, ()),), spoilt="empty",
        tells=(answered("0 字节的空文件", "", "空"),),
    ),
    visits("11:00", CHEN, "拜访_本周", _FIRST_VISIT, (photo("IMG_1105_01.jpg", 221, JIANGCHENG, "10:20"),)),
    visits(
        "16:00", CHEN, "拜访_本周", (_FIRST_VISIT, _SECOND_VISIT), (photo("IMG_1105_02.jpg", 222, JIANGCHENG, "15:10"),),
        answered("同一个工作簿加了一行：旧行", "重复", about="IMG_1105_01"),
        answered("同一个工作簿加了一行：新行", "待审批", about="IMG_1105_02"),
    ),
    visits(
        "16:00", ZHOU, "拜访_1105",
        visit(HENGTONG, "IMG_1105_31.jpg", "测量仓库尺寸", "与仓库主管一起量了两个库房，记录了立柱和消防通道的位置，方案周一给出。", 客户名称="北京恒通物流公司"),
        (photo("IMG_1105_31.jpg", 223, HENGTONG, "10:30"),),
        answered("客户名称与档案不一致", "退回", "是否为“北京恒通物流有限公司”"),
    ),
    visits(
        "16:00", HUANG, "拜访_1105",
        visit(XIXI, "IMG_1105_21.jpg", "签订维护合同", "上午在西溪软件签字用印，合同一式四份，首期款十二月五日前支付。", "收首期款"),
        (photo("IMG_1105_21.jpg", 224, XIXI, "09:50"),),
    ),
    *reports(THU, {LIU}),
    Decide("19:00", LIN, VISIT, tells=(answered("部门经理审批拜访", "已受理", "已同意", "江城"),)),
    *approvals("19:00", VISIT, (GAO,)),
    Again(
        "19:10", LIN, f"审批_{VISIT}", ".sync-conflict-20261105-190500-KEBU",
        (answered("同步软件留下审批单的冲突副本", "重复", "不再重复处理", "江城"),),
    ),
    *reviews(),
)  # fmt: skip

_FRIDAY: tuple[Act, ...] = (
    Drop(
        "10:00", CHEN, "新客户2", (Filled(CUSTOMER, (HONGYUAN.row("宏远招牌.jpg", 销售区域="华中"),)),),
        (Picture("宏远招牌.jpg", 131, HONGYUAN.place, "09:30", 0, HONGYUAN.sign),),
        tells=(answered("新增同事已有的客户", "退回", "已经在册"),),
    ),
    visits(
        "16:00", WANG, "拜访_1106",
        visit(YUANHANG, "IMG_1106_11.jpg", "顺路拜访介绍新品", "何经理听了新品介绍，觉得包装不错，让先寄两箱样品，试卖后再谈进货。"),
        (photo("IMG_1106_11.jpg", 231, YUANHANG, "11:00"),),
        answered("拜访同事的客户", "退回", "不是您可以跟进的客户"),
    ),
    visits(
        "16:00", LIN, "拜访_1106",
        visit(HONGYUAN, "IMG_5001.heic", "与客户高层见面", "与李经理及其主管副总会面，对方明确二期预算已批，要求下周三前提交正式合同。", 同行人员=ZHANG),
        (photo("IMG_5001.heic", 232, HONGYUAN, "14:30", made="heic"),),
        answered("部门经理拜访，由销售经理审批", "待审批"),
    ),
    Drop(
        "16:00", ZHOU, pictures=(photo("IMG_1106_31.jpg", 233, HENGTONG, "10:00"),),
        tells=(answered("只放照片，没有表格引用", "", "还没有表格引用它"),),
    ),
    *reports(FRI, {LIU, ZHOU, HUANG}),
    report(
        HUANG_, FRI, "18:30", answered("照抄昨天的日报", "待审批", "疑似照抄"),
        今日工作总结=report_row(HUANG_, THU)["今日工作总结"],
    ),
    Decide("19:00", BOSS, VISIT, tells=(answered("销售经理审批通过", "已受理", "赵明远同意", "宏远", LIN),)),
    *reviews(managers=(GAO,)),
    *reviews("22:30", (LIN,)),
)  # fmt: skip

LATER_DAYS: tuple[Day, ...] = (
    Day(WED, _WEDNESDAY),
    Day(
        THU, _THURSDAY,
        (Owed(LIU, "豁免", "日报合规表：刘洋年假", "年假"),),
        night=(
            answered("照片到第二天结束还没有来", "退回", "仍未收到", "恒通", ZHOU),
            answered("客户快要回到公海，提醒归属人", "", "再过 1 天没有跟进", who=ZHOU),
        ),
    ),
    Day(
        FRI, _FRIDAY, (Owed(LIU, "豁免"), *missed(ZHOU)),
        reviewed=(Reviewed(LIN, "逾期", "部门经理 22:30 才审核日报"),),
    ),
)  # fmt: skip
