"""Names that are alike, those that may have been meant, and who bears them: asked of a book as it grows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger import names
from ledger.book import Book
from ledger.journal import Entry
from ledger.name_pairs import core, pairs
from ledger.names import Bearer, Near
from tests.ledger.entries import NOON, customer, gone, open_records, post, received, renamed_customer, shared

LONG = "深圳市宏远电子科技有限公司"
LIKE = "深圳市宏远电子科技有限司"  #: one character less
UNLIKE = "广州市新光灯饰厂"


def named(number: int, name: str, **other: object) -> Entry:
    return customer(number, name=name, **{"name_key": name, **other})  # type: ignore[arg-type]


def waits(number: str, name: str, status: str = "pending", form: str = "客户新增") -> Entry:
    return received(number, form, status, key=name, vals={"name": f"{name}（写）"})


# -- pairs


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("", ()), ("甲", ()), ("甲乙", ("甲乙",)), ("甲乙丙", ("甲乙", "乙丙")), ("哈哈哈哈", ("哈哈", "哈哈1", "哈哈2")),
        ("甲乙甲乙甲", ("甲乙", "乙甲", "甲乙1", "乙甲1")),
    ],
)  # fmt: skip
def test_a_names_pairs_are_told_apart_when_they_come_again(name: str, found: tuple[str, ...]) -> None:
    assert pairs(name) == found
    assert pairs(name) is pairs(name), "a name is asked about several times"


def test_pairs_are_remembered_for_so_many_names() -> None:
    assert pairs.cache_parameters()["maxsize"] == 8_192


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("宏远股份有限公司", "宏远"), ("宏远有限责任公司", "宏远"), ("宏远集团有限公司", "宏远"), ("宏远集团公司", "宏远"), ("宏远股份公司", "宏远"),
        ("宏远有限公司", "宏远"), ("宏远公司", "宏远"), ("宏远集团", "宏远"), ("宏远集团股份有限公司", "宏远"), ("宏公司", "宏公司"), ("公司", "公司"),
        ("宏远公司分部", "宏远公司分部"), ("宏远厂", "宏远厂"),
    ],
)  # fmt: skip
def test_what_a_legal_form_says_is_left_out_of_a_name(name: str, left: str) -> None:
    assert core(name) == left


# -- alike


def test_names_that_are_nearly_the_same_come_likest_first(book: Book) -> None:
    post(
        book,
        named(1, LIKE),
        named(2, UNLIKE),
        named(3, "深圳市宏远电子科技公司"),
        named(4, "深圳市宏达电子科技有限司"),
        named(5, LONG),
    )
    found = names.alike(book, LONG)
    assert [name for name, _score in found] == [LIKE, "深圳市宏远电子科技公司", "深圳市宏达电子科技有限司"]
    assert [round(score, 1) for _name, score in found] == [96.0, 91.7, 88.0]
    assert names.alike(book, UNLIKE) == ()
    assert names.alike(book, "没有这样的") == ()


def test_of_names_as_like_one_as_the_other_the_first_in_order_comes_first(book: Book) -> None:
    like = [LONG[:-1] + last for last in "丙乙丁甲戊己庚"]
    post(book, *(named(n, name) for n, name in enumerate(like)), named(8, LONG[:8]), named(9, LONG[3:5]))
    assert [name for name, _score in names.alike(book, LONG)] == sorted(like), "all of them, and no mere part of it"


@pytest.fixture
def asked(book: Book) -> Iterator[Book]:
    """A book of which names are known already, within a sheet."""
    post(book, named(1, UNLIKE), named(2, "某某"))
    with book.transaction():
        assert names.alike(book, LONG) == ()
        yield book


def test_names_that_come_after_a_name_was_asked_about_are_found_too(asked: Book) -> None:
    def post(*entries: Entry) -> list[str]:
        asked.post(list(entries), NOON)
        return [name for name, _score in names.alike(asked, LONG)]

    assert post(waits("1", LIKE)) == [LIKE]
    third, fourth = LONG[:-2] + "公丁", LONG[:-2] + "丙司"
    assert post(received("2", "拜访记录", key=third), waits("3", ""), shared(2, "王五")) == [LIKE], (
        "no name of a customer"
    )
    assert post(named(3, third)) == [LIKE, third]
    assert post(renamed_customer(2, fourth)) == sorted([LIKE, third, fourth], key=lambda name: (name != LIKE, name))
    assert post(named(4, LONG), named(5, LONG + "甲乙丙丁戊己庚辛")) == sorted(
        [LIKE, third, fourth], key=lambda name: (name != LIKE, name)
    )
    come = asked.known(names.lately, "pairs")
    assert come["深圳"][12] == [LIKE], "by pair and by length"
    assert come["深圳"][13] == [third, fourth, LONG]
    assert names.near.ask(asked, [LONG])[LONG].rarest


def test_the_rarest_pairs_of_a_name_are_those_by_which_others_are_found(book: Book) -> None:
    post(book, *(named(n, f"甲乙{chr(0x4E00 + n)}") for n in range(3)), named(9, "乙丙"), waits("1", "丙丁戊己"))
    assert names.near.ask(book, ["甲乙丙丁", "子丑", "乙丙"]) == {
        "甲乙丙丁": Near(("丙丁", "乙丙"), ("丙丁戊己", "乙丙")), "子丑": Near(("子丑",), ()), "乙丙": Near(("乙丙",), ("乙丙",)),
    }  # fmt: skip


def test_pairs_that_very_many_names_have_are_as_common_as_each_other(book: Book) -> None:
    many = [(pair, f"{pair}{n}") for pair, often in (("甲乙", 501), ("乙丙", 500), ("丙丁", 499)) for n in range(often)]
    with book.db.atomic() as db:
        db.conn.executemany("INSERT INTO s_name_pairs VALUES (?, ?)", many)
    assert names.near.ask(book, ["甲乙丙丁"])["甲乙丙丁"].rarest == ("丙丁", "乙丙")
    assert names.near.ask(book, ["乙丙甲乙", "乙丙"])["乙丙甲乙"].rarest == ("丙甲", "甲乙"), (
        "by how often they are asked for, too"
    )
    book.db.execute("INSERT INTO s_name_pairs VALUES ('乙丙', '多')")
    assert names.near.ask(book, ["丙丁甲乙丙"])["丙丁甲乙丙"].rarest == ("丁甲", "丙丁", "乙丙")


def test_a_longer_name_is_found_by_fewer_of_its_pairs() -> None:
    assert [names._needed("字" * n) for n in (1, 2, 5, 10, 20, 30)] == [1, 1, 2, 5, 11, 17]
    assert names._lengths(10, 0) == {8, 9, 10, 11, 12}
    asked = ((10, 3), (10, 4), (10, 5), (30, 0), (30, 9), (1, 0), (1, 1))
    lengths = [sorted(names._lengths(*each)) for each in asked]
    assert lengths == [
        [8, 10],
        [8],
        [],
        list(range(24, 39)),
        [*range(24, 32), 33],
        [1],
        [],
    ]


def test_asking_leads_on_where_there_are_names() -> None:
    assert names.near.leads_on
    assert names.near.leads_on(Near(("甲乙",), ("甲乙",))) is True
    assert names.near.leads_on(Near(("甲乙",), ())) is False
    assert (names.near.otherwise, names.lately.otherwise) == (Near((), ()), {})


# -- meant


def test_a_name_that_somebody_may_have_meant_is_found_without_its_legal_form(book: Book) -> None:
    post(
        book,
        named(1, "宏远电子有限公司"),
        named(2, "深圳宏远电子"),
        named(3, "宏远电器厂"),
        named(4, UNLIKE),
        named(5, "宏远"),
        named(6, "宏运电子集团"),
    )
    found = dict(names.nearest(book, "宏远电子公司"))
    assert {name: round(score, 1) for name, score in found.items()} == {
        "宏远电子有限公司": 100.0, "深圳宏远电子": 88.0, "宏运电子集团": 75.0,
    }  # fmt: skip
    assert [name for name, _score in names.nearest(book, "宏远电子公司")] == [
        "宏远电子有限公司",
        "深圳宏远电子",
        "宏运电子集团",
    ]
    assert [name for name, _score in names.nearest(book, "宏远电子有限公司")] == [
        "深圳宏远电子",
        "宏运电子集团",
    ]
    assert names.nearest(book, "毫不相干") == ()


def test_a_short_part_of_a_long_name_is_not_what_was_meant(book: Book) -> None:
    post(book, named(1, "东莞宏远照明灯饰"), named(2, "宏远照明"))
    assert [name for name, _score in names.nearest(book, "宏远照明灯饰")] == ["东莞宏远照明灯饰", "宏远照明"]
    assert [name for name, _score in names.nearest(book, "宏远照")] == ["宏远照明"], "half of it at least"
    assert [name for name, _score in names.nearest(book, "宏远")] == ["宏远照明"]
    assert [name for name, _score in names.nearest(book, "宏远照明饰品")] == ["宏远照明"]


def test_of_names_that_may_have_been_meant_as_well_the_first_in_order_comes_first(book: Book) -> None:
    places = ["深圳", "广州", "东莞", "佛山", "中山", "珠海"]
    post(book, *(named(n, f"{place}宏远电子") for n, place in enumerate(places)))
    assert [name for name, _score in names.nearest(book, "宏远电子")] == sorted(f"{place}宏远电子" for place in places)


def test_what_somebody_may_have_meant_is_found_among_names_that_have_just_come(asked: Book) -> None:
    assert names.nearest(asked, "深圳宏远电子") == names.alike(asked, "宏远电子") == ()
    asked.post([waits("1", "宏远电子厂"), named(7, "深圳宏远电子有限公司")], NOON)
    assert [name for name, _score in names.nearest(asked, "宏远电子")] == ["宏远电子厂", "深圳宏远电子有限公司"]
    assert [name for name, _score in names.nearest(asked, "深圳宏远电子")] == ["深圳宏远电子有限公司"]


# -- bearers


def test_whoever_bears_a_name_bore_it_or_waits_to_is_named(book: Book) -> None:
    post(
        book, named(1, "甲"), named(2, "乙", owner=None), named(3, "丙", owner="王五"), named(4, "丁", owner=None),
        renamed_customer(3, "新丙"), renamed_customer(4, "新丁"), waits("1", "丙"), waits("2", "丙", "waiting"), waits("3", "丙", "rejected"),
        waits("4", "丙", "accepted"), waits("5", "丙"), gone("5"), waits("6", "丙", form="信息变更"), renamed_customer(1, "戊"), renamed_customer(1, "甲"),
    )  # fmt: skip
    found = {key: list(names.bearers(book, key)) for key in ("甲", "乙", "丙", "丁", "新丙", "戊", "没有")}
    assert found == {
        "甲": [Bearer("甲", "张三")], "乙": [Bearer("乙2", "公海")],
        "丙": [Bearer("新丙", "王五"), Bearer("丙（写）", "张三"), Bearer("丙（写）", "张三")], "丁": [Bearer("新丁", "公海")],
        "新丙": [Bearer("新丙", "王五")], "戊": [Bearer("甲", "张三")], "没有": [],
    }  # fmt: skip


def test_records_are_not_written_into() -> None:
    assert open_records(names) == []
