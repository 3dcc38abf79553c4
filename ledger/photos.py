"""Questions about pictures: by name, by content, by who dropped them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ledger.book import Book
from ledger.facts_json import facts_from
from ledger.journal import Entry
from ledger.known import Answers, Question
from ledger.photo_uses import used_in
from ledger.records import Photo, Sealed


def _by_content(book: Book, shas: Sequence[str]) -> dict[str, Photo]:
    records = book.ask(_BY_CONTENT, json.dumps(shas))
    return {record["sha256"]: _photo(record) for record in records}


_BY_CONTENT = """SELECT p.* FROM json_each(?) AS j CROSS JOIN s_photos AS p ON p.sha256 = j.value ORDER BY p.id DESC"""


def _kept_content(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["sha256"], None)


#: content hash → the picture, as it first came.
by_content: Question[str, Photo | None] = Question(_by_content, None, {"photo.kept": _kept_content})


def _called(book: Book, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[Photo, ...]]:
    found: dict[tuple[str, str], list[Photo]] = {}
    for record in book.ask(_CALLED, json.dumps(keys)):
        found.setdefault((record["person"], record["name_key"]), []).append(_photo(record))
    return {key: tuple(each) for key, each in found.items()}


_CALLED = """SELECT p.* FROM json_each(?) AS j CROSS JOIN s_photos AS p ON p.person = j.value ->> 0
             AND p.name_key = j.value ->> 1 AND p.embedded = 0 ORDER BY p.arrived_at DESC, p.id DESC"""


def _kept_name(answers: Answers, entry: Entry) -> None:
    answers.pop((entry.payload["person"], entry.payload["name_key"]), None)


#: (person, folded file name) → the pictures that they dropped under it, newest first.
called: Question[tuple[str, str], tuple[Photo, ...]] = Question(_called, (), {"photo.kept": _kept_name})


def photo_named(book: Book, person: str, name_key: str, since: datetime) -> Photo | None:
    """The newest picture of this name that *person* dropped after *since*: one that no row uses, if there is any."""
    found = [each for each in book.known(called, (person, name_key)) if each.arrived_at >= since]
    unused = (each for each in found if not book.known(used_in, each.facts.sha256))
    return next(unused, found[0] if found else None)


def photo(book: Book, sha256: str) -> Photo | None:
    """The picture with this content, or None."""
    return book.known(by_content, sha256)


def pages(book: Book, sha256s: Iterable[str]) -> dict[str, int]:
    """How many pages each of the pictures has of which something can be seen; a picture is one page."""
    records = book.db.execute(
        """SELECT w.value, COALESCE(p.facts ->> 'pages', 1) FROM json_each(?) AS w JOIN s_photos AS p ON p.id = (
               SELECT id FROM s_photos WHERE sha256 = w.value ORDER BY id LIMIT 1)
           WHERE p.facts ->> 'trouble' = ''""",
        (json.dumps(list(sha256s)),),
    )
    return {str(sha256): int(count) for sha256, count in records}


def _archived(book: Book, shas: Sequence[str]) -> dict[str, str]:
    return {record["sha256"]: record["archived_as"] for record in book.ask(_BY_CONTENT, json.dumps(shas))}


#: content hash → where the picture lies, relative to the book's folder; '' before it is kept.
archived: Question[str, str] = Question(_archived, "", {"photo.kept": _kept_content})


def archived_as(book: Book, sha256: str) -> str:
    """Where the picture lies, relative to the book's folder."""
    return book.known(archived, sha256)


def sealed_as(book: Book, sha256: str) -> Sealed | None:
    """What the seal of this content was worth when it came last; None without a seal."""
    found = book.one("SELECT sealed FROM s_photos WHERE sha256 = ? ORDER BY id DESC LIMIT 1", sha256)
    return Sealed(found) if found else None


def next_photo_id(book: Book) -> int:
    """The id of the next picture; inside a transaction."""
    return book.counter("photo", "SELECT MAX(id) FROM s_photos")


def _usual_models(book: Book, people: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for record in book.ask(_MODELS, json.dumps(people)):
        found.setdefault(record["person"], {})[record["model"]] = record["n"]
    return found


_MODELS = """SELECT p.person, p.model, COUNT(*) AS n FROM json_each(?) AS j CROSS JOIN s_photos AS p
             ON p.person = j.value AND p.model IS NOT NULL AND p.sealed IS NULL GROUP BY p.person, p.model"""


def _kept_model(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["person"], None)


#: person → how often each camera model took their pictures.
usual_models: Question[str, Mapping[str, int]] = Question(_usual_models, {}, {"photo.kept": _kept_model})


def is_named(book: Book, sha256: str) -> bool:
    """Whether any row, refused ones included, names this picture."""
    return book.one("SELECT 1 FROM s_row_photos WHERE sha256 = ? LIMIT 1", sha256) is not None


def arrived_since(book: Book, since: datetime) -> frozenset[str]:
    """The content hashes of the pictures that came since then."""
    found = book.db.execute(
        "SELECT DISTINCT sha256 FROM s_photos INDEXED BY s_photos_arrived WHERE arrived_at >= ?", (since.isoformat(),)
    )
    return frozenset(sha256 for (sha256,) in found)


def unnamed(book: Book, before: datetime) -> list[dict[str, Any]]:
    """Pictures that arrived before *before*, that no row has ever named, and whose owner was not told yet."""
    return book.ask(
        """SELECT id, sha256, person, name, arrived_at FROM s_unnamed CROSS JOIN s_photos ON id = photo_id
           WHERE arrived_at < ? ORDER BY person, arrived_at, id""",
        before.isoformat(),
    )


def _photo(record: dict[str, Any]) -> Photo:
    return Photo(
        name=record["name"],
        person=record["person"],
        arrived_at=datetime.fromisoformat(record["arrived_at"]),
        facts=facts_from(json.loads(record["facts"])),
        sealed=Sealed(record["sealed"]) if record["sealed"] else None,
    )


def seal_seen(book: Book, seal_id: str) -> bool:
    """Whether a picture with this seal was kept before."""
    return book.one("SELECT 1 FROM s_photos WHERE seal_id = ? LIMIT 1", seal_id) is not None


def window(now: datetime, days: int = 7) -> datetime:
    """How far back a row may name a picture: names such as IMG_0001 come round again."""
    return now - timedelta(days=days)
