"""Setting up: folders and ledger made, the roster taken, templates delivered; safe to run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from disk.private import write_private
from intake.archive.store import Kept
from intake.raw import Refusal, Workbook
from intake.reading import workbook_at
from intake.sandbox.readers import Failure
from ledger import files
from ledger.journal import Entry
from ledger.records import Outcome, Person
from outbox.receipts.compose import receipt_name, summary_receipt
from outbox.receipts.draw import render_receipt
from outbox.receipts.model import Receipt, ReceiptSheet
from outbox.xlsx.picture import no_pictures
from policy.forms.person import NewPerson
from policy.posts import SALES_MANAGER
from service.company import Service
from service.delivering import Summary, deliver
from service.guarding import look_after, look_before
from service.merging import prepare, take_sheet
from service.templates import deliver_templates

OPERATOR = "管理员（初始化）"


@dataclass(frozen=True)
class Founded:
    """What the roster brought."""

    people: int
    outcomes: tuple[Outcome, ...]
    receipt: Path | None  #: where the answer lies, when rows were returned
    trouble: str  #: why the roster could not be read; '' if it could


def found(service: Service, roster: Path, now: datetime) -> Founded:
    """Take the roster (a 人员新增 sheet) and give everybody their folders and templates."""
    service.settings.folders.share.mkdir(parents=True, exist_ok=True)
    with service.lock():
        look_before(service, now)
        read = _read(service, roster)
        if not isinstance(read, Workbook):
            return Founded(len(service.people(now.date())), (), None, f"{read.reason}。{read.remedy}")
        kept = service.archive.keep_bytes(roster.read_bytes(), roster.name, now.date())
        with service.book.transaction():
            file_id = _post_file(service, kept, now)
            sheets, outcomes = _take(service, read, file_id, now)
            deliver_templates(service, now)
        deliver(service, now, Summary(), anew=True)
        look_after(service, "init", now)
    if not sheets:
        return Founded(0, (), None, f"{roster.name} 中没有名为“{NewPerson.sheet}”的工作表")
    receipt = summary_receipt(OPERATOR, roster.name, now, now, (), tuple(sheets))
    returned = any(outcome is Outcome.RETURNED for outcome in outcomes)
    path = _write_receipt(service, receipt) if returned else None
    return Founded(len(service.people(now.date())), tuple(outcomes), path, "")


def _read(service: Service, roster: Path) -> Workbook | Refusal:
    (read,) = service.readers.map(workbook_at, [(roster, service.limits())])
    if isinstance(read, Failure):
        return Refusal(read.kind, "名册无法读取", "请在 Excel 中另存为新的 .xlsx 文件")
    assert isinstance(read, (Workbook, Refusal))
    return read


def _post_file(service: Service, kept: Kept, now: datetime) -> int:
    file_id = files.next_file_id(service.book)
    payload = {
        "id": file_id, "sha256": kept.sha256, "person": "", "name": kept.name, "arrived_at": now.isoformat(),
        "kind": "roster", "outcome": "taken", "archived_as": kept.archived_as, "quarantined_as": None, "reason": "",
        "by_machine": 0,
    }  # fmt: skip
    service.book.post([Entry("file.taken", kept.sha256, OPERATOR, payload)], now)
    return file_id


def _take(
    service: Service, workbook: Workbook, file_id: int, now: datetime
) -> tuple[list[ReceiptSheet], list[Outcome]]:
    sheets, outcomes = [], []
    for sheet in workbook.sheets:
        if sheet.name.strip() == NewPerson.sheet and sheet.rows:
            made, found = take_sheet(
                service,
                prepare(service, NewPerson, sheet, now.date()),
                sheet,
                NewPerson,
                operator(now),
                now,
                file_id,
                now,
            )
            sheets.append(made)
            outcomes += found
    return sheets, outcomes


def operator(now: datetime) -> Person:
    """Who submits the roster: the company has no people yet."""
    return Person(
        name=OPERATOR, phone="", gender="", department="", post=SALES_MANAGER, max_customers=0, max_follow_days=0,
        region=None, joined_on=date.min, left_on=None, registered_at=now,
    )  # fmt: skip


def _write_receipt(service: Service, receipt: Receipt) -> Path:
    path = service.settings.folders.book / receipt_name(receipt.source, receipt.made_at)
    write_private(path, render_receipt(receipt, no_pictures))
    return path
