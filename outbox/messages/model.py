"""What a message is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policy.settings_messages import Kind


@dataclass(frozen=True)
class Matter:
    """One thing that somebody is told once."""

    kind: Kind
    person: str  #: who is told
    key: str  #: what makes it this very thing: told once to each target
    about: str = ""  #: form, customer, day or group of alarms
    n: int = 1  #: rows, days, alarms
    names: tuple[str, ...] = ()  #: whom it is about
    hour: str = ""  #: deadline

    @property
    def key_for_all(self) -> str:
        """The same among everybody whom one address tells."""
        return f"{self.person}:{self.key}"

    @property
    def of_the_hour(self) -> bool:
        """It is of no use later."""
        return self.kind in ("日报提醒", "审核提醒")


@dataclass(frozen=True)
class Digest:
    """Everything that one target is told at a time."""

    company: str
    by_post: bool  #: many people read it: everything is told with its name
    folders: Mapping[str, str]
    matters: tuple[Matter, ...]


#: Kind → the template that says it.
TEMPLATES: Mapping[Kind, str] = {
    "日报提醒": "report.txt", "审核提醒": "review.txt", "退回": "returned.txt", "待审批": "sheets.txt",
    "回收提醒": "recycling.txt", "扣款": "fined.txt", "告警": "alarms.txt",
}  # fmt: skip
TITLE, BODY = "title.txt", "digest.txt"
