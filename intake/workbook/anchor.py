"""Which cell a floating picture belongs to."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from intake.preflight.survey import SheetSurvey
from intake.workbook.parts import given, named

EMU_PER_POINT = 12700
EMU_PER_PIXEL = 9525
DEFAULT_WIDTH = 9.0  # characters


def place_of(anchor: Element, sheet: SheetSurvey) -> tuple[int, int]:
    """Row and column, from 1: where the picture starts; where it straddles rows, the row of its middle."""
    start = next(named(anchor, "from"), None)
    if start is None:
        return _absolute(next(named(anchor, "pos"), None), sheet)
    row, column = _number(start, "row"), _number(start, "col") + 1
    end = next(named(anchor, "to"), None)
    if end is None or (last := _number(end, "row")) <= row:
        return row + 1, column
    return _middle(row, _number(start, "rowOff"), last, _number(end, "rowOff"), sheet), column


def _middle(first: int, first_offset: int, last: int, last_offset: int, sheet: SheetSurvey) -> int:
    """The row (from 1) of the vertical middle between two places (rows from 0, offsets in EMU)."""
    last = min(last, first + 10_000)
    heights = [_height(row + 1, sheet) for row in range(first, last)]
    middle = (min(first_offset, heights[0]) + sum(heights) + last_offset) / 2
    for row, height in enumerate(heights, start=first + 1):
        if middle < height:
            return row
        middle -= height
    return last + 1


def _height(row: int, sheet: SheetSurvey) -> float:
    return sheet.heights.get(row, sheet.row_height) * EMU_PER_POINT


def _absolute(position: Element | None, sheet: SheetSurvey) -> tuple[int, int]:
    """A picture with no cell: counted down and across from the corner."""
    left = float(_index(given(position, "x"))) if position is not None else 0.0
    top = float(_index(given(position, "y"))) if position is not None else 0.0
    row = column = 1
    while row < 20_000 and top >= _height(row, sheet):
        top, row = top - _height(row, sheet), row + 1
    while column < 100 and left >= _width(column, sheet):
        left, column = left - _width(column, sheet), column + 1
    return row, column


def _width(column: int, sheet: SheetSurvey) -> float:
    width = next((chars for first, last, chars in sheet.widths if first <= column <= last), DEFAULT_WIDTH)
    return (width * 7 + 5) * EMU_PER_PIXEL


def _number(corner: Element, name: str) -> int:
    element = next(named(corner, name), None)
    return _index(element.text.strip() if element is not None and element.text else None)


def _index(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0
