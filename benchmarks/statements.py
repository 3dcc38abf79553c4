"""How many statements one sheet costs, however long it is: counted by calls, not by time."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.inputs import CUSTOMERS, customers, workbook
from benchmarks.measure import Goal, Measure, compared
from benchmarks.process import ran
from benchmarks.stage import SELLER, Stage, founded

#: Runs a command whose connections count what is asked of them; an ``executemany`` counts once, however many rows it brings.
COUNTED = """
import json, os, runpy, sqlite3, sys
calls = 0
class Cursor(sqlite3.Cursor):
    def execute(self, *arguments):
        global calls
        calls += 1
        return super().execute(*arguments)
    def executemany(self, *arguments):
        global calls
        calls += 1
        return super().executemany(*arguments)
class Connection(sqlite3.Connection):
    def cursor(self, factory=Cursor):
        return super().cursor(factory)
    def execute(self, *arguments):
        return self.cursor().execute(*arguments)
    def executemany(self, *arguments):
        return self.cursor().executemany(*arguments)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **more: connect(*arguments, **{"factory": Connection, **more})
sys.argv = sys.argv[1:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
if __name__ == "__main__":
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        print(json.dumps({"statements": calls}))
"""


def measures(bench: Bench) -> Iterator[Measure]:
    """A long sheet against a short one."""
    empty = founded(bench.fresh("counted"), bench.product)
    long, short = (statements(empty.copy(bench.fresh("counting")), n) for n in (bench.sizes.rows, bench.sizes.few_rows))
    yield compared("statements.long_sheet", long, short, "statements", Goal(1.5, 1.0))


def statements(stage: Stage, rows: int) -> int:
    """Statements that one ``run`` executes for a workbook of so many rows of 客户新增."""
    workbook(stage.drop(SELLER, "新客户.xlsx"), {CUSTOMERS: customers(rows)})
    program = stage.home / "counted.py"  # a file: reader processes that are spawned look for the main program
    program.write_text(COUNTED, "utf-8")
    said = ran([sys.executable, str(program), *stage.command("run")[1:]], stage.product).out
    return int(json.loads(said.strip().splitlines()[-1])["statements"])
