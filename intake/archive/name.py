"""How originals are called in the archive."""

from __future__ import annotations

from disk.name import safe_name


def archived_name(sha256: str, name: str) -> str:
    """How an original is called in the archive: its content first, then what staff called it."""
    return f"{sha256[:16]}_{safe_name(name)}"
