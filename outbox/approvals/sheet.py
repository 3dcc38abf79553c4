"""审批: the sheet on which an approver decides, row by row; only the decision can be written.

What is locked here can still be overwritten by programs: the reader compares every cell with what was issued.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from outbox.xlsx.cell import CellValue
from outbox.xlsx.palette import (
    AMBER,
    AMBER_PALE,
    CELL,
    CENTRED,
    GREEN,
    GREEN_PALE,
    HEADER,
    HEADER_OURS,
    HEADER_WRITABLE,
    HINT,
    MARKS,
    MONEY,
    MUTED,
    RED,
    RED_PALE,
    TITLE,
    WRITABLE,
    Look,
    usual_look,
)
from outbox.xlsx.sheet import Book, Page, column_letter

RECEIPT_NO, SUBMITTER, SUBMITTED_AT = "受理号", "提交人", "提交时间"
FLAGS, PICTURES = "系统提示", "照片"
DECISION, COMMENT = "审批结论", "审批意见"
NUMBER, TOKEN = "表单编号", "校验码"
APPROVE, REJECT = "同意", "驳回"
PROPERTY_FORM, PROPERTY_NUMBER, PROPERTY_TOKEN = "kebu_form", "kebu_number", "kebu_token"
EXPLANATION = "说明"

_PICTURE_HIGH = 110  # pixels
_PICTURES_ACROSS = 330
_COMPARE = (
    "{columns}：银行到账是什么就写什么；已经预填的，请核对。",
    "三项都与登记的内容一致才算确认；有一项不一致，系统会把这一行退回提交人，并写明两边的内容。",
)
_HOW = (
    "请在每行的“审批结论”中选择“同意”或“驳回”；选“驳回”时，必须在“审批意见”中写明原因。",
    "黄色的格子由您填写，其余的格子请不要改动；暂时不能决定的行可以空着，以后再填。",
    "填好后保存，把本文件放进您的“投递”文件夹，系统会把结果通知提交人，并给您回执。",
)


@dataclass(frozen=True)
class ApprovalRow:
    """A row that waits for a decision."""

    receipt_no: str
    submitter: str
    submitted_at: datetime
    cells: tuple[CellValue, ...]  #: one for each of the sheet's headers
    flags: str  #: what the approver should look at, in words
    pictures: tuple[bytes, ...] = field(repr=False)  #: JPEG thumbnails
    token: str
    prefilled: tuple[CellValue, ...] = ()  #: one for each extra header


@dataclass(frozen=True)
class ApprovalSheet:
    """The rows of one form that wait for one approver."""

    number: str  #: 表单编号
    form: str
    approver: str
    issued_at: datetime
    headers: tuple[str, ...]
    rows: tuple[ApprovalRow, ...]
    token: str
    extra_headers: tuple[str, ...] = ()  #: further columns for the approver to fill, such as 到账金额


def approval_headers(sheet: ApprovalSheet) -> tuple[str, ...]:
    """The header row of *sheet*, in order."""
    ours = (RECEIPT_NO, SUBMITTER, SUBMITTED_AT)
    return (*ours, *sheet.headers, FLAGS, PICTURES, *sheet.extra_headers, DECISION, COMMENT, NUMBER, TOKEN)


def render_approval_sheet(sheet: ApprovalSheet) -> bytes:
    """The workbook that the approver fills in and drops."""
    known = {PROPERTY_FORM: sheet.form, PROPERTY_NUMBER: sheet.number, PROPERTY_TOKEN: sheet.token}
    book = Book(sheet.issued_at, title=f"审批 {sheet.form} {sheet.number}", properties=known)
    page = book.page(f"审批_{sheet.form}")
    headers = approval_headers(sheet)
    _write_headers(page, headers, sheet)
    for row, values in enumerate(sheet.rows, 1):
        _write_row(page, row, sheet, values, headers)
    _set_widths(page, headers, sheet)
    if sheet.rows:
        _guide_decisions(page, headers, len(sheet.rows))
    _protect(page, headers, sheet)
    page.paper(f"{sheet.form}　审批表　表单编号：{sheet.number}　审批人：{sheet.approver}")
    _write_explanation(book.page(EXPLANATION), sheet)
    return book.finish()


def _write_headers(page: Page, headers: tuple[str, ...], sheet: ApprovalSheet) -> None:
    writable = {*sheet.extra_headers, DECISION, COMMENT}
    first_extra = headers.index(PICTURES, 3 + len(sheet.headers)) + 1
    for column, header in enumerate(headers):
        ours = column < 3 or 3 + len(sheet.headers) <= column
        look = HEADER_WRITABLE if column >= first_extra and header in writable else HEADER_OURS if ours else HEADER
        page.put(0, column, header, look)
    page.layout.height(0, 30)


def _write_row(page: Page, row: int, sheet: ApprovalSheet, values: ApprovalRow, headers: tuple[str, ...]) -> None:
    flagged = CELL.but(**MARKS["flag"]) if values.flags else CELL
    page.put(row, 0, values.receipt_no, flagged.but(align="center", bold=True))
    page.put(row, 1, values.submitter, CENTRED)
    page.put(row, 2, values.submitted_at, CENTRED.but(number="yyyy-mm-dd hh:mm"))
    for column, cell in enumerate(values.cells, 3):
        page.put(row, column, cell, MONEY if isinstance(cell, float) else usual_look(cell))
    column = 3 + len(sheet.headers)
    page.put(row, column, values.flags, flagged)
    page.put(row, column + 1, "" if values.pictures else "无", MUTED)
    page.pictures(row, column + 1, values.pictures, high=_PICTURE_HIGH, across=_PICTURES_ACROSS)
    column += 2
    for index, header in enumerate(sheet.extra_headers):
        given = values.prefilled[index] if index < len(values.prefilled) else None
        page.put(row, column + index, given, _extra_look(header))
    column += len(sheet.extra_headers)
    page.put(row, column, None, WRITABLE.but(align="center", bold=True, size=11))
    page.put(row, column + 1, None, WRITABLE)
    page.put(row, column + 2, sheet.number, MUTED)
    page.put(row, column + 3, values.token, MUTED)
    page.layout.height(row, 34)


def _extra_look(header: str) -> Look:
    if header.endswith("日期"):
        return WRITABLE.but(number="yyyy-mm-dd", align="center")
    if "金额" in header:
        return WRITABLE.but(number="#,##0.00", align="right")
    return WRITABLE.but(number="@")


def _set_widths(page: Page, headers: tuple[str, ...], sheet: ApprovalSheet) -> None:
    first_after = 3 + len(sheet.headers)
    page.layout.fit(range(3), least=10, most=20)
    page.layout.fit(range(3, first_after), least=10, most=36)
    page.layout.width(first_after, 34 if any(row.flags for row in sheet.rows) else 12)
    page.layout.fit(range(first_after + 1, len(headers) - 4), least=14, most=30)
    for column, width in zip(range(len(headers) - 4, len(headers)), (12, 30, 18, 12), strict=True):
        page.layout.width(column, width)
    page.layout.hidden.add(len(headers) - 1)


def _guide_decisions(page: Page, headers: tuple[str, ...], rows: int) -> None:
    decision, comment = len(headers) - 4, len(headers) - 3
    rule = {
        "validate": "list", "source": [APPROVE, REJECT],
        "error_type": "information",  # 通过, √ and the like are understood too
        "error_title": "请核对", "error_message": f"通常选“{APPROVE}”或“{REJECT}”；通过、批准、√、是 算同意，不同意、退回、拒绝、×、否 算驳回。",
    }  # fmt: skip
    page.sheet.data_validation(1, decision, rows, decision, rule)
    at, said = f"${column_letter(decision)}2", f"${column_letter(comment)}2"
    book = page.book
    for column, criteria, colours in (
        (decision, f'={at}="{APPROVE}"', book.overlay(ink=GREEN, fill=GREEN_PALE)),
        (decision, f'={at}="{REJECT}"', book.overlay(ink=AMBER, fill=AMBER_PALE)),
        (comment, f'=AND({at}="{REJECT}",LEN(TRIM({said}))=0)', book.overlay(ink=RED, fill=RED_PALE)),
    ):
        options = {"type": "formula", "criteria": criteria, "format": colours}
        page.sheet.conditional_format(1, column, rows, column, options)
    page.sheet.set_selection(1, decision, 1, decision)


def _protect(page: Page, headers: tuple[str, ...], sheet: ApprovalSheet) -> None:
    page.sheet.freeze_panes(1, 4 if sheet.headers else 3)
    if sheet.rows:
        page.sheet.autofilter(0, 0, len(sheet.rows), len(headers) - 2)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "objects": True})


def _write_explanation(page: Page, sheet: ApprovalSheet) -> None:
    page.layout.width(0, 90)
    page.put(0, 0, f"{sheet.form} 审批表", TITLE)
    issued = f"{sheet.issued_at:%Y-%m-%d %H:%M}"
    page.put(
        1, 0, f"审批人：{sheet.approver}　表单编号：{sheet.number}　发出时间：{issued}　共 {len(sheet.rows)} 行", HINT
    )
    filled = "、".join(f"“{header}”" for header in sheet.extra_headers)
    compare = [line.format(columns=filled) for line in _COMPARE] if filled else []
    for row, line in enumerate((*compare, *_HOW), 3):
        page.put(row, 0, f"{row - 2}. {line}", HINT.but(size=11))
    page.sheet.hide_gridlines(2)
    page.paper(f"{sheet.form}　{EXPLANATION}")
    page.sheet.protect("", {})
