"""People as of a day, in SQL: what the questions of the rooms and the views for others have in common.

A term holds only what changed on its day, so that a change which reaches back
does not stop where an earlier one about something else begins.
"""

from __future__ import annotations

TERM = ("department", "post", "max_customers", "max_follow_days", "region")


def people_as_of(day: str, more: str = "") -> str:
    """The question for everybody as of *day* (an SQL expression); *more* columns come last."""
    fields = ", ".join(f"{_field(name, day)} AS {name}" for name in TERM)
    return f"""SELECT p.name, p.phone, p.gender, {fields}, e.joined_on, e.left_on{more}
            FROM s_people AS p JOIN s_employments AS e ON e.person = p.name AND e.joined_on = COALESCE(
                (SELECT MAX(joined_on) FROM s_employments WHERE person = p.name AND joined_on <= {day}),
                (SELECT MIN(joined_on) FROM s_employments WHERE person = p.name))"""


def _field(name: str, day: str) -> str:
    """The newest value by *day*; before the first day, the first."""
    return f"""COALESCE(
                (SELECT {name} FROM s_terms WHERE person = p.name AND from_day <= {day} AND {name} IS NOT NULL
                 ORDER BY from_day DESC LIMIT 1),
                (SELECT {name} FROM s_terms WHERE person = p.name ORDER BY from_day LIMIT 1))"""
