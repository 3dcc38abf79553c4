"""What the stages of a row are called where its story is told."""

from __future__ import annotations

from ledger.records import Status

STATUS_WORDS = {
    Status.WAITING: "待补照片",
    Status.PENDING: "待审批",
    Status.ACCEPTED: "已通过",
    Status.REJECTED: "退回",
    Status.SUPERSEDED: "被替换",
}
