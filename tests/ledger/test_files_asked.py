"""What the book answers about dropped files, about unused lines of the bank, and what a branch tells the head office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ledger import files, group_figures, payments, unpaid, whereabouts
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Entry
from ledger.payments import Paid
from tests.ledger.entries import (
    DAY,
    NOON,
    both,
    changed,
    closed,
    completed,
    customer,
    decided,
    file,
    gone,
    joined,
    photo,
    post,
    queued,
    received,
)


def erased(*archived: tuple[str, str]) -> Entry:
    return Entry("book.erased", "1", "kebu", {"originals": [list(each) for each in archived], "entries": []})


# -- files


def test_a_file_is_known_by_its_number(book: Book) -> None:
    with book.transaction():
        assert files.next_file_id(book) == 1
    whole = file(9, quarantined_as="q/9", outcome="refused", reason="坏", by_machine=1, earliest="e", known="clock")
    post(book, file(4), whole, file(5))
    assert files.file(book, 9) == whole.payload
    with book.transaction():
        assert [files.next_file_id(book) for _ in range(2)] == [10, 11]


def test_a_days_files_of_somebody_come_in_the_order_of_arrival(book: Book) -> None:
    post(
        book, file(3), file(2), file(1, arrived_at="2026-11-23T11:00:01+08:00"), file(4, arrived_at="2026-11-23T00:00:00+08:00"),
        file(5, arrived_at="2026-11-24T00:00:00+08:00"), file(6, arrived_at="2026-11-22T23:59:59+08:00"), file(7, person="王五"),
    )  # fmt: skip
    assert [each["id"] for each in files.arrived_on(book, "张三", DAY)] == [4, 2, 3, 1]
    assert files.arrived_on(book, "王五", DAY) == [file(7, person="王五").payload]
    assert files.all_files(book)[1] == {
        "person": "张三", "name": "日报.xlsx", "sha256": "f2", "arrived_at": "2026-11-23T11:00:00+08:00", "archived_as": "archive/f2",
    }  # fmt: skip
    assert [each["sha256"] for each in files.all_files(book)] == [f"f{n}" for n in range(1, 8)]


def test_what_must_lie_in_the_archive_is_everything_that_was_not_erased(book: Book) -> None:
    refused = {"archived_as": "archive/r", "sha256": "r"}
    post(
        book, file(1), file(2, quarantined_as="q/2"), photo(3, "a"), photo(4, "b"), file(5, quarantined_as="q/5", **refused),
        file(6, quarantined_as="q/6", **refused), file(7, quarantined_as="q/5", **refused), file(8),
    )  # fmt: skip
    post(book, erased(("archive/4", "b"), ("archive/f8", "f8"), ("q/6", "r")), when=NOON + timedelta(hours=1))
    assert sorted(files.archived(book)) == [
        ("archive/3", "a"), ("archive/f1", "f1"), ("archive/f2", "f2"), ("archive/r", "r"), ("q/2", "f2"), ("q/5", "r"), ("q/5", "r"),
    ]  # fmt: skip
    at = (NOON + timedelta(hours=1)).isoformat()
    assert files.erased(book) == {"archive/4": at, "archive/f8": at, "q/6": at}
    assert sorted(files.quarantined(book, "archive/r")) == ["q/5", "q/6"]
    assert (files.quarantined(book, "archive/f1"), files.quarantined(book, "archive/f2")) == ([], ["q/2"])


def test_somebodys_pictures_are_those_that_nobody_waits_for_and_nobody_else_dropped(book: Book) -> None:
    def picture(number: int, sha256: str, person: str = "张三", **other: Any) -> Entry:
        return photo(number, sha256, person, archived_as=f"archive/{sha256}", **other)

    def dropped(
        number: int, sha256: str, kind: str = "photo", person: str = "张三", hour: int = 10, **other: Any
    ) -> Entry:
        came = {"arrived_at": f"2026-11-23T{hour}:00:00+08:00", "archived_as": f"archive/{sha256}", "sha256": sha256}
        return file(number, f"{sha256}.x", person, kind=kind, **{**came, **other})

    inside: dict[str, Any] = {"embedded": 1}
    post(
        book, picture(1, "free"), picture(2, "busy"), picture(3, "waits"), picture(4, "done"), picture(5, "both"), picture(6, "both", "王五"),
        picture(7, "gone"), picture(8, "theirs", "王五"), dropped(1, "lost"), dropped(2, "busy"), dropped(3, "both", person="王五"),
        dropped(4, "plain", "workbook", hour=11), dropped(5, "holds", "workbook", hour=12), picture(9, "in", arrived_at="2026-11-23T12:00:00+08:00", **inside),
        dropped(6, "holds busy", "workbook", hour=13), picture(10, "in busy", arrived_at="2026-11-23T13:00:00+08:00", **inside),
        dropped(7, "beside", "workbook"),
        received("1", "拜访记录", photos=["busy", "in busy"]), received("2", "拜访记录", "waiting", photos=["waits"]),
        received("3", "拜访记录", "accepted", photos=["done"]), erased(("archive/gone", "gone")),
    )  # fmt: skip
    found = files.photos_of(book, "张三")
    assert [each["sha256"] for each in found] == ["done", "free", "holds", "in", "lost"]
    assert found[2] == {"archived_as": "archive/holds", "sha256": "holds", "name": "holds.x"}
    assert [each["sha256"] for each in files.photos_of(book, "王五")] == ["theirs"]


def test_the_workbooks_in_which_rows_came_are_known_once(book: Book) -> None:
    post(
        book, file(1, "甲.xlsx"), file(2, "乙.xlsx", "王五"), file(3), file(4), received("1", "拜访记录", file_id=2), received("2", "拜访记录", file_id=1),
        received("3", "拜访记录", file_id=1), received("4", "拜访记录", file_id=3), received("5", "拜访记录", file_id=4), erased(("archive/f4", "f4")),
    )  # fmt: skip
    assert files.of_rows(book, iter(["1", "2", "3", "5", "9"])) == [
        {"archived_as": "archive/f1", "sha256": "f1", "name": "甲.xlsx", "person": "张三"},
        {"archived_as": "archive/f2", "sha256": "f2", "name": "乙.xlsx", "person": "王五"},
    ]
    assert files.of_rows(book, []) == []


def test_what_was_taken_is_to_leave_the_drop_folder(book: Book) -> None:
    with book.transaction():
        files.to_remove(book, "王五", "a.xlsx", "s1", 1, 2, 3)
        files.to_remove(book, "张三", "b.xlsx", "s2", 4, 5, 6)
        files.to_remove(book, "张三", "a.xlsx", "s3", 7, 8, 9)
        files.to_remove(book, "张三", "a.xlsx", "s3", 10, 11, 12)
        files.to_remove(book, "张三", "a.xlsx", "s4", 1, 1, 1)
    first = {"person": "张三", "relative": "a.xlsx", "sha256": "s3", "size": 10, "mtime_ns": 11, "ctime_ns": 12}
    assert files.removals(book)[0] == first
    for person, relative, sha256 in (("张三", "a.xlsx", "s9"), ("王五", "b.xlsx", "s2"), ("王五", "a.xlsx", "s4")):
        files.removed(book, person, relative, sha256)
    assert [each["sha256"] for each in files.removals(book)] == ["s3", "s4", "s2", "s1"]
    files.removed(book, "张三", "a.xlsx", "s3")
    assert [each["sha256"] for each in files.removals(book)] == ["s4", "s2", "s1"]


def test_workbooks_after_which_nobody_was_answered_are_named(book: Book) -> None:
    early, late = "2026-11-23T08:00:00+08:00", (NOON + timedelta(hours=1)).isoformat()
    post(
        book,
        queued(1, "张三", "回执", "a.xlsx"),
        queued(2, "王五", "回执/早", "a.xlsx"),
        queued(3, "陈六", "模板", "a.xlsx"),
    )
    post(book, queued(4, "周八", "回执其他", "a.xlsx"), queued(5, "赵总", "回执", "a.xlsx"))
    post(
        book, file(1, arrived_at=late), file(2, "早.xlsx", arrived_at=early), file(3, person="王五", arrived_at=early),
        file(4, "陈.xlsx", "陈六", arrived_at=early), file(5, "周.xlsx", "周八", arrived_at=early), file(6, person="", arrived_at=late),
        file(7, "片.jpg", "孙人", kind="photo"), file(8, person="赵总", arrived_at=NOON.isoformat()),
    )  # fmt: skip
    found = files.unanswered(book, "回执")
    assert sorted((each["person"], each["name"]) for each in found) == [
        ("周八", "周.xlsx"),
        ("张三", "日报.xlsx"),
        ("陈六", "陈.xlsx"),
    ]


# -- the same money


def test_money_that_may_be_the_same_is_known_as_it_is_decided(book: Book) -> None:
    def payment(number: str, status: str = "pending", **other: Any) -> Entry:
        vals = {"kind": "销售回款", "amount_fen": 5, "paid_on": "2026-11-22", "serial": None, **other.pop("vals", {})}
        return received(number, "客户回款", status, vals=vals, read={"customer_key": "宏远"}, **other)

    here, bare = (
        ("宏远", date(2026, 11, 22), 5),
        {"amount_fen": 5, "paid_on": "2026-11-22", "kind": "销售回款", "serial": "S9"},
    )
    found = both(
        book, payments.same_payments, [here], payment("5", "waiting"), payment("4"), payment("3"), payment("6", vals={"paid_on": "2026-11-21"}),
        decided("3", "驳回"), completed("5", "rejected"), payment("7"), gone("7"), payment("8", "waiting"),
        completed("8", vals=bare, read={"customer_key": "宏远"}), payment("1", "accepted"),
    )  # fmt: skip
    assert found == [(Paid("1", "张三", None), Paid("4", "张三", None), Paid("8", "张三", "S9"))]


# -- a branch


def test_what_a_branch_tells_the_head_office_of_a_month(book: Book) -> None:
    def about(number: str, form: str, status: str = "accepted", **vals: Any) -> Entry:
        read = {"visited_at": vals.pop("visited_at")} if "visited_at" in vals else {}
        return received(number, form, status, vals=vals, read=read)

    def orders(number: str, day: str, fen: int, status: str = "accepted") -> Entry:
        return about(number, "成交订单", status, signed_on=day, amount_fen=fen)

    def paid(number: str, day: str, fen: int, status: str = "accepted", kind: str = "销售回款") -> Entry:
        return about(number, "客户回款", status, paid_on=day, amount_fen=fen, kind=kind)

    def night(day: str, *states: str, version: int = 1) -> Entry:
        return closed(f"日报合规_{day}", version, {"lines": [{"person": "张三", "state": state} for state in states]})

    post(
        book, joined("张三"), joined("王五"), joined("陈六"), joined("周八"), changed("陈六", "2026-11-23", state="离职"),
        changed("周八", "2026-11-24", state="离职"), customer(1), customer(2, None), customer(3, None),
        about("1", "拜访记录", visited_at="2026-11-30 09:00"), about("2", "拜访记录", visited_at="2026-12-01 09:00"),
        about("3", "拜访记录", "pending", visited_at="2026-11-30 09:00"), orders("4", "2026-11-01", 5), orders("5", "2026-11-30", 7), orders("6", "2026-10-31", 9),
        orders("7", "2026-11-30", 11, "pending"), paid("8", "2026-11-01", 20), paid("9", "2026-11-02", 3, kind="退款"), paid("a", "2026-12-02", 3),
        paid("b", "2026-11-02", 3, "pending"), night("2026-11-20", "缺交", "缺交"), night("2026-11-20", "缺交", "按时", version=2),
        night("2026-11-21", "缺交"), night("2026-12-01", "缺交"), closed("日报扣款_2026-11", 1, {"lines": [{"state": "缺交"}]}),
    )  # fmt: skip
    (found,) = book.ask(group_figures.OF_A_MONTH, "2026-11", "2026-11-23")
    assert found == {
        "until": NOON.isoformat()[:16], "people": 3, "customers": 3, "pooled": 2, "visits": 1, "orders": 2, "ordered": 12, "paid": 17,
        "missing": 2,
    }  # fmt: skip


def test_an_empty_branch_tells_nothing_of_a_month(book: Book) -> None:
    (found,) = book.ask(group_figures.OF_A_MONTH, "2026-11", "2026-11-23")
    assert found == {
        "until": None,
        **dict.fromkeys(("people", "customers", "pooled", "visits", "orders", "ordered", "paid", "missing"), 0),
    }


def test_what_two_branches_may_both_have_is_told_with_its_key(book: Book) -> None:
    long = "0123456789abcdef0123"
    post(
        book, customer(1), customer(2, None), received("1", "拜访记录", photos=[long]), received("2", "拜访记录", "rejected", photos=["b"]),
        joined("张三", phone="138"), joined("王五", phone=""), joined("陈六", phone="139"), changed("陈六", "2026-11-23", state="离职"),
    )  # fmt: skip
    assert book.ask(group_figures.CUSTOMERS) == [
        {"key": "宏远1", "what": "宏远1", "detail": "张三"}, {"key": "宏远2", "what": "宏远2", "detail": "公海"},
    ]  # fmt: skip
    assert book.ask(group_figures.PHOTOS) == [{"key": long, "what": "0123456789abcdef", "detail": "张三 1"}]
    assert book.ask(group_figures.PEOPLE) == [{"key": "138", "what": "138", "detail": "张三"}]


# -- tables of older books


def test_an_older_book_is_given_the_list_of_what_is_owed_and_keeps_it(book: Book) -> None:
    db = Database.in_memory()
    db.execute(
        "CREATE TABLE s_rows (receipt_no TEXT PRIMARY KEY, form TEXT, key TEXT, status TEXT, vals TEXT, read TEXT)"
    )

    def row(number: str, form: str, key: str, vals: str, status: str = "accepted") -> None:
        db.execute("INSERT INTO s_rows VALUES (?, ?, ?, ?, ?, '{}')", (number, form, key, status, vals))

    def owed() -> list[str]:
        return [number for (number,) in db.execute("SELECT receipt_no FROM s_unpaid ORDER BY 1")]

    row("1", "成交订单", "", '{"amount_fen": 5}')
    row("2", "成交订单", "k", '{"amount_fen": 5}')
    row("3", "客户回款", "", '{"amount_fen": 5, "order_no": "2", "kind": "销售回款"}')
    unpaid.make_table(db)
    assert owed() == ["1"]
    row("4", "客户回款", "", '{"amount_fen": 1, "order_no": "2", "kind": "退款"}')
    row("5", "拜访记录", "", '{"amount_fen": 5}')
    assert owed() == ["1", "2"]
    row("6", "客户回款", "", '{"amount_fen": 5, "order_no": "1", "kind": "销售回款"}', "pending")
    assert owed() == ["1", "2"]
    db.execute("UPDATE s_rows SET status = 'accepted' WHERE receipt_no = '6'")
    assert owed() == ["2"]
    db.execute("UPDATE s_rows SET status = 'superseded' WHERE receipt_no = '2'")
    row("7", "成交订单", "k", '{"amount_fen": 4}')
    assert owed() == []
    db.execute("UPDATE s_rows SET key = 'l' WHERE receipt_no = '7'")
    assert owed() == ["7"], "no payment names an order of its key any more"
    db.execute("UPDATE s_rows SET read = '{\"opening_paid_fen\": 4}' WHERE receipt_no = '7'")
    assert owed() == []
    assert (unpaid.ORDER, unpaid.PAYMENT) == ("成交订单", "客户回款")
    made = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 's_unpaid' OR sql LIKE '%INTO s_unpaid%'"
    assert set(db.execute(made)) == set(book.db.execute(made))
    assert len(db.execute(made).fetchall()) == 3, "the table and what keeps it are those of a new book"


def test_where_pictures_were_taken_is_found_by_indexes(book: Book) -> None:
    older = Database.in_memory()
    older.execute("CREATE TABLE s_photos (person TEXT, facts TEXT)")
    whereabouts.make_indexes(older)
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name IN ('s_photos_place', 's_photos_person')"
    assert len(older.execute(sql).fetchall()) == 2
    assert set(older.execute(sql)) == set(book.db.execute(sql))


@pytest.mark.parametrize("serial", ["S1", ""])
def test_a_line_that_nobody_received_confirms_nothing(book: Book, serial: str) -> None:
    assert payments.used_by(book, serial) is None
    assert (payments.unused_lines(book), payments.lines_of(book, DAY, 5)) == ([], [])
