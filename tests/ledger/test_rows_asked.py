"""What the book answers about rows: which they are, what waits for whom, what stands on which sheet, what put them right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ledger import corrections, rows, sheets
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Finding, Row, Severity, Status
from ledger.sheets import IssuedRow
from tests.ledger.entries import (
    DAY,
    NOON,
    at,
    both,
    completed,
    customer,
    decided,
    finding,
    gone,
    open_records,
    post,
    received,
    sheet,
    void,
)

WHOLE: dict[str, Any] = {
    "department": "销售二部", "submitted_at": "2026-11-23T09:30:00+08:00", "key": "k", "fingerprint": "f1",
    "vals": {"met": "王总"}, "read": {"visited_at": "2026-11-23 09:00"}, "cells": [["客户名称", "宏远"]],
    "photos": ["a", "b"], "embedded": {"现场照片": ["b"]}, "file_id": 7, "sheet": "拜访", "row_no": 5, "customer_id": 3,
    "day": "2026-11-22", "findings": [finding("先"), finding("后", "note", "拜访目的")],
}  # fmt: skip


def stands(receipt_no: str, status: Status = Status.PENDING, **other: Any) -> Row:
    """What is known of such a row as :func:`received` makes it."""
    usual: dict[str, Any] = {
        "receipt_no": receipt_no, "form": "拜访记录", "person": "张三", "department": "销售一部",
        "submitted_at": at("2026-11-23T12:00:00+08:00"), "key": receipt_no, "fingerprint": "f", "values": {}, "read": {},
        "cells": [], "photos": (), "embedded": {}, "status": status, "file_id": 1, "sheet": "拜访记录", "row_no": 2,
    }  # fmt: skip
    return Row(**{**usual, **other})


def visit(number: str, status: str = "pending", person: str = "张三", **other: Any) -> Entry:
    return received(number, "拜访记录", status, person, **other)


def numbers(found: list[Row]) -> list[str]:
    return [each.receipt_no for each in found]


# -- one row


def test_a_row_is_what_was_received_and_what_was_decided_of_it(book: Book) -> None:
    post(book, visit("1", **WHOLE), visit("2"))
    known = Row(
        receipt_no="1", form="拜访记录", person="张三", department="销售二部", submitted_at=at("2026-11-23T09:30:00+08:00"),
        key="k", fingerprint="f1", values={"met": "王总"}, read={"visited_at": "2026-11-23 09:00"},
        cells=[["客户名称", "宏远"]], photos=("a", "b"), embedded={"现场照片": ("b",)}, status=Status.PENDING, file_id=7,
        sheet="拜访", row_no=5, customer_id=3, decided_at=None, decided_by=None, comment="",
        findings=(
            Finding("r", "c", Severity.REFUSE, "日期", "先", "改"), Finding("r", "c", Severity.NOTE, "拜访目的", "后", "改"),
        ),
    )  # fmt: skip
    assert rows.row(book, "1") == known
    assert rows.row(book, "2") == stands("2")
    assert rows.row(book, "3") is None
    assert rows.row_received(visit("1", **WHOLE)) == known
    post(book, decided("1"))
    then = at("2026-11-23T15:00:00+08:00")
    after = replace(known, status=Status.ACCEPTED, decided_at=then, decided_by="李四", comment="看过")
    assert rows.row(book, "1") == after
    assert rows.several(book, ["2", "9", "1"]) == {"1": after, "2": stands("2")}
    assert rows.several(book, []) == {}


def test_a_rows_number_follows_the_highest_of_its_day(book: Book) -> None:
    with book.transaction():
        assert rows.new_receipt_no(book, DAY) == "261123-0001"
    post(
        book, *(visit(each) for each in ("261123-0009", "261123-10000", "261123-9999", "261122-20000", "261124-20001"))
    )
    with book.transaction():
        assert [rows.new_receipt_no(book, DAY) for _ in range(2)] == ["261123-10001", "261123-10002"]
        assert rows.new_receipt_no(book, DAY - timedelta(days=2)) == "261121-0001"
        rows.give_back(book, "261123-10002")
        assert rows.new_receipt_no(book, DAY) == "261123-10002"
        assert rows.new_receipt_no(book, DAY - timedelta(days=2)) == "261121-0002"


# -- rows under a key


def test_under_a_key_stand_all_its_rows_newest_first_whatever_becomes_of_them(book: Book) -> None:
    keys = [("拜访记录", "k"), ("拜访记录", "z"), ("成交订单", "k")]
    found = both(
        book, rows.under_key, keys, visit("2", key="k"), visit("3", "rejected", key="k"), visit("1", "waiting", key="k"),
        received("4", "成交订单", key="k"), visit("5", key="other"), gone("2"), completed("1", key="k", read={"a": 1}),
        decided("4", "驳回"), Entry("row.compared", "1", "kebu", {"read": {"b": 2}, "rules": [], "findings": [finding("差")]}),
    )  # fmt: skip
    said = (Finding("r", "c", Severity.REFUSE, "日期", "差", "改"),)
    one = stands("1", key="k", read={"a": 1, "b": 2}, findings=said)
    assert found[0] == (stands("3", Status.REJECTED, key="k"), stands("2", Status.SUPERSEDED, key="k"), one)
    assert (found[1], [each.receipt_no for each in found[2]]) == ((), ["4"])


def test_what_is_put_in_a_rows_place_leaves_its_neighbours_as_they_were(book: Book) -> None:
    keys = [("拜访记录", "a"), ("拜访记录", "b")]
    found = both(book, rows.under_key, keys, visit("1", key="a"), visit("2", key="b"), visit("3", key="b"), gone("2"))
    assert found == [
        (stands("1", key="a"),), (stands("3", key="b"), stands("2", Status.SUPERSEDED, key="b")),
    ]  # fmt: skip


def test_a_row_that_named_a_customer_before_it_was_in_the_book_belongs_to_it_from_then_on(book: Book) -> None:
    read = {"customer_key": "宏远4"}
    found = both(
        book, rows.under_key, [("拜访记录", "k"), ("拜访记录", "m")], visit("1", key="k", read=read),
        visit("2", key="k", read={"customer_key": "别家"}), visit("3", key="k", read=read, customer_id=9),
        visit("4", key="m", read=read), visit("5", key="k"), customer(4),
    )  # fmt: skip
    assert [[(each.receipt_no, each.customer_id) for each in one] for one in found] == [
        [("5", None), ("3", 9), ("2", None), ("1", 4)], [("4", 4)],
    ]  # fmt: skip


def test_the_row_that_counts_is_the_live_one(book: Book) -> None:
    post(book, visit("1", key="k"), gone("1"), visit("2", "rejected", key="k"), visit("4", "rejected", key="k"))
    assert rows.live_row(book, "拜访记录", "k") is None
    for number, status in (("5", "waiting"), ("6", "pending"), ("7", "accepted")):
        post(book, visit(number, status, key=number), visit("8" + number, "rejected", key=number))
        assert rows.live_row(book, "拜访记录", number) == stands(number, Status(status))
    assert rows.live_row(book, "成交订单", "5") is None
    assert {Status.WAITING, Status.PENDING, Status.ACCEPTED} == rows.LIVE
    assert [each for each in Status if f"'{each}'" in rows.LIVE_SQL] == ["waiting", "pending", "accepted"]


def test_the_very_same_row_is_known_as_turned_down_by_somebody_or_as_replaced(book: Book) -> None:
    post(
        book, visit("1", "rejected", key="k"), visit("2", key="k", fingerprint="g"), decided("2", "驳回"),
        visit("3", key="k", fingerprint="g"), gone("3"), visit("4", key="k", fingerprint="h"), gone("4"),
        visit("5", key="k", fingerprint="a"), decided("5"), visit("6", key="l", fingerprint="g"),
    )  # fmt: skip
    down, replaced = rows.turned_down(book, "拜访记录", "g", "k"), rows.replaced(book, "拜访记录", "g", "k")
    assert (down and down.receipt_no, replaced and replaced.receipt_no) == ("2", "3")
    for fingerprint, key in (("f", "k"), ("a", "k"), ("g", "l")):
        assert rows.turned_down(book, "拜访记录", fingerprint, key) is None, "no rule's refusal, and no consent"
        assert rows.replaced(book, "拜访记录", fingerprint, key) is None
    assert rows.turned_down(book, "拜访记录", "h", "k") is None
    assert numbers([each for each in [rows.replaced(book, "拜访记录", "h", "k")] if each]) == ["4"]


# -- many rows


def test_somebodys_rows_since_a_moment_come_newest_first(book: Book) -> None:
    late = "2026-11-23T13:00:00+08:00"
    post(
        book, visit("1", submitted_at="2026-11-23T11:59:59+08:00"), visit("2"), visit("3", "rejected"),
        visit("4", submitted_at=late), visit("5", person="王五"),
    )  # fmt: skip
    since = at("2026-11-23T12:00:00+08:00")
    assert numbers(rows.submitted_since(book, "张三", since)) == ["4", "3", "2"]
    assert numbers(rows.submitted_since(book, "王五", since)) == ["5"]


def test_rows_in_one_state_come_oldest_first_of_one_person_or_of_everybody(book: Book) -> None:
    early = "2026-11-22T12:00:00+08:00"
    post(
        book, visit("2"), visit("1"), visit("3", submitted_at=early), visit("4", "waiting"), visit("5", person="王五"),
        visit("6", "accepted"),
    )  # fmt: skip
    assert numbers(rows.rows_with(book, Status.PENDING)) == ["3", "1", "2", "5"]
    assert numbers(rows.rows_with(book, Status.PENDING, person="张三")) == ["3", "1", "2"]
    assert numbers(rows.rows_with(book, Status.WAITING, person="张三")) == ["4"]
    assert rows.rows_with(book, Status.WAITING, person="王五") == []


def test_what_was_handed_in_for_a_day_comes_oldest_first(book: Book) -> None:
    day = {"day": "2026-11-23"}
    post(
        book, visit("2", "rejected", **day), visit("1", **day), visit("3", submitted_at="2026-11-23T08:00:00+08:00", **day),
        visit("4", day="2026-11-22"), visit("5", person="王五", **day), received("6", "拜访计划", **day),
    )  # fmt: skip
    assert numbers(rows.of_day(book, "拜访记录", "张三", DAY)) == ["3", "1", "2"]


def test_pending_rows_that_stand_on_no_open_sheet_are_to_be_issued(book: Book) -> None:
    post(book, visit("2"), visit("1"), visit("3", submitted_at="2026-11-22T12:00:00+08:00"), visit("4", "waiting"))
    post(book, sheet("S1", "1", "3"), Entry("sheet.withdrawn", "3", "kebu", {"number": "S1"}))
    assert numbers(rows.unissued(book)) == ["3", "2"]
    assert sheets.unissued_since(book) == at("2026-11-22T12:00:00+08:00")
    post(book, sheet("S2", "2", "3"))
    assert (rows.unissued(book), sheets.unissued_since(book)) == ([], None)


# -- sheets


def test_what_was_issued_on_a_sheet_is_known_row_by_row(book: Book) -> None:
    post(book, visit("1"), visit("2"), visit("3"))
    post(book, sheet("S2", "2", "1"), when=NOON + timedelta(hours=1))
    post(book, sheet("S1", "1", approver="赵总"), when=NOON + timedelta(hours=2))
    one = IssuedRow("S2", "拜访记录", "李四", NOON + timedelta(hours=1), "1", "f1", {"受理号": "1"}, open=True)
    again = IssuedRow("S1", "拜访记录", "赵总", NOON + timedelta(hours=2), "1", "f1", {"受理号": "1"}, open=True)
    two = replace(one, receipt_no="2", fingerprint="f2", cells={"受理号": "2"})
    assert sheets.open_rows(book) == [one, two, again]
    assert sheets.issued_row(book, "S2", "1") == one
    assert sheets.issued_row(book, "S1", "2") is None
    assert sheets.first_issued_at(book, "1") == NOON + timedelta(hours=1)
    assert sheets.first_issued_at(book, "3") is None
    assert (sheets.is_issued(book, "S1"), sheets.is_issued(book, "S3")) == (True, False)
    assert sheets.last_issue(book) == NOON + timedelta(hours=2)
    post(book, decided("1"))
    assert sheets.open_rows(book) == [two]
    assert sheets.issued_row(book, "S2", "1") == replace(one, open=False)


def test_before_the_first_sheet_none_was_issued(book: Book) -> None:
    assert (sheets.last_issue(book), sheets.open_rows(book)) == (None, [])


def test_a_sheets_number_follows_the_highest_of_its_form_and_day(book: Book) -> None:
    post(book, *(sheet(f"拜访记录_{each}") for each in ("20261123-9", "20261123-10", "20261124-30", "20261122-31")))
    post(book, sheet("成交订单_20261123-40"))
    assert sheets.next_number(book, "拜访记录", DAY) == "拜访记录_20261123-11"
    assert sheets.next_number(book, "拜访计划", DAY) == "拜访计划_20261123-1"


def test_decisions_are_told_in_their_order(book: Book) -> None:
    post(book, visit("1"), visit("2"), visit("3"), visit("4"))
    post(
        book, decided("2", at="2026-11-23T23:59:59+08:00"), decided("3", "驳回", at="2026-11-23T00:00:00+08:00"),
        decided("1", "驳回"), decided("4", at="2026-11-24T00:00:00+08:00"), decided("1", at="2026-11-22T15:00:00+08:00"),
    )  # fmt: skip
    assert list(sheets.decided_on(book, DAY).items()) == [("3", "驳回"), ("1", "驳回"), ("2", "同意")]
    first, second = sheets.decisions_on(book, "1")
    assert (first["decided_at"], second["decided_at"]) == ("2026-11-22T15:00:00+08:00", "2026-11-23T15:00:00+08:00")
    whole = {
        "receipt_no": "1", "number": "SP-1", "approver": "李四", "decision": "驳回", "comment": "看过",
        "decided_at": "2026-11-23T15:00:00+08:00", "given": "{}",
    }  # fmt: skip
    assert second == whole
    assert sheets.decisions_on(book, "5") == []


def test_sheets_on_which_nothing_is_open_and_their_pictures_are_to_be_taken_away(book: Book) -> None:
    post(book, visit("1"), visit("2"), visit("3"), sheet("S1", "1"), sheet("S2", "2"), sheet("S3", "3"))
    lie = [
        (1, "S1", "S1", "李四/取件/审批/S1.xlsx"), (2, "S1/照片", "S1", "李四/取件/审批/S1_照片/1.jpg"),
        (3, "S1/照片", "S1", "李四/取件/审批/S1_照片/2.jpg"), (4, "S2", "S2", "李四/取件/审批/S2.xlsx"),
        (5, "S2/照片", "S2", "李四/取件/审批/S2_照片/1.jpg"), (6, "名单", "名单", "李四/取件/名单.xlsx"),
        (7, "S3", "S3", "李四/取件/审批/S3.xlsx"),
    ]  # fmt: skip
    for each in lie:
        book.db.execute("INSERT INTO standing VALUES (?, ?, ?, ?)", each)
    assert (sheets.finished(book), sheets.finished_pictures(book)) == ({}, {})
    post(book, decided("1"), decided("3"))
    assert sheets.finished(book) == {"S1": ["李四/取件/审批/S1.xlsx"], "S3": ["李四/取件/审批/S3.xlsx"]}
    pictures = ["李四/取件/审批/S1_照片/1.jpg", "李四/取件/审批/S1_照片/2.jpg"]
    assert sheets.finished_pictures(book) == {"S1/照片": pictures}
    for _ in range(2):
        sheets.cleared(book, "S1")
    assert book.ask("SELECT * FROM cleared") == [{"number": "S1"}]


# -- corrections


def test_a_row_that_a_correction_names_is_known_as_it_stands_now(book: Book) -> None:
    found = both(
        book, corrections.numbered, ["1", "2", "3"], visit("1"), visit("2", "waiting"), completed("2", photos=["a"]),
        decided("1"), visit("3"), gone("3"),
    )  # fmt: skip
    assert [each and (each.status, each.photos) for each in found] == [
        (Status.ACCEPTED, ()), (Status.PENDING, ("a",)), (Status.SUPERSEDED, ()),
    ]  # fmt: skip


def test_a_void_row_is_known_with_the_correction_that_made_it_so(book: Book) -> None:
    right = {"receipt_no": "8", "form": "拜访记录", "action": "更正", "field": "met", "to": "李总", "reason": "写错"}
    post(book, visit("1"), visit("2"), visit("3"), void("1", "9"), Entry("row.corrected", "2", "张三", right))
    assert [book.known(corrections.voided, number) for number in ("1", "2", "3")] == ["9", None, None]


def test_corrections_of_the_same_cell_are_overtaken(book: Book) -> None:
    def correction(number: str, status: str = "accepted", of: str = "7", field: str | None = "met", form: str = "更正") -> Entry:  # fmt: skip
        return received(number, form, status, vals={"receipt_no": of}, read={"field": field} if field else {})

    post(
        book, correction("3"), correction("2"), correction("4"), correction("1", "pending"), correction("5", of="8"),
        correction("6", field="purpose"), correction("9", form="日报申诉"), correction("a", field=None),
    )  # fmt: skip
    asked = rows.row(book, "4")
    assert asked
    assert corrections.overtaken(book, asked) == ("2", "3")
    whole = rows.row(book, "a")
    assert whole
    assert corrections.overtaken(book, whole) == ()


def test_records_are_not_written_into() -> None:
    assert open_records(rows, sheets, corrections) == []
