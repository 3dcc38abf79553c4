"""How an opportunity stands on a day, from the steps that it has taken and the orders that name it (目的 1).

One that an approved order names is won with that order, whatever its last step says; its amount is then the orders'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.opportunities import Matter, Step, Win
from policy.forms.opportunity import CLOSED, WON


@dataclass(frozen=True)
class Standing:
    """How one opportunity stands."""

    customer: str
    name: str
    person: str
    stage: str
    amount_fen: int
    expected_on: date
    since: date  #: the day of its last step
    next_step: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may still come to something."""
        return self.stage not in CLOSED


@dataclass(frozen=True)
class History:
    """What is known of one opportunity, oldest first."""

    steps: tuple[Step, ...]
    wins: tuple[Win, ...] = ()

    def on(self, day: date) -> Standing | None:
        """How it stood at the end of *day*; None where it was not known yet."""
        taken = [step for step in self.steps if step.on <= day]
        if not taken:
            return None
        last, won = taken[-1], [win for win in self.wins if win.signed_on <= day]
        standing = Standing(
            last.customer, last.name, last.person, last.stage, last.amount_fen, last.expected_on, last.on, last.next_step
        )  # fmt: skip
        if not won:
            return standing
        since = max(won[0].signed_on, self.steps[0].on)
        amount = sum(win.amount_fen for win in won)
        return Standing(last.customer, last.name, last.person, WON, amount, won[0].signed_on, since)


def histories(steps: Iterable[Step], wins: Iterable[Win]) -> dict[Matter, History]:
    """Everything about each opportunity; orders that name none that is known are left out."""
    taken: dict[Matter, list[Step]] = {}
    for step in steps:
        taken.setdefault(step.matter, []).append(step)
    won: dict[Matter, list[Win]] = {}
    for win in wins:
        won.setdefault(win.matter, []).append(win)
    return {matter: History(tuple(found), tuple(won.get(matter, ()))) for matter, found in taken.items()}


def idle(standing: Standing, day: date, stale_days: int) -> str:
    """Why an opportunity needs a push on *day* (the last ended one), in words; '' if it does not."""
    if not standing.is_open:
        return ""
    if standing.expected_on <= day:
        return f"预计成交日期 {standing.expected_on} 已过"
    return f"超过 {stale_days} 天没有推进" if (day - standing.since).days > stale_days else ""
