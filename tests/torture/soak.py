"""``watch`` as a process under load: killed, its share gone and back, nights inside; nothing may grow, nothing be lost.

``python -m tests.torture.soak --minutes 60``.  People drop workbooks with pictures, broken files and decisions; each life
of the service ends with SIGKILL in the middle of that, and the next begins at a later hour of the company's clock, so
that approval sheets go out and nights are closed.  What the process holds is noted all the time, and a line is fitted
through it for each life: README.md says what counts as flat.  How long answers take is told and not judged.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.processes import found, kill, until
from tests.torture.soaked import flat, note, wrong_at_the_end
from tests.torture.soakers import Crowd

#: When a life begins, by the company's clock: before sheets go out, before reports are due, before a night.
BEGINS = (
    "2026-11-23T11:58", "2026-11-23T18:20", "2026-11-24T00:27", "2026-11-24T11:58", "2026-11-25T00:27", "2026-11-26T00:27",
)  # fmt: skip
LENGTHS = (1, 1, 1, 1, 4, 4)  #: of the lives, in parts: short ones for the kills, long ones for the lines


class Soak:
    """The company, its people, and the service that is watched."""

    def __init__(self, work: Path, seed: int) -> None:
        self.company = found(work / "company", settle_seconds=0.5, incomplete_seconds=20, rescan_seconds=2)
        self.crowd = Crowd(self.company, random.Random(seed))
        self.scratch = work / "scratch"
        self.scratch.mkdir()
        self.notes: list[list[dict[str, float]]] = []
        self.killed = self.away = 0

    def live(self, begins: datetime, seconds: float, pace: float) -> datetime:
        """One life of the service, ended with SIGKILL while it works; gives the company's time then."""
        process = self._start(begins)
        began, away_at = time.monotonic(), seconds / 2
        notes: list[dict[str, float]] = []
        self.notes.append(notes)
        while (passed := time.monotonic() - began) < seconds or len(notes) < _LEAST:
            assert process.poll() is None, self.company.logs()[-3000:]
            if passed > away_at:
                self._share_away()
                away_at = float("inf")
            self.crowd.act(begins + timedelta(seconds=passed))
            notes.append({"at": time.monotonic() - began, **note(process.pid, self.company, self.scratch)})
            time.sleep(pace)
        self.crowd.drop_a_lot(begins + timedelta(seconds=passed))
        readers = _children(process.pid)
        kill(process)
        self.killed += 1
        until(lambda: not [pid for pid in readers if _lives(pid)], "readers end with their service", 120)
        return begins + timedelta(seconds=passed)

    def recover(self, at: datetime) -> None:
        """Start again at *at*, let the service come to rest, and stop it as an operator does.

        What waited is answered before the clock goes on to another day: with a given clock the arrival of a file is when it
        is taken, while the real one knows it from the file system.
        """
        process = self._start(at)
        until(lambda: not self.company.waiting() and self._all_delivered(), "everything is answered", 900)
        assert kill(process, signal.SIGTERM) == 0, self.company.logs()[-3000:]

    def wrong(self) -> list[str]:
        """What is lost, doubled or left behind, and what grew (one sentence each)."""
        return [*wrong_at_the_end(self.company, self.crowd, self.scratch), *self.grown()]

    def grown(self) -> Iterator[str]:
        """What is not flat."""
        for n, notes in enumerate(self.notes, 1):
            yield from (f"life {n}: {words}" for words in flat(notes))

    def _start(self, at: datetime) -> subprocess.Popen[str]:
        beat = self.company.book / "watch.json"
        beat.unlink(missing_ok=True)
        environment = {**os.environ, "TMPDIR": str(self.scratch)}
        process = self.company.start("watch", "--now", f"{at:%Y-%m-%dT%H:%M:%S}", env=environment)
        until(lambda: beat.exists() or process.poll() is not None, "a sign of life", 300)
        assert process.poll() is None, self.company.logs()[-3000:]
        return process

    def _share_away(self) -> None:
        """Somebody pulls the cable, and puts it in again when the service has seen it."""
        share, gone = self.company.share, self.company.home / "share.away"
        share.rename(gone)
        until(lambda: "目录不可达" in (self.company.book / "watch.json").read_text("utf-8"), "the service misses its share", 300)  # fmt: skip
        gone.rename(share)
        self.away += 1

    def _all_delivered(self) -> bool:
        unshipped = "SELECT COUNT(*) FROM s_deliveries WHERE id NOT IN (SELECT delivery_id FROM shipped)"
        return self.company.ask(unshipped) == [(0,)]


_LEAST = 3  #: notes of a life, however short


def _children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def _lives(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def soak(work: Path, minutes: float, pace: float, seed: int, lives: int = len(BEGINS)) -> Soak:
    """So many lives in so many minutes, and the end."""
    made = Soak(work, seed)
    for begins, length in zip(BEGINS[-lives:], LENGTHS[-lives:], strict=True):
        killed_at = made.live(datetime.fromisoformat(begins), 60 * minutes * length / sum(LENGTHS[-lives:]), pace)
        made.recover(killed_at)
    return made


def main() -> None:
    """Soak for so long; exit 1 if anything was lost or has grown."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--pace", type=float, default=4.0, help="seconds between two acts of the people")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--work", type=Path)
    asked.add_argument("--results", type=Path, help="a file for every note, one JSON a line")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        made = soak(Path(folder), given.minutes, given.pace, given.seed)
        wrong = made.wrong()
        said = made.crowd.told(made.company)
    if given.results:
        lines = (json.dumps({"life": n, **each}) for n, notes in enumerate(made.notes, 1) for each in notes)
        given.results.write_text("\n".join(lines), "utf-8")
    for n, notes in enumerate(made.notes, 1):
        print(json.dumps({"life": n, "notes": len(notes), "first": notes[len(notes) // 5], "last": notes[-1]}), flush=True)  # fmt: skip
    print(json.dumps({"killed": made.killed, "away": made.away, **said, "wrong": wrong}, ensure_ascii=False))
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
