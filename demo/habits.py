"""What everybody does on every ordinary day, in few words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from demo.people import CLIENTS, GAO, LIN, SELLERS, Client, Colleague, Place, Row, selling
from demo.story import Act, Day, Decide, Drop, Filled, Owed, Picture, Tell

VISIT, PLAN, REPORT, EXEMPTION = "拜访记录", "拜访计划", "销售日报", "日报豁免"
CUSTOMER, CLAIM, CHANGE, TRANSFER = "客户新增", "客户申领", "信息变更", "客户转交"
ORDER, PAYMENT, BANK, TARGET = "成交订单", "客户回款", "银行流水", "销售指标"
PERSON, PERSON_CHANGE = "人员新增", "人员变更"
OPPORTUNITY, CORRECTION, DEPUTY = "商机", "更正", "审批代理"
APPEAL, CHARGE = "日报申诉", "扣款核定"


def visit(client: Client, photo: str | None, purpose: str, content: str, coming: str = "", **otherwise: object) -> Row:
    """A row of 拜访记录, with *otherwise* in place of what is usual."""
    usual: Row = {
        "客户名称": client.name, "现场照片": photo, "拜访对象": client.contact, "拜访目的": purpose,
        "拜访记录": content, "下次拜访目的": coming or None,
    }  # fmt: skip
    return {**usual, **otherwise}


def photo(name: str, scene: int, at: Client | Place | None, taken: str, **otherwise: object) -> Picture:
    """A picture taken at a customer's."""
    place = at.place if isinstance(at, Client) else at
    return Picture(name, scene, place, taken, **otherwise)  # type: ignore[arg-type]


def visits(
    at: str, who: str, book: str, rows: Row | tuple[Row, ...], pictures: tuple[Picture, ...] = (), *tells: Tell
) -> Drop:
    """Visits dropped with their pictures."""
    return Drop(at, who, book, (Filled(VISIT, rows if isinstance(rows, tuple) else (rows,)),), pictures, tells=tells)


def answered(what: str, outcome: str, says: str = "", about: str = "", who: str = "") -> Tell:
    """A line of the table."""
    return Tell(what, outcome, says, about, who)


# -- daily reports

_DONE = (
    "上午拜访{sign}，{contact}看了样品，同意下周安排试用；下午整理会议纪要。",
    "给{sign}做了两版报价，价格差距约 4%，等对方财务回复。",
    "电话回访老客户 12 家，其中 3 家有新需求，已登记。",
    "参加产品培训半天，学习新型号的安装要点，并做了笔记。",
    "{sign}的合同条款逐条过了一遍，付款方式还有分歧。",
    "陪{contact}参观我方仓库，交期和备货情况对方比较满意。",
    "整理客户资料，补齐缺少的联系人和详细地址共 8 条。",
    "处理{sign}的售后问题，已协调技术部周内上门。",
    "在展会上收集名片 23 张，筛选出 5 家重点客户。",
    "与{contact}电话沟通半小时，确认预算在年底前落实。",
    "准备{sign}的投标文件，商务部分完成，技术部分一半。",
    "走访开发区 6 家企业，留下资料，两家约了再谈。",
    "部门周会，汇报本周进展；会后修改了客户拜访路线。",
)
_ALSO = (
    "晚上把当天的名片录入了通讯录。",
    "下班前同经理核对了本周目标。",
    "途中顺带看了竞品在当地的陈列。",
    "另外回复了客户邮件和微信共十余条。",
    "下午抽空更新了报价模板和产品资料。",
)
_NEXT = (
    "跟进{sign}的回复，争取定下试用日期。",
    "上午电话回访，下午到客户现场。",
    "完成报价单并请经理审核。",
    "拜访一家新客户，准备产品资料和名片。",
    "与技术部对接方案，晚上发给{contact}。",
)


def report_row(person: Colleague, day: date) -> Row:
    """What *person* did on *day*: never the same twice in a month."""
    number = day.day + (5 * [colleague.name for colleague in SELLERS].index(person.name) if person in SELLERS else 3)
    client = next((client for client in CLIENTS if client.owner == person.name), CLIENTS[6])
    words = {"sign": client.sign, "contact": client.contact}
    return {
        "日期": day,
        "今日工作总结": (_DONE[number % len(_DONE)] + _ALSO[number % len(_ALSO)]).format(**words),
        "明日工作计划": _NEXT[number % len(_NEXT)].format(**words),
    }


def report(person: Colleague, day: date, at: str, *tells: Tell, without: str = "", **otherwise: object) -> Drop:
    """One daily report."""
    row = {**report_row(person, day), **otherwise}
    return Drop(at, person.name, f"日报_{day:%m%d}", (Filled(REPORT, (row,), without),), tells=tells)


def reports(day: date, besides: Collection[str] = (), at: str = "18:30") -> tuple[Drop, ...]:
    """Everybody's reports, besides those who have a story of their own that day."""
    return tuple(report(person, day, at) for person in selling(day) if person.name not in besides)


def reviews(at: str = "21:00", managers: tuple[str, ...] = (LIN, GAO)) -> tuple[Decide, ...]:
    """The managers read the reports of their departments."""
    return tuple(Decide(at, manager, REPORT) for manager in managers)


def approvals(at: str, form: str = "", managers: tuple[str, ...] = (LIN, GAO)) -> tuple[Decide, ...]:
    """The managers approve whatever lies in their folders."""
    return tuple(Decide(at, manager, form) for manager in managers)


def handed(at: str, who: str, book: str, form: str, *rows: Row, tells: tuple[Tell, ...] = ()) -> Drop:
    """Rows of one form, without pictures."""
    return Drop(at, who, book, (Filled(form, rows),), tells=tells)


def workday(day: date, *acts: Act, besides: tuple[str, ...] = (), **otherwise: Any) -> Day:
    """An ordinary day with *acts*, on which everybody *besides* these handed in a report."""
    return Day(day, (*acts, *reports(day, besides), *reviews()), missed(*besides), **otherwise)


def missed(*who: str) -> tuple[Owed, ...]:
    """Who handed in nothing."""
    return tuple(Owed(name, "缺交", f"{name}没有交日报") for name in who)
