"""What somebody may ask to be forgotten goes, and the book is still proved, entry by entry."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.upkeep.backups import back_up
from tests.company import STAFF, Company, a_company, a_company_with_a_customer, person, report, shot, visit
from tests.flows.test_commands import Said, call

NOW = "2027-03-02T10:00:00"
PHONE = "0755-26001234"  #: of the customer's contact, as it was typed


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    """A customer with a contact, a visit with a picture, and its salesperson has left since."""
    with a_company_with_a_customer(tmp_path) as made:
        made.drop("张三", "现场.jpg", shot("11-23 10:00", 7))
        made.hand_in("张三", "拜访.xlsx", 拜访记录=[visit()])
        made.run("11-23 12:00")
        made.approve("李四", "拜访记录", "11-23 13:00")
        made.hand_in("赵总", "离职.xlsx", 人员变更=[{"姓名": "张三", "生效日期": "2027-01-31", "状态": "离职"}])
        made.run("2027-01-29 09:00")
        yield made


def erase(co: Company, *arguments: str) -> Said:
    return call(co.config, "erase", "--now", NOW, "--json", *arguments)


def everywhere(co: Company, text: str) -> list[str]:
    """The files below the book in whose bytes *text* stands."""
    found = [path for path in sorted(co.book.rglob("*")) if path.is_file() and text.encode() in path.read_bytes()]
    return [path.relative_to(co.book).as_posix() for path in found]


def proved(co: Company) -> None:
    for arguments in (("--all",), ()):
        said = call(co.config, "verify", *arguments, "--json")
        assert (said.code, said.json["differences"]) == (0, []), said.err


def test_without_confirmation_it_is_only_listed(co: Company) -> None:
    head = co.ask("SELECT MAX(seq) AS seq FROM journal")
    said = erase(co, "--text", PHONE)
    assert said.json["erased"] is False
    assert {each["kind"] for each in said.json["entries"]} >= {"row.received", "customer.gained"} or said.json[
        "entries"
    ]
    assert said.json["originals"]
    assert co.ask("SELECT MAX(seq) AS seq FROM journal") == head
    assert "--confirm" in call(co.config, "erase", "--text", PHONE, "--now", NOW).out


def test_a_phone_goes_from_ledger_archive_and_backups_and_the_chain_still_holds(co: Company) -> None:
    back_up(co.service, "2026-11-24")
    call(co.config, "verify")  # a proved copy lies beside the ledger
    hashes = co.ask("SELECT seq, hash FROM journal ORDER BY seq")
    assert everywhere(co, PHONE)
    done = erase(co, "--text", "0755 2600 1234", "--reason", "联系人 2027-03-01 书面要求", "--confirm")
    assert (done.code, done.json["erased"], done.json["copies"]) == (0, True, 1), done.err
    assert everywhere(co, PHONE) == []
    assert everywhere(co, "26001234") == []
    assert co.ask("SELECT phone, contact FROM customers") == [{"phone": "〔已删除〕", "contact": "李红"}]
    assert co.ask("SELECT seq, hash FROM journal ORDER BY seq")[: len(hashes)] == hashes  # not one hash has changed
    (tomb,) = co.ask("SELECT payload FROM journal WHERE kind = 'book.erased'")
    assert "书面要求" in tomb["payload"]
    proved(co)
    backup = done.json["backup"]
    assert call(co.config, "drill", backup).code == 0


def test_work_goes_on_after_erasing(co: Company) -> None:
    erase(co, "--text", PHONE, "--confirm")
    co.hand_in("王五", 销售日报=[report("2027-03-02")])
    assert call(co.config, "run", "--now", "2027-03-02T18:00:00", "--json").json["outcomes"] == {"待审批": 1}
    assert call(co.config, "nightly", "--date", "2027-03-02", "--now", "2027-03-03T00:30:00").code in (0, 1)
    proved(co)


@pytest.mark.parametrize("change", [
    "UPDATE entries SET payload = replace(payload, '〔已删除〕', '13900000000') WHERE seq = {seq}",
    "UPDATE entries SET actor = '别人' WHERE seq = {seq}",
    "UPDATE entries SET at = '2020-01-01T00:00:00+08:00' WHERE seq = {seq}",
    "UPDATE entries SET hash = 'xx' || substr(hash, 3) WHERE seq = {seq}",
    "UPDATE entries SET payload = replace(payload, '{seq}', '1') WHERE kind = 'book.erased'",
    "UPDATE entries SET payload = replace(payload, '李红', '〔已删除〕') WHERE seq = {other}",
])  # fmt: skip
def test_an_erased_entry_may_say_nothing_but_what_the_tombstone_says(co: Company, change: str) -> None:
    before = {row["seq"] for row in co.ask("SELECT seq FROM journal WHERE payload LIKE '%李红%'")}
    erase(co, "--text", PHONE, "--confirm")
    rows = co.ask("SELECT seq FROM journal WHERE payload LIKE '%〔已删除〕%' ORDER BY seq")
    erased = {row["seq"] for row in rows}
    other = max(before - erased)
    with closing(sqlite3.connect(co.book / "ledger.db")) as db, db:
        db.execute("DROP TRIGGER entries_never_change")
        changed = db.execute(change.format(seq=rows[0]["seq"], other=other)).rowcount
    assert changed == 1
    said = call(co.config, "verify", "--json")
    assert said.code == 1
    assert any("was changed" in each for each in said.json["differences"])


def test_pictures_of_somebody_who_left_go_and_verify_knows(co: Company) -> None:
    kept = [row["archived_as"] for row in co.ask("SELECT archived_as FROM photos WHERE person = '张三'")]
    assert len(kept) == 2
    assert all((co.book / path).exists() for path in kept)
    done = erase(co, "--photos", "张三", "--reason", "离职满一个月", "--confirm")
    assert (done.code, sorted(done.json["originals"])) == (0, sorted(kept)), done.err
    assert not any((co.book / path).exists() for path in kept)
    assert co.ask("SELECT COUNT(*) AS n FROM points") == co.ask("SELECT COUNT(*) AS n FROM point_words") == [{"n": 0}]
    proved(co)
    assert co.ask("SELECT COUNT(*) AS n FROM visits WHERE status = 'accepted'") == [{"n": 1}]
    receipt_no = co.ask("SELECT receipt_no FROM visits")[0]["receipt_no"]
    assert "2027-03-02 按要求删除" in call(co.config, "explain", receipt_no).out
    co.drop("王五", "借来的.jpg", shot("11-23 10:00", 7))  # the same picture again is still known
    co.hand_in("王五", "再用.xlsx", 拜访记录=[visit("借来的.jpg")])
    co.run("2027-03-02 11:00")
    assert any("用过" in words or "使用" in words for words in co.told("王五", "拜访记录"))


def test_a_kill_between_commit_and_removing_is_finished_by_the_night(
    co: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_service: object) -> None:
        raise SystemExit("killed")

    kept = [co.book / row["archived_as"] for row in co.ask("SELECT archived_as FROM photos WHERE person = '张三'")]
    with monkeypatch.context() as patched:
        patched.setattr("service.upkeep.erasing.remove_erased", killed)
        erase(co, "--photos", "张三", "--confirm")
    assert all(path.exists() for path in kept)
    co.nightly("2027-03-02", "2027-03-03 00:30")
    assert not any(path.exists() for path in kept)
    proved(co)


def test_an_older_backup_restored_knows_which_pictures_were_erased_and_asks_for_words_again(co: Company) -> None:
    old = back_up(co.service, "20261124-120000")
    away = co.folder / "elsewhere.db"
    away.write_bytes(old.read_bytes())
    erase(co, "--photos", "张三", "--confirm")
    erase(co, "--text", PHONE, "--confirm")
    said = call(co.config, "restore", away, "--now", NOW)
    assert said.code == 1
    assert "请再运行 erase --text" in said.err
    assert "个原件不在归档里" not in said.err
    assert co.ask("SELECT COUNT(*) AS n FROM points") == [{"n": 0}]  # small copies of pictures lie there
    assert erase(co, "--text", PHONE, "--confirm").code == 0
    proved(co)
    assert everywhere(co, PHONE) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--photos", "王五"), "还在职"),
        (("--photos", "没有的人"), "名册中没有"),
        (("--text", "张三"), "不能删除"),
        (("--text", "宏远电子"), "不能删除"),
        (("--text", "7"), "太短"),
    ],
)
def test_what_cannot_be_erased_is_told_with_what_can(co: Company, arguments: tuple[str, str], words: str) -> None:
    said = erase(co, *arguments, "--confirm")
    assert said.code == 1
    assert words in said.err
    proved(co)


def test_what_is_still_under_way_is_not_erased(co: Company) -> None:
    told = f"华新的李红换了电话 {PHONE}，约好下周一谈二期设备的数量和交期。"
    co.hand_in("王五", 销售日报=[report("2027-03-01", 今日工作总结=told)])
    co.run("2027-03-01 18:00")
    said = erase(co, "--text", PHONE, "--confirm")
    assert said.code == 1
    assert "还没有办完" in said.err


def test_a_colleagues_phone_is_found_however_it_was_typed(tmp_path: Path) -> None:
    with a_company(tmp_path, [*STAFF[1:], person("张三", "138 0013-8000", "销售一部", "销售人员")]) as made:
        done = erase(made, "--text", "13800138000", "--confirm")
        assert done.json["erased"] is True, done.err
        assert made.ask("SELECT phone FROM people WHERE name = '张三'") == [{"phone": "〔已删除〕"}]
        proved(made)
