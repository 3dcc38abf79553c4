"""Decisions taken on an approval sheet, turned into entries or into a reason why not (客户拜访 5.3, 客户成交 5.2, 销售日报 7(2))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from ledger.journal import Entry
from ledger.records import Row, Status
from ledger.sheets import IssuedRow
from policy.words import fold

APPROVE, REJECT = "同意", "驳回"
_WORDS = {APPROVE: Status.ACCEPTED, REJECT: Status.REJECTED}
_SAID = {
    **dict.fromkeys(
        ("同意", "通过", "批准", "同意通过", "计", "计入", "核定", "√", "✓", "✔", "☑", "是", "ok", "yes", "y"), APPROVE
    ),
    **dict.fromkeys(
        (
            "驳回",
            "不计",
            "划去",
            "不同意",
            "不通过",
            "不批准",
            "退回",
            "拒绝",
            "×",
            "✗",
            "✘",
            "✕",
            "x",
            "否",
            "no",
            "n",
        ),
        REJECT,
    ),
}


def understood(decision: str) -> str:
    """同意 or 驳回, however it was said; what means neither is given back as it was written."""
    return _SAID.get(fold(decision).rstrip("。.!"), decision)


@dataclass(frozen=True)
class Returned:
    """A row of an approval sheet as it came back."""

    person: str  #: whose drop folder it came through
    receipt_no: str  #: as the visible cell says
    token: tuple[str, str] | None  #: (表单编号, 受理号) that the signature vouches for; None if it does not hold
    cells: Mapping[str, str]  #: header → text of the locked cells
    decision: str
    comment: str
    decided_at: datetime


@dataclass(frozen=True)
class Office:
    """In what place somebody decides on a row."""

    shared: bool = False  #: they may decide although the sheet was issued to somebody else
    instead_of: str = ""  #: the approver whose deputy they are


class Hindrance(StrEnum):
    """Why a decision is not taken: a closed list, so that each has a way out that is tried (tests/ways)."""

    FORGED = "forged"  #: no signature of ours vouches for the row
    NUMBER = "number"  #: the signature vouches for another 受理号
    ADDRESSEE = "addressee"  #: the sheet is somebody else's
    LOCKED = "locked"  #: a cell that decides nothing was changed
    WORDS = "words"  #: neither 同意 nor 驳回
    COMMENT = "comment"  #: 驳回 without a reason
    CELL = "cell"  #: a cell that decides cannot be used, as a formula without a result
    CHANGED = "changed"  #: the row was handed in anew since
    MOVED = "moved"  #: another approver was asked since
    OWN = "own"  #: nobody decides their own
    AWAY = "away"  #: whoever decides does not work here
    DECIDED = "decided"  #: it was decided otherwise before
    CUSTOMER_WAITS = "customer_waits"  #: its customer waits for approval itself
    CUSTOMER_GONE = "customer_gone"  #: its customer was turned down
    OVERTAKEN = "overtaken"  #: what it would move is not as it was
    BLANK = "blank"  #: the cashier left out one of the three
    DATE = "date"  #: 到账日期 is no date
    AMOUNT = "amount"  #: 到账金额 is no amount
    SPENT = "spent"  #: the bank's line has confirmed another payment


@dataclass(frozen=True)
class Refused:
    """Why a decision was not taken, and what to do."""

    why: Hindrance
    column: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Repeated:
    """The same decision was taken before: nothing happens again."""

    message: str


def decide(
    returned: Returned, issued: IssuedRow | None, row: Row | None, *, hindrance: Refused | None, office: Office
) -> Entry | Refused | Repeated:
    """What a returned row amounts to; pure.

    :param office: in whose place the person may decide
    :param hindrance: why the row's customer does not let it be approved, if it does not
    """
    refused = _forged(returned, issued, office) or _wrong_words(returned)
    if refused is not None:
        return refused
    assert issued is not None
    if row is None or row.status is Status.SUPERSEDED or (row.status is Status.PENDING and not _current(issued, row)):
        return Refused(Hindrance.CHANGED, "受理号", "这一行在发出审批单之后已被提交人修改", "请在新的审批单中审批")
    if row.status is not Status.PENDING:
        return _decided_before(returned, row)
    if not issued.open:
        return Refused(Hindrance.MOVED, "受理号", "这一行已改由其他审批人审批", "无需处理；如有疑问请联系管理员")
    if row.person == returned.person:
        return Refused(Hindrance.OWN, "审批结论", "不能审批自己提交的内容", "由审批链中的下一位审批")
    if hindrance and returned.decision == APPROVE:
        return hindrance
    payload = {
        "number": issued.number,
        "decision": returned.decision,
        "comment": returned.comment,
        "decided_at": returned.decided_at.isoformat(),
        "status": _WORDS[returned.decision].value,
    }
    if office.instead_of:
        payload["instead_of"] = office.instead_of
    return Entry("decision.made", row.receipt_no, returned.person, payload)


def customer_missing(waiting: Row | None) -> Refused:
    """A row about a customer that is not in the book: still *waiting* for approval, or turned down."""
    if waiting:
        words = f"所属客户（受理号 {waiting.receipt_no}）还没有审批通过"
        return Refused(Hindrance.CUSTOMER_WAITS, "审批结论", words, "请先审批客户新增，再审批本行")
    return Refused(
        Hindrance.CUSTOMER_GONE,
        "审批结论",
        "所属客户没有通过审批，不在客户档案中",
        "请驳回本行；或等客户重新投递并通过后再审批",
    )


def _current(issued: IssuedRow, row: Row) -> bool:
    return issued.fingerprint == row.fingerprint


def _forged(returned: Returned, issued: IssuedRow | None, office: Office) -> Refused | None:
    if returned.token is None or issued is None:
        return Refused(
            Hindrance.FORGED,
            "校验码",
            "校验码不对，这一行不是本系统发出的审批内容",
            "请使用“取件/审批”文件夹中的原审批单",
        )
    if returned.token[1] != returned.receipt_no:
        return Refused(
            Hindrance.NUMBER, "受理号", f"受理号被改动，原为 {returned.token[1]}", "请使用原审批单，只填写黄色单元格"
        )
    if issued.approver != returned.person and not office.shared:
        return Refused(Hindrance.ADDRESSEE, "受理号", f"这份审批单是发给{issued.approver}的", "请由本人审批")
    changed = next(
        (header for header, value in issued.cells.items() if not _same(value, returned.cells.get(header))), None
    )
    if changed is not None:
        return Refused(
            Hindrance.LOCKED,
            changed,
            f"锁定的“{changed}”被改动，原为“{issued.cells[changed]}”",
            "请恢复原内容，只填写黄色单元格",
        )
    return None


def _same(issued: Any, now: str | None) -> bool:
    """Programs may re-wrap lines and trim ends; nothing else may differ."""
    return "".join(str(issued if issued is not None else "").split()) == "".join((now or "").split())


def _wrong_words(returned: Returned) -> Refused | None:
    if returned.decision not in _WORDS:
        return Refused(Hindrance.WORDS, "审批结论", f"“{returned.decision}”不是有效的结论", "请填写 同意 或 驳回")
    if returned.decision == REJECT and not returned.comment:
        return Refused(Hindrance.COMMENT, "审批意见", "驳回必须填写审批意见", "请写明驳回的原因，方便提交人修改")
    return None


def _decided_before(returned: Returned, row: Row) -> Refused | Repeated:
    words = "同意" if row.status is Status.ACCEPTED else "驳回"
    if words == returned.decision and row.decided_by == returned.person:
        return Repeated(f"已于 {row.decided_at:%m-%d %H:%M} {words}，不再重复处理")
    way = "同意有误的，请投递“更正”（客户用“信息变更”或“客户转交”）；驳回有误的，请提交人原样再投递一次"
    return Refused(
        Hindrance.DECIDED, "审批结论", f"{row.decided_by}已于 {row.decided_at:%m-%d %H:%M} {words}，不能再改", way
    )
