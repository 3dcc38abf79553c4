"""Questions about people: who belongs to the company on a day, and what their post is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from ledger.book import Book
from ledger.records import Person
from ledger.terms import people_as_of

_ON_DAY = people_as_of("?1", more=", p.registered_at") + " ORDER BY p.name"


def people_on(book: Book, day: date) -> Mapping[str, Person]:
    """Everybody in the register, with the post and limits in force on *day* (also those who left or are to come)."""
    return book.remembered("person", ("people", day), lambda: _people_on(book, day))


def _people_on(book: Book, day: date) -> dict[str, Person]:
    return {record["name"]: _person(record) for record in book.ask(_ON_DAY, day.isoformat())}


def _person(record: dict[str, str]) -> Person:
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


def namesakes(book: Book, plain_name: str) -> list[Person]:
    """Everybody whose name, without the digits that tell namesakes apart, is *plain_name*."""
    records = book.ask("SELECT name, registered_at FROM s_people WHERE plain_name = ?", plain_name)
    if not records:
        return []
    everyone = people_on(book, datetime.fromisoformat(records[0]["registered_at"]).date())
    return [everyone[record["name"]] for record in records]
