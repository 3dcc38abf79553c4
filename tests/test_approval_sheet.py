"""Approval sheets: only the decision can be written, and everything needed to decide is in the row."""

from __future__ import annotations

import dataclasses
import io
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook
from PIL import Image

from outbox.approvals.sheet import (
    APPROVE,
    COMMENT,
    DECISION,
    REJECT,
    TOKEN,
    ApprovalRow,
    ApprovalSheet,
    approval_headers,
    render_approval_sheet,
)
from tests.workbook_text import assert_golden, dump, opened, saved_by_libreoffice, values

NOW = datetime(2026, 11, 23, 18, 5)
HEADERS = ("客户名称", "拜访记录", "拜访时间")
FLAG = "照片与客户地址相距 3.2 公里。"


def thumbnail(colour: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (colour, 120, 150)).save(buffer, "JPEG")
    return buffer.getvalue()


def visits() -> ApprovalSheet:
    rows = (
        ApprovalRow("BF7K2", "张三", NOW, ("=宏远", "谈妥二期。" * 30, "2026-11-23 14:20"), FLAG,
                    (thumbnail(10), thumbnail(20), thumbnail(30)), "token-1"),
        ApprovalRow("BF7K3", "李四", NOW, ("联合五金", "回访", None), "", (), "token-2"),
    )  # fmt: skip
    return ApprovalSheet("SP-20261123-1", "拜访记录", "李经理", NOW, HEADERS, rows, "sheet-token")


def payments() -> ApprovalSheet:
    rows = (
        ApprovalRow("HK001", "张三", NOW, ("宏远", date(2026, 11, 20), 12800.5, "DD3F2"), "", (), "t1",
                    ("宏远", date(2026, 11, 20), 12800.5)),
        ApprovalRow("HK002", "张三", NOW, ("长安", date(2026, 11, 21), 5.0, None), "", (), "t2"),
    )  # fmt: skip
    headers, extra = ("客户名称", "回款日期", "回款金额", "受理号"), ("到账客户名称", "到账日期", "到账金额")
    return ApprovalSheet("QR-1", "客户回款", "陈出纳", NOW, headers, rows, "token", extra)


def test_the_sheets_read_as_agreed() -> None:
    assert_golden("approval_visits", dump(render_approval_sheet(visits())))
    assert_golden("approval_payments", dump(render_approval_sheet(payments())))


def test_headers_stand_in_row_one_in_the_agreed_order() -> None:
    book = opened(render_approval_sheet(payments()))
    assert book.sheetnames == ["审批_客户回款", "说明"]
    assert tuple(values(book["审批_客户回款"])[0]) == approval_headers(payments()) == (
        "受理号", "提交人", "提交时间", "客户名称", "回款日期", "回款金额", "受理号", "系统提示", "照片",
        "到账客户名称", "到账日期", "到账金额", "审批结论", "审批意见", "表单编号", "校验码",
    )  # fmt: skip


def test_only_the_decision_and_the_extra_columns_can_be_written() -> None:
    sheet = opened(render_approval_sheet(payments()))["审批_客户回款"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    open_headers = {
        sheet.cell(1, cell.column).value
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if not cell.protection.locked
    }
    assert open_headers == {"到账客户名称", "到账日期", "到账金额", DECISION, COMMENT}
    assert all(cell.protection.locked for cell in sheet[1])


def test_widths_and_filters_may_be_changed_in_spite_of_the_protection() -> None:
    protection = opened(render_approval_sheet(visits()))["审批_拜访记录"].protection
    assert not protection.formatColumns  # openpyxl: False means that it is not forbidden
    assert not protection.formatRows
    assert not protection.autoFilter
    assert protection.insertRows
    assert protection.deleteRows


def test_decisions_are_chosen_from_a_list_and_a_rejection_without_words_turns_red() -> None:
    sheet = opened(render_approval_sheet(visits()))["审批_拜访记录"]
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == f'"{APPROVE},{REJECT}"'
    assert str(rule.sqref) == "I2:I3"
    formulas = {formula for found in sheet.conditional_formatting for one in found.rules for formula in one.formula}
    assert '=AND($I2="驳回",LEN(TRIM($J2))=0)'.lstrip("=") in formulas


def test_tokens_are_in_the_properties_and_in_a_hidden_locked_column() -> None:
    book = opened(render_approval_sheet(visits()))
    known = {item.name: item.value for item in book.custom_doc_props.props}
    assert known == {"kebu_form": "拜访记录", "kebu_number": "SP-20261123-1", "kebu_token": "sheet-token"}
    sheet = book["审批_拜访记录"]
    assert [sheet["L1"].value, sheet["L2"].value, sheet["L3"].value] == [TOKEN, "token-1", "token-2"]
    assert sheet.column_dimensions["L"].hidden
    assert sheet["L2"].protection.locked
    assert sheet["K2"].value == "SP-20261123-1"
    assert not sheet.column_dimensions["K"].hidden


def test_thumbnails_lie_in_their_row_and_fit() -> None:
    sheet = opened(render_approval_sheet(visits()))["审批_拜访记录"]
    places = [
        (image.anchor._from.row, image.anchor.to.row, image.anchor._from.col, image.anchor.to.col)
        for image in sheet._images
    ]
    assert places == [(1, 1, 7, 7)] * 3
    assert sheet.row_dimensions[2].height >= 2 * 110 * 0.75
    assert sheet["H3"].value == "无"


def test_flagged_rows_are_marked_by_border_and_colour() -> None:
    sheet = opened(render_approval_sheet(visits()))["审批_拜访记录"]
    for cell in ("A", "G"):
        assert sheet[f"{cell}2"].border.left.style == "mediumDashed"
        assert sheet[f"{cell}2"].fill.fgColor.rgb != sheet[f"{cell}3"].fill.fgColor.rgb
        assert sheet[f"{cell}3"].border.left.style == "thin"


def test_prefilled_values_are_real_values_and_may_be_missing() -> None:
    sheet = opened(render_approval_sheet(payments()))["审批_客户回款"]
    assert [sheet.cell(2, column).value for column in (10, 11, 12)] == ["宏远", datetime(2026, 11, 20), 12800.5]
    assert [sheet.cell(3, column).value for column in (10, 11, 12)] == [None, None, None]
    assert [sheet.cell(3, column).number_format for column in (10, 11, 12)] == ["@", "yyyy-mm-dd", "#,##0.00"]


def test_it_prints_across_with_its_number() -> None:
    sheet = opened(render_approval_sheet(visits()))["审批_拜访记录"]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    assert "SP-20261123-1" in sheet.oddHeader.left.text
    assert sheet.freeze_panes == "E2"


def test_a_decision_written_by_a_spreadsheet_program_can_be_read_back() -> None:
    book = load_workbook(io.BytesIO(render_approval_sheet(visits())))
    book["审批_拜访记录"]["I2"] = REJECT
    book["审批_拜访记录"]["J2"] = "地点不对"
    kept = io.BytesIO()
    book.save(kept)
    again = opened(kept.getvalue())
    assert values(again["审批_拜访记录"])[1][8:] == [REJECT, "地点不对", "SP-20261123-1", "token-1"]
    assert {item.name for item in again.custom_doc_props.props} == {"kebu_form", "kebu_number", "kebu_token"}


def test_the_same_sheet_gives_the_same_bytes_and_an_empty_one_does_no_harm() -> None:
    assert render_approval_sheet(visits()) == render_approval_sheet(visits())
    empty = dataclasses.replace(visits(), rows=())
    assert len(values(opened(render_approval_sheet(empty))["审批_拜访记录"])) == 1


def test_tokens_locks_and_choices_survive_a_spreadsheet_program(tmp_path: Path) -> None:
    book = opened(saved_by_libreoffice(render_approval_sheet(payments()), tmp_path))
    sheet = book["审批_客户回款"]
    assert values(sheet) == values(opened(render_approval_sheet(payments()))["审批_客户回款"])
    assert {item.name: item.value for item in book.custom_doc_props.props}["kebu_token"] == "token"
    assert sheet.protection.sheet
    assert not sheet["M2"].protection.locked
    assert sheet["A2"].protection.locked
    assert sheet.column_dimensions["P"].hidden
    assert sheet.data_validations.dataValidation[0].formula1.strip('"') == f"{APPROVE},{REJECT}"
