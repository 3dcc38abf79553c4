"""Questions about pictures: by name, by likeness, by use."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ledger import likeness
from ledger.book import Book
from ledger.records import Area, Photo, PhotoFacts, PhotoUse, Seal, Sealed

_NAMED = "EXISTS (SELECT 1 FROM s_photo_uses AS u WHERE u.sha256 = p.sha256)"


def photo_named(book: Book, person: str, name_key: str, since: datetime) -> Photo | None:
    """The newest picture of this name that *person* dropped after *since*: one that no row uses, if there is any."""
    records = book.ask(
        f"""SELECT p.* FROM s_photos AS p WHERE person = ? AND name_key = ? AND arrived_at >= ? AND embedded = 0
            ORDER BY {_NAMED}, arrived_at DESC, id DESC LIMIT 1""",
        person,
        name_key,
        since.isoformat(),
    )
    return _photo(records[0]) if records else None


def photo(book: Book, sha256: str) -> Photo | None:
    """The picture with this content, or None."""
    records = book.ask("SELECT * FROM s_photos WHERE sha256 = ? ORDER BY id LIMIT 1", sha256)
    return _photo(records[0]) if records else None


def archived_as(book: Book, sha256: str) -> str:
    """Where the picture lies, relative to the book's folder."""
    return str(book.one("SELECT archived_as FROM s_photos WHERE sha256 = ? ORDER BY id LIMIT 1", sha256))


def sealed_as(book: Book, sha256: str) -> Sealed | None:
    """What the seal of this content was worth when it came last; None without a seal."""
    found = book.one("SELECT sealed FROM s_photos WHERE sha256 = ? ORDER BY id DESC LIMIT 1", sha256)
    return Sealed(found) if found else None


def next_photo_id(book: Book) -> int:
    """The id of the next picture; inside a transaction."""
    return int(book.one("SELECT COALESCE(MAX(id), 0) + 1 FROM s_photos"))


def uses(book: Book, facts: PhotoFacts, *, near_bits: int, besides: str) -> tuple[PhotoUse, ...]:
    """Rows other than *besides* that use this picture (bits 0) or one that differs by at most *near_bits* of 64."""
    same = book.ask(
        """SELECT sha256, receipt_no, person, used_at FROM s_photo_uses
           WHERE (sha256 = ? OR pixel_hash = ?) AND receipt_no <> ? ORDER BY used_at""",
        facts.sha256,
        facts.pixel_hash,
        besides,
    )
    found = [_use(record, 0) for record in same]
    if not found and facts.dhash is not None:
        found = [use for use in _alike(book, facts, near_bits) if use.receipt_no != besides]
    return tuple(found)


def _alike(book: Book, facts: PhotoFacts, near_bits: int) -> Iterable[PhotoUse]:
    looks = [look for look in (facts.dhash, *facts.turned) if look is not None]
    for sha256, bits in likeness.near(book, {facts.sha256: looks}, near_bits)[facts.sha256]:
        if sha256 != facts.sha256:
            records = book.ask("SELECT sha256, receipt_no, person, used_at FROM s_photo_uses WHERE sha256 = ?", sha256)
            yield from (_use(record, max(1, bits)) for record in records)


def usual_models(book: Book, person: str) -> dict[str, int]:
    """How often each camera model took this person's pictures."""
    records = book.ask(
        "SELECT model, COUNT(*) AS n FROM s_photos WHERE person = ? AND model IS NOT NULL AND sealed IS NULL GROUP BY model",
        person,
    )
    return {record["model"]: record["n"] for record in records}


def is_named(book: Book, sha256: str) -> bool:
    """Whether any row, refused ones included, names this picture."""
    return book.one("SELECT 1 FROM s_row_photos WHERE sha256 = ? LIMIT 1", sha256) is not None


def unnamed(book: Book, before: datetime) -> list[dict[str, Any]]:
    """Pictures that arrived before *before*, that no row has ever named, and whose owner was not told yet."""
    return book.ask(
        """SELECT id, sha256, person, name, arrived_at FROM s_unnamed JOIN s_photos ON id = photo_id
           WHERE arrived_at < ? ORDER BY person, arrived_at, id""",
        before.isoformat(),
    )


def _use(record: dict[str, Any], bits: int) -> PhotoUse:
    return PhotoUse(
        sha256=record["sha256"],
        receipt_no=record["receipt_no"],
        person=record["person"],
        used_at=datetime.fromisoformat(record["used_at"]),
        bits=bits,
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


def facts_kept(facts: PhotoFacts) -> dict[str, Any]:
    """Facts as JSON values; hashes as hexadecimal text, since 64 bits do not fit SQLite's signed integers."""
    given = {name: getattr(facts, name) for name in PhotoFacts.__dataclass_fields__ if name != "preview"}
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
