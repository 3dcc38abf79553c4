"""The outbox on a real book and a real share: what is told reaches its folder once, and the book knows (exactly once)."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from disk.share import Share
from ledger import deliveries
from ledger.book import Book
from ledger.journal import Entry
from outbox.delivery import TOGETHER, Outbox
from outbox.drawing import ToDraw, Undrawn
from outbox.queue import tell, tell_anew, words_for
from outbox.receipts.model import Receipt, ReceiptRow, ReceiptSheet
from outbox.told import pictures_named

NOW = datetime(2026, 11, 23, 18, 5).astimezone()
HOUR = timedelta(hours=1)


def says(what: str = "表.xlsx") -> Receipt:
    return Receipt("回执", what, "张三", NOW, NOW)


@dataclass
class Office:
    """A book, a share and somebody who draws: a file is its words, so that a test can read it."""

    book: Book
    outbox: Outbox
    asked: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  #: a word in what is told → why it cannot be drawn

    def tell(self, *people: str, folder: str = "回执", name: str = "表.xlsx", what: str = "", cause: str = "w") -> None:
        with self.book.transaction():
            for person in people:
                tell(self.book, person, folder, name, says(what or name), cause, NOW)

    def draw(self, wanted: Iterable[ToDraw]) -> Iterator[str | Undrawn]:
        for each in wanted:
            words = zlib.decompress(each.words.squeezed)
            self.asked.append(words.decode())
            why = next((why for what, why in self.broken.items() if what in words.decode()), None)
            if why is None:
                each.target.write_bytes(words)
            yield hashlib.sha256(words).hexdigest() if why is None else Undrawn(why)

    def deliver(self, at: datetime = NOW, **other: Any) -> tuple[int, list[str]]:
        return self.outbox.deliver(self.book, at, self.draw, **other)

    def noted(self) -> list[tuple[Any, ...]]:
        records = self.book.ask("SELECT delivery_id AS id, path, sha256, shipped_at FROM shipped ORDER BY delivery_id")
        return [tuple(record.values()) for record in records]

    def lying(self) -> list[str]:
        top = self.outbox.share.top
        return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())

    def waiting(self) -> list[tuple[int, str]]:
        return [(delivery.id, trouble) for delivery, trouble in deliveries.hindrances(self.book)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "share").mkdir()
    with closing(Book(tmp_path / "book" / "ledger.db")) as book:
        yield Office(book, Outbox(tmp_path / "book" / "spool", tmp_path / "share", "取件"))


def file(office: Office, person: str = "张三", name: str = "表.xlsx") -> Path:
    return office.outbox.folder(person, "回执") / name


# -- from words to files


def test_what_is_told_is_written_noted_and_no_longer_due(office: Office) -> None:
    office.tell("张三")
    assert office.waiting() == [(1, "")]
    assert office.deliver() == (1, [])
    (words,) = office.asked
    assert file(office).read_text(encoding="utf-8") == words
    sha256 = hashlib.sha256(words.encode()).hexdigest()
    assert office.noted() == [(1, "张三/取件/回执/表.xlsx", sha256, NOW.isoformat())]
    assert (office.waiting(), list(office.outbox.spool.iterdir())) == ([], [])
    assert office.deliver() == (0, [])
    assert len(office.asked) == 1


def test_a_folder_below_a_folder_is_made(office: Office) -> None:
    office.tell("张三", folder="报表/2026-11")
    office.deliver()
    assert office.lying() == ["张三/取件/报表/2026-11/表.xlsx"]


def test_what_many_get_is_drawn_once_and_kept_only_while_somebody_waits_for_it(office: Office) -> None:
    people = [f"人{n:02}" for n in range(TOGETHER + 2)]
    office.tell(*people, what="大家的")
    office.tell("张三", what="自己的")
    assert office.deliver() == (TOGETHER + 3, [])
    assert len(office.asked) == 2
    assert len(office.lying()) == TOGETHER + 3
    assert {path for _id, path, _sha, _at in office.noted()} == set(office.lying())
    assert list(office.outbox.spool.iterdir()) == []


def test_while_many_wait_they_are_not_all_looked_through_for_each_batch(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outbox.delivery.MANY", TOGETHER + 1)
    statements = list[str]()
    for n in range(4 * TOGETHER):
        office.tell(f"人{n}", what=f"给{n}")
    office.book.db.conn.set_trace_callback(statements.append)
    assert office.deliver() == (4 * TOGETHER, [])
    assert sum("DELETE FROM told" in each for each in statements) == 2
    assert [len(office.book.ask(f"SELECT * FROM {table}")) for table in ("due", "spare")] == [0, 0]


def test_only_the_newest_of_a_name_is_written_and_the_older_are_noted_as_overtaken(office: Office) -> None:
    office.tell("张三", "王五", what="旧的")
    office.tell("张三", what="新的")
    assert office.deliver() == (3, [])
    assert [path for _id, path, _sha, _at in office.noted()] == ["", "王五/取件/回执/表.xlsx", "张三/取件/回执/表.xlsx"]
    assert office.noted()[0] == (1, "", None, NOW.isoformat())
    assert "新的" in file(office).read_text(encoding="utf-8")
    assert "旧的" in file(office, "王五").read_text(encoding="utf-8")
    assert [len(office.book.ask(f"SELECT * FROM {table}")) for table in ("due", "spare", "told", "lying")] == [
        0,
        0,
        2,
        2,
    ]


def test_whose_folder_is_away_waits_and_what_was_tried_is_not_tried_again(office: Office) -> None:
    office.tell("张三", "王五", "陈六")
    assert office.deliver(away=("张三",), after=2) == (1, [])
    assert office.lying() == ["陈六/取件/回执/表.xlsx"]
    assert [number for number, _words in office.waiting()] == [1, 2]
    assert office.deliver(away=("张三",)) == (1, [])
    assert office.deliver() == (1, [])
    assert len(office.lying()) == 3


# -- what stands in the way


def test_what_cannot_be_drawn_is_told_rests_an_hour_and_holds_nobody_up(office: Office) -> None:
    office.broken["坏的"] = "画不出来"
    office.tell("张三", what="坏的")
    office.tell("王五", what="好的")
    assert office.deliver() == (1, ["张三/回执/表.xlsx: 画不出来"])
    assert office.waiting() == [(1, "画不出来")]
    assert office.lying() == ["王五/取件/回执/表.xlsx"]
    assert office.deliver(NOW + HOUR - timedelta(seconds=1)) == (0, ["张三/回执/表.xlsx: 画不出来"])
    assert len(office.asked) == 2, "it rests"
    office.broken.clear()
    assert office.deliver(NOW + HOUR) == (1, [])
    assert len(office.asked) == 3
    assert (office.waiting(), len(office.lying())) == ([], 2)


def test_what_fails_again_rests_again(office: Office) -> None:
    office.broken["坏的"] = "画不出来"
    office.tell("张三", what="坏的")
    for at in (NOW, NOW + HOUR, NOW + HOUR * 3 / 2, NOW + HOUR * 2):
        assert office.deliver(at)[0] == 0
    assert len(office.asked) == 3


def test_a_file_in_a_folders_place_is_named_and_everybody_else_is_served(office: Office) -> None:
    (office.outbox.share.top / "张三").mkdir()
    (office.outbox.share.top / "张三" / "取件").write_text("", encoding="utf-8")
    office.tell("张三", "王五")
    count, (trouble,) = office.deliver()
    assert (count, trouble.partition(": ")[0]) == (1, "张三/回执/表.xlsx")
    assert "不是文件夹" in trouble
    assert office.waiting() == [(1, trouble.partition(": ")[2])]
    assert list(office.outbox.barred(["张三", "王五", "没有的"], ["回执"])) == [
        f"张三/取件：{trouble.partition(': ')[2]}"
    ]
    (office.outbox.share.top / "张三" / "取件").unlink()
    assert office.deliver() == (1, [])
    assert list(office.outbox.barred(["张三"], ["回执", "审批"])) == []


def test_a_share_that_is_away_makes_no_folder_of_its_own(office: Office, tmp_path: Path) -> None:
    office.outbox.share.top.rename(tmp_path / "away")
    office.tell("张三")
    assert office.deliver() == (0, ["张三/回执/表.xlsx: 共享文件夹不可达"])
    assert not office.outbox.share.top.exists()
    (tmp_path / "away").rename(office.outbox.share.top)
    assert office.deliver() == (1, [])


@pytest.fixture
def held(office: Office, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """As Windows has it: an open workbook cannot be replaced; undone, whoever had it open has closed it."""
    real = office.outbox.share.put

    def put(parts: Any, name: str, source: Path) -> None:
        if name == "表.xlsx":
            raise PermissionError(13, "in use")
        real(parts, name, source)

    monkeypatch.setattr(office.outbox.share, "put", put)
    return monkeypatch


def test_beside_a_file_that_is_open_elsewhere_the_new_one_is_written_and_missed_in_one_place(
    office: Office, held: pytest.MonkeyPatch
) -> None:
    with pytest.MonkeyPatch.context() as free:
        free.setattr(office.outbox.share, "put", Share(office.outbox.share.top).put)
        office.tell("张三", what="旧的")
        office.deliver()
    office.tell("张三", what="新的")
    assert office.deliver() == (1, [])
    beside = "张三/取件/回执/表_2.xlsx"
    assert office.lying() == ["张三/取件/回执/表.xlsx", beside]
    assert [path for _id, path, _sha, _at in office.noted()] == ["张三/取件/回执/表.xlsx", beside]
    held.undo()
    (office.outbox.share.top / beside).unlink()
    with office.book.transaction():
        office.book.db.execute("DELETE FROM shipped WHERE delivery_id = 2")
        office.book.db.execute("INSERT INTO due VALUES (2, NULL)")
    assert office.deliver() == (1, [])
    assert office.lying() == ["张三/取件/回执/表.xlsx"]
    assert [each["path"] for each in office.book.ask("SELECT path FROM lying")] == office.lying()


def test_where_nothing_stands_in_the_way_a_refused_file_waits_for_its_own_name(
    office: Office, held: pytest.MonkeyPatch
) -> None:
    office.tell("张三")
    assert office.deliver() == (0, ["张三/回执/表.xlsx: in use"])
    held.undo()
    assert office.deliver() == (1, [])
    assert office.lying() == ["张三/取件/回执/表.xlsx"]


# -- what its owner wrote into it


def test_what_its_owner_has_filled_in_stays_beside_the_new_one(office: Office) -> None:
    office.tell("张三", what="一")
    office.deliver()
    for n, aside in enumerate(("表_您填写的_1123-1805.xlsx", "表_您填写的_1123-1805-2.xlsx"), 2):
        file(office).write_bytes(b"mine %d" % n)
        office.tell("张三", what=str(n))
        assert office.deliver() == (1, [])
        assert file(office, name=aside).read_bytes() == b"mine %d" % n
        assert office.outbox.spared[-1] == ("张三", "表.xlsx", f"回执/{aside}")
    assert len(office.lying()) == 3


def test_what_nobody_touched_is_replaced_without_a_copy(office: Office) -> None:
    for n in range(3):
        office.tell("张三", what=str(n))
        office.deliver()
    file(office).unlink()
    office.tell("张三", what="again")
    office.deliver()
    shutil.rmtree(file(office).parent)
    office.tell("张三", what="and again")
    assert office.deliver() == (1, [])
    assert (office.lying(), office.outbox.spared) == (["张三/取件/回执/表.xlsx"], [])


def test_what_lies_there_with_the_new_content_already_is_no_copy_of_its_owner(office: Office) -> None:
    """As a crash between placing and noting leaves it."""
    office.tell("张三", what="一")
    office.deliver()
    office.tell("张三", what="二")
    words = zlib.decompress(words_for(says("二")).squeezed)
    file(office).write_bytes(words)
    office.deliver()
    assert (office.lying(), office.outbox.spared) == (["张三/取件/回执/表.xlsx"], [])


# -- the spool, and what is gone


def test_what_a_crash_left_in_the_spool_is_swept_and_what_an_older_version_drew_waits(office: Office) -> None:
    waits, leftover = office.outbox.spool / "cafe", office.outbox.spool / "x.drawn"
    waits.write_bytes(b"drawn before the commit")
    leftover.write_bytes(b"")
    with office.book.transaction():
        payload = {"id": 1, "person": "张三", "folder": "回执", "name": "旧.xlsx", "sha256": "cafe", "cause": "w"}
        office.book.post([Entry("delivery.queued", "x", "kebu", payload)], NOW)
    assert office.deliver(away=("张三",)) == (0, [])
    assert list(office.outbox.spool.iterdir()) == [waits]
    assert office.deliver() == (1, [])
    assert (file(office, name="旧.xlsx").read_bytes(), list(office.outbox.spool.iterdir())) == (
        b"drawn before the commit",
        [],
    )
    assert office.noted()[0][2] == "cafe"


def test_gone_is_what_does_not_lie_where_its_folder_can_be_looked_into(office: Office) -> None:
    office.tell("张三")
    office.deliver()
    assert not office.outbox.gone("张三", "回执", "表.xlsx")
    assert office.outbox.gone("张三", "回执", "别的.xlsx")
    assert office.outbox.gone("张三", "审批", "表.xlsx")
    assert not office.outbox.gone("王五", "回执", "表.xlsx"), "not known: the folder is not there"


# -- what the book answers about it


def test_a_name_that_was_given_before_is_given_with_a_number(office: Office) -> None:
    words = words_for(says())
    with office.book.transaction():
        names = [tell_anew(office.book, "张三", "回执", "表.xlsx", words, "w", NOW) for _ in range(2)]
    with office.book.transaction():
        names += [tell_anew(office.book, "张三", "回执", "表.xlsx", words, "w", NOW) for _ in range(2)]
        others = [("王五", "回执", "表.xlsx"), ("张三", "审批", "表.xlsx"), ("张三", "回执", "单.xlsx")]
        names += [tell_anew(office.book, *each, words, "w", NOW) for each in others]
    assert names == ["表.xlsx", "表-2.xlsx", "表-3.xlsx", "表-4.xlsx", "表.xlsx", "表.xlsx", "单.xlsx"]
    assert len(office.book.ask("SELECT * FROM told")) == 1
    assert deliveries.newest_id(office.book) == 7
    assert [entry["actor"] for entry in office.book.ask("SELECT DISTINCT actor FROM entries")] == ["kebu"]
    assert [each["cause"] for each in office.book.ask("SELECT DISTINCT cause FROM s_deliveries")] == ["w"]


def test_what_waits_to_be_told_is_told_once_and_not_to_who_is_away(office: Office) -> None:
    assert (deliveries.newest_id(office.book), list(deliveries.words_due(office.book, ()))) == (0, [])
    office.tell("张三", "王五", what="大家的\udcff")
    office.tell("陈六", what="自己的")
    assert len(list(deliveries.words_due(office.book, ()))) == 2
    (one,) = deliveries.words_due(office.book, ("陈六",))
    assert "大家的\\udcff" in one or "大家的\udcff" in one
    assert list(deliveries.words_due(office.book, ("陈六", "张三", "王五"))) == []


def test_what_stood_in_the_way_is_known_by_whose_it_is(office: Office) -> None:
    office.broken["坏的"] = "画不出来"
    office.tell("张三", what="坏的")
    office.deliver()
    office.tell("王五")
    assert deliveries.hindered_before(office.book) == {1: "张三"}


def test_causes_and_who_has_ever_had_anything(office: Office) -> None:
    office.tell("张三", folder="模板", cause="one")
    office.tell("张三", folder="模板", cause="two")
    office.tell("王五", folder="回执", cause="three")
    office.deliver(away=("王五",))
    book = office.book
    places = [("张三", "表.xlsx"), ("王五", "表.xlsx")]
    assert deliveries.latest_causes(book, "模板", places) == {("张三", "表.xlsx"): "two", ("王五", "表.xlsx"): None}
    asked = [("张三", "one"), ("张三", "two"), ("张三", "three"), ("王五", "three")]
    assert [deliveries.has_cause(book, *each) for each in asked] == [True, True, False, True]
    assert [deliveries.has_received(book, name) for name in ("张三", "王五")] == [True, False]


def test_what_is_old_is_looked_at_once(office: Office) -> None:
    office.tell("张三", what="一")
    office.deliver(NOW - HOUR)
    office.tell("张三", what="二")
    office.tell("王五")
    office.deliver(NOW)
    sha = [each[2] for each in office.noted()]
    place = ("张三", "回执", "表.xlsx", "张三/取件/回执/表.xlsx")
    first = deliveries.Aged(1, *place, sha[0], newest=False)
    assert deliveries.aged(office.book, NOW - HOUR) == []
    assert deliveries.aged(office.book, NOW) == [first]
    everything = deliveries.aged(office.book, NOW + HOUR)
    assert everything[:2] == [first, deliveries.Aged(2, *place, sha[1], newest=True)]
    with office.book.transaction():
        deliveries.looked_at(office.book, everything[:2], NOW)
    assert [each.id for each in deliveries.aged(office.book, NOW + HOUR)] == [3]
    assert office.book.one("SELECT looked_at FROM shipped WHERE delivery_id = 1") == NOW.isoformat()


def test_what_was_noted_and_does_not_fit_the_journal_is_named(office: Office) -> None:
    office.tell("张三")
    office.deliver()
    assert deliveries.unexplained(office.book) == []
    with office.book.transaction():
        db = office.book.db
        db.execute("UPDATE shipped SET path = '王五/取件/回执/表.xlsx'")
        db.execute("INSERT INTO shipped (delivery_id, shipped_at, path) VALUES (9, 'x', '')")
        db.execute("INSERT INTO cleared VALUES ('SP-1')")
    assert deliveries.unexplained(office.book) == [
        "送达记录 1（王五/取件/回执/表.xlsx）与账本不符", "送达记录 9（）与账本不符",
        "审批单 SP-1 记为已收走，但账本中没有或仍未审完",
    ]  # fmt: skip


def test_pictures_are_named_once_and_only_from_where_ours_are_kept() -> None:
    row = ReceiptRow("退回", "", ("archive/cell.jpg",))
    sheet = ReceiptSheet("表", ("列",), (row,))
    words = words_for(Receipt("回执", "archive/source.jpg", "张三", NOW, NOW, (sheet,))).squeezed
    assert pictures_named(words) == ()
    told = (
        '[{"kept_as": "archive/b"}, {"picture": "spool/a", "x": [{"kept_as": "previews/c"}, {"kept_as": "archive/b"}]},'
    )
    told += '{"kept_as": "../ledger.db"}, {"picture": 5}, {"other": "archive/x"}]'
    assert pictures_named(zlib.compress(told.encode())) == ("archive/b", "spool/a", "previews/c")
