"""Questions about orders, payments and bank lines (客户成交 5, 客户回款 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.book import Book

ORDER, PAYMENT = "成交订单", "客户回款"
_LIVE = "('waiting', 'pending', 'accepted')"


@dataclass(frozen=True)
class BankLine:
    """A line of the bank statement."""

    serial: str
    arrived_on: date
    payer: str
    amount_fen: int
    used_by: str | None  #: 受理号 of the payment that it confirms


def contract_elsewhere(book: Book, contract_key: str, besides: str) -> dict[str, Any] | None:
    """Another live order than *besides* with this folded 合同编号: its ``receipt_no`` and ``person``."""
    records = book.ask(
        f"""SELECT receipt_no, person FROM s_rows WHERE form = ? AND status IN {_LIVE} AND receipt_no <> ?
            AND read ->> 'contract_key' = ? ORDER BY receipt_no LIMIT 1""",
        ORDER, besides, contract_key,
    )  # fmt: skip
    return records[0] if records else None


def same_deal(book: Book, customer_key: str, signed_on: date, amount_fen: int, besides: str) -> dict[str, Any] | None:
    """Another live order than *besides* of this customer, day and amount: its ``receipt_no`` and ``person``."""
    records = book.ask(
        f"""SELECT receipt_no, person FROM s_rows WHERE form = ? AND status IN {_LIVE} AND receipt_no <> ?
            AND read ->> 'customer_key' = ? AND vals ->> 'signed_on' = ? AND vals ->> 'amount_fen' = ?
            ORDER BY receipt_no LIMIT 1""",
        ORDER, besides, customer_key, signed_on.isoformat(), amount_fen,
    )  # fmt: skip
    return records[0] if records else None


def order(book: Book, receipt_no: str, besides: str) -> dict[str, Any] | None:
    """An order by its 受理号, with ``paid_fen``: confirmed and waiting payments other than the row *besides*."""
    records = book.ask(
        """SELECT receipt_no, read ->> 'customer_key' AS customer_key, status, vals ->> 'amount_fen' AS amount_fen
           FROM s_rows WHERE form = ? AND receipt_no = ?""",
        ORDER, receipt_no,
    )  # fmt: skip
    if not records:
        return None
    return {**records[0], "paid_fen": paid_fen(book, receipt_no, besides=besides, waiting=True)}


def paid_fen(book: Book, order_no: str, *, besides: str = "", waiting: bool = False) -> int:
    """What has been paid for an order: confirmed payments, and on demand those that wait for the cashier."""
    states = _LIVE if waiting else "('accepted')"
    found = book.one(
        f"""SELECT COALESCE(SUM(vals ->> 'amount_fen'), 0) FROM s_rows
            WHERE form = ? AND vals ->> 'order_no' = ? AND status IN {states} AND receipt_no <> ?""",
        PAYMENT, order_no, besides,
    )  # fmt: skip
    return int(found)


def open_orders(book: Book, customer_id: int) -> list[str]:
    """受理号 of this customer's approved orders that are not yet fully paid."""
    records = book.ask(
        "SELECT receipt_no, vals ->> 'amount_fen' AS amount_fen FROM s_rows WHERE form = ? AND customer_id = ? AND status = 'accepted'",
        ORDER, customer_id,
    )  # fmt: skip
    return [each["receipt_no"] for each in records if paid_fen(book, each["receipt_no"]) < int(each["amount_fen"])]


def unused_lines(book: Book) -> list[BankLine]:
    """Bank lines that confirm no payment yet, oldest first."""
    return [line for line in bank_lines(book) if line.used_by is None]


def bank_lines(book: Book) -> list[BankLine]:
    """Every bank line, oldest first."""
    return [_line(record) for record in book.ask("SELECT * FROM s_bank_lines ORDER BY arrived_on, serial")]


def _line(record: dict[str, Any]) -> BankLine:
    return BankLine(
        serial=record["serial"],
        arrived_on=date.fromisoformat(record["arrived_on"]),
        payer=record["payer"],
        amount_fen=int(record["amount_fen"]),
        used_by=record["used_by"],
    )


def achieved(book: Book, start: date, end: date) -> list[dict[str, Any]]:
    """What each person reached between two days (both included): person, kind, n (fen or times)."""
    span = (start.isoformat(), end.isoformat())
    return book.ask(
        """SELECT person, 'orders_fen' AS kind, SUM(vals ->> 'amount_fen') AS n FROM s_rows
             WHERE form = '成交订单' AND status = 'accepted' AND vals ->> 'signed_on' BETWEEN ? AND ? GROUP BY person
           UNION ALL SELECT person, 'payments_fen', SUM(vals ->> 'amount_fen') FROM s_rows
             WHERE form = '客户回款' AND status = 'accepted' AND vals ->> 'paid_on' BETWEEN ? AND ? GROUP BY person
           UNION ALL SELECT person, 'visits', COUNT(*) FROM s_rows
             WHERE form = '拜访记录' AND status = 'accepted'
             AND substr(COALESCE(NULLIF(read ->> 'visited_at', ''), submitted_at), 1, 10) BETWEEN ? AND ? GROUP BY person
           UNION ALL SELECT COALESCE(vals ->> 'owner', person), 'new_customers', COUNT(*) FROM s_rows
             WHERE form = '客户新增' AND status = 'accepted' AND substr(submitted_at, 1, 10) BETWEEN ? AND ? GROUP BY 1
           ORDER BY 1, 2""",
        *span, *span, *span, *span,
    )  # fmt: skip


def targets_of(book: Book, year: int, months: list[int]) -> list[dict[str, Any]]:
    """The approved targets of some months: person, month and the four numbers."""
    marks = ", ".join("?" for _ in months)
    return book.ask(
        f"""SELECT vals ->> 'name' AS person, vals ->> 'month' AS month, vals ->> 'orders_fen' AS orders_fen,
                   COALESCE(vals ->> 'payments_fen', 0) AS payments_fen, COALESCE(vals ->> 'visits', 0) AS visits,
                   COALESCE(vals ->> 'new_customers', 0) AS new_customers
            FROM s_rows WHERE form = '销售指标' AND status = 'accepted' AND vals ->> 'year' = ?
            AND vals ->> 'month' IN ({marks}) ORDER BY 1, 2""",
        year, *months,
    )  # fmt: skip
