"""Questions about customers: by name, by owner, by likeness."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.book import Book
from ledger.records import Customer, Row, Status
from ledger.rows import live_row, row

NEW_CUSTOMER = "客户新增"


def customer_named(book: Book, name_key: str) -> Customer | None:
    """The customer with this folded name, or None."""
    return next(iter(_customers(book, "name_key = ?", name_key)), None)


def customers_once_named(book: Book, name_key: str) -> list[Customer]:
    """The customers that bore this folded name before they were renamed."""
    return _customers(book, "id IN (SELECT customer_id FROM s_former_names WHERE name_key = ?) ORDER BY name", name_key)


def former_names(book: Book, customer_id: int) -> list[str]:
    """The names that this customer bore before."""
    return [each["name"] for each in book.ask("SELECT name FROM s_former_names WHERE customer_id = ?", customer_id)]


def under_way(book: Book, customer_id: int, besides: str) -> Row | None:
    """The claim, transfer or change of this customer that still waits for its approver, or None."""
    found = book.one(
        """SELECT receipt_no FROM s_rows WHERE form IN ('客户申领', '客户转交', '信息变更') AND status IN ('waiting', 'pending')
           AND receipt_no <> ? AND (customer_id = ? OR EXISTS (
               SELECT 1 FROM json_each(s_rows.read, '$.moving') AS m WHERE m.value = ?)) ORDER BY receipt_no LIMIT 1""",
        besides, customer_id, customer_id,
    )  # fmt: skip
    return row(book, found) if found else None


def owned_by(book: Book, person: str) -> list[Customer]:
    """The customers that *person* owns, by name."""
    return _customers(book, "owner = ? ORDER BY name", person)


def all_owned(book: Book) -> list[Customer]:
    """Every customer that somebody owns, by owner and name."""
    return _customers(book, "owner IS NOT NULL ORDER BY owner, name")


def claims_on(book: Book, person: str, day: date, besides: str) -> int:
    """How many claims *person* has made on *day*, refused ones left out."""
    return int(
        book.one(
            """SELECT COUNT(*) FROM s_rows WHERE form = '客户申领' AND person = ? AND substr(submitted_at, 1, 10) = ?
               AND status IN ('waiting', 'pending', 'accepted') AND receipt_no <> ?""",
            person, day.isoformat(), besides,
        )
    )  # fmt: skip


def history(book: Book, since: str) -> list[dict[str, Any]]:
    """What happened to customers since a day: the ``changes`` view, newest first."""
    return book.ask("SELECT * FROM changes WHERE changed_at >= ? ORDER BY changed_at DESC, customer, field", since)


def customer(book: Book, customer_id: int) -> Customer | None:
    """The customer with this id, or None."""
    return next(iter(_customers(book, "id = ?", customer_id)), None)


def customers_of(book: Book, person: str) -> list[Customer]:
    """The customers that *person* owns or shares, by name."""
    return _customers(
        book,
        "owner = ? OR id IN (SELECT customer_id FROM s_members WHERE person = ?) ORDER BY name",
        person,
        person,
    )


def pool(book: Book) -> list[Customer]:
    """The customers that nobody owns."""
    return _customers(book, "owner IS NULL ORDER BY name")


def awaiting_approval(book: Book, name_key: str) -> Row | None:
    """The row by which a customer of this folded name was submitted and still waits; None otherwise."""
    found = live_row(book, NEW_CUSTOMER, name_key)
    return found if found and found.status in (Status.PENDING, Status.WAITING) else None


def held_by(book: Book, person: str, besides: str = "") -> int:
    """How many customers *person* owns, those waiting for approval included (人员新增 10(1)).

    New customers, claims and transfers to *person* that still wait count; the row *besides* does not.
    """
    owned = book.one("SELECT COUNT(*) FROM s_customers WHERE owner = ?", person)
    asked = book.one(
        """SELECT COUNT(*) FROM s_rows WHERE form = ? AND status IN ('waiting', 'pending')
           AND owner = ? AND receipt_no <> ?""",
        NEW_CUSTOMER,
        person,
        besides,
    )
    return int(owned) + int(asked) + _promised(book, person, besides)


def _promised(book: Book, person: str, besides: str) -> int:
    claimed = book.one(
        """SELECT COUNT(*) FROM s_rows WHERE form = '客户申领' AND person = ? AND status IN ('waiting', 'pending')
           AND receipt_no <> ?""",
        person, besides,
    )  # fmt: skip
    coming = book.one(
        """SELECT COALESCE(SUM(json_array_length(read, '$.moving')), 0) FROM s_rows WHERE form = '客户转交'
           AND vals ->> 'receiver' = ? AND status IN ('waiting', 'pending') AND receipt_no <> ?""",
        person, besides,
    )  # fmt: skip
    return int(claimed) + int(coming)


def next_customer_id(book: Book) -> int:
    """The id of the next customer; inside a transaction."""
    return int(book.one("SELECT COALESCE(MAX(id), 0) + 1 FROM s_customers"))


def _customers(book: Book, where: str, *values: Any) -> list[Customer]:
    return [_customer(book, record) for record in book.ask(f"SELECT * FROM s_customers WHERE {where}", *values)]


def _customer(book: Book, record: dict[str, Any]) -> Customer:
    shared = book.ask("SELECT person FROM s_members WHERE customer_id = ? ORDER BY person", record["id"])
    days = ("acquired_on", "last_followed_on", "pooled_on")
    plain = {name: value for name, value in record.items() if name not in (*days, "receipt_no")}
    return Customer(
        **plain,
        shared=tuple(member["person"] for member in shared),
        acquired_on=date.fromisoformat(record["acquired_on"]),
        last_followed_on=_day(record["last_followed_on"]),
        pooled_on=_day(record["pooled_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def undecided_rows(book: Book, customer_id: int, since: date) -> list[str]:
    """受理号 of rows about this customer, come on *since* or later, that wait for a picture or for somebody's decision."""
    records = book.ask(
        """SELECT receipt_no FROM s_rows WHERE status IN ('waiting', 'pending') AND form <> '拜访计划' AND submitted_at >= ? AND (customer_id = ?
           OR EXISTS (SELECT 1 FROM json_each(s_rows.read, '$.moving') AS m WHERE m.value = ?)) ORDER BY receipt_no""",
        since.isoformat(), customer_id, customer_id,
    )  # fmt: skip
    return [each["receipt_no"] for each in records]


def reminded(book: Book, given: dict[str, Any]) -> bool:
    """Whether this very reminder was given before."""
    question = "SELECT 1 FROM s_reminders WHERE customer_id = ? AND person = ? AND days = ? AND since = ?"
    return book.one(question, given["customer_id"], given["person"], given["days"], given["since"]) is not None
