"""A program as a process of its own: how long it took, how busy it kept the machine, how large it grew."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

OPERATOR = 1  #: the product has done its work, and something is left for the operator
_LOOK = 0.01  #: seconds between two looks at the memory


class Failed(RuntimeError):
    """A program that is measured did not do its work; the words are its own."""


@dataclass(frozen=True)
class Ran:
    """A process that has ended well."""

    seconds: float
    cpu_seconds: float  #: of the process and of all that it waited for
    out: str


def ran(
    command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None, *, may_end: Collection[int] = (0,)
) -> Ran:
    """Run *command* in *folder* to its end, undisturbed.

    :param may_end: codes with which it has done its work
    :raises Failed: it ended with another one
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment(more), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in may_end:
        raise Failed(
            f"{' '.join(command)[-300:]} ended with {done.returncode}: {done.stderr[-2000:]}{done.stdout[-500:]}"
        )
    return Ran(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout)


def peak_mb(command: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> float:
    """MB of resident memory at the peak of the largest process of *command*'s tree.

    The looking costs time, so a run is measured for its time or for its memory.
    """
    peak = 0
    with subprocess.Popen(
        command, cwd=folder, env=environment(more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        top = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, *(_resident(each) for each in (top, *_below(top))))
            time.sleep(_LOOK)
    if process.returncode not in (0, OPERATOR):
        raise Failed(f"{' '.join(command)[-300:]} ended with {process.returncode}")
    return peak / 1e6


def _below(top: psutil.Process) -> list[psutil.Process]:
    try:
        return top.children(recursive=True)
    except psutil.Error:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The surroundings of every measured program, ours and others': each with its modules compiled, as they are installed.

    Others' were compiled when they were installed; where bytecode may not be written, ours would be compiled in every run.
    """
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**here, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0", **(more or {})}


def python(*arguments: str | Path, interpreter: str | Path = sys.executable) -> list[str]:
    """A command of Python's."""
    return [str(interpreter), *map(str, arguments)]
