"""One form sheet taken: its rows judged one after another, each seeing what the ones before it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from intake.raw import CellValue, Sheet, Trouble
from ledger import corrections, customers, rows
from ledger.records import Outcome, Person, Row
from outbox.receipts.model import ReceiptSheet
from policy.columns import as_text
from policy.form import Form
from policy.forms.correction import Correction
from policy.forms.customer import NewCustomer
from policy.forms.opening import OpeningCustomer
from policy.words import fold
from processors.effect import Accepted
from processors.effects import effects
from processors.merge import KeptUnderKey, Merged, merge
from service.company import Service
from service.files.reads import sha_of
from service.rows.admission import refusal
from service.rows.authority import chain_of
from service.rows.mending import tell_corrected
from service.rows.receipt_rows import placed, receipt_row, returned_sheet
from validators.context import Context
from validators.judging import Candidate, RawRow, gather, judge, kept_row, shaped_row, shaped_rows, texts
from validators.layout import Layout, Unfit, cells_of, lay_out, pictures_of, troubles_by_row, troubles_of
from validators.verdict import Verdict


@dataclass(frozen=True)
class Prepared:
    """A sheet whose columns were found and whose cells were read: nothing was asked of the book yet."""

    form: type[Form]
    layout: Layout
    rows: tuple[Candidate, ...]  #: one for each row of the layout


def prepare(service: Service, form: type[Form], sheet: Sheet, day: date) -> Prepared | Unfit:
    """The rows of *sheet*, ready to be judged as of *day*."""
    laid = lay_out(sheet, form)
    if isinstance(laid, Unfit):
        return laid
    lists = service.settings.as_of(day).lists.model_dump()
    troubles = troubles_by_row(sheet)
    raws = (_raw_row(form, sheet, laid, troubles.get(number, {}), number, cells) for number, cells in laid.rows)
    return Prepared(form, laid, shaped_rows(form, raws, lists, day))


def is_untouched(sheet: Sheet, laid: Prepared | Unfit) -> bool:
    """Whether *sheet* is a template in which nothing has been filled in, neither words nor pictures."""
    return isinstance(laid, Prepared) and not laid.rows and not sheet.pictures


def look_ahead(service: Service, ready: Sequence[tuple[Prepared, Person, datetime]]) -> None:
    """Ask the book at once what all these sheets, each with its submitter and arrival, will want to know.

    What all rows ask alike is asked for the first of each kind: the others then have less to guess.
    """
    scouts: dict[tuple[type[Form], str], Step] = {}
    steps: list[Step] = []
    for sheet, submitter, arrived_at in ready:
        context = _context(service, sheet, submitter, arrived_at)
        mine = [partial(_ask, candidate, context) for candidate in sheet.rows]
        steps += mine
        if mine:
            scouts.setdefault((sheet.form, submitter.name), mine[0])
    service.book.known.ahead(scouts.values())
    service.book.known.ahead(steps)


Step = Callable[[], object]


def take_sheet(
    service: Service, ready: Prepared | Unfit, sheet: Sheet, form: type[Form], submitter: Person,
    arrived_at: datetime, file_id: int, now: datetime,
) -> tuple[ReceiptSheet, list[Outcome]]:  # fmt: skip
    """Judge and merge every row of *sheet*; gives its part of the receipt.  Inside a transaction."""
    if barred := refusal(form, submitter, arrived_at.date()):
        ready = Unfit(barred.why, barred.message, ready.layout)
    if isinstance(ready, Unfit):
        return returned_sheet(sheet, ready), [Outcome.RETURNED] * max(1, len(ready.layout.rows))
    if not service.book.known.foreseen:
        look_ahead(service, [(ready, submitter, arrived_at)])
    context = _context(service, ready, submitter, arrived_at)
    told, outcomes = [], []
    for candidate, (_number, cells) in zip(ready.rows, ready.layout.rows, strict=True):
        merged = take_row(service, form, judge(candidate, context), file_id, now)
        outcomes.append(merged.outcome)
        pictures = placed(service.book, candidate.raw, ready.layout)
        told.append(receipt_row(merged, ready.layout, cells, pictures))
    headers = tuple(header for _index, header in ready.layout.headers)
    return ReceiptSheet(name=sheet.name, headers=headers, rows=tuple(told)), outcomes


def _context(service: Service, sheet: Prepared, submitter: Person, arrived_at: datetime) -> Context:
    return Context(
        book=service.book,
        settings=service.settings.as_of(arrived_at.date()),
        submitter=submitter,
        now=arrived_at,
        same_sheet_names=_names(sheet.form, sheet.layout),
    )


def _ask(row: Candidate, context: Context) -> None:
    """What judging and merging *row* will ask of the book, asked for all rows together."""
    key = gather(row, context).key
    if key:
        context.ask(rows.under_key, (row.form.sheet, key))


def take_row(service: Service, form: type[Form], verdict: Verdict, file_id: int, now: datetime) -> Merged:
    """Merge one judged row into the book, with what follows from it."""
    book = service.book
    live = rows.live_row(book, form.sheet, verdict.key) if verdict.key else None
    same = (book, form.sheet, verdict.fingerprint, verdict.key)
    down, old = (rows.turned_down(*same), rows.replaced(*same)) if verdict.key else (None, None)
    receipt_no = rows.new_receipt_no(book, now.date())
    merged = merge(
        verdict,
        KeptUnderKey(live, down, old),
        receipt_no,
        file_id=file_id,
        needs_approval=needs_approval(service, verdict),
    )
    if not merged.entries:
        rows.give_back(book, receipt_no)
    book.post(merged.entries, now)
    if merged.outcome is Outcome.ACCEPTED:
        received = merged.entries[-1]
        taking = accepted(service, rows.row_received(received), now)
        book.post(effects(taking), now)
        tell_corrected(service, rows.row_received(received), now)
        if taking.next_receipt_no:
            told = f"订单受理号 {taking.next_receipt_no}，余款到账时填在“客户回款”的“订单受理号”里"
            merged = replace(merged, remark=told)
    return merged


def needs_approval(service: Service, verdict: Verdict) -> bool:
    """Whether somebody has to decide on the row before it takes effect."""
    day = verdict.submitted_at.date()
    submitter = service.people(day).get(verdict.person)
    if submitter is None:  # the roster at set-up: the operator answers for it
        return False
    settings = service.settings.as_of(day)
    return bool(chain_of(verdict.form.sheet, submitter, verdict.values, verdict.read, settings))


def accepted(service: Service, row: Row, now: datetime) -> Accepted:
    """What the processors need to know of a row that takes effect."""
    return Accepted(
        form=row.form,
        receipt_no=row.receipt_no,
        person=row.person,
        values=row.values,
        read=row.read,
        customer_id=row.customer_id,
        today=now.date(),
        decided_by=row.decided_by or "",
        overtakes=corrections.overtaken(service.book, row) if row.form == Correction.sheet else (),
        next_customer_id=customers.next_customer_id(service.book) if _brings_customer(row) else 0,
        next_receipt_no=rows.new_receipt_no(service.book, now.date()) if _brings_order(row) else "",
        arrived={
            "file_id": row.file_id, "sheet": row.sheet, "row_no": row.row_no,
            "submitted_at": row.submitted_at.isoformat(),
        },
    )  # fmt: skip


def _brings_customer(row: Row) -> bool:
    return row.form == NewCustomer.sheet or (row.form == OpeningCustomer.sheet and row.customer_id is None)


def _brings_order(row: Row) -> bool:
    return row.form == OpeningCustomer.sheet and row.values["amount_fen"] is not None


def _names(form: type[Form], laid: Layout) -> Counter[str]:
    """How often each 姓名 stands on the sheet: people of one name are told apart by their phones."""
    at = laid.fields.get("name")
    phone = laid.fields.get("phone")
    if at is None or phone is None:
        return Counter()
    pairs = {(fold(as_text(_cell(cells, at))), as_text(_cell(cells, phone))) for _number, cells in laid.rows}
    return Counter(name for name, _phone in pairs)


def _cell(cells: Sequence[CellValue], index: int) -> CellValue:
    return cells[index] if index < len(cells) else None


def _raw_row(
    form: type[Form],
    sheet: Sheet,
    laid: Layout,
    troubles: Mapping[int, Trouble],
    number: int,
    cells: tuple[CellValue, ...],
) -> RawRow:
    pictures = pictures_of(form, laid, sheet, number)
    return RawRow(
        sheet=sheet.name,
        number=number,
        fields=cells_of(laid, cells),
        cells=texts(laid.headers, cells),
        troubles=troubles_of(laid, troubles),
        embedded={field: tuple(map(sha_of, found)) for field, found in pictures.items()},
    )


def judge_again(service: Service, form: type[Form], row: Row, as_of: datetime) -> Verdict:
    """A row judged anew, with the clock at *as_of*: its own arrival, or now when it is about to take effect."""
    people = service.people(as_of.date())
    context = Context(
        book=service.book,
        settings=service.settings.as_of(as_of.date()),
        submitter=people[row.person],
        now=as_of,
        receipt_no=row.receipt_no,
        written_at=row.submitted_at,
    )
    kept = kept_row(form, row.sheet, row.row_no, row.cells, row.embedded)
    verdict = judge(shaped_row(form, kept, context.settings.lists.model_dump(), as_of.date()), context)
    return replace(verdict, department=row.department)
