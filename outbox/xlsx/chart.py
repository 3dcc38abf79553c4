"""Charts that the spreadsheet program itself draws: one look, told apart in a grey print as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbox.xlsx.palette import FONT
from outbox.xlsx.sheet import Page, column_letter

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


def _patterned(colour: str, pattern: str) -> Mapping[str, Any]:
    return {
        "pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"},
        "border": {"color": colour},
    }


#: 状态 of daily reports, as parts of a bar.
STATUS_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "按时": {"fill": {"color": "#2E8B57"}, "border": {"color": "#2E8B57"}},
    "迟交": _patterned("#E0A100", "wide_upward_diagonal"),
    "缺交": _patterned("#C0392B", "dark_vertical"),
    "待核实": _patterned("#2F6FB0", "light_horizontal"),
}

#: Sparklines: one column a day, what is below zero in red; and a line with its points.
COURSE: Mapping[str, Any] = {
    "type": "column", "series_color": "#2E8B57", "negative_points": True, "negative_color": "#C0392B", "min": -2, "max": 2, "axis": True,
}  # fmt: skip
COLUMNS: Mapping[str, Any] = {"type": "column", "series_color": "#1F5C7A", "min": 0}
LINE: Mapping[str, Any] = {
    "type": "line",
    "series_color": "#1F5C7A",
    "markers": True,
    "markers_color": "#1F5C7A",
    "min": 0,
}


def spark(page: Page, at: tuple[int, int], source: Page, columns: tuple[int, int], look: Mapping[str, Any]) -> None:
    """Draw into the cell *at* (row, column) what stands in the same row of *source* between two *columns*."""
    row, column = at
    quoted = source.name.replace("'", "''")
    first, last = (f"{column_letter(each)}{row + 1}" for each in columns)
    page.sheet.add_sparkline(row, column, {**look, "range": f"'{quoted}'!{first}:{last}"})
