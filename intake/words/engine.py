"""The engine that reads: PP-OCR by rapidocr, with the models that lie in its wheel.

Nothing is ever fetched: every model is named by its path, and a path that is missing is an error.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from intake.sandbox.child import libraries_loading
from ledger.written import Line

_MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
}
_ONE_CORE = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}


@cache
def _engine() -> Any:
    with libraries_loading():
        import rapidocr

        folder = Path(rapidocr.__file__).parent / "models"
        models = {key: str(folder / name) for key, name in _MODELS.items()}
        if missing := [path for path in models.values() if not Path(path).is_file()]:
            raise FileNotFoundError(f"the wheel lacks {', '.join(missing)}")
        return rapidocr.RapidOCR(params={**models, **_ONE_CORE, "Global.log_level": "critical"})


def lines_on(picture: Image.Image, page: int) -> tuple[Line, ...]:
    """The lines of text on an upright page, from top to bottom."""
    found = _engine()(np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1]))
    if found.txts is None:
        return ()
    lines = (
        _line(text, score, corners, picture.size, page)
        for text, score, corners in zip(found.txts, found.scores, found.boxes, strict=True)
    )
    return tuple(sorted(lines, key=lambda each: (each.start[1], each.start[0])))


def _line(text: str, score: float, corners: Any, size: tuple[int, int], page: int) -> Line:
    """A line from its four corners, clockwise from where its text begins."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((float(x) / size[0], float(y) / size[1]) for x, y in corners)
    start, end = ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)
    height = (abs(dy - ay) + abs(cy - by)) / 2
    return Line(text, round(float(score), 3), page, _places(*start), _places(*end), round(height * 1000))


def _places(x: float, y: float) -> tuple[int, int]:
    return round(x * 1000), round(y * 1000)
