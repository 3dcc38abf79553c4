"""The one place that writes xlsx.

Text is always written as text, so that ``=``, ``+``, ``-`` or ``@`` at the start of what
somebody typed never becomes a formula in somebody else's workbook.  The same calls give the same bytes.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from typing import Any, ClassVar

from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from outbox.xlsx import measure
from outbox.xlsx.cell import CellValue, number_format, sheet_name, shown, storable
from outbox.xlsx.layout import Sizes, Span
from outbox.xlsx.palette import CELL, FONT, HEADER, Border, Look, usual_look
from outbox.xlsx.picture import TALLEST, Box, arrange, lead
from outbox.xlsx.writer import PlainSheet, Writer

_BORDERS: dict[Border, int] = {"none": 0, "thin": 1, "medium": 2, "dashed": 8, "dotted": 4}
_LONG = 1_500  # longer text may not fit the tallest row: show its beginning
_PROPERTY = 255  # characters of a custom document property
_SMALL = 20_000  # cells of a workbook that is put together in memory; a larger one in files of its own, which cost time
_MOST = 5_000  # links or notes of a sheet: beyond some 65,000 links Excel refuses it; nobody opens that many
#: Widths of columns count in digits of the workbook's default font.  Calibri is missing outside Windows, and its
#: substitutes are a third wider; Verdana and what stands in for it have digits of the same 7 pixels everywhere.
_MEASURE = {"font_name": "Verdana", "font_size": 8}
_TALL = TALLEST + 10  # pixels of a row that pictures fill
_SHOWABLE = ("jpeg", "png", "gif", "bmp")  # what every spreadsheet program can show; never EMF or WMF


@dataclass
class Page:
    """One worksheet being written; rows and columns count from 0."""

    book: Drawing
    name: str  #: as it is in the workbook, which may differ from what was asked for
    sheet: PlainSheet = field(repr=False)  #: the writer's own, for validation and conditional formats
    layout: Sizes = field(default_factory=Sizes, repr=False)
    looks: dict[int, Look] = field(default_factory=dict, repr=False)  #: of whole columns, for cells yet to be filled
    _links: int = 0
    _notes: int = 0

    def put(self, row: int, column: int, value: CellValue, look: Look = CELL) -> None:
        """Write one value as what it is: text as text, dates as real dates."""
        value = storable(value)
        self._write(row, column, value, self._remember(row, (column,), value, look)[1])

    def put_row(self, row: int, values: Sequence[CellValue], look: Look = CELL, *, start: int = 0) -> None:
        """Write *values* side by side in one look."""
        for column, value in enumerate(values, start):
            self.put(row, column, value, look)

    def put_usual(self, row: int, column: int, value: CellValue) -> None:
        """Write one value of a table as it usually looks: the cells of which a receipt has tens of thousands."""
        if isinstance(value, str):
            words = measure.clean(value)
        elif value is None:
            words = ""
        else:
            self.put(row, column, value, usual_look(value))
            return
        look, style = self.book.dressed(CELL, "@", len(words) > _LONG)
        self.layout.seen(row, (column,), words, look)
        if words:
            self.sheet.put_words(row, column, words, style)
        else:
            self.sheet.put_blank(row, column, style)

    def span(self, row: int, first: int, last: int, value: CellValue, look: Look = CELL) -> None:
        """Write one value over several columns."""
        value = storable(value)
        _look, style = self._remember(row, tuple(range(first, last + 1)), value, look)
        self.sheet.merge_range(row, first, row, last, "", style)
        self._write(row, first, value, style)

    def link(self, row: int, column: int, words: str, target: Page, at: tuple[int, int], look: Look) -> None:
        """Write *words* that lead to a cell of another sheet."""
        if self._links >= _MOST:
            self.put(row, column, words, look)
            return
        self._links += 1
        _look, style = self._remember(row, (column,), words, look)
        quoted = target.name.replace("'", "''")
        place = f"internal:'{quoted}'!{xl_rowcol_to_cell(*at)}"
        self.sheet.write_url(row, column, place, style, measure.clean(words))

    def formula(self, row: int, column: int, formula: str, value: float | str, look: Look) -> None:
        """Write a formula of ours, with its *value* for readers that do not calculate."""
        self.layout.seen(row, (column,), shown(value, look.number), look)
        self.sheet.write_formula(row, column, formula, self.book.format(look), value)

    def total(self, row: int, column: int, rows: tuple[int, int], value: float, look: Look) -> None:
        """Write the SUM of *rows* (first, last) of this column."""
        first, last = (xl_rowcol_to_cell(line, column) for line in rows)
        self.formula(row, column, f"=SUM({first}:{last})", value, look)

    def comment(self, row: int, column: int, text: str) -> None:
        """Hang *text* on a cell; the box is as big as the text needs.  The first thousands only: say it in a cell as well."""
        if self._notes >= _MOST:
            return
        self._notes += 1
        text = measure.clean(text)
        high = min(measure.line_count(text, 300, 9) * 19 + 16, 700)
        size = {"width": 320, "height": high, "font_size": 9, "font_name": FONT}
        self.sheet.write_comment(row, column, text, {**size, "author": "客簿", "color": "#FFFFF0"})

    def pictures(
        self, row: int, column: int, pictures: Sequence[bytes], *, high: int, across: int, below: int = 0
    ) -> int:
        """Lay pictures into one cell, which grows to hold them; returns how many could be shown.

        *high* is the height of a picture in pixels, *across* the most pixels that a line of pictures may take,
        *below* the pixels left free for the cell's own words.  Original bytes are kept.
        """
        images = [image for image in map(_image, pictures) if image]
        boxes = arrange([(image.width, image.height) for image in images], high=high, across=across, below=below)
        for image, box in zip(images, boxes, strict=True):
            self._place(row, column, image, box)
        if boxes:
            wide = max(box.x + box.width for box in boxes) + 6
            self.layout.width(column, measure.column_characters(wide))
            self.layout.height(row, (max(box.y + box.height for box in boxes) + 6) * 0.75)
        return len(boxes)

    def linked_pictures(self, row: int, column: int, pictures: Sequence[tuple[bytes, str]], *, across: int) -> int:
        """Lay (picture, link) into one cell, the first as wide as *across*; returns how many rows they take.

        What is taller than a row can be lies over the rows below, which have to be left free.
        A link is relative to the workbook: it leads to the same file on a share, a mapped drive or a local disk.
        """
        images = [(image, link) for data, link in pictures if (image := _image(data))]
        if not images:
            return 1
        boxes = lead([(image.width, image.height) for image, _link in images], across=across)
        for (image, link), box in zip(images, boxes, strict=True):
            self._place(row, column, image, box, {"url": f"external:{link}", "tip": "打开清楚的大图"})
        high = max(box.y + box.height for box in boxes) + 6
        rows = ceil(high / _TALL)
        for each in range(row, row + rows):
            self.layout.height(each, high / rows * 0.75)
        return rows

    def table_head(self, row: int, headers: Sequence[str], look: Look = HEADER) -> None:
        """Write a row of headers."""
        self.put_row(row, headers, look)
        self.layout.height(row, 26)

    def paper(self, header: str) -> None:
        """Print on A4 across, as wide as the page, the first row on every page, with *header* and page numbers."""
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        self.sheet.set_header("&L" + measure.clean(header).replace("&", "&&")[:200])
        self.sheet.set_footer("&C第 &P 页，共 &N 页")
        self.sheet.repeat_rows(0)

    def settle(self) -> None:
        """Set widths, and the heights in which every wrapped line can be seen."""
        heights = self.layout.heights()
        for column in sorted({*self.layout.widths, *self.layout.hidden, *self.looks}):
            hidden = {"hidden": column in self.layout.hidden}
            style = self.book.format(self.looks[column]) if column in self.looks else None
            self.sheet.set_column(column, column, self.layout.widths.get(column), style, hidden)
        for row, points in heights.items():
            self.sheet.set_row(row, points)
        self.layout.words.clear()  # the writer now needs the memory

    def _remember(self, row: int, columns: Span, value: CellValue, look: Look) -> tuple[Look, Format]:
        """Take note of what will be seen; gives the look with all that its value adds to it."""
        number = look.number or number_format(value)
        text = shown(value, number)
        dressed = self.book.dressed(look, number, len(text) > _LONG)
        self.layout.seen(row, columns, text, dressed[0])
        return dressed

    def _write(self, row: int, column: int, value: CellValue, style: Format) -> None:
        if value is None or value == "":
            self.sheet.put_blank(row, column, style)
        elif isinstance(value, str):
            self.sheet.put_words(row, column, value, style)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, style)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, value, style)
        else:
            self.sheet.write_datetime(row, column, value, style)

    def _place(self, row: int, column: int, image: Image, box: Box, link: Mapping[str, str] | None = None) -> None:
        options = {
            "x_offset": box.x,
            "y_offset": box.y,
            "x_scale": box.width / image.width * image.x_dpi / 96,
            "y_scale": box.height / image.height * image.y_dpi / 96,
            "object_position": 1,  # moves and sizes with its cell
            "description": "照片",
            **(link or {}),
        }
        self.sheet.insert_image(row, column, image, options)


class Drawing:
    """A workbook being written; ``finish`` gives its bytes.

    *properties* are custom document properties; raises ValueError for one that is too long to be kept.
    """

    small: ClassVar[float] = _SMALL  #: up to how many cells it is put together in memory

    def __init__(self, made_at: datetime, *, title: str, properties: Mapping[str, str] | None = None) -> None:
        self.made_at, self.title = made_at, title
        self._buffer = io.BytesIO()
        self.writer = self._new_writer()
        self.formats: dict[Look, Format] = {}
        self._dressed: dict[tuple[Look, str, bool], tuple[Look, Format]] = {}
        self.overlays: list[tuple[str, str]] = []  #: ink and fill of each
        self.defined: list[tuple[str, str]] = []  #: names with their formulas
        self.pages: list[Page] = []
        created = made_at.astimezone(UTC).replace(tzinfo=None) if made_at.tzinfo else made_at
        self.writer.set_properties({"title": measure.clean(title)[:255], "author": "客簿", "created": created})
        for name, value in (properties or {}).items():
            if len(value) > _PROPERTY:
                raise ValueError(f"property {name} is longer than {_PROPERTY} characters: it would be lost")
            self.writer.set_custom_property(name, measure.clean(value), "text")

    def _new_writer(self) -> Writer:
        return Writer(self._buffer, options())

    def page(self, name: str) -> Page:
        """Add a worksheet; the name is made lawful and unique."""
        legal = sheet_name(name, [page.name for page in self.pages])
        page = Page(self, legal, self.writer.add_worksheet(legal))
        self.pages.append(page)
        return page

    def chart(self, kind: str, subtype: str) -> Any:
        """A new chart of the writer's kind, to be inserted in a page's sheet."""
        return self.writer.add_chart({"type": kind, "subtype": subtype})

    def format(self, look: Look) -> Format:
        """The writer's format for *look*, made once."""
        if look not in self.formats:
            self.formats[look] = self.writer.add_format(_properties(look))
        return self.formats[look]

    def dressed(self, look: Look, number: str, top: bool) -> tuple[Look, Format]:
        """*look* with a number format, at the *top* of a cell if need be, and the writer's format for it."""
        known = self._dressed.get((look, number, top))
        if known is None:
            whole = look.but(number=number, top=look.top or top)
            known = self._dressed[look, number, top] = (whole, self.format(whole))
        return known

    def overlay(self, *, ink: str, fill: str) -> Format:
        """A format for conditional formats: it only colours."""
        self.overlays.append((ink, fill))
        return self.writer.add_format({"font_color": ink, "bg_color": fill})

    def define(self, name: str, formula: str) -> None:
        """Give cells a *name* for formulas."""
        self.defined.append((name, formula))
        self.writer.define_name(name, formula)

    def finish(self) -> bytes:
        """Close the workbook and hand over its bytes."""
        for page in self.pages:
            page.settle()
        cells = sum(len(row) for page in self.pages for row in page.sheet.table.values())
        self.writer.in_memory = cells <= self.small
        self.writer.close()
        return self._buffer.getvalue()


def options() -> dict[str, Any]:
    """How the writer is begun; it writes into what it is given."""
    return {"default_format_properties": dict(_MEASURE)}


def column_letter(column: int) -> str:
    """The letter with which formulas name a column counted from 0."""
    return str(xl_col_to_name(column))


def _properties(look: Look) -> dict[str, Any]:
    given: dict[str, Any] = {
        "font_name": FONT, "font_size": look.size, "bold": look.bold, "font_color": look.ink,
        "align": look.align, "valign": "top" if look.top else "vcenter", "text_wrap": look.wrap,
        "border": _BORDERS[look.border], "border_color": look.line, "locked": look.locked,
        "num_format": look.number or "General",
    }  # fmt: skip
    return {**given, "bg_color": look.fill} if look.fill else given


def _image(data: bytes) -> Image | None:
    """The picture, or None where it is of a kind that spreadsheet programs cannot show (HEIC, WEBP) or is broken."""
    try:
        image = Image(io.BytesIO(data))
    except (XlsxWriterException, struct.error, IndexError, ValueError, OSError):
        return None
    return image if image.image_type.lower() in _SHOWABLE else None
