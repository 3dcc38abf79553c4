"""What salespeople photograph: shop fronts, offices, store rooms."""

from __future__ import annotations

import numpy as np

from demo.canvas import Canvas, Colour

WHITE: Colour = (236, 234, 228)


def shop_front(canvas: Canvas, caption: str) -> None:
    """A shop in a row of shops, seen across the pavement, its name above the door."""
    sign, ground = canvas.between(0.24, 0.36), canvas.between(0.76, 0.86)
    _upper_floors(canvas, sign - 0.04)
    left, right = canvas.between(0.06, 0.2), canvas.between(0.8, 0.94)
    for start, end in ((-0.3, left - 0.015), (right + 0.015, 1.3)):
        _neighbour(canvas, start, end, sign, ground)
    canvas.box(left, sign - 0.03, right, ground, canvas.colour(70, 130))
    _shop_window(canvas, left + 0.02, sign + 0.16, right - 0.02, ground)
    _sign(canvas, caption, left, sign, right)
    _pavement(canvas, ground)
    for _thing in range(int(canvas.random.integers(1, 4))):
        _passer_by(canvas, canvas.between(-0.05, 1.05), canvas.between(0.84, 0.98))


def _upper_floors(canvas: Canvas, bottom: float) -> None:
    canvas.fade(-0.3, -0.3, 1.3, bottom, (canvas.colour(120, 200), canvas.colour(90, 160)))
    step = canvas.between(0.11, 0.19)
    glass = canvas.colour(50, 120)
    for x in np.arange(-0.2, 1.2, step):
        for y in (-0.12, 0.06):
            canvas.box(x, y, x + step * 0.6, y + 0.12, WHITE)
            shine = int(canvas.random.integers(0, 90))
            canvas.box(x + 0.008, y + 0.01, x + step * 0.6 - 0.008, y + 0.11, _lighter(glass, shine))
            canvas.line((x + step * 0.3, y), (x + step * 0.3, y + 0.12), WHITE, 0.004)


def _neighbour(canvas: Canvas, left: float, right: float, sign: float, ground: float) -> None:
    canvas.box(left, sign - 0.02, right, ground, canvas.colour(60, 170))
    canvas.box(left, sign, right, sign + 0.1, canvas.colour(40, 220))
    for y in np.arange(sign + 0.14, ground, 0.018):  # a rolling shutter
        canvas.box(left, y, right, y + 0.009, canvas.colour(120, 150))


def _sign(canvas: Canvas, caption: str, left: float, top: float, right: float) -> None:
    board, letters = (canvas.colour(10, 110), WHITE) if canvas.random.random() < 0.7 else (WHITE, canvas.colour(10, 90))
    canvas.box(left - 0.01, top - 0.01, right + 0.01, top + 0.14, _lighter(board, -25))
    canvas.box(left, top, right, top + 0.13, board)
    inner = (
        (left + 0.03, top + 0.01),
        (right - 0.03, top + 0.01),
        (right - 0.03, top + 0.12),
        (left + 0.03, top + 0.12),
    )
    canvas.words(caption, inner, letters)
    for lamp in np.linspace(left + 0.05, right - 0.05, 5):
        canvas.line((lamp, top - 0.05), (lamp, top), (40, 40, 40), 0.003)
        canvas.disc(lamp, top, 0.006, (250, 240, 200))


def _shop_window(canvas: Canvas, left: float, top: float, right: float, bottom: float) -> None:
    canvas.fade(left, top, right, bottom, (canvas.colour(60, 110), canvas.colour(20, 60)))
    for shelf in np.arange(top + 0.1, bottom - 0.02, canvas.between(0.07, 0.12)):
        x = left + 0.01
        while x < right - 0.03:
            wide, high = canvas.between(0.008, 0.03), canvas.between(0.02, 0.06)
            canvas.box(x, shelf - high, x + wide, shelf, canvas.colour(50, 220))
            x += wide + canvas.between(0.002, 0.015)
        canvas.line((left, shelf), (right, shelf), (150, 140, 130), 0.003)
    door = canvas.between(left + 0.1, right - 0.25)
    canvas.box(door, top + 0.03, door + 0.16, bottom, (70, 75, 80))
    for leaf in (door + 0.008, door + 0.084):
        canvas.fade(leaf, top + 0.04, leaf + 0.068, bottom - 0.01, (canvas.colour(110, 170), canvas.colour(50, 100)))
    canvas.line((door + 0.08, top + 0.2), (door + 0.08, top + 0.32), WHITE, 0.004)


def _pavement(canvas: Canvas, top: float) -> None:
    canvas.fade(-0.3, top, 1.3, 1.3, (canvas.colour(120, 150), canvas.colour(150, 185)))
    joint, vanish = canvas.colour(80, 110), canvas.between(0.3, 0.7)
    for x in np.arange(-2.0, 3.0, canvas.between(0.12, 0.2)):
        canvas.line((vanish + (x - vanish) * 0.5, top), (x, 1.2), joint, 0.002)
    for depth in range(1, 7):
        y = top + 0.012 * depth * depth
        canvas.line((-0.3, y), (1.3, y), joint, 0.001 + depth * 0.0004)


def _passer_by(canvas: Canvas, x: float, y: float) -> None:
    """A person or a scooter in front of the shop."""
    coat, high = canvas.colour(20, 200), canvas.between(0.2, 0.3)
    canvas.disc(x, y, 0.03, (70, 70, 72))  # shadow
    if canvas.random.random() < 0.5:
        canvas.box(x - 0.016, y - high * 0.5, x - 0.002, y, (40, 44, 60))
        canvas.box(x + 0.002, y - high * 0.5, x + 0.016, y, (36, 40, 55))
        canvas.box(x - 0.026, y - high * 0.87, x + 0.026, y - high * 0.45, coat)
        canvas.disc(x, y - high * 0.93, 0.014, (205, 165, 140))
        return
    for wheel in (x - 0.05, x + 0.05):
        canvas.disc(wheel, y - 0.025, 0.022, (25, 25, 25))
        canvas.disc(wheel, y - 0.025, 0.012, (140, 140, 140))
    canvas.area([(x - 0.06, y - 0.08), (x + 0.03, y - 0.08), (x + 0.06, y - 0.03), (x - 0.04, y - 0.03)], coat)
    canvas.line((x + 0.045, y - 0.03), (x + 0.03, y - 0.15), (50, 50, 50), 0.005)


def office(canvas: Canvas) -> None:
    """A meeting at somebody's desk."""
    canvas.fade(-0.3, -0.3, 1.3, 0.75, (canvas.colour(170, 215), canvas.colour(140, 190)))
    canvas.fade(-0.3, 0.7, 1.3, 1.3, (canvas.colour(80, 130), canvas.colour(110, 160)))
    _city(canvas, canvas.between(0.0, 0.5), canvas.between(0.05, 0.15))
    _board(canvas, canvas.between(0.5, 0.65), canvas.between(0.12, 0.22))
    top, wood = canvas.between(0.55, 0.65), canvas.colour(90, 160)
    canvas.area([(0.1, top), (0.9, top), (1.1, 0.86), (-0.1, 0.86)], wood)
    canvas.box(-0.1, 0.86, 1.1, 0.92, _lighter(wood, -40))
    for _thing in range(int(canvas.random.integers(2, 5))):
        _screen(canvas, canvas.between(0.12, 0.8), top + canvas.between(0.02, 0.1))
    for _paper in range(int(canvas.random.integers(2, 6))):
        x, y, lean = canvas.between(0.05, 0.85), top + canvas.between(0.1, 0.2), canvas.between(-0.03, 0.03)
        canvas.area([(x, y), (x + 0.09, y + lean / 2), (x + 0.12, y + 0.05), (x + 0.02, y + 0.06)], WHITE)
    _plant(canvas, canvas.between(-0.05, 1.0), canvas.between(0.5, 0.75))


def _city(canvas: Canvas, left: float, top: float) -> None:
    canvas.box(left - 0.012, top - 0.015, left + 0.372, top + 0.395, WHITE)
    canvas.fade(left, top, left + 0.36, top + 0.38, ((150, 185, 225), (225, 232, 236)))
    x = left
    while x < left + 0.33:
        wide, roof = canvas.between(0.02, 0.06), canvas.between(top + 0.08, top + 0.3)
        wall = canvas.colour(90, 170)
        canvas.box(x, roof, min(x + wide, left + 0.36), top + 0.38, wall)
        for y in np.arange(roof + 0.012, top + 0.36, 0.022):
            canvas.line((x + 0.004, y), (min(x + wide, left + 0.36) - 0.004, y), _lighter(wall, 50), 0.003)
        x += wide + 0.004
    canvas.box(left + 0.176, top, left + 0.184, top + 0.38, WHITE)


def _board(canvas: Canvas, left: float, top: float) -> None:
    canvas.box(left - 0.008, top - 0.01, left + 0.308, top + 0.27, (120, 120, 125))
    canvas.box(left, top, left + 0.3, top + 0.26, (232, 234, 236))
    for y in np.arange(top + 0.04, top + 0.24, 0.035):
        ink, x = canvas.colour(20, 130), left + 0.02
        while x < left + 0.02 + canvas.between(0.1, 0.25):
            canvas.line((x, y), (x + 0.01, y + canvas.between(-0.012, 0.012)), ink, 0.002)
            x += 0.013


def _screen(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x + 0.05, y - 0.03, x + 0.07, y + 0.02, (50, 50, 54))
    canvas.box(x - 0.005, y - 0.17, x + 0.125, y - 0.025, (28, 28, 32))
    canvas.fade(x, y - 0.163, x + 0.12, y - 0.035, (canvas.colour(40, 230), canvas.colour(60, 200)))
    for row in np.arange(y - 0.15, y - 0.05, 0.016):
        canvas.box(x + 0.008, row, x + canvas.between(0.03, 0.11), row + 0.006, canvas.colour(60, 200))


def _plant(canvas: Canvas, x: float, y: float) -> None:
    canvas.area([(x, y), (x + 0.08, y), (x + 0.068, y + 0.12), (x + 0.012, y + 0.12)], canvas.colour(110, 190))
    for _leaf in range(26):
        tip = (x + 0.04 + canvas.between(-0.1, 0.1), y - canvas.between(0.02, 0.26))
        green = (int(canvas.between(20, 80)), int(canvas.between(80, 160)), int(canvas.between(30, 80)))
        canvas.area([(x + 0.034, y), tip, (x + 0.048, y)], green)


def store_room(canvas: Canvas) -> None:
    """Shelves on both sides of an aisle."""
    vanish = (canvas.between(0.38, 0.62), canvas.between(0.36, 0.48))
    canvas.fade(-0.3, -0.3, 1.3, vanish[1], (canvas.colour(60, 110), canvas.colour(120, 170)))
    canvas.fade(-0.3, vanish[1], 1.3, 1.3, (canvas.colour(100, 140), canvas.colour(140, 190)))
    for lamp in range(1, 5):
        far = 0.62**lamp
        x, y = vanish[0], vanish[1] - 0.5 * far
        canvas.box(x - 0.12 * far, y - 0.02 * far, x + 0.12 * far, y + 0.02 * far, (250, 248, 235))
    for side in (-1, 1):
        for bay in range(7, -1, -1):
            _bay(canvas, vanish, side, 0.7**bay, 0.7 ** (bay + 1))


def _bay(canvas: Canvas, vanish: tuple[float, float], side: int, near: float, far: float) -> None:
    """One bay of shelves between two depths; 1 is at the camera, 0 at the horizon."""

    def at(depth: float, height: float) -> tuple[float, float]:
        return vanish[0] + side * 0.62 * depth, vanish[1] + (0.62 - height) * depth

    for level in (0.0, 0.32, 0.64, 0.96):
        filled = far
        while filled < near * 0.96:
            end = min(near, filled + (near - far) * canvas.between(0.2, 0.45))
            high, box = level + canvas.between(0.14, 0.28), canvas.colour(70, 190)
            canvas.area([at(end, level), at(end, high), at(filled, high), at(filled, level)], box)
            canvas.area(
                [at(end, high - 0.1), at(end, high - 0.07), at(filled, high - 0.07), at(filled, high - 0.1)], WHITE
            )
            filled = end + (near - far) * 0.03
        canvas.area([at(near, level), at(near, level - 0.03), at(far, level - 0.03), at(far, level)], (60, 80, 130))
    canvas.line(at(near, 0.0), at(near, 1.3), (215, 110, 40), 0.012 * near)


def _lighter(colour: Colour, amount: int) -> Colour:
    red, green, blue = (max(0, min(255, part + amount)) for part in colour)
    return red, green, blue
