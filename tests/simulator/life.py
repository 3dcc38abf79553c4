"""What happens, drawn from a seed: who hands in what and when, who is away, who objects, what 企管部 says, what was wrong.

Nothing here knows the product; it is what people do.  People are called by the name that they had in the beginning.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

FIRST = date(2026, 9, 7)  #: a Monday; September and October hold two holidays and two shifted working days
#: Days off and shifted working days of that autumn, as the State Council announced them (written down by hand).
HOLIDAYS = frozenset({date(2026, 9, 25), *(date(2026, 10, n) for n in range(1, 8))})
SHIFTED = frozenset({date(2026, 9, 20), date(2026, 10, 10)})
SEPTEMBER, OCTOBER = 9, 10
CLOSED: Mapping[int, date] = {SEPTEMBER: date(2026, 9, 30), OCTOBER: date(2026, 10, 31)}  #: month → its last day

ON_TIME, LATE, TOO_LATE, NOTHING, TRIED, REFUSED = "on time", "late", "too late", "nothing", "tried", "refused file"
KINDS = (ON_TIME,) * 70 + (LATE,) * 8 + (TOO_LATE,) * 4 + (NOTHING,) * 10 + (TRIED,) * 5 + (REFUSED,) * 3

PersonDay = tuple[str, date]


@dataclass(frozen=True)
class Leave:
    """Days without a report, told to HR on a day that may come long after them, and perhaps told wrongly."""

    person: str
    start: date
    end: date
    told_on: date
    mended_on: date | None = None  #: when HR puts the end right, or makes it void
    mended_end: date | None = None  #: the right end; None: there was no leave at all

    def covers(self, day: date, at: date) -> bool:
        """Whether *day* lies in it, as known by the evening of *at*."""
        if at < self.told_on:
            return False
        if self.mended_on is None or at < self.mended_on:
            return self.start <= day <= self.end
        return self.mended_end is not None and self.start <= day <= self.mended_end


@dataclass(frozen=True)
class Deputy:
    """Who decides for a manager on some days."""

    manager: str
    deputy: str
    start: date
    end: date


@dataclass
class Life:
    """Sixty days of a company."""

    people: tuple[str, ...]
    departments: dict[str, str]
    managers: dict[str, str]  #: department → its manager
    days: tuple[date, ...]
    does: dict[PersonDay, str]  #: what a person hands in of a day
    leaves: list[Leave] = field(default_factory=list)
    appeals: dict[PersonDay, bool] = field(default_factory=dict)  #: objected to the next day; True: granted a day later
    rulings: dict[PersonDay, bool] = field(default_factory=dict)  #: what 企管部 says when it is asked; True: it counts
    voids: dict[PersonDay, date] = field(default_factory=dict)  #: reports that 企管部 makes void, and when
    deputies: tuple[Deputy, ...] = ()
    joins: dict[str, date] = field(default_factory=dict)
    goes: dict[str, date] = field(default_factory=dict)  #: the first day on which they do not work here any more
    going_told: dict[str, date] = field(default_factory=dict)  #: when the sales manager says so: before or after
    renames: dict[str, tuple[date, str]] = field(default_factory=dict)  #: from which morning they are called what
    called_as_before: frozenset[str] = frozenset()  #: whom HR goes on calling by their former name

    def called(self, name: str, day: date) -> str:
        """The name that *name* bears on *day*, from its morning's round on."""
        since, new = self.renames.get(name, (date.max, name))
        return new if day >= since else name


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
    _people_change(dice, life)
    life.leaves += list(_leaves(dice, life))
    _days_are_argued_about(dice, life)
    first, second, third = sorted(managers.values())
    life.deputies = (Deputy(first, second, span[12], span[19]), Deputy(second, third, span[-20], span[-14]))
    return life


def _people_change(dice: random.Random, life: Life) -> None:
    """Some join, some go (which is told before or after), some are called otherwise, a manager among them."""
    leavers = dice.sample(life.people, 2)
    for name, late in zip(leavers, (-dice.randrange(1, 15), dice.randrange(1, 6)), strict=True):
        life.goes[name] = dice.choice(life.days[len(life.days) // 2 : -8])
        life.going_told[name] = life.goes[name] + timedelta(days=late)
    others = [name for name in life.people if name not in leavers]
    life.joins = {name: dice.choice(life.days[5:20]) for name in dice.sample(others, 2)}
    stay = [name for name in others if name not in life.joins]
    for name in (*dice.sample(stay, 4), dice.choice(sorted(life.managers.values()))):
        life.renames[name] = (dice.choice(life.days[8:-5]), f"{name}新")
    life.called_as_before = frozenset(dice.sample(sorted(life.renames), 2))


def _leaves(dice: random.Random, life: Life) -> Iterator[Leave]:
    """Half of the people are away once; some of it is told weeks later, some of it was told wrongly.

    The first is always told when its month is over, the second is always put right when its month is over.
    """
    for n, name in enumerate(dice.sample(life.people, len(life.people) // 2)):
        start = dice.choice(life.days[3:-8] if n > 1 else life.days[3:12])
        leave = Leave(name, start, start + timedelta(days=dice.randrange(4)), start)
        after = (30, 0)[n] if n < 2 else dice.choice((-2, 0, 1, 5, 15, 30))
        leave = replace(leave, told_on=min(max(start + timedelta(days=after), life.days[0]), life.days[-1]))
        if n == 1:
            leave = replace(leave, mended_on=start + timedelta(days=25))
        elif dice.random() < 0.5:
            mended = leave.told_on + timedelta(days=dice.choice((1, 3, 12, 25)))
            right = dice.choice((None, start, leave.end + timedelta(days=2)))
            if mended <= life.days[-1] and right != leave.end:
                leave = replace(leave, mended_on=mended, mended_end=right)
        yield leave


def _days_are_argued_about(dice: random.Random, life: Life) -> None:
    for (name, day), kind in life.does.items():
        if kind in (NOTHING, TOO_LATE) and works(day):
            if dice.random() < 0.3:
                life.appeals[name, day] = dice.random() < 0.5
            if dice.random() < 0.6:
                life.rulings[name, day] = dice.random() < 0.8
        elif kind in (TRIED, REFUSED) and dice.random() < 0.7:
            life.rulings[name, day] = dice.random() < 0.4
        elif kind in (ON_TIME, LATE) and dice.random() < 0.015:
            told = day + timedelta(days=dice.choice((1, 2, 9, 20)))
            if told <= life.days[-1]:
                life.voids[name, day] = told
                if dice.random() < 0.7:
                    life.rulings[name, day] = dice.random() < 0.5


def _digits(n: int) -> str:
    return "甲乙丙丁戊己庚辛壬癸"[n % 10] + "一二三四五六七八九"[n // 10]
