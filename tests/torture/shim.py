"""The shim before a served process: which call is to be counted, killed, failed or written down, and what came of it."""

from __future__ import annotations

import errno
import json
import mmap
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

REPOSITORY = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("shim.c")
KINDS = ("look", "create", "write", "sync", "rename", "link", "unlink", "mkdir", "rmdir", "truncate", "chmod", "read")
CHANGING = sum(1 << n for n, name in enumerate(KINDS) if name not in ("look", "read"))
EVERYTHING = (1 << len(KINDS)) - 1
COUNT, KILL, FAIL_ONCE, FAIL_FOREVER = range(4)
ERRORS = {name: getattr(errno, name) for name in ("ENOSPC", "EIO", "EACCES", "EBUSY", "ESTALE")}


class Plan:
    """The page that all processes share: see ``struct plan`` in shim.c."""

    LAYOUT = struct.Struct("<qqq7i")

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), 4096)

    def begin(self, call: dict[str, Any], main: int) -> None:
        """From now on calls count."""
        plan = (0, call["nth"], main, call["action"], call["error"], call["kinds"], call["record"], 0, 0, 0)
        self._page[: self.LAYOUT.size] = self.LAYOUT.pack(*plan)

    def rest(self) -> None:
        """Nothing counts."""
        self._page[: self.LAYOUT.size] = bytes(self.LAYOUT.size)

    def told(self) -> dict[str, Any]:
        """What happened since the beginning."""
        count, *_middle, happened, kind = self.LAYOUT.unpack(self._page[: self.LAYOUT.size])
        return {"count": count, "happened": happened, "kind": KINDS[kind]}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: (
        int  #: its exit code; negative: the signal that killed it; 70: an exception that nobody explains; -99: it hung
    )
    count: int  #: counted calls
    happened: int  #: how often the plan's action was done
    kind: str  #: of the first such call


class Served:
    """A process with the shim before it that runs commands on the company at *home*; use it with ``with``."""

    def __init__(self, work: Path, home: Path, warm: Path | None = None) -> None:
        self.home, self.log, self.calls = home, work / "said.txt", work / "calls.log"
        library = work / "shim.so"
        if not library.exists():
            compiled(library)
        page = work / "plan"
        page.write_bytes(bytes(4096))
        environment = {
            **os.environ, "LD_PRELOAD": str(library), "KEBU_SHIM": str(page), "KEBU_SHIM_HOME": str(home),
            "KEBU_SHIM_LOG": str(self.calls), "KEBU_SERVED_LOG": str(self.log), "PYTHONPATH": str(REPOSITORY),
            "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
        }  # fmt: skip
        if warm is not None:
            environment["KEBU_SERVED_WARM"] = str(shutil.copytree(warm, work / "warm"))
        self._process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "tests.torture.served"], cwd=REPOSITORY, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("a"), start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> Served:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()

    def run(
        self, *arguments: str, nth: int = 0, action: int = COUNT, error: int = 0, kinds: int = CHANGING,
        record: bool = False, batch: int = 100,
    ) -> Ended:  # fmt: skip
        """A command with the company's config."""
        given = [*arguments, "--config", str(self.home / "config.toml")]
        call = {"arguments": given, "nth": nth, "action": action, "error": error, "kinds": kinds, "record": int(record), "batch": batch}  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(call), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, self.said()
        return Ended(**json.loads(answer))

    def put_back(self, original: Path) -> None:
        """The company as it was in *original*."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(original, self.home)

    def said(self, characters: int = 3000) -> str:
        """What the last commands told."""
        return self.log.read_text("utf-8", "replace")[-characters:]


def compiler() -> str | None:
    """A C compiler of this machine, for Linux only: elsewhere nothing stands before the C library."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None) if sys.platform == "linux" else None  # fmt: skip


def compiled(target: Path) -> None:
    """Build the shim."""
    command: Sequence[str] = [str(compiler()), "-O2", "-shared", "-fPIC", "-o", str(target), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
