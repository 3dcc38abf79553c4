"""What becomes of a row beside those that the book holds already: exact words, exact entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from ledger.records import Finding, Outcome, Row, Severity, Status
from policy.forms import form_named
from policy.forms.opportunity import Opportunity
from policy.forms.visit import Visit
from processors.merge import KeptUnderKey, complete, merge
from validators.verdict import Verdict

NOON = datetime(2026, 11, 23, 12, 0)
REFUSAL = Finding("visit.x", "visit.5", Severity.REFUSE, "客户名称", "不对", "改")
NOTE = replace(REFUSAL, severity=Severity.NOTE)


def verdict(**other: Any) -> Verdict:
    made = Verdict(
        form=Visit, person="张三", department="销售一部", submitted_at=NOON, sheet="拜访", row_no=2,
        cells=[["客户名称", "宏远"]], values={"customer": "宏远"}, read={"拜访时间": "2026-11-23"}, photos=("cafe",),
        embedded={"现场照片": ("cafe",)}, missing=(), findings=(), key="k", customer_id=7, day=date(2026, 11, 23),
    )  # fmt: skip
    return replace(made, **other)


def row(number: str = "261122-0001", **other: Any) -> Row:
    made = Row(
        receipt_no=number, form="拜访记录", person="张三", department="销售一部", submitted_at=NOON, key="k",
        fingerprint="another", values={}, read={}, cells=[], photos=(), embedded={}, status=Status.PENDING, file_id=1,
        sheet="拜访", row_no=2, decided_by="李四",
    )  # fmt: skip
    return replace(made, **other)


def merged(given: Verdict, standing: KeptUnderKey = KeptUnderKey(), *, needs_approval: bool = True) -> Any:  # noqa: B008
    return merge(given, standing, "261123-0009", file_id=3, needs_approval=needs_approval)


@pytest.mark.parametrize(
    ("given", "approval", "outcome", "status"),
    [
        (verdict(), True, Outcome.PENDING, "pending"), (verdict(), False, Outcome.ACCEPTED, "accepted"),
        (verdict(missing=("甲.jpg",)), False, Outcome.WAITING, "waiting"),
        (verdict(findings=(NOTE,)), True, Outcome.PENDING, "pending"),
        (verdict(findings=(NOTE, REFUSAL), missing=("甲.jpg",)), False, Outcome.RETURNED, "rejected"),
    ],
)  # fmt: skip
def test_a_new_row_is_received_with_all_that_is_known_of_it(
    given: Verdict, approval: bool, outcome: Outcome, status: str
) -> None:
    found = merged(given, needs_approval=approval)
    assert (found.outcome, found.receipt_no, found.findings, found.remark) == (
        outcome,
        "261123-0009",
        given.findings,
        "",
    )
    (entry,) = found.entries
    assert (entry.kind, entry.subject, entry.actor) == ("row.received", "261123-0009", "张三")
    assert entry.payload == {
        "form": "拜访记录", "department": "销售一部", "submitted_at": "2026-11-23T12:00:00", "key": "k",
        "fingerprint": given.fingerprint, "vals": {"customer": "宏远"}, "read": {"拜访时间": "2026-11-23"},
        "cells": [["客户名称", "宏远"]], "photos": ["cafe"], "embedded": {"现场照片": ["cafe"]}, "status": status,
        "file_id": 3, "sheet": "拜访", "row_no": 2, "customer_id": 7, "day": "2026-11-23",
        "findings": [
            {"rule": each.rule, "clause": "visit.5", "severity": each.severity.value, "column": "客户名称",
             "message": "不对", "remedy": "改"} for each in given.findings
        ],
    }  # fmt: skip


def test_a_row_of_no_day_is_of_no_day() -> None:
    assert merged(verdict(day=None)).entries[0].payload["day"] is None


@pytest.mark.parametrize(
    ("status", "word"), [(Status.ACCEPTED, "已受理"), (Status.PENDING, "待审批"), (Status.WAITING, "待补照片")]
)
def test_the_same_row_again_is_not_entered_again(status: Status, word: str) -> None:
    live = row(fingerprint=verdict().fingerprint, status=status)
    found = merged(verdict(), KeptUnderKey(live))
    assert (found.outcome, found.receipt_no, found.findings, found.entries) == (
        Outcome.DUPLICATE,
        "261122-0001",
        (),
        (),
    )
    twice = f"；{Visit.twice}" if Visit.twice else ""
    assert found.remark == f"与受理号 261122-0001 是同一行（{word}），不再重复登记{twice}"


def test_what_a_form_says_of_a_second_is_said() -> None:
    forms = [form_named(name) for name in ("客户回款", "成交订单", "拜访记录", "销售日报", "客户新增")]
    for form in filter(None, forms):
        given = verdict(form=form)
        found = merged(given, KeptUnderKey(row(fingerprint=given.fingerprint)))
        assert found.remark.endswith(form.twice or "不再重复登记")


def test_an_old_copy_does_not_bring_back_what_was_mended() -> None:
    live = row("261123-0002")
    before = replace(row("261121-0001"), status=Status.REJECTED)
    found = merged(verdict(), KeptUnderKey(live, turned_down=before))
    assert (found.outcome, found.receipt_no, found.entries, found.findings) == (
        Outcome.DUPLICATE,
        "261121-0001",
        (),
        (),
    )
    assert found.remark == "与已被李四驳回的受理号 261121-0001 内容相同，以改过的受理号 261123-0002（待审批）为准"
    found = merged(verdict(), KeptUnderKey(live, replaced=before))
    assert (found.outcome, found.receipt_no, found.entries, found.findings) == (
        Outcome.DUPLICATE,
        "261121-0001",
        (),
        (),
    )
    assert found.remark == "与已被替换的受理号 261121-0001 内容相同，以替换它的受理号 261123-0002（待审批）为准"


@pytest.mark.parametrize(("comment", "said"), [("", ""), ("太短", "，意见：太短")])
def test_what_was_rejected_may_come_again_and_is_flagged(comment: str, said: str) -> None:
    before = row(status=Status.REJECTED, comment=comment)
    found = merged(verdict(findings=(NOTE,)), KeptUnderKey(turned_down=before))
    words = f"与已被李四驳回的受理号 261122-0001 内容相同{said}"
    again = Finding("row.again", Visit.clause, Severity.FLAG, "", words, "请按审批意见修改；驳回有误的由审批人核实")
    assert (found.outcome, found.findings, found.remark) == (Outcome.PENDING, (NOTE, again), "")
    assert [entry.kind for entry in found.entries] == ["row.received"]
    assert [each["rule"] for each in found.entries[0].payload["findings"]] == ["visit.x", "row.again"]


def test_what_was_replaced_long_ago_may_come_again_where_nothing_stands() -> None:
    assert merged(verdict(), KeptUnderKey(replaced=row())).outcome is Outcome.PENDING


def test_another_row_of_ones_own_takes_the_place_of_what_waits() -> None:
    for form, word in ((Visit, "替换"), (Opportunity, "接续")):
        found = merged(verdict(form=form), KeptUnderKey(row()))
        assert (found.outcome, found.receipt_no) == (Outcome.PENDING, "261123-0009")
        assert found.remark == f"{word}了先前提交的受理号 261122-0001（被替换）"
        gone, received = found.entries
        assert (gone.kind, gone.subject, gone.actor, gone.payload) == (
            "row.superseded", "261122-0001", "张三", {"by": "261123-0009"})  # fmt: skip
        assert received.kind == "row.received"


def test_what_waits_of_somebody_else_is_not_replaced() -> None:
    found = merged(verdict(), KeptUnderKey(row(person="王五")))
    (finding,) = found.findings
    assert finding == Finding(
        "row.others", Visit.clause, Severity.REFUSE, "", "王五已提交受理号 261122-0001，还没有审批，不能由别人替换",
        "请与对方商量；对方的被驳回后可以再提交",
    )  # fmt: skip
    assert (found.outcome, found.remark) == (Outcome.RETURNED, "")
    assert [entry.kind for entry in found.entries] == ["row.received"]


def test_what_has_taken_effect_is_not_replaced_unless_it_moves_on() -> None:
    found = merged(verdict(), KeptUnderKey(row(status=Status.ACCEPTED)))
    assert found.findings == (
        Finding(
            "row.settled", Visit.clause, Severity.REFUSE, "", "受理号 261122-0001 已经生效，不能用另一份内容替换",
            "要修改已生效的内容，请投递“更正”；客户资料用“信息变更”，人员用“人员变更”",
        ),
    )  # fmt: skip
    assert (found.outcome, len(found.entries)) == (Outcome.RETURNED, 1)
    moved = merged(verdict(form=Opportunity), KeptUnderKey(row(status=Status.ACCEPTED, person="王五")))
    assert (moved.outcome, moved.findings, len(moved.entries)) == (Outcome.PENDING, (), 2)


def test_a_refused_row_leaves_what_stands_alone() -> None:
    found = merged(verdict(findings=(REFUSAL,)), KeptUnderKey(row(person="王五")))
    assert (found.outcome, found.findings, found.remark, len(found.entries)) == (Outcome.RETURNED, (REFUSAL,), "", 1)


# -- a row whose pictures have come


def test_once_its_pictures_have_come_a_row_is_judged_again() -> None:
    waiting = row("261122-0005", status=Status.WAITING)
    outcome, (entry,) = complete(waiting, verdict(), KeptUnderKey(waiting), needs_approval=True)
    assert (outcome, entry.kind, entry.subject, entry.actor) == (
        Outcome.PENDING,
        "row.completed",
        "261122-0005",
        "张三",
    )
    assert entry.payload == {
        "key": "k", "fingerprint": verdict().fingerprint, "status": "pending", "read": {"拜访时间": "2026-11-23"},
        "photos": ["cafe"], "vals": {"customer": "宏远"}, "findings": [],
    }  # fmt: skip
    assert complete(waiting, verdict(), KeptUnderKey(), needs_approval=False)[0] is Outcome.ACCEPTED


def test_two_rows_that_turn_out_to_be_one_matter_are_one() -> None:
    waiting = row("261122-0005", status=Status.WAITING)
    outcome, (entry,) = complete(waiting, verdict(findings=(NOTE,)), KeptUnderKey(row()), needs_approval=True)
    assert (outcome, entry.payload["status"]) == (Outcome.RETURNED, "rejected")
    assert entry.payload["findings"][1] == {
        "rule": "row.same", "clause": Visit.clause, "severity": "refuse", "column": "",
        "message": "照片到齐后与受理号 261122-0001 是同一件事",
        "remedy": "无需重复提交；要改内容的，请用同一张照片投递改好的一行",
    }  # fmt: skip
