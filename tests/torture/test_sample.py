"""A fast sample of each torture; ``make torture`` does the same for hours (README.md)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture import faults, power, tamper
from tests.torture.fuzz.run import Run
from tests.torture.shim import CHANGING, EVERYTHING, compiler

needs_shim = pytest.mark.skipif(compiler() is None, reason="the shim is C, and stands before Linux's C library")


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[faults.Theatre]:
    made = faults.theatre(tmp_path_factory.mktemp("torture") / "theatre")
    with made.served:
        yield made


@needs_shim
@pytest.mark.parametrize("point", [0.1, 0.5, 0.9])
def test_a_round_killed_at_a_call_ends_as_if_nothing_had_happened(theatre: faults.Theatre, point: float) -> None:
    story = faults.BY_NAME["run"]
    theatre.undisturbed(story)
    last = theatre.calls_of(story, CHANGING)
    assert faults.play(theatre, story, faults.Fault("kill", max(1, round(last * point)), second=last // 3)) == []


@needs_shim
@pytest.mark.parametrize("what", ["ENOSPC ever", "EIO once", "EBUSY once"])
def test_a_round_whose_disk_fails_ends_as_if_nothing_had_happened(theatre: faults.Theatre, what: str) -> None:
    story = faults.BY_NAME["run"]
    theatre.undisturbed(story)
    last = theatre.calls_of(story, EVERYTHING)
    assert faults.play(theatre, story, faults.Fault(what, last // 2)) == []


@needs_shim
def test_after_a_power_cut_the_book_opens_verifies_and_has_forgotten_nothing(theatre: faults.Theatre) -> None:
    story = faults.BY_NAME["run"]
    tally: dict[str, int] = {}
    assert list(power.look_at(theatre, story, random.Random(1), 20, 20, tally)) == []
    assert tally == {"run": 20, "run, run on": 1}


def test_what_is_changed_in_the_books_files_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper.keep_what_is_the_same(monkeypatch.setattr)
    bench = tamper.bench_at(tmp_path)
    found = [each for each, _n in zip(tamper.changes(bench, 1), range(100), strict=False)]
    assert [each for each in found if each[3] == tamper.MISSED] == []
    assert sum(each[3] == tamper.SEEN for each in found) > 50


def test_files_that_somebody_made_wrong_end_with_their_reason(tmp_path: Path) -> None:
    with Run(1, tmp_path, None) as run:
        for kind in ("book", "form", "picture", "config"):
            assert sum(1 for _ in run.go(30, math.inf, (kind,))) == 30
        whole = [run.nurseries[kind].mutant() for kind in ("book", "form", "picture")]
        assert run.whole(whole) == []
        assert run.finds == {}
        assert {"read", "damaged"} <= run.outcomes["book"].keys()
        assert {"refused"} <= run.outcomes["config"].keys()


def test_whatever_is_decided_by_a_changed_approval_sheet_is_what_was_signed(tmp_path: Path) -> None:
    with Run(1, tmp_path, None) as run:
        assert sum(1 for _ in run.go(48, math.inf, ("sheet",))) == 48
        assert run.finds == {}
        assert run.outcomes["sheet"]["decided"] > 0
