"""The periods for which targets are set: months, quarters and years, each with its exact first and last day (指标编审 11)."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MONTHLY, QUARTERLY, YEARLY = KINDS = ("月度", "季度", "年度")
MOST: Mapping[str, int] = {MONTHLY: 12, QUARTERLY: 4, YEARLY: 1}  #: how many there are in a year
_YEARS = range(1, 10_000)  # what a date can hold


@dataclass(frozen=True)
class Period:
    """The *number*-th period of a *kind* in a year, counted from 1."""

    kind: str
    year: int
    number: int

    @property
    def months(self) -> range:
        """The months that it is made of."""
        length = 12 // MOST[self.kind]
        return range((self.number - 1) * length + 1, self.number * length + 1)

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.months[0], 1)

    @property
    def end(self) -> date:
        """Its last day."""
        last = self.months[-1]
        return date(self.year, last, calendar.monthrange(self.year, last)[1])

    @property
    def name(self) -> str:
        """As it is said in a sentence."""
        number = {MONTHLY: f" {self.number} 月", QUARTERLY: f"第 {self.number} 季度"}.get(self.kind, "")
        return f"{self.year} 年{number}"

    def parts(self, kind: str) -> tuple[Period, ...]:
        """The periods of a shorter *kind* that it is made of."""
        others = (Period(kind, self.year, n) for n in range(1, MOST[kind] + 1))
        return tuple(each for each in others if each.months[0] in self.months)


def period_of(kind: str, year: int, number: int) -> Period | None:
    """The period of that number; None where there is none."""
    return Period(kind, year, number) if 1 <= number <= MOST[kind] and year in _YEARS else None


def holding(kind: str, day: date) -> Period:
    """The period of a *kind* in which *day* lies."""
    return Period(kind, day.year, (day.month - 1) * MOST[kind] // 12 + 1)
