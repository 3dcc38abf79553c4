"""Ways out for what managers hand in about people: 人员新增, 人员变更, 审批代理, 日报豁免, 销售指标, and cells as such."""

from __future__ import annotations

from typing import Any

from tests.company import Cells, Company, a_company, person
from tests.deals import target
from tests.ways.way import Row, Scene, Way, handed_over, later, mended


def newcomer(number: int, name: str) -> Cells:
    """A row of 人员新增 at which nothing is wrong."""
    return person(name, f"139{number:08d}", "销售一部", "销售人员", 入职日期="2026-11-23")


def changed(name: str, day: str, **what: Any) -> Cells:
    """A row of 人员变更."""
    return {"姓名": name, "生效日期": day, **what}


def deputy(principal: str, name: str, start: str, end: str) -> Cells:
    """A row of 审批代理."""
    return {"委托人": principal, "代理人": name, "开始日期": start, "结束日期": end, "原因": "年假"}


def exempted(name: str, start: str, end: str) -> Cells:
    """A row of 日报豁免."""
    return {"姓名": name, "开始日期": start, "结束日期": end, "原因": "年假"}


def _before(co: Company) -> None:
    """Two of one name, a deputy, and a colleague's target that waits."""
    co.found([person("马六", "13800131111", "销售一部", "销售人员"), person("马六", "13800132222", "销售一部", "销售人员")],
             "11-23 09:00")  # fmt: skip
    co.hand_in("赵总", "代理.xlsx", 审批代理=[deputy("李四", "周八", "2026-12-10", "2026-12-12")])
    co.hand_in("王五", "指标.xlsx", 销售指标=[target("王五", 6)])
    co.run("11-23 09:30")
    for name in ("赵总", "王五"):
        co.new(name)


def _rejected(co: Company) -> None:
    co.decide("赵总", co.approval("赵总", "销售指标"), "驳回", "由经理编制")
    co.run("11-23 11:00")
    co.new("赵总")


PEOPLE: tuple[Way, ...] = (
    mended("person.name.usable", "赵总", "人员新增", newcomer(1, "陈东"), "不要有 /", 姓名="陈/东"),
    mended("person.name.disguised", "赵总", "人员新增", newcomer(9, "陈中"), "请用普通的汉字、字母重新输入", 姓名="陈\u3164中"),
    Way(
        "person.registered", Row("赵总", "人员新增", person("陈六", "13800138006", "销售二部", "销售人员", 客户数量上限=60)),
        "请使用“人员变更”表", (Row("赵总", "人员变更", changed("陈六", "2026-11-24", 客户数量上限=60)),),
    ),
    mended("person.phone.taken", "赵总", "人员新增", newcomer(2, "陈南"), "请核对手机号码", 手机号码="13800138000"),
    mended("person.limit.customers", "赵总", "人员新增", newcomer(3, "陈西"), "大于 0 的整数", 客户数量上限=0),
    mended("person.limit.days", "赵总", "人员新增", newcomer(4, "陈北"), "大于 0 的整数", 最长跟进天数=0),
    mended("person_change.name.known", "赵总", "人员变更", changed("张三", "2026-11-24", 客户数量上限=51), "请填写名册中的姓名", 姓名="张叁"),
    Way(
        "person_change.something", Row("赵总", "人员变更", changed("王五", "2026-11-24")), "请至少填写一项变更",
        (Row("赵总", "人员变更", changed("王五", "2026-11-24", 客户数量上限=52)),),
    ),
    mended("person_change.new_name.disguised", "赵总", "人员变更", changed("马六1111", "2027-06-05", 新姓名="马路"), "请用普通的汉字、字母重新输入", 新姓名="马路\ufe00"),
    mended("person_change.new_name.usable", "赵总", "人员变更", changed("马六1111", "2027-06-01", 新姓名="马陆"), "不要有 /", 新姓名="马/陆"),
    Way(
        "person_change.new_name.another", Row("赵总", "人员变更", changed("马六1111", "2027-06-02", 新姓名="马六1111")), "“新姓名”空着",
        (Row("赵总", "人员变更", changed("马六1111", "2027-06-02", 部门="销售二部")),),
    ),
    mended(
        "person_change.new_name.taken", "赵总", "人员变更", changed("马六2222", "2027-06-03", 新姓名="王五2222"), "写成 王五2222", 新姓名="王五",
    ),
    mended("person_change.date.joined", "赵总", "人员变更", changed("陈六", "2026-12-01", 最长跟进天数=40), "请核对生效日期", 生效日期="2026-10-01"),
    mended(
        "person_change.limits", "赵总", "人员变更", changed("周八", "2027-01-01", 岗位="销售人员", 客户数量上限=20, 最长跟进天数=30),
        "大于 0 的整数", 客户数量上限=None,
    ),
    mended("person_change.phone.taken", "赵总", "人员变更", changed("张三", "2026-11-25", 手机号码="13800138099"), "请核对手机号码", 手机号码="13800138002"),
)  # fmt: skip

AWAY: tuple[Way, ...] = (
    mended("deputy.principal.known", "李四", "审批代理", deputy("李四", "周八", "2026-11-24", "2026-11-24"), "请填写名册中的姓名", 委托人="李四四"),
    handed_over("deputy.principal.own", "李四", "赵总", "审批代理", deputy("周八", "赵总", "2026-11-26", "2026-11-26"), "部门经理不在的，由销售经理投递"),
    mended("deputy.deputy.active", "李四", "审批代理", deputy("李四", "王五", "2026-11-27", "2026-11-27"), "另一位在职同事", 代理人="周九"),
    mended("deputy.dates.order", "李四", "审批代理", deputy("李四", "周八", "2026-11-28", "2026-11-29"), "请核对起止日期", 结束日期="2026-11-27"),
    mended("deputy.dates.over", "李四", "审批代理", deputy("李四", "周八", "2026-11-20", "2026-11-30"), "今天或以后的日期", 结束日期="2026-11-21"),
    mended("deputy.circle", "周八", "审批代理", deputy("周八", "赵总", "2026-12-11", "2026-12-13"), "请另选一位这段时间在岗的同事", 代理人="李四"),
    mended("exemption.name.known", "李四", "日报豁免", exempted("张三", "2026-11-24", "2026-11-24"), "请填写名册中的姓名", 姓名="张三三"),
    handed_over("exemption.name.own_department", "李四", "周八", "日报豁免", exempted("陈六", "2026-11-24", "2026-11-25"), "请由销售二部的经理或人力资源部投递"),
    handed_over("exemption.name.self", "李四", "孙人", "日报豁免", exempted("李四", "2026-11-24", "2026-11-25"), "请由人力资源部投递"),
    mended("exemption.dates.order", "李四", "日报豁免", exempted("王五", "2026-11-24", "2026-11-25"), "请核对起止日期", 结束日期="2026-11-23"),
    Way(
        "exemption.dates.length", Row("李四", "日报豁免", exempted("王五", "2026-12-01", "2028-06-30")), "一次最多豁免 366 天；更长的请分次投递",
        (Row("李四", "日报豁免", exempted("王五", "2026-12-01", "2027-12-01")), Row("李四", "日报豁免", exempted("王五", "2027-12-02", "2028-06-30"))),
    ),
)  # fmt: skip

TARGETS: tuple[Way, ...] = (
    mended("target.month.range", "张三", "销售指标", target("张三", 11), "请填写 1 到 12", 月份=13),
    mended("target.year.near", "张三", "销售指标", target("张三", 4), "四位数年份", 年度=2036, 开始日期="2036-04-01", 结束日期="2036-04-30"),
    mended("target.start.exact", "张三", "销售指标", target("张三", 6), "请填写 2026-06-01", 开始日期="2026-06-02"),
    mended("target.end.exact", "张三", "销售指标", target("张三", 9), "请填写 2026-09-30", 结束日期="2026-09-29"),
    mended("target.name.known", "李四", "销售指标", target("王五", 4), "请填写在职同事的姓名", 姓名="王五五"),
    handed_over("target.name.allowed", "张三", "王五", "销售指标", target("王五", 11), "销售人员编制自己的"),
    later("row.others", "李四", "销售指标", target("王五", 6, 90000), "对方的被驳回后可以再提交", _rejected),
)  # fmt: skip

CELLS: tuple[Way, ...] = (
    mended("shape.required", "赵总", "人员新增", newcomer(5, "陈上"), "请填写：", 部门=None),
    mended("shape.choice", "赵总", "人员新增", newcomer(6, "陈下"), "请从下拉列表中选择：男、女", 性别="F"),
    mended("shape.integer", "赵总", "人员新增", newcomer(7, "陈左"), "只填整数", 客户数量上限=12.5),
    mended("shape.phone", "赵总", "人员新增", newcomer(8, "陈右"), "核对后填写一个完整号码", 手机号码="1390013900"),
    mended("shape.money", "张三", "销售指标", target("张三", 12, 结束日期="2026-12-31"), "只填数字金额", 成交金额指标="十二万八"),
    mended("shape.date", "孙人", "日报豁免", exempted("张三", "2026-12-24", "2026-12-24"), "写全年月日", 开始日期="2026-02-30"),
    mended("shape.cell", "孙人", "日报豁免", exempted("张三", "2026-12-25", "2026-12-25"), "请改正公式，或直接填写内容", 原因="#REF!"),
    mended("shape.namesake", "李四", "日报豁免", exempted("马六2222", "2026-12-25", "2026-12-25"), "马六2222（销售一部）", "exemption.name.known", 姓名="马六"),
)  # fmt: skip

OFFICE = Scene("管理岗位", a_company, (*PEOPLE, *AWAY, *TARGETS, *CELLS), "11-23 10:00", "11-23 12:00", _before)
