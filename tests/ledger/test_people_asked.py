"""What the book answers about people: who they are on a day, who bears and bore which name, whose folder is to follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ledger import files, people
from ledger.book import Book
from ledger.people import Former, Renaming
from ledger.records import Person
from tests.ledger.entries import DAY, NOON, both, called, changed, joined, open_records, post

LATER = date(2026, 12, 1)


def somebody(name: str, **other: object) -> Person:
    known = Person(
        name, "13800000000", "女", "销售一部", "销售人员", 50, 30, None, date(2026, 11, 1), None, NOON, root=name,
    )  # fmt: skip
    return replace(known, **other)  # type: ignore[arg-type]


# -- the register of a day


def test_the_register_says_who_everybody_is_on_a_day(book: Book) -> None:
    own = {
        "phone": "139",
        "gender": "男",
        "department": "销售二部",
        "max_customers": 7,
        "max_follow_days": 9,
        "region": "华南",
    }
    found = both(
        book, people.on_day, [DAY, LATER], joined("李四", "部门经理", root="lisi", **own), joined("张三"), joined("王五", joined_on="2026-12-24"),
        changed("张三", "2026-12-01", department="销售二部", post="部门经理", max_customers=1, max_follow_days=2, region="华北"),
        changed("王五", "2026-11-23", phone="137"), changed("李四", "2026-11-23", state="离职"), joined("陈六", joined_on="2026-11-23"),
    )  # fmt: skip
    left = date(2026, 11, 23)
    boss = somebody("李四", post="部门经理", root="lisi", left_on=left, **own)
    others = {
        "李四": boss,
        "王五": somebody("王五", joined_on=date(2026, 12, 24), phone="137"),
        "陈六": somebody("陈六", joined_on=DAY),
    }
    moved = {"department": "销售二部", "post": "部门经理", "max_customers": 1, "max_follow_days": 2, "region": "华北"}
    assert found == [{**others, "张三": somebody("张三")}, {**others, "张三": somebody("张三", **moved)}]
    assert people.people_on(book, DAY) == found[0]
    assert list(found[0]) == ["张三", "李四", "王五", "陈六"]


def test_whoever_joins_is_in_the_register_that_is_known_already_in_its_place(book: Book) -> None:
    post(book, joined("丙"), joined("甲"))
    with book.transaction():
        people.people_on(book, DAY)
        later = NOON + timedelta(hours=1)
        book.post([joined("乙", root="yi"), joined("甲", "销售经理")], later)
        found = people.people_on(book, DAY)
        assert list(found) == sorted(found)
        assert found == {
            "丙": somebody("丙"), "乙": somebody("乙", root="yi", registered_at=later),
            "甲": somebody("甲", post="销售经理", registered_at=later),
        }  # fmt: skip
        book.known.forget()
        book._pending.clear()


def test_who_is_called_the_same_aloud_is_known_together(book: Book) -> None:
    found = both(
        book, people.bearers, [DAY], joined("张三", plain_name="张三"), joined("张三1234", plain_name="张三"), joined("李四123"),
        joined("李四12345"), joined("1234王五"),
    )  # fmt: skip
    three, other = somebody("张三"), somebody("张三1234")
    same = {
        "张三": (three, other),
        "李四123": (somebody("李四123"),),
        "李四1": (somebody("李四12345"),),
        "1234王五": (somebody("1234王五"),),
    }
    assert found == [same]
    assert people.bearers_on(book, DAY) == same
    assert [each.otherwise for each in (people.on_day, people.bearers, people.lasting)] == [{}, {}, {}]
    assert (
        both(book, people.bearers, [DAY], changed("张三", "2026-11-02", post="销售经理"))[0]["张三"][0].post
        == "销售经理"
    )


def test_whose_name_has_changed_is_known_in_keys_by_a_lasting_word(book: Book) -> None:
    found = both(
        book, people.lasting, [DAY, LATER], joined("张三"), called("张三", "张三丰"), joined("李四", root="lisi"),
        changed("李四", "2026-11-23", post="销售经理"), joined("王五"),
    )  # fmt: skip
    assert found == [{"张三丰": "张三", "李四": "lisi"}] * 2


def test_namesakes_are_known_as_they_were_when_they_were_registered(book: Book) -> None:
    found = both(
        book, people.namesakes, ["张三", "李四", "王五"], joined("张三9999", plain_name="张三"), joined("李四"), joined("张三", plain_name="张三"),
        changed("张三", "2026-11-02", post="销售经理"), changed("张三9999", "2026-12-24", post="销售经理"), joined("陈六"),
    )  # fmt: skip
    assert found == [
        (somebody("张三9999"), somebody("张三", post="销售经理")), (somebody("李四"),), (),
    ]  # fmt: skip


# -- names


def rename(book: Book, old: str, new: str, hours: int) -> None:
    post(book, called(old, new), when=NOON + timedelta(hours=hours))


def test_who_bore_a_name_is_known_by_when_it_was_given_up(book: Book) -> None:
    post(book, joined("甲"), joined("己"))
    rename(book, "甲", "乙", 1)
    rename(book, "乙", "丙", 2)
    post(book, joined("甲"))
    rename(book, "甲", "丁", 3)
    first, second, third = (NOON + timedelta(hours=n) for n in (1, 2, 3))
    assert people.formers.ask(book, ["甲", "乙", "丙"]) == {
        "甲": (Former("甲", "丁", third), Former("甲", "丙", first)), "乙": (Former("乙", "丙", second),),
    }  # fmt: skip
    assert [people.called_now(book, name) for name in ("甲", "乙", "丙", "己", "没有")] == [
        "丁",
        "丙",
        "丙",
        "己",
        "没有",
    ]
    moments = (first - timedelta(hours=1), first, first + timedelta(minutes=1), third, third + timedelta(minutes=1))
    assert [people.bearer_at(book, "甲", at) for at in moments] == ["丙", "丙", "丁", "丁", "甲"]
    assert people.bearer_at(book, "己", NOON) == "己"
    post(book, joined("甲"))
    assert people.called_now(book, "甲") == "甲", "whoever bears it now"


def test_changes_of_name_to_come_are_known_until_they_are_carried_out(book: Book) -> None:
    post(book, joined("张三"), joined("李四"), joined("王五"))
    found = both(
        book, people.promised, ["张三丰", "李四光", "王五一", "没有"], changed("张三", "2026-12-02", new_name="张三丰"),
        changed("李四", "2026-12-01", new_name="李四光"), changed("王五", "2026-12-01", new_name="王五一"),
        called("王五", "王五一", "王五2026-12-01"), changed("张三", "2026-12-01", new_name="张三峰"),
    )  # fmt: skip
    assert found == ["张三", "李四", None, None]
    assert people.renamings(book) == [
        Renaming("李四2026-12-01", "李四", "李四光", LATER), Renaming("张三2026-12-01", "张三", "张三峰", LATER),
        Renaming("张三2026-12-02", "张三", "张三丰", date(2026, 12, 2)),
    ]  # fmt: skip


# -- folders


def tell(book: Book, table: str) -> list[tuple[object, ...]]:
    return [tuple(each.values()) for each in book.ask(f"SELECT * FROM {table} ORDER BY 1, 2")]


def test_what_is_known_of_somebodys_folder_bears_their_new_name(book: Book) -> None:
    paths = ("张三/取件/a.xlsx", "张三丰/取件/b.xlsx", "李四/张三/c.xlsx")
    for n, path in enumerate(paths):
        book.db.execute("INSERT INTO shipped (delivery_id, shipped_at, path) VALUES (?, '', ?)", (n, path))
        book.db.execute("INSERT INTO standing VALUES (?, 'k', 'k', ?)", (n, path))
    with book.transaction():
        files.to_remove(book, "张三", "a.xlsx", "a", 1, 2, 3)
        files.to_remove(book, "李四", "a.xlsx", "a", 1, 2, 3)
        people.to_move(book, "张三", "张三峰")
        files.to_remove(book, "张三", "c.xlsx", "c", 1, 2, 3)
        people.to_move(book, "李四", "李四光")
        people.to_move(book, "张三", "张三峰")
        files.to_remove(book, "李四", "d.xlsx", "d", 1, 2, 3)
    moved = ["张三峰/取件/a.xlsx", "张三丰/取件/b.xlsx", "李四光/张三/c.xlsx"]
    assert [path for _id, _at, path, *_ in tell(book, "shipped")] == moved
    assert [path for _id, _key, _number, path in tell(book, "standing")] == moved
    assert [(each["person"], each["relative"]) for each in files.removals(book)] == [
        ("张三峰", "a.xlsx"), ("张三峰", "c.xlsx"), ("李四", "d.xlsx"), ("李四光", "a.xlsx"),
    ]  # fmt: skip
    assert people.moves(book) == [("李四", "李四光"), ("张三", "张三峰")], "told again, a change is the last one"


def test_a_folder_that_has_followed_is_forgotten_and_what_lies_in_it_lies_there(book: Book) -> None:
    for n, path in enumerate(("张三/a.xlsx", "张三/b.xlsx", "张三峰/b.xlsx", "张三丰/a.xlsx", "李四/张三/a.xlsx")):
        book.db.execute("INSERT INTO lying (path, delivery_id) VALUES (?, ?)", (path, n))
    with book.transaction():
        for new in ("张三峰", "张三风"):
            people.to_move(book, "张三", new)
        people.to_move(book, "李四", "张三峰")
    people.moved(book, "张三", "张三峰")
    assert people.moves(book) == [("张三", "张三风"), ("李四", "张三峰")]
    assert {(path, n) for path, n, *_ in tell(book, "lying")} == {
        ("张三峰/a.xlsx", 0), ("张三峰/b.xlsx", 2), ("张三丰/a.xlsx", 3), ("李四/张三/a.xlsx", 4),
    }  # fmt: skip


def test_records_are_not_written_into() -> None:
    assert open_records(people) == []
