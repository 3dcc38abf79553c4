"""The log's own file: private, rotating, and never a reason to stop."""

from __future__ import annotations

from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from disk.private import FILE


class PrivateRotatingFile(RotatingFileHandler):
    """A log that only the service's account reads, and that goes on where another program holds its older parts."""

    def _open(self) -> Any:
        Path(self.baseFilename).touch(mode=FILE)
        return super()._open()

    def doRollover(self) -> None:  # noqa: N802
        """Begin a new file; one that is held open elsewhere (Windows) is written on."""
        try:
            super().doRollover()
        except PermissionError:
            if self.stream is None:
                self.stream = self._open()


def rotating(path: Path, rotate_mb: float, keep: int) -> PrivateRotatingFile:
    """The file at *path*: a new one every *rotate_mb* megabytes, *keep* older ones beside it.

    :raises OSError: it cannot be written
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    size = int(rotate_mb * 2**20)
    return PrivateRotatingFile(path, maxBytes=size, backupCount=keep, encoding="utf-8", errors="backslashreplace")
