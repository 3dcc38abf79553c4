"""A workbook's bytes become rows, troubles and pictures: the same whichever library reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.preflight.check import BookLimits, inspect
from intake.preflight.survey import Survey
from intake.raw import Picture, Refusal, Sheet, Trouble, Workbook
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Failure, Limits
from intake.workbook.read import assemble, read_with_calamine, read_with_openpyxl, read_workbook
from tests import hostile
from tests.hostile import book, cell, corner, data, text

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "workbooks"
LIMITS = BookLimits()
RED, BLUE = hostile.jpeg("red"), hostile.jpeg("blue")


def read(content: bytes, limits: BookLimits = LIMITS) -> Workbook:
    result = read_workbook(content, limits)
    assert isinstance(result, Workbook), result
    return result


def only(content: bytes) -> Sheet:
    (sheet,) = read(content).sheets
    return sheet


def both(content: bytes) -> tuple[Workbook, Workbook]:
    """The workbook as either library alone would have it."""
    survey = inspect(content, LIMITS)
    assert isinstance(survey, Survey), survey
    quick = assemble(content, survey, read_with_calamine(content, survey), LIMITS)
    careful = assemble(content, survey, read_with_openpyxl(content, survey), LIMITS)
    return quick, careful


def trouble_at(sheet: Sheet, row: int, column: int) -> Trouble:
    (found,) = [trouble for trouble in sheet.troubles if (trouble.row, trouble.column) == (row, column)]
    assert found.remedy
    return found


def written(rows: list[tuple[int, list[Any]]], left: int = 0) -> bytes:
    """A workbook by XlsxWriter with *rows* of (row from 0, values) that start in column *left*."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        day, clock = made.add_format({"num_format": "yyyy-mm-dd"}), made.add_format({"num_format": 22})
        hour = made.add_format({"num_format": 'h"时"mm"分"'})
        sheet = made.add_worksheet("数据")
        for row, values in rows:
            for column, value in enumerate(values, start=left):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(row, column, value, clock)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, time):
                    sheet.write_datetime(row, column, value, hour)
                elif isinstance(value, bool):
                    sheet.write_boolean(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
    return out.getvalue()


WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="￾￿"), max_size=20).filter(lambda text: "_x" not in text),
    st.text("客户名称北京市，、０１23 =+-@\t\n", max_size=12),
    st.from_regex(r"=[A-Z]{1,5}\([0-9]{1,4}\)", fullmatch=True),
    st.sampled_from(["_x000D_", "_x0041_", "_x12_", " 前后空格 ", "\u3000全角", "=1+1", "'引号", "true", "1e5"]),
)
VALUES = st.one_of(
    st.none(),
    WORDS,
    st.integers(-(10**14), 10**14),
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: float(f"{number:.12G}")),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.times().map(lambda clock: clock.replace(microsecond=0)),
)
ROWS = st.dictionaries(st.integers(0, 40), st.lists(VALUES, max_size=6), max_size=8).map(
    lambda rows: sorted(rows.items())
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.integers(0, 3))
def test_both_readers_agree_on_ordinary_content_and_lose_none_of_it(
    rows: list[tuple[int, list[Any]]], left: int
) -> None:
    quick, careful = both(written(rows, left))
    assert quick == careful
    found = dict(quick.sheets[0].rows)
    for number, values in rows:
        expected = [None] * left + [_expected(value) for value in values]
        while expected and expected[-1] is None:
            expected.pop()
        if any(value is not None and (not isinstance(value, str) or value.strip()) for value in expected):
            assert list(found.pop(number + 1)) == expected
    assert not found


def _expected(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def test_values_have_their_types() -> None:
    moment = datetime(2026, 11, 23, 19, 59, 30)
    sheet = only(written([(0, ["甲", 13800138000, 1.5, True, date(2026, 11, 23), moment, time(8, 30), None, "末"])]))
    values = sheet.rows[0][1]
    assert values == ("甲", 13800138000, 1.5, True, date(2026, 11, 23), moment, time(8, 30), None, "末")
    assert [type(value) for value in values[1:6]] == [int, float, bool, date, datetime]


def test_row_numbers_are_the_sheets_and_columns_begin_at_a() -> None:
    assert only(written([(6, ["甲"]), (9, ["乙"])], left=2)).rows == ((7, (None, None, "甲")), (10, (None, None, "乙")))


def test_blank_rows_and_trailing_blanks_are_left_out_but_inner_white_space_is_kept() -> None:
    sheet = only(book(data((1, text("A1", " 甲 ") + text("B1", "")), (2, text("A2", " \t ")), (3, text("C3", "乙")))))
    assert sheet.rows == ((1, (" 甲 ",)), (3, (None, None, "乙")))


@pytest.mark.parametrize("number", [27, 31, 57, 58])
def test_the_built_in_chinese_date_formats_are_dates(number: int) -> None:
    content = hostile.pack(
        {**hostile.parts(data((1, cell("A1", "46349", ' s="1"')))), "xl/styles.xml": hostile.styles(number)}
    )
    quick, careful = both(content)
    assert quick == careful
    assert quick.sheets[0].rows == ((1, (date(2026, 11, 23),)),)


@pytest.mark.parametrize("code", ['0.00"d"', "[Red]0;[Blue]-0", "@", "0.0E+00"])
def test_formats_with_letters_in_them_stay_numbers(code: str) -> None:
    content = hostile.pack(
        {**hostile.parts(data((1, cell("A1", "46349.5", ' s="1"')))), "xl/styles.xml": hostile.styles(code)}
    )
    quick, careful = both(content)
    assert quick.sheets[0].rows == careful.sheets[0].rows == ((1, (46349.5,)),)


def test_dates_counted_from_1904_are_four_years_later() -> None:
    sheet = data((1, cell("A1", "44887", ' s="1"')))
    content = {**hostile.parts(sheet, book='<workbookPr date1904="1"/>'), "xl/styles.xml": hostile.styles(14)}
    assert only(hostile.pack(content)).rows == ((1, (date(2026, 11, 23),)),)


@pytest.mark.parametrize("serial", ["60", "13800138000", "-5", "0"])
def test_a_number_that_cannot_be_the_date_it_is_shown_as_is_named(serial: str) -> None:
    sheet = data((1, cell("A1", serial, ' s="1"') + cell("B1", "46349", ' s="1"')))
    content = hostile.pack({**hostile.parts(sheet), "xl/styles.xml": hostile.styles(14)})
    found = only(content)
    assert found.rows == ((1, (None, date(2026, 11, 23))),)
    assert "不是有效日期" in trouble_at(found, 1, 1).message


def test_iso_dates_are_dates() -> None:
    cells = "".join(f'<c r="{r}1" t="d"><v>{v}</v></c>' for r, v in (("A", "2026-11-23"), ("B", "2026-11-23T08:30:00")))
    assert only(book(data((1, cells)))).rows == ((1, (date(2026, 11, 23), datetime(2026, 11, 23, 8, 30))),)


def test_rows_out_of_order_outside_the_dimension_and_without_addresses_are_all_read() -> None:
    sheet = '<dimension ref="A1:A2"/>' + data((5, cell("B5", "5")), (2, cell("C2", "3") + cell("A2", "2")))
    assert only(book(sheet)).rows == ((2, (2, None, 3)), (5, (None, 5)))
    bare = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    assert only(book(bare)).rows == ((1, (1, 2)), (2, (3,)))


def test_a_cell_given_twice_is_named() -> None:
    assert "两次" in trouble_at(only(book(data((3, cell("A3", "1") + cell("A3", "2"))))), 3, 1).message


@pytest.mark.parametrize("name", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_value_is_named_and_never_read_as_blank(name: str) -> None:
    content = book(data((2, text("A2", "甲") + f'<c r="B2" t="e"><f>X</f><v>{name}</v></c>'), (3, _error("B3", name))))
    quick, careful = both(content)
    assert quick == careful
    sheet = only(content)
    assert sheet.rows == ((2, ("甲", None)), (3, (None, None)))
    assert name in trouble_at(sheet, 2, 2).message
    assert name in trouble_at(sheet, 3, 2).message


def _error(reference: str, name: str) -> str:
    return f'<c r="{reference}" t="e"><v>{name}</v></c>'


@pytest.mark.parametrize("inside", ["<f>A1*2</f>", "<f>A1*2</f><v></v>", "<f>A1*2</f><v/>", '<f t="shared" si="0"/>'])
def test_a_formula_without_a_result_is_named(inside: str) -> None:
    sheet = only(book(data((1, cell("A1")), (2, f'<c r="A2">{inside}</c>'))))
    assert sheet.rows == ((1, (1,)), (2, (None,)))
    assert "公式没有计算结果" in trouble_at(sheet, 2, 1).message


def test_formulas_with_results_are_read_as_their_results() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"甲"</f><v>甲</v></c>'
    cells += '<c r="C1" t="str"><f>""</f><v></v></c>'
    sheet = only(book(data((1, cells))))
    assert sheet.rows == ((1, (2, "甲")),)
    assert sheet.troubles == ()


@pytest.mark.parametrize("number", ["1e400", "-1e400", "nan", "inf", "abc", "1_000"])
def test_a_number_that_is_none_is_named(number: str) -> None:
    sheet = only(book(data((1, cell("A1", number) + cell("B1", "7")))))
    assert sheet.rows == ((1, (None, 7)),)
    assert "无法识别" in trouble_at(sheet, 1, 1).message


def test_an_id_card_typed_as_a_number_has_lost_its_digits() -> None:
    sheet = only(book(data((1, cell("A1", "1.10101199001011E+17") + cell("B1", "13800138000")))))
    assert "15 位" in trouble_at(sheet, 1, 1).message
    assert len(sheet.troubles) == 1


def test_merged_data_is_named_and_keeps_its_value_while_a_merged_title_is_fine() -> None:
    rows = data((1, text("A1", "标题")), (4, text("A4", "甲") + text("B4", "藏在下面")), (5, text("B5", "乙")))
    merges = '<mergeCells><mergeCell ref="A1:D2"/><mergeCell ref="A4:B4"/></mergeCells>'
    quick, careful = both(book(rows + merges))
    assert quick == careful
    sheet = quick.sheets[0]
    assert sheet.rows == ((1, ("标题",)), (4, ("甲",)), (5, (None, "乙")))
    assert len(sheet.troubles) == 1
    assert "合并单元格" in trouble_at(sheet, 4, 1).message


def test_hidden_rows_columns_and_sheets_are_read_all_the_same() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        first, second, third = (made.add_worksheet(name) for name in ("一", "二", "三"))
        for sheet in (first, second, third):
            sheet.write_column(0, 0, ["名称", "甲", "乙"])
            sheet.write_column(0, 1, ["数", 1, 2])
        first.set_row(1, None, None, {"hidden": True})
        first.set_column(1, 1, None, None, {"hidden": True})
        first.autofilter(0, 0, 2, 1)
        second.hide()
        third.very_hidden()
    result = read(out.getvalue())
    assert [sheet.hidden for sheet in result.sheets] == [False, True, True]
    assert {sheet.rows for sheet in result.sheets} == {((1, ("名称", "数")), (2, ("甲", 1)), (3, ("乙", 2)))}


def test_custom_properties_are_read() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet("一")
        made.set_custom_property("kebu", "令牌.abc")
        made.set_custom_property("n", 3)
    assert read(out.getvalue()).properties == {"kebu": "令牌.abc", "n": "3"}


def test_text_that_looks_like_a_formula_is_text() -> None:
    assert only(written([(0, ["=1+1", "+86", "@甲", "-"])])).rows == ((1, ("=1+1", "+86", "@甲", "-")),)


TWO_CELLS = "<xdr:twoCellAnchor>{start}{end}{{pic}}</xdr:twoCellAnchor>"


def test_a_floating_picture_belongs_to_the_cell_it_lies_in() -> None:
    anchor = TWO_CELLS.format(start=corner("from", 3, 4), end=corner("to", 4, 4, 90_000))
    assert only(hostile.floating_book(anchor, RED)).pictures == (Picture(5, 4, "image1.jpeg", RED),)


def test_a_straddling_picture_belongs_to_the_row_of_its_middle() -> None:
    high = "".join(
        f'<row r="{n}" ht="{90 if n == 6 else 15}" customHeight="1">{cell(f"A{n}")}</row>' for n in range(1, 9)
    )
    rows = f"<sheetData>{high}</sheetData>"
    anchor = TWO_CELLS.format(start=corner("from", 1, 4, 100_000), end=corner("to", 2, 6, 10_000))
    assert only(hostile.floating_book(anchor, RED, rows=rows)).pictures[0].row == 6
    nudged = TWO_CELLS.format(start=corner("from", 1, 4, 180_000), end=corner("to", 2, 5, 800_000))
    assert only(hostile.floating_book(nudged, RED, rows=rows)).pictures[0].row == 6


def test_pictures_anchored_by_one_cell_or_none_are_found() -> None:
    size = '<xdr:ext cx="9000" cy="9000"/>'
    one = f"<xdr:oneCellAnchor>{corner('from', 2, 7)}{size}{{pic}}</xdr:oneCellAnchor>"
    assert [(p.row, p.column) for p in only(hostile.floating_book(one, RED)).pictures] == [(8, 3)]
    none = f'<xdr:absoluteAnchor><xdr:pos x="700000" y="{15 * 12700 * 3 + 5}"/>{size}{{pic}}</xdr:absoluteAnchor>'
    assert [(p.row, p.column) for p in only(hostile.floating_book(none, RED)).pictures] == [(4, 2)]


def test_a_grouped_picture_is_found() -> None:
    start, end = corner("from", 0, 1), corner("to", 1, 1, 9)
    grouped = (
        f"<xdr:twoCellAnchor>{start}{end}<xdr:grpSp><xdr:grpSp>{{pic}}</xdr:grpSp></xdr:grpSp></xdr:twoCellAnchor>"
    )
    assert [picture.row for picture in only(hostile.floating_book(grouped, RED)).pictures] == [2]


def test_a_picture_that_is_only_linked_is_not_followed_but_named() -> None:
    anchor = TWO_CELLS.format(start=corner("from", 0, 1), end=corner("to", 1, 1, 9))
    result = read(hostile.floating_book(anchor, RED, blip='r:link="rId2"'))
    assert result.sheets[0].pictures == ()
    assert any("链接" in notice for notice in result.notices)


def test_a_picture_in_a_cell_by_wps_is_a_picture_and_not_text() -> None:
    sheet = only(hostile.wps_book(RED))
    assert sheet.pictures == (Picture(2, 2, "image1.jpeg", RED),)
    assert sheet.rows == ((1, ("客户名称", "现场照片")), (2, ("甲公司", None)))
    assert sheet.troubles == ()


def test_a_wps_picture_saved_as_mere_text_by_another_program_is_still_found() -> None:
    content = hostile.wps_book(RED, formula=None)
    sheet = only(content)
    assert [picture.data for picture in sheet.pictures] == [RED]
    assert sheet.rows[1] == (2, ("甲公司", None))


def test_a_wps_picture_that_was_not_saved_is_named() -> None:
    sheet = only(hostile.wps_book(RED, keep_picture=False))
    assert sheet.pictures == ()
    assert sheet.rows[1] == (2, ("甲公司", None))
    assert "没有随文件保存" in trouble_at(sheet, 2, 2).message


def excel_pictures() -> bytes:
    """Place-in-cell and floating pictures, as XlsxWriter writes them after Excel."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("拜访记录")
        sheet.write_row(0, 0, ["客户名称", "现场照片"])
        sheet.write_column(1, 0, ["甲", "乙", "丙"])
        for row, picture in enumerate((RED, BLUE, RED), start=1):
            sheet.embed_image(row, 1, "p.jpeg", {"image_data": BytesIO(picture)})
        sheet.insert_image(2, 3, "f.jpeg", {"image_data": BytesIO(BLUE)})
        sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")
    return out.getvalue()


def test_pictures_placed_in_cells_by_excel_are_pictures_and_not_errors() -> None:
    sheet = only(excel_pictures())
    assert [(p.row, p.column, p.data) for p in sheet.pictures] == [
        (2, 2, RED), (3, 2, BLUE), (3, 4, BLUE), (4, 2, RED),
    ]  # fmt: skip
    assert [(trouble.row, trouble.column) for trouble in sheet.troubles] == [(5, 2)]


def test_picture_bytes_are_limited() -> None:
    noise = [bytes([n]) * (700 * 1024) for n in range(3)]
    content = {**hostile.parts("<sheetData/>"), **{f"xl/media/{n}.jpeg": data for n, data in enumerate(noise)}}
    result = read_workbook(hostile.pack(content), BookLimits(inflated_mb=1))
    assert isinstance(result, Refusal)
    assert result.code == "too_big_inflated"


def test_what_openpyxl_would_expand_to_millions_of_cells_is_read_without_it() -> None:
    links = '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'
    sheet = only(book(data((1, cell("A1") + _error("B1", "#N/A"))) + links))
    assert sheet.rows == ((1, (1, None)),)
    assert len(sheet.troubles) == 1


def test_a_comment_far_away_costs_nothing() -> None:
    content = hostile.parts(data((1, cell("A1") + _error("B1", "#N/A"))))
    content["xl/worksheets/_rels/sheet1.xml.rels"] = hostile.relationships(("rId1", "comments", "../comments1.xml"))
    remark = '<comment ref="XFD1048576" authorId="0"><text><t>远</t></text></comment>'
    content["xl/comments1.xml"] = (
        f'<comments xmlns="{hostile.MAIN}"><authors><author>a</author></authors>'
        f"<commentList>{remark}</commentList></comments>"
    ).encode()
    assert only(hostile.pack(content)).rows == ((1, (1, None)),)


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/custom.xml"])
@pytest.mark.parametrize("body", [b"<a/>", b"", b"not xml", b"<sst><si><t>x</t></si>"])
def test_no_damaged_part_raises(part: str, body: bytes) -> None:
    content = {**hostile.parts(data((1, '<c r="A1" t="s"><v>7</v></c>' + _error("B1", "#N/A")))), part: body}
    assert isinstance(read_workbook(hostile.pack(content), LIMITS), Workbook | Refusal)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutant_raises(choice: st.DataObject) -> None:
    content = bytearray(MUTATED)
    for _ in range(choice.draw(st.integers(1, 6))):
        content[choice.draw(st.integers(0, len(content) - 1))] = choice.draw(st.integers(0, 255))
    assert isinstance(read_workbook(bytes(content), LIMITS), Workbook | Refusal)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_raise(content: bytes) -> None:
    assert isinstance(read_workbook(content, LIMITS), Refusal)
    assert isinstance(read_workbook(b"PK\x03\x04" + content, LIMITS), Refusal)


MUTATED = hostile.wps_book(RED)


@pytest.fixture(scope="module")
def readers() -> Iterator[LocalReaders]:
    with LocalReaders(Limits(seconds=30, megabytes=512)) as pool:
        yield pool


def test_a_workbook_is_read_in_another_process(readers: LocalReaders) -> None:
    bad = b"<html>"
    first, second, third = readers.map(read_workbook, [(excel_pictures(), LIMITS), (bad, LIMITS), (MUTATED, LIMITS)])
    assert first == read(excel_pictures())
    assert isinstance(second, Refusal)
    assert third == read(MUTATED)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample workbooks are not part of the repository")
def test_real_files_of_other_programs_are_read_or_refused(readers: LocalReaders) -> None:
    paths = sorted(SAMPLES.iterdir())
    results: dict[str, Any] = dict(
        zip((p.name for p in paths), readers.map(read_workbook, [(p.read_bytes(), LIMITS) for p in paths]), strict=True)
    )
    assert not [name for name, result in results.items() if isinstance(result, Failure)]
    assert all(isinstance(result, Workbook | Refusal) for result in results.values())
    counts = {name: [len(s.rows) for s in r.sheets] for name, r in results.items() if isinstance(r, Workbook)}
    assert {name: counts[name] for name in NOTABLE} == NOTABLE
    early, late = (results[f"1904_{year}.xlsx"].sheets[0].rows for year in (1900, 1904))
    assert early[1][1][:3] == (11, date(1900, 1, 11), "1900-01-11")
    assert late[1][1][:3] == (11, date(1904, 1, 12), "1904-01-12")
    assert [t.message for t in results["wps_fn.xlsx"].sheets[0].troubles] == ["公式出错，结果是 #VALUE!"]
    assert [sheet.hidden for sheet in results["wtf_path.xlsx"].sheets] == [False, True]  # crashes openpyxl
    assert results["crlf_CRLFX5_2.XLS"].code == "xls"
    assert results["password_2002_128_enhrsa.xls"].code == "encrypted"
    assert results["BlankSheetTypes.xlsm"].code == "xlsm"  # crashes calamine


NOTABLE = {
    "1904_1900.xlsx": [5],
    "large_strings.xlsx": [9999, 26, 17619],
    "wps_fn.xlsx": [3],
    "wtf_path.xlsx": [6, 3],
    "LONumbers.xlsx": [38],
    "issue.xlsx": [44],
}
