"""When a report came, how that is known, and that nobody is fined by a witness in doubt: real folders, real times."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from processors.compliance import Duty
from service.days.duties import duties_on
from service.taking import take_everything
from tests.company import Company, a_company, report, write

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a folder's ctime is its creation there")


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    with a_company(tmp_path, config={"extra_workdays": f"extra_workdays = [{today}]"}) as made:
        now = datetime.now(made.service.zone)
        if f"{now:%Y-%m-%d}" != today or now.hour == 23:
            pytest.skip("the day may end while this test runs")
        yield made


def a_moment_later(co: Company) -> datetime:
    """The clock, once the file system's clock has certainly moved on; and after it has done so again."""
    time.sleep(0.05)
    now = datetime.now(co.service.zone)
    time.sleep(0.05)
    return now


def prepared(co: Company, folder: Path) -> Path:
    """A folder with today's report in it."""
    folder.mkdir(parents=True)
    return write(folder / "今天.xlsx", {"销售日报": [report(f"{datetime.now(co.service.zone):%Y-%m-%d}")]})


def judged(co: Company, limit: datetime) -> Duty:
    """Take what lies there, and judge 张三's day as if reports were due at *limit*."""
    now = datetime.now(co.service.zone)
    take_everything(co.service, now, arrival=None, patience=5)
    due = limit - limit.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = co.service.settings.daily_report.model_copy(update={"due": due, "late_counts_as_missing": True})
    strict = replace(co.service, settings=co.service.settings.model_copy(update={"daily_report": hours}))
    (duty,) = [each for each in duties_on(strict, now.date(), ()) if each.person == "张三"]
    return duty


def witness(co: Company) -> str:
    ((known),) = [row["known"] for row in co.ask("SELECT known FROM s_files WHERE name LIKE '%今天.xlsx'")]
    return str(known)


def test_a_report_put_there_in_time_is_on_time(co: Company) -> None:
    write(co.share / "张三" / "投递" / "今天.xlsx", {"销售日报": [report(f"{datetime.now(co.service.zone):%Y-%m-%d}")]})
    assert judged(co, a_moment_later(co)).state == "按时"
    assert witness(co) == "file"


def test_a_folder_filled_before_and_moved_in_after_the_deadline_is_not_on_time(co: Company) -> None:
    """Found open: a moved folder leaves its files' ctime alone."""
    prepared(co, co.folder / "外面")
    limit = a_moment_later(co)
    (co.folder / "外面").rename(co.share / "张三" / "投递" / "外面")
    duty = judged(co, limit)
    assert (duty.state, duty.fined) == ("未知", False), "the service was not watching: nobody can know"
    assert "不能确定是否按时" in duty.remark
    assert witness(co) == "folder"


def test_who_watches_knows_that_it_was_moved_in_late(co: Company) -> None:
    prepared(co, co.folder / "外面")
    limit = a_moment_later(co)
    co.service.inbox.scan(["张三"], None)
    a_moment_later(co)
    (co.folder / "外面").rename(co.share / "张三" / "投递" / "外面")
    duty = judged(co, limit)
    assert (duty.state, duty.fined) == ("迟交", True)
    assert duty.arrived_at is not None
    assert duty.arrived_at > limit


def test_a_folder_into_which_something_else_comes_later_makes_nobody_late_who_was_seen(co: Company) -> None:
    folder = co.share / "张三" / "投递" / "本周"
    prepared(co, folder)
    co.service.inbox.scan(["张三"], None)
    limit = a_moment_later(co)
    (folder / "备忘.txt").write_text("later")
    assert judged(co, limit).state == "按时"


def test_a_folder_into_which_something_else_comes_later_leaves_who_was_not_seen_in_doubt(co: Company) -> None:
    folder = co.share / "张三" / "投递" / "本周"
    prepared(co, folder)
    limit = a_moment_later(co)
    (folder / "备忘.txt").write_text("later")
    duty = judged(co, limit)
    assert (duty.state, duty.fined) == ("未知", False)


def test_a_folder_put_in_the_place_of_one_that_was_seen_is_not_on_time(co: Company) -> None:
    """Found by the plays (tests/arrivals): another file under a path that was seen counted by its own ctime alone."""
    folder = prepared(co, co.share / "张三" / "投递" / "本周").parent
    prepared(co, co.folder / "外面")
    co.service.inbox.scan(["张三"], None)
    limit = a_moment_later(co)
    folder.rename(co.folder / "换下")
    (co.folder / "外面").rename(folder)
    duty = judged(co, limit)
    assert (duty.state, duty.fined) == ("未知", False)
    assert witness(co) == "folder"


def test_a_folder_renamed_after_its_file_was_seen_makes_nobody_late(co: Company) -> None:
    folder = prepared(co, co.share / "张三" / "投递" / "本周").parent
    co.service.inbox.scan(["张三"], None)
    limit = a_moment_later(co)
    folder.rename(folder.with_name("上周"))
    assert judged(co, limit).state == "按时"


def test_doubt_that_touches_no_limit_is_no_doubt(co: Company) -> None:
    prepared(co, co.folder / "外面")
    a_moment_later(co)
    (co.folder / "外面").rename(co.share / "张三" / "投递" / "外面")
    assert judged(co, a_moment_later(co)).state == "按时"


def test_what_no_clock_tells_of_came_when_it_was_first_seen(co: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems leave even the moved folder's ctime alone."""
    from intake.inbox import arrival

    monkeypatch.setattr(arrival, "_moved_ns", lambda top, path: 0)
    prepared(co, co.folder / "外面")
    limit = a_moment_later(co)
    co.service.inbox.scan(["张三"], None)
    a_moment_later(co)
    (co.folder / "外面").rename(co.share / "张三" / "投递" / "外面")
    duty = judged(co, limit)
    assert (duty.state, witness(co)) == ("迟交", "seen")


def test_a_copy_with_old_times_comes_when_it_is_copied(co: Company) -> None:
    path = prepared(co, co.folder / "外面")
    limit = a_moment_later(co)
    shutil.copytree(path.parent, co.share / "张三" / "投递" / "外面")
    old = time.time() - timedelta(days=1).total_seconds()
    os.utime(co.share / "张三" / "投递" / "外面" / "今天.xlsx", (old, old))
    assert judged(co, limit).state == "迟交"
