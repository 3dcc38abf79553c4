"""Questions about customers: by name, by owner."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Change, Question
from ledger.records import Customer, Person, Row, Status
from ledger.rows import live_row
from policy.posts import DEPARTMENT_MANAGER, SALESPERSON

NEW_CUSTOMER = "客户新增"


def _named(book: Book, name_keys: Sequence[str]) -> dict[str, Customer]:
    among = "name_key IN (SELECT value FROM json_each(?))"
    return {each.name_key: each for each in _customers(book, among, json.dumps(name_keys))}


def _added(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["name_key"], None)


#: What makes an answer about customers outdated, whichever customer it is about.
_MOVES: Mapping[str, Change] = dict.fromkeys(
    (
        "customer.claimed", "customer.transferred", "customer.returned", "customer.changed", "customer.recycled",
        "customer.followed",
    ),
    FORGET,
)  # fmt: skip

#: folded name → the customer that bears it now.
named: Question[str, Customer | None] = Question(_named, None, {**_MOVES, "customer.added": _added})


def _once_named(book: Book, name_keys: Sequence[str]) -> dict[str, tuple[Customer, ...]]:
    bore = book.ask(_BORE, json.dumps(name_keys))
    among = "id IN (SELECT value FROM json_each(?)) ORDER BY name"
    bearers = {each.id: each for each in _customers(book, among, json.dumps([record["id"] for record in bore]))}
    found: dict[str, tuple[Customer, ...]] = {}
    for record in bore:
        known = found.get(record["name_key"], ())
        if bearers[record["id"]] not in known:
            found[record["name_key"]] = (*known, bearers[record["id"]])
    return {key: tuple(sorted(each, key=lambda customer: customer.name)) for key, each in found.items()}


_BORE = """SELECT f.name_key, f.customer_id AS id FROM json_each(?) AS j CROSS JOIN s_former_names AS f
           ON f.name_key = j.value"""

#: folded name → the customers that bore it before they were renamed.
once_named: Question[str, tuple[Customer, ...]] = Question(_once_named, (), _MOVES)


def _owned(book: Book, people: Sequence[str]) -> dict[str, tuple[Customer, ...]]:
    found: dict[str, tuple[Customer, ...]] = {}
    for each in _customers(book, "owner IN (SELECT value FROM json_each(?)) ORDER BY name", json.dumps(people)):
        found[str(each.owner)] = (*found.get(str(each.owner), ()), each)
    return found


#: person → the customers that they own, by name.
owned: Question[str, tuple[Customer, ...]] = Question(_owned, (), {**_MOVES, "customer.added": FORGET})


def _shared(book: Book, people: Sequence[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for record in book.ask(_SHARED, json.dumps(people)):
        found[record["person"]] = found.get(record["person"], frozenset()) | {record["name"]}
    return found


_SHARED = """SELECT m.person, c.name FROM json_each(?) AS j CROSS JOIN s_members AS m ON m.person = j.value
             JOIN s_customers AS c ON c.id = m.customer_id"""

#: person → names of the customers that others share with them.
shared_with: Question[str, frozenset[str]] = Question(_shared, frozenset(), {**_MOVES, "customer.added": FORGET})


def _names_of(book: Book, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for record in book.ask(_NAMES, json.dumps(ids)):
        found[record["id"]] = (*found.get(record["id"], ()), record["name"])
    return found


_NAMES = """SELECT c.id, c.name, 0 AS n FROM json_each(?1) AS j CROSS JOIN s_customers AS c ON c.id = j.value
            UNION ALL SELECT f.customer_id, f.name, f.rowid FROM json_each(?1) AS j CROSS JOIN s_former_names AS f
            ON f.customer_id = j.value ORDER BY 1, 3"""

#: customer → the name that it bears now, and those that it bore before.
names_of: Question[int, tuple[str, ...]] = Question(_names_of, (), {**_MOVES, "customer.added": FORGET})


def owned_by(book: Book, person: str) -> list[Customer]:
    """The customers that *person* owns, by name."""
    return _customers(book, "owner = ? ORDER BY name", person)


def all_owned(book: Book) -> list[Customer]:
    """Every customer that somebody owns, by owner and name."""
    return _customers(book, "owner IS NOT NULL ORDER BY owner, name")


def of_leavers(book: Book, people: Mapping[str, Person], today: date) -> list[Customer]:
    """The customers of those who have left, or no longer sell, not yet handed over (客户转交 8)."""
    return [
        customer
        for customer in all_owned(book)
        if (owner := people.get(customer.owner or "")) is not None
        and (
            owner.post not in (SALESPERSON, DEPARTMENT_MANAGER)
            or (owner.left_on is not None and owner.left_on <= today)
        )
    ]


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


def shared_with_each(book: Book, people: Iterable[str]) -> dict[str, list[Customer]]:
    """Person → the customers of others that are shared with them, by name."""
    names = list(people)
    pairs = book.ask(
        """SELECT m.person, m.customer_id AS id FROM json_each(?) AS j CROSS JOIN s_members AS m ON m.person = j.value
           JOIN s_customers AS c ON c.id = m.customer_id WHERE c.owner IS NOT m.person ORDER BY c.name""",
        json.dumps(names),
    )
    wanted = json.dumps([each["id"] for each in pairs])
    known = {each.id: each for each in _customers(book, "id IN (SELECT value FROM json_each(?))", wanted)}
    found: dict[str, list[Customer]] = {}
    for each in pairs:
        found.setdefault(each["person"], []).append(known[each["id"]])
    return found


def owned_by_each(book: Book, people: Iterable[str]) -> dict[str, list[Customer]]:
    """Person → the customers that they own, by name; everybody who was asked for is in it."""
    found: dict[str, list[Customer]] = {name: [] for name in people}
    where = "owner IN (SELECT value FROM json_each(?)) ORDER BY name"
    for customer in _customers(book, where, json.dumps(list(found))):
        found[str(customer.owner)].append(customer)
    return found


def pool(book: Book) -> list[Customer]:
    """The customers that nobody owns."""
    return _customers(book, "owner IS NULL ORDER BY name")


def awaiting_approval(book: Book, name_key: str) -> Row | None:
    """The row by which a customer of this folded name was submitted and still waits; None otherwise."""
    found = live_row(book, NEW_CUSTOMER, name_key)
    return found if found and found.status in (Status.PENDING, Status.WAITING) else None


def next_customer_id(book: Book) -> int:
    """The id of the next customer, which is then taken; inside a transaction."""
    return book.counter("customer", "SELECT MAX(id) FROM s_customers")


def _customers(book: Book, where: str, *values: Any) -> list[Customer]:
    records = book.ask(f"SELECT * FROM s_customers WHERE {where}", *values)
    members: dict[int, list[str]] = {}
    for record in book.ask(_MEMBERS, json.dumps([each["id"] for each in records])) if records else ():
        members.setdefault(record["customer_id"], []).append(record["person"])
    return [_customer(record, tuple(members.get(record["id"], ()))) for record in records]


_MEMBERS = """SELECT m.customer_id, m.person FROM json_each(?) AS j CROSS JOIN s_members AS m ON m.customer_id = j.value
              ORDER BY m.customer_id, m.person"""


def _customer(record: dict[str, Any], shared: tuple[str, ...]) -> Customer:
    days = ("acquired_on", "last_followed_on", "pooled_on")
    plain = {name: value for name, value in record.items() if name not in days}
    return Customer(
        **plain,
        shared=shared,
        acquired_on=date.fromisoformat(record["acquired_on"]),
        last_followed_on=_day(record["last_followed_on"]),
        pooled_on=_day(record["pooled_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def undecided_rows(book: Book, since: date) -> dict[int, tuple[str, ...]]:
    """Customer → 受理号 of rows about it, come on *since* or later, that wait for a picture or for somebody's decision."""
    found: dict[int, tuple[str, ...]] = {}
    for record in book.ask(_UNDECIDED, since.isoformat()):
        found[record["customer_id"]] = (*found.get(record["customer_id"], ()), record["receipt_no"])
    return found


_UNDECIDED = """WITH waiting AS (SELECT receipt_no, customer_id, read FROM s_rows
        WHERE status IN ('waiting', 'pending') AND form <> '拜访计划' AND submitted_at >= ?)
    SELECT customer_id, receipt_no FROM waiting WHERE customer_id IS NOT NULL
    UNION SELECT m.value, receipt_no FROM waiting, json_each(waiting.read, '$.moving') AS m ORDER BY receipt_no"""


def reminded(book: Book, given: dict[str, Any]) -> bool:
    """Whether this very reminder was given before."""
    question = "SELECT 1 FROM s_reminders WHERE customer_id = ? AND person = ? AND days = ? AND since = ?"
    return book.one(question, given["customer_id"], given["person"], given["days"], given["since"]) is not None
