"""What the group's other books say of a row: flags that name the branch, and which branch could not be asked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger.branches import Branches
from ledger.journal import Entry
from ledger.records import Finding, Severity
from policy.form import Form
from policy.forms.customer import NewCustomer
from policy.forms.customer_change import CustomerChange
from policy.forms.daily_report import DailyReport
from policy.forms.opening import OpeningCustomer
from policy.forms.person import NewPerson
from policy.forms.visit import Visit
from tests.validators.world import DESHENG, GOOD, HONGYUAN, World, a_world, customer, joined, kept, received

CANTON, ZHUHAI, HUIZHOU = "广州分公司", "珠海分公司", "惠州分公司"


@pytest.fixture
def canton(tmp_path: Path) -> Path:
    """The ledger of a branch: 张三 there has a customer, and used a picture twice; 德胜 is in its pool."""
    with a_world(tmp_path / "canton") as other:
        other.post(
            kept(1, "aa", "一.jpg"), received("7", "拜访记录", "accepted", photos=["aa"]), joined("外人", phone="13900139000"),
            joined("走人", phone="13900139001"), Entry("person.changed", "走人", "孙人", {
                **dict.fromkeys(("phone", "new_name", "department", "post", "max_customers", "max_follow_days", "region")),
                "state": "离职", "effective_on": "2026-11-20", "receipt_no": "p"}),
        )  # fmt: skip
        other.post(received("8", "拜访记录", "accepted", "王五", photos=["aa"]))
    shutil.copyfile(tmp_path / "canton" / "ledger.db", path := tmp_path / "canton.db")
    return path


@pytest.fixture
def group(world: World, canton: Path) -> World:
    """A branch that knows of Canton alone."""
    world.book.branches = Branches({CANTON: canton})
    return world


def said(world: World, form: type[Form], row: Mapping[str, Any], **other: Any) -> list[Finding]:
    return list(world.gathered(form, row, **other).elsewhere)


def visit(photos: str = "一.jpg") -> dict[str, Any]:
    return {"客户名称": HONGYUAN, "现场照片": photos}


def used(branch: str, person: str, receipt_no: str, name: str = "一.jpg") -> Finding:
    return Finding(
        "group.photo.used", "visit.5.2.3", Severity.FLAG, "现场照片",
        f"“{name}”已在{branch}由 {person} 在 2026-11-23 用于受理号 {receipt_no}", "每张照片在全集团只能用一次；由审批人与该分公司核实",
    )  # fmt: skip


def test_a_company_without_branches_is_told_nothing(world: World) -> None:
    world.post(kept(1, "aa", "一.jpg"))
    assert said(world, Visit, visit()) == []


def test_a_picture_that_another_branch_used_is_flagged_once_a_branch_with_its_first_use(group: World) -> None:
    group.post(
        kept(1, "aa", "一.jpg"),
        kept(2, "bb", "二.jpg", pixel_hash="paa"),
        kept(3, "cc", "三.jpg"),
        kept(4, "dd", "四.jpg", pixel_hash=None),
    )
    assert said(group, Visit, visit()) == [used(CANTON, "张三", "7")]
    assert said(group, Visit, visit("二.jpg")) == [used(CANTON, "张三", "7", "二.jpg")], "the same pixels"
    assert said(group, Visit, visit("三.jpg、四.jpg、没有.jpg")) == []
    both = said(group, Visit, visit("一.jpg、二.jpg"))
    assert both == [used(CANTON, "张三", "7"), used(CANTON, "张三", "7", "二.jpg")]


def test_each_branch_that_used_it_is_named(group: World, canton: Path, tmp_path: Path) -> None:
    shutil.copyfile(canton, tmp_path / "huizhou.db")
    group.book.branches = Branches({CANTON: canton, HUIZHOU: tmp_path / "huizhou.db"})
    group.post(kept(1, "aa", "一.jpg"))
    assert sorted(said(group, Visit, visit()), key=lambda each: each.message) == [
        used(CANTON, "张三", "7"),
        used(HUIZHOU, "张三", "7"),
    ]


def owned(name: str, whose: str, column: str) -> Finding:
    return Finding(
        "group.customer.owned", "purpose.1", Severity.FLAG, column, f"{CANTON}也有“{name}”，归属：{whose}",
        "由审批人与该分公司商定由谁跟进；同一公司的另一家门店请写明店名",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "header", "row"),
    [
        (NewCustomer, "客户名称", {**GOOD, "门头照片": "没有.jpg"}), (OpeningCustomer, "客户名称", {**GOOD, "客户状态": "公海"}),
        (CustomerChange, "新客户名称", {"客户名称": "没有的公司", "变更说明": "客户来函通知变更"}),
    ],
)  # fmt: skip
def test_a_customer_of_another_branch_is_flagged_with_its_owner_there(
    group: World, form: type[Form], header: str, row: dict[str, Any]
) -> None:
    assert said(group, form, {**row, header: HONGYUAN}) == [owned(HONGYUAN, "张三", header)]
    assert said(group, form, {**row, header: "深圳市 宏远电子 有限公司"}) == [
        owned("深圳市 宏远电子 有限公司", "张三", header)
    ]
    assert said(group, form, {**row, header: DESHENG}) == [owned(DESHENG, "公海", header)]
    assert said(group, form, {**row, header: "深圳市新科达有限公司"}) == said(group, form, {**row, header: None}) == []


def test_a_visit_to_a_customer_of_another_branch_is_nobody_s_business(group: World) -> None:
    assert said(group, Visit, visit("没有.jpg")) == []


def test_somebody_who_is_on_another_branch_s_register_is_flagged(group: World) -> None:
    row = {"姓名": "新人", "手机号码": "13900139000"}
    assert said(group, NewPerson, row) == [
        Finding(
            "group.person.registered", "person.10", Severity.FLAG, "手机号码", f"手机号码 13900139000 在{CANTON}登记给 外人，还在职",
            "一个人只在一家分公司的名册里：已经调动的，请那边登记离职",
        )
    ]  # fmt: skip
    assert said(group, NewPerson, {**row, "手机号码": "13900139001"}) == [], "who has left there"
    assert said(group, NewPerson, {**row, "手机号码": None}) == []


UNHEARD = {
    ZHUHAI: "珠海分公司的账本现在读不到，这一行没有与它核对",
    HUIZHOU: "惠州分公司的账本现在读不到，这一行没有与它核对",
}


def test_which_branches_could_not_be_asked_is_said_where_there_was_something_to_ask(
    world: World, canton: Path, tmp_path: Path
) -> None:
    world.book.branches = Branches({ZHUHAI: tmp_path / "zhuhai.db", CANTON: canton, HUIZHOU: tmp_path / "huizhou.db"})
    world.post(kept(1, "aa", "一.jpg"), customer(9, "深圳市新科达有限公司"))

    def unheard(form: type[Form], row: Mapping[str, Any]) -> list[str]:
        found = [each for each in said(world, form, row) if each.rule == "group.unknown"]
        assert {(each.clause, each.severity, each.column, each.remedy) for each in found} <= {
            (form.clause, Severity.NOTE, "", "无需处理，不影响这一行")
        }
        return [each.message for each in found]

    both = [UNHEARD[HUIZHOU], UNHEARD[ZHUHAI]]
    assert unheard(Visit, visit()) == both
    assert said(world, Visit, visit())[0] == used(CANTON, "张三", "7"), "who answers is heard"
    assert unheard(Visit, visit("没有.jpg")) == [], "a row without pictures asks nobody"
    assert unheard(NewCustomer, {**GOOD, "客户名称": "没有的公司", "门头照片": "没有.jpg"}) == both
    assert unheard(NewPerson, {"姓名": "新人", "手机号码": "13900139000"}) == both
    assert unheard(DailyReport, {"日期": "2026-11-23"}) == []


def test_what_the_group_says_stands_behind_all_else(group: World) -> None:
    row = {**GOOD, "客户名称": HONGYUAN, "门头照片": "没有.jpg"}
    rules = [each.rule for each in group.judged(NewCustomer, row, "王五").findings]
    assert rules[-2:] == ["group.customer.owned", "row.photo_missing"]
    assert "customer.name.taken" in rules
