"""A book of its own for each test that asks one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import Book
from tests.ledger.entries import an_empty_ledger


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    (tmp_path / "ledger.db").write_bytes(an_empty_ledger())
    with closing(Book(tmp_path / "ledger.db")) as made:
        yield made
