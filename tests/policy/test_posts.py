"""Who may submit, who approves, who sees."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import pytest

from ledger.records import Person
from policy.posts import Approver, Member, Missing, approver_for, may_submit
from policy.settings import Settings
from policy.sight import sees, sees_row


@dataclass(frozen=True)
class Colleague:
    name: str
    department: str
    post: str


SELLER = Colleague("张三", "销售一部", "销售人员")
MANAGER = Colleague("李经理", "销售一部", "部门经理")
OTHER_MANAGER = Colleague("白经理", "销售二部", "部门经理")
HEAD = Colleague("王总", "总经办", "销售经理")
OFFICE = Colleague("钱督", "企管部", "企管部")
CASH = Colleague("周纳", "财务部", "出纳")
PEOPLE = (SELLER, MANAGER, OTHER_MANAGER, HEAD, OFFICE, CASH)
CHAIN = ("部门经理", "销售经理", "企管部")


def test_the_manager_of_the_submitters_department_approves() -> None:
    assert approver_for(CHAIN, SELLER, PEOPLE) == Approver("李经理", "部门经理")


def test_a_manager_of_another_department_never_approves() -> None:
    people = [each for each in PEOPLE if each != MANAGER]
    assert approver_for(CHAIN, SELLER, people) == Approver("王总", "销售经理")


@pytest.mark.parametrize(("submitter", "approver"), [(MANAGER, "王总"), (HEAD, "钱督"), (OTHER_MANAGER, "王总")])
def test_nobody_approves_their_own(submitter: Member, approver: str) -> None:
    found = approver_for(CHAIN, submitter, PEOPLE)
    assert isinstance(found, Approver)
    assert found.name == approver


def test_the_departments_own_sales_manager_comes_before_the_companys() -> None:
    own = Colleague("赵销", "销售一部", "销售经理")
    assert approver_for(("销售经理",), SELLER, (*PEOPLE, own)) == Approver("赵销", "销售经理")
    assert approver_for(("销售经理",), OTHER_MANAGER, PEOPLE) == Approver("王总", "销售经理")


def test_of_several_holders_the_first_by_name_is_taken_whatever_the_order() -> None:
    twins = (MANAGER, Colleague("丁经理", "销售一部", "部门经理"), Colleague("陈经理", "销售一部", "部门经理"))
    found = {approver_for(CHAIN, SELLER, order) for order in permutations(twins)}
    assert found == {Approver("丁经理", "部门经理")}


def test_the_cashier_of_the_company_confirms_for_every_department() -> None:
    assert approver_for(("出纳",), SELLER, PEOPLE) == Approver("周纳", "出纳")


def test_a_missing_approver_names_the_posts_that_were_tried() -> None:
    found = approver_for(CHAIN, SELLER, [SELLER, OTHER_MANAGER])
    assert found == Missing(CHAIN, "销售一部")
    assert str(found) == "销售一部找不到审批人：部门经理、销售经理、企管部没有合适的在职人员"


def test_the_only_holder_who_submits_leaves_the_chain_empty() -> None:
    assert approver_for(("出纳",), CASH, PEOPLE) == Missing(("出纳",), "财务部")


def test_only_the_forms_posts_may_submit() -> None:
    assert may_submit("销售人员", ("销售人员", "部门经理"))
    assert not may_submit("出纳", ("销售人员", "部门经理"))


@pytest.mark.parametrize(
    ("report", "viewer", "department", "expected"),
    [
        ("日报合规", OFFICE, None, True),
        ("日报合规", OFFICE, "销售二部", True),
        ("日报合规", MANAGER, "销售一部", True),
        ("日报合规", MANAGER, "销售二部", False),
        ("日报合规", MANAGER, None, False),
        ("日报合规", SELLER, "销售一部", False),
        ("日报扣款", OFFICE, None, False),
        ("日报扣款", MANAGER, "销售一部", False),
        ("日报扣款", Colleague("何人", "人力资源部", "人力资源部"), None, True),
        ("指标达成", HEAD, None, True),
        ("指标达成", SELLER, "销售一部", False),
        ("没有的报表", OFFICE, None, False),
    ],
)
def test_a_report_is_seen_by_its_posts_and_within_the_department(
    report: str, viewer: Member, department: str | None, expected: bool
) -> None:
    assert sees(report, viewer, department, Settings()) is expected


def test_a_salesperson_sees_their_own_attainment_and_nobody_elses() -> None:
    neighbour = Colleague("李四", "销售一部", "销售人员")
    assert sees_row("指标达成", SELLER, SELLER, Settings())
    assert not sees_row("指标达成", SELLER, neighbour, Settings())
    assert not sees_row("日报扣款", SELLER, SELLER, Settings())
    assert sees_row("指标达成", MANAGER, neighbour, Settings())


def test_the_registers_person_is_a_member() -> None:
    def name_of(member: Member) -> str:
        return member.name

    assert {"name", "department", "post"} <= set(Person.__dataclass_fields__)
    assert name_of(SELLER) == "张三"
