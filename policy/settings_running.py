"""The sections of ``config.toml`` by which the service runs on its machine: of the machine, so without a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from policy.settings_load import wrong
from policy.settings_sections import Section
from policy.settings_types import Word

_ACCOUNT = re.compile(r"[^\s\"',;#%@&+\[\]=|<>*?:/]+")


def _account(value: str) -> str:
    if not _ACCOUNT.fullmatch(value):
        raise wrong("应为文件服务器上的账号，例如 zhangsan 或 公司\\zhangsan，不能有空格和引号等符号")
    return value


Account = Annotated[Word, AfterValidator(_account)]


class ShareSettings(Section):
    """What ``shares`` writes about: who is who on the file server."""

    service: Account = "kebu"  #: the account under which the service runs; it owns every file
    accounts: Mapping[Word, Account] = {}  #: person → account; who is not named has an account of their own name
