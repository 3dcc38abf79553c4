"""Entry → state: one small function a kind of entry.  Nothing else writes a ``s_…`` table."""

from __future__ import annotations

from collections.abc import Mapping

from ledger import likeness, state_pictures
from ledger.database import Database
from ledger.journal import Posted, canonical
from ledger.state_customers import CUSTOMER_ENTRIES
from ledger.state_people import PEOPLE_ENTRIES
from ledger.state_write import Apply, insert, replace


def _bank_received(db: Database, posted: Posted) -> None:
    insert(db, "s_bank_lines", {"serial": posted.entry.subject, **posted.entry.payload, "used_by": None})


def _bank_used(db: Database, posted: Posted) -> None:
    db.execute(
        "UPDATE s_bank_lines SET used_by = ? WHERE serial = ? AND used_by IS NULL",
        (posted.entry.payload["receipt_no"], posted.entry.subject),
    )


def _reminder_given(db: Database, posted: Posted) -> None:
    replace(db, "s_reminders", posted.entry.payload)


def _file_taken(db: Database, posted: Posted) -> None:
    insert(db, "s_files", posted.entry.payload)


def _sheet_unfit(db: Database, posted: Posted) -> None:
    replace(db, "s_unfit_sheets", {"person": posted.entry.actor, **posted.entry.payload})


def _photo_kept(db: Database, posted: Posted) -> None:
    given = dict(posted.entry.payload)
    facts = given.pop("facts")
    insert(
        db,
        "s_photos",
        {
            **given,
            "pixel_hash": facts["pixel_hash"],
            "dhash": facts["dhash"],
            "model": facts["model"],
            "facts": canonical(facts),
            "told": 0,
            "sealed": given.get("sealed"),  # older entries know of no seals
            "seal_id": (facts.get("seal") or {}).get("id"),
        },
    )
    if facts["dhash"]:
        likeness.keep(db, given["id"], facts["dhash"])
    state_pictures.settle(db, given["sha256"])


def _photo_unnamed(db: Database, posted: Posted) -> None:
    db.execute("UPDATE s_photos SET told = 1 WHERE id = ?", (posted.entry.payload["id"],))
    state_pictures.settle(db, posted.entry.subject)


def _row_received(db: Database, posted: Posted) -> None:
    given = posted.entry.payload
    insert(
        db,
        "s_rows",
        {
            "receipt_no": posted.entry.subject,
            "person": posted.entry.actor,
            "owner": given["read"].get("owner"),
            **{name: given[name] for name in _ROW_PLAIN},
            **{name: canonical(given[name]) for name in _ROW_JSON},
        },
    )
    _findings(db, posted)
    _uses(db, posted)


_ROW_PLAIN = (
    "form", "department", "submitted_at", "key", "fingerprint", "status", "file_id", "sheet", "row_no",
    "customer_id", "day",
)  # fmt: skip
_ROW_JSON = ("vals", "read", "cells", "photos", "embedded")


def _findings(db: Database, posted: Posted) -> None:
    db.execute("DELETE FROM s_findings WHERE receipt_no = ?", (posted.entry.subject,))
    for n, finding in enumerate(posted.entry.payload["findings"]):
        insert(db, "s_findings", {"receipt_no": posted.entry.subject, "n": n, **finding})


def _uses(db: Database, posted: Posted) -> None:
    """A refused row does not use up its photos: the mended row must be able to name them again."""
    given, receipt_no = posted.entry.payload, posted.entry.subject
    state_pictures.names(db, receipt_no, given["photos"])
    db.execute("DELETE FROM s_photo_uses WHERE receipt_no = ?", (receipt_no,))
    if given["status"] == "rejected":
        return
    person = db.execute("SELECT person FROM s_rows WHERE receipt_no = ?", (receipt_no,)).fetchone()[0]
    for sha256 in given["photos"]:
        (pixels,) = db.execute("SELECT pixel_hash FROM s_photos WHERE sha256 = ?", (sha256,)).fetchone()
        replace(
            db,
            "s_photo_uses",
            {
                "sha256": sha256,
                "pixel_hash": pixels,
                "receipt_no": receipt_no,
                "person": person,
                "used_at": posted.at,
            },
        )


def _row_completed(db: Database, posted: Posted) -> None:
    """A row that waited for a photo was judged again, or waited too long."""
    given = posted.entry.payload
    db.execute(
        "UPDATE s_rows SET key = ?, fingerprint = ?, status = ?, read = ?, photos = ?, vals = ? WHERE receipt_no = ?",
        (
            given["key"], given["fingerprint"], given["status"], canonical(given["read"]), canonical(given["photos"]),
            canonical(given["vals"]), posted.entry.subject,
        ),
    )  # fmt: skip
    _findings(db, posted)
    _uses(db, posted)


def _row_superseded(db: Database, posted: Posted) -> None:
    _set_status(db, posted.entry.subject, "superseded")
    _close_sheet_rows(db, posted.entry.subject)


def _set_status(db: Database, receipt_no: str, status: str) -> None:
    db.execute("UPDATE s_rows SET status = ? WHERE receipt_no = ?", (status, receipt_no))
    if status in ("rejected", "superseded"):
        db.execute("DELETE FROM s_photo_uses WHERE receipt_no = ?", (receipt_no,))


def _close_sheet_rows(db: Database, receipt_no: str) -> None:
    db.execute("UPDATE s_sheet_rows SET open = 0 WHERE receipt_no = ?", (receipt_no,))


def _sheet_issued(db: Database, posted: Posted) -> None:
    given, number = posted.entry.payload, posted.entry.subject
    insert(
        db,
        "s_sheets",
        {"number": number, "form": given["form"], "approver": given["approver"], "issued_at": posted.at},
    )
    for row in given["rows"]:
        insert(
            db,
            "s_sheet_rows",
            {
                "number": number,
                "receipt_no": row["receipt_no"],
                "fingerprint": row["fingerprint"],
                "cells": canonical(row["cells"]),
                "open": 1,
            },
        )


def _sheet_withdrawn(db: Database, posted: Posted) -> None:
    db.execute(
        "UPDATE s_sheet_rows SET open = 0 WHERE number = ? AND receipt_no = ?",
        (posted.entry.payload["number"], posted.entry.subject),
    )


def _decision_made(db: Database, posted: Posted) -> None:
    given, receipt_no = posted.entry.payload, posted.entry.subject
    insert(
        db,
        "s_decisions",
        {
            "receipt_no": receipt_no,
            "number": given["number"],
            "approver": posted.entry.actor,
            "decision": given["decision"],
            "comment": given["comment"],
            "decided_at": given["decided_at"],
            "given": canonical(given.get("given", {})),
        },
    )
    db.execute(
        "UPDATE s_rows SET decided_at = ?, decided_by = ?, comment = ? WHERE receipt_no = ?",
        (given["decided_at"], posted.entry.actor, given["comment"], receipt_no),
    )
    _set_status(db, receipt_no, given["status"])
    _close_sheet_rows(db, receipt_no)


def _exemption_granted(db: Database, posted: Posted) -> None:
    given = posted.entry.payload
    insert(
        db,
        "s_exemptions",
        {
            "receipt_no": posted.entry.subject,
            "person": given["person"],
            "start": given["start"],
            "end": given["end"],
            "reason": given["reason"],
            "granted_by": posted.entry.actor,
            "granted_at": posted.at,
        },
    )


def _period_closed(db: Database, posted: Posted) -> None:
    given = posted.entry.payload
    insert(
        db,
        "s_closings",
        {
            "period": posted.entry.subject,
            "version": given["version"],
            "digest": given["digest"],
            "closed_at": posted.at,
            "content": canonical(given["content"]),
        },
    )


def _delivery_queued(db: Database, posted: Posted) -> None:
    insert(db, "s_deliveries", {**posted.entry.payload, "queued_at": posted.at})


def _of_the_journal_alone(_db: Database, _posted: Posted) -> None:
    """What is told of the book itself changes no state."""


APPLY: Mapping[str, Apply] = {
    **PEOPLE_ENTRIES,
    "file.taken": _file_taken,
    "sheet.unfit": _sheet_unfit,
    "photo.kept": _photo_kept,
    "photo.unnamed": _photo_unnamed,
    "row.received": _row_received,
    "row.completed": _row_completed,
    "row.superseded": _row_superseded,
    "sheet.issued": _sheet_issued,
    "sheet.withdrawn": _sheet_withdrawn,
    "decision.made": _decision_made,
    **CUSTOMER_ENTRIES,
    "bank.received": _bank_received,
    "bank.used": _bank_used,
    "reminder.given": _reminder_given,
    "exemption.granted": _exemption_granted,
    "period.closed": _period_closed,
    "delivery.queued": _delivery_queued,
    "chain.keyed": _of_the_journal_alone,
}


def apply(db: Database, posted: Posted) -> None:
    """Bring the state up to date with one entry.

    :raises KeyError: the journal holds a kind of entry that this version does not know.
    """
    APPLY[posted.entry.kind](db, posted)
