"""Workbooks drawn as they stand on a screen at 100 %: each sheet whole, and the part that is seen when it is opened."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.office import Office

SCREEN = (1366, 640)  #: pixels of the screen, less what the program's own bars take of its height
_TALLEST = 2400  # pixels; what lies below is more of the same

#: Gives every visible sheet a page of its own size without margins, and prints them; lengths are 1/100 mm, 96 dots an inch.
PRINTER = """
from com.sun.star.table import CellRangeAddress
PIXEL = 2540 / 96
document = desktop.loadComponentFromURL(task["open"], "_blank", 0, (option("Hidden", True),))
styles = document.StyleFamilies.getByName("PageStyles")
wide, high, tallest = (pixels * PIXEL for pixels in task["screen"] + [task["tallest"]])
def reach(sheet, column, row):
    cell = sheet.getCellByPosition(column, row)
    return cell.Position.X + cell.Size.Width, cell.Position.Y + cell.Size.Height
told = []
for number in range(document.Sheets.Count):
    sheet = document.Sheets.getByIndex(number)
    if not sheet.IsVisible:
        sheet.setPrintAreas(())
        continue
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    column, row = cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow
    used = reach(sheet, column, row)
    drawn = [sheet.DrawPage.getByIndex(n) for n in range(sheet.DrawPage.Count)]
    right = max([used[0]] + [shape.Position.X + shape.Size.Width for shape in drawn])
    below = max([used[1]] + [shape.Position.Y + shape.Size.Height for shape in drawn])
    while reach(sheet, column, 0)[0] < max(right, wide):
        column += 1
    while reach(sheet, 0, row)[1] < max(below, high):
        row += 1
    while reach(sheet, 0, row)[1] > max(tallest, high) and row:
        row -= 1
    area = CellRangeAddress()
    area.Sheet, area.EndColumn, area.EndRow = number, column, row
    sheet.setPrintTitleRows(False)
    sheet.setPrintTitleColumns(False)
    sheet.setPrintAreas((area,))
    size = reach(sheet, column, row)
    name = "screen%d" % number
    style = document.createInstance("com.sun.star.style.PageStyle")
    styles.insertByName(name, style)
    for key, value in (
        ("HeaderIsOn", False), ("FooterIsOn", False), ("TopMargin", 0), ("BottomMargin", 0), ("LeftMargin", 0),
        ("RightMargin", 0), ("IsLandscape", False), ("Width", int(size[0] + 800)), ("Height", int(size[1] + 800)),
        ("ScaleToPages", 0), ("ScaleToPagesX", 0), ("ScaleToPagesY", 0), ("PageScale", 100), ("PrintGrid", False),
        ("CenterHorizontally", False), ("CenterVertically", False),
    ):
        setattr(style, key, value)
    sheet.PageStyle = name
    told.append({"name": sheet.Name, "right": right / PIXEL, "size": [round(side / PIXEL) for side in size]})
document.storeToURL(task["save"], (option("FilterName", "calc_pdf_Export"),))
document.close(True)
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Shown:
    """One sheet as a picture."""

    sheet: str
    pixels: int  #: how far to the right there is something
    whole: Path
    screen: Path  #: what is seen when the sheet is opened


def draw(office: Office, workbook: Path, folder: Path) -> list[Shown]:
    """Draw every visible sheet of *workbook* into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    paper = folder / "sheets.pdf"
    told = office(PRINTER, workbook, paper, screen=list(SCREEN), tallest=_TALLEST)
    subprocess.run(["pdftoppm", "-png", "-r", "96", str(paper), str(folder / "page")], check=True, capture_output=True)
    pages = sorted(folder.glob("page-*.png"))
    assert len(pages) == len(told), f"{workbook.name}: {len(pages)} pages of {len(told)} sheets"
    paper.unlink()
    return [_cut(page, one["name"], one["right"], one["size"]) for page, one in zip(pages, told, strict=True)]


def _cut(page: Path, sheet: str, right: float, size: list[int]) -> Shown:
    whole, screen = (page.with_name(f"{sheet}{words}.png") for words in ("", "_首屏"))
    with Image.open(page) as drawn:
        drawn.crop((0, 0, size[0], size[1])).save(whole, optimize=True)
        drawn.crop((0, 0, *SCREEN)).save(screen, optimize=True)
    page.unlink()
    return Shown(sheet, round(right), whole, screen)
