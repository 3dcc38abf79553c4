"""Light and shade that fall differently on every picture.

Drawn scenes of one kind resemble each other far more than photographs do: a street is a street.
So each seed has its own pattern of light, coarse enough to survive a messenger's compression, chosen from a
code whose words differ in at least 24 of 64 places.  Whoever compares pictures sees different ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

COLUMNS, ROWS = 9, 8
WORDS = 8192  #: how many patterns there are
STEP = 5.0  #: grey levels by which neighbouring fields differ at least
SKETCH = (180, 160)
ROUNDS = 12

Grid = npt.NDArray[np.float64]


def fall(image: Image.Image, word: int) -> Image.Image:
    """*image* under the light of pattern *word*, changed no more than the pattern needs."""
    sketch = image.convert("L").resize(SKETCH, Image.Resampling.BOX)
    brighter = _code(word % WORDS)
    light = np.zeros((ROWS, COLUMNS))
    for _round in range(ROUNDS):  # light that spreads softly is seen blurred, so look again
        lit = ImageChops.add(sketch, _spread(light, SKETCH), offset=-128)
        seen = np.asarray(lit.resize((COLUMNS, ROWS), Image.Resampling.BILINEAR), dtype=np.float64)
        light = np.clip(light + 1.2 * (_settle(seen, brighter) - seen), -120, 120)
    veil = _spread(light, image.size)
    return ImageChops.add(image, Image.merge("RGB", (veil, veil, veil)), offset=-128)


def _spread(light: Grid, size: tuple[int, int]) -> Image.Image:
    fields = Image.fromarray((light + 128).astype(np.uint8))
    return fields.resize(size, Image.Resampling.BICUBIC)


def _settle(seen: Grid, brighter: npt.NDArray[np.bool_]) -> Grid:
    """The nearest brightness in which every field is brighter or darker than its right neighbour, as wanted."""
    fields = seen.copy()
    sign = np.where(brighter, 1.0, -1.0)
    for _round in range(40):
        for first in (0, 1):  # pairs that share no field are settled together
            left, right = fields[:, first:-1:2], fields[:, first + 1 :: 2]
            wanted = sign[:, first::2]
            short = wanted * np.maximum(0.0, STEP - wanted * (left - right)) / 2
            left += short
            right -= short
    return fields


def _code(word: int) -> npt.NDArray[np.bool_]:
    """Word number *word* of the extended dual BCH code (64, 13, 24): Tr(a·x + b·x³) + e over the field of 64."""
    a, b, e = word >> 7, word >> 1 & 63, word & 1
    terms = (_times(a, _POWERS[power]) ^ _times(b, _POWERS[3 * power % 63]) for power in range(63))
    bits = [e, *(e ^ _trace(term) for term in terms)]
    return np.array(bits, dtype=bool).reshape(ROWS, COLUMNS - 1)


def _powers() -> tuple[int, ...]:
    """Powers of a root of x⁶ + x + 1."""
    found = [1]
    for _power in range(62):
        double = found[-1] << 1
        found.append(double ^ 0b1000011 if double > 63 else double)
    return tuple(found)


_POWERS = _powers()
_LOGARITHMS = {value: power for power, value in enumerate(_POWERS)}


def _times(left: int, right: int) -> int:
    return _POWERS[(_LOGARITHMS[left] + _LOGARITHMS[right]) % 63] if left and right else 0


def _trace(value: int) -> int:
    total = 0
    for _power in range(6):
        total, value = total ^ value, _times(value, value)
    return total & 1
