"""Where the processor time of a run goes: the product's own process, function by function.

    python -m benchmarks.where [one|small] [--sort tottime] [--product FOLDER]

``one``: 2,000 rows in one workbook; ``small``: 150 workbooks of ten rows.  What reader processes do is not seen here.
"""

from __future__ import annotations

import argparse
import pstats
import tempfile
from pathlib import Path

from benchmarks.bench import FULL, REPOSITORY
from benchmarks.inputs import CUSTOMERS, customers, workbook
from benchmarks.process import python, ran
from benchmarks.stage import SELLER, Stage, founded
from benchmarks.workbooks import TEN

_PROFILED = """
import cProfile, os, runpy, sys, time
target, *sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
if __name__ == "__main__":
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        profile.disable()
        profile.dump_stats(target)
"""
SHOWN = 45


def loaded(folder: Path, product: Path, kind: str) -> Stage:
    """A company before whose service the work lies."""
    stage = founded(folder / "company", product)
    if kind == "one":
        workbook(stage.drop(SELLER, "新客户.xlsx"), {CUSTOMERS: customers(FULL.rows)})
    else:
        rows = customers(FULL.small * TEN)
        for n in range(FULL.small):
            workbook(stage.drop(SELLER, f"{n:03}.xlsx"), {CUSTOMERS: rows[n * TEN : n * TEN + TEN]})
    return stage


def profiled(stage: Stage) -> Path:
    """The profile of one ``run``."""
    program, target = stage.home / "profiled.py", stage.home / "run.prof"
    program.write_text(_PROFILED, "utf-8")
    ran(python(program, target, *stage.command("run")[1:]), stage.product)
    return target


def main() -> None:
    """Print the functions under which most time was spent."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.where", description="Where the time of a run goes.")
    parser.add_argument("kind", choices=("one", "small"), nargs="?", default="one")
    parser.add_argument("--sort", default="cumulative", help="cumulative or tottime")
    parser.add_argument("--product", type=Path, default=REPOSITORY)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kebu-where-") as folder:
        profile = profiled(loaded(Path(folder), given.product.resolve(), given.kind))
        pstats.Stats(str(profile)).sort_stats(given.sort).print_stats(SHOWN)


if __name__ == "__main__":
    main()
