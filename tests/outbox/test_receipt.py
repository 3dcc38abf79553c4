"""Receipts: every problem said where it is, and the sheet can be mended and dropped back."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import piexif
import pytest
from PIL import Image

from outbox.receipts.model import (
    Message,
    Note,
    PlacedPicture,
    Receipt,
    ReceiptRow,
    ReceiptSheet,
)
from tests.told import drawn
from tests.workbook_text import assert_golden, dump, opened, saved_by_libreoffice, values

NOW = datetime(2026, 11, 23, 18, 5, 9)
HEADERS = ("客户名称", "现场照片", " 拜访对象*", "拜访日期", "金额", "联系电话", "校验码")
STALE = Note("现场照片", "refuse", "照片没有拍摄时间，可能经微信转发压缩。〔客户拜访 5.2(5)〕请在电脑上放入手机原图。")
SHORT = Note("拜访对象", "flag", "“李”可能没有写全。〔客户拜访 5.2(6)〕请写全姓名。")
SOON = Note("", "note", "这家客户还有 3 天就要回到公海。〔人员新增 10〕")
ODD = Note("联系电话", "note", "号码较少见。〔客户新增 3(1)6〕请核对。")


def jpeg() -> bytes:
    buffer = io.BytesIO()
    exif = piexif.dump({"Exif": {piexif.ExifIFD.DateTimeOriginal: b"2026:11:23 14:05:00"}})
    Image.new("RGB", (800, 600), (90, 120, 150)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


PHOTO = "0123456789abcdef_IMG_1.jpg"


def shown(receipt: Receipt) -> bytes:
    return drawn(receipt, {PHOTO: jpeg()})


def receipt() -> Receipt:
    rows = (
        ReceiptRow("待审批", "BF7K2", ("=宏远", "", "李红", date(2026, 11, 23), 12800.5, "13800138000", "t1"), (),
                   (PlacedPicture(1, PHOTO),)),
        ReceiptRow("退回", "BF7K3", ("联合五金", "IMG_1.jpg", "李", datetime(2026, 11, 22), 3, 13800138000, "t2"),
                   (SOON, SHORT, STALE, ODD)),
        ReceiptRow("重复", "BF7K1", ("贸易商行", None, "+王", None, None, None, None)),
    )  # fmt: skip
    visits = ReceiptSheet("拜访记录", HEADERS, rows, hidden_headers=frozenset({"校验码"}))
    refused = ReceiptSheet("客户新增", ("客户名称",), (), message="缺少必填的列：客户来源。请用最新模板重新填写。")
    said = (Message("note", "工作表“Sheet3”不是表单，没有读取。"), Message("flag", "照片 a.jpg 没有任何一行用到。"))
    return Receipt("回执 拜访记录", "拜访记录.xlsx", "张三", NOW, NOW, (visits, refused), said)


def test_the_receipt_reads_as_agreed() -> None:
    assert_golden("receipt", dump(shown(receipt())))


def test_the_sheet_comes_back_as_dropped_behind_our_three_columns() -> None:
    book = opened(shown(receipt()))
    assert book.sheetnames == ["概要", "拜访记录", "客户新增"]
    rows = values(book["拜访记录"])
    assert rows[0] == ["结果", "说明", "受理号", *HEADERS]
    assert [row[0] for row in rows[1:]] == ["待审批", "退回", "重复"]
    assert rows[1][3:] == ["=宏远", None, "李红", datetime(2026, 11, 23), 12800.5, "13800138000", "t1"]
    assert rows[2][3:] == ["联合五金", "IMG_1.jpg", "李", datetime(2026, 11, 22), 3, 13800138000, "t2"]
    assert rows[3][3:] == ["贸易商行", None, "+王", None, None, None, None]
    assert book["拜访记录"]["G2"].number_format == "yyyy-mm-dd"
    assert not [cell for row in book["拜访记录"].iter_rows() for cell in row if cell.data_type == "f"]


def test_faulty_cells_carry_the_finding_and_differ_by_border_as_well_as_by_colour() -> None:
    sheet = opened(shown(receipt()))["拜访记录"]
    refused, flagged, noted, plain = sheet["E3"], sheet["F3"], sheet["I3"], sheet["D3"]
    assert refused.comment.text == f"【需改正】{STALE.text}"
    assert flagged.comment.text == f"【请留意】{SHORT.text}"  # found although the header was typed otherwise
    assert plain.comment is None
    cells = (refused, flagged, noted, plain)
    assert len({cell.fill.fgColor.rgb for cell in cells}) == 4
    assert len({cell.border.left.style for cell in cells}) == 4


def test_the_gravest_finding_colours_a_cell_with_several() -> None:
    row = ReceiptRow("退回", "A", ("x",), (Note("列", "note", "甲"), Note("列", "refuse", "乙")))
    sheet = opened(shown(dataclasses.replace(receipt(), sheets=(ReceiptSheet("表", ("列",), (row,)),))))["表"]
    assert sheet["D2"].border.left.style == "medium"
    assert sheet["D2"].comment.text == "【提示】甲\n【需改正】乙"
    assert sheet["B2"].value == "1. 列：乙\n2. 列：甲"


def test_the_summary_tells_what_is_to_be_mended_what_to_be_looked_at_and_what_needs_nothing() -> None:
    summary = opened(shown(receipt()))["概要"]
    rows = values(summary)
    problems = [row for row in rows if row[1] == "第 3 行"]
    assert [row[3] for row in problems] == ["现场照片", "拜访对象", "整行", "联系电话"]
    assert [row[4] for row in problems] == [note.text for note in (STALE, SHORT, SOON, ODD)]
    first = [str(row[0]) for row in rows]
    heads = [n for n, words in enumerate(first) if "（共 " in words]
    assert [first[n] for n in heads] == ["需改正（共 2 条）", "请留意（共 2 条）", "无需处理（共 3 条）"]
    assert [sum(lo < rows.index(row) for lo in heads) for row in problems] == [1, 2, 3, 3]
    assert {row[2] for row in problems} == {"BF7K3"}
    places = [cell.hyperlink.location for row in summary.iter_rows() for cell in row if cell.hyperlink]
    sheet = "'拜访记录'!"
    assert places == [f"{sheet}E3", f"{sheet}F3", f"{sheet}A3", f"{sheet}I3"]  # the third is about the whole row
    assert any("已受理的行不会重复登记" in str(row[0]) for row in rows)


def test_counts_are_given_for_each_sheet_including_unforeseen_outcomes() -> None:
    row = ReceiptRow("被替换", "A", ("x",))
    first = receipt().sheets[0]
    mixed = dataclasses.replace(receipt(), sheets=(dataclasses.replace(first, rows=(*first.rows, row)),))
    rows = values(opened(shown(mixed))["概要"])
    head = next(index for index, line in enumerate(rows) if line[0] == "工作表")
    assert dict(zip(rows[head], rows[head + 1], strict=True)) == {
        "工作表": "拜访记录", "合计": 4, "已受理": 0, "待审批": 1, "待补照片": 0, "退回": 1, "重复": 1, "被替换": 1,
    }  # fmt: skip


def test_a_clean_receipt_says_so_and_a_returned_sheet_never_does() -> None:
    clean = dataclasses.replace(
        receipt(), messages=(), sheets=(ReceiptSheet("表", ("列",), (ReceiptRow("已受理", "A", ("x",)),)),)
    )
    assert "没有需要修改的地方。" in dump(shown(clean))
    returned = dataclasses.replace(clean, sheets=(ReceiptSheet("表", ("列",), (), message="缺少列。"),))
    text = dump(shown(returned))
    assert "没有需要修改的地方。" not in text
    assert "缺少列。" in text


def test_without_sheets_the_summary_stands_alone() -> None:
    old = Message("refuse", "这是旧版 .xls 文件，请另存为 .xlsx。")
    alone = dataclasses.replace(receipt(), sheets=(), messages=(old,))
    book = opened(shown(alone))
    assert book.sheetnames == ["概要"]
    assert old.text in dump(shown(alone))


def test_pictures_return_to_their_cell_with_their_exif() -> None:
    data = shown(receipt())
    (image,) = opened(data)["拜访记录"]._images
    assert (image.anchor._from.row, image.anchor._from.col, image.anchor.to.col) == (1, 4, 4)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (kept,) = [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]
    assert kept == jpeg()
    assert piexif.load(kept)["Exif"][piexif.ExifIFD.DateTimeOriginal] == b"2026:11:23 14:05:00"


def test_a_picture_leaves_the_words_of_its_cell_readable() -> None:
    row = ReceiptRow("退回", "A", ("IMG_1.jpg", ""), (), (PlacedPicture(0, PHOTO), PlacedPicture(1, PHOTO)))
    sheet = ReceiptSheet("表", ("照片", "证件"), (row,))
    page = opened(shown(dataclasses.replace(receipt(), sheets=(sheet,))))["表"]
    beside, alone = sorted(page._images, key=lambda image: image.anchor._from.col)
    line = 20 * 9525  # pixels, in the drawing's units
    assert beside.anchor._from.rowOff >= line > alone.anchor._from.rowOff
    assert page["D2"].alignment.vertical == "top"


def test_columns_for_programs_are_hidden_and_still_there() -> None:
    sheet = opened(shown(receipt()))["拜访记录"]
    assert sheet.column_dimensions["J"].hidden
    assert sheet["J2"].value == "t1"
    assert not sheet.column_dimensions["D"].hidden


@pytest.mark.parametrize("name", ["概要", "a/b", "很长的名字" * 10, ""])
def test_odd_sheet_names_do_not_stop_a_receipt(name: str) -> None:
    sheet = ReceiptSheet(name, ("列",), (ReceiptRow("退回", "A", ("x", "y"), (Note("列", "refuse", "甲"),)),))
    book = opened(shown(dataclasses.replace(receipt(), sheets=(sheet, sheet))))
    assert len(book.sheetnames) == 3
    assert book.sheetnames[0] == "概要"


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert shown(receipt()) == shown(receipt())


def test_a_receipt_saved_by_a_spreadsheet_program_can_be_dropped_back(tmp_path: Path) -> None:
    issued = shown(receipt())
    data = saved_by_libreoffice(issued, tmp_path)
    assert values(opened(data)["拜访记录"]) == values(opened(issued)["拜访记录"])
    (image,) = opened(data)["拜访记录"]._images
    assert (image.anchor._from.row, image.anchor._from.col) == (1, 4)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (kept,) = [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]
    assert piexif.load(kept)["Exif"][piexif.ExifIFD.DateTimeOriginal] == b"2026:11:23 14:05:00"


def test_what_is_said_of_many_rows_in_the_same_words_is_listed_once() -> None:
    same = Note("列", "note", "照片还没有收到")
    rows = tuple(ReceiptRow("待补照片", f"A{n}", (f"{n}",), (same,)) for n in range(1, 31))
    odd = ReceiptRow("退回", "B", ("x",), (Note("列", "refuse", "缺少电话"),))
    sheet = ReceiptSheet("表", ("列",), (*rows[:10], odd, *rows[10:]))
    book = opened(shown(dataclasses.replace(receipt(), sheets=(sheet,), messages=())))
    listed = [row for row in values(book["概要"]) if str(row[1]).startswith("第 ")]
    assert [row[1:5] for row in listed] == [
        ["第 12 行", "B", "列", "缺少电话"], ["第 2 行等", "共 30 行", "列", "照片还没有收到"],
    ]  # fmt: skip
    assert "无需处理（共 30 条）" in {row[0] for row in values(book["概要"])}
    assert {row[1] for row in values(book["表"])[1:]} == {
        "列：照片还没有收到",
        "列：缺少电话",
    }  # each row says it all the same
