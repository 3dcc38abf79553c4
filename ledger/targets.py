"""Questions about targets: what people are to reach in months, quarters and years (指标编审 11)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Question
from policy.periods import MONTHLY

TARGET = "销售指标"


@dataclass(frozen=True)
class Aimed:
    """One target of one person in a year; amounts in fen, None where nothing is aimed at."""

    receipt_no: str
    kind: str  #: 月度, 季度 or 年度
    number: int  #: of the period, from 1
    orders_fen: int | None
    payments_fen: int | None
    visits: int | None
    new_customers: int | None


NUMBERS = ("orders_fen", "payments_fen", "visits", "new_customers")  #: what may be aimed at, as in :class:`Aimed`
_COLUMNS = f"""r.receipt_no, COALESCE(r.vals ->> 'period', '{MONTHLY}') AS kind, r.vals ->> 'month' AS number,
    {", ".join(f"r.vals ->> '{name}' AS {name}" for name in NUMBERS)}"""

PersonYear = tuple[str, int]


def _live(book: Book, keys: Sequence[PersonYear]) -> dict[PersonYear, tuple[Aimed, ...]]:
    found: dict[PersonYear, tuple[Aimed, ...]] = {}
    for record in book.ask(_LIVE, json.dumps(keys)):
        key = (record.pop("person"), record.pop("year"))
        found[key] = (*found.get(key, ()), _aimed(record))
    return found


_LIVE = f"""SELECT j.value ->> 0 AS person, j.value ->> 1 AS year, {_COLUMNS}
    FROM json_each(?) AS j CROSS JOIN s_rows AS r ON r.form = '{TARGET}' AND r.vals ->> 'name' = j.value ->> 0
    AND r.vals ->> 'year' = j.value ->> 1 AND r.status IN ('waiting', 'pending', 'accepted') ORDER BY r.receipt_no"""


def _aimed(record: dict[str, Any]) -> Aimed:
    numbers = {name: None if record[name] is None else int(record[name]) for name in NUMBERS}
    return Aimed(record["receipt_no"], record["kind"], int(record["number"]), **numbers)


def _received(answers: Answers, entry: Entry) -> None:
    given = entry.payload
    if given["form"] != TARGET or given["status"] == "rejected":
        return
    values = given["vals"]
    key = (values["name"], values["year"])
    if key in answers:
        numbers = {name: values.get(name) for name in NUMBERS}
        aimed = Aimed(entry.subject, values.get("period") or MONTHLY, values["month"], **numbers)
        answers[key] = tuple(sorted((*answers[key], aimed), key=lambda each: each.receipt_no))


def _gone(answers: Answers, entry: Entry) -> None:
    for key, among in answers.items():
        answers[key] = tuple(each for each in among if each.receipt_no != entry.subject)


#: (person, year) → their targets that count or wait for a decision.
live: Question[PersonYear, tuple[Aimed, ...]] = Question(
    _live,
    (),
    {
        "row.received": _received,
        "row.superseded": _gone,
        **dict.fromkeys(("row.completed", "decision.made"), FORGET),
    },
)


def approved(book: Book, year: int) -> dict[str, tuple[Aimed, ...]]:
    """Person → their approved targets of a year."""
    found: dict[str, tuple[Aimed, ...]] = {}
    for record in book.ask(_APPROVED, year):
        person = record.pop("person")
        found[person] = (*found.get(person, ()), _aimed(record))
    return found


_APPROVED = f"""SELECT r.vals ->> 'name' AS person, {_COLUMNS} FROM s_rows AS r
    WHERE r.form = '{TARGET}' AND r.status = 'accepted' AND r.vals ->> 'year' = ? ORDER BY person, r.receipt_no"""
