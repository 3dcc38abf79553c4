"""Who is fined is told the same night, and told again when the fine is lifted (销售日报 7(4))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from ledger import days
from outbox.receipts.compose import notice, queue_receipt
from outbox.receipts.model import Message
from policy.calendar import WorkCalendar
from policy.clauses import cite
from policy.deadlines import day_end
from processors.compliance import UNDECIDED, Duty
from service.company import Service

FINED, LIFTED, ASKED = "日报缺交", "缺交撤销", "日报待核实"


def tell_fined(
    service: Service, day: date, duties: Sequence[Duty], before: Mapping[str, Any] | None, now: datetime
) -> int:
    """A notice to everybody who is fined for *day* now and was not at its last closing, and the other way round.

    Inside the transaction that closes the day; gives how many notices.
    """
    was = {line["person"] for line in before["content"]["lines"] if line["fined"]} if before else set()
    fined = {duty.person: duty for duty in duties if duty.fined}
    for person, duty in fined.items():
        if person not in was:
            _queue(service, person, FINED, list(_fined_words(service, duty, now)), now)
    for person in sorted(was - fined.keys()):
        stands = next((duty for duty in duties if duty.person == person), None)
        words = f"{day} 的日报不再算缺交，不扣款" + (f"：现为“{stands.state}”，{stands.remark}" if stands else "")
        _queue(service, person, LIFTED, [Message("note", f"{words.rstrip('，')}。")], now)
    asked = {duty.person: duty for duty in duties if duty.state == UNDECIDED and duty.person not in fined}
    known = {line["person"] for line in before["content"]["lines"] if line["state"] == UNDECIDED} if before else set()
    for person in sorted(asked.keys() - known - was):
        _queue(service, person, ASKED, list(_asked_words(service, asked[person], now)), now)
    return len(fined.keys() - was) + len(was - fined.keys())


def _asked_words(service: Service, duty: Duty, now: datetime) -> Iterator[Message]:
    """A day on which something was handed in and not accepted: nothing is fined until 企管部 has looked at it."""
    yield Message("flag", f"{duty.day} 的销售日报待企管部核实，核实之前不扣款〔{cite('daily.7.4')}〕。")
    yield Message("note", f"查看过：{duty.remark}。")
    yield Message("note", _way(service, duty.day, now))


def _way(service: Service, day: date, now: datetime) -> str:
    """The objection, and until when."""
    until = now.date() + timedelta(days=service.settings.as_of(day).daily_report.objection_days)
    return f"有异议的，请在 {until} 之前投递“日报申诉”，由企管部决定，决定之前不扣款。"


def _fined_words(service: Service, duty: Duty, now: datetime) -> Iterator[Message]:
    """Day and deadline, what was looked at, what can be done and until when."""
    settings = service.settings.as_of(duty.day)
    ends = day_end(duty.day, settings, service.zone) - timedelta(minutes=1)
    yuan = settings.daily_report.deduction_fen / 100
    yield Message(
        "flag",
        f"{duty.day} 的销售日报到 {ends:%m-%d %H:%M} 没有收到，按缺交扣款 {yuan:.2f} 元〔{cite('daily.7.4')}〕。",
    )
    yield Message("note", _way(service, duty.day, now))
    before, after = days.neighbours(service.book, duty.person, duty.day)
    looked = [
        f"工作日依据：{WorkCalendar(settings.calendar).basis(duty.day)}",
        "没有覆盖当日的豁免登记",
        "投递文件夹里没有还没收取的文件",
        f"之前最近一份日报：{before or '无'}，之后最近一份：{after or '无'}",
        *([duty.remark] if duty.remark else []),
    ]
    yield Message("note", f"查看过：{'；'.join(looked)}。")
    yield Message(
        "note",
        f"当天请假、出差或有其他原因的，请您的部门经理或人力资源部在 {_until(service, duty.day):%m-%d %H:%M} 出扣款表之前投递"
        "“日报豁免”，登记后当晚撤销；之后登记的，扣款表出新版时撤销。交过而系统没有收到的，请联系管理员核对。",
    )


def _until(service: Service, day: date) -> datetime:
    """When the month's deductions are written."""
    monthly = service.settings.schedule.monthly
    first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, datetime.min.time(), service.zone) + timedelta(days=monthly.day - 1) + monthly.at


def _queue(service: Service, person: str, title: str, words: Sequence[Message], now: datetime) -> None:
    queue_receipt(service.book, service.settings.folders.receipts, notice(person, title, now, words), "notice", now)
