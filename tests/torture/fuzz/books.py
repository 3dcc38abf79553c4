"""Workbooks, approval sheets and forms, each changed in its own way."""

from __future__ import annotations

from random import Random

from tests.torture.fuzz import moves, packages, xml

_SHEET = "xl/worksheets/sheet"


def book(data: bytes, rng: Random) -> bytes:
    """A workbook after a change of any kind."""
    kind = rng.random()
    parts = packages.unpacked(data)
    if not parts or kind < 0.12:
        return packages.lying(data, rng)
    if kind < 0.22:
        return packages.packed(packages.changed_parts(parts, rng))
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = _part(parts, rng)
        parts[at] = (parts[at][0], xml.changed(parts[at][1], rng))
    return packages.packed(parts)


def form(data: bytes, rng: Random) -> bytes:
    """A workbook that stays whole: other things stand in its cells."""
    parts = packages.unpacked(data)
    if not parts:
        return data
    sheets = [at for at, (name, _body) in enumerate(parts) if name.startswith(_SHEET)]
    for _ in range(rng.choice((1, 1, 2, 3, 6)) if sheets else 0):
        at = rng.choice(sheets)
        parts[at] = (parts[at][0], xml.with_cell(parts[at][1], rng))
    return packages.packed(parts)


def sheet(data: bytes, rng: Random) -> bytes:
    """An approval sheet after what somebody does who wants to get something through: cells, rows and signatures moved."""
    parts = packages.unpacked(data)
    if not parts:
        return data
    at = next((n for n, (name, _body) in enumerate(parts) if name.startswith(_SHEET)), 0)
    for _ in range(rng.choice((1, 1, 2, 3))):
        parts[at] = (parts[at][0], moves.moved(parts[at][1], rng))
    return packages.packed(parts)


def _part(parts: packages.Parts, rng: Random) -> int:
    """Which part: sheets above all."""
    weights = [8 if name.startswith(_SHEET) else 3 if name.endswith((".xml", ".rels")) else 0.3 for name, _ in parts]
    return rng.choices(range(len(parts)), weights)[0]
