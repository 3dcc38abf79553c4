"""Verdicts turned into entries: what becomes of a row, given what stands in the book already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ledger.journal import Entry
from ledger.records import Finding, Outcome, Row, Severity, Status
from validators.verdict import Verdict

_STATUS = {
    Outcome.ACCEPTED: Status.ACCEPTED,
    Outcome.PENDING: Status.PENDING,
    Outcome.WAITING: Status.WAITING,
    Outcome.RETURNED: Status.REJECTED,
}


@dataclass(frozen=True)
class KeptUnderKey:
    """What the book already holds under a row's key."""

    live: Row | None = None  #: waiting, pending or accepted
    turned_down: Row | None = None  #: the very same row, rejected by an approver
    replaced: Row | None = None  #: the very same row, replaced by its submitter


@dataclass(frozen=True)
class Merged:
    """What became of a row: its 结果, its 受理号, the words for the receipt, and the entries to post."""

    outcome: Outcome
    receipt_no: str
    findings: tuple[Finding, ...]
    remark: str
    entries: tuple[Entry, ...]


def merge(verdict: Verdict, standing: KeptUnderKey, receipt_no: str, *, file_id: int, needs_approval: bool) -> Merged:
    """Decide what becomes of one row; pure.

    :param receipt_no: the 受理号 that the row gets unless it is a repetition
    """
    repeated = _repeated(verdict, standing)
    if repeated is not None:
        return repeated
    live = standing.live
    if live is not None and not verdict.refused:
        verdict = replace(verdict, findings=(*verdict.findings, *_in_the_way(verdict, live)))
    if live is None and standing.turned_down is not None:
        verdict = replace(verdict, findings=(*verdict.findings, _again(verdict, standing.turned_down)))
    outcome = verdict.outcome(needs_approval=needs_approval)
    received = Entry(
        "row.received", receipt_no, verdict.person, received_payload(verdict, _STATUS[outcome], file_id=file_id)
    )
    if live is None or verdict.refused:
        return Merged(outcome, receipt_no, verdict.findings, "", (received,))
    gone = Entry("row.superseded", live.receipt_no, verdict.person, {"by": receipt_no})
    told = "接续" if verdict.form.moves_on else "替换"
    remark = f"{told}了先前提交的受理号 {live.receipt_no}（被替换）"
    return Merged(outcome, receipt_no, verdict.findings, remark, (gone, received))


def _repeated(verdict: Verdict, standing: KeptUnderKey) -> Merged | None:
    """A row that was received before.  A workbook that grows, or an old copy of it, must not bring back what was mended."""
    live, before, old = standing.live, standing.turned_down, standing.replaced
    if live is not None and live.fingerprint == verdict.fingerprint:
        remark = f"与受理号 {live.receipt_no} 是同一行（{_WORDS[live.status]}），不再重复登记"
        remark += f"；{verdict.form.twice}" if verdict.form.twice else ""
        return Merged(Outcome.DUPLICATE, live.receipt_no, (), remark, ())
    if before is not None and live is not None:
        remark = f"与已被{before.decided_by}驳回的受理号 {before.receipt_no} 内容相同，以改过的受理号 {live.receipt_no}（{_WORDS[live.status]}）为准"
        return Merged(Outcome.DUPLICATE, before.receipt_no, (), remark, ())
    if old is not None and live is not None:
        remark = f"与已被替换的受理号 {old.receipt_no} 内容相同，以替换它的受理号 {live.receipt_no}（{_WORDS[live.status]}）为准"
        return Merged(Outcome.DUPLICATE, old.receipt_no, (), remark, ())
    return None


def _again(verdict: Verdict, before: Row) -> Finding:
    """What was rejected by mistake may come again as it is; whoever decides sees what was said the first time."""
    said = f"，意见：{before.comment}" if before.comment else ""
    message = f"与已被{before.decided_by}驳回的受理号 {before.receipt_no} 内容相同{said}"
    return Finding(
        "row.again", verdict.form.clause, Severity.FLAG, "", message, "请按审批意见修改；驳回有误的由审批人核实"
    )


_WORDS = {Status.ACCEPTED: "已受理", Status.PENDING: "待审批", Status.WAITING: "待补照片"}


def _in_the_way(verdict: Verdict, live: Row) -> Iterator[Finding]:
    """What has taken effect, or was handed in by somebody else, is not replaced by handing in something different."""
    if live.status is Status.ACCEPTED:
        if not verdict.form.moves_on:
            yield _settled(verdict, live)
    elif live.person != verdict.person:
        message = f"{live.person}已提交受理号 {live.receipt_no}，还没有审批，不能由别人替换"
        remedy = "请与对方商量；对方的被驳回后可以再提交"
        yield Finding("row.others", verdict.form.clause, Severity.REFUSE, "", message, remedy)


def _settled(verdict: Verdict, live: Row) -> Finding:
    return Finding(
        rule="row.settled",
        clause=verdict.form.clause,
        severity=Severity.REFUSE,
        column="",
        message=f"受理号 {live.receipt_no} 已经生效，不能用另一份内容替换",
        remedy="要修改已生效的内容，请投递“更正”；客户资料用“信息变更”，人员用“人员变更”",
    )


def received_payload(verdict: Verdict, status: Status, *, file_id: int) -> dict[str, Any]:
    """The particulars of ``row.received``."""
    return {
        "form": verdict.form.sheet,
        "department": verdict.department,
        "submitted_at": verdict.submitted_at.isoformat(),
        "key": verdict.key,
        "fingerprint": verdict.fingerprint,
        "vals": verdict.values,
        "read": verdict.read,
        "cells": verdict.cells,
        "photos": list(verdict.photos),
        "embedded": {header: list(shas) for header, shas in verdict.embedded.items()},
        "status": status.value,
        "file_id": file_id,
        "sheet": verdict.sheet,
        "row_no": verdict.row_no,
        "customer_id": verdict.customer_id,
        "day": verdict.day.isoformat() if verdict.day else None,
        "findings": [finding_payload(finding) for finding in verdict.findings],
    }


def finding_payload(finding: Finding) -> dict[str, str]:
    """A finding as the journal keeps it."""
    return {
        "rule": finding.rule,
        "clause": finding.clause,
        "severity": finding.severity.value,
        "column": finding.column,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def complete(
    row: Row, verdict: Verdict, standing: KeptUnderKey, *, needs_approval: bool
) -> tuple[Outcome, list[Entry]]:
    """A row that waited for photos, judged again now that some have come: its new outcome and the entries."""
    other = standing.live if standing.live and standing.live.receipt_no != row.receipt_no else None
    if other is not None:
        verdict = replace(verdict, findings=(*verdict.findings, _same_as(verdict, other)))
    outcome = verdict.outcome(needs_approval=needs_approval)
    return outcome, [Entry("row.completed", row.receipt_no, row.person, completed_payload(verdict, _STATUS[outcome]))]


def _same_as(verdict: Verdict, other: Row) -> Finding:
    message = f"照片到齐后与受理号 {other.receipt_no} 是同一件事"
    way = "无需重复提交；要改内容的，请用同一张照片投递改好的一行"
    return Finding("row.same", verdict.form.clause, Severity.REFUSE, "", message, way)


def completed_payload(verdict: Verdict, status: Status) -> dict[str, Any]:
    """The particulars of ``row.completed``."""
    given = received_payload(verdict, status, file_id=0)
    return {name: given[name] for name in ("key", "fingerprint", "status", "read", "photos", "vals", "findings")}
