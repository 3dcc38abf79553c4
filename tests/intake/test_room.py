"""Files too large, too many, and disks that are full: whoever is concerned is told, nobody else waits."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from intake.archive import store
from tests.processes import Company, doomed, found, report, workbook

EVENING, LATER = "2026-11-23T19:00:00", "2026-11-23T19:30:00"
WANG = "拜访了三家客户，谈定一份合同。"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = found(tmp_path / "company")
    workbook(made.drop("王五") / "今天.xlsx", {"销售日报": [report("2026-11-23", WANG)]})
    return made


def configure(company: Company, **numbers: int) -> None:
    path = company.home / "config.toml"
    text = path.read_text("utf-8")
    for key, value in numbers.items():
        (line,) = [each for each in text.splitlines() if each.startswith(f"{key} = ")]
        text = text.replace(line, f"{key} = {value}")
    path.write_text(text, "utf-8")


def sparse(path: Path, megabytes: int) -> Path:
    """A file that says it is large, and whose bytes nobody should read."""
    with path.open("wb") as stream:
        stream.truncate(megabytes * 2**20)
    return path


def test_a_file_that_is_too_large_is_not_read_its_owner_is_told_once_and_nobody_waits(company: Company) -> None:
    huge = sparse(company.drop("张三") / "录像.jpg", 200_000)
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "录像.jpg" in done.output
    assert len(company.ask("SELECT 1 FROM daily_reports")) == 1
    assert company.waiting() == [huge]
    assert not [path for path in (company.book / "archive").rglob("*") if "录像" in path.name]
    company.call("run", "--now", LATER)
    receipts = [path for path in (company.share / "张三" / "取件" / "回执").rglob("*.xlsx") if "录像" in path.name]
    assert len(receipts) == 1
    assert "录像.jpg" in company.call("status", "--now", LATER).output
    huge.unlink()
    assert company.call("run", "--now", LATER).exit_code == 0


def test_one_persons_flood_is_taken_in_turns(company: Company) -> None:
    configure(company, waiting_mb=1)
    for n in range(4):
        (company.drop("张三") / f"{n}.txt").write_bytes(os.urandom(400_000))
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "张三：等待收取的文件太多，2 个留到下一轮" in done.output
    assert len(company.ask("SELECT 1 FROM daily_reports")) == 1
    assert company.call("run", "--now", LATER).exit_code == 0
    assert company.waiting() == []


def test_a_disk_that_is_short_lets_the_small_ones_through(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(company, reserve_mb=100)
    (company.drop("张三") / "大.txt").write_bytes(os.urandom(3 * 2**20))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 101 * 2**20))
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "空间不够" in done.output
    assert "大.txt" in done.output
    assert len(company.ask("SELECT 1 FROM daily_reports")) == 1
    assert [path.name for path in company.waiting()] == ["大.txt"]
    monkeypatch.undo()
    assert company.call("run", "--now", LATER).exit_code == 0
    assert company.waiting() == []


def test_a_disk_that_is_full_fails_one_file_and_not_the_round(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    (company.drop("张三") / "大.txt").write_bytes(os.urandom(2**20))
    copy = store._copy

    def full(chunks, temporary):  # type: ignore[no-untyped-def]
        data = b"".join(chunks)
        if len(data) == 2**20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return copy(iter((data,)), temporary)

    monkeypatch.setattr(store, "_copy", full)
    done = company.call("run", "--now", EVENING)
    assert done.exit_code == 1
    assert "大.txt：磁盘没有空间" in done.output
    assert len(company.ask("SELECT 1 FROM daily_reports")) == 1
    monkeypatch.undo()
    assert company.call("run", "--now", LATER).exit_code == 0
    assert company.waiting() == []


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and audited system calls are those of POSIX")
def test_a_drop_that_stepped_aside_and_back_is_not_taken_again(company: Company) -> None:
    """Its removal failed: stepping aside changed its ctime, which is no sign of another file."""
    code, steps = doomed(company.copy(company.home.parent / "rehearsal"), 0, "run", "--now", EVENING)
    assert code == 0
    nth = next(n for n, step in enumerate(steps, 1) if step == "os.rename 今天.xlsx")
    assert doomed(company, nth, "run", "--now", EVENING)[0] == -9
    path = company.drop("王五") / "今天.xlsx"
    path.rename(path.with_name(".kebu-aside"))
    path.with_name(".kebu-aside").rename(path)
    assert company.call("run", "--now", LATER).exit_code == 0
    assert company.waiting() == []
    assert len(company.ask("SELECT 1 FROM files WHERE name = '今天.xlsx'")) == 1
    receipts = [each for each in (company.share / "王五" / "取件" / "回执").rglob("*.xlsx") if "今天" in each.name]
    assert len(receipts) == 1
