"""The company's own templates: which of them is broken, and where."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import TemplateSyntaxError


def fault(error: Exception, own: Path, what: str) -> str:
    """Which of the templates in *own* is broken, where, and how; *what* they word."""
    where = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(own):
            where = f"{frame.filename} 第 {frame.lineno} 行"
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.filename or error.name} 第 {error.lineno} 行"
    return f"{what}的模板有错：{where or own}：{error}。已改用随软件附带的模板；改好后自动生效"
