"""What people are told: kept in words until its file has left, due until it was put there, lying until it leaves by rule."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger import deliveries, kept_words, lying, sound
from ledger.book import Book
from ledger.deliveries import Aged, Delivery
from ledger.journal import Entry
from ledger.kept_words import ToldWords
from ledger.lying import Lying
from tests.ledger.posting import AT, STAMP, opened, post, row

LATER = datetime.fromisoformat("2026-11-24T08:00:00+08:00")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with closing(opened(tmp_path)) as made:
        yield made


def words(text: str, *parts: str) -> ToldWords:
    made = tuple(kept_words.words_of(part) for part in parts)
    named = "".join(f',"told":"{each.sha256}"' for each in made)
    return kept_words.words_of(f'{{"says":"{text}"{named}}}', made)


def queued(
    book: Book, name: str, said: ToldWords | str = "回执", person: str = "张三", folder: str = "回执", cause: str = "c"
) -> Delivery:
    """A delivery that was queued just now."""
    told = words(said) if isinstance(said, str) else said
    with book.transaction():
        entry = deliveries.queue(book, person, folder, name, told, cause)
        book.post([entry], AT)
    assert entry.kind == "delivery.queued"
    assert (entry.subject, entry.actor) == (f"{person}/{folder}/{name}", "kebu")
    return Delivery(entry.payload["id"], person, folder, name, told.sha256, None)


def put(book: Book, delivery: Delivery, path: str | None = None, sha256: str | None = "ff", at: datetime = AT) -> str:
    place = f"{delivery.person}/取件/{delivery.name}" if path is None else path
    deliveries.shipped(book, delivery, at, place, sha256)
    return place


def table(book: Book, name: str) -> list[tuple[Any, ...]]:
    return (
        book.sent(f"SELECT * FROM {name} ORDER BY 1, 2")
        if name != "spare"
        else book.sent("SELECT * FROM spare ORDER BY 1")
    )


# -- words


def test_words_are_known_by_the_hash_of_the_json_that_they_are() -> None:
    said = kept_words.words_of('{"a":"乙\ud800"}')
    plain = '{"a":"乙\ud800"}'.encode("utf-8", "surrogatepass")
    assert said == ToldWords(hashlib.sha256(plain).hexdigest(), zlib.compress(plain, 3), ())
    assert kept_words.text_of(said) == '{"a":"乙\ud800"}'


def test_words_and_what_they_say_alike_are_kept_once(book: Book) -> None:
    one, two = words("甲", "alike", "other"), words("乙", "alike")
    with book.transaction():
        for each in (one, two, one):
            kept_words.keep(book, each)
    assert table(book, "told") == sorted([(each.sha256, each.squeezed) for each in (one, two)])
    alike, other = one.parts
    assert table(book, "told_parts") == sorted([(each.sha256, each.squeezed) for each in (alike, other)])
    assert table(book, "told_shares") == sorted(
        [(one.sha256, alike.sha256), (one.sha256, other.sha256), (two.sha256, alike.sha256)]
    )
    found = kept_words.of(book, one.sha256)
    assert (found.sha256, found.squeezed, set(found.parts)) == (one.sha256, one.squeezed, set(one.parts))
    assert kept_words.of(book, two.sha256) == two
    assert kept_words.of(book, "no such") == ToldWords("no such", b"", ())
    assert list(kept_words.changed(book)) == []


def test_texts_that_say_something_are_found_in_themselves_and_in_their_parts(book: Book) -> None:
    one, two, three = words("甲 13800000000", "alike 13900000000"), words("乙", "alike 13900000000"), words("丙")
    with book.transaction():
        for each in (one, two, three):
            kept_words.keep(book, each)
    assert kept_words.saying(book, re.compile("13800000000")) == [one.sha256]
    assert sorted(kept_words.saying(book, re.compile("alike"))) == sorted([one.sha256, two.sha256])
    assert (
        kept_words.saying(book, re.compile("1[38]")) == [one.sha256, two.sha256]
        or len(kept_words.saying(book, re.compile("1[38]"))) == 2
    ), "each once"
    assert kept_words.saying(book, re.compile("丁")) == []


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("UPDATE told SET words = x'00' WHERE sha256 = '{one}'", ["one"]),
        ("UPDATE told SET words = 'text' WHERE sha256 = '{one}'", ["one"]),
        ("UPDATE told SET words = (SELECT words FROM told WHERE sha256 = '{two}')", ["one", "three"]),
        ("UPDATE told_parts SET words = x'00' WHERE sha256 = '{part}'", ["part"]),
        ("DELETE FROM told_parts WHERE sha256 = '{part}'", ["one", "three"]),
        ("DELETE FROM told_shares WHERE told = '{one}'", ["one"]),
        ("INSERT INTO told_shares VALUES ('{two}', '{part}')", ["two"]),
        ("INSERT INTO told_shares VALUES ('zz', '{part}'), ('yy', '{part}')", ["yy", "zz"]),
        ("INSERT INTO told VALUES ('zz', x'00')", ["zz"]),
        ("DELETE FROM told WHERE sha256 = '{two}'", []),
    ],
)  # fmt: skip
def test_words_that_are_not_what_their_hash_says_are_named(book: Book, sql: str, wrong: list[str]) -> None:
    one, two, three = words("甲", "alike"), words("乙"), words("丙", "alike")
    with book.transaction():
        for each in (one, two, three):
            kept_words.keep(book, each)
    names = {"one": one.sha256, "two": two.sha256, "three": three.sha256, "part": one.parts[0].sha256}
    book.db.execute(sql.format(**names))
    expected = [names.get(each, each) for each in wrong]
    assert sorted(kept_words.changed(book)) == sorted(expected)
    told = {each.removeprefix("待送达或可补发的内容被改动过：") for each in sound.unfit(book)}
    assert set(expected) <= told


def test_a_quoted_name_of_a_part_is_no_name(book: Book) -> None:
    part = kept_words.words_of("alike").sha256
    said = kept_words.words_of(f'{{"says":"\\"told\\":\\"{part}\\"","more":[{{"told":"short"}}]}}')
    with book.transaction():
        kept_words.keep(book, said)
    assert list(kept_words.changed(book)) == []


def test_words_go_when_nothing_waits_for_them_and_nothing_lies_there(book: Book) -> None:
    waits, lies, left, alike = (queued(book, name, said) for name, said in (
        ("a", words("waits", "p1")), ("b", words("lies", "p2")), ("c", words("left", "p1", "p3")), ("d", "alike")))  # fmt: skip
    again = queued(book, "e", "alike")
    for each in (lies, left, alike):
        put(book, each)
    lying.lies_no_more(book, [left.id, alike.id])
    assert {told for (told,) in table(book, "spare")} == {lies.told, left.told, alike.told}
    kept_words.forget(book)
    assert {told for told, _words in table(book, "told")} == {waits.told, lies.told, again.told}
    assert {part for part, _words in table(book, "told_parts")} == {kept_words.words_of(p).sha256 for p in ("p1", "p2")}
    assert {told for told, _part in table(book, "told_shares")} == {waits.told, lies.told}
    assert table(book, "spare") == []
    put(book, again)
    lying.lies_no_more(book, [again.id])
    kept_words.forget(book)
    assert {told for told, _words in table(book, "told")} == {waits.told, lies.told}


# -- queued


def test_a_delivery_is_queued_with_its_number_and_its_words(book: Book) -> None:
    one, two = words("甲"), words("乙")
    with book.transaction():
        first = deliveries.queue(book, "张三", "回执", "回执.xlsx", one, "file:1")
        second = deliveries.queue(book, "李四", "审批", "审批.xlsx", two, "approval:S1")
        book.post([first, second], AT)
    given = {"person": "张三", "folder": "回执", "name": "回执.xlsx"}
    assert first == Entry(
        "delivery.queued", "张三/回执/回执.xlsx", "kebu", {"id": 1, **given, "told": one.sha256, "cause": "file:1"}
    )
    assert second.payload["id"] == 2
    assert deliveries.newest_id(book) == 2
    assert deliveries.unshipped(book) == [
        Delivery(1, "张三", "回执", "回执.xlsx", one.sha256, None), Delivery(2, "李四", "审批", "审批.xlsx", two.sha256, None),
    ]  # fmt: skip
    assert queued(book, "x").id == 3


def test_an_empty_book_has_delivered_nothing(book: Book) -> None:
    assert (deliveries.newest_id(book), deliveries.unshipped(book), list(deliveries.hindrances(book))) == (0, [], [])
    assert (deliveries.put_last(book), deliveries.aged(book, LATER), lying.open_sheets(book)) == ([], [], [])
    assert (deliveries.has_received(book, "张三"), deliveries.has_cause(book, "张三", "c")) == (False, False)


def test_what_waits_is_told_once_and_not_to_who_is_away(book: Book) -> None:
    queued(book, "a", "甲")
    queued(book, "b", "甲", person="李四")
    queued(book, "c", "乙", person="王五")
    put(book, queued(book, "d", "丙"))
    texts = {text: words(text).sha256 for text in ("甲", "乙")}
    in_order = [f'{{"says":"{text}"}}' for text in sorted(texts, key=lambda text: texts[text])]
    assert list(deliveries.words_due(book, [])) == in_order
    assert list(deliveries.words_due(book, ["王五"])) == ['{"says":"甲"}']
    assert list(deliveries.words_due(book, ["张三"])) == in_order
    assert list(deliveries.words_due(book, {"张三", "李四", "王五"})) == []
    with book.transaction():
        old = {"id": 99, "person": "张三", "folder": "回执", "name": "n", "sha256": "aa", "cause": "c"}
        book.post([Entry("delivery.queued", "x", "kebu", old)], AT)
    assert list(deliveries.words_due(book, [])) == in_order
    assert deliveries.unshipped(book)[-1] == Delivery(99, "张三", "回执", "n", None, "aa")


def test_a_name_that_was_given_gets_a_number(book: Book) -> None:
    def free(name: str, person: str = "张三", folder: str = "回执") -> str:
        return deliveries.free_name(book, person, folder, name)

    assert free("回执.xlsx") == "回执.xlsx"
    queued(book, "回执.xlsx")
    queued(book, "回执-2.xlsx")
    assert [free("回执.xlsx"), free("回执-2.xlsx"), free("没有")] == ["回执-3.xlsx", "回执-2-2.xlsx", "没有"]
    assert [free("回执.xlsx", "李四"), free("回执.xlsx", folder="报表")] == ["回执.xlsx"] * 2
    assert deliveries.queued_since.otherwise == frozenset()
    with book.transaction():
        assert free("回执.xlsx") == "回执-3.xlsx"
        book.post([deliveries.queue(book, "张三", "回执", "回执-3.xlsx", words("x"), "c")], AT)
        assert free("回执.xlsx") == "回执-4.xlsx", "what was queued just now and is not sent counts too"
        book.post([deliveries.queue(book, "李四", "回执", "回执-4.xlsx", words("x"), "c")], AT)
        assert free("回执.xlsx") == "回执-4.xlsx"
    assert free("回执.xlsx") == "回执-4.xlsx"


# -- put there


def test_what_was_put_there_is_due_no_more_and_lies_there(book: Book) -> None:
    one, two = queued(book, "a", "甲"), queued(book, "b", "乙")
    path = put(book, one)
    assert deliveries.unshipped(book) == [two]
    assert book.ask("SELECT * FROM shipped") == [
        {"delivery_id": one.id, "shipped_at": STAMP, "path": path, "sha256": "ff", "looked_at": None}
    ]  # fmt: skip
    assert table(book, "lying") == [(path, one.id, one.told)]
    put(book, one, sha256="ee", at=LATER)
    assert book.ask("SELECT shipped_at, sha256 FROM shipped") == [{"shipped_at": LATER.isoformat(), "sha256": "ee"}]
    assert table(book, "lying") == [(path, one.id, one.told)]
    put(book, one, "张三/取件/别处")
    assert table(book, "lying") == [("张三/取件/别处", one.id, one.told)], "where it was put last, alone"
    put(book, two, "", None)
    assert deliveries.unshipped(book) == []
    assert len(table(book, "lying")) == 1, "a newer one took its place"


def test_the_last_content_of_a_place_is_known(book: Book) -> None:
    one, two, three = queued(book, "a", "甲"), queued(book, "a", "乙"), queued(book, "a", "丙")
    path = put(book, one, sha256="11")
    assert deliveries.last_content(book, three, path) == "11"
    put(book, two, sha256="22")
    assert [deliveries.last_content(book, each, path) for each in (one, three)] == ["22", "22"]
    assert deliveries.last_content(book, three, "张三/取件/别处") == ""
    other = [queued(book, "b", "丁"), queued(book, "a", "丁", person="李四"), queued(book, "a", "丁", folder="报表")]
    assert [deliveries.last_content(book, each, path) for each in other] == ["", "", ""]
    put(book, three, sha256=None)
    assert deliveries.last_content(book, three, path) == ""
    with book.transaction():
        old = {"id": 99, "person": "张三", "folder": "回执", "name": "a", "sha256": "old", "cause": "c"}
        book.post([Entry("delivery.queued", "x", "kebu", old)], AT)
    put(book, Delivery(99, "张三", "回执", "a", None, "old"), sha256=None)
    assert deliveries.last_content(book, three, path) == "old"


def test_another_ledger_may_have_put_files_since(book: Book) -> None:
    one, two, three = queued(book, "a"), queued(book, "b"), queued(book, "c")
    path, other, third = put(book, one, sha256="11"), put(book, two, sha256="22"), put(book, three, sha256=None)
    assert sorted(deliveries.put_last(book)) == [(path, "11", STAMP), (other, "22", STAMP)]
    late, early = LATER.isoformat(), "2026-11-01T00:00:00+08:00"
    deliveries.put_since(
        book, [(path, "99", late), (other, "88", early), (third, "77", STAMP), ("nowhere", "66", late)]
    )
    assert sorted(deliveries.put_last(book)) == [(path, "99", late), (other, "22", STAMP)]


def test_what_was_delivered_long_ago_is_looked_at_once(book: Book) -> None:
    one, two, three, four = queued(book, "a"), queued(book, "a"), queued(book, "b"), queued(book, "c")
    old, new = datetime.fromisoformat("2026-11-01T00:00:00+08:00"), LATER
    path = put(book, one, sha256="11", at=old)
    other = put(book, two, "张三/取件/二", None, old)
    put(book, three, "", None, old)
    put(book, four, at=new)
    queued(book, "b", person="李四")
    aged = [Aged(one.id, "张三", "回执", "a", path, "11", False), Aged(two.id, "张三", "回执", "a", other, "", True)]
    assert deliveries.aged(book, AT) == aged
    assert deliveries.aged(book, old) == []
    assert len(deliveries.aged(book, datetime.fromisoformat("2026-11-24T08:00:01+08:00"))) == 3
    queued(book, "a", folder="报表")
    assert deliveries.aged(book, AT) == aged
    deliveries.looked_at(book, aged[:1], LATER)
    assert deliveries.aged(book, AT) == aged[1:]
    assert book.one("SELECT looked_at FROM shipped WHERE delivery_id = ?", one.id) == LATER.isoformat()


def test_what_stands_in_the_way_is_remembered_until_it_was_put_there(book: Book) -> None:
    one, two, three = queued(book, "a"), queued(book, "b", person="李四"), queued(book, "c")
    deliveries.hindered(book, two, "打开着")
    deliveries.hindered(book, three, "满了")
    assert list(deliveries.hindrances(book)) == [(one, ""), (two, "打开着"), (three, "满了")]
    assert deliveries.hindered_before(book) == {two.id: "李四", three.id: "张三"}
    put(book, three)
    assert list(deliveries.hindrances(book)) == [(one, ""), (two, "打开着")]
    assert deliveries.hindered_before(book) == {two.id: "李四"}


def test_what_somebody_got_and_why_is_known(book: Book) -> None:
    queued(book, "日报.xlsx", folder="模板", cause="v1")
    queued(book, "日报.xlsx", folder="模板", cause="v2")
    queued(book, "日报.xlsx", folder="回执", cause="v3")
    queued(book, "日报.xlsx", folder="模板", person="李四", cause="v4")
    places = [("张三", "日报.xlsx"), ("李四", "日报.xlsx"), ("李四", "没有"), ("王五", "日报.xlsx")]
    assert deliveries.latest_causes(book, "模板", places) == {
        ("张三", "日报.xlsx"): "v2", ("李四", "日报.xlsx"): "v4", ("李四", "没有"): None, ("王五", "日报.xlsx"): None,
    }  # fmt: skip
    assert [deliveries.has_cause(book, *each) for each in (("张三", "v2"), ("张三", "v4"), ("李四", "v4"))] == [
        True,
        False,
        True,
    ]
    put(book, deliveries.unshipped(book)[0], "", None)
    assert [deliveries.has_received(book, each) for each in ("张三", "李四")] == [False, False]
    put(book, deliveries.unshipped(book)[0])
    assert [deliveries.has_received(book, each) for each in ("张三", "李四")] == [True, False]


# -- lying


def test_what_should_lie_there_is_known_with_whether_it_can_be_drawn_again(book: Book) -> None:
    one, two, three = queued(book, "a", "甲"), queued(book, "b", "乙"), queued(book, "c", "丙", person="李四")
    paths = [put(book, each, at=at) for each, at in ((two, LATER), (one, AT), (three, AT))]
    book.db.execute("DELETE FROM told WHERE sha256 = ?", (two.told,))
    found = lying.of_paths(book, [*paths, "nowhere"])
    assert found == [
        Lying(one.id, "张三", paths[1], STAMP, True), Lying(two.id, "张三", paths[0], LATER.isoformat(), False),
        Lying(three.id, "李四", paths[2], STAMP, True),
    ]  # fmt: skip
    assert [each.shipped_on for each in found[:2]] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert (lying.of_paths(book, paths[:1]), lying.of_paths(book, [])) == (found[1:2], [])
    assert sorted(lying.paths(book)) == sorted(paths)
    assert lying.open_sheets(book) == []
    lying.due_again(book, found[:1])
    lying.due_again(book, found[:1])
    assert deliveries.unshipped(book) == [one]
    assert lying.of_paths(book, paths) == found[1:], "it is on its way"
    lying.lies_no_more(book, [two.id, three.id])
    assert list(lying.paths(book)) == [paths[1]]


def sheet(number: str, *receipts: str) -> Entry:
    rows = [{"receipt_no": each, "fingerprint": "f", "cells": []} for each in receipts]
    return Entry("sheet.issued", number, "kebu", {"form": "f", "approver": "李四", "rows": rows})


def test_a_sheet_lies_there_while_something_on_it_is_open(book: Book) -> None:
    post(book, sheet("S1", "r1", "r2"), sheet("S2", "r3"))
    first, picture, second, receipt = (
        queued(book, name, name, "李四", "审批", cause)
        for name, cause in (("s1", "approval:S1"), ("p1", "picture:S1"), ("s2", "approval:S2"), ("r", "file:1"))
    )
    paths = [put(book, each) for each in (first, picture, second, receipt)]
    assert table(book, "standing") == [
        (first.id, "S1", "S1", paths[0]), (picture.id, "picture:S1", "S1", paths[1]), (second.id, "S2", "S2", paths[2]),
    ]  # fmt: skip
    assert [each.id for each in lying.open_sheets(book)] == [first.id, picture.id, second.id]
    post(
        book,
        Entry("sheet.withdrawn", "r3", "kebu", {"number": "S2"}),
        Entry("sheet.withdrawn", "r1", "kebu", {"number": "S1"}),
    )
    assert [each.id for each in lying.open_sheets(book)] == [first.id, picture.id]
    assert [each.id for each in lying.of_paths(book, paths)] == [first.id, picture.id, receipt.id]
    book.db.execute("INSERT INTO cleared VALUES ('S1')")
    assert [each.id for each in lying.open_sheets(book)] == [picture.id]
    assert paths[0] not in list(lying.paths(book))
    assert list(deliveries.unexplained(book)) == ["审批单 S1 记为已收走，但账本中没有或仍未审完"]
    post(book, Entry("sheet.withdrawn", "r2", "kebu", {"number": "S1"}), row("261123-0001", "销售日报"))
    assert list(deliveries.unexplained(book)) == []
    book.db.execute("INSERT INTO cleared VALUES ('picture:S1'), ('S9'), ('picture:S8')")
    book.db.execute("INSERT INTO secrets VALUES ('mine', 'x')")
    book.db.execute("INSERT INTO shipped (delivery_id, path) VALUES (99, '张三/x')")
    book.db.execute("UPDATE shipped SET path = '王五/取件/x' WHERE delivery_id = ?", (receipt.id,))
    assert sorted(deliveries.unexplained(book)) == sorted([
        f"送达记录 {receipt.id}（王五/取件/x）与账本不符", "送达记录 99（张三/x）与账本不符",
        "审批单 S9 记为已收走，但账本中没有或仍未审完", "审批单 S8 记为已收走，但账本中没有或仍未审完", "账本里不应有密钥：mine",
    ])  # fmt: skip
    book.db.execute("UPDATE shipped SET path = '' WHERE delivery_id = ?", (receipt.id,))
    assert not [each for each in deliveries.unexplained(book) if f"送达记录 {receipt.id}" in each]
