"""Logs for people or machines, rotating and without phones; a text file for the machine's monitor."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import sync
from policy.settings_running import LogSettings
from service.upkeep.log_file import PrivateRotatingFile
from service.upkeep.logs import log_as, masked
from tests.company import Company, a_company, reopened, report, write_config

log = logging.getLogger("kebu")


@pytest.fixture
def _quietly() -> Iterator[None]:
    """The root logger as it was."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    yield
    root.setLevel(level)
    log_as(LogSettings())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("张三 13800138000 已登记", "张三 138****8000 已登记"), ("+86 13800138000。", "+86 138****8000。"),
        ("138-0013-8000", "138****8000"), ("电话0755-26001234", "电话0755****1234"), ("010-62001234", "010****1234"),
        ("受理号 261123-0042", "受理号 261123-0042"), ("流水号 2026112300018713800138000", "流水号 2026112300018713800138000"),
        ("2026-11-23 13:45:00", "2026-11-23 13:45:00"),
    ],
)  # fmt: skip
def test_a_phone_is_masked_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.usefixtures("_quietly")
def test_json_lines_hold_one_object_each_and_faults_with_their_trace(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "kebu.log"
    log_as(LogSettings(format="json", file=path))
    log.info("took %d files\nfrom 13800138000", 3)
    try:
        raise ValueError("号码 13800138001")
    except ValueError:
        log.exception("this round failed")
    first, second = map(json.loads, path.read_text("utf-8").splitlines())
    assert (first["level"], first["logger"], first["message"]) == ("info", "kebu", "took 3 files\nfrom 138****8000")
    assert datetime.fromisoformat(first["at"]).tzinfo is not None
    assert "ValueError: 号码 138****8001" in second["error"]
    assert "13800138001" not in path.read_text("utf-8")


@pytest.mark.usefixtures("_quietly")
def test_the_file_rotates_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "kebu.log"
    log_as(LogSettings(file=path, rotate_mb=0.01, keep=2))
    for n in range(1000):
        log.info("%04d %s", n, "一行" * 20)
    files = sorted(tmp_path.iterdir())
    assert [each.name for each in files] == ["kebu.log", "kebu.log.1", "kebu.log.2"]
    assert all(each.stat().st_size <= 0.011 * 2**20 for each in files)
    assert "0999" in path.read_text("utf-8")
    if sys.platform != "win32":
        assert {each.stat().st_mode & 0o777 for each in files} == {0o600}


@pytest.mark.usefixtures("_quietly")
def test_logging_anew_leaves_one_file_open(tmp_path: Path) -> None:
    for n in range(3):
        log_as(LogSettings(file=tmp_path / f"{n}.log"))
    open_ones = [each for each in logging.getLogger().handlers if isinstance(each, PrivateRotatingFile)]
    assert [Path(each.baseFilename).name for each in open_ones] == ["2.log"]


def test_a_command_logs_as_the_config_says(tmp_path: Path) -> None:
    config = write_config(tmp_path, {"format = ": 'format = "json"', "file = ": 'file = "book/kebu.log"'})
    with reopened(tmp_path, config={"format = ": 'format = "json"', "file = ": 'file = "book/kebu.log"'}):
        pass
    told = "import logging, sys; sys.argv = ['sync.py', '--config', sys.argv[1], 'status']\n"
    told += "import sync, service.answers.telling as t\nold = t.status\n"
    told += "def status(*given):\n    logging.getLogger('kebu').warning('13800138000 seen'); return old(*given)\n"
    told += "t.status = status; sync.main()"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", told, str(config)], cwd=Path(sync.__file__).parent,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    (line,) = [line for line in done.stderr.splitlines() if "seen" in line]
    assert json.loads(line)["message"] == "138****8000 seen"
    assert json.loads((tmp_path / "book" / "kebu.log").read_text("utf-8"))["message"] == "138****8000 seen"


# -- the monitor's text file


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path, config={"textfile = ": 'textfile = "metrics/kebu.prom"'}) as made:
        (tmp_path / "metrics").mkdir()
        yield made


def metrics(co: Company) -> dict[str, float]:
    text = (co.folder / "metrics" / "kebu.prom").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    named = {line.split()[0].split("{")[0] for line in lines}
    assert (
        named
        == set(re.findall(r"(?m)^# TYPE (\w+) (?:gauge|counter)$", text))
        == set(re.findall(r"(?m)^# HELP (\w+) .", text))
    )
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_round_tells_what_waits_and_what_was_refused(co: Company) -> None:
    co.hand_in("张三", 销售日报=[report("2026-11-20")])
    co.drop("王五", "旧表.xls", b"not a workbook" * 40)
    co.run("11-20 18:00")
    told = metrics(co)
    assert told["kebu_round_timestamp_seconds"] == co.clock("11-20 18:00").timestamp()
    assert (told["kebu_queue_decisions"], told["kebu_files_refused_total"], told["kebu_files_total"]) == (1, 1, 3)
    assert (told["kebu_queue_files"], told["kebu_lag_seconds"], told["kebu_queue_deliveries"]) == (0, 0, 0)
    assert told['kebu_disk_free_bytes{place="book"}'] > 0
    assert "kebu_night_timestamp_seconds" not in told
    assert [path.name for path in (co.folder / "metrics").iterdir()] == ["kebu.prom"]


def test_a_file_that_cannot_be_taken_is_lag(co: Company) -> None:
    co.drop("张三", "一半.xlsx", b"PK\x03\x04" + b"\1" * 400)
    later = datetime.now(co.service.zone).timestamp() + 600
    at = datetime.fromtimestamp(later, co.service.zone).strftime("%Y-%m-%d %H:%M:%S")
    co.run(at)
    told = metrics(co)
    assert told["kebu_queue_files"] == 1
    assert told["kebu_lag_seconds"] >= 590


def test_a_night_tells_when_it_was(co: Company) -> None:
    co.nightly("2026-11-20", "11-21 00:30")
    assert metrics(co)["kebu_night_timestamp_seconds"] == co.clock("11-21 00:30").timestamp()


def test_a_place_that_cannot_be_written_is_told_and_stops_nothing(co: Company) -> None:
    (co.folder / "metrics").rmdir()
    co.hand_in("张三", 销售日报=[report("2026-11-20")])
    done = co.run("11-20 18:00")
    assert done.files == 1
    assert any("[monitor] textfile" in words for words in done.troubles)
