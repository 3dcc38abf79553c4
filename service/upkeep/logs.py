"""What the service writes down of its work: lines for people or JSON for machines, in files that rotate; phones are masked."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from policy.settings_running import LogSettings

#: Mobile numbers, with or without the country's, and landlines with their area's: what a log needs of a person is no phone.
_MOBILE = re.compile(r"(?<!\d)((?:\+?86[- ]?)?1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<![\d-])(0\d{2,3})-?\d{3,4}(\d{4})(?![\d-])")


def masked(text: str) -> str:
    """*text* with the middle of every telephone number hidden."""
    return _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", text))


class PlainLines(logging.Formatter):
    """A line with its time, as people read it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the trace of a fault below it."""
        return masked(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, pid, message, and error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, on one line whatever is in it."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            told["error"] = masked(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


_FORMATS: dict[str, Callable[[], logging.Formatter]] = {"text": PlainLines, "json": JsonLines}


def log_as(settings: LogSettings) -> None:
    """From now on log as the config says: standard error always, a rotating file as well where one is named.

    :raises OSError: the file cannot be written
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if handler.name == _FILE:  # of an earlier call in this process
            root.removeHandler(handler)
            handler.close()
        elif type(handler) is logging.StreamHandler:
            handler.setFormatter(_FORMATS[settings.format]())
    if settings.file is not None:
        from service.upkeep.log_file import rotating  # brings sockets and queues with it

        kept = rotating(settings.file, settings.rotate_mb, settings.keep)
        kept.name = _FILE
        kept.setFormatter(_FORMATS[settings.format]())
        root.addHandler(kept)


_FILE = "kebu file"
