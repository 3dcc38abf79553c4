"""``python -m benchmarks``: how fast, side by side.

    python -m benchmarks [--quick | --history] [--json] [--only FAMILY …] [--save FILE] [--product FOLDER]

Each family of measures stands in a module of its own.  ``--product`` measures the sync.py of another working copy, an
older one for instance.  ``--save`` adds the lines to a file, from which ``python -m benchmarks.table`` refreshes docs/performance.md.
"""

from __future__ import annotations

import argparse
import compileall
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import growth, photos, rush, start_up, statements, watching, workbooks, workers
from benchmarks.bench import FULL, HISTORY, QUICK, REPOSITORY, Bench
from benchmarks.measure import Measure

FAMILIES: Mapping[str, Callable[[Bench], Iterator[Measure]]] = {
    "workbooks": workbooks.measures,
    "start_up": start_up.measures,
    "statements": statements.measures,
    "photos": photos.measures,
    "rush": rush.measures,
    "watch": watching.measures,
    "workers": workers.measures,
    "growth": growth.measures,
}
OTHERS = REPOSITORY / ".venv-bench" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(bench: Bench, names: list[str]) -> Iterator[Measure]:
    """The measures of some families, as they come."""
    for name in names:
        yield from FAMILIES[name](bench)


def main() -> None:
    """Measure, and say each line as soon as it is known."""
    given = _arguments().parse_args()
    names = given.only or (["growth"] if given.history else list(FAMILIES))
    sizes = HISTORY if given.history else QUICK if given.quick else FULL
    compileall.compile_dir(given.product, quiet=1, rx=re.compile(r"[\\/](\.venv|tests)"))  # as others' libraries are
    with tempfile.TemporaryDirectory(prefix="kebu-bench-", dir=given.room, ignore_cleanup_errors=True) as folder:
        others = OTHERS if OTHERS.exists() else None
        for measure in run(Bench(given.product.resolve(), Path(folder), sizes, others), names):
            print(measure.line() if given.json else words(measure), flush=True)
            if given.save:
                with given.save.open("a", encoding="utf-8") as lines:
                    print(measure.line(), file=lines)
    if others is None and "workbooks" in names:
        print(
            "frictionless and django-import-export were left out: `make bench` makes their environment", file=sys.stderr
        )


def words(measure: Measure) -> str:
    """A line for people."""
    beside = "" if measure.peer is None else f"  against {measure.peer:10.3f}"
    ratio = "" if measure.ratio is None else f"  ratio {measure.ratio:6.2f}"
    cpu = "" if measure.cpu_ratio is None else f" (processor {measure.cpu_ratio:.2f})"
    goal = f"  must ≤ {measure.goal.must:g}, aim ≤ {measure.goal.aim:g}" if measure.goal else ""
    return f"{measure.name:34} {measure.ours:10.3f} {measure.unit:10}{beside}{ratio}{cpu}{goal}"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast, side by side.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="less of everything, in some three minutes")
    size.add_argument("--history", action="store_true", help="growth only: 300 people and five years behind them")
    parser.add_argument("--json", action="store_true", help="one JSON line a measure")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, help="some families only")
    parser.add_argument("--save", type=Path, help="add the JSON lines to this file as well")
    parser.add_argument("--product", type=Path, default=REPOSITORY, help="the working copy whose sync.py is measured")
    parser.add_argument("--room", type=Path, help="where companies are made; the system's temporary folder by default")
    return parser


if __name__ == "__main__":
    main()
