"""Approvals, played through folders: who decides, what is refused, and how the submitter learns of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from service.telling import status
from tests.company import STAFF, Company, a_company, customer, person, read, report, shot


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
        at = {cell.value: n for n, cell in enumerate(page[1], 1)}
        page.cell(row, at[header]).value = value  # type: ignore[assignment]

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


def test_a_rejected_row_dropped_again_unchanged_is_told_why_and_mended_it_is_taken(co: Company) -> None:
    reports(co, "张三")
    co.decide("李四", co.approval("李四", "销售日报"), "驳回", "写得太少")
    co.run("11-23 19:00")
    told = co.receipt("张三", "审批结果")
    co.drop("张三", told.path.name, told.path.read_bytes())
    co.run("11-23 19:10")
    again = co.receipt("张三").row("销售日报")
    assert again["结果"] == "重复"
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
