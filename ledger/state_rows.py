"""Entry → state: rows, the sheets on which they wait for somebody, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping

from ledger import state_pictures
from ledger.journal import Posted, canonical
from ledger.state_write import Apply, Writes


def _row_received(writes: Writes, posted: Posted) -> None:
    given, receipt_no = posted.entry.payload, posted.entry.subject
    record = {
        "receipt_no": receipt_no,
        "person": posted.entry.actor,
        "owner": given["read"].get("owner"),
        **{name: given[name] for name in _ROW_PLAIN},
        **{name: canonical(given[name]) for name in _ROW_JSON},
    }
    writes.insert("s_rows", record, rows=(receipt_no, ("customer", given["read"].get("customer_key"))))
    _findings(writes, posted)
    _uses(writes, posted)


_ROW_PLAIN = (
    "form", "department", "submitted_at", "key", "fingerprint", "status", "file_id", "sheet", "row_no",
    "customer_id", "day",
)  # fmt: skip


_ROW_JSON = ("vals", "read", "cells", "photos", "embedded")


def _findings(writes: Writes, posted: Posted) -> None:
    receipt_no = posted.entry.subject
    for n, finding in enumerate(posted.entry.payload["findings"]):
        writes.insert("s_findings", {"receipt_no": receipt_no, "n": n, **finding}, rows=(receipt_no,))


def _uses(writes: Writes, posted: Posted) -> None:
    """A refused row does not use up its photos: the mended row must be able to name them again."""
    given, receipt_no = posted.entry.payload, posted.entry.subject
    state_pictures.named(writes, receipt_no, given["photos"])
    for sha256 in given["photos"] if given["status"] != "rejected" else ():
        use = {"sha256": sha256, "receipt_no": receipt_no, "person": posted.entry.actor, "used_at": posted.at}
        writes.replace("s_photo_uses", use, rows=(receipt_no,))


def _row_completed(writes: Writes, posted: Posted) -> None:
    """A row that waited for a photo was judged again, or waited too long."""
    given, receipt_no = posted.entry.payload, posted.entry.subject
    writes.run(
        "s_rows",
        "UPDATE s_rows SET key = ?, fingerprint = ?, status = ?, read = ?, photos = ?, vals = ? WHERE receipt_no = ?",
        given["key"], given["fingerprint"], given["status"], canonical(given["read"]), canonical(given["photos"]),
        canonical(given["vals"]), receipt_no,
        rows=(receipt_no, ("customer", given["read"].get("customer_key"))),
    )  # fmt: skip
    state_pictures.named_no_more(writes, receipt_no)
    for table in ("s_findings", "s_photo_uses"):
        writes.run(table, f"DELETE FROM {table} WHERE receipt_no = ?", receipt_no, rows=(receipt_no,))
    _findings(writes, posted)
    _uses(writes, posted)


def _row_superseded(writes: Writes, posted: Posted) -> None:
    _set_status(writes, posted.entry.subject, "superseded")
    _close_sheet_rows(writes, posted.entry.subject)


def _set_status(writes: Writes, receipt_no: str, status: str) -> None:
    rows = (receipt_no,)
    writes.run("s_rows", "UPDATE s_rows SET status = ? WHERE receipt_no = ?", status, receipt_no, rows=rows)
    if status in ("rejected", "superseded"):
        writes.run("s_photo_uses", "DELETE FROM s_photo_uses WHERE receipt_no = ?", receipt_no, rows=rows)


def _close_sheet_rows(writes: Writes, receipt_no: str) -> None:
    writes.run("s_sheet_rows", "UPDATE s_sheet_rows SET open = 0 WHERE receipt_no = ?", receipt_no, rows=(receipt_no,))


def _sheet_issued(writes: Writes, posted: Posted) -> None:
    given, number = posted.entry.payload, posted.entry.subject
    writes.insert(
        "s_sheets",
        {"number": number, "form": given["form"], "approver": given["approver"], "issued_at": posted.at},
    )
    for row in given["rows"]:
        record = {
            "number": number,
            "receipt_no": row["receipt_no"],
            "fingerprint": row["fingerprint"],
            "cells": canonical(row["cells"]),
            "open": 1,
        }
        writes.insert("s_sheet_rows", record, rows=(row["receipt_no"],))


def _sheet_withdrawn(writes: Writes, posted: Posted) -> None:
    writes.run(
        "s_sheet_rows",
        "UPDATE s_sheet_rows SET open = 0 WHERE number = ? AND receipt_no = ?",
        posted.entry.payload["number"],
        posted.entry.subject,
        rows=(posted.entry.subject,),
    )


def _decision_made(writes: Writes, posted: Posted) -> None:
    given, receipt_no = posted.entry.payload, posted.entry.subject
    by = posted.entry.actor + (f"（代{given['instead_of']}）" if given.get("instead_of") else "")
    writes.insert(
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
        rows=(receipt_no,),
    )
    writes.run(
        "s_rows",
        "UPDATE s_rows SET decided_at = ?, decided_by = ?, comment = ? WHERE receipt_no = ?",
        given["decided_at"],
        by,
        given["comment"],
        receipt_no,
        rows=(receipt_no,),
    )
    _set_status(writes, receipt_no, given["status"])
    _close_sheet_rows(writes, receipt_no)


ROW_ENTRIES: Mapping[str, Apply] = {
    "row.received": _row_received,
    "row.completed": _row_completed,
    "row.superseded": _row_superseded,
    "sheet.issued": _sheet_issued,
    "sheet.withdrawn": _sheet_withdrawn,
    "decision.made": _decision_made,
}
