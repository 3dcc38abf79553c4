"""A change of name carried out on its day: one person in the book, one folder on the share (人员新增 10).

The book goes first, and remembers with it that the folder is still to follow: cut short in between, the next round
moves the folder before it looks into any.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ledger.journal import Entry
from ledger.people import Renaming, moved, moves, renamings, to_move
from ledger.rows import row
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from service.company import Service
from validators.free_name import plain_name


def rename_due(service: Service, now: datetime) -> list[str]:
    """Carry out the changes of name whose day has come, and move folders; gives what stood in the way."""
    for each in renamings(service.book):
        if each.from_day <= now.date():
            with service.book.transaction():
                _rename(service, each, now)
    return list(_move_folders(service))


def _rename(service: Service, each: Renaming, now: datetime) -> None:
    book, old, new = service.book, each.person, each.new_name
    asked, phone = row(book, each.receipt_no), service.people(now.date())[old].phone
    assert asked is not None, "a change of name comes from a row"
    payload = {"new_name": new, "plain_name": plain_name(new, phone), "receipt_no": each.receipt_no}
    book.post([Entry("person.renamed", old, asked.person, payload)], now)
    if old != new:
        to_move(book, old, new)
        _tell(service, old, new, now)


def _tell(service: Service, old: str, new: str, now: datetime) -> None:
    last = now.date() + timedelta(days=service.settings.as_of(now.date()).people.old_name_days)
    words = (
        f"您在系统中的姓名已由“{old}”改为“{new}”，文件夹也改为“{new}”，里面的内容都在；客户、日报和历史都归新姓名。"
        f"别人的表里写“{old}”，到 {last} 为止仍按您理解；绑定的手机照常使用"
    )
    made = notice(new, "改名", now, [Message("note", words)])
    queue_receipt(service.book, service.settings.folders.receipts, made, "notice", now)


def _move_folders(service: Service) -> Iterator[str]:
    """Folders that still bear a former name; what cannot be moved now is tried again in every round."""
    for old, new in moves(service.book):
        try:
            service.outbox.share.move_folder(old, new)
        except OSError as error:
            why = error.strerror or error
            yield f"“{old}”已改名为“{new}”，其文件夹还不能改名（{why}）；请关闭里面打开的文件，下一轮会再试"
            continue
        with service.book.transaction():
            moved(service.book, old, new)
