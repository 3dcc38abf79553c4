"""The outbox on a real book and a real share: what is told reaches its folder once, and the book knows (exactly once)."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from ledger import deliveries
from ledger.journal import Entry
from outbox import delivery
from outbox.drawing import Remarked, ToDraw, Undrawn
from outbox.queue import tell_anew, words_for
from outbox.receipts.model import Receipt, ReceiptRow, ReceiptSheet
from outbox.told import pictures_named
from tests.outbox.office import HOUR, NOW, Office, file, says

TOGETHER = 3  #: as these tests have it


@pytest.fixture(autouse=True)
def _few_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert delivery.TOGETHER == 50
    monkeypatch.setattr(delivery, "TOGETHER", TOGETHER)


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


def test_words_are_forgotten_as_soon_as_fewer_wait_than_are_many(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outbox.delivery.MANY", TOGETHER)
    statements = list[str]()
    for n in range(2 * TOGETHER + 1):
        office.tell(f"人{n}", what=f"给{n}")
    office.book.db.conn.set_trace_callback(statements.append)
    assert office.deliver() == (2 * TOGETHER + 1, [])
    assert sum("DELETE FROM told" in each for each in statements) == 2, "with four, one and none behind them"


def test_what_was_overtaken_is_forgotten_before_anything_is_drawn(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outbox.delivery.MANY", 0)
    office.tell("张三", what="旧的")
    office.tell("张三", what="新的")
    assert office.deliver() == (2, [])
    assert len(office.book.ask("SELECT * FROM told")) == 1


def test_no_more_lies_in_the_spool_than_one_batch_and_what_somebody_still_waits_for(office: Office) -> None:
    office.tell("甲", what="大家的")
    for n in range(2 * TOGETHER):
        office.tell(f"人{n}", what=f"给{n}")
    office.tell("乙", what="大家的")
    lying = list[int]()
    for_real = office.draw

    def draw(wanted: Iterable[ToDraw]) -> Iterator[str | Undrawn]:
        for each in for_real(wanted):
            lying.append(len(list(office.outbox.spool.iterdir())))
            yield each

    assert office.outbox.deliver(office.book, NOW, draw) == (2 * TOGETHER + 2, [])
    assert lying == [*range(1, TOGETHER + 1), *range(2, TOGETHER + 2), 2], "the one for 乙 is kept"
    assert list(office.outbox.spool.iterdir()) == []


def test_what_cannot_be_drawn_for_many_is_asked_once_and_told_of_for_each(office: Office) -> None:
    office.broken["坏的"] = "画不出来"
    office.tell("甲", "乙", what="坏的")
    office.tell("丙")
    assert office.deliver() == (1, ["甲/回执/表.xlsx: 画不出来", "乙/回执/表.xlsx: 画不出来"])
    assert office.waiting() == [(1, "画不出来"), (2, "画不出来")]
    assert len(office.asked) == 2
    assert office.deliver() == (0, ["甲/回执/表.xlsx: 画不出来", "乙/回执/表.xlsx: 画不出来"])
    assert len(office.asked) == 2


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


# -- what whoever draws is asked, and answers


def test_what_is_drawn_cannot_be_changed_by_whoever_is_handed_it() -> None:
    words = words_for(says())
    for record, field in (
        (ToDraw(words, Path("a")), "target"), (Undrawn("坏了"), "words"), (Remarked("cafe", "缺模板"), "words"),
    ):  # fmt: skip
        with pytest.raises(FrozenInstanceError):
            setattr(record, field, None)


def test_the_same_answer_is_the_same() -> None:
    assert Undrawn("坏了") == Undrawn("坏了") != Undrawn("别的")
    assert len({Undrawn("坏了"), Undrawn("坏了"), Remarked("a", "坏了"), Remarked("b", "坏了")}) == 3
