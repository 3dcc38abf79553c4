"""Templates: exact headers, help where it is needed, drop-down lists that work, room to write."""

from __future__ import annotations

from datetime import date, datetime

from outbox.templates.manual import render_form_page
from outbox.templates.model import Listing
from outbox.templates.template import PREPARED_ROWS, render_template
from outbox.templates.workbook import render_personal_workbook
from policy.form import Form, column
from tests.workbook_text import assert_golden, dump, opened, values

NOW = datetime(2026, 11, 23, 18, 5)
LISTS = {
    "sources": ("转介绍", "展会", "电话开发"),
    "cities": tuple(f"第{number}个很长的销售区域名称" for number in range(60)),
}


class Lead(Form, sheet="客户线索", code="lead", clause="lead.1", submitters=("销售人员", "部门经理"),
           read_columns=("拜访时间",), about="登记线索；<试用>"):  # fmt: skip
    """A form for these tests."""

    name: str = column("客户名称", help="与营业执照一致", example="深圳市宏远电子有限公司", clause="lead.1.1", width=26)
    source: str = column("客户来源", help="从列表中选择", choices="sources", kind="choice", example="展会")
    region: str = column("销售区域", help="从列表中选择", choices="cities", kind="choice")
    state: str = column("状态", help="是否在职", options=("在职", "离职"), kind="choice", required=False)
    day: date = column("日期", help="当天日期", kind="date", example="2026-11-23")
    amount: int = column("金额", help="合同金额", kind="money", example="12800.50")
    phone: str = column("联系电话", help="主要联系人的电话", kind="phone", example="13800138000")
    content: str = column("经过", help="写清楚|经过", kind="long", required=False)
    count: int | None = column("数量", help="几台", kind="integer", required=False)
    photos: tuple[str, ...] = column("照片", help="照片", kind="photos", required=False)


class Report(Form, sheet="日报", code="report", clause="report.1", submitters=("销售人员",), about="每天一份。"):
    """Another one."""

    summary: str = column("今日工作总结", help="做了什么", kind="long", example="拜访三家客户")


HEADERS = ["客户名称", "客户来源", "销售区域", "状态", "日期", "金额", "联系电话", "经过", "数量", "照片"]


def cite(clause: str) -> str:
    return f"〔{clause}〕"


def template() -> bytes:
    return render_template(Lead, LISTS, NOW, version="2026.11", cite=cite)


def personal() -> bytes:
    mine = Listing(
        "我的客户", ("客户名称", "剩余天数", "最近跟进"), (("=宏远", 12, date(2026, 11, 1)),), notes=("共 1 家",)
    )
    pool = Listing("公海客户", ("客户名称", "地址"), (), (30.0, 50.0))
    history = Listing("拜访历史", ("客户名称", "拜访记录"), (("宏远", "谈妥二期。" * 60),))
    return render_personal_workbook(
        [Lead, Report],
        [mine, history, pool],
        LISTS,
        NOW,
        version="2026.11",
        cite=cite,
        check_list=("带好资料", "核对地址"),
    )


def test_the_header_row_is_exact_and_nothing_else_is_in_the_sheet() -> None:
    book = opened(template())
    assert book.sheetnames == ["客户线索", "填写说明"]
    assert values(book["客户线索"]) == [HEADERS]


def test_compulsory_columns_are_told_by_fill_weight_and_star_but_the_star_is_not_in_the_header() -> None:
    sheet = opened(template())["客户线索"]
    name, state = sheet["A1"], sheet["D1"]
    assert (name.value, name.font.b, name.number_format) == ("客户名称", True, '@" *"')
    assert (state.value, bool(state.font.b), state.number_format) == ("状态", False, "@")
    assert name.fill.fgColor.rgb != state.fill.fgColor.rgb


def test_each_header_explains_itself() -> None:
    sheet = opened(template())["客户线索"]
    comment = sheet["A1"].comment
    assert comment is not None
    for words in ("必填", "与营业执照一致", "深圳市宏远电子有限公司", "〔lead.1.1〕"):
        assert words in comment.text
    assert all(sheet.cell(1, number).comment for number in range(1, len(HEADERS) + 1))


def test_choices_are_offered_inline_or_from_cells_when_long() -> None:
    book = opened(template())
    rules = {str(rule.sqref): rule for rule in book["客户线索"].data_validations.dataValidation}
    last = PREPARED_ROWS + 1
    assert rules[f"B2:B{last}"].formula1 == '"转介绍,展会,电话开发"'
    assert rules[f"D2:D{last}"].formula1 == '"在职,离职"'
    sheet, cells = rules[f"C2:C{last}"].formula1.split("!")
    offered = [cell.value for (cell,) in book[sheet.strip("'")][cells.replace("$", "")]]
    assert offered == list(LISTS["cities"])
    assert all(len(rule.error or "") <= 255 and rule.error for rule in rules.values())


def test_columns_are_formatted_for_what_goes_into_them() -> None:
    sheet = opened(template())["客户线索"]
    formats = {letter: sheet.column_dimensions[letter].number_format for letter in "AEFGHI"}
    assert formats == {"A": "@", "E": "yyyy-mm-dd", "F": "#,##0.00", "G": "@", "H": "@", "I": "0"}
    assert sheet.column_dimensions["H"].alignment.wrap_text
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"E2:E{PREPARED_ROWS + 1}"].type == "date"
    assert "2026-11-23" in rules[f"E2:E{PREPARED_ROWS + 1}"].prompt
    assert rules[f"E2:E{PREPARED_ROWS + 1}"].errorStyle == "warning"  # 2026年11月3日 may still be written


def test_headers_stay_in_view() -> None:
    assert opened(template())["客户线索"].freeze_panes == "B2"


def test_a_compulsory_cell_left_blank_in_a_begun_row_is_coloured() -> None:
    sheet = opened(template())["客户线索"]
    formulas = [rule.formula[0] for found in sheet.conditional_formatting for rule in found.rules]
    assert "AND(LEN($A2)=0,COUNTA($A2:$J2)>0)" in formulas
    assert not [formula for formula in formulas if "LEN($D2)" in formula]  # 状态 may stay blank


def test_the_guide_and_the_personal_workbook_read_as_agreed() -> None:
    assert_golden("template", dump(template()))
    assert_golden("personal_workbook", dump(personal()))


def test_the_personal_workbook_holds_all_forms_then_the_sections_then_the_guide() -> None:
    book = opened(personal())
    assert book.sheetnames == ["客户线索", "日报", "我的客户", "拜访历史", "公海客户", "填写说明"]
    assert values(book["我的客户"])[1:] == [["客户名称", "剩余天数", "最近跟进"], ["=宏远", 12, datetime(2026, 11, 1)]]
    assert values(book["公海客户"])[0][0] == "目前没有记录。"
    guide = [row[0] for row in values(book["填写说明"])]
    assert "□ 带好资料" in guide
    assert {"客户线索", "日报"} <= set(guide)


def test_the_same_form_gives_the_same_bytes() -> None:
    assert template() == template()
    assert personal() == personal()


def test_the_manual_page_reads_as_agreed() -> None:
    page = render_form_page(Lead, cite, LISTS)
    assert_golden("form_page", page)
    assert "写清楚\\|经过" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len(rows) == len(HEADERS) + 2
