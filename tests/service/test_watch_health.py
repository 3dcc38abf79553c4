"""The service's clock and its signs of life, as an operator relies on them."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from policy.settings import load_settings
from service.upkeep.health import beat
from tests.processes import ZONE, found, kill, until


@pytest.mark.skipif(os.name == "nt", reason="TZ is the way of POSIX")
def test_the_service_lives_by_the_company_s_clock_wherever_the_server_stands(tmp_path: Path) -> None:
    """20:05 in Shanghai is not 20:05 on a server in New York: sheets and nights would come half a day late."""
    company = found(tmp_path / "company")
    beat = company.book / "watch.json"
    process = company.start("watch", env={**os.environ, "TZ": "America/New_York"})
    try:
        until(beat.exists, "a sign of life")
        at = datetime.fromisoformat(json.loads(beat.read_text("utf-8"))["at"])
    finally:
        kill(process)
    assert abs(datetime.now(ZONE) - at) < timedelta(minutes=5)


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_a_service_that_died_without_a_word_needs_the_operator(tmp_path: Path) -> None:
    """A monitor that only looks at the exit code of ``status`` must learn of it; one that never ran is no news where none should."""
    company = found(tmp_path / "company", by='"run"')
    now = ("--now", "2026-11-20T09:05:00")
    assert company.call("status", *now).exit_code == 0
    process = company.start("watch", *now)
    until((company.book / "watch.json").exists, "a sign of life")
    running = company.call("status", *now).exit_code
    kill(process)
    dead = company.call("status", *now)
    assert (running, dead.exit_code) == (0, 1)
    assert "监视进程已不在" in dead.output


def test_a_round_that_failed_is_told_by_status(tmp_path: Path) -> None:
    company = found(tmp_path / "company", by='"run"')
    now = ("--now", "2026-11-20T09:05:00")
    beat(load_settings(company.home / "config.toml"), datetime(2026, 11, 20, 9, 5, tzinfo=ZONE), "轮询", ["磁盘已满"])
    told = company.call("status", *now)
    assert told.exit_code == 1
    assert "磁盘已满" in told.output
