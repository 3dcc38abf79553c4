"""The parent's side of one reader process: start it, ask it, watch it, kill it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, cast

from intake.sandbox.child import Failure, Limits, receive, send

START_SECONDS = 60.0  # for the interpreter and the libraries, on a slow machine with a cold disk
POLL_SECONDS = 0.05
BOOT = (
    "import pickle, sys\nsys.path[:] = pickle.load(sys.stdin.buffer)\nfrom intake.sandbox.child import serve\nserve()\n"
)


class Worker:
    """One reader process.  Not thread-safe: one call at a time; only :meth:`kill` may come from elsewhere."""

    def __init__(self, limits: Limits) -> None:
        self.calls = 0
        self.healthy = True
        self._limits = limits
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = _start(self._noise)
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        self._greeted = False
        self._began: float | None = None
        self._resident = 0

    def ask(self, function: bytes, arguments: bytes) -> Any | Failure:
        """The result of one call, or why there is none; the process is dead afterwards unless it answered."""
        self.calls += 1
        self._began = None
        asked = time.monotonic()
        answer = _in_thread(lambda: self._exchange(function, arguments))
        overstep: Failure | None = None
        while overstep is None:
            with suppress(TimeoutError):
                return self._judged(answer.result(timeout=POLL_SECONDS))
            overstep = self._overstep(asked)
        self.healthy = False
        self.kill()
        with suppress(Exception):
            answer.result()
        return overstep

    def is_there(self) -> bool:
        """Whether the process lives; others may end it while it waits to be asked."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once."""
        with suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """End the process and give everything back."""
        self.kill()
        self._process.wait()
        for stream in (self._requests, self._answers, self._noise):
            with suppress(OSError):
                stream.close()

    def _exchange(self, function: bytes, arguments: bytes) -> bytes | None:
        """Ask and wait for the answer; None when the process died over it."""
        try:
            if not self._greeted:
                self._requests.write(pickle.dumps(sys.path))
                send(self._requests, pickle.dumps(self._limits))
                self._greeted = True
            send(self._requests, function)
            send(self._requests, arguments)
            first = receive(self._answers)
            if first != b"begun":
                return first  # the function could not even be loaded
            self._resident = self._memory()
            self._began = time.monotonic()
            return receive(self._answers)
        except (OSError, EOFError, ValueError):
            return None

    def _judged(self, frame: bytes | None) -> Any | Failure:
        if frame is None:
            self.healthy = False
            return self._post_mortem()
        result = pickle.loads(frame)
        if isinstance(result, Failure) and result.kind == "memory":
            self.healthy = False  # what is left of its heap is not to be trusted with the next file
        return result

    def _overstep(self, asked: float) -> Failure | None:
        now, began = time.monotonic(), self._began
        if began is None:
            return Failure("time", "the reader did not start") if now - asked > START_SECONDS else None
        if now - began > self._limits.seconds:
            return Failure("time", f"more than {self._limits.seconds:g} s")
        if self._memory() - self._resident > self._limits.megabytes * 1024 * 1024:
            return Failure("memory", f"more than {self._limits.megabytes} MB")
        return None

    def _memory(self) -> int:
        """Bytes that the process holds; 0 once it has gone."""
        if sys.platform == "linux":  # the same without psutil, whose loading every call that reads something would pay
            return _resident(self._process.pid)
        import psutil

        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _post_mortem(self) -> Failure:
        """What the process left behind: Rust and C say on stderr that memory was refused, then abort."""
        self.kill()
        code = self._process.wait()
        self._noise.seek(0, os.SEEK_END)
        self._noise.seek(max(0, self._noise.tell() - 2000))
        words = self._noise.read().decode("utf-8", "replace").strip()
        last = words.splitlines()[-1][:200] if words else ""
        refused = any(sign in words for sign in ("memory allocation of", "bad_alloc", "MemoryError"))
        return Failure("memory" if refused else "crash", f"exit code {code}; {last}".rstrip("; "))


def _start(noise: Any) -> subprocess.Popen[bytes]:
    """A bare interpreter: unlike multiprocessing, it does not import the parent's main module again."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    program = sys.executable
    group: dict[str, Any] = {}
    if sys.platform == "win32":
        # python.exe of a venv is only a launcher: killing it would leave the reader running
        program = getattr(sys, "_base_executable", program)
        environment["__PYVENV_LAUNCHER__"] = sys.executable
        group = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        group = {"process_group": 0}  # a Ctrl-C at the terminal does not reach it
    process: subprocess.Popen[bytes] = subprocess.Popen(
        [program, "-P", "-X", "utf8", "-c", BOOT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=noise,
        env=environment,
        **group,
    )
    return process


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):  # gone, or just going
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _in_thread(work: Callable[[], bytes | None]) -> Future[bytes | None]:
    """Pipes cannot be waited for with a time limit everywhere; a thread's result can."""
    future: Future[bytes | None] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name="reader-pipe", daemon=True).start()
    return future
