"""What came after a backup, taken again from the archive: nothing that was acknowledged is forgotten by restoring."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from intake.archive import erased
from intake.archive.arrivals import Arrival
from intake.archive.store import Kept
from intake.inbox.arrival import time_of
from intake.inbox.leaving import Drop, drop_places
from intake.inbox.read import FileMark, digest
from ledger import anchor, deliveries, files, restorings
from ledger.people import bearer_at
from service.batch import take_read
from service.company import Service
from service.files.came import all_arrivals, key_of, looked_into, of_today
from service.files.reads import Taken, read_kept
from service.files.renaming import rename_due
from service.rows.issuing import issue_sheets
from service.rows.vouched_sheets import changes_people, has_decisions, know_sheets
from service.sending.delivering import deliver
from service.summary import Summary
from service.upkeep.erasing import again_after_restoring
from service.upkeep.guarding import anchors, look_after, settle


@dataclass
class Retaken:
    """What was taken again, and what a person has to look into."""

    files: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  #: one sentence each

    @property
    def lines(self) -> list[str]:
        """The same, for reading."""
        told = [f"补收了备份之后投递的原件 {len(self.files)} 个（按当初的到达时间）"] if self.files else []
        return [*told, *(f"  {name}" for name in self.files)]


def retake(service: Service, set_aside: Path | None, now: datetime) -> Retaken:
    """Take everything again that the archive knows and the book does not, each as of its first arrival.

    :param set_aside: the ledger that was in use before, which may know who dropped what; None if there is none
    """
    with service.lock():
        return _retake(service, set_aside, now)


def bring_back(service: Service, now: datetime) -> Retaken:
    """See a restoring through to its end, by whichever call comes after the backup was put in place: take again what came
    after it, say again what was erased.  Nothing where none is unfinished.

    :raises OlderBook: this is not the book that it was; nothing is written to it
    """
    if restorings.unfinished(service.book) is None:
        return Retaken()
    with service.lock():
        _settle(service, now)
    erased_again = again_after_restoring(service, now)
    with service.lock():
        begun = restorings.unfinished(service.book)
        if begun is None:  # another call has done it meanwhile
            return Retaken()
        kept = service.settings.folders.book / begun.set_aside if begun.set_aside else None
        done = _retake(service, kept, now)
    done.open[:0] = erased_again
    return done


def _settle(service: Service, now: datetime) -> None:
    for path in anchors(service.settings):
        with suppress(OSError):  # told by whoever looks after it
            settle(service.book, path, anchor.last_mark(path, anchor.secrets_of(service.book)), now)


def _retake(service: Service, set_aside: Path | None, now: datetime) -> Retaken:
    done, summary = Retaken(), Summary()
    known = {(each["person"], each["name"], each["sha256"]) for each in files.all_files(service.book)}
    told, put = looked_into(service, set_aside) if set_aside else ([], [])
    missing = [each for each in all_arrivals(service, told) if key_of(of_today(service, each)) not in known]
    with service.book.transaction():
        deliveries.put_since(service.book, put)
    for together in _batches(_read(service, missing, done)):
        clock = max(each.drop.arrived_at for each in together)
        rename_due(service, clock)
        batch = _of_somebody(service, together, done)
        know_sheets(service, batch, clock)
        take_read(service, batch, clock, summary)
        _note_lying(service, batch)
        done.files += [f"{each.drop.person}/{each.drop.relative}" for each in batch]
    if restorings.unfinished(service.book):
        with service.book.transaction():
            service.book.post([restorings.taken_again(len(done.files))], now)
    issue_sheets(service, now)
    deliver(service, now, summary)
    done.open += summary.troubles
    done.open += [f"归档里有、但不知道是谁投的：{path}" for path in _strays(service)]
    done.open += look_after(service, "retaken", now)
    return done


def _note_lying(service: Service, batch: Iterable[Taken]) -> None:
    """What lies in its drop folder still, its removal cut short or hindered before the restoring, is no new drop.

    Another of that name and size is left alone: to have it stepped aside would make it look as if it had come just now.
    """
    folders = service.settings.folders
    with service.book.transaction():
        for each in batch:
            drop = each.drop
            for place in drop_places(folders.share / drop.person / folders.drop, drop.relative, drop.sha256):
                if mark := _mark_of(place, drop):
                    files.to_remove(
                        service.book, drop.person, drop.relative, drop.sha256, mark.size, mark.mtime_ns, mark.ctime_ns
                    )


def _mark_of(place: Path, drop: Drop) -> FileMark | None:
    """The mark of the file at *place*, if it is what was dropped."""
    with suppress(OSError):
        mark = FileMark.of(place.lstat())
        if mark.size == drop.size and time_of(mark.mtime_ns) <= drop.arrived_at:
            there = digest(place)
            return there[1] if there and there[0] == drop.sha256 else None
    return None


def _of_somebody(service: Service, batch: Sequence[Taken], done: Retaken) -> list[Taken]:
    """Those whose person is in the register, under the name that they bear now; the others are for a person."""
    found = []
    for each in batch:
        person = bearer_at(service.book, each.drop.person, each.drop.arrived_at)
        if person in service.people(each.drop.arrived_at.date()):
            found.append(replace(each, drop=replace(each.drop, person=person)))
        else:
            done.open.append(
                f"{each.drop.person}/{each.drop.relative}：投递人不在名册里，原件在 {each.kept.archived_as}"
            )
    return found


def _read(service: Service, missing: Sequence[Arrival], done: Retaken) -> list[Taken]:
    """The originals read again; what is not there is for a person."""
    kept = []
    gone = {path for each in erased.noted(service.settings.folders.book) for path, _sha256 in each.originals}
    for each in missing:
        arrived = datetime.fromisoformat(each.arrived_at)
        path = service.archive.where(each.archived_as)
        if not path.is_file():
            why = "原件已按要求删除，不能补收" if each.archived_as in gone else "原件不在归档里"
            done.open.append(f"{each.person}/{each.name}：{why}（{each.archived_as}）")
        else:
            size = path.stat().st_size
            drop = Drop(each.person, path, each.name, size, 0, 0, each.sha256, arrived)
            kept.append((drop, Kept(each.sha256, each.archived_as, each.name.rpartition("/")[2], size)))
    taken = read_kept(service, kept)
    return sorted(taken, key=lambda each: (each.drop.arrived_at, each.drop.person, each.drop.relative))


def _batches(taken: Iterable[Taken]) -> Iterator[list[Taken]]:
    """As they came: those of a day together, but each workbook that others hang on by itself.

    Decisions come after what they decide on; what follows a change of name comes under the new one.
    """
    for (_day, alone), group in itertools.groupby(
        taken, key=lambda each: (each.drop.arrived_at.date(), has_decisions(each) or changes_people(each))
    ):
        if alone:
            yield from ([each] for each in group)
        else:
            yield list(group)


def _strays(service: Service) -> Iterator[str]:
    return service.archive.strays(path for path, _sha256 in files.archived(service.book))
