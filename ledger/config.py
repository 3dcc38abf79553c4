"""Questions about the numbers that decide about people: as the book last saw them."""

from __future__ import annotations

import json
from typing import Any

from ledger.book import Book

CHANGED = "config.changed"


def known_config(book: Book) -> dict[str, Any]:
    """Name → value, as the newest entries about the config say."""
    records = book.ask("SELECT name, value FROM s_config")
    return {record["name"]: json.loads(record["value"]) for record in records}
