"""The messages' section of ``config.toml``: who is told outside the folders, of what and when.  Of the machine, so without a date."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from policy.settings_load import wrong
from policy.settings_sections import Section
from policy.settings_types import Positive, TimeOfDay, Whole, Word, distinct

Kind = Literal["退回", "待审批", "日报提醒", "审核提醒", "回收提醒", "扣款", "告警"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ADMINISTRATOR = "管理员"  #: who gets the operator's alarms

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def _address(value: str) -> str:
    # What was written is not repeated: it holds a key, and errors end up in logs.
    if not _ADDRESS.fullmatch(value):
        raise wrong('应为 apprise 的地址，例如 "wecombot://…"、"dingtalk://…"、"feishu://…"、"mailtos://…"')
    return value


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Addresses = Annotated[
    tuple[Annotated[str, AfterValidator(_address)], ...], BeforeValidator(_several), Field(min_length=1), distinct
]


class MessageSettings(Section):
    """Off until somebody has an address."""

    addresses: Mapping[Word, Addresses] = Field({}, repr=False)  #: person or post → where; a person's own comes first
    tell: Annotated[tuple[Kind, ...], distinct] = KINDS
    report_at: TimeOfDay = timedelta(hours=19, minutes=30)
    review_at: TimeOfDay = timedelta(hours=21, minutes=30)
    quiet_from: TimeOfDay = timedelta(hours=22)
    quiet_until: TimeOfDay = timedelta(hours=7, minutes=30)  #: the same as quiet_from: never quiet
    digest_minutes: Whole = 30  #: at most one message in that time, reminders of the hour apart
    wait_seconds: Positive = 20  #: for all messages of one time; what is not through by then is tried later

    def quiet(self, clock: timedelta) -> bool:
        """Whether nobody is to be disturbed at this time since midnight."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until
