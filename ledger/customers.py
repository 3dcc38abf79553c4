"""Questions about customers: by name, by owner, by likeness."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.book import Book
from ledger.records import Customer, Row, Status
from ledger.rows import live_row

NEW_CUSTOMER = "客户新增"


def customer_named(book: Book, name_key: str) -> Customer | None:
    """The customer with this folded name, or None."""
    return next(iter(_customers(book, "name_key = ?", name_key)), None)


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


def names(book: Book) -> list[tuple[str, str, str]]:
    """(folded name, name, owner) of every customer in the book and every one that waits for approval."""
    return book.remembered("customer", ("customer names",), lambda: _names(book)) + _waiting_names(book)


def _names(book: Book) -> list[tuple[str, str, str]]:
    records = book.ask("SELECT name_key, name, COALESCE(owner, '公海') AS owner FROM s_customers")
    return [(record["name_key"], record["name"], record["owner"]) for record in records]


def _waiting_names(book: Book) -> list[tuple[str, str, str]]:
    records = book.ask(
        "SELECT key, vals ->> 'name' AS name, person FROM s_rows WHERE form = ? AND status IN ('waiting', 'pending')",
        NEW_CUSTOMER,
    )
    return [(record["key"], record["name"], record["person"]) for record in records]


def held_by(book: Book, person: str) -> int:
    """How many customers *person* owns, those waiting for approval included (人员新增 10(1))."""
    owned = book.one("SELECT COUNT(*) FROM s_customers WHERE owner = ?", person)
    asked = book.one(
        """SELECT COUNT(*) FROM s_rows WHERE form = ? AND status IN ('waiting', 'pending')
           AND COALESCE(vals ->> 'owner', person) = ?""",
        NEW_CUSTOMER,
        person,
    )
    return int(owned) + int(asked)


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
