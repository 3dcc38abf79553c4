"""Payments held against the bank: matches proposed, three things compared (客户回款 6.2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from ledger.deals import BankLine
from policy.words import fold

_LIKE = 80.0  #: percent from which a payer's name may be the customer's
_DAYS = 3  #: a transfer may be booked over a week-end
_COMPANY = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|\(.*?\))")


@dataclass(frozen=True)
class Expected:
    """What the salesperson has entered; every name that the customer bears or bore counts."""

    names: tuple[str, ...]
    paid_on: date
    amount_fen: int


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


def propose(expected: Expected, lines: Iterable[BankLine], taken: Collection[str] = ()) -> BankLine | None:
    """The one bank line that fits: same amount, a near day, a like name; a tie proposes nothing (客户回款 6.2)."""
    fitting = [
        (score, line) for line in lines if line.serial not in taken and (score := _score(expected, line)) is not None
    ]
    best = max((score for score, _line in fitting), default=None)
    first = [line for score, line in fitting if score == best]
    return first[0] if len(first) == 1 else None


def _score(expected: Expected, line: BankLine) -> tuple[float, int] | None:
    apart = abs((line.arrived_on - expected.paid_on).days)
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


def line_used(lines: Iterable[BankLine], payer: str, arrived_on: date, amount_fen: int) -> BankLine | None:
    """The unused bank line that the cashier has copied: it is used up by the payment that it confirms."""
    found = (
        line
        for line in lines
        if (fold(line.payer), line.arrived_on, line.amount_fen) == (fold(payer), arrived_on, amount_fen)
    )
    return next(found, None)


def given_kept(compared: Iterable[Compared]) -> Mapping[str, Any]:
    """The comparison as the journal keeps it."""
    return {each.what: {"entered": each.entered, "arrived": each.arrived, "agrees": each.agrees} for each in compared}
