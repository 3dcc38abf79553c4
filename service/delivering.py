"""What is due written into people's pick-up folders; what a round did, told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ledger import deliveries
from ledger.records import Outcome
from service.company import Service
from service.receipts import counts


@dataclass
class Summary:
    """What a round did."""

    files: int = 0
    photos: int = 0
    refused: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    decisions: int = 0
    sheets_issued: int = 0
    delivered: int = 0
    settling: int = 0
    troubles: list[str] = field(default_factory=list)

    def add_rows(self, other: Summary) -> None:
        """Count the rows of *other* as well."""
        for word, n in other.outcomes.items():
            self.outcomes[word] = self.outcomes.get(word, 0) + n

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Count rows by 结果."""
        self.add_rows(Summary(outcomes=dict(counts(outcomes))))


def deliver(service: Service, now: datetime, summary: Summary, *, anew: bool = False) -> None:
    """Write what is due into the pick-up folders; what stands in the way is told to the operator.

    A folder that was there and is gone may be a lost network drive: it is not
    made anew, since nobody would look below its empty place, and an empty drop
    folder would speak against its owner.  ``init`` makes it (*anew*).
    """
    if not service.settings.folders.share.is_dir():
        summary.troubles.append(f"{service.settings.folders.share}：共享文件夹不可达")
        return
    away = set() if anew else set(_away(service, now))
    summary.troubles += [
        f"{person}：投递文件夹不见了，暂停收发；确认是被删除的，请运行 init 重建" for person in sorted(away)
    ]
    summary.troubles += _make_folders(service, now, away)
    written, troubles = service.outbox.deliver(service.book, now, away)
    service.outbox.clear_pictures(service.book)
    summary.delivered += written
    summary.troubles += troubles


def _away(service: Service, now: datetime) -> Iterator[str]:
    """People who were given something before and whose drop folder is not there now."""
    folders = service.settings.folders
    for person in service.people(now.date()):
        if not (folders.share / person / folders.drop).is_dir() and deliveries.has_received(service.book, person):
            yield person


def _make_folders(service: Service, now: datetime, away: Collection[str]) -> Iterator[str]:
    """Everybody's folders; one that is in the way concerns its owner only."""
    folders = service.settings.folders
    for person in service.people(now.date()):
        for folder in () if person in away else (folders.drop, folders.pickup):
            try:
                with service.outbox.share.made((person, folder)):
                    pass
            except OSError as error:
                yield f"{person}/{folder}：{error.strerror or error}"
