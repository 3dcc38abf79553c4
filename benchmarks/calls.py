"""Many commands of one product in one process: where they are only a means, their start-up is nobody's concern."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime

from benchmarks.process import Failed, environment, python
from benchmarks.stage import Stage

_LISTENS = """
import json, sys
sys.path.insert(0, ".")
from typer.testing import CliRunner
import sync
if __name__ == "__main__":
    for line in sys.stdin:
        done = CliRunner().invoke(sync.app, json.loads(line))
        print(json.dumps({"code": done.exit_code, "out": done.output}), flush=True)
"""


class Calls:
    """A process that carries out one command after another."""

    def __init__(self, stage: Stage) -> None:
        """Start it in the product's folder."""
        program = stage.home / "calls.py"  # a file: reader processes that are spawned look for the main program
        program.write_text(_LISTENS, "utf-8")
        self._stage = stage
        self._process = subprocess.Popen(
            python(program),
            cwd=stage.product,
            env=environment(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __call__(self, *arguments: str, now: datetime) -> str:
        """Carry out a command; gives what it printed.

        :raises Failed: it ended with another code than 0
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(self._stage.command(*arguments, now=now)[2:]), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        if answer["code"]:
            raise Failed(f"{arguments} at {now}: {answer['out']}")
        return str(answer["out"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
