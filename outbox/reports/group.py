"""集团概览: what the group's books say side by side, for the head office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outbox.heading import headed
from outbox.xlsx.palette import CELL, CENTRED, LABEL, MONEY, NUMBER, TITLE
from outbox.xlsx.sheet import Drawing, Page

SHEET = "集团概览"
UNKNOWN = "不知道"  #: stands where a branch could not be asked
_HEADERS = (
    "分公司", "账本到", "在职人员", "客户", "其中公海", "本月拜访", "本月订单", "本月订单金额(元)", "本月回款(元)", "本月缺交日报", "说明",
)  # fmt: skip
_WIDTHS = (18, 18, 10, 10, 10, 10, 10, 18, 18, 14, 46)
_LOOKS = (CELL, CENTRED, *(NUMBER,) * 5, MONEY, MONEY, NUMBER, CELL)


@dataclass(frozen=True)
class BranchLine:
    """A branch's month; money in yuan.  What is not known is None."""

    branch: str
    until: str  #: time of its newest entry
    people: int | None = None
    customers: int | None = None
    pooled: int | None = None
    visits: int | None = None
    orders: int | None = None
    ordered: float | None = None
    paid: float | None = None
    missing: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Shared:
    """Something that two branches have: a customer, a picture, a person."""

    what: str
    branches: tuple[str, ...]
    details: tuple[str, ...]  #: one for each branch


@dataclass(frozen=True)
class GroupOverview:
    """The group in a month, as far as its books could be read."""

    month: str
    lines: tuple[BranchLine, ...]
    customers: tuple[Shared, ...]
    photos: tuple[Shared, ...]
    people: tuple[Shared, ...]
    made_at: datetime
    company: str = ""


def render_group(report: GroupOverview) -> bytes:
    """The workbook ``集团概览_YYYY-MM.xlsx``."""
    title = headed(report.company, f"{SHEET} {report.month}")
    book = Drawing(report.made_at, title=title)
    page = book.page("概览")
    page.put(0, 0, title, TITLE)
    page.put(1, 0, _asked(report), LABEL.but(wrap=False))
    page.table_head(2, _HEADERS)
    for row, line in enumerate(report.lines, 3):
        for column, (value, look) in enumerate(zip(vars(line).values(), _LOOKS, strict=True)):
            page.put(row, column, UNKNOWN if value is None else value, CENTRED if value is None else look)
    _finish(page, _WIDTHS, title)
    for name, found, first in (
        ("同一客户", report.customers, "客户"), ("同一照片", report.photos, "照片内容"), ("同一人", report.people, "手机号码"),
    ):  # fmt: skip
        _shared(book.page(name), name, found, first, title)
    return book.finish()


def _asked(report: GroupOverview) -> str:
    away = [line.branch for line in report.lines if line.people is None]
    if not away:
        return f"{len(report.lines)} 家分公司的账本都读到了。"
    return f"读不到：{'、'.join(away)}，它们的数字是“{UNKNOWN}”，不是 0；跨分公司的核对也没有包括它们。"


def _shared(page: Page, name: str, found: tuple[Shared, ...], first: str, title: str) -> None:
    page.put(0, 0, f"{name}在两家以上的分公司", TITLE)
    page.put(1, 0, f"共 {len(found)} 项。" if found else "没有。", LABEL.but(wrap=False))
    page.table_head(2, (first, "分公司", "各自的记录"))
    for row, each in enumerate(found, 3):
        page.put_row(row, (each.what, "、".join(each.branches), "；".join(each.details)))
    _finish(page, (34, 30, 80), title)


def _finish(page: Page, widths: tuple[int, ...], title: str) -> None:
    for column, width in enumerate(widths):
        page.layout.width(column, width)
    page.sheet.freeze_panes(3, 0)
    page.paper(title)
