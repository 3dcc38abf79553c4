"""A table to be read, on a sheet of its own."""

from __future__ import annotations

from outbox.templates.model import Listing
from outbox.templates.offered import CellRange
from outbox.templates.today import LOOKS
from outbox.xlsx.palette import LABEL, usual_look
from outbox.xlsx.sheet import Page
from outbox.xlsx.varied import Cell


def write_section(page: Page, section: Listing) -> CellRange | None:
    """A table with notes above it; gives its first column, if it has rows."""
    last = max(len(section.headers) - 1, 0)
    notes = [*section.notes, *([] if section.rows else ["目前没有记录。"])]
    for row, note in enumerate(notes):
        page.span(row, 0, last, note, LABEL) if last else page.put(row, 0, note, LABEL)
    top = len(notes)
    page.table_head(top, section.headers)
    for row, values in enumerate(section.rows, top + 1):
        for column, value in enumerate(values):
            page.put(row, column, value, LOOKS.get(section.headers[column], usual_look)(value))
    for column, width in enumerate(section.widths):
        page.layout.width(column, width)
    if not section.widths:
        page.layout.fit(range(len(section.headers)), least=10, most=44)
    page.sheet.freeze_panes(top + 1, 1)
    if section.rows:
        page.sheet.autofilter(top, 0, top + len(section.rows), last)
    page.paper(section.title)
    return CellRange(page, 0, top + 1, top + len(section.rows)) if section.rows else None


def last_cell(section: Listing, n: int) -> Cell:
    """Where the last value of row *n* of the table stands."""
    return len(section.notes) + 1 + n, len(section.headers) - 1
