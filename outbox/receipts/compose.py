"""Receipts put together: what the ledger says about rows, in the sheets that people know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from ledger import photos
from ledger.book import Book
from ledger.kept_words import ToldWords
from ledger.records import Finding, Outcome, Row, Severity
from outbox.queue import tell, tell_anew, words_for
from outbox.receipts.model import Message, Note, PlacedPicture, Receipt, ReceiptRow, ReceiptSheet, Weight
from outbox.receipts.name import decisions_name, receipt_name
from policy.clauses import cite

_WEIGHTS: Mapping[Severity, Weight] = {
    Severity.REFUSE: "refuse",
    Severity.FLAG: "flag",
    Severity.NOTE: "note",
    Severity.OFF: "note",
}


def finding_words(finding: Finding) -> str:
    """A finding as staff read it: what is wrong, which clause, what next."""
    clause = f"〔{cite(finding.clause)}〕" if finding.clause else ""
    return f"{finding.message}。{clause}{finding.remedy}。".replace("。。", "。")


def notes(findings: Iterable[Finding]) -> tuple[Note, ...]:
    """Findings, in the order of the rules."""
    return tuple(Note(finding.column, _WEIGHTS[finding.severity], finding_words(finding)) for finding in findings)


Kept = tuple[Row, tuple[Note, ...], Outcome]  #: a row that is in the ledger, and what is said of it


def kept_receipt_row(book: Book, told: Kept, headers: Sequence[str]) -> ReceiptRow:
    """A row that is in the ledger, as a row of a receipt that may be mended and dropped back."""
    row, said, outcome = told
    by_header = dict(row.cells)
    return ReceiptRow(
        outcome=outcome.value,
        receipt_no=row.receipt_no,
        cells=tuple(by_header.get(header, "") or None for header in headers),
        notes=said,
        pictures=tuple(
            PlacedPicture(headers.index(header), photos.archived_as(book, sha))
            for header, shas in row.embedded.items()
            if header in headers
            for sha in shas
        ),
    )


def kept_sheets(book: Book, told: Sequence[Kept]) -> tuple[ReceiptSheet, ...]:
    """Rows from the ledger, with what is said of each, sorted into sheets by form."""
    by_form: dict[str, list[Kept]] = {}
    for each in told:
        by_form.setdefault(each[0].form, []).append(each)
    sheets = []
    for form, rows in by_form.items():
        headers = tuple(dict.fromkeys(header for row, _said, _outcome in rows for header, _text in row.cells))
        made = tuple(kept_receipt_row(book, each, headers) for each in rows)
        sheets.append(ReceiptSheet(name=form, headers=headers, rows=made))
    return tuple(sheets)


def queue_receipt(book: Book, folder: str, receipt: Receipt, cause: str, now: datetime) -> None:
    """Queue a receipt, or a notice, for its month in the *folder* 回执; inside the transaction that it tells of."""
    queue_words(book, folder, receipt, words_for(receipt), cause, now)


def queue_words(book: Book, folder: str, receipt: Receipt, words: ToldWords, cause: str, now: datetime) -> None:
    """The same with the *words* that were made of it already."""
    tell_anew(book, receipt.person, month_of(folder, receipt.made_at), receipt_name(receipt), words, cause, now)


def queue_decisions(book: Book, folder: str, receipt: Receipt, day: date, now: datetime) -> None:
    """Queue what was decided on somebody's rows on *day*, in the place of what was told of that day before."""
    tell(book, receipt.person, month_of(folder, day), decisions_name(day), receipt, "decision", now)


def month_of(folder: str, day: date) -> str:
    """Where what came on *day* lies below *folder*."""
    return f"{folder}/{day:%Y-%m}"


def notice(
    person: str, title: str, now: datetime, messages: Iterable[Message], sheets: tuple[ReceiptSheet, ...] = ()
) -> Receipt:
    """What somebody is told although they dropped nothing just now."""
    return summary_receipt(person, "", now, now, messages, sheets, title)


def summary_receipt(
    person: str, source: str, arrived_at: datetime, now: datetime, messages: Iterable[Message],
    sheets: tuple[ReceiptSheet, ...] = (), title: str = "回执",
) -> Receipt:  # fmt: skip
    """A receipt with messages, and sheets if there are any."""
    return Receipt(
        title=title,
        source=source,
        person=person,
        arrived_at=arrived_at,
        made_at=now,
        sheets=sheets,
        messages=tuple(messages),
    )


def counts(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """结果 → rows."""
    tally: dict[str, int] = {}
    for outcome in outcomes:
        tally[outcome.value] = tally.get(outcome.value, 0) + 1
    return tally
