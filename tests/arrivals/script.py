"""Plays by seed: what people do in their drop folders and what befalls the service, one step after another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

PEOPLE = ("张三", "王五")
REPORT, CUSTOMER, PICTURE = "日报", "客户", "门头"
FOLDERS = ("本周", "旧", "本周/图")
NAMES = (f"{REPORT}.xlsx", f"{CUSTOMER}.xlsx", f"{PICTURE}.jpg")
COPIES = (
    "{} (1)",
    "{} - 副本",
    "{}.sync-conflict-20261124-195900-ABC",
    "{} e\u0301",
)  #: as sync programs and people name them, and as a Mac writes é
HELD = ("locked", "pinned")  #: cannot even be read; can be read, and neither renamed nor removed
POINTS = ("scanned", "kept", "committed", "aside")  #: where a round is cut short, or somebody comes between


@dataclass(frozen=True)
class Step:
    """Somebody does something, so many seconds after the step before."""

    after: int
    do: str
    who: str = ""
    at: str = ""  #: below the drop folder, or a folder prepared elsewhere
    to: str = ""
    content: int = 0
    how: str = ""  #: of ``hold``: one of HELD; of ``look``: one of POINTS, with what happens there
    meanwhile: Step | None = None  #: done at that point of a look; None: the service is killed there

    def __str__(self) -> str:
        given = ((each.name, getattr(self, each.name)) for each in fields(self))
        return f"Step({', '.join(f'{name}={value!r}' for name, value in given if value not in ('', 0, None))})"


Script = tuple[Step, ...]


@dataclass
class _Author:
    """Makes up steps; contents are numbered, and now and then the same one comes again."""

    chance: random.Random
    contents: int = 0
    recent: list[tuple[str, str]] = field(default_factory=list)  #: whose file was something done to lately

    def content(self) -> int:
        if self.contents and self.chance.random() < 0.15:
            return self.chance.randint(1, self.contents)
        self.contents += 1
        return self.contents

    def after(self) -> int:
        return self.chance.choices((1, 2, 3, 6, 20, 70), (30, 20, 10, 25, 8, 7))[0]

    def place(self, name: str = "") -> str:
        folder = self.chance.choices(("", *FOLDERS), (55, 22, 8, 15))[0]
        name = name or self.chance.choices(NAMES, (55, 20, 25))[0]
        if self.chance.random() < 0.15:
            stem, _dot, ending = name.rpartition(".")
            name = f"{self.chance.choice(COPIES).format(stem)}.{ending}"
        return f"{folder}/{name}" if folder else name

    def deed(self, who: str) -> list[Step]:
        """What somebody does, which may take several steps."""
        one = self.chance.choices(
            ("write", "half", "save", "old", "quiet", "again", "rename", "delete", "copy", "move", "out", "prepared", "hold"),
            (22, 7, 9, 7, 8, 6, 9, 9, 7, 6, 4, 9, 9),
        )[0]  # fmt: skip
        lately = [at for owner, at in self.recent[-4:] if owner == who]
        at = self.chance.choice(lately) if lately and self.chance.random() < 0.5 else self.place()
        self.recent.append((who, at))
        n, then = self.content(), self.after
        if one == "half":
            return [Step(then(), "half", who, at, content=n), Step(then(), "finish", who, at, content=n)]
        if one == "save":
            return [Step(then(), "save", who, at, content=n), Step(then(), "saved", who, at)]
        if one in ("rename", "copy"):
            name = at.rpartition("/")[2]
            return [Step(then(), one, who, at, to=self.place(f"{name[:2]}.{name.rpartition('.')[2]}"))]
        if one == "delete":
            return [Step(then(), "delete", who, at), Step(then(), "restore", who, at)][: self.chance.randint(1, 2)]
        if one == "move":
            return [Step(then(), "move", who, self.chance.choice(FOLDERS), to=self.chance.choice(FOLDERS))]
        if one == "out":
            folder = self.chance.choice(FOLDERS)
            return [Step(then(), "out", who, folder), Step(then(), "in", who, folder)][: self.chance.randint(1, 2)]
        if one == "prepared":
            folder, name = self.chance.choice(FOLDERS[:2]), self.chance.choice(NAMES[:2])
            into = [Step(then(), "in", who, folder)]
            if self.chance.random() < 0.3:  # something of the same name is there until then
                into.insert(0, Step(then(), "out", who, folder, to="换下"))
            return [Step(then(), "prepare", who, f"{folder}/{name}", content=n), *into]
        if one == "hold":
            kind = self.chance.choice(HELD)
            return [Step(then(), "hold", who, at, how=kind), Step(then(), "release", who, at)]
        return [Step(then(), one, who, at, content=n)]

    def look(self) -> Step:
        at_point = self.chance.random()
        if at_point < 0.7:
            return Step(self.after(), "look")
        point, after = self.chance.choice(POINTS), self.chance.choice((3, 6, 6, 20))
        if at_point < 0.8:
            return Step(after, "look", how=point)
        meanwhile = Step(0, "away")
        if self.chance.random() < 0.94:
            meanwhile = replace(self.deed(self.recent[-1][0] if self.recent else PEOPLE[0])[0], after=0)
        return Step(after, "look", how=point, meanwhile=meanwhile)

    def mishap(self) -> list[Step]:
        one = self.chance.choices(("stop", "away", "backup"), (58, 34, 8))[0]
        ends = {"stop": (), "away": ("back",), "backup": ("undo",)}[one]
        return [Step(self.after(), one), *(Step(self.after(), each) for each in ends)]

    def steps(self, so_many: int) -> Iterator[Step]:
        """Several people's doings, mixed: the steps of each stay in their order."""
        waiting: list[list[Step]] = []
        for _ in range(so_many):
            what = self.chance.random()
            if what < 0.42:
                waiting.append([self.look()])
            elif what < 0.48:
                waiting.append(self.mishap())
            else:
                waiting.append(self.deed(self.chance.choices(PEOPLE, (70, 30))[0]))
            while waiting and (len(waiting) > 3 or self.chance.random() < 0.6):
                line = self.chance.choice(waiting)
                yield line.pop(0)
                if not line:
                    waiting.remove(line)
        for line in waiting:
            yield from line


def a_script(seed: int) -> Script:
    """The play of this seed."""
    chance = random.Random(seed)
    return tuple(_Author(chance).steps(chance.randint(8, 40)))


def begins(seed: int) -> int:
    """So many seconds before the report is due does the play begin."""
    return random.Random(f"begins {seed}").randint(0, 300)
