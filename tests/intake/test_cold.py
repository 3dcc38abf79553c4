"""Old originals move to a second disk; a crash at any moment leaves each whole, here or there."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from intake.archive.cold import LIST, MARK
from intake.archive.store import Archive

OLD, NEW = date(2026, 3, 2), date(2026, 11, 23)
MUCH = 10**9


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "cold").mkdir()
    return tmp_path / "book", tmp_path / "cold"


def kept(book: Path, n: int = 3) -> list[tuple[str, str]]:
    """Originals of March, one a day, and one of November."""
    archive = Archive(book)
    days = [*(OLD + timedelta(each) for each in range(n)), NEW]
    found = [archive.keep_bytes(b"original %d" % each, f"{each}.jpg", day) for each, day in enumerate(days)]
    return [(each.archived_as, each.sha256) for each in found]


def test_what_is_older_than_the_day_lies_on_the_cold_disk_and_is_read_from_there(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    done = archive.cold.move(originals, date(2026, 5, 1), MUCH)
    assert (done.files, done.troubles) == (3, [])
    for n, (path, _sha256) in enumerate(originals):
        assert (places[0] / path).exists() == (n == 3)
        assert archive.read(path) == b"original %d" % n
    assert list(archive.verify(originals)) == []
    assert archive.cold.move(originals, date(2026, 5, 1), MUCH).files == 0


def test_a_night_moves_the_oldest_first_and_stops_at_its_measure(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    archive.cold.move(originals, date(2026, 5, 1), 1)
    assert archive.cold.moved() == {originals[0][0]}


def killed_at(nth: int, act: Callable[[], object]) -> bool:
    """Run *act* in a process that is killed before its *nth* step outwards; False if it came through."""
    child = os.fork()
    if child == 0:
        left = [nth]

        def step(event: str, arguments: tuple[object, ...]) -> None:
            outwards = event in ("os.rename", "os.remove", "os.mkdir", "os.chmod")
            if outwards or (event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(step)
        act()
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL and audited system calls are those of POSIX")
def test_killed_at_any_step_nothing_is_lost_and_the_next_night_finishes(tmp_path: Path) -> None:
    steps = 0
    while True:
        steps += 1
        book, cold = tmp_path / f"{steps}" / "book", tmp_path / f"{steps}" / "cold"
        cold.mkdir(parents=True)
        originals = kept(book, 2)
        killed = killed_at(steps, partial(Archive(book, cold).cold.move, originals, date(2026, 5, 1), MUCH))
        assert list(Archive(book, cold).verify(originals)) == [], steps
        after = Archive(book, cold)
        assert after.cold.move(originals, date(2026, 5, 1), MUCH).troubles == []
        assert list(after.verify(originals)) == [], steps
        assert after.cold.moved() == {path for path, _sha256 in originals[:2]}
        assert not any((book / path).exists() for path, _sha256 in originals[:2])
        if not killed:
            break
    assert steps > 10


def test_a_disk_that_is_not_there_is_not_known_and_no_loss(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    archive.cold.move(originals, date(2026, 5, 1), MUCH)
    places[1].rename(places[1].with_name("unplugged"))
    assert "没有接上" in archive.cold.trouble()
    assert list(archive.verify(originals)) == []
    assert [archive.unknown(path) for path, _sha256 in originals] == [True, True, True, False]
    places[1].mkdir()  # the empty mount point
    assert "没有接上" in archive.cold.trouble()
    assert "没有接上" in archive.cold.move(originals, date(2026, 12, 1), MUCH).troubles[0]
    assert list(places[1].iterdir()) == []


def test_another_books_disk_is_told_and_not_used(places: tuple[Path, Path], tmp_path: Path) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    archive.cold.move(originals, date(2026, 5, 1), MUCH)
    (places[1] / MARK).write_text("0123456789abcdef\n")
    assert "不是这本账本的冷盘" in archive.cold.trouble()


def test_what_is_missing_or_changed_on_a_disk_that_is_there_is_named(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    archive.cold.move(originals, date(2026, 5, 1), MUCH)
    gone, changed = (places[1] / path for path, _sha256 in originals[:2])
    gone.chmod(0o600)
    gone.unlink()
    changed.chmod(0o600)
    changed.write_bytes(b"other")
    (places[1] / "archive" / "2026" / "extra.jpg").write_bytes(b"extra")
    told = "\n".join(archive.verify(originals))
    for words in (f"原件不见了：{originals[0][0]}", f"原件被改动过：{originals[1][0]}", "archive/2026/extra.jpg"):
        assert words in told


def test_a_damaged_original_is_not_moved(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    hot = places[0] / originals[0][0]
    hot.chmod(0o600)
    hot.write_bytes(b"damaged")
    done = archive.cold.move(originals, date(2026, 5, 1), MUCH)
    assert done.files == 2
    assert "与账上不符" in done.troubles[0]
    assert hot.exists()


def test_half_a_line_from_a_power_cut_is_passed_over(places: tuple[Path, Path]) -> None:
    originals, archive = kept(places[0]), Archive(*places)
    archive.cold.move(originals[:1], date(2026, 5, 1), MUCH)
    with (places[0] / LIST).open("ab") as stream:
        stream.write(b'{"moved": "archive/2026/0')
    archive.cold.move(originals, date(2026, 5, 1), MUCH)
    assert archive.cold.moved() == {path for path, _sha256 in originals[:3]}
