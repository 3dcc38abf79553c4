"""20:00: everybody hands in a daily report at once; and a company of many people is set up."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta

from benchmarks.bench import PROGRAMS, Bench, Sizes
from benchmarks.inputs import REPORTS, report, workbook
from benchmarks.measure import Measure, compared, side_by_side
from benchmarks.process import Ran, python, ran
from benchmarks.stage import NOW, Stage, crowd, founded, prepared
from benchmarks.workbooks import Different

CORES = 2


def measures(bench: Bench) -> Iterator[Measure]:
    """The rush, and setting up."""
    yield _set_up(bench)
    loaded = founded(bench.fresh("crowd"), bench.product, crowd(bench.sizes.crowd))
    hand_in(loaded, bench.sizes)
    busy = list[float]()

    def ours(_round: int) -> Ran:
        done = loaded.copy(bench.folder / "running").call("--json", "run")
        told = json.loads(done.out)["outcomes"]
        _same(sum(told.values()) - told.get("退回", 0) - told.get("重复", 0), bench)
        busy.append(done.cpu_seconds / done.seconds / CORES)
        return done

    def script(_round: int) -> Ran:
        room = bench.fresh("rush")
        room.mkdir()
        program = PROGRAMS / "plain_script.py"
        done = ran(python(program, loaded.home / "share", room / "book.db", room / "answers"), bench.product)
        _same(json.loads(done.out).get("收下", 0), bench)
        return done

    yield side_by_side("rush.plain_script", ours, script, 1)
    yield Measure("rush.cores_busy", 100 * max(busy), None, "%")


def hand_in(stage: Stage, sizes: Sizes) -> None:
    """One report a workbook: everybody's of today, then those of the days before, until there are enough."""
    people = [who["姓名"] for who in crowd(sizes.crowd) if who["岗位"] == "销售人员"]
    for n in range(sizes.reports):
        who, back = people[n % len(people)], n // len(people)
        row = report(NOW.date() - timedelta(days=back), random.Random(n))
        workbook(stage.drop(who, f"日报{back}.xlsx"), {REPORTS: [row]})


def _same(taken: int, bench: Bench) -> None:
    if taken != bench.sizes.reports:
        raise Different(f"{taken} of {bench.sizes.reports} reports were taken")


def _set_up(bench: Bench) -> Measure:
    """``init`` for all, against one for a tenth of them."""
    all_of_them, a_tenth = (
        prepared(bench.fresh("init"), bench.product).found(crowd(n)).seconds
        for n in (bench.sizes.crowd, max(1, bench.sizes.crowd // 10))
    )
    return compared("init.ten_times_the_people", all_of_them, a_tenth, "s")
