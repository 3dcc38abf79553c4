"""The workbook turns red while it is filled in: what its formulas say, worked out by a spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.formula.translate import Translator

from outbox.templates.model import Listing, PersonalWorkbook
from outbox.templates.offered import COLLEAGUES, SELLERS
from outbox.templates.workbook import draw_personal_workbook
from policy.forms import FORMS
from policy.posts import may_submit
from tests.company import a_company, a_company_with_a_customer, customer, report, section, visit
from tests.workbook_text import saved_by_libreoffice, screen_pixels

OWN, POOLED = "深圳市宏远电子有限公司", "广州白云家具厂"
LEAST = {"min_purpose": 4, "min_content": 20, "min_summary": 10, "min_plan": 5}
LISTS = {"sources": ("展会",), "types": ("民营企业",), "regions": ("华南",), "stages": ("初步接触",)}
TOMORROW = date.today() + timedelta(days=1)  # the workbook's own TODAY()

#: sheet → (column, value, whether it is to turn red); each value stands in a row that is right otherwise
TRIED: tuple[tuple[str, str, Any, bool], ...] = (
    ("拜访记录", "客户名称", OWN, False),
    ("拜访记录", "客户名称", "深圳市红远电子有限公司", True),
    ("拜访记录", "客户名称", "刚刚新增的公司", False),  # stands on 客户新增 of the same workbook
    ("拜访记录", "同行人员", "王五", False),
    ("拜访记录", "同行人员", "王伍", True),
    ("拜访记录", "同行人员", "王五、李四", False),
    ("拜访记录", "拜访目的", "谈事", True),
    ("拜访记录", "拜访目的", "确认二期设备", False),
    ("拜访记录", "拜访对象", None, True),
    ("拜访记录", "下次拜访目的", None, False),
    ("客户申领", "客户名称", POOLED, False),
    ("客户申领", "客户名称", OWN, True),
    ("客户转交", "客户名称", "全部", False),
    ("客户转交", "接受人", "李四", True),  # a colleague, but does not sell
    ("客户转交", "接受人", "王五", False),
    ("客户新增", "联系电话", "1380013800", True),
    ("客户新增", "联系电话", "13800138000", False),
    ("客户新增", "联系电话", "0755-26001234", False),
    ("客户新增", "客户地址", "广东省/深圳市", True),
    ("客户新增", "客户地址", "广东省/深圳市/南山区", False),
    ("客户新增", "客户地址", "广东省/东莞市", False),
    ("成交订单", "成交日期", TOMORROW, True),
    ("成交订单", "成交日期", date.today(), False),
    ("成交订单", "成交金额", 0, True),
    ("销售日报", "日期", None, False),  # blank is the day of dropping
    ("销售日报", "今日工作总结", "开会", True),
)


RIGHT: Mapping[str, Mapping[str, Any]] = {
    "拜访记录": visit("现场.jpg", OWN), "客户新增": customer("刚刚新增的公司"), "销售日报": report("2026-11-23"),
}  # fmt: skip


def workbook() -> bytes:
    def listing(title: str, *names: str) -> Listing:
        return Listing(title, ("客户名称", "剩余天数"), tuple((name, 3) for name in names))

    forms = tuple(form.sheet for form in FORMS if may_submit("销售人员", form.submitters))
    sections = (listing("我的客户", OWN, "另一家公司"), listing("公海客户", POOLED))
    names = {COLLEAGUES: ("张三", "王五", "李四"), SELLERS: ("张三", "王五")}
    return draw_personal_workbook(PersonalWorkbook(forms, sections, LISTS, "1", (), LEAST, names))


FAR = 60  #: column, from 1: beyond every form


def worked_out(tmp_path: Path) -> tuple[dict[int, bool], list[Any]]:
    """Which of :data:`TRIED` are red, and what the list of 客户地址 offers first after :data:`CHOSEN`."""
    book: Any = openpyxl.load_workbook(io.BytesIO(workbook()))
    places: dict[int, list[tuple[str, str]]] = {}
    for sheet, cells in RIGHT.items():
        fill(book[sheet], 2, cells)
    for n, (sheet, header, value, _red) in enumerate(TRIED):
        page, row = book[sheet], 10 + n
        fill(page, row, {**RIGHT.get(sheet, {page["A1"].value: OWN}), header: value})
        cell = page.cell(row, headers(page).index(header) + 1)
        rules = [rule for found in page.conditional_formatting if cell.coordinate in found for rule in found.rules]
        for k, rule in enumerate(rules):
            there = page.cell(row, FAR + k)
            there.value = moved(rule.formula[0], cell.column_letter, row)
            places.setdefault(n, []).append((sheet, there.coordinate))
    page = book["客户新增"]
    letter = page.cell(1, headers(page).index("客户地址") + 1).column_letter
    (rule,) = [each for each in page.data_validations.dataValidation if f"{letter}2" in each.sqref]
    for row, area in enumerate(CHOSEN, 100):
        page[f"{letter}{row}"] = area
        page.cell(row, FAR).value = moved(f"INDEX({rule.formula1},1,1)", letter, row)
    out = io.BytesIO()
    book.save(out)
    told: Any = openpyxl.load_workbook(io.BytesIO(saved_by_libreoffice(out.getvalue(), tmp_path)), data_only=True)
    red = {n: any(told[sheet][place].value is True for sheet, place in of) for n, of in places.items()}
    return red, [told["客户新增"].cell(row, FAR).value for row, _area in enumerate(CHOSEN, 100)]


def fill(page: Any, row: int, cells: Mapping[str, Any]) -> None:
    for header, value in cells.items():
        page.cell(row, headers(page).index(header) + 1).value = value


def headers(page: Any) -> list[Any]:
    return [cell.value for cell in page[1]]


def moved(formula: str, letter: str, row: int) -> str:
    return str(Translator(f"={formula}", origin=f"{letter}2").translate_formula(f"{letter}{row}"))


CHOSEN = (None, "广东省", "广东省/深圳市", "上海市", "广东省/深圳市/罗湖区")


def test_what_is_wrong_turns_red_before_it_is_dropped_and_areas_are_chosen_step_by_step(tmp_path: Path) -> None:
    red, offered = worked_out(tmp_path)
    told = {TRIED[n][:3]: red.get(n, False) for n in range(len(TRIED))}
    assert told == {each[:3]: each[3] for each in TRIED}
    assert offered == ["北京市", "广东省/广州市", "广东省/深圳市/罗湖区", "上海市/黄浦区", "北京市"]


def test_lists_and_live_checks_are_still_there_when_a_spreadsheet_program_has_saved_them(tmp_path: Path) -> None:
    before: Any = openpyxl.load_workbook(io.BytesIO(workbook()))
    after: Any = openpyxl.load_workbook(io.BytesIO(saved_by_libreoffice(workbook(), tmp_path)))
    assert set(after.defined_names) == set(before.defined_names)
    for name in ("拜访记录", "客户新增", "客户转交"):
        for book in (before, after):
            book[name].data_validations.dataValidation.sort(key=lambda each: str(each.sqref))
        kinds = [
            [(str(each.sqref), each.type) for each in book[name].data_validations.dataValidation]
            for book in (before, after)
        ]
        assert kinds[0] == kinds[1]
        rules = [sum(len(each.rules) for each in book[name].conditional_formatting) for book in (before, after)]
        assert rules[0] == rules[1] > 0
    assert {page.title for page in after.worksheets if page.sheet_state != "visible"} == {"名单", "地区"}


def test_a_row_filled_in_from_the_lists_of_the_own_workbook_is_taken(tmp_path: Path) -> None:
    """The workbook as delivered: its hidden lists are no sheets of anybody, and what they offer is right."""
    with a_company_with_a_customer(tmp_path) as co:
        co.nightly("2026-11-23", "11-24 00:30")
        book = openpyxl.load_workbook(co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx")
        mine = offered(book, "own_customers")
        assert mine == [OWN]
        assert set(offered(book, "colleagues")) == {"张三", "王五", "陈六", "李四", "周八", "赵总", "钱督", "孙人"}
        plan = {"客户名称": mine[0], "计划日期": date(2026, 11, 25), "拜访目的": "确认二期设备数量"}
        fill(book["拜访计划"], 2, plan)
        book.save(co.share / "张三" / "投递" / "计划.xlsx")
        co.run("11-24 09:00")
        told = co.receipt("张三", "计划")
        assert told.outcomes("拜访计划") == ["待审批"]
        assert "已忽略" not in told.text


def offered(book: Any, name: str) -> list[Any]:
    """What stands under a name."""
    ((sheet, cells),) = book.defined_names[name].destinations
    found = book[sheet][cells]
    return [found.value] if not isinstance(found, tuple) else [cell.value for (cell,) in found]


def test_own_customers_stand_by_the_days_that_are_left(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        co.gain("张三", "李四", "早的公司一", at="11-23 09:00")
        co.gain("张三", "李四", "晚的公司二", at="11-30 09:00")
        co.gain("张三", "李四", "更早的公司", at="11-30 10:00")
        co.nightly("2026-12-20", "12-21 00:30")
        rows = section(co, "张三", "我的客户")
        assert [row["剩余天数"] for row in rows] == sorted(row["剩余天数"] for row in rows)
        assert rows[0]["客户名称"] == "早的公司一"
        path = co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx"
        page: Any = openpyxl.load_workbook(path)["我的客户"]
        assert screen_pixels(page, page.max_column) <= 1340
        (came,) = [cell.column for cell in page[2] if cell.value == "获得日期"]
        assert screen_pixels(page, came) - screen_pixels(page, came - 1) >= 84, "less shows #### for a date"
        (column,) = [cell.column for cell in page[2] if cell.value == "剩余天数"]
        fills = {page.cell(n, column).value: page.cell(n, column).fill.fgColor.rgb for n in range(3, 6)}
        assert len(set(fills.values())) == 2, "few days left are coloured"
