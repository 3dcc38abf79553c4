"""What the runner stands on: a change is taken over by what is loaded already, or it is said that it was not."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.grafting import DoesNotLoad, NotGrafted, graft, live_functions
from tests.mutants.rooms import REPOSITORY, ROOMS
from tests.mutants.telling import Told, table

SOURCE = """
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Rule:
    says: str
    check: object
    weight: int = 1

    @property
    def loud(self):
        return self.says + "!"


def rule(says):
    def made(check):
        return Rule(says, check)
    return made


@rule("too little")
def enough(n):
    for each in (n,):
        if each < LIMIT:
            yield each


LIMIT = 5
RULES = (enough,)


def doubled(n, times=2):
    return [each * times for each in range(n)][-1] + (lambda: n + 1)()


@cache
def squared(n):
    return n * n
"""

Change = Callable[[str, str], None]


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    path = tmp_path / "changed_by_a_test.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made
    spec.loader.exec_module(made)
    yield made
    del sys.modules[path.stem]


@pytest.fixture
def change(module: ModuleType) -> Change:
    path = Path(str(module.__file__))
    live = live_functions(path.parent)

    def changed(old: str, new: str) -> None:
        assert SOURCE.count(old) == 1
        graft(path, SOURCE.replace(old, new), live)

    return changed


def test_what_holds_a_function_holds_the_changed_one(module: ModuleType, change: Change) -> None:
    held = module.RULES[0].check
    assert list(held(5)) == []
    change("each < LIMIT", "each <= LIMIT")
    assert list(held(5)) == [5]


def test_what_is_made_when_the_module_is_loaded_is_changed_where_it_lies(module: ModuleType, change: Change) -> None:
    held = module.RULES[0]
    change('"too little"', '"XXtoo littleXX"')
    assert (held.says, module.RULES[0] is held, held.loud) == ("XXtoo littleXX", True, "XXtoo littleXX!")
    change("LIMIT = 5", "LIMIT = 6")
    assert list(held.check(5)) == [5]


def test_methods_defaults_and_what_is_enclosed_are_changed(module: ModuleType, change: Change) -> None:
    held, kept = module.doubled, module.RULES[0]
    change('"!"', '"?"')
    assert kept.loud == "too little?"
    change("n + 1", "n - 1")
    assert held(2) == 3
    change("each * times", "each + times")
    assert held(2) == 6
    change("times=2", "times=3")
    assert held(2) == 7
    change("weight: int = 1", "weight: int = 2")
    assert module.Rule("", None).weight == 2


def test_what_cannot_be_taken_over_is_said(change: Change) -> None:
    with pytest.raises(NotGrafted):
        change("frozen=True", "frozen=False")
    with pytest.raises(DoesNotLoad):
        change("RULES = (enough,)", "RULES = (enugh,)")
    with pytest.raises(DoesNotLoad):
        change("LIMIT = 5", "LIMIT = = 5")


def test_a_room_names_modules_and_tests_that_are_there() -> None:
    for room in ROOMS:
        assert all(list(REPOSITORY.glob(pattern)) for pattern in room.modules), room.name
        assert [each for each in room.tests if not (REPOSITORY / each).is_file()] == [], room.name


def test_the_table_counts_what_no_test_comes_by_as_unnoticed_and_what_was_not_judged_not_at_all() -> None:
    outcomes = ["killed", "killed", "endless", "unloadable", "survived", "unreached", "stalled", "ungrafted"]
    told = [Told("r", "r/a.py", n, "", "", "", outcome, "", 1) for n, outcome in enumerate(outcomes)]
    assert table(told).splitlines()[2:] == [
        "| **r** | 6 | 4 | 1 / 1 | 1 | 1 | 66.7 |", "| r/a.py | 6 | 4 | 1 / 1 | 1 | 1 | 66.7 |",
    ]  # fmt: skip
