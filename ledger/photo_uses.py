"""Questions about earlier uses of pictures: of the same file, the same pixels, one that looks alike, a part of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ledger import likeness, points
from ledger.book import Book
from ledger.journal import Entry
from ledger.known import FORGET, Answers, Happened, Question
from ledger.records import PhotoFacts, PhotoUse


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


def _use(record: dict[str, Any]) -> PhotoUse:
    return PhotoUse(
        sha256=record["sha256"],
        receipt_no=record["receipt_no"],
        person=record["person"],
        used_at=datetime.fromisoformat(record["used_at"]),
        bits=0,
    )
