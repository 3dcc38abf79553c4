"""The book kept safe: proved, with what lies beside it (the journal is the truth)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from intake.archive import arrivals
from ledger import deliveries, files, journal, proved, shape, sound
from ledger.database import Database
from ledger.proved import FileState, ProvedPoint
from service.company import Service
from service.reissuing import missing
from service.upkeep.cooling import not_known
from service.upkeep.guarding import unmarked

log = logging.getLogger("kebu")


@dataclass(frozen=True)
class Proving:
    """What proving the book came to."""

    differences: list[str]  #: everything that does not hold, one sentence each
    since: ProvedPoint | None = None  #: where it went on from; None: from the beginning
    missing: int = 0  #: files that should lie in 取件 and do not: no fault of the book
    unknown: str = ""  #: what could not be looked at: originals on a cold disk that is not there


def prove(service: Service, now: datetime, *, again: bool) -> Proving:
    """Prove the book, from where it was last proved or, *again*, from its beginning; what holds is the next point."""
    point = None if again else proved.standing_point(service.book)
    try:
        with proved.snapshot(service.book) as copy:
            seen = _seen(service)
            found = list(_differences(service, copy, point, seen))
            if not found:
                proved.record(service.book, copy, now.isoformat(), seen)
    except proved.NoRoom as error:  # no room for a copy: what it would save is only time
        log.warning("proved without a copy: %s", error)
        point, found = None, list(differences(service))
    return Proving(found, point, missing(service).files, not_known(service))


def differences(service: Service) -> Iterator[str]:
    """Everything that does not hold (one sentence each): chain, marks outside, replay, what is noted beside the journal,
    views and triggers, archive, files without an answer."""
    return _differences(service, service.book.db, None, {})


def _differences(
    service: Service, now: Database, point: ProvedPoint | None, seen: Mapping[str, FileState]
) -> Iterator[str]:
    yield from sound.damaged(now)
    broken = proved.first_break(service.book, now, point)
    if broken:
        yield broken
    yield from unmarked(service.settings, service.book)
    if broken:
        return
    drifted = proved.first_difference(service.book, now, point)
    if drifted:
        yield drifted
    yield from (f"账本里的这一项不是原样：{name}" for name in shape.differences(service.book.db))
    yield from deliveries.unexplained(service.book)
    yield from sound.unfit(service.book)
    then = proved.seen_then(service.book) if point else {}
    yield from service.archive.verify(_accounted(service), lambda path: path in then and then[path] == seen.get(path))
    yield from _unanswered(service)


def _accounted(service: Service) -> Iterator[tuple[str, str]]:
    """(path, sha256) of all originals: of the book, and of a round that was killed before the book knew of them.

    Those lie in 投递 still and are taken, or their owner has put something else there meanwhile; the list beside the
    archive says whose they are.
    """
    known = list(files.archived(service.book))
    yield from known
    in_book = {path for path, _sha256 in known}
    for each in arrivals.noted(service.settings.folders.book):
        if each.archived_as not in in_book and service.archive.about(each.archived_as):
            in_book.add(each.archived_as)
            yield each.archived_as, each.sha256


def _seen(service: Service) -> dict[str, FileState]:
    """What the file system says of every original."""
    found = ((path, service.archive.about(path)) for path, _sha256 in files.archived(service.book))
    return {path: FileState(*about) for path, about in found if about}


def misprinted(service: Service, printed: str | None) -> Iterator[str]:
    """How what stands on a printed report (``N:`` and the beginning of the hash) contradicts the book, if it does."""
    if printed is None:
        return
    length, _colon, head = printed.strip().partition(":")
    there = journal.hash_at(service.book.db, int(length)) if length.isascii() and length.isdigit() else None
    if len(head) < _ENOUGH or there is None or not there.startswith(head.lower()):
        yield f"表上印的校验值 {printed} 与这本账本不符：表不是由它出的，或账本被改写过"


_ENOUGH = 8  #: characters of a hash that nobody meets by chance


def _unanswered(service: Service) -> Iterator[str]:
    for record in files.unanswered(service.book, service.settings.folders.receipts):
        yield f"{record['person']}/{record['name']}：已收取，但从未发出回执"
