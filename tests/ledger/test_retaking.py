"""Restored from a backup: what came after it is taken again from the archive, as of its first arrival, or named."""

from __future__ import annotations

import json
import shutil
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
