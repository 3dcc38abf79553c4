"""Absence: deputies decide, managers act for owners who cannot, and nobody decides their own (适用范围 2, 客户转交 8)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.company import (
    STAFF,
    Company,
    a_company,
    a_company_with_a_customer,
    change,
    customer,
    person,
    read,
    shot,
    transfer,
)
from tests.deals import CASHIER, approved_order, arrived, confirm, confirmation, payment, table
from tests.flows.test_daily import hand_in, lines

HONGYUAN = "深圳市宏远电子有限公司"


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def deputy(principal: str, name: str, start: str = "2026-11-24", end: str = "2026-11-25") -> dict[str, Any]:
    return {"委托人": principal, "代理人": name, "开始日期": start, "结束日期": end, "原因": "年假"}


def sheets(co: Company, name: str) -> list[Path]:
    return sorted((co.share / name / "取件" / "审批").glob("*.xlsx"))


def test_open_and_new_sheets_go_to_the_deputy_and_come_back(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    first = co.approval("李四", "销售日报")
    co.hand_in("李四", 审批代理=[deputy("李四", "周八")])
    co.run("11-23 19:00")
    co.run("11-24 09:00")
    co.decide("李四", first)
    co.run("11-24 09:10")
    assert "已改由其他审批人审批" in str(co.receipt("李四", "审批_").sheets)
    assert "周八（代李四）同意" in _decided(co, "张三", "11-24 10:00")
    line = co.ask("SELECT reviewer FROM daily_reports")
    assert line == [{"reviewer": "周八（代李四）"}]
    hand_in(co, "王五", "2026-11-25", "11-25 18:00")
    co.approval("周八", "销售日报")
    co.run("11-26 09:00")
    co.approval("李四", "销售日报")


def _decided(co: Company, submitter: str, at: str) -> str:
    co.approve("周八", "销售日报", at)
    return "".join(read(path).text for path in co.new(submitter) if "审批结果" in path.name)


def test_a_deputy_never_decides_their_own(co: Company) -> None:
    co.hand_in("赵总", 审批代理=[deputy("李四", "王五")])
    hand_in(co, "王五", "2026-11-23", "11-23 18:00")
    co.run("11-24 09:00")
    co.approval("赵总", "销售日报")
    assert [path for path in sheets(co, "王五") if "销售日报" in path.name] == []


def test_deputies_in_a_circle_are_refused(co: Company) -> None:
    co.hand_in("李四", 审批代理=[deputy("李四", "周八")])
    co.run("11-23 18:30")
    co.hand_in("周八", 审批代理=[deputy("周八", "李四")])
    co.run("11-23 19:00")
    told = co.receipt("周八").row("审批代理")
    assert told["结果"] == "退回"
    assert "没有人能审批" in told["说明"]


def test_a_circle_by_a_third_or_on_one_of_the_days_is_refused_and_nothing_of_it_holds(co: Company) -> None:
    co.hand_in(
        "李四",
        审批代理=[
            deputy("李四", "周八", "2026-11-24", "2026-11-24"),
            deputy("李四", "赵总", "2026-11-25", "2026-11-25"),
        ],
    )
    co.run("11-23 18:30")
    co.hand_in("赵总", 审批代理=[deputy("赵总", "钱督", "2026-11-24", "2026-11-24")])
    co.run("11-23 18:40")
    before = co.ask("SELECT principal, deputy, starts_on FROM deputies")
    co.hand_in("周八", "周八.xlsx", 审批代理=[deputy("周八", "李四")])  # on the 24th only it is a circle
    co.hand_in("钱督", "钱督.xlsx", 审批代理=[deputy("钱督", "赵总", "2026-11-24", "2026-11-24")])
    co.run("11-23 19:00")
    for name in ("周八", "钱督"):
        told = co.receipt(name, name).row("审批代理")
        assert told["结果"] == "退回"
        assert "没有人能审批" in told["说明"]
        assert "请另选一位" in told["说明"]
    assert co.ask("SELECT principal, deputy, starts_on FROM deputies") == before
    hand_in(co, "张三", "2026-11-24", "11-24 18:00")
    co.approval("周八", "销售日报")


def test_a_colleague_in_the_same_post_may_decide_and_the_first_decision_stands(tmp_path: Path) -> None:
    with a_company(tmp_path, [*STAFF, person("吴管", "13800138009", "销售一部", "部门经理")]) as co:
        hand_in(co, "张三", "2026-11-23", "11-23 18:00")
        sheet = co.approval("吴管" if sheets(co, "吴管") else "李四", "销售日报")
        holder = sheet.parts[-4]
        other = "李四" if holder == "吴管" else "吴管"
        co.decide(other, sheet)
        co.run("11-23 19:00")
        co.new(other)
        co.decide(holder, sheet, "驳回", "看不清")
        co.run("11-23 19:30")
        assert other in str(co.receipt(holder, "审批_").sheets)
        assert [row["decision"] for row in co.ask("SELECT decision FROM decisions")] == ["同意"]


def test_a_colleague_in_the_same_post_never_decides_their_own_on_the_other_s_sheet(tmp_path: Path) -> None:
    with a_company(tmp_path, [*STAFF, person("吴管", "13800138009", "销售一部", "部门经理")]) as co:
        co.drop("李四", "门头.jpg", shot("11-23 09:00", 5))
        co.hand_in("李四", 客户新增=[customer("珠海海天食品有限公司", 门头照片="门头.jpg", 销售经理="张三")])
        co.run("11-23 10:00")
        co.new("李四")
        sheet = co.approval("吴管", "客户新增")
        co.decide("李四", sheet)
        co.run("11-23 11:00")
        told = co.receipt("李四", "审批_").row("审批_客户新增")
        assert (told["结果"], "不能审批自己提交的内容" in told["说明"]) == ("退回", True)
        assert co.ask("SELECT * FROM customers") == []
        co.decide("吴管", sheet)
        co.run("11-23 12:00")
        assert len(co.ask("SELECT * FROM customers")) == 1


def test_a_sheet_for_somebody_of_another_reach_is_still_refused(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    co.decide("周八", co.approval("李四", "销售日报"))
    co.run("11-23 19:00")
    assert "这份审批单是发给李四的" in str(co.receipt("周八", "审批_").sheets)


def test_an_approver_who_moved_to_another_department_decides_no_more(co: Company) -> None:
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    sheet = co.approval("李四", "销售日报")
    co.hand_in("赵总", 人员变更=[{"姓名": "李四", "生效日期": "2026-11-24", "部门": "销售三部"}])
    co.run("11-23 19:00")
    co.run("11-24 09:00")
    co.decide("李四", sheet)
    co.run("11-24 09:30")
    assert "已改由其他审批人审批" in str(co.receipt("李四", "审批_").sheets)
    co.approval("赵总", "销售日报")


def test_nobody_is_unreviewed_on_leave_with_a_deputy(co: Company) -> None:
    co.hand_in("李四", 审批代理=[deputy("李四", "周八", "2026-11-23")])
    co.run("11-23 09:00")
    hand_in(co, "张三", "2026-11-23", "11-23 18:00")
    co.approve("周八", "销售日报", "11-23 21:00")
    co.nightly("11-23", "11-24 00:30")
    line = lines(co, "2026-11-23")["张三"]
    assert (line["审核状态"], line["审核人"]) == ("按时", "周八（代李四）")


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.hand_in(
            "孙人", 日报豁免=[{"姓名": "张三", "开始日期": "2026-11-24", "结束日期": "2026-11-30", "原因": "病假"}]
        )
        made.run("11-23 10:00")
        yield made


def test_the_manager_acts_for_an_owner_who_is_away_and_not_for_one_who_is_here(owned: Company) -> None:
    for at, outcome in (("11-23 11:00", "退回"), ("11-24 09:00", "待审批")):
        owned.hand_in("李四", f"{at[:5]}.xlsx", 信息变更=[change(联系人="周强")])
        owned.run(at)
        assert owned.receipt("李四", at[:5]).outcomes("信息变更") == [outcome]
    owned.approve("赵总", "信息变更", "11-24 10:00")
    owned.hand_in("李四", 客户转交=[transfer(HONGYUAN, "王五")])
    owned.run("11-24 11:00")
    owned.approve("赵总", "客户转交", "11-24 12:00")
    assert owned.ask("SELECT owner, contact FROM customers") == [{"owner": "王五", "contact": "周强"}]


def test_the_sales_manager_acts_for_them_where_there_is_no_department_manager(owned: Company) -> None:
    rows = {"信息变更": [change(联系人="周强")], "客户转交": [transfer(HONGYUAN, "王五")]}
    for form, row in rows.items():
        owned.hand_in("赵总", f"早{form}.xlsx", **{form: row})  # type: ignore[arg-type]
    owned.run("11-24 09:00")
    owned.new("赵总")
    assert owned.ask("SELECT status FROM transfers") == [{"status": "rejected"}], "李四 is here and acts"
    owned.hand_in("赵总", "离职.xlsx", 人员变更=[{"姓名": "李四", "生效日期": "2026-11-25", "状态": "离职"}])
    owned.run("11-24 17:00")
    owned.new("赵总")
    for form, row in rows.items():
        owned.hand_in("赵总", f"{form}.xlsx", **{form: row})  # type: ignore[arg-type]
        owned.run("11-25 09:00")
        assert owned.receipt("赵总", form).outcomes(form) == ["待审批"]
        owned.decide("钱督", owned.approval("钱督", form))
        owned.run("11-25 10:00")
        owned.new("赵总")
    assert owned.ask("SELECT owner, contact FROM customers") == [{"owner": "王五", "contact": "周强"}]


def test_none_empties_the_shared_people_and_blank_leaves_them(owned: Company) -> None:
    owned.hand_in("张三", 信息变更=[change(联系人="周强")])
    owned.run("11-23 11:00")
    owned.approve("李四", "信息变更", "11-23 12:00")
    assert [row["person"] for row in owned.ask("SELECT person FROM customer_members")] == ["王五"]
    owned.hand_in("张三", 信息变更=[change(共享人员="无")])
    owned.run("11-23 13:00")
    owned.approve("李四", "信息变更", "11-23 14:00")
    assert owned.ask("SELECT person FROM customer_members") == []


def test_a_bare_name_that_two_bear_is_returned_with_both_ways_of_writing_it(co: Company) -> None:
    co.found([person("张三", "13900138123", "销售二部", "销售人员")], "11-21 09:00")
    leave = {"姓名": "张三", "开始日期": "2026-11-23", "结束日期": "2026-11-23", "原因": "病假"}
    co.hand_in("孙人", 日报豁免=[leave, {**leave, "姓名": "张三8000"}])
    co.run("11-23 10:00")
    told = co.receipt("孙人").rows("日报豁免")
    assert [row["结果"] for row in told] == ["退回", "已受理"]
    for words in ("有 2 位同事叫“张三”", "张三8000（销售一部）", "张三8123（销售二部）"):
        assert words in told[0]["说明"]
    assert co.ask("SELECT person FROM exemptions") == [{"person": "张三"}]


# -- money for those who are away or gone


@pytest.fixture
def selling(owned: Company) -> Company:
    """张三 has an order, and is ill from the 24th on."""
    owned.found([CASHIER], "11-23 10:10")
    approved_order(owned, "11-23 10:30")
    return owned


def files(co: Company, name: str, at: str, **other: Any) -> dict[str, Any]:
    """Somebody enters money for 宏远; gives the row of the receipt."""
    day = f"2026-{at[:5]}"
    co.hand_in(name, "回款.xlsx", 客户回款=[payment(40000, 回款日期=day, **other)])
    co.run(at)
    return co.receipt(name, "回款").row("客户回款")


def test_the_manager_files_a_payment_for_one_who_is_away_and_it_stays_theirs(selling: Company) -> None:
    (number,) = [row["receipt_no"] for row in selling.ask("SELECT receipt_no FROM orders")]
    early = files(selling, "李四", "11-23 12:00", 订单受理号=number, 回款类型="销售回款")
    assert early["结果"] == "退回"
    assert "归属张三" in early["说明"]
    assert "由其部门经理（没有的由销售经理）提交" in early["说明"]
    assert files(selling, "周八", "11-24 09:00")["结果"] == "退回"  # of another department
    assert files(selling, "赵总", "11-24 09:10")["结果"] == "退回"  # there is a department manager
    told = files(selling, "李四", "11-24 10:00", 订单受理号=number, 回款类型="销售回款")
    assert told["结果"] == "待审批"
    assert "张三已离职或不在岗，由李四代为登记，算张三的回款" in told["说明"]
    sheet = confirmation(selling)
    assert "由李四代为登记" in str(read(sheet).row("审批_客户回款")["系统提示"])
    confirm(selling, sheet, arrived(day="2026-11-24", amount=40000))
    selling.run("11-24 11:00")
    found = selling.ask("SELECT salesperson, filed_by, status FROM payments WHERE status = 'accepted'")
    assert found == [{"salesperson": "张三", "filed_by": "李四", "status": "accepted"}]
    selling.monthly("2026-11", "12-01 01:00")
    lines = table(selling.report("赵总", "指标达成_2026-11").path, "本月", "范围")
    assert {row["姓名"]: row["回款金额(元)完成"] for row in lines}["张三"] == 40000


def test_the_sales_manager_files_it_where_there_is_no_department_manager(selling: Company) -> None:
    selling.hand_in("赵总", 人员变更=[{"姓名": "李四", "生效日期": "2026-11-24", "状态": "离职"}])
    selling.run("11-23 17:00")
    assert files(selling, "赵总", "11-24 10:00")["结果"] == "待审批"
    assert files(selling, "周八", "11-24 10:10")["结果"] == "退回"


def test_a_payment_for_a_leaver_whose_customer_went_to_the_pool_is_filed_by_the_manager(co: Company) -> None:
    co.found([CASHIER], "11-20 09:40")
    co.gain("张三", "李四", HONGYUAN, at="11-23 09:00")
    co.hand_in("赵总", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-24", "状态": "离职"}])
    co.run("11-23 17:00")
    co.nightly("2026-12-24", "12-25 00:30")
    assert co.ask("SELECT owner FROM customers") == [{"owner": None}]
    told = files(co, "李四", "12-25 10:00")
    assert told["结果"] == "待审批", told["说明"]
    assert co.ask("SELECT salesperson, filed_by FROM payments") == [{"salesperson": "张三", "filed_by": "李四"}]


def test_the_manager_puts_right_what_one_who_is_away_has_handed_in(selling: Company) -> None:
    (number,) = [row["receipt_no"] for row in selling.ask("SELECT receipt_no FROM orders")]
    row = {"受理号": number, "处理": "更正", "列": "成交金额", "新值": "90000", "原因": "合同写的是九万元"}
    outcomes = {}
    for at in ("11-23 12:00", "11-24 10:00"):
        selling.hand_in("李四", "更正.xlsx", 更正=[row])
        selling.run(at)
        outcomes[at] = selling.receipt("李四", "更正").row("更正")["结果"]
    assert outcomes == {"11-23 12:00": "退回", "11-24 10:00": "待审批"}
    selling.approve("赵总", "更正", "11-24 11:00")
    assert selling.ask("SELECT amount_fen FROM orders") == [{"amount_fen": 9_000_000}]
    (told,) = [read(path).text for path in selling.new("张三") if "更正" in path.name]
    assert "“成交金额”已由 100,000.00 更正为 90000（李四提交，赵总同意" in told
