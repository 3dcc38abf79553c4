"""Whose compression a JPEG has: what a camera wrote stands in its EXIF, what saved it last stands in its tables.

Only tables that no camera uses say anything.  Photoshop's are known (Pillow keeps them); those of the free libraries are
also those of many phones, and prove nothing.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TypeAlias

from PIL import Image
from PIL.JpegPresets import presets

EDITOR = "Photoshop"
_Tables: TypeAlias = tuple[tuple[int, ...], ...]


def tables_of(picture: Image.Image) -> str:
    """The program whose compression the picture has, if no camera has it; '' otherwise."""
    found = _tables(picture)
    return EDITOR if found and found in _known() else ""


def _tables(picture: Image.Image) -> _Tables:
    kept = getattr(picture, "quantization", None) or {}
    return tuple(tuple(kept[key]) for key in sorted(kept))


@cache
def _known() -> frozenset[_Tables]:
    """The tables as they are read from a file, in whatever order the library gives them."""
    return frozenset(_written(name) for name in presets)


def _written(preset: str) -> _Tables:
    stream = BytesIO()
    Image.new("RGB", (8, 8)).save(stream, "JPEG", qtables=preset)
    with Image.open(stream) as saved:
        return _tables(saved)
