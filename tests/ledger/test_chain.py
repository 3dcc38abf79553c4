"""The journal's chain needs a key that is not in the ledger; the keys, and who may read what lies in the book."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.chain import GENESIS, link
from ledger.journal import canonical
from service.upkeep.keeping import differences
from tests.company import Company, a_company_with_a_customer, report
from tests.ledger.test_frozen import AFTER, ask, call, home, original  # noqa: F401  (fixtures)


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.hand_in("张三", 销售日报=[report("2026-11-23")])
        made.run("11-23 18:00")
        yield made


def rewritten(ledger: Path, secret: bytes | None) -> None:
    """The whole journal forged: 张三's words changed everywhere, all hashes made anew as somebody without our key can."""
    with closing(sqlite3.connect(ledger)) as db, db:
        db.execute("DROP TRIGGER IF EXISTS entries_never_change")
        db.execute("UPDATE entries SET payload = replace(payload, '四十台', '四百台')")
        previous = GENESIS
        rows = db.execute("SELECT seq, at, kind, subject, actor, payload FROM entries ORDER BY seq").fetchall()
        for seq, at, kind, subject, actor, payload in rows:
            previous = link(secret, previous, seq, at, kind, subject, actor, payload)
            db.execute("UPDATE entries SET hash = ? WHERE seq = ?", (previous, seq))


def test_a_chain_made_anew_without_the_key_does_not_hold(co: Company) -> None:
    rewritten(co.book / "ledger.db", None)
    assert "hash does not fit the chain" in next(differences(co.service))


def test_a_chain_made_anew_with_a_key_of_ones_own_does_not_hold(co: Company) -> None:
    rewritten(co.book / "ledger.db", b"my own key")
    assert "hash does not fit the chain" in next(differences(co.service))


def test_a_chain_made_anew_as_if_it_had_never_been_keyed_does_not_hold(co: Company) -> None:
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute("DROP TRIGGER IF EXISTS entries_never_change")
        db.execute("UPDATE entries SET kind = 'person.noted' WHERE kind = 'chain.keyed'")
    rewritten(co.book / "ledger.db", None)
    assert "not keyed" in next(differences(co.service))


def test_without_its_key_a_book_can_be_neither_proved_nor_continued(co: Company) -> None:
    co.service.book.close()
    (co.book / "keys" / "chain.json").rename(co.folder / "chain.json")
    from tests.ledger.test_restore import command

    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    for arguments in (("verify",), ("run", "--now", "2026-11-23T19:00:00")):
        done = command(co, *arguments)
        assert done.returncode == 1, arguments
        assert "key" in done.stderr
    (co.folder / "chain.json").rename(co.book / "keys" / "chain.json")
    assert command(co, "run", "--now", "2026-11-23T19:00:00").returncode == 0
    assert command(co, "verify").returncode == 0


def test_an_old_book_is_sealed_by_the_first_thing_that_is_posted(home: Path) -> None:  # noqa: F811
    old = ask(home, "SELECT seq, hash FROM entries ORDER BY seq")
    assert call(home, AFTER, "run")["files"] == 0
    call(home, "2026-12-03T00:30:00", "nightly")
    (sealed,) = ask(home, "SELECT seq, payload FROM entries WHERE kind = 'chain.keyed'")
    assert sealed["seq"] == len(old) + 1
    assert json.loads(sealed["payload"]) | {"key": ""} == {"key": "", "head": old[-1]["hash"], "length": len(old)}
    assert ask(home, "SELECT seq, hash FROM entries ORDER BY seq")[: len(old)] == old
    assert call(home, AFTER, "verify")["differences"] == []


def test_what_an_old_version_wrote_can_no_longer_be_changed_once_it_is_sealed(home: Path) -> None:  # noqa: F811
    """Before the seal nobody needed a key: whoever changes an old entry now breaks what needs one."""
    call(home, "2026-12-03T00:30:00", "nightly")
    with closing(sqlite3.connect(home / "book" / "ledger.db")) as db, db:
        db.execute("DROP TRIGGER IF EXISTS entries_never_change")
        db.execute("UPDATE entries SET actor = '别人' WHERE seq = 7")
        previous = GENESIS
        rows = db.execute("SELECT seq, at, kind, subject, actor, payload FROM entries ORDER BY seq").fetchall()
        for row in rows:
            if row[2] == "chain.keyed":
                break
            previous = link(None, previous, *row)
            db.execute("UPDATE entries SET hash = ? WHERE seq = ?", (previous, row[0]))
    from typer.testing import CliRunner

    import sync

    done = CliRunner().invoke(sync.app, ["--config", str(home / "config.toml"), "verify"])
    assert done.exit_code == 1
    assert "chain.keyed" in done.output


def test_the_key_that_an_old_book_held_has_left_it_and_still_proves_its_open_sheets(home: Path) -> None:  # noqa: F811
    (secret,) = [row["value"] for row in ask(home, "SELECT value FROM secrets")]
    call(home, AFTER, "status")
    assert ask(home, "SELECT * FROM secrets") == []
    assert secret.encode() not in (home / "book" / "ledger.db").read_bytes()
    ring = json.loads((home / "book" / "keys" / "signing.json").read_text())
    assert next(key["secret"] for key in ring) == secret


def test_no_key_is_in_the_ledger_or_its_backups(co: Company) -> None:
    from service.upkeep.backups import back_up

    backup = back_up(co.service, "早上")
    for name in ("chain", "signing"):
        for key in json.loads((co.book / "keys" / f"{name}.json").read_text()):
            for file in (co.book / "ledger.db", backup):
                assert key["secret"].encode() not in file.read_bytes()
                assert hashlib.sha256(key["secret"].encode()).hexdigest().encode() not in file.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows inherits rights from the folder above")
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_nobody_else_may_read_the_book_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with a_company_with_a_customer(tmp_path) as co:
            co.drop("王五", "坏的.xlsx", b"<html></html>")
            co.hand_in("张三", 销售日报=[report("2026-11-23")])
            co.run("11-23 18:00")
            co.nightly("2026-11-23", "2026-11-24 00:30")
            assert stat.S_IMODE(co.book.stat().st_mode) == 0o700
            wide = [path for path in co.book.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
            assert [path.relative_to(co.book).as_posix() for path in wide if path.is_file()] == []
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows inherits rights from the folder above")
def test_a_book_that_others_could_read_is_shut_when_it_is_opened(home: Path) -> None:  # noqa: F811
    book = home / "book"
    book.chmod(0o755)
    (book / "ledger.db").chmod(0o644)
    call(home, AFTER, "status")
    assert stat.S_IMODE(book.stat().st_mode) == 0o700
    assert [path for path in book.rglob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077] == []


@pytest.mark.parametrize(
    "payload",
    [{}, [], None, True, 1.5, 10**20, 'x"\n\u2028\ud800', {"b": 1, "a": [1, None, {"z": "中", "": -0.0}], "é": (1, 2)}],
)
def test_what_hashes_are_made_of_is_plain_json(payload: Any) -> None:
    assert canonical(payload) == json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
