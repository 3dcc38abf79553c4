"""What reading a workbook gives: rows and cells, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from intake.causes import Cause

CellValue = str | int | float | bool | datetime | date | time | None


@dataclass(frozen=True)
class Picture:
    """A picture placed in a sheet."""

    row: int  #: 1-based row of the sheet
    column: int  #: 1-based; the cell that it belongs to
    name: str  #: name of the part inside the workbook
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Trouble:
    """A cell that cannot be used as it stands: an error value, a formula without a result, part of a merge."""

    row: int
    column: int
    message: str  #: Chinese
    remedy: str


@dataclass(frozen=True)
class Sheet:
    """One worksheet.  ``rows`` holds only rows with something in them: (1-based number, cells from column 1)."""

    name: str
    rows: tuple[tuple[int, tuple[CellValue, ...]], ...]
    troubles: tuple[Trouble, ...] = ()
    pictures: tuple[Picture, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """A workbook that was read: what it holds, and what was noticed (external links, macros left out, ...)."""

    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = ()  #: Chinese sentences for the receipt's summary
    properties: dict[str, str] = field(default_factory=dict)  #: custom document properties


@dataclass(frozen=True)
class Refusal:
    """A file refused as a whole: the reason and the remedy, in Chinese."""

    code: Cause
    reason: str
    remedy: str
    by_machine: bool = False  #: our reader failed (time, memory): not the submitter's fault
