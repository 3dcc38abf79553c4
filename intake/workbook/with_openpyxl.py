"""The careful reader: openpyxl in full mode, for odd sheets.  Runs only in a process that may die.

``read_only`` would lose rows that are out of order or outside a lying dimension.
defusedxml must be installed: openpyxl then refuses entities by itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from io import BytesIO
from typing import TYPE_CHECKING

from intake.preflight.survey import SheetSurvey, Survey
from intake.sandbox.child import libraries_loading
from intake.workbook.cells import Grid

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def read_with_openpyxl(data: bytes, survey: Survey, names: Collection[str] | None = None) -> dict[str, Grid]:
    """The values of the sheets *names* (None: all).  Raises whatever the library raises."""
    with libraries_loading():  # most workbooks never need it
        import defusedxml  # noqa: F401 - openpyxl looks for it
        import openpyxl
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it cannot keep when saving does not matter here
        book = openpyxl.load_workbook(BytesIO(data), data_only=True, keep_links=False)
    return {
        sheet.name: _grid(book[sheet.name], sheet) for sheet in survey.sheets if names is None or sheet.name in names
    }


def _grid(sheet: Worksheet, survey: SheetSurvey) -> Grid:
    """Only as far as preflight saw cells: a comment far away makes openpyxl believe in a million rows."""
    if not survey.last_row:
        return {}
    found = sheet.iter_rows(max_row=survey.last_row, max_col=survey.last_column, min_row=1, min_col=1, values_only=True)
    return {number: list(values) for number, values in enumerate(found, start=1)}
