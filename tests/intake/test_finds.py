"""What fuzzing has found (tests/torture/fuzz), each as the smallest file that shows it."""

from __future__ import annotations

import io
import re

import pytest

from demo.pictures import Shot, heic
from disk.luggage import Copy
from intake.causes import Cause
from intake.photo.read import photo_at
from intake.photo.trouble import Spoilt
from intake.preflight.survey import BookLimits
from intake.raw import CellValue, Refusal, Workbook
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits
from intake.workbook.read import read_workbook
from ledger.records import PhotoFacts
from tests import hostile
from tests.company import FRONT, moment
from tests.hostile import MAIN, book, cell, data, text
from tests.pictures import scene

SHEET = "xl/worksheets/sheet1.xml"
LIMITS = BookLimits()


def answer(content: bytes) -> Workbook | Refusal:
    return read_workbook(content, LIMITS)


def refused(content: bytes) -> Cause:
    found = answer(content)
    assert isinstance(found, Refusal), found
    assert "无法识别" not in found.reason, "that is for what nobody has seen yet"
    return found.code


def rows(content: bytes) -> list[tuple[CellValue, ...]]:
    found = answer(content)
    assert isinstance(found, Workbook), found
    return [cells for _number, cells in found.sheets[0].rows]


def declared(encoding: str, part: str = SHEET) -> bytes:
    """A workbook one of whose parts says that it is written in *encoding*; it is UTF-8."""
    content = hostile.parts(data((1, text("A1", "客户名称"))))
    return hostile.pack({**content, part: f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + content[part]})


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "_rels/.rels"])
@pytest.mark.parametrize("encoding", ["GB2312", "UTF-7", "UTF-32", "x-unknown"])
def test_an_encoding_that_no_reader_knows_is_damage(encoding: str, part: str) -> None:
    """It came back as 内部结构无法识别, from a ValueError of expat."""
    assert refused(declared(encoding, part)) in (Cause.DAMAGED, Cause.STRANGE)


def test_an_encoding_that_one_library_obeys_and_the_other_does_not_is_refused() -> None:
    """One read 客户名称, the other å®¢æ·."""
    assert refused(declared("ISO-8859-1")) is Cause.STRANGE
    assert rows(declared("utf-8")) == [("客户名称",)]


@pytest.mark.parametrize("kind", ["d", " n ", "12"])
def test_a_text_below_another_type_is_read_all_the_same(kind: str) -> None:
    """The careful library left it out, and nobody was told."""
    odd = text("B1", "目的").replace('t="inlineStr"', f't="{kind}"')
    assert rows(book(data((1, text("A1", "客户") + odd)))) == [("客户", "目的")]


@pytest.mark.parametrize("namespace", ["urn:x", f"{MAIN}/"])
def test_a_sheet_in_a_foreign_namespace_is_not_read_as_empty(namespace: str) -> None:
    """The careful library, which odd sheets are given to, found nothing in it."""
    content = hostile.parts(data((2, text("A2", "乙")), (1, text("A1", "甲"))))
    assert rows(hostile.pack({**content, SHEET: content[SHEET].replace(MAIN.encode(), namespace.encode(), 1)})) == [
        ("甲",),
        ("乙",),
    ]


def test_a_cell_outside_the_table_takes_nobodys_place() -> None:
    """The careful library read it as A1, over what stood there."""
    table = data((1, text("A1", "客户名称") + text("A1", "")), (2, text("A2", "甲")))
    assert ("甲",) in rows(book('<c r="A2"><f>1+1</f></c>' + table))


@pytest.mark.parametrize(
    "inside",
    [
        data((1, text("A1", "甲") + "<extLst><ext><sheetData/></ext></extLst>"), (2, text("A2", "乙"))),
        data((1, text("A1", "甲"))) + data((2, text("A2", "乙"))),
        data((1, '<c r="A1" t="inlineStr"><is><t><c r="B1"><v>1</v></c>甲</t></is></c>')),
        data((1, '<c r="A1" t="inlineStr"><is><t>甲</t><si><t>乙</t></si></is></c>')),
        data((1, '<c r="A1" t="inlineStr"><is><t><b/>甲</t></is></c>')),
        data((1, '<c r="A1" t="inlineStr"><is><is><t>1</t></is><t>甲</t></is></c>')),
        data((1, '<c r="A1"><v>1</v><v>2</v></c>')),
        data((1, '<c r="A1" t="inlineStr"><is><t>甲</t><t>乙</t></is></c>')),
    ],
    ids=[
        "a table in a row",
        "two tables",
        "a cell in a text",
        "a string in a cell",
        "an element in a text",
        "texts twice",
        "values twice",
        "two texts",
    ],
)
def test_what_the_libraries_read_in_different_ways_is_refused(inside: str) -> None:
    """The first of them lost every row behind it, in both libraries and in preflight."""
    assert refused(book(inside)) is Cause.STRANGE


@pytest.mark.parametrize("inside", ["<t>甲<t>乙</t></t>", "<t>甲</t><t>乙</t>"])
def test_a_shared_text_that_is_read_in_two_ways_is_refused(inside: str) -> None:
    strings = f'<sst xmlns="{MAIN}"><si>{inside}</si></sst>'.encode()
    one = data((1, '<c r="A1" t="s"><v>0</v></c>'))
    assert refused(hostile.with_part("xl/sharedStrings.xml", strings, one)) is Cause.STRANGE


def test_parts_whose_names_differ_in_case_only_are_damage() -> None:
    """Preflight looked through one of them, and the library read the other."""
    content = hostile.parts(data((1, text("A1", "甲"))))
    assert refused(hostile.pack({**content, SHEET.upper(): content[SHEET]})) is Cause.DAMAGED


def test_runs_and_reading_aids_are_ordinary_texts() -> None:
    rich = '<r><t>甲</t></r><r><t>乙</t></r><rPh sb="0" eb="1"><t>jiǎ</t></rPh>'
    strings = (
        f'<sst xmlns="{MAIN}"><si>{rich}</si><si><t>丙</t><rPh sb="0" eb="1"><t>bǐng</t></rPh></si></sst>'.encode()
    )
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    cells += f'<c r="C1" t="inlineStr"><is>{rich}</is></c>'
    assert rows(hostile.with_part("xl/sharedStrings.xml", strings, data((1, cells)))) == [("甲乙", "丙", "甲乙")]


@pytest.mark.parametrize("index", ["-1", "+0", " 0", "0.0", "０"])
def test_an_odd_number_of_a_shared_text_is_damage(index: str) -> None:
    """One library counted from the end, the other took the first."""
    strings = f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><t>乙</t></si></sst>'.encode()
    one = data((1, f'<c r="A1" t="s"><v>{index}</v></c>'))
    assert refused(hostile.with_part("xl/sharedStrings.xml", strings, one)) is Cause.DAMAGED


def test_blank_shared_strings_and_cells_without_values_are_no_loss() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t/></si><si><t xml:space="preserve"> </t></si><si><t>甲</t></si></sst>'.encode()
    )
    shared = "".join(f'<c r="{column}1" t="s"><v>{index}</v></c>' for index, column in enumerate("ABC"))
    one = data((1, shared + '<c r="D1"/>' + cell("E1", "0")))
    assert [cells[2:] for cells in rows(hostile.with_part("xl/sharedStrings.xml", strings, one))] == [("甲", None, 0)]


@pytest.mark.parametrize("name", [b"\xff\xff\xff\xff\0", b"\xc3(if\0", b"mime\xff"])
def test_a_heif_whose_parts_are_called_by_no_text_is_damaged_and_kills_no_reader(name: bytes) -> None:
    """The library died of it (SIGSEGV)."""
    whole = heic(scene(4, (64, 64)), Shot(moment("11-24 10:00"), *FRONT))
    odd = whole.replace(b"Exif\0", name, 1)
    assert odd != whole
    with LocalReaders(Limits(30, 512), 1) as readers:
        facts = readers.ask(photo_at, Copy(odd), "Asia/Shanghai", 100, "cafe").result()
    assert isinstance(facts, PhotoFacts), facts
    assert facts.trouble == Spoilt.DAMAGED


def test_a_pdf_whose_page_is_longer_than_a_page_can_be_is_damaged() -> None:
    """Its height in pixels had twelve digits: a few more, and no ledger could hold it."""
    whole = io.BytesIO()
    scene(1).save(whole, "PDF")
    sizes = re.compile(rb"/MediaBox \[ ?0 0 [\d.]+ [\d.]+ ?\]")
    longer, n = sizes.subn(b"/MediaBox [0 0 57.6 99999999999.8]", whole.getvalue())
    assert n == 1
    facts = photo_at(Copy(longer), "Asia/Shanghai", 50, "0" * 64)
    assert (facts.trouble, facts.height) == (Spoilt.DAMAGED_PDF, 0)


COMPATIBLE = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def alternative(inside: str) -> str:
    choice = f'<mc:Choice Requires="x14">{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>'
    return f'<mc:AlternateContent xmlns:mc="{COMPATIBLE}">{choice}</mc:AlternateContent>'


ROW = '<row r="9"><c r="A9"><v>99</v></c></row>'


@pytest.mark.parametrize(
    "inside",
    [
        data((1, text("A1", "甲") + alternative('<c r="A9"><v>99</v></c>'))),
        data((1, text("A1", "甲"))).replace("</sheetData>", f"{alternative(ROW)}</sheetData>"),
        data((1, text("A1", "甲") + f"<ext>{ROW}</ext>")),
        data((1, text("A1", "甲") + ROW)),
        data((1, text("A1", "甲"))).replace("</sheetData>", '<c r="A9"><v>99</v></c></sheetData>'),
    ],
    ids=["a cell of an alternative", "its row", "a row in an extension", "a row in a row", "a cell without a row"],
)
def test_a_cell_or_row_that_stands_inside_something_else_is_refused(inside: str) -> None:
    """Preflight and the quick library took it for a cell of the sheet, the careful one and a plain reading did not."""
    assert refused(book(inside)) is Cause.STRANGE


def test_what_stands_beside_cells_and_holds_none_is_nobodys_business() -> None:
    inside = data((1, text("A1", "甲") + "<extLst><ext><v>1</v><t>x</t></ext></extLst>"), (2, text("A2", "乙")))
    assert rows(book(inside.replace("</sheetData>", alternative("<x/>") + "</sheetData>"))) == [("甲",), ("乙",)]


@pytest.mark.parametrize("value", ["2", "-1", "99"])
def test_a_truth_that_is_neither_0_nor_1_is_named(value: str) -> None:
    """The quick library failed, and the careful one, which stood in for it, read true."""
    found = answer(book(data((1, text("A1", "是否")), (2, f'<c r="A2" t="b"><v>{value}</v></c>' + text("B2", "乙")))))
    assert isinstance(found, Workbook), found
    assert [cells for _number, cells in found.sheets[0].rows] == [("是否",), (None, "乙")]
    ((row, column, message),) = [(each.row, each.column, each.message) for each in found.sheets[0].troubles]
    assert (row, column) == (2, 1)
    assert f"逻辑值 {value}" in message


def test_truths_are_read() -> None:
    said = enumerate(("1", "0", "", "true", "FALSE", " 1 "))
    cells = "".join(f'<c r="{"ABCDEF"[n]}1" t="b"><v>{value}</v></c>' for n, value in said)
    assert rows(book(data((1, cells)))) == [(True, False, None, True, False, True)]


def test_a_truth_that_neither_library_reads_is_refused() -> None:
    assert refused(book(data((1, '<c r="A1" t="b"><v>甲</v></c>')))) is Cause.UNREADABLE
