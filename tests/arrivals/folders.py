"""What people's deeds make of their folders.  Pure: it knows no disk, and nothing of the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.arrivals.script import PICTURE, Step

Place = tuple[str, str]  #: person, path below the drop folder
Tick = tuple[int, int]  #: second, and which change in all
HALF = "½"
OLD = 0  #: the second that copies with times of long ago claim


def kind(path: str) -> str:
    """What a file of this name holds: the first two characters of its name."""
    return path.rpartition("/")[2].lstrip("~$⌁")[:2]


def parents(path: str) -> Iterator[str]:
    """The folders above it, the nearest first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def size(content: str) -> str:
    """What two contents of one size have in common: workbooks of one form are equally long."""
    return content if content.startswith(PICTURE) else content[:2] + content[-1:].strip("0123456789")


@dataclass(eq=False)
class File:
    """A file, whatever it is called."""

    content: str
    mtime: Tick
    ctime: Tick
    lain: int  #: since when it has lain in 投递 as it is, whatever the folder above it is called
    hold: str = ""

    @property
    def mark(self) -> tuple[str, Tick, Tick]:
        """What tells one state from the next without reading."""
        return size(self.content), self.mtime, self.ctime

    @property
    def whole(self) -> bool:
        """Whether it has its end."""
        return not self.content.endswith(HALF)


@dataclass
class Folders:
    """Everybody's drop folder, and what they keep elsewhere."""

    now: int = 0
    changes: int = 0
    files: dict[Place, File] = field(default_factory=dict)
    folders: dict[Place, Tick] = field(default_factory=dict)  #: subfolder → its ctime
    outside: dict[Place, dict[str, File]] = field(default_factory=dict)  #: folder elsewhere → path in it → file
    trash: dict[Place, tuple[str, Tick]] = field(default_factory=dict)
    away: bool = False

    def tick(self) -> Tick:
        """The moment of one change."""
        self.changes += 1
        return self.now, self.changes

    def touch(self, place: Place) -> None:
        """A name was given or taken in the folder of *place*."""
        who, path = place
        for above in reversed(tuple(parents(path))):
            if (who, above) not in self.folders:
                self.folders[who, above] = self.tick()
                self.touch((who, above))
        for above in tuple(parents(path))[:1]:
            self.folders[who, above] = self.tick()

    def put(self, place: Place, file: File) -> None:
        """*file* lies there from now on; whatever was there is gone."""
        self.files[place] = file
        self.touch(place)

    def take(self, place: Place) -> File:
        """*place* is empty from now on."""
        self.touch(place)
        return self.files.pop(place)

    def below(self, who: str, folder: str) -> dict[str, File]:
        """What lies in a subfolder, by the path in it."""
        return {
            path.removeprefix(folder + "/"): file
            for (owner, path), file in self.files.items()
            if owner == who and path.startswith(folder + "/")
        }

    def do(self, step: Step) -> bool:
        """What a step makes of the folders; False if it cannot be done as things are, and nothing happens."""
        if step.do in ("away", "back"):
            happens = self.away != (step.do == "away")
            self.away = step.do == "away"
            return happens
        deed = getattr(self, f"_{step.do}", None)
        return bool(deed is not None and not self.away and deed((step.who, step.at), step))

    def _free(self, place: Place) -> bool:
        """Nobody holds what lies there."""
        return place not in self.files or not self.files[place].hold

    def _new(self, place: Place, content: str, mtime: Tick | None = None) -> bool:
        if not self._free(place):
            return False
        changed = self.tick()
        if place in self.files:
            file = self.files[place]
            file.content, file.mtime, file.ctime, file.lain = content, mtime or changed, changed, self.now
        else:
            self.put(place, File(content, mtime or changed, changed, self.now))
        return True

    def _write(self, place: Place, step: Step) -> bool:
        return self._new(place, f"{kind(step.at)}{step.content}")

    def _half(self, place: Place, step: Step) -> bool:
        return self._new(place, f"{kind(step.at)}{HALF}")

    def _finish(self, place: Place, step: Step) -> bool:
        file = self.files.get(place)
        half, whole = f"{kind(step.at)}{HALF}", f"{kind(step.at)}{step.content}"
        return file is not None and file.content == half and self._new(place, whole)

    def _old(self, place: Place, step: Step) -> bool:
        return self._new(place, f"{kind(step.at)}{step.content}", (OLD, step.content))

    def _quiet(self, place: Place, step: Step) -> bool:
        """Other bytes, as many, and the old time put back."""
        file = self.files.get(place)
        if file is None or not file.whole or kind(step.at) == PICTURE:
            return False
        return self._new(place, f"{kind(step.at)}{step.content}", file.mtime)

    def _again(self, place: Place, step: Step) -> bool:
        return place in self.files and self._new(place, self.files[place].content)

    def _save(self, place: Place, step: Step) -> bool:
        """The first half of an office program's saving: its own marks, the new file beside, the old one away."""
        if not self._free(place) or beside(place) in self.files:
            return False
        self._new(lock(place), "锁")
        self._new(beside(place), f"{kind(step.at)}{step.content}")
        if place in self.files:
            self.take(place)
        return True

    def _saved(self, place: Place, step: Step) -> bool:
        if beside(place) not in self.files or not self._free(place):
            return False
        self._moved(beside(place), place)
        if lock(place) in self.files:
            self.take(lock(place))
        return True

    def _moved(self, place: Place, to: Place) -> None:
        file = self.take(place)
        file.ctime, file.lain = self.tick(), self.now
        self.put(to, file)

    def _rename(self, place: Place, step: Step) -> bool:
        to = (step.who, step.to)
        if place not in self.files or place == to or not self._free(place) or not self._free(to):
            return False
        self._moved(place, to)
        return True

    def _delete(self, place: Place, step: Step) -> bool:
        if place not in self.files or not self._free(place):
            return False
        gone = self.take(place)
        self.trash[place] = gone.content, gone.mtime
        return True

    def _restore(self, place: Place, step: Step) -> bool:
        """Out of the trash, or from the previous versions: with the time that it had."""
        return place in self.trash and self._new(place, *self.trash[place])

    def _copy(self, place: Place, step: Step) -> bool:
        source = self.files.get(place)
        if source is None or source.hold or place == (step.who, step.to):
            return False
        return self._new((step.who, step.to), source.content, source.mtime)

    def _prepare(self, place: Place, step: Step) -> bool:
        folder, _slash, name = step.at.partition("/")
        changed = self.tick()
        lying = self.outside.setdefault((step.who, folder), {})
        lying[name] = File(f"{kind(name)}{step.content}", changed, changed, self.now)
        return True

    def _in(self, place: Place, step: Step) -> bool:
        who, folder = place
        if (who, folder) not in self.outside or (who, folder) in self.folders:
            return False
        if any((who, above) not in self.folders for above in parents(folder)):
            return False
        for path, file in self.outside.pop((who, folder)).items():
            file.lain = self.now
            self.files[who, f"{folder}/{path}"] = file
            for above in list(parents(path)):
                self.folders[who, f"{folder}/{above}"] = file.ctime
        self.folders[who, folder] = self.tick()
        self.touch((who, folder))
        return True

    def _out(self, place: Place, step: Step) -> bool:
        """A folder is taken out of 投递, under another name if one is given."""
        who, folder = place
        name = step.to or folder
        lying = self.below(who, folder)
        if place not in self.folders or (who, name) in self.outside or any(file.hold for file in lying.values()):
            return False
        self.outside[who, name] = lying
        self._forget(who, folder)
        self.touch((who, folder))
        return True

    def _move(self, place: Place, step: Step) -> bool:
        """A folder is renamed within 投递."""
        who, folder = place
        lying, to = self.below(who, folder), step.to
        inner = {
            path: at for (owner, path), at in self.folders.items() if owner == who and path.startswith(folder + "/")
        }
        if place not in self.folders or (who, to) in self.folders or f"{to}/".startswith(f"{folder}/"):
            return False
        if any((who, above) not in self.folders for above in parents(to)) or any(file.hold for file in lying.values()):
            return False
        self._forget(who, folder)
        self.files |= {(who, f"{to}/{path}"): file for path, file in lying.items()}
        self.folders |= {(who, to + path.removeprefix(folder)): at for path, at in inner.items()}
        self.folders[who, to] = self.tick()
        self.touch((who, to))
        self.touch((who, folder))
        return True

    def _forget(self, who: str, folder: str) -> None:
        self.files = {(owner, path): file for (owner, path), file in self.files.items()
                      if owner != who or not path.startswith(folder + "/")}  # fmt: skip
        self.folders = {(owner, path): at for (owner, path), at in self.folders.items()
                        if owner != who or not f"{path}/".startswith(folder + "/")}  # fmt: skip

    def _hold(self, place: Place, step: Step) -> bool:
        if place not in self.files or self.files[place].hold:
            return False
        self.files[place].hold = step.how
        return True

    def _release(self, place: Place, step: Step) -> bool:
        if place not in self.files or not self.files[place].hold:
            return False
        self.files[place].hold = ""
        return True


def beside(place: Place) -> Place:
    """Where an office program writes what will bear this name."""
    who, path = place
    folder, slash, name = path.rpartition("/")
    return who, f"{folder}{slash}{name}.tmp"


def lock(place: Place) -> Place:
    """Its mark that somebody has the file open."""
    who, path = place
    folder, slash, name = path.rpartition("/")
    return who, f"{folder}{slash}~${name}"


def is_passed_over(path: str) -> bool:
    """Names that are nobody's submission."""
    name = path.rpartition("/")[2]
    return name.startswith("~$") or name.endswith(".tmp")
