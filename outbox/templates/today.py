"""今天: the first sheet of a salesperson's workbook: what is to be done, the own month, and what to go through before a visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from outbox.templates.model import Listing
from outbox.xlsx.cell import CellValue
from outbox.xlsx.palette import (
    BAD,
    CELL,
    CENTRED,
    HEADING,
    HINT,
    IDLE,
    LABEL,
    OPEN,
    TITLE,
    WAIT,
    Look,
    status_look,
    usual_look,
)

if TYPE_CHECKING:
    from outbox.xlsx.sheet import Page

TODAY = "今天"
RETURNED, PHOTO, REPORT, LEAVING = "退回", "补照片", "日报", "快回公海"
_WIDTHS = (14, 52, 50, 14)
_LAST = len(_WIDTHS) - 1
_HOW = "填好的表另存到“投递”文件夹，结果在“回执”里看。这份工作簿每晚更新。"
_MATTERS = {RETURNED: BAD, PHOTO: WAIT, REPORT: OPEN, LEAVING: WAIT}
_SOON, _BEFORE_LONG = 3, 7  # days


def days_look(value: CellValue) -> Look:
    """How 剩余天数 looks: soon is red, before long amber."""
    if not isinstance(value, int):
        return usual_look(value)
    return BAD if value <= _SOON else WAIT if value <= _BEFORE_LONG else CENTRED


def _figure(value: CellValue) -> Look:
    return CENTRED.but(number="#,##0.00" if isinstance(value, float) else "#,##0")


#: header → how a cell under it looks
LOOKS: Mapping[str, Callable[[CellValue], Look]] = {
    "剩余天数": days_look,
    "事项": lambda value: _MATTERS.get(str(value), CENTRED),
    "状态": lambda value: status_look(str(value)),
    "完成": lambda value: _figure(value),
    "指标": lambda value: _figure(value),
    "达成率": lambda value: CENTRED.but(number="0%") if value not in (None, "") else IDLE.but(fill=""),
}


def write_today(page: Page, heading: str, parts: Sequence[Listing], check_list: Sequence[str]) -> None:
    """Everything on one sheet, one part below the other."""
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.put(0, 0, heading, TITLE)
    page.span(1, 0, _LAST, _HOW, LABEL)
    row = 3
    for part in parts:
        row = _part(page, row, part) + 1
    page.put(row, 0, "拜访前请逐项核对", HEADING)
    for line in check_list:
        row += 1
        page.span(row, 0, _LAST, f"□ {line}", HINT)
    page.sheet.hide_gridlines(2)
    page.paper(heading)
    page.sheet.set_portrait()


def _part(page: Page, row: int, part: Listing) -> int:
    """One table under its heading; gives the next free row."""
    page.put(row, 0, part.title, HEADING)
    for note in part.notes:
        row += 1
        page.span(row, 0, _LAST, note, LABEL)
    row += 1
    if not part.rows:
        page.span(row, 0, _LAST, "没有。", CELL)
        return row + 1
    page.table_head(row, part.headers)
    for cells in part.rows:
        row += 1
        for column, value in enumerate(cells):
            page.put(row, column, value, LOOKS.get(part.headers[column], usual_look)(value))
    return row + 1
