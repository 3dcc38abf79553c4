"""Pictures are found by index, and none is missed: beside comparing everything, and after opening an older book."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import likeness, photos
from ledger.book import Book
from ledger.journal import Entry
from ledger.replay import first_difference

NOW = datetime(2026, 11, 23, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
MANY = likeness.FEW + 500  #: so that the index is asked
LOOK = st.integers(0, 2**64 - 1)


def kept(n: int, dhash: int | None, *, sha256: str = "", embedded: bool = False) -> Entry:
    facts: dict[str, Any] = {"dhash": None if dhash is None else f"{dhash:016x}", "pixel_hash": None, "model": None}
    payload: dict[str, Any] = {
        "id": n, "sha256": sha256 or f"sha{n:05}", "person": "张三", "name": f"{n}.jpg", "name_key": f"{n}",
        "arrived_at": NOW.isoformat(), "archived_as": f"archive/{n}", "embedded": int(embedded), "facts": facts,
    }  # fmt: skip
    return Entry("photo.kept", payload["sha256"], "张三", payload)


def row(receipt_no: str, names: Sequence[str], *, status: str = "pending", again: bool = False) -> Entry:
    payload: dict[str, Any] = {
        "form": "拜访记录", "department": "", "submitted_at": "", "key": receipt_no, "fingerprint": "", "status": status,
        "file_id": 1, "sheet": "", "row_no": 1, "customer_id": None, "day": None, "vals": {}, "read": {}, "cells": [],
        "photos": list(names), "embedded": {}, "findings": [],
    }  # fmt: skip
    return Entry("row.completed" if again else "row.received", receipt_no, "张三", payload)


def post(book: Book, entries: Iterable[Entry]) -> None:
    with book.transaction():
        book.post(entries, NOW)


def flipped(look: int, bits: Iterable[int]) -> int:
    for bit in bits:
        look ^= 1 << bit
    return look


@pytest.fixture(scope="module")
def looks() -> list[int]:
    """Like those of real pictures: families around a scene, and flat ones that have no gradient at all."""
    chance = random.Random(7)
    scenes = [chance.getrandbits(64) for _ in range(MANY // 4)]
    near = [flipped(scene, chance.sample(range(64), chance.randrange(1, 14))) for scene in scenes for _ in range(3)]
    return [0, 0, 2**64 - 1, *scenes, *near]


@pytest.fixture(scope="module")
def book(looks: list[int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    book = Book(tmp_path_factory.mktemp("likeness") / "ledger.db")
    post(book, [kept(n, look) for n, look in enumerate(looks, start=1)] + [kept(len(looks) + 1, None)])
    yield book
    book.close()


def compared(looks: Sequence[int], asked: Sequence[int], bits: int) -> list[tuple[str, int]]:
    """The same answer by comparing everything with everything."""
    differ = {n: min((kept ^ look).bit_count() for look in asked) for n, kept in enumerate(looks, start=1)}
    return [(f"sha{n:05}", differ[n]) for n in sorted(differ, key=lambda n: (differ[n], n)) if differ[n] <= bits]


@settings(deadline=None, max_examples=60)
@given(
    st.data(),
    st.lists(st.tuples(st.integers(0, MANY - 1), st.sets(st.integers(0, 63), max_size=10)), min_size=1, max_size=4),
)
def test_the_index_finds_what_comparing_everything_finds(
    book: Book, looks: list[int], data: st.DataObject, chosen: list[tuple[int, set[int]]]
) -> None:
    strangers = data.draw(st.lists(LOOK, max_size=2))
    asked = {n: [flipped(looks[i % len(looks)], bits), *strangers] for n, (i, bits) in enumerate(chosen)}
    bits = data.draw(st.sampled_from([0, 1, 5, 8]))
    assert likeness.near(book, asked, bits) == {n: compared(looks, several, bits) for n, several in asked.items()}


def test_every_way_to_share_eight_bits_among_the_bands_is_found(book: Book, looks: list[int]) -> None:
    """A radius or a band that is one too small would miss some of these."""
    bands = [range(shift, shift + width) for shift, width in zip(likeness.SHIFTS, likeness.WIDTHS, strict=True)]
    assert sorted(bit for band in bands for bit in band) == list(range(64))
    ways = [(a, b, 8 - a - b) for a in range(9) for b in range(9 - a)]
    spread = [
        [bit for band, count in zip(bands, way, strict=True) for bit in list(band)[end:][:count]]
        for way in ways
        for end in (0, -8)
    ]
    asked = {n: [flipped(looks[5], bits)] for n, bits in enumerate(spread)}
    assert all(("sha00006", 8) in found for found in likeness.near(book, asked, 8).values())


@pytest.mark.parametrize("bits", [likeness.WIDEST + 1, 14, 64])
def test_a_wider_distance_is_compared_one_by_one(book: Book, looks: list[int], bits: int) -> None:
    asked = {"a": [looks[7]], "b": [flipped(looks[9], range(10))]}
    assert likeness.near(book, asked, bits) == {key: compared(looks, several, bits) for key, several in asked.items()}


def test_a_small_book_and_a_picture_without_a_hash(tmp_path: Path) -> None:
    book = Book(tmp_path / "ledger.db")
    post(book, [kept(1, 5), kept(2, 4), kept(3, 5, sha256="sha00001"), kept(4, None)])
    assert likeness.near(book, {"a": [5], "b": []}, 8) == {"a": [("sha00001", 0), ("sha00002", 1)], "b": []}
    book.close()


def test_the_number_of_statements_does_not_depend_on_how_many_are_asked(book: Book, looks: list[int]) -> None:
    def statements(asked: int) -> int:
        told: list[str] = []
        book.db.conn.set_trace_callback(told.append)
        likeness.near(book, {n: [looks[n]] for n in range(asked)}, 8)
        book.db.conn.set_trace_callback(None)
        return len(told)

    assert statements(1) == statements(100) > 0


# -- which rows name a picture


step = st.one_of(
    st.tuples(st.just("kept"), st.integers(0, 3), st.booleans()),
    st.tuples(st.just("row"), st.lists(st.integers(0, 3), max_size=3), st.sampled_from(["pending", "rejected"])),
    st.tuples(st.just("again"), st.lists(st.integers(0, 3), max_size=3), st.sampled_from(["pending", "rejected"])),
    st.tuples(st.just("told"), st.integers(0, 5)),
)


def entries_of(steps: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
    """Entries as the service would post them: a row names only what was kept; it is completed after it was received."""
    there: list[str] = []
    received = 0
    for what, *more in steps:
        names = list(dict.fromkeys(f"p{n}" for n in more[0] if f"p{n}" in there)) if what in ("row", "again") else []
        if what == "kept":
            there.append(f"p{more[0]}")
            yield kept(len(there), None, sha256=there[-1], embedded=more[1])
        elif what == "row":
            received += 1
            yield row(f"R{received}", names, status=more[1])
        elif what == "again" and received:
            yield row(f"R{received}", names, status=more[1], again=True)
        elif what == "told" and more[0] < len(there):
            yield Entry("photo.unnamed", there[more[0]], "kebu", {"id": more[0] + 1})


@settings(deadline=None, max_examples=50)
@given(st.lists(step, max_size=14))
def test_named_and_unnamed_pictures_are_those_that_looking_at_every_row_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]
) -> None:
    book = Book(tmp_path_factory.mktemp("named") / "ledger.db")
    post(book, entries_of(steps))
    looked = "SELECT 1 FROM s_rows AS r, json_each(r.photos) AS j WHERE j.value = "
    for n in range(4):
        assert photos.is_named(book, f"p{n}") is bool(book.ask(looked + "?", f"p{n}"))
    left = (
        f"SELECT id FROM s_photos AS p WHERE told = 0 AND embedded = 0 AND NOT EXISTS ({looked} p.sha256) ORDER BY id"
    )
    later = NOW.replace(hour=19)
    assert [each["id"] for each in photos.unnamed(book, later)] == [each["id"] for each in book.ask(left)]
    assert photos.unnamed(book, NOW) == []
    assert first_difference(book) is None
    book.close()


# -- a book from before the index


def test_an_older_book_is_given_the_index_and_equals_its_replay(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    book = Book(path)
    post(
        book,
        [kept(1, 2**63), kept(2, None), kept(3, 7, embedded=True), kept(4, 9), row("R1", ["sha00004", "sha00001"])],
    )
    for table in ("s_row_photos", "s_unnamed", "s_photo_bands"):
        book.db.execute(f"DROP TABLE {table}")
    book.db.execute("DROP INDEX s_photos_model")
    book.db.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_pictures_by_index'")
    book.close()
    again = Book(path)
    assert first_difference(again) is None
    assert likeness.near(again, {"": [2**63 + 1]}, 8)[""] == [("sha00001", 1), ("sha00004", 2), ("sha00003", 3)]
    assert [each["id"] for each in photos.unnamed(again, NOW.replace(hour=19))] == [2]
    again.close()
