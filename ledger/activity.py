"""What was done between two days, or since one: visits, orders, payments, transfers, new customers."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from ledger.book import Book
from ledger.page import by_person
from ledger.unpaid import BROUGHT


def visits_by(book: Book, people: Collection[str], since: datetime, limit: int) -> list[dict[str, Any]]:
    """The visits that *people* handed in since then and that were not turned down, newest first."""
    return book.ask(
        """SELECT v.*, r.photos, r.decided_by, (SELECT group_concat(message, '；') FROM s_findings
               WHERE receipt_no = r.receipt_no AND severity = 'flag') AS words FROM json_each(?) AS j
           CROSS JOIN s_rows AS r ON r.form = '拜访记录' AND r.person = j.value AND r.submitted_at >= ?
               AND r.status IN ('waiting', 'pending', 'accepted')
           JOIN visits AS v ON v.receipt_no = r.receipt_no
           ORDER BY COALESCE(NULLIF(v.visited_at, ''), v.submitted_at) DESC, v.receipt_no DESC LIMIT ?""",
        json.dumps(sorted(people)), since.isoformat(), limit,
    )  # fmt: skip


def orders_between(book: Book, first: date, last: date) -> list[dict[str, Any]]:
    """The ``orders`` view: what took effect with a date of signing between two days, newest first."""
    return book.ask(
        """SELECT o.* FROM s_rows AS r INDEXED BY s_rows_signed CROSS JOIN orders AS o USING (receipt_no)
           WHERE r.form = '成交订单' AND r.status = 'accepted' AND r.vals ->> 'signed_on' BETWEEN ? AND ?
           ORDER BY o.signed_on DESC, o.receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip


def payments_between(book: Book, first: date, last: date) -> list[dict[str, Any]]:
    """The ``payments`` view: what was confirmed with a date between two days, newest first."""
    return book.ask(
        """SELECT p.* FROM s_rows AS r INDEXED BY s_rows_came CROSS JOIN payments AS p USING (receipt_no)
           WHERE r.form = '客户回款' AND r.status = 'accepted' AND r.vals ->> 'paid_on' BETWEEN ? AND ?
           ORDER BY p.paid_on DESC, p.receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip


def visits_between(book: Book, people: Collection[str], first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Person → their approved visits between two days, newest first."""
    found = book.ask(
        """SELECT r.person, v.* FROM s_rows AS r INDEXED BY s_rows_seen CROSS JOIN visits AS v USING (receipt_no)
           WHERE r.form = '拜访记录' AND r.status = 'accepted' AND r.person IN (SELECT value FROM json_each(?))
           AND substr(COALESCE(NULLIF(r.read ->> 'visited_at', ''), r.submitted_at), 1, 10) BETWEEN ? AND ?
           ORDER BY v.visited_at DESC, v.receipt_no DESC""",
        json.dumps(list(people)), first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return by_person(found)


def transfers_since(book: Book, since: date) -> list[dict[str, Any]]:
    """The ``transfers`` view since a day, newest first, with the customer as it is called now."""
    return book.ask(
        """SELECT t.* FROM s_rows AS r INDEXED BY s_rows_transferred CROSS JOIN transfers AS t USING (receipt_no)
           WHERE r.form = '客户转交' AND r.submitted_at >= ? AND r.status <> 'rejected'
           ORDER BY t.submitted_at DESC, t.receipt_no DESC""",
        since.isoformat(),
    )


def new_customers_between(book: Book, first: date, last: date) -> dict[str, list[dict[str, Any]]]:
    """Person → the customers that they won by 客户新增 handed in between two days, newest first: receipt_no, customer, day."""
    found = book.ask(
        """SELECT COALESCE(vals ->> 'owner', person) AS person, receipt_no, vals ->> 'name' AS customer, substr(submitted_at, 1, 10) AS day
           FROM s_rows INDEXED BY s_rows_brought WHERE form = '客户新增' AND status = 'accepted'
           AND substr(submitted_at, 1, 10) BETWEEN ? AND ? ORDER BY submitted_at DESC, receipt_no DESC""",
        first.isoformat(), last.isoformat(),
    )  # fmt: skip
    return by_person(found)


def achieved(book: Book, start: date, end: date) -> list[dict[str, Any]]:
    """What each person reached between two days (both included): person, kind, n (fen or times); no opening orders."""
    span = (start.isoformat(), end.isoformat())
    return book.ask(
        f"""SELECT person, 'orders_fen' AS kind, SUM(vals ->> 'amount_fen') AS n FROM s_rows INDEXED BY s_rows_signed
             WHERE form = '成交订单' AND status = 'accepted' AND vals ->> 'signed_on' BETWEEN ? AND ?
             AND read ->> 'opening_paid_fen' IS NULL GROUP BY person
           UNION ALL SELECT COALESCE(read ->> 'for_person', person), 'payments_fen', SUM({BROUGHT})
             FROM s_rows AS r INDEXED BY s_rows_came
             WHERE form = '客户回款' AND status = 'accepted' AND vals ->> 'paid_on' BETWEEN ? AND ? GROUP BY 1
           UNION ALL SELECT person, 'visits', COUNT(*) FROM s_rows INDEXED BY s_rows_seen
             WHERE form = '拜访记录' AND status = 'accepted'
             AND substr(COALESCE(NULLIF(read ->> 'visited_at', ''), submitted_at), 1, 10) BETWEEN ? AND ? GROUP BY person
           UNION ALL SELECT COALESCE(vals ->> 'owner', person), 'new_customers', COUNT(*) FROM s_rows INDEXED BY s_rows_brought
             WHERE form = '客户新增' AND status = 'accepted' AND substr(submitted_at, 1, 10) BETWEEN ? AND ? GROUP BY 1
           ORDER BY 1, 2""",
        *span, *span, *span, *span,
    )  # fmt: skip
