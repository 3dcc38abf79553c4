"""The story of a round: take what waits, judge it, merge it, tell people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from intake.inbox.leaving import Drop
from intake.inbox.scan import Scan
from intake.preflight.sniff import is_picture_name
from intake.reading import photo_at, workbook_at
from ledger import files
from service.company import Service
from service.files.leaving import shut_leavers_out
from service.files.rationing import admitted, tell_of_left
from service.files.reads import keep_and_read
from service.files.renaming import rename_due
from service.reissuing import sheets_again
from service.sending.delivering import deliver, draws_answers, make_first_folders
from service.sending.late import send_unread
from service.sparing import uncollected
from service.summary import Summary
from service.upkeep.guarding import look_after, look_before
from service.upkeep.monitoring import still_waiting, write_metrics

BATCH = 100  #: files in one transaction: an office disk may take a tenth of a second for each commit

Progress = Callable[[int, int], None]


def take_everything(
    service: Service, now: datetime, *, arrival: datetime | None, issue: bool = True, patience: float = 0.0,
    progress: Progress | None = None,
) -> Summary:  # fmt: skip
    """Take everything that waits, once: read, judge, merge, deliver.

    :param arrival: stands in for the files' arrival time (``--now``); None: when the file system saw them
    :param patience: seconds to wait for files that are still settling
    """
    summary = Summary()
    with service.lock():
        before = look_before(service, now)
        rename_due(service, now)  # what stands in the way is told of by the second time
        finish_removals(service)
        make_first_folders(service, now)
        scan = _scan(service, now, arrival, patience)
        summary.settling = len(scan.settling)
        _make_ready(service, scan)
        summary.troubles = [*before, *(f"{each.person}: {each.path} {each.reason}" for each in scan.troubles)]
        tell_of_left(service, scan.troubles, now)
        drops = admitted(service, scan.drops, summary.troubles)
        for start in range(0, len(drops), BATCH):
            take_batch(service, drops[start : start + BATCH], now, summary)
            if progress:
                progress(min(start + BATCH, len(drops)), len(drops))
        summary.troubles += rename_due(service, now)
        shut_leavers_out(service, now)
        send_unread(service, now)
        _see_and_issue(service, now, summary, issue=issue)
        sheets_again(service)
        deliver(service, now, summary)
        summary.troubles += look_after(service, "round", now)
        summary.waiting = still_waiting(scan, (drop.path for drop in drops), now)
        summary.troubles += write_metrics(service, now, summary.waiting, len(summary.troubles))
    return summary


def _see_and_issue(service: Service, now: datetime, summary: Summary, *, issue: bool) -> None:
    """Read what stands written on pictures, and lay sheets before approvers; both load the rules, if no batch has."""
    from service.rows.issuing import issue_sheets
    from service.rows.seeing import read_pictures, to_read

    if unread := to_read(service):
        summary.delivered += _told_first(service, now)
        read_pictures(service, unread, now)
    if issue:
        summary.sheets_issued = issue_sheets(service, now)


def _told_first(service: Service, now: datetime) -> int:
    """Deliver what is due already: nobody waits for a receipt while pictures are read.  Gives how many files.

    What stands in the way is told by the delivery at the end.
    """
    early = Summary()
    deliver(service, now, early)
    return early.delivered


def _scan(service: Service, now: datetime, arrival: datetime | None, patience: float) -> Scan:
    people = list(service.people(now.date()))
    if patience:
        return service.inbox.scan_until_settled(people, arrival, patience)
    return service.inbox.scan(people, arrival)


def _make_ready(service: Service, scan: Scan) -> None:
    """Readers start while files come to rest."""
    if scan.settling and not scan.drops:
        pictures = any(is_picture_name(path.name) for path in scan.settling)
        service.readers.expect(workbook_at)
        if pictures:
            service.readers.expect(photo_at)


def _load_rules() -> None:
    """What judges and merges, a third of what a round loads."""
    import service.batch  # noqa: F401


def take_batch(service: Service, drops: Sequence[Drop], now: datetime, summary: Summary) -> None:
    """Archive and read some files, then judge and merge them in one transaction, and clear the drop folders."""
    kept = keep_and_read(service, drops, summary.troubles, _load_rules)
    from service.batch import take_read

    taken = sorted(kept, key=lambda each: (each.drop.arrived_at, each.drop.person, each.drop.relative))
    service.readers.expect(draws_answers, sum(each.photo is None for each in taken))  # once these are judged
    with uncollected(), service.book.transaction():
        take_read(service, taken, now, summary)
        for each in taken:
            drop = each.drop
            files.to_remove(
                service.book, drop.person, drop.relative, drop.sha256, drop.size, drop.mtime_ns, drop.ctime_ns
            )
    gone = service.inbox.leaving.remove_all([each.drop for each in taken])
    with service.book.transaction():
        for drop in gone:
            files.removed(service.book, drop.person, drop.relative, drop.sha256)


def finish_removals(service: Service) -> None:
    """Clear what a crash left in the drop folders although it was taken; a file saved again since then stays."""
    for record in files.removals(service.book):
        path = service.settings.folders.share / record["person"] / service.settings.folders.drop / record["relative"]
        drop = Drop(
            person=record["person"], path=path, relative=record["relative"], size=record["size"],
            mtime_ns=record["mtime_ns"], ctime_ns=record["ctime_ns"], sha256=record["sha256"],
            arrived_at=datetime.now(service.zone),
        )  # fmt: skip
        if service.inbox.leaving.finish(drop):
            files.removed(service.book, drop.person, drop.relative, drop.sha256)
