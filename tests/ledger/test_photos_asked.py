"""What the book answers about pictures: by name, content and sender, where they were used, where and when they were taken."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ledger import photo_uses, photos, whereabouts, words
from ledger.book import Book
from ledger.journal import Entry
from ledger.records import Photo, PhotoUse, Sealed, Sighting
from ledger.written import Line, Words, words_kept
from tests.ledger.entries import NOON, at, both, completed, decided, gone, photo, picture_facts, post, received

TEN = at("2026-11-23T10:00:00+08:00")


def known(sha256: str, facts: dict[str, Any] | None = None, **other: Any) -> Photo:
    """What is known of such a picture as :func:`photo` keeps it."""
    usual: dict[str, Any] = {"name": f"{sha256}.jpg", "person": "张三", "arrived_at": TEN}
    return Photo(**{**usual, **other}, facts=picture_facts(sha256, **facts or {}))


def row(number: str, *shas: str, status: str = "pending", **other: Any) -> Entry:
    return received(number, "拜访记录", status, photos=list(shas), **other)


# -- one picture


def test_a_picture_is_known_by_its_content_as_it_first_came(book: Book) -> None:
    facts = {"taken_at": TEN, "lat": 22.5, "lon": 113.9, "dhash": 2**64 - 1, "turned": (1, 2), "model": "甲"}
    later: dict[str, Any] = {"person": "王五", "name": "别名.jpg", "sealed": "live"}
    found = both(
        book, photos.by_content, ["a", "b", "c"], photo(1, "a", facts=facts), photo(3, "b", sealed="offline"), photo(4, "a", **later),
        photo(2, "b", "王五", sealed=None), photo(5, "z"),
    )  # fmt: skip
    assert found == [known("a", facts), known("b", person="王五"), None]
    assert photos.photo(book, "a") == known("a", facts)
    assert photos.photo(book, "c") is None
    lies = both(book, photos.archived, ["a", "b", "c"], photo(6, "c"), photo(7, "a"), photo(8, "y"))
    assert lies == ["archive/1", "archive/2", "archive/6"]
    assert [photos.archived_as(book, sha256) for sha256 in ("b", "d")] == ["archive/2", ""]
    assert [photos.sealed_as(book, sha256) for sha256 in ("a", "b", "d")] == [None, Sealed.OFFLINE, None]
    post(book, photo(9, "a", sealed="broken"))
    assert photos.sealed_as(book, "a") is Sealed.BROKEN, "the last one counts"
    offline = photo(10, "e", sealed="offline")
    post(book, offline)
    assert photos.photo(book, "e") == known("e", sealed=Sealed.OFFLINE)


def test_the_number_of_a_new_picture_follows_the_highest(book: Book) -> None:
    post(book, photo(4, "a"), photo(9, "b"))
    with book.transaction():
        assert [photos.next_photo_id(book) for _ in range(2)] == [10, 11]


def test_pictures_of_a_name_come_newest_first(book: Book) -> None:
    early: dict[str, Any] = {"arrived_at": "2026-11-22T10:00:00+08:00"}
    keys = [("张三", "门头"), ("王五", "门头"), ("张三", "别的")]
    found = both(
        book, photos.called, keys, photo(2, "a", name_key="门头"), photo(1, "b", name_key="门头"), photo(3, "c", name_key="门头", **early),
        photo(4, "d", name_key="门头", embedded=1), photo(5, "e", "王五", name_key="门头"), photo(6, "f", "陈六", name_key="没问"),
    )  # fmt: skip
    assert [[each.facts.sha256 for each in one] for one in found] == [["a", "b", "c"], ["e"], []]
    assert found[0][2] == known("c", arrived_at=at("2026-11-22T10:00:00+08:00"))


def test_a_row_gets_the_newest_picture_of_a_name_that_no_row_uses(book: Book) -> None:
    def named(since: str = "2026-11-23T10:00:00+08:00", key: str = "门") -> str | None:
        found = photos.photo_named(book, "张三", key, at(since))
        return found.facts.sha256 if found else None

    hours: dict[str, dict[str, Any]] = {
        sha256: {"name_key": "门", "arrived_at": f"2026-11-23T{hour}:00:00+08:00"}
        for sha256, hour in (("a", "09"), ("b", 10), ("c", 11))
    }
    post(book, *(photo(n, sha256, **hours[sha256]) for n, sha256 in enumerate("abc", 1)))
    assert named() == "c"
    post(book, row("1", "c"))
    assert named() == "b"
    post(book, row("2", "b"))
    assert (named(), named("2026-11-23T09:00:00+08:00")) == ("c", "a"), "all are used: the newest; or an older one"
    post(book, gone("2"))
    assert (named(), named("2026-11-23T12:00:00+08:00"), named(key="窗")) == ("b", None, None)


def test_a_row_may_name_pictures_of_the_last_seven_days() -> None:
    assert photos.window(NOON) == NOON - timedelta(days=7)
    assert photos.window(NOON, 2) == NOON - timedelta(days=2)


def test_pages_of_pictures_that_could_be_seen_are_counted(book: Book) -> None:
    post(
        book, photo(2, "a", facts={"pages": 3}), photo(3, "a", facts={"pages": 5}), photo(4, "b", facts={"trouble": "打不开"}),
        photo(5, "c"), photo(6, "d"),
    )  # fmt: skip
    older = photo(7, "e")
    del older.payload["facts"]["pages"]
    post(book, older)
    assert photos.pages(book, iter(["a", "b", "c", "e", "没有"])) == {"a": 3, "c": 1, "e": 1}


# -- many pictures


def test_what_people_usually_take_pictures_with_is_counted(book: Book) -> None:
    def by(number: int, person: str, model: str | None, **other: Any) -> Entry:
        return photo(number, f"s{number}", person, {"model": model}, **other)

    found = both(
        book, photos.usual_models, ["张三", "王五", "陈六"], by(1, "张三", "甲"), by(2, "张三", "乙"), by(3, "张三", "甲"), by(4, "张三", None),
        by(5, "张三", "甲", sealed="live"), by(6, "王五", "甲"), by(7, "赵总", "丙"),
    )  # fmt: skip
    assert found == [{"甲": 2, "乙": 1}, {"甲": 1}, {}]


def test_what_came_since_a_moment_and_what_no_row_ever_named(book: Book) -> None:
    late: dict[str, Any] = {"arrived_at": "2026-11-23T10:00:01+08:00"}
    post(
        book, photo(3, "a", "王五"), photo(2, "b"), photo(1, "c", **late), photo(4, "d", embedded=1), photo(5, "e"), photo(6, "f", arrived_at="2026-11-23T09:00:00+08:00"),
        photo(7, "g"), photo(8, "c", **late), row("1", "e", status="rejected"), Entry("photo.unnamed", "g", "kebu", {"id": 7}),
    )  # fmt: skip
    assert photos.arrived_since(book, at("2026-11-23T10:00:01+08:00")) == {"c"}
    assert photos.arrived_since(book, TEN) == {"a", "b", "c", "d", "e", "g"}
    unnamed = photos.unnamed(book, at("2026-11-23T10:00:01+08:00"))
    assert [each["sha256"] for each in unnamed] == ["f", "b", "a"]
    told = {"id": 2, "sha256": "b", "person": "张三", "name": "b.jpg", "arrived_at": "2026-11-23T10:00:00+08:00"}
    assert unnamed[1] == told
    assert [photos.is_named(book, sha256) for sha256 in "ea"] == [True, False]


def test_a_seal_that_came_before_is_known(book: Book) -> None:
    sealed = photo(1, "a")
    sealed.payload["facts"]["seal"] = {"id": "s1"}
    post(book, sealed)
    assert [photos.seal_seen(book, seal) for seal in ("s1", "s2")] == [True, False]


# -- uses


def use(sha256: str, number: str, person: str = "张三", **other: Any) -> PhotoUse:
    return PhotoUse(**{"sha256": sha256, "receipt_no": number, "person": person, "used_at": NOON, "bits": 0, **other})


def test_the_rows_that_use_a_picture_are_known(book: Book) -> None:
    found = both(
        book, photo_uses.used_in, ["a", "b"], row("1", "a", "b", "c"), row("2", "a", status="rejected"), row("3", "a", status="waiting", person="王五"),
        gone("1"), row("4", "b"), decided("4", "驳回"), completed("3", person="王五", photos=["b"]), row("5", "a"), row("6", "z"), gone("6"),
        row("7", "a", "b"), decided("7"),
    )  # fmt: skip
    assert found == [(use("a", "5"), use("a", "7")), (use("b", "3", "王五"), use("b", "7"))]
    assert photo_uses.used_in.ask(book, ["a", "z"]) == {"a": (use("a", "5"), use("a", "7"))}


def test_earlier_uses_come_before_later_ones(book: Book) -> None:
    post(book, row("2", "a"), when=NOON + timedelta(hours=1))
    post(book, row("3", "a"), row("1", "a"))
    assert [each.receipt_no for each in book.known(photo_uses.used_in, "a")] == ["1", "3", "2"]


def test_contents_of_the_same_pixels_are_known(book: Book) -> None:
    scene = [
        photo(1, "b", facts={"pixel_hash": "p"}),
        photo(2, "a", facts={"pixel_hash": "p"}),
        photo(3, "b", facts={"pixel_hash": "p"}),
    ]
    others = [photo(4, "c", facts={"pixel_hash": "q"}), photo(5, "d"), photo(6, "e", facts={"pixel_hash": "r"})]
    found = both(book, photo_uses.same_pixels, ["p", "q", "x"], *scene, *others)
    assert found == [("a", "b"), ("c",), ()]


def test_contents_that_look_alike_are_known_likest_first(book: Book) -> None:
    looks = {"a": 0, "b": 0b111, "c": 0b1, "d": 2**63, "e": 0b11111}
    asked = [("a", (0,), 3), ("a", (0, 0b11111), 3), ("x", (0,), 1), ("a", (0,), 5)]
    found = both(
        book,
        photo_uses.alike,
        asked,
        *(photo(n, name, facts={"dhash": look}) for n, (name, look) in enumerate(looks.items(), 1)),
    )
    assert found == [
        (("c", 1), ("d", 1), ("b", 3)), (("e", 0), ("c", 1), ("d", 1), ("b", 2)), (("a", 0), ("c", 1), ("d", 1)),
        (("c", 1), ("d", 1), ("b", 3), ("e", 5)),
    ]  # fmt: skip


def test_a_picture_is_used_where_its_file_or_its_pixels_are(book: Book) -> None:
    post(
        book, photo(1, "a", facts={"pixel_hash": "p", "dhash": 0}), photo(2, "b", facts={"pixel_hash": "p", "dhash": 0})
    )
    post(book, photo(3, "n", facts={"dhash": 1}), row("9", "n"), row("1", "b"), when=NOON + timedelta(hours=1))
    post(book, row("2", "a", "b"))
    later = NOON + timedelta(hours=1)
    facts = picture_facts("a", pixel_hash="p", dhash=0)
    assert photo_uses.uses(book, facts, near_bits=8, besides="7") == (
        use("a", "2"),
        use("b", "2"),
        use("b", "1", used_at=later),
    )
    assert photo_uses.uses(book, facts, near_bits=8, besides="2") == (use("b", "1", used_at=later),)
    unread = picture_facts("a", dhash=0)
    assert photo_uses.uses(book, unread, near_bits=8, besides="") == (use("a", "2"),), (
        "without pixels by the file alone"
    )


def test_else_it_is_used_where_one_is_that_looks_alike_in_any_turn(book: Book) -> None:
    post(
        book,
        photo(1, "b", facts={"dhash": 0}),
        photo(2, "c", facts={"dhash": 0b111}),
        photo(3, "d", facts={"dhash": 2**63}),
    )
    post(book, row("1", "c"), row("2", "b"), row("3", "d"), row("4", "c"))
    facts = picture_facts("a", dhash=0)
    assert photo_uses.uses(book, facts, near_bits=3, besides="4") == (
        use("b", "2", bits=1), use("d", "3", bits=1), use("c", "1", bits=3),
    )  # fmt: skip
    assert [each.receipt_no for each in photo_uses.uses(book, facts, near_bits=2, besides="2")] == ["3"]
    turned = picture_facts("a", dhash=0b11111100000, turned=(0b11111111, 2**63 + 1))
    assert photo_uses.uses(book, turned, near_bits=1, besides="") == (use("d", "3", bits=1),)
    assert photo_uses.uses(book, picture_facts("a", turned=(0,)), near_bits=8, besides="") == (), "it could not be seen"


def test_else_it_is_used_where_one_is_of_which_it_is_a_part(book: Book) -> None:
    post(
        book, photo(1, "b"), photo(2, "a", parts_of=["b"]), photo(3, "c", parts_of=["a"]), photo(4, "d", parts_of=["b"])
    )
    post(book, row("1", "c"), row("4", "d"), when=NOON + timedelta(hours=1))
    post(book, row("2", "b"), row("3", "b"))
    part: dict[str, Any] = {"bits": 64, "in_part": True}
    facts = picture_facts("a", pixel_hash="p", dhash=5)
    assert photo_uses.uses(book, facts, near_bits=8, besides="3") == (
        use("b", "2", **part), use("c", "1", **part, used_at=NOON + timedelta(hours=1)),
    )  # fmt: skip
    assert photo_uses.uses(book, picture_facts("d"), near_bits=8, besides="4") == (
        use("b", "2", **part),
        use("b", "3", **part),
    )


# -- where and when, and what stands on it


def seen(
    number: int, person: str = "张三", day: int = 20, lat: float | None = 22.5, lon: float = 113.9, **other: Any
) -> Entry:
    facts = {"taken_at": at(f"2026-11-{day}T23:30:00+08:00"), "lat": lat, "lon": lon, **other}
    return photo(number, f"s{number}", person, facts)


def test_where_somebody_took_pictures_last_is_known(book: Book) -> None:
    scene = [
        seen(2),
        seen(1, day=21),
        seen(3, lat=None),
        seen(4, taken_at=None),
        seen(5, "王五", lat=23.5),
        seen(6, "赵总"),
    ]
    found = both(book, whereabouts.sightings, ["张三", "王五", "陈六"], *scene)

    def sighting(number: int, day: int = 20, lat: float = 22.5) -> Sighting:
        return Sighting(f"s{number}", at(f"2026-11-{day}T23:30:00+08:00"), lat, 113.9)

    assert found == [(sighting(2), sighting(1, 21)), (sighting(5, lat=23.5),), ()]
    post(book, *(seen(n) for n in range(10, 30)))
    assert book.known(whereabouts.sightings, "张三") == tuple(sighting(n) for n in range(29, 9, -1)), "the last twenty"


def test_on_which_days_somebody_was_at_just_one_place_is_known(book: Book) -> None:
    spots = [("张三", 22.5, 113.9), ("王五", 22.5, 113.9), ("张三", 22.5, 114.0), ("陈六", 22.5, 114.0)]
    scene = [
        seen(1, day=22), seen(2, day=20), seen(3, day=22), seen(4, "王五", 21), seen(5, lon=114.1), seen(6, lat=22.6), seen(7, taken_at=None),
        seen(8, lon=114.0), photo(9, "n"), seen(10, "赵总"),
    ]  # fmt: skip
    assert both(book, whereabouts.days_at, spots, *scene) == [
        (date(2026, 11, 20), date(2026, 11, 22)), (date(2026, 11, 21),), (date(2026, 11, 20),), (),
    ]  # fmt: skip


def test_what_stands_on_a_picture_is_known_once_it_was_read(book: Book) -> None:
    said = Words((Line("宏远", 0.9, 1, (1, 2), (3, 4), 5),), 1)

    def read(sha256: str, found: Words) -> Entry:
        return Entry("photo.read", sha256, "kebu", {"words": words_kept(found)})

    scene = [read("a", Words((), 0, "打不开")), read("a", said), read("b", Words()), read("z", said)]
    assert both(book, words.on_picture, ["a", "b", "c"], *scene) == [said, Words(), None]
