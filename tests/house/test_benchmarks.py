"""The benchmarks do what they say, at their smallest size: no test looks at a time."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import opening, table
from benchmarks.bench import REPOSITORY, TINY, Bench
from benchmarks.inputs import customers, wrong_and_again
from benchmarks.measure import Goal, Measure, side_by_side
from benchmarks.pattern import Copy
from benchmarks.process import Failed, Ran, python, ran
from benchmarks.workbooks import Different, same_work

MEASURED = {
    "workbooks": ("one_workbook.plain_script", "small_workbooks.plain_script", "large_workbook.bare_floor",
                  "large_workbook.memory"),
    "start_up": tuple(f"start_up.{name}{more}" for more in ("", ".memory") for name in ("help", "status", "explain")),
    "statements": ("statements.long_sheet",),
    "photos": ("photos.decoding",),
    "rush": ("init.ten_times_the_people", "rush.plain_script", "rush.cores_busy"),
    "watch": ("watch.answer_beyond_settling",),
    "workers": ("workers.photos", "workers.reports", "workers.call"),
    "growth": ("growth.rows", *(f"growth.{name}{more}" for name in ("run", "nightly", "monthly", "status", "explain")
                                 for more in ("", ".steps"))),
}  # fmt: skip
#: four times the history costs the database less than this; one statement that reads all of it costs more
STEPS = 1.35


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "family", [pytest.param(each, marks=pytest.mark.long if each == "growth" else ()) for each in MEASURED]
)
def test_a_family_measures_what_it_says(family: str, tmp_path: Path) -> None:
    """Both sides' work is compared within: a difference raises."""
    lines = [json.loads(each.line()) for each in benchmarks.run(Bench(REPOSITORY, tmp_path, TINY, None), [family])]
    assert tuple(line["name"] for line in lines) == MEASURED[family]
    for line in lines:
        assert line.keys() == {"name", "ours", "peer", "ratio", "cpu_ratio", "goal", "aim", "unit"}
        assert (line["peer"] is None) == (line["ratio"] is None)
        assert line["name"] in table.WORDS
        if line["name"].endswith(".steps"):
            assert line["ratio"] < STEPS, f"{line['name']}: a statement goes through what was ever there"


def test_every_family_is_known_here_and_every_measure_has_its_words() -> None:
    assert MEASURED.keys() == benchmarks.FAMILIES.keys()
    others = {"large_workbook.frictionless", "large_workbook.import_export"}
    assert {name for names in MEASURED.values() for name in names} | others == table.WORDS.keys()


def test_a_history_goes_on_after_the_numbers_that_a_large_roster_has_taken() -> None:
    copy = Copy(0, timedelta(days=7), {"261113": 10_006}, {})
    assert [copy.fill("number", f"261106-{n:04d}") for n in (3, 4, 3)] == [
        "261113-10007",
        "261113-10008",
        "261113-10007",
    ]


def test_what_takes_turns_in_being_opened_has_the_same_cells() -> None:
    small = argparse.Namespace(customers=3, visits=2, pool=2, colleagues=4)
    found = {which: opening.cells(content) for which, content in opening.workbooks(small)}
    assert found["full"] == found["plain, same cells"] > found["empty"]
    assert found["full without live checks"] == found["full"]


def test_different_work_is_not_compared() -> None:
    rows = customers(200)
    wrong, again = wrong_and_again(rows)
    assert (wrong, again) == (4, 2)
    same_work({"收下": 194, "退回": 4, "重复": 2}, rows)
    with pytest.raises(Different):
        same_work({"收下": 195, "退回": 3, "重复": 2}, rows)


def test_work_goes_in_turns_and_the_ratio_is_that_of_the_rounds() -> None:
    turns: list[str] = []

    def work(name: str, seconds: Sequence[float]) -> object:
        def once(n: int) -> Ran:
            turns.append(name)
            return Ran(seconds[n], 2 * seconds[n], "")

        return once

    measure = side_by_side("x", work("a", (2, 4, 90)), work("b", (1, 4, 30)), 3)  # type: ignore[arg-type]
    assert turns == ["a", "b", "b", "a", "a", "b"]
    assert (measure.ratio, measure.cpu_ratio, measure.ours, measure.peer) == (2, 2, 4, 4)


def test_a_program_that_fails_is_no_measure(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3: odd"):
        ran(python("-c", "import sys; print('odd', file=sys.stderr); sys.exit(3)"), tmp_path)


def test_the_table_says_plainly_what_was_reached() -> None:
    def line(ratio: float) -> dict[str, dict[str, object]]:
        measure = Measure("start_up.help", ratio, 1, "s", Goal(0.6, 0.3), ratio)
        return {measure.name: json.loads(measure.line())}

    *_head, row = table.table(line(1.5), line(0.5))
    assert row.split(" | ")[-4:] == ["**1.5**", "0.5 / 1 s", "**0.5**", "must |"]
    *_head, row = table.table(line(1.5), line(0.25))
    assert row.endswith(" aim |")
    *_head, row = table.table(line(1.5), line(0.61))
    assert row.endswith(" no |")


def test_a_measure_beside_which_nothing_stands_is_judged_by_itself() -> None:
    measure = Measure("watch.answer_beyond_settling", 0.4, None, "s", Goal(0.5, 0.3))
    *_head, row = table.table({}, {measure.name: json.loads(measure.line())})
    assert row.split(" | ")[2:] == ["—", "—", "0.4 s", "—", "must |"]


def test_the_page_holds_the_table_of_the_kept_results() -> None:
    kept = table.table(*(table.read(table.RESULTS / f"{name}.jsonl") for name in ("de4aa56", "now")))
    assert "\n".join(kept) in table.PAGE.read_text("utf-8")
