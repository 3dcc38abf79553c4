"""A play acted on the stage and in the model, and what does not agree."""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from service.days.duties import duties_on
from service.upkeep.keeping import differences
from tests.arrivals.contents import DAY, data
from tests.arrivals.model import Drop, Model
from tests.arrivals.script import CUSTOMER, PEOPLE, PICTURE, REPORT, Script, Step, a_script, begins
from tests.arrivals.stage import DUE, Stage, staged
from tests.company import moment

#: At the end everything is let go, and the service looks until nothing is left to take.
LOOKS = tuple(Step(after, "look") for after in (1, 6, 70, 6, 70))

#: A disk in memory where there is one: a play waits for the disk more than for anything else.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


@dataclass
class Play:
    """One play; ends at the first difference."""

    stage: Stage
    model: Model
    known: set[int] = field(default_factory=set)  #: files in the book that were looked at already
    again: bool = False  #: a backup was restored
    told: list[str] = field(default_factory=list)

    def act(self, script: Script) -> Iterator[str]:
        """Every difference between the stage and the model, from the first step that shows one."""
        for number, step in enumerate(script, 1):
            wrong = list(self._step(step))
            if wrong:
                yield from (f"step {number}: {each}" for each in wrong)
                return
        for step in (*self._letting_go(), *LOOKS):
            wrong = list(self._step(step))
            if wrong:
                yield from (f"at the end, {step}: {each}" for each in wrong)
                return
        yield from self._at_the_end()

    def _letting_go(self) -> Iterator[Step]:
        yield Step(1, "back")
        for (who, path), file in sorted(self.model.folders.files.items()):
            if file.hold:
                yield Step(1, "release", who, path)

    def _step(self, step: Step) -> Iterator[str]:
        self.stage.clock.advance(step.after)
        if step.do == "look":
            yield from self._look(step)
        elif self.model.step(step):
            yield from self._befalls(step)

    def _befalls(self, step: Step) -> Iterator[str]:
        if step.do == "stop":
            self.stage.reopen()
        elif step.do == "backup":
            self.stage.back_up()
        elif step.do == "undo":
            yield from self.stage.undo()
            self.again = True
            self.known = {row["id"] for row in self._taken()}
            yield from self._the_book()
        else:
            self.stage.do(step, self.model.folders)

    def _look(self, step: Step) -> Iterator[str]:
        """The service looks first: whoever comes between does so as the model says that things are at that moment."""
        ahead = deepcopy(self.model)
        self.stage.look(step.how, partial(self._meanwhile, ahead, step) if step.meanwhile else None)
        self.model.step(step, self.stage.order)
        yield from (f"{each}; {dict(self.stage.troubles)}" for each in self.model.wrong)
        yield from self._the_folders()
        yield from self._the_book()

    def _meanwhile(self, ahead: Model, step: Step) -> None:
        """What comes between, done to the disk as it is done in a model that has come just so far."""
        deed = step.meanwhile
        assert deed is not None
        stopped = replace(step, meanwhile=None)
        ahead.step(stopped, self.stage.order)
        if ahead.folders.do(deed):
            self.stage.do(deed, ahead.folders)

    def _the_folders(self) -> Iterator[str]:
        if self.model.folders.away:
            return
        wanted = {place: file.content for place, file in self.model.folders.files.items()}
        found = self.stage.lying()
        for place in sorted(wanted.keys() | found.keys()):
            if wanted.get(place) != found.get(place):
                yield f"{'/'.join(place)}: {found.get(place)} lies there, and should {wanted.get(place)}"

    def _the_book(self) -> Iterator[str]:
        """What was taken: each content as often as it was dropped, in the order of arrival, at its time."""
        rows = self._taken()
        found = Counter(self._drop(row) for row in rows)
        wanted = Counter((drop.person, drop.name, drop.content) for drop in self.model.book.drops)
        if found != wanted:
            yield f"taken besides {sorted((found - wanted).elements())}, not taken {sorted((wanted - found).elements())}"
            return
        new = [row for row in rows if row["id"] not in self.known]
        self.known |= {row["id"] for row in new}
        came = list(self.model.book.drops)
        for row in new:
            drop = next(each for each in reversed(came) if (each.person, each.name, each.content) == self._drop(row))
            came.remove(drop)
            yield from self._arrival(row, drop)
        for kind in ("photo", "workbook"):
            times = [row["arrived_at"] for row in new if row["kind"] == kind]
            if times != sorted(times):
                yield f"taken out of order: {times}"

    def _taken(self) -> list[dict[str, Any]]:
        return self.stage.co.ask("SELECT * FROM s_files WHERE person IN (?, ?) ORDER BY id", *PEOPLE)

    def _drop(self, row: dict[str, Any]) -> tuple[str, str, str]:
        return row["person"], row["name"], self.stage.by_sha.get(row["sha256"][:16], row["sha256"])

    def _arrival(self, row: dict[str, Any], drop: Drop) -> Iterator[str]:
        """Never before it came, never later than any clock tells; and whoever watched knows better."""
        at, earliest = _second(row["arrived_at"]), _second(row["earliest"])
        came = drop.came
        if came is None:
            return
        looked = came.looked if came.looked <= came.truth else 0
        wrong = {
            "before it came": at < came.truth,
            "later than any clock tells": at > came.latest,
            "its earliest moment is after it came": earliest > came.truth,
            "its earliest moment is before it was seen not to be there": earliest < min(looked, came.latest),
            "in doubt without a reason": not came.in_folder and not earliest == at == came.truth,
        }
        for what, is_so in wrong.items():
            if is_so:
                yield f"{drop.name} ({drop.content}) {what}: {row['earliest']}..{row['arrived_at']}, {row['known']}, {came}"

    # -- the end

    def _at_the_end(self) -> Iterator[str]:
        for (who, path), file in self.model.visible().items():
            yield f"left lying: {who}/{path} ({file.content})"
        if self.again or any(what.startswith("killed") for what in self.model.reached):
            yield from differences(self.stage.co.service)  # takes a tenth of a play
        yield from self._originals()
        yield from self._receipts()
        yield from self._verdicts()
        yield from self._rows()
        if self.stage.co.ask("SELECT * FROM removals"):
            yield "something is still to be removed"

    def _originals(self) -> Iterator[str]:
        for row in self.stage.co.ask("SELECT archived_as, sha256 FROM s_files WHERE person IN (?, ?)", *PEOPLE):
            content = self.stage.by_sha[row["sha256"][:16]]
            if (self.stage.co.book / row["archived_as"]).read_bytes() != data(content):
                yield f"the archive has something else for {content}"

    def _receipts(self) -> Iterator[str]:
        """One for each workbook taken; after restoring a backup some may be told again."""
        for who in PEOPLE:
            papers = [path.stem for path in (self.stage.co.share / who / "取件" / "回执").rglob("*.xlsx")]
            told = Counter(_about(name) for name in papers)
            wanted = Counter(
                Path(drop.name).stem
                for drop in self.model.book.drops
                if drop.person == who and not drop.name.endswith(".jpg")
            )
            for name, n in wanted.items():
                if told[name] < n or (told[name] > n and not self.again):
                    yield f"{who} has {told[name]} receipts for {name}, and dropped {n}: {sorted(papers)}"

    def _verdicts(self) -> Iterator[str]:
        """On time is nobody who was late; late is nobody who was on time; in doubt only whose folder is."""
        duties = {duty.person: duty for duty in duties_on(self.stage.co.service, moment(DAY).date(), ())}
        due = int(self.stage.co.clock(DUE).timestamp())
        for who in PEOPLE:
            came = [drop.came for drop in self.model.book.drops if drop.person == who and _is_report(drop)]
            if not came or None in came:
                continue
            times = [each for each in came if each is not None]
            allowed = {"未知"} if any(each.in_folder for each in times) else set()
            allowed |= {"按时"} if min(each.truth for each in times) <= due else set()
            # In the second itself its parts decide, of which the play knows nothing.
            allowed |= {"迟交"} if max(each.truth for each in times) >= due else set()
            if duties[who].state not in allowed:
                yield f"{who}: {duties[who].state} ({duties[who].remark}), and came {times}"
            self.told.append(duties[who].state)

    def _rows(self) -> Iterator[str]:
        """A row waits for its picture as long as none of that name has come, before, after or with it."""
        for who in PEOPLE:
            drops = [drop for drop in self.model.book.drops if drop.person == who]
            pictures = any(Path(drop.name).stem == PICTURE and _is_whole(drop, PICTURE) for drop in drops)
            sql = "SELECT status FROM s_rows WHERE person = ? AND form = '客户新增'"
            rows = [row["status"] for row in self.stage.co.ask(sql, who)]
            if bool(rows) != any(_is_whole(drop, CUSTOMER) for drop in drops):
                yield f"{who}: rows of 客户新增 {rows}"
            if "waiting" in rows if pictures else {"pending", "accepted"} & {*rows}:
                yield f"{who}: rows of 客户新增 {rows}, and a picture came: {pictures}"
            self.told += [f"客户新增 {status}" for status in rows]


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _about(name: str) -> str:
    """What a receipt is about: its name without its time, its outcome and its number among those of one name."""
    return re.sub(r"-\d+$", "", name.split("_", 2)[2]) if name.count("_") >= 2 else name


def _is_whole(drop: Drop, kind: str) -> bool:
    return drop.content.startswith(kind) and drop.content[2:].isdigit()


def _is_report(drop: Drop) -> bool:
    return _is_whole(drop, REPORT)


@dataclass(frozen=True)
class Ended:
    """How a play went."""

    wrong: tuple[str, ...]
    reached: Counter[str]


def acted(script: Script, so_early: int) -> Ended:
    """A play from its beginning to its end, in a folder of its own."""
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(tempfile.TemporaryDirectory(prefix="kebu-arrivals-", dir=MEMORY)))
        stage = open_now.enter_context(staged(folder, so_early))
        model = Model()
        model.folders.now = stage.clock.second
        play = Play(stage, model)
        wrong = tuple(play.act(script))
    reached = Counter({*model.reached, *play.told, *(f"{drop.content[:2]}" for drop in model.book.drops)})
    return Ended(wrong, reached)


def of_seed(seed: int) -> Ended:
    """The play of a seed."""
    return acted(a_script(seed), begins(seed))


def shrunk(script: Script, so_early: int) -> Script:
    """A play that still fails, with what it does not need left out."""
    part = max(1, len(script) // 2)
    while part:
        at = 0
        while at < len(script):
            shorter = script[:at] + script[at + part :]
            if acted(shorter, so_early).wrong:
                script = shorter
            else:
                at += part
        part //= 2
    return script
