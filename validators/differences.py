"""What 信息变更 would make different: asked by its rules, and kept with the row (信息变更 9)."""

from __future__ import annotations

from typing import Any

from ledger.records import Photo
from policy.forms.customer_change import NOBODY, CustomerChange
from policy.words import fold
from validators.facts import Facts


def located(photos: tuple[Photo, ...]) -> Photo | None:
    """The first picture that says where it was taken."""
    return next((photo for photo in photos if photo.facts.lat is not None), None)


def differences(record: CustomerChange, facts: Facts) -> dict[str, Any]:
    """Field → new value, for what the row gives and what differs from the book."""
    given = {name: getattr(record, name) for name in ("source", "type", "contact", "phone", "address", "region")}
    if record.new_name:
        given |= {"name": record.new_name, "name_key": fold(record.new_name)}
    if record.area and facts.area:
        given |= vars(facts.area)
    if record.shared:
        given["shared"] = [] if record.shared == NOBODY else list(record.shared)
    front = located(facts.photos_of("front_photos"))
    if front is not None:
        given |= {"lat": front.facts.lat, "lon": front.facts.lon}
    before = facts.customer
    return {
        name: value
        for name, value in given.items()
        if value is not None and (before is None or _differs(getattr(before, name), value))
    }


def _differs(before: Any, after: Any) -> bool:
    if isinstance(before, tuple):
        return sorted(before) != sorted(after)
    return bool(before != after)
