"""Pictures of people who left, and personal data on request: taken out of archive and journal, told by an entry.

First what would go is listed; nothing goes before somebody has confirmed it.  What is decided is committed in one
transaction; files and older copies go after that, as often as it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.archive import arrivals, erased
from intake.archive.cold import remove
from intake.archive.erased import Erased
from ledger import erasing, files, kept_words, points, proved, rows
from ledger.book_files import discard
from ledger.erasing import GONE, WordyEntry
from ledger.people import called_now
from ledger.records import Status
from ledger.replay import first_difference
from outbox.page.team import preview_of
from service.company import Service
from service.upkeep.backups import back_up, folder_of
from service.upkeep.guarding import look_after, look_before

_OPEN = (Status.WAITING, Status.PENDING)


@dataclass(frozen=True)
class Plan:
    """What would be erased."""

    words: re.Pattern[str] | None = None  #: what is looked for in entries; None: only originals go
    person: str | None = None  #: whose pictures go
    places: tuple[WordyEntry, ...] = ()
    originals: tuple[Mapping[str, Any], ...] = ()  #: ``archived_as, sha256, name``
    stays: tuple[str, ...] = ()  #: one sentence each
    refused: str = ""  #: why it cannot be done, and what can be


@dataclass(frozen=True)
class Done:
    """What was erased."""

    entries: int = 0
    originals: int = 0
    copies: int = 0  #: older backups, and ledgers that were set aside
    backup: Path | None = None
    trouble: str = ""


def plan_photos(service: Service, person: str, now: datetime) -> Plan:
    """The pictures of somebody who has left, and their workbooks in which pictures stand."""
    name = called_now(service.book, person) or person
    found = service.people(now.date()).get(name)
    if found is None:
        return Plan(refused=f"{person}：名册中没有这个人")
    if found.left_on is None or found.left_on >= now.date():
        return Plan(refused=f"{name}还在职：离职后才能删除照片，先投递“人员变更”登记离职")
    mine = tuple(files.photos_of(service.book, name))
    stays = ("照片的指纹、拍摄时间、地点和机型留在账本里（用来认出重复使用）；用到这些照片的行和审批都不变",
             "还在审批的行的照片、别人也投递过的同一份文件不删；审批完再运行一次")  # fmt: skip
    return Plan(person=name, originals=mine, stays=stays)


def plan_text(service: Service, text: str) -> Plan:
    """Everything in which *text* stands: entries, and the workbooks in which the rows came."""
    text = text.strip()
    if len(text) < _LEAST:
        return Plan(refused="要删除的文字太短，会误删别的内容：请写全，例如完整的电话号码")
    words = erasing.pattern_of(text)
    if (name := erasing.named_by(service.book, words)) is not None:
        return Plan(
            refused=f"“{name}”是账本里认人、认客户或认记录的依据，不能删除；他的电话可以用 --text，照片可以用 --photos 删除"
        )
    places = tuple(erasing.places(service.book, words))
    receipts = sorted({place.subject for place in places})
    waiting = [no for no in receipts if (row := rows.row(service.book, no)) is not None and row.status in _OPEN]
    if waiting:
        return Plan(
            refused=f"受理号 {'、'.join(waiting)} 里有这段文字，还没有办完：办完（或由本人投递“更正”撤回）再删除"
        )
    if erasing.is_due(service.book, kept_words.saying(service.book, words)):
        return Plan(refused="还有没送达的文件里有这段文字：先运行 run 送达，再删除")
    pictures = sum(place.kind == "photo.read" for place in places)
    stays = [
        "记录的时间、经手人、受理号和哈希留在账本里：知道其余全部内容和密钥的人，可以用哈希验证一个猜测",
        "已送达各人“取件”的文件、整份拒收的文件（book/quarantine）和 book 之外的备份不在此列：请按公司的规定另行处理",
    ]
    stays += [f"{pictures} 张照片上读到过这段文字：读到的文字删除，照片本身不删"] if pictures else []
    return Plan(words, None, places, tuple(files.of_rows(service.book, receipts)), tuple(stays))


_LEAST = 2  #: characters


def carry_out(service: Service, plan: Plan, reason: str, now: datetime) -> Done:
    """Do what was planned.

    :raises Timeout: another process is writing the book
    :raises LedgerError: the ledger is open elsewhere, so that nothing could be wiped; running it again finishes it
    """
    if plan.words is not None and plan.words.search(reason):
        return Done(trouble="依据里不要写要删除的文字：它会留在账本里")
    with service.lock():
        look_before(service, now)
        wrong = service.book.first_break() or first_difference(service.book)
        if wrong:
            return Done(trouble=f"账本没有通过核对，没有删除：{wrong}")
        away = [each["archived_as"] for each in plan.originals if service.archive.unknown(each["archived_as"])]
        if away:
            return Done(trouble=f"{service.archive.cold.trouble()}。其中 {len(away)} 个原件要删除：请先接上冷盘")
        done = _commit(service, plan, reason, now)
        remove_erased(service)
        if plan.words is not None:
            _rewrite_arrivals(service, plan.words)
        proved.forget(service.book)
        erasing.wipe(service.book)
        backup = back_up(service, f"{now:%Y%m%d-%H%M%S}")
        copies = _forget_copies(service, backup)
        look_after(service, "erased", now)
    return replace(done, copies=copies, backup=backup)


def _commit(service: Service, plan: Plan, reason: str, now: datetime) -> Done:
    book = service.book
    originals = list(_with_quarantined(service, plan.originals))
    new = erasing.replaced(book, plan.words, plan.places) if plan.words else {}
    kept = kept_words.saying(book, plan.words) if plan.words else []
    if plan.words and any(plan.words.search(text) for text in new.values()):
        return Done(trouble="有的记录里这段文字不是文字（例如数字），删不干净，没有删除：请联系开发者")
    safe = [(_safe(path, plan.words), sha256) for path, sha256 in originals]
    erased.note(service.settings.folders.book, Erased(now.isoformat(), safe, sorted(new)))
    with book.transaction():
        entry = erasing.tombstone(book, reason, new, safe, person=plan.person)
        if new:
            erasing.write(book, new, kept)
        points.forget_pictures(book, [str(each["sha256"]) for each in plan.originals])
        book.post([entry], now)
    for path, safe_path in zip((path for path, _sha in originals), (path for path, _sha in safe), strict=True):
        if path != safe_path:  # a name with the words in it is known only now
            _remove(service, path)
    for each in plan.originals:
        (service.settings.folders.book / preview_of(str(each["sha256"]))).unlink(missing_ok=True)
    return Done(len(new), len(plan.originals))


def _safe(path: str, words: re.Pattern[str] | None) -> str:
    return words.sub(GONE, path) if words else path


def _with_quarantined(service: Service, originals: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for each in originals:
        yield str(each["archived_as"]), str(each["sha256"])
        yield from ((path, str(each["sha256"])) for path in files.quarantined(service.book, str(each["archived_as"])))


def remove_erased(service: Service) -> None:
    """Take away what a tombstone names and a kill left lying."""
    for archived_as in files.erased(service.book):
        _remove(service, archived_as)


def _remove(service: Service, archived_as: str) -> None:
    lying = service.archive.where(archived_as)
    while lying.exists():  # here, and on the cold disk
        remove(lying)
        lying = service.archive.where(archived_as)


def _rewrite_arrivals(service: Service, words: re.Pattern[str]) -> None:
    """Names of dropped files may hold the words."""
    arrivals.rewrite(service.settings.folders.book, lambda line: words.sub(GONE, line))


def _forget_copies(service: Service, but: Path) -> int:
    """Older backups and ledgers that were set aside still say what was erased."""
    book = service.settings.folders.book
    found = [*folder_of(service).glob("ledger_*.db"), *book.glob("ledger_before_restore_*.db")]
    old = [path for path in found if path != but]
    for path in old:
        discard(path)
    return len(old)


def again_after_restoring(service: Service, now: datetime) -> Sequence[str]:
    """What an older ledger does not know of erasing: originals that are gone are told again; for words a person is asked."""
    known, open_words = files.erased(service.book), list[str]()
    gone = list[tuple[str, str]]()
    there = dict(files.archived(service.book))
    for each in erased.noted(service.settings.folders.book):
        gone += [
            (path, sha256)
            for path, sha256 in each.originals
            if path not in known and path in there and not service.archive.where(path).exists()
        ]
        back = erasing.not_erased(service.book, each.entries)
        if back:
            open_words.append(
                f"恢复的账本早于 {each.at[:10]} 的删除：{back} 条记录里又有当时删除的文字，请再运行 erase --text"
            )
    if gone:
        with service.lock(), service.book.transaction():
            points.forget_pictures(service.book, list(dict(gone).values()))
            service.book.post([erasing.tombstone(service.book, "恢复之前已经删除", {}, dict(gone).items())], now)
    return open_words
