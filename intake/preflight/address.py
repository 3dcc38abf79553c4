"""Addresses of cells: ``A1``, ``C3:D9``."""

from __future__ import annotations

import re

from intake.preflight.survey import Area, Cell

REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class _Columns(dict[str, int]):
    """Numbers of column letters, remembered: the lookup happens for every cell."""

    def __missing__(self, letters: str) -> int:
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - 64
        self[letters] = number
        return number


column_number = _Columns().__getitem__


def cell_at(reference: str) -> Cell | None:
    """Row and column of ``C3``, from 1; None when it is no address."""
    match = REFERENCE.fullmatch(reference)
    return (int(match[2]), column_number(match[1])) if match else None


def area(reference: str) -> Area | None:
    """The area of ``A1:C3`` or ``A1``; None when it is not one (whole columns, several areas)."""
    first, _, last = reference.partition(":")
    start, end = cell_at(first), cell_at(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return rows[0], columns[0], rows[1], columns[1]


def size(place: Area) -> int:
    """How many cells an area has."""
    return (place[2] - place[0] + 1) * (place[3] - place[1] + 1)


def whole(text: str | None, otherwise: int) -> int:
    """A whole number of an attribute, or *otherwise*."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise


def number(text: str, otherwise: float) -> float:
    """A number as XML writes it (never ``1_000``), or *otherwise*."""
    if "_" in text:
        return otherwise
    try:
        return float(text)
    except ValueError:
        return otherwise
