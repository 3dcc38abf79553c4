"""A decision that holds is carried out: what has changed since is looked at, the cashier's figures are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ledger import rows
from ledger.journal import Entry
from ledger.records import Row, Severity, Status
from outbox.approvals.model import DECISION
from outbox.receipts.model import Note
from policy.forms import form_named
from processors.approval import APPROVE, Hindrance, Refused
from processors.effects import effects
from service.company import Service
from service.rows.cashier import confirm, is_payment
from service.rows.mending import tell_corrected
from service.rows.merging import accepted, judge_again


def settle(service: Service, decision: Entry, values: Mapping[str, str], now: datetime) -> Refused | Note:
    """Post a decision; gives the note for the approver, or why it cannot be taken now.  Inside a transaction."""
    row = rows.row(service.book, decision.subject)
    assert row is not None
    follow: list[Entry] = []
    if decision.payload["decision"] == APPROVE and (changed := _changed_since(service, row, now)) is not None:
        return changed
    if is_payment(row.form):
        confirmed = confirm(service, decision, row, values)
        if isinstance(confirmed, Refused):
            return confirmed
        decision, follow = confirmed
    _post(service, decision, follow, now)
    if decision.payload["decision"] != values[DECISION]:  # the cashier agreed, the figures did not
        return Note("", "flag", f"核对不一致，已退回提交人：{decision.payload['comment']}")
    return Note("", "note", f"已{values[DECISION]}")


def _post(service: Service, decision: Entry, follow: Sequence[Entry], now: datetime) -> None:
    service.book.post([decision, *follow], now)
    row = rows.row(service.book, decision.subject)
    assert row is not None
    if row.status is Status.ACCEPTED:
        service.book.post(effects(accepted(service, row, now)), now)
        tell_corrected(service, row, now)


def _changed_since(service: Service, row: Row, now: datetime) -> Refused | None:
    """Whether limits, owners or names have changed so that the row may not take effect any more."""
    form = form_named(row.form)
    if form is None or not form.moves_customers:
        return None
    again = judge_again(service, form, row, now)
    wrong = next((finding for finding in again.findings if finding.severity is Severity.REFUSE), None)
    if wrong is None and again.read.get("moving") == row.read.get("moving"):
        return None
    words, way = (wrong.message, f"：{wrong.remedy}") if wrong else ("要转交的客户已有变化", "")
    return Refused(
        Hindrance.OVERTAKEN, DECISION, f"提交之后情况有变：{words}", f"请驳回这一行，由提交人按现在的情况重新提交{way}"
    )
