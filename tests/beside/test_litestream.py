"""The real Litestream beside a real ledger: killed in the middle, restored on another path, proved."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger import connection
from ledger.book import Book
from ledger.connection import LedgerError
from tests.beside.programs import program
from tests.company import Company, a_company_with_a_customer, report, shot, visit, write_config
from tests.flows.test_commands import call

RECIPE = Path(__file__).parents[2] / "deploy" / "litestream.yml"
PATIENCE = 60  #: seconds; no measure of speed


@pytest.fixture
def safe_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLite is older, the ledger is written as with one whose WAL is safe; a safe one is taken as it is."""
    if sqlite3.sqlite_version_info < connection._WAL_SAFE:
        monkeypatch.setattr(connection, "_WAL_SAFE", (3, 7))


def recipe(co: Company) -> Path:
    """Our own recipe, with this company's paths."""
    text = RECIPE.read_text("utf-8").replace("/srv/kebu/book", co.book.as_posix())
    path = co.folder / "litestream.yml"
    path.write_text(text.replace("/mnt/backup/kebu-ledger", (co.folder / "replica").as_posix()), "utf-8")
    return path


@contextmanager
def replicating(co: Company) -> Iterator[subprocess.Popen[bytes]]:
    with (co.folder / "litestream.log").open("wb") as log:
        command = [str(program("litestream")), "replicate", "-config", str(recipe(co))]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def restored(co: Company, target: Path) -> int:
    """Restore what the replica has; gives the number of the newest entry, 0 if there is nothing yet."""
    target.unlink(missing_ok=True)
    command = [program("litestream"), "restore", "-config", recipe(co), "-o", target, co.book / "ledger.db"]
    if subprocess.run(list(map(str, command)), capture_output=True, check=False).returncode:
        return 0
    with closing(sqlite3.connect(target)) as db:
        return int(db.execute("SELECT MAX(seq) FROM entries").fetchone()[0])


def until_replicated(co: Company, target: Path) -> None:
    newest = co.service.book.length()
    until = time.monotonic() + PATIENCE
    while restored(co, target) < newest:
        assert time.monotonic() < until, (co.folder / "litestream.log").read_text()
        time.sleep(0.2)


@pytest.mark.usefixtures("safe_sqlite")
def test_a_replica_is_restored_on_another_path_and_proved(tmp_path: Path) -> None:
    target = tmp_path / "from_replica.db"
    with a_company_with_a_customer(tmp_path / "home") as co:
        with replicating(co) as process:
            co.hand_in("张三", 销售日报=[report("2026-11-23")])
            co.run("11-23 17:00")
            until_replicated(co, target)
            co.drop("张三", "现场.jpg", shot("11-23 10:00", 7))
            co.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()])
            co.run("11-23 18:00")
            until_replicated(co, target)
            co.hand_in("王五", 销售日报=[report("2026-11-23")])
            co.run("11-23 18:30")
            process.kill()  # whatever was not replicated yet is taken again from the archive
        journal = co.ask("SELECT seq, hash FROM journal ORDER BY seq")
        elsewhere = tmp_path / "elsewhere"
        for part in ("archive", "quarantine", "keys", "arrivals.log"):
            if (co.book / part).is_dir():
                shutil.copytree(co.book / part, elsewhere / "book" / part)
            elif (co.book / part).exists():
                shutil.copyfile(co.book / part, elsewhere / "book" / part)
        shutil.copytree(co.share, elsewhere / "share")
    config = write_config(elsewhere, {})
    entries = restored_length(target)
    assert entries > 0
    said = call(config, "restore", target, "--now", "2026-11-23T19:00:00")
    assert (said.code, said.err) == (0, "")
    assert call(config, "verify", "--json").json["differences"] == []
    with closing(sqlite3.connect(elsewhere / "book" / "ledger.db")) as db:
        same = [{"seq": seq, "hash": hash_} for seq, hash_ in db.execute("SELECT seq, hash FROM journal ORDER BY seq")]
        reports = db.execute("SELECT COUNT(*) FROM daily_reports").fetchone()[0]
    assert same[:entries] == journal[:entries]
    assert reports == 2


def restored_length(ledger: Path) -> int:
    with closing(sqlite3.connect(ledger)) as db:
        return int(db.execute("SELECT COUNT(*) FROM entries").fetchone()[0])


def test_with_an_sqlite_whose_wal_is_not_safe_it_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_WAL_SAFE", (99, 0, 0))
    with a_company_with_a_customer(tmp_path) as co, replicating(co):
        until = time.monotonic() + PATIENCE
        while not (co.book / ".ledger.db-litestream").is_dir() or _mode(co.book / "ledger.db") != _WAL:
            assert time.monotonic() < until, (co.folder / "litestream.log").read_text()
            time.sleep(0.1)
        with pytest.raises(LedgerError, match="Litestream"):
            Book(co.book / "ledger.db")


_WAL = 2


def _mode(ledger: Path) -> int:
    """How the file says that it is written."""
    with ledger.open("rb") as stream:
        return stream.read(19)[18]
