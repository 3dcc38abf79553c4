"""How receipts are called: when, what came of it, what it is about; so that a folder can be read without opening a file."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath

from disk.name import safe_name
from outbox.receipts.model import Receipt, Weight

RETURNED, WAITING, LOOK, TAKEN, REFUSED, NOTICE = "退回", "待补照片", "请留意", "收下", "拒收", "通知"
DECISIONS = "审批结果"

_LONGEST, _WIDEST = 65, 165  # of the dropped name: outcome and time stand before it, and 255 bytes are the limit
_OURS = re.compile(
    rf"^(?:\d{{4}}-\d{{6}}_(?:(?:{RETURNED}|{WAITING}|{LOOK})\d+|{TAKEN}|{REFUSED}|{NOTICE})_|\d{{4}}_(?={DECISIONS})|回执_)+"
)
_FORMERLY = re.compile(r"(_\d{8}-\d{6}(-\d+)?)+$")  # the end of a receipt's name in earlier versions


def receipt_name(receipt: Receipt) -> str:
    """``MMDD-HHMMSS_<outcome>_<name of the dropped workbook>.xlsx``; 通知 and its title where nothing was dropped."""
    outcome = outcome_of(receipt) if receipt.source else NOTICE
    return f"{receipt.made_at:%m%d-%H%M%S}_{outcome}_{_about(receipt.source or receipt.title)}"


def decisions_name(day: date) -> str:
    """``MMDD_审批结果.xlsx``: what was decided on somebody's rows that day."""
    return f"{day:%m%d}_{DECISIONS}.xlsx"


def _about(source: str) -> str:
    """The dropped name; a mended receipt is about what it was about before."""
    stem = PurePosixPath(source).stem
    return safe_name((_FORMERLY.sub("", _OURS.sub("", stem)) or stem) + ".xlsx", _LONGEST, _WIDEST)


def outcome_of(receipt: Receipt) -> str:
    """The worst that occurs, with the number of rows that it befell; of what has no rows, of sentences."""
    rows = [row for sheet in receipt.sheets for row in sheet.rows]
    whole = sum(bool(sheet.message) and not sheet.rows for sheet in receipt.sheets)
    returned = whole + sum(row.outcome == RETURNED for row in rows)
    if not rows and not whole and _said(receipt, "refuse"):
        return REFUSED
    waiting = sum(row.outcome == WAITING for row in rows)
    flagged = _said(receipt, "flag") + sum(any(note.weight == "flag" for note in row.notes) for row in rows)
    counted = ((RETURNED, returned), (WAITING, waiting), (LOOK, flagged))
    return next((f"{word}{n}" for word, n in counted if n), TAKEN)


def _said(receipt: Receipt, weight: Weight) -> int:
    return sum(message.weight == weight for message in receipt.messages)
