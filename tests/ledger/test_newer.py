"""A book that a later version has changed is refused with a sentence, and left as it was; in a year others supply data."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.migrations import run_script
from service.upkeep.backups import back_up
from tests.company import Company, a_company, customer, reopened, report, shot
from tests.flows.test_commands import call


def _from_the_future(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as db, db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(_sqlite_migrations)")]
        (last,) = db.execute("SELECT rowid FROM _sqlite_migrations ORDER BY rowid DESC LIMIT 1").fetchone()
        copied = ", ".join(
            "'9999_from_the_future'" if name == "name" else f'"{name}"' for name in columns if name != "id"
        )
        named = ", ".join(f'"{name}"' for name in columns if name != "id")
        db.execute(f"INSERT INTO _sqlite_migrations ({named}) SELECT {copied} FROM _sqlite_migrations WHERE rowid = ?", (last,))  # fmt: skip


@pytest.mark.parametrize("command", [("run",)])
def test_a_book_from_a_newer_version_is_refused_with_a_sentence_and_not_touched(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    with a_company(tmp_path) as co:
        backup = back_up(co.service, "2026-11-20")
    _from_the_future(co.book / "ledger.db")
    before = sha256((co.book / "ledger.db").read_bytes()).digest()
    with pytest.raises(sqlite3.DatabaseError, match="更新的程序") as told:
        reopened(tmp_path)
    assert "restore" in str(told.value)
    assert sha256((co.book / "ledger.db").read_bytes()).digest() == before
    assert call_explained(co, *command) == 1
    said = call(co.config, "restore", backup, "--now", "2026-11-20T12:00:00")  # the way out that it names
    assert said.code == 0
    assert call(co.config, "verify").code == 0


def call_explained(co: Company, *command: str) -> int:
    from service.answers.console import explained

    with pytest.raises(sqlite3.DatabaseError) as told:
        call(co.config, *command)
    return explained(told.value) or 0


def test_next_years_calendar_and_a_new_district_come_from_the_operator_without_a_new_version(tmp_path: Path) -> None:
    """docs/licences.md says how; 2027 stands in no calendar of this version."""
    lines = {
        "covered_years = ": "covered_years = [2027]",
        "extra_holidays = ": "extra_holidays = [2027-02-08]",
        "new = ": 'new = { "广东省/深圳市/新名区" = "广东省/深圳市/南山区" }',
    }
    for n, (config, missing) in enumerate((({}, set()), (lines, {"张三", "王五", "陈六"}))):
        home = tmp_path / str(n)
        home.mkdir()
        with a_company(home, config=config) as co:
            co.drop("王五", "门头.jpg", shot("2027-02-09 08:30", 5))
            co.hand_in("王五", 客户新增=[customer(客户地址="广东省/深圳市/新名区")], 销售日报=[report("2027-02-09")])
            co.run("2027-02-09 09:00")
            (told,) = co.told("王五", "客户新增")
            assert told.startswith("待审批" if config else "退回"), told
            co.nightly("2027-02-08", "2027-02-09 00:30")  # a holiday by the operator's list
            co.nightly("2027-02-10", "2027-02-11 00:30")
            closed = co.ask(
                "SELECT payload FROM journal WHERE kind = 'period.closed' AND subject = '日报合规_2027-02-10'"
            )
            assert ("缺交" in closed[0]["payload"]) is bool(missing)
            assert not co.ask(
                "SELECT seq FROM journal WHERE subject = '日报合规_2027-02-08' AND payload LIKE '%\"state\":\"缺交\"%'"
            )
            shutil.rmtree(co.book / "spool", ignore_errors=True)


@pytest.mark.parametrize("end", [";", ";\n", ";\n\n", "", "\n"])
def test_no_statement_of_a_migration_is_passed_over_for_want_of_a_semicolon(end: str) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        run_script(Database(connection), f"CREATE TABLE one (a TEXT);\nCREATE TABLE two (\n    a TEXT){end}")
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_schema ORDER BY name")] == [
            "one",
            "two",
        ]
        with pytest.raises((sqlite3.Error, sqlite3.Warning)):
            run_script(Database(connection), "CREATE TABLE three (a TEXT);XX")
