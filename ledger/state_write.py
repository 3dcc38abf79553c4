"""How a function of the state writes a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ledger.database import Database
from ledger.journal import Posted

Apply = Callable[[Database, Posted], None]


def insert(db: Database, table: str, record: Mapping[str, Any]) -> None:
    """Add a record."""
    names = ", ".join(f'"{name}"' for name in record)
    marks = ", ".join("?" for _ in record)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(record.values()))


def replace(db: Database, table: str, record: Mapping[str, Any]) -> None:
    """Add a record, or put it in the place of the one with its key."""
    names = ", ".join(f'"{name}"' for name in record)
    marks = ", ".join("?" for _ in record)
    db.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", tuple(record.values()))
