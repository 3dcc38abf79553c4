"""Templates that staff fill in: a sheet for a form, and beside it how to fill it in and what may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from outbox.templates.guide import GUIDE, Cite, Lists, choices_of, explain, write_guide
from outbox.templates.live import Least, watch_cells
from outbox.templates.model import FormTemplate
from outbox.templates.offered import list_of, name_lists, source
from outbox.xlsx.palette import (
    CELL,
    HEADER_OPTIONAL,
    HEADER_REQUIRED,
    LABEL,
    Look,
)
from outbox.xlsx.sheet import Drawing, Page, column_letter
from policy.clauses import cite
from policy.form import Column, Form, columns
from policy.forms import form_named

PREPARED_ROWS = 500
PROPERTY = "kebu_template"  #: of the document: the version of its forms and lists
Names = Mapping[str, Sequence[str]]
MADE = datetime(2026, 1, 1)  # what templates give as their day of making, so that it tells nothing apart
_INLINE = 255  # characters; a longer list must stand in cells
_CHOICES_FROM = 7  # column of the guide where such lists stand, beyond its table
_NUMBERS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0"}
_WIDE = 24  # characters, at least, for long text


def draw_template(told: FormTemplate) -> bytes:
    """The template as it was told; the same version is the same to the byte, whenever it is drawn."""
    (form,) = forms_named([told.form])
    return render_template(form, told.lists, MADE, version=told.version, cite=cite, least=told.least)


def forms_named(sheets: Sequence[str]) -> list[type[Form]]:
    """The forms of these sheets, as far as there are such."""
    return [form for sheet in sheets if (form := form_named(sheet)) is not None]


def render_template(form: type[Form], lists: Lists, made_at: datetime, *, version: str, cite: Cite,
                    least: Least | None = None) -> bytes:  # fmt: skip
    """The workbook ``模板/<form>.xlsx``: the sheet to fill in, and 填写说明.

    *cite* turns a clause's id into the words that staff read.
    """
    return _drawn(form, lists, made_at, version=version, cite=cite, least=least or {}).finish()


def draw_form(form: type[Form], lists: Lists, *, version: str, cite: Cite) -> Drawing:
    """The same, with its first page still open for rows."""
    return _drawn(form, lists, MADE, version=version, cite=cite, least={})


def _drawn(form: type[Form], lists: Lists, made_at: datetime, *, version: str, cite: Cite, least: Least) -> Drawing:
    book = Drawing(made_at, title=form.sheet, properties={PROPERTY: version})
    pages = [book.page(form.sheet)]
    write_forms(book, [form], pages, lists, (), {}, version=version, cite=cite, check_list=(), least=least)
    return book


def write_forms(book: Drawing, forms: Sequence[type[Form]], pages: Sequence[Page], lists: Lists, filled: Collection[str],
                names: Names, *, version: str, cite: Cite, check_list: Sequence[str], least: Least) -> None:  # fmt: skip
    """Prepare the *pages* of *forms* for what people will write; 填写说明 and the lists to choose from come after them.

    :param filled: titles of the sheets to read that have rows
    :param names: list of colleagues → its words
    """
    guide = write_guide(book, forms, lists, cite, check_list=check_list, version=version)
    offered = name_lists(book, forms, pages, filled, names)
    beside = _CHOICES_FROM
    for form, page in zip(forms, pages, strict=True):
        for index, column in enumerate(columns(form)):
            choices = choices_of(column, lists)
            rule = _validation(column, choices)
            if len(",".join(choices)) > _INLINE or any("," in choice for choice in choices):
                rule["source"] = _list_in_cells(guide, beside, column, choices)
                beside += 1
            if not choices and (name := list_of(form, column)) in offered:
                rule = _open_list(source(name, f"{column_letter(index)}2"))
            _write_column(page, index, column, rule, cite)
        page.sheet.freeze_panes(1, 1)
        page.sheet.set_selection(1, 0, 1, 0)
        page.paper(form.sheet)
    watch_cells(list(zip(forms, pages, strict=True)), offered, least, PREPARED_ROWS)


def _write_column(page: Page, index: int, column: Column, rule: Mapping[str, Any], cite: Cite) -> None:
    page.put(0, index, column.header, HEADER_REQUIRED if column.required else HEADER_OPTIONAL)
    page.layout.height(0, 30)
    page.layout.width(index, max(column.width, _WIDE if column.kind == "long" else 0))
    page.layout.fit([index], least=10, most=40)
    page.looks[index] = column_look(column)
    page.comment(0, index, _header_comment(column, cite))
    if rule:
        page.sheet.data_validation(1, index, PREPARED_ROWS, index, {**rule, "ignore_blank": True})


def column_look(column: Column) -> Look:
    """How cells of *column* look before anything is written in them."""
    align = "right" if column.kind in ("money", "integer") else "center" if column.kind == "date" else "left"
    return CELL.but(number=_NUMBERS.get(column.kind, "@"), align=align)


def _header_comment(column: Column, cite: Cite) -> str:
    lines = ["必填" if column.required else "选填（没有就空着）", explain(column, ())]
    if column.example:
        lines.append(f"例如：{column.example}")
    return "\n".join([*lines, f"依据：{cite(column.clause)}"])


def _open_list(where: str) -> dict[str, Any]:
    """Words to choose from where others may be written as well: several names, a customer handed in just now."""
    return {"validate": "list", "source": where, "show_error": False}


def _validation(column: Column, choices: Sequence[str]) -> dict[str, Any]:
    if choices:
        words = "请从下拉列表中选择，列表里没有的请联系管理员。"
        return {"validate": "list", "source": list(choices), "error_title": "请从列表中选择", "error_message": words}
    kinds: dict[str, dict[str, Any]] = {
        "date": {
            "validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31),
            "input_title": "日期", "input_message": "请写成 2026-11-23 的样子",
            "error_title": "请核对日期", "error_message": "这里应填日期，例如 2026-11-23。",
        },
        "money": {
            "validate": "decimal", "criteria": ">", "value": 0,
            "input_title": "金额（元）", "input_message": "只填数字，例如 12800.50",
            "error_title": "请核对金额", "error_message": "这里应填大于 0 的金额，例如 12800.50。",
        },
        "integer": {
            "validate": "integer", "criteria": ">=", "value": 0,
            "error_title": "请核对数字", "error_message": "这里应填整数，例如 30。",
        },
    }  # fmt: skip
    # A warning, not a stop: the reader also understands 2026年11月3日 or 3万.
    return {**kinds[column.kind], "error_type": "warning"} if column.kind in kinds else {}


def _list_in_cells(guide: Page, beside: int, column: Column, choices: Sequence[str]) -> str:
    guide.put(0, beside, f"可选：{column.header}", LABEL)
    for row, choice in enumerate(choices, 1):
        guide.put(row, beside, choice)
    guide.layout.fit([beside], least=12, most=30)
    letter = column_letter(beside)
    return f"='{GUIDE}'!${letter}$2:${letter}${len(choices) + 1}"
