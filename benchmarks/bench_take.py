"""How fast workbooks are taken, as ratios against what is measured in the same run on the same machine.

    python -m benchmarks.bench_take [ROWS] [FILES]

(a) One workbook of ROWS 销售日报 and 客户新增 rows, end to end: dropped file to delivered receipt.  The floor is
    what no such program can do without: calamine reads, pydantic checks, executemany stores, XlsxWriter answers.
(b) FILES workbooks of ten rows in one run, against openpyxl and pandas as somebody would write it in an afternoon.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter
from pydantic import BaseModel
from python_calamine import CalamineWorkbook

from policy.settings import load_settings
from service.company import clock, open_service
from service.taking import Summary, take_everything
from tests.processes import Company, customer, found, report, workbook

NOW = datetime(2026, 11, 23, 18, 0)
STREETS = ("科苑路", "高新南一道", "深南大道", "后海大道", "学府路", "南海大道", "桃园路", "创业路")


class Any10(BaseModel):
    """A row of strings: the least that can be called checked."""

    cells: list[str | float | bool | date | None]


def rows_of(n: int) -> dict[str, list[dict[str, object]]]:
    """*n* rows, no two alike: half reports, half customers whose photographs are still to come."""
    day = date(2026, 11, 23)
    reports = [
        report(str(day - timedelta(days=i)), f"拜访{STREETS[i % 8]}第 {i} 家客户，确认设备 {i * 7 % 90} 台和交期。")
        for i in range(n // 2)
    ]
    customers = [
        {**customer(f"深圳市{chr(0x4E00 + i * 13 % 9000)}{chr(0x4E00 + i * 29 % 9000)}电子有限公司", f"{i}.jpg"),
         "详细地址": f"{STREETS[i % 8]}{i}号3栋1205室"}
        for i in range(n - n // 2)
    ]  # fmt: skip
    return {"销售日报": [dict(row) for row in reports], "客户新增": customers}


def take(made: Company) -> tuple[float, Summary]:
    """Seconds of one run, and what it did; the readers' start is part of it."""
    with open_service(load_settings(made.home / "config.toml")) as service:
        began = time.perf_counter()
        now = clock(service, NOW)
        summary = take_everything(service, now, arrival=now, issue=False)
        return time.perf_counter() - began, summary


def floor(source: Path, folder: Path) -> float:
    """Seconds for reading, checking, storing and answering, with nothing decided in between."""
    began = time.perf_counter()
    book = CalamineWorkbook.from_path(str(source))
    sheets: dict[str, list[list[Any]]] = {
        name: list(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names
    }
    checked = [Any10(cells=row) for rows in sheets.values() for row in rows]
    with closing(sqlite3.connect(folder / "floor.db")) as ledger, ledger:
        ledger.execute("CREATE TABLE rows (cells TEXT)")
        ledger.executemany("INSERT INTO rows VALUES (?)", ((row.model_dump_json(),) for row in checked))
    _answer(folder / "floor.xlsx", sheets)
    return time.perf_counter() - began


def _answer(target: Path, sheets: dict[str, list[list[Any]]]) -> None:
    book = xlsxwriter.Workbook(target)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, ["已受理", "", *row])
    book.close()


def by_hand(sources: Iterable[Path], folder: Path) -> float:
    """Seconds for many files with pandas for reading and storing, and openpyxl for the answer."""
    began = time.perf_counter()
    with closing(sqlite3.connect(folder / "hand.db")) as ledger:
        for source in sources:
            for name, frame in pd.read_excel(source, sheet_name=None, dtype=str, engine="openpyxl").items():
                frame.assign(结果="已受理").to_sql(str(name), ledger, if_exists="append", index=False)
            book = openpyxl.load_workbook(source)
            for sheet in book.worksheets:
                sheet.insert_cols(1)
                for row in range(1, sheet.max_row + 1):
                    sheet.cell(row, 1).value = "结果" if row == 1 else "已受理"
            book.save(folder / f"回执_{source.name}")
            ledger.commit()
    return time.perf_counter() - began


def large(folder: Path, rows: int) -> str:
    """(a) One large workbook."""
    made = found(folder / "large")
    source = workbook(folder / "large.xlsx", rows_of(rows))
    least = min(floor(source, _fresh(folder, f"floor{n}")) for n in range(3))
    (made.drop("张三") / "大.xlsx").write_bytes(source.read_bytes())
    seconds, summary = take(made)
    assert sum(summary.outcomes.values()) == rows, summary
    return (
        f"(a) {rows} rows in one workbook: {seconds:.2f} s, {rows / seconds:.0f} rows/s;"
        f" floor {least:.2f} s; ratio {seconds / least:.1f}   {summary.outcomes}"
    )


def many(folder: Path, files: int) -> str:
    """(b) Many small workbooks."""
    made = found(folder / "many")
    rows = rows_of(files * 10)
    sources = []
    for n in range(files):
        part = {name: found_rows[n * 5 : n * 5 + 5] for name, found_rows in rows.items()}
        sources.append(workbook(made.drop("张三") / f"{n:03}.xlsx", part))
    hand = by_hand(sources, _fresh(folder, "hand"))
    seconds, summary = take(made)
    assert summary.files == files, summary
    return (
        f"(b) {files} workbooks of ten rows: {seconds / files * 1000:.1f} ms a file;"
        f" pandas and openpyxl {hand / files * 1000:.1f} ms; ratio {seconds / hand:.2f}   {summary.outcomes}"
    )


def _fresh(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


def measured(work: Callable[[Path, int], str], folder: Path, size: int) -> None:
    """Run one benchmark; with KEBU_PROFILE=1 also say where its time goes."""
    profile = cProfile.Profile()
    if os.environ.get("KEBU_PROFILE"):
        profile.enable()
    said = work(folder, size)
    profile.disable()
    print(said)
    if os.environ.get("KEBU_PROFILE"):
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[1:]] or [2000, 200]
    with tempfile.TemporaryDirectory() as temporary:
        measured(large, Path(temporary), sizes[0])
        measured(many, Path(temporary), sizes[-1])
