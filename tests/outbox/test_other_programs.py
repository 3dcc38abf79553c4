"""Workbooks saved by the two libraries with which other programs write xlsx, SheetJS and exceljs, come back whole.

Both run in a browser, as they do behind most web pages that hand out spreadsheets.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page

from tests.company import Company, a_company_with_a_customer, report
from tests.door_stage import chromium, needs_browser

pytestmark = needs_browser

VENDOR = Path(__file__).parents[1] / "vendor"
LIBRARIES = (VENDOR / "sheetjs" / "xlsx.core.min.js", VENDOR / "exceljs" / "exceljs.bare.min.js")
#: Each writes *cells* (sheet → cell → value) into a workbook and saves it; bytes come and go as base64.
SAVES = {
    "SheetJS": """({data, cells}) => {
        const book = XLSX.read(data, {type: 'base64', cellStyles: true, cellNF: true});
        for (const [sheet, written] of Object.entries(cells))
            for (const [cell, value] of Object.entries(written)) {
                book.Sheets[sheet][cell] = {t: 's', v: value};
                const {s, e} = XLSX.utils.decode_range(book.Sheets[sheet]['!ref']), at = XLSX.utils.decode_cell(cell);
                book.Sheets[sheet]['!ref'] = XLSX.utils.encode_range(s, {r: Math.max(e.r, at.r), c: Math.max(e.c, at.c)});
            }
        return XLSX.write(book, {type: 'base64', bookType: 'xlsx'});
    }""",
    "exceljs": """async ({data, cells}) => {
        const book = new ExcelJS.Workbook();
        await book.xlsx.load(Uint8Array.from(atob(data), (each) => each.charCodeAt(0)));
        for (const [sheet, written] of Object.entries(cells))
            for (const [cell, value] of Object.entries(written)) book.getWorksheet(sheet).getCell(cell).value = value;
        const saved = new Uint8Array(await book.xlsx.writeBuffer());
        return btoa(saved.reduce((text, byte) => text + String.fromCharCode(byte), ''));
    }""",
}


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page()
        for library in LIBRARIES:
            page.add_script_tag(path=library)
        yield page


@pytest.fixture(params=SAVES)
def saved(request: pytest.FixtureRequest, tab: Page) -> Any:
    """``saved(workbook, sheet → row → header → value)``: the workbook as one of the libraries saves it."""

    def save(path: Path, rows: Mapping[str, Mapping[int, Mapping[str, object]]]) -> bytes:
        given = {"data": base64.b64encode(path.read_bytes()).decode(), "cells": addressed(path, rows)}
        return base64.b64decode(tab.evaluate(SAVES[request.param], given))

    return save


def addressed(path: Path, rows: Mapping[str, Mapping[int, Mapping[str, object]]]) -> dict[str, dict[str, object]]:
    book: Any = openpyxl.load_workbook(path)
    return {
        sheet: {
            next(
                cell for line in book[sheet].iter_rows(max_row=3) for cell in line if cell.value == header
            ).column_letter
            + str(row): value
            for row, cells in written.items()
            for header, value in cells.items()
        }
        for sheet, written in rows.items()
    }


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.nightly("2026-11-23", "11-24 00:30")
        yield made


def test_the_personal_workbook_is_taken_however_it_was_saved(co: Company, saved: Any) -> None:
    own = co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx"
    plan = {"客户名称": "深圳市宏远电子有限公司", "计划日期": "2026-11-25", "拜访目的": "确认二期设备数量"}
    co.drop("张三", "我的.xlsx", saved(own, {"拜访计划": {2: plan}, "销售日报": {2: report("2026-11-24")}}))
    co.run("11-24 18:00")
    told = co.receipt("张三", "我的")
    assert "_收下_" in told.path.name
    assert (told.outcomes("拜访计划"), told.outcomes("销售日报")) == (["待审批"], ["待审批"])
    assert "已忽略" not in told.text, "the lists behind it are no sheets of anybody"


def test_an_approval_sheet_decides_however_it_was_saved(co: Company, saved: Any) -> None:
    co.hand_in("张三", "日报.xlsx", 销售日报=[report("2026-11-24")])
    co.run("11-24 18:00")
    sheet = co.approval("李四", "销售日报")
    co.drop("李四", sheet.name, saved(sheet, {"审批_销售日报": {3: {"审批结论": "同意"}}}))
    co.run("11-24 19:00")
    assert co.receipt("李四", "审批_").outcomes("审批_销售日报") == ["已受理"]
    assert co.ask("SELECT status FROM daily_reports") == [{"status": "accepted"}]
