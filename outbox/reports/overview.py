"""部门概览: what a manager should look at today: one table a sheet, and in front how much stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outbox.heading import headed
from outbox.templates.model import Listing
from outbox.templates.section import write_section
from outbox.xlsx.palette import CENTRED, LABEL, LINK, MUTED, TITLE, WAIT
from outbox.xlsx.sheet import Drawing, Page

SUMMARY = "概要"
_HEADERS = ("工作表", "条数", "是什么")
_WIDTHS = (18, 10, 68)


@dataclass(frozen=True)
class Overview:
    """One day for one reader."""

    title: str
    sections: tuple[Listing, ...]
    made_at: datetime
    company: str = ""  #: its name, for the heading


def render_overview(overview: Overview) -> bytes:
    """The workbook ``报表/YYYY-MM/部门概览_YYYY-MM-DD.xlsx``."""
    title, sections = headed(overview.company, overview.title), overview.sections
    book = Drawing(overview.made_at, title=title)
    front = book.page(SUMMARY)
    pages = [book.page(section.title) for section in sections]
    _write_summary(front, title, sections, pages)
    for section, page in zip(sections, pages, strict=True):
        write_section(page, section)
    return book.finish()


def _write_summary(front: Page, title: str, sections: Sequence[Listing], pages: Sequence[Page]) -> None:
    """Nobody should have to open seven sheets to learn that six are empty."""
    front.put(0, 0, title, TITLE)
    front.put(1, 0, "点工作表的名称可以直接打开。", LABEL.but(wrap=False))
    front.table_head(2, _HEADERS)
    for row, (section, page) in enumerate(zip(sections, pages, strict=True), 3):
        count = len(section.rows)
        front.link(row, 0, section.title, page, (0, 0), LINK)
        front.put(row, 1, count, WAIT if count else MUTED)
        front.put(row, 2, "".join(section.notes), CENTRED.but(align="left"))
    for column, width in enumerate(_WIDTHS):
        front.layout.width(column, width)
    front.sheet.hide_gridlines(2)
    front.paper(title)
