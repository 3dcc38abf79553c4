"""The table in docs/performance.md, from the lines of two runs.

python -m benchmarks.table [BEFORE.jsonl NOW.jsonl]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench import REPOSITORY

RESULTS = Path(__file__).parent / "results"
PAGE = REPOSITORY / "docs" / "performance.md"
BEGIN, END = "<!-- table: made by `make bench-table` -->", "<!-- end of the table -->"

Line = Mapping[str, Any]

WORDS = {
    "one_workbook.plain_script": "2,000 rows in one workbook, against the plain script",
    "small_workbooks.plain_script": "150 ten-row workbooks, against the plain script",
    "large_workbook.bare_floor": "10,000 rows in one workbook, against the bare floor",
    "large_workbook.frictionless": "the same against frictionless",
    "large_workbook.import_export": "the same against tuned django-import-export",
    "large_workbook.memory": "its largest process, against the bare floor's",
    "start_up.help": "`--help`, against importing the script's libraries",
    "start_up.status": "`status` on a small book, against the same",
    "start_up.explain": "`explain` on a small book, against the same",
    "start_up.help.memory": "memory of `--help`",
    "start_up.status.memory": "memory of `status`",
    "start_up.explain.memory": "memory of `explain`",
    "statements.long_sheet": "statements for a sheet of 2,000 rows, against one of 20",
    "photos.decoding": "120 photos of 12 megapixels, against decoding each once on both cores",
    "rush.plain_script": "2,000 daily reports waiting, against the plain script",
    "rush.cores_busy": "both cores busy meanwhile",
    "init.ten_times_the_people": "`init` with 300 people, against 30",
    "watch.answer_beyond_settling": "`watch`: answer to a workbook with two photos, beyond settling",
    "workers.photos": "120 photos by two workers of a Dask cluster, against two children of the service, on the same two cores",
    "workers.reports": "2,000 daily reports: the same",
    "workers.call": "a call to a worker and back in which nothing is done, processor time of all",
    "growth.rows": "rows in the old book, against the young one",
    "growth.run": "`run` of one workbook and photo: old book against an empty one",
    "growth.nightly": "`nightly`: old book against one of two months",
    "growth.monthly": "`monthly`: the same",
    "growth.status": "`status`: the same",
    "growth.explain": "`explain`: the same",
    "growth.run.steps": "what the database does for `run` (instructions): old book against an empty one",
    "growth.nightly.steps": "for `nightly`: old book against one of two months",
    "growth.monthly.steps": "for `monthly`: the same",
    "growth.status.steps": "for `status`: the same",
    "growth.explain.steps": "for `explain`: the same",
}


def read(path: Path) -> dict[str, Line]:
    """Measure → its newest line."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
    return {line["name"]: line for line in lines}


def table(before: Mapping[str, Line], now: Mapping[str, Line]) -> list[str]:
    """The rows, in the order of ``WORDS``."""
    made = [
        "| measure | must / aim | before (de4aa56): ours / beside | ratio | now: ours / beside | ratio | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, words in WORDS.items():
        if name in before or name in now:
            old, new = before.get(name), now.get(name)
            either = new or old
            assert either is not None
            goal = f"≤ {either['goal']:g} / ≤ {either['aim']:g}" if either["goal"] is not None else "—"
            cells = (words, goal, _figures(old), _ratio(old), _figures(new), _ratio(new), _reached(new))
            made.append(f"| {' | '.join(cells)} |")
    return made


def _figures(line: Line | None) -> str:
    if line is None:
        return "—"
    figures = [_short(line[side]) for side in ("ours", "peer") if line[side] is not None]
    return " / ".join(figures) + ("" if line["unit"] in ("rows", "statements", "steps") else f" {line['unit']}")


def _ratio(line: Line | None) -> str:
    if line is None or line["ratio"] is None:
        return "—"
    of_processor = "" if line["cpu_ratio"] is None else f" ({_short(line['cpu_ratio'])})"
    return f"**{_short(line['ratio'])}**{of_processor}"


def _reached(line: Line | None) -> str:
    if line is None or line["goal"] is None:
        return "—"
    figure = line["ours"] if line["ratio"] is None else line["ratio"]
    return "aim" if figure <= line["aim"] else "must" if figure <= line["goal"] else "no"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _pages(rows: Sequence[str]) -> Iterator[str]:
    """The page with the table between its marks made anew."""
    head, _old, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _table, _mark, tail = rest.partition(END)
    yield from (head, BEGIN, "\n\n", "\n".join(rows), "\n\n", END, tail)


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]] or [RESULTS / "de4aa56.jsonl", RESULTS / "now.jsonl"]
    PAGE.write_text("".join(_pages(table(*map(read, given)))), "utf-8")
