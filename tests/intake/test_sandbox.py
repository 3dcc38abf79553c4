"""LocalReaders that may be killed, with real processes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Failure, Limits

ROOT = Path(__file__).parents[2]


def double(number: int) -> int:
    return number * 2


def slow_double(number: int, seconds: float) -> int:
    time.sleep(seconds)
    return number * 2


def loop_for_ever() -> None:
    while True:
        pass


def loop_in_c() -> int:
    return sum(iter(int, 1))  # never gives the interpreter back


def swallow(gigabytes: int) -> int:
    return len(bytearray(gigabytes * 1024**3))


def creep() -> None:
    kept = []
    while True:
        kept.append(os.urandom(1024 * 1024))


def pid() -> int:
    return os.getpid()


def abort() -> None:
    os.abort()


def read_at_the_second_try(number: int, tries: str) -> str:
    with Path(tries).open("a+") as file:
        file.write("x")
        file.seek(0)
        if file.read() == "x":
            raise OSError(number, os.strerror(number))
    return "read"


def leave(code: int) -> None:
    sys.exit(code)


def leave_hard() -> None:
    os._exit(3)


def fail() -> None:
    raise KeyError("柜")


def die_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os.abort()
    return "done"


def chatter() -> str:
    print("noise on stdout")
    os.write(1, b"more noise")
    return "quiet"


def unpicklable() -> object:
    return lambda: None


def environment(name: str) -> str | None:
    return os.environ.get(name)


def modules() -> list[str]:
    return sorted(sys.modules)


@pytest.fixture(scope="module")
def readers() -> Iterator[LocalReaders]:
    with LocalReaders(Limits(seconds=1.0, megabytes=200)) as pool:
        yield pool


def one(readers: LocalReaders, function: object, *arguments: object) -> object:
    return next(readers.map(function, [arguments]))  # type: ignore[arg-type]


def test_results_come_in_the_order_of_the_calls(readers: LocalReaders) -> None:
    calls = [(number, 0.2 if number == 0 else 0.0) for number in range(12)]
    assert list(readers.map(slow_double, calls)) == [number * 2 for number in range(12)]


def test_an_endless_loop_is_killed_at_its_limit_and_costs_only_itself(readers: LocalReaders) -> None:
    started = time.monotonic()
    assert one(readers, loop_for_ever) == Failure("time", "more than 1 s")
    assert time.monotonic() - started < 5
    assert one(readers, double, 4) == 8


def test_a_loop_inside_c_is_killed_too(readers: LocalReaders) -> None:
    result = one(readers, loop_in_c)
    assert isinstance(result, Failure)
    assert result.kind == "time"


def test_the_killed_process_is_gone_for_good(readers: LocalReaders) -> None:
    victims = {one(readers, pid) for _ in range(4)}
    list(readers.map(loop_for_ever, [(), ()]))
    assert not any(psutil.pid_exists(victim) for victim in victims if isinstance(victim, int))


@pytest.mark.parametrize("gigabytes", [2, 500])
def test_gigabytes_are_refused(readers: LocalReaders, gigabytes: int) -> None:
    result = one(readers, swallow, gigabytes)
    assert isinstance(result, Failure)
    assert result.kind == "memory"
    assert one(readers, double, 4) == 8


def test_memory_taken_bit_by_bit_is_refused() -> None:
    with LocalReaders(Limits(seconds=20, megabytes=100), workers=1) as pool:
        result = one(pool, creep)
    assert isinstance(result, Failure)
    assert result.kind == "memory"


@pytest.mark.parametrize("death", [abort, leave_hard])
def test_a_dying_process_fails_that_call_only(readers: LocalReaders, death: object) -> None:
    result = one(readers, death)
    assert isinstance(result, Failure)
    assert result.kind == "crash"
    assert one(readers, double, 4) == 8


def test_readers_that_others_ended_while_they_were_idle_cost_nobody_a_call(readers: LocalReaders) -> None:
    """The kernel ends what takes most memory, and never asks whose turn it is."""
    victims = [victim for _ in range(4) if isinstance(victim := one(readers, pid), int)]
    for victim in map(psutil.Process, set(victims)):
        victim.kill()
        victim.wait(5)
    assert [one(readers, double, n) for n in range(4)] == [0, 2, 4, 6]


def test_a_call_whose_reader_died_is_asked_once_more(readers: LocalReaders, tmp_path: Path) -> None:
    assert one(readers, die_once, tmp_path / "mark") == "done"


def test_an_exception_is_an_error_with_its_type(readers: LocalReaders) -> None:
    result = one(readers, fail)
    assert isinstance(result, Failure)
    assert result.kind == "error"
    assert result.detail.startswith("KeyError")


def test_sys_exit_does_not_end_the_pool(readers: LocalReaders) -> None:
    result = one(readers, leave, 0)
    assert isinstance(result, Failure)
    assert (result.kind, result.detail[:10]) == ("error", "SystemExit")


def test_what_a_library_prints_does_not_disturb_the_answers(readers: LocalReaders) -> None:
    assert [one(readers, chatter) for _ in range(3)] == ["quiet"] * 3


def test_a_result_that_cannot_travel_is_an_error(readers: LocalReaders) -> None:
    result = one(readers, unpicklable)
    assert isinstance(result, Failure)
    assert result.kind == "error"


def test_a_failure_in_the_middle_keeps_the_order(readers: LocalReaders) -> None:
    results = list(readers.map(_sometimes, [(n,) for n in range(6)]))
    assert [r if not isinstance(r, Failure) else r.kind for r in results] == [0, 1, "crash", 3, "error", 5]


def _sometimes(number: int) -> int:
    if number == 2:
        os.abort()
    if number == 4:
        raise ValueError
    return number


def test_numeric_libraries_get_one_thread(readers: LocalReaders) -> None:
    assert one(readers, environment, "OPENBLAS_NUM_THREADS") == "1"


def test_starting_imports_no_main_module() -> None:
    with LocalReaders(Limits(seconds=5, megabytes=100), workers=1) as pool:
        assert one(pool, eval, "[name for name in ('pytest', 'pandas') if name in __import__('sys').modules]") == []


def test_processes_start_only_when_needed() -> None:
    before = len(psutil.Process().children())
    with LocalReaders(Limits(seconds=1, megabytes=100)) as pool:
        assert len(psutil.Process().children()) == before
        assert one(pool, double, 1) == 2
    assert len(psutil.Process().children()) <= before


def test_closing_ends_running_calls() -> None:
    pool = LocalReaders(Limits(seconds=60, megabytes=100), workers=1)
    results = pool.map(slow_double, [(1, 0.0), (2, 60.0)])
    assert next(results) == 2
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 5
    pool.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_does_not_reach_a_reader(readers: LocalReaders) -> None:
    child = one(readers, pid)
    assert isinstance(child, int)
    os.kill(child, signal.SIGINT)
    time.sleep(0.1)
    assert psutil.pid_exists(child)


PARENT = """
import sys
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits
from tests.intake.test_sandbox import loop_for_ever, pid
pool = LocalReaders(Limits(seconds=120, megabytes=100), workers=2)
print(*set(pool.map(pid, [()] * 8)), flush=True)
list(pool.map(loop_for_ever, [(), ()]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_readers_die_with_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT, text=True) as parent:
        assert parent.stdout is not None
        first = {int(word) for word in parent.stdout.readline().split()}
        time.sleep(0.3)
        children = {child.pid for child in psutil.Process(parent.pid).children()} | first
        assert children
        parent.kill()
    deadline = time.monotonic() + 5
    while any(_running(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_running(child) for child in children)


def _running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(("number", "comes"), [(errno.EIO, "read"), (errno.EBUSY, "read"), (errno.EINVAL, "error")])
def test_where_the_disk_fails_once_it_is_asked_again_and_a_broken_file_is_not(
    tmp_path: Path, number: int, comes: str
) -> None:
    with LocalReaders(Limits(20, 500), 1) as readers:
        found = readers.ask(read_at_the_second_try, number, str(tmp_path / "tries")).result()
    assert (found.kind if isinstance(found, Failure) else found) == comes
