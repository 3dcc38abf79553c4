"""One large workbook, many small ones: the product beside a plain script, the bare floor and programs of other makers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench import PROGRAMS, Bench
from benchmarks.inputs import CUSTOMERS, Row, customers, workbook, wrong_and_again
from benchmarks.measure import Goal, Measure, Work, beside, compared, side_by_side
from benchmarks.process import Ran, peak_mb, python, ran
from benchmarks.stage import SELLER, Stage, founded

TEN = 10


class Different(AssertionError):
    """Two programs that were to do the same work did not: nothing can be said about their speed."""


def measures(bench: Bench) -> Iterator[Measure]:
    """Every measure of workbooks."""
    sizes, empty = bench.sizes, founded(bench.fresh("company"), bench.product)
    one = Job(bench, empty, {"新客户.xlsx": customers(sizes.rows)})
    yield side_by_side("one_workbook.plain_script", one.ours, one.peer("plain_script"), sizes.rounds, Goal(1.2, 0.6))
    rows = customers(sizes.small * TEN)
    many = Job(bench, empty, {f"{n:03}.xlsx": rows[n * TEN : n * TEN + TEN] for n in range(sizes.small)})
    yield side_by_side(
        "small_workbooks.plain_script", many.ours, many.peer("plain_script"), sizes.rounds, Goal(1.0, 0.5)
    )
    large = Job(bench, empty, {"新客户.xlsx": customers(sizes.large)})
    peers: list[tuple[str, Work, Goal | None]] = [
        ("large_workbook.bare_floor", large.peer("bare_floor"), Goal(12, 6)),
    ]
    if bench.others is not None:
        peers += [
            ("large_workbook.frictionless", large.peer("frictionless_peer", bench.others), Goal(1.0, 0.5)),
            ("large_workbook.import_export", large.peer("import_export_peer", bench.others), Goal(0.5, 0.25)),
        ]
    yield from beside(large.ours, peers, sizes.long_rounds)
    yield compared("large_workbook.memory", large.our_peak(), large.peak("bare_floor"), "MB")
    one.done()


class Job:
    """Workbooks that wait in a drop folder, for the product and for whoever is put beside it."""

    def __init__(self, bench: Bench, empty: Stage, books: Mapping[str, list[Row]]) -> None:
        """Lay the workbooks out once; each run gets a copy."""
        self._bench = bench
        self._loaded = empty.copy(bench.fresh("loaded"))
        for name, rows in books.items():
            workbook(self._loaded.drop(SELLER, name), {CUSTOMERS: rows})
        self._rows = [row for rows in books.values() for row in rows]

    def ours(self, _round: int) -> Ran:
        """One ``run`` of the product."""
        stage = self._loaded.copy(self._bench.folder / "running")
        done = stage.call("--json", "run")
        same_work(_words(json.loads(done.out)["outcomes"]), self._rows)
        return done

    def peer(self, program: str, interpreter: Path | None = None) -> Work:
        """One run of another program over the same share."""

        def work(_round: int) -> Ran:
            done = ran(self._command(program, interpreter), self._bench.product)
            said = json.loads(done.out)
            if program == "bare_floor":  # which decides nothing
                said = {"收下": said["收下"]} if said["收下"] == len(self._rows) else {}
            else:
                same_work(said, self._rows)
            if not said:
                raise Different(f"{program} left rows out")
            return done

        return work

    def our_peak(self) -> float:
        """MB of the product's largest process."""
        return self._loaded.copy(self._bench.folder / "running").peak_mb("run")

    def peak(self, program: str) -> float:
        """The same of another program."""
        return peak_mb(self._command(program, None), self._bench.product)

    def _command(self, program: str, interpreter: Path | None) -> list[str]:
        room = self._bench.fresh(program)
        room.mkdir()
        arguments = (PROGRAMS / f"{program}.py", self._loaded.home / "share", room / "book.db", room / "answers")
        return python(*arguments, **({"interpreter": interpreter} if interpreter else {}))

    def done(self) -> None:
        """Take the last run's company away."""
        shutil.rmtree(self._bench.folder / "running", ignore_errors=True)


def same_work(told: Mapping[str, int], rows: Sequence[Row]) -> None:
    """What is taken must be the same for all; Frictionless calls repeated keys wrong ones.

    :raises Different: it is not what stands in *rows*
    """
    wrong, again = wrong_and_again(rows)
    taken = len(rows) - wrong - again
    if told.get("收下") != taken or told.get("退回", 0) + told.get("重复", 0) != wrong + again:
        raise Different(f"{told}, and not {taken} taken, {wrong} returned, {again} repeated")


def _words(outcomes: Mapping[str, Any]) -> dict[str, int]:
    """The product's 结果 in the words of the script: what waits for its photograph is taken."""
    taken = sum(n for word, n in outcomes.items() if word not in ("退回", "重复"))
    return {"收下": taken, "退回": outcomes.get("退回", 0), "重复": outcomes.get("重复", 0)}
