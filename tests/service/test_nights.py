"""Nights that nobody closed are closed afterwards: each of them, none twice, none before its time (销售日报 7(3))."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.watching import nights_due
from tests.company import Company, a_company, report


@pytest.fixture
def co(tmp_path: Path) -> Iterator[Company]:
    with a_company(tmp_path) as made:
        yield made


def due(co: Company, at: str) -> list[str]:
    """The days whose closing is due."""
    return [f"{day:%m-%d}" for day in nights_due(co.service, co.clock(at))]


def test_missed_nights_are_made_up_from_the_first_to_the_last_that_is_due(co: Company) -> None:
    assert due(co, "11-21 00:29") == []
    assert due(co, "11-21 00:30") == ["11-20"], "the day of founding is the first"
    assert due(co, "11-22 00:29") == ["11-20"], "yesterday waits for its hour, older ones do not"
    co.nightly("2026-11-20", "11-21 00:30")
    assert due(co, "11-21 12:00") == []
    co.hand_in("张三", 销售日报=[report("2026-11-24")])
    co.run("11-24 18:00")
    assert due(co, "11-26 00:40") == ["11-21", "11-22", "11-23", "11-24", "11-25"]
    for day in due(co, "11-26 00:40"):
        co.nightly(f"2026-{day}", "11-26 00:40")
    assert due(co, "11-26 00:41") == []
    said = {day: co.report("钱督", f"日报合规_2026-11-{day}").rows("明细") for day in (23, 24, 25)}
    states = {day: {row["姓名"]: row["状态"] for row in rows} for day, rows in said.items()}
    assert [states[day]["张三"] for day in (23, 24, 25)] == ["缺交", "按时", "缺交"]
    assert not list((co.share / "钱督").rglob("日报合规_2026-11-26.xlsx"))
