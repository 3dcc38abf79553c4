"""The workers' section of ``config.toml``: who reads and draws.  Of the machine, so without a date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from policy.settings_door import is_loopback
from policy.settings_load import wrong
from policy.settings_safety import beside_the_config
from policy.settings_sections import Section
from policy.settings_types import Number, Positive

_ADDRESS = re.compile(r"(?P<how>tls|tcp)://(?P<host>\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+):\d{1,5}")


class WorkerSettings(Section):
    """Children of this process, or those of a dask.distributed cluster that is there already."""

    engine: Literal["local", "dask"] = "local"
    children: Annotated[Positive, Field(le=64)] = (
        2  #: readers of this machine at once; each may use ``limits.reader_mb``
    )
    scheduler: Annotated[str, Field(validate_default=True)] = ""
    tls_ca: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Annotated[Path | None, Field(validate_default=True)] = None
    connect_seconds: Annotated[Number, Field(gt=0, le=60)] = 3
    retry_minutes: Positive = 5  #: how long a cluster that does not answer is left alone

    _placed = field_validator("tls_ca", "tls_certificate", "tls_key", mode="before")(beside_the_config)

    @field_validator("scheduler")
    @classmethod
    def _an_address(cls, value: str, info: ValidationInfo) -> str:
        """Whoever can speak to a scheduler can make its workers do anything, and sees every file on its way."""
        if not value and info.data.get("engine") != "dask":
            return value
        at = _ADDRESS.fullmatch(value)
        if at is None:
            raise wrong('应为调度器的地址，例如 "tls://scheduler.example:8786"')
        if at["how"] == "tcp" and not is_loopback(at["host"].strip("[]")):
            raise wrong("调度器不在本机时要加密：请写 tls://，并写 tls_ca、tls_certificate 和 tls_key")
        return value

    @field_validator("tls_key")
    @classmethod
    def _all_or_none(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        given = {each is not None for each in (info.data.get("tls_ca"), info.data.get("tls_certificate"), value)}
        if given != {str(info.data.get("scheduler", "")).startswith("tls:")}:
            raise wrong("tls:// 要写 tls_ca、tls_certificate 和 tls_key 三个文件，其他情况都不写")
        return value
