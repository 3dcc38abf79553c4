"""Questions about where somebody's pictures were taken: the last ones, and those of just the same position."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from ledger.database import Database
from ledger.journal import Entry
from ledger.known import Answers, Question
from ledger.records import Sighting

if TYPE_CHECKING:
    from ledger.book import Book

Spot: TypeAlias = tuple[str, float, float]  #: person, latitude and longitude exactly as the camera wrote them

_INDEXES = (
    "CREATE INDEX s_photos_place ON s_photos (person, facts ->> 'lat', facts ->> 'lon')",
    "CREATE INDEX s_photos_person ON s_photos (person)",
)


def make_indexes(db: Database) -> None:
    """Somebody's last pictures, and those of one position, are found without looking at all that they ever took."""
    for index in _INDEXES:
        db.execute(index)


def _sightings(book: Book, people: Sequence[str]) -> Mapping[str, tuple[Sighting, ...]]:
    found: dict[str, tuple[Sighting, ...]] = {}
    for record in book.ask(_SEEN, json.dumps(people)):
        taken = datetime.fromisoformat(record["taken_at"])
        seen = Sighting(record["sha256"], taken, record["lat"], record["lon"])
        found[record["person"]] = (*found.get(record["person"], ()), seen)
    return found


_SEEN = """SELECT j.value AS person, p.sha256, p.facts ->> 'taken_at' AS taken_at, p.facts ->> 'lat' AS lat,
                  p.facts ->> 'lon' AS lon
           FROM json_each(?) AS j CROSS JOIN s_photos AS p ON p.id IN (
               SELECT id FROM s_photos INDEXED BY s_photos_person WHERE person = j.value AND facts ->> 'lat' IS NOT NULL
               AND facts ->> 'taken_at' IS NOT NULL ORDER BY id DESC LIMIT 20)
           ORDER BY p.id DESC"""


def _kept(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["person"], None)


#: person → where they took pictures last, the newest first; twenty are enough to tell of a journey.
sightings: Question[str, tuple[Sighting, ...]] = Question(_sightings, (), {"photo.kept": _kept})


def _days(book: Book, spots: Sequence[Spot]) -> Mapping[Spot, tuple[date, ...]]:
    found: dict[Spot, tuple[date, ...]] = {}
    for record in book.ask(_SAME, json.dumps(spots)):
        spot = spots[record["n"]]
        found[spot] = (*found.get(spot, ()), date.fromisoformat(record["day"]))
    return found


_SAME = """SELECT DISTINCT j.key AS n, substr(p.facts ->> 'taken_at', 1, 10) AS day
           FROM json_each(?) AS j CROSS JOIN s_photos AS p ON p.person = j.value ->> 0
           AND p.facts ->> 'lat' = j.value ->> 1 AND p.facts ->> 'lon' = j.value ->> 2
           WHERE p.facts ->> 'taken_at' IS NOT NULL ORDER BY n, day"""


def _kept_spot(answers: Answers, entry: Entry) -> None:
    facts = entry.payload["facts"]
    answers.pop((entry.payload["person"], facts["lat"], facts["lon"]), None)


#: a person's exact position → the days on which they took pictures there, oldest first.
days_at: Question[Spot, tuple[date, ...]] = Question(_days, (), {"photo.kept": _kept_spot})
