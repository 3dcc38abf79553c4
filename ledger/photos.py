"""Questions about pictures: by name, by likeness, by use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ledger import likeness, points
from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Happened, Question
from ledger.records import Area, Photo, PhotoFacts, PhotoUse, Seal, Sealed

_NAMED = "EXISTS (SELECT 1 FROM s_photo_uses AS u WHERE u.sha256 = p.sha256)"


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


def _used_in(book: Book, shas: Sequence[str]) -> dict[str, tuple[PhotoUse, ...]]:
    found: dict[str, tuple[PhotoUse, ...]] = {}
    for record in book.ask(_USED_IN, json.dumps(shas)):
        found[record["sha256"]] = (*found.get(record["sha256"], ()), _use(record))
    return found


_USED_IN = """SELECT u.sha256, u.receipt_no, u.person, u.used_at FROM json_each(?) AS j
              CROSS JOIN s_photo_uses AS u ON u.sha256 = j.value ORDER BY u.used_at, u.receipt_no"""


def _used(answers: Answers, entry: Happened) -> None:
    if entry.payload["status"] == "rejected":
        return
    for sha256 in entry.payload["photos"]:
        if sha256 in answers:
            answers[sha256] = (*answers[sha256], PhotoUse(sha256, entry.subject, entry.actor, entry.at, 0))


def _use_gone(answers: Answers, entry: Entry) -> None:
    for sha256, among in answers.items():
        if any(use.receipt_no == entry.subject for use in among):
            answers[sha256] = tuple(use for use in among if use.receipt_no != entry.subject)


#: content hash → the rows that use just this file, oldest first.
used_in: Question[str, tuple[PhotoUse, ...]] = Question(
    _used_in,
    (),
    {"row.received": _used, "row.superseded": _use_gone, "row.completed": FORGET, "decision.made": FORGET},
)


def _same_pixels(book: Book, pixel_hashes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for record in book.ask(_SAME_PIXELS, json.dumps(pixel_hashes)):
        found[record["pixel_hash"]] = (*found.get(record["pixel_hash"], ()), record["sha256"])
    return found


_SAME_PIXELS = """SELECT DISTINCT p.pixel_hash, p.sha256 FROM json_each(?) AS j
                  CROSS JOIN s_photos AS p ON p.pixel_hash = j.value ORDER BY p.sha256"""


def _kept_pixels(answers: Answers, entry: Entry) -> None:
    answers.pop(entry.payload["facts"]["pixel_hash"], None)


#: hash of decoded pixels → the contents that show just them.
same_pixels: Question[str, tuple[str, ...]] = Question(_same_pixels, (), {"photo.kept": _kept_pixels})

Looks = tuple[str, tuple[int, ...], int]  #: content hash, the picture's dHashes in every turn, bits that may differ


def _alike(book: Book, asked: Sequence[Looks]) -> dict[Looks, tuple[tuple[str, int], ...]]:
    found: dict[Looks, tuple[tuple[str, int], ...]] = {}
    for distance in {bits for _own, _looks, bits in asked}:
        near = likeness.near(book, {each: each[1] for each in asked if each[2] == distance}, distance)
        found |= {each: tuple(other for other in others if other[0] != each[0]) for each, others in near.items()}
    return found


#: looks → other contents that look like it, the likest first, and by how many bits they differ.
alike: Question[Looks, tuple[tuple[str, int], ...]] = Question(_alike, (), {"photo.kept": FORGET})


def uses(book: Book, facts: PhotoFacts, *, near_bits: int, besides: str) -> tuple[PhotoUse, ...]:
    """Rows other than *besides* that use this picture (bits 0) or one that differs by at most *near_bits* of 64."""
    same = {facts.sha256, *(book.known(same_pixels, facts.pixel_hash) if facts.pixel_hash else ())}
    found = [use for sha256 in sorted(same) for use in book.known(used_in, sha256) if use.receipt_no != besides]
    if found:
        return tuple(sorted(found, key=lambda use: use.used_at))
    if facts.dhash is not None:
        every_turn = tuple(look for look in (facts.dhash, *facts.turned) if look is not None)
        looks = (facts.sha256, every_turn, near_bits)
        found = [
            replace(use, bits=max(1, bits))
            for sha256, bits in book.known(alike, looks)
            for use in book.known(used_in, sha256)
            if use.receipt_no != besides
        ]
    return tuple(found) or _uses_of_parts(book, facts, besides)


def _uses_of_parts(book: Book, facts: PhotoFacts, besides: str) -> tuple[PhotoUse, ...]:
    """Rows that use a picture of which this is a part, or the other way round, oldest first."""
    found = [use for sha256 in book.known(points.parts, facts.sha256) for use in book.known(used_in, sha256)]
    others = (replace(use, bits=_APART, in_part=True) for use in found if use.receipt_no != besides)
    return tuple(sorted(others, key=lambda use: use.used_at))


_APART = 64  #: pictures of which only parts are alike differ in their whole


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


def _use(record: dict[str, Any]) -> PhotoUse:
    return PhotoUse(
        sha256=record["sha256"],
        receipt_no=record["receipt_no"],
        person=record["person"],
        used_at=datetime.fromisoformat(record["used_at"]),
        bits=0,
    )


def _photo(record: dict[str, Any]) -> Photo:
    return Photo(
        name=record["name"],
        person=record["person"],
        arrived_at=datetime.fromisoformat(record["arrived_at"]),
        facts=facts_from(json.loads(record["facts"])),
        sealed=Sealed(record["sealed"]) if record["sealed"] else None,
    )


def facts_from(given: dict[str, Any]) -> PhotoFacts:
    """Facts as they were kept in the journal."""
    times = {name: datetime.fromisoformat(given[name]) if given[name] else None for name in ("taken_at", "gps_at")}
    return PhotoFacts(
        **{
            **given,
            **times,
            "place": Area(**given["place"]) if given["place"] else None,
            "near": tuple(Area(**area) for area in given["near"]),
            "dhash": int(given["dhash"], 16) if given["dhash"] else None,
            "turned": tuple(int(text, 16) for text in given["turned"]),
            "seal": seal_from(given["seal"]) if given.get("seal") else None,
        }
    )


_SEAL_TIMES = ("taken_at", "received_at", "phone_at")


def seal_from(given: dict[str, Any]) -> Seal:
    """A seal as it was kept in the journal, or as it stands in a picture."""
    return Seal(**{**given, **{name: datetime.fromisoformat(given[name]) for name in _SEAL_TIMES}})


def seal_kept(seal: Seal) -> dict[str, Any]:
    """A seal as JSON values."""
    return {**vars(seal), **{name: getattr(seal, name).isoformat() for name in _SEAL_TIMES}}


def seal_seen(book: Book, seal_id: str) -> bool:
    """Whether a picture with this seal was kept before."""
    return book.one("SELECT 1 FROM s_photos WHERE seal_id = ? LIMIT 1", seal_id) is not None


_NOT_KEPT = frozenset({"preview", "points"})


def facts_kept(facts: PhotoFacts) -> dict[str, Any]:
    """Facts as JSON values; hashes as hexadecimal text, since 64 bits do not fit SQLite's signed integers."""
    given = {name: getattr(facts, name) for name in PhotoFacts.__dataclass_fields__ if name not in _NOT_KEPT}
    return {
        **given,
        "taken_at": facts.taken_at.isoformat() if facts.taken_at else None,
        "gps_at": facts.gps_at.isoformat() if facts.gps_at else None,
        "place": vars(facts.place) if facts.place else None,
        "near": [vars(area) for area in facts.near],
        "dhash": f"{facts.dhash:016x}" if facts.dhash is not None else None,
        "turned": [f"{value:016x}" for value in facts.turned],
        "seal": seal_kept(facts.seal) if facts.seal else None,
    }


def window(now: datetime, days: int = 7) -> datetime:
    """How far back a row may name a picture: names such as IMG_0001 come round again."""
    return now - timedelta(days=days)
