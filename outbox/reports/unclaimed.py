"""未认领到账: money that the bank has and that nobody has entered (客户回款 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from outbox.heading import headed
from outbox.xlsx.palette import CELL, CENTRED, LABEL, MONEY, NUMBER, TITLE
from outbox.xlsx.sheet import Drawing

SHEET = "未认领到账"
HEADERS = ("到账日期", "付款方名称", "到账金额(元)", "流水号", "摘要", "已过天数", "可能的客户（归属人）")
_WIDTHS = (13, 30, 16, 22, 24, 10, 46)
_LOOKS = (CENTRED, CELL, MONEY, CELL, CELL, NUMBER, CELL)


@dataclass(frozen=True)
class UnclaimedLine:
    """One line of the bank statement; money in yuan."""

    arrived_on: date
    payer: str
    amount: float
    serial: str
    memo: str
    days: int  #: since the money arrived
    maybe: str  #: customers whose name the payer's resembles, each with its owner


@dataclass(frozen=True)
class Unclaimed:
    """What had found no payment at the end of a day."""

    day: date
    lines: tuple[UnclaimedLine, ...]
    made_at: datetime
    company: str = ""  #: its name, for the heading


def render_unclaimed(report: Unclaimed) -> bytes:
    """The workbook ``报表/未认领到账_YYYY-MM-DD.xlsx``."""
    title, lines = headed(report.company, f"{SHEET} {report.day}"), report.lines
    book = Drawing(report.made_at, title=title)
    page = book.page(SHEET)
    page.put(0, 0, title, TITLE)
    total = sum(line.amount for line in lines)
    page.put(
        1,
        0,
        f"共 {len(lines)} 笔，{total:,.2f} 元。请提醒对应的销售人员登记客户回款。" if lines else "没有未认领的到账。",
        LABEL.but(wrap=False),
    )
    page.table_head(2, HEADERS)
    for row, line in enumerate(lines, 3):
        for column, (value, look) in enumerate(zip(vars(line).values(), _LOOKS, strict=True)):
            page.put(row, column, value, look)
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.sheet.freeze_panes(3, 0)
    page.paper(title)
    return book.finish()
