"""What was lost from 取件 comes back: approval sheets that are still open by themselves, everything else when asked.

It is drawn from the words that were committed, to the same bytes, and delivered as everything is: exactly once.
What its owner deleted is no fault; what cannot be looked into is not called lost.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import PurePosixPath

from intake.inbox.ignore import ignored_file
from ledger.deliveries import unshipped
from ledger.lying import due_again, of_paths, open_sheets, paths
from service.company import Service

log = logging.getLogger("kebu")


@dataclass(frozen=True)
class MissingFiles:
    """What should lie in 取件 and does not."""

    people: dict[str, int]  #: who misses how many files
    wordless: int  #: of these, how many cannot be drawn again

    @property
    def files(self) -> int:
        """How many in all."""
        return sum(self.people.values())


@dataclass(frozen=True)
class Reissued:
    """What ``reissue`` did."""

    files: list[str]  #: put there again, below the share
    wordless: list[str]  #: delivered by a version that kept no words: it cannot be drawn again
    troubles: list[str]  #: what stood in the way


def missing(service: Service) -> MissingFiles:
    """How much of what should lie in 取件 does not."""
    lost = of_paths(service.book, _gone(service, paths(service.book)))
    return MissingFiles(dict(Counter(each.person for each in lost)), sum(not each.words for each in lost))


def sheets_again(service: Service) -> None:
    """Open sheets that were deleted become due again.  Who has something in 投递 may just be handing theirs in: later."""
    sheets = open_sheets(service.book)
    gone = set(_gone(service, (each.path for each in sheets)))
    lost = [each for each in sheets if each.words and each.path in gone]
    busy = {person for person in {each.person for each in lost} if _hands_in(service, person)}
    again = [each for each in lost if each.person not in busy]
    if again:
        log.warning("issued again, as they were deleted: %s", "、".join(each.path for each in again))
        with service.book.transaction():
            due_again(service.book, again)


def reissue(service: Service, now: datetime, person: str | None, since: date | None) -> Reissued:
    """Put back what is lost: of one *person* or all, and what was delivered on *since* or later, or all of it."""
    from service.sending.delivering import deliver  # who only asks what is missing loads nothing that tells

    with service.lock():
        lost = [
            each
            for each in of_paths(service.book, _gone(service, paths(service.book)))
            if person in (None, each.person) and (since is None or each.shipped_on >= since)
        ]
        with service.book.transaction():
            due_again(service.book, (each for each in lost if each.words))
        from service.summary import Summary  # `status` asks this module what is missing, and counts no round

        done = Summary()
        deliver(service, now, done)
        waiting = {each.id for each in unshipped(service.book)}
    return Reissued(
        [each.path for each in lost if each.words and each.id not in waiting],
        [each.path for each in lost if not each.words],
        done.troubles,
    )


def _gone(service: Service, expected: Iterable[str]) -> list[str]:
    """The paths at which nothing lies.  A folder that is out of reach, or in whose place something else stands, says nothing.

    Each folder is listed once, whatever should lie in it: it holds the last months (`[folders] keep_months`), not years.
    """
    share, folders = service.outbox.share, service.settings.folders

    @cache
    def reached(person: str) -> bool:
        return (folders.share / person / folders.drop).is_dir()

    @cache
    def lies_in(folder: str) -> frozenset[str] | None:
        parts = PurePosixPath(folder).parts
        try:
            return share.names(parts) if reached(parts[0]) else None
        except OSError:
            return None

    split = (path.rpartition("/") for path in expected)
    return [
        f"{folder}/{name}" for folder, _, name in split if (lying := lies_in(folder)) is not None and name not in lying
    ]


def _hands_in(service: Service, person: str) -> bool:
    """Whether anything lies in somebody's 投递 that will be taken."""
    folders = service.settings.folders
    below = os.walk(folders.share / person / folders.drop)
    return any(ignored_file(name) is None for _folder, _folders, names in below for name in names)
