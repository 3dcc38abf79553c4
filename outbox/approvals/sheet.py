"""审批: the sheet on which an approver decides, row by row; only the decision can be written.

What is locked here can still be overwritten by programs: the reader compares every cell with what was issued.
"""

from __future__ import annotations

from outbox.approvals.columns import PICTURE, SheetColumn, places
from outbox.approvals.model import APPROVE, REJECT, REST, ApprovalRow, ApprovalSheet
from outbox.heading import headed
from outbox.xlsx import measure
from outbox.xlsx.cell import CellValue, shown
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
    LABEL,
    MARKS,
    MUTED,
    RED,
    RED_PALE,
    TITLE,
    WRITABLE,
    Look,
    usual_look,
)
from outbox.xlsx.picture import GAP, Pictures
from outbox.xlsx.sheet import Drawing, Page, column_letter
from policy.form import NOT_READ, PICTURES_SAY

PROPERTY_FORM, PROPERTY_NUMBER, PROPERTY_TOKEN = "kebu_form", "kebu_number", "kebu_token"
EXPLANATION = "说明"
HEAD = 1  #: the row of headers, from 0: above it stands 其余同意

_COMPARE = (
    "{columns}：银行到账是什么就写什么；已经预填的，请核对。",
    "三项都与登记的内容一致才算确认；有一项不一致，系统会把这一行退回提交人，并写明两边的内容。",
)
_PICTURES_SAY = (
    f"“{PICTURES_SAY}”：系统读出照片上的文字，放在表中内容旁边对照；大图上画了框，绿色是一致，红色是不一致。",
    f"系统可能读错，“一致”不等于可以同意，“不一致”也不等于要驳回，请以照片为准。“没有读到”是照片上没有认出这一项，“{NOT_READ}”是系统没有读这张照片，请自己看。",
)
_HOW = (
    "有“⚠”的行排在最前，请逐行在“审批结论”中选择“同意”或“驳回”；选“驳回”时，必须在“审批意见”中写明原因。",
    f"其余的行没有问题时，在最上面“{REST}”右边的格子选“{APPROVE}”：没有“⚠”、也没有单独填写结论的行，一次全部同意。",
    "点一下行里的照片，可以打开清楚的大图；大图在“审批/照片”文件夹里，审批完就会清走。",
    "黄色的格子由您填写，其余的格子请不要改动；暂时不能决定的行可以空着，以后再填。",
    "填好后保存，把本文件放进您的“投递”文件夹，系统会把结果通知提交人，并给您回执。",
)


def render_approval_sheet(sheet: ApprovalSheet, pictures: Pictures) -> bytes:
    """The workbook that the approver fills in and drops."""
    known = {PROPERTY_FORM: sheet.form, PROPERTY_NUMBER: sheet.number, PROPERTY_TOKEN: sheet.token}
    book = Drawing(sheet.issued_at, title=f"审批 {sheet.form} {sheet.number}", properties=known)
    page, columns = book.page(f"审批_{sheet.form}"), places(sheet)
    _write_rest(page, columns, sheet)
    for column, place in enumerate(columns):
        page.put(HEAD, column, place.header, _header_look(place))
    page.layout.height(HEAD, 30)
    last = HEAD
    for values in sheet.rows:
        _write_row(page, last + 1, columns, sheet, values)
        last += _write_pictures(page, last + 1, columns, values, pictures)
    _set_widths(page, columns)
    if sheet.rows:
        _guide_decisions(page, columns, last)
    _protect(page, columns, last)
    page.paper(f"{sheet.form}　审批表　表单编号：{sheet.number}　审批人：{sheet.approver}")
    page.sheet.repeat_rows(0, HEAD)
    page.sheet.print_area(0, 0, last, sum(place.judged for place in columns))
    _write_explanation(book.page(EXPLANATION), sheet)
    return book.finish()


def _write_rest(page: Page, columns: tuple[SheetColumn, ...], sheet: ApprovalSheet) -> None:
    """The cell that decides everything without a flag at once, with what it does beside it."""
    flagged = sum(row.flagged for row in sheet.rows)
    page.put(0, 0, REST, LABEL.but(bold=True, align="right"))
    page.put(0, 1, None, WRITABLE.but(align="center", bold=True, size=11))
    words = f"←选“{APPROVE}”，没有⚠的 {len(sheet.rows) - flagged} 行一并同意；有⚠的 {flagged} 行请逐行填写。"
    last = sum(place.judged for place in columns) - 1
    page.span(0, 2, last, words, LABEL)
    page.layout.height(0, 24)


def _header_look(place: SheetColumn) -> Look:
    if place.kind in ("extra", "decision", "comment"):
        return HEADER_WRITABLE
    return HEADER if place.kind == "form" else HEADER_OURS


def _write_row(
    page: Page, row: int, columns: tuple[SheetColumn, ...], sheet: ApprovalSheet, values: ApprovalRow
) -> None:
    for column, place in enumerate(columns):
        value, look = _cell(place, sheet, values)
        page.put(row, column, value, _fitting(look, value, place))
    page.layout.height(row, 34)


def _write_pictures(
    page: Page, row: int, columns: tuple[SheetColumn, ...], values: ApprovalRow, pictures: Pictures
) -> int:
    """Lay the pictures into their cell; gives how many rows they take.  Below an upright one nothing is written."""
    shown_here = [(pictures(picture.kept_as), picture.link) for picture in values.pictures]
    at = next((column for column, place in enumerate(columns) if place.kind == "pictures"), None)
    if at is None or not shown_here:
        return 1
    rows = page.linked_pictures(row, at, shown_here, across=PICTURE + 2 * GAP)
    for below in range(row + 1, row + rows):
        page.put_row(below, [None] * len(columns))
    return rows


def _cell(place: SheetColumn, sheet: ApprovalSheet, values: ApprovalRow) -> tuple[CellValue, Look]:
    flagged = CELL.but(**MARKS["flag"]) if values.flagged else CELL
    match place.kind:
        case "flags":
            return values.flags, flagged
        case "pictures":
            return None if values.pictures else "无", MUTED
        case "submitter":
            return values.submitter, flagged.but(align="center")
        case "form":
            return values.cells[place.index], usual_look(values.cells[place.index])
        case "extra":
            given = values.prefilled[place.index] if place.index < len(values.prefilled) else None
            return given, _extra_look(place.header)
        case "decision":
            return None, WRITABLE.but(align="center", bold=True, size=11)
        case "comment":
            return None, WRITABLE
        case "receipt_no":
            return values.receipt_no, CENTRED.but(bold=True)
        case "submitted_at":
            return values.submitted_at, CENTRED.but(number="yyyy-mm-dd hh:mm")
        case "number":
            return sheet.number, MUTED
        case "token":
            return values.token, MUTED


def _fitting(look: Look, value: CellValue, place: SheetColumn) -> Look:
    """Long text in smaller letters: the column may not grow, and a row can only be so tall."""
    if not place.pixels or place.kind not in ("form", "flags"):
        return look
    text = shown(value, look.number)
    sizes = (size for size in (10, 9, 8) if measure.row_points(measure.line_count(text, place.pixels, size), size)
             < measure.MAX_ROW_POINTS)  # fmt: skip
    return look.but(size=next(sizes, 8))


def _extra_look(header: str) -> Look:
    if header.endswith("日期"):
        return WRITABLE.but(number="yyyy-mm-dd", align="center")
    if "金额" in header:
        return WRITABLE.but(number="#,##0.00", align="right")
    return WRITABLE.but(number="@")


def _set_widths(page: Page, columns: tuple[SheetColumn, ...]) -> None:
    for column, place in enumerate(columns):
        if place.pixels:
            page.layout.fix(column, measure.column_characters(place.pixels))
        elif place.kind == "token":
            page.layout.width(column, 12)
            page.layout.hidden.add(column)
        else:
            page.layout.fit([column], least=10, most=36)


def _guide_decisions(page: Page, columns: tuple[SheetColumn, ...], last: int) -> None:
    kinds = [place.kind for place in columns]
    decision, comment = kinds.index("decision"), kinds.index("comment")
    first = HEAD + 1
    rule = {
        "validate": "list", "source": [APPROVE, REJECT],
        "error_type": "information",  # 通过, √ and the like are understood too
        "error_title": "请核对", "error_message": f"通常选“{APPROVE}”或“{REJECT}”；通过、批准、√、是 算同意，不同意、退回、拒绝、×、否 算驳回。",
    }  # fmt: skip
    page.sheet.data_validation(first, decision, last, decision, rule)
    all_at_once = {"source": [APPROVE], "error_message": f"这里只能选“{APPROVE}”，或者空着。"}
    page.sheet.data_validation(0, 1, 0, 1, {**rule, **all_at_once})
    at, said = f"${column_letter(decision)}{first + 1}", f"${column_letter(comment)}{first + 1}"
    book = page.book
    for column, criteria, colours in (
        (decision, f'={at}="{APPROVE}"', book.overlay(ink=GREEN, fill=GREEN_PALE)),
        (decision, f'={at}="{REJECT}"', book.overlay(ink=AMBER, fill=AMBER_PALE)),
        (comment, f'=AND({at}="{REJECT}",LEN(TRIM({said}))=0)', book.overlay(ink=RED, fill=RED_PALE)),
    ):
        options = {"type": "formula", "criteria": criteria, "format": colours}
        page.sheet.conditional_format(first, column, last, column, options)
    page.sheet.set_selection(first, decision, first, decision)


def _protect(page: Page, columns: tuple[SheetColumn, ...], last: int) -> None:
    page.sheet.freeze_panes(HEAD + 1, 0)
    if last > HEAD:
        page.sheet.autofilter(HEAD, 0, last, len(columns) - 2)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "objects": True})


def _write_explanation(page: Page, sheet: ApprovalSheet) -> None:
    page.layout.width(0, 90)
    page.put(0, 0, headed(sheet.company, f"{sheet.form} 审批表"), TITLE)
    issued = f"{sheet.issued_at:%Y-%m-%d %H:%M}"
    page.put(
        1, 0, f"审批人：{sheet.approver}　表单编号：{sheet.number}　发出时间：{issued}　共 {len(sheet.rows)} 行", HINT
    )
    filled = "、".join(f"“{header}”" for header in sheet.extra_headers)
    said = _PICTURES_SAY if PICTURES_SAY in sheet.headers else ()
    compare = [line.format(columns=filled) for line in _COMPARE] if filled else []
    for row, line in enumerate((*compare, *said, *_HOW), 3):
        page.put(row, 0, f"{row - 2}. {line}", HINT.but(size=11))
    page.sheet.hide_gridlines(2)
    page.paper(f"{sheet.form}　{EXPLANATION}")
    page.sheet.protect("", {})
