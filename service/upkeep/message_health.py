"""What ``status`` says of messages: who cannot be told, and why.  Loads nothing that sends or draws, unless there is something to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec

from ledger import messages
from policy.posts import POSTS
from policy.settings_messages import MessageSettings
from service.company import Service

MESSAGES = "消息"
_LOST = timedelta(minutes=10)  #: what was claimed longer ago than any child lives
_SHOWN = timedelta(days=2)  #: how long it is told that nobody knows


@dataclass(frozen=True)
class MessageAddress:
    """One address."""

    target: str  #: what it is called in the ledger; the address itself stands in the config only
    key: str  #: person or post
    address: str


def places(said: MessageSettings) -> Iterator[MessageAddress]:
    """Every address: each is told, and tried again, by itself."""
    for key, addresses in said.addresses.items():
        for n, address in enumerate(addresses, 1):
            yield MessageAddress(key if n == 1 else f"{key} #{n}", key, address)


def can_send() -> bool:
    """Whether the extra ``messages`` is installed."""
    return find_spec("apprise") is not None


def of_messages(service: Service, now: datetime) -> Iterator[tuple[str, str]]:
    """What needs the operator."""
    said = service.settings.messages
    yield from ((MESSAGES, words) for words in _of_templates(service))
    if not said.addresses:
        return
    if not can_send():
        words = "[messages] 写了地址，但没有安装附加包 messages，一条也没有发。请安装 apprise（见安装与维护），或清空 addresses"
        yield MESSAGES, words
    people = service.people(now.date())
    for key in said.addresses:
        if key not in POSTS and key not in people:
            yield MESSAGES, f"[messages] addresses 里的“{key}”不是岗位，名册中也没有这个人：请改成岗位或姓名"
    yield from ((MESSAGES, words) for words in _unsent(service, now))


def _unsent(service: Service, now: datetime) -> Iterator[str]:
    targets = {place.target for place in places(service.settings.messages)}
    for target, went in messages.tries(service.book).items():
        if went.tries and target in targets:
            since = f"（{went.tried_at:%m-%d %H:%M}，第 {went.tries} 次）" if went.tried_at else ""
            yield f"给{target}的消息没有发出{since}：{went.trouble}。会再试；内容在各人的首页和回执里都有"
    for target, n in messages.uncertain(service.book, now - _SHOWN, now - _LOST).items():
        if target in targets:
            yield f"给{target}的 {n} 件消息发到一半中断，不知道有没有送到，不再重发；内容在各人的首页和回执里都有"


def _of_templates(service: Service) -> list[str]:
    own = service.settings.folders.own_templates / "messages"
    if not own.is_dir():
        return []
    from outbox.messages.draw import faults_of

    return faults_of(own)
