"""How pictures that look alike are indexed, and when comparing them one by one is cheaper."""

from __future__ import annotations

import json

import pytest

from ledger import likeness
from ledger.book import Book
from tests.ledger.entries import photo, post


def test_a_look_is_cut_into_three_bands(book: Book) -> None:
    look = 0b1 << 63 | 0b101 << 21 | 0b11
    post(book, photo(5, "a", facts={"dhash": look}), photo(6, "b", facts={"dhash": 0}), photo(7, "c"))
    signed = look - 2**64
    assert set(book.db.execute("SELECT band, photo_id, dhash FROM s_photo_bands")) == {
        (0b11, 5, signed), (1 << 22 | 0b101, 5, signed), (2 << 22 | 1 << 21, 5, signed), (0, 6, 0), (1 << 22, 6, 0), (2 << 22, 6, 0),
    }  # fmt: skip
    masks = [tuple(each) for each in json.loads(likeness._masks())]
    assert len(masks) == len(set(masks)) == 2 * (1 + 21 + 210) + 1 + 22 + 231
    assert {mask.bit_count() for _place, mask in masks} == {0, 1, 2}
    assert max(masks) == (2, 0b11 << 20)
    assert likeness.WIDEST == 8


@pytest.mark.parametrize(("kept", "bits", "by_index"), [(3, 8, False), (4, 8, True), (4, 9, False)])
def test_few_pictures_or_a_wide_distance_are_compared_one_by_one(
    book: Book, monkeypatch: pytest.MonkeyPatch, kept: int, bits: int, by_index: bool
) -> None:
    monkeypatch.setattr(likeness, "FEW", 3)
    post(book, *(photo(n, f"s{n}", facts={"dhash": n}) for n in range(kept)))
    told = list[str]()
    book.db.conn.set_trace_callback(told.append)
    found = likeness.near(book, {"k": [0, 2**64 - 1], "l": [1]}, bits)
    book.db.conn.set_trace_callback(None)
    assert any("masks" in each for each in told) is by_index
    assert found["k"] == [("s0", 0), ("s1", 1), ("s2", 1), *([("s3", 2)] if kept > 3 else [])]
    assert found["l"][0] == ("s1", 0)


def test_of_pictures_as_like_the_first_that_was_kept_comes_first(book: Book) -> None:
    post(book, photo(2, "second", facts={"dhash": 0b1}), photo(1, "first", facts={"dhash": 0b10}))
    assert likeness.near(book, {"k": [0]}, 1) == {"k": [("first", 1), ("second", 1)]}
    assert likeness.near(book, {"k": [0b11]}, 0) == {"k": []}
