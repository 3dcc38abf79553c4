"""``watch`` as staff and operators meet it: a process beside which files come and go, stopped and killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.processes import ZONE, Company, found, kill, outcomes, photo, report, until, workbook

MONDAY = "2026-11-23T10:00:00"
HINTS = pytest.mark.parametrize("poll", ["off", "on"], ids=["events", "polling"])

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")

Found = Callable[..., Company]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return found(tmp_path / "company", settle_seconds=0.5, incomplete_seconds=20, rescan_seconds=2)


def polled(company: Company, poll: str) -> None:
    config = company.home / "config.toml"
    config.write_text(config.read_text("utf-8").replace('poll = "auto"', f'poll = "{poll}"'), "utf-8")


@contextmanager
def watched(company: Company, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The service, running and looking."""
    beat = company.book / "watch.json"
    beat.unlink(missing_ok=True)
    process = company.start("watch", *arguments)
    try:
        until(lambda: beat.exists() or process.poll() is not None, "a sign of life")
        assert process.poll() is None, company.logs()
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def taken(company: Company) -> Callable[[], bool]:
    """Whether all that was dropped is answered: nothing lies in the drop folders, and nothing is on its way."""
    unshipped = "SELECT COUNT(*) FROM s_deliveries WHERE id NOT IN (SELECT delivery_id FROM shipped)"
    return lambda: not company.waiting() and company.ask(unshipped) == [(0,)]


def assert_nothing_lost_nothing_twice(company: Company, days: set[str]) -> None:
    """Each dropped workbook has one receipt, each report one row that counts, and the book proves itself."""
    live = company.ask("SELECT date FROM daily_reports WHERE status IN ('pending', 'accepted') ORDER BY date")
    assert [day for (day,) in live] == sorted(days)
    dropped = company.ask("SELECT person, COUNT(*) FROM s_files WHERE kind = 'workbook' GROUP BY person")
    receipts = {
        person: [path for path in company.pickup(person, "回执") if "照" not in path.name and "通知" not in path.name]
        for person, _ in dropped
    }
    assert {person: len(paths) for person, paths in receipts.items()} == dict(dropped)
    proof = company.call("verify")
    assert proof.exit_code == 0, proof.output


def status(company: Company, now: str = MONDAY) -> dict[str, Any]:
    return dict(json.loads(company.call("status", "--json", "--now", now).stdout))


def reports(path: Path, *days: int) -> Path:
    """A workbook with the reports of these days of November."""
    return workbook(
        path, {"销售日报": [report(f"2026-11-{day}", f"拜访第 {day} 家客户，确认了设备的数量和交期。") for day in days]}
    )


def trickle(source: Path, target: Path, pieces: int, pause: float) -> None:
    """Copied over a slow line, with pauses longer than the service waits for quiet."""
    data = source.read_bytes()
    step = len(data) // pieces + 1
    with target.open("wb") as out:
        for start in range(0, len(data), step):
            out.write(data[start : start + step])
            out.flush()
            time.sleep(pause)


def saved_by_excel(source: Path, target: Path) -> None:
    """A temporary file beside it, the old one deleted, the new one renamed."""
    (target.parent / f"~${target.name}").write_bytes(b"\x05owner")
    temporary = target.with_name("5A3B2C00")
    shutil.copyfile(source, temporary)
    target.unlink(missing_ok=True)
    temporary.rename(target)
    (target.parent / f"~${target.name}").unlink()


@HINTS
def test_files_written_slowly_replaced_and_renamed_are_taken_whole_and_once(
    poll: str, company: Company, tmp_path: Path
) -> None:
    polled(company, poll)
    drop = company.drop("张三")
    with watched(company, "--now", MONDAY):
        first = reports(tmp_path / "一.xlsx", 2, 3)
        trickle(first, drop / "日报.xlsx", 3, 0.9)
        trickle(photo(tmp_path / "照.jpg", 1, datetime(2026, 11, 23, 9)), drop / "照.jpg", 3, 0.3)
        until(taken(company), "the slow copies")
        saved_by_excel(reports(tmp_path / "二.xlsx", 2, 3, 4), drop / "日报.xlsx")
        until(taken(company), "what Excel saved")
        shutil.copyfile(reports(tmp_path / "三.xlsx", 2, 3, 4, 5), drop / "日报.xlsx")
        time.sleep(0.2)
        reports(tmp_path / "四.xlsx", 2, 3, 4, 5, 6).replace(drop / "日报.xlsx")
        until(taken(company), "what was saved twice within a second")
    assert_nothing_lost_nothing_twice(company, {f"2026-11-0{day}" for day in range(2, 7)})
    files = company.ask("SELECT sha256 FROM s_files")
    assert len(files) == len(set(files)), "the same content was taken twice"
    told = [outcomes(path) for path in company.pickup("张三", "回执") if path.stem.endswith("_日报")]
    assert told[0] == ["待审批", "待审批"]
    assert told[1] == ["重复", "重复", "待审批"]


def test_it_stops_when_asked_and_leaves_nothing_behind(company: Company) -> None:
    with watched(company, "--now", MONDAY) as process:
        for day in range(2, 6):
            reports(company.drop("张三") / f"{day}.xlsx", day)
        assert kill(process, signal.SIGTERM) == 0, company.logs()
    assert "Traceback" not in company.logs()
    assert status(company)["watcher"] == {"running": False, "words": "监视没有运行"}
    with FileLock(company.book / "kebu.lock", timeout=0):
        pass
    with watched(company, "--now", MONDAY) as process:
        until(taken(company), "what came before the stop")
        assert kill(process, signal.SIGINT) == 0
    assert_nothing_lost_nothing_twice(company, {f"2026-11-0{day}" for day in range(2, 6)})


@pytest.mark.parametrize("another", ["service", "book"])
def test_of_two_on_one_share_one_works_and_the_other_says_so_and_stops(
    company: Company, tmp_path: Path, another: str
) -> None:
    second = company
    if another == "book":  # of its own, as a second machine has one, and both were given one share
        second = found(tmp_path / "second")
        config = second.home / "config.toml"
        config.write_text(config.read_text("utf-8").replace('share = "share"', f'share = "{company.share}"'), "utf-8")
    with watched(company, "--now", MONDAY) as process:
        other = second.start("watch", "--now", MONDAY)
        assert other.wait(60) == 1
        assert "已有另一个 watch 在收取" in second.logs()
        assert "这一个没有启动" in second.logs()
        assert "Traceback" not in second.logs()
        reports(company.drop("张三") / "日报.xlsx", 2)
        until(taken(company), "what came afterwards")
        assert kill(process, signal.SIGTERM) == 0
    assert_nothing_lost_nothing_twice(company, {"2026-11-02"})
    assert second is company or second.ask("SELECT COUNT(*) FROM s_files WHERE kind = 'workbook'") == [(0,)]


def test_killed_while_it_takes_files_it_goes_on_where_it_was(company: Company) -> None:
    """Killed at three moments of its work, each time with more to take."""
    for day, pause in ((2, 0.6), (3, 1.1), (4, 1.6)):
        with watched(company, "--now", MONDAY) as process:
            reports(company.drop("张三") / f"{day}.xlsx", day)
            reports(company.drop("王五") / f"{day}.xlsx", day + 10)
            time.sleep(pause)
            kill(process)
    with watched(company, "--now", MONDAY) as process:
        until(taken(company), "what the killed ones left")
        assert kill(process, signal.SIGTERM) == 0
    assert_nothing_lost_nothing_twice(company, {f"2026-11-{day:02}" for day in (2, 3, 4, 12, 13, 14)})


def test_status_tells_whether_it_runs(company: Company) -> None:
    with watched(company, "--now", MONDAY) as process:
        well = status(company)["watcher"]
        assert (well["running"], well["pid"]) == (True, process.pid)
        assert well["words"].startswith("监视正常")
        late = status(company, "2026-11-23T10:30:00")["watcher"]
        assert late["words"].startswith("监视超过 3 分钟没有动静")
        kill(process)
        dead = status(company)["watcher"]
        assert not dead["running"]
        assert dead["words"].startswith("监视进程已不在")


def test_what_came_while_it_was_down_arrived_when_it_was_written(company: Company) -> None:
    """The file system's own time counts: neither the sender's clock in mtime nor the start of the service."""
    path = reports(company.drop("张三") / "日报.xlsx", 2)
    os.utime(path, (time.time() - 864_000, time.time() - 864_000))
    written = path.stat().st_ctime
    time.sleep(2)
    with watched(company):
        until(taken(company), "what came before the start")
    ((said,),) = company.ask("SELECT arrived_at FROM s_files WHERE kind = 'workbook'")
    assert abs(datetime.fromisoformat(said).timestamp() - written) < 0.01
    assert datetime.fromisoformat(said).utcoffset() == datetime.now(ZONE).utcoffset()


def test_a_share_that_was_away_is_waited_for_and_not_made_anew(company: Company) -> None:
    away = company.home / "unplugged"
    with watched(company, "--now", MONDAY):
        company.share.rename(away)
        until(lambda: said(company)["state"] == "目录不可达", "that the share is missed")
        time.sleep(3)
        assert not company.share.exists(), "a lost network drive was made anew below its empty place"
        assert "连不上" in "".join(status(company)["for_operator"])
        reports(away / "张三" / "投递" / "日报.xlsx", 2)
        away.rename(company.share)
        until(taken(company), "what lay in the share when it came back")
        reports(company.drop("张三") / "日报.xlsx", 3)
        live = "SELECT COUNT(*) FROM daily_reports WHERE status IN ('pending', 'accepted')"
        until(lambda: company.ask(live)[0][0] == 2, "what came afterwards")
        until(lambda: sum("通知" not in path.name for path in company.pickup("张三", "回执")) == 2, "its receipt")
    assert_nothing_lost_nothing_twice(company, {"2026-11-02", "2026-11-03"})


def said(company: Company) -> dict[str, Any]:
    return dict(json.loads((company.book / "watch.json").read_text("utf-8")))


def test_a_share_that_was_lost_gets_its_folders_back_from_init_while_the_service_runs(company: Company) -> None:
    """Folders that vanished are not made behind their owners' backs: the operator says that the loss is real."""
    with watched(company, "--now", MONDAY):
        shutil.rmtree(company.share)
        until(lambda: said(company)["state"] == "目录不可达", "that the share is missed")
        company.share.mkdir()
        time.sleep(3)
        assert not company.drop("张三").exists()
        done = company.call("init", "--roster", str(company.home / "名册.xlsx"), "--now", MONDAY)
        assert done.exit_code == 0, done.output
        reports(company.drop("张三") / "日报.xlsx", 2)
        until(lambda: len(company.pickup("张三", "回执")) == 1, "the receipt")
    assert_nothing_lost_nothing_twice(company, {"2026-11-02"})


def test_a_run_without_its_share_says_so_and_makes_none(company: Company) -> None:
    company.share.rename(company.home / "unplugged")
    done = company.call("run", "--now", MONDAY)
    assert done.exit_code == 1
    assert "连不上" in done.output
    assert not company.share.exists()


def test_approval_sheets_go_out_at_their_hours_only(company: Company) -> None:
    with watched(company, "--now", "2026-11-23T17:29:50"):
        reports(company.drop("张三") / "日报.xlsx", 23)
        until(taken(company), "the report")
        seen = company.pickup("李四", "审批"), company.ask("SELECT issued_at FROM s_sheets")
        until(lambda: company.pickup("李四", "审批"), "the sheet of 17:30")
    assert seen == ([], [])
    ((issued,),) = company.ask("SELECT issued_at FROM s_sheets")
    assert "2026-11-23T17:30:00" <= issued < "2026-11-23T17:30:10"


def test_night_and_month_are_closed_at_their_hours(company: Company) -> None:
    config = company.home / "config.toml"
    config.write_text(config.read_text("utf-8").replace('"1st 01:00"', '"1st 00:30"'), "utf-8")
    assert company.call("nightly", "--date", "2026-11-29", "--now", "2026-11-30T00:30:00").exit_code == 0
    reports(company.drop("张三") / "日报.xlsx", 30)
    assert company.call("run", "--now", "2026-11-30T18:00:00").exit_code == 0
    with watched(company, "--now", "2026-12-01T00:29:55") as process:
        time.sleep(2)
        early = closings(company)
        until(lambda: company.pickup("孙人", "报表"), "the night and the month")
        assert kill(process, signal.SIGTERM) == 0
    assert "日报合规_2026-11-30" not in early
    closed = closings(company)
    assert "2026-12-01T00:30:00" <= closed["日报合规_2026-11-30"] < "2026-12-01T00:30:10"
    assert closed["日报合规_2026-11-30"] <= closed["日报扣款_2026-11"]
    assert [path.name for path in company.pickup("孙人", "报表")] == ["日报扣款_2026-11.xlsx"]
    assert "日报合规_2026-11-30.xlsx" in [path.name for path in company.pickup("钱督", "报表/2026-11")]
    with watched(company, "--now", "2026-12-01T00:31:00") as process:
        time.sleep(3)
        assert kill(process, signal.SIGTERM) == 0
    assert closings(company) == closed, "a new start closed again what was closed"


def closings(company: Company) -> dict[str, str]:
    return dict(company.ask("SELECT period, closed_at FROM s_closings"))
