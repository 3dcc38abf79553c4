"""A form's workbook for whoever sets the book up: its first row shows how to fill in, and is never taken."""

from __future__ import annotations

from datetime import date

from outbox.templates.guide import Cite, Lists
from outbox.templates.template import column_look, draw_form
from outbox.xlsx.cell import CellValue
from outbox.xlsx.palette import GREY, SILVER
from policy.form import EXAMPLE, Column, Form, columns

_TOLD = f"这一行是填写的样子，以“{EXAMPLE}”开头的行不会登记，可以留着，也可以删去。请从下一行填起。"


def render_blank(form: type[Form], lists: Lists, *, version: str, cite: Cite) -> bytes:
    """The template of *form* with its columns' examples in the first row."""
    book = draw_form(form, lists, version=version, cite=cite)
    page = book.pages[0]
    for index, column in enumerate(columns(form)):
        value = _typed(column) if index else f"{EXAMPLE}{column.example}"
        page.put(1, index, value, column_look(column).but(ink=GREY, fill=SILVER))
    page.comment(1, 0, _TOLD)
    page.sheet.set_selection(2, 0, 2, 0)
    return book.finish()


def _typed(column: Column) -> CellValue:
    """The example as a spreadsheet keeps such a value."""
    match column.kind:
        case "money" | "integer":
            return float(column.example)
        case "date":
            return date.fromisoformat(column.example)
        case _:
            return column.example
