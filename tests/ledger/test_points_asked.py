"""Pictures found again by parts of them: which are likeliest, what is kept and forgotten, and whether it was tampered with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger import points, points_proved, schema
from ledger.book import Book
from ledger.database import Database
from ledger.journal import Entry
from ledger.records import Points
from tests.ledger.entries import NOON, both, photo, post

ONE_BIT = [1 << bit for bit in range(22)]


def of_words(*words: int, width: int = 40, rest: bytes = b"\x03" + b"r" * 12) -> Points:
    """Points with these words: the first 22 bits of each code; what follows does not matter to finding."""
    codes = b"".join((word << 10 | 0b1111111111).to_bytes(4, "big")[:3] + b"\xff" + rest[1:] for word in words)
    return Points(width, 30, b"p" * 8 * len(words), codes, b"thumb")


def keep(book: Book, number: int, sha256: str, found: Points, when: datetime = NOON, proved: bool = True) -> None:
    """Keep a picture and its points, as is done when it is taken in."""
    with book.transaction():
        more: dict[str, Any] = {"points": points.digest(found)} if proved else {}
        book.post([photo(number, sha256, **more)], when)
        points.keep(book, number, sha256, found, when)


def names(found: list[tuple[str, Points]]) -> list[str]:
    return [sha256 for sha256, _points in found]


def pairs(book: Book) -> set[tuple[int, int]]:
    return set(book.db.execute("SELECT word, photo_id FROM point_words"))


# -- what is kept


def test_a_points_word_is_the_beginning_of_its_code() -> None:
    assert points.words(of_words(5, 2**22 - 1, 0)) == [5, 2**22 - 1, 0]
    assert points.words(of_words()) == []
    assert points.words(replace(of_words(), codes=bytes(range(32)))) == [0x00010203 >> 10, 0x10111213 >> 10]
    assert (points.WORD, points.BYTES, points.LEAST, points.LIKELIEST) == (22, 16, 2, 48)


def test_the_journals_hash_of_points_tells_each_part_from_the_others() -> None:
    whole = Points(4, 3, b"pp", b"cc", b"tt")
    others = [
        replace(whole, width=3), replace(whole, height=4), replace(whole, width=43, height=3), replace(whole, places=b"p"),
        replace(whole, codes=b"c"), replace(whole, thumb=b"t"), replace(whole, places=b"ppc", codes=b"c"), replace(whole, places=b"cc", codes=b"pp"),
    ]  # fmt: skip
    assert len({points.digest(each) for each in (whole, *others)}) == len(others) + 1
    assert points.digest(whole) == points.digest(replace(whole)) == points.digest(Points(4, 3, b"pp", b"cc", b"tt"))
    assert points.digest(whole) == "6429238a79ab1c140bd53ac196dfa80657f1ab60c34281ede87c2453080cb3ad"


def test_what_is_kept_is_found_by_its_content_and_its_words(book: Book) -> None:
    keep(book, 3, "a", of_words(7, 9, 7))
    keep(book, 4, "b", of_words(9))
    keep(book, 5, "a", of_words(1))  # it came again
    assert [points.held(book, sha256) for sha256 in "abc"] == [True, True, False]
    assert pairs(book) == {(7, 3), (9, 3), (9, 4)}
    first, *_rest = book.ask("SELECT * FROM points ORDER BY photo_id")
    whole = of_words(7, 9, 7)
    assert first == {
        "photo_id": 3, "sha256": "a", "kept_at": NOON.isoformat(), "width": 40, "height": 30, "places": whole.places,
        "codes": whole.codes, "thumb": b"thumb",
    }  # fmt: skip
    assert points.of_record(first) == whole
    noted = {"photo_id": 3, "sha256": "a", "kept_at": NOON.isoformat(), "digest": points.digest(whole)}
    assert book.ask("SELECT * FROM s_photo_points ORDER BY photo_id")[0] == noted


# -- the likeliest


def test_pictures_that_share_most_rare_points_are_the_likeliest(book: Book) -> None:
    keep(book, 1, "rare", of_words(64, 128, 4096))
    keep(book, 2, "common", of_words(0b11, 0b11 << 15, 9000))
    keep(book, 3, "common too", of_words(0b11, 0b11 << 15))
    keep(book, 4, "one alone", of_words(64, 999_999))
    keep(book, 5, "near", of_words(64 + 1, 128 + 2, 77_777))
    keep(book, 6, "nothing", of_words(500_000))
    keep(book, 7, "itself", of_words(64, 128, 0b11, 0b11 << 15))
    keep(book, 8, "common as well", of_words(0b11, 0b11 << 15))
    asked = of_words(64, 128, 0b11, 0b11 << 15)
    found = points.likeliest(book, asked, "itself")
    assert names(found) == ["near", "rare", "common as well", "common too", "common"]
    assert dict(found)["near"] == of_words(64 + 1, 128 + 2, 77_777)
    assert names(points.likeliest(book, asked, "")) == [
        "itself",
        "near",
        "rare",
        "common as well",
        "common too",
        "common",
    ]
    assert points.likeliest(book, of_words(), "") == []


@pytest.mark.parametrize("bit", [0, 1, 10, 20, 21])
def test_a_word_that_differs_in_one_bit_is_the_same_point(book: Book, bit: int) -> None:
    keep(book, 1, "one", of_words(123_456 ^ 1 << bit, 654_321 ^ 1 << bit))
    keep(book, 2, "two", of_words(123_456 ^ 0b11 << (bit if bit < 21 else 0), 654_321))
    assert names(points.likeliest(book, of_words(123_456, 654_321), "")) == ["one"]


def test_so_many_are_looked_at_more_closely(book: Book) -> None:
    with book.transaction():
        for number in range(points.LIKELIEST + 3):
            points.keep(book, number, f"s{number:02}", of_words(64, 128), NOON)
    found = points.likeliest(book, of_words(64, 128), "s50")
    assert names(found) == [f"s{number:02}" for number in range(49, 1, -1)], "the newest first, where all are as likely"
    assert len(points.likeliest(book, of_words(64, 128), "")) == points.LIKELIEST + 1


# -- forgotten


def test_points_are_forgotten_after_so_long_and_the_journal_says_so(book: Book) -> None:
    keep(book, 1, "a", of_words(7, 9), NOON - timedelta(days=2))
    keep(book, 2, "b", of_words(7, 8), NOON - timedelta(days=1))
    keep(book, 3, "c", of_words(7), NOON)
    length = book.length()
    assert points.forget(book, NOON - timedelta(days=2), NOON) == 0
    assert book.length() == length, "nothing is said of nothing"
    assert points.forget(book, NOON, NOON + timedelta(hours=1)) == 2
    assert [points.held(book, sha256) for sha256 in "abc"] == [False, False, True]
    assert pairs(book) == {(7, 3)}
    (last,) = book.ask("SELECT at, kind, subject, actor, payload FROM entries ORDER BY seq DESC LIMIT 1")
    assert last == {
        "at": (NOON + timedelta(hours=1)).isoformat(), "kind": "points.forgotten", "subject": "points", "actor": "kebu",
        "payload": '{"pictures":[1,2]}',
    }  # fmt: skip
    assert [each["sha256"] for each in book.ask("SELECT * FROM s_photo_points")] == ["c"]
    assert list(points_proved.unfit(book)) == []


def test_what_is_kept_and_forgotten_together_is_as_if_it_had_been_so_one_by_one(book: Book) -> None:
    def forgotten(*pictures: int) -> Entry:
        return Entry("points.forgotten", "points", "kebu", {"pictures": list(pictures)})

    def kept(number: int) -> Entry:
        return photo(number, f"s{number}", points=f"d{number}")

    gone = Entry("book.erased", "1", "kebu", {"originals": [["archive/3", "s3"]], "entries": []})
    post(book, forgotten(1, 2), kept(1), kept(2), forgotten(1), kept(3))
    assert [each["digest"] for each in book.ask("SELECT * FROM s_photo_points ORDER BY photo_id")] == ["d2", "d3"]
    post(book, gone, kept(5), photo(6, "s3", points="d6"), gone, kept(4))
    assert [each["digest"] for each in book.ask("SELECT * FROM s_photo_points ORDER BY photo_id")] == ["d2", "d4", "d5"]


def test_some_thousands_are_forgotten_at_a_time(book: Book) -> None:
    old = [(n, f"s{n}", f"2026-01-01T00:{n // 60:02}:{n % 60:02}", 1, 1, b"", b"", b"") for n in range(2_003)]
    with book.db.atomic() as db:
        db.conn.executemany("INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)", old)
    assert [points.forget(book, NOON, NOON) for _ in range(3)] == [2_000, 3, 0]


def test_points_of_an_erased_picture_are_forgotten_with_it(book: Book) -> None:
    keep(book, 1, "a", of_words(7))
    keep(book, 2, "b", of_words(7))
    with book.transaction():
        book.post([Entry("book.erased", "1", "kebu", {"originals": [["archive/1", "a"]], "entries": []})], NOON)
        points.forget_pictures(book, ["a", "x"])
    assert [points.held(book, sha256) for sha256 in "ab"] == [False, True]
    assert pairs(book) == {(7, 2)}
    assert [each["sha256"] for each in book.ask("SELECT * FROM s_photo_points")] == ["b"]
    assert list(points_proved.unfit(book)) == []


# -- parts


def test_pictures_that_show_the_same_in_part_are_known_whichever_came_first(book: Book) -> None:
    scene = [
        photo(1, "a"), photo(2, "b", parts_of=["a", "x"]), photo(3, "c", parts_of=["b"]), photo(4, "a", parts_of=["c"]),
        photo(5, "b", parts_of=["a"]), photo(6, "z", parts_of=["y"]),
    ]  # fmt: skip
    assert both(book, points.parts, ["a", "b", "c", "d"], *scene) == [("b", "c"), ("a", "c", "x"), ("a", "b"), ()]


# -- proved


@pytest.fixture
def whole(book: Book) -> Book:
    """A book with points from before their hashes were kept (1), and since (2, 3)."""
    keep(book, 1, "old", of_words(3, 4), proved=False)
    keep(book, 2, "a", of_words(7, 9))
    keep(book, 3, "b", of_words(9, 1))
    keep(book, 5, "plain", of_words())
    post(book, photo(4, "c"))
    assert list(points_proved.unfit(book)) == []
    return book


GONE, OTHER, CHANGED = (
    "找相似照片用的记录不见了：{}",
    "找相似照片用的记录不是当时存下的：{}",
    "找相似照片用的记录被改动过：{}",
)
MORE = "找相似照片用的索引里有多余的内容"
INSERT = (
    "INSERT INTO points SELECT {}, '{}', kept_at, width, height, places, codes, thumb FROM points WHERE sha256 = 'old'"
)
WORDS = "INSERT INTO point_words SELECT word, {} FROM point_words WHERE photo_id = 1"


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        (["DELETE FROM points WHERE photo_id = 2", "DELETE FROM point_words WHERE photo_id = 2"], [GONE.format("a")]),
        (["DELETE FROM points WHERE photo_id > 1", "DELETE FROM point_words WHERE photo_id > 1"], [GONE.format("a"), GONE.format("b"), GONE.format("plain")]),
        (["DELETE FROM points WHERE photo_id = 2"], [GONE.format("a"), MORE]),
        (["DELETE FROM points WHERE photo_id = 1"], [MORE]),
        (["UPDATE points SET sha256 = 'x' WHERE photo_id = 2"], [OTHER.format("a")]),
        (["UPDATE points SET kept_at = '2030' WHERE photo_id = 3"], [OTHER.format("b")]),
        (["UPDATE points SET kept_at = NULL"], [OTHER.format("a"), OTHER.format("b"), OTHER.format("plain")]),
        (["UPDATE points SET sha256 = 'x' WHERE photo_id = 1"], [OTHER.format("x")]),
        ([INSERT.format(4, "c"), WORDS.format(4)], [OTHER.format("c")]),
        ([INSERT.format(0, "n"), WORDS.format(0)], [OTHER.format("n")]),
        (["UPDATE points SET width = 1 WHERE photo_id = 2"], [CHANGED.format("a")]),
        (["UPDATE points SET thumb = 'text' WHERE photo_id = 2"], [CHANGED.format("a")]),
        (["UPDATE points SET codes = NULL WHERE photo_id = 3"], [CHANGED.format("b")]),
        (["UPDATE points SET codes = (SELECT codes FROM points WHERE photo_id = 3) WHERE photo_id = 1"], [CHANGED.format("old")]),
        (["DELETE FROM point_words WHERE photo_id = 2"], [CHANGED.format("a")]),
        (["DELETE FROM point_words WHERE word = 9 AND photo_id = 3"], [CHANGED.format("b")]),
        (["INSERT INTO point_words VALUES (12, 3)"], [CHANGED.format("b")]),
        (["UPDATE point_words SET word = 'x' WHERE word = 1"], [CHANGED.format("b")]),
        (["UPDATE point_words SET photo_id = 'x' WHERE word = 1"], [CHANGED.format("b"), MORE]),
        (["INSERT INTO point_words VALUES (12, 9)"], [MORE]),
    ],
)  # fmt: skip
def test_points_that_are_not_what_was_kept_are_named(whole: Book, tampered: list[str], said: list[str]) -> None:
    for sql in tampered:
        whole.db.execute(sql)
    assert list(points_proved.unfit(whole)) == said


def test_points_without_a_hash_are_of_pictures_that_came_before_the_first_that_has_one(book: Book) -> None:
    keep(book, 1, "old", of_words(3), proved=False)
    keep(book, 2, "a", of_words(7))
    keep(book, 3, "late", of_words(5), proved=False)
    assert list(points_proved.unfit(book)) == [OTHER.format("late")]


# -- tables of older books


def test_the_tables_of_an_older_book_are_made_empty() -> None:
    db = Database.in_memory()
    points.make_tables(db)
    points.make_proof(db)
    made = Database.in_memory()
    schema.prepare(made)
    for table in ("points", "point_words", "s_photo_parts", "s_photo_points"):
        columns: list[list[Any]] = [
            each.execute(f"SELECT * FROM pragma_table_info('{table}')").fetchall() for each in (db, made)
        ]
        assert columns[0] == columns[1] != []
    indexes = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")}
    assert indexes == {"points_kept", "s_photo_parts_other"}
