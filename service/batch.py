"""A batch of files that were read: judged and merged in one transaction, and answered."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from intake.causes import Cause, Misfit
from intake.inbox.leaving import Drop
from intake.raw import Refusal
from ledger import files
from ledger.connection import LedgerError
from ledger.journal import Entry
from ledger.records import Person
from outbox.queue import words_for
from outbox.receipts.compose import queue_receipt, queue_words, summary_receipt
from outbox.receipts.model import Message, ReceiptSheet
from policy.forms.customer import NewCustomer
from service.company import Service
from service.files.reads import Taken
from service.rows.decided import tell_submitters
from service.rows.deciding import is_approval, take_decisions
from service.rows.merging import Prepared, is_untouched, look_ahead, prepare, take_sheet
from service.rows.pictures import complete_waiting, keep_photo, tell_of_photos
from service.sending.delivering import draw_ahead
from service.sending.templates import deliver_templates
from service.summary import Summary
from validators.layout import Unfit, form_of

log = logging.getLogger("kebu")


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
