"""Decisions told: to each submitter in one workbook a day that grows, and to whoever was handed customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from ledger import rows, sheets
from ledger.records import Outcome, Row, Status
from outbox.approvals.model import APPROVE
from outbox.receipts.compose import Kept, kept_sheets, notes, notice, queue_decisions, queue_receipt, summary_receipt
from outbox.receipts.model import Message, Note, Weight
from outbox.receipts.name import DECISIONS
from policy.forms.charge import Charge
from policy.forms.transfer import Transfer
from service.company import Service


def tell_submitters(service: Service, decided: Sequence[str], now: datetime) -> None:
    """Tell each submitter of *decided* (受理号) what was decided on their rows; inside the transaction."""
    known = rows.several(service.book, decided)
    for day in sorted({row.decided_at.date() for row in known.values() if row.decided_at}):
        people = {row.person for row in known.values() if row.decided_at and row.decided_at.date() == day}
        for person, told in _of_day(service, day, people).items():
            made = summary_receipt(person, "", now, now, (), kept_sheets(service.book, told), DECISIONS)
            queue_decisions(service.book, service.settings.folders.receipts, made, day, now)
    _tell_receivers(service, list(known.values()), now)


def _of_day(service: Service, day: date, people: Iterable[str]) -> dict[str, list[Kept]]:
    """Everything that was decided that day on the rows of *people*, as it went on."""
    told: dict[str, list[Kept]] = {person: [] for person in sorted(people)}
    taken = sheets.decided_on(service.book, day)
    known = rows.several(service.book, list(taken))
    for receipt_no, decision in taken.items():
        row = known[receipt_no]
        if row.person in told:
            told[row.person].append(_told(row, decision))
    return told


def _told(row: Row, decision: str) -> Kept:
    """A row that was agreed to asks nothing of its submitter any more; one that was turned down does."""
    yes, no = ("核定计入", "核定不计") if row.form == Charge.sheet else ("同意", "驳回")
    agreed = decision == APPROVE
    comment = f"：{row.comment}" if row.comment else ""
    said = Note("", _weight(row, agreed), f"{row.decided_by}{yes if agreed else no}{comment}")
    return row, (said, *(() if agreed else notes(row.findings))), Outcome.ACCEPTED if agreed else Outcome.RETURNED


def _weight(row: Row, agreed: bool) -> Weight:
    if row.form == Charge.sheet:  # agreed to is the fine: there is nothing to mend, but something to know
        return "flag" if agreed else "note"
    return "note" if agreed else "refuse"


def _tell_receivers(service: Service, decided: Sequence[Row], now: datetime) -> None:
    """Whoever was handed customers learns of it at once, not from the next morning's workbook (客户转交 8)."""
    by_receiver: dict[str, list[Message]] = {}
    for row in decided:
        if row.form == Transfer.sheet and row.status is Status.ACCEPTED:
            words = f"{row.person}转交的客户已归您跟进：{row.read['转交客户']}（受理号 {row.receipt_no}）。{row.values['description']}"
            by_receiver.setdefault(str(row.values["receiver"]), []).append(Message("flag", words))
    for receiver, messages in sorted(by_receiver.items()):
        told = notice(receiver, "客户转入", now, messages)
        queue_receipt(service.book, service.settings.folders.receipts, told, "decision", now)
