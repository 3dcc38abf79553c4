"""更正 told to whom it concerns: the one who handed the row in, and whoever has a customer no more (目的 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ledger.records import Row
from ledger.rows import row as row_of
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from policy.forms.correction import MEND, Correction
from policy.forms.transfer import Transfer
from service.company import Service


def tell_corrected(service: Service, correction: Row, now: datetime) -> None:
    """Tell of a correction that has just taken effect; those who handed it in themselves know.  Inside a transaction."""
    if correction.form != Correction.sheet:
        return
    of = row_of(service.book, str(correction.values["receipt_no"]))
    assert of is not None, "a correction is about a row"
    people = service.people(now.date())
    for person, words in dict(_words(of, correction)).items():
        if person != correction.person and person in people:
            made = notice(person, "更正", now, [Message("flag", words)])
            queue_receipt(service.book, service.settings.folders.receipts, made, "notice", now)


def _words(of: Row, correction: Row) -> Iterator[tuple[str, str]]:
    """(person, what they are told); of one who is told twice, the last counts."""
    what = _what(correction)
    yield of.person, f"您提交的{of.form}（受理号 {of.receipt_no}）{what}"
    if of.form != Transfer.sheet or correction.values["action"] == MEND:
        return
    moved, receiver = of.read["转交客户"], str(of.values["receiver"])
    yield receiver, f"{of.read['owner']}的客户 {moved} 不再归您：转交（受理号 {of.receipt_no}）{what}"
    for each in correction.read.get("restores", ()):
        yield str(each["owner"]), f"转交给{receiver}的客户 {moved} 已回到您名下：转交（受理号 {of.receipt_no}）{what}"


def _what(correction: Row) -> str:
    """What was changed, by whom and why, and what can be done about it."""
    values, read = correction.values, correction.read
    by = f"{correction.person}提交" + (f"，{correction.decided_by}同意" if correction.decided_by else "")
    said = f"{by}，受理号 {correction.receipt_no}；原因：{values['reason']}"
    if values["action"] == MEND:
        return (
            f"的“{values['column_name']}”已由 {read['原值']} 更正为 {values['value']}（{said}）。不对的，请再投递“更正”"
        )
    return f"已作废（{said}）。不该作废的，请重新投递一行"
