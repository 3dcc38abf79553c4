"""What became of the changes, a line each, and the table made of them."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.mutants.killing import Verdict
    from tests.mutants.making import Mutant

NOTICED = ("killed", "endless", "unloadable")
UNNOTICED = ("survived", "unreached")


@dataclass(frozen=True)
class Told:
    """One change and its end."""

    room: str
    path: str
    line: int
    within: str
    before: str
    after: str
    outcome: str
    by: str
    tests: int  #: how many come by

    @classmethod
    def of(cls, mutant: Mutant, verdict: Verdict, room: str, tests: int) -> Told:
        """As it is written down."""
        return cls(
            room,
            mutant.path,
            mutant.line,
            mutant.within,
            mutant.before,
            mutant.after,
            verdict.outcome,
            verdict.by,
            tests,
        )

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What tells it from others."""
        return (self.path, self.line, self.before, self.after)

    @property
    def where(self) -> str:
        """The place."""
        return f"{self.path}:{self.line} {self.within}"

    @property
    def change(self) -> str:
        """What was changed into what."""
        return f"{_short(self.before)} → {_short(self.after)}"

    def written(self) -> Mapping[str, Any]:
        """As JSON has it."""
        return asdict(self)


def _short(code: str) -> str:
    words = " ".join(code.split())
    return words if len(words) <= 90 else f"{words[:60]} … {words[-25:]}"


def kept(file: Path) -> list[Told]:
    """What a file of results holds; of a change that was judged twice the last."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    told = [Told(**json.loads(line)) for line in lines]
    return list({each.key: each for each in told}.values())


def table(told: Iterable[Told]) -> str:
    """Markdown: a line for each module, and one for each room."""
    rooms: dict[str, dict[str, Counter[str]]] = {}
    for each in told:
        rooms.setdefault(each.room, {}).setdefault(each.path, Counter())[each.outcome] += 1
    lines = [
        "| module | judged | killed | of these endless / does not load | survived | no test comes by | killed % |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for room, modules in rooms.items():
        total = sum(modules.values(), Counter[str]())
        lines.append(_line(f"**{room}**", total))
        lines += [_line(path, counted) for path, counted in sorted(modules.items())]
    return "\n".join(lines)


def _line(name: str, counted: Counter[str]) -> str:
    noticed, unnoticed = sum(counted[each] for each in NOTICED), sum(counted[each] for each in UNNOTICED)
    judged = noticed + unnoticed
    share = f"{100 * noticed / judged:.1f}" if judged else "–"
    cells = (
        judged,
        noticed,
        f"{counted['endless']} / {counted['unloadable']}",
        counted["survived"],
        counted["unreached"],
        share,
    )
    return f"| {name} | {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    print(table(each for file in sys.argv[1:] for each in kept(Path(file))))
