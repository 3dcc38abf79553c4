"""How much of what waits is taken: one person's gigabytes, or a full disk, must not stop everybody."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from intake.inbox.leaving import Drop
from intake.inbox.walk import FolderTrouble
from ledger import deliveries
from outbox.receipts.compose import queue_receipt, summary_receipt
from outbox.receipts.model import Message
from service.company import Service

MB = 2**20


def admitted(service: Service, drops: Sequence[Drop], troubles: list[str]) -> list[Drop]:
    """Those of *drops* that are taken in this round, as far as there is room; the others stay where they lie.

    :param troubles: gets a sentence for each person whose files wait, and for a disk that is short
    """
    limits = service.settings.limits
    room = shutil.disk_usage(service.settings.folders.book).free - limits.reserve_mb * MB
    taken, mine, total = list[Drop](), Counter[str](), 0
    over, short = Counter[str](), list[Drop]()
    for drop in drops:
        if mine[drop.person] + drop.size > limits.waiting_mb * MB or total + drop.size > limits.waiting_total_mb * MB:
            over[drop.person] += 1
        elif total + drop.size > room:
            short.append(drop)
        else:
            taken.append(drop)
            mine[drop.person] += drop.size
            total += drop.size
    troubles += [f"{person}：等待收取的文件太多，{n} 个留到下一轮" for person, n in sorted(over.items())]
    if short:
        names = "、".join(f"{drop.person}/{drop.relative}" for drop in short[:3])
        troubles.append(
            f"账簿所在磁盘的空间不够（至少留 {limits.reserve_mb} MB），{len(short)} 个文件暂时收不了：{names}"
        )
    return taken


_LEFT_LYING = ("large", "link", "device")  #: what is never opened, and stays until its owner takes it away


def tell_of_left(service: Service, troubles: Sequence[FolderTrouble], now: datetime) -> None:
    """A receipt for each file that is left lying because it is too large, a link or no file, once for each that is put there."""
    folders = service.settings.folders
    with service.book.transaction():
        for each in troubles:
            drop = folders.share / each.person / folders.drop
            if each.kind not in _LEFT_LYING or not each.path.is_relative_to(drop) or each.path == drop:
                continue
            name = each.path.relative_to(drop).as_posix()
            there = os.path.lexists(each.path)
            cause = f"{each.kind}:{name}:{each.path.lstat().st_mtime_ns}" if there else ""
            if cause and not deliveries.has_cause(service.book, each.person, cause):
                told = [Message("refuse", f"{each.reason}。它仍在“{folders.drop}”里，请自行移走")]
                queue_receipt(
                    service.book, folders.receipts, summary_receipt(each.person, name, now, now, told), cause, now
                )
