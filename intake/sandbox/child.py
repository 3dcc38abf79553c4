"""The child's side of the sandbox: takes a call, answers, and dies with its parent.

Imports nothing but the standard library, so that a reader starts in a few hundredths of a second.
"""

from __future__ import annotations

import errno
import gc
import os
import pickle
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, Literal

LENGTH = struct.Struct("<Q")
BEGUN = b"begun"  # the function is loaded: from now on the call's time counts
GRACE = 5.0  # seconds that the parent has to kill us before the kernel does


@dataclass(frozen=True)
class Limits:
    """What one call may use: wall-clock seconds, and megabytes on top of the loaded libraries."""

    seconds: float
    megabytes: int


@dataclass(frozen=True)
class Failure:
    """A call without a result; *detail* is for the operator's log, not for staff."""

    kind: Literal["time", "memory", "crash", "error"]
    detail: str


@dataclass(frozen=True)
class Elsewhere:
    """A function by its name: who asks for it never loads it, and with it the libraries that only a reader needs."""

    module: str
    name: str

    def __reduce__(self) -> tuple[Any, ...]:
        return _load, (self.module, self.name)


@dataclass(frozen=True)
class SealedFunction:
    """A function as another process named it: who passes it on never loads it."""

    reference: bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.reference,)


def _load(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def send(pipe: BinaryIO, frame: bytes) -> None:
    """Write one frame; raises OSError when the other end is gone."""
    pipe.write(LENGTH.pack(len(frame)))
    pipe.write(frame)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Read one frame; raises EOFError when the other end is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    frame = pipe.read(length)
    if len(frame) < length:
        raise EOFError
    return frame


def serve() -> None:
    """Answer calls until the parent closes the pipe."""
    gc.disable()  # what a call makes lives until its end: looking through it takes a twentieth of a drawing
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to decide
    requests, answers = _pipes()
    limits: Limits = pickle.loads(receive(requests))
    global _calls_may_take
    _calls_may_take = limits.megabytes
    calls: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, calls), daemon=True).start()
    loaded: dict[bytes, Any] = {}
    while True:
        reference, arguments = calls.get()
        answer = _answer(loaded, reference, arguments, limits, answers)
        _alarm(0)
        send(answers, answer)
        gc.collect(0)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for ourselves: whatever a library prints goes to stderr, never between our frames."""
    requests = sys.stdin.buffer  # it may have read ahead: no other object may be put on this pipe
    sys.stdin = None
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return requests, answers


def _listen(requests: BinaryIO, calls: SimpleQueue[tuple[bytes, bytes]]) -> None:
    """In a thread of its own, so that the parent's death is noticed while a reader is busy."""
    try:
        while True:
            calls.put((receive(requests), receive(requests)))
    except BaseException:
        os._exit(0)


def _answer(loaded: dict[bytes, Any], reference: bytes, arguments: bytes, limits: Limits, out: BinaryIO) -> bytes:
    try:
        if reference not in loaded:
            _limit_memory(None)
            loaded[reference] = pickle.loads(reference)
            _limit_memory(limits.megabytes)
        send(out, BEGUN)
        _alarm(limits.seconds + GRACE)
        return pickle.dumps(_called(loaded[reference], arguments), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(Failure("memory", "MemoryError"))
    except BaseException as error:
        return pickle.dumps(Failure("error", f"{type(error).__name__}: {error}"[:300]))


def _called(function: Any, arguments: bytes) -> Any:
    """What comes of the call; where the disk failed, of a second one: a network drive that hiccups is no broken file."""
    try:
        return function(*pickle.loads(arguments))
    except OSError as error:
        if error.errno not in _PASSING:
            raise
    return function(*pickle.loads(arguments))


#: What a disk or the system says of itself; libraries say of a file's content that an argument is invalid, or nothing.
_PASSING = {
    errno.EIO,
    errno.EBUSY,
    errno.EACCES,
    errno.ENOSPC,
    errno.EMFILE,
    errno.ENFILE,
    errno.ETIMEDOUT,
    errno.ESTALE,
}


@contextmanager
def libraries_loading() -> Iterator[None]:
    """Around an import in the middle of a call: what a library takes is not counted as the file's.

    Does nothing in a process that is no reader.
    """
    if _calls_may_take is None:
        yield
        return
    _limit_memory(None)
    try:
        yield
    finally:
        _limit_memory(_calls_may_take)


_calls_may_take: int | None = None  #: megabytes, once we serve


def _alarm(seconds: float) -> None:
    """Ask the kernel to end us: it works where no Python runs, as in a library that loops after our parent died."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(megabytes: int | None) -> None:
    """Limit the address space to what is in use now plus *megabytes*; None lifts the limit while libraries load."""
    if sys.platform == "win32":
        return  # the parent watches
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    used = _address_space()
    if megabytes is None or used is None:
        soft = hard
    else:
        soft = used + megabytes * 1024 * 1024
        if hard != resource.RLIM_INFINITY:
            soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int | None:
    """Bytes of address space in use; None where the system does not say (the parent watches there)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
