"""A decision as it came back on a sheet: taken, repeated, or refused with a reason and a way out (客户拜访 5.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from ledger.journal import Entry
from ledger.records import Row, Status
from ledger.sheets import IssuedRow
from processors.approval import (
    Office,
    Refused,
    Repeated,
    Returned,
    customer_missing,
    decide,
    understood,
)

NOON = datetime(2026, 11, 23, 12, 0)
NUMBER = "261123-0001"
RETURNED = Returned("李四", NUMBER, ("SP-1", NUMBER), {"客户名称": "宏远 电子"}, "同意", "", NOON)
ISSUED = IssuedRow("SP-1", "拜访记录", "李四", NOON, NUMBER, "f", {"客户名称": "宏远电子"}, open=True)
ROW = Row(
    receipt_no=NUMBER, form="拜访记录", person="张三", department="销售一部", submitted_at=NOON, key="k", fingerprint="f",
    values={}, read={}, cells=[], photos=(), embedded={}, status=Status.PENDING, file_id=1, sheet="拜访", row_no=2,
)  # fmt: skip
DECIDED = replace(ROW, status=Status.ACCEPTED, decided_by="李四", decided_at=datetime(2026, 11, 23, 9, 5))


def decided(
    returned: Returned = RETURNED, issued: IssuedRow | None = ISSUED, row: Row | None = ROW,
    hindrance: Refused | None = None, office: Office = Office(),  # noqa: B008
) -> Entry | Refused | Repeated:  # fmt: skip
    return decide(returned, issued, row, hindrance=hindrance, office=office)


def why(found: Entry | Refused | Repeated) -> tuple[str, str, str, str]:
    assert isinstance(found, Refused)
    return found.why.value, found.column, found.message, found.remedy


def back(**other: Any) -> Returned:
    return replace(RETURNED, **other)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        *((each, "同意") for each in ("同意", "通过", "批准", "同意通过", "计", "计入", "核定", "√", "✓", "✔", "☑", "是", "OK", "yes", "Y")),
        *((each, "驳回") for each in ("驳回", "不计", "划去", "不同意", "不通过", "不批准", "退回", "拒绝", "×", "✗", "✘", "✕", "X", "否", "No", "n")),
        ("同意。", "同意"), ("同意.", "同意"), ("驳回！", "驳回"), ("同意!", "同意"), ("再看看", "再看看"), ("同意吗", "同意吗"),
    ],
)  # fmt: skip
def test_a_decision_is_understood_however_it_is_said(said: str, word: str) -> None:
    assert understood(said) == word


@pytest.mark.parametrize(("decision", "comment", "status"), [("同意", "", "accepted"), ("驳回", "太短", "rejected")])
def test_a_decision_is_an_entry_of_whoever_took_it(decision: str, comment: str, status: str) -> None:
    found = decided(back(decision=decision, comment=comment))
    assert isinstance(found, Entry)
    assert (found.kind, found.subject, found.actor) == ("decision.made", NUMBER, "李四")
    payload = {
        "number": "SP-1", "decision": decision, "comment": comment, "decided_at": "2026-11-23T12:00:00", "status": status,
    }  # fmt: skip
    assert found.payload == payload
    deputy = decided(back(decision=decision, comment=comment), office=Office(instead_of="赵总"))
    assert isinstance(deputy, Entry)
    assert deputy.payload == {**payload, "instead_of": "赵总"}


def test_what_was_not_signed_by_us_decides_nothing() -> None:
    words = ("forged", "校验码", "校验码不对，这一行不是本系统发出的审批内容", "请使用“取件/审批”文件夹中的原审批单")
    assert why(decided(back(token=None))) == words
    assert why(decided(issued=None)) == words
    assert why(decided(back(receipt_no="261123-0002"))) == (
        "number", "受理号", f"受理号被改动，原为 {NUMBER}", "请使用原审批单，只填写黄色单元格")  # fmt: skip


def test_a_sheet_is_for_whom_it_was_issued_to_unless_the_office_is_shared() -> None:
    assert why(decided(back(person="王五"))) == ("addressee", "受理号", "这份审批单是发给李四的", "请由本人审批")
    shared = decided(back(person="王五"), office=Office(shared=True))
    assert isinstance(shared, Entry)
    assert shared.actor == "王五"


@pytest.mark.parametrize("cells", [{"客户名称": "宏远电器"}, {}])
def test_a_locked_cell_that_was_changed_is_named(cells: dict[str, str]) -> None:
    assert why(decided(back(cells=cells))) == (
        "locked", "客户名称", "锁定的“客户名称”被改动，原为“宏远电子”", "请恢复原内容，只填写黄色单元格")  # fmt: skip


@pytest.mark.parametrize(("issued", "now"), [(None, None), (None, " "), ("a\nb", " a b"), (12, "12")])
def test_programs_may_wrap_and_trim(issued: Any, now: str | None) -> None:
    cells = {"客户名称": now} if now is not None else {}
    assert isinstance(decided(back(cells=cells), replace(ISSUED, cells={"客户名称": issued})), Entry)


def test_a_decision_needs_one_of_two_words_and_a_refusal_a_reason() -> None:
    assert why(decided(back(decision="再看看"))) == (
        "words",
        "审批结论",
        "“再看看”不是有效的结论",
        "请填写 同意 或 驳回",
    )
    assert why(decided(back(decision="驳回"))) == (
        "comment", "审批意见", "驳回必须填写审批意见", "请写明驳回的原因，方便提交人修改")  # fmt: skip


@pytest.mark.parametrize("row", [None, replace(ROW, status=Status.SUPERSEDED), replace(ROW, fingerprint="g")])
def test_what_was_handed_in_anew_is_decided_on_its_new_sheet(row: Row | None) -> None:
    assert why(decided(row=row)) == (
        "changed", "受理号", "这一行在发出审批单之后已被提交人修改", "请在新的审批单中审批")  # fmt: skip


def test_what_was_given_to_another_and_what_is_ones_own_is_not_decided() -> None:
    assert why(decided(issued=replace(ISSUED, open=False))) == (
        "moved", "受理号", "这一行已改由其他审批人审批", "无需处理；如有疑问请联系管理员")  # fmt: skip
    assert why(decided(row=replace(ROW, person="李四"))) == (
        "own", "审批结论", "不能审批自己提交的内容", "由审批链中的下一位审批")  # fmt: skip


def test_a_customer_that_is_not_in_the_book_stands_in_the_way_of_approving_only() -> None:
    waits, gone = customer_missing(ROW), customer_missing(None)
    assert why(decided(hindrance=waits)) == (
        "customer_waits", "审批结论", f"所属客户（受理号 {NUMBER}）还没有审批通过", "请先审批客户新增，再审批本行")  # fmt: skip
    assert why(gone) == (
        "customer_gone", "审批结论", "所属客户没有通过审批，不在客户档案中",
        "请驳回本行；或等客户重新投递并通过后再审批")  # fmt: skip
    assert isinstance(decided(back(decision="驳回", comment="不对"), hindrance=gone), Entry)


@pytest.mark.parametrize(("status", "decision"), [(Status.ACCEPTED, "同意"), (Status.REJECTED, "驳回")])
def test_the_same_decision_again_does_nothing(status: Status, decision: str) -> None:
    row = replace(DECIDED, status=status)
    found = decided(back(decision=decision, comment="再说一次"), row=row)
    assert found == Repeated(f"已于 11-23 09:05 {decision}，不再重复处理")


def test_another_decision_is_too_late_and_says_the_way() -> None:
    way = "同意有误的，请投递“更正”（客户用“信息变更”或“客户转交”）；驳回有误的，请提交人原样再投递一次"
    late = ("decided", "审批结论", "李四已于 11-23 09:05 同意，不能再改", way)
    assert why(decided(back(decision="驳回", comment="不对"), row=DECIDED)) == late
    assert why(decided(back(person="王五"), row=DECIDED, office=Office(shared=True))) == late
    assert why(decided(row=replace(DECIDED, status=Status.REJECTED)))[2] == "李四已于 11-23 09:05 驳回，不能再改"
    assert isinstance(decided(row=replace(DECIDED, fingerprint="g")), Repeated)
