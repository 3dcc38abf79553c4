"""What the operator may ask: what waits for whom, what needs a hand, and the whole story of one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from ledger import customers, deliveries, door, files, journal, photos, rows, sheets
from ledger.people import bearer_at, moves
from ledger.records import Row, Severity, Status
from policy.calendar import WorkCalendar
from policy.clauses import cite
from policy.posts import Missing
from service.company import Service
from service.days.outstanding import days_to_close, without_reader
from service.days.stages import STATUS_WORDS
from service.reissuing import missing
from service.rows.authority import approver_of
from service.upkeep.cooling import not_known
from service.upkeep.guarding import not_durable
from service.upkeep.health import door_life, last_heartbeat
from service.upkeep.message_health import of_messages
from service.upkeep.storage import storage
from service.upkeep.workers import of_workers


def status(service: Service, now: datetime) -> dict[str, Any]:
    """What waits for whom, since when; what needs the operator; health of the watcher."""
    waiting = [
        {"approver": row.approver, "form": row.form, "receipt_no": row.receipt_no, "since": row.issued_at.isoformat()}
        for row in sheets.open_rows(service.book)
    ]
    unissued = rows.unissued(service.book)
    photos_awaited = rows.rows_with(service.book, Status.WAITING)
    watcher = last_heartbeat(service.settings, now)
    phones, held = _door(service, now), storage(service, now.date())
    grouped = [*_of_watcher(service, watcher), *_of_door(phones), *_for_operator(service, unissued, now)]
    grouped += [*of_messages(service, now), *of_workers(service)]
    grouped += [("集团", f"{name}的账本读不到：{why}") for name, why in service.book.branches.away().items()]
    grouped += [("磁盘", words) for words in (held.trouble, not_known(service)) if words]
    grouped += [
        ("磁盘", words) for words in not_durable((service.settings.folders.book, service.settings.folders.share))
    ]
    return {
        "at": now.isoformat(timespec="seconds"),
        "waiting_for_decision": waiting,
        "not_yet_issued": [{"receipt_no": row.receipt_no, "form": row.form, "person": row.person} for row in unissued],
        "waiting_for_photos": [{"receipt_no": row.receipt_no, "person": row.person} for row in photos_awaited],
        "for_operator": [words for _group, words in grouped],
        "groups": _by_group(grouped),
        "missing": asdict(missing(service)),
        "storage": held.data,
        "storage_words": held.words,
        "watcher": watcher,
        "door": phones,
    }


def _by_group(grouped: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for group, words in grouped:
        groups.setdefault(group, []).append(words)
    return groups


def _of_watcher(service: Service, watcher: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A service that should run and does not, died or hangs, and what its last round could not do."""
    if not watcher["running"] and "well" not in watcher:
        if service.settings.schedule.by == "watch":
            way_out = '请运行 python sync.py watch；由计划任务逐次运行的，在 [schedule] 里写 by = "run"'
            yield "监视", f"{watcher['words']}。{way_out}"
    elif not watcher["well"]:
        yield "监视", f"{watcher['words']}。请重新运行 python sync.py watch"
    else:
        yield from (("监视", f"监视的上一轮没有做完：{trouble}") for trouble in watcher["troubles"])


_LATELY = timedelta(days=2)  #: what the door took earlier and nobody has seen since is another's business


def _door(service: Service, now: datetime) -> dict[str, Any]:
    """The phone door: whether it is open, how many phones are bound, how much of what came is not taken yet."""
    settings = service.settings
    kept = sum(1 for _path in (settings.folders.book / "door" / "kept").glob("*.json"))
    return {
        "enabled": settings.door.enabled,
        **door_life(settings, now),
        "devices": door.bound(service.book),
        "waiting": kept + door.untaken(service.book, now - _LATELY),
    }


def _of_door(phones: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A door that should be open and is not: phones keep what they have, and nobody can bind one."""
    if not phones["well"]:
        yield "手机门", f"{phones['words']}。请重新运行 python sync.py watch（或 door）；手机里没有送达的内容不会丢"


def _for_operator(service: Service, unissued: list[Row], now: datetime) -> Iterator[tuple[str, str]]:
    yield from (("没有人收", words) for words in _without_holder(service, unissued, now))
    for each, words in deliveries.hindrances(service.book):
        why = f"（{words}）" if words else ""
        yield "送达", f"还没有送达：{each.person}/{each.folder}/{each.name}{why}"
    yield from (("文件夹", words) for words in _of_folders(service, now))
    yield from (("首页", words) for words in _of_templates(service))
    for customer in customers.of_leavers(service.book, service.people(now.date()), now.date()):
        yield "客户", f"已离职或调岗的{customer.owner}名下的客户还没有转交：{customer.name}"
    unclosed = days_to_close(service, now)
    if unclosed:
        yield "关账", f"还没有关账的日子：{unclosed[0]} 起共 {len(unclosed)} 天（运行 nightly）"
    if WorkCalendar(service.settings.calendar).is_workday(now.date()) is None:
        yield "关账", f"工作日历未覆盖 {now.year} 年：这些日子不会扣款，请在 [calendar] 中补充"


def _without_holder(service: Service, unissued: list[Row], now: datetime) -> Iterator[str]:
    """Rows and reports whose post nobody holds: they are kept, and go out when somebody takes it up."""
    for row in unissued:
        approver = approver_of(service, row, now)
        if isinstance(approver, Missing):
            yield f"受理号 {row.receipt_no}（{row.form}，{row.person}）：{approver}"
    for period, post in without_reader(service, now):
        yield f"{period} 没有人收：{post}没有人担任。请投递 人员新增 或 人员变更，有人任职后自动送达"


def _of_templates(service: Service) -> Iterable[str]:
    """What is wrong with the company's own wording of pages; what draws is loaded only where there is any."""
    own = service.settings.folders.own_templates / "page"
    if not own.is_dir():
        return ()
    from outbox.page.draw import faults_of

    return faults_of(own)


def _of_folders(service: Service, now: datetime) -> Iterator[str]:
    people, folders = list(service.people(now.date())), service.settings.folders
    own = (folders.receipts, folders.approvals, folders.reports, folders.templates)
    yield from service.outbox.barred(people, own)
    for old, new in moves(service.book):
        yield f"“{old}”已改名为“{new}”，文件夹还没有跟着改：请关闭里面打开的文件，下一轮会再试"
    scan = service.inbox.scan(people, now)
    for trouble in scan.troubles:
        yield f"{trouble.person} {trouble.path}：{trouble.reason}"
    for path in scan.settling:
        yield f"还在写入，或没有传完：{path}"
    for drop in scan.drops:
        yield f"等待读取：{drop.person}/{drop.relative}"


def explain(service: Service, receipt_no: str) -> list[str] | None:
    """The whole story of one row: file, cells, findings, approvals, entries, hashes; None if there is no such row."""
    row = rows.row(service.book, receipt_no)
    if row is None:
        return None
    return [line for part in (_origin, _content, _findings, _approvals, _entries) for line in part(service, row)]


def _origin(service: Service, row: Row) -> Iterator[str]:
    yield f"受理号 {row.receipt_no}  {row.form}  {row.person}（{row.department}）  状态 {STATUS_WORDS[row.status]}"
    if not row.file_id:
        yield f"由系统在 {row.submitted_at:%Y-%m-%d %H:%M:%S} 提出"
        return
    file = files.file(service.book, row.file_id)
    yield f"文件 {file['name']}  第 {row.row_no} 行（工作表 {row.sheet}）  到达 {row.submitted_at:%Y-%m-%d %H:%M:%S}"
    yield f"原件 {file['archived_as']}{_lying(service, file['archived_as'])}  sha256 {file['sha256']}"


def _content(service: Service, row: Row) -> Iterator[str]:
    yield "内容"
    for header, text in row.cells:
        yield f"  {header}：{text}"
    for name, value in row.read.items():
        if not name.isascii():  # what the software keeps for itself has English names
            yield f"  （系统读取）{name}：{value}"
    for sha256 in row.photos:
        kept_as = photos.archived_as(service.book, sha256)
        yield f"  照片 {kept_as}{_lying(service, kept_as)}  sha256 {sha256}"


def _lying(service: Service, archived_as: str) -> str:
    """Where an original lies that is not below the book, or since when it is gone for good."""
    if (gone := files.erased(service.book).get(archived_as)) is not None:
        return f"（{gone[:10]} 按要求删除）"
    cold = service.archive.cold
    if not cold.holds(archived_as):
        return ""
    return (
        f"（在冷盘，现在没有接上：{cold.folder}）"
        if service.archive.unknown(archived_as)
        else f"（在冷盘 {cold.folder}）"
    )


_WEIGHTS = {Severity.REFUSE: "需改正", Severity.FLAG: "请审批人留意", Severity.NOTE: "提示", Severity.OFF: "已停用"}


def _findings(_service: Service, row: Row) -> Iterator[str]:
    yield "判定" + ("" if row.findings else "：没有发现问题")
    for finding in row.findings:
        weight = _WEIGHTS[finding.severity]
        yield f"  {weight}：{finding.column} {finding.message}〔{cite(finding.clause)}〕（规则 {finding.rule}）"


def _approvals(service: Service, row: Row) -> Iterator[str]:
    yield "审批"
    issued = sheets.first_issued_at(service.book, row.receipt_no)
    if issued:
        yield f"  发出 {issued:%Y-%m-%d %H:%M:%S}"
    for decision in sheets.decisions_on(service.book, row.receipt_no):
        at = datetime.fromisoformat(decision["decided_at"])
        yield f"  {decision['approver']} {decision['decision']} {decision['comment']} {at:%Y-%m-%d %H:%M:%S}（{decision['number']}）"


def _entries(service: Service, row: Row) -> Iterator[str]:
    yield "账本记录"
    for posted in journal.about(service.book.db, row.receipt_no):
        actor = posted.entry.actor
        now = bearer_at(service.book, actor, datetime.fromisoformat(posted.at))
        who = actor if now == actor else f"{actor}（现名{now}）"
        yield f"  #{posted.seq} {posted.at} {posted.entry.kind} {who} {posted.hash}"
