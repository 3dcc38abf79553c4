"""A company of thirty lives for sixty days; a count of its own agrees with every day, every review, fine and version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import count, play
from tests.simulator.count import Month
from tests.simulator.life import CLOSED, LATE, NOTHING, ON_TIME, Life, a_life
from tests.simulator.play import Night, Play, day_of

#: One life takes minutes. ``KEBU_SEEDS=20 pytest tests/service/test_simulator.py``, or ``make simulate``: as many lives as one likes.
SEEDS = range(1, 1 + int(os.environ.get("KEBU_SEEDS", "1")))


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_every_day_review_fine_and_version_agrees_with_a_count_of_its_own(seed: int, tmp_path: Path) -> None:
    life = a_life(seed)
    months: dict[int, list[Month]] = {number: [] for number in CLOSED}  # what HR was given, version by version
    with play.company(tmp_path, life) as co:
        living = Play(co, life)
        for night in living.nights():
            assert [*_days(life, living, night), *_months(life, living, night, months)] == []
        last = life.days[-1] + 2 * count.DAY
        assert list(count.unanswered(life, living.asked, last)) == [], "企管部 was never asked"
        assert all(len(versions) > 1 for versions in months.values()), "nothing changed after the month was reported"


def _days(life: Life, living: Play, night: Night) -> Iterator[str]:
    """Every person-day and review on which the morning's report and the count differ."""
    day = night.day
    for name in life.people if day in life.days else ():
        called = life.called(name, day)
        wanted, line = count.state(life, living.asked, name, day, day), night.lines.get(called, {})
        if line.get("状态", "") != wanted:
            yield f"{day} {called}: {line.get('状态')} {line.get('说明')}, counted {wanted}"
        if wanted in ("按时", "迟交"):
            review, expected = (line["审核状态"], line["审核人"]), ("按时", count.reviewer(life, name, day))
            if review != expected:
                yield f"{day} {called}: {review}, counted {expected}"


def _months(life: Life, living: Play, night: Night, months: dict[int, list[Month]]) -> Iterator[str]:
    """Where HR's workbook, 企管部's calendar or the number of their versions differs from the count."""
    at = night.day
    for number, last in CLOSED.items():
        if not life.days[0] <= last <= at:
            continue
        counted, versions = count.month(life, living.asked, number, at), months[number]
        due = counted.differs(versions[-1] if versions else None)
        if due != (number in night.deductions):
            yield f"{at}: {'no' if due else 'a'} new version of month {number}"
        if number in night.deductions:
            yield from _paper(life, at, night.deductions[number], counted, versions[-1] if versions else None)
            versions.append(counted)
        if night.versions[number] != len(versions):
            yield f"{at}: {night.versions[number]} versions of month {number}, counted {len(versions)}"
        yield from _calendar(life, living, night, number)


def _paper(life: Life, at: date, paper: dict[str, Any], counted: Month, before: Month | None) -> Iterator[str]:
    """Every line, sum and change of HR's workbook."""
    called = {life.called(name, at): name for name in life.people}

    def keys(sheet: str) -> set[tuple[str, date]]:
        return {(called.get(row["姓名"], row["姓名"]), day_of(row["日期"])) for row in paper.get(sheet, [])}

    sums = {called.get(row["姓名"], row["姓名"]): row["扣款金额(元)"] for row in paper["汇总"] if row["姓名"]}
    said = [str(row["部门"]) for row in paper["汇总"] if str(row["部门"]).startswith("未核定")]
    changes = {
        (row["变化"], called.get(row["姓名"], row["姓名"]), day_of(row["日期"])) for row in paper.get("变化", [])
    }
    old = before.fines if before else counted.fines
    wanted = {*(("撤销", *key) for key in old - counted.fines), *(("新增", *key) for key in counted.fines - old)}
    for what, found, expected in (
        ("fines", keys("明细"), counted.fines), ("undecided", keys("待核实"), counted.undecided),
        ("changes", changes, wanted),
    ):  # fmt: skip
        if found != expected:
            yield f"{at} {what}: only there {sorted(found - expected)}, only counted {sorted(expected - found)}"
    if sums != counted.amounts():
        yield f"{at} sums: {sums}, counted {counted.amounts()}"
    if [f"还有 {counted.unsigned} 条" in words for words in said] != ([True] if counted.unsigned else []):
        yield f"{at}: {said}, counted {counted.unsigned} to be decided"


def _calendar(life: Life, living: Play, night: Night, number: int) -> Iterator[str]:
    """Every person-day of the calendar where it is new."""
    rows = {row["姓名"]: row for row in night.calendars.get(number, ())}
    for day in life.days if rows else ():
        if day.month != number:
            continue
        for name in life.people:
            row = rows.get(life.called(name, night.day), {})
            found = next((cell for header, cell in row.items() if header.split("\n")[0] == str(day.day)), None)
            wanted = count.SIGNS[count.state(life, living.asked, name, day, night.day)]
            if (found or None) != wanted:
                yield f"{night.day} 月历 {day} {name}: {found}, counted {wanted}"


def test_two_seeds_are_two_lives() -> None:
    assert a_life(1) == a_life(1)
    assert a_life(1) != a_life(2)


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_happens_in_a_life(seed: int) -> None:
    """A life in which nothing of a kind happens would show nothing about it."""
    life = a_life(seed)
    assert len(life.people) >= 30
    assert len(life.days) >= 60
    assert set(life.does.values()) >= {ON_TIME, LATE, NOTHING}
    late = [leave for leave in life.leaves if leave.told_on > leave.end]
    mended = [leave for leave in life.leaves if leave.mended_on]
    far_too_late = [leave for leave in late if leave.told_on > CLOSED.get(leave.start.month, date.max)]
    for happens in (
        life.appeals, life.rulings, life.voids, life.deputies, life.renames, life.goes, life.joins, mended, far_too_late,
    ):  # fmt: skip
        assert happens
