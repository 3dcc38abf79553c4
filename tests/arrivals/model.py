"""What must come out of a play.  Pure: written from the rules that staff are told, with no import of the program.

The rules: a file is taken at the second look of one watcher that finds it unchanged, once it has been quiet for the
settling time (an unfinished one: for longer).  What is taken leaves the drop folder, if it is still what was taken (size,
time and bytes); until it can, it is the same drop.  Whatever its owner does to a file makes it a new drop.  It came
when it was last written or renamed, or moved in with its folder; a folder that is changed later leaves that in doubt.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tests.arrivals.folders import File, Folders, Place, Tick, is_passed_over, parents, size
from tests.arrivals.script import Step

SETTLE, INCOMPLETE = 5, 60  #: seconds
NOWHERE: tuple[str, Tick] = ("", (0, 0))
ASIDE = "⌁"  #: before the name of a file while it is being taken away, with what was taken


@dataclass(frozen=True)
class Came:
    """What can be known of an arrival, in seconds."""

    truth: int  #: it lay in 投递 as it is from then on, under this name or its folder's former one
    latest: int  #: the latest moment that any clock tells of
    looked: int  #: when it was last seen not to be there; 0: nobody watched
    in_folder: bool


@dataclass(frozen=True)
class Drop:
    """A content taken once."""

    person: str
    name: str
    content: str
    came: Came | None  #: None: taken again from the archive, as of its first arrival


@dataclass
class _Sample:
    mark: tuple[str, Tick, Tick]
    since: int
    looks: int = 0


@dataclass(frozen=True)
class _Sight:
    """A file as it was seen for the first time."""

    mark: tuple[str, Tick, Tick]
    truth: int
    latest: int
    looked: int


@dataclass(frozen=True)
class Pending:
    """Taken, and perhaps still lying there."""

    place: Place
    content: str
    mark: tuple[str, Tick]  #: size and time

    @classmethod
    def of(cls, place: Place, content: str, mark: tuple[str, Tick]) -> Pending:
        """What is taken now."""
        return cls(own(place), content, mark)

    @property
    def aside(self) -> Place:
        """Where it stands while it is being taken away."""
        who, path = self.place
        folder, slash, name = path.rpartition("/")
        return who, f"{folder}{slash}{ASIDE}{self.content} {name}"


@dataclass
class Process:
    """What a watcher remembers."""

    samples: dict[Place, _Sample] = field(default_factory=dict)
    sights: dict[Place, _Sight] = field(default_factory=dict)
    looked: int = 0
    leaving: set[Place] = field(default_factory=set)


@dataclass
class Book:
    """What is in the ledger."""

    drops: list[Drop] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)


@dataclass
class Model:
    """Folders, the service and its book as they must be."""

    folders: Folders = field(default_factory=Folders)
    book: Book = field(default_factory=Book)
    process: Process | None = None
    noted: list[Drop] = field(default_factory=list)  #: whatever the archive has, and whose it is
    backup: Book | None = None
    wrong: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)  #: what happened, for the count of what plays show

    def step(self, step: Step, order: Sequence[Place] = ()) -> bool:
        """Let a step happen; False if nothing comes of it.

        :param order: of a look: in which order the program took away what it had taken
        """
        self.folders.now += step.after
        if step.do == "look":
            _Look(self, step, list(order)).run()
            return True
        happens = self._befalls(step) if step.do in ("stop", "backup", "undo") else self.folders.do(step)
        if happens:
            self.reached.append(step.do if step.do != "hold" else step.how)
        return happens

    def _befalls(self, step: Step) -> bool:
        if step.do == "stop":
            self.process, there = None, self.process is not None
            return there
        if step.do == "backup":
            self.backup = Book(list(self.book.drops), list(self.book.pending))
            return True
        if self.backup is None or self.folders.away:
            return False
        self.process = None
        self._undo(self.backup)
        return True

    def _undo(self, backup: Book) -> None:
        """The backup takes the book's place; what came since is taken again from the archive, each name and content once.

        Where it lies still, written no later than it came, it is no new drop.
        """
        known = {(drop.person, drop.name, drop.content) for drop in backup.drops}
        again, pending = list[Drop](), list(backup.pending)
        for drop in self.noted:
            if (key := (drop.person, drop.name, drop.content)) in known:
                continue
            known.add(key)
            again.append(replace(drop, came=None))
            named = (place for place in map(own, self.folders.files) if (place[0], composed(place[1])) == key[:2])
            left = Pending(next(named, key[:2]), drop.content, NOWHERE)
            for place in (left.place, left.aside):
                file = self.folders.files.get(place)
                is_it = file is not None and size(file.content) == size(drop.content)
                if file is not None and is_it and drop.came is not None and file.mtime[0] <= drop.came.truth:
                    pending = [each for each in pending if (each.place, each.content) != (left.place, left.content)]
                    pending.append(replace(left, mark=file.mark[:2]))
        self.book = Book([*backup.drops, *again], pending)

    def visible(self) -> dict[Place, File]:
        """What should be taken sooner or later."""
        return {place: file for place, file in self.folders.files.items() if not is_passed_over(place[1])}


@dataclass
class _Look:
    """One look of the service."""

    model: Model
    step: Step
    order: list[Place]
    candidates: dict[Place, Drop] = field(default_factory=dict)
    marks: dict[Place, tuple[str, Tick]] = field(default_factory=dict)

    @property
    def folders(self) -> Folders:
        return self.model.folders

    @property
    def process(self) -> Process:
        if self.model.process is None:
            self.model.process = Process()
        return self.model.process

    def run(self) -> None:
        _ = self.process
        if not self.folders.away:
            self._finish()
            self._see()
        if not self.candidates or self._comes_between("scanned"):
            return
        kept = {place: drop for place, drop in self.candidates.items() if self._is_kept(place, drop)}
        self.model.noted += kept.values()
        if self._comes_between("kept"):
            return
        self.model.book.drops += kept.values()
        pending = {place: Pending.of(place, drop.content, self.marks[place]) for place, drop in kept.items()}
        self._remember(pending.values())
        if self._comes_between("committed"):
            return
        if sorted(self.order) != sorted(kept):
            self.model.wrong.append(f"took away {sorted(self.order)}, not {sorted(kept)}")
            return
        gone: list[Pending] = []
        for place in self.order:
            if self._comes_between_while_aside(place, pending[place], gone):
                return
        self.model.book.pending = [each for each in self.model.book.pending if each not in gone]

    def _remember(self, pending: Iterable[Pending]) -> None:
        """One note for each person, name and content."""
        new = {(each.place, each.content): each for each in pending}
        old = [each for each in self.model.book.pending if (each.place, each.content) not in new]
        self.model.book.pending = [*old, *new.values()]

    # -- what was taken before and lies there still

    def _finish(self) -> None:
        for each in list(self.model.book.pending):
            for place in (each.aside, each.place):
                if place in self.folders.files:
                    self._removed(place, each)
            if {each.aside, each.place} & self.process.leaving:
                self.model.reached.append("still pending")
            else:
                self.model.book.pending.remove(each)

    # -- what is there now

    def _see(self) -> None:
        present = self.model.visible()
        for place, file in present.items():
            self._sight(place, file, present)
            if place not in self.process.leaving and self._settles(place, file):
                self.candidates[place] = self._drop(place, file)
        process = self.process
        process.samples = {place: each for place, each in process.samples.items() if place in present}
        process.sights = {place: each for place, each in process.sights.items() if place in present}
        process.leaving &= present.keys()
        process.looked = self.folders.now
        self.marks = {place: present[place].mark[:2] for place in self.candidates}

    def _sight(self, place: Place, file: File, present: Collection[Place]) -> None:
        """When a file is seen as it is for the first time, the folders above it tell the most.

        The very same file was seen before under a folder's other name, or before its folder was out for a moment.
        """
        who, sights = place[0], self.process.sights
        if place in sights and sights[place].mark == file.mark:
            return
        before = (seen for (owner, path), seen in sights.items() if owner == who and (owner, path) not in present)
        same = next((seen for seen in before if seen.mark == file.mark), None)
        above = [self.folders.folders[who, each][0] for each in parents(place[1])]
        latest = max((file.ctime[0], *above))
        sights[place] = same or _Sight(file.mark, file.lain, latest, self.process.looked)

    def _settles(self, place: Place, file: File) -> bool:
        now, samples = self.folders.now, self.process.samples
        if place not in samples or samples[place].mark != file.mark:
            samples[place] = _Sample(file.mark, now)
        sample = samples[place]
        sample.looks += 1
        if file.hold == "locked":
            self.model.reached.append("locked at a look")
            return False
        quiet = now - min(sample.since, max(file.ctime[0], file.mtime[0]))
        return sample.looks > 1 and quiet >= (SETTLE if file.whole else INCOMPLETE)

    def _drop(self, place: Place, file: File) -> Drop:
        seen = self.process.sights[place]
        came = Came(seen.truth, seen.latest, seen.looked, "/" in place[1])
        return Drop(place[0], composed(own(place)[1]), file.content, came)

    def _is_kept(self, place: Place, drop: Drop) -> bool:
        file = self.folders.files.get(place)
        kept = not self.folders.away and file is not None and file.content == drop.content and file.hold != "locked"
        if not kept:
            self.model.reached.append("changed before it was kept")
        return kept

    def _comes_between(self, point: str) -> bool:
        """What happens at this point of the round; True if the service is killed there."""
        if self.step.how != point:
            return False
        if self.step.meanwhile is None:
            self.model.process = None
            self.model.reached.append(f"killed {point}")
            return True
        if self.folders.do(self.step.meanwhile):
            self.model.reached.append(f"{self.step.meanwhile.do} {point}")
        return False

    # -- what is taken away

    def _comes_between_while_aside(self, place: Place, each: Pending, gone: list[Pending]) -> bool:
        """Remove one file; True if the service is killed over it."""
        if self.folders.away or (place not in self.folders.files and not self._folder_is_there(place)):
            self.process.leaving.add(place)
        elif place not in self.folders.files:
            self.process.samples.pop(place, None)
            gone.append(each)
        elif self._removed(place, each):
            gone.append(each)
        return self.model.process is None

    def _removed(self, place: Place, each: Pending) -> bool:
        """Away with the file at *place*, if it is still what was taken."""
        file, process = self.folders.files[place], self.process
        process.leaving.discard(place)
        same = file.content == each.content or file.hold == "locked"  # nobody can read it to tell
        if file.mark[:2] != each.mark or not same:
            process.samples.pop(place, None)
            self.model.reached.append("changed since it was taken")
            return False
        if file.hold:
            process.leaving.add(place)
            self.model.reached.append("held since it was taken")
            return False
        process.samples.pop(place, None)
        if ASIDE not in place[1]:
            self.folders.take(place)
            self.folders.put(each.aside, file)
        if place in self.order and self._comes_between("aside"):
            file.ctime, file.lain = (
                self.folders.tick(),
                self.folders.now,
            )  # the service's own renaming: it has come before
            return False
        if place in self.order and self.step.how == "aside":
            self.step = replace(self.step, how="")  # once
        self._gone(file)
        return True

    def _gone(self, file: File) -> None:
        """The folder is held open meanwhile: the file goes wherever its owner has taken that."""
        for place in [place for place, other in self.folders.files.items() if other is file]:
            self.folders.take(place)
        for lying in self.folders.outside.values():
            for path in [path for path, other in lying.items() if other is file]:
                del lying[path]

    def _folder_is_there(self, place: Place) -> bool:
        return all((place[0], above) in self.folders.folders for above in parents(place[1]))


def composed(name: str) -> str:
    """A name as the book has it, however the disk writes it."""
    return unicodedata.normalize("NFC", name)


def own(place: Place) -> Place:
    """The place under the name that its owner gave."""
    who, path = place
    folder, slash, name = path.rpartition("/")
    return who, folder + slash + (name.partition(" ")[2] if name.startswith(ASIDE) else name)
