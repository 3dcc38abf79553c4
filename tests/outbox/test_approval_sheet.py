"""Approval sheets: only the decision can be written, and everything needed to decide is in the row."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from outbox.approvals.columns import SCREEN
from outbox.approvals.model import (
    APPROVE,
    COMMENT,
    DECISION,
    REJECT,
    REST,
    TOKEN,
    ApprovalRow,
    ApprovalSheet,
    ShownPicture,
)
from tests.told import drawn
from tests.workbook_text import assert_golden, dump, opened, saved_by_libreoffice, screen_pixels, values

NOW = datetime(2026, 11, 23, 18, 5)
HEADERS = ("客户名称", "拜访记录", "拜访时间")
FLAG = "⚠ 照片与客户地址相距 3.2 公里。"
SCREEN_PIXELS = 1_340


PICTURES: dict[str, bytes] = {}


def shown(sheet: ApprovalSheet) -> bytes:
    return drawn(sheet, PICTURES)


def picture(colour: int, size: tuple[int, int] = (960, 720)) -> ShownPicture:
    buffer = io.BytesIO()
    Image.new("RGB", size, (colour, 120, 150)).save(buffer, "JPEG")
    PICTURES[f"{colour}-{size[0]}x{size[1]}.jpg"] = buffer.getvalue()
    return ShownPicture(f"{colour}-{size[0]}x{size[1]}.jpg", f"照片/{colour}.jpg")


def visits() -> ApprovalSheet:
    rows = (
        ApprovalRow("BF7K2", "张三", NOW, ("=宏远", "谈妥二期。" * 30, "2026-11-23 14:20"), FLAG,
                    (picture(10), picture(20), picture(30)), "token-1"),
        ApprovalRow("BF7K3", "李四", NOW, ("联合五金", "回访", None), "", (), "token-2"),
    )  # fmt: skip
    return ApprovalSheet("SP-20261123-1", "拜访记录", "李经理", NOW, HEADERS, rows, "sheet-token",
                         judged=("客户名称", "拜访记录"))  # fmt: skip


def payments() -> ApprovalSheet:
    rows = (
        ApprovalRow("HK001", "张三", NOW, ("宏远", date(2026, 11, 20), 12800.5, "DD3F2"), "", (), "t1",
                    ("宏远", date(2026, 11, 20), 12800.5)),
        ApprovalRow("HK002", "张三", NOW, ("长安", date(2026, 11, 21), 5.0, None), "", (), "t2"),
    )  # fmt: skip
    headers, extra = ("客户名称", "回款日期", "回款金额", "订单受理号"), ("到账客户名称", "到账日期", "到账金额")
    return ApprovalSheet("QR-1", "客户回款", "陈出纳", NOW, headers, rows, "token", extra, judged=headers)


def test_the_sheets_read_as_agreed() -> None:
    assert_golden("approval_visits", dump(shown(visits())))
    assert_golden("approval_payments", dump(shown(payments())))


def test_what_is_judged_stands_first_and_the_rest_to_its_right() -> None:
    book = opened(shown(payments()))
    assert book.sheetnames == ["审批_客户回款", "说明"]
    assert values(book["审批_客户回款"])[1] == [
        "系统提示", "提交人", "客户名称", "回款日期", "回款金额", "订单受理号", "到账客户名称", "到账日期", "到账金额",
        "审批结论", "审批意见", "受理号", "提交时间", "照片", "表单编号", "校验码",
    ]  # fmt: skip
    assert values(opened(shown(visits()))["审批_拜访记录"])[1] == [
        "系统提示", "照片", "提交人", "客户名称", "拜访记录", "审批结论", "审批意见",
        "受理号", "提交时间", "拜访时间", "表单编号", "校验码",
    ]  # fmt: skip


def pixels(sheet: Any, until: str) -> int:
    """Width on screen of everything up to the column *until*."""
    return screen_pixels(sheet, [cell.value for cell in sheet[2]].index(until) + 1)


@pytest.mark.parametrize("words", ["谈妥二期。", "谈妥二期四十台，下周签合同。" * 6, "逐条确认技术协议。" * 80])
def test_what_is_judged_fits_one_screen_whatever_was_written(words: str) -> None:
    row = dataclasses.replace(visits().rows[0], cells=("深圳市宏远电子科技股份有限公司" * 2, words, "2026-11-23 14:20"))
    data = shown(dataclasses.replace(visits(), rows=(row,) * 3))
    assert pixels(opened(data)["审批_拜访记录"], COMMENT) <= SCREEN < SCREEN_PIXELS
    paid = opened(shown(payments()))["审批_客户回款"]
    assert pixels(paid, COMMENT) <= SCREEN


def test_only_the_decision_and_the_extra_columns_can_be_written() -> None:
    sheet = opened(shown(payments()))["审批_客户回款"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert [cell.coordinate for cell in sheet[1] if not cell.protection.locked] == ["B1"]
    assert sheet["A1"].value == REST
    open_headers = {
        sheet.cell(2, cell.column).value
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if not cell.protection.locked
    }
    assert open_headers == {"到账客户名称", "到账日期", "到账金额", DECISION, COMMENT}
    assert all(cell.protection.locked for cell in sheet[2])


def test_widths_and_filters_may_be_changed_in_spite_of_the_protection() -> None:
    protection = opened(shown(visits()))["审批_拜访记录"].protection
    assert not protection.formatColumns  # openpyxl: False means that it is not forbidden
    assert not protection.formatRows
    assert not protection.autoFilter
    assert protection.insertRows
    assert protection.deleteRows


def test_decisions_are_chosen_from_a_list_and_a_rejection_without_words_turns_red() -> None:
    sheet = opened(shown(visits()))["审批_拜访记录"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"F3:F4": f'"{APPROVE},{REJECT}"', "B1": f'"{APPROVE}"'}
    formulas = {formula for found in sheet.conditional_formatting for one in found.rules for formula in one.formula}
    assert '=AND($F3="驳回",LEN(TRIM($G3))=0)'.lstrip("=") in formulas


def test_tokens_are_in_the_properties_and_in_a_hidden_locked_column() -> None:
    book = opened(shown(visits()))
    known = {item.name: item.value for item in book.custom_doc_props.props}
    assert known == {"kebu_form": "拜访记录", "kebu_number": "SP-20261123-1", "kebu_token": "sheet-token"}
    sheet = book["审批_拜访记录"]
    assert [sheet["L2"].value, sheet["L3"].value, sheet["L4"].value] == [TOKEN, "token-1", "token-2"]
    assert sheet.column_dimensions["L"].hidden
    assert sheet["L3"].protection.locked
    assert sheet["K3"].value == "SP-20261123-1"
    assert not sheet.column_dimensions["K"].hidden


def test_the_picture_is_wide_and_the_others_lie_small_in_the_same_cell() -> None:
    sheet = opened(shown(visits()))["审批_拜访记录"]
    places = [
        (image.anchor._from.row, image.anchor.to.row, image.anchor._from.col, image.anchor.to.col)
        for image in sheet._images
    ]
    assert places == [(2, 2, 1, 1)] * 3
    across = [(image.anchor.to.colOff - image.anchor._from.colOff) / 9525 for image in sheet._images]
    assert across[0] >= 480
    assert max(across[1:]) < 200
    assert 340 < sheet.row_dimensions[3].height < 410
    assert sheet["N4"].value is None
    assert sheet["B4"].value == "无"


def test_an_upright_picture_is_as_wide_as_any_and_lies_over_rows_that_nothing_is_written_in() -> None:
    """A row can be 546 pixels tall and no more."""
    upright, across = (dataclasses.replace(visits().rows[n], token=f"t{n}") for n in (0, 1))
    upright = dataclasses.replace(upright, pictures=tuple(picture(n, (720, 960)) for n in range(5)))
    page = dataclasses.replace(upright, pictures=(picture(9, (700, 990)),), receipt_no="BF7K9")
    sheet = opened(shown(dataclasses.replace(visits(), rows=(upright, page, across))))["审批_拜访记录"]
    found = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[7] for row in found] == ["BF7K2", "", "BF7K9", "", "BF7K3"]
    assert not any(map(any, (found[1], found[3]))), "what stands nowhere is no row for those who read the sheet"
    assert all(cell.protection.locked for row in (4, 6) for cell in sheet[row])
    wide = {(image.anchor._from.row, image.anchor._from.col): shape_of(sheet, image) for image in sheet._images[:1]}
    wide |= {(image.anchor._from.row, image.anchor._from.col): shape_of(sheet, image) for image in sheet._images[5:]}
    assert wide == {(2, 1): (480, 640), (4, 1): (480, 679)}
    assert {image.anchor.to.row for image in sheet._images} == {3, 5}, "and ends before the next row that counts"


def shape_of(sheet: Any, image: Any) -> tuple[int, int]:
    """Width and height of a picture on screen, in pixels."""
    start, end = image.anchor._from, image.anchor.to
    rows = [sheet.row_dimensions[n + 1].height / 0.75 for n in range(start.row, end.row)]
    assert start.col == end.col
    high = sum(rows) - start.rowOff / 9525 + end.rowOff / 9525
    return round((end.colOff - start.colOff) / 9525), round(high)


def test_each_picture_opens_its_large_copy_by_a_relative_link(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(shown(visits()))
    with zipfile.ZipFile(path) as package:
        relations = package.read("xl/drawings/_rels/drawing1.xml.rels").decode()
    targets = re.findall(r'Target="([^"]+)" TargetMode="External"', relations)
    assert targets == ["照片/10.jpg", "照片/20.jpg", "照片/30.jpg"]


def test_flagged_rows_are_marked_by_border_and_colour() -> None:
    sheet = opened(shown(visits()))["审批_拜访记录"]
    for cell in ("A", "C"):
        assert sheet[f"{cell}3"].border.left.style == "mediumDashed"
        assert sheet[f"{cell}3"].fill.fgColor.rgb != sheet[f"{cell}4"].fill.fgColor.rgb
        assert sheet[f"{cell}4"].border.left.style == "thin"


def test_prefilled_values_are_real_values_and_may_be_missing() -> None:
    sheet = opened(shown(payments()))["审批_客户回款"]
    assert [sheet.cell(3, column).value for column in (7, 8, 9)] == ["宏远", datetime(2026, 11, 20), 12800.5]
    assert [sheet.cell(4, column).value for column in (7, 8, 9)] == [None, None, None]
    assert [sheet.cell(4, column).number_format for column in (7, 8, 9)] == ["@", "yyyy-mm-dd", "#,##0.00"]


def test_it_prints_across_with_its_number() -> None:
    sheet = opened(shown(visits()))["审批_拜访记录"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert "SP-20261123-1" in sheet.oddHeader.left.text
    assert sheet.freeze_panes == "A3"


def test_a_decision_written_by_a_spreadsheet_program_can_be_read_back() -> None:
    book = load_workbook(io.BytesIO(shown(visits())))
    book["审批_拜访记录"]["F3"] = REJECT
    book["审批_拜访记录"]["G3"] = "地点不对"
    kept = io.BytesIO()
    book.save(kept)
    again = opened(kept.getvalue())
    assert values(again["审批_拜访记录"])[2][5:8] == [REJECT, "地点不对", "BF7K2"]
    assert {item.name for item in again.custom_doc_props.props} == {"kebu_form", "kebu_number", "kebu_token"}


def test_the_same_sheet_gives_the_same_bytes_and_an_empty_one_does_no_harm() -> None:
    assert shown(visits()) == shown(visits())
    empty = dataclasses.replace(visits(), rows=())
    assert len(values(opened(shown(empty))["审批_拜访记录"])) == 2


def test_tokens_locks_and_choices_survive_a_spreadsheet_program(tmp_path: Path) -> None:
    book = opened(saved_by_libreoffice(shown(payments()), tmp_path))
    sheet = book["审批_客户回款"]
    assert values(sheet) == values(opened(shown(payments()))["审批_客户回款"])
    assert {item.name: item.value for item in book.custom_doc_props.props}["kebu_token"] == "token"
    assert sheet.protection.sheet
    assert not sheet["J3"].protection.locked
    assert not sheet["B1"].protection.locked
    assert sheet["A3"].protection.locked
    assert sheet.column_dimensions["P"].hidden
    offered = {rule.formula1.strip('"') for rule in sheet.data_validations.dataValidation}
    assert offered == {f"{APPROVE},{REJECT}", APPROVE}
