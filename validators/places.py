"""省/市/区 as the map has them, and those that are newer than the map: the config tells whose ground they are on (客户新增 3(1)4)."""

from __future__ import annotations

from intake.place.names import SEPARATORS, parse_area
from ledger.records import Area
from policy.settings import Settings


def area_named(text: str, settings: Settings) -> Area | None:
    """The area that *text* names, one of the map or one of ``[places] new``."""
    written = SEPARATORS.sub("", text)
    for name in settings.places.new:
        if SEPARATORS.sub("", name) == written:
            return _area(name)
    return parse_area(text)


def grounds(area: Area, settings: Settings) -> tuple[Area, ...]:
    """The areas of the map in which a picture of *area* may lie: itself, and that out of which it was made."""
    old = next((old for new, old in settings.places.new.items() if _area(new) == area), None)
    before = parse_area(old) if old else None
    return (area, before) if before else (area,)


def _area(name: str) -> Area:
    province, *middle, district = (part.strip() for part in name.split("/"))
    return Area(province, middle[0] if middle else province, district)
