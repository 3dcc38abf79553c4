"""What every person-day must come to, counted from the story alone: nothing of the product is asked (销售日报 7)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.simulator.life import LATE, ON_TIME, REFUSED, TRIED, Life, works

YUAN = 20


def employed(life: Life, name: str, day: date) -> bool:
    """Whether *name* works here on *day*."""
    return life.joins.get(name, date.min) <= day < life.leaves_company.get(name, date.max)


def does(life: Life, name: str, day: date) -> str:
    """What *name* hands in of *day*; '' while they are not here."""
    return life.does[name, day] if employed(life, name, day) else ""


def first_state(life: Life, name: str, day: date) -> str:
    """状态 as the night after *day* must say; '' where there is no line."""
    return _state(life, name, day, told_until=day, decided=False)


def last_state(life: Life, name: str, day: date) -> str:
    """状态 once everything has been told and decided."""
    return _state(life, name, day, told_until=date.max, decided=True)


def _state(life: Life, name: str, day: date, *, told_until: date, decided: bool) -> str:
    kind = does(life, name, day)
    if kind in (ON_TIME, LATE):
        return "按时" if kind == ON_TIME else "迟交"
    if not kind or not works(day):
        return ""
    if any(leave.person == name and leave.covers(day) and leave.told_on <= told_until for leave in life.leaves):
        return "豁免"
    if not decided:
        return "待核实" if kind in (TRIED, REFUSED) else "缺交"
    if kind in (TRIED, REFUSED):
        said = life.counts.get((name, day))
        return "待核实" if said is None else "缺交" if said else "豁免"
    heard = employed(life, name, day + timedelta(days=1))  # whoever has left hands nothing in any more
    return "豁免" if heard and life.appeals.get((name, day)) else "缺交"


def fines(life: Life, month: int) -> set[tuple[str, date]]:
    """(person, day) of every fine of a month, in the end."""
    return {
        (name, day)
        for name in life.people
        for day in life.days
        if day.month == month and last_state(life, name, day) == "缺交"
    }


def undecided(life: Life, month: int) -> set[tuple[str, date]]:
    """(person, day) of what 企管部 never decided."""
    return {
        (name, day)
        for name in life.people
        for day in life.days
        if day.month == month and last_state(life, name, day) == "待核实"
    }


def reviewer(life: Life, name: str, day: date) -> str:
    """审核人 of a report that was handed in: the department's manager, or the deputy in their place."""
    manager = life.managers[life.departments[name]]
    deputy, start, end = life.deputies.get(manager, ("", date.max, date.min))
    return f"{deputy}（代{manager}）" if start <= day <= end else manager
