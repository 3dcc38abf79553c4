"""How words are compared: what counts as the same text although it was typed differently."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_HEADER_MARKS = re.compile(r"^\(?\d{1,2}[.、)]|[*:!?#]|^[★☆※]+|[★☆※]+$")
_HEADER_REMARK = re.compile(r"(?:\([^()]*\)|必填项?|选填项?|必须填写|可不填)+$")
_NAME_LIST = re.compile(r"[、,，;；\n\r]+")
_APART = re.compile(r"[\s·•・]+")
_EXTENSION = re.compile(r"\.(jpe?g|png|heic|heif|webp|tiff?|bmp|gif|mpo|pdf)$")
_BRACKETS = str.maketrans("[]{}<>〔〕【】「」『』〈〉《》", "()()()()()()()()()")


def clean(text: str) -> str:
    """The text without marks that nobody sees: zero-width and direction marks, control characters, odd spaces."""
    if text.isprintable():  # none of those marks is
        return text.strip()
    text = text.translate(_INVISIBLE).replace("\u00a0", " ").replace("\u3000", " ")
    return _CONTROL.sub("", text).strip()


@lru_cache(maxsize=16_384)  # a sheet repeats its words, and each is asked for in several places
def fold(text: str) -> str:
    """The key under which names are the same: NFKC, one kind of bracket, no spaces, no case."""
    folded = unicodedata.normalize("NFKC", clean(text)).translate(_BRACKETS)
    return _APART.sub("", folded).casefold()


@lru_cache(maxsize=4_096)
def header_key(text: str) -> str:
    """The key under which a header is found: as :func:`fold`, without stars, numbers before it and remarks after it."""
    bare = _HEADER_MARKS.sub("", fold(text))
    return _HEADER_REMARK.sub("", bare) or bare


def split_list(text: str) -> tuple[str, ...]:
    """The entries of a list that staff wrote with 、 , ， ; ； or line breaks; blanks and repeats left out."""
    parts = (clean(part) for part in _NAME_LIST.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


@lru_cache(maxsize=4_096)
def file_key(name: str) -> str:
    """The key under which a photo's name is found: no folder, no extension, no case."""
    stem = clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    folded = unicodedata.normalize("NFKC", stem).casefold()
    return _EXTENSION.sub("", folded)
