"""Draws ``docs/pictures/forms/<code>.png``, each form's template with its example row: ``make pictures`` (needs LibreOffice).

What is drawn depends on the fonts of the machine: no test compares it, only that every form has its picture.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageChops

from outbox.templates.template import render_template
from policy.clauses import cite
from policy.form import Form, columns
from policy.forms import FORMS
from policy.settings import load_settings

REPOSITORY = Path(__file__).parents[1]
PICTURES = REPOSITORY / "docs" / "pictures" / "forms"
WIDE = 1500  # pixels: what a page of the manual shows


def filled(form: type[Form]) -> bytes:
    """The template as it is delivered, its example written into the first row."""
    lists = load_settings(REPOSITORY / "config.toml").lists.model_dump()
    book = openpyxl.load_workbook(BytesIO(render_template(form, lists, datetime(2026, 1, 1), version="1", cite=cite)))
    page = book[form.sheet]
    for number, column in enumerate(columns(form), 1):
        page.cell(2, number).value = column.example
    lay_out(page, len(columns(form)))
    for other in book.sheetnames:
        if other != form.sheet:
            del book[other]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def lay_out(page: Worksheet, width: int) -> None:
    """At the size at which it is read on a screen, and nothing but the table."""
    page.page_setup.paperSize, page.page_setup.orientation = 8, "landscape"  # A3
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    page.page_margins = PageMargins(0.2, 0.2, 0.2, 0.2, 0, 0)
    page.HeaderFooter.oddHeader = page.HeaderFooter.oddFooter = None
    page.print_area = f"A1:{get_column_letter(width)}2"
    widths = [page.column_dimensions[get_column_letter(n)].width or 10 for n in range(1, width + 1)]
    page.page_setup.scale = min(
        100, int(100 * 1540 / (9.9 * sum(widths)))
    )  # pixels of a sheet of A3 between its margins
    texts = [str(page.cell(2, n).value) for n in range(1, width + 1)]
    long = max(len(text) * 2 / wide for text, wide in zip(texts, widths, strict=True))
    page.row_dimensions[2].height = 18 * max(1, math.ceil(long))


def draw(form: type[Form], folder: Path) -> Image.Image:
    """The first page as LibreOffice prints it, cut to what is on it."""
    source = folder / f"{form.code}.xlsx"
    source.write_bytes(filled(form))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    office = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(office, check=True, capture_output=True)
    pages = ["pdftoppm", "-png", "-r", "96", "-l", "1", str(source.with_suffix(".pdf")), str(source.with_suffix(""))]
    subprocess.run(pages, check=True, capture_output=True)
    page = Image.open(next(folder.glob(f"{form.code}-*.png"))).convert("RGB")
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    return page.crop(box) if box else page


def write() -> None:
    """Draw every form anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for form in FORMS:
        with tempfile.TemporaryDirectory() as folder:
            picture = draw(form, Path(folder))
        picture.thumbnail((WIDE, WIDE), Image.Resampling.LANCZOS)
        picture.quantize(64).save(PICTURES / f"{form.code}.png", optimize=True)


if __name__ == "__main__":
    write()
