"""A fork for each change: it takes the change over, runs the tests that come by, and stops at the first red one.

Time is processor time, which a busy machine does not lengthen: a change that made a loop endless is ended by the kernel.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.grafting import DoesNotLoad, Live, NotGrafted, graft
from tests.mutants.loading import asked_anew, users
from tests.mutants.making import Mutant
from tests.mutants.reaching import Reach
from tests.mutants.rooms import REPOSITORY

SLOWER = 5  #: times as much processor time as undisturbed
START = 3.0  #: seconds on top
STALLED = 300.0  #: seconds by the clock, for what waits and uses no processor; says nothing about the tests


@dataclass(frozen=True)
class Verdict:
    """What became of one change."""

    outcome: str  #: killed, endless, unloadable; survived, unreached; stalled, ungrafted: not judged
    by: str = ""


@dataclass(frozen=True)
class Killer:
    """A process in which everything is loaded."""

    config: pytest.Config
    reach: Reach
    live: Live
    caches: Sequence[Any]  #: of the product: what they hold was worked out before the change
    stages: Sequence[Any]  #: of the tests: companies that were founded before the change, and are copied
    seconds: float  #: of processor time that the tests of one change may take undisturbed
    anew: float  #: the same for loading everything of ours anew; 0: what would need it is not judged

    def judge(self, mutant: Mutant) -> Verdict:
        """Ask the tests about one change, in a process of its own."""
        tests = self._nearest(mutant)
        if not tests:
            return self._loaded(mutant)
        return self._in_a_fork(mutant, tests)

    def _loaded(self, mutant: Mutant) -> Verdict:
        """What no test comes by may have been run when everything was loaded: a function that makes rules."""
        if self.anew:
            verdict = self._in_a_fork(replace(mutant, at_load=True), self.reach.quickest(self.seconds))
            if verdict.outcome not in ("survived", "ungrafted"):
                return verdict
        return Verdict("unreached")

    def _in_a_fork(self, mutant: Mutant, tests: Sequence[pytest.Item]) -> Verdict:
        folder = Path(tempfile.mkdtemp(prefix="mutant-"))
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(here)
            self._end(there, self._asked(mutant, tests, folder))
        os.close(there)
        try:
            return self._heard(child, here)
        finally:
            os.close(here)
            shutil.rmtree(folder, ignore_errors=True)

    def _nearest(self, mutant: Mutant) -> list[pytest.Item]:
        """Who comes by; of what is run at loading whoever comes by anything of the module, or else everybody."""
        tests = self.reach.asked(mutant, self.seconds)
        if not tests and mutant.at_load:
            last = max(self.reach.lines.get(mutant.path, {}), default=0)
            tests = self.reach.asked(replace(mutant, first=1, last=last), self.seconds)
        if not mutant.at_load:
            return tests
        return [*(tests or self.reach.quickest(self.seconds)), *self.reach.reading(self.seconds)]

    def _asked(self, mutant: Mutant, tests: Sequence[pytest.Item], folder: Path) -> str:
        gc.disable()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        tempfile.tempdir = str(folder)
        getattr(self.config, "_tmp_path_factory")._basetemp = folder  # noqa: B009
        signal.setitimer(signal.ITIMER_PROF, START)
        source = mutant.source()
        said = self._grafted(mutant, source, tests)
        # Others may have taken a copy when they loaded.
        if self.anew and mutant.at_load and said.startswith(("survived", "ungrafted")):
            signal.setitimer(signal.ITIMER_PROF, self.anew + SLOWER * self.seconds)
            near = self.reach.coming_by(mutant.path) or self.reach.coming_by(*users(REPOSITORY / mutant.path))
            return asked_anew(REPOSITORY / mutant.path, source, _of_few_files(tests, near), folder)
        return said

    def _grafted(self, mutant: Mutant, source: str, tests: Sequence[pytest.Item]) -> str:
        try:
            graft(REPOSITORY / mutant.path, source, self.live)
        except DoesNotLoad as error:
            return f"unloadable\n{error}"
        except NotGrafted as error:
            return f"ungrafted\n{error}"
        for cache in self.caches:
            cache.cache_clear()
        said = self._ran(tests)
        if said.startswith("killed"):
            return said
        for stage in self.stages:  # it may be in the founding that the change is noticed
            stage.cache_clear()
        return self._ran(tests)

    def _ran(self, tests: Sequence[pytest.Item]) -> str:
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            signal.setitimer(signal.ITIMER_PROF, START + SLOWER * self.reach.seconds[test.nodeid])
            if any(report.failed for report in runtestprotocol(test, log=False, nextitem=following)):
                return f"killed\n{test.nodeid}"
        return "survived\n"

    @staticmethod
    def _end(pipe: int, said: str) -> None:
        os.write(pipe, said.encode()[:4000])
        os._exit(0)

    @staticmethod
    def _heard(child: int, pipe: int) -> Verdict:
        ready, _, _ = select.select([pipe], [], [], STALLED)
        said = os.read(pipe, 4096).decode(errors="replace") if ready else ""
        if not ready:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if said:
            outcome, _, by = said.partition("\n")
            return Verdict(outcome, by)
        if not ready:
            return Verdict("stalled")
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF:
            return Verdict("endless")
        return Verdict("killed", f"the process died ({status})")


def _of_few_files(tests: Sequence[pytest.Item], near: Collection[str]) -> list[str]:
    """The tests of the two files in which most of those stand that come *near*: each file more has to be loaded anew as well."""
    nearest = [each for each in tests if each.nodeid in near] or tests  # others only read what was made at loading
    files = Counter(each.nodeid.partition("::")[0] for each in nearest)
    few = {file for file, _count in files.most_common(2)}
    return [each.nodeid for each in tests if each.nodeid.partition("::")[0] in few]
