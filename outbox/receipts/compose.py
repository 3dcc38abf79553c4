"""Receipts put together: what the ledger says about rows, in the sheets that people know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from ledger import photos
from ledger.book import Book
from ledger.records import Finding, Outcome, Row, Severity
from outbox.queue import tell_anew
from outbox.receipts.model import Message, Note, PlacedPicture, Receipt, ReceiptRow, ReceiptSheet, Weight
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


def notes(findings: Iterable[Finding], remark: str = "") -> tuple[Note, ...]:
    """Findings, heaviest first as told by the rules' order, and a remark on the whole row."""
    made = [Note(finding.column, _WEIGHTS[finding.severity], finding_words(finding)) for finding in findings]
    return (*made, *((Note("", "note", remark),) if remark else ()))


def kept_receipt_row(book: Book, row: Row, headers: Sequence[str], remark: str, outcome: Outcome) -> ReceiptRow:
    """A row that is in the ledger, as a row of a receipt that may be mended and dropped back."""
    by_header = dict(row.cells)
    return ReceiptRow(
        outcome=outcome.value,
        receipt_no=row.receipt_no,
        cells=tuple(by_header.get(header, "") or None for header in headers),
        notes=notes(row.findings, remark),
        pictures=tuple(
            PlacedPicture(headers.index(header), photos.archived_as(book, sha))
            for header, shas in row.embedded.items()
            if header in headers
            for sha in shas
        ),
    )


def kept_sheets(book: Book, told: Sequence[tuple[Row, str, Outcome]]) -> tuple[ReceiptSheet, ...]:
    """Rows from the ledger, with a remark each, sorted into sheets by form."""
    by_form: dict[str, list[tuple[Row, str, Outcome]]] = {}
    for each in told:
        by_form.setdefault(each[0].form, []).append(each)
    sheets = []
    for form, rows in by_form.items():
        headers = tuple(dict.fromkeys(header for row, _remark, _outcome in rows for header, _text in row.cells))
        made = tuple(kept_receipt_row(book, row, headers, remark, outcome) for row, remark, outcome in rows)
        sheets.append(ReceiptSheet(name=form, headers=headers, rows=made))
    return tuple(sheets)


def receipt_name(source: str, now: datetime) -> str:
    """``回执_<name of the dropped workbook>_<YYYYMMDD-HHMMSS>.xlsx``."""
    stem = _RECEIPT.sub("", PurePosixPath(source).stem)  # a mended receipt is about what it was about before
    return f"回执_{stem[:60]}_{now:%Y%m%d-%H%M%S}.xlsx"


_RECEIPT = re.compile(r"^(回执_)+|(_\d{8}-\d{6}(-\d+)?)+$")


def queue_receipt(book: Book, folder: str, receipt: Receipt, cause: str, now: datetime) -> None:
    """Queue a receipt for its person's *folder* 回执; inside the transaction that it tells of."""
    name = receipt_name(receipt.source, receipt.made_at)
    tell_anew(book, receipt.person, folder, name, receipt, cause, now)


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
