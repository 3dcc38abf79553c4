"""What a receipt says: plain values, put together by whoever asks for one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from outbox.xlsx.cell import CellValue

Weight = Literal["refuse", "flag", "note"]
WEIGHTS: tuple[Weight, ...] = ("refuse", "flag", "note")  #: gravest first
OUTCOMES = ("已受理", "待审批", "待补照片", "退回", "重复")


@dataclass(frozen=True)
class Note:
    """One finding about a row: a full sentence with its clause and what to do."""

    column: str  #: header; '' when it concerns the whole row
    weight: Weight
    text: str


@dataclass(frozen=True)
class PlacedPicture:
    """A picture that was placed in a cell of the row."""

    column_index: int  #: from 0, among the dropped headers
    kept_as: str  #: POSIX path below the book's folder, which names its content


@dataclass(frozen=True)
class ReceiptRow:
    """A row as dropped, and what became of it."""

    outcome: str
    receipt_no: str
    cells: tuple[CellValue, ...]
    notes: tuple[Note, ...] = ()
    pictures: tuple[PlacedPicture, ...] = ()


@dataclass(frozen=True)
class ReceiptSheet:
    """A sheet as dropped."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[ReceiptRow, ...]
    message: str = ""  #: why the whole sheet was returned
    hidden_headers: frozenset[str] = frozenset()  #: columns for programs, such as 校验码


@dataclass(frozen=True)
class Message:
    """A sentence about the file as a whole."""

    weight: Weight
    text: str


@dataclass(frozen=True)
class Receipt:
    """The answer to one dropped file, or what somebody is told without having dropped one."""

    title: str
    source: str  #: name of the dropped file; '' of a notice, which answers no drop
    person: str
    arrived_at: datetime
    made_at: datetime
    sheets: tuple[ReceiptSheet, ...] = ()
    messages: tuple[Message, ...] = ()
    company: str = ""  #: its name, for the heading


@lru_cache(maxsize=4_096)
def column_of(headers: tuple[str, ...], wanted: str) -> int | None:
    """Where the column called *wanted* stands among dropped *headers*, however they were typed."""
    folded = [_fold(header) for header in headers]
    return folded.index(_fold(wanted)) if wanted and _fold(wanted) in folded else None


def _fold(header: str) -> str:
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", header)).casefold()
