"""The writer: text stays text, anything can be written, nothing is cut, the same input gives the same bytes."""

from __future__ import annotations

import io
import math
import re
import zipfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from outbox.xlsx import measure
from outbox.xlsx.cell import CellValue, sheet_name
from outbox.xlsx.palette import CELL
from outbox.xlsx.picture import TALLEST, arrange
from outbox.xlsx.sheet import Drawing
from tests.workbook_text import opened

NOW = datetime(2026, 11, 23, 18, 5, 9, tzinfo=timezone(timedelta(hours=8)))


def written(*values: CellValue, width: float = 20) -> bytes:
    book = Drawing(NOW, title="试写")
    page = book.page("表")
    for row, value in enumerate(values):
        page.put(row, 0, value)
    page.layout.width(0, width)
    return book.finish()


def read(*values: CellValue) -> list[object]:
    sheet = opened(written(*values))["表"]
    return [sheet.cell(row, 1).value for row in range(1, len(values) + 1)]


@pytest.mark.parametrize(
    "text", ["=SUM(A1:A9)", "+86 138", "-1+1", "@cmd", "\t=1", "＝1+1", "http://a.example/", "{=1}", '=HYPERLINK("x")']
)
def test_text_that_looks_like_a_formula_or_a_link_stays_text(text: str) -> None:
    sheet = opened(written(text))["表"]
    cell = sheet["A1"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_control_characters_and_lone_surrogates_are_cleaned_and_the_rest_kept() -> None:
    assert read("甲\x00\x07乙\ud800丙\ufffe", "第一行\r\n第二行\r第三行", "😀𠮷 _x0041_") == [
        "甲乙丙", "第一行\n第二行\n第三行", "😀𠮷 _x0041_",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["长", "😀"])
def test_text_too_long_for_a_cell_is_cut_with_an_ellipsis(unit: str) -> None:
    (text,) = read(unit * 40_000)
    assert isinstance(text, str)
    assert text.endswith("…")
    assert len(text.encode("utf-16-le")) // 2 <= measure.MAX_CELL
    assert set(text[:-1]) == {unit}


def test_values_keep_their_types() -> None:
    day, moment = date(2026, 11, 23), datetime(2026, 11, 23, 14, 5)
    got = read("13800138000", 13800138000, 12.5, True, day, moment, time(9, 30), None, "")
    assert got == ["13800138000", 13800138000, 12.5, True, datetime(2026, 11, 23), moment, time(9, 30), None, None]
    sheet = opened(written(day, moment, 13800138000, "x"))["表"]
    assert [sheet.cell(row, 1).number_format for row in (1, 2, 3, 4)] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0", "@"]


def test_values_that_no_cell_can_hold_become_text() -> None:
    got = read(math.nan, math.inf, 10**17 + 1, date(1899, 5, 1))
    assert got == ["无效数字", "无效数字", "100000000000000001", "1899-05-01"]


def test_aware_times_are_written_as_the_local_time_they_say() -> None:
    assert read(NOW) == [NOW.replace(tzinfo=None)]


def test_the_same_calls_give_the_same_bytes_and_the_given_time() -> None:
    assert written("甲", 1, NOW) == written("甲", 1, NOW)
    created = opened(written("甲")).properties.created
    assert created is not None
    assert created.replace(tzinfo=UTC) == NOW.replace(microsecond=0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=40), min_size=1, max_size=6))
def test_any_text_can_be_written_and_read_back(texts: list[str]) -> None:
    got = read(*texts)
    assert got == [measure.clean(text) or None for text in texts]


@pytest.mark.parametrize("length", [10, 60, 300, 1200])
def test_rows_are_tall_enough_for_wrapped_chinese(length: int) -> None:
    sheet = opened(written("拜" * length))["表"]
    pixels = measure.column_pixels(sheet.column_dimensions["A"].width) - 6
    lines = math.ceil(length * 13.34 / pixels)
    assert sheet.row_dimensions[1].height >= lines * 14.5  # what 10 point Noto Sans CJK takes, the tallest font used
    assert sheet.row_dimensions[1].height <= measure.MAX_ROW_POINTS


def test_a_column_grows_when_no_row_could_hold_its_text() -> None:
    assert opened(written("拜" * 1200))["表"].column_dimensions["A"].width > 30
    assert opened(written("拜" * 60))["表"].column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_lines_break_at_words_and_inside_words_that_are_too_long() -> None:
    assert measure.line_count("短", 100) == 1
    assert measure.line_count("一\n二\n\n三", 400) == 4
    assert measure.line_count("ABCDEFGHIJ " * 3, 110) == 3
    assert measure.line_count("X" * 100, 110) >= 8


def test_a_property_that_would_be_lost_is_refused() -> None:
    with pytest.raises(ValueError, match="token"):
        Drawing(NOW, title="x", properties={"token": "t" * 256})


def test_names_of_sheets_are_made_lawful_and_unique() -> None:
    assert sheet_name("拜访/记录[1]:*?", []) == "拜访_记录_1____"
    assert sheet_name("'甲'", []) == "甲"
    assert sheet_name("", []) == "工作表"
    assert sheet_name("ABC", ["abc"]) == "ABC(2)"
    assert sheet_name("history", []) == "history(2)"
    long = "很长的名字" * 10
    assert len(sheet_name(long, [sheet_name(long, [])])) <= 31


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (80, 120, 160)).save(buffer, kind)
    return buffer.getvalue()


def with_pictures(pictures: list[bytes]) -> tuple[bytes, int]:
    book = Drawing(NOW, title="照片")
    page = book.page("表")
    page.put(1, 1, "")
    shown = page.pictures(1, 1, pictures, high=90, across=400)
    return book.finish(), shown


def test_pictures_keep_their_bytes_and_lie_within_their_cell() -> None:
    pictures = [picture("JPEG"), picture("PNG", (300, 900)), picture("JPEG", (4000, 500)), picture("GIF")]
    data, shown = with_pictures(pictures)
    assert shown == 4
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        media = [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]
    assert sorted(media) == sorted(pictures)
    for image in opened(data)["表"]._images:
        start, end = image.anchor._from, image.anchor.to
        assert (start.row, start.col, end.row, end.col) == (1, 1, 1, 1)
        assert image.anchor.editAs in (None, "twoCell")  # moves and sizes with the cell


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"RIFF0000WEBPVP8 " + b"0" * 60, b"\xff\xd8" + b"\x00" * 80])
def test_pictures_that_cannot_be_shown_are_left_out(data: bytes) -> None:
    book, shown = with_pictures([data, picture("JPEG")])
    assert shown == 1
    assert len(opened(book)["表"]._images) == 1


def test_a_real_heic_photo_is_left_out() -> None:
    folder = Path(__file__).parents[3] / "shared" / "samples" / "photos"
    heic = next((path for path in sorted(folder.rglob("*")) if path.suffix.lower() == ".heic"), None)
    if heic is None:
        pytest.skip("no HEIC sample here")
    assert with_pictures([heic.read_bytes()])[1] == 0


@pytest.mark.parametrize("count", [1, 7, 40, 150])
def test_many_pictures_become_smaller_rather_than_fewer(count: int) -> None:
    boxes = arrange([(640, 480), (480, 640)] * count, high=110, across=330)
    assert len(boxes) == count * 2
    assert all(box.x + box.width <= 330 and box.y + box.height <= TALLEST for box in boxes)
    overlaps = [
        (one, two)
        for index, one in enumerate(boxes) for two in boxes[index + 1 :]
        if one.x < two.x + two.width and two.x < one.x + one.width
        and one.y < two.y + two.height and two.y < one.y + one.height
    ]  # fmt: skip
    assert not overlaps


def test_comments_are_big_enough_and_signed() -> None:
    book = Drawing(NOW, title="批注")
    page = book.page("表")
    page.put(0, 0, "x", CELL)
    page.comment(0, 0, "照片没有拍摄时间。" * 12)
    data = book.finish()
    comment = opened(data)["表"]["A1"].comment
    assert comment is not None
    assert comment.author == "客簿"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        drawing = archive.read("xl/drawings/vmlDrawing1.vml").decode()
    wide, high = (float(re.search(rf"[;']{side}:([\d.]+)pt", drawing)[1]) for side in ("width", "height"))  # type: ignore[index]
    assert high >= 13 * math.ceil(9 * 12 * 9 / (wide - 8))  # 9 points a character, 13 a line
