"""A command hindered at one of its calls, then run again: everything must come out as if nothing had happened.

``python -m tests.torture.faults --minutes 30`` (``make torture``) goes through every story; a failure names story, call
and fault, and ``--only "STORY:FAULT:NTH"`` plays it again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import calls, canonical, stage
from tests.torture.shim import CHANGING, ERRORS, EVERYTHING, FAIL_FOREVER, FAIL_ONCE, KILL, Ended, Served

Arguments = tuple[str, ...]
BATCH = 4  #: files in one transaction, so that a round has several
AGAIN = (
    3  #: after each so-manieth point the command is done once more, though it had nothing to tell: nothing may double
)


@dataclass(frozen=True)
class Story:
    """A command on a company as it was made, and what mends whatever went wrong in it."""

    name: str
    original: str
    command: Arguments
    then: tuple[Arguments, ...] = ()  #: what follows, hindered or not, to come to the same end
    goes_back: bool = False  #: the book is an earlier one afterwards


@dataclass(frozen=True)
class Fault:
    """What happens at which call."""

    what: str  #: ``kill``, or an error and ``once`` or ``ever``
    nth: int
    second: int = 0  #: the call at which the mending is killed; 0: never

    @property
    def action(self) -> int:
        """As the shim knows it."""
        return KILL if self.what == "kill" else FAIL_FOREVER if self.what.endswith("ever") else FAIL_ONCE

    @property
    def error(self) -> int:
        """errno."""
        return int(ERRORS.get(self.what.partition(" ")[0], 0))

    @property
    def kinds(self) -> int:
        """What is counted: nobody is killed differently for having looked."""
        return CHANGING if self.what == "kill" else EVERYTHING


ROUND: Arguments = ("run", "--now", stage.EVENING)
STORIES = (
    Story("run", "evening", ROUND),
    Story("approvals", "decided", ("run", "--now", "2026-11-25T09:00:00")),
    Story("nightly", "taken", ("nightly", "--date", "2026-11-24", "--now", "2026-11-25T00:30:00")),
    Story("monthly", "taken", ("monthly", "--month", "2026-11", "--now", "2026-12-01T01:00:00")),
    Story("backup", "taken", ("backup", "--now", "2026-11-24T20:00:00")),
    Story("restore", "taken", ("restore", "{book}/backups/ledger_20261124-123000.db", "--now", stage.RESTORED), (ROUND,), goes_back=True),
    Story("watch", "evening", ("watch", "--now", stage.WATCHED)),
    Story("rotate", "taken", ("rotate", "--now", "2026-11-24T20:00:00")),
    Story("reissue", "robbed", ("reissue", "--now", "2026-11-24T20:00:00")),
)  # fmt: skip
BY_NAME = {story.name: story for story in STORIES}


@dataclass
class Theatre:
    """Where stories are played: originals, one served process, and how each story ends undisturbed."""

    work: Path
    served: Served
    exact: dict[str, canonical.Exact] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)  #: what ``verify`` has agreed to, of each story's end
    counted: dict[tuple[str, int], int] = field(default_factory=dict)  #: calls of a story, by the kinds counted

    @property
    def home(self) -> Path:
        """The company that is played with."""
        return self.served.home

    def original(self, name: str) -> Path:
        """A company as it was made, when it is first asked for."""
        made = self.work / "originals" / name
        if not made.exists():
            MAKERS[name](self)
            shutil.copytree(self.home, made)
        return made

    def end(self, story: Story) -> Path:
        """The company as the story leaves it when nothing happens."""
        return self.work / "ends" / story.name

    def do(self, story: Story, fault: Fault | None = None) -> Ended:
        """The story's command, hindered by *fault*."""
        given = [part.format(book=self.home / "book") for part in story.command]
        if fault is None:
            return self.served.run(*given, batch=BATCH)
        return self.served.run(
            *given, nth=fault.nth, action=fault.action, error=fault.error, kinds=fault.kinds, batch=BATCH
        )

    def finish(self, story: Story) -> list[Ended]:
        """What follows the command."""
        return [self.served.run(*each, batch=BATCH) for each in story.then]

    def undisturbed(self, story: Story) -> None:
        """See how the story ends when nothing happens."""
        if story.name in self.exact:
            return
        self.served.put_back(self.original(story.original))
        done = [self.do(story), *self.finish(story)]
        assert all(each.code == 0 for each in done), (story.name, done, self.served.said())
        self.exact[story.name] = canonical.exact(self.home)
        self.proofs[story.name] = canonical.proof_of(self.home)
        assert self.served.run("verify").code == 0, self.served.said()
        shutil.copytree(self.home, self.end(story))

    def calls_of(self, story: Story, kinds: int) -> int:
        """How many calls of these kinds the story's command makes."""
        if (story.name, kinds) not in self.counted:
            self.counted[story.name, kinds] = len(self.steps(story, kinds))
        return self.counted[story.name, kinds]

    def steps(self, story: Story, kinds: int = CHANGING) -> list[tuple[int, str]]:
        """The numbers of the command's counted calls, each with its kind and where it acts, numbers taken out."""
        self.served.put_back(self.original(story.original))
        self.served.calls.write_bytes(b"")  # the shim has it open, and appends
        given = [part.format(book=self.home / "book") for part in story.command]
        done = self.served.run(*given, kinds=kinds, record=True, batch=BATCH)
        assert done.code == 0, (story.name, done, self.served.said())
        found = [(call.number, f"{call.kind} {_pattern(call.path)}") for call in calls.recorded(self.served.calls)]
        numbered = dict(each for each in found if each[0])
        return [(number, numbered.get(number, "look")) for number in range(1, done.count + 1)]


def _pattern(path: str) -> str:
    return re.sub(r"[0-9a-f]{8,}|\d+", "#", "/".join(path.split("/")[-3:]))


def spread(steps: Sequence[tuple[int, str]], most: int, dice: random.Random) -> list[int]:
    """At most *most* of the numbers: of each pattern the first, the last, and by chance as many as there is room for."""
    groups: dict[str, list[int]] = {}
    for number, pattern in steps:
        groups.setdefault(pattern, []).append(number)
    chosen = {number for group in groups.values() for number in (group[0], group[-1])}
    rest = [number for number, _pattern in steps if number not in chosen]
    dice.shuffle(rest)
    chosen |= set(rest[: max(0, most - len(chosen))])
    listed = sorted(chosen)
    dice.shuffle(listed)
    return sorted(listed[:most])


def play(theatre: Theatre, story: Story, fault: Fault) -> list[str]:
    """Hinder the story once, let the service mend it, compare; gives what is not as it should be."""
    theatre.undisturbed(story)
    theatre.served.put_back(theatre.original(story.original))
    first = theatre.do(story, fault)
    if first.code in (70, -99) or (fault.action == KILL and first.happened and first.code != -9):
        return [f"ended with {first.code}: {theatre.served.said(1500)}"]
    if fault.second:
        theatre.do(story, Fault("kill", fault.second))
    mended = theatre.do(story)
    if mended.code in (70, -99):  # 1: it tells of what it mends, as of a new colleague's missing folder
        return [f"the mending fails: {theatre.served.said(1500)}"]
    again = [theatre.do(story)] if mended.code or fault.nth % AGAIN == 0 else []
    done = [*again, *theatre.finish(story)]
    if any(each.code for each in done):
        return [f"is not mended: {[each.code for each in done]}: {theatre.served.said(1500)}"]
    found = _apart(theatre, story, exactly=fault.action == KILL and story.name != "restore")
    if story.name == "rotate":  # done again, it changes the keys again
        found = [each for each in found if not each.startswith("+ chain.keyed")]
    same = not found and canonical.proof_of(theatre.home) == theatre.proofs[story.name]
    if not same and theatre.served.run("verify").code:
        found.append(f"does not verify: {theatre.served.said(600)}")
    return found


def _apart(theatre: Theatre, story: Story, *, exactly: bool) -> list[str]:
    now = canonical.exact(theatre.home)
    if now == theatre.exact[story.name]:
        return []
    found = canonical.differences(theatre.end(story), theatre.home)
    if exactly and not found and story.name != "rotate":
        found = [f"{name} is not the same to the byte" for name in vars(now) if getattr(now, name) != getattr(theatre.exact[story.name], name)]  # fmt: skip
    return found


def _taken(theatre: Theatre) -> None:
    theatre.served.put_back(theatre.original("evening"))
    for arguments in (("backup", "--now", stage.BACKED_UP), ROUND):
        assert theatre.served.run(*arguments).code == 0, theatre.served.said()


def _decided(theatre: Theatre) -> None:
    theatre.served.put_back(theatre.original("taken"))
    stage.decide_all(theatre.home)


def _robbed(theatre: Theatre) -> None:
    theatre.served.put_back(theatre.original("taken"))
    stage.rob(theatre.home)


MAKERS: dict[str, Callable[[Theatre], None]] = {"taken": _taken, "decided": _decided, "robbed": _robbed}


def theatre(work: Path) -> Theatre:
    """Make the company that everything begins with, and the process that plays."""
    evening = work / "originals" / "evening"
    evening.mkdir(parents=True)
    stage.everything(evening)
    return Theatre(work, Served(work, work / "company", evening))


def faults_of(theatre: Theatre, story: Story, most: int, dice: random.Random) -> Iterator[Fault]:
    """Kills at *most* calls; as many failures; and a kill of the mending after each tenth kill."""
    steps = theatre.steps(story)
    for n, number in enumerate(spread(steps, most, dice)):
        yield Fault("kill", number)
        if n % 10 == 0:
            yield Fault("kill", number, dice.randint(1, max(2, len(steps) // 2)))
    looked = theatre.steps(story, EVERYTHING)
    for error in ERRORS:
        for ever in ("once", "ever"):
            for number in spread(looked, max(2, most // 10), dice):
                yield Fault(f"{error} {ever}", number)


def main() -> None:
    """Play until the time is over; exit 1 if anything was found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=20)
    asked.add_argument("--points", type=int, default=150, help="kills for each story")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--stories", default=",".join(BY_NAME))
    asked.add_argument(
        "--what", default="", help="faults that are called so: kill, once, ever, EIO; all if nothing is said"
    )
    asked.add_argument("--only", help="STORY:FAULT:NTH[:SECOND]")
    asked.add_argument("--work", type=Path)
    asked.add_argument("--results", type=Path)
    given = asked.parse_args()
    ends, tally, bad = time.monotonic() + given.minutes * 60, dict[str, int](), 0
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        made = theatre(Path(folder))
        with made.served:
            for story, fault in _asked_for(made, given):
                if time.monotonic() > ends:
                    break
                found = play(made, story, fault)
                name = f"{story.name}:{fault.what}"
                tally[name] = tally.get(name, 0) + 1
                if found:
                    bad += 1
                    told = {
                        "story": story.name,
                        "what": fault.what,
                        "nth": fault.nth,
                        "second": fault.second,
                        "found": found[:6],
                    }
                    print(json.dumps(told, ensure_ascii=False), flush=True)
    summary = {"seed": given.seed, "played": sum(tally.values()), "bad": bad, "by": tally}
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    if given.results:
        with given.results.open("a", encoding="utf-8") as out:
            print(json.dumps(summary, ensure_ascii=False), file=out)
    raise SystemExit(bool(bad))


def _asked_for(made: Theatre, given: argparse.Namespace) -> Iterator[tuple[Story, Fault]]:
    if given.only:
        name, what, nth, *second = given.only.split(":")
        yield BY_NAME[name], Fault(what, int(nth), int(second[0]) if second else 0)
        return
    dice = random.Random(given.seed)
    waiting = [
        (
            BY_NAME[name],
            (each for each in faults_of(made, BY_NAME[name], given.points, dice) if given.what in each.what),
        )
        for name in given.stories.split(",")
    ]
    while waiting:  # some of each in turn, so that a short time sees all of them
        for story, faults in list(waiting):
            for _ in range(5):
                fault = next(faults, None)
                if fault is None:
                    waiting.remove((story, faults))
                    break
                yield story, fault


if __name__ == "__main__":
    main()
