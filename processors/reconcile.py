"""Payments held against the bank: matches proposed, three things compared (客户回款 6.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from rapidfuzz import fuzz

from ledger.payments import Credit
from policy.words import fold

T = TypeVar("T")
_Score = tuple[float, int]  # how like the names are, and how near the days

_LIKE = 80.0  #: percent from which a payer's name may be the customer's
_NAMED = 101.0  #: whoever gives the bank's own number means this line and no other
_DAYS = 3  #: a transfer may be booked over a week-end
_COMPANY = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|\(.*?\))")


@dataclass(frozen=True)
class Expected:
    """What the salesperson has entered; every name that the customer bears or bore counts."""

    names: tuple[str, ...]
    paid_on: date
    amount_fen: int
    serial: str = ""  #: 流水号 that the salesperson has entered


@dataclass(frozen=True)
class Compared:
    """One of the three things: what was entered, what arrived, and whether they agree."""

    what: str
    entered: str
    arrived: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.entered == self.arrived

    def __str__(self) -> str:
        if self.agrees:
            return f"{self.what}：一致（{self.entered}）"
        return f"{self.what}：不一致（登记 {self.entered}，到账 {self.arrived}）"


def propose(expected: Expected, lines: Iterable[Credit]) -> Credit | None:
    """The one bank line that fits best: its 流水号, or same amount, a near day, a like name; a tie proposes nothing."""
    return _only_best((score, line) for line in lines if (score := _score(expected, line)) is not None)


def propose_all(payments: Mapping[str, Expected], lines: Collection[Credit]) -> dict[str, Credit]:
    """受理号 → bank line for payments that wait together: a line goes to the one payment that it fits best."""
    wanted: dict[str, list[tuple[_Score, str]]] = {}
    by_serial = {line.serial: line for line in lines}
    for receipt_no, expected in payments.items():
        line = propose(expected, lines)
        score = _score(expected, line) if line else None
        if line is not None and score is not None:
            wanted.setdefault(line.serial, []).append((score, receipt_no))
    winners = {serial: _only_best(claims) for serial, claims in wanted.items()}
    return {receipt_no: by_serial[serial] for serial, receipt_no in winners.items() if receipt_no is not None}


def _only_best(scored: Iterable[tuple[_Score, T]]) -> T | None:
    """What has the highest score, or None where several have it: whoever guesses between equals errs half the time."""
    found = list(scored)
    best = max((score for score, _each in found), default=None)
    first = [each for score, each in found if score == best]
    return first[0] if len(first) == 1 else None


def _score(expected: Expected, line: Credit) -> _Score | None:
    apart = abs((line.arrived_on - expected.paid_on).days)
    if expected.serial and fold(expected.serial) == fold(line.serial) and line.amount_fen == expected.amount_fen:
        return (_NAMED, -apart)
    like = max((_likeness(name, line.payer) for name in expected.names), default=0.0)
    if line.amount_fen != expected.amount_fen or apart > _DAYS or like < _LIKE:
        return None
    return (like, -apart)


def _likeness(name: str, payer: str) -> float:
    """How alike two companies' names are; the words that all companies share say nothing."""
    ours, theirs = fold(name), fold(payer)
    if ours == theirs:
        return 100.0
    return min(99.0, fuzz.ratio(_COMPANY.sub("", ours), _COMPANY.sub("", theirs)))


def compare(expected: Expected, payer: str, arrived_on: date, amount_fen: int) -> tuple[Compared, Compared, Compared]:
    """The customer's name, the day and the amount, each compared on its own (客户回款 6.2(1)–(3))."""
    same = next((name for name in expected.names if fold(name) == fold(payer)), None)
    return (
        Compared("到账客户名称", same or expected.names[0], same or payer),
        Compared("到账日期", expected.paid_on.isoformat(), arrived_on.isoformat()),
        Compared("到账金额", _yuan(expected.amount_fen), _yuan(amount_fen)),
    )


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f} 元"


def line_used(lines: Iterable[Credit], payer: str, arrived_on: date, amount_fen: int) -> Credit | None:
    """The bank line that the cashier means: it is used up by the payment that it confirms.

    The one with this very payer; else, since the cashier may have written the customer's name instead, the only like one.
    """
    meant = lines_meant(lines, payer, arrived_on, amount_fen)
    exact = [line for line in meant if fold(line.payer) == fold(payer)]
    return exact[0] if exact else meant[0] if len(meant) == 1 else None


def lines_meant(lines: Iterable[Credit], payer: str, arrived_on: date, amount_fen: int) -> list[Credit]:
    """The bank lines of this day and amount whose payer is this one, or nearly."""
    return [
        line
        for line in lines
        if (line.arrived_on, line.amount_fen) == (arrived_on, amount_fen) and _likeness(payer, line.payer) >= _LIKE
    ]


def given_kept(compared: Iterable[Compared]) -> Mapping[str, Any]:
    """The comparison as the journal keeps it."""
    return {each.what: {"entered": each.entered, "arrived": each.arrived, "agrees": each.agrees} for each in compared}
