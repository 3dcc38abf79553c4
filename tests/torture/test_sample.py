"""A fast sample of each torture; ``make torture`` does the same for hours (README.md)."""

from __future__ import annotations

import errno
import math
import random
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.torture import canonical, faults, power, soak, soaked, stage, tamper
from tests.torture.calls import Call
from tests.torture.fuzz import targets
from tests.torture.fuzz.run import Run
from tests.torture.once import keep_what_is_the_same
from tests.torture.shim import CHANGING, EVERYTHING, FAIL_FOREVER, KINDS, compiler

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
def test_where_folders_cannot_be_synced_nothing_is_lost_and_status_says_so(theatre: faults.Theatre) -> None:
    story, words = faults.BY_NAME["run"], "断电时可能丢失"
    theatre.undisturbed(story)
    theatre.served.put_back(theatre.original(story.original))
    refusing = partial(
        theatre.served.run, nth=1, action=FAIL_FOREVER, error=errno.EINVAL, kinds=1 << KINDS.index("sync")
    )
    assert refusing(*story.command, batch=faults.BATCH).happened > 0
    assert words in theatre.served.said()
    assert canonical.differences(theatre.end(story), theatre.home) == []
    assert theatre.served.run("verify").code == 0
    theatre.served.log.write_text("")
    assert refusing("status", "--now", stage.EVENING).code == 1
    assert words in theatre.served.said()
    theatre.served.log.write_text("")
    theatre.served.run("status", "--now", stage.EVENING)
    assert words not in theatre.served.said()


@needs_shim
def test_after_a_power_cut_the_book_opens_verifies_and_has_forgotten_nothing(
    theatre: faults.Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_what_is_the_same(monkeypatch.setattr)
    story = faults.BY_NAME["run"]
    tally: dict[str, int] = {}
    assert list(power.look_at(theatre, story, random.Random(1), 20, 20, tally)) == []
    assert tally == {"run": 20, "run, run on": 1}


def test_what_was_synced_is_there_after_a_cut_and_what_was_not_need_not_be() -> None:
    disk = power.Disk({"/d/old": 0}, {0: b"old"}, {"/d"}, {}, {"/d/old": 0})

    def done(kind: str, path: str, offset: int = 0, data: bytes = b"") -> None:
        disk.done(Call(kind, 0, path, "", offset, data))

    for path, new in (("/d/a", 1), ("/d/a", 0), ("/d/b", 1)):  # made, then emptied as whoever writes it anew does
        done("create", path, new)
    done("write", "/d/a", data=b"whole")
    done("sync", "/d/a")
    done("sync", "/d")
    done("write", "/d/b", data=b"never synced")
    done("create", "/d/old")
    names, data, _folders = disk.after_the_cut(random.Random(1), "none")
    assert {name: data[number] for name, number in names.items()} == {"/d/a": b"whole", "/d/b": b"", "/d/old": b"old"}
    names, data, _folders = disk.after_the_cut(random.Random(1), "all")
    assert {name: data[number] for name, number in names.items()} == {
        "/d/a": b"whole", "/d/b": b"never synced", "/d/old": b"",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="handles and children are counted as Linux has them")
def test_a_watched_company_loses_nothing_when_it_is_killed_under_load_and_its_share_goes_away(tmp_path: Path) -> None:
    made = soak.soak(tmp_path, 0.06, 0.3, seed=1, lives=1)
    assert made.wrong() == []
    assert (made.killed, made.away) == (1, 1)
    assert sum(each.answered for each in made.crowd.dropped) >= 4


def test_what_grows_slowly_beside_noise_is_found_and_noise_is_not() -> None:
    dice = random.Random(1)
    flat = [
        {"at": 5.0 * n, **dict.fromkeys(soaked.TOLERANCES, 8.0), "rss": 80 + dice.choice((0, 0, 1, 9))}
        for n in range(200)
    ]
    assert list(soaked.flat(flat)) == []
    leaks = [{**each, "handles": each["handles"] + n // 30} for n, each in enumerate(flat)]
    assert list(soaked.flat(leaks)) == ["handles grew by 5.3 in 795 s, more than 3.0"]
    swells = [{**each, "rss": each["rss"] + n / 10} for n, each in enumerate(flat)]
    assert [words.partition(" ")[0] for words in soaked.flat(swells)] == ["rss"]


def test_what_is_changed_in_the_books_files_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_what_is_the_same(monkeypatch.setattr)
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


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda each: each.name)
def test_parsers_of_ours_hold_what_is_asked_of_them_by_guided_fuzzing(target: targets.Target) -> None:
    dice = random.Random(1)
    assert target.seeds()
    for seed in target.seeds():
        assert list(target.complaints(seed)) == []
        for _time in range(8):
            changed = target.change(seed, dice)
            assert list(target.complaints(changed)) == [], changed[:200]


def test_whatever_is_decided_by_a_changed_approval_sheet_is_what_was_signed(tmp_path: Path) -> None:
    with Run(1, tmp_path, None) as run:
        assert sum(1 for _ in run.go(48, math.inf, ("sheet",))) == 48
        assert run.finds == {}
        assert run.outcomes["sheet"]["decided"] > 0
