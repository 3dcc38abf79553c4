"""Who may come in: invitations, phones bound to people, and both made worthless again.

Every change is an entry of the journal; what is secret is kept as its hash.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from door.words import fresh, hashed
from ledger import door as questions
from ledger.book import Book
from ledger.journal import Entry
from ledger.people import called_now, people_on
from ledger.records import Person
from service.files.leaving import LEFT

OPERATOR = "kebu"
_LABEL = 80


class Unknown(ValueError):
    """Nobody of this name works here today."""


@dataclass(frozen=True)
class Invited:
    """An invitation, for the one who hands it on."""

    person: str
    code: str
    expires: datetime


@dataclass(frozen=True)
class Visitor:
    """Whoever sends a request, once the phone was recognised."""

    person: Person
    device: str


def colleague(book: Book, name: str, now: datetime) -> Person:
    """The colleague of this name.

    :raises Unknown: nobody of this name works here today
    """
    person = people_on(book, now.date()).get(called_now(book, name))
    if person is None or not person.active_on(now.date()):
        raise Unknown(f"没有在职的同事叫“{name}”")
    return person


def invite(book: Book, name: str, now: datetime, hours: int) -> Invited:
    """Invite *name*; whatever they had before no longer opens the door.  Inside a transaction.

    :raises Unknown: nobody of this name works here today
    """
    person, code = colleague(book, name, now), fresh()
    expires = now + timedelta(hours=hours)
    payload = {"code_hash": hashed(code), "expires": expires.isoformat()}
    book.post([Entry("door.invited", person.name, OPERATOR, payload)], now)
    return Invited(person.name, code, expires)


def revoke(book: Book, name: str, now: datetime) -> int:
    """Shut *name* out; gives how many phones and invitations that concerned.  Inside a transaction."""
    shut = len(questions.devices(book, name)) + questions.open_invites(book, name)
    if shut:
        book.post([Entry("door.revoked", name, OPERATOR, {"why": "revoked"})], now)
    return shut


def refusal(book: Book, code: str, now: datetime) -> str:
    """Why an invitation cannot be used; '' when it can."""
    found = questions.invite(book, hashed(code))
    if found is None:
        return "没有这个邀请，请核对网址，或向管理员要新的邀请"
    if found.state == "used":
        return "这个邀请已经绑定过一部手机。换了手机的，请向管理员要新的邀请"
    if found.state == "withdrawn":
        return "这个邀请已经作废，请用最新的邀请"
    if found.expires <= now:
        return f"这个邀请已于 {found.expires:%m-%d %H:%M} 过期，请向管理员要新的邀请"
    person = people_on(book, now.date()).get(found.person)
    return "" if person is not None and person.active_on(now.date()) else "邀请的同事已不在职"


def bind(book: Book, code: str, label: str, now: datetime) -> str:
    """Bind the phone that brings *code*; gives the token that it keeps.  Inside a transaction, after :func:`refusal`."""
    found = questions.invite(book, hashed(code))
    assert found is not None
    token = fresh()
    payload = {
        "device": secrets.token_hex(8), "token_hash": hashed(token), "code_hash": hashed(code), "label": label[:_LABEL],
    }  # fmt: skip
    book.post([Entry("door.bound", found.person, found.person, payload)], now)
    return token


def visitor(book: Book, token: str, now: datetime, days: int) -> Visitor | str:
    """Whose phone brings *token*, or why it does not open the door."""
    device = questions.device(book, hashed(token)) if token else None
    if device is None:
        return "这部手机还没有绑定，请打开管理员给您的邀请网址或扫二维码"
    if device.revoked_at is not None:
        if device.why == "invited":
            return "您已有新的邀请，这部手机的绑定已经取消，请用新的邀请重新绑定"
        if device.why == LEFT:
            return "您已离职，手机门在离职当天关闭，这部手机的绑定已经取消"
        return "这部手机的绑定已被取消，请向管理员要新的邀请"
    if device.bound_at + timedelta(days=days) <= now:
        return f"这部手机绑定已满 {days} 天，请向管理员要新的邀请"
    person = people_on(book, now.date()).get(device.person)
    if person is None or not person.active_on(now.date()):
        return "您已不在职，手机门已关闭"
    return Visitor(person, device.device)
