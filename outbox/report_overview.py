"""部门概览: what a manager should look at today, one table a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outbox.sheet import Book
from outbox.template import Section, write_section


def render_overview(title: str, sections: Sequence[Section], made_at: datetime) -> bytes:
    """The workbook ``报表/部门概览_YYYY-MM-DD.xlsx``."""
    book = Book(made_at, title=title)
    for section in sections:
        write_section(book.page(section.title), section)
    return book.finish()
