"""Colleagues: who may be meant by a name that nobody bears, who cannot act any more, and whose row is whose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from policy.forms.claim import Claim
from policy.forms.customer import NewCustomer
from policy.forms.person_change import PersonChange
from policy.forms.visit import Visit
from tests.case_facts import ZONE, put
from validators.facts import Facts, Lookalike
from validators.near import colleagues_hint, customers_hint, sellers_hint
from validators.stands_in import cannot_act
from validators.verdict import Verdict


def facts(**people: dict[str, Any]) -> Facts:
    """The usual company with some more people."""
    return put(NewCustomer, {"people": people}).facts


def test_a_name_that_nobody_bears_may_be_a_slip_for_a_colleague_s_who_is_here() -> None:
    here = facts(
        李四={"department": "销售二部"}, 李三丰={}, 孙三={"left_on": datetime(2026, 11, 1, tzinfo=ZONE).date()}
    )
    assert colleagues_hint("李三", here) == "，是否为“张三”（销售一部）、“李三丰”（销售一部）、“李四”（销售二部）"
    assert colleagues_hint("孙三", here) == "", "known, and gone"
    assert colleagues_hint("李", here) == "", "a surname may be anybody"
    assert colleagues_hint("诸葛孔明", here) == ""


def test_three_are_enough_and_figures_that_tell_namesakes_apart_are_no_slips() -> None:
    many = facts(王一={}, 王二={}, 王四={}, 马超8002={})
    assert colleagues_hint("王七", many) == "，是否为“王一”（销售一部）、“王二”（销售一部）、“王五”（销售一部）"
    assert colleagues_hint("马朝", many) == "，是否为“马超8002”（销售一部）"
    assert colleagues_hint("马超8003", many) == "，是否为“马超8002”（销售一部）"
    assert colleagues_hint("殴阳明", facts(欧阳明8002={})) == "，是否为“欧阳明8002”（销售一部）", (
        "the last four, and no more"
    )
    assert colleagues_hint("欧阳", facts(欧阳修文甲乙={})) == "", "four letters are no figures"


def test_where_a_seller_is_asked_for_only_sellers_are_meant() -> None:
    assert sellers_hint("钱会记", facts()) == ""
    assert colleagues_hint("钱会记", facts()) == "，是否为“钱会计”（财务部）"
    assert sellers_hint("王伍", facts()) == "，是否为“王五”（销售一部）"


def test_customers_that_may_be_meant_are_told_with_their_owners() -> None:
    near = [
        Lookalike("甲公司", "张三", 95),
        Lookalike("乙公司", "公海", 92),
        Lookalike("丙公司", "王五", 90),
        Lookalike("丁公司", "赵六", 89),
    ]
    assert customers_hint(near) == "，是否为“甲公司”（归属张三）、“乙公司”（公海）、“丙公司”（归属王五）"
    assert customers_hint([]) == ""


@pytest.mark.parametrize(
    ("name", "cannot"),
    [("张三", False), ("陈经理", False), ("周总", True), ("钱会计", True), ("郑离职", True), ("冯未到", False)],
)
def test_who_is_gone_or_sells_no_more_cannot_act_for_their_customers(name: str, cannot: bool) -> None:
    here = facts()
    assert cannot_act(here.people[name], here) == cannot


def test_who_leaves_tomorrow_acts_today() -> None:
    leaving = facts(张三={"left_on": datetime(2026, 11, 24, tzinfo=ZONE).date()})
    assert not cannot_act(leaving.people["张三"], leaving)


# -- which rows say the same


def verdict(**other: Any) -> Verdict:
    given: dict[str, Any] = {
        "form": Visit, "person": "张三", "department": "销售一部", "submitted_at": datetime(2026, 11, 23, 18, tzinfo=ZONE),
        "sheet": "拜访记录", "row_no": 2, "cells": [], "values": {"customer": "宏远", "companions": ["王五"]}, "read": {},
        "photos": ("b", "a"), "embedded": {}, "missing": (), "findings": (), "key": "k",
    }  # fmt: skip
    return Verdict(**{**given, **other})


def test_a_row_is_the_same_row_whatever_place_it_has_and_whenever_it_comes() -> None:
    one = verdict().fingerprint
    later = datetime(2026, 11, 24, 9, tzinfo=ZONE)
    same: list[dict[str, Any]] = [
        {"submitted_at": later, "row_no": 9, "sheet": "Sheet1"}, {"photos": ("a", "b")}, {"read": {"owner": "张三"}},
        {"values": {"companions": ["王五"], "customer": "宏远"}},
    ]  # fmt: skip
    assert {verdict(**other).fingerprint for other in same} == {one}
    others: list[dict[str, Any]] = [
        {"key": "l"}, {"photos": ("a",)}, {"missing": ("c.jpg",)}, {"form": Claim}, {"values": {"customer": "华新", "companions": ["王五"]}},
        {"values": {"customer": "宏远", "companions": []}},
    ]  # fmt: skip
    assert len({one, *(verdict(**other).fingerprint for other in others)}) == len(others) + 1


def test_the_same_words_ask_for_a_customer_for_whoever_hands_them_in() -> None:
    def asked(owner: str, **other: Any) -> str:
        return verdict(
            form=NewCustomer, values={"name": "宏远", "owner": None}, read={"owner": owner}, **other
        ).fingerprint

    assert asked("张三") != asked("王五")
    assert asked("张三丰", roots={"张三丰": "张三"}) == asked("张三"), "the same person after a change of name"
    assert asked("李四", roots={"张三丰": "张三"}) == asked("李四")


def test_somebody_who_is_named_is_the_same_after_a_change_of_name() -> None:
    renamed = verdict(values={"customer": "宏远", "companions": ["王五丰"]}, rooted={"companions": ["王五"]})
    assert renamed.fingerprint == verdict().fingerprint


def test_a_column_that_a_later_version_added_and_that_is_blank_changes_nothing() -> None:
    blank = verdict(form=PersonChange, values={"name": "张三", "new_name": None}).fingerprint
    assert blank == verdict(form=PersonChange, values={"name": "张三"}).fingerprint
    assert blank != verdict(form=PersonChange, values={"name": "张三", "new_name": "张三丰"}).fingerprint
    assert blank != verdict(form=PersonChange, values={"name": "张三", "post": None}).fingerprint
