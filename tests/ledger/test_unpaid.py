"""Orders that are owed something are listed as they come and are paid: the list is what adding everything up would give."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import schema
from ledger.database import Database

ORDERS, PAYMENTS = tuple("ab"), tuple("xy")
STATUSES = ("accepted", "accepted", "accepted", "pending", "superseded")

#: How an order is owed, written without indexes and without looking at what a row was before.
OWED = """
WITH named AS (SELECT r.receipt_no AS payment, o.receipt_no AS order_no,
        CASE r.vals ->> 'kind' WHEN '退款' THEN -1 ELSE 1 END * (r.vals ->> 'amount_fen') AS fen
    FROM s_rows AS r JOIN s_rows AS n ON n.receipt_no = r.vals ->> 'order_no' AND n.form = '成交订单'
    JOIN s_rows AS o ON o.form = n.form AND (o.receipt_no = n.receipt_no OR (o.key = n.key AND o.key <> ''))
    WHERE r.form = '客户回款' AND r.status = 'accepted')
SELECT o.receipt_no FROM s_rows AS o WHERE o.form = '成交订单' AND o.status = 'accepted'
    AND COALESCE(o.read ->> 'opening_paid_fen', 0) + COALESCE((SELECT SUM(fen) FROM named WHERE order_no = o.receipt_no), 0)
        < o.vals ->> 'amount_fen'"""

rows = st.one_of(
    st.tuples(
        st.just("成交订单"), st.sampled_from(ORDERS), st.sampled_from(("", "K", "K", "L")), st.sampled_from(STATUSES),
        st.integers(1, 3), st.sampled_from((None, 1, 2)),
    ),
    st.tuples(
        st.just("客户回款"), st.sampled_from(PAYMENTS), st.sampled_from(ORDERS), st.sampled_from(STATUSES),
        st.integers(1, 3), st.sampled_from((None, "退款")),
    ),
)  # fmt: skip


def written(form: str, about: str, fen: int, other: int | str | None) -> tuple[str, str, str]:
    """Key, values and what was read of such a row."""
    if form == "成交订单":
        return about, json.dumps({"amount_fen": fen}), json.dumps({"opening_paid_fen": other} if other else {})
    return "", json.dumps({"amount_fen": fen, "order_no": about, "kind": other}), "{}"


@settings(max_examples=250, deadline=None)
@given(st.lists(rows, min_size=6, max_size=14))
def test_the_list_of_orders_that_are_owed_something_is_what_adding_up_gives(steps: list[tuple[str, str, str, str, int, int | str | None]]) -> None:  # fmt: skip
    db = _EMPTY
    with db.atomic():
        for form, receipt_no, about, status, fen, other in steps:
            key, vals, read = written(form, about, fen, other)
            if not db.execute("SELECT 1 FROM s_rows WHERE receipt_no = ?", (receipt_no,)).fetchone():
                db.execute(
                    "INSERT INTO s_rows (form, receipt_no, key, status, vals, read) VALUES (?, ?, ?, ?, ?, ?)",
                    (form, receipt_no, key, status, vals, read),
                )
            for name, value in {"key": key, "vals": vals, "read": read, "status": status}.items():
                db.execute(
                    f"UPDATE s_rows SET {name} = ? WHERE receipt_no = ? AND {name} IS NOT ?", (value, receipt_no, value)
                )
            assert set(db.execute("SELECT receipt_no FROM s_unpaid")) == set(db.execute(OWED))
        for table in ("s_rows", "s_unpaid"):
            db.execute(f"DELETE FROM {table}")


def _prepared() -> Database:
    db = Database.in_memory()
    schema.prepare(db)
    return db


_EMPTY = _prepared()
