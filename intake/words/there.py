"""Whether this environment can read what stands on pictures: the extra ``ocr`` is large, and may be left out."""

from __future__ import annotations

from importlib.util import find_spec

_PARTS = ("rapidocr", "onnxruntime")


def can_read() -> bool:
    """Whether everything that reading needs is installed; loads nothing of it."""
    return all(find_spec(name) is not None for name in _PARTS)
