"""Days as contracts write them: 2026年11月23日, 2026-11-23, 二〇二六年十一月二十三日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from validators.written.amounts import whole_number

_IN_FIGURES = re.compile(r"(?<!\d)(\d{4})[年\-./](\d{1,2})[月\-./](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<![\dA-Za-z-])(20\d{2})(\d{2})(\d{2})(?![\dA-Za-z])")
_YEAR = {
    **dict.fromkeys("〇零○O", "0"),
    **dict(zip("一二三四五六七八九壹贰叁肆伍陆柒捌玖", "123456789" * 2, strict=True)),
}
_WORD = "一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾零〇"
_IN_WORDS = re.compile(rf"([{''.join(_YEAR)}]{{4}})年([{_WORD}]{{1,3}})月([{_WORD}]{{1,4}})日?")


def days_in(text: str) -> Iterator[date]:
    """The days that stand in *text*, whose spaces are taken out."""
    for pattern in (_IN_FIGURES, _COMPACT):
        for found in pattern.finditer(text):
            yield from _real(*map(int, found.groups()))
    for found in _IN_WORDS.finditer(text):
        month, day = whole_number(found[2].lstrip("零〇")), whole_number(found[3].lstrip("零〇"))
        if month is not None and day is not None:
            yield from _real(int("".join(_YEAR[letter] for letter in found[1])), month, day)


def _real(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
