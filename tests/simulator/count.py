"""What every person-day must come to, counted from the story alone: nothing of the product is asked (销售日报 7).

*at* is a day: what was known by its evening counts, as the night after it must say.  *asked* is when 企管部 answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.simulator.life import CLOSED, LATE, NOTHING, ON_TIME, REFUSED, TRIED, Life, PersonDay, works

YUAN = 20
SIGNS = {"按时": "✓", "迟交": "迟", "缺交": "缺", "待核实": "核", "豁免": "假", "": None}  #: in 日报月历
DAY = timedelta(days=1)

Asked = Mapping[PersonDay, date]


@dataclass(frozen=True)
class Month:
    """What a month costs, as known at some time."""

    fines: frozenset[PersonDay]
    undecided: frozenset[PersonDay]
    unsigned: int  #: how many of both 企管部 has not decided on

    def differs(self, other: Month | None) -> bool:
        """Whether HR must be given another version."""
        return other is None or (self.fines, self.undecided, not self.unsigned) != (
            other.fines, other.undecided, not other.unsigned,
        )  # fmt: skip

    def amounts(self) -> dict[str, int]:
        """Person → yuan."""
        found: dict[str, int] = {}
        for name, _day in self.fines:
            found[name] = found.get(name, 0) + YUAN
        return found


def here(life: Life, name: str, day: date) -> bool:
    """Whether *name* works here on *day*."""
    return life.joins.get(name, date.min) <= day < life.goes.get(name, date.max)


def owes(life: Life, name: str, day: date, at: date) -> bool:
    """Whether *name* is known to work here on *day*: whoever has gone is believed to be here until somebody says so."""
    told = life.going_told.get(name, date.max) <= at
    return here(life, name, day) if told else life.joins.get(name, date.min) <= day


def does(life: Life, name: str, day: date) -> str:
    """What *name* hands in of *day*."""
    return life.does[name, day] if here(life, name, day) else NOTHING


def state(life: Life, asked: Asked, name: str, day: date, at: date) -> str:
    """状态 of a person-day; '' where there is no line."""
    if not owes(life, name, day, at):
        return ""
    kind, void = does(life, name, day), life.voids.get((name, day), date.max) <= at
    if kind in (ON_TIME, LATE) and not void:
        return "按时" if kind == ON_TIME else "迟交"
    if not works(day):
        return ""
    if any(leave.person == name and leave.covers(day, at) for leave in life.leaves):
        return "豁免"
    objection, ruled = objection_of(life, asked, name, day, at), ruling(life, asked, (name, day), at)
    if objection == "granted" or ruled is False:
        return "豁免"
    tried = kind in (TRIED, REFUSED) or void
    return "待核实" if objection == "open" or (tried and ruled is None) else "缺交"


def ruling(life: Life, asked: Asked, key: PersonDay, at: date) -> bool | None:
    """What 企管部 has said of a day by then: it counts, or does not; None: nothing yet."""
    return life.rulings.get(key) if asked.get(key, date.max) <= at else None


def objection_of(life: Life, asked: Asked, name: str, day: date, at: date) -> str:
    """'' (none that is heard), open, granted or refused: made the next day, decided a day later."""
    granted = life.appeals.get((name, day))
    if granted is None or at <= day or not objects(life, asked, name, day):
        return ""
    if at < day + 2 * DAY:
        return "open"
    return "granted" if granted else "refused"


def objects(life: Life, asked: Asked, name: str, day: date) -> bool:
    """Whether an objection to *day* can be made: its owner was fined that night, and is still here the day after."""
    return here(life, name, day + DAY) and state(life, asked, name, day, day) == "缺交"


def month(life: Life, asked: Asked, number: int, at: date) -> Month:
    """A month, as the night after *at* must say."""
    over = [day for day in life.days if day.month == number and day <= at]
    states = {(name, day): state(life, asked, name, day, at) for name in life.people for day in over}
    fines = frozenset(key for key, word in states.items() if word == "缺交")
    undecided = frozenset(key for key, word in states.items() if word == "待核实")
    unsigned = len(undecided) + sum(ruling(life, asked, key, at) is None for key in fines)
    return Month(fines, undecided, unsigned)


def unanswered(life: Life, asked: Asked, at: date) -> Iterator[PersonDay]:
    """What 企管部 would decide if it were asked, and was not."""
    for key in life.rulings.keys() - asked.keys():
        word = state(life, asked, *key, at)
        if word == "待核实" or (word == "缺交" and CLOSED.get(key[1].month, at) < at):
            yield key


def reviewer(life: Life, name: str, day: date) -> str:
    """审核人 of a report that was handed in: the department's manager, or the deputy in their place."""
    manager = life.managers[life.departments[name]]
    found = next((each for each in life.deputies if each.manager == manager and each.start <= day <= each.end), None)
    called = life.called(manager, day)
    return f"{life.called(found.deputy, day)}（代{called}）" if found else called
