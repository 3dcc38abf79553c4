"""Charts that the spreadsheet program itself draws: one look, told apart in a grey print as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbox.xlsx.palette import FONT
from outbox.xlsx.sheet import Page

FONTS: Mapping[str, Any] = {"name": FONT, "size": 10}
GRID: Mapping[str, Any] = {"visible": True, "line": {"color": "#E3E7EB"}}
PALE: Mapping[str, Any] = {"fill": {"color": "#BFD3DE"}, "border": {"color": "#1F5C7A"}}
STRIPED: Mapping[str, Any] = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#1F5C7A", "bg_color": "#FFFFFF"},
    "border": {"color": "#1F5C7A"},
}
SOLID: Mapping[str, Any] = {"fill": {"color": "#1F5C7A"}, "border": {"color": "#1F5C7A"}}


def series(
    page: Page, column: int, rows: tuple[int, int], *, head: int, words: int, look: Mapping[str, Any]
) -> dict[str, Any]:
    """The series of one *column* between two *rows*, named by its cell in row *head*, over the words in column *words*."""
    first, last = rows
    return {
        "name": [page.name, head, column],
        "categories": [page.name, first, words, last, words],
        "values": [page.name, first, column, last, column],
        "gap": 60,
        **look,
    }


def dress(chart: Any, title: str, size: tuple[int, int]) -> None:
    """Give *chart* its title, its legend at the bottom and its *size* in pixels."""
    chart.set_title({"name": title, "name_font": {"size": 12, "name": FONT}})
    chart.set_legend({"position": "bottom", "font": dict(FONTS)})
    chart.set_size(dict(zip(("width", "height"), size, strict=True)))


def place(page: Page, row: int, column: int, chart: Any, words: str) -> None:
    """Lay *chart* on the sheet; *words* say what it shows to those who do not see it."""
    page.sheet.insert_chart(row, column, chart, {"object_position": 2, "description": words})
