"""Setting up: folders and ledger made, the roster taken, templates delivered; safe to run again."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from outbox.heading import signed_by
from outbox.receipts.compose import summary_receipt
from outbox.receipts.draw import render_receipt
from outbox.receipts.model import Receipt, ReceiptSheet
from outbox.receipts.name import receipt_name
from outbox.xlsx.picture import no_pictures
from policy.form import Form
from policy.forms.person import NewPerson
from policy.posts import SALES_MANAGER, SET_UP
from service.company import Service
from service.files.reads import given_up
from service.rows.merging import prepare, take_sheet
from service.sending.delivering import deliver
from service.sending.templates import deliver_templates
from service.summary import Summary
from service.upkeep.guarding import look_after, look_before

OPERATOR = SET_UP
READ_AGAIN = "机器正忙的，过几分钟再试一次；仍不行，请在 Excel 中另存为新的 .xlsx 文件"


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
        read = read_given(service, roster, "名册")
        if not isinstance(read, Workbook):
            return Founded(len(service.people(now.date())), (), None, f"{read.reason}。{read.remedy}")
        kept = service.archive.keep_bytes(roster.read_bytes(), roster.name, now.date())
        with service.book.transaction():
            file_id = post_given(service, kept, "roster", now)
            sheets, outcomes = take_sheets_of(service, read, NewPerson, file_id, now)
            deliver_templates(service, now)
        deliver(service, now, Summary(), anew=True)
        look_after(service, "init", now)
    if not sheets:
        return Founded(0, (), None, f"{roster.name} 中没有名为“{NewPerson.sheet}”的工作表")
    receipt = summary_receipt(OPERATOR, roster.name, now, now, (), tuple(sheets))
    returned = any(outcome is Outcome.RETURNED for outcome in outcomes)
    path = write_answer(service, receipt) if returned else None
    return Founded(len(service.people(now.date())), tuple(outcomes), path, "")


def read_given(service: Service, path: Path, what: str) -> Workbook | Refusal:
    """A workbook that the operator hands over; *what* it is called in the refusal."""
    (read,) = service.readers.map(workbook_at, [(path, service.limits())])
    if isinstance(read, Failure):
        why = given_up(read, READ_AGAIN)
        return replace(why, reason=f"{what}没有读成：{why.reason}")
    assert isinstance(read, (Workbook, Refusal))
    return read


def post_given(service: Service, kept: Kept, kind: str, now: datetime) -> int:
    """Keep in the book that the operator's workbook came; gives its id."""
    file_id = files.next_file_id(service.book)
    payload = {
        "id": file_id, "sha256": kept.sha256, "person": "", "name": kept.name, "arrived_at": now.isoformat(),
        "kind": kind, "outcome": "taken", "archived_as": kept.archived_as, "quarantined_as": None, "reason": "",
        "by_machine": 0,
    }  # fmt: skip
    service.book.post([Entry("file.taken", kept.sha256, OPERATOR, payload)], now)
    return file_id


def take_sheets_of(
    service: Service, workbook: Workbook, form: type[Form], file_id: int, now: datetime
) -> tuple[list[ReceiptSheet], list[Outcome]]:
    """Every sheet of *form*, as the operator's; inside a transaction."""
    sheets, outcomes = [], []
    for sheet in workbook.sheets:
        if sheet.name.strip() == form.sheet and sheet.rows:
            ready = prepare(service, form, sheet, now.date())
            made, found = take_sheet(service, ready, sheet, form, operator(form, now), now, file_id, now)
            sheets.append(made)
            outcomes += found
    return sheets, outcomes


def operator(form: type[Form], now: datetime) -> Person:
    """Who submits what the book begins with: the company has no people yet."""
    post = SET_UP if SET_UP in form.submitters else SALES_MANAGER
    return Person(
        name=OPERATOR, phone="", gender="", department="", post=post, max_customers=0, max_follow_days=0,
        region=None, joined_on=date.min, left_on=None, registered_at=now,
    )  # fmt: skip


def write_answer(service: Service, receipt: Receipt) -> Path:
    """Write the operator's receipt into the book's folder; gives where."""
    path = service.settings.folders.book / receipt_name(receipt)
    write_private(path, render_receipt(signed_by(service.settings.company.name, receipt), no_pictures))
    return path
