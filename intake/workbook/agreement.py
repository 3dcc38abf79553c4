"""Whether a library has read what is there: its cells held against those in which preflight saw something.

Libraries differ in what they make of odd XML: a value in another element than usual, cells outside the table, a namespace
of its own.  None of them says that it left something out.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.preflight.survey import Cell, SheetSurvey
from intake.workbook.cells import Grid, covered


def is_whole(grid: Grid, survey: SheetSurvey) -> bool:
    """Whether *grid* has a value for each cell in which something stands, and for no other.

    Cells that are in trouble anyway are not asked for: they are named, whatever a library makes of them.
    """
    aside: frozenset[Cell] | None = None
    for number in range(1, max(survey.last_row, *grid, 0) + 1):
        given = grid.get(number, ())
        wanted = survey.filled[number * survey.wide + 1 : (number + 1) * survey.wide].rstrip(b"\0")
        if bytes([value is not None and value != "" for value in given]).rstrip(b"\0") == wanted:
            continue
        aside = _in_trouble(survey) if aside is None else aside
        if any((number, column) not in aside for column in _differing(given, wanted)):
            return False
    return True


def _differing(given: Iterable[object], wanted: bytes) -> Iterable[int]:
    """Columns, from 1, in which one has something and the other has not; white space is nothing."""
    shown = [value is not None and not (isinstance(value, str) and (not value or value.isspace())) for value in given]
    for column in range(1, max(len(shown), len(wanted)) + 1):
        there = column <= len(shown) and shown[column - 1]
        if there != (column <= len(wanted) and bool(wanted[column - 1])):
            yield column


def _in_trouble(survey: SheetSurvey) -> frozenset[Cell]:
    return frozenset(
        (*survey.errors, *survey.uncached, *survey.unusable, *survey.pictures, *survey.duplicates, *covered(survey))
    )
