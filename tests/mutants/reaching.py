"""Which test comes by which line, and what it takes: one undisturbed run, with contexts of coverage.py."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.making import Mutant
from tests.mutants.rooms import REPOSITORY, ROOMS

_FIXTURE = "fixture "


@dataclass
class Reach:
    """What an undisturbed run showed."""

    items: dict[str, pytest.Item] = field(default_factory=dict)  #: those that passed, by name
    seconds: dict[str, float] = field(default_factory=dict)  #: of processor time
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)  #: path → line → names

    def add(self, seen: Mapping[str, Any], known: Mapping[str, pytest.Item]) -> None:
        """What was seen of one file of tests, as far as it is *known* in this run."""
        names = list(seen["seconds"])
        self.items |= {name: known[name] for name in names if name in known}
        self.seconds |= {name: seen["seconds"][name] for name in names if name in known}
        for path, lines in seen["lines"].items():
            by_line = self.lines.setdefault(path, {})
            for line, numbers in lines.items():
                by_line.setdefault(int(line), set()).update(names[n] for n in numbers if names[n] in known)

    def asked(self, mutant: Mutant, most: float) -> list[pytest.Item]:
        """The tests that come by the changed place, quickest first, those of each function in turn; *most* seconds in all."""
        by_line = self.lines.get(mutant.path, {})
        names = {name for line in range(mutant.first, mutant.last + 1) for name in by_line.get(line, ())}
        return self._chosen(names, most)

    def coming_by(self, *paths: str) -> set[str]:
        """The names of the tests that come by anything of these modules."""
        return {name for path in paths for names in self.lines.get(path, {}).values() for name in names}

    def quickest(self, most: float) -> list[pytest.Item]:
        """Some of all tests."""
        return self._chosen(set(self.items), most)

    def reading(self, most: float) -> list[pytest.Item]:
        """Tests that come by no statement at all: they read what was made when everything was loaded."""
        come_by = {name for lines in self.lines.values() for names in lines.values() for name in names}
        return self._chosen(set(self.items) - come_by, most)

    def _chosen(self, names: set[str], most: float) -> list[pytest.Item]:
        chosen, spent = list[pytest.Item](), 0.0
        for name in _in_turn(sorted(names, key=lambda name: (self.seconds[name], name))):
            if chosen and spent + self.seconds[name] > most:
                continue
            chosen.append(self.items[name])
            spent += self.seconds[name]
        return chosen

    def reaching(self, mutant: Mutant) -> int:
        """How many tests come by the changed place."""
        by_line = self.lines.get(mutant.path, {})
        return len({name for line in range(mutant.first, mutant.last + 1) for name in by_line.get(line, ())})


def _in_turn(names: Sequence[str]) -> Iterator[str]:
    """One of each test function, then the next of each: cases of one function say alike things."""
    by_function = defaultdict[str, list[str]](list)
    for name in names:
        by_function[name.partition("[")[0]].append(name)
    for turn in range(max(map(len, by_function.values()), default=0)):
        yield from (each[turn] for each in by_function.values() if turn < len(each))


class Watcher:
    """Runs tests once; a fixture of more than one test is watched apart, since each of them leans on it."""

    def __init__(self, folder: Path) -> None:
        """What was seen is kept in *folder*, and looked at again only when the tests or the product have changed."""
        self._folder = folder
        self._modules = sorted({str(path) for room in ROOMS for path in room.paths()})
        self._product = sha256(b"".join(Path(path).read_bytes() for path in self._modules))
        self._coverage: Any = None
        self._now = ""
        self._spent = dict[str, float]()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[Any]:
        """Lines of a shared fixture belong to all who use it."""
        if fixturedef.scope == "function":
            return (yield)
        name, began, before = _named(fixturedef), time.process_time(), self._now
        self._switch(name)
        try:
            return (yield)
        finally:
            self._spent[name] = self._spent.get(name, 0) + time.process_time() - began
            self._switch(before)

    def _switch(self, name: str) -> None:
        self._now = name
        self._coverage.switch_context(name)

    def watch(self, items: Sequence[pytest.Item]) -> Reach:
        """Everything that passed, and where it came by; a file of tests at a time."""
        self._folder.mkdir(parents=True, exist_ok=True)
        whole, known = Reach(), {item.nodeid: item for item in items}
        for path, group in groupby(items, key=lambda item: item.path):
            tests, name = list(group), f"{path.stem}-{self._fingerprint(path)}"
            kept = [json.loads(each.read_text(encoding="utf-8")) for each in sorted(self._folder.glob(f"{name}*.json"))]
            seen = {each for one in kept for each in (*one["seconds"], *one.get("not asked", ()))}
            if new := [item for item in tests if item.nodeid not in seen]:  # a case more does not ask for all again
                kept.append(self._watched(new))
                told = json.dumps(kept[-1], ensure_ascii=False)
                (self._folder / f"{name}-{len(kept)}.json").write_text(told, encoding="utf-8")
                print(f"  {path.name}: {len(new)} watched", flush=True)
            for each in kept:
                whole.add(each, known)
        return whole

    def _fingerprint(self, path: Path) -> str:
        both = self._product.copy()
        both.update(path.read_bytes())
        return both.hexdigest()[:16]

    def _watched(self, items: Sequence[pytest.Item]) -> Mapping[str, Any]:
        seconds, leans, not_asked = dict[str, float](), defaultdict[str, list[str]](list), list[str]()
        self._coverage = coverage.Coverage(data_file=None, include=self._modules, config_file=False, messages=False)
        self._coverage.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            began = time.process_time()
            self._switch(item.nodeid)
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(report.failed or report.skipped for report in reports):
                print("  not asked:", item.nodeid, flush=True)
                not_asked.append(item.nodeid)
                continue
            seconds[item.nodeid] = time.process_time() - began
            for used in _shared(item):
                leans[_named(used)].append(item.nodeid)
        self._coverage.stop()
        for name, users in leans.items():
            for user in users:
                seconds[user] += self._spent.get(name, 0)
        return {"seconds": seconds, "not asked": not_asked, "lines": self._lines(seconds, leans)}

    def _lines(self, seconds: Mapping[str, float], leans: Mapping[str, list[str]]) -> Mapping[str, Any]:
        """Path → line → numbers of the tests, counted in the order of *seconds*."""
        data, number = self._coverage.get_data(), {name: n for n, name in enumerate(seconds)}
        found: dict[str, dict[int, list[int]]] = {}
        for file in data.measured_files():
            lines = found.setdefault(str(file).removeprefix(f"{REPOSITORY}/"), {})
            for line, contexts in data.contexts_by_lineno(file).items():
                through = {user for name in contexts if name.startswith(_FIXTURE) for user in leans.get(name, ())}
                lines[line] = sorted({number[name] for name in {*contexts, *through} if name in number})
        return found


def _named(fixturedef: Any) -> str:
    return f"{_FIXTURE}{fixturedef.baseid}::{fixturedef.argname}"


def _shared(item: pytest.Item) -> Iterator[Any]:
    for name in getattr(item, "fixturenames", ()):
        for each in (getattr(item, "_fixtureinfo").name2fixturedefs.get(name) or ())[-1:]:  # noqa: B009
            if each.scope != "function":
                yield each
