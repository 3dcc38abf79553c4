"""What an approval sheet says: plain values, put together by whoever issues one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outbox.xlsx.cell import CellValue

RECEIPT_NO, SUBMITTER, SUBMITTED_AT = "受理号", "提交人", "提交时间"
FLAGS, PICTURES = "系统提示", "照片"
DECISION, COMMENT = "审批结论", "审批意见"
NUMBER, TOKEN = "表单编号", "校验码"
APPROVE, REJECT = "同意", "驳回"
REST = "其余同意"  #: one cell above the table: 同意 beside it decides what has no flag and no decision of its own
FLAG_MARK = "⚠"  #: begins a line of 系统提示 that is to be looked at


@dataclass(frozen=True)
class ShownPicture:
    """A picture as it stands in the row, and where it lies in readable size, seen from the sheet."""

    kept_as: str  #: where the copy lies below the book's folder while it is drawn
    link: str


@dataclass(frozen=True)
class PictureCopy:
    """A picture in readable size, a file of its own."""

    kept_as: str  #: where the copy lies below the book's folder while it is delivered


@dataclass(frozen=True)
class ApprovalRow:
    """A row that waits for a decision."""

    receipt_no: str
    submitter: str
    submitted_at: datetime
    cells: tuple[CellValue, ...]  #: one for each of the sheet's headers
    flags: str  #: what the approver should look at, in words
    pictures: tuple[ShownPicture, ...]  #: in reading order
    token: str
    prefilled: tuple[CellValue, ...] = ()  #: one for each extra header

    @property
    def flagged(self) -> bool:
        """Whether it wants a decision of its own."""
        return has_flag(self.flags)


@dataclass(frozen=True)
class ApprovalSheet:
    """The rows of one form that wait for one approver."""

    number: str  #: 表单编号
    form: str
    approver: str
    issued_at: datetime
    headers: tuple[str, ...]
    rows: tuple[ApprovalRow, ...]
    token: str
    extra_headers: tuple[str, ...] = ()  #: further columns for the approver to fill, such as 到账金额
    judged: tuple[str, ...] = ()  #: those of the headers that are read beside the decision
    company: str = ""  #: its name, for the heading


def has_flag(flags: str) -> bool:
    """Whether words of 系统提示 hold something to be looked at, rather than notes alone."""
    return any(line.startswith(FLAG_MARK) for line in flags.splitlines())
