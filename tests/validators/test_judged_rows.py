"""A row judged against a book: its pictures, one's own earlier row, what still waits, and everything that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from intake.raw import Trouble
from ledger.journal import Entry
from ledger.photos import window
from ledger.records import Finding, Outcome, Severity
from policy.forms.customer import NewCustomer
from policy.forms.daily_report import DailyReport
from policy.forms.exemption import Exemption
from policy.forms.order import Order
from policy.forms.visit import Visit
from policy.words import fold
from tests.validators.world import DAY, GOOD, HONGYUAN, HUAXIN, NOW, USUAL, World, kept, raw, received
from validators.context import key_text
from validators.judging import find_pictures, gather, judge, kept_row, shaped_row, shaped_rows, texts

LISTS = USUAL.lists.model_dump()
EARLY, LATE = "2026-11-23T09:00:00+08:00", "2026-11-23T10:00:00+08:00"


def visit(**other: Any) -> dict[str, Any]:
    return {
        "客户名称": HONGYUAN, "现场照片": "一.jpg", "拜访对象": "李红", "拜访目的": "确认二期设备数量和交期",
        "拜访记录": "李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。", "下次拜访目的": "带报价单", **other,
    }  # fmt: skip


def shas(
    world: World, photos: Any, embedded: Mapping[str, tuple[str, ...]] | None = None, **other: Any
) -> tuple[list[str], tuple[str, ...]]:
    """The pictures of a visit that are here, and the names of those that are not."""
    row = shaped_row(Visit, raw(Visit, visit(现场照片=photos), embedded), LISTS, DAY)
    found = find_pictures(Visit, row.shaped, embedded or {}, world.context(**other))
    return [photo.facts.sha256 for photo in found.here["photos"]], found.missing


# -- pictures


def test_a_picture_is_found_by_its_name_the_newest_that_no_row_uses(world: World) -> None:
    world.post(
        kept(1, "aa", "一.jpg", arrived_at=EARLY),
        kept(2, "bb", "一.jpg", arrived_at=LATE),
        kept(3, "cc", "一.jpg", "王五"),
    )
    assert shas(world, "一.jpg") == (["bb"], ())
    assert shas(world, "  一.JPG") == (["bb"], ())
    world.post(received("5", "拜访记录", photos=["bb"]))
    assert shas(world, "一.jpg") == (["aa"], ())
    world.post(received("6", "拜访记录", photos=["aa"]))
    assert shas(world, "一.jpg") == (["bb"], ()), "all are used: the rule on pictures says so"
    assert shas(world, "一.jpg", name="王五") == (["cc"], ())


def test_what_came_too_long_ago_or_lies_in_a_cell_answers_to_no_name(world: World) -> None:
    week = NOW - timedelta(days=7)
    assert window(NOW) == week
    just, before = week.isoformat(), (week - timedelta(seconds=1)).isoformat()
    world.post(
        kept(1, "aa", "一.jpg", arrived_at=just),
        kept(2, "bb", "二.jpg", arrived_at=before),
        kept(3, "cc", "三.jpg", embedded=1),
    )
    assert shas(world, "一.jpg、二.jpg、三.jpg、二.jpg") == (["aa"], ("二.jpg", "三.jpg"))


def test_pictures_in_the_row_come_first_and_unknown_ones_are_passed_over(world: World) -> None:
    world.post(kept(1, "aa", "一.jpg"), kept(2, "bb", "格.jpg", embedded=1))
    placed = {"photos": ("dd", "bb")}
    assert shas(world, "一.jpg", placed) == (["bb", "aa"], ())
    assert shas(world, None, placed) == (["bb"], ())


def test_a_column_that_cannot_be_read_has_no_pictures(world: World) -> None:
    row = replace(raw(Visit, visit()), troubles={"photos": Trouble(2, 3, "单元格是错误值", "请改正")})
    shaped = shaped_row(Visit, row, LISTS, DAY).shaped
    found = find_pictures(Visit, shaped, {}, world.context())
    assert (found.here, found.missing) == ({}, ())


def test_a_picture_is_known_with_where_it_was_used_before(world: World) -> None:
    world.post(
        kept(1, "aa", "一.jpg"),
        received("5", "拜访记录", photos=["aa"], person="王五"),
        received("6", "拜访记录", photos=["aa"]),
    )

    def uses(**other: Any) -> list[str]:
        (photo,) = world.gathered(Visit, visit(), **other).facts.photos["photos"]
        assert photo.words is None
        return [use.receipt_no for use in photo.uses]

    assert uses() == ["5", "6"]
    assert uses(receipt_no="6") == ["5"], "the row itself is no other use"


# -- one's own earlier row


def test_one_s_own_row_of_the_same_key_is_not_held_against_the_one_that_replaces_it(world: World) -> None:
    row = {
        "客户名称": HONGYUAN,
        "成交日期": "2026-11-20",
        "成交金额": "128000.00",
        "合同照片": "合同.jpg",
        "合同编号": "HY-1",
    }
    vals, read = (
        {"signed_on": "2026-11-20", "amount_fen": 12_800_000},
        {"customer_key": fold(HONGYUAN), "contract_key": "hy-1"},
    )
    key = key_text((fold(HONGYUAN), "hy-1"))

    def same(**other: Any) -> str | None:
        found = world.known(Order, row, **other).get("same_contract")
        return found.receipt_no if found else None

    world.post(received("5", "成交订单", key=key, vals=vals, read=read))
    assert same() is None
    assert same(name="王五") == "5", "another's row is"
    assert same(receipt_no="9") == "5", "a row that is judged again is besides itself alone"
    world.post(received("6", "成交订单", key="x", vals=vals, read=read))
    assert same() == "6"
    assert key_text(("a", "", "b")) == "a||b"


def test_a_row_without_a_key_replaces_nothing(world: World) -> None:
    gathered = world.gathered(DailyReport, {"日期": "不是日期"})
    assert (gathered.key, gathered.shas, gathered.missing, gathered.elsewhere) == ("", (), (), ())
    assert world.judged(DailyReport, {"日期": "不是日期"}).key == ""


# -- the verdict


def test_everything_that_is_kept_of_a_good_row(world: World) -> None:
    world.post(
        kept(1, "aa", "一.jpg", taken_at="2026-11-23T17:00:00+08:00", make="X", model="X1", lat=None),
        kept(2, "bb", "格.jpg", embedded=1),
    )
    row = replace(raw(Visit, visit(), {"photos": ("bb",), "none": ()}), sheet="拜访 (2)", number=7)
    candidate = shaped_row(Visit, row, LISTS, DAY)
    verdict = judge(candidate, world.context())
    assert (verdict.form, verdict.person, verdict.department, verdict.submitted_at) == (Visit, "张三", "销售一部", NOW)
    assert (verdict.sheet, verdict.row_no, verdict.cells) == ("拜访 (2)", 7, row.cells)
    assert verdict.values == {
        "customer": HONGYUAN, "companions": [], "photos": ["一.jpg"], "met": "李红", "purpose": "确认二期设备数量和交期",
        "content": "李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。", "next_purpose": "带报价单",
    }  # fmt: skip
    assert verdict.read["拜访时间"] == "2026-11-23 17:00"
    assert (verdict.photos, verdict.embedded, verdict.missing) == (("bb", "aa"), {"现场照片": ("bb",)}, ())
    assert (verdict.key, verdict.customer_id, verdict.day) == (f"{fold(HONGYUAN)}|张三|aa|bb", 1, None)
    assert (verdict.rooted, verdict.roots) == ({}, {})
    again = gather(candidate, world.context())
    assert (again.shas, again.missing, again.key) == (verdict.photos, (), verdict.key)


def test_a_row_that_names_a_picture_twice_has_it_once(world: World) -> None:
    world.post(kept(1, "aa", "一.jpg"))
    verdict = world.judged(Visit, visit(现场照片="一.jpg、一.JPG"))
    assert (verdict.photos, verdict.missing) == (("aa",), ())


def test_a_row_that_is_wrong_anyway_is_told_at_once_what_else_is_missing(world: World) -> None:
    good = {**GOOD, "客户名称": "深圳市新科达有限公司", "门头照片": "门头.jpg、侧门.jpg", "证件照片": "照.jpg"}
    waits = world.judged(NewCustomer, good)
    assert (waits.missing, [each for each in waits.findings if each.severity is Severity.REFUSE]) == (
        ("门头.jpg", "侧门.jpg", "照.jpg"),
        [],
    )
    assert waits.outcome(needs_approval=True) is Outcome.WAITING
    wrong = world.judged(NewCustomer, {**good, "客户名称": "宏远"})
    assert wrong.findings[-1] == Finding(
        "row.photo_missing", NewCustomer.clause, Severity.REFUSE, "门头照片", "照片“门头.jpg、侧门.jpg、照.jpg”还没有收到",
        "请把照片和改好的这一行一起投递",
    )  # fmt: skip
    assert wrong.outcome(needs_approval=True) is Outcome.RETURNED
    world.post(kept(1, "aa", "门头.jpg"), kept(2, "bb", "侧门.jpg"), kept(3, "cc", "照.jpg"))
    here = world.judged(NewCustomer, {**good, "客户名称": "宏远"})
    assert [each.rule for each in here.findings if each.rule == "row.photo_missing"] == []
    assert here.refused


def test_a_row_waits_is_pending_or_takes_effect(world: World) -> None:
    verdict = world.judged(
        Exemption, {"姓名": "张三", "开始日期": "2026-11-24", "结束日期": "2026-11-24", "原因": "年假"}, "孙人"
    )
    assert [each.severity for each in verdict.findings] == []
    assert [verdict.outcome(needs_approval=needed) for needed in (True, False)] == [Outcome.PENDING, Outcome.ACCEPTED]
    assert replace(verdict, missing=("a",)).outcome(needs_approval=False) is Outcome.WAITING
    assert verdict.day is None
    report = {
        "日期": "2026-11-23",
        "今日工作总结": "拜访宏远电子，确认二期四十台",
        "明日工作计划": "上午整理报价，下午拜访华新",
    }
    assert world.judged(DailyReport, report).day == DAY
    short = shaped_row(DailyReport, raw(DailyReport, {**report, "日期": "11月23日"}), LISTS, DAY)
    assert (vars(short.shaped.record)["date"], short.shaped.unusable) == (DAY, frozenset()), "the year is today's"


# -- rows as they were


def test_rows_of_a_sheet_are_shaped_in_their_order_each_with_its_own_pictures() -> None:
    placed: dict[str, Mapping[str, tuple[str, ...]]] = {"甲": {}, "乙": {"photos": ("aa",)}, "丙": {"photos": ()}}
    rows = [raw(Visit, visit(拜访对象=name, 现场照片=None), held) for name, held in placed.items()]
    found = shaped_rows(Visit, rows, LISTS, DAY)
    assert [(each.form, each.raw, vars(each.shaped.record)["met"]) for each in found] == [
        (Visit, row, name) for row, name in zip(rows, "甲乙丙", strict=True)
    ]
    blank = [[finding.column for finding in each.shaped.findings] for each in found]
    assert blank == [["现场照片"], [], ["现场照片"]]
    assert shaped_row(Visit, rows[1], LISTS, DAY) == found[1]


def test_a_row_that_was_kept_is_read_again_by_its_headers() -> None:
    cells = [["客户名称", HONGYUAN], ["拜访对象", "李红"], ["备注", "别的"], ["现场照片", "一.jpg"]]
    again = kept_row(Visit, "拜访", 4, cells, {"现场照片": ("aa", "bb")})
    assert (again.sheet, again.number, again.cells, again.troubles) == ("拜访", 4, cells, {})
    assert (again.fields["customer"], again.fields["met"], again.fields["photos"]) == (HONGYUAN, "李红", "一.jpg")
    assert again.fields["purpose"] in (None, "")
    assert {field: held for field, held in again.embedded.items() if held} == {"photos": ("aa", "bb")}


def test_cells_are_kept_as_they_were_read() -> None:
    headers = ((0, "日期"), (2, "金额"), (5, "说明"))
    assert texts(headers, (DAY, "x", 12.5, None)) == [["日期", "2026-11-23"], ["金额", "12.5"], ["说明", ""]]
    assert texts((), ("a",)) == []


@pytest.mark.parametrize("person", ["张三", "王五"])
def test_a_row_is_judged_as_of_its_submitter_and_clock(world: World, person: str) -> None:
    at = datetime.fromisoformat("2026-11-23T21:00:00+08:00")
    report = {
        "日期": "2026-11-23",
        "今日工作总结": "拜访宏远电子，确认二期四十台",
        "明日工作计划": "上午整理报价，下午拜访华新",
    }
    verdict = world.judged(DailyReport, report, person, now=at)
    assert (verdict.person, verdict.submitted_at, verdict.key) == (person, at, f"{person}|2026-11-23")
    assert [each.rule for each in verdict.findings] == ["daily.date.late"]
    world.post(Entry("customer.followed", "2", "王五", {"day": "2026-11-22"}))
    plan = world.judged(Visit, visit(客户名称=HUAXIN), person)
    assert ("visit.customer.mine" in [each.rule for each in plan.findings]) == (person == "张三")
