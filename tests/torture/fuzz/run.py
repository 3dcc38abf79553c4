"""Mutants of all kinds, one after the other, through the readers' own door; every so-manieth goes the whole way."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from intake.preflight.survey import BookLimits
from intake.sandbox.child import GRACE, Failure
from intake.sandbox.here import LocalReaders
from intake.sandbox.readers import Limits
from intake.sandbox.worker import START_SECONDS
from tests.torture.fuzz import settings, whole
from tests.torture.fuzz.approvals import Desk
from tests.torture.fuzz.judging import Look, books_judged_there, pictures_judged_there
from tests.torture.fuzz.lines import KINDS, Kind, Line, Nursery

LIMITS = Limits(20, 512)  #: those of config.toml
SHARES = {"book": 44, "form": 12, "sheet": 10, "picture": 24, "config": 10}
WHOLE_EVERY, BATCH = 100, 40  #: every so-manieth mutant is dropped, so many in one round
COPIED_EVERY = 5
TOGETHER = 16  #: asked in one call
SLOW = 5.0  #: seconds of a processor: read, but somebody waits for it
_PLACE = re.compile(r"[\d.]+|'[^']*'|\"[^\"]*\"")  #: what differs from find to find


class Run:
    """A run by one seed, and what it has seen."""

    def __init__(self, seed: int, folder: Path, kept: Path | None) -> None:
        self.folder, self.kept = folder, kept
        self.readers = LocalReaders(LIMITS, 1)
        self.kinds = {**KINDS, "sheet": Kind(lambda: self.desk.files, Desk.changed)}
        self.rng = Random(seed)
        self.nurseries = {name: Nursery(name, kind, Random(f"{seed} {name}")) for name, kind in self.kinds.items()}
        self.count: Counter[str] = Counter()
        self.outcomes: dict[str, Counter[str]] = {name: Counter() for name in self.kinds}
        self.finds: dict[str, list[str]] = {}
        self.slowest = 0.0
        self.peak = 0
        self._waiting: list[tuple[Line, bytes]] = []

    @cached_property
    def desk(self) -> Desk:
        """Made when the first approval sheet is asked for: a company has to live through two days for it."""
        return Desk(self.folder / "company")

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_ended: object) -> None:
        self.readers.close()
        if "desk" in self.__dict__:
            self.desk.co.__exit__(None, None, None)

    def go(self, files: int, until: float, kinds: Sequence[str] = ()) -> Iterator[int]:
        """One mutant at a time, until there were so many or the time has come; gives how many there were."""
        shares = {name: share for name, share in SHARES.items() if not kinds or name in kinds}
        number = 0
        while number < files and time.monotonic() < until:
            name = self.rng.choices(list(shares), list(shares.values()))[0]
            mutants = [self.nurseries[name].mutant() for _ in range(min(TOGETHER, files - number))]
            for (line, data), look in zip(mutants, self.judged(mutants), strict=True):
                number += 1
                self.count[name] += 1
                self.outcomes[name][look.outcome] += 1
                self.nurseries[name].learn(line, data, look.shape)
                self._note(line, data, look.complaints)
                if number % WHOLE_EVERY == 0:
                    self._later(line, data)
                yield number
        self._whole_way()

    def judged(self, mutants: Sequence[tuple[Line, bytes]]) -> list[Look]:
        """What came of mutants of one kind, and what of it did not hold."""
        kind = mutants[0][0].kind
        if kind == "config":
            return [settings.judged(data, self.folder) for _line, data in mutants]
        looks = self._read(kind, mutants)
        if kind == "sheet":
            return [self.desk.judged(line, look) for (line, _data), look in zip(mutants, looks, strict=True)]
        return looks

    def _read(self, kind: str, mutants: Sequence[tuple[Line, bytes]]) -> list[Look]:
        """Asked together; each alone, if a reader was lost over them."""
        contents, began = [data for _line, data in mutants], time.monotonic()
        if kind == "picture":
            copied = [bool(line.dice) and line.dice[-1] % COPIED_EVERY == 0 for line, _data in mutants]
            answer = self.readers.ask(pictures_judged_there, contents, copied).result()
        else:
            answer = self.readers.ask(books_judged_there, contents, BookLimits(), kind == "sheet").result()
        took = time.monotonic() - began
        if isinstance(answer, Failure):
            if len(mutants) > 1:
                return [look for each in mutants for look in self._read(kind, [each])]
            return [_lost(answer, took)]
        return [self._timed(look) for look in answer]

    def _timed(self, look: Look) -> Look:
        self.slowest, self.peak = max(self.slowest, look.seconds), max(self.peak, look.peak)
        return (
            replace(look, complaints=(*look.complaints, f"slow: {look.seconds:.1f} s")) if look.seconds > SLOW else look
        )

    def _later(self, line: Line, data: bytes) -> None:
        if line.kind == "config":
            self._note(line, data, settings.ended(data, self.folder))
            self.count["config, a whole command"] += 1
        elif line.kind != "sheet":
            self._waiting.append((line, data))
        if len(self._waiting) >= BATCH:
            self._whole_way()

    def _whole_way(self) -> None:
        """The mutants that wait, dropped together; who is to blame for what did not hold is found by dropping each alone."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        self.count["the whole way"] += len(waiting)
        if not (together := self.whole(waiting)):
            return
        blamed = False
        for line, data in waiting:
            if wrong := self.whole([(line, data)]):
                blamed = True
                self._note(line, data, wrong)
        if not blamed:
            for line, data in waiting:
                self._note(line, data, [f"together: {each}" for each in together])

    def whole(self, mutants: Sequence[tuple[Line, bytes]]) -> list[str]:
        """What did not hold when these were dropped."""
        return whole.taken([each for each in mutants if each[0].kind in ("book", "form", "picture")])

    def _note(self, line: Line, data: bytes, complaints: Sequence[str]) -> None:
        for each in complaints:
            key = f"{line.kind} {_PLACE.sub('_', each)[:110]}"
            lines = self.finds.setdefault(key, [])
            lines.append(str(line))
            if len(lines) <= 3:
                print(json.dumps({"line": str(line), "what": each}, ensure_ascii=False), flush=True)
                self.keep(line, data, (each,))

    def keep(self, line: Line, data: bytes, complaints: Sequence[str]) -> None:
        """The file and what was wrong, for whoever mends it."""
        if self.kept:
            self.kept.mkdir(parents=True, exist_ok=True)
            name = hashlib.sha256(data).hexdigest()[:12]
            (self.kept / f"{line.kind}-{name}.bin").write_bytes(data)
            (self.kept / f"{line.kind}-{name}.txt").write_text("\n".join((str(line), *complaints)) + "\n", "utf-8")

    def told(self) -> dict[str, Any]:
        """Figures."""
        return {
            "files": sum(n for name, n in self.count.items() if name in self.kinds), "by": dict(self.count),
            "outcomes": {name: dict(found.most_common()) for name, found in self.outcomes.items()},
            "shapes": {name: len(each.shapes) for name, each in self.nurseries.items()},
            "slowest": round(self.slowest, 2), "peak_mb": self.peak // 2**20, "finds": {key: len(each) for key, each in self.finds.items()},
        }  # fmt: skip


def _lost(answer: Failure, took: float) -> Look:
    """A reader that was killed at its limit has done as it should; one that died of itself, or outlived it, has not."""
    wrong: tuple[str, ...] = (f"{answer.kind}: {answer.detail}",) if answer.kind in ("crash", "error") else ()
    if took > 2 * (LIMITS.seconds + GRACE + START_SECONDS):  # asked again where it died
        wrong += (f"outlived its limit: {took:.0f} s",)
    return Look(f"killed: {answer.kind}", f"{answer.kind} {_PLACE.sub('_', answer.detail)[:60]}", wrong)
