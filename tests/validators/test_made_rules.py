"""Rules that are made for several forms: what each form gets, asked of whoever makes them, and held against the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from ledger.records import Severity
from tests.case_files import all_rules
from validators.disguise import disguise_rule
from validators.facts import Facts
from validators.named_customer import customer_rules
from validators.particulars import particular_rules
from validators.photo import field_name, photo_rules
from validators.rule import FLAG, NOTE, REFUSE, Rule, rule

BY_ID = {each.id: each for each in all_rules()}


def is_kept(made: Sequence[Rule], besides: Sequence[str] = ()) -> list[str]:
    """The ids of rules that were made; each is the catalogue's own but for the function, which is made anew."""
    for each in made:
        if each.id not in besides:
            own = BY_ID[each.id]
            assert replace(each, check=own.check) == own, each.id
            assert each.check.__doc__ is not None
            assert each.meaning == each.check.__doc__.strip() != ""
    return [each.id for each in made]


@pytest.mark.parametrize(
    ("code", "clause"), [("visit", "visit.5.2"), ("plan", "visit.5.3"), ("order", "order.5.1.1"), ("opportunity", "purpose.1")]
)  # fmt: skip
def test_a_form_about_one_s_own_or_shared_customers(code: str, clause: str) -> None:
    made = customer_rules(code, clause)
    names = ["known", "ambiguous", "mine", "waiting"]
    assert is_kept(made) == [f"{code}.customer.{name}" for name in names]
    assert [each.severity for each in made] == [REFUSE, REFUSE, REFUSE, NOTE]
    assert {(each.clause, each.column, each.reads) for each in made} == {(clause, "客户名称", ("customer",))}
    assert made[0].remedy == "请核对客户名称；新客户请先（或同时）投递“客户新增”"
    assert made[3].says == "客户“{customer}”还在审批中，客户通过后这一行才能审批"


def test_a_form_that_only_the_owner_hands_in() -> None:
    made = customer_rules("change", "change.9", mine="owner")
    assert is_kept(made) == [f"change.customer.{name}" for name in ("known", "ambiguous", "mine", "waiting")]
    assert {each.severity for each in made} == {REFUSE}
    assert made[0].remedy == "请核对客户名称；新客户请先投递“客户新增”"
    assert (made[3].says, made[3].remedy) == ("客户“{customer}”还在审批中，现在不能办理", "请等客户通过审批后再提交")
    assert [each.check for each in made] == [BY_ID[each.id].check for each in made]
    claims = customer_rules("claim", "claim.4.1", mine="owner")
    assert is_kept(claims, ["claim.customer.mine", "claim.customer.waiting"])


def test_a_name_in_disguise_is_refused_on_every_form_that_gives_one() -> None:
    for code, field, column, clause in (
        ("customer.name", "name", "客户名称", "customer.3.1.1"), ("change.name", "new_name", "新客户名称", "change.9.1"),
        ("person.name", "name", "姓名", "person.10"), ("person_change.new_name", "new_name", "新姓名", "person.10"),
    ):  # fmt: skip
        made = disguise_rule(f"{code}.disguised", field, column, clause)
        assert is_kept([made]) == [f"{code}.disguised"]
        assert (made.severity, made.reads, made.column, made.clause) == (REFUSE, (field,), column, clause)


ADDRESS = {"客户地址": "customer.3.1.4", "详细地址": "customer.3.1.4"}


def test_an_address_and_a_shop_front_are_held_to_the_same_on_a_new_customer_and_on_a_change() -> None:
    made = particular_rules("customer", ADDRESS, "customer.3.1")
    ids = is_kept(made)
    assert ids[:5] == [
        f"customer.{name}" for name in ("area.real", "area.city", "area.district", "address.door", "address.doubt")
    ]
    assert ids[5:] == [
        f"customer.front_photo.{name}"
        for name in ("unreadable", "document", "screenshot", "reused", "similar", "blurred", "part")
    ]
    assert {each.clause for each in made} == {"customer.3.1.4", "customer.3.1"}
    assert {each.column for each in made[5:]} == {"门头照片"}
    changed = particular_rules("change", {"客户地址": "change.9.6", "详细地址": "change.9.6"}, "change.9.2")
    assert is_kept(changed) == [each.replace("customer.", "change.", 1) for each in ids]


def test_a_column_of_photos_has_the_rules_that_it_asks_for() -> None:
    on_site = {"": "visit.5.2.3", "untimed": "visit.5.2.5"}
    every = photo_rules("visit", "photos", "现场照片", on_site, on_site=True)
    assert [each.id.rpartition(".")[2] for each in every] == [
        "unreadable", "document", "screenshot", "stripped", "untimed", "no_camera", "edited", "retouched", "tables", "stale",
        "carried", "future", "clock", "reused", "similar", "part", "small", "blurred", "camera",
    ]  # fmt: skip
    for each in every:
        own = BY_ID[each.id]
        assert replace(each, check=own.check, clause=own.clause) == own
        assert each.clause == ("visit.5.2.5" if each.id.endswith(".untimed") else "visit.5.2.3")
    some = photo_rules(
        "order",
        "contract_photos",
        "合同照片",
        {"": "order.5.1.3"},
        on_site=False,
        only=("unreadable", "reused", "similar", "part"),
    )
    assert is_kept(some) == [f"order.contract_photo.{name}" for name in ("unreadable", "reused", "similar")], (
        "none of a place"
    )
    assert [field_name(name) for name in ("photos", "front_photos", "proof")] == ["photo", "front_photo", "proof"]


def test_a_rule_is_what_is_written_above_its_check() -> None:
    def check(_record: Any, facts: Facts) -> Any:
        """What it means."""
        yield {"n": facts}

    made = rule(
        "a.b", clause="c", column="列", severity=FLAG, says="有 {n} 个", remedy="请改成 {n}", reads=("x",), follows=str
    )(check)
    assert made == Rule("a.b", "c", "列", FLAG, "有 {n} 个", "请改成 {n}", ("x",), check, "What it means.", str)
    check.__doc__ = None
    assert rule("a.b", clause="c", column="列", severity=FLAG, says="", remedy="")(check) == Rule(
        "a.b", "c", "列", FLAG, "", "", (), check, "", None
    )
    found = made.finding({"n": 3}, Severity.NOTE)
    assert (found.rule, found.clause, found.severity, found.column) == ("a.b", "c", Severity.NOTE, "列")
    assert (found.message, found.remedy) == ("有 3 个", "请改成 3")
    assert made.finding({"n": 3, "column": "别的列"}, FLAG).column == "别的列"
