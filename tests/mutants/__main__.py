"""``python -m tests.mutants ROOM``: change a room in one place after the other, and see whether its tests notice."""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings

from tests.mutants.grafting import caches, live_functions
from tests.mutants.killing import Killer
from tests.mutants.loading import OPTIONS, OURS, read_here
from tests.mutants.making import Mutant, mutants
from tests.mutants.reaching import Reach, Watcher
from tests.mutants.rooms import REPOSITORY, ROOMS, Room
from tests.mutants.telling import NOTICED, Told, kept

SEED = 9


class Mutating:
    """A run of pytest that, once everything is collected, changes the product instead of only testing it."""

    def __init__(self, room: Room, chosen: argparse.Namespace) -> None:
        self.room, self.chosen = room, chosen
        self.watcher = Watcher(REPOSITORY / ".mutants")
        self.until = time.monotonic() + chosen.minutes * 60

    def pytest_configure(self, config: pytest.Config) -> None:
        """Nothing that one change brought to light is kept for the next; readers answer in this process."""
        settings.register_profile("mutants", database=None, deadline=None, derandomize=True)
        settings.load_profile("mutants")
        config.pluginmanager.register(self.watcher)
        read_here()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Watch, change, judge, write down."""
        reach = self.watcher.watch(session.items)
        session.config.pluginmanager.unregister(self.watcher)
        print(
            f"{len(reach.items)} tests of {len(session.items)} asked, {sum(reach.seconds.values()):.0f} s", flush=True
        )
        self._found(reach)
        live, chosen = live_functions(REPOSITORY), self.chosen
        killer = Killer(session.config, reach, live, caches(OURS), caches(("tests",)), chosen.seconds, chosen.anew)
        os.nice(chosen.nice)
        gc.freeze()
        counted = Counter[str]()
        with self.chosen.save.open("a", encoding="utf-8") as file:
            for mutant in self._left():
                if time.monotonic() > self.until:
                    break
                verdict = killer.judge(mutant)
                told = Told.of(mutant, verdict, self.room.name, reach.reaching(mutant))
                file.write(json.dumps(told.written(), ensure_ascii=False) + "\n")
                file.flush()
                counted[verdict.outcome] += 1
                if verdict.outcome not in NOTICED:
                    print(f"  {verdict.outcome}: {told.where}: {told.change}", flush=True)
        print(dict(counted), flush=True)
        return True

    @staticmethod
    def _found(reach: Reach) -> None:
        """The quickest test of each file once, so that what all of them copy (a company) is there before the forks."""
        by_file: dict[str, list[str]] = {}
        for name in sorted(reach.items, key=lambda name: reach.seconds[name]):
            by_file.setdefault(name.partition("::")[0], []).append(name)
        for names in by_file.values():
            runtestprotocol(reach.items[names[0]], log=False, nextitem=None)

    def _left(self) -> Iterator[Mutant]:
        """What was not judged yet: of each module a sample in an order of its own, the modules in turn."""
        done = {told.key for told in kept(self.chosen.save) if told.outcome not in self.chosen.again}
        samples = [
            self._sample(path) for path in self.room.paths() if any(each in str(path) for each in self.chosen.only)
        ]
        for turn in zip_longest(*samples):
            yield from (each for each in turn if each is not None and each.key not in done)

    def _sample(self, path: Path) -> Sequence[Mutant]:
        found = mutants(path, REPOSITORY)
        random.Random(f"{self.chosen.seed}:{path.name}").shuffle(found)
        return found[: self.chosen.sample]


def main(arguments: Sequence[str]) -> int:
    """Run one room."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("room", choices=[room.name for room in ROOMS])
    parser.add_argument("--sample", type=int, default=1_000_000, help="so many changes of each module at most")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="*", default=[""], help="modules whose path holds one of these")
    parser.add_argument("--tests", nargs="*", help="ask these instead of the room's")
    parser.add_argument("--seconds", type=float, default=6.0, help="processor time of the tests of one change")
    parser.add_argument("--anew", type=float, default=60.0, help="and of loading everything anew; 0: not at all")
    parser.add_argument("--again", nargs="*", default=[], help="outcomes that are judged again, such as survived")
    parser.add_argument("--minutes", type=float, default=600.0, help="after these no new change is begun")
    parser.add_argument("--nice", type=int, default=0, help="so much nicer once the tests have been watched")
    parser.add_argument("--save", type=Path, default=Path("mutants.jsonl"), help="what is in it is not judged again")
    chosen = parser.parse_args(arguments)
    room = next(room for room in ROOMS if room.name == chosen.room)
    tests = [each for each in chosen.tests or room.tests if (REPOSITORY / each.partition("::")[0]).exists()]
    return int(pytest.main([*OPTIONS, *tests], plugins=[Mutating(room, chosen)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
