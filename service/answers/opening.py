"""Taking over: the customers and open orders that the company has already; every row answered, safe to run again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.raw import Workbook
from ledger import customers
from ledger.records import Outcome
from outbox.receipts.compose import summary_receipt
from outbox.receipts.model import Message
from policy.forms.opening import OpeningCustomer
from policy.posts import SALESPERSON
from service.company import Service
from service.founding import OPERATOR, post_given, read_given, take_sheets_of, write_answer
from service.sending.delivering import deliver
from service.sending.templates import deliver_personal
from service.summary import Summary
from service.upkeep.guarding import look_after, look_before


@dataclass(frozen=True)
class Opened:
    """What the workbook of 期初客户 brought."""

    outcomes: tuple[Outcome, ...] = ()
    receipt: Path | None = None  #: where every row is answered
    beyond: tuple[str, ...] = ()  #: owners with more customers than their limit, in words
    trouble: str = ""  #: why nothing could be read; '' if it could

    @property
    def returned(self) -> int:
        """How many rows did not go in."""
        return sum(outcome is Outcome.RETURNED for outcome in self.outcomes)


def open_customers(service: Service, path: Path, now: datetime) -> Opened:
    """Take 期初客户 from a workbook; what was taken before is not taken twice."""
    with service.lock():
        look_before(service, now)
        read = read_given(service, path, "期初客户")
        if not isinstance(read, Workbook):
            return Opened(trouble=f"{path.name}：{read.reason}。{read.remedy}")
        kept = service.archive.keep_bytes(path.read_bytes(), path.name, now.date())
        with service.book.transaction():
            file_id = post_given(service, kept, "opening", now)
            sheets, outcomes = take_sheets_of(service, read, OpeningCustomer, file_id, now)
            beyond = tuple(_beyond(service, now))
            deliver_personal(service, service.people(now.date()).values(), now)
        deliver(service, now, Summary())
        look_after(service, "init", now)
    if not sheets:
        return Opened(trouble=f"{path.name} 中没有填写过的、名为“{OpeningCustomer.sheet}”的工作表")
    told = [Message("flag", words) for words in beyond]
    answer = write_answer(service, summary_receipt(OPERATOR, path.name, now, now, told, tuple(sheets)))
    return Opened(tuple(outcomes), answer, beyond)


def _beyond(service: Service, now: datetime) -> list[str]:
    """Who has more customers than their limit: nothing is taken from them, and nothing new can be added (人员新增 10(1))."""
    held = Counter(each.owner for each in customers.all_owned(service.book))
    return [
        f"{person.name}名下有 {held[person.name]} 个客户，超过上限 {person.max_customers} 个：期初照常登记；"
        "减到上限以内之前，不能再新增、申领或接受转交"
        for person in service.people(now.date()).values()
        if person.post == SALESPERSON and held[person.name] > person.max_customers
    ]
