"""A workbook's bytes → raw rows, troubles and pictures.

To be called through :class:`intake.sandbox.Readers`: a library that loops or aborts then costs one file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from disk.luggage import Content
from intake.causes import Cause
from intake.preflight.check import inspect
from intake.preflight.kind import AGAIN
from intake.preflight.survey import BookLimits, SheetSurvey, Survey, Unsafe
from intake.raw import Refusal, Sheet, Workbook
from intake.workbook.agreement import is_whole
from intake.workbook.cells import Grid, dispimg, rows, troubles
from intake.workbook.parts import Parts, properties
from intake.workbook.pictures import LINKED, BookPictures
from intake.workbook.with_calamine import read_with_calamine
from intake.workbook.with_openpyxl import read_with_openpyxl

__all__ = ["BookLimits", "assemble", "read_with_calamine", "read_with_openpyxl", "read_workbook", "workbook_at"]

Reader = Callable[[bytes, Survey, Collection[str]], dict[str, Grid]]


def workbook_at(original: Content, limits: BookLimits) -> Workbook | Refusal:
    """The rows of the workbook in *original*, or why it is refused."""
    data = original.read_bytes()
    if len(data) > limits.megabytes * 2**20:
        words = f"文件超过 {limits.megabytes} MB"
        return Refusal(Cause.TOO_BIG, words, "请拆成几个较小的工作簿，或压缩其中的图片后再投递")
    return read_workbook(data, limits)


def read_workbook(data: bytes, limits: BookLimits) -> Workbook | Refusal:
    """Read a workbook, or say why not.  Raises nothing but MemoryError, which the sandbox reports."""
    survey = inspect(data, limits)
    if isinstance(survey, Refusal):
        return survey
    try:
        return assemble(data, survey, _grids(data, survey), limits)
    except Unsafe as refused:
        return refused.refusal
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's panics are no Exceptions
        return Refusal(
            Cause.UNREADABLE, f"工作簿无法读取，可能由不常见的软件生成或已损坏（{type(error).__name__}）", AGAIN
        )


def assemble(data: bytes, survey: Survey, grids: dict[str, Grid], limits: BookLimits) -> Workbook:
    """Sheets from what was read, surveyed and pictured."""
    parts = Parts(data, limits)
    pictures = BookPictures(parts, survey)
    sheets = tuple(_sheet(sheet, grids[sheet.name], survey, pictures) for sheet in survey.sheets)
    notices = (*survey.notices, LINKED) if pictures.linked else survey.notices
    return Workbook(sheets, notices, properties(parts, survey))


def _sheet(sheet: SheetSurvey, grid: Grid, survey: Survey, pictures: BookPictures) -> Sheet:
    found = tuple(rows(grid, sheet, survey.date1904, sheet.pictures))
    texts = dict(dispimg(found))
    placed, lost = pictures.in_cells(sheet, texts)
    pictured = {*sheet.pictures, *texts, *placed}
    if texts or placed:
        found = tuple(rows(grid, sheet, survey.date1904, pictured))
    everything = sorted(
        (*pictures.floating(sheet), *placed.values()), key=lambda picture: (picture.row, picture.column)
    )
    told = troubles(sheet, pictured, lost)
    return Sheet(sheet.name, found, told, tuple(everything), sheet.state != "visible")


def _grids(data: bytes, survey: Survey) -> dict[str, Grid]:
    """Ordinary sheets by the quick reader, odd ones by the careful one; each stands in where the other fails.

    :raises Unsafe: no reader has read what is there
    """
    expands = any(sheet.expands for sheet in survey.sheets)  # openpyxl reads all sheets or none
    odd = {sheet.name for sheet in survey.sheets if sheet.odd and not expands}
    ordinary = {sheet.name for sheet in survey.sheets} - odd
    careful = () if expands else (read_with_openpyxl,)
    return {
        **_read((read_with_calamine, *careful), data, survey, ordinary),
        **_read((*careful, read_with_calamine), data, survey, odd),
    }


def _read(readers: Sequence[Reader], data: bytes, survey: Survey, names: set[str]) -> dict[str, Grid]:
    """Each sheet by the first reader that has left nothing out of it."""
    found: dict[str, Grid] = {}
    failed: BaseException | None = None
    for reader in readers:
        if not (missing := names - found.keys()):
            break
        try:
            grids = reader(data, survey, missing)
        except (MemoryError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # calamine's panics are no Exceptions
            failed = error
            continue
        found |= {
            sheet.name: grids[sheet.name]
            for sheet in survey.sheets
            if sheet.name in missing and is_whole(grids[sheet.name], sheet)
        }
    if missing := names - found.keys():
        raise failed or Unsafe(
            Cause.UNREADABLE, f"工作簿无法读取：工作表“{min(missing)}”里的内容，不同的读法读出来不一样", AGAIN
        )
    return found
