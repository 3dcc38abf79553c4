"""Putting a file in its place so that a power cut leaves all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
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


def place(temporary: Path, target: Path) -> None:
    """Move a written and synced file to *target*, read-only; a damaged file there is replaced.

    It is durable once the folders above it are: :func:`sync_folders`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(stat.S_IREAD)
    if os.name == "nt" and target.exists():
        target.chmod(stat.S_IWRITE)  # Windows replaces no read-only file
    temporary.replace(target)


def sync_folders(folders: Iterable[Path], *, top: Path) -> None:
    """Make durable which names stand in *folders* and in every folder between them and *top*, each once."""
    all_of_them: set[Path] = set()
    for folder in folders:
        while folder.is_relative_to(top):
            all_of_them.add(folder)
            folder = folder.parent
    for each in sorted(all_of_them, key=lambda folder: len(folder.parts), reverse=True):
        sync_folder(each)
