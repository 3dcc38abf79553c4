"""统一社会信用代码: eighteen characters, the last of which checks the others (GB 32100)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which look like figures
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_AS_READ = str.maketrans("IOSZV", "1052U")  # what a reader takes for what
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


def codes_in(text: str) -> Iterator[str]:
    """What may be such codes in *text*, whose spaces are taken out, with letters that no code has put right."""
    for found in _CODE.finditer(text.upper()):
        if sum(letter.isdigit() for letter in found[0]) >= 8:
            yield found[0].translate(_AS_READ)


def holds(code: str) -> bool:
    """Whether the last character of *code* fits the others."""
    if len(code) != 18 or any(letter not in _ALPHABET for letter in code):
        return False
    return code[-1] == check_digit(code[:-1])


def check_digit(first: str) -> str:
    """The eighteenth character, from the first seventeen."""
    total = sum(_ALPHABET.index(letter) * weight for letter, weight in zip(first, _WEIGHTS, strict=True))
    return _ALPHABET[(31 - total % 31) % 31]
