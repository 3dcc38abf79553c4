"""What preflight learns of a workbook, and the limits that it holds a workbook to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from intake.causes import Cause
from intake.raw import Refusal

Cell = tuple[int, int]  #: 1-based row and column
Area = tuple[int, int, int, int]  #: first row, first column, last row, last column


@dataclass(frozen=True)
class BookLimits:
    """How big a workbook may be; ``[limits]`` in the config."""

    megabytes: int = 20  #: of the file
    entries: int = 1000  #: parts of the package
    inflated_mb: int = 200  #: of all parts, counted while inflating
    ratio: int = 100  #: inflated size to file size, judged only above 10 MB
    rows: int = 20000  #: of a sheet, without its header
    columns: int = 100
    cell_chars: int = 32767


class Oddity(StrEnum):
    """What makes a sheet one for the careful reader."""

    FORMULA = "formula"
    ERROR = "error"
    MERGE = "merge"
    DATE1904 = "date1904"
    DUPLICATE = "duplicate"
    DISORDER = "disorder"
    DIMENSION = "dimension"
    RICH_TEXT = "rich text"
    ISO_DATE = "iso date"
    STRICT = "strict"


class DateKind(StrEnum):
    """What a number format makes of a number."""

    DATE = "date"
    TIME = "time"
    DURATION = "duration"


@dataclass(frozen=True)
class SheetSurvey:
    """One worksheet, before any library has seen it."""

    name: str
    part: str
    state: str = "visible"  #: visible, hidden, veryHidden
    odd: frozenset[Oddity] = frozenset()
    merges: tuple[Area, ...] = ()
    errors: dict[Cell, str] = field(default_factory=dict)  #: the error's name, as ``#REF!``
    uncached: tuple[Cell, ...] = ()  #: formulas without a stored result
    unusable: dict[Cell, str] = field(default_factory=dict)  #: numbers that are none: 1e400, nan, abc
    long_numbers: tuple[Cell, ...] = ()  #: more digits than a number keeps
    duplicates: tuple[Cell, ...] = ()
    dates: dict[Cell, tuple[DateKind, float]] = field(default_factory=dict)  #: serial numbers shown as dates or times
    texts: dict[Cell, str] = field(default_factory=dict)  #: texts with ``_x000D_`` in them, which the libraries garble
    pictures: dict[Cell, str] = field(default_factory=dict)  #: ids of WPS ``DISPIMG`` formulas
    rich: dict[Cell, int] = field(default_factory=dict)  #: value metadata of error cells (``vm``)
    drawing: str | None = None  #: relationship id of the drawing
    heights: dict[int, float] = field(default_factory=dict)  #: points, where given
    widths: tuple[tuple[int, int, float], ...] = ()  #: first column, last column, characters
    row_height: float = 15.0
    last_row: int = 0
    last_column: int = 0
    expands: bool = False  #: openpyxl would create a cell for each of too many addresses
    filled: bytes = field(default=b"", repr=False)  #: 1 for each cell with something to be seen, at row * wide + column
    wide: int = 1


@dataclass(frozen=True)
class Survey:
    """A workbook that is safe to open, and what its readers must know."""

    sheets: tuple[SheetSurvey, ...]
    workbook_part: str
    date1904: bool = False
    notices: tuple[str, ...] = ()
    properties_part: str | None = None
    has_pictures: bool = False


class Unsafe(Exception):
    """Ends an inspection; never leaves :func:`intake.preflight.inspect`."""

    def __init__(self, code: Cause, reason: str, remedy: str) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, reason, remedy)
