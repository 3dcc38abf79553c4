"""How much room words need in a cell, and which characters a cell can hold at all.

Spreadsheet programs grow a row to its wrapped text only when a person edits it, and
not at all for merged cells; so the heights are worked out here, for fonts in which a Chinese
character is one em wide.  Estimates lean to the generous side: white space is
kinder than a cut line.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

MAX_CELL = 32_767  #: UTF-16 units that a cell can hold
MAX_ROW_POINTS = 409.0  #: the tallest row that Excel knows
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TOKENS = re.compile(r"\n|[^\S\n]+|[!-~]+|.", re.DOTALL)
_NARROW = 0.60  # em; figures and Latin letters of the wider fonts
_BOLD = 1.06  # times as wide
_PADDING = 10  # pixels that a cell keeps free at its sides


def clean(text: str) -> str:
    """*text* as a cell can hold it: no control characters or lone surrogates, cut with … when too long."""
    if text.isprintable() and len(text) * 2 <= MAX_CELL:  # neither lines nor anything that has to go
        return text
    kept = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(kept) * 2 <= MAX_CELL or len(kept.encode("utf-16-le")) // 2 <= MAX_CELL:
        return kept
    return kept.encode("utf-16-le")[: (MAX_CELL - 1) * 2].decode("utf-16-le", "ignore") + "…"


def column_pixels(characters: float) -> int:
    """Width on screen of a column of so many characters."""
    return int(characters * 7 + 5)


def column_characters(pixels: float) -> float:
    """The column width that gives at least *pixels*."""
    return round(max(0.0, pixels - 5) / 7 + 0.005, 2)


def text_pixels(text: str, size: int = 10) -> float:
    """Width on screen of one line of *text* in a font of *size* points."""
    em = size * 96 / 72
    if text.isascii():
        return len(text) * em * _NARROW
    return sum(map(_em, text)) * em


def wanted_characters(text: str, size: int = 10, *, bold: bool = False) -> float:
    """The column width in which the longest line of *text* needs no wrapping."""
    longest = max((text_pixels(line, size) for line in text.split("\n")), default=0.0)
    return column_characters(longest * (_BOLD if bold else 1.0) + _PADDING + 2)


def plainly_one_line(pixels: int, size: int) -> float:
    """How long a text without line breaks fits in one line even if each of its characters were a Chinese one."""
    return (pixels - _PADDING) * 72 / (size * 96)


def plainly_narrower(characters: float, size: int, *, bold: bool) -> float:
    """How long a text fits a column of so many *characters* even if each of its characters were a Chinese one."""
    return (characters * 7 + 5 - _PADDING - 2) * 72 / (size * 96 * (_BOLD if bold else 1.0))


@lru_cache(maxsize=20_000)
def line_count(text: str, pixels: int, size: int = 10) -> int:
    """Lines that *text* takes when wrapped in a cell that is *pixels* wide."""
    room = max(pixels - _PADDING, size * 2)
    if "\n" not in text and sum([width for width, _blank in _steps(text, size)]) <= room:
        return 1
    return sum(_wrapped(line, room, size) for line in text.split("\n"))


def _wrapped(line: str, room: float, size: int) -> int:
    lines, used = 1, 0.0
    for width, blank in _steps(line, size):
        if used + width <= room:
            used += width
        elif not blank:
            full, rest = divmod(width, room)  # a word longer than the line is broken inside
            lines, used = lines + (1 if used else 0) + int(full), rest
    return lines


@lru_cache(maxsize=2_000)
def _steps(line: str, size: int) -> tuple[tuple[float, bool], ...]:
    """The words of a line: how wide each is on screen, and whether it is nothing but space."""
    return tuple([(_word_pixels(word, size), word.isspace()) for word in _TOKENS.findall(line)])


@lru_cache(maxsize=20_000)
def _word_pixels(word: str, size: int) -> float:
    return text_pixels(word, size)


@cache
def row_points(lines: int, size: int = 10) -> float:
    """Height of a row of so many lines, in points; never more than a row can have."""
    return min(MAX_ROW_POINTS, round(lines * size * 1.55 + 6, 1))


@lru_cache(maxsize=10_000)
def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    return 0.0 if unicodedata.combining(character) else _NARROW
