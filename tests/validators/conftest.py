"""The stage of tests that hold rows against a book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.validators.world import World, a_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A book with the usual people and customers."""
    with a_world(tmp_path) as made:
        yield made
