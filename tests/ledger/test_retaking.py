"""Restored from a backup: what came after it is taken again from the archive, as of its first arrival, or named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.ledger.test_kill import MORNING
from tests.processes import Company, decide, found, outcomes, photo, report, workbook

NOON, LATER, EVENING, NEXT = "2026-11-23T12:00:00", "2026-11-23T14:00:00", "2026-11-23T19:00:00", "2026-11-24T09:00:00"
WANG = "拜访了三家客户，谈定一份合同。"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A backup at noon; afterwards a report, its approval, a picture, and a file that is refused."""
    company = found(tmp_path_factory.mktemp("retaking") / "company")
    workbook(company.drop("张三") / "早.xlsx", {"销售日报": [report("2026-11-20")]})
    assert company.call("run", "--now", "2026-11-23T10:00:00").exit_code == 0
    assert company.call("backup", "--now", NOON).exit_code == 0
    workbook(company.drop("张三") / "今天.xlsx", {"销售日报": [report("2026-11-23")]})
    workbook(company.drop("王五") / "今天.xlsx", {"销售日报": [report("2026-11-23", WANG)]})
    (company.drop("王五") / "坏.xlsx").write_bytes(b"this is no workbook")
    photo(company.drop("王五") / "现场.jpg", 2, MORNING)
    assert company.call("run", "--now", LATER).exit_code == 0
    for sheet in company.pickup("李四", "审批"):
        decide(sheet, company.drop("李四"), {"*": "同意"})
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.ask("SELECT status FROM daily_reports") == [("accepted",)] * 3
    return company


@pytest.fixture
def company(played: Company, tmp_path: Path) -> Company:
    return played.copy(tmp_path / "company")


def restore(company: Company, now: str = NEXT) -> tuple[int, str]:
    (backup,) = (company.book / "backups").glob("ledger_*.db")
    done = company.call("restore", str(backup), "--now", now)
    return done.exit_code, done.output


def told(company: Company) -> list[tuple[object, ...]]:
    return company.ask(
        "SELECT receipt_no, person, date, arrived_at, punctuality, reviewed_at, review_punctuality, status FROM daily_reports ORDER BY receipt_no"
    )


def files(company: Company) -> list[tuple[object, ...]]:
    return company.ask(
        "SELECT person, name, arrived_at, outcome FROM files WHERE person <> '' ORDER BY arrived_at, person, name"
    )


def test_everything_that_was_acknowledged_is_back_approvals_included(company: Company) -> None:
    before = told(company), files(company)
    code, said = restore(company)
    assert code == 0, said
    assert (told(company), files(company)) == before
    assert "李四" in said
    assert company.call("verify").exit_code == 0, company.call("verify").output
    assert company.call("run", "--now", NEXT).exit_code == 0
    ((payload,),) = company.ask("SELECT payload FROM journal WHERE kind = 'book.restored'")
    assert json.loads(payload)["set_aside"].startswith("ledger_before_restore_")


def test_the_book_that_was_in_use_is_not_needed_for_it(company: Company) -> None:
    """Lost with the disk that it lay on; the archive and its list are on another."""
    before = told(company), files(company)
    (company.book / "ledger.db").unlink()
    code, said = restore(company)
    assert code == 0, said
    assert (told(company), files(company)) == before


def test_an_archive_without_its_list_is_taken_again_by_what_the_old_book_knew(company: Company) -> None:
    before = told(company), files(company)
    (company.book / "arrivals.log").unlink()
    code, said = restore(company)
    assert code == 0, said
    assert (told(company), files(company)) == before


def test_what_nobody_can_be_given_is_named_and_stays_open(company: Company) -> None:
    (company.book / "arrivals.log").unlink()
    (company.book / "ledger.db").unlink()
    code, said = restore(company)
    assert code == 1
    for name in ("今天.xlsx", "坏.xlsx", "现场.jpg"):
        assert name in said
    assert company.call("verify").exit_code == 1


def test_a_backup_without_its_archive_says_so(company: Company) -> None:
    shutil.rmtree(company.book / "archive")
    (company.book / "arrivals.log").unlink()
    code, said = restore(company)
    assert code == 1
    assert "不在归档里" in said


def test_restoring_twice_gives_the_same(company: Company) -> None:
    before = told(company), files(company)
    assert restore(company)[0] == 0
    assert restore(company, "2026-11-24T10:00:00")[0] == 0
    assert (told(company), files(company)) == before
    assert company.call("verify").exit_code == 0


def test_an_older_book_that_was_put_back_by_hand_is_made_whole_by_restoring_it(company: Company) -> None:
    before = told(company), files(company)
    (backup,) = (company.book / "backups").glob("ledger_*.db")
    shutil.copyfile(backup, company.book / "ledger.db")
    assert company.start("run", "--now", NEXT).wait(timeout=120) == 1
    done = company.call("restore", str(company.book / "ledger.db"), "--now", NEXT)
    assert done.exit_code == 0, done.output
    assert (told(company), files(company)) == before
    assert company.call("run", "--now", NEXT).exit_code == 0


def test_people_get_their_answers_again(company: Company) -> None:
    assert restore(company)[0] == 0
    receipts = [path for path in (company.share / "王五" / "取件" / "回执").rglob("*.xlsx") if "今天" in path.name]
    assert receipts
    assert all(word in ("待审批", "重复") for path in receipts for word in outcomes(path))


def test_half_a_line_in_the_list_costs_only_itself(company: Company) -> None:
    path = company.book / "arrivals.log"
    text = path.read_text("utf-8")
    path.write_text(text + '{"person": "王', "utf-8")
    workbook(company.drop("王五") / "明天.xlsx", {"销售日报": [report("2026-11-24", WANG + "又去一家。")]})
    assert company.call("run", "--now", "2026-11-24T08:00:00").exit_code == 0
    before = files(company)
    assert restore(company)[0] == 0
    assert files(company) == before


# -- the plug is pulled in the middle


class Cut(Exception):
    """The power failed here."""


def cut(*_given: object, **_named: object) -> None:
    raise Cut


def restore_cut(company: Company, monkeypatch: pytest.MonkeyPatch, at: str, now: str = NEXT) -> None:
    """Begin a restoring, and get no further than *at*."""
    with monkeypatch.context() as patched:
        patched.setattr(at, cut)
        (backup,) = (company.book / "backups").glob("ledger_*.db")
        assert isinstance(company.call("restore", str(backup), "--now", now).exception, Cut)


def marks(company: Company) -> list[str]:
    return [json.loads(line)["event"] for line in (company.book / "anchor.log").read_text().splitlines()]


@pytest.mark.parametrize(
    "at",
    [
        "service.upkeep.restoring.mark_restored", "service.retaking.bring_back", "service.retaking.take_read",
        "service.retaking.issue_sheets", "service.retaking.look_after",
    ],
)  # fmt: skip
@pytest.mark.parametrize("then", ["verify", "run"])
def test_a_restoring_that_was_cut_short_is_seen_through_by_the_next_command(
    company: Company, monkeypatch: pytest.MonkeyPatch, at: str, then: str
) -> None:
    before = told(company), files(company)
    assert company.call("verify").exit_code == 0, (
        "what was proved of the book from before must not be asked of this one"
    )
    restore_cut(company, monkeypatch, at)
    done = company.call(then, "--now", NEXT)
    assert done.exit_code == 0, done.output
    assert ("上一次 restore 没有做完" in done.output) == (at not in LATE)
    assert company.call("run", "--now", NEXT).exit_code == 0
    assert (told(company), files(company)) == before
    assert len(company.ask("SELECT 1 FROM journal WHERE kind = 'book.retaken'")) == 1
    done = company.call("verify")
    assert (done.exit_code, "没有做完" in done.output) == (0, False), done.output


LATE = ("service.retaking.issue_sheets", "service.retaking.look_after")  #: everything was taken again


def test_a_restoring_that_was_cut_short_may_be_done_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    before = told(company), files(company)
    restore_cut(company, monkeypatch, "service.retaking.take_read")
    (company.book / "arrivals.log").unlink()  # only the book from before the first one knows what came
    code, said = restore(company)
    assert code == 0, said
    assert (told(company), files(company)) == before
    assert company.call("verify").exit_code == 0
    assert sorted(path.name for path in company.book.glob("ledger*.db")) == [
        "ledger.db", "ledger_before_restore_20261124-090000-2.db", "ledger_before_restore_20261124-090000.db"
    ]  # fmt: skip
    assert not list(company.share.glob("*/取件/**/*_您填写的_*"))


def test_a_restoring_that_was_cut_short_before_its_book_took_the_place_was_none(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = company.ask("SELECT MAX(seq) FROM entries"), told(company)
    stolen = company.home / "stolen.db"
    candidate = company.book / "ledger_restoring.db"

    def stolen_then_cut(source: Path, _present: Path) -> None:
        shutil.copyfile(source, stolen)
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("ledger.book_files.put_in_place", stolen_then_cut)
        (backup,) = (company.book / "backups").glob("ledger_*.db")
        assert isinstance(company.call("restore", str(backup), "--now", NEXT).exception, Cut)
    shutil.copyfile(stolen, candidate)  # where the power fails nobody clears up
    assert company.call("verify").exit_code == 0
    assert (company.ask("SELECT MAX(seq) FROM entries"), told(company)) == was
    assert marks(company)[-1] == "restoring"
    assert company.call("run", "--now", NEXT).exit_code == 0
    assert "restoring undone" in marks(company)
    assert not candidate.exists()
    assert company.call("verify").exit_code == 0
    shutil.copyfile(stolen, company.book / "ledger.db")  # from now on only the one from before is right
    assert "换回了旧账本" in company.call("verify").output
    code, said = restore(company)
    assert code == 0, said
    assert company.call("verify").exit_code == 0


def test_a_restoring_that_was_begun_lets_no_third_book_pass(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an older book, nor one from another restoring, which would be seen through as well."""
    restore_cut(company, monkeypatch, "service.retaking.take_read")
    unfinished = company.home / "unfinished.db"
    shutil.copyfile(company.book / "ledger.db", unfinished)
    assert company.call("run", "--now", NEXT).exit_code == 0
    restore_cut(company, monkeypatch, "ledger.book_files.put_in_place", "2026-11-24T10:00:00")
    (backup,) = (company.book / "backups").glob("ledger_*.db")
    for older in (backup, unfinished):
        shutil.copyfile(older, company.book / "ledger.db")
        before = (company.book / "ledger.db").read_bytes()
        assert "换回了旧账本" in company.call("verify").output, older
        assert company.start("run", "--now", NEXT).wait(timeout=120) == 1
        assert (company.book / "ledger.db").read_bytes() == before, older
        assert marks(company)[-1] == "restoring"
    code, said = restore(company)
    assert code == 0, said
    assert company.call("verify").exit_code == 0


def test_a_restoring_is_announced_by_our_key_only(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = company.book / "anchor.log"
    good = anchor.read_text()
    restore_cut(company, monkeypatch, "ledger.book_files.put_in_place")
    announced = json.loads(anchor.read_text().splitlines()[-1])
    (backup,) = (company.book / "backups").glob("ledger_*.db")
    with closing(sqlite3.connect(backup)) as db:
        length, head = db.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    forged = {**announced, "to_length": length, "to_head": head}
    anchor.write_text(good + json.dumps(forged, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    shutil.copyfile(backup, company.book / "ledger.db")
    done = company.call("verify")
    assert "换回了旧账本" in done.output
    assert "不是本系统写的" in done.output


def test_what_was_delivered_after_the_backup_is_not_taken_for_its_owners_own(company: Company) -> None:
    """The restored book knows an earlier page; the one that lies there is ours all the same."""
    mine = company.share / "王五" / "取件" / "首页.html"
    mine.write_text("我自己写的")
    code, said = restore(company)
    assert code == 0, said
    aside = [path.relative_to(company.share).as_posix() for path in company.share.glob("*/取件/**/*_您填写的_*")]
    assert [name.rpartition("_")[0] for name in aside] == ["王五/取件/首页_您填写的_1124-0900".rpartition("_")[0]]
    assert (company.share / aside[0]).read_text() == "我自己写的"
