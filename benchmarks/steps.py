"""How much the database does for a command: instructions of SQLite's machine, which no other program on the machine disturbs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.stage import NOW, Stage

#: Runs a command whose connections count what SQLite does for them, by the hundred.
COUNTED = """
import os, runpy, sqlite3, sys
hundreds = 0
def tick():
    global hundreds
    hundreds += 1
class Connection(sqlite3.Connection):
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.set_progress_handler(tick, 100)
connect = sqlite3.connect
sqlite3.connect = lambda *arguments, **more: connect(*arguments, **{"factory": Connection, **more})
tally, sys.argv = sys.argv[1], sys.argv[2:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
if __name__ == "__main__":
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    finally:
        with open(tally, "w") as out:
            print(100 * hundreds, file=out)
"""


@dataclass(frozen=True)
class Counting(Stage):
    """A company whose commands tell what the database did for them."""

    tally: Path = Path()  #: where they write it down

    def command(self, *arguments: str, now: datetime | None = NOW) -> list[str]:
        """A command of the product's, counted."""
        program = self.tally.with_suffix(".py")  # a file: reader processes that are spawned look for the main program
        program.write_text(COUNTED, "utf-8")
        return [sys.executable, str(program), str(self.tally), *super().command(*arguments, now=now)[1:]]

    def steps(self) -> int:
        """Instructions of the last command."""
        return int(self.tally.read_text("utf-8"))
