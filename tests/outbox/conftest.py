"""The stage of the outbox's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import Book
from outbox.delivery import Outbox
from tests.outbox.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "share").mkdir()
    with closing(Book(tmp_path / "book" / "ledger.db")) as book:
        yield Office(book, Outbox(tmp_path / "book" / "spool", tmp_path / "share", "取件"))
