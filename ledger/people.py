"""Questions about people: who belongs to the company on a day, and what their post is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Happened, Question
from ledger.records import Person
from ledger.terms import people_as_of

_ON_DAY = people_as_of("?1", more=", p.registered_at") + " ORDER BY p.name"


def people_on(book: Book, day: date) -> Mapping[str, Person]:
    """Everybody in the register, with the post and limits in force on *day* (also those who left or are to come)."""
    return book.known(on_day, day)


def _on_days(book: Book, days: Sequence[date]) -> dict[date, Mapping[str, Person]]:
    return {day: {record["name"]: _person(record) for record in book.ask(_ON_DAY, day.isoformat())} for day in days}


def _joins(answers: Answers, entry: Happened) -> None:
    """A newcomer is in the register of every day, with the post that they joined in."""
    given = {name: entry.payload[name] for name in _TERMS}
    newcomer = _person({**given, "name": entry.subject, "left_on": None, "registered_at": entry.at.isoformat()})
    for day, people in answers.items():
        answers[day] = {
            name: newcomer if name == entry.subject else people[name] for name in sorted({*people, entry.subject})
        }


_TERMS = ("phone", "gender", "department", "post", "max_customers", "max_follow_days", "region", "joined_on")

#: day → everybody in the register, with what is in force on that day.
on_day: Question[date, Mapping[str, Person]] = Question(
    _on_days, {}, {"person.joined": _joins, "person.changed": FORGET}
)


def bearers_on(book: Book, day: date) -> Mapping[str, tuple[Person, ...]]:
    """Name without the phone's figures that tell namesakes apart → everybody in the register who bears it on *day*."""
    return book.known(bearers, day)


def by_bare_name(people: Mapping[str, Person]) -> dict[str, tuple[Person, ...]]:
    """*people* by what they are called aloud."""
    found: dict[str, tuple[Person, ...]] = {}
    for person in people.values():
        bare = _FOUR_FIGURES.sub("", person.name)
        found[bare] = (*found.get(bare, ()), person)
    return found


_FOUR_FIGURES = re.compile(r"\d{4}$")

#: day → its people by what they are called aloud.
bearers: Question[date, Mapping[str, tuple[Person, ...]]] = Question(
    lambda book, days: {day: by_bare_name(people_on(book, day)) for day in days},
    {},
    dict.fromkeys(on_day.changes, FORGET),
)


def _person(record: Mapping[str, Any]) -> Person:
    return Person(
        name=record["name"],
        phone=record["phone"],
        gender=record["gender"],
        department=record["department"],
        post=record["post"],
        max_customers=int(record["max_customers"]),
        max_follow_days=int(record["max_follow_days"]),
        region=record["region"],
        joined_on=date.fromisoformat(record["joined_on"]),
        left_on=date.fromisoformat(record["left_on"]) if record["left_on"] else None,
        registered_at=datetime.fromisoformat(record["registered_at"]),
    )


def _namesakes(book: Book, plain_names: Sequence[str]) -> dict[str, tuple[Person, ...]]:
    found: dict[str, tuple[Person, ...]] = {}
    for record in book.ask(_NAMESAKES, json.dumps(plain_names)):
        day = datetime.fromisoformat(record["registered_at"]).date()
        person = people_on(book, day)[record["name"]]
        found[record["plain_name"]] = (*found.get(record["plain_name"], ()), person)
    return found


_NAMESAKES = """SELECT p.plain_name, p.name, p.registered_at FROM json_each(?) AS j CROSS JOIN s_people AS p
    ON p.plain_name = j.value ORDER BY p.rowid"""


def _joined(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["plain_name"], None)


#: 姓名 as written → everybody of that name, without the digits that tell namesakes apart.
namesakes: Question[str, tuple[Person, ...]] = Question(
    _namesakes, (), {"person.joined": _joined, "person.changed": FORGET}
)
