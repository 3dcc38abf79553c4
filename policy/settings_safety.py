"""The sections of ``config.toml`` by which the book is proved and read by others: of the machine, so without a date."""

from pathlib import Path
from typing import Any

from pydantic import ValidationInfo, field_validator

from policy.settings_sections import Section


def beside_the_config(value: Any, info: ValidationInfo) -> Any:
    """'' is nowhere; a relative path starts at the config file's folder."""
    if isinstance(value, str) and not value.strip():
        return None
    base = (info.context or {}).get("base")
    return Path(base) / value if base is not None and isinstance(value, (str, Path)) else value


class VerifySettings(Section):
    """What proves the book from outside."""

    anchor: Path | None = (
        None  #: a file that only grows, best on another machine: length and newest hash of the journal
    )

    _placed = field_validator("anchor", mode="before")(beside_the_config)
