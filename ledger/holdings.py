"""Questions about what people hold or are about to hold: limits, claims, customers that are spoken for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Change, Question

NEW_CUSTOMER, CLAIM, TRANSFER, CHANGE = "客户新增", "客户申领", "客户转交", "信息变更"
_UNDECIDED = frozenset({"waiting", "pending"})
_DECISIONS: Mapping[str, Change] = dict.fromkeys(("row.completed", "decision.made"), FORGET)


@dataclass(frozen=True)
class Holding:
    """What one person holds: customers owned, and those that rows which still wait would add."""

    owned: int = 0
    asked: dict[str, int] = field(default_factory=dict)  #: 受理号 → customers; kept up to date with the answer
    waiting: int = 0  #: customers in all that were asked for


def _holdings(book: Book, people: Sequence[str]) -> dict[str, Holding]:
    among = json.dumps(people)
    owned = {record["owner"]: record["n"] for record in book.ask(_OWNED, among)}
    asked: dict[str, dict[str, int]] = {}
    for record in book.ask(_ASKED, among, among, among):
        asked.setdefault(record["person"], {})[record["receipt_no"]] = record["n"]
    return {
        person: Holding(owned.get(person, 0), mine, sum(mine.values()))
        for person in people
        for mine in [asked.get(person, {})]
    }


_OWNED = (
    """SELECT owner, COUNT(*) AS n FROM s_customers WHERE owner IN (SELECT value FROM json_each(?)) GROUP BY owner"""
)
_ASKED = f"""
SELECT owner AS person, receipt_no, 1 AS n FROM s_rows WHERE form = '{NEW_CUSTOMER}' AND status IN ('waiting', 'pending')
    AND owner IN (SELECT value FROM json_each(?))
UNION ALL SELECT person, receipt_no, 1 FROM s_rows WHERE form = '{CLAIM}' AND status IN ('waiting', 'pending')
    AND person IN (SELECT value FROM json_each(?))
UNION ALL SELECT vals ->> 'receiver', receipt_no, COALESCE(json_array_length(read, '$.moving'), 0) FROM s_rows
    WHERE form = '{TRANSFER}' AND status IN ('waiting', 'pending') AND vals ->> 'receiver' IN (SELECT value FROM json_each(?))
"""


def _asks(entry: Entry) -> Iterator[tuple[str, int]]:
    """(person, customers) that a row which was just received would add."""
    given = entry.payload
    if given["status"] not in _UNDECIDED:
        return
    if given["form"] == NEW_CUSTOMER:
        yield given["read"].get("owner"), 1
    elif given["form"] == CLAIM:
        yield entry.actor, 1
    elif given["form"] == TRANSFER:
        yield given["vals"].get("receiver"), len(given["read"].get("moving") or ())


def _asked_for(answers: Answers, entry: Entry) -> None:
    for person, n in _asks(entry):
        if person in answers:
            known = answers[person]
            known.asked[entry.subject] = n
            answers[person] = replace(known, waiting=known.waiting + n)


def _no_longer_asked(answers: Answers, entry: Entry) -> None:
    for person, known in answers.items():
        if entry.subject in known.asked:
            answers[person] = replace(known, waiting=known.waiting - known.asked.pop(entry.subject))


def _entered(answers: Answers, entry: Entry) -> None:
    owner = entry.payload["owner"]
    if owner in answers:
        answers[owner] = replace(answers[owner], owned=answers[owner].owned + 1)


#: person → what they hold, rows that wait for approval included.
holdings: Question[str, Holding] = Question(
    _holdings,
    Holding(),
    {
        **_DECISIONS,
        "row.received": _asked_for,
        "row.superseded": _no_longer_asked,
        "customer.added": _entered,
        **dict.fromkeys(("customer.claimed", "customer.transferred", "customer.returned", "customer.recycled"), FORGET),
    },
)


def held_by(book: Book, person: str, besides: str = "") -> int:
    """How many customers *person* owns, those waiting for approval included (人员新增 10(1)).

    New customers, claims and transfers to *person* that still wait count; the row *besides* does not.
    """
    known = book.known(holdings, person)
    return known.owned + known.waiting - known.asked.get(besides, 0)


def _claims(book: Book, keys: Sequence[tuple[str, date]]) -> dict[tuple[str, date], frozenset[str]]:
    found: dict[tuple[str, date], frozenset[str]] = {}
    asked = json.dumps([(person, day.isoformat()) for person, day in keys])
    for record in book.ask(_CLAIMS, asked):
        key = (record["person"], date.fromisoformat(record["day"]))
        found[key] = found.get(key, frozenset()) | {record["receipt_no"]}
    return found


_CLAIMS = f"""SELECT r.person, j.value ->> 1 AS day, r.receipt_no FROM json_each(?) AS j CROSS JOIN s_rows AS r
    ON r.form = '{CLAIM}' AND r.person = j.value ->> 0 AND r.submitted_at >= j.value ->> 1
    AND substr(r.submitted_at, 1, 10) = j.value ->> 1 AND r.status IN ('waiting', 'pending', 'accepted')"""


def _claimed(answers: Answers, entry: Entry) -> None:
    given = entry.payload
    key = (entry.actor, date.fromisoformat(given["submitted_at"][:10]))
    if given["form"] == CLAIM and given["status"] != "rejected" and key in answers:
        answers[key] |= {entry.subject}


def _claim_gone(answers: Answers, entry: Entry) -> None:
    for key in answers:
        answers[key] -= {entry.subject}


#: (person, day) → 受理号 of their claims of that day, refused ones left out.
claims: Question[tuple[str, date], frozenset[str]] = Question(
    _claims, frozenset(), {**_DECISIONS, "row.received": _claimed, "row.superseded": _claim_gone}
)


@dataclass(frozen=True)
class UnderWay:
    """A claim, transfer or change that still waits for its approver."""

    receipt_no: str
    person: str
    form: str


def _under_way(book: Book, customer_ids: Sequence[int]) -> dict[int, tuple[UnderWay, ...]]:
    found: dict[int, tuple[UnderWay, ...]] = {}
    for record in book.ask(_UNDER_WAY, json.dumps(customer_ids)):
        each = UnderWay(record["receipt_no"], record["person"], record["form"])
        found[record["id"]] = (*found.get(record["id"], ()), each)
    return found


# What waits is little; what a transfer moves stands in what was read.
_UNDER_WAY = f"""
WITH concerned AS (
    SELECT receipt_no, person, form, customer_id AS id FROM s_rows
        WHERE form IN ('{CLAIM}', '{TRANSFER}', '{CHANGE}') AND status IN ('waiting', 'pending')
    UNION SELECT r.receipt_no, r.person, r.form, m.value FROM s_rows AS r, json_each(r.read, '$.moving') AS m
        WHERE r.form = '{TRANSFER}' AND r.status IN ('waiting', 'pending'))
SELECT * FROM concerned WHERE id IN (SELECT value FROM json_each(?)) ORDER BY receipt_no
"""


def _spoken_for(answers: Answers, entry: Entry) -> None:
    given = entry.payload
    if given["form"] not in (CLAIM, TRANSFER, CHANGE) or given["status"] not in _UNDECIDED:
        return
    for customer_id in {given["customer_id"], *(given["read"].get("moving") or ())} & answers.keys():
        among = (*answers[customer_id], UnderWay(entry.subject, entry.actor, given["form"]))
        answers[customer_id] = tuple(sorted(among, key=lambda each: each.receipt_no))


def _free_again(answers: Answers, entry: Entry) -> None:
    for customer_id, among in answers.items():
        answers[customer_id] = tuple(each for each in among if each.receipt_no != entry.subject)


#: customer → the claims, transfers and changes of it that wait, oldest first.
under_way: Question[int, tuple[UnderWay, ...]] = Question(
    _under_way, (), {**_DECISIONS, "row.received": _spoken_for, "row.superseded": _free_again, "customer.added": FORGET}
)
