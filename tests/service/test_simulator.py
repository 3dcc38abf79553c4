"""A company of thirty lives for sixty days; a count of its own agrees with every day, every review and every fine."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.company import read
from tests.simulator import count, play
from tests.simulator.life import Life, a_life

#: One life takes minutes. ``KEBU_SEEDS=20 pytest tests/service/test_simulator.py``, or ``make simulate``: as many lives as one likes.
SEEDS = range(1, 1 + int(os.environ.get("KEBU_SEEDS", "1")))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_day_every_review_and_every_fine_agrees_with_a_count_of_its_own(seed: int, tmp_path: Path) -> None:
    life = a_life(seed)
    with play.company(tmp_path, life) as co:
        told = play.live(co, life)
        assert _disagreements(life, told) == []
        for month in (9, 10):
            paper = read(co.share / play.HR / "取件" / "报表" / f"日报扣款_2026-{month:02d}.xlsx")
            assert _people_and_days(paper.sheets["明细"]) == count.fines(life, month)
            assert _people_and_days(paper.sheets.get("待核实", [])) == count.undecided(life, month)
            assert _amounts(paper.sheets["汇总"]) == _counted_amounts(life, month)


def _disagreements(life: Life, told: dict[date, dict[str, dict[str, Any]]]) -> list[str]:
    """Every person-day on which the morning's report and the count differ."""
    found = []
    for day, lines in told.items():
        for name in life.people:
            state, line = count.first_state(life, name, day), lines.get(name, {})
            if line.get("状态", "") != state:
                found.append(f"{day} {name}: {line.get('状态')}, counted {state}")
            if state in ("按时", "迟交"):
                review = (line["审核状态"], line["审核人"])
                wanted = ("按时", count.reviewer(life, name, day))
                found += [f"{day} {name}: {review}, counted {wanted}"] if review != wanted else []
    return found


def _people_and_days(rows: list[dict[str, Any]]) -> set[tuple[str, date]]:
    return {(row["姓名"], _day(row["日期"])) for row in rows if row.get("日期")}


def _day(cell: Any) -> date:
    return cell.date() if isinstance(cell, datetime) else date.fromisoformat(str(cell)[:10])


def _amounts(rows: list[dict[str, Any]]) -> dict[str, float]:
    return {row["姓名"]: row["扣款金额(元)"] for row in rows if row.get("姓名")}


def _counted_amounts(life: Life, month: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, _day in count.fines(life, month):
        found[name] = found.get(name, 0) + count.YUAN
    return found


def test_two_seeds_are_two_lives() -> None:
    assert a_life(1) == a_life(1)
    assert a_life(1) != a_life(2)
