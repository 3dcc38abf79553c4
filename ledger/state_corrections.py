"""Entry → state for 更正: a row that took effect is put right, or made void (目的 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ledger.journal import Posted, canonical
from ledger.state_write import Apply, Writes


def _keep(writes: Writes, posted: Posted) -> None:
    given = posted.entry.payload
    writes.replace("s_corrections", {
        "receipt_no": given["receipt_no"],
        "of_receipt_no": posted.entry.subject,
        "form": given["form"],
        "action": given["action"],
        "column": given.get("column"),
        "from": _text(given.get("from")),
        "to": _text(given.get("to")),
        "reason": given["reason"],
        "actor": posted.entry.actor,
        "at": posted.at,
    })  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else value if isinstance(value, str) else canonical(value)


def _corrected(writes: Writes, posted: Posted) -> None:
    """One value of the row; what is derived from it elsewhere follows."""
    given, receipt_no = posted.entry.payload, posted.entry.subject
    writes.run(
        "s_rows",
        "UPDATE s_rows SET vals = json_set(vals, '$.' || ?, json(?)) WHERE receipt_no = ?",
        given["field"],
        json.dumps(given["to"]),
        receipt_no,
    )
    derived = _DERIVED.get((given["form"], given["field"]))
    if derived:
        table, name = derived
        writes.run(table, f'UPDATE {table} SET "{name}" = ? WHERE receipt_no = ?', given["to"], receipt_no)
    _keep(writes, posted)


#: (form, field) → the table and column that say the same.
_DERIVED: Mapping[tuple[str, str], tuple[str, str]] = {
    **{("日报豁免", name): ("s_exemptions", name) for name in ("start", "end", "reason")},
    **{("银行流水", name): ("s_bank_lines", name) for name in ("arrived_on", "payer", "amount_fen", "memo")},
}


def _made_void(writes: Writes, posted: Posted) -> None:
    """The row counts no more: its pictures are free, what it used is unused, what followed from it is undone."""
    receipt_no = posted.entry.subject
    for table, sql, *reads in _UNDO:
        writes.run(table, sql, receipt_no, reads=tuple(reads))
    _keep(writes, posted)


_FOLLOWED = """SELECT MAX(CASE WHEN r.form = '拜访记录' AND r.read ->> '拜访时间' <> '' THEN substr(r.read ->> '拜访时间', 1, 10)
                               WHEN r.form = '期初客户' THEN r.vals ->> 'followed_on'
                               ELSE substr(r.decided_at, 1, 10) END)
               FROM s_rows AS r WHERE r.customer_id = s_customers.id AND r.status = 'accepted'
                AND (r.form IN ('拜访记录', '成交订单', '期初客户') OR (r.form = '客户回款' AND r.vals ->> 'kind' <> '退款'))"""
#: What is written, and into which other table it looks: it must not come before what was written there.
_UNDO = (
    ("s_rows", "UPDATE s_rows SET status = 'superseded' WHERE receipt_no = ?"),
    ("s_photo_uses", "DELETE FROM s_photo_uses WHERE receipt_no = ?"),
    ("s_exemptions", "DELETE FROM s_exemptions WHERE receipt_no = ?"),
    ("s_deputies", "DELETE FROM s_deputies WHERE receipt_no = ?"),
    ("s_bank_lines", "DELETE FROM s_bank_lines WHERE receipt_no = ?"),
    ("s_bank_lines", "UPDATE s_bank_lines SET used_by = NULL WHERE used_by = ?"),
    ("s_customers", f"""UPDATE s_customers SET last_followed_on = ({_FOLLOWED})
                        WHERE id = (SELECT customer_id FROM s_rows WHERE receipt_no = ?)""", "s_rows"),
)  # fmt: skip

CORRECTION_ENTRIES: Mapping[str, Apply] = {"row.corrected": _corrected, "row.voided": _made_void}
