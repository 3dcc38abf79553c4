"""拜访计划, played through folders: approved, followed, and told of when it was not carried out (客户拜访 5.3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.company import Company, a_company_with_a_customer, read, shot, visit
from tests.deals import NAME, plan, sheet_is_returned, table


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.new("张三")
        yield made


def planned(co: Company, *rows: Any, at: str = "11-23 10:00", by: str = "张三") -> list[dict[str, Any]]:
    """The rows of the receipt for these plans."""
    return co.answers(by, "拜访计划", rows, at)


def approved(co: Company, *rows: Any) -> list[str]:
    """受理号 of plans that 李四 approves at once."""
    numbers = [row["受理号"] for row in planned(co, *rows)]
    co.decide("李四", co.approval("李四", "拜访计划"))
    co.run("11-23 11:00")
    co.new("张三")
    return numbers


def visited(co: Company, at: str, seed: int = 2) -> dict[str, Any]:
    """The approval sheet's row of a visit at that moment, dropped and issued the same hour."""
    co.drop("张三", "现场.jpg", shot(at, seed))
    co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()])
    co.run(at[:-2] + "59")
    return read(co.approval("李四", "拜访记录")).row("审批_拜访记录")


def not_carried_out(co: Company, day: str, name: str = "李四") -> list[dict[str, Any]]:
    path = co.share / name / "取件" / "报表" / f"2026-{day[:2]}" / f"部门概览_2026-{day}.xlsx"
    return table(path, "未执行计划", "计划日期")


def test_a_plan_is_approved_by_the_manager_and_stands_in_the_book(co: Company) -> None:
    (number,) = approved(co, plan("2026-11-24"))
    assert co.ask("SELECT receipt_no, customer, salesperson, planned_on, status FROM visit_plans") == [
        {"receipt_no": number, "customer": NAME, "salesperson": "张三", "planned_on": "2026-11-24",
         "status": "accepted"}]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (plan("2026-11-22"), "2026-11-22 已经过去"),
        (plan("2028-11-22"), "一年以后"),
        (plan("2026-11-24", 拜访目的="谈"), "拜访目的只有 1 个字"),
        (plan("2026-11-24", "没有的公司"), "客户档案中没有"),
        (plan("下周二"), "看不出是哪一天"),
    ],
)
def test_a_plan_that_cannot_be_right_comes_back(co: Company, row: Any, words: str) -> None:
    (told,) = planned(co, row)
    assert told["结果"] == "退回"
    assert words in told["说明"]


def test_a_visit_that_follows_an_approved_plan_says_so_to_the_approver(co: Company) -> None:
    (number,) = approved(co, plan("2026-11-24"))
    flags = visited(co, "11-24 15:00")["系统提示"]
    assert f"本次拜访按已审批的计划进行（受理号 {number}：确认二期设备数量和交期）" in flags


@pytest.mark.parametrize("how", ["not yet approved", "another day", "a colleague's"])
def test_a_visit_without_its_own_approved_plan_does_not(co: Company, how: str) -> None:
    if how == "not yet approved":
        planned(co, plan("2026-11-24"))
    elif how == "another day":
        approved(co, plan("2026-11-25"))
    else:
        planned(co, plan("2026-11-24"), by="王五")
        co.decide("李四", co.approval("李四", "拜访计划"))
        co.run("11-23 11:00")
    assert "计划进行" not in (visited(co, "11-24 15:00")["系统提示"] or "")


def test_plans_that_were_not_carried_out_are_told_to_the_manager_of_the_department(co: Company) -> None:
    approved(co, plan("2026-11-24"), plan("2026-11-25"), plan("2026-11-27"))
    planned(co, plan("2026-11-25"), by="王五", at="11-23 12:00")  # waits for approval: not a plan yet
    co.nightly("11-24", "11-25 00:30")
    (missed,) = not_carried_out(co, "11-24")
    assert (missed["销售人员"], missed["客户名称"]) == ("张三", NAME)
    assert str(missed["计划日期"])[:10] == "2026-11-24"
    visited(co, "11-25 15:00")
    co.nightly("11-25", "11-26 00:30")
    assert [str(row["计划日期"])[:10] for row in not_carried_out(co, "11-25")] == ["2026-11-24"]
    assert [str(row["计划日期"])[:10] for row in not_carried_out(co, "11-25", "赵总")] == ["2026-11-24"]
    assert not_carried_out(co, "11-25", "周八") == []


def test_a_visit_that_was_turned_down_does_not_carry_out_a_plan(co: Company) -> None:
    approved(co, plan("2026-11-24"))
    co.drop("张三", "现场.jpg", shot("11-24 15:00", 2))
    co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()])
    co.run("11-24 16:00")
    co.decide("李四", co.approval("李四", "拜访记录"), "驳回", "不是本人")
    co.run("11-24 17:00")
    co.nightly("11-24", "11-25 00:30")
    assert len(not_carried_out(co, "11-24")) == 1


def test_a_plan_is_followed_though_the_customer_was_renamed_meanwhile(co: Company) -> None:
    (number,) = approved(co, plan("2026-11-24"))
    co.hand_in(
        "张三",
        "变更.xlsx",
        信息变更=[{"客户名称": NAME, "新客户名称": "深圳市远大电子有限公司", "变更说明": "执照已变更为新名称"}],
    )
    co.run("11-23 12:00")
    co.decide("李四", co.approval("李四", "信息变更"))
    co.run("11-23 13:00")
    co.drop("张三", "现场.jpg", shot("11-24 15:00", 2))
    co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit(name="深圳市远大电子有限公司")])
    co.run("11-24 16:00")
    assert f"受理号 {number}" in read(co.approval("李四", "拜访记录")).row("审批_拜访记录")["系统提示"]
    co.nightly("11-24", "11-25 00:30")
    assert not_carried_out(co, "11-24") == []


def test_a_plan_changed_before_its_approval_replaces_the_first(co: Company) -> None:
    (first,) = planned(co, plan("2026-11-24"))
    (again,) = planned(co, plan("2026-11-24", 拜访目的="送报价单并确认交期"), at="11-23 10:30")
    assert (again["结果"], f"替换了先前提交的受理号 {first['受理号']}" in again["说明"]) == ("待审批", True)


def test_only_salespeople_hand_in_plans(co: Company) -> None:
    sheet_is_returned(co, "李四", "拜访计划", plan("2026-11-24"), may="销售人员")
