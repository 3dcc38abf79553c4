"""Approvals, played through folders: who decides, what is refused, and how the submitter learns of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import PIL.Image
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from service.answers.telling import status
from tests.company import (
    STAFF,
    Company,
    a_company,
    a_company_with_a_customer,
    customer,
    head_row,
    person,
    read,
    report,
    shot,
    visit,
)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def reports(co: Company, *names: str, at: str = "11-23 18:00") -> None:
    """Everybody's report of Monday."""
    for name in names:
        co.hand_in(name, 销售日报=[report("2026-11-23", 今日工作总结=f"{name}今天拜访了三家客户，谈定一份合同。")])
    co.run(at)
    for name in names:
        co.new(name)


def statuses(co: Company) -> dict[str, str]:
    return {row["person"]: row["status"] for row in co.ask("SELECT person, status FROM daily_reports")}


def cell(header: str, value: object, row: int = 2) -> Callable[[Worksheet], None]:
    """Overwrite a cell of an approval sheet."""

    def change(page: Worksheet) -> None:
        top = head_row(page)
        at = {cell.value: n for n, cell in enumerate(page[top], 1)}
        page.cell(row + top - 1, at[header]).value = value  # type: ignore[assignment]

    return change


def test_one_sheet_for_each_approver_and_form_and_none_twice(co: Company) -> None:
    co.drop("张三", "门头.jpg", shot("11-23 09:00", 1))
    co.hand_in("张三", "客户.xlsx", 客户新增=[customer()])
    reports(co, "张三", "王五", "陈六")
    assert sorted(path.stem.split("_")[1] for path in co.new("李四", "审批")) == ["客户新增", "销售日报"]
    (other,) = co.new("周八", "审批")
    assert [row["提交人"] for row in read(other).rows("审批_销售日报")] == ["陈六"]
    co.run("11-23 18:30")
    assert co.new("李四", "审批") == co.new("周八", "审批") == []


def test_rows_that_come_later_stand_on_another_sheet(co: Company) -> None:
    reports(co, "张三")
    first = co.approval("李四", "销售日报")
    reports(co, "王五", at="11-23 18:30")
    second = co.approval("李四", "销售日报")
    assert [[row["提交人"] for row in read(path).rows("审批_销售日报")] for path in (first, second)] == [
        ["张三"],
        ["王五"],
    ]


def test_approve_reject_and_blank_each_do_what_they_say(co: Company) -> None:
    co.found([person("何九", "13800138009", "销售一部", "销售人员")], "11-21 09:00")
    reports(co, "张三", "王五", "何九")
    sheet = co.approval("李四", "销售日报")
    order = [row["提交人"] for row in read(sheet).rows("审批_销售日报")]
    at = {name: order.index(name) for name in order}
    co.decide("李四", sheet, rows=[at["张三"]], edit=lambda page: (
        cell("审批结论", "驳回", at["王五"] + 2)(page), cell("审批意见", "写得太少", at["王五"] + 2)(page))[0])  # fmt: skip
    co.run("11-23 19:00")
    assert statuses(co) == {"张三": "accepted", "王五": "rejected", "何九": "pending"}
    back = {row["提交人"]: row for row in co.receipt("李四").rows("审批_销售日报")}
    assert {name: row["结果"] for name, row in back.items()} == {"张三": "已受理", "王五": "已受理", "何九": "待审批"}
    assert co.receipt("张三", "审批结果").outcomes("销售日报") == ["已受理"]
    told = co.receipt("王五", "审批结果")
    assert told.outcomes("销售日报") == ["退回"]
    assert "李四驳回：写得太少" in told.text
    assert co.new("何九") == []
    co.decide("李四", sheet, rows=[at["何九"]])  # the blank row stays open on the same sheet
    co.run("11-23 19:30")
    assert statuses(co)["何九"] == "accepted"
    again = {row["提交人"]: (row["结果"], row["说明"] or "") for row in co.receipt("李四").rows("审批_销售日报")}
    assert {name: outcome for name, (outcome, _words) in again.items()} == {
        "张三": "重复",
        "王五": "重复",
        "何九": "已受理",
    }
    assert "这一行已于 11-23 19:00 由李四审批，不用再填" in again["王五"][1]
    assert co.new("李四", "审批") == []


def test_a_rejected_row_may_come_again_unchanged_says_why_it_was_rejected_and_mended_it_is_taken(co: Company) -> None:
    reports(co, "张三")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "写得太少")
    co.run("11-23 19:00")
    told = co.receipt("张三", "审批结果")
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 19:10")
    again = co.receipt("张三").row("销售日报")
    assert again["结果"] == "待审批", "the approver may have been mistaken"
    assert "写得太少" in again["说明"]
    book = openpyxl.load_workbook(told.path)
    cell("今日工作总结", "今天拜访了三家客户：宏远、华新、海天，谈定宏远二期合同。")(book["销售日报"])
    book.save(co.share / "张三" / "投递" / "改好.xlsx")
    co.run("11-23 19:20")
    assert co.receipt("张三").outcomes("销售日报") == ["待审批"]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (cell("今日工作总结", "李四替张三改好了总结"), "锁定的“今日工作总结”被改动"),
        (cell("系统提示", "没有问题"), "锁定的“系统提示”被改动"),
        (cell("提交人", "王五"), "锁定的“提交人”被改动"),
        (cell("受理号", "261123-9999"), "受理号被改动"),
        (cell("校验码", "x.y"), "校验码不对"),
        (cell("校验码", None), "校验码不对"),
        (cell("审批结论", "可以"), "“可以”不是有效的结论"),
        (cell("审批结论", "驳回"), "驳回必须填写审批意见"),
    ],
)
def test_a_tampered_row_is_refused_with_the_reason(co: Company, edit: Callable[[Worksheet], None], words: str) -> None:
    reports(co, "张三")
    co.decide("李四", co.approval("李四", "销售日报"), edit=edit)
    co.run("11-23 19:00")
    back = co.receipt("李四").row("审批_销售日报")
    assert back["结果"] == "退回"
    assert words in back["说明"]
    assert statuses(co) == {"张三": "pending"}
    assert co.new("张三") == []


def test_only_the_tampered_row_is_refused(co: Company) -> None:
    reports(co, "张三", "王五")
    sheet = co.approval("李四", "销售日报")
    co.decide("李四", sheet, edit=cell("今日工作总结", "改过的", 2))
    co.run("11-23 19:00")
    assert sorted(statuses(co).values()) == ["accepted", "pending"]
    co.decide("李四", sheet)
    co.run("11-23 19:10")
    assert set(statuses(co).values()) == {"accepted"}


def test_a_sheet_dropped_by_somebody_else_decides_nothing(co: Company) -> None:
    reports(co, "张三")
    sheet = co.approval("李四", "销售日报")
    for name in ("周八", "张三"):
        co.decide(name, sheet)
    co.run("11-23 19:00")
    for name in ("周八", "张三"):
        back = co.receipt(name).row("审批_销售日报")
        assert back["结果"] == "退回"
        assert "是发给李四的" in back["说明"]
    assert statuses(co) == {"张三": "pending"}


def test_a_decision_repeated_or_on_a_copy_counts_once_and_another_is_refused(co: Company) -> None:
    reports(co, "张三")
    sheet = co.approval("李四", "销售日报")
    co.decide("李四", sheet)
    co.decide("李四", sheet, file="审批 - 副本.xlsx")
    co.run("11-23 19:00")
    outcomes = sorted(read(path).row("审批_销售日报")["结果"] for path in co.new("李四"))
    assert outcomes == ["已受理", "重复"]
    assert len(co.ask("SELECT * FROM decisions")) == 1
    assert len(co.new("张三")) == 1
    co.decide("李四", sheet, "驳回", "想想还是不行")
    co.run("11-23 19:10")
    back = co.receipt("李四").row("审批_销售日报")
    assert back["结果"] == "退回"
    assert "不能再改" in back["说明"]
    assert statuses(co) == {"张三": "accepted"}


def test_a_receipt_of_a_decision_may_be_mended_and_dropped_back(co: Company) -> None:
    reports(co, "张三")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回")
    co.run("11-23 19:00")
    told = co.receipt("李四")
    book = openpyxl.load_workbook(told.path)
    cell("审批意见", "写得太少")(book["审批_销售日报"])
    book.save(co.share / "李四" / "投递" / told.path.name)
    co.run("11-23 19:10")
    assert co.receipt("李四").outcomes("审批_销售日报") == ["已受理"]
    assert statuses(co) == {"张三": "rejected"}


def test_nobody_approves_their_own(co: Company) -> None:
    for who, name, seed in (("李四", "深圳市华新科技有限公司", 1), ("赵总", "珠海海天食品有限公司", 2)):
        co.drop(who, "门头.jpg", shot("11-23 09:00", seed))
        co.hand_in(who, 客户新增=[customer(name, 销售经理="张三")])
    co.run("11-23 10:00")
    assert {who: len(co.new(who, "审批")) for who in ("李四", "赵总", "钱督")} == {"李四": 0, "赵总": 1, "钱督": 1}


def test_a_missing_approver_shows_up_in_status_and_the_row_goes_on_when_there_is_one(tmp_path: Path) -> None:
    with a_company(tmp_path, [STAFF[0]]) as co:
        reports(co, "张三")
        now = co.clock("11-23 18:10")
        (trouble,) = [words for words in status(co.service, now)["for_operator"] if "审批人" in words]
        assert "销售一部" in trouble
        co.found([STAFF[3]], "11-23 18:20")
        co.run("11-23 18:30")
        assert co.approval("李四", "销售日报").is_file()
        assert not [words for words in status(co.service, now)["for_operator"] if "审批人" in words]


def test_status_tells_what_waits_for_whom_since_when(co: Company) -> None:
    reports(co, "张三")
    (waiting,) = status(co.service, co.clock("11-23 18:30"))["waiting_for_decision"]
    assert (waiting["approver"], waiting["form"]) == ("李四", "销售日报")
    assert waiting["since"].startswith("2026-11-23T18:00")


def test_sheets_of_several_approvers_in_one_round_are_each_taken(co: Company) -> None:
    reports(co, "张三", "陈六")
    for name in ("李四", "周八"):
        co.decide(name, co.approval(name, "销售日报"))
    assert co.run("11-23 19:00").decisions == 2
    assert statuses(co) == {"张三": "accepted", "陈六": "accepted"}
    assert co.dropped() == []


def test_a_finished_sheet_leaves_the_folder_at_night_and_an_open_one_stays(co: Company) -> None:
    reports(co, "张三", "王五")
    sheet = co.approval("李四", "销售日报")
    co.decide("李四", sheet, rows=[0])
    co.run("11-23 19:00")
    co.nightly("11-23", "11-24 00:30")
    assert sheet.exists()
    co.decide("李四", sheet)
    co.run("11-24 09:00")
    assert sheet.exists()  # within the day the approver still sees what was decided
    co.nightly("11-24", "11-25 00:30")
    assert not sheet.exists()
    assert list(statuses(co).values()) == ["accepted", "accepted"]


def test_what_lies_with_an_approver_who_leaves_goes_to_the_next_and_the_old_sheet_decides_nothing(co: Company) -> None:
    reports(co, "张三")
    old = co.approval("李四", "销售日报")
    co.hand_in("赵总", "调岗.xlsx", 人员变更=[{"姓名": "李四", "生效日期": "2026-11-23", "岗位": "企管部"}])
    co.run("11-23 19:00")
    fresh = co.approval("赵总", "销售日报")
    co.decide("李四", old)
    co.run("11-23 19:30")
    assert "已改由其他审批人审批" in co.receipt("李四", "审批_销售日报").row("审批_销售日报")["说明"]
    assert statuses(co) == {"张三": "pending"}
    co.decide("赵总", fresh)
    co.run("11-23 20:30")
    assert statuses(co) == {"张三": "accepted"}


def visits_of(co: Company, *rows: Mapping[str, Any], at: str = "11-23 18:00") -> Path:
    """Visits of 张三 to his one customer handed in; gives the manager's sheet."""
    co.hand_in("张三", "拜访.xlsx", 拜访记录=rows)
    co.run(at)
    return co.approval("李四", "拜访记录")


def pictured(co: Company, name: str, seed: int, **tags: Any) -> str:
    co.drop("张三", name, shot("11-23 11:00", seed, **tags))
    return name


CONTENTS = (
    "对方确认二期四十台，希望春节前交货，我方答应周五前给出报价。",
    "验收首批样机，车间提出三处修改意见，双方在验收单上签字。",
    "采购改由新来的王主任负责，谈了付款方式，约定下周二再来。",
)


def three_visits(co: Company) -> Path:
    """Two that nothing is wrong with, and one without a place."""
    return visits_of(
        co,
        visit(pictured(co, "一.jpg", 61), 拜访记录=CONTENTS[0]),
        visit(pictured(co, "二.jpg", 62, place=None), 拜访记录=CONTENTS[1]),
        visit(pictured(co, "三.jpg", 63), 拜访记录=CONTENTS[2]),
    )


def rest(page: Worksheet, words: str = "同意") -> None:
    """Fill in the cell above the table."""
    assert page["A1"].value == "其余同意"
    page["B1"] = words


def both(*edits: Callable[[Worksheet], None]) -> Callable[[Worksheet], None]:
    """One edit after the other."""

    def change(page: Worksheet) -> None:
        for edit in edits:
            edit(page)

    return change


def decided_visits(co: Company) -> dict[str, str]:
    return {row["content"]: row["status"] for row in co.ask("SELECT content, status FROM visits")}


@pytest.fixture
def with_customer(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.new("李四", "审批")
        made.new("张三")
        made.new("李四")
        yield made


def test_flagged_rows_come_first_and_one_cell_decides_the_others(with_customer: Company) -> None:
    co = with_customer
    sheet = three_visits(co)
    shown = read(sheet).rows("审批_拜访记录")
    assert [row["拜访记录"] for row in shown] == [CONTENTS[1], CONTENTS[0], CONTENTS[2]]
    assert "⚠" in shown[0]["系统提示"]
    co.decide("李四", sheet, rows=(), edit=rest)
    co.run("11-23 19:00")
    assert decided_visits(co) == dict(zip(CONTENTS, ("accepted", "pending", "accepted"), strict=True))
    back = co.receipt("李四")
    assert back.outcomes("审批_拜访记录") == ["待审批", "已受理", "已受理"]
    assert "“其余同意”管不到它" in back.row("审批_拜访记录")["说明"]
    co.decide("李四", sheet, rows=[0], edit=rest)
    co.run("11-23 19:30")
    assert set(decided_visits(co).values()) == {"accepted"}
    assert co.receipt("李四").outcomes("审批_拜访记录") == ["已受理", "重复", "重复"]


def test_a_decision_or_a_comment_of_its_own_wins_over_the_rest(with_customer: Company) -> None:
    co = with_customer
    sheet = three_visits(co)

    def some(page: Worksheet) -> None:
        rest(page)
        cell("审批结论", "驳回", 3)(page)
        cell("审批意见", "照片里没有客户", 3)(page)
        cell("审批意见", "请再看看", 4)(page)

    co.decide("李四", sheet, rows=(), edit=some)
    co.run("11-23 19:00")
    assert co.receipt("李四").outcomes("审批_拜访记录") == ["待审批", "已受理", "退回"]
    assert decided_visits(co) == dict(zip(CONTENTS, ("rejected", "pending", "pending"), strict=True))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (cell("拜访记录", "别的话", 3), "锁定的“拜访记录”被改动"),
        (cell("校验码", "x.y", 3), "校验码不对"),
        (cell("受理号", "261123-9999", 3), "受理号被改动"),
    ],
)
def test_the_rest_is_protected_like_a_decision_of_its_own(
    with_customer: Company, edit: Callable[[Worksheet], None], words: str
) -> None:
    co = with_customer
    sheet = three_visits(co)
    co.decide("李四", sheet, rows=(), edit=both(rest, edit))
    co.run("11-23 19:00")
    back = co.receipt("李四")
    assert back.outcomes("审批_拜访记录") == ["待审批", "退回", "已受理"]
    assert words in back.row("审批_拜访记录", 1)["说明"]


def test_hiding_a_flag_does_not_let_the_rest_decide_the_row(with_customer: Company) -> None:
    co = with_customer
    sheet = three_visits(co)
    co.decide("李四", sheet, rows=(), edit=both(rest, cell("系统提示", "", 2)))
    co.run("11-23 19:00")
    assert decided_visits(co)[CONTENTS[1]] == "pending"


def test_the_rest_can_only_be_approved(with_customer: Company) -> None:
    co = with_customer
    sheet = three_visits(co)
    co.decide("李四", sheet, rows=(), edit=lambda page: rest(page, "驳回"))
    co.run("11-23 19:00")
    back = co.receipt("李四")
    assert back.outcomes("审批_拜访记录") == ["待审批"] * 3
    assert "“其余同意”里只能填“同意”" in back.row("审批_拜访记录")["说明"]
    assert set(decided_visits(co).values()) == {"pending"}


def large(co: Company, name: str) -> list[Path]:
    return sorted((co.share / name / "取件" / "审批" / "照片").glob("*"))


def test_the_picture_itself_lies_beside_the_sheet_while_it_is_asked_for(with_customer: Company) -> None:
    co = with_customer
    pictured(co, "大.jpg", 64, size=(2400, 1800), orientation=6)
    pictured(co, "小.jpg", 65, size=(1200, 900))
    sheet = visits_of(co, visit("大.jpg、小.jpg", 拜访记录=CONTENTS[0]))
    with zipfile.ZipFile(sheet) as package:
        relations = package.read("xl/drawings/_rels/drawing1.xml.rels").decode()
    links = re.findall(r'Target="([^"]+)" TargetMode="External"', relations)
    sizes = []
    for link in links:
        with PIL.Image.open(sheet.parent / link) as picture:
            sizes.append(picture.size)
            assert not picture.getexif(), "what the camera wrote stays in the archive"
    assert sizes == [(1200, 1600), (1200, 900)]
    assert large(co, "李四") == sorted(sheet.parent / link for link in links)
    assert [name for name in ("张三", "王五", "周八", "赵总", "钱督") if large(co, name)] == []
    co.decide("李四", sheet)
    co.run("11-23 19:00")
    assert large(co, "李四") == []


def test_pictures_stay_while_a_row_of_the_sheet_is_open_and_follow_to_the_next_approver(with_customer: Company) -> None:
    co = with_customer
    sheet = three_visits(co)
    co.decide("李四", sheet, rows=[1])
    co.run("11-23 19:00")
    assert len(large(co, "李四")) == 3
    co.hand_in("赵总", 人员变更=[{"姓名": "李四", "生效日期": "2026-11-24", "状态": "离职"}])
    co.run("11-24 09:00")
    assert large(co, "李四") == []
    assert len(large(co, "赵总")) == 2
