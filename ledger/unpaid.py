"""Orders that took effect and are not fully paid: a table kept by triggers, so that nobody adds up the payments of years.

An order is owed what no confirmed payment brought: payments that name an order in whose place another one came are that
one's payments, what was paid back counts against, and what came before the book counts too (客户回款 6).
"""

from __future__ import annotations

from ledger.database import Database

ORDER, PAYMENT = "成交订单", "客户回款"
#: what a payment brings, in fen: what was paid back counts against
BROUGHT = "CASE r.vals ->> 'kind' WHEN '退款' THEN -1 ELSE 1 END * (r.vals ->> 'amount_fen')"

_TABLE = "CREATE TABLE s_unpaid (receipt_no TEXT PRIMARY KEY) WITHOUT ROWID"

#: Fen that came for the order ``o``.  The bare + lets an index be used that finds few rows, and not one that finds many.
_CAME = f"""COALESCE(o.read ->> 'opening_paid_fen', 0) + COALESCE((SELECT SUM({BROUGHT}) FROM (
        SELECT o.receipt_no AS order_no UNION SELECT n.receipt_no FROM s_rows AS n
        WHERE n.form = '{ORDER}' AND n.key = o.key AND o.key <> '') AS f
    CROSS JOIN s_rows AS r ON r.form = '{PAYMENT}' AND r.vals ->> 'order_no' = +f.order_no AND +r.status = 'accepted'), 0)"""
_UNPAID = f"""SELECT o.receipt_no FROM s_rows AS o
    WHERE +o.form = '{ORDER}' AND +o.status = 'accepted' AND {_CAME} < o.vals ->> 'amount_fen'"""

#: The orders whose payments a row may have moved: the order itself or the one that a payment names, and all in its place.
_NAMED = f"SELECT CASE {{0}}.form WHEN '{ORDER}' THEN {{0}}.receipt_no ELSE {{0}}.vals ->> 'order_no' END"
_MOVED = f"""WITH named (receipt_no) AS ({{named}})
    SELECT receipt_no FROM named
    UNION SELECT o.receipt_no FROM named JOIN s_rows AS n ON n.receipt_no = named.receipt_no AND n.form = '{ORDER}'
    JOIN s_rows AS o ON o.form = n.form AND o.key = n.key AND o.key <> ''{{formerly}}"""
_FORMERLY = f"""
    UNION SELECT o.receipt_no FROM s_rows AS o WHERE o.form = '{ORDER}' AND OLD.form = o.form AND o.key = OLD.key AND o.key <> ''"""


def _trigger(name: str, when: str, moved: str) -> str:
    return f"""CREATE TRIGGER {name} AFTER {when} ON s_rows WHEN NEW.form IN ('{ORDER}', '{PAYMENT}') BEGIN
    DELETE FROM s_unpaid WHERE receipt_no IN ({moved});
    INSERT OR IGNORE INTO s_unpaid {_UNPAID} AND o.receipt_no IN ({moved});
    END"""


_RECEIVED = _MOVED.format(named=_NAMED.format("NEW"), formerly="")
_CHANGED = _MOVED.format(named=f"{_NAMED.format('NEW')} UNION {_NAMED.format('OLD')}", formerly=_FORMERLY)


def make_table(db: Database) -> None:
    """The table, what it holds of the rows that are there, and what keeps it."""
    db.execute(_TABLE)
    db.execute(f"INSERT INTO s_unpaid {_UNPAID}")
    db.execute(_trigger("received_rows_are_owed", "INSERT", _RECEIVED))
    db.execute(_trigger("changed_rows_are_owed", "UPDATE OF key, status, vals, read", _CHANGED))
