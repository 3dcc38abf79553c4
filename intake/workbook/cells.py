"""From what a library read to rows: one meaning of a cell, whichever library it was."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial

from intake.preflight.cells import TRUTH
from intake.preflight.format import is_date, to_moment, to_serial
from intake.preflight.survey import Cell, DateKind, Oddity, SheetSurvey
from intake.raw import CellValue, Trouble

Grid = dict[int, list[object]]  #: values by row number, from column 1, as the library gave them
Row = tuple[int, tuple[CellValue, ...]]

DISPIMG = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\(\s*\"([^\"]+)\".*\)\s*", re.IGNORECASE | re.DOTALL)


def plain(value: object) -> CellValue:
    """A library's value in our terms: whole floats are ints, midnight is a date, nothing is None."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") or None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
        return value.date() if value.time() == time() else value
    if isinstance(value, timedelta):
        return to_moment(value / timedelta(days=1), DateKind.DURATION, False)
    if isinstance(value, int | date | time):
        return value
    return str(value)


def rows(grid: Grid, survey: SheetSurvey, date1904: bool, pictured: Iterable[Cell]) -> Iterator[Row]:
    """The rows with something in them: a value, a picture, or a cell in trouble."""
    blank = {*survey.errors, *survey.uncached, *survey.unusable, *pictured, *covered(survey)}
    held: dict[int, int] = {}
    for row, column in (*survey.errors, *survey.uncached, *survey.unusable, *pictured):
        held[row] = max(held.get(row, 0), column)
    dates: dict[Cell, CellValue] = {
        cell: to_moment(serial, kind, date1904) for cell, (kind, serial) in survey.dates.items()
    }
    exact: dict[Cell, CellValue] = {**dates, **{cell: plain(text) for cell, text in survey.texts.items()}}
    read = plain if Oddity.ISO_DATE in survey.odd else partial(_undated, date1904=date1904)
    for number in sorted({*grid, *held}):
        cells = [read(value) for value in grid.get(number, ())]
        cells += [None] * (held.get(number, 0) - len(cells))
        _overlay(number, cells, exact, blank)
        cells = _trimmed(cells, held.get(number, 0))
        if cells:
            yield number, tuple(cells)


def _undated(value: object, date1904: bool) -> CellValue:
    """Which numbers are dates is preflight's to say: the libraries know different formats."""
    if isinstance(value, date | time):
        value = to_serial(value, date1904)
    elif isinstance(value, timedelta):
        value = value / timedelta(days=1)
    return plain(value)


def _overlay(number: int, cells: list[CellValue], exact: Mapping[Cell, CellValue], blank: set[Cell]) -> None:
    for column in range(1, len(cells) + 1):
        cell = (number, column)
        if cell in blank:
            cells[column - 1] = None
        elif cell in exact:
            cells[column - 1] = exact[cell]


def _trimmed(cells: list[CellValue], least: int) -> list[CellValue]:
    """Without blank cells at the end; nothing at all when no cell holds more than white space."""
    if not least and all(value is None or (isinstance(value, str) and not value.strip()) for value in cells):
        return []
    end = len(cells)
    while end > least and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def covered(survey: SheetSurvey) -> Iterator[Cell]:
    """Cells that a merge hides: Excel shows only the first."""
    for top, left, bottom, right in survey.merges:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    yield row, column


def dispimg(found: Iterable[Row]) -> Iterator[tuple[Cell, str]]:
    """Cells whose text is a WPS picture formula, as other programs save it."""
    for number, cells in found:
        for column, value in enumerate(cells, start=1):
            if isinstance(value, str) and "DISPIMG" in value and (match := DISPIMG.fullmatch(value)):
                yield (number, column), match[1]


def troubles(survey: SheetSurvey, pictured: Iterable[Cell], lost: Iterable[Cell]) -> tuple[Trouble, ...]:
    """Every cell that cannot be used as it stands, in the order of the sheet."""
    shown = set(pictured)
    found = [
        *(Trouble(*cell, f"公式出错，结果是 {name}", "请改正公式，或直接填写内容")
          for cell, name in survey.errors.items() if cell not in shown),
        *(Trouble(*cell, "公式没有计算结果", "请在 Excel 中打开保存一次，或改为直接填写数值")
          for cell in survey.uncached if cell not in shown),
        *(_unusable(cell, text) for cell, text in survey.unusable.items()),
        *(Trouble(*cell, "数字超过 15 位，Excel 已丢失后面的数字", "请把单元格格式改为“文本”，再重新输入完整的号码")
          for cell in survey.long_numbers),
        *(Trouble(*cell, "这个单元格在文件中出现了两次，不知道以哪个为准", "请在 Excel 中重新填写这个单元格并保存")
          for cell in survey.duplicates),
        *(Trouble(top, left, "这里是合并单元格", "请取消合并单元格，每行每列分别填写")
          for top, left, bottom, _ in survey.merges if bottom > 2),
        *(Trouble(*cell, "单元格里的图片没有随文件保存", "请重新插入图片，或把照片单独放入投递文件夹")
          for cell in lost),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda trouble: (trouble.row, trouble.column)))


def _unusable(cell: Cell, text: str) -> Trouble:
    if text.startswith(TRUTH):
        return Trouble(*cell, f"{text} 无法识别", "请重新填写这个单元格")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and not is_date(number, DateKind.DATE, False):
        return Trouble(
            *cell, f"单元格格式是日期，但内容 {text} 不是有效日期", "请重新填写日期，或把单元格格式改为“文本”"
        )
    return Trouble(*cell, f"数值 {text} 无法识别", "请重新填写这个数字")
