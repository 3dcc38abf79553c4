"""How cells look: one small set of colours and borders, the same in every workbook.

No meaning is carried by colour alone: each look goes together with a word, and
looks that mark a fault also differ in their border, so that a grey printout says the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Literal

FONT = "微软雅黑"  # Excel and WPS have it; LibreOffice falls back to Noto Sans CJK

INK = "#1F2933"
GREY = "#5F6B7A"
LINE = "#C9D1DA"
BRAND = "#1F5C7A"
BRAND_PALE = "#E3EEF4"
SILVER = "#EEF1F4"
WHITE = "#FFFFFF"

GREEN, GREEN_PALE = "#1B6B3A", "#DDF2E3"
BLUE, BLUE_PALE = "#1D4F91", "#DCE9F8"
AMBER, AMBER_PALE = "#8A5A00", "#FFF0C7"
RED, RED_PALE = "#B3261E", "#FCDCD9"
YELLOW_PALE = "#FFFBDD"

Align = Literal["left", "center", "right"]
Border = Literal["none", "thin", "medium", "dashed", "dotted"]


@dataclass(frozen=True)
class Look:
    """How one cell looks; ``number`` is a number format, '' leaves the choice to the value's type."""

    bold: bool = False
    size: int = 10  #: points
    ink: str = INK
    fill: str = ""
    border: Border = "thin"
    line: str = LINE
    align: Align = "left"
    top: bool = False  #: text starts at the top of the cell rather than in its middle
    wrap: bool = True
    number: str = ""
    locked: bool = True

    _hash: int = field(init=False, repr=False, compare=False, default=0)  #: a look is looked up for every cell

    def __post_init__(self) -> None:
        said = tuple(value for name, value in vars(self).items() if name != "_hash")
        object.__setattr__(self, "_hash", hash(said))

    def __hash__(self) -> int:
        return self._hash

    def but(self, **changes: object) -> Look:
        """The same look with some differences."""
        return replace(self, **changes)  # type: ignore[arg-type]


CELL = Look()
CENTRED = CELL.but(align="center")
NUMBER = CELL.but(align="right")
MONEY = CELL.but(align="right", number="#,##0.00")
MUTED = CENTRED.but(ink=GREY)
LINK = CENTRED.but(ink=BLUE)

PLAIN = Look(border="none")
TITLE = PLAIN.but(bold=True, size=16, ink=BRAND, wrap=False)
HEADING = PLAIN.but(bold=True, size=12, ink=BRAND, wrap=False)
LABEL = PLAIN.but(ink=GREY)
HINT = PLAIN.but(fill=BRAND_PALE)

HEADER = Look(bold=True, ink=WHITE, fill=BRAND, line=WHITE, align="center")
HEADER_OURS = HEADER.but(fill="#4A5A68")
HEADER_WRITABLE = HEADER.but(ink=INK, fill="#FFE08A", line=LINE)
# The star is drawn by the number format: the cell's value stays the exact header.
HEADER_REQUIRED = HEADER.but(number='@" *"')
HEADER_OPTIONAL = Look(ink=INK, fill=SILVER, align="center", number="@")

TOTAL = Look(bold=True, fill=BRAND_PALE)
TOTAL_NUMBER = TOTAL.but(align="right")
TOTAL_MONEY = TOTAL_NUMBER.but(number="#,##0.00")

WRITABLE = Look(fill=YELLOW_PALE, locked=False)

GOOD = CENTRED.but(bold=True, ink=GREEN, fill=GREEN_PALE)
OPEN = CENTRED.but(bold=True, ink=BLUE, fill=BLUE_PALE)
WAIT = CENTRED.but(bold=True, ink=AMBER, fill=AMBER_PALE)
BAD = CENTRED.but(bold=True, ink=RED, fill=RED_PALE)
IDLE = CENTRED.but(ink=GREY, fill=SILVER)

#: What a finding does to the cell that it is about: colour and border differ.
MARKS = {
    "refuse": {"fill": RED_PALE, "border": "medium", "line": RED},
    "flag": {"fill": AMBER_PALE, "border": "dashed", "line": AMBER},
    "note": {"fill": BLUE_PALE, "border": "dotted", "line": BLUE},
}
WEIGHT_WORDS = {"refuse": "需改正", "flag": "请留意", "note": "提示"}
WEIGHT_LOOKS = {"refuse": BAD, "flag": WAIT, "note": IDLE}
SECTION_LOOKS = {"refuse": HEADING.but(ink=RED), "flag": HEADING.but(ink=AMBER), "note": HEADING.but(ink=GREY)}

_OUTCOMES = {
    "已受理": GOOD, "同意": GOOD, "已同意": GOOD, "已通过": GOOD, "待审批": OPEN, "待补照片": WAIT,
    "退回": BAD, "驳回": BAD, "已驳回": BAD, "重复": IDLE, "被替换": IDLE,
}  # fmt: skip
_STATUSES = {
    "按时": GOOD, "迟交": WAIT, "缺交": BAD, "待核实": WAIT, "豁免": IDLE, "未知": OPEN, "逾期": WAIT, "未审": BAD,
}  # fmt: skip


def usual_look(value: object) -> Look:
    """How a value is aligned in a table: dates in the middle, numbers at the right, words at the left."""
    if value is None or isinstance(value, str):
        return CELL
    if isinstance(value, date | time):
        return CENTRED
    return NUMBER if isinstance(value, int | float) and not isinstance(value, bool) else CELL


def outcome_look(outcome: str) -> Look:
    """The look of a 结果 cell; an unknown word is shown quietly."""
    return _OUTCOMES.get(outcome, IDLE)


def status_look(status: str) -> Look:
    """The look of a 状态 or 审核状态 cell."""
    return _STATUSES.get(status, MUTED)
