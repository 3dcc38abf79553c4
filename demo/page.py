"""A page of paper on a desk, photographed from above by somebody in a hurry."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from demo.canvas import Canvas, Colour, Point

INK: Colour = (38, 38, 44)
SEAL: Colour = (196, 40, 44)


def page(canvas: Canvas, lines: Sequence[str]) -> None:
    """*lines* on a white sheet, the first one as its title, with a round seal below."""
    _desk(canvas)
    corners = _sheet(canvas)
    canvas.area([(x + 0.012, y + 0.014) for x, y in corners], (52, 46, 42))
    canvas.area(corners, (226, 224, 218))
    step = min(0.075, 0.78 / max(1, len(lines)))
    for number, line in enumerate(lines):
        top = 0.06 + number * step
        left, right = (0.2, 0.8) if number == 0 else (0.09, 0.09 + min(0.83, 0.026 * len(line)))
        high = step * (0.8 if number == 0 else 0.62)
        canvas.words(line, _part(corners, left, top, right, top + high), INK)
    _seal(canvas, corners)


def _desk(canvas: Canvas) -> None:
    wood = canvas.colour(70, 130)
    canvas.fade(-0.3, -0.3, 1.3, 1.3, (wood, canvas.colour(60, 120)))
    for _grain in range(90):
        y = canvas.between(-0.1, 1.1)
        shade = int(canvas.between(-22, 22))
        red, green, blue = (max(0, part + shade) for part in wood)
        canvas.line((-0.2, y), (1.2, y + canvas.between(-0.05, 0.05)), (red, green, blue), canvas.between(0.001, 0.006))
    x, y = canvas.between(0.82, 1.0), canvas.between(0.1, 0.7)  # a pen
    canvas.line((x, y), (x + 0.03, y + 0.3), canvas.colour(20, 200), 0.012)


def _sheet(canvas: Canvas) -> list[Point]:
    """Corners of the paper, clockwise from the upper left."""
    turn = canvas.between(-0.07, 0.07)
    straight = np.array([(0.17, 0.05), (0.83, 0.05), (0.88, 0.96), (0.12, 0.96)]) - 0.5
    turned = straight @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))]) + 0.5
    return [(float(x), float(y)) for x, y in turned + canvas.random.uniform(-0.02, 0.02, (4, 2))]


def _part(corners: Sequence[Point], left: float, top: float, right: float, bottom: float) -> list[Point]:
    """A rectangle of the sheet, in shares of its sides."""
    a, b, c, d = (np.array(corner) for corner in corners)

    def inside(x: float, y: float) -> Point:
        point = (a * (1 - x) + b * x) * (1 - y) + (d * (1 - x) + c * x) * y
        return float(point[0]), float(point[1])

    return [inside(left, top), inside(right, top), inside(right, bottom), inside(left, bottom)]


def _seal(canvas: Canvas, corners: Sequence[Point]) -> None:
    x, y = canvas.between(0.62, 0.72), canvas.between(0.82, 0.86)
    around = np.linspace(0, 2 * np.pi, 49)
    ring = [_part(corners, x + 0.1 * np.cos(turn), y + 0.075 * np.sin(turn), 1, 1)[0] for turn in around]
    for start, end in pairwise(ring):
        canvas.line(start, end, SEAL, 0.004)
    star = [_part(corners, x + r * np.cos(t), y + 0.75 * r * np.sin(t), 1, 1)[0] for t, r in _star()]
    canvas.area(star, SEAL)


def _star() -> list[tuple[float, float]]:
    """Angle and distance of the ten corners of a star."""
    return [(np.pi * (corner / 5 - 0.5), 0.016 if corner % 2 else 0.04) for corner in range(10)]
