"""The slow way, for changes that a loaded process cannot take over: everything of ours is loaded anew, with the change.

Libraries stay; so it costs a second or two rather than six.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

import pytest

from tests.mutants.rooms import REPOSITORY

OURS = ("disk", "policy", "ledger", "intake", "validators", "processors", "outbox", "service", "door", "demo", "sync")
_PLAIN = (str, int, float, bytes, type(None), ModuleType)  #: that two modules hold the same says nothing
OPTIONS = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout", "-W", "ignore")


def users(path: Path) -> set[str]:
    """Paths, below the repository, of loaded modules of ours that hold the module at *path* or anything made by it."""
    ours = [each for name, each in list(sys.modules.items()) if name.partition(".")[0] in OURS and each.__file__]
    used = next((each for each in ours if each.__file__ == str(path)), None)
    if used is None:
        return set()
    made = [value for name, value in vars(used).items() if not name.startswith("__") and not isinstance(value, _PLAIN)]
    known = {id(used), *(id(value) for value in made if getattr(value, "__module__", used.__name__) == used.__name__)}
    return {
        Path(str(each.__file__)).relative_to(REPOSITORY).as_posix()
        for each in ours
        if each is not used and any(id(value) in known for value in vars(each).values())
    }


class _Changed(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, path: Path, source: str) -> None:
        self._name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        self._path, self._source = str(path), source

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return spec_from_file_location(fullname, self._path, loader=_Changed(fullname, self._path, self._source))


class _Red:
    """The first test that fails."""

    name = ""

    def pytest_configure(self) -> None:
        read_here()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid


def asked_anew(path: Path, source: str, tests: Sequence[str], folder: Path) -> str:
    """Load everything anew with the changed module, and run these tests: what came of it, and by whom.  In a fork."""
    for name in list(sys.modules):
        top, _, rest = name.partition(".")
        if top in OURS or (top == "tests" and rest and not rest.startswith("mutants")):
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(path, source))
    red = _Red()
    ended = pytest.main([*OPTIONS, "-x", f"--basetemp={folder / 'anew'}", *tests], plugins=[red])
    if ended == pytest.ExitCode.OK:
        return "survived\n"
    return f"killed\n{red.name}" if red.name else "unloadable\n"


class _Ended(BaseException):
    """Whoever reads or draws would have ended its process."""


@contextmanager
def _spared() -> Iterator[None]:
    """Tests let readers and drawers end themselves on a bad day: here it would be everybody's end."""
    kill, leave, here = os.kill, os._exit, os.getpid()

    def spare(process: int, signal: int) -> None:
        if process == here:
            raise _Ended
        kill(process, signal)

    def stay(status: int) -> NoReturn:
        if os.getpid() == here:
            raise _Ended
        leave(status)

    os.kill, os._exit = spare, stay
    try:
        yield
    finally:
        os.kill, os._exit = kill, leave


def read_here() -> None:
    """A reader in a process of its own would not know of the change, and takes a second to start."""
    from concurrent.futures import Future

    from intake.sandbox.child import Elsewhere, Failure, SealedFunction
    from intake.sandbox.here import LocalReaders

    def ask(_readers: LocalReaders, function: Any, *arguments: Any) -> Future[Any]:
        answer = Future[Any]()
        try:
            called = function.__reduce__() if isinstance(function, (Elsewhere, SealedFunction)) else None
            with _spared():
                answer.set_result((called[0](*called[1]) if called else function)(*arguments))
        except Exception as error:
            answer.set_result(Failure("error", f"{type(error).__name__}: {error}"[:300]))
        except _Ended:
            answer.set_result(Failure("crash", "ended itself"))
        return answer

    LocalReaders.ask = ask  # type: ignore[assignment,method-assign]
    LocalReaders.expect = lambda *_: None  # type: ignore[method-assign]
