"""What whoever draws files is asked, and what comes back: known to the process that keeps the book and to those that draw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.kept_words import ToldWords  # whoever draws loads nothing of the ledger


@dataclass(frozen=True)
class Undrawn:
    """A file that could not be drawn; *words* are for the operator."""

    words: str


@dataclass(frozen=True)
class Remarked:
    """A file that was drawn, though not as the operator wants it."""

    sha256: str
    words: str  #: for the operator


@dataclass(frozen=True)
class ToDraw:
    """A file to be drawn: what it says, and where to put it."""

    words: ToldWords
    target: Path
