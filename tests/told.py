"""Workbooks as people get them: the words committed first, then drawn from nothing else."""

from __future__ import annotations

import hashlib
import os
import signal
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from disk.luggage import Draft, Shelf, Shown, TargetFile
from outbox.draw import draw_file
from outbox.drawing import Remarked
from outbox.told import heard, said

PICTURES: Mapping[str, bytes] = {}


def drawn(model: Any, pictures: Mapping[str, bytes] = PICTURES) -> bytes:
    """The workbook of *model*, by way of its committed words; *pictures* by where the archive keeps them."""
    words = said(model).encode()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder)
        for name, data in pictures.items():
            (book / name).write_bytes(data)
        target = book / f"{hashlib.sha256(words).hexdigest()}.drawn"
        draw_file(zlib.compress(words), Shelf((book,)), Draft(target))
        return target.read_bytes()


def receipts_are_too_much(
    words: bytes, kept: Shown, target: TargetFile, own: Path | None = None, company: str = "", *parts: bytes
) -> str | Remarked:
    """:func:`draw_file` on a bad day: whoever draws a receipt is ended, by the kernel for all one knows."""
    if heard(zlib.decompress(words).decode())[0] == "Receipt":
        os.kill(os.getpid(), signal.SIGKILL)
    return draw_file(words, kept, target, own, company, *parts)
