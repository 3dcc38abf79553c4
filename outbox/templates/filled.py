"""A form's own workbook with rows already in it: what the phone door drops, and anybody could have filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from outbox.templates.template import column_look
from outbox.xlsx.cell import CellValue
from outbox.xlsx.palette import CELL, HEADER_OPTIONAL, HEADER_REQUIRED
from outbox.xlsx.sheet import Drawing
from policy.form import Form, columns


def render_filled(form: type[Form], rows: Sequence[Mapping[str, CellValue]], made_at: datetime) -> bytes:
    """The sheet of *form* with *rows* (field → cell)."""
    book = Drawing(made_at, title=form.sheet)
    page = book.page(form.sheet)
    for index, column in enumerate(columns(form)):
        page.put(0, index, column.header, HEADER_REQUIRED if column.required else HEADER_OPTIONAL)
        page.layout.width(index, column.width)
        for number, row in enumerate(rows, 1):
            value = row.get(column.field)
            page.put(number, index, value, column_look(column) if value is not None else CELL)
    page.sheet.freeze_panes(1, 1)
    page.paper(form.sheet)
    return book.finish()
