"""One worksheet looked through: limits kept, oddities noted, nothing yet read."""

from __future__ import annotations

from collections.abc import Iterable

from intake.causes import Cause
from intake.preflight.address import REFERENCE, column_number, whole
from intake.preflight.around import Surroundings
from intake.preflight.cells import CellNotes, RawCell, Setting
from intake.preflight.kind import AGAIN
from intake.preflight.package import damaged
from intake.preflight.survey import Cell, Oddity, SheetSurvey, Unsafe
from intake.preflight.xml import ESCAPED, Attributes, feed, local_name, new_parser, strange

TEXT_PARTS = frozenset({"v", "t", "f"})
_HEADER = 1  #: row that the limit does not count: who may hand in 20,000 rows thinks of rows of data
NEVER_INSIDE = frozenset({"c", "row", "si", "sheetData"})  #: of a cell: who would say what it holds?
HELD_ONCE = frozenset({"v", "is", "f"})
SEEN, FILLED = 1, 2  #: of a cell: it is there; something stands in it
ONLY_FILLED = bytes(int(mark == FILLED) for mark in range(256))


class SheetScan:
    """Expat's handlers for one sheet; :meth:`scan` gives what they learnt."""

    def __init__(self, name: str, part: str, state: str, setting: Setting) -> None:
        self._name, self._part, self._state = name, part, state
        self._limits, self._blank = setting.limits, setting.blank
        self._notes = CellNotes(setting)
        self._odd = self._notes.odd
        self._odd |= {Oddity.DATE1904} if setting.date1904 else set()
        self._odd |= {Oddity.STRICT} if setting.strict else set()
        self._seen = bytearray()
        self._twice: list[Cell] = []
        self._held: set[str] = set()
        self._in_data = self._had_data = self._in_row = self._in_cell = False
        self._has_value = self._has_formula = self._phonetic = False
        self._aside = 0  #: depth below something else than rows and cells
        self._keep: list[str] | None = None
        self._value: list[str] = []
        self._formula: list[str] = []
        self._length = self._row = self._column = self._rows = self._last_row = self._last_column = 0
        self._type, self._style, self._metadata = "n", "0", ""
        self._most = self._limits.rows + _HEADER
        self._around = Surroundings(self._most, self._limits.columns)

    def scan(self, chunks: Iterable[bytes]) -> SheetSurvey:
        """Look the sheet through; raises :class:`Unsafe` as soon as a limit is passed."""
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for _ in feed(parser, chunks):
            if self._around.merges_too_big:
                reason = f"工作表“{self._name}”中有范围过大的合并单元格"
                raise Unsafe(Cause.MERGE_TOO_BIG, reason, "请取消合并单元格后重新保存，再放入一次")
        return self._survey()

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = local_name(tag)
        if not self._in_data:
            if name == "sheetData" and not self._had_data:
                self._in_data = self._had_data = True
            elif name == "sheetData":
                raise strange()  # libraries stop behind the first, or go on
            else:
                self._around.take(name, attributes)
        elif self._in_cell:
            self._inside(name)
        elif self._aside:
            self._beside_cells(name)
        elif name == "c" and self._in_row:
            self._on_cell(attributes)
        elif name == "row" and not self._in_row:
            self._on_row(attributes)
        else:
            self._beside_cells(name)

    def _beside_cells(self, name: str) -> None:
        """Something else than rows and cells: nobody minds it, as long as there are none in it.

        Those of an alternative (``mc:AlternateContent``), of a row in a row or of none one library reads and the other does not.
        """
        if name in NEVER_INSIDE:  # the end of a sheetData would be taken for the end of all rows
            raise strange()
        self._aside += 1

    def _inside(self, name: str) -> None:
        twice = name in self._held and not (name == "t" and self._phonetic)
        if self._keep is not None or twice or name in NEVER_INSIDE:
            raise strange()
        if name in HELD_ONCE:
            self._held.add(name)
        if name == "v" or (name == "t" and not self._phonetic):
            self._held.add(name)  # a second text wants a run (r) of its own
            self._keep, self._has_value = self._value, True
        elif name == "f":
            self._keep, self._has_formula = self._formula, True
        elif name == "rPh":
            self._phonetic = True
        elif name == "r":
            self._held.discard("t")
            self._odd.add(Oddity.RICH_TEXT)

    def _text(self, text: str) -> None:
        if self._keep is not None:
            self._length += len(text)
            if self._length > 7 * self._limits.cell_chars:  # every character may be escaped as _x000D_
                raise self._too_long()
            self._keep.append(text)

    def _end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        name = local_name(tag)
        if name in TEXT_PARTS:
            self._keep = None
        elif name == "c":
            if self._in_cell:
                self._finish()
        elif name == "rPh":
            self._phonetic = False
        elif name == "row":
            self._in_row = False
        elif name == "sheetData":
            self._in_data = False

    def _on_row(self, attributes: Attributes) -> None:
        self._rows, self._in_row = self._rows + 1, True
        if self._rows > self._most:
            raise self._too_many_rows()
        row = whole(attributes.get("r"), self._row + 1)
        if row <= self._row:
            self._odd.add(Oddity.DISORDER)
        self._row, self._column = row, 0
        self._around.take_height(row, attributes)

    def _on_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._move(reference)
        self._check_place()
        self._in_cell, self._has_value, self._has_formula, self._length = True, False, False, 0
        self._value, self._formula = [], []
        self._held.clear()
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._metadata = attributes.get("vm", "")

    def _move(self, reference: str) -> None:
        match = REFERENCE.fullmatch(reference)
        if match is None:
            raise Unsafe(Cause.DAMAGED, f"工作表“{self._name}”中有无法识别的单元格地址", AGAIN)
        row, column = int(match[2]), column_number(match[1])
        if row != self._row or column <= self._column:
            self._odd.add(Oddity.DISORDER)
        self._row, self._column = row, column

    def _check_place(self) -> None:
        if self._row > self._most or self._row < 1:
            raise self._too_many_rows()
        if self._column > self._limits.columns:
            raise self._too_many_columns()
        place = self._row * (self._limits.columns + 1) + self._column
        if place >= len(self._seen):
            self._seen.extend(bytes(place + 4096 - len(self._seen)))
        if self._seen[place]:
            self._odd.add(Oddity.DUPLICATE)
            self._twice.append((self._row, self._column))
        self._seen[place] = SEEN
        if self._row > self._last_row:
            self._last_row = self._row
        if self._column > self._last_column:
            self._last_column = self._column

    def _finish(self) -> None:
        self._in_cell, self._keep, self._phonetic = False, None, False
        if not (self._has_value or self._has_formula):
            return
        value = "".join(self._value)
        if len(value) > self._limits.cell_chars and len(ESCAPED.sub("x", value)) > self._limits.cell_chars:
            raise self._too_long()
        if value and self._type == "s" and not (value.isascii() and value.isdigit()):
            raise damaged()  # a number of a text: libraries count from the end, or take the first
        if value and not value.isspace() and not (self._type == "s" and value in self._blank):
            self._seen[self._row * (self._limits.columns + 1) + self._column] = FILLED
        formula = "".join(self._formula) if self._has_formula else None
        place = (self._row, self._column)
        self._notes.take(RawCell(place, self._type, self._style, self._metadata, value, self._has_value, formula))

    def _survey(self) -> SheetSurvey:
        notes, around = self._notes, self._around
        if around.merges:
            self._odd.add(Oddity.MERGE)
        if around.dimension and (around.dimension[2] < self._last_row or around.dimension[3] < self._last_column):
            self._odd.add(Oddity.DIMENSION)
        return SheetSurvey(
            name=self._name, part=self._part, state=self._state, odd=frozenset(self._odd),
            merges=tuple(around.merges), errors=notes.errors, uncached=tuple(notes.uncached), unusable=notes.unusable,
            long_numbers=tuple(notes.long_numbers), duplicates=tuple(self._twice), dates=notes.dates,
            texts=notes.texts, pictures=notes.pictures, rich=notes.rich, drawing=around.drawing,
            heights=around.heights, widths=tuple(around.widths), row_height=around.row_height,
            last_row=self._last_row, last_column=self._last_column, expands=around.expands,
            filled=bytes(self._seen.translate(ONLY_FILLED)), wide=self._limits.columns + 1,
        )  # fmt: skip

    def _too_many_rows(self) -> Unsafe:
        reason = f"工作表“{self._name}”超过 {self._limits.rows} 行数据（表头不算，空行也计算在内）"
        return Unsafe(Cause.TOO_MANY_ROWS, reason, "请删除数据下方多余的行；数据确实很多时请分成几个工作簿放入")

    def _too_many_columns(self) -> Unsafe:
        reason = f"工作表“{self._name}”超过 {self._limits.columns} 列"
        return Unsafe(Cause.TOO_MANY_COLUMNS, reason, "请删除数据右侧多余的列（选中整列后删除），保存后再放入")

    def _too_long(self) -> Unsafe:
        reason = f"工作表“{self._name}”第 {self._row} 行有一个单元格超过 {self._limits.cell_chars} 个字"
        return Unsafe(Cause.CELL_TOO_LONG, reason, "请缩短这个单元格的内容后再放入")
