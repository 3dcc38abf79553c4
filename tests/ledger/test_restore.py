"""``backup`` and ``restore``: a copy beside running work, and the way back to it."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

import sync
from ledger import book_files
from ledger.book import Book
from ledger.replay import first_difference
from policy.settings import load_settings
from service.company import clock
from service.upkeep.backups import back_up
from service.upkeep.health import beat
from service.upkeep.keeping import differences
from service.upkeep.restoring import restore
from tests.company import Company, a_company_with_a_customer, moment, report

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        yield made


def call(co: Company, *arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(sync.app, ["--config", str(co.config), *map(str, arguments)])
    return done.exit_code, done.output


def reports(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT COUNT(*) FROM daily_reports").fetchone()[0])


def test_the_book_of_the_backup_is_back_and_the_present_one_lies_beside_it(co: Company) -> None:
    backup = back_up(co.service, "早上")
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.service.book.close()
    code, said = call(co, "restore", backup, "--now", "2026-11-23T19:00:00")
    assert code == 0, said
    kept = co.book / "ledger_before_restore_20261123-190000.db"
    assert str(kept) in said
    # What came after the backup is taken again from the archive: nothing that was acknowledged is forgotten.
    assert (reports(co.book / "ledger.db"), reports(kept), reports(backup)) == (1, 1, 0)
    assert sorted(path.name for path in co.book.glob("ledger*")) == ["ledger.db", kept.name]


def test_work_goes_on_from_the_restored_book(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    sheet = co.approval("李四", "销售日报")
    backup = back_up(co.service, "晚上")
    co.service.book.close()
    assert call(co, "restore", backup, "--now", "2026-11-23T19:00:00")[0] == 0
    co.decide("李四", sheet)  # signed before: the key that signs is part of the book
    assert call(co, "run", "--now", "2026-11-23T20:00:00")[0] == 0
    assert co.ask("SELECT status FROM daily_reports") == [{"status": "accepted"}]
    assert call(co, "verify")[0] == 0


def test_a_lost_book_is_restored(co: Company) -> None:
    backup = back_up(co.service, "早上")
    co.service.book.close()
    book_files.discard(co.book / "ledger.db")
    assert call(co, "restore", backup)[0] == 0
    assert len(co.ask("SELECT 1 FROM customers")) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("DROP TRIGGER entries_never_change", "UPDATE entries SET actor = '别人' WHERE seq = 5"), "journal entry 5"),
        (("UPDATE s_customers SET owner = '王五'",), "s_customers: state differs from the journal"),
    ],
)
def test_a_backup_that_does_not_hold_changes_nothing(co: Company, change: tuple[str, ...], words: str) -> None:
    backup = back_up(co.service, "早上")
    with closing(sqlite3.connect(backup)) as db, db:
        for statement in change:
            db.execute(statement)
    co.service.book.close()
    before = (co.book / "ledger.db").read_bytes()
    code, said = call(co, "restore", backup)
    assert code == 1
    assert words in said
    assert (co.book / "ledger.db").read_bytes() == before
    assert [path.name for path in co.book.glob("ledger*")] == ["ledger.db"]


@pytest.mark.parametrize("content", [b"", b"hello", None], ids=["empty", "text", "another database"])
def test_what_is_not_a_ledger_changes_nothing(co: Company, tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / "other.db"
    if content is None:
        with closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE t (x)")
    else:
        other.write_bytes(content)
    co.service.book.close()
    done = command(co, "restore", str(other))
    assert done.returncode == 1
    assert "需要处理" in done.stderr
    assert len(co.ask("SELECT 1 FROM customers")) == 1
    assert [path.name for path in co.book.glob("ledger*")] == ["ledger.db"]


def command(co: Company, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A real process: what ``main`` says about exceptions is the point."""
    call = [sys.executable, str(REPOSITORY / "sync.py"), "--config", str(co.config), *arguments]
    return subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)


def test_nothing_is_restored_while_another_process_writes_or_watches(co: Company) -> None:
    backup = back_up(co.service, "早上")
    with FileLock(co.book / "kebu.lock"):
        done = command(co, "restore", str(backup))
    assert done.returncode == 1
    assert "另一个 Kebu 进程正在写账本" in done.stderr
    beat(co.service.settings, clock(co.service, moment("11-23 10:00")), "正常", [])
    code, said = call(co, "restore", backup)
    assert code == 1
    assert "监视正在运行" in said
    assert not list(co.book.glob("ledger_before_restore*"))


def test_a_file_that_is_not_there_is_a_mistake_of_the_call(co: Company) -> None:
    assert call(co, "restore", co.book / "没有.db")[0] == 2


_LEAVE_A_HOT_JOURNAL = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = DELETE")
db.execute("PRAGMA cache_size = 5")
db.execute("BEGIN IMMEDIATE")
db.execute("CREATE TABLE half AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT i, hex(randomblob(50)) AS x FROM n")
os._exit(9)
"""


def test_what_a_crash_left_beside_a_lost_book_does_not_come_into_the_restored_one(co: Company) -> None:
    backup = back_up(co.service, "早上")
    co.service.book.close()
    ledger = co.book / "ledger.db"
    subprocess.run([sys.executable, "-c", _LEAVE_A_HOT_JOURNAL, ledger], check=False)
    assert Path(f"{ledger}-journal").stat().st_size > 0
    ledger.unlink()
    assert call(co, "restore", backup, "--now", "2026-11-23T19:00:00")[0] == 0
    assert not Path(f"{ledger}-journal").exists()
    assert call(co, "verify", "--all")[0] == 0


def test_the_present_book_is_there_until_the_restored_one_takes_its_place(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = back_up(co.service, "早上")
    co.hand_in("张三", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:00")
    co.service.book.close()
    ledger = co.book / "ledger.db"
    was = ledger.read_bytes()

    def lost(_source: Path, _target: Path) -> None:
        raise OSError(errno.EIO, "the plug")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lost)
        with pytest.raises(OSError, match="the plug"):
            restore(load_settings(co.config), backup, moment("11-23 19:00").astimezone())
    assert ledger.read_bytes() == was
    assert call(co, "verify", "--all", "--now", "2026-11-23T19:30:00")[0] == 0
    assert call(co, "restore", backup, "--now", "2026-11-23T20:00:00")[0] == 0


def test_a_backup_beside_running_work_is_whole(co: Company) -> None:
    """Copies are made again and again while rounds are posted; each holds by itself."""
    stop, copies = threading.Event(), list[Path]()

    def copying() -> None:
        with closing(Book(co.book / "ledger.db")) as beside:
            while not stop.is_set() or not copies:
                target = co.book / f"copy{len(copies)}.db"  # beside its keys
                beside.copy_to(target)
                copies.append(target)

    thread = threading.Thread(target=copying)
    thread.start()
    for day in ("2026-11-23", "2026-11-24", "2026-11-25"):
        for name in ("张三", "王五", "陈六"):
            co.hand_in(name, 销售日报=[report(day, 今日工作总结=f"{name}{day}拜访了三家客户，谈定一份合同。")])
        co.run(f"{day} 18:00")
    stop.set()
    thread.join()
    for copy in {copies[0], copies[len(copies) // 2], copies[-1]}:
        with closing(Book(copy)) as book:
            assert book.first_break() is None
            assert first_difference(book) is None
    assert list(differences(co.service)) == []
