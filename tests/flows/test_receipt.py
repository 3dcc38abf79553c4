"""Receipts come back: mended rows are taken, known rows are not taken twice, pictures survive; workbooks grow."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.company import Cells, Company, a_company_with_a_customer, customer, read, report, shot, visit
from tests.hostile import wps_book


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def mend(co: Company, name: str, receipt: Path, sheet: str, change: Callable[[Worksheet], None]) -> None:
    """Open one's receipt, mend it, save it into the drop folder."""
    book = openpyxl.load_workbook(receipt)
    change(book[sheet])
    book.save(co.share / name / "投递" / receipt.name)


def setting(row: int, **cells: object) -> Callable[[Worksheet], None]:
    """Write cells of a row (from 1, without the header), found by their headers."""

    def change(page: Worksheet) -> None:
        at = {cell.value: n for n, cell in enumerate(page[1], 1)}
        for header, value in cells.items():
            page.cell(row + 1, at[header]).value = value  # type: ignore[assignment]

    return change


def rows(co: Company) -> int:
    return len(co.ask("SELECT DISTINCT subject FROM journal WHERE kind = 'row.received'"))


def test_a_receipt_is_the_dropped_sheet_with_the_outcome_in_front(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23"), report("2026-11-23", 今日工作总结="")])
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert told.path.relative_to(co.share).as_posix() == "张三/取件/回执/2026-11/1123-180000_退回1_今天.xlsx"
    first = told.row("销售日报")
    assert list(first) == ["结果", "说明", "受理号", "日期", "今日工作总结", "明日工作计划"]
    assert first["今日工作总结"] == report("2026-11-23")["今日工作总结"]
    page = openpyxl.load_workbook(told.path)["销售日报"]
    comment = page.cell(3, 5).comment
    assert comment is not None
    assert "没有填写" in comment.text
    assert page.cell(3, 5).fill.fgColor.rgb != page.cell(2, 5).fill.fgColor.rgb


def test_mended_rows_of_a_receipt_are_taken_and_the_others_are_known(co: Company) -> None:
    for n in (1, 2):
        co.drop("张三", f"现场{n}.jpg", shot("11-23 14:00", 20 + n))
    co.hand_in(
        "张三",
        拜访记录=[
            visit("现场1"),
            visit("现场2", 拜访对象="无", 拜访记录="王主任说年后再谈，先把样品留下来给技术部试用两周。"),
        ],
        销售日报=[report("2026-11-23", 明日工作计划="")],
    )
    co.run("11-23 18:00")
    told = co.receipt("张三", "今天")
    assert told.outcomes("拜访记录") == ["待审批", "退回"]
    book = openpyxl.load_workbook(told.path)
    setting(2, 拜访对象="王主任")(book["拜访记录"])
    setting(1, 明日工作计划="上午整理报价，下午拜访华新。")(book["销售日报"])
    book.save(co.share / "张三" / "投递" / told.path.name)
    co.run("11-23 18:30")
    again = co.receipt("张三")
    assert again.outcomes("拜访记录") == ["重复", "待审批"]
    assert again.outcomes("销售日报") == ["待审批"]
    assert again.row("拜访记录")["受理号"] == told.row("拜访记录")["受理号"]
    assert co.ask("SELECT COUNT(*) AS n FROM visits WHERE status = 'pending'") == [{"n": 2}]


def test_a_receipt_dropped_back_as_it_is_takes_nothing(co: Company) -> None:
    co.drop("张三", "现场.jpg", shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit()], 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    told, before = co.receipt("张三", "今天"), rows(co)
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 18:30")
    again = co.receipt("张三")
    assert again.outcomes("拜访记录") == again.outcomes("销售日报") == ["重复"]
    assert rows(co) == before


def test_the_picture_in_a_mended_receipt_survives_with_its_time_and_place(co: Company, tmp_path: Path) -> None:
    file = tmp_path / "浮动.jpg"
    file.write_bytes(shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit(None, 拜访对象="无")], pictures=[("拜访记录", "C2", file)])
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert told.outcomes("拜访记录") == ["退回"]
    mend(co, "张三", told.path, "拜访记录", setting(1, 拜访对象="李红"))
    co.run("11-23 18:30")
    assert co.receipt("张三").outcomes("拜访记录") == ["待审批"]
    assert co.ask("SELECT visited_at FROM visits WHERE status = 'pending'")[0]["visited_at"][:16].endswith("14:00")
    assert co.approval("李四", "拜访记录").is_file()


def test_the_picture_comes_back_with_a_rejected_row_so_that_it_can_be_mended(co: Company, tmp_path: Path) -> None:
    file = tmp_path / "浮动.jpg"
    file.write_bytes(shot("11-23 14:00", 2))
    co.hand_in("张三", 拜访记录=[visit(None)], pictures=[("拜访记录", "C2", file)])
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "拜访记录"), "驳回", "请写明谁参加了会谈")
    co.run("11-23 18:10")
    told = co.receipt("张三", "审批结果")
    mend(co, "张三", told.path, "拜访记录", setting(1, 拜访对象="李红、王主任"))
    co.run("11-23 18:30")
    assert co.receipt("张三", "183000").outcomes("拜访记录") == ["待审批"]


def test_a_wps_picture_in_a_cell_is_read_and_survives_the_receipt(co: Company) -> None:
    path = co.hand_in("张三", 拜访记录=[visit("图片", 拜访对象="无")])
    as_wps(path, "图片", shot("11-23 14:00", 2))
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert told.outcomes("拜访记录") == ["退回"]
    assert "现场照片" not in told.row("拜访记录")["说明"]
    mend(co, "张三", told.path, "拜访记录", setting(1, 拜访对象="李红"))
    co.run("11-23 18:30")
    assert co.receipt("张三").outcomes("拜访记录") == ["待审批"]
    assert co.ask("SELECT visited_at FROM visits WHERE status = 'pending'")[0]["visited_at"][:16].endswith("14:00")


def as_wps(path: Path, words: str, picture: bytes) -> None:
    """Turn the cell that holds *words* into one with a picture, as WPS stores it."""
    with zipfile.ZipFile(io.BytesIO(wps_book(picture))) as wps:
        added = {name: wps.read(name) for name in wps.namelist() if "cellimages" in name or "media" in name}
    with zipfile.ZipFile(path) as plain:
        content = {name: plain.read(name) for name in plain.namelist()} | added
    formula = '<f>_xlfn.DISPIMG("ID_0A1B",1)</f><v>=DISPIMG("ID_0A1B",1)</v>'
    sheet = content["xl/worksheets/sheet1.xml"].decode()
    was = rf'<c r="(\w+)"[^>]*><is><t>{words}</t></is></c>'
    sheet, n = re.subn(was, rf'<c r="\1" t="str">{formula}</c>', sheet)
    assert n == 1
    content["xl/worksheets/sheet1.xml"] = sheet.encode()
    relation = (
        '<Relationship Id="rId99" Type="http://www.wps.cn/officeDocument/2020/cellImage" Target="cellimages.xml"/>'
    )
    links = content["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", relation + "</Relationships>")
    content["xl/_rels/workbook.xml.rels"] = links.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in content.items():
            made.writestr(name, data)


def test_a_row_that_waits_for_a_picture_can_be_dropped_again_with_it(co: Company) -> None:
    co.hand_in("张三", 拜访记录=[visit("IMG_9")])
    co.run("11-23 18:00")
    told = co.receipt("张三")
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 18:10")
    assert co.receipt("张三").outcomes("拜访记录") == ["重复"]
    co.drop("张三", "IMG_9.jpg", shot("11-23 14:00", 2))
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 18:30")
    assert co.ask("SELECT status FROM visits") == [{"status": "pending"}]


def test_a_workbook_that_grows_is_normal_use(co: Company) -> None:
    for n in (1, 2):
        co.drop("张三", f"现场{n}.jpg", shot("11-23 14:00", 20 + n))
    other = visit("现场2", 拜访记录="王主任说年后再谈，先把样品留下来给技术部试用两周。")
    co.hand_in("张三", 拜访记录=[visit("现场1")])
    co.run("11-23 15:00")
    co.new("张三")
    co.hand_in("张三", 拜访记录=[visit("现场1"), other])
    co.run("11-23 18:00")
    assert co.receipt("张三").outcomes("拜访记录") == ["重复", "待审批"]


def test_the_same_bytes_twice_and_a_copy_under_another_name_do_nothing_more(co: Company) -> None:
    data, before = co.hand_in("张三", 销售日报=[report("2026-11-23")]).read_bytes(), rows(co)
    co.drop("张三", "今天 (1).xlsx", data)
    co.run("11-23 18:00")
    found = [read(path).outcomes("销售日报") for path in co.new("张三")]
    assert sorted(found) == [["待审批"], ["重复"]]
    co.drop("张三", "今天.xlsx", data)
    co.run("11-23 18:10")
    assert co.receipt("张三").outcomes("销售日报") == ["重复"]
    assert rows(co) == before + 1


def test_other_content_under_the_same_key_replaces_what_still_waits(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    sheet, first = co.approval("李四", "销售日报"), co.receipt("张三").row("销售日报")["受理号"]
    co.hand_in("张三", 销售日报=[report("2026-11-23", 明日工作计划="全天整理投标文件，晚上校对。")])
    co.run("11-23 18:30")
    told = co.receipt("张三").row("销售日报")
    assert told["结果"] == "待审批"
    assert f"替换了先前提交的受理号 {first}（被替换）" in told["说明"]
    statuses = {row["receipt_no"]: row["status"] for row in co.ask("SELECT receipt_no, status FROM daily_reports")}
    assert statuses == {first: "superseded", told["受理号"]: "pending"}
    co.decide("李四", sheet)  # the old sheet is stale now
    co.run("11-23 18:40")
    back = co.receipt("李四").row("审批_销售日报")
    assert back["结果"] == "退回"
    assert "已被提交人修改" in back["说明"]
    co.decide("李四", co.approval("李四", "销售日报"))
    co.run("11-23 18:50")
    assert co.ask("SELECT status FROM daily_reports WHERE receipt_no = ?", told["受理号"]) == [{"status": "accepted"}]


def test_an_old_copy_does_not_bring_back_what_was_replaced(co: Company) -> None:
    old = co.hand_in("张三", 销售日报=[report("2026-11-23")]).read_bytes()
    co.run("11-23 18:00")
    co.hand_in("张三", 销售日报=[report("2026-11-23", 明日工作计划="全天整理投标文件，晚上校对。")])
    co.run("11-23 18:30")
    newest = [read(path) for path in co.new("张三")][-1].row("销售日报")["受理号"]
    co.drop("张三", "今天 (1).xlsx", old)
    co.run("11-23 18:40")
    told = co.receipt("张三").row("销售日报")
    assert told["结果"] == "重复"
    assert newest in told["说明"]
    assert co.ask("SELECT receipt_no FROM daily_reports WHERE status = 'pending'") == [{"receipt_no": newest}]


def test_a_growing_workbook_that_still_holds_a_rejected_row_keeps_the_mended_one(co: Company) -> None:
    rows_of_day = [report("2026-11-23")]
    co.hand_in("张三", 销售日报=rows_of_day)
    co.run("11-23 18:00")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "写得太少")
    co.run("11-23 18:10")
    rows_of_day.append(report("2026-11-23", 明日工作计划="全天整理投标文件，晚上校对。"))
    for at in ("11-23 18:20", "11-23 18:30"):
        co.hand_in("张三", 销售日报=rows_of_day)
        co.run(at)
    outcomes = [read(path).outcomes("销售日报") for path in co.new("张三") if "今天" in path.name]
    assert outcomes == [["待审批"], ["待审批", "待审批"], ["重复", "重复"]]
    statuses = [row["status"] for row in co.ask("SELECT status FROM daily_reports ORDER BY receipt_no")]
    assert statuses == ["rejected", "superseded", "pending"]


def test_the_same_customer_from_a_colleague_is_not_a_repetition(co: Company) -> None:
    row, picture = customer("深圳市华新科技有限公司"), shot("11-23 13:30", 3)
    for name, at in (("张三", "11-23 14:00"), ("王五", "11-23 14:10")):
        co.drop(name, "门头.jpg", picture)
        co.hand_in(name, 客户新增=[row])
        co.run(at)
    told = co.receipt("王五", "今天").row("客户新增")
    assert told["结果"] == "退回"
    assert "张三，待审批" in told["说明"]


def test_other_content_after_approval_is_refused_with_a_pointer(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    first = co.receipt("张三").row("销售日报")["受理号"]
    co.decide("李四", co.approval("李四", "销售日报"))
    co.run("11-23 19:00")
    co.new("张三")
    co.hand_in("张三", 销售日报=[report("2026-11-23", 明日工作计划="全天整理投标文件，晚上校对。")])
    co.run("11-23 19:30")
    told = co.receipt("张三").row("销售日报")
    assert told["结果"] == "退回"
    assert f"受理号 {first} 已经生效" in told["说明"]
    assert "信息变更" in told["说明"] or "企管部" in told["说明"]


def test_an_approved_customer_changed_by_a_new_sheet_is_refused_with_a_pointer(co: Company) -> None:
    co.drop("张三", "门头.jpg", shot("11-23 13:30", 3))
    co.hand_in("张三", 客户新增=[customer(联系人="赵敏")])
    co.run("11-23 18:00")
    told = co.receipt("张三", "今天").row("客户新增")
    assert told["结果"] == "退回"
    assert "信息变更" in told["说明"]


@pytest.mark.parametrize("keep", [True, False])
def test_a_sheet_with_headers_moved_and_more_columns_is_read_and_one_without_a_column_is_returned(
    co: Company, keep: bool
) -> None:
    path = co.share / "张三" / "投递" / "自制.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "销售日报"
    page.append(["一月份的表"])
    page.append(["备注", " 明日\n工作计划 ", "日期*", *(["今日工作总结"] if keep else ["今日总结"])])
    page.append(["随便", "上午整理报价，下午拜访华新。", "2026年11月23日", "拜访宏远电子，确认二期四十台。"])
    book.save(path)
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert told.outcomes("销售日报") == (["待审批"] if keep else ["退回"])
    if not keep:
        assert "缺少必填列“今日工作总结”（是否写成了“今日总结”？）" in told.text


def test_a_filled_in_template_as_delivered_is_read(co: Company) -> None:
    template = co.share / "张三" / "取件" / "模板" / "个人工作簿.xlsx"
    book = openpyxl.load_workbook(template)
    setting(1, **report("2026-11-23"))(book["销售日报"])
    book.save(co.share / "张三" / "投递" / "我的工作簿.xlsx")
    co.run("11-23 18:00")
    told = co.receipt("张三")
    assert told.outcomes("销售日报") == ["待审批"]
    assert "已忽略" not in told.text


def test_sheets_that_are_no_forms_are_named(co: Company) -> None:
    own: list[Cells] = [{"随手记": "买菜"}]
    co.hand_in("张三", 销售日报=[report("2026-11-23")], 私人=own)
    co.run("11-23 18:00")
    assert "已忽略：私人" in co.receipt("张三").text
