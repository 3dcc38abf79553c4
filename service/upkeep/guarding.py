"""What a round looks at before it writes, and leaves behind when it has written: the book is the one that it was."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from disk.sync import sync_folder, unsynced
from ledger import anchor, journal, shape, sheets
from ledger.anchor import JournalMark, OlderBook
from ledger.book import Book
from ledger.book_files import discard
from ledger.config import CHANGED, known_config
from ledger.journal import Entry
from ledger.keys import CHAIN, SIGNING, new_key
from policy.deciding import changed, deciding
from policy.settings import Settings
from service.company import Service

log = logging.getLogger("kebu")

ANCHOR = "anchor.log"  #: beside the ledger
CANDIDATE = "ledger_restoring.db"  #: a backup on its way to the ledger's place


def anchors(settings: Settings) -> tuple[Path, ...]:
    """Where marks are left: beside the ledger, and where the config says."""
    other = settings.verify.anchor
    return (settings.folders.book / ANCHOR, *((other,) if other else ()))


def look_before(service: Service, now: datetime) -> list[str]:
    """See that this is the book that it was; note what has changed around it.  Gives what the operator should know.

    :raises OlderBook: it is another, or was cut; nothing may be written to it
    """
    troubles = []
    own, *_elsewhere = anchors(service.settings)
    for path in anchors(service.settings):
        try:
            last = anchor.last_mark(path, anchor.secrets_of(service.book))
            settle(service.book, path, last, now)
            if last is None and path == own and service.book.is_keyed():  # one elsewhere may be new
                troubles.append(f"账本的校验记录是空的或不见了，重新开始记录：{path}")
        except OSError as error:
            troubles.append(f"账本的校验记录读不到：{path}（{error.strerror or error}）")
    renew_leaked_key(service, now)
    troubles += _note_changes(service, now)
    return troubles


def same_as(book: Book, mark: JournalMark | None) -> None:
    """See that the book does not contradict *mark*.

    :raises OlderBook: it does
    """
    wrong = anchor.contradiction(book, mark) if mark else None
    if wrong:
        raise OlderBook(
            f"{wrong}。没有写入任何内容；确认要用现在这本账本，请运行 restore 并给出它，以便补收之后投递的原件"
        )


def look_after(service: Service, event: str, now: datetime) -> list[str]:
    """Leave a mark wherever one belongs, if the book has grown; gives what stood in the way."""
    troubles = []
    mark = anchor.mark_of(service.book, event, now.isoformat())
    own, *_elsewhere = anchors(service.settings)
    for path in anchors(service.settings):
        try:
            last = anchor.last_mark(path, anchor.secrets_of(service.book))
            if mark.length and (last is None or last.length != mark.length):
                leave_mark(service.book, path, mark, now)
                if path == own:
                    anchor.remember(service.book, mark)
        except OSError as error:
            troubles.append(f"账本的校验记录写不进去：{path}（{error.strerror or error}）")
    return [*troubles, *not_durable()]


def not_durable(ask: Iterable[Path] = ()) -> list[str]:
    """The folders that their file system cannot make durable, as far as this process knows (one sentence each).

    :param ask: folders that are tried now; one that is away is another's business
    """
    for folder in ask:
        with suppress(OSError):
            sync_folder(folder)
    return [f"这个文件夹的内容断电时可能丢失（文件系统不支持落盘）：{folder}" for folder in unsynced()]


def leave_mark(book: Book, path: Path, mark: JournalMark, now: datetime) -> None:
    """Sign *mark* with the key in force and add it to the file."""
    key = book.keys.newest(CHAIN, now)
    anchor.leave(path, mark, key, anchor.secrets_of(book))


def announce(settings: Settings, candidate: Book, back_to: int, now: datetime) -> None:
    """Mark that *candidate*, which goes back to entry *back_to*, is about to be put in place: whatever cuts that short, the
    ledger that is found is then right, the one from before or this one, and no third.

    An anchor out of reach is not told.
    """
    for path in anchors(settings):
        try:
            before = anchor.last_mark(path, anchor.secrets_of(candidate))
            leave_mark(candidate, path, anchor.restoring(before, candidate, now.isoformat(), back_to), now)
        except OSError as error:
            log.warning("no mark of the restoring could be left at %s: %s", path, error)


def settle(book: Book, path: Path, last: JournalMark | None, now: datetime) -> None:
    """See that the book is the one of the newest mark; where that announces another one, say which of the two stands there,
    so that only that one is right from now on.

    :raises OlderBook: it is neither
    :raises OSError: the file cannot be written
    """
    same_as(book, last)
    if last is None or last.event != anchor.RESTORING:
        return
    if anchor.in_place(book, last):
        mark = anchor.mark_of(book, anchor.RESTORED, now.isoformat(), last.back_to)
    else:
        mark = anchor.mark_of(book, anchor.UNDONE, now.isoformat())
        discard(book.path.with_name(CANDIDATE))
    leave_mark(book, path, mark, now)


def mark_restored(settings: Settings, book: Book, back_to: int, now: datetime) -> None:
    """Leave the mark that sets aside those of what came after entry *back_to*; an anchor out of reach gets none."""
    mark = anchor.mark_of(book, anchor.RESTORED, now.isoformat(), back_to)
    for path in anchors(settings):
        try:
            leave_mark(book, path, mark, now)
        except OSError as error:
            log.warning("no mark of the restoring could be left at %s: %s", path, error)


def renew_leaked_key(service: Service, now: datetime) -> None:
    """Replace a signing key that stood in the ledger, which others may have read."""
    found = service.book.keys.keys(SIGNING)
    if not found or not found[-1].since:
        service.book.keys.add(SIGNING, new_key(now.isoformat()))


def rotate(service: Service, now: datetime) -> int:
    """Go on with new keys; older ones are kept as long as a sheet signed with them is open.  Gives how many were dropped.

    One that was cut short after its commit is brought to its end: the keys are new already.
    """
    with service.lock():
        renewed = _renewed_unmarked(service)
        look_before(service, now)
        ring, book = service.book.keys, service.book
        if not renewed:
            ring.add(SIGNING, new_key(now.isoformat()))
            chain = ring.add(CHAIN, new_key(now.isoformat()))  # on the disk before an entry needs it
            with book.transaction():
                book.rekey(chain, now)
        oldest = min((row.issued_at for row in sheets.open_rows(book)), default=now)
        dropped = ring.drop_before(SIGNING, oldest.isoformat())
        look_after(service, "rotate", now)
    return dropped


def _renewed_unmarked(service: Service) -> bool:
    """Whether the chain's key was changed after the newest mark, which every rotation leaves at its end."""
    own, *_elsewhere = anchors(service.settings)
    try:
        last = anchor.last_mark(own, anchor.secrets_of(service.book))
    except OSError:  # told by whoever looks before
        return False
    return last is not None and journal.keyed_at(service.book.db) > max(last.length, last.to_length)


def _note_changes(service: Service, now: datetime) -> list[str]:
    """Entries about numbers that were changed in the config, and about views and triggers that somebody changed."""
    entries = list(_config_entry(service))
    odd = shape.meddled(service.book.db)
    with service.book.transaction():
        if odd:
            shape.mend(service.book.db)
            entries.append(Entry("book.mended", "ledger.db", "kebu", {"what": list(odd)}))
        if entries:
            service.book.post(entries, now)
    return [f"账本里的视图或保护被人改动过，已复原并记入账本：{'、'.join(odd)}"] if odd else []


def _config_entry(service: Service) -> Iterator[Entry]:
    before = known_config(service.book)
    found = changed(before, deciding(service.settings))
    if found:
        if before:  # a new book has nothing to differ from
            log.info("the config decides differently now: %s", "、".join(found))
        yield Entry(CHANGED, "config.toml", "kebu", {"changes": found})


def unmarked(settings: Settings, book: Book) -> Iterator[str]:
    """Everything outside that contradicts the book (one sentence each)."""
    own, *_elsewhere = anchors(settings)
    for path in anchors(settings):
        try:
            found = list(anchor.marks(path, anchor.secrets_of(book)))
        except OSError as error:
            yield f"账本的校验记录读不到：{path}（{error.strerror or error}）"
            continue
        yield from (each for each in found if isinstance(each, str))
        bound = anchor.standing([each for each in found if isinstance(each, JournalMark)], book)
        wrong = (anchor.contradiction(book, mark) for mark in bound)
        yield from (f"{sentence}（{path.name}）" for sentence in wrong if sentence)
        if not found and book.is_keyed():
            yield f"账本的校验记录是空的或不见了：{path}"
        elif path == own and anchor.was_cut(book, (each for each in found if isinstance(each, JournalMark))):
            yield f"账本的校验记录被截短过，最后的几条不见了：{path}"


__all__ = ["ANCHOR", "CANDIDATE", "OlderBook", "look_after", "look_before", "unmarked"]
