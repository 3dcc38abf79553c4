"""Sheets that go out are opened, filled and saved in LibreOffice as a person would, and come back whole."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from openpyxl import load_workbook
from PIL import Image

from tests.office import Office, missing, running
from tests.processes import Company, cells, customer, decide, found, outcomes, photo, report, visit, workbook

EVENING, NIGHT = "2026-11-23T18:00:00", "2026-11-23T19:00:00"
WORDS = "李经理确认二期需要 40 台，希望春节前交货；我方答应周五前给出报价。"
#: Opens a workbook; types into cells, found by sheet, row and header.
TYPING = '''
document = desktop.loadComponentFromURL(task["open"], "_blank", 0, (option("Hidden", True),))
formatter = context.ServiceManager.createInstanceWithContext("com.sun.star.util.NumberFormatter", context)
formatter.attachNumberFormatsSupplier(document)
GENERAL, TEXT = 0, 256
def place(name, row, header):
    sheet = document.Sheets.getByName(name)
    rows = ([sheet.getCellByPosition(column, top).Formula for column in range(60)] for top in range(3))
    headers = next(found for found in rows if header in found)
    return sheet.getCellByPosition(headers.index(header), row - 1)
def enter(cell, words):
    """What the window does with what is typed: text cells keep text, a date in a general cell makes it a date cell."""
    kind = document.NumberFormats.getByKey(cell.NumberFormat).Type
    if kind & TEXT:
        cell.String = words
        return
    cell.Formula = words
    if cell.Type.value == "VALUE" and cell.NumberFormat % 10000 == GENERAL:
        cell.NumberFormat = formatter.detectNumberFormat(cell.NumberFormat, words)
'''
TYPED_ALONE = """
stands = []
for name, row, header, words in task["cells"]:
    cell = place(name, row, header)
    if cell.Spreadsheet.isProtected() and cell.CellProtection.IsLocked:
        cell.String = words  # nobody can type here; a program can write
        stands.append("locked")
    else:
        enter(cell, words)
        stands.append(cell.String)
"""
#: Saves as xlsx; prints what stands in the cells afterwards.
TYPED = (
    TYPED_ALONE
    + """
document.storeToURL(task["save"], (option("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
print(json.dumps(stands))
"""
)
TYPIST = TYPING + TYPED
#: Draws one sheet at the size at which it stands on a screen, and says where the cells of some rows lie, in pixels.
SHOWN = """
name, rows = task["looked"]
sheet = document.Sheets.getByName(name)
headers = [sheet.getCellByPosition(column, 0).Formula for column in range(60)]
looked = []
for header in filter(None, headers):
    for row in rows:
        spot = sheet.getCellByPosition(headers.index(header), row - 1).Position
        looked.append((header, row, spot.X / 2540 * 96, spot.Y / 2540 * 96))
for number in range(document.Sheets.Count):
    document.Sheets.getByIndex(number).setPrintAreas(())
sheet.setPrintAreas((sheet.getCellRangeByPosition(0, 0, len(list(filter(None, headers))) - 1, 9).RangeAddress,))
style = document.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
for key, value in (
    ("HeaderIsOn", False), ("FooterIsOn", False), ("TopMargin", 0), ("BottomMargin", 0), ("LeftMargin", 0),
    ("RightMargin", 0), ("Width", 60000), ("Height", 20000), ("ScaleToPages", 0), ("ScaleToPagesX", 0),
    ("ScaleToPagesY", 0), ("PageScale", 100), ("CenterHorizontally", False), ("CenterVertically", False),
):
    setattr(style, key, value)
document.storeToURL(task["save"], (option("FilterName", "calc_pdf_Export"),))
document.close(True)
print(json.dumps(looked))
"""

Typed = tuple[str, int, str, str]  #: sheet, row, header, what is typed
Type = Callable[[Path, Path, list[Typed]], list[str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """``office(what, sheet, target, …)``: somebody does *what* with *sheet* in LibreOffice, and saves it as *target*."""
    if lacking := missing():
        pytest.skip(lacking)
    with running(tmp_path_factory.mktemp("office")) as play:
        yield play


@pytest.fixture(scope="module")
def typing(office: Office) -> Type:
    """``typing(sheet, target, cells)``: somebody opens *sheet* in LibreOffice, types, and saves it as *target*."""
    return lambda sheet, target, typed: list(office(TYPIST, sheet, target, cells=typed))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return found(tmp_path / "company")


def row_typed(sheet: str, number: int, row: Mapping[str, object]) -> list[Typed]:
    return [(sheet, number, header, str(words)) for header, words in row.items()]


def receipt(company: Company, person: str, name: str) -> Path:
    (path,) = (path for path in company.pickup(person, "回执") if name in path.name)
    return path


def lists(path: Path, sheet: str) -> dict[str, str]:
    """Header → the choices that the cell below it offers."""
    page = load_workbook(path)[sheet]
    top = 2 if page["A1"].value == "其余同意" else 1
    rules = [rule for rule in page.data_validations.dataValidation if rule.type == "list"]
    return {
        str(cell.value): str(rule.formula1)
        for column, cell in enumerate(page[top], 1)
        for rule in rules
        if cell.value and page.cell(top + 1, column).coordinate in rule.sqref
    }


def properties(path: Path) -> dict[str, object]:
    book: Any = load_workbook(path)
    return {item.name: item.value for item in book.custom_doc_props.props}


def test_a_template_filled_in_libreoffice_is_taken_row_by_row(company: Company, typing: Type) -> None:
    drop = company.drop("张三")
    (template,) = (path for path in company.pickup("张三", "模板") if path.stem == "个人工作簿")
    photo(drop / "门头.jpg", 1, datetime(2026, 11, 23, 9, 30), "宏远电子")
    photo(drop / "现场.jpg", 2, datetime(2026, 11, 23, 14))
    name = "深圳市宏远电子有限公司"
    typing(
        template,
        drop / "我的.xlsx",
        [
            *row_typed("客户新增", 2, customer(name, "门头.jpg")),
            *row_typed("拜访记录", 2, visit(name, "现场.jpg", WORDS)),
            *row_typed("销售日报", 2, report("2026-11-23")),
            *row_typed("销售日报", 3, report("2026/11/20")),
        ],
    )
    saved = load_workbook(drop / "我的.xlsx")
    assert isinstance(saved["销售日报"]["A2"].value, datetime | date), "typed as a date, kept as a date"
    before, after = lists(template, "客户新增"), lists(drop / "我的.xlsx", "客户新增")
    assert before.keys() == after.keys() >= {"客户来源", "客户类型", "销售区域"}
    assert "转介绍" in after["客户来源"]
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert outcomes(receipt(company, "张三", "我的"))[:3] == ["待审批"] * 3
    taken = company.ask("SELECT date FROM daily_reports ORDER BY date")
    assert ("2026-11-23",) in taken
    assert company.ask("SELECT phone, address FROM (SELECT vals ->> 'phone' AS phone, vals ->> 'address' AS address, form "
                       "FROM s_rows) WHERE form = '客户新增'") == [("0755-26001234", "科苑路8号3栋1205室")]  # fmt: skip


def test_an_approval_sheet_decided_in_libreoffice_is_taken(company: Company, typing: Type) -> None:
    for n, person in enumerate(("张三", "王五", "王五"), 20):
        rows = [report(f"2026-11-{n}", f"{person}拜访了第 {n} 家客户，确认二期设备的数量。")]
        workbook(company.drop(person) / f"日报{n}.xlsx", {"销售日报": rows})
    assert company.call("run", "--now", EVENING).exit_code == 0
    (sheet,) = company.pickup("李四", "审批")
    page, decided = "审批_销售日报", company.drop("李四") / sheet.name
    lines = cells(sheet)[page]
    numbers = [str(row[lines[1].index("受理号")]) for row in lines[2:]]
    stands = typing(
        sheet,
        decided,
        [
            (page, 3, "审批结论", "同意"), (page, 4, "审批结论", "驳回"), (page, 4, "审批意见", "请写明客户名称"),
            (page, 5, "审批结论", "同意"), (page, 5, "提交人", "别人"),
        ],
    )  # fmt: skip
    assert stands == ["同意", "驳回", "请写明客户名称", "同意", "locked"]
    known = [properties(path) for path in (sheet, decided)]
    assert known[0].items() <= known[1].items()
    assert known[0]["kebu_number"] == sheet.stem.removeprefix("审批_")
    assert lists(decided, page)["审批结论"] == '"同意,驳回"'
    assert company.call("run", "--now", NIGHT).exit_code == 0
    answer = receipt(company, "李四", "审批")
    assert outcomes(answer)[:3] == ["已受理", "已受理", "退回"]
    assert "锁定的“提交人”被改动" in str(cells(answer)[page][3])
    became = dict(company.ask("SELECT receipt_no, status FROM daily_reports"))
    assert [became[number] for number in numbers] == ["accepted", "rejected", "pending"]
    told = [str(cell) for row in cells(receipt(company, "王五", "审批结果"))["概要"] for cell in row if cell]
    assert any("请写明客户名称" in line for line in told)


def test_a_receipt_mended_in_libreoffice_is_taken_where_it_was_mended(company: Company, typing: Type) -> None:
    rows = [report("2026-11-23"), {**report("2026-11-20", "太短"), "明日工作计划": None}]
    workbook(company.drop("张三") / "日报.xlsx", {"销售日报": rows})
    assert company.call("run", "--now", EVENING).exit_code == 0
    back = receipt(company, "张三", "日报")
    assert outcomes(back) == ["待审批", "退回"]
    mended = row_typed("销售日报", 3, report("2026-11-20", "拜访华新五金，送去样品并确认了交货时间。"))
    typing(back, company.drop("张三") / "改好.xlsx", mended)
    assert company.call("run", "--now", NIGHT).exit_code == 0
    assert outcomes(receipt(company, "张三", "改好"))[:2] == ["重复", "待审批"]


#: Opens a sheet as a window of 1,366 pixels would; says how far right each header's column ends, how wide each first
#: picture is, then chooses from the list of the cell that decides the rest, and saves.  Lengths are 1/100 mm.
APPROVER = """
document = desktop.loadComponentFromURL(task["open"], "_blank", 0, (option("Hidden", True),))
sheet = document.Sheets.getByIndex(0)
headers = [sheet.getCellByPosition(column, 1).Formula for column in range(60)]
def ends(header):
    column = sheet.getColumns().getByIndex(headers.index(header))
    cell = sheet.getCellByPosition(headers.index(header), 1)
    return (cell.Position.X + cell.Size.Width) / 2540 * 96
shapes = [sheet.DrawPage.getByIndex(n) for n in range(sheet.DrawPage.Count)]
told = {
    "ends": {header: ends(header) for header in headers if header},
    "pictures": [shape.Size.Width / 2540 * 96 for shape in shapes if shape.supportsService("com.sun.star.drawing.GraphicObjectShape")],
    "links": [shape.Hyperlink for shape in shapes if getattr(shape, "Hyperlink", "")],
    "choices": sheet.getCellByPosition(1, 0).Validation.getFormula1(),
}
for row in task["own"]:
    sheet.getCellByPosition(headers.index("审批结论"), row).String = "驳回"
    sheet.getCellByPosition(headers.index("审批意见"), row).String = "请写明地点"
sheet.getCellByPosition(1, 0).String = "同意"
document.storeToURL(task["save"], (option("FilterName", "Calc MS Excel 2007 XML"),))
document.close(True)
print(json.dumps(told))
"""


def test_fifty_visits_are_decided_without_scrolling_sideways(company: Company, office: Office) -> None:
    name = "深圳市宏远电子有限公司"
    with_a_customer(company, name)
    drop, rows = company.drop("张三"), []
    for n in range(50):
        photo(drop / f"现场{n}.jpg", 100 + n, datetime(2026, 11, 23, 11, n))
        words = f"第 {n} 车间的主任确认需要 {n + 3} 台，交货日期定在 {n % 27 + 1} 号。" if n >= 2 else WORDS
        rows.append({**visit(name, f"现场{n}.jpg", words), "拜访目的": f"谈第 {n} 车间的设备需求"})
    workbook(drop / "拜访.xlsx", {"拜访记录": rows})
    assert company.call("run", "--now", EVENING).exit_code == 0
    sheet = next(path for path in company.pickup("李四", "审批") if "拜访记录" in path.name)
    lines = cells(sheet)["审批_拜访记录"]
    flagged = [n for n, row in enumerate(lines) if "⚠" in str(row[0])]
    assert 0 < len(flagged) < 50
    told = office(APPROVER, sheet, company.drop("李四") / sheet.name, own=flagged)
    judged = ("系统提示", "照片", "提交人", "客户名称", "拜访目的", "拜访记录", "审批结论", "审批意见")
    assert [header for header, end in told["ends"].items() if end <= 1340][: len(judged)] == list(judged)
    assert len(told["pictures"]) == 50
    assert min(told["pictures"]) >= 479.5
    assert told["links"], "the program itself knows where the large pictures lie"
    beside = sheet.parent / "照片"
    assert {Path(unquote(urlsplit(link).path)) for link in told["links"]} == set(beside.iterdir())
    assert company.call("run", "--now", NIGHT).exit_code == 0
    became = dict(company.ask("SELECT status, COUNT(*) FROM visits GROUP BY status"))
    assert became == {"accepted": 50 - len(flagged), "rejected": len(flagged)}


#: Fills in cells as one does with the mouse: opens the list of each cell that is to be *chosen*, step by step where the
#: next list hangs on what was chosen, and takes what is wanted; types the rest; saves.
CHOOSER = (
    TYPING
    + """
def offered(cell):
    row = cell.CellAddress.Row
    scratch = cell.Spreadsheet.getCellRangeByPosition(80, row, 80, row)
    formula = cell.Validation.getFormula1()
    if formula.startswith('"'):
        return formula.strip('"').split('";"')
    told = []
    for n in range(1, 400):
        scratch.setArrayFormula("=IF(ROWS(%s)=1;INDEX(%s;1;%d);INDEX(%s;%d;1))" % (formula, formula, n, formula, n))
        told_here = scratch.getCellByPosition(0, 0)
        found = "" if told_here.getError() else told_here.String
        scratch.setArrayFormula("")
        if not found:
            break
        told.append(found)
    return told
chosen = []
for name, row, header, wanted in task["chosen"]:
    cell = place(name, row, header)
    assert cell.Validation.Type.value == "LIST", header
    for want in wanted:
        there = offered(cell)
        assert want in there, (header, want, there)
        cell.String = want
    chosen.append(cell.String)
"""
    + TYPED
)


def test_a_salesperson_fills_their_workbook_from_its_lists_without_a_finding(company: Company, office: Office) -> None:
    name, fresh = "深圳市宏远电子有限公司", "深圳市南山华新五金有限公司"
    with_a_customer(company, name)
    company.call("nightly", "--date", "2026-11-23", "--now", "2026-11-24T00:30:00")
    drop = company.drop("张三")
    (own,) = (path for path in company.pickup("张三", "模板") if path.stem == "个人工作簿")
    for n, (file, hour) in enumerate({"门头.jpg": 9, "现场.jpg": 10, "执照.jpg": 9}.items(), 50):
        photo(drop / file, n, datetime(2026, 11, 24, hour), "华新五金" if n == 50 else "")
    given = {**customer(fresh, "门头.jpg"), "证件照片": "执照.jpg"}
    lists: dict[str, dict[str, list[str]]] = {
        "客户新增": {"客户来源": ["转介绍"], "客户类型": ["民营企业"], "销售区域": ["华南"],
                 "客户地址": ["广东省", "广东省/深圳市", "广东省/深圳市/南山区"]},
        "拜访记录": {"客户名称": [name], "同行人员": ["王五"]},
        "拜访计划": {"客户名称": [name]},
    }  # fmt: skip
    typed: dict[str, Mapping[str, object]] = {
        "客户新增": {header: words for header, words in given.items() if header not in lists["客户新增"]},
        "拜访记录": {header: words for header, words in visit(name, "现场.jpg", WORDS).items() if header != "客户名称"},
        "拜访计划": {"计划日期": "2026-11-26", "拜访目的": "送二期设备的报价单"},
        "销售日报": report("2026-11-24"),
    }
    office(
        CHOOSER, own, drop / "今天.xlsx",
        chosen=[(sheet, 2, header, words) for sheet, row in lists.items() for header, words in row.items()],
        cells=[each for sheet, row in typed.items() for each in row_typed(sheet, 2, row)],
    )  # fmt: skip
    assert company.call("run", "--now", "2026-11-24T18:00:00").exit_code == 0
    told = receipt(company, "张三", "今天")
    said = [row[:2] for sheet, rows in cells(told).items() if sheet != "概要" for row in rows[1:]]
    assert "_收下_" in told.name, said
    assert [row for row in said if any(row)] == [("待审批", None)] * 4, "not even a note"


#: Types, looks at the sheet as it then stands on the screen, and says where the cells lie; nothing is saved.
LOOKER = TYPING + TYPED_ALONE + SHOWN


def test_what_is_wrong_is_red_before_it_is_saved(company: Company, office: Office, tmp_path: Path) -> None:
    """In the workbook as LibreOffice has saved it before: what was delivered is tried elsewhere."""
    name = "深圳市宏远电子有限公司"
    with_a_customer(company, name)
    company.call("nightly", "--date", "2026-11-23", "--now", "2026-11-24T00:30:00")
    (own,) = (path for path in company.pickup("张三", "模板") if path.stem == "个人工作簿")
    again = tmp_path / "存过一次.xlsx"
    office(TYPIST, own, again, cells=[])
    right = {**visit(name, "现场.jpg", WORDS), "同行人员": "王五"}
    wrong = {
        **right,
        "客户名称": "深圳市红远电子公司",
        "同行人员": "王舞",
        "拜访对象": "",
        "拜访目的": "谈",
        "拜访记录": "聊了聊",
    }
    typed = [*row_typed("拜访记录", 2, right), *row_typed("拜访记录", 3, wrong)]
    looked = office(LOOKER, again, tmp_path / "看.pdf", cells=typed, looked=["拜访记录", [2, 3]])
    subprocess.run(["pdftoppm", "-png", "-r", "96", "-singlefile", tmp_path / "看.pdf", tmp_path / "看"], check=True)
    with Image.open(tmp_path / "看.png") as drawn:
        picture = drawn.convert("RGB")
    red = {(row, header) for header, row, x, y in looked if reddish(picture, x, y)}
    assert red == {(3, header) for header in ("客户名称", "同行人员", "拜访对象", "拜访目的", "拜访记录")}


def reddish(picture: Image.Image, x: float, y: float) -> bool:
    """Whether the ground of a cell is red, near its upper left corner."""
    red, green, blue = picture.getpixel((round(x) + 4, round(y) + 3))  # type: ignore[misc]
    return bool(red > 200 and red - green > 15 and red - blue > 15)


def with_a_customer(company: Company, name: str) -> None:
    """张三 has a customer, approved in the morning."""
    drop = company.drop("张三")
    photo(drop / "门头0.jpg", 1, datetime(2026, 11, 23, 9, 30), "宏远电子")
    workbook(drop / "客户.xlsx", {"客户新增": [customer(name, "门头0.jpg")]})
    company.call("run", "--now", "2026-11-23T10:00:00")
    (sheet,) = company.pickup("李四", "审批")
    decide(sheet, company.drop("李四"), {"*": "同意"})
    company.call("run", "--now", "2026-11-23T10:10:00")
