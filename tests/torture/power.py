"""The power fails: what may be on the disk then, made from the calls that a story did, and what must hold of it.

A call is durable once its file (for content) or its folder (for a name) was synced.  Of everything else any part may be
there: a write all of it, a piece of it or nothing, in any order; a name or not.  That is more than any file system does.

``python -m tests.torture.power --states 10000``; a failure names story, call and seed, ``--only STORY:CALL:SEED`` plays it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from ledger import files
from policy.settings import load_settings
from service.company import Service, open_service
from service.upkeep.guarding import ANCHOR
from service.upkeep.keeping import differences
from tests.torture import faults, stage
from tests.torture.calls import Call, recorded
from tests.torture.canonical import differences as apart
from tests.torture.once import keep_what_is_the_same

SECTOR = 512
TAKEN = ".kebu-taken-"


@dataclass
class Disk:
    """What is durable, and what was done since."""

    names: dict[str, int]
    data: dict[int, bytes]
    folders: set[str]
    times: dict[int, int]  #: when those that were there were written, ns
    now: dict[str, int]  #: the names as the running service sees them
    pending: list[tuple[Call, int, int]] = field(default_factory=list)  #: a call, the file, the file it replaced
    _next: int = 1_000_000

    @classmethod
    def of(cls, home: Path) -> Disk:
        """Everything below *home*, durable."""
        paths = [path for path in home.rglob("*") if path.is_file()]
        names = {str(path): number for number, path in enumerate(paths)}
        folders = {str(home), *(str(path) for path in home.rglob("*") if path.is_dir())}
        data = {number: Path(name).read_bytes() for name, number in names.items()}
        return cls(names, data, folders, {names[str(path)]: path.stat().st_mtime_ns for path in paths}, dict(names))

    def done(self, call: Call) -> None:
        """The service did *call*."""
        match call.kind:
            case "sync":
                self._synced(call.path)
            case "create" if call.offset or call.path not in self.now:
                self._next += 1
                self.now[call.path] = self._next
                self.pending.append((replace(call, offset=1), self._next, 0))
            case "create":  # of a file that is there: it is emptied, which is content and no name
                self.pending.append((replace(call, kind="truncate", offset=0), self.now[call.path], 0))
            case "rename" | "link":
                if call.path in self.now:
                    number = self.now[call.path] if call.kind == "link" else self.now.pop(call.path)
                    self.now[call.to] = number
                    self.pending.append((call, number, 0))
                else:  # a folder
                    self.pending.append((call, 0, 0))
            case "unlink":
                self.pending.append((call, self.now.pop(call.path, 0), 0))
            case "mkdir" | "rmdir":
                self.pending.append((call, 0, 0))
            case "write" | "truncate":
                self.pending.append((call, self.now.get(call.path, 0), 0))

    def _synced(self, path: str) -> None:
        number = self.now.get(path)
        kept = []
        for each in self.pending:
            call, of, _old = each
            content = call.kind in ("write", "truncate")
            here = of == number and number is not None if content else _folder(call) == path
            if here:
                self._apply(self.names, self.data, self.folders, call, of)
            else:
                kept.append(each)
        self.pending = kept

    def after_the_cut(self, dice: random.Random, how: str) -> tuple[dict[str, int], dict[int, bytes], set[str]]:
        """Names, content and folders as they may be found.

        :param how: ``all`` of what was done is there, ``none`` of what was not synced, ``names``: all names and no
            content, ``some``: any part of it, writes torn
        """
        names, data, folders = dict(self.names), dict(self.data), set(self.folders)
        for call, number, _old in self.pending:
            content = call.kind in ("write", "truncate")
            if how == "none" or (how == "names" and content):
                continue
            if how == "some":
                if dice.random() < 0.4:
                    continue
                if call.kind == "write" and dice.random() < 0.3:
                    call = _torn(call, dice)
            self._apply(names, data, folders, call, number)
        return names, data, folders

    @staticmethod
    def _apply(names: dict[str, int], data: dict[int, bytes], folders: set[str], call: Call, number: int) -> None:
        match call.kind:
            case "create":
                names[call.path] = number
                data.setdefault(number, b"")
            case "write":
                old = data.get(number, b"")
                old = old.ljust(call.offset, b"\0")
                data[number] = old[: call.offset] + call.data + old[call.offset + len(call.data) :]
            case "truncate":
                data[number] = data.get(number, b"")[: call.offset].ljust(call.offset, b"\0")
            case "rename" | "link" if number:
                if call.kind == "rename" and names.get(call.path) == number:
                    del names[call.path]
                names[call.to] = number
            case "rename":
                _move_folder(names, folders, call.path, call.to)
            case "unlink":
                if names.get(call.path) == number:
                    del names[call.path]
            case "mkdir":
                folders.add(call.path)
            case "rmdir":
                folders.discard(call.path)


def _folder(call: Call) -> str:
    return (call.to or call.path).rpartition("/")[0]


def _torn(call: Call, dice: random.Random) -> Call:
    cut = dice.randrange(0, len(call.data) + 1, SECTOR) if len(call.data) >= SECTOR else dice.randint(0, len(call.data))
    return Call(call.kind, call.number, call.path, call.to, call.offset, call.data[:cut])


def _move_folder(names: dict[str, int], folders: set[str], old: str, new: str) -> None:
    for name in [name for name in names if name.startswith(f"{old}/")]:
        names[new + name[len(old) :]] = names.pop(name)
    for name in [name for name in folders if name == old or name.startswith(f"{old}/")]:
        folders.discard(name)
        folders.add(new + name[len(old) :])


@dataclass(frozen=True)
class Found:
    """What lies on the disk after the cut."""

    content: Mapping[str, bytes]
    folders: frozenset[str]
    times: Mapping[str, int]  #: path → when it was written, ns, of those that were there before

    @property
    def digest(self) -> bytes:
        """Two states with this in common are one."""
        running = hashlib.sha256()
        for name in sorted(self.content):
            running.update(f"{name}\0{_sha(self.content[name])}".encode("utf-8", "surrogateescape"))
        return running.digest()

    def lay_out(self, home: Path) -> None:
        """Put it on a real disk."""
        shutil.rmtree(home, ignore_errors=True)
        for folder in sorted(self.folders):
            Path(folder).mkdir(parents=True, exist_ok=True)
        for name, data in self.content.items():
            path = Path(name)
            path.write_bytes(data)
            if name in self.times:
                os.utime(path, ns=(self.times[name], self.times[name]))
            if "/book/" in name:
                path.chmod(0o600)


def found_after(disk: Disk, dice: random.Random, how: str) -> Found:
    """A state; what stands in a folder that is not there cannot be found."""
    names, data, folders = disk.after_the_cut(dice, how)
    there = frozenset(folder for folder in folders if _reachable(folder, folders))
    held = {name: number for name, number in names.items() if name.rpartition("/")[0] in there}
    content = {name: data.get(number, b"") for name, number in held.items()}
    return Found(content, there, {name: disk.times[number] for name, number in held.items() if number in disk.times})


def _reachable(folder: str, folders: set[str]) -> bool:
    top = min(folders, key=len)
    while folder != top:
        if folder not in folders:
            return False
        folder = folder.rpartition("/")[0]
    return True


# -- what must hold


@dataclass(frozen=True)
class Truth:
    """What the company had handed in, and which papers may lie with people: those before and those after, whole."""

    dropped: Mapping[str, str]  #: path → sha256
    papers: frozenset[str]
    goes_back: bool  #: a restored book does not know what was delivered since


def truth(before: Path, after: Path, *, goes_back: bool) -> Truth:
    """Of a story that goes from *before* to *after*; paths are those of the played company."""
    dropped = {str(path): _sha(path.read_bytes()) for path in before.glob("share/*/投递/**/*") if path.is_file()}
    papers = (path for home in (before, after) for path in home.glob("share/*/取件/**/*") if path.is_file())
    return Truth(dropped, frozenset(_sha(path.read_bytes()) for path in papers), goes_back)


@lru_cache(maxsize=800)  # most files are the very same bytes from state to state
def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wrong_with(home: Path, found: Found, told: Truth) -> Iterator[str]:
    """What does not hold of a state that lies at *home* (one sentence each)."""
    here = {name: _sha(data) for name, data in found.content.items() if "/投递/" in name or "/archive/" in name or "/取件/" in name}  # fmt: skip
    dropped = {sha for name, sha in here.items() if "/投递/" in name}
    try:
        with open_service(load_settings(home / "config.toml")) as service:
            known = {each["sha256"] for each in files.all_files(service.book)}
            for sentence in differences(service):
                if not _waits(home, sentence, dropped):
                    yield sentence
            yield from _forgotten(told, here, dropped, known)
            yield from _too_early(service, here, told)
    except Exception as error:
        yield f"the book does not open: {type(error).__name__}: {error}"


def _waits(home: Path, sentence: str, dropped: set[str]) -> bool:
    """Whether the sentence tells of an original that was kept already and will be taken by the next round."""
    told, _colon, path = sentence.partition("：")
    return told == "归档里有账上没有的文件" and _sha((home / "book" / path).read_bytes()) in dropped | EMBEDDED


EMBEDDED: set[str] = set()


def _forgotten(told: Truth, here: Mapping[str, str], dropped: set[str], known: set[str]) -> Iterator[str]:
    kept = {sha for name, sha in here.items() if "/archive/" in name and "/.incoming/" not in name}
    for path, sha in told.dropped.items():
        if sha not in dropped and not (sha in known and sha in kept):
            yield f"gone from 投递 and not in the book or the archive: {path}"


def _too_early(service: Service, here: Mapping[str, str], told: Truth) -> Iterator[str]:
    """Papers that people can see and that are half written, or of which the book knows nothing."""
    queued = {row["subject"] for row in service.book.ask("SELECT subject FROM entries WHERE kind = 'delivery.queued'")}
    for name, sha in here.items():
        _share, mark, below = name.partition("/取件/")
        if not mark or name.rpartition("/")[2].startswith("."):
            continue
        if sha not in told.papers:
            yield f"is not whole: {name}"
        person = _share.rpartition("/")[2]
        if (
            not told.goes_back
            and f"{person}/{below}" not in queued
            and f"{person}//{below}" not in queued
            and "/照片/" not in name
        ):
            yield f"lies with its owner and is not in the book: {name}"


# -- playing


def states(
    calls: Sequence[Call], disk: Disk, dice: random.Random, each: float
) -> Iterator[tuple[int, str, int, Found]]:
    """States after the calls, in order: the number of the call, how, and the seed of each."""
    for number, call in enumerate(calls, 1):
        disk.done(call)
        for how in ("all", "none", "names", "some", "some"):
            seed = dice.getrandbits(32)
            if dice.random() < each:
                yield number, how, seed, found_after(disk, random.Random(seed), how)


def main() -> None:
    """Look at so many states; exit 1 if anything was found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--states", type=int, default=10_000)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--stories", default="run,nightly,approvals,restore,backup,rotate")
    asked.add_argument("--recover", type=int, default=50, help="each so-manieth state is run on, to the same end")
    asked.add_argument("--work", type=Path)
    asked.add_argument("--results", type=Path)
    given = asked.parse_args()
    ends, tally, bad = time.monotonic() + 60 * given.minutes, dict[str, int](), 0
    keep_what_is_the_same()
    with tempfile.TemporaryDirectory(dir=given.work) as folder:
        made = faults.theatre(Path(folder))
        with made.served:
            names = given.stories.split(",")
            for name in names:
                dice = random.Random(f"{given.seed} {name}")
                wanted = given.states // len(names)
                for each in look_at(made, faults.BY_NAME[name], dice, wanted, given.recover, tally, ends):
                    bad += 1
                    print(json.dumps(vars(each), ensure_ascii=False), flush=True)
    summary = {"seed": given.seed, "states": sum(tally.values()), "bad": bad, "by": tally}
    print(json.dumps(summary, ensure_ascii=False), flush=True)
    if given.results:
        with given.results.open("a", encoding="utf-8") as out:
            print(json.dumps(summary, ensure_ascii=False), file=out)
    raise SystemExit(bool(bad))


@dataclass(frozen=True)
class Bad:
    """A state in which something does not hold, and how to make it again."""

    story: str
    call: int
    path: str
    how: str
    seed: int
    found: tuple[str, ...]


def prepared(made: faults.Theatre, story: faults.Story) -> tuple[list[Call], Truth]:
    """The story played once with everything written down, and what must be true after each cut."""
    made.undisturbed(story)
    made.steps(story)
    calls = [call for call in recorded(made.served.calls) if ".lock" not in call.path]
    made.served.put_back(made.original(story.original))
    EMBEDDED.update(_sha(path.read_bytes()) for path in made.end(story).glob("book/archive/**/*") if path.is_file())
    return calls, truth(made.home, made.end(story), goes_back=story.goes_back)


def look_at(
    made: faults.Theatre, story: faults.Story, dice: random.Random, wanted: int, recover: int, tally: dict[str, int],
    ends: float = math.inf,
) -> Iterator[Bad]:  # fmt: skip
    """Look at *wanted* different states, and run each *recover*-th on; yields those in which something does not hold."""
    calls, told = prepared(made, story)
    seen: set[bytes] = set()
    tally[story.name] = 0
    while len(seen) < wanted and time.monotonic() < ends:
        made.served.put_back(made.original(story.original))
        disk, before = Disk.of(made.home), len(seen)
        for number, how, seed, found in states(calls, disk, dice, min(1.0, wanted / len(calls) / 4)):
            if len(seen) >= wanted or time.monotonic() > ends:
                break
            if found.digest in seen:
                continue
            seen.add(found.digest)
            found.lay_out(made.home)
            wrong = list(wrong_with(made.home, seen_through(made, story, found), told))
            if not wrong and len(seen) % recover == 0:
                wrong = goes_on(made, story, found)
                tally[f"{story.name}, run on"] = tally.get(f"{story.name}, run on", 0) + 1
            tally[story.name] += 1
            if wrong:
                yield Bad(story.name, number, calls[number - 1].path[-60:], how, seed, tuple(wrong[:5]))
        if len(seen) == before:
            return


def seen_through(made: faults.Theatre, story: faults.Story, found: Found) -> Found:
    """What lies there once any command was called, which brings a restoring to its end that was cut short: from then on
    nothing may be missing."""
    if not story.goes_back:
        return found
    made.served.run("status", "--now", stage.RESTORED)
    EMBEDDED.clear()
    paths = [path for path in made.home.rglob("*") if path.is_file()]
    return Found({str(path): path.read_bytes() for path in paths}, found.folders, found.times)


def _last_mark(home: Path) -> str:
    """What was done when the newest whole mark was left."""
    lines = (home / "book" / ANCHOR).read_text("utf-8", "replace").split("\n")
    return str(json.loads(lines[-2])["event"]) if lines[-2].endswith("}") else ""


def goes_on(made: faults.Theatre, story: faults.Story, found: Found) -> list[str]:
    """Run the story on the state until it is through; gives what is not as if nothing had happened."""
    found.lay_out(made.home)
    times = (
        2 if story.name != "rotate" else 0 if _last_mark(made.home) == "rotate" else 1
    )  # it changes the keys each time
    done = [*(made.do(story) for _time in range(times)), *made.finish(story)]
    if any(each.code for each in done):
        return [f"is not mended: {[each.code for each in done]} {made.served.said(300)}"]
    return apart(made.end(story), made.home)


if __name__ == "__main__":
    os.umask(0o077)
    main()
