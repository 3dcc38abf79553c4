"""What stands on pictures, read before their rows go to an approver, and laid beside what the rows say (客户成交 5.2(2)).

Reading takes seconds a picture: it is done when nobody waits for a receipt any more, for so long and no longer.
What was not read in time is told as 没有读; it never keeps a sheet back, and never decides anything.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime

from disk.luggage import Original
from intake.reading import words_at
from intake.sandbox.readers import Failure, Limits
from intake.words.there import can_read
from ledger import photos, rows, words
from ledger.journal import Entry
from ledger.records import Row
from ledger.written import Words, words_kept
from policy.form import PICTURES_SAY
from policy.forms import form_named
from processors.merge import finding_payload
from service.company import Service
from service.rows.merging import judge_again
from validators.catalogue import rules_for
from validators.written.point import MARKS

log = logging.getLogger("kebu")

_PAGES = "page"  #: the middle part of the ids of rules that ask the pictures
_FAILED = {"time": "读取时间过长", "memory": "读取需要的内存过大", "crash": "读取程序异常退出", "error": "读取程序出错"}


def to_read(service: Service) -> list[str]:
    """The pictures of rows that will go to an approver and that nobody has read; none where nothing can be read here."""
    forms = service.settings.reading.forms
    if not forms or not can_read():
        return []
    wanted = (sha256 for row in rows.unissued(service.book) if row.form in forms for sha256 in row.photos)
    return [sha for sha in dict.fromkeys(wanted) if service.book.known(words.on_picture, sha) is None]


def read_pictures(service: Service, shas: Sequence[str], now: datetime) -> int:
    """Read as many of *shas* as there is time for; gives how many.  Each is kept at once: a kill loses one picture."""
    reading = service.settings.reading
    until, asked = time.monotonic() + reading.round_seconds, list[str]()

    def calls() -> Iterator[tuple[Original, int]]:
        for sha256 in shas:
            if time.monotonic() > until:
                log.info("read %d of %d pictures in this round", len(asked), len(shas))
                return
            asked.append(sha256)
            yield (
                Original(service.archive.where(photos.archived_as(service.book, sha256))),
                service.settings.limits.photo_megapixels,
            )

    with service.readers.within(Limits(reading.picture_seconds, reading.picture_mb)) as readers:
        for n, found in enumerate(readers.map(words_at, calls())):
            _keep(service, asked[n], found, now)
    return len(asked)


def _keep(service: Service, sha256: str, found: Words | Failure, now: datetime) -> None:
    if isinstance(found, Failure):
        log.warning("a picture could not be read: %s %s", found.kind, found.detail)
        found = Words(trouble=_FAILED[found.kind])
    with service.book.transaction():
        service.book.post([Entry("photo.read", sha256, "kebu", {"words": words_kept(found)})], now)


def compare_rows(service: Service, now: datetime) -> int:
    """Lay what was read beside the rows that will go to an approver; gives how many rows.

    The rules judge the row once more, as of its arrival; only what they find on its pictures is added to it.
    """
    compared = [entry for row in rows.unissued(service.book) if (entry := _compared(service, row)) is not None]
    with service.book.transaction():
        service.book.post(compared, now)
    return len(compared)


def _compared(service: Service, row: Row) -> Entry | None:
    """What is added to *row*; None where nothing was read, or where it has been added before."""
    read = [service.book.known(words.on_picture, sha256) for sha256 in row.photos]
    form = form_named(row.form)
    if form is None or PICTURES_SAY not in form.read_columns or PICTURES_SAY in row.read or not any(read):
        return None
    verdict = judge_again(service, form, row, row.submitted_at)
    asking = [rule.id for rule in rules_for(form).rules if rule.id.split(".")[1] == _PAGES]
    payload = {
        "rules": asking,
        "findings": [finding_payload(finding) for finding in verdict.findings if finding.rule in asking],
        "read": {key: verdict.read[key] for key in (PICTURES_SAY, MARKS) if key in verdict.read},
    }
    return Entry("row.compared", row.receipt_no, "kebu", payload)
