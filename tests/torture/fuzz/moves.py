"""A sheet on which things have been moved about: contents, rows, headers, decisions; it stays a sheet."""

from __future__ import annotations

import re
from random import Random
from xml.sax.saxutils import escape

from tests.torture.fuzz import values
from tests.torture.fuzz.xml import with_cell

_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(r"<row\b[^>]*>.*?</row>", re.DOTALL)


def moved(part: bytes, rng: Random) -> bytes:
    """A sheet whose cells or rows have changed places, or hold a little else than they did."""
    text = part.decode("utf-8", "surrogateescape")
    change = rng.choice(
        (
            _contents,
            _contents,
            _column,
            _copied,
            _copied,
            _rows,
            _nudged,
            _nudged,
            _filled,
            _filled,
            _any_cell,
            _headers,
        )
    )
    return change(text, rng).encode("utf-8", "surrogateescape")


def _contents(text: str, rng: Random) -> str:
    """Two cells with each other's content: signatures, decisions, names."""
    cells = list(_CELL.finditer(text))
    if len(cells) < 2:
        return text
    one, two = sorted(rng.sample(cells, 2), key=lambda each: each.start())
    return text[: one.start(3)] + _inner(two) + text[one.end() : two.start(3)] + _inner(one) + text[two.end() :]


def _column(text: str, rng: Random) -> str:
    """The same of two cells of one column."""
    cells = list(_CELL.finditer(text))
    one = rng.choice(cells) if cells else None
    others = [each for each in cells if one and each[1] == one[1] and each[2] != one[2]]
    if one is None or not others:
        return text
    first, second = sorted((one, rng.choice(others)), key=lambda each: each.start())
    return (
        text[: first.start(3)]
        + _inner(second)
        + text[first.end() : second.start(3)]
        + _inner(first)
        + text[second.end() :]
    )


def _inner(cell: re.Match[str]) -> str:
    return f"{cell[3]}>{cell[4] or ''}</c>"


def _copied(text: str, rng: Random) -> str:
    """A cell's content in another's place too."""
    cells = list(_CELL.finditer(text))
    if not cells:
        return text
    one, two = rng.choice(cells), rng.choice(cells)
    return text[: one.start(3)] + _inner(two) + text[one.end() :]


def _rows(text: str, rng: Random) -> str:
    """Rows exchanged, doubled or taken out; their numbers stay, or go along."""
    rows = list(_ROW.finditer(text))
    if len(rows) < 2:
        return text
    one, two = sorted(rng.sample(rows, 2), key=lambda each: each.start())
    first_at, second_at = (re.search(r'r="(\d+)"', each[0]) for each in (one, two))
    match rng.randrange(3):
        case 0 if first_at and second_at:
            first, second = _renumbered(two[0], first_at[1]), _renumbered(one[0], second_at[1])
            return text[: one.start()] + first + text[one.end() : two.start()] + second + text[two.end() :]
        case 1:
            return text[: one.start()] + text[one.end() :]
        case _:
            return text[: two.end()] + _renumbered(one[0], str(rng.choice((30, 31, 32)))) + text[two.end() :]


def _renumbered(row: str, number: str) -> str:
    row = re.sub(r'(<row[^>]* r=")\d+', rf"\g<1>{number}", row, count=1)
    return re.sub(r'(<c r="[A-Z]+)\d+', rf"\g<1>{number}", row)


def _nudged(text: str, rng: Random) -> str:
    """A character of a cell's text otherwise, or a shared string's number."""
    found = list(re.finditer(r"<(?:t|v)(?: [^>]*)?>([^<]+)</(?:t|v)>", text))
    if not found:
        return text
    each = rng.choice(found)
    at = rng.randrange(each.start(1), each.end(1))
    return (
        text[:at]
        + rng.choice(("0", "1", "9", "a", "A", "甲", " ", "\u200b", "\u00a0", ".", "-", "_", ""))
        + text[at + rng.randrange(2) :]
    )


def _filled(text: str, rng: Random) -> str:
    """A decision, a comment or anything else written into a cell."""
    cells = list(_CELL.finditer(text))
    if not cells:
        return text
    cell = rng.choice(cells)
    words = rng.choice(
        ("同意", "驳回", "同意", "通过", "√", "x", "", "同 意", "OK", "不同意", '="同意"', values.some(rng))
    )
    words = escape("".join(char for char in words if char >= " "))
    if rng.random() < 0.1:
        return text[: cell.start(3)] + f"><f>{words}</f></c>" + text[cell.end() :]
    return text[: cell.start(3)] + f' t="inlineStr"><is><t>{words}</t></is></c>' + text[cell.end() :]


def _any_cell(text: str, rng: Random) -> str:
    return with_cell(text.encode("utf-8", "surrogateescape"), rng).decode("utf-8", "surrogateescape")


def _headers(text: str, rng: Random) -> str:
    """A header in another column's place, or the row of headers once more."""
    rows = list(_ROW.finditer(text))
    if len(rows) < 2:
        return text
    head = rows[1] if len(rows) > 2 and rng.random() < 0.8 else rows[0]
    new = _contents(head[0], rng) if rng.random() < 0.7 else head[0] + _renumbered(head[0], "40")
    return text[: head.start()] + new + text[head.end() :]
