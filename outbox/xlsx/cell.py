"""Values of cells: which can be stored as they are, what they look like, what a sheet may be called."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time

from outbox.xlsx import measure

CellValue = str | int | float | bool | datetime | date | time | None

_OLDEST = date(1900, 3, 1)  # before it spreadsheet programs disagree about the calendar
_EXACT = 10**15  # a cell keeps 15 digits


def storable(value: CellValue) -> CellValue:
    """*value* as a cell can hold it; what has no cell type of its own becomes text.

    Times are written as the local times that they say: cells know no zones.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return measure.clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "无效数字"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return str(value)
    if isinstance(value, datetime | time):
        value = value.replace(tzinfo=None)
    if isinstance(value, date) and (value.date() if isinstance(value, datetime) else value) < _OLDEST:
        return str(value)
    return value


def number_format(value: CellValue) -> str:
    """The number format in which *value* reads naturally."""
    if value is None or isinstance(value, str):
        return "@"
    if isinstance(value, datetime):
        day_only = (value.hour, value.minute, value.second) == (0, 0, 0)
        return "yyyy-mm-dd" if day_only else ("yyyy-mm-dd hh:mm:ss" if value.second else "yyyy-mm-dd hh:mm")
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if isinstance(value, time):
        return "hh:mm"
    return "0" if isinstance(value, int) and not isinstance(value, bool) else "General"


def shown(value: CellValue, number: str = "") -> str:
    """Roughly the words that a person sees in the cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"{value} *" if value and number.endswith('" *"') else value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number_shown(value, number)
    if isinstance(value, datetime):
        day_only, seconds = number == "yyyy-mm-dd", number.endswith("ss")
        return value.strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
    return str(value)


def _number_shown(value: float, number: str) -> str:
    if number.endswith("%"):
        return f"{value:.0%}"
    if "0.00" in number:
        return f"{value:,.2f}"
    return f"{value:.11g}" if isinstance(value, float) else str(value)


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A lawful sheet name near *wanted* that is not yet *taken* (case does not count)."""
    base = re.sub(r"[\[\]:*?/\\\n\t]", "_", measure.clean(wanted))[:31].strip("' ") or "工作表"
    used = {name.lower() for name in taken}
    name, number = base, 2
    while name.lower() in used or name.lower() == "history":  # Excel keeps this one for itself
        name, number = f"{base[:26]}({number})", number + 1
    return name
