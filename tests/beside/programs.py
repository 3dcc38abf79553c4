"""Where the programs beside the ledger are: in an environment of their own (``make datasette``)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOM = Path(__file__).parents[2] / ".venv-datasette" / ("Scripts" if os.name == "nt" else "bin")


def program(name: str) -> Path:
    """The program, or the test is skipped with the reason."""
    path = _ROOM / (f"{name}.exe" if os.name == "nt" else name)
    if not path.exists():
        pytest.skip(f"needs {name} in .venv-datasette: make datasette")
    return path
