"""What happens, drawn from a seed: who hands in what and when, who is away, who objects, what 企管部 says.

Nothing here knows the product; it is what people do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST = date(2026, 9, 7)  #: a Monday; September and October hold two holidays and two shifted working days
#: Days off and shifted working days of that autumn, as the State Council announced them (written down by hand).
HOLIDAYS = frozenset({date(2026, 9, 25), *(date(2026, 10, n) for n in range(1, 8))})
SHIFTED = frozenset({date(2026, 9, 20), date(2026, 10, 10)})

ON_TIME, LATE, TOO_LATE, NOTHING, TRIED, REFUSED = "on time", "late", "too late", "nothing", "tried", "refused file"
KINDS = (ON_TIME,) * 70 + (LATE,) * 8 + (TOO_LATE,) * 4 + (NOTHING,) * 10 + (TRIED,) * 5 + (REFUSED,) * 3


@dataclass(frozen=True)
class Leave:
    """Days without a report, told to HR on a day that may come long after them."""

    person: str
    start: date
    end: date
    told_on: date

    def covers(self, day: date) -> bool:
        """Whether *day* lies in it."""
        return self.start <= day <= self.end


@dataclass
class Life:
    """Sixty days of a company."""

    people: tuple[str, ...]
    departments: dict[str, str]
    managers: dict[str, str]  #: department → its manager
    days: tuple[date, ...]
    does: dict[tuple[str, date], str]  #: what a person hands in of a day
    leaves: list[Leave] = field(default_factory=list)
    appeals: dict[tuple[str, date], bool] = field(default_factory=dict)  #: objected to; True: granted
    counts: dict[tuple[str, date], bool] = field(default_factory=dict)  #: what 企管部 says of a day that was tried
    deputies: dict[str, tuple[str, date, date]] = field(default_factory=dict)  #: manager → deputy, from, to
    leaves_company: dict[str, date] = field(default_factory=dict)
    joins: dict[str, date] = field(default_factory=dict)


def works(day: date) -> bool:
    """Whether *day* is a working day in that autumn."""
    return day in SHIFTED or (day.isoweekday() < 6 and day not in HOLIDAYS)


def a_life(seed: int, people: int = 30, days: int = 60) -> Life:
    """What happens in a company of *people* in *days*, the same for the same seed."""
    dice = random.Random(seed)
    names = tuple(f"销售{_digits(n)}" for n in range(people))
    departments = {name: f"销售{_digits(n % 3)}部" for n, name in enumerate(names)}
    managers = {department: f"经理{_digits(n)}" for n, department in enumerate(sorted(set(departments.values())))}
    span = tuple(FIRST + timedelta(days=n) for n in range(days))
    life = Life(names, departments, managers, span, {})
    for name in names:
        for day in span:
            life.does[name, day] = dice.choice(KINDS) if works(day) else dice.choice((NOTHING,) * 9 + (ON_TIME,))
    life.leaves += list(_leaves(dice, life))
    life.leaves_company = {dice.choice(names): dice.choice(span[len(span) // 2 :])}
    life.joins = {name: dice.choice(span[5:20]) for name in dice.sample(names, 2) if name not in life.leaves_company}
    for (name, day), kind in life.does.items():
        if kind in (NOTHING, TOO_LATE) and dice.random() < 0.3:
            life.appeals[name, day] = dice.random() < 0.5
        elif kind in (TRIED, REFUSED) and dice.random() < 0.7:
            life.counts[name, day] = dice.random() < 0.4
    first, second = sorted(managers.values())[:2]
    life.deputies[first] = (second, span[12], span[19])
    return life


def _leaves(dice: random.Random, life: Life) -> Iterator[Leave]:
    for name in dice.sample(life.people, len(life.people) // 2):
        start = dice.choice(life.days[3:-8])
        end = start + timedelta(days=dice.randrange(4))
        told = start + timedelta(days=dice.choice((-2, 0, 1, 5, 15)))
        yield Leave(name, start, end, min(max(told, life.days[0]), life.days[-1]))


def _digits(n: int) -> str:
    return "甲乙丙丁戊己庚辛壬癸"[n % 10] + "一二三四五六七八九"[n // 10]
