"""What no such program can do without: calamine reads, pydantic checks, executemany stores, XlsxWriter answers.

python bare_floor.py SHARE BOOK.db ANSWERS
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import xlsxwriter
from pydantic import BaseModel
from python_calamine import CalamineWorkbook


class Row(BaseModel):
    """A row of texts: the least that can be called checked."""

    cells: list[str]


def main(share: Path, ledger: Path, answers: Path) -> None:
    """Take every workbook, with nothing decided in between."""
    answers.mkdir(exist_ok=True)
    rows = 0
    with closing(sqlite3.connect(ledger)) as book:
        book.execute("CREATE TABLE IF NOT EXISTS rows (cells TEXT)")
        for source in sorted(share.glob("*/投递/*.xlsx")):
            read = CalamineWorkbook.from_path(str(source))
            sheets = {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}
            checked = [Row(cells=[str(cell) for cell in row]) for each in sheets.values() for row in each[1:]]
            with book:
                book.executemany("INSERT INTO rows VALUES (?)", [(row.model_dump_json(),) for row in checked])
            answer(answers / source.name, sheets)
            rows += len(checked)
    print(json.dumps({"收下": rows}, ensure_ascii=False))


def answer(target: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """The same sheets with a column before them."""
    with xlsxwriter.Workbook(target) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, ["结果" if number == 0 else "收下", *row])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
