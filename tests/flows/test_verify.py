"""``verify`` finds what was changed behind the ledger's back; each thing is broken for real."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger import points_proved
from ledger.journal import Entry
from ledger.points import forget
from service.upkeep.backups import back_up
from service.upkeep.keeping import Proving, differences, prove
from service.upkeep.restoring import restore
from tests.company import Company, a_company_with_a_customer, reopened, report


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as made:
        made.hand_in("张三", 销售日报=[report("2026-11-23")])
        made.drop("张三", "坏的.xlsx", b"<html></html>")
        assert proved(made).differences == []  # from here on later proofs go on
        made.run("11-23 18:00")
        yield made


NOW = "11-23 18:30"


def found(co: Company) -> list[str]:
    """What is found from the beginning; whether something is found must not depend on where the proof begins."""
    whole = list(differences(co.service))
    since = proved(co)
    assert since.since is not None
    assert bool(since.differences) == bool(whole), (whole, since.differences)
    return whole


def proved(co: Company, *, again: bool = False) -> Proving:
    return prove(co.service, co.clock(NOW), again=again)


def tamper(co: Company, *statements: str) -> None:
    """Change the database as somebody with a database program would."""
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        for statement in statements:
            db.execute(statement)


def originals(co: Company, folder: str) -> list[Path]:
    return [path for path in sorted((co.book / folder).rglob("*")) if path.is_file()]


def test_the_database_itself_refuses_to_change_the_journal(co: Company) -> None:
    for statement in ("UPDATE entries SET actor = '王五'", "DELETE FROM entries WHERE seq = 3",
                      "INSERT INTO entries SELECT seq + 50, at, kind, subject, actor, payload, 'x' FROM entries LIMIT 1"):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError):
            tamper(co, statement)
    assert found(co) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET payload = replace(payload, '张三', '王五') WHERE seq = 5",
        "UPDATE entries SET at = '2026-11-19T09:00:00+08:00' WHERE seq = 5",
        "UPDATE entries SET actor = '别人' WHERE seq = 5",
    ],
)
def test_a_changed_entry_breaks_the_chain(co: Company, change: str) -> None:
    tamper(co, "DROP TRIGGER entries_never_change", change.replace("seq = 5", _of(co, "row.received")))
    (told,) = found(co)
    assert "was changed" in told


def _of(co: Company, kind: str) -> str:
    (entry,) = co.ask("SELECT MAX(seq) AS seq FROM journal WHERE kind = ? AND actor = '张三'", kind)
    return f"seq = {entry['seq']}"


def test_an_entry_taken_out_is_missed(co: Company) -> None:
    tamper(co, "DROP TRIGGER entries_never_go", "DELETE FROM entries WHERE seq = 4")
    assert found(co) == ["journal entry 4 is missing"]


def test_an_entry_cut_off_at_the_end_no_longer_explains_the_state(co: Company) -> None:
    tamper(co, "DROP TRIGGER entries_never_go", "DELETE FROM entries WHERE seq = (SELECT MAX(seq) FROM entries)")
    told = found(co)
    assert "被截短过" in told[0]
    assert any("differs from the journal" in each for each in told)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("s_rows", "UPDATE s_rows SET status = 'accepted' WHERE form = '销售日报'"),
        ("s_customers", "UPDATE s_customers SET owner = '王五'"),
        ("s_people", "DELETE FROM s_people WHERE name = '王五'"),
        ("s_terms", "UPDATE s_terms SET max_customers = 999 WHERE person = '张三'"),
        ("s_members", "INSERT INTO s_members VALUES (1, '陈六')"),
    ],
)
def test_a_changed_state_is_named_by_its_table(co: Company, table: str, change: str) -> None:
    tamper(co, change)
    assert any(each.startswith(f"{table}:") for each in found(co))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE FROM due", "应送达而没有列入待送达"),
        ("INSERT INTO due VALUES (9999, NULL)", "待送达的项目账上没有"),
        ("UPDATE told SET words = x'789c030000000001' WHERE rowid = 1", "待送达或可补发的内容被改动过"),
        ("DELETE FROM told", "内容不见了"),
        (
            "UPDATE lying SET path = path || 'x'",
            "取件里应有的文件与送达记录不符",
        ),
        ("DELETE FROM standing", "送达的审批单没有列入在审"),
        ("UPDATE standing SET number = 'x'", "在审的审批单与送达记录不符"),
        ("INSERT INTO removals VALUES ('张三', '合同.xlsx', 'x', 1, 1, 1)", "要清除的文件从未收取"),
        ("DELETE FROM _sqlite_migrations WHERE name = '0005_unfit_sheets'", "版本记录"),
        ("UPDATE _sqlite_migrations SET id = id + 100", "版本记录"),
        ("INSERT INTO renewed_mark VALUES (1, 9999, 'x')", "已报月份"),
    ],
)
def test_what_is_still_to_be_told_cannot_be_changed_unseen(co: Company, change: str, words: str) -> None:
    pickup = co.share / "王五" / "取件"
    pickup.rename(pickup.with_name("搬走了"))
    pickup.symlink_to(co.folder)  # what is told to 王五 waits
    co.hand_in("王五", 销售日报=[report("2026-11-23")])
    co.run("11-23 18:10")
    assert found(co) == []
    tamper(co, change)
    assert any(words in each for each in found(co)), list(differences(co.service))


def test_an_index_that_leads_elsewhere_is_named(co: Company) -> None:
    """Every row is there and is what the journal gives; who asks by the index is told something else all the same."""
    co.service.book.close()
    path = co.book / "ledger.db"
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 's_rows_recent'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    at = data.index("张三".encode(), (root - 1) * size, root * size)
    data[at : at + 6] = "王五".encode()
    path.write_bytes(data)
    with reopened(co.book.parent) as again:
        assert any("账本文件有损坏" in each for each in differences(again.service))


def test_a_changed_missing_or_added_original_is_named(co: Company) -> None:
    changed, gone, *_others = originals(co, "archive")
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes() + b" ")
    gone.chmod(0o644)
    gone.unlink()
    (changed.parent / "多出来的.xlsx").write_bytes(b"x")
    told = "\n".join(found(co))
    for words in (f"被改动过：{changed.relative_to(co.book).as_posix()}", f"不见了：{gone.relative_to(co.book).as_posix()}",
                  "多出来的.xlsx"):  # fmt: skip
        assert words in told


def test_a_changed_file_in_quarantine_is_named(co: Company) -> None:
    (kept,) = originals(co, "quarantine")
    kept.chmod(0o644)
    kept.unlink()
    assert any(kept.name in each for each in found(co))


def test_a_proof_goes_on_from_the_last_one_and_becomes_the_next(co: Company) -> None:
    first = proved(co)
    assert first.since is not None
    assert first.since.length < co.service.book.length()
    second = proved(co)
    assert second.since is not None
    assert second.since.length == co.service.book.length()
    assert proved(co, again=True).since is None


def test_only_originals_that_were_touched_are_read_again(co: Company) -> None:
    proved(co)
    path, *_others = originals(co, "archive")
    path.chmod(0o600)
    path.write_bytes(bytes(reversed(path.read_bytes())))  # as long as before
    os.utime(path, ns=(0, 0))
    (told,) = proved(co).differences
    assert "原件被改动过" in told


@pytest.mark.parametrize("part", ["point.json", "ledger.db"])
def test_a_point_that_was_touched_counts_for_nothing(co: Company, part: str) -> None:
    proved(co)
    path = co.book / "proved" / part
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    after = proved(co)
    assert (after.since, after.differences) == (None, [])


def test_a_point_of_a_book_that_is_no_longer_there_counts_for_nothing(co: Company) -> None:
    backup = back_up(co.service, "früher")
    co.hand_in(
        "张三", 销售日报=[report("2026-11-23", 今日工作总结="更正：上午走访了两家客户，下午整理报价并寄出样品。")]
    )
    co.run("11-23 18:10")
    assert proved(co).differences == []
    co.service.book.close()
    assert restore(co.service.settings, backup, co.clock(NOW)).trouble == ""
    with reopened(co.book.parent) as again:
        again.hand_in("张三", 销售日报=[report(f"2026-11-{day}") for day in range(16, 21)])
        again.run("11-23 18:20")
        found = proved(again)
        assert found.since is None
        assert all("as it was proved" not in each for each in found.differences)


def test_a_proof_that_found_something_is_no_point(co: Company) -> None:
    before = proved(co).since
    tamper(co, "UPDATE s_rows SET person = '王五' WHERE rowid = 1")
    assert proved(co).differences != []
    after = proved(co).since
    assert before is not None
    assert after is not None
    assert after.length == co.service.book.length()  # of the proof before, which found nothing


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM points",
        "UPDATE points SET codes = zeroblob(length(codes))",
        "UPDATE points SET thumb = 7",
        "UPDATE points SET kept_at = '2020-01-01T00:00:00+08:00'",
        "UPDATE points SET sha256 = substr(sha256, 2) || 'x'",
        "INSERT INTO points SELECT photo_id + 50, 'x', kept_at, width, height, places, codes, thumb FROM points",
        "DELETE FROM point_words WHERE word = (SELECT MAX(word) FROM point_words)",
        "INSERT INTO point_words SELECT MAX(word) + 1, photo_id FROM point_words",
    ],
)
def test_what_finds_a_picture_again_cannot_be_taken_away_or_changed(co: Company, change: str) -> None:
    assert found(co) == []
    tamper(co, change)
    assert all("找相似照片用的" in told for told in found(co))
    assert found(co) != []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("type = 'tablE' WHERE name = 's_employments'", "s_employments"),
        ("tbl_name = 's_terms' WHERE name = 'sqlite_autoindex_s_members_1'", "sqlite_autoindex_s_members_1"),
    ],
)
def test_a_table_cannot_be_hidden_from_whoever_lists_them(co: Company, change: str, name: str) -> None:
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        assert db.execute(f"UPDATE sqlite_master SET {change}").rowcount == 1
    assert f"账本里的这一项不是原样：{name}" in found(co)


def test_points_that_an_older_version_kept_without_their_hash_are_no_difference(co: Company) -> None:
    (kept,) = co.ask("SELECT payload FROM journal WHERE kind = 'photo.kept'")
    older = {**json.loads(kept["payload"]), "id": 0, "sha256": "0" * 64}
    del older["points"]
    with co.service.book.transaction():
        co.service.book.post([Entry("photo.kept", older["sha256"], "张三", older)], co.clock(NOW))
    tamper(
        co, f"INSERT INTO points SELECT 0, '{older['sha256']}', kept_at, width, height, places, x'', thumb FROM points"
    )
    assert list(points_proved.unfit(co.service.book)) == []


def test_points_that_are_forgotten_for_their_age_are_no_difference(co: Company) -> None:
    with co.service.book.transaction():
        co.service.book.post([Entry("points.forgotten", "points", "kebu", {"pictures": [1]})], co.clock(NOW))
    assert found(co) == ["找相似照片用的记录不是当时存下的：" + sha for sha in _points(co)]  # forgotten, and put back
    assert forget(co.service.book, co.clock("11-24 00:00"), co.clock(NOW)) == 1
    assert (found(co), _points(co)) == ([], [])


def _points(co: Company) -> list[str]:
    return [each["sha256"] for each in co.ask("SELECT sha256 FROM points")]
