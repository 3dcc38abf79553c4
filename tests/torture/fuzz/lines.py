"""A mutant's name is its line of descent: ``book:3:17.905`` is the fourth seed, changed by the dice 17 and then by 905."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.torture.fuzz import books, configs, pictures, seeds
from tests.torture.fuzz.packages import MOST

_LONGEST = 12  #: changes, one after the other
_KEPT = 400  #: mutants of a kind that are changed further
_DICE = 10**9


@dataclass(frozen=True)
class Kind:
    """A kind of file: where it begins, and how it is changed."""

    seeds: Callable[[], tuple[bytes, ...]]
    change: Callable[[bytes, Random], bytes]


KINDS = {
    "book": Kind(seeds.books, books.book),
    "form": Kind(seeds.forms, books.form),
    "picture": Kind(seeds.photos, pictures.picture),
    "config": Kind(seeds.configs, configs.config),
}


@dataclass(frozen=True)
class Line:
    """Where a mutant comes from."""

    kind: str
    seed: int
    dice: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{self.seed}:{'.'.join(map(str, self.dice))}"


def named(text: str) -> Line:
    """The line of that name."""
    kind, seed, dice = text.split(":")
    return Line(kind, int(seed), tuple(int(number) for number in dice.split(".") if number))


def grown(line: Line, kinds: dict[str, Kind]) -> bytes:
    """The mutant, made again from its seed."""
    kind = kinds[line.kind]
    data = kind.seeds()[line.seed]
    for number in line.dice:
        data = kind.change(data, Random(number))
    return data


@dataclass
class Nursery:
    """Mutants of one kind, and those whose answer nobody had seen before: they are changed further."""

    name: str
    kind: Kind
    rng: Random
    shapes: set[str] = field(default_factory=set)
    kept: list[tuple[Line, bytes]] = field(default_factory=list)

    def mutant(self) -> tuple[Line, bytes]:
        """The next one."""
        files = self.kind.seeds()
        if self.kept and self.rng.random() < 0.5:
            line, data = self.rng.choice(self.kept)
        else:
            number = self.rng.randrange(len(files))
            line, data = Line(self.name, number), files[number]
        dice = self.rng.randrange(_DICE)
        return Line(line.kind, line.seed, (*line.dice, dice)), self.kind.change(data, Random(dice))

    def learn(self, line: Line, data: bytes, shape: str) -> None:
        """Keep what gave an answer of a new shape."""
        if shape in self.shapes:
            return
        self.shapes.add(shape)
        if len(line.dice) >= _LONGEST or len(data) > MOST:
            return
        if len(self.kept) < _KEPT:
            self.kept.append((line, data))
        else:
            self.kept[self.rng.randrange(_KEPT)] = (line, data)
