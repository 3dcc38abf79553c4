"""Entry → state: rows, the sheets they wait on, decisions, corrections, pictures — every column of every table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.book import Book
from ledger.journal import Entry, canonical
from tests.ledger.posting import STAMP, State, customer, decided, opened, post, row, state


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


ONE, TWO = "261123-0001", "261123-0002"
FINDING = {
    "rule": "r1",
    "clause": "拜访 3",
    "severity": "flag",
    "column": "拜访时间",
    "message": "晚了",
    "remedy": "改",
}
FULL: dict[str, Any] = {
    "department": "销售二部", "submitted_at": "2026-11-23T11:00:00+08:00", "key": "k", "fingerprint": "f",
    "vals": {"content": "谈定", "b": 1}, "read": {"owner": "王五", "customer_key": "宏远1"}, "cells": ["甲", 2],
    "photos": ["cafe", "beef", "cafe"], "embedded": {"照片": 1}, "file_id": 7, "sheet": "我的表", "row_no": 5,
    "customer_id": 3, "day": "2026-11-22", "findings": [FINDING, {**FINDING, "rule": "r2", "column": None}],
}  # fmt: skip
JSON = ("vals", "read", "cells", "photos", "embedded")


def full(number: str, form: str = "拜访记录", status: str = "pending", **other: Any) -> Entry:
    return row(number, form, status, **{**FULL, **other})


def stood(number: str, form: str = "拜访记录", status: str = "pending", **other: Any) -> dict[str, Any]:
    """The row of :func:`full` as it stands in the state."""
    given = {**FULL, **{name: value for name, value in other.items() if name in FULL}}
    findings = given.pop("findings")
    assert isinstance(findings, list)
    record = {
        "receipt_no": number, "form": form, "person": "张三", "status": status,
        **{name: canonical(value) if name in JSON else value for name, value in given.items()},
        "owner": given["read"].get("owner"), **{name: value for name, value in other.items() if name not in FULL},
    }  # fmt: skip
    return {name: value for name, value in record.items() if value is not None}


def found_in(number: str, *findings: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [{"receipt_no": number, "n": n, **finding} for n, finding in enumerate(findings)]
    return [{name: value for name, value in line.items() if value is not None} for line in lines]


def names(number: str, *pictures: str) -> list[dict[str, Any]]:
    return [{"sha256": sha256, "receipt_no": number} for sha256 in pictures]


def uses(number: str, *pictures: str, at: str = STAMP) -> list[dict[str, Any]]:
    return [{"sha256": sha256, "receipt_no": number, "person": "张三", "used_at": at} for sha256 in pictures]


def after(book: Book, *entries: Entry) -> State:
    """The state after *entries*, beside a row that none of them concerns."""
    post(book, full(TWO, photos=["aaaa"], findings=[FINDING]), *entries)
    found = state(book)
    assert found["s_rows"].pop() == stood(TWO, photos=["aaaa"])
    assert found["s_findings"].pop() == found_in(TWO, FINDING)[0]
    assert found["s_row_photos"].pop(0) == names(TWO, "aaaa")[0]
    assert found["s_photo_uses"].pop(0) == uses(TWO, "aaaa")[0]
    return {table: rows for table, rows in found.items() if rows}


LINKS = {"s_photo_uses": uses(ONE, "beef", "cafe"), "s_row_photos": names(ONE, "beef", "cafe")}
BOTH = found_in(ONE, *FULL["findings"])


@pytest.mark.parametrize("status", ["pending", "accepted", "waiting"])
def test_a_row_stands_with_everything_that_was_read_of_it(book: Book, status: str) -> None:
    found = after(book, full(ONE, status=status))
    assert found == {"s_rows": [stood(ONE, status=status)], "s_findings": BOTH, **LINKS}


def test_a_refused_row_names_its_pictures_and_does_not_use_them_up(book: Book) -> None:
    found = after(book, full(ONE, status="rejected", read={}))
    named = LINKS["s_row_photos"]
    assert found == {"s_rows": [stood(ONE, status="rejected", read={})], "s_findings": BOTH, "s_row_photos": named}


def completed(status: str = "pending", **other: Any) -> Entry:
    given = {
        "key": "k2", "fingerprint": "f2", "status": status, "read": {"owner": "赵七"}, "photos": ["beef", "dddd"],
        "vals": {"content": "新"}, "findings": [{**FINDING, "rule": "r3"}], **other,
    }  # fmt: skip
    return Entry("row.completed", ONE, "张三", given)


@pytest.mark.parametrize(
    ("status", "used"), [("pending", ["beef", "dddd"]), ("accepted", ["beef", "dddd"]), ("rejected", [])]
)
def test_a_row_that_was_judged_again_says_what_it_says_now(book: Book, status: str, used: list[str]) -> None:
    found = after(book, full(ONE, status="waiting"), completed(status))
    now = stood(
        ONE,
        status=status,
        key="k2",
        fingerprint="f2",
        read={"owner": "赵七"},
        photos=["beef", "dddd"],
        vals={"content": "新"},
    )
    expected = {
        "s_rows": [{**now, "owner": "王五"}],
        "s_findings": found_in(ONE, {**FINDING, "rule": "r3"}), "s_row_photos": names(ONE, "beef", "dddd"),
        "s_photo_uses": uses(ONE, *used),
    }  # fmt: skip
    assert found == {table: rows for table, rows in expected.items() if rows}


def issued(number: str, *receipts: str) -> Entry:
    rows = [{"receipt_no": each, "fingerprint": f"p{each}", "cells": ["乙", {"a": 1}]} for each in receipts]
    return Entry("sheet.issued", number, "kebu", {"form": "拜访记录", "approver": "李四", "rows": rows})


def lies(number: str, receipt_no: str, is_open: int = 1) -> dict[str, Any]:
    cells = canonical(["乙", {"a": 1}])
    return {
        "number": number,
        "receipt_no": receipt_no,
        "fingerprint": f"p{receipt_no}",
        "cells": cells,
        "open": is_open,
    }


def sheet(number: str) -> dict[str, Any]:
    return {"number": number, "form": "拜访记录", "approver": "李四", "issued_at": STAMP}


def test_a_sheet_lies_with_its_approver_until_each_row_is_decided_or_withdrawn(book: Book) -> None:
    post(book, issued("S1", ONE, TWO), issued("S2", ONE))
    assert state(book) == {
        "s_sheets": [sheet("S1"), sheet("S2")], "s_sheet_rows": [lies("S1", ONE), lies("S1", TWO), lies("S2", ONE)],
    }  # fmt: skip
    post(book, Entry("sheet.withdrawn", ONE, "kebu", {"number": "S1"}))
    assert state(book, "s_sheet_rows")["s_sheet_rows"] == [lies("S1", ONE, 0), lies("S1", TWO), lies("S2", ONE)]


@pytest.mark.parametrize("gone", [False, True])
def test_a_row_that_another_took_the_place_of_lies_on_no_sheet_and_frees_its_pictures(book: Book, gone: bool) -> None:
    entries = [Entry("row.superseded", ONE, "张三", {"by": TWO})] if gone else []
    found = after(book, full(ONE, status="accepted"), issued("S1", ONE, TWO), *entries)
    assert found["s_rows"] == [stood(ONE, status="superseded" if gone else "accepted")]
    assert found.get("s_photo_uses", []) == ([] if gone else LINKS["s_photo_uses"])
    assert found["s_row_photos"] == LINKS["s_row_photos"]
    assert found["s_sheet_rows"] == [lies("S1", ONE, int(not gone)), lies("S1", TWO)]


def decision(status: str, by: str = "李四", given: str = "{}", **other: Any) -> dict[str, Any]:
    word = "同意" if status == "accepted" else "驳回"
    at = "2026-11-23T15:00:00+08:00"
    line = {"receipt_no": ONE, "number": "SP-1", "approver": by, "decision": word, "comment": "看过", "decided_at": at}
    return {**line, "given": given, **other}


@pytest.mark.parametrize("status", ["accepted", "rejected", "pending"])
def test_a_decision_is_kept_and_what_it_means_for_the_row(book: Book, status: str) -> None:
    found = after(book, full(ONE), issued("S1", ONE, TWO), decided(ONE, status))
    how = {"decided_at": "2026-11-23T15:00:00+08:00", "decided_by": "李四", "comment": "看过"}
    expected = {
        "s_rows": [stood(ONE, status=status, **how)], "s_findings": BOTH, **LINKS, "s_decisions": [decision(status)],
        "s_sheets": [sheet("S1")], "s_sheet_rows": [lies("S1", ONE, 0), lies("S1", TWO)],
    }  # fmt: skip
    if status == "rejected":
        del expected["s_photo_uses"]
    assert found == expected


@pytest.mark.parametrize(("for_whom", "by"), [("李四", "周八（代李四）"), (None, "周八"), ("", "周八")])
def test_a_deputy_decides_in_their_own_name_for_somebody(book: Book, for_whom: str | None, by: str) -> None:
    found = after(book, full(ONE), decided(ONE, by="周八", instead_of=for_whom, given={"扣款金额": "20", "a": 1}))
    assert found["s_decisions"] == [decision("accepted", "周八", '{"a":1,"扣款金额":"20"}')]
    assert [line["decided_by"] for line in found["s_rows"]] == [by]


# -- what was read of pictures


def test_a_row_is_held_against_its_pictures_and_what_these_rules_found_before_gives_way(book: Book) -> None:
    new = [{**FINDING, "rule": "r9"}, {**FINDING, "rule": "r1", "message": "现在"}]
    given = {"read": {"customer_key": "新", "seen": 1}, "rules": ["r1", "r9"], "findings": new}
    found = after(book, full(ONE), Entry("row.compared", ONE, "kebu", given))
    kept = {"receipt_no": ONE, "n": 1, **{k: v for k, v in FULL["findings"][1].items() if v is not None}}
    assert found == {
        "s_rows": [stood(ONE, read={"owner": "王五", "customer_key": "新", "seen": 1})], **LINKS,
        "s_findings": [kept, {"receipt_no": ONE, "n": 2, **new[0]}, {"receipt_no": ONE, "n": 3, **new[1]}],
    }  # fmt: skip
    again = Entry("row.compared", ONE, "kebu", {"read": {}, "rules": ["r1", "r2", "r9"], "findings": [new[0]]})
    post(book, again)
    assert state(book, "s_findings")["s_findings"] == [*found_in(ONE, new[0]), *found_in(TWO, FINDING)]


def test_what_stands_on_a_picture_is_what_was_read_last(book: Book) -> None:
    words = [
        Entry("photo.read", sha, "kebu", {"words": {"b": text, "a": 1}})
        for sha, text in (("x", "甲"), ("y", "乙"), ("x", "丙"))
    ]
    post(book, *words)
    assert state(book) == {
        "s_words": [{"sha256": "x", "words": '{"a":1,"b":"丙"}'}, {"sha256": "y", "words": '{"a":1,"b":"乙"}'}],
    }  # fmt: skip


# -- put right, made void


def corrected(form: str, field: str, value: Any, **other: Any) -> Entry:
    given = {
        "receipt_no": "261123-0008", "form": form, "action": "更正", "column": "列", "from": 1.5, "to": value, "field": field,
        "reason": "写错了", **other,
    }  # fmt: skip
    return Entry("row.corrected", ONE, "李四", given)


def correction(form: str, action: str = "更正", **other: Any) -> dict[str, Any]:
    line = {
        "receipt_no": "261123-0008", "of_receipt_no": ONE, "form": form, "action": action, "reason": "写错了", "actor": "李四",
        "at": STAMP,
    }  # fmt: skip
    return {**line, **other}


@pytest.mark.parametrize(("value", "told"), [("新话", "新话"), (7, "7"), (None, None), (["a", "乙"], '["a","乙"]')])
def test_one_value_of_a_row_is_put_right(book: Book, value: Any, told: str | None) -> None:
    found = after(book, full(ONE), corrected("拜访记录", "content", value))
    said = {} if told is None else {"to": told}
    assert found["s_corrections"] == [correction("拜访记录", column="列", **{"from": "1.5"}, **said)]
    assert [json.loads(line["vals"]) for line in found["s_rows"]] == [{"content": value, "b": 1}]
    assert [{**line, "vals": ""} for line in found["s_rows"]] == [{**stood(ONE), "vals": ""}]


LEAVE = {"person": "张三", "start": "2026-11-24", "end": "2026-11-26", "reason": "请假"}
LINE = {"arrived_on": "2026-11-22", "payer": "宏远", "amount_fen": 5, "memo": "货款"}


def leave(number: str) -> Entry:
    return Entry("exemption.granted", number, "李四", LEAVE)


def line(serial: str, number: str) -> Entry:
    return Entry("bank.received", serial, "钱会计", {**LINE, "receipt_no": number})


@pytest.mark.parametrize("field", ["start", "end", "reason"])
def test_leave_that_was_put_right_is_another_leave(book: Book, field: str) -> None:
    post(book, row(ONE, "日报豁免"), leave(ONE), leave(TWO), corrected("日报豁免", field, "新"))
    granted = {**LEAVE, "granted_by": "李四", "granted_at": STAMP}
    assert state(book, "s_exemptions", "s_bank_lines") == {
        "s_exemptions": [{"receipt_no": ONE, **granted, field: "新"}, {"receipt_no": TWO, **granted}],
    }  # fmt: skip


@pytest.mark.parametrize("field", ["arrived_on", "payer", "amount_fen", "memo"])
def test_a_bank_line_that_was_put_right_is_another_line(book: Book, field: str) -> None:
    post(book, row(ONE, "银行流水"), line("S1", ONE), line("S2", TWO), leave(ONE), corrected("银行流水", field, 9))
    value = 9 if field == "amount_fen" else "9"
    assert state(book, "s_bank_lines", "s_exemptions") == {
        "s_bank_lines": [
            {"serial": "S1", **LINE, "receipt_no": ONE, field: value}, {"serial": "S2", **LINE, "receipt_no": TWO},
        ],
        "s_exemptions": [{"receipt_no": ONE, **LEAVE, "granted_by": "李四", "granted_at": STAMP}],
    }  # fmt: skip


def test_other_values_are_derived_nowhere(book: Book) -> None:
    post(
        book,
        row(ONE, "日报豁免"),
        leave(ONE),
        line("S1", ONE),
        corrected("日报豁免", "person", "王五"),
        corrected("日报豁免", "memo", "x"),
    )
    assert state(book, "s_exemptions")["s_exemptions"][0]["person"] == "张三"
    assert state(book, "s_bank_lines")["s_bank_lines"][0]["memo"] == "货款"


def void(form: str = "拜访记录") -> Entry:
    return Entry(
        "row.voided", ONE, "李四", {"receipt_no": "261123-0008", "form": form, "action": "作废", "reason": "写错了"}
    )


def deputy(number: str) -> Entry:
    given = {"principal": "李四", "deputy": "周八", "start": "2026-11-24", "end": "2026-11-26", "reason": "出差"}
    return Entry("deputy.named", number, "赵总", given)


def test_a_void_row_counts_no_more_and_what_followed_from_it_is_undone(book: Book) -> None:
    found = after(
        book, full(ONE, status="accepted", customer_id=None), *map(leave, (ONE, TWO)), *map(deputy, (ONE, TWO)),
        line("S1", ONE), line("S2", TWO), line("S3", TWO),
        Entry("bank.used", "S2", "钱会计", {"receipt_no": ONE}), Entry("bank.used", "S3", "钱会计", {"receipt_no": TWO}), void(),
    )  # fmt: skip
    assert found == {
        "s_rows": [stood(ONE, status="superseded", customer_id=None)], "s_findings": BOTH, "s_row_photos": LINKS["s_row_photos"],
        "s_exemptions": [{"receipt_no": TWO, **LEAVE, "granted_by": "李四", "granted_at": STAMP}],
        "s_deputies": [{"receipt_no": TWO, "named_by": "赵总", **deputy(TWO).payload}],
        "s_bank_lines": [
            {"serial": "S2", **LINE, "receipt_no": TWO}, {"serial": "S3", **LINE, "receipt_no": TWO, "used_by": TWO},
        ],
        "s_corrections": [correction("拜访记录", "作废")],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("others", "then"),
    [
        ((), None),
        ((row("1", "拜访记录", "accepted", read={"拜访时间": "2026-11-05 09:30"}),), "2026-11-05"),
        ((row("1", "拜访记录", "accepted", read={"拜访时间": ""}), decided("1")), "2026-11-23"),
        ((row("1", "期初客户", "accepted", vals={"followed_on": "2026-10-01"}),), "2026-10-01"),
        ((row("1", "成交订单"), decided("1", decided_at="2026-11-06T15:00:00+08:00")), "2026-11-06"),
        ((row("1", "客户回款", vals={"kind": "销售回款"}), decided("1", decided_at="2026-11-07T15:00:00+08:00")), "2026-11-07"),
        ((row("1", "客户回款", vals={"kind": "退款"}), decided("1", decided_at="2026-11-07T15:00:00+08:00")), None),
        ((row("1", "客户申领"), decided("1", decided_at="2026-11-07T15:00:00+08:00")), None),
        ((row("1", "拜访记录", "pending", read={"拜访时间": "2026-11-05 09:30"}),), None),
        ((row("1", "拜访记录", "accepted", read={"拜访时间": "2026-11-05 09:30"}),
          row("2", "期初客户", "accepted", vals={"followed_on": "2026-11-06"})), "2026-11-06"),
    ],
)  # fmt: skip
def test_the_customer_of_a_void_row_was_followed_last_by_what_is_left(
    book: Book, others: tuple[Entry, ...], then: str | None
) -> None:
    post(
        book,
        customer(3),
        customer(4),
        row(ONE, "拜访记录", "accepted", customer_id=3, read={"拜访时间": "2026-11-20 09:30"}),
    )
    for each in others:
        if each.kind == "row.received":
            each = Entry(each.kind, each.subject, each.actor, {**each.payload, "customer_id": 3})
        post(book, each)
    post(book, row("9", "拜访记录", "accepted", customer_id=4, read={"拜访时间": "2026-11-21 09:30"}), void())
    three, four = state(book, "s_customers")["s_customers"]
    assert (three.get("last_followed_on"), four["last_followed_on"]) == (then, "2026-11-02")


# -- money


def test_a_bank_line_is_used_by_the_first(book: Book) -> None:
    post(book, line("S1", ONE), line("S2", TWO))
    assert state(book) == {
        "s_bank_lines": [{"serial": "S1", **LINE, "receipt_no": ONE}, {"serial": "S2", **LINE, "receipt_no": TWO}],
    }  # fmt: skip
    post(book, *(Entry("bank.used", "S1", "钱会计", {"receipt_no": number}) for number in ("a", "b")))
    assert [each.get("used_by") for each in state(book)["s_bank_lines"]] == ["a", None]
