"""What stands in the way of a delivery: told in words, tried again, and nobody else waits for it; and what is taken away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from disk.share import Share
from ledger.journal import Entry
from outbox.delivery import Outbox
from tests.outbox.office import HOUR, NOW, Office

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


def test_where_the_name_beside_is_held_as_well_the_reason_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.tell("张三", what="一")
    office.deliver()
    tried = list[str]()

    def put(parts: Any, name: str, source: Path) -> None:
        tried.append(name)
        raise PermissionError(13, f"{name} in use")

    with monkeypatch.context() as held:
        held.setattr(office.outbox.share, "put", put)
        office.tell("张三", what="二")
        assert office.deliver() == (0, ["张三/回执/表.xlsx: 表_2.xlsx in use"])
        assert tried == ["表.xlsx", "表_2.xlsx"]
    assert office.deliver() == (1, [])


def test_a_trouble_without_a_number_is_told_in_its_words(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(parts: Any, name: str, source: Path) -> None:
        raise OSError("no room left")

    office.tell("张三", "王五")
    with monkeypatch.context() as full:
        full.setattr(office.outbox.share, "put", put)
        assert office.deliver() == (0, ["张三/回执/表.xlsx: no room left", "王五/回执/表.xlsx: no room left"])
    with monkeypatch.context() as away:
        away.setattr(office.outbox.share, "folder", put_nothing)
        assert list(office.outbox.barred(["张三"], ["回执"])) == ["张三/取件：the line is dead"]


def put_nothing(parts: Any) -> Any:
    raise OSError("the line is dead")


def test_what_bars_a_folder_is_told_once_for_each_person_and_missing_ones_bar_nothing(office: Office) -> None:
    top = office.outbox.share.top
    for name in ("张三", "王五", "陈六"):
        (top / name / "取件").mkdir(parents=True)
    for path in ("张三/取件/审批", "张三/取件/报表", "陈六/取件/报表"):
        (top / path).write_text("", encoding="utf-8")
    found = list(office.outbox.barred(["张三", "王五", "没有的", "陈六"], ["回执", "审批", "报表"]))
    assert [each.partition("：")[0] for each in found] == ["张三/取件/审批", "陈六/取件/报表"]


def test_an_outbox_makes_its_spool_and_finds_it_again(office: Office, tmp_path: Path) -> None:
    spool = tmp_path / "new" / "book" / "spool"
    assert Outbox(spool, tmp_path / "share", "取件").spool == spool
    assert spool.is_dir()
    again = Outbox(spool, tmp_path / "share", "取件")
    assert (again.folder("张三", "回执"), again.spared) == (tmp_path / "share" / "张三" / "取件" / "回执", [])
    assert again.scratch("cafe") == spool / "cafe.drawn"


def test_what_cannot_be_looked_into_is_not_known_to_be_gone(office: Office) -> None:
    office.tell("张三")
    office.deliver()
    assert not office.outbox.gone("张三", "回执", "长" * 300)


# -- finished sheets


def sheet(number: str, receipt_no: str) -> list[Entry]:
    row = {
        "form": "拜访记录", "status": "pending", "department": "销售一部", "submitted_at": NOW.isoformat(),
        "key": receipt_no, "fingerprint": "f", "vals": {}, "read": {}, "cells": [], "photos": [], "embedded": {},
        "file_id": 1, "sheet": "拜访记录", "row_no": 2, "customer_id": None, "day": None, "findings": [],
    }  # fmt: skip
    issued = {
        "form": "拜访记录", "approver": "李四", "issued_at": NOW.isoformat(),
        "rows": [{"receipt_no": receipt_no, "fingerprint": "f", "cells": {}}],
    }  # fmt: skip
    return [Entry("row.received", receipt_no, "张三", row), Entry("sheet.issued", number, "kebu", issued)]


def decided(number: str, receipt_no: str) -> Entry:
    given = {"number": number, "decision": "同意", "comment": "", "decided_at": NOW.isoformat(), "status": "accepted"}
    return Entry("decision.made", receipt_no, "李四", given)


def test_finished_sheets_and_their_pictures_are_taken_away_and_open_ones_stay(office: Office) -> None:
    for n in (1, 2, 3):
        with office.book.transaction():
            office.book.post(sheet(f"SP-{n}", f"r{n}"), NOW)
        office.tell("李四", folder="审批", name=f"审批_{n}.xlsx", cause=f"approval:SP-{n}")
        for picture in "ab":
            office.tell("李四", folder="审批/现场", name=f"{n}{picture}.jpg", cause=f"picture:SP-{n}")
    office.deliver()
    assert (office.outbox.clear(office.book), office.outbox.clear_pictures(office.book)) == (0, 0)
    with office.book.transaction():
        office.book.post([decided(f"SP-{n}", f"r{n}") for n in (1, 3)], NOW)
    assert office.outbox.clear_pictures(office.book) == 2
    box = "李四/取件/审批/"
    sheets = [f"{box}审批_{n}.xlsx" for n in (1, 2, 3)]
    assert office.lying() == sorted([*sheets, f"{box}现场/2a.jpg", f"{box}现场/2b.jpg"])
    assert office.outbox.clear(office.book) == 2
    assert office.lying() == sorted([sheets[1], f"{box}现场/2a.jpg", f"{box}现场/2b.jpg"])
    assert (office.outbox.clear(office.book), office.outbox.clear_pictures(office.book)) == (0, 0)


def test_a_sheet_that_is_open_in_excel_goes_the_next_time_and_keeps_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2):
        with office.book.transaction():
            office.book.post([*sheet(f"SP-{n}", f"r{n}"), decided(f"SP-{n}", f"r{n}")], NOW)
        office.tell("李四", folder="审批", name=f"审批_{n}.xlsx", cause=f"approval:SP-{n}")
    office.deliver()
    remove = office.outbox.share.remove

    def held(parts: Any, name: str) -> bool:
        if name == "审批_1.xlsx":
            raise PermissionError(13, "in use")
        return remove(parts, name)

    with monkeypatch.context() as open_in_excel:
        open_in_excel.setattr(office.outbox.share, "remove", held)
        assert office.outbox.clear(office.book) == 1
    assert office.lying() == ["李四/取件/审批/审批_1.xlsx"]
    assert office.outbox.clear(office.book) == 1
    assert office.lying() == []
