"""Backups: looked at before they count, kept by a rule, restored in a drill beside the running book; and how much disk is left."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from ledger.book import Book
from policy.settings_running import BackupSettings
from service.upkeep import storage
from service.upkeep.backups import BadBackup, back_up, back_up_night, outdated
from service.upkeep.sizes import FolderSizes
from tests.company import Company, a_company, a_company_with_a_customer, report
from tests.flows.test_commands import call

USUAL = BackupSettings()


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


# -- the rule


def nights(first: date, last: date) -> list[Path]:
    return [Path(f"ledger_{first + timedelta(n)}.db") for n in range((last - first).days + 1)]


def kept(found: list[Path], rule: BackupSettings = USUAL) -> list[str]:
    gone = set(outdated(found, rule))
    return [path.name[7:-3] for path in sorted(found) if path not in gone]


def test_seven_days_four_weeks_and_twelve_months_are_kept() -> None:
    found = kept(nights(date(2025, 1, 1), date(2026, 11, 25)))
    assert found[12 + 4 :] == [f"2026-11-{day}" for day in range(19, 26)]
    assert found[12 : 12 + 4] == ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-18"]
    assert (len(found), found[0], found[11]) == (12 + 4 + 7, "2025-11-30", "2026-10-25")


def test_night_after_night_it_comes_to_the_same() -> None:
    """What is taken away one night would have been of no use to any later one."""
    lying: list[Path] = []
    for path in nights(date(2025, 1, 1), date(2026, 11, 25)):
        lying.append(path)
        gone = set(outdated(lying, USUAL))
        lying = [each for each in lying if each not in gone]
    days = [date.fromisoformat(path.name[7:-3]) for path in lying]
    assert days[-7:] == [date(2026, 11, day) for day in range(19, 26)]
    assert len({(day.year, day.month) for day in days}) >= 12
    assert 7 + 4 + 10 <= len(days) <= 7 + 4 + 12


def test_copies_made_by_hand_follow_the_same_rule_and_other_files_are_let_be() -> None:
    found = [*nights(date(2026, 11, 1), date(2026, 11, 25)), Path("ledger_20261125-101500.db"),
             Path("ledger_20261103-101500.db"), Path("ledger_早上.db"), Path("ledger_2026-13-45.db"), Path("notes.txt")]  # fmt: skip
    gone = {path.name for path in outdated(found, USUAL)}
    assert "ledger_20261125-101500.db" not in gone
    assert "ledger_20261103-101500.db" in gone
    assert not gone & {"ledger_早上.db", "ledger_2026-13-45.db", "notes.txt"}


def test_days_without_a_backup_do_not_use_up_the_days() -> None:
    found = [Path(f"ledger_{day}.db") for day in ("2026-01-05", "2026-03-09", "2026-11-25")]
    assert kept(found) == ["2026-01-05", "2026-03-09", "2026-11-25"]


def test_the_night_takes_away_what_the_rule_does_not_keep(co: Company) -> None:
    folder = co.book / "backups"
    folder.mkdir(exist_ok=True)
    for path in nights(date(2026, 11, 1), date(2026, 11, 22)):
        (folder / path).write_bytes(b"older")
    co.nightly("2026-11-23", "11-24 00:30")
    left = sorted(path.name for path in folder.iterdir())
    assert left == [f"ledger_2026-11-{day:02}.db" for day in (1, 8, 15, *range(16, 24))]


# -- looked at before it counts


def test_a_copy_that_does_not_hold_is_no_backup_and_the_older_ones_stay(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = back_up(co.service, "2026-11-22")
    whole = Book.copy_to

    def damaged(self: Book, path: Path) -> None:
        whole(self, path)
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TRIGGER entries_never_change")
            db.execute(
                "UPDATE entries SET payload = replace(payload, '宏远', '远宏') WHERE seq = (SELECT MAX(seq) FROM entries)"
            )
            db.execute("UPDATE entries SET actor = '别人' WHERE seq IN (3, (SELECT MAX(seq) FROM entries))")
            db.commit()

    monkeypatch.setattr(Book, "copy_to", damaged)
    with pytest.raises(BadBackup, match="没有通过核对"):
        back_up(co.service, "2026-11-23")
    assert [path.name for path in (co.book / "backups").iterdir()] == [good.name]
    closed = co.nightly("2026-11-23", "11-24 00:30")
    assert any("2026-11-23 的备份" in words for words in closed.for_operator)


def test_a_night_goes_on_from_the_last_backup_and_sunday_looks_at_the_whole(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(co.service, "2026-11-22")
    co.run("11-23 18:00")
    whole = Book.copy_to

    def damaged_before(self: Book, path: Path) -> None:
        whole(self, path)
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TRIGGER entries_never_change")
            db.execute("UPDATE entries SET actor = '别人' WHERE seq = 3")
            db.commit()

    monkeypatch.setattr(Book, "copy_to", damaged_before)
    assert back_up_night(co.service, date(2026, 11, 28)).exists()  # what the last one held is not read again
    with pytest.raises(BadBackup, match="journal entry 3"):
        back_up_night(co.service, date(2026, 11, 29))


def test_a_backup_that_is_no_beginning_of_the_book_is_not_gone_on_from(co: Company, tmp_path: Path) -> None:
    """After a restore later backups tell of what is gone: the night's copy is looked at as a whole, and kept."""
    (co.book / "backups").mkdir(exist_ok=True)
    with a_company(tmp_path / "other") as other:
        back_up(other.service, "2026-11-22").replace(co.book / "backups" / "ledger_2026-11-22.db")
    assert back_up_night(co.service, date(2026, 11, 23)).exists()


def test_a_torn_copy_is_noticed(co: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Book.copy_to

    def torn(self: Book, path: Path) -> None:
        whole(self, path)
        with path.open("r+b") as stream:
            stream.truncate(path.stat().st_size // 2)

    good = back_up_night(co.service, date(2026, 11, 22))
    monkeypatch.setattr(Book, "copy_to", torn)
    with pytest.raises(BadBackup):
        back_up(co.service, "2026-11-23")
    with pytest.raises(BadBackup):
        back_up_night(co.service, date(2026, 11, 24))
    assert [path.name for path in (co.book / "backups").iterdir()] == [good.name]


# -- the drill


def test_a_drill_restores_beside_the_running_book_and_compares(co: Company) -> None:
    back_up(co.service, "2026-11-22")
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    head = "SELECT MAX(seq) AS seq, hash FROM journal"
    before = co.ask(head), sorted(path.name for path in co.book.rglob("*.db"))
    said = call(co.config, "drill", "--json")
    assert said.code == 0
    assert Path(said.json["backup"]).name == "ledger_2026-11-22.db"
    assert said.json["later"] > 0
    assert said.json["missing"] == 0
    assert (co.ask(head), sorted(path.name for path in co.book.rglob("*.db"))) == before
    assert "可以恢复" in call(co.config, "drill").out


def test_a_drill_names_originals_that_are_not_there(co: Company) -> None:
    backup = back_up(co.service, "2026-11-22")
    kept_as = co.ask("SELECT archived_as FROM files WHERE person = '张三' AND kind = 'workbook'")[0]["archived_as"]
    (co.book / kept_as).unlink()
    said = call(co.config, "drill", backup)
    assert said.code == 1
    assert "1 个原件不在归档里" in said.err


def test_a_backup_of_another_book_is_told(co: Company, tmp_path_factory: pytest.TempPathFactory) -> None:
    with a_company(tmp_path_factory.mktemp("other")) as other:
        other.hand_in("王五", 销售日报=[report("2026-11-20")])
        other.run("11-20 18:00")
        foreign = back_up(other.service, "2026-11-22")
    said = call(co.config, "drill", foreign)
    assert said.code == 1
    assert "不是这本账本的备份" in said.err


def test_without_a_backup_there_is_nothing_to_rehearse(co: Company) -> None:
    assert call(co.config, "drill").code == 2


# -- disk


def test_status_tells_sizes_and_after_some_nights_growth_and_days_left(co: Company) -> None:
    told = call(co.config, "status", "--now", "2026-11-23T10:00:00", "--json").json
    assert told["storage"]["archive"] > 0
    assert told["storage"]["days_left"] is None
    for day in (23, 24):
        co.hand_in("张三", 销售日报=[report(f"2026-11-{day}")])
        co.run(f"11-{day} 18:00")
        co.nightly(f"2026-11-{day}", f"11-{day + 1} 00:30")
    told = call(co.config, "status", "--now", "2026-11-25T10:00:00", "--json").json
    assert told["storage"]["growth_days"] == 1
    assert told["storage"]["growth_daily"] > 0
    assert told["storage"]["days_left"] > 0
    assert told["storage"]["backups"] > 0
    assert "近 1 天每天增加" in told["storage_words"]


def test_what_lies_in_the_archive_is_counted_again_only_where_something_came_or_left(tmp_path: Path) -> None:
    def put(name: str, size: int) -> None:
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
        for folder in path.parents[: len(Path(name).parents)]:
            os.utime(folder, (0, 0))  # long ago

    def counted() -> tuple[int, list[str]]:
        with listened("os.scandir") as looked:
            sizes = FolderSizes(tmp_path / "sizes.json")
            found = sizes.below(tmp_path / "archive")
            sizes.keep()
        return found, sorted(Path(each).name for each in looked)

    put("2026/11/22/a", 5)
    put("2026/11/23/b", 7)
    assert counted() == (12, ["11", "2026", "22", "23", "archive"])
    assert counted() == (12, [])
    (tmp_path / "archive/2026/11/22/a").unlink()
    assert counted() == (7, ["22"])
    (tmp_path / "archive/2026/11/24").mkdir()
    (tmp_path / "archive/2026/11/24/c").write_bytes(bytes(2))
    assert counted() == (9, ["11", "22", "24"])  # what has just changed may still do so
    (tmp_path / "sizes.json").write_text("{half")
    assert counted()[0] == 9


@contextmanager
def listened(event: str) -> Iterator[list[str]]:
    """The paths that the interpreter tells of with *event*."""
    heard: list[str] = []
    on = True

    def hear(name: str, arguments: tuple[object, ...]) -> None:
        if on and name == event:
            heard.append(str(arguments[0]))

    sys.addaudithook(hear)
    try:
        yield heard
    finally:
        on = False


def test_a_disk_that_will_soon_be_full_needs_the_operator(co: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, free in (("2026-11-20", 9_000_000_000), ("2026-11-22", 8_000_000_000)):
        monkeypatch.setattr(storage, "_originals", lambda *_about, free=free: 10_000_000_000 - free)
        monkeypatch.setattr(storage, "_free", lambda _service, free=free: free)
        storage.measure(co.service, date.fromisoformat(day))
    said = call(co.config, "status", "--now", "2026-11-23T10:00:00")
    assert said.code == 1
    assert "只够 15 天" in said.err
