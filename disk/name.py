"""Names that every file system takes, near to those that staff gave."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80  #: characters of the name, ending included
WIDEST = 200  #: bytes of the name in UTF-8: 255 are allowed, and something stands before it
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)


def safe_name(name: str, longest: int = LONGEST, widest: int = WIDEST) -> str:
    """*name* in NFC without what Windows refuses or what turns the reading around, shortened before its ending."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    plain = "".join("_" if unicodedata.category(char)[0] in "CZ" and char != " " else char for char in plain)
    plain = FORBIDDEN.sub("_", plain).strip().rstrip(". ") or "_"
    if DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = plain, "", ""
    return _shorten(stem, dot + ending, longest, widest) + dot + ending


def _shorten(stem: str, ending: str, longest: int, widest: int) -> str:
    stem = stem[: longest - len(ending)]
    while len((stem + ending).encode()) > widest:
        stem = stem[:-1]
    return stem.rstrip(". ") or "_"
