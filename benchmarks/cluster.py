"""A real dask.distributed cluster on the loopback: a scheduler and its workers, as processes that may be killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psutil

from benchmarks.bench import REPOSITORY

_SCHEDULER = "distributed.cli.dask_scheduler"
_WORKER = "distributed.cli.dask_worker"


@dataclass
class DaskCluster:
    """A scheduler and workers of one thread each."""

    scheduler: str
    tls: Sequence[str] = ()
    head: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, workers: int) -> None:
        """Start it; the workers may take a while to be there."""
        host, port = self.scheduler.rsplit(":", 1)
        self.head = _process(_SCHEDULER, "--host", host, "--port", port, "--no-dashboard", *self.tls)
        for _ in range(workers):
            self.workers.append(_process(_WORKER, self.scheduler, *OPTIONS, *self.tls))

    def readers(self) -> list[list[int]]:
        """The readers that each worker has started."""
        return [_children(worker.pid) for worker in self.workers]

    def lose(self, process: subprocess.Popen[bytes] | None) -> None:
        """One of them is gone, without a word."""
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)

    def stop(self) -> None:
        """End what is left."""
        for process in (*self.workers, self.head):
            if process is not None and process.poll() is None:
                self.lose(process)


#: as docs/手册 tells it, less what is watched by others
OPTIONS = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60", "--memory-limit", "0")


def _process(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _children(pid: int) -> list[int]:
    with contextlib.suppress(psutil.Error):
        return [
            each.pid for each in psutil.Process(pid).children() if "intake.sandbox.child" in " ".join(each.cmdline())
        ]
    return []


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def a_cluster(workers: int = 2, how: str = "tcp", tls: Sequence[str] = ()) -> Iterator[DaskCluster]:
    """A cluster of its own, gone afterwards."""
    made = DaskCluster(f"{how}://127.0.0.1:{free_port()}", tls)
    made.start(workers)
    try:
        yield made
    finally:
        made.stop()
