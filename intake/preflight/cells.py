"""What one cell of a sheet is, before a library reads it: judged by its type, its style and its text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intake.preflight.address import number, whole
from intake.preflight.format import is_date
from intake.preflight.survey import BookLimits, Cell, DateKind, Oddity
from intake.preflight.xml import unescape

LOST_DIGITS = 1e15  # from here on a number no longer keeps every digit that was typed
TRUTHS = frozenset({"", "0", "1", "false", "true"})  #: one library takes any other number for true, the other fails
TRUTH = "逻辑值 "
DISPIMG = re.compile(r"DISPIMG\(\s*\"([^\"]+)\"", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """What the cells of every sheet share."""

    limits: BookLimits
    kinds: Sequence[DateKind | None] = ()  #: by cell style
    strings: Mapping[str, str] = field(default_factory=dict)  #: shared strings with escapes in them, by index
    blank: frozenset[str] = frozenset()  #: indices of shared strings that hold nothing to be seen
    date1904: bool = False
    strict: bool = False


@dataclass(frozen=True)
class RawCell:
    """A cell as the XML has it."""

    place: Cell
    type: str
    style: str
    metadata: str
    value: str
    has_value: bool
    formula: str | None


@dataclass
class CellNotes:
    """What the cells of one sheet gave to note; most cells give nothing."""

    setting: Setting
    odd: set[Oddity] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    uncached: list[Cell] = field(default_factory=list)
    unusable: dict[Cell, str] = field(default_factory=dict)
    long_numbers: list[Cell] = field(default_factory=list)
    dates: dict[Cell, tuple[DateKind, float]] = field(default_factory=dict)
    texts: dict[Cell, str] = field(default_factory=dict)
    pictures: dict[Cell, str] = field(default_factory=dict)
    rich: dict[Cell, int] = field(default_factory=dict)

    def take(self, cell: RawCell) -> None:
        """Note what there is to note."""
        if cell.formula is not None:
            self._formula(cell)
        match cell.type:
            case "n":
                self._number(cell)
            case "s":
                if cell.value in self.setting.strings:
                    self.texts[cell.place] = self.setting.strings[cell.value]
            case "str" | "inlineStr":
                if "_x" in cell.value:
                    self.texts[cell.place] = unescape(cell.value)
            case "b":
                if cell.value.strip().lower() not in TRUTHS:
                    self.unusable[cell.place] = f"{TRUTH}{cell.value[:40]}"
            case "e":
                self._error(cell)
            case "d":
                self.odd.add(Oddity.ISO_DATE)

    def _formula(self, cell: RawCell) -> None:
        self.odd.add(Oddity.FORMULA)
        if picture := DISPIMG.search(cell.formula or ""):
            self.pictures[cell.place] = picture[1]
        elif not cell.value and not (cell.has_value and cell.type in ("str", "inlineStr")):
            self.uncached.append(cell.place)

    def _error(self, cell: RawCell) -> None:
        self.odd.add(Oddity.ERROR)
        self.errors[cell.place] = cell.value or "#VALUE!"
        if (metadata := whole(cell.metadata, 0)) > 0:
            self.rich[cell.place] = metadata

    def _number(self, cell: RawCell) -> None:
        if not (text := cell.value.strip()):
            return
        value = number(text, math.nan)
        style = whole(cell.style, 0)
        kind = self.setting.kinds[style] if style < len(self.setting.kinds) else None
        if kind is not None and is_date(value, kind, self.setting.date1904):
            self.dates[cell.place] = (kind, value)
        elif kind is not None or not math.isfinite(value):
            self.unusable[cell.place] = text[:40]
        elif abs(value) >= LOST_DIGITS:
            self.long_numbers.append(cell.place)
