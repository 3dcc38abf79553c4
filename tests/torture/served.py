"""Commands run one after another in forks of a process that has everything loaded: a tenth of the time of a start.

Started by :mod:`tests.torture.shim`, with the shim before it.  Reader processes are forks as well, of a second process
that has the readers' libraries loaded (not of the one that runs the command: that one has threads).
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import pickle
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from service.company import Service

LOADED = (
    "sync", "service.taking", "service.closing", "service.months", "service.watching", "service.retaking",
    "service.reissuing", "service.founding", "service.answers.opening", "service.answers.messages",
    "service.upkeep.keeping", "service.upkeep.restoring", "service.retaking", "service.upkeep.backups", "intake.reading", "intake.sandbox.worker", "intake.photo.read",
    "intake.photo.copies", "intake.workbook.read", "outbox.draw", "outbox.page.draw", "validators.catalogue",
    "processors.effects", "xlsxwriter", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "psutil", "filelock",
    "watchdog.observers", "chinese_calendar", "phonenumbers", "python_calamine", "openpyxl", "shapely",
)  # fmt: skip
WARMING = (
    ("run", "--now", "2026-11-24T19:00:00"), ("nightly", "--date", "2026-11-24", "--now", "2026-11-25T00:30:00"),
    ("monthly", "--month", "2026-11", "--now", "2026-12-01T01:00:00"), ("verify",),
)  # fmt: skip
LONGEST = 900.0  #: seconds that a command may take: a busy machine is no hang

asked: socket.socket  #: where readers are asked for


class Reader:
    """What a worker's process is, as far as :class:`intake.sandbox.worker.Worker` asks."""

    def __init__(self, pid: int, requests: int, answers: int) -> None:
        self.pid = pid
        self.stdin: BinaryIO = os.fdopen(requests, "wb")
        self.stdout: BinaryIO = os.fdopen(answers, "rb")

    def kill(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)

    def poll(self) -> int | None:
        """None while it lives."""
        try:
            os.kill(self.pid, 0)
        except OSError:
            return -signal.SIGKILL
        return None

    def wait(self) -> int:
        """Until it is gone; its own parent has its exit code."""
        with suppress(OSError):
            while True:
                os.kill(self.pid, 0)
                time.sleep(0.001)
        return -signal.SIGKILL


def forked_reader(noise: Any) -> Reader:
    """In the place of :func:`intake.sandbox.worker._start`."""
    (theirs, requests), (answers, back) = os.pipe(), os.pipe()
    pipes = array.array("i", [theirs, back, noise.fileno()])
    asked.sendmsg([b"r"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, pipes)])
    pid = int.from_bytes(asked.recv(8), "little")
    os.close(theirs)
    os.close(back)
    return Reader(pid, requests, answers)


def fork_readers(mine: socket.socket) -> NoReturn:
    """A process without threads: forks a reader for each three pipes that it is sent, and gives the reader's number."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        words, pipes, _flags, _from = socket.recv_fds(mine, 1, 3)
        if not words:
            os._exit(0)
        pid = os.fork()
        if not pid:
            mine.close()
            read_with(pipes)
        for pipe in pipes:
            os.close(pipe)
        mine.sendall(pid.to_bytes(8, "little"))


def read_with(pipes: list[int]) -> NoReturn:
    """Become a reader, exactly as one that was started."""
    from intake.sandbox.worker import BOOT

    for target, pipe in enumerate(pipes):
        os.dup2(pipe, target)
        os.close(pipe)
    sys.stdin = sys.__stdin__ = os.fdopen(0, "r", encoding="utf-8", closefd=False)  # type: ignore[misc]
    try:
        exec(BOOT, {"__name__": "__main__"})
    finally:
        os._exit(0)


def obey(call: dict[str, Any], log: Path) -> NoReturn:
    """The command itself, in a process of its own."""
    import service.taking
    import service.watching
    import sync
    from service.answers import console

    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    service.taking.BATCH = call["batch"]
    if call["arguments"][0] == "watch":
        stop_after_a_round(service.watching)
        console.running_clock = stopped_clock
    sys.argv = ["sync.py", *call["arguments"]]
    code = 1
    try:
        sync.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def stopped_clock(service: Service, began: datetime) -> Callable[[], datetime]:
    """In the place of a clock that goes on: what is told must be the same each time."""
    assert service
    return lambda: began


def stop_after_a_round(watching: Any) -> None:
    """Somebody stops the watcher as soon as it has left its first sign of life."""
    beat = watching.beat

    def beaten(*told: Any) -> None:
        beat(*told)
        os.kill(os.getpid(), signal.SIGTERM)

    watching.beat = beaten


def run_one(call: dict[str, Any], log: Path, plan: Any) -> dict[str, Any]:
    """Fork, obey, wait; what became of it."""
    pid = os.fork()
    if not pid:
        plan.begin(call, os.getpid())
        obey(call, log)
    deadline = time.monotonic() + LONGEST
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            break
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            code = -99
            break
        time.sleep(0.002)
    told = plan.told()
    plan.rest()
    return {"code": code, **told}


class Inline:
    """A worker that reads in this very process: what a reader loads for its first file is loaded then for all forks."""

    def __init__(self, _limits: object) -> None:
        self.calls, self.healthy = 0, True

    def ask(self, function: bytes, arguments: bytes) -> Any:
        """The result of one call."""
        return pickle.loads(function)(*pickle.loads(arguments))

    def is_there(self) -> bool:
        """It is this process."""
        return True

    def kill(self) -> None:
        """Nothing to end."""

    close = kill


def warm_up(company: Path) -> None:
    """Do everything once on a company that nobody needs, so that forks find everything loaded."""
    import intake.sandbox.worker
    import sync

    worker, intake.sandbox.worker.Worker = intake.sandbox.worker.Worker, Inline  # type: ignore[assignment, misc]
    for line in WARMING:
        with suppress(SystemExit):
            sync.app([*line, "--config", str(company / "config.toml")], standalone_mode=False)
    intake.sandbox.worker.Worker = worker  # type: ignore[misc]
    gc.collect()
    gc.freeze()


def main() -> None:
    """Answer calls, one JSON a line, until there are none."""
    global asked
    from tests.torture.shim import Plan

    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for name in LOADED:
        importlib.import_module(name)
    import intake.sandbox.worker

    if "KEBU_SERVED_WARM" in os.environ:
        try:
            warm_up(Path(os.environ["KEBU_SERVED_WARM"]))
        except BaseException:
            traceback.print_exc()
            os._exit(1)  # its readers' threads would wait for ever

    mine, asked = socket.socketpair()
    if not os.fork():
        asked.close()
        answers.close()
        fork_readers(mine)
    mine.close()
    intake.sandbox.worker._start = forked_reader  # type: ignore[assignment]
    plan = Plan(Path(os.environ["KEBU_SHIM"]))
    log = Path(os.environ["KEBU_SERVED_LOG"])
    for line in sys.stdin:
        print(json.dumps(run_one(json.loads(line), log, plan)), file=answers, flush=True)


if __name__ == "__main__":
    main()
