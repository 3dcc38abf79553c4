"""Questions about people: who belongs to the company on a day, and what their post is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Happened, Question
from ledger.records import Person
from ledger.state_people import root_of
from ledger.terms import people_as_of

_ON_DAY = people_as_of("?1", more=", p.registered_at, p.root") + " ORDER BY p.name"


def people_on(book: Book, day: date) -> Mapping[str, Person]:
    """Everybody in the register, with the post and limits in force on *day* (also those who left or are to come)."""
    return book.known(on_day, day)


def _on_days(book: Book, days: Sequence[date]) -> dict[date, Mapping[str, Person]]:
    return {day: {record["name"]: _person(record) for record in book.ask(_ON_DAY, day.isoformat())} for day in days}


def _joins(answers: Answers, entry: Happened) -> None:
    """A newcomer is in the register of every day, with the post that they joined in."""
    given = {name: entry.payload[name] for name in _TERMS}
    more = {"left_on": None, "registered_at": entry.at.isoformat(), "root": root_of(entry.subject, entry.payload)}
    newcomer = _person({**given, "name": entry.subject, **more})
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


#: day → name → what stands for its bearer in keys, for those whose name has changed.
lasting: Question[date, Mapping[str, str]] = Question(
    lambda book, days: {
        day: {each.name: each.lasting for each in people_on(book, day).values() if each.lasting != each.name}
        for day in days
    },
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
        root=record["root"],
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


@dataclass(frozen=True)
class Former:
    """A name that somebody bore until they were given another one."""

    name: str
    person: str  #: what they are called now
    until: datetime


def _formers(book: Book, names: Sequence[str]) -> dict[str, tuple[Former, ...]]:
    found: dict[str, tuple[Former, ...]] = {}
    for record in book.ask(_FORMERS, json.dumps(names)):
        each = Former(record["name"], record["person"], datetime.fromisoformat(record["until"]))
        found[each.name] = (*found.get(each.name, ()), each)
    return found


_FORMERS = """SELECT f.name, f.person, f.until FROM json_each(?) AS j JOIN s_people_before AS f ON f.name = j.value
              ORDER BY f.until DESC, f.person"""

#: name → everybody who bore it before they were given another one, the last to give it up first.
formers: Question[str, tuple[Former, ...]] = Question(_formers, ())


@dataclass(frozen=True)
class Renaming:
    """A change of name that was decided and not carried out yet."""

    receipt_no: str
    person: str
    new_name: str
    from_day: date


def renamings(book: Book) -> list[Renaming]:
    """Every change of name that is still to come, in the order in which they take effect."""
    return [
        Renaming(record["receipt_no"], record["person"], record["new_name"], date.fromisoformat(record["from_day"]))
        for record in book.ask("SELECT * FROM s_renamings WHERE done_at IS NULL ORDER BY from_day, rowid")
    ]


def _promised(book: Book, names: Sequence[str]) -> dict[str, str]:
    wanted = set(names)
    return {each.new_name: each.person for each in renamings(book) if each.new_name in wanted}


#: name → who is to bear it from some day on.
promised: Question[str, str | None] = Question(_promised, None, {"person.changed": FORGET})


def to_move(book: Book, old: str, new: str) -> None:
    """Remember, with the change of name, that the folder is to follow; what is known of the share bears the new name."""
    book.beside("moves", "INSERT OR REPLACE INTO moves VALUES (?, ?)", old, new)
    book.beside("removals", "UPDATE OR REPLACE removals SET person = ? WHERE person = ?", new, old)
    for table in ("shipped", "standing"):
        sql = f"UPDATE {table} SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?"
        book.beside(table, sql, new, len(old) + 1, len(old) + 1, f"{old}/")


def moves(book: Book) -> list[tuple[str, str]]:
    """(former, present) names of people whose folder may still bear the former one, in the order of renaming."""
    return [(old, new) for old, new in book.db.execute("SELECT old, new FROM moves ORDER BY rowid")]


def moved(book: Book, old: str, new: str) -> None:
    """The folder bears the present name now, and what lies in it lies there."""
    book.db.execute("DELETE FROM moves WHERE old = ? AND new = ?", (old, new))
    below = f"{old}/"
    book.db.execute(
        "UPDATE OR IGNORE lying SET path = ? || substr(path, ?) WHERE substr(path, 1, ?) = ?",
        (f"{new}/", len(below) + 1, len(below), below),
    )
    book.db.execute("DELETE FROM lying WHERE substr(path, 1, ?) = ?", (len(below), below))  # a newer one lies there


def called_now(book: Book, name: str) -> str:
    """What the person is called now who bears *name*, or was the last to bear it; *name* itself if nobody did."""
    if book.one("SELECT 1 FROM s_people WHERE name = ?", name):
        return name
    found = book.known(formers, name)
    return found[0].person if found else name


def bearer_at(book: Book, name: str, at: datetime) -> str:
    """What the person is called now who bore *name* at a moment."""
    since = [each for each in book.known(formers, name) if at <= each.until]
    return since[-1].person if since else name
