"""The views that others rely on, row by row: names, order of columns, ISO dates, money in fen; and the copy for readers."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger import readers
from ledger.book import Book
from ledger.journal import Entry
from ledger.terms import TERM, people_as_of
from tests.ledger.posting import AT, STAMP, customer, decided, joined, opened, post, row
from tests.ledger.test_state_beside import kept
from tests.ledger.test_state_people import changed


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


def view(book: Book, name: str) -> list[tuple[Any, ...]]:
    return book.sent(f"SELECT * FROM {name} ORDER BY 1, 2")


def columns(book: Book, name: str) -> list[str]:
    return [each["name"] for each in book.ask(f"PRAGMA table_info({name})")]


ONE, TWO, THREE, FOUR = "261123-0001", "261123-0002", "261123-0003", "261123-0004"
SENT, DECIDED = "2026-11-23T11:00:00+08:00", "2026-11-23T15:00:00+08:00"


def test_people_are_as_the_books_own_day_has_them(book: Book) -> None:
    post(
        book, joined("张三"), joined("王五", joined_on="2026-12-01", region=None), changed("张三", "2026-11-23", department="二部"),
        changed("张三", "2026-11-24", post="主管"), changed("张三", "2026-03-01", state="离职"), changed("张三", "2026-11-20", state="在职"),
        changed("张三", "2026-11-24", state="离职"),
    )  # fmt: skip
    assert columns(book, "people") == [
        "name", "phone", "gender", "department", "post", "max_customers", "max_follow_days", "region", "joined_on", "left_on",
    ]  # fmt: skip
    assert view(book, "people") == [
        ("张三", "13800000000", "女", "二部", "客户经理", 30, 20, "华南", "2026-11-20", "2026-11-24"),
        ("王五", "13800000000", "女", "销售一部", "客户经理", 30, 20, None, "2026-12-01", None),
    ]  # fmt: skip
    assert TERM == ("department", "post", "max_customers", "max_follow_days", "region")

    def on(day: str, more: str = "") -> list[tuple[Any, ...]]:
        return [line[3:5] + line[8:] for line in book.sent(people_as_of("?1", more), day) if line[0] == "张三"]

    assert book.sent(people_as_of("'2026-11-23'")) == book.sent("SELECT * FROM people")
    assert on("2026-11-22") == [("销售一部", "客户经理", "2026-11-20", "2026-11-24")]
    assert on("2026-11-24", ", p.root") == [("二部", "主管", "2026-11-20", "2026-11-24", "张三根")]
    assert on("2026-11-19") == [("销售一部", "客户经理", "2026-01-05", "2026-03-01")]
    assert on("2025-01-01") == [("销售一部", "客户经理", "2026-01-05", "2026-03-01")], "before the first day, the first"


def test_former_names_lead_to_who_bears_another_now(book: Book) -> None:
    given = {"new_name": "阿丰", "plain_name": "阿丰", "receipt_no": ONE}
    post(book, joined("张三"), Entry("person.renamed", "张三", "kebu", given))
    assert columns(book, "former_names") == ["name", "person", "until"]
    assert view(book, "former_names") == [("张三", "阿丰", STAMP)]


def test_customers_are_shown_with_one_address_and_where_they_come_from(book: Book) -> None:
    post(
        book, row("261101-0002", "期初客户"), row("261101-0001", "客户新增"), customer(1, shared=["王五", "赵七"]),
        customer(2, None, city="广东省", contact=None),
    )  # fmt: skip
    assert columns(book, "customers") == [
        "id", "name", "owner", "status", "region", "address", "contact", "phone", "acquired_on", "last_followed_on", "pooled_on",
        "source", "type", "province", "city", "district", "previous_owner", "receipt_no", "opening",
    ]  # fmt: skip
    rest = ("075512345678", "2026-11-01", "2026-11-02", None, "展会", "终端", "广东省")
    assert view(book, "customers") == [
        (1, "宏远1公司", "张三", "accepted", "华南", "广东省深圳市南山区科技路1号", "李经理", *rest, "深圳市", "南山区", None, "261101-0001", 0),
        (2, "宏远2公司", None, "accepted", "华南", "广东省南山区科技路1号", None, *rest, "广东省", "南山区", None, "261101-0002", 1),
    ]  # fmt: skip
    assert columns(book, "customer_members") == ["customer_id", "customer", "person"]
    assert book.sent("SELECT * FROM customer_members ORDER BY person") == [
        (1, "宏远1公司", "王五"),
        (1, "宏远1公司", "赵七"),
    ]


def seen(
    book: Book, name: str, form: str, vals: dict[str, Any], read: dict[str, Any], **other: Any
) -> list[tuple[Any, ...]]:
    """A view's rows: of a row without a customer, of one with, and of another form, which it must not show."""
    another = "拜访计划" if form == "拜访记录" else "拜访记录"
    post(
        book, customer(1), row(ONE, form, vals=vals, read=read, **other),
        row(TWO, form, vals=vals, read=read, customer_id=1, **other), row(THREE, another, vals=vals, read=read),
    )  # fmt: skip
    return view(book, name)


def test_visits(book: Book) -> None:
    vals = {"customer": "宏远", "met": "李经理", "purpose": "回访", "content": "谈定", "next_purpose": "签约", "x": 1}
    found = seen(book, "visits", "拜访记录", vals, {"visited_at": "2026-11-22 09:30", "客户办公地点": "深圳"})
    assert columns(book, "visits") == [
        "receipt_no", "customer", "salesperson", "visited_at", "place", "met", "purpose", "content", "status", "next_purpose",
        "submitted_at",
    ]  # fmt: skip
    rest = ("张三", "2026-11-22 09:30", "深圳", "李经理", "回访", "谈定", "pending", "签约", SENT)
    assert found == [(ONE, "宏远", *rest), (TWO, "宏远1公司", *rest)]


def test_visit_plans(book: Book) -> None:
    found = seen(book, "visit_plans", "拜访计划", {"customer": "宏远", "purpose": "回访"}, {}, day="2026-11-25")
    assert columns(book, "visit_plans") == ["receipt_no", "customer", "salesperson", "planned_on", "purpose", "status"]
    assert found == [(number, "宏远", "张三", "2026-11-25", "回访", "pending") for number in (ONE, TWO)]


def test_orders(book: Book) -> None:
    vals = {
        "customer": "宏远",
        "signed_on": "2026-11-20",
        "amount_fen": 5,
        "contract_no": "HY-1",
        "opportunity": "二期",
    }
    found = seen(book, "orders", "成交订单", vals, {"opening_paid_fen": 3, "for_person": "王五"})
    assert columns(book, "orders") == [
        "receipt_no", "customer", "salesperson", "signed_on", "amount_fen", "status", "contract_no", "opportunity",
        "opening_paid_fen",
    ]  # fmt: skip
    rest = ("王五", "2026-11-20", 5, "pending", "HY-1", "二期", 3)
    assert found == [(ONE, "宏远", *rest), (TWO, "宏远1公司", *rest)]
    post(book, row(FOUR, "成交订单", vals=vals))
    assert view(book, "orders")[2][2] == "张三"


def paid(number: str, order_no: str, kind: str = "销售回款", fen: int = 5) -> Entry:
    vals = {
        "customer": "宏远",
        "kind": kind,
        "amount_fen": fen,
        "paid_on": "2026-11-21",
        "order_no": order_no,
        "serial": "S1",
    }
    return row(number, "客户回款", vals=vals)


def test_payments_are_for_the_order_that_stands_now_and_refunds_count_against(book: Book) -> None:
    post(
        book, row("o1", "成交订单", "superseded", key="k"), row("o2", "成交订单", "accepted", key="k"),
        row("o3", "成交订单", "rejected", key="r"), row("o4", "成交订单", "superseded", key=""), row("o5", "成交订单", "waiting", key=""),
        row("p1", "拜访计划", "superseded", key="q"), row("p2", "拜访计划", "accepted", key="q"),
        paid("a", "o1"), paid("b", "o2", "退款"), paid("c", "o3"), paid("d", "o4"), paid("e", "none"), paid("f", "p1"),
    )  # fmt: skip
    assert columns(book, "payments") == [
        "receipt_no", "customer", "salesperson", "paid_on", "amount_fen", "status", "kind", "order_no", "serial", "filed_by",
    ]  # fmt: skip
    assert view(book, "payments")[0] == (
        "a",
        "宏远",
        "张三",
        "2026-11-21",
        5,
        "pending",
        "销售回款",
        "o2",
        "S1",
        "张三",
    )
    assert [(line[0], line[4], line[7]) for line in view(book, "payments")] == [
        ("a", 5, "o2"), ("b", -5, "o2"), ("c", 5, "o3"), ("d", 5, "o4"), ("e", 5, "none"), ("f", 5, "p1"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["waiting", "pending", "accepted", "rejected", "superseded"])
def test_an_order_stands_in_the_place_of_another_while_it_is_alive(book: Book, status: str) -> None:
    post(book, row("o1", "成交订单", "superseded", key="k"), row("o2", "成交订单", status, key="k"), paid("a", "o1"))
    assert view(book, "payments")[0][7] == ("o2" if status in ("waiting", "pending", "accepted") else "o1")


def test_transfers(book: Book) -> None:
    vals = {"customer": "宏远", "receiver": "王五", "reason": "调岗", "description": "细说"}
    found = seen(book, "transfers", "客户转交", vals, {"owner": "赵七"})
    assert columns(book, "transfers") == [
        "receipt_no", "customer", "from_person", "to_person", "reason", "description", "status", "submitted_at", "decided_at",
    ]  # fmt: skip
    assert found == [(n, "宏远", "赵七", "王五", "调岗", "细说", "pending", SENT, None) for n in (ONE, TWO)]
    post(book, decided(ONE))
    assert view(book, "transfers")[0][6:] == ("accepted", SENT, DECIDED)


def test_changes_say_who_changed_what_and_who_approved_it(book: Book) -> None:
    change = Entry("customer.changed", "1", "王五", {"changes": {"contact": "王经理"}, "receipt_no": ONE})
    post(book, row(ONE, "信息变更"), decided(ONE), customer(1), change)
    assert columns(book, "changes") == [
        "receipt_no", "customer", "changed_by", "changed_at", "kind", "field", "from_value", "to_value", "approved_by",
    ]  # fmt: skip
    assert view(book, "changes") == [
        ("261101-0001", "宏远1公司", "李四", STAMP, "客户新增", "owner", None, "张三", None),
        (ONE, "宏远1公司", "王五", STAMP, "信息变更", "contact", "李经理", "王经理", "李四"),
    ]  # fmt: skip


def test_targets(book: Book) -> None:
    vals = {
        "name": "王五",
        "year": 2026,
        "month": 11,
        "orders_fen": 1,
        "payments_fen": 2,
        "visits": 3,
        "new_customers": 4,
    }
    found = seen(book, "targets", "销售指标", vals, {})
    assert columns(book, "targets") == [
        "person", "year", "month", "orders_fen", "payments_fen", "visits", "new_customers", "status", "receipt_no", "period",
    ]  # fmt: skip
    assert sorted(found) == [("王五", 2026, 11, 1, 2, 3, 4, "pending", number, "月度") for number in (ONE, TWO)]
    post(book, row(FOUR, "销售指标", vals={**vals, "name": "赵七", "period": "季度"}))
    assert {line[-1] for line in view(book, "targets") if line[0] == "赵七"} == {"季度"}


def test_opportunities_and_the_order_that_won_them(book: Book) -> None:
    vals = {
        "customer": "宏远", "name": "二期", "stage": "报价", "amount_fen": 9, "expected_on": "2026-12-01", "next_step": "签约",
        "lost_because": "价格",
    }  # fmt: skip
    found = seen(book, "opportunities", "商机", vals, {"likelihood": 60})
    assert columns(book, "opportunities") == [
        "receipt_no", "customer", "name", "salesperson", "stage", "likelihood", "amount_fen", "expected_on", "next_step",
        "lost_because", "status", "submitted_at", "won_by",
    ]  # fmt: skip
    rest = ("二期", "张三", "报价", 60, 9, "2026-12-01", "签约", "价格", "pending", SENT)
    assert found == [(ONE, "宏远", *rest, None), (TWO, "宏远1公司", *rest, None)]
    won: dict[str, Any] = {"vals": {"opportunity": "二期"}, "customer_id": 1}
    post(
        book, row("9", "成交订单", "accepted", **won), row("8", "成交订单", "accepted", **won), row("1", "成交订单", "pending", **won),
        row("2", "拜访记录", "accepted", **won), row("3", "成交订单", "accepted", vals={"opportunity": "二期"}, customer_id=2),
        row("4", "成交订单", "accepted", vals={"opportunity": "三期"}, customer_id=1),
    )  # fmt: skip
    assert [line[-1] for line in view(book, "opportunities")] == [None, "8"]


def test_corrections_and_bank_lines(book: Book) -> None:
    line = {"arrived_on": "2026-11-22", "payer": "宏远", "amount_fen": 5, "memo": "货款", "receipt_no": ONE}
    given = {
        "receipt_no": TWO,
        "form": "银行流水",
        "action": "更正",
        "column": "付款人",
        "field": "payer",
        "from": "宏",
        "to": "远",
        "reason": "错",
    }
    post(
        book, row(ONE, "银行流水"), row(TWO, "更正"), decided(TWO), Entry("bank.received", "S1", "钱会计", line),
        Entry("bank.used", "S1", "钱会计", {"receipt_no": "9"}), Entry("row.corrected", ONE, "王五", given),
    )  # fmt: skip
    assert columns(book, "corrections") == [
        "receipt_no", "of_receipt_no", "form", "action", "column", "from_value", "to_value", "reason", "corrected_by",
        "corrected_at", "approved_by",
    ]  # fmt: skip
    assert view(book, "corrections") == [
        (TWO, ONE, "银行流水", "更正", "付款人", "宏", "远", "错", "王五", STAMP, "李四")
    ]
    assert columns(book, "bank_lines") == [
        "serial",
        "arrived_on",
        "payer",
        "amount_fen",
        "memo",
        "receipt_no",
        "used_by",
    ]
    assert view(book, "bank_lines") == [("S1", "2026-11-22", "远", 5, "货款", ONE, "9")]


@pytest.mark.parametrize(
    ("due", "how"),
    [(DECIDED, "on_time"), ("2026-11-23T14:59:59+08:00", "late"), ("2026-11-24T09:00:00+08:00", "on_time")],
)
def test_daily_reports_and_whether_they_were_reviewed_in_time(book: Book, due: str, how: str) -> None:
    vals, read = {"summary": "见了", "plan": "再见"}, {"punctuality": "on_time", "review_due": due}
    found = seen(book, "daily_reports", "销售日报", vals, read, day="2026-11-22")
    assert columns(book, "daily_reports") == [
        "receipt_no", "person", "date", "arrived_at", "punctuality", "reviewed_at", "review_punctuality", "status", "summary",
        "plan", "reviewer",
    ]  # fmt: skip
    line = ("张三", "2026-11-22", SENT, "on_time")
    assert found == [(number, *line, None, None, "pending", "见了", "再见", None) for number in (ONE, TWO)]
    post(book, decided(ONE))
    assert view(book, "daily_reports")[0] == (ONE, *line, DECIDED, how, "accepted", "见了", "再见", "李四")


def test_leave_deputies_and_appeals(book: Book) -> None:
    span = {"start": "2026-11-24", "end": "2026-11-26", "reason": "请假"}
    post(
        book, Entry("exemption.granted", ONE, "李四", {"person": "张三", **span}),
        Entry("deputy.named", TWO, "赵总", {"principal": "李四", "deputy": "周八", **span}),
        row(THREE, "日报申诉", day="2026-11-20", vals={"reason": "停电"}), decided(THREE, "rejected"), row(FOUR, "销售日报"),
    )  # fmt: skip
    assert columns(book, "exemptions") == [
        "receipt_no",
        "person",
        "starts_on",
        "ends_on",
        "reason",
        "granted_by",
        "granted_at",
    ]
    assert view(book, "exemptions") == [(ONE, "张三", "2026-11-24", "2026-11-26", "请假", "李四", STAMP)]
    assert columns(book, "deputies") == [
        "receipt_no",
        "principal",
        "deputy",
        "starts_on",
        "ends_on",
        "reason",
        "named_by",
    ]
    assert view(book, "deputies") == [(TWO, "李四", "周八", "2026-11-24", "2026-11-26", "请假", "赵总")]
    assert columns(book, "appeals") == [
        "receipt_no", "person", "date", "reason", "submitted_at", "status", "decided_by", "decided_at", "comment",
    ]  # fmt: skip
    assert view(book, "appeals") == [(THREE, "张三", "2026-11-20", "停电", SENT, "rejected", "李四", DECIDED, "看过")]


def test_photos_say_what_they_say_of_themselves_and_who_used_them(book: Book) -> None:
    facts = {
        "pixel_hash": "p", "dhash": None, "model": "P60", "taken_at": "2026-11-22T09:00:00", "lat": 22.5, "lon": 113.9,
        "make": "HUAWEI", "software": "x",
    }  # fmt: skip
    seals = {"aa": "live", "bb": "offline", "cc": None, "dd": "torn"}
    post(book, *(kept(n, sha256, facts, sealed=seal) for n, (sha256, seal) in enumerate(seals.items(), 1)))
    post(book, row(ONE, "拜访记录", photos=["bb"]))
    assert columns(book, "photos") == [
        "sha256", "person", "name", "arrived_at", "taken_at", "lat", "lon", "make", "model", "software", "archived_as", "used_by",
        "live", "seal",
    ]  # fmt: skip
    said = ("张三", "门头.jpg", STAMP, "2026-11-22T09:00:00", 22.5, 113.9, "HUAWEI", "P60", "x", "archive/1.jpg")
    assert view(book, "photos") == [
        ("aa", *said, None, 1, "live"), ("bb", *said, ONE, 0, "offline"), ("cc", *said, None, None, None),
        ("dd", *said, None, None, "torn"),
    ]  # fmt: skip


def test_findings_decisions_files_deliveries_and_the_journal(book: Book) -> None:
    finding = {"rule": "r", "clause": "c", "severity": "flag", "column": "列", "message": "m", "remedy": "改"}
    file = {
        "id": 1, "sha256": "aa", "person": "张三", "name": "日报.xlsx", "arrived_at": STAMP, "kind": "workbook", "outcome": "taken",
        "archived_as": "archive/1.xlsx", "quarantined_as": "q", "reason": "好", "by_machine": 0,
    }  # fmt: skip
    queued = {"id": 7, "person": "张三", "folder": "回执", "name": "回执.xlsx", "told": "tt", "cause": "file:1"}
    post(
        book, row(ONE, "拜访记录", findings=[finding]), decided(ONE), Entry("file.taken", "1", "张三", file),
        Entry("delivery.queued", "x", "kebu", queued), Entry("delivery.queued", "y", "kebu", {**queued, "id": 8, "sha256": "old"}),
    )  # fmt: skip
    assert columns(book, "findings") == ["receipt_no", "rule", "clause", "severity", "column", "message", "remedy"]
    assert view(book, "findings") == [(ONE, "r", "c", "flag", "列", "m", "改")]
    assert columns(book, "decisions") == ["receipt_no", "approver", "decision", "comment", "decided_at", "sheet"]
    assert view(book, "decisions") == [(ONE, "李四", "同意", "看过", DECIDED, "SP-1")]
    assert columns(book, "files") == [
        "sha256",
        "person",
        "name",
        "arrived_at",
        "kind",
        "outcome",
        "archived_as",
        "reason",
    ]
    assert view(book, "files") == [("aa", "张三", "日报.xlsx", STAMP, "workbook", "taken", "archive/1.xlsx", "好")]
    book.db.execute("INSERT INTO shipped (delivery_id, shipped_at, path, sha256) VALUES (7, 's', '张三/取件/a', 'hh')")
    assert columns(book, "deliveries") == [
        "id",
        "person",
        "folder",
        "name",
        "sha256",
        "queued_at",
        "cause",
        "shipped_at",
        "path",
    ]
    line = ("张三", "回执", "回执.xlsx")
    assert view(book, "deliveries") == [
        (7, *line, "hh", STAMP, "file:1", "s", "张三/取件/a"), (8, *line, "old", STAMP, "file:1", None, None),
    ]  # fmt: skip
    assert columns(book, "journal") == ["seq", "at", "kind", "subject", "actor", "payload", "hash"]
    assert view(book, "journal") == book.sent(
        "SELECT seq, at, kind, subject, actor, payload, hash FROM entries ORDER BY seq"
    )
    assert len(view(book, "journal")) == 6


# -- the copy for readers


def hidden(text: str) -> str:
    return f"<{text}>"


def test_a_copy_for_readers_has_the_views_as_tables_without_what_is_nobodys_business(
    book: Book, tmp_path: Path
) -> None:
    vals = {
        "customer": "宏远",
        "order_no": "o1",
        "serial": "13800000000",
        "amount_fen": 5,
        "kind": "销售回款",
        "paid_on": "2026-11-21",
    }
    post(
        book,
        joined("张三"),
        customer(1, shared=["王五"]),
        row(ONE, "客户回款", vals=vals),
        kept(archived_as="archive/13800000000.jpg"),
    )
    target = tmp_path / "readers" / "copy.db"
    count = readers.write_copy(book, target, "2026-11-23", hidden)
    assert "journal" not in readers.tables()
    assert "deliveries" not in readers.tables()
    assert len(readers.tables()) == 22
    if os.name != "nt":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(sqlite3.connect(target)) as copy:
        tables = [
            name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
        ]
        assert tables == [*readers.tables(), "about"]
        assert (
            count == sum(copy.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in readers.tables()) == 6
        )
        assert copy.execute("SELECT * FROM about").fetchall() == [("2026-11-23", book.length())]
        assert [column[0] for column in copy.execute("SELECT * FROM about").description] == ["day", "entries"]
        (payment,) = copy.execute("SELECT * FROM payments").fetchall()
        assert payment == (
            ONE, "<宏远>", "<张三>", "<2026-11-21>", 5, "<pending>", "<销售回款>", "o1", "13800000000", "<张三>",
        )  # fmt: skip
        (change,) = copy.execute("SELECT changed_at, to_value, approved_by FROM changes").fetchall()
        assert change == (STAMP, "<张三>", None)
        assert copy.execute("SELECT sha256, archived_as, name FROM photos").fetchall() == [
            ("cafe", "archive/13800000000.jpg", "<门头.jpg>")
        ]
        assert [c[0] for c in copy.execute("SELECT * FROM people").description] == columns(book, "people")
    assert set(readers.AS_THEY_ARE) == {
        "sha256", "receipt_no", "of_receipt_no", "order_no", "serial", "contract_no", "archived_as", "used_by", "sheet",
    }  # fmt: skip


def test_a_copy_is_renewed_as_a_whole_and_seen_by_readers_only_then(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    post(book, *(row(f"261123-{n:04}", "拜访记录") for n in range(1, 1_003)))
    assert readers.write_copy(book, target, "2026-11-23", hidden) == 1_002
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT COUNT(DISTINCT receipt_no) FROM visits").fetchone() == (1_002,)
        with book.transaction():
            book.post([row("261124-0001", "拜访记录")], AT)

        def failing(_text: str) -> str:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            readers.write_copy(book, target, "2026-11-24", failing)
        assert copy.execute("SELECT day FROM about").fetchall() == [("2026-11-23",)]
    assert readers.write_copy(book, target, "2026-11-24", str) == 1_003
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT * FROM about").fetchall() == [("2026-11-24", 1_004)]
        assert copy.execute("SELECT COUNT(*) FROM visits WHERE salesperson = '张三'").fetchone() == (1_003,)


def test_what_was_taken_out_of_a_copy_is_not_readable_in_its_free_pages(book: Book, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    post(book, *(customer(n, contact="可以找到的人") for n in range(1, 60)))
    readers.write_copy(book, target, "2026-11-23", str)
    assert "可以找到的人".encode() in target.read_bytes()
    readers.write_copy(book, target, "2026-11-23", lambda _text: "x")
    assert "可以找到的人".encode() not in target.read_bytes()
