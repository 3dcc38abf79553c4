"""The story of a round: take what waits, judge it, merge it, tell people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from intake.causes import Cause, Misfit
from intake.inbox.scan import Drop, Scan
from intake.preflight.sniff import is_picture_name
from intake.raw import Refusal
from intake.reading import photo_at, workbook_at
from ledger import files
from ledger.book import LedgerError
from ledger.journal import Entry
from ledger.records import Person
from outbox.queue import words_for
from outbox.receipts.compose import queue_receipt, queue_words, summary_receipt
from outbox.receipts.model import Message, ReceiptSheet
from policy.forms.customer import NewCustomer
from service.company import Service
from service.files.leaving import shut_leavers_out
from service.files.rationing import admitted, tell_of_left
from service.files.reads import Taken, keep_and_read
from service.files.renaming import rename_due
from service.reissuing import sheets_again
from service.rows.decided import tell_submitters
from service.rows.deciding import is_approval, take_decisions
from service.rows.issuing import issue_sheets
from service.rows.merging import Prepared, is_untouched, look_ahead, prepare, take_sheet
from service.rows.pictures import complete_waiting, keep_photo, tell_of_photos
from service.rows.seeing import read_pictures, to_read
from service.sending.delivering import deliver, draw_ahead, draws_receipts
from service.sending.late import send_unread
from service.sending.templates import deliver_templates
from service.sparing import uncollected
from service.summary import Summary
from service.upkeep.guarding import look_after, look_before
from service.upkeep.monitoring import still_waiting, write_metrics
from validators.layout import Unfit, form_of

log = logging.getLogger("kebu")

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
        if unread := to_read(service):
            summary.delivered += _told_first(service, now)
            read_pictures(service, unread, now)
        if issue:
            summary.sheets_issued = issue_sheets(service, now)
        sheets_again(service)
        deliver(service, now, summary)
        summary.troubles += look_after(service, "round", now)
        summary.waiting = still_waiting(scan, (drop.path for drop in drops), now)
        summary.troubles += write_metrics(service, now, summary.waiting, len(summary.troubles))
    return summary


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


def take_batch(service: Service, drops: Sequence[Drop], now: datetime, summary: Summary) -> None:
    """Archive and read some files, then judge and merge them in one transaction, and clear the drop folders."""
    kept = keep_and_read(service, drops, summary.troubles)
    taken = sorted(kept, key=lambda each: (each.drop.arrived_at, each.drop.person, each.drop.relative))
    service.readers.expect(draws_receipts, sum(each.photo is None for each in taken))  # once these are judged
    with uncollected(), service.book.transaction():
        take_read(service, taken, now, summary)
        for each in taken:
            drop = each.drop
            files.to_remove(
                service.book, drop.person, drop.relative, drop.sha256, drop.size, drop.mtime_ns, drop.ctime_ns
            )
    gone = service.inbox.remove_all([each.drop for each in taken])
    with service.book.transaction():
        for drop in gone:
            files.removed(service.book, drop.person, drop.relative, drop.sha256)


def take_read(service: Service, taken: Sequence[Taken], now: datetime, summary: Summary) -> None:
    """Judge and merge what was read, in one transaction."""
    pictures = [each for each in taken if each.photo is not None]
    workbooks = sorted((each for each in taken if each.photo is None), key=_after_new_customers)
    with service.book.transaction():
        for each in pictures:
            _take_picture(service, each, now)
        complete_waiting(service, [each.drop.person for each in pictures], now)
        decided: list[str] = []
        ready = _prepared(service, workbooks)
        for each in workbooks:
            decided += _take_or_set_aside(service, each, ready, now, summary)
        tell_submitters(service, decided, now)
        tell_of_photos(service, pictures, now)
        deliver_templates(service, now)
    summary.files += len(taken)
    summary.photos += len(pictures)
    summary.refused += sum(each.refusal is not None for each in taken)
    summary.decisions += len(decided)


#: Sheets of a batch, by which object they are, with their rows read.
Ready = Mapping[int, Prepared | Unfit]


def _prepared(service: Service, workbooks: Sequence[Taken]) -> Ready:
    """The form sheets of a batch made ready, and the book asked at once for all of them."""
    ready: dict[int, Prepared | Unfit] = {}
    asked = []
    for each in workbooks:
        day = each.drop.arrived_at.date()
        for sheet in each.workbook.sheets if each.workbook else ():
            form = form_of(sheet)
            if form is None or is_approval(sheet) or not sheet.rows:
                continue
            try:
                made = ready[id(sheet)] = prepare(service, form, sheet, day)
            except Exception:  # told of when it is this file's turn
                continue
            if isinstance(made, Prepared):
                asked.append((made, service.people(day)[each.drop.person], each.drop.arrived_at))
    look_ahead(service, asked)
    return ready


def _after_new_customers(each: Taken) -> bool:
    """Decisions on new customers come first in a batch: what hangs on a customer can then be approved with it."""
    sheets = each.workbook.sheets if each.workbook else ()
    return not any(sheet.name.startswith(f"审批_{NewCustomer.sheet}") and is_approval(sheet) for sheet in sheets)


def finish_removals(service: Service) -> None:
    """Clear what a crash left in the drop folders although it was taken; a file saved again since then stays."""
    for record in files.removals(service.book):
        path = service.settings.folders.share / record["person"] / service.settings.folders.drop / record["relative"]
        drop = Drop(
            person=record["person"], path=path, relative=record["relative"], size=record["size"],
            mtime_ns=record["mtime_ns"], ctime_ns=record["ctime_ns"], sha256=record["sha256"],
            arrived_at=datetime.now(service.zone),
        )  # fmt: skip
        if service.inbox.finish(drop):
            files.removed(service.book, drop.person, drop.relative, drop.sha256)


def _take_picture(service: Service, each: Taken, now: datetime) -> None:
    assert each.photo is not None
    outcome = "refused" if each.photo.trouble else "photo"
    _post_file(service, each, "photo", outcome, now)
    keep_photo(service, each.drop.person, each.kept, each.photo, each.drop.arrived_at, now, embedded=False)


def _post_file(service: Service, each: Taken, kind: str, outcome: str, now: datetime) -> int:
    reason = each.refusal.reason if each.refusal else (each.photo.trouble if each.photo else "")
    file_id = files.next_file_id(service.book)
    payload = {
        "id": file_id,
        "sha256": each.kept.sha256,
        "person": each.drop.person,
        "name": each.drop.relative,
        "arrived_at": each.drop.arrived_at.isoformat(),
        "kind": kind,
        "outcome": outcome,
        "archived_as": each.kept.archived_as,
        "quarantined_as": service.archive.quarantine(each.kept) if outcome == "refused" else None,
        "reason": reason,
        "by_machine": int(bool(each.refusal and each.refusal.by_machine)),
        "earliest": (each.drop.earliest or each.drop.arrived_at).isoformat(),
        "known": each.drop.known,
    }
    service.book.post([Entry("file.taken", each.kept.sha256, each.drop.person, payload)], now)
    return file_id


def _take_or_set_aside(service: Service, each: Taken, ready: Ready, now: datetime, summary: Summary) -> list[str]:
    """One workbook, or nothing of it: a fault of our own in one file must not keep the others waiting.

    The file is kept and answered, its owner is not blamed, and the operator is told.
    """
    mine = Summary()  # what is rolled back must not be counted
    try:
        with service.book.transaction():
            decided = _take_workbook(service, each, ready, now, mine)
        summary.add_rows(mine)
        return decided
    except (OSError, LedgerError):  # the machine is broken, not this file
        raise
    except Exception as error:
        log.exception("our own fault in %s/%s; it is set aside", each.drop.person, each.drop.relative)
        summary.refused += 1
        summary.troubles.append(
            f"{each.drop.person}/{each.drop.relative}：程序出错，文件已保留（{type(error).__name__}: {error}）"
        )
        words = "系统处理这个文件时出错，不是您的问题"
        fault = Refusal(Cause.FAULT, words, "原件已保留，请联系管理员；这个文件涉及的日报不会记缺交", by_machine=True)
        with service.book.transaction():
            _refuse_file(service, replace(each, refusal=fault), now)
            _keep_embedded(service, each, now)
        return []


def _keep_embedded(service: Service, each: Taken, now: datetime) -> None:
    for kept, facts in (each.pictures or {}).values():
        keep_photo(service, each.drop.person, kept, facts, each.drop.arrived_at, now, embedded=True)


def _take_workbook(service: Service, each: Taken, ready: Ready, now: datetime, summary: Summary) -> list[str]:
    """Take one workbook with all its sheets; gives the 受理号 of rows that an approver decided in it."""
    drop, person = each.drop, service.people(each.drop.arrived_at.date())[each.drop.person]
    if each.workbook is None:
        _refuse_file(service, each, now)
        return []
    file_id = _post_file(service, each, "workbook", "taken", now)
    _keep_embedded(service, each, now)
    sheets, decided, messages = take_sheets(service, each, ready, person, file_id, now, summary)
    receipt = summary_receipt(drop.person, drop.relative, drop.arrived_at, now, messages, tuple(sheets))
    words = words_for(receipt)
    draw_ahead(service, words)
    queue_words(service.book, service.settings.folders.receipts, receipt, words, "workbook", now)
    return decided


def take_sheets(
    service: Service, each: Taken, ready: Ready, person: Person, file_id: int, now: datetime, summary: Summary
) -> tuple[list[ReceiptSheet], list[str], list[Message]]:
    """Every sheet of a workbook by what it is: an approval sheet, a form, or neither (which is named)."""
    assert each.workbook is not None
    sheets: list[ReceiptSheet] = []
    decided: list[str] = []
    ignored: list[str] = []
    untouched: list[str] = []
    for sheet in each.workbook.sheets:
        form, laid = form_of(sheet), ready.get(id(sheet))
        if laid is None and is_approval(sheet):
            made, done = take_decisions(service, sheet, each.drop.person, each.drop.arrived_at, now)
            decided += done
        elif form is not None:
            arrived_at = each.drop.arrived_at
            laid = laid or (prepare(service, form, sheet, arrived_at.date()) if sheet.rows else None)
            if laid is None or is_untouched(sheet, laid):
                untouched.append(sheet.name)
                continue
            made, outcomes = take_sheet(service, laid, sheet, form, person, arrived_at, file_id, now)
            if made.message:
                post_unfit(service, each.drop, file_id, sheet.name, form.sheet, made.message, now)
            summary.add(outcomes)
        else:
            if sheet.rows and sheet.name not in _OWN_SHEETS:
                ignored.append(sheet.name)
                post_unfit(service, each.drop, file_id, sheet.name, "", "不是本系统的表格", now)
            continue
        sheets.append(made)
    messages = [Message("note", notice) for notice in each.workbook.notices]
    if ignored:
        messages.append(Message("note", f"以下工作表不是本系统的表格，已忽略：{'、'.join(ignored)}"))
    if not any(sheet.rows or sheet.message for sheet in sheets):
        messages.append(Message("refuse", f"没有找到可以登记的内容：{_nothing_found(untouched)}"))
        post_unfit(service, each.drop, file_id, "", "", "没有找到可以登记的内容", now)
    return sheets, decided, messages


def _nothing_found(untouched: Sequence[str]) -> str:
    if not untouched:
        return _NOTHING[Misfit.FOREIGN]
    sheets = f"“{'、'.join(untouched[:3])}”" + (f"等 {len(untouched)} 张表" if len(untouched) > 3 else "")
    return _NOTHING[Misfit.UNTOUCHED].format(sheets=sheets)


_NOTHING: Mapping[Misfit, str] = {
    Misfit.FOREIGN: "请使用“取件/模板”中的表格填写，工作表的名称要与模板一致",
    Misfit.UNTOUCHED: "{sheets}里只有表头，还没有填写。请在表头下面逐行填好、保存后再投递",
}


def post_unfit(
    service: Service, drop: Drop, file_id: int, sheet: str, form: str, reason: str, now: datetime
) -> None:  # fmt: skip
    """Keep that a sheet came and could not be taken: whoever handed it in has not handed in nothing (销售日报 7(4))."""
    payload = {
        "file_id": file_id, "sheet": sheet, "name": drop.relative, "arrived_at": drop.arrived_at.isoformat(),
        "form": form, "reason": reason,
    }  # fmt: skip
    service.book.post([Entry("sheet.unfit", drop.sha256, drop.person, payload)], now)


_OWN_SHEETS = frozenset(
    {"概要", "填写说明", "说明", "我的客户", "拜访历史", "公海客户", "我的商机", "今天", "名单", "地区"}
)


def _refuse_file(service: Service, each: Taken, now: datetime) -> None:
    assert each.refusal is not None
    drop = each.drop
    _post_file(service, each, "workbook", "refused", now)
    words = f"{each.refusal.reason}。{each.refusal.remedy}。原文件已原样保留".replace("。。", "。")
    receipt = summary_receipt(drop.person, drop.relative, drop.arrived_at, now, [Message("refuse", words)])
    queue_receipt(service.book, service.settings.folders.receipts, receipt, "refused", now)
