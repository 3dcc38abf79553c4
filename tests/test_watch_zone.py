"""The company's clock on a server that stands in another zone."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

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
