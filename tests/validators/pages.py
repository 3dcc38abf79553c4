"""Pictures of which just these lines were read, as a test wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ledger.records import Photo
from ledger.written import Line, Words
from policy.forms.customer import NewCustomer
from tests.case_facts import put

_CAMERA = put(NewCustomer, {}).facts.photos_of("front_photos")[0]


def line(text: str = "", at: tuple[int, int] = (100, 100), to: int = 0, **other: Any) -> Line:
    """A level line from *at* to *to*, five hundred wide where that is not said."""
    given: dict[str, Any] = {"sure": 0.98, "page": 1, "height": 20, "end": (to or at[0] + 500, at[1]), **other}
    return Line(text, start=at, **given)


def photo(*lines: Line, trouble: str = "", pages: int = 1) -> Photo:
    """A picture of which just these lines were read."""
    facts = replace(_CAMERA.facts, pages=pages)
    return replace(_CAMERA, name="证件.jpg", facts=facts, words=Words(lines, 1, trouble))


def page(*texts: str | Line) -> Photo:
    """A picture with a line below the other."""
    made = (each if isinstance(each, Line) else line(each, (100, 100 + 100 * n)) for n, each in enumerate(texts))
    return photo(*made)
