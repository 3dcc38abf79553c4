"""``shares``: a Samba configuration made from the register, one share a person, as a text to review (适用范围 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.records import Person
from policy.settings import Settings
from service.company import Service

_UNSAFE = re.compile(r"[\[\]%;#\"=$@&+`\x00-\x1f]|^\s|\s$")
_RESERVED = frozenset({"global", "homes", "printers", "print$", "ipc$"})

#: What holds for all shares.  Each line is there for a reason that its comment tells.
_GLOBAL = """\
# 由 python sync.py shares 按 {day} 的人员名册生成。请先看一遍，再放进文件服务器的 smb.conf（或用 include 引入）。
# 改过名册、有人入职或离职之后重新生成。检查写法：testparm -s
[global]
    # 只用 SMB2 以上；没有来宾
    server min protocol = SMB2_10
    map to guest = Never
    restrict anonymous = 2
    # 每人只看得到自己的共享
    access based share enum = yes
    unix charset = UTF-8
    # 服务直接读磁盘：客户端不能把没写完的内容只留在自己的缓存里
    oplocks = no
    level2 oplocks = no
    smb2 leases = no
    strict sync = yes
    # 共享里的链接一概不跟
    follow symlinks = no
    wide links = no
    load printers = no
    disable spoolss = yes
"""
_SHARE = """
[{name}]
    path = {path}
    # 只有本人能进；文件都属于运行客簿的账号
    valid users = {account}
    force user = {service}
    read only = no
    guest ok = no
    browseable = yes
    create mask = 0640
    force create mode = 0600
    directory mask = 0750
    force directory mode = 0700
    store dos attributes = no
"""


@dataclass(frozen=True)
class Shares:
    """The text, and what could not be put into it (one sentence each)."""

    text: str
    people: tuple[str, ...]
    troubles: tuple[str, ...]


def shares(service: Service, day: date) -> Shares:
    """A share for everybody who works here on *day*."""
    people = [person for person in service.people(day).values() if person.active_on(day)]
    return configuration(service.settings, people, day)


def configuration(settings: Settings, people: Iterable[Person], day: date) -> Shares:
    """The Samba configuration for *people*; names that Samba would read as something else are told, not written."""
    parts, written, troubles = [_GLOBAL.format(day=day)], [], []
    for name in sorted(person.name for person in people):
        folder = settings.folders.share.resolve() / name
        account = settings.shares.accounts.get(name, name)
        if _UNSAFE.search(name) or name.casefold() in _RESERVED or re.search(r"\s", account) or "%" in str(folder):
            troubles.append(
                f"{name}：姓名或路径里有文件服务器不认的符号，请手工写这一段，或在 [shares] accounts 里写明账号"
            )
            continue
        parts.append(_SHARE.format(name=name, path=folder, account=account, service=settings.shares.service))
        written.append(name)
    return Shares("".join(parts), tuple(written), tuple(troubles))
