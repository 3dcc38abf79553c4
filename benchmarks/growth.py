"""What people and years of history cost: the same day's work with little and with much behind it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from benchmarks.bench import REPOSITORY, Bench
from benchmarks.inputs import workbook
from benchmarks.measure import Goal, Measure, compared, side_by_side
from benchmarks.model import MANAGER, MONDAY, SELLERS, VISITS, Model, win_customers
from benchmarks.photos import photograph_taken
from benchmarks.process import OPERATOR, Ran, python, ran
from benchmarks.stage import NOW, Stage, crowd, founded, prepared
from benchmarks.steps import Counting

YEAR = 52.18  #: weeks
ARCHIVE_WEEKS = 60  #: with more behind them, books are proved without tiny files in the archive: millions of them
EVENING = NOW.replace(hour=21, minute=30)
NIGHT = NOW.replace(hour=0, minute=30) + timedelta(days=1)
LAST_MONTH = f"{NOW.replace(day=1) - timedelta(days=1):%Y-%m}"

DAY, AGE = Goal(1.2, 1.05), Goal(1.5, 1.1)


def measures(bench: Bench) -> Iterator[Measure]:
    """The old book against one in which a seller has just won the first customers, and a young one of as many people."""
    sizes = bench.sizes
    pattern = bench.fresh("pattern").with_suffix(".json")
    model = Model(bench.fresh("model"), bench.product, sizes.days).journal((NOW - MONDAY.replace(hour=18)).days)
    pattern.write_text(json.dumps(model, ensure_ascii=False), "utf-8")
    empty = founded(bench.fresh("empty"), bench.product, crowd(sizes.people))
    win_customers(empty, SELLERS[3], MANAGER, NOW.replace(hour=10))
    young = _book(bench, pattern, max(5, round(YEAR * sizes.young)))
    old = _book(bench, pattern, round(YEAR * sizes.years))
    yield compared("growth.rows", _rows(old), _rows(young), "rows")
    for name, work, beside, goal in (
        ("run", _run, empty, DAY),
        ("nightly", _nightly, young, AGE),
        ("monthly", _monthly, young, AGE),
        ("status", _status, young, AGE),
        ("explain", _explain, young, AGE),
    ):
        yield from _aged(bench, f"growth.{name}", work, old, beside, goal)


def _aged(
    bench: Bench, name: str, work: Callable[[Stage, int], Ran], old: Stage, beside: Stage, goal: Goal
) -> Iterator[Measure]:
    """The same work on a copy of either book; only ``run`` may change what later rounds meet, so each has its own copy.

    By time, and then once more by what the database did for it.
    """
    first, second = (
        stage.copy(bench.folder / f"{place}-running", without="archive")
        for stage, place in ((old, "old"), (beside, "beside"))
    )
    rounds = bench.sizes.rounds
    yield side_by_side(name, partial(work, first), partial(work, second), rounds, goal)
    ours, theirs = (_steps(bench, work, stage, rounds) for stage in (first, second))
    yield compared(f"{name}.steps", ours, theirs, "steps", goal)


def _steps(bench: Bench, work: Callable[[Stage, int], Ran], stage: Stage, n: int) -> int:
    counting = Counting(stage.home, stage.product, bench.folder / "steps")
    work(counting, n)
    return counting.steps()


def _book(bench: Bench, pattern: Path, weeks: int) -> Stage:
    """A company with so many weeks behind it, proved."""
    stage = prepared(bench.fresh("aged"), bench.product)
    people = crowd(bench.sizes.people)
    stage.found(people, MONDAY - timedelta(days=3) + (NOW.date() - MONDAY.date()) - timedelta(weeks=weeks))
    whole = weeks <= ARCHIVE_WEEKS
    size = (str(bench.sizes.people // 10), str(weeks), *(["--archive"] if whole else []))
    command = python("-m", "benchmarks.history", pattern, stage.home, *size)
    ran(command, bench.product, {"PYTHONPATH": str(REPOSITORY)})
    if whole:
        stage.call("verify", now=EVENING)
    else:
        ran(python("-m", "benchmarks.prove", stage.home), bench.product, {"PYTHONPATH": str(REPOSITORY)})
    return stage


def _rows(stage: Stage) -> int:
    ((n,),) = stage.ask("SELECT COUNT(*) FROM journal WHERE kind = 'row.received'")
    return int(n)


def _run(stage: Stage, n: int) -> Ran:
    """One small workbook and its photograph."""
    who, now = SELLERS[3], EVENING + timedelta(minutes=n)
    ((known,),) = stage.ask("SELECT name FROM customers WHERE owner = ? ORDER BY id LIMIT 1", who)
    row = {
        "客户名称": known, "现场照片": f"新{n}.jpg", "拜访对象": "采购部李经理",
        "拜访目的": "确认合同付款的节点", "拜访记录": f"当面核对了第 {n} 版付款节点，对方财务下周一付首款；另外约好月底演示。",
    }  # fmt: skip
    stage.drop(who, f"新{n}.jpg").write_bytes(photograph_taken(9000 + n, 3, now - timedelta(minutes=30)))
    workbook(stage.drop(who, f"新{n}.xlsx"), {VISITS: [row]})
    done = stage.call("--json", "run", now=now)
    assert json.loads(done.out)["files"] == 2, done.out
    return done


def _nightly(stage: Stage, n: int) -> Ran:
    """The day that has just ended is closed; again, so that every round has the same to do."""
    return _again(stage, n, "nightly", "--date", f"{NOW:%Y-%m-%d}")


def _monthly(stage: Stage, n: int) -> Ran:
    """The last whole month."""
    return _again(stage, n, "monthly", "--month", LAST_MONTH)


def _again(stage: Stage, n: int, *arguments: str) -> Ran:
    """On a fresh copy: what has been closed once is not closed again."""
    copy = stage.copy(stage.home.with_name(f"{stage.home.name}-{n}"), without="archive")
    try:
        return copy.call(*arguments, now=NIGHT)
    finally:
        copy.remove()


def _status(stage: Stage, _n: int) -> Ran:
    return stage.call("--json", "status", now=EVENING, may_end=(0, OPERATOR))


def _explain(stage: Stage, _n: int) -> Ran:
    """The story of a report of two months ago, or the oldest there is."""
    ((number,),) = stage.ask(
        "SELECT receipt_no FROM daily_reports WHERE person = ? ORDER BY date <> ?, date LIMIT 1",
        SELLERS[5], f"{NOW - timedelta(weeks=4):%Y-%m-%d}",
    )  # fmt: skip
    return stage.call("explain", number, now=EVENING)
