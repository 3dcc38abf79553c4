"""Marks outside the ledger: a book that was cut, made anew or exchanged for an older one is noticed, by whoever looks."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.chain import link
from tests.processes import Company, decide, found, report, workbook

NOON, EVENING, NIGHT = "2026-11-23T12:00:00", "2026-11-23T19:00:00", "2026-11-24T00:30:00"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company after a round; ``older.db`` beside it is its ledger from before the round."""
    company = found(tmp_path_factory.mktemp("anchor") / "company")
    text = (company.home / "config.toml").read_text("utf-8")
    (company.home / "config.toml").write_text(text.replace('anchor = ""', 'anchor = "elsewhere/anchor.log"'), "utf-8")
    (company.home / "elsewhere").mkdir()
    shutil.copyfile(company.book / "ledger.db", company.home / "older.db")
    hand_in(company, "张三", "今天.xlsx")
    assert company.call("run", "--now", NOON).exit_code == 0
    return company


@pytest.fixture
def company(played: Company, tmp_path: Path) -> Company:
    return played.copy(tmp_path / "company")


def hand_in(company: Company, who: str, name: str, words: str = "拜访宏远电子，确认二期 40 台。") -> None:
    workbook(company.drop(who) / name, {"销售日报": [report("2026-11-23", words)]})


def verify(company: Company, *more: str) -> str:
    done = company.call("verify", *more)
    return "" if done.exit_code == 0 else done.output


def cut(ledger: Path, entries: int) -> None:
    """Take the newest entries out, and what they did to the state with them, as if they had never been."""
    with closing(sqlite3.connect(ledger)) as db, db:
        db.execute("DROP TRIGGER entries_never_go")
        db.execute(f"DELETE FROM entries WHERE seq > (SELECT MAX(seq) - {entries} FROM entries)")


def test_an_undisturbed_book_agrees_with_its_marks(company: Company) -> None:
    assert verify(company) == ""
    here, there = ((company.book / "anchor.log"), (company.home / "elsewhere" / "anchor.log"))
    one, other = (json.loads(path.read_text().splitlines()[-1]) for path in (here, there))
    assert (one["length"], one["head"]) == (other["length"], other["head"])


def test_a_cut_journal_is_noticed(company: Company) -> None:
    cut(company.book / "ledger.db", 3)
    assert "被截短过，或换回了旧账本" in verify(company)


def test_an_older_book_put_back_is_noticed_and_nothing_is_written_to_it(company: Company) -> None:
    hand_in(company, "王五", "我的.xlsx", "拜访了三家客户，谈定一份合同。")
    shutil.copyfile(company.home / "older.db", company.book / "ledger.db")
    before = (company.book / "ledger.db").read_bytes()
    done = company.start("run", "--now", EVENING)
    assert done.wait(timeout=120) == 1
    assert "换回了旧账本" in company.logs()
    assert "restore" in company.logs(), "no way out is named"
    assert (company.book / "ledger.db").read_bytes() == before
    assert [path.name for path in company.waiting()] == ["我的.xlsx"]
    assert "换回了旧账本" in verify(company)


def test_an_older_book_is_noticed_by_the_anchor_elsewhere_alone(company: Company) -> None:
    """Whoever puts an older ledger back puts its older marks back as well."""
    shutil.copyfile(company.home / "older.db", company.book / "ledger.db")
    lines = (company.book / "anchor.log").read_text().splitlines(keepends=True)
    (company.book / "anchor.log").write_text("".join(lines[:-1]))
    assert "换回了旧账本" in verify(company)
    (company.home / "elsewhere" / "anchor.log").unlink()
    assert "换回了旧账本" not in verify(company), "the test proves nothing"


def test_a_journal_made_anew_with_the_key_is_noticed_by_its_marks(company: Company) -> None:
    """The administrator has the key; the marks on another machine they have not."""
    secret = bytes.fromhex(json.loads((company.book / "keys" / "chain.json").read_text())[0]["secret"])
    with closing(sqlite3.connect(company.book / "ledger.db")) as db, db:
        db.execute("DROP TRIGGER entries_never_change")
        db.execute("UPDATE entries SET at = replace(at, 'T12:00', 'T11:00')")
        previous = "0" * 64
        for row in db.execute("SELECT seq, at, kind, subject, actor, payload FROM entries ORDER BY seq").fetchall():
            previous = link(secret, previous, *row)
            db.execute("UPDATE entries SET hash = ? WHERE seq = ?", (previous, row[0]))
    assert "被改写过" in verify(company)


def test_a_mark_that_was_changed_or_invented_is_noticed(company: Company) -> None:
    path = company.book / "anchor.log"
    good = path.read_text()
    lines = good.splitlines()
    said = json.loads(lines[0])
    for forged in (json.dumps({**said, "length": 1}), "{}", "no mark"):
        path.write_text("\n".join([forged, *lines]) + "\n")
        assert "不是本系统写的" in verify(company), forged
    path.write_text(good + good[:50])
    assert verify(company) == "", "a power cut may leave the last line half written"
    hand_in(company, "王五", "我的.xlsx", "拜访了三家客户，谈定一份合同。")
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert path.read_text().count("\n") == len(lines) + 2
    assert verify(company) == "", "the mark after half a line vouches for it"
    path.write_text(path.read_text().replace(good[:50] + "\n", good[:49] + "\n"))
    assert "不是本系统写的" in verify(company)


@pytest.mark.parametrize(
    "how", ["one taken out", "one doubled", "two exchanged", "the first cut off", "the last cut off"]
)
def test_marks_taken_out_doubled_or_exchanged_are_noticed(company: Company, how: str) -> None:
    hand_in(company, "王五", "我的.xlsx", "拜访了三家客户，谈定一份合同。")
    assert company.call("run", "--now", EVENING).exit_code == 0
    path = company.book / "anchor.log"
    one, two, *rest = path.read_text().splitlines(keepends=True)
    made = {
        "one taken out": [one, *rest], "one doubled": [one, two, two, *rest], "two exchanged": [two, one, *rest],
        "the first cut off": [two, *rest], "the last cut off": [one, two, *rest][:-1],
    }  # fmt: skip
    path.write_text("".join(made[how]))
    assert (
        "校验记录被截短过" in verify(company)
        if how == "the last cut off"
        else "被删除、调换或改动过" in verify(company)
    )


def test_marks_that_vanished_are_told_and_begun_again(company: Company) -> None:
    (company.book / "anchor.log").unlink()
    assert "不见了" in verify(company)
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "不见了" in done.output


def test_an_anchor_out_of_reach_is_told_and_stops_nobody(company: Company) -> None:
    shutil.rmtree(company.home / "elsewhere")
    hand_in(company, "王五", "我的.xlsx", "拜访了三家客户，谈定一份合同。")
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "校验记录写不进去" in done.output
    assert company.waiting() == []


# -- views, triggers, what is noted beside the journal, the config


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        (("DROP VIEW payments", "CREATE VIEW payments AS SELECT 1 AS id"), "payments"),
        (("DROP TRIGGER entries_never_change",), "entries_never_change"),
        (("CREATE TRIGGER mine BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END",), "mine"),
        (("DROP INDEX s_rows_key",), "s_rows_key"),
        (
            (
                "INSERT INTO shipped (delivery_id, shipped_at, path) VALUES (99999, '2026-11-23', '张三/取件/回执/没有.xlsx')",
            ),
            "送达记录",
        ),
        (("INSERT INTO cleared VALUES ('销售日报_20261123-9')",), "审批单"),
        (("INSERT INTO secrets VALUES ('mine', 'x')",), "密钥"),
    ],
)
def test_what_was_changed_around_the_journal_is_named(company: Company, statements: tuple[str, ...], name: str) -> None:
    with closing(sqlite3.connect(company.book / "ledger.db")) as db, db:
        for statement in statements:
            db.execute(statement)
    assert name in verify(company)


def test_a_changed_view_or_trigger_is_mended_and_stays_on_record(company: Company) -> None:
    with closing(sqlite3.connect(company.book / "ledger.db")) as db, db:
        db.execute("DROP VIEW payments")
        db.execute("CREATE VIEW payments AS SELECT 1 AS id")
        db.execute("CREATE TRIGGER mine BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END")
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "payments" in done.output
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert verify(company) == ""
    ((payload,),) = company.ask("SELECT payload FROM journal WHERE kind = 'book.mended'")
    assert json.loads(payload)["what"] == ["mine", "payments"]


def test_a_number_that_decides_about_people_changes_with_an_entry(company: Company) -> None:
    config = company.home / "config.toml"
    config.write_text(config.read_text("utf-8").replace("deduction_yuan = 20", "deduction_yuan = 50", 1), "utf-8")
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.call("run", "--now", EVENING).exit_code == 0
    entries = company.ask("SELECT payload FROM journal WHERE kind = 'config.changed' ORDER BY seq")
    assert len(entries) == 2, "the first says what held at the beginning"
    assert json.loads(entries[0][0])["changes"]["daily_report.deduction_yuan"] == [None, "20"]
    assert json.loads(entries[1][0])["changes"] == {"daily_report.deduction_yuan": ["20", "50"]}
    assert verify(company) == ""


# -- rotation, and what is printed


def test_keys_are_changed_without_breaking_what_is_open(company: Company) -> None:
    assert company.call("run", "--now", EVENING).exit_code == 0
    (sheet,) = company.pickup("李四", "审批")
    assert company.call("rotate", "--now", EVENING).exit_code == 0
    decide(sheet, company.drop("李四"), {"*": "同意"})
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.ask("SELECT status FROM daily_reports") == [("accepted",)]
    assert verify(company) == ""
    assert company.call("rotate", "--now", NIGHT).exit_code == 0
    assert len(json.loads((company.book / "keys" / "signing.json").read_text())) == 1, "nothing open needs older keys"
    assert verify(company) == ""
    assert len(company.ask("SELECT 1 FROM journal WHERE kind = 'chain.keyed'")) == 3


def test_a_change_of_keys_that_was_cut_short_is_brought_to_its_end_and_not_done_twice(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keyed() -> int:
        return len(company.ask("SELECT 1 FROM journal WHERE kind = 'chain.keyed'"))

    with monkeypatch.context() as patched:
        patched.setattr("service.upkeep.guarding.sheets.open_rows", lambda _book: 1 / 0)
        assert isinstance(company.call("rotate", "--now", EVENING).exception, ZeroDivisionError)
    assert (keyed(), verify(company)) == (2, "")
    assert company.call("rotate", "--now", EVENING).exit_code == 0
    assert (keyed(), verify(company)) == (2, "")
    assert company.call("rotate", "--now", NIGHT).exit_code == 0
    assert (keyed(), verify(company)) == (3, "")


def test_the_deduction_workbook_says_which_book_it_was_drawn_from(company: Company) -> None:
    assert company.call("nightly", "--now", NIGHT).exit_code in (0, 1)
    company.call("monthly", "--month", "2026-11", "--now", "2026-12-01T01:00:00")
    (path,) = (company.share / "孙人" / "取件" / "报表").rglob("日报扣款_2026-11.xlsx")
    book = load_workbook(path)
    length, head = (str(cell.value) for cell in book["账本"][2][:2])
    assert f"{length}:{head[:16]}" in str(getattr(book["汇总"].oddHeader, "left", ""))
    assert verify(company, "--printed", f"{length}:{head[:16]}") == ""
    assert "与这本账本不符" in verify(company, "--printed", f"{length}:{'0' * 16}")
    assert "与这本账本不符" in verify(company, "--printed", f"{length}:")


@pytest.mark.skipif(os.name == "nt", reason="rights are those of POSIX")
def test_marks_are_private(company: Company) -> None:
    assert (company.book / "anchor.log").stat().st_mode & 0o077 == 0
