"""填写说明: the second sheet of every template, made from the forms' own columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from outbox.xlsx.palette import CELL, CENTRED, HEADING, HINT, LABEL, PLAIN, TITLE, WAIT
from outbox.xlsx.sheet import Drawing, Page
from policy.form import Column, Form, columns

Cite = Callable[[str], str]  #: clause id → what staff read, such as 客户拜访 5.2(5)
Lists = Mapping[str, Sequence[str]]

GUIDE = "填写说明"
HEADERS = ("列名", "必填", "说明", "示例", "依据条款")
_WIDTHS = (16, 8, 52, 36, 22)
_LAST = len(HEADERS) - 1
_FILL = "在表中逐行填写，表头不要改动；表头带 * 的列必须填写，其余的列没有就空着。"
_PHOTOS = "写了照片文件名的，请把手机原图和本表一起放进“投递”文件夹；也可以把照片直接插入单元格。"
_DROP = "把填好的表存到“投递”文件夹即可；结果在“取件/回执”中查看。"
_NAMED = 12  # choices written out; the rest are in the drop-down list
_KINDS = {
    "date": "写成 2026-11-23 的样子",
    "money": "单位：元，最多两位小数",
    "integer": "只填整数",
    "phone": "只填一个号码",
    "phones": "最多两个号码，用顿号隔开",
    "names": "多人用顿号隔开",
    "photos": "多张用顿号隔开",
}


def choices_of(column: Column, lists: Lists) -> tuple[str, ...]:
    """The words that may be chosen in *column*; empty where anything may be written."""
    return tuple(lists.get(column.choices, ())) if column.choices else column.options


def write_guide(book: Drawing, forms: Sequence[type[Form]], lists: Lists, cite: Cite, *, check_list: Sequence[str] = (),
                version: str) -> Page:  # fmt: skip
    """Add the sheet 填写说明: how to hand in, the *check_list*, then a table for each form."""
    page = book.page(GUIDE)
    for column, width in enumerate(_WIDTHS):
        page.layout.width(column, width)
    page.put(0, 0, GUIDE, TITLE)
    page.put(0, _LAST, f"模板版本：{version}", LABEL.but(align="right"))
    row = _lines(page, 1, _steps(forms))
    if check_list:
        page.put(row + 1, 0, "拜访前请逐项核对", HEADING)
        row = _lines(page, row + 2, [f"□ {line}" for line in check_list])
    for form in forms:
        row = _form(page, row + 1, form, lists, cite)
    page.paper(GUIDE)
    return page


def _steps(forms: Sequence[type[Form]]) -> list[str]:
    photos = any(column.kind == "photos" for form in forms for column in columns(form))
    said = (_FILL, *((_PHOTOS,) if photos else ()), _DROP)
    return [f"{number}. {line}" for number, line in enumerate(said, 1)]


def _lines(page: Page, row: int, lines: Sequence[str]) -> int:
    for line in lines:
        page.span(row, 0, _LAST, line, HINT)
        row += 1
    return row


def _form(page: Page, row: int, form: type[Form], lists: Lists, cite: Cite) -> int:
    page.put(row, 0, form.sheet, HEADING)
    page.span(row + 1, 0, _LAST, form.about, PLAIN)
    page.table_head(row + 2, HEADERS)
    row += 3
    for column in columns(form):
        page.put(row, 0, column.header, CELL.but(bold=column.required))
        page.put(row, 1, "必填" if column.required else "选填", WAIT if column.required else CENTRED)
        page.put(row, 2, explain(column, choices_of(column, lists)))
        page.put(row, 3, column.example)
        page.put(row, 4, cite(column.clause))
        row += 1
    return row


def explain(column: Column, choices: Sequence[str]) -> str:
    """Help, the way to write it, and the words to choose from, as sentences."""
    kind = _KINDS.get(column.kind, "")
    said = {word for word in ("顿号", "2026", "文件名") if word in column.help}
    offered = "、".join(choices[:_NAMED]) + (f"等 {len(choices)} 项" if len(choices) > _NAMED else "")
    parts = [column.help, kind if not said else "", f"可选：{offered}" if choices else ""]
    return "。".join(part.rstrip("。") for part in parts if part) + "。"
