"""A fast sample of the plays; ``make arrivals`` acts thousands (README.md)."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.arrivals.play import acted, of_seed
from tests.arrivals.script import Script, Step, a_script

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the plays go by the times that POSIX keeps")

SAMPLE = range(1, 21)
ZHANG, NAME = "张三", "日报.xlsx"
MAC = "日报 e\u0301.xlsx"  #: é in two characters
IN_FOLDER = f"本周/{NAME}"
SEEN = (Step(2, "look"), Step(6, "look"))

#: What the plays found, each as short as it can be, and what lies near.
FOUND: dict[str, Script] = {
    "a folder put in the place of one whose file was seen": (
        Step(1, "prepare", ZHANG, IN_FOLDER, content=1), Step(5, "write", ZHANG, IN_FOLDER, content=2), Step(1, "look"),
        Step(20, "out", ZHANG, "本周", to="换下"), Step(1, "in", ZHANG, "本周"), *SEEN,
    ),
    "a folder renamed after its file was seen": (
        Step(1, "look"), Step(1, "write", ZHANG, IN_FOLDER, content=1), Step(2, "look"), Step(6, "move", ZHANG, "本周", to="旧"), *SEEN,
    ),
    "a folder renamed after its file was seen, and another saved under its old name": (
        Step(2, "half", ZHANG, "旧/日报 (1).xlsx", content=12), Step(6, "look"),
        Step(20, "look"), Step(1, "move", ZHANG, "旧", to="本周"), Step(1, "write", ZHANG, "旧/日报 (1).xlsx", content=13), *SEEN,
    ),
    "other bytes with the old time while a file is taken": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"),
        Step(6, "look", how="kept", meanwhile=Step(0, "quiet", ZHANG, NAME, content=2)), *SEEN,
    ),
    "other bytes with the old time while a removal is pending": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed"),
        Step(1, "quiet", ZHANG, NAME, content=2), *SEEN,
    ),
    "a copy with times of long ago while a removal is pending": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed"),
        Step(1, "old", ZHANG, NAME, content=2), *SEEN,
    ),
    "the same copy with the same times while a removal is pending": (
        Step(1, "old", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed"),
        Step(1, "old", ZHANG, NAME, content=1), *SEEN,
    ),
    "the same bytes saved again while a removal is pending": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed"), Step(1, "again", ZHANG, NAME), *SEEN,
    ),
    "a backup restored while a removal is pending": (
        Step(1, "backup"), Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed"), Step(1, "undo"), *SEEN,
    ),
    "a backup restored while other bytes of the same size lie under a name that came since": (
        Step(1, "backup"), Step(1, "write", ZHANG, NAME, content=1), *SEEN, Step(1, "old", ZHANG, NAME, content=2),
        Step(2, "undo"), *SEEN,
    ),
    "a backup restored while somebody holds what was taken": (
        Step(1, "backup"), Step(1, "write", ZHANG, NAME, content=1), Step(1, "hold", ZHANG, NAME, how="pinned"), *SEEN,
        Step(1, "undo"), *SEEN,
    ),
    "a backup restored after a kill between archive and book": (
        Step(1, "backup"), Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="kept"), Step(1, "undo"), *SEEN,
    ),
    "a kill between archive and book, and other bytes saved before the next look": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="kept"), Step(1, "write", ZHANG, NAME, content=2),
        *SEEN,
    ),
    "a kill after the commit over a file whose name a Mac has written": (
        Step(1, "write", ZHANG, MAC, content=1), Step(2, "look"), Step(6, "look", how="committed"), *SEEN,
    ),
    "a kill while such a file stands aside": (
        Step(1, "write", ZHANG, MAC, content=1), Step(2, "look"), Step(6, "look", how="aside"), *SEEN,
    ),
    "a kill while a file stands aside, and its folder renamed": (
        Step(1, "write", ZHANG, IN_FOLDER, content=1), Step(2, "look"), Step(6, "look", how="aside"),
        Step(1, "move", ZHANG, "本周", to="旧"), *SEEN,
    ),
    "the share gone when what was taken is to be removed": (
        Step(1, "write", ZHANG, NAME, content=1), Step(2, "look"), Step(6, "look", how="committed", meanwhile=Step(0, "away")),
        Step(6, "back"), *SEEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_once(what: str) -> None:
    assert acted(FOUND[what], 25).wrong == ()


def test_what_people_do_comes_out_as_the_rules_say() -> None:
    """``python -m tests.arrivals --seed N`` acts one again, and shortens it."""
    failed, reached = {}, Counter[str]()
    for seed in SAMPLE:
        ended = of_seed(seed)
        reached += ended.reached
        if ended.wrong:
            failed[seed] = ended.wrong[0]
    assert failed == {}
    for what in ("按时", "迟交", "客户新增 waiting", "客户新增 pending", "saved", "in", "stop", "away", "killed aside"):
        assert reached[what], f"no play showed {what}"


def test_two_seeds_are_two_plays() -> None:
    assert a_script(1) == a_script(1)
    assert a_script(1) != a_script(2)
