"""Killed at any point and started again: the same ledger, the same files, nothing lost and nothing twice."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from intake.archive.write import sha256_of
from service import taking
from tests.processes import Company, customer, decide, doomed, found, kill, outcomes, photo, report, visit, workbook

NOON, EVENING = "2026-11-23T12:00:00", "2026-11-23T19:00:00"
MORNING = datetime(2026, 11, 23, 9, 30)
BATCH = 3
POINTS = 8  #: places in a run, spread evenly, at which it is killed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="SIGKILL and audited system calls are those of POSIX")


@dataclass(frozen=True)
class Told:
    """Everything that a company knows and has told."""

    journal: list[tuple[object, ...]]
    shipped: list[tuple[object, ...]]
    pickups: dict[str, str]
    archive: dict[str, str]


def told(company: Company) -> Told:
    """What must be the same however often the service was killed: even times and hashes, as the clock is given."""
    return Told(
        journal=company.ask("SELECT seq, at, kind, subject, actor, payload, hash FROM entries ORDER BY seq"),
        shipped=company.ask("SELECT delivery_id, path FROM shipped ORDER BY delivery_id"),
        pickups=company.pickups(),
        archive=archived(company),
    )


def archived(company: Company) -> dict[str, str]:
    folders = (company.book / "archive", company.book / "quarantine")
    paths = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(company.book).as_posix(): sha256_of(path) for path in paths if ".incoming" not in path.parts
    }


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few files in a transaction, so that a run has several: the same number before and after the kill."""
    monkeypatch.setattr(taking, "BATCH", BATCH)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """A company in whose drop folders everything lies that a run can meet: rows, pictures, decisions, rubbish."""
    company = found(tmp_path_factory.mktemp("kill") / "waiting")
    workbook(company.drop("王五") / "早.xlsx", {"销售日报": [report("2026-11-23")]})
    assert company.call("run", "--now", NOON).exit_code == 0
    (sheet,) = company.pickup("李四", "审批")
    decide(sheet, company.drop("李四"), {"*": "同意"})
    zhang, wang = company.drop("张三"), company.drop("王五")
    photo(zhang / "门头.jpg", 1, MORNING, "宏远电子")
    photo(zhang / "现场.jpg", 2, MORNING)
    words = "李经理确认二期需要 40 台，希望春节前交货；我方答应周五前给出报价。"
    rows = {
        "客户新增": [customer("深圳市宏远电子有限公司", "门头.jpg"), customer("深圳", "没有.jpg")],
        "拜访记录": [visit("深圳市宏远电子有限公司", "现场", words), visit("深圳市宏远电子有限公司", "还没到", words)],
        "销售日报": [report("2026-11-23")],
    }
    workbook(zhang / "今天.xlsx", rows)
    (wang / "坏.xlsx").write_bytes(b"this is no workbook")
    workbook(wang / "别的.xlsx", {"采购": [{"品名": "螺丝", "数量": 3}]})
    photo(wang / "没人要.jpg", 3, MORNING)
    return company


@pytest.fixture(scope="module")
def undisturbed(waiting: Company, tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, list[str]]:
    """The same company after a run that nobody killed, and the steps that the run took."""
    company = waiting.copy(tmp_path_factory.mktemp("undisturbed") / "company")
    code, steps = doomed(company, 0, "run", "--now", EVENING, batch=BATCH)
    assert code == 0, company.logs()
    assert company.waiting() == []
    assert len(company.ask("SELECT 1 FROM entries WHERE kind = 'decision.made'")) == 1
    return told(company), steps


def assert_nothing_half(company: Company, before: Company, after: Told) -> None:
    """Whatever people may see right after the kill is whole: a file from before, or one as it was to be."""
    known = {*before.pickups().values(), *after.pickups.values()}
    for name, content in company.pickups().items():
        assert Path(name).name.startswith(".") or content in known, name
    for name, content in archived(company).items():
        assert content[:16] in name, name


def assert_same_after_another_run(company: Company, after: Told) -> None:
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 0, done.output
    assert company.waiting() == []
    assert told(company) == after
    proof = company.call("verify")
    assert proof.exit_code == 0, proof.output
    assert company.ask("SELECT * FROM removals") == []
    assert not list((company.book / "spool").iterdir())


def die_and_recover(nth: int, waiting: Company, undisturbed: tuple[Told, list[str]], home: Path) -> None:
    after, steps = undisturbed
    company = waiting.copy(home)
    code, _ = doomed(company, nth, "run", "--now", EVENING, batch=BATCH)
    assert code == -9, (nth, steps[nth - 1], company.logs())
    assert_nothing_half(company, waiting, after)
    assert_same_after_another_run(company, after)


@pytest.mark.parametrize("point", range(POINTS))
def test_a_run_killed_anywhere_is_finished_by_the_next(
    point: int, waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    nth = 1 + point * (len(undisturbed[1]) - 1) // (POINTS - 1)
    die_and_recover(nth, waiting, undisturbed, tmp_path / "company")


@pytest.mark.parametrize(
    "step",
    [
        "os.rename 今天.xlsx",  # committed, and the drop folder still full
        "os.remove .kebu-taken-.*-今天.xlsx",  # the dropped file has stepped aside
        "os.remove .kebu-taken-.*-门头.jpg",
        "os.link .*坏.xlsx",  # into quarantine, before its transaction is through
        "ask for draw_file",  # a reader has begun to draw what is not committed yet
        "look for what is due",  # committed, and not yet drawn
        "open .~kebu-.*",  # drawn, and half a receipt in the pick-up folder, under its private name
        "os.rename .~kebu-.*",
        "os.remove .*.drawn",  # delivered and noted, and what was drawn still in the spool
    ],
)
def test_a_run_killed_between_what_it_does_and_what_it_notes_does_nothing_twice(
    step: str, waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    nth = next(n for n, name in enumerate(undisturbed[1], 1) if re.fullmatch(step, name))
    die_and_recover(nth, waiting, undisturbed, tmp_path / "company")


def test_a_run_killed_when_all_is_delivered_and_nothing_noted_delivers_the_same(
    waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    steps = undisturbed[1]
    last = max(n for n, name in enumerate(steps) if re.fullmatch("os.rename .~kebu-.*", name))
    nth = next(n for n, name in enumerate(steps[last:], last + 1) if name.startswith("COMMIT"))
    die_and_recover(nth, waiting, undisturbed, tmp_path / "company")


@pytest.mark.parametrize("step", ["ask for draw_file", "look for what is due", "open .~kebu-.*"])
def test_when_the_spool_is_lost_as_well_everything_is_drawn_again_to_the_same_bytes(
    step: str, waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    company = waiting.copy(tmp_path / "company")
    nth = next(n for n, name in enumerate(undisturbed[1], 1) if re.fullmatch(step, name))
    assert doomed(company, nth, "run", "--now", EVENING, batch=BATCH)[0] == -9
    shutil.rmtree(company.book / "spool")
    assert_same_after_another_run(company, undisturbed[0])


@pytest.fixture(scope="module")
def whole(waiting: Company, tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, float]:
    """The company after an ordinary run, and how many seconds that took."""
    company = waiting.copy(tmp_path_factory.mktemp("whole") / "company")
    began = time.monotonic()
    assert company.start("run", "--now", EVENING).wait(timeout=120) == 0, company.logs()
    return company, time.monotonic() - began


@pytest.mark.parametrize("part", [0.5, 0.7, 0.9])
def test_a_run_killed_by_the_clock_is_finished_by_the_next(
    part: float, waiting: Company, whole: tuple[Company, float], tmp_path: Path
) -> None:
    """Also where no step outwards is near: while readers read, and while rules are asked."""
    company = waiting.copy(tmp_path / "company")
    process = company.start("run", "--now", EVENING)
    time.sleep(whole[1] * part)
    kill(process)
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.waiting() == []
    assert company.call("verify").exit_code == 0
    assert rows_of(company) == rows_of(whole[0])
    assert company.pickups().keys() == whole[0].pickups().keys()


def rows_of(company: Company) -> list[tuple[object, ...]]:
    return company.ask("SELECT receipt_no, form, person, key, status FROM s_rows ORDER BY receipt_no")


def test_killed_again_and_again_it_still_comes_to_the_same_end(
    waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    after, steps = undisturbed
    company = waiting.copy(tmp_path / "company")
    for _ in range(6):
        code, _ = doomed(company, len(steps) // 5, "run", "--now", EVENING, batch=BATCH)
        if code == 0:
            break
    assert_same_after_another_run(company, after)


def test_a_file_dropped_again_after_the_kill_gets_an_answer_of_its_own(
    waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path
) -> None:
    """The kill left a file that was taken; its owner, impatient, drops the very same one over it."""
    company = waiting.copy(tmp_path / "company")
    again = (waiting.drop("张三") / "今天.xlsx").read_bytes()
    nth = undisturbed[1].index("os.rename 今天.xlsx") + 1
    doomed(company, nth, "run", "--now", EVENING, batch=BATCH)
    (company.drop("张三") / "今天.xlsx").write_bytes(again)
    assert company.call("run", "--now", EVENING).exit_code == 0
    receipts = [path for path in company.pickup("张三", "回执") if "今天" in path.name]
    assert len(receipts) == 2
    assert "重复" in outcomes(receipts[0]) + outcomes(receipts[1])


RECEIPT = "1123-190000_退回1_今天"


def test_a_receipt_whose_place_is_locked_is_written_beside_it(
    waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows: what lies there stands open in Excel."""
    company = waiting.copy(tmp_path / "company")
    held = company.share / "张三" / "取件" / "回执" / "2026-11" / f"{RECEIPT}.xlsx"
    held.parent.mkdir(parents=True, exist_ok=True)
    held.write_bytes(b"open in Excel")
    tried = stop_replacing(monkeypatch, f"{RECEIPT}.xlsx", PermissionError(errno.EACCES, "in use"))
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert len(tried) == 1
    (beside,) = (path for path in company.pickup("张三", "回执") if path.name.startswith(RECEIPT) and path != held)
    assert held.read_bytes() == b"open in Excel"
    assert sha256_of(beside) == undisturbed[0].pickups[f"张三/取件/回执/2026-11/{RECEIPT}.xlsx"]
    there = company.pickups()
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.pickups() == there, "delivered twice"


def test_a_receipt_for_which_there_was_no_room_is_told_to_the_operator_and_comes_later(
    waiting: Company, undisturbed: tuple[Told, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = waiting.copy(tmp_path / "company")
    stop_replacing(monkeypatch, f"{RECEIPT}.xlsx", OSError(errno.ENOSPC, "No space left on device"))
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert f"张三/回执/2026-11/{RECEIPT}.xlsx" in done.output
    assert f"张三/取件/回执/2026-11/{RECEIPT}.xlsx" not in company.pickups()
    assert company.call("run", "--now", EVENING).exit_code == 0
    assert company.pickups() == undisturbed[0].pickups


def stop_replacing(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError) -> list[str]:
    """From now on *name* cannot be put in its place the first time; gives the list of what was tried."""
    rename = os.rename
    tried: list[str] = []

    def held(source: str, target: str, **folders: int) -> None:
        if target == name and not tried:
            tried.append(target)
            raise error
        rename(source, target, **folders)

    monkeypatch.setattr(os, "rename", held)
    return tried
