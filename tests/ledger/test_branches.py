"""The group's other books: real files, asked in time; a branch that gives no answer is named with its reason, and rests."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ledger import branches
from ledger.book import Book
from ledger.branches import REST, Branches, Said, customer_elsewhere, phone_elsewhere, photo_elsewhere
from ledger.journal import Entry
from tests.ledger.posting import STAMP, customer, joined, opened, post, row
from tests.ledger.test_state_beside import FACTS, kept
from tests.ledger.test_state_people import changed


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("ledger.branches.time.monotonic", made)
    return made


def branch(folder: Path, *entries: Entry) -> Path:
    with closing(opened(folder)) as book:
        post(book, *entries)
    return folder / "ledger.db"


def test_what_a_branch_says_may_be_no_more_than_whose_it_is() -> None:
    assert Said("北", "张三") == Said("北", "张三", "", "")


ONE = "SELECT ? AS a, COUNT(*) AS n FROM entries"


def test_every_branch_that_is_there_answers_by_its_name(tmp_path: Path) -> None:
    north, south = branch(tmp_path / "n", joined("张三")), branch(tmp_path / "s", joined("张三"), joined("李四"))
    found = Branches({"北": north, "南": south})
    assert (bool(found), bool(Branches({})), found.names) == (True, False, ("北", "南"))
    assert found.everywhere(ONE, 7) == {"北": [{"a": 7, "n": 2}], "南": [{"a": 7, "n": 3}]}
    assert found.everywhere_of("南", ONE, "x") == [{"a": "x", "n": 3}]
    assert (found.away(), found.unheard()) == ({}, {})


def test_a_branch_that_is_not_there_is_named_rests_and_is_asked_again(tmp_path: Path, clock: Clock) -> None:
    assert REST == 60.0
    missing = tmp_path / "s" / "ledger.db"
    found = Branches({"北": branch(tmp_path / "n", joined("张三")), "南": missing})
    assert found.everywhere_of("南", ONE, 1) is None
    assert found.everywhere(ONE, 1) == {"北": [{"a": 1, "n": 2}]}
    assert found.away() == found.unheard() == {"南": f"没有这个文件：{missing}"}
    branch(tmp_path / "s", joined("李四"))
    clock.now += 59.9
    assert found.everywhere_of("南", ONE, 1) is None, "it rests"
    assert found.unheard() == {"南": f"没有这个文件：{missing}"}
    clock.now += 0.1
    assert found.everywhere_of("南", ONE, 1) == [{"a": 1, "n": 2}]
    assert found.unheard() == {}


def test_a_file_that_is_no_ledger_gives_no_answer(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database" * 1000)
    (tmp_path / "y.db").write_bytes(b"")
    found = Branches({"北": tmp_path / "x.db", "南": tmp_path / "y.db"})
    assert found.away() == {"北": "file is not a database", "南": "no such table: entries"}


def test_a_branch_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hanging(*_given: object) -> list[dict[str, object]]:
        over.wait(20)
        return []

    monkeypatch.setattr(branches, "_asked", hanging)
    found = Branches({"北": tmp_path}, patience=0.05)
    try:
        assert found.everywhere_of("北", ONE, 1) is None
        assert found.unheard() == {"北": "0.05 秒没有回答"}
        assert any(thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread())
    finally:
        over.set()
    (default,) = Branches.__init__.__defaults__ or ()
    assert default == 5.0


def test_a_branch_is_only_read(tmp_path: Path) -> None:
    path = branch(tmp_path / "n", joined("张三"))
    before = path.read_bytes()
    found = Branches({"北": path})
    assert found.everywhere_of("北", "DELETE FROM s_people") is None
    assert "readonly" in found.unheard()["北"]
    assert path.read_bytes() == before


def test_a_copy_that_nobody_can_write_beside_is_read_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = branch(tmp_path / "n", joined("张三"))
    asked = list[str]()
    connect = sqlite3.connect

    def refusing(address: str, **given: object) -> sqlite3.Connection:
        asked.append(address)
        assert given == {"uri": True, "timeout": 1}, "a branch that is written to is not waited for"
        if "immutable" not in address:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(address, **given)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", refusing)
    assert Branches({"北": path}).everywhere_of("北", ONE, 1) == [{"a": 1, "n": 2}]
    uri = path.resolve().as_uri()
    assert asked == [f"{uri}?mode=ro", f"{uri}?mode=ro&immutable=1"]

    def busy(address: str, **_given: object) -> sqlite3.Connection:
        asked.append(address)
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(sqlite3, "connect", busy)
    found = Branches({"北": path})
    assert (found.everywhere_of("北", ONE, 1), found.unheard(), len(asked)) == (None, {"北": "database is locked"}, 3)


# -- what is asked of them


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return opened(tmp_path / "own")


def test_where_else_a_picture_was_used_is_known_by_its_content_or_its_pixels(book: Book, tmp_path: Path) -> None:
    pixels = {**FACTS, "pixel_hash": "pp", "dhash": None}
    north = branch(
        tmp_path / "n", kept(1, "aa", pixels), kept(2, "bb", pixels), kept(3, "cc", {**pixels, "pixel_hash": "other"}),
        row("261123-0002", "拜访记录", photos=["aa", "bb"], person="王五"), row("261123-0003", "拜访记录", "rejected", photos=["aa"]),
        row("261123-0004", "拜访记录", photos=["cc"]),
    )  # fmt: skip
    south = branch(tmp_path / "s", row("261123-0001", "拜访记录", photos=["aa"], person="赵七"))
    book.branches = Branches({"南": south, "北": north})
    away, here = Said("南", "赵七", "261123-0001", STAMP), Said("北", "王五", "261123-0002", STAMP)
    assert photo_elsewhere.ask(book, ["aa", "pp", "xx"]) == {"aa": (away, here), "pp": (here,)}
    assert photo_elsewhere.otherwise == customer_elsewhere.otherwise == phone_elsewhere.otherwise == ()


def test_uses_elsewhere_are_told_in_the_order_in_which_they_happened(book: Book, tmp_path: Path) -> None:
    with closing(opened(tmp_path / "n")) as other:
        post(other, row("261123-0002", "拜访记录", photos=["aa"]), row("261123-0001", "拜访记录", photos=["aa"]))
        other.db.execute("UPDATE s_photo_uses SET used_at = '2026-11-01' WHERE receipt_no = '261123-0002'")
    book.branches = Branches({"北": tmp_path / "n" / "ledger.db"})
    (found,) = photo_elsewhere.ask(book, ["aa"]).values()
    assert [each.receipt_no for each in found] == ["261123-0002", "261123-0001"]


def test_which_branches_have_a_customer_and_whose_it_is(book: Book, tmp_path: Path) -> None:
    north = branch(tmp_path / "n", customer(1), customer(2, None, receipt_no=None, acquired_on=None))
    south = branch(tmp_path / "s", customer(1, "赵七"))
    book.branches = Branches({"北": north, "南": south})
    assert customer_elsewhere.ask(book, ["宏远1", "宏远2", "宏远3"]) == {
        "宏远1": (Said("北", "张三", "261101-0001", "2026-11-01"), Said("南", "赵七", "261101-0001", "2026-11-01")),
        "宏远2": (Said("北", "", "", ""),),
    }  # fmt: skip


def test_whose_phone_it_is_elsewhere_counts_only_who_is_there(book: Book, tmp_path: Path) -> None:
    north = branch(
        tmp_path / "n", joined("王五", phone="139"), joined("赵七", phone="138"), joined("周八", phone="137"),
        changed("赵七", "2026-02-01", state="离职"), changed("周八", "2026-02-01", state="离职"), changed("周八", "2026-03-01", state="在职"),
    )  # fmt: skip
    book.branches = Branches({"北": north})
    assert phone_elsewhere.ask(book, ["139", "138", "137", "136"]) == {
        "139": (Said("北", "王五", "", STAMP),), "137": (Said("北", "周八", "", STAMP),),
    }  # fmt: skip
