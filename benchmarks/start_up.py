"""What a command costs before it does anything: beside the imports with which a script would begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.inputs import REPORTS, reports, workbook
from benchmarks.measure import Goal, Measure, compared, side_by_side
from benchmarks.process import OPERATOR, Ran, peak_mb, python, ran
from benchmarks.stage import NOW, SELLER, founded

IMPORTS = "import pandas, openpyxl, pydantic, sqlite_utils"
GOAL = Goal(0.6, 0.3)


def measures(bench: Bench) -> Iterator[Measure]:
    """``--help``, ``status`` and ``explain`` on a small book."""
    stage = founded(bench.fresh("small"), bench.product)
    rows = reports(NOW.date(), 1, seed=7)
    workbook(stage.drop(SELLER, "日报.xlsx"), {REPORTS: rows})
    stage.call("run")
    ((number,),) = stage.ask("SELECT receipt_no FROM daily_reports")
    commands = {
        "help": python(stage.product / "sync.py", "--help"),
        "status": stage.command("status"),
        "explain": stage.command("explain", number),
    }
    peer = python("-c", IMPORTS)
    for name, command in commands.items():
        yield side_by_side(
            f"start_up.{name}",
            partial(_ran, command, bench.product),
            partial(_ran, peer, bench.product),
            bench.sizes.rounds * 2,
            GOAL,
        )
    beside = peak_mb(peer, bench.product)
    for name, command in commands.items():
        yield compared(f"start_up.{name}.memory", peak_mb(command, bench.product), beside, "MB")


def _ran(command: Sequence[str], folder: Path, _round: int) -> Ran:
    return ran(command, folder, may_end=(0, OPERATOR))  # nobody watches this company
