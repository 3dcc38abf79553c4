"""The phone door's section of ``config.toml``: of the machine, so without an effective date."""

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from policy.settings_load import wrong
from policy.settings_sections import Section
from policy.settings_types import Positive, Switch, Word

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9A-Fa-f:]+\](?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach *host*."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _proxy(text: str) -> str:
    try:
        network = ip_network(text)
    except ValueError:
        raise wrong(f"“{text}”不是地址，请写成 127.0.0.1 或 10.0.0.0/24") from None
    if network.prefixlen == 0:
        raise wrong("不能信任所有地址，请写反向代理自己的地址")
    return text


class DoorSettings(Section):
    """手机门: where it listens, how it is reached, how long what it gives out holds."""

    enabled: Switch = False
    address: str = ""  #: as phones reach it; '' : the address that it listens on
    host: Word = "127.0.0.1"
    port: Annotated[int, Field(strict=True, ge=1, le=65535)] = 8443
    certificate: Path | None = None
    certificate_key: Path | None = None
    proxies: tuple[Annotated[str, AfterValidator(_proxy)], ...] = ()
    invite_hours: Positive = 72
    live_seconds: Positive = 300
    session_days: Positive = 180

    @field_validator("address")
    @classmethod
    def _an_origin(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not _ADDRESS.fullmatch(value):
            raise wrong("应写成 https 开头的主机名，可带端口，后面不带路径")
        if value.startswith("http:") and not is_loopback(value.split("//")[1].rsplit(":", 1)[0].strip("[]")):
            raise wrong("手机只在 https 网址上允许拍照和定位，请改成 https 网址")
        return value

    @field_validator("certificate", "certificate_key", mode="before")
    @classmethod
    def _beside_the_config(cls, value: Any, info: ValidationInfo) -> Any:
        if value == "":
            return None
        base = (info.context or {}).get("base")
        return Path(base) / value if base is not None and isinstance(value, str) else value

    @field_validator("certificate_key")
    @classmethod
    def _both_or_none(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if (value is None) != (info.data.get("certificate") is None):
            raise wrong("certificate 和 certificate_key 要一起写")
        return value
