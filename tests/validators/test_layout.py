"""Where the columns of a form stand in a sheet: its name, its headers wherever they were moved, its rows, its pictures."""

from __future__ import annotations

from typing import Any

import pytest

from intake.causes import Misfit
from intake.raw import CellValue, Picture, Sheet, Trouble
from policy.form import EXAMPLE, Form, columns
from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.payment import Payment
from policy.forms.visit import Visit
from validators.layout import (
    RECEIPT_COLUMNS,
    Layout,
    Unfit,
    cells_of,
    form_of,
    lay_out,
    pictures_of,
    troubles_by_row,
    troubles_of,
    without_receipt_columns,
)

DAILY = ("日期", "今日工作总结", "明日工作计划")
ROW: tuple[CellValue, ...] = ("2026-11-23", "拜访宏远", "整理报价")
PAID = ("客户名称", "回款类型", "回款日期", "回款金额", "订单受理号", "流水号")


def sheet(*rows: tuple[CellValue, ...], name: str = "销售日报", **other: Any) -> Sheet:
    return Sheet(name, tuple(enumerate(rows, 1)), **other)


def laid(*rows: tuple[CellValue, ...], form: type[Form] = DailyReport) -> Layout:
    found = lay_out(sheet(*rows), form)
    assert isinstance(found, Layout), found.message
    return found


def unfit(*rows: tuple[CellValue, ...], form: type[Form] = DailyReport) -> Unfit:
    found = lay_out(sheet(*rows), form)
    assert isinstance(found, Unfit)
    return found


# -- which form it is


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("销售日报", DailyReport), (" 销售日报 ", DailyReport), ("Sheet1", DailyReport), ("sheet 2 (1)", DailyReport), ("工作表1", DailyReport),
        ("表", DailyReport), ("表格 3（2）", DailyReport), ("日报", DailyReport), ("销售日报 (2)", DailyReport), ("我的销售日报", DailyReport),
        ("报", None), ("采购", None), ("拜访记录", Visit), ("Sheet1a", None), ("拜访", None),
    ],
)  # fmt: skip
def test_a_sheet_is_known_by_its_name_or_where_that_says_nothing_else_by_its_headers(
    name: str, form: type[Form] | None
) -> None:
    assert form_of(sheet(DAILY, ROW, name=name)) is form


@pytest.mark.parametrize(
    "headers",
    [DAILY[:2], (*DAILY, "客户名称"), ("甲", "乙"), ("日期", "日报申诉")],
    ids=["one is missing", "another's", "none", "hardly any"],
)  # fmt: skip
def test_headers_that_are_not_those_of_one_form_name_none(headers: tuple[str, ...]) -> None:
    assert form_of(sheet(headers, name="Sheet1")) is None


def test_what_a_receipt_puts_in_front_and_what_the_software_reads_is_no_other_form_s() -> None:
    read = (*RECEIPT_COLUMNS, *(column.header for column in columns(Visit)), "客户办公地点", "拜访时间")
    assert form_of(sheet(read, name="Sheet1")) is Visit
    assert form_of(sheet((*DAILY, "客户办公地点"), name="Sheet1")) is None
    old = tuple("受理号" if each == "订单受理号" else each for each in PAID)
    assert form_of(sheet(old, name="Sheet1")) is Payment
    assert form_of(Sheet("Sheet1", ())) is None
    assert form_of(Sheet("销售日报", ())) is DailyReport


# -- where its columns stand


def test_columns_are_found_wherever_they_were_moved_and_the_rows_keep_their_numbers() -> None:
    found = laid(
        ("销售日报", None),
        (None, "明日工作计划", "备注", " *日 期（必填）", "今日工作总结"),
        (None, "计划", "别的", "2026-11-23", "总结"),
    )
    assert found.fields == {"plan": 1, "date": 3, "summary": 4}
    assert found.headers == ((1, "明日工作计划"), (2, "备注"), (3, "*日 期（必填）"), (4, "今日工作总结"))
    assert found.rows == ((3, (None, "计划", "别的", "2026-11-23", "总结")),)
    assert found.shown(found.rows[0][1]) == ("计划", "别的", "2026-11-23", "总结")
    assert found.shown(("a", "b")) == ("b", None, None, None)
    assert cells_of(found, ("a", "b", "c", "d")) == {"plan": "b", "date": "d", "summary": None}


def test_the_row_with_most_headers_is_the_header_the_first_of_equals() -> None:
    assert laid(("日期", "说明"), DAILY, ROW).rows == ((3, ROW),)
    assert laid(DAILY, ROW, ("x", *DAILY)).rows[0] == (2, ROW)
    late = (*[("说明",)] * 19, DAILY, ROW)
    assert laid(*late).rows == ((21, ROW),)
    too_late = unfit(("说明",), *late)
    assert too_late.why is Misfit.HEADLESS
    assert too_late.message == "找不到表头。必须有这些列：日期、今日工作总结、明日工作计划"
    assert (too_late.layout.headers, too_late.layout.fields, len(too_late.layout.rows)) == (((0, "说明"),), {}, 21)
    empty = unfit()
    assert (empty.why, empty.layout) == (Misfit.HEADLESS, Layout((), {}, ()))


def test_a_header_over_again_and_an_example_are_no_rows() -> None:
    example = (f"{EXAMPLE}2026-11-23", "写法", "写法")
    found = laid(DAILY, example, ROW, DAILY, ("日期", "今日工作总结", "别的"), ("2026-11-24", f"{EXAMPLE}总结", "x"))
    assert [number for number, _cells in found.rows] == [3, 5, 6]
    moved = laid(("备注", *DAILY), ("x", *example), (f"{EXAMPLE}", *ROW), ("只有备注",))
    assert [number for number, _cells in moved.rows] == [3, 4], "the first of the form's own columns counts"
    short = laid(("备注", *DAILY), ("备注", "日期"), ("", *DAILY), ("备注", *DAILY))
    assert [number for number, _cells in short.rows] == [2, 3]


def test_a_column_that_stands_twice_is_named() -> None:
    found = unfit((*DAILY, "日期*", "备注", "备注"), ROW)
    assert (found.why, found.message) == (Misfit.TWICE, "表头“日期”出现了两次。请删去多余的列")
    assert found.layout.rows == ((2, ROW),)
    both = unfit((*DAILY, "日期", "明日工作计划"), ROW)
    assert both.message == "表头“日期、明日工作计划”出现了两次。请删去多余的列"
    assert laid((*DAILY, "备注", "备注"), ROW).rows == ((2, ROW),)


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (("日期", "今日工作总结"), "“明日工作计划”"), (("日期", "今日总结", "明日工作计划"), "“今日工作总结”（是否写成了“今日总结”？）"),
        (("今日工作总结",), "“日期”、“明日工作计划”"), (("日期", "今日工作总结", "结果"), "“明日工作计划”"),
        (("日期", "今日总结", "明日计划"), "“今日工作总结”（是否写成了“今日总结”？）、“明日工作计划”（是否写成了“明日计划”？）"),
    ],
)  # fmt: skip
def test_a_column_that_is_missing_is_named_with_what_it_may_have_been_called(
    headers: tuple[str, ...], words: str
) -> None:
    found = unfit(headers, ROW)
    assert (found.why, found.message) == (Misfit.INCOMPLETE, f"缺少必填列{words}。请用最新模板，或把列名改回原样")
    assert found.layout.rows == ((2, ROW),)


def test_a_column_that_is_not_compulsory_may_be_missing() -> None:
    assert laid(("客户名称",), (1,), form=Claim).fields == {"customer": 0}


# -- receipts that come back, and older templates


def test_what_a_receipt_has_put_in_front_is_passed_over_once() -> None:
    assert without_receipt_columns(("结果", "说明", "受理号", "日期")) == [None, None, None, "日期"]
    assert without_receipt_columns(("说明", "结果", "日期")) == [None, None, "日期"]
    assert without_receipt_columns(("结果", "受理号")) == ["结果", "受理号"]
    assert without_receipt_columns(("说明", "受理号")) == ["说明", "受理号"]
    assert without_receipt_columns(("结果", "说明", "受理号", "受理号", "结果")) == [None, None, None, "受理号", "结果"]
    found = laid((*RECEIPT_COLUMNS, *DAILY), ("退回", "不对", "261123-0001", *ROW))
    assert (found.headers[0], found.fields) == ((3, "日期"), {"date": 3, "summary": 4, "plan": 5})


def test_a_column_of_an_older_template_is_known_by_its_former_name() -> None:
    old = tuple("受理号" if each == "订单受理号" else each for each in PAID)
    assert laid(old, form=Payment).fields["order_no"] == 4
    assert laid(old, form=Payment).headers[4] == (4, "订单受理号")
    back = laid((*RECEIPT_COLUMNS, *old), form=Payment)
    assert (back.fields["order_no"], [index for index, _name in back.headers]) == (7, [3, 4, 5, 6, 7, 8])
    without_first = laid(("受理号", *old), form=Payment)
    assert without_first.fields["order_no"] == 5, "the last is the form's own"
    assert [name for _index, name in without_first.headers] == list(PAID)
    both = laid((*PAID, "受理号"), form=Payment)
    assert (both.fields["order_no"], both.headers[-1]) == (4, (6, "受理号")), (
        "where both stand the older word means something else"
    )


# -- cells in trouble, pictures


def test_troubles_are_sorted_by_row_and_column() -> None:
    found = (Trouble(2, 1, "错误值", "改"), Trouble(2, 3, "合并", "拆"), Trouble(4, 2, "公式", "算"))
    by_row = troubles_by_row(sheet(DAILY, ROW, troubles=found))
    assert by_row == {2: {0: found[0], 2: found[1]}, 4: {1: found[2]}}
    assert troubles_of(laid(DAILY, ROW), by_row[2]) == {"date": found[0], "plan": found[1]}
    assert troubles_of(laid(("备注", *DAILY), ROW), by_row[2]) == {"summary": found[1]}
    assert troubles_by_row(sheet(DAILY)) == {}


def test_a_picture_belongs_to_the_photo_column_over_which_it_lies_or_to_the_first() -> None:
    headers = tuple(column.header for column in columns(NewCustomer))
    front, papers = headers.index("门头照片") + 1, headers.index("证件照片") + 1
    pictures = tuple(Picture(row, column, f"p{n}", b"") for n, (row, column) in enumerate(
        ((2, papers), (2, front), (2, 1), (3, front), (2, papers), (2, 99))
    ))  # fmt: skip
    given = sheet(headers, ("x",), pictures=pictures, name="客户新增")
    layout = lay_out(given, NewCustomer)
    assert isinstance(layout, Layout)
    placed = pictures_of(NewCustomer, layout, given, 2)
    assert {field: [each.name for each in found] for field, found in placed.items()} == {
        "certificate_photos": ["p0", "p4"], "front_photos": ["p1", "p2", "p5"],
    }  # fmt: skip
    assert pictures_of(NewCustomer, layout, given, 4) == {}
    assert pictures_of(NewCustomer, layout, sheet(headers, ("x",)), 2) == {}
    daily = sheet(DAILY, ROW, pictures=pictures)
    assert pictures_of(DailyReport, laid(DAILY, ROW), daily, 2) == {}
