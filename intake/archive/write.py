"""Putting a file in its place so that a power cut leaves all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from disk.sync import sync_folder


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_content(path: Path, sha256: str) -> bool:
    """Whether *path* is there with exactly this content."""
    try:
        return sha256_of(path) == sha256
    except FileNotFoundError:
        return False


def place(temporary: Path, target: Path, *, top: Path) -> None:
    """Move a written and synced file to *target*, read-only; a damaged file there is replaced.

    Every folder between *target* and *top* reaches the disk as well.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(stat.S_IREAD)
    if os.name == "nt" and target.exists():
        target.chmod(stat.S_IWRITE)  # Windows replaces no read-only file
    temporary.replace(target)
    folder = target.parent
    while folder.is_relative_to(top):
        sync_folder(folder)
        folder = folder.parent
