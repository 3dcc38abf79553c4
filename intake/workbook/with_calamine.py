"""The quick reader: python-calamine, for ordinary sheets.  Runs only in a process that may die."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

import python_calamine

from intake.preflight.survey import Survey
from intake.workbook.cells import Grid


def read_with_calamine(data: bytes, survey: Survey, names: Collection[str] | None = None) -> dict[str, Grid]:
    """The values of the sheets *names* (None: all).  Raises whatever the library raises, panics included."""
    grids: dict[str, Grid] = {}
    with python_calamine.load_workbook(BytesIO(data)) as book:
        for sheet in survey.sheets:
            if names is None or sheet.name in names:
                grids[sheet.name] = _grid(book.get_sheet_by_name(sheet.name))
    return grids


def _grid(sheet: python_calamine.CalamineSheet) -> Grid:
    """The library starts at the first cell with content, wherever that is: shift it back to A1."""
    start = sheet.start
    if start is None:
        return {}
    top, left = start
    before: list[object] = [None] * left
    return {
        number: before + list(values)
        for number, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1)
    }
