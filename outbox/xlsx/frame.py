"""A workbook of which most sheets are alike for many people: those are written once, and each person's own are joined to them.

What of the alike sheets was written is kept, squeezed.  A person's own sheets are written by the same writer, beginning
with the same looks and words, so that their numbers mean the same in all sheets.  What is made is a matter of what the
sheets say, never of who was served before.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.worksheet import Worksheet

from outbox.xlsx.cell import number_format
from outbox.xlsx.palette import Look, usual_look
from outbox.xlsx.sheet import Drawing, Page, options
from outbox.xlsx.spliced import add_spliced, piece
from outbox.xlsx.varied import Cell, Varied
from outbox.xlsx.writer import Packing, Strings, Writer

#: Parts of a workbook in which every sheet has a share.
_WORDS = "xl/sharedStrings.xml"
_SHARED = frozenset({"xl/workbook.xml", "xl/styles.xml", _WORDS, "docProps/app.xml"})
_YEAR_ONE = (1980, 1, 1, 0, 0, 0)  # of zip files: a moment of its own would tell two drawings apart


class Frame:
    """The alike sheets of *drawing*, which is finished by this; its sheets *own* are empty, in the places of each person's.

    In the sheets *varied* some blank cells may be days for some.
    """

    def __init__(self, drawing: Drawing, own: tuple[Page, ...], varied: Sequence[Page] = ()) -> None:
        style = drawing.dressed(usual_look(date.max), number_format(date.max), False)[1]._get_xf_index()
        parts = _parts_of(drawing.finish())
        self.made_at, self.title = drawing.made_at, drawing.title
        self.pages, self.own = tuple(drawing.pages), frozenset(page.name for page in own)
        self.defined, self.overlays = tuple(drawing.defined), tuple(drawing.overlays)
        self.looks = _in_order(drawing)
        self.strings = {words: n for n, words in enumerate(drawing.writer.str_table.string_array)}
        self.uses = drawing.writer.str_table.count
        self.has_comments: bool = drawing.writer.has_comments
        self.words = piece(_strings_in(parts.get(_WORDS, b"").decode()))
        self.varied = {page.name: Varied(parts[_part_of(page)].decode(), style) for page in varied}
        mine = {_part_of(page) for page in (*own, *varied)}
        self.archive = _archived({name: data for name, data in parts.items() if name not in mine | _SHARED})
        for page in self.pages:  # written for good: what the writer knew of their cells is no longer needed
            page.sheet.table.clear()

    def opened(self) -> Joined:
        """The same workbook with the own sheets still to be written."""
        return Joined(self)


class Joined(Drawing):
    """A person's workbook: :attr:`own` are its sheets still to be written, in the order of the frame."""

    small = math.inf  # what is written is read back and joined: there is no file of its own, however many cells

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        super().__init__(frame.made_at, title=frame.title)
        for look, index in frame.looks:
            if self.format(look)._get_xf_index() != index:
                raise ValueError(f"{look} means another look in this workbook than in its frame")
        for ink, fill in frame.overlays:
            self.overlay(ink=ink, fill=fill)._get_dxf_index()
        for name, formula in frame.defined:
            self.define(name, formula)
        self.own = [self._opened(page) for page in frame.pages if page.name in frame.own]
        self.days: dict[str, dict[Cell, date]] = {
            name: {} for name in frame.varied
        }  #: sheet → what stands in its cells

    def _new_writer(self) -> Writer:
        return _OwnSheets(self._buffer, self._frame)

    def _opened(self, page: Page) -> Page:
        opened = Page(self, page.name, self.writer.sheetnames[page.name])
        self.pages.append(opened)
        return opened

    def finish(self) -> bytes:
        """Write the own sheets and join them to the alike ones.

        :raises ValueError: an own sheet holds something else than words and numbers
        """
        if any(page.sheet.has_vml or page.sheet.external_hyper_links or page.sheet.images for page in self.own):
            raise ValueError("notes, pictures and links to files belong to the alike sheets")
        super().finish()
        joined = io.BytesIO(self._frame.archive)
        with ZipFile(joined, "a", ZIP_DEFLATED) as archive:
            for page in self._frame.pages:
                if page.name in self._frame.varied:
                    pieces = self._frame.varied[page.name].pieces(self.days[page.name])
                    add_spliced(archive, _entry(_part_of(page)), pieces)
            for name, text in self.writer.parts.items():
                if name == _WORDS:
                    at = _begin_of_strings(text)
                    add_spliced(archive, _entry(name), (piece(text[:at]), self._frame.words, piece(text[at:])))
                else:
                    archive.writestr(_entry(name), text)
        return joined.getvalue()


class _OwnSheets(Writer):
    """A workbook that writes its own sheets, and what all sheets have a share in."""

    def __init__(self, nowhere: io.BytesIO, frame: Frame) -> None:
        super().__init__(nowhere, options())
        self.in_memory = True
        self.parts: dict[str, str] = {}
        self.frame = frame
        self.str_table.string_table = dict(frame.strings)
        self.str_table.count, self.str_table.unique_count = frame.uses, len(frame.strings)
        for page in frame.pages:
            if page.name in frame.own:
                self.add_worksheet(page.name)
            else:
                self.worksheets_objs.append(page.sheet)
                self.sheetnames[page.name] = page.sheet

    def _prepare_vml(self) -> None:
        self.has_comments = self.frame.has_comments

    def _get_packager(self) -> _OwnParts:
        return _OwnParts()


class _OwnParts(Packing):
    """Gives the parts that are a person's own to the workbook, and nothing to be packed."""

    def _create_package(self) -> list[object]:
        for sheet in self.workbook.worksheets():
            if sheet.name in self.workbook.frame.own:
                self._write_own(sheet)
        self._write_workbook_file()
        self._write_shared_strings_file()
        self._write_styles_file()
        self._write_app_file()
        self.workbook.parts = {name: stream.getvalue() for stream, name, _binary in self.filenames}
        return []

    def _write_own(self, sheet: Worksheet) -> None:
        sheet._set_xml_writer(self._filename(f"xl/worksheets/sheet{sheet.index + 1}.xml"))
        sheet._assemble_xml_file()

    def new_strings(self) -> Strings:
        return _OwnStrings(self.workbook.frame)


class _OwnStrings(Strings):
    """The words of the own sheets; those of the alike ones, which stand before them, are put in squeezed as they are."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame

    def _write_sst_strings(self) -> None:
        self.write_words(self.string_table.string_array[len(self.frame.strings) :])


def _in_order(drawing: Drawing) -> tuple[tuple[Look, int], ...]:
    """The looks that sheets have used, each with its number, as the writer counted them."""
    used = [(look, style.xf_index) for look, style in drawing.formats.items() if style.xf_index is not None]
    return tuple(sorted(used, key=lambda each: int(each[1])))


def _part_of(page: Page) -> str:
    return f"xl/worksheets/sheet{page.sheet.index + 1}.xml"


def _parts_of(workbook: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _begin_of_strings(part: str) -> int:
    """Where the first word stands."""
    return part.index(">", part.index("<sst")) + 1


def _strings_in(part: str) -> str:
    """What stands between the beginning and the end of the list of words."""
    return part[_begin_of_strings(part) : part.rindex("</sst>")] if part else ""


def _archived(parts: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(_entry(name), data)
    return kept.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _YEAR_ONE)
    entry.compress_type = ZIP_DEFLATED
    return entry
