"""Where the columns of an approval sheet stand: what is judged side by side on one screen, the rest to the right of it.

Flags, picture, the text that the approver reads, then the decision: nobody scrolls sideways to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from outbox.approvals.model import (
    COMMENT,
    DECISION,
    FLAGS,
    NUMBER,
    PICTURES,
    RECEIPT_NO,
    SUBMITTED_AT,
    SUBMITTER,
    TOKEN,
    ApprovalSheet,
)
from outbox.xlsx import measure
from outbox.xlsx.cell import shown

SCREEN = 1_280  #: pixels that the judged columns may take; a screen of 1,366 also shows row numbers and a scroll bar
PICTURE = 480  #: pixels; the least width of the picture that is judged
PICTURE_COLUMN = PICTURE + 28  # programs round widths differently

Kind = Literal[
    "flags", "pictures", "submitter", "form", "extra", "decision", "comment", "receipt_no", "submitted_at", "number",
    "token",
]  # fmt: skip
_LEAST, _MOST = 76, 460
_LONG = 60  #: characters; longer text gets what room is left
_WRAPPED = 96  #: pixels in which short text still reads well when it is wrapped
_FLAGS, _NO_FLAGS, _COMMENT = 168, 72, 120
_EXTRA = {"日期": 88, "金额": 100}


@dataclass(frozen=True)
class SheetColumn:
    """One column of the sheet."""

    header: str
    kind: Kind
    index: int = 0  #: among the form's or the further columns
    pixels: int = 0  #: 0: as wide as what is in it
    judged: bool = False


def places(sheet: ApprovalSheet) -> tuple[SheetColumn, ...]:
    """The columns of *sheet* from left to right."""
    pictured = any(row.pictures for row in sheet.rows)
    flags = _FLAGS if any(row.flags for row in sheet.rows) else _NO_FLAGS
    front = [SheetColumn(FLAGS, "flags", pixels=flags)]
    front += [SheetColumn(PICTURES, "pictures", pixels=PICTURE_COLUMN)] if pictured else []
    front += [SheetColumn(SUBMITTER, "submitter", pixels=66)]
    end = [SheetColumn(header, "extra", n, _extra_width(header)) for n, header in enumerate(sheet.extra_headers)]
    end += [SheetColumn(DECISION, "decision", pixels=76), SheetColumn(COMMENT, "comment", pixels=_COMMENT)]
    room = SCREEN - sum(place.pixels for place in (*front, *end))
    read, beside = _read_and_beside(sheet, room)
    rest = [
        SheetColumn(RECEIPT_NO, "receipt_no"), SheetColumn(SUBMITTED_AT, "submitted_at"), *beside,
        *([] if pictured else [SheetColumn(PICTURES, "pictures", pixels=60)]), SheetColumn(NUMBER, "number"), SheetColumn(TOKEN, "token"),
    ]  # fmt: skip
    return (*(replace(place, judged=True) for place in (*front, *read, *end)), *rest)


def _extra_width(header: str) -> int:
    return next((pixels for end, pixels in _EXTRA.items() if header.endswith(end)), 140)


def _read_and_beside(sheet: ApprovalSheet, room: int) -> tuple[list[SheetColumn], list[SheetColumn]]:
    """The form's columns that are read beside the decision, in the form's order of reading, and the others."""
    wanted = [header for header in sheet.judged if header in sheet.headers]
    while len(wanted) * _LEAST > room:
        wanted.pop()
    indexes = [sheet.headers.index(header) for header in wanted]
    widths = _shared_out([_texts(sheet, index) for index in indexes], room)
    read = [SheetColumn(sheet.headers[n], "form", n, pixels) for n, pixels in zip(indexes, widths, strict=True)]
    return read, [SheetColumn(header, "form", n) for n, header in enumerate(sheet.headers) if n not in indexes]


def _texts(sheet: ApprovalSheet, index: int) -> list[str]:
    return [sheet.headers[index], *(shown(row.cells[index]) for row in sheet.rows if index < len(row.cells))]


def _shared_out(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Pixels for each column: short words wrap, long text gets what is left."""
    wanted = [min(_MOST, max(_LEAST, max(map(_needed, texts)))) for texts in columns]
    long = [n for n, texts in enumerate(columns) if max(map(len, texts)) > _LONG]
    least = [min(want, _MOST if n in long else _WRAPPED) for n, want in enumerate(wanted)]
    widths = list(least if sum(wanted) > room else wanted)
    while sum(widths) + 2 <= room and widths != wanted:
        lacking = max(range(len(widths)), key=lambda n: wanted[n] - widths[n])
        widths[lacking] = min(wanted[lacking], widths[lacking] + 2)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda n: widths[n])
        widths[widest] -= 2
    return widths


def _needed(text: str) -> int:
    return measure.column_pixels(measure.wanted_characters(text, bold=True))
