"""Workbooks as text, for golden files: what is in the cells, read back by a program that did not write them."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

GOLDEN = Path(__file__).parent / "golden" / "sheets"


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def values(sheet: Any) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def screen_pixels(sheet: Any, columns: int) -> int:
    """Width on screen of the first *columns* of a sheet; columns of one width are read as one."""
    widths = dict.fromkeys(range(1, columns + 1), 8.43)
    for each in sheet.column_dimensions.values():
        widths |= dict.fromkeys(range(each.min, min(each.max, columns) + 1), 0 if each.hidden else each.width)
    return sum(round(width * 7) for width in widths.values())


def sparklines(path: Path, sheet: int) -> dict[str, str]:
    """Cell → range, of the little charts that stand in cells of the *sheet*-th sheet."""
    with zipfile.ZipFile(path) as book:
        text = book.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    return {cell: of for of, cell in re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", text)}


def dump(data: bytes) -> str:
    """Every cell with something in it, with its comment; sheet by sheet."""
    book = opened(data)
    return "\n".join(line for sheet in book.worksheets for line in _lines(sheet)) + "\n"


def _lines(sheet: Any) -> Iterator[str]:
    yield f"## {sheet.title}"
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield f"{cell.coordinate} {cell.value!r}"
            if cell.comment:
                yield f"{cell.coordinate} # {cell.comment.text!r}"


def assert_golden(name: str, text: str) -> None:
    """*text* equals the golden file; KEBU_WRITE_GOLDEN=1 writes it anew, to be read before it is committed."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("KEBU_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def saved_by_libreoffice(data: bytes, folder: Path) -> bytes:
    """The workbook as a real spreadsheet program writes it after merely opening it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    given, out = folder / "given" / "book.xlsx", folder / "saved"
    given.parent.mkdir()
    given.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(out),
        str(given),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / "book.xlsx").read_bytes()
