"""The numbers, lists and posts of the config that decide about people, each under its name: what may not change unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from policy.settings import DATED, Settings

#: What has a date, and what names its days itself; places, limits and hours of the machine decide about nobody.
SECTIONS = (*DATED, "calendar")


def deciding(settings: Settings) -> dict[str, Any]:
    """Name → value, as JSON knows it; what changes on a day stands under ``policy.<day>.<name>``."""
    found = {"company.zone": settings.company.zone, **dict(_of(settings))}
    before = dict(_of(settings))
    for day in settings.changes:
        after = dict(_of(settings.as_of(day)))
        found |= {f"policy.{day}.{name}": value for name, value in after.items() if before.get(name) != value}
        before = after
    return found


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Name → [old, new] of what differs; None for what is not there."""
    return {
        name: [before.get(name), after.get(name)]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _of(settings: Settings) -> Iterator[tuple[str, Any]]:
    for section in SECTIONS:
        value = getattr(settings, section)
        given = value.model_dump() if hasattr(value, "model_dump") else value
        yield from _leaves(given, section)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _leaves(below, f"{name}.{key}")
    else:
        yield name, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        plain = [_plain(each) for each in value]
        return sorted(plain, key=str) if isinstance(value, (set, frozenset)) else plain
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1):02}:{value % timedelta(hours=1) // timedelta(minutes=1):02}"
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
