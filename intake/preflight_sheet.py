"""One worksheet looked through: limits kept, oddities noted, nothing yet read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from intake.preflight_format import is_date
from intake.preflight_kind import AGAIN
from intake.preflight_survey import Area, BookLimits, Cell, DateKind, Oddity, Refused, SheetSurvey
from intake.preflight_xml import Attributes, attribute, feed, local_name, new_parser

MANY_MERGED = 200_000  # cells under merges, or under hyperlinks: openpyxl makes an object of each
LOST_DIGITS = 1e15  # from here on a number no longer keeps every digit that was typed
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
DISPIMG = re.compile(r"DISPIMG\(\s*\"([^\"]+)\"", re.IGNORECASE)
TEXT_PARTS = frozenset({"v", "t", "f"})


class _Columns(dict[str, int]):
    """Numbers of column letters, remembered."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self[letters] = number
        return number


column_number = _Columns().__getitem__


class SheetScan:
    """Expat's handlers for one sheet; what they learn is :meth:`survey`."""

    def __init__(
        self, name: str, limits: BookLimits, kinds: Sequence[DateKind | None], date1904: bool, strict: bool
    ) -> None:
        self._name, self._limits, self._kinds, self._1904 = name, limits, kinds, date1904
        self._seen = bytearray()
        self._odd: set[Oddity] = {Oddity.DATE1904} if date1904 else set()
        self._odd |= {Oddity.STRICT} if strict else set()
        self._in_data = self._in_cell = self._has_value = self._has_formula = self._phonetic = False
        self._keep: list[str] | None = None
        self._value: list[str] = []
        self._formula: list[str] = []
        self._length = self._row = self._column = self._rows = self._last_row = self._last_column = 0
        self._type, self._style, self._meta = "n", "0", ""
        self._dimension: Area | None = None
        self._merges: list[Area] = []
        self._merged = self._linked = 0
        self._drawing: str | None = None
        self._heights: dict[int, float] = {}
        self._widths: list[tuple[int, int, float]] = []
        self._row_height = 15.0
        self._errors: dict[Cell, str] = {}
        self._uncached: list[Cell] = []
        self._unusable: dict[Cell, str] = {}
        self._long: list[Cell] = []
        self._twice: list[Cell] = []
        self._dates: dict[Cell, tuple[DateKind, float]] = {}
        self._pictures: dict[Cell, str] = {}
        self._rich: dict[Cell, int] = {}
        self._outside: dict[str, Callable[[Attributes], None]] = {
            "dimension": self._on_dimension,
            "mergeCell": self._on_merge,
            "hyperlink": self._on_hyperlink,
            "drawing": self._on_drawing,
            "sheetFormatPr": self._on_format,
            "col": self._on_col,
        }

    @property
    def expands(self) -> bool:
        """Whether openpyxl would make far too many cells of the sheet's hyperlinks."""
        return self._linked > MANY_MERGED

    def scan(self, chunks: Iterable[bytes]) -> SheetSurvey:
        """Look the sheet through; raises :class:`Refused` as soon as a limit is passed."""
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for _ in feed(parser, chunks):
            pass
        return self._survey()

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = local_name(tag)
        if not self._in_data:
            if name == "sheetData":
                self._in_data = True
            elif handle := self._outside.get(name):
                handle(attributes)
        elif self._in_cell:
            self._inside(name)
        elif name == "c":
            self._on_cell(attributes)
        elif name == "row":
            self._on_row(attributes)

    def _inside(self, name: str) -> None:
        if name == "v" or (name == "t" and not self._phonetic):
            self._keep, self._has_value = self._value, True
        elif name == "f":
            self._keep, self._has_formula = self._formula, True
        elif name == "rPh":
            self._phonetic = True
        elif name == "r":
            self._odd.add(Oddity.RICH_TEXT)

    def _text(self, text: str) -> None:
        if self._keep is not None:
            self._length += len(text)
            if self._length > 2 * self._limits.cell_chars:
                raise self._too_long()
            self._keep.append(text)

    def _end(self, tag: str) -> None:
        name = local_name(tag)
        if name in TEXT_PARTS:
            self._keep = None
        elif name == "c":
            if self._in_cell:
                self._finish()
        elif name == "rPh":
            self._phonetic = False
        elif name == "sheetData":
            self._in_data = False

    def _on_row(self, attributes: Attributes) -> None:
        self._rows += 1
        number = _whole(attributes.get("r"), self._row + 1)
        if self._rows > self._limits.rows:
            raise self._too_many_rows()
        if number <= self._row:
            self._odd.add(Oddity.DISORDER)
        self._row, self._column = number, 0
        if height := attributes.get("ht"):
            self._heights[number] = 0.0 if attributes.get("hidden") in ("1", "true") else _number(height, 15.0)

    def _on_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            match = REFERENCE.fullmatch(reference)
            if match is None:
                raise Refused("damaged", f"工作表“{self._name}”中有无法识别的单元格地址", AGAIN)
            column, row = column_number(match[1]), int(match[2])
            if row != self._row or column <= self._column:
                self._odd.add(Oddity.DISORDER)
            self._row, self._column = row, column
        self._check_place()
        self._in_cell, self._has_value, self._has_formula, self._length = True, False, False, 0
        self._value, self._formula = [], []
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._meta = attributes.get("vm", "")

    def _check_place(self) -> None:
        if self._row > self._limits.rows or self._row < 1:
            raise self._too_many_rows()
        if self._column > self._limits.columns:
            raise self._too_many_columns()
        place = self._row * (self._limits.columns + 1) + self._column
        if place >= len(self._seen):
            self._seen.extend(bytes(place + 4096 - len(self._seen)))
        if self._seen[place]:
            self._odd.add(Oddity.DUPLICATE)
            self._twice.append((self._row, self._column))
        self._seen[place] = 1
        self._last_row, self._last_column = max(self._last_row, self._row), max(self._last_column, self._column)

    def _finish(self) -> None:
        self._in_cell, self._keep, self._phonetic = False, None, False
        if not (self._has_value or self._has_formula):
            return
        value = "".join(self._value)
        if len(value) > self._limits.cell_chars and _typed_length(value) > self._limits.cell_chars:
            raise self._too_long()
        cell = (self._row, self._column)
        if self._has_formula:
            self._judge_formula(cell, value)
        if self._type == "n":
            self._judge_number(cell, value)
        elif self._type == "e":
            self._odd.add(Oddity.ERROR)
            self._errors[cell] = value or "#VALUE!"
            if self._meta.isdigit():
                self._rich[cell] = int(self._meta)
        elif self._type == "d":
            self._odd.add(Oddity.ISO_DATE)

    def _judge_formula(self, cell: Cell, value: str) -> None:
        self._odd.add(Oddity.FORMULA)
        if picture := DISPIMG.search("".join(self._formula)):
            self._pictures[cell] = picture[1]
        elif not value and not (self._has_value and self._type in ("str", "inlineStr")):
            self._uncached.append(cell)

    def _judge_number(self, cell: Cell, value: str) -> None:
        if not (value := value.strip()):
            return
        number = _number(value, float("nan"))
        kind = self._kind()
        if kind is not None and is_date(number, kind, self._1904):
            self._dates[cell] = (kind, number)
        elif kind is not None or number != number or number in (float("inf"), float("-inf")):
            self._unusable[cell] = value[:40]
        elif not -LOST_DIGITS < number < LOST_DIGITS:
            self._long.append(cell)

    def _kind(self) -> DateKind | None:
        style = _whole(self._style, 0)
        return self._kinds[style] if style < len(self._kinds) else None

    def _on_dimension(self, attributes: Attributes) -> None:
        self._dimension = area(attributes.get("ref", ""))

    def _on_merge(self, attributes: Attributes) -> None:
        if (merged := area(attributes.get("ref", ""))) is None:
            return
        self._merged += size(merged)
        if merged[2] > self._limits.rows or merged[3] > self._limits.columns or self._merged > MANY_MERGED:
            reason = f"工作表“{self._name}”中有范围过大的合并单元格"
            raise Refused("merge_too_big", reason, "请取消合并单元格后重新保存，再放入一次")
        self._merges.append(merged)
        self._odd.add(Oddity.MERGE)

    def _on_hyperlink(self, attributes: Attributes) -> None:
        if linked := area(attributes.get("ref", "")):
            self._linked += size(linked)

    def _on_drawing(self, attributes: Attributes) -> None:
        self._drawing = attribute(attributes, "id")

    def _on_format(self, attributes: Attributes) -> None:
        self._row_height = _number(attributes.get("defaultRowHeight", ""), 15.0)

    def _on_col(self, attributes: Attributes) -> None:
        first, last = _whole(attributes.get("min"), 1), _whole(attributes.get("max"), 1)
        self._widths.append((first, last, _number(attributes.get("width", ""), 9.0)))

    def _survey(self) -> SheetSurvey:
        told = self._dimension
        if told and not (told[2] >= self._last_row and told[3] >= self._last_column):
            self._odd.add(Oddity.DIMENSION)
        facts: dict[str, Any] = {
            "odd": frozenset(self._odd), "merges": tuple(self._merges), "errors": self._errors,
            "uncached": tuple(self._uncached), "unusable": self._unusable, "long_numbers": tuple(self._long),
            "duplicates": tuple(self._twice), "dates": self._dates, "pictures": self._pictures, "rich": self._rich,
            "drawing": self._drawing, "heights": self._heights, "widths": tuple(self._widths),
            "row_height": self._row_height, "last_row": self._last_row, "last_column": self._last_column,
        }  # fmt: skip
        return SheetSurvey(name=self._name, part="", **facts)

    def _too_many_rows(self) -> Refused:
        reason = f"工作表“{self._name}”超过 {self._limits.rows} 行（空行也计算在内）"
        return Refused("too_many_rows", reason, "请删除数据下方多余的行；数据确实很多时请分成几个工作簿放入")

    def _too_many_columns(self) -> Refused:
        reason = f"工作表“{self._name}”超过 {self._limits.columns} 列"
        return Refused("too_many_columns", reason, "请删除数据右侧多余的列（选中整列后删除），保存后再放入")

    def _too_long(self) -> Refused:
        reason = f"工作表“{self._name}”第 {self._row} 行有一个单元格超过 {self._limits.cell_chars} 个字"
        return Refused("cell_too_long", reason, "请缩短这个单元格的内容后再放入")


def area(reference: str) -> Area | None:
    """The area of ``A1:C3`` or ``A1``; None when it is not one (whole columns, several areas)."""
    first, _, last = reference.partition(":")
    start, end = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
    if start is None or end is None:
        return None
    rows = sorted((int(start[2]), int(end[2])))
    columns = sorted((column_number(start[1]), column_number(end[1])))
    return rows[0], columns[0], rows[1], columns[1]


def size(place: Area) -> int:
    """How many cells an area has."""
    return (place[2] - place[0] + 1) * (place[3] - place[1] + 1)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise


def _number(text: str, otherwise: float) -> float:
    if "_" in text:
        return otherwise
    try:
        return float(text)
    except ValueError:
        return otherwise


def _typed_length(text: str) -> int:
    """Characters as somebody typed them: control characters are written as ``_x000D_``."""
    return len(re.sub(r"_x[0-9A-Fa-f]{4}_", "x", text))
