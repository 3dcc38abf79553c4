"""The sections of ``config.toml`` by which the service runs on its machine: of the machine, so without a date."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from policy.settings_load import wrong
from policy.settings_safety import beside_the_config
from policy.settings_sections import Section
from policy.settings_types import Number, Positive, Whole, Word

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


class LogSettings(Section):
    """How the service writes down what it does; phones are always masked."""

    format: Literal["text", "json"] = "text"
    file: Path | None = None  #: a file besides standard error
    rotate_mb: Annotated[Number, Field(gt=0)] = 10
    keep: Whole = 5  #: older files

    _placed = field_validator("file", mode="before")(beside_the_config)


class MonitorSettings(Section):
    """What a monitor of machines (Prometheus' node exporter) reads."""

    textfile: Path | None = None

    _placed = field_validator("textfile", mode="before")(beside_the_config)

    @field_validator("textfile")
    @classmethod
    def _as_it_is_read(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix != ".prom":
            raise wrong("文件名要以 .prom 结尾，node_exporter 只读这样的文件")
        return value


class ArchiveSettings(Section):
    """Where originals lie that nobody needs every day."""

    hot_months: Whole = 0  #: older ones are moved at night; 0: all stay where they are
    cold: Path | None = None  #: the second path
    night_mb: Positive = 5_000  #: how much is moved in one night

    _placed = field_validator("cold", mode="before")(beside_the_config)

    @model_validator(mode="after")
    def _where_to(self) -> Self:
        if self.hot_months and self.cold is None:
            raise wrong("写了 hot_months，还要在 cold 里写冷盘的文件夹")
        return self


class ReaderSettings(Section):
    """The copy for those who may look into the company's figures."""

    copy_to: Path | None = None  #: renewed every night
    group: str = ""  #: of the system's accounts; it may read the copy, besides the service

    _placed = field_validator("copy_to", mode="before")(beside_the_config)


class GroupSettings(Section):
    """The other books of the group: read-only copies of their ledgers."""

    name: Word = "本公司"  #: this branch, as the others call it
    branches: Mapping[Word, Path] = {}  #: branch → its ledger's copy
    wait_seconds: Annotated[Number, Field(gt=0, le=60)] = 5  #: how long a branch is waited for

    @field_validator("branches", mode="before")
    @classmethod
    def _beside_the_config(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {name: beside_the_config(path, info) for name, path in value.items()}

    @field_validator("branches")
    @classmethod
    def _others_only(cls, value: Mapping[str, Path], info: ValidationInfo) -> Mapping[str, Path]:
        if info.data.get("name") in value:
            raise wrong(f"“{info.data['name']}”是本分公司自己，这里只写别的分公司")
        return value


class BackupSettings(Section):
    """How many nightly copies of the ledger are kept: the newest of each of so many days, weeks and months."""

    days: Positive = 7
    weeks: Whole = 4
    months: Whole = 12
