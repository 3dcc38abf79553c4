"""Tests with the reader of pictures itself: ``make ocr`` runs them in the environment that has it."""

from __future__ import annotations

import pytest

from intake.words.there import can_read


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not can_read():
        for item in items:
            if "tests/ocr" in item.path.as_posix():
                item.add_marker(pytest.mark.skip(reason="needs the extra ocr: make ocr"))
