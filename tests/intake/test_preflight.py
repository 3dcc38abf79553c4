"""Hostile and odd workbooks are refused with their own reason, quickly and in little memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from intake.preflight.check import BookLimits, inspect
from intake.preflight.format import is_date, kind_of_format, to_moment
from intake.preflight.survey import DateKind, Oddity, Survey
from intake.raw import Refusal
from tests import hostile
from tests.hostile import book, cell, data, text

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT.parent / "shared" / "samples" / "workbooks"
LIMITS = BookLimits()


def refused(content: bytes, limits: BookLimits = LIMITS) -> Refusal:
    result = inspect(content, limits)
    assert isinstance(result, Refusal)
    assert result.reason
    assert result.remedy
    assert not result.by_machine
    return result


def surveyed(content: bytes, limits: BookLimits = LIMITS) -> Survey:
    result = inspect(content, limits)
    assert isinstance(result, Survey), result
    return result


def zipped(**parts: bytes) -> bytes:
    return hostile.pack({name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()})


ODS = hostile.pack({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})
OTHER_KINDS = {
    "empty": b"",
    "blank": bytes(4096),
    "truncated": book(data((1, cell("A1"))))[:-300],
    "html": "<html><meta charset=gbk><table><tr><td>客户</td></tr></table>".encode("gbk"),
    "text": "客户名称,金额\r\n甲公司,100\r\n".encode("gb18030"),
    "xml2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "rtf": b"{\\rtf1 hello}",
    "pdf": b"%PDF-1.7 ...",
    "picture": hostile.jpeg("red"),
    "archive": b"Rar!\x1a\x07\x01\x00",
    "unknown": b"\x01\x02\x00\x03" * 50,
    "ods": ODS,
    "numbers": hostile.pack({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"}),
    "not_workbook": hostile.pack({"照片.jpg": b"x"}),
    "xlsm": book("<sheetData/>", main=hostile.MACRO_TYPE),
    "xlsb": book("<sheetData/>", main="application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    "docx": book("", main="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "pptx": book("", main="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
    "entity": hostile.entity_bomb(),
    "damaged": hostile.with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
    "xls": b"\x09\x02\x06\x00\x00\x00\x10\x00" + bytes(100),
}


@pytest.mark.parametrize("code", OTHER_KINDS)
def test_each_kind_of_file_has_its_own_reason(code: str) -> None:
    assert refused(OTHER_KINDS[code]).code == code


def test_no_two_kinds_share_their_words() -> None:
    reasons = [refused(content).reason for content in OTHER_KINDS.values()]
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("code", ["xls", "ods", "html", "text", "xml2003", "xlsm", "xlsb"])
def test_other_spreadsheets_are_told_how_to_save_as_xlsx(code: str) -> None:
    assert "另存为" in refused(OTHER_KINDS[code]).remedy
    assert "Excel 工作簿(*.xlsx)" in refused(OTHER_KINDS[code]).remedy


@pytest.mark.parametrize("begin", [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00"])
def test_biff_without_a_container_is_xls(begin: bytes) -> None:
    assert refused(begin + bytes(64)).code == "xls"


def test_a_password_protected_workbook_is_named_as_such() -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain, out = BytesIO(book(data((1, cell("A1"))))), BytesIO()
    OOXMLFile(plain).encrypt("秘密123", out)
    result = refused(out.getvalue())
    assert result.code == "encrypted"
    assert "密码" in result.reason


def test_a_zip_with_a_password_is_encrypted_too() -> None:
    content = bytearray(book("<sheetData/>"))
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.find(sign) + offset] |= 1
    assert refused(bytes(content)).code == "encrypted"


@pytest.mark.parametrize(
    "part", ["xl/sharedStrings.xml", "xl/styles.xml", "docProps/app.xml", "_rels/x.rels", "xl/a.vml"]
)
def test_an_entity_in_any_part_is_refused(part: str) -> None:
    assert refused(hostile.external_entity(part)).code == "entity"


def test_an_untidy_vml_drawing_harms_nobody() -> None:
    surveyed(hostile.with_part("xl/drawings/vmlDrawing1.vml", b"<xml><br></xml>"))


def test_a_file_over_the_limit_is_refused_before_it_is_opened() -> None:
    assert refused(b"PK\x03\x04" + bytes(2 * 1024 * 1024), BookLimits(megabytes=1)).code == "too_big"


def test_too_many_parts_are_refused() -> None:
    content = {f"xl/media/{n}.png": b"" for n in range(40)}
    assert refused(hostile.pack(content), BookLimits(entries=30)).code == "too_many_parts"


def test_a_directory_that_lies_about_sizes_is_damage() -> None:
    assert refused(hostile.lying_size(book(data((1, cell("A1")))))).code == "damaged"


def test_two_parts_of_one_name_are_damage() -> None:
    out = BytesIO(book("<sheetData/>"))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<other/>")
    assert refused(out.getvalue()).code == "damaged"


def test_a_flipped_byte_is_damage() -> None:
    content = bytearray(book(data(*((n, text(f"A{n}", f"第{n}行")) for n in range(1, 60)))))
    content[content.find(b"sheet1.xml") + 60] ^= 0xFF
    assert refused(bytes(content)).code == "damaged"


HUGE = {
    "corner": "too_many_rows",
    "columns": "too_many_columns",
    "rows by count": "too_many_rows",
    "thirty million empty rows": "too_many_rows",
    "rows by number": "too_many_rows",
    "cells without addresses": "too_many_columns",
    "shared strings": "too_many_strings",
    "long cell": "cell_too_long",
    "long shared string": "cell_too_long",
    "long attribute": "strange",
    "deep": "strange",
    "merge": "merge_too_big",
    "many merges": "merge_too_big",
    "bomb": "zip_bomb",
    "bomb in xml": "zip_bomb",
}
CHILD = """
import re, sys, time
from pathlib import Path
from intake.preflight.check import BookLimits, inspect
for name in sys.argv[1:]:
    content = Path(name).read_bytes()
    for limits in (BookLimits(), BookLimits(ratio=10**9)):
        started = time.perf_counter()
        result = inspect(content, limits)
        # getrusage would tell of whoever started this process as well
        peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
        print(Path(name).stem, result.code, round(time.perf_counter() - started, 2), peak, sep="|")
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_huge_workbooks_are_refused_within_seconds_and_little_memory(tmp_path: Path) -> None:
    names = []
    for name, content in hostile.huge_workbooks().items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
        names.append(str(tmp_path / f"{name}.xlsx"))
    run = subprocess.run(
        [sys.executable, "-c", CHILD, *names], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    lines = [line.split("|") for line in run.stdout.splitlines()]
    assert {name: code for name, code, _, _ in reversed(lines)} == HUGE
    assert len(lines) == 2 * len(HUGE)
    assert max(float(seconds) for _, _, seconds, _ in lines) < 20  # what a reader is given
    assert max(int(peak) for _, _, _, peak in lines) < 300


def test_the_limits_themselves_are_allowed() -> None:
    survey = surveyed(book(data((1, cell("A1") + cell("CV1")), (20001, cell("A20001")))))
    assert (survey.sheets[0].last_row, survey.sheets[0].last_column) == (20001, 100)
    assert refused(book(data((1, cell("A1")), (20002, cell("A20002"))))).code == "too_many_rows"


def test_repeated_rows_compress_well_and_are_no_bomb() -> None:
    rows = data(*((n, text(f"A{n}", "同样的话" * 40)) for n in range(1, 3000)))
    content = book(rows)
    assert len(rows.encode()) / len(content) > 40
    surveyed(content)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/externalLinks/externalLink1.xml", "外部链接"),
        ("xl/embeddings/oleObject1.bin", "OLE"),
        ("xl/activeX/activeX1.xml", "控件"),
        ("xl/connections.xml", "数据连接"),
        ("xl/vbaProject.bin", "宏"),
    ],
)
def test_what_is_not_followed_is_named_and_the_rest_is_read(part: str, words: str) -> None:
    survey = surveyed(hostile.with_part(part, b"<a/>"))
    assert len(survey.notices) == 1
    assert words in survey.notices[0]


def test_dde_is_named() -> None:
    survey = surveyed(hostile.with_part("xl/externalLinks/externalLink1.xml", b'<x><ddeLink ddeService="cmd"/></x>'))
    assert any("DDE" in notice for notice in survey.notices)


ODD = {
    Oddity.FORMULA: data((1, '<c r="A1"><f>1+1</f><v>2</v></c>')),
    Oddity.ERROR: data((1, '<c r="A1" t="e"><v>#N/A</v></c>')),
    Oddity.MERGE: data((1, cell("A1"))) + '<mergeCells><mergeCell ref="A1:B3"/></mergeCells>',
    Oddity.DUPLICATE: data((1, cell("A1") + cell("A1", "2"))),
    Oddity.DISORDER: data((3, cell("A3")), (2, cell("A2"))),
    Oddity.DIMENSION: '<dimension ref="A1:A1"/>' + data((9, cell("C9"))),
    Oddity.RICH_TEXT: data((1, '<c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c>')),
    Oddity.ISO_DATE: data((1, '<c r="A1" t="d"><v>2026-11-23</v></c>')),
}


@pytest.mark.parametrize("oddity", ODD)
def test_what_is_odd_is_noticed(oddity: Oddity) -> None:
    assert oddity in surveyed(book(ODD[oddity])).sheets[0].odd


def test_an_ordinary_sheet_is_not_odd() -> None:
    sheet = '<dimension ref="A1:XFD1048576"/>' + data((1, cell("A1") + text("B1", "甲")), (3, cell("B3")))
    assert surveyed(book(sheet)).sheets[0].odd == frozenset()


def test_a_second_workbook_pr_in_an_extension_does_not_hide_the_1904_dates() -> None:
    survey = surveyed(book("<sheetData/>", book='<workbookPr date1904="1"/><extLst><ext><workbookPr/></ext></extLst>'))
    assert survey.date1904


@pytest.mark.parametrize(
    ("number", "code", "kind"),
    [
        (0, None, None), (14, None, DateKind.DATE), (31, None, DateKind.DATE), (58, None, DateKind.DATE),
        (21, None, DateKind.TIME), (32, None, DateKind.TIME), (46, None, DateKind.DURATION), (2, None, None),
        (164, 'yyyy"年"m"月"d"日";@', DateKind.DATE), (164, "[$-804]yyyy-mm-dd", DateKind.DATE),
        (164, 'm"月"', DateKind.DATE), (164, 'h"时"mm"分"', DateKind.TIME), (164, "上午/下午h", DateKind.TIME),
        (164, "[h]:mm", DateKind.DURATION), (164, '0.00"d"', None), (164, "[Red]0;[Blue]-0", None),
        (164, "0.00E+00", None), (164, "General", None), (164, "#,##0.00_);[Red](#,##0.00)", None), (164, "@", None),
    ],
)  # fmt: skip
def test_number_formats_tell_dates_from_numbers(number: int, code: str | None, kind: DateKind | None) -> None:
    assert kind_of_format(number, code) is kind


def test_serial_numbers_become_what_excel_shows() -> None:
    assert str(to_moment(46349, DateKind.DATE, False)) == "2026-11-23"
    assert str(to_moment(46349.5, DateKind.DATE, False)) == "2026-11-23 12:00:00"
    assert str(to_moment(46349 - 1462, DateKind.DATE, True)) == "2026-11-23"
    assert str(to_moment(59, DateKind.DATE, False)) == "1900-02-28"
    assert str(to_moment(61, DateKind.DATE, False)) == "1900-03-01"
    assert str(to_moment(0.75, DateKind.TIME, False)) == "18:00:00"
    assert to_moment(1.104166667, DateKind.DURATION, False) == "26:30:00"
    assert str(to_moment(46348.999999999, DateKind.DATE, False)) == "2026-11-23"


def test_the_day_that_never_was_and_numbers_out_of_range_are_no_dates() -> None:
    assert not is_date(60, DateKind.DATE, False)
    assert not is_date(13800138000, DateKind.DATE, False)
    assert not is_date(-1, DateKind.DATE, False)
    assert not is_date(float("nan"), DateKind.DATE, False)
    assert is_date(0, DateKind.DATE, True)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample workbooks are not part of the repository")
def test_real_files_of_other_programs_are_surveyed_or_refused_for_a_good_reason() -> None:
    codes = {}
    for path in sorted(SAMPLES.iterdir()):
        result = inspect(path.read_bytes(), LIMITS)
        codes[path.name] = result.code if isinstance(result, Refusal) else ""
    assert {name for name, code in codes.items() if not code} == {name for name in codes if name.endswith(".xlsx")}
    assert codes["password_2002_128_enhrsa.xls"] == "encrypted"
    assert {code for name, code in codes.items() if name.endswith(".xlsm")} == {"xlsm"}
    rest = {code for name, code in codes.items() if name.lower().endswith(".xls") and "password" not in name}
    assert rest == {"xls"}


def test_a_binary_workbook_is_known_by_its_part_however_it_is_declared() -> None:
    """Excel declares the kind for all ``.bin`` parts at once, not for the workbook's own part."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="bin" '
        'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}" Target="xl/workbook.bin"/></Relationships>'
    )
    given = {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations.encode(),
        "xl/workbook.bin": b"\x83\x01\x00",
    }
    assert refused(hostile.pack(given)).code == "xlsb"
