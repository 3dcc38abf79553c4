"""The names of places: 省/市/区 as staff write them, and as the map has them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from ledger.records import Area
from policy.districts import lines

SEPARATORS = re.compile(r"[\s/\\|、,;·.>_\-—–]+")
#: what official drop-down lists put where a level is missing
NO_CITY = ("", "市辖区", "县", "省直辖", "省直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划")
#: what may follow the name of a city that has no districts
TOWN = re.compile(r"[\u4e00-\u9fff]{2,10}(街道|镇|乡)")
ETHNIC_PREFECTURE = "自治州"
ETHNIC_REGION = "自治区"
CLOSE_ENOUGH = 60.0  #: of 100, for the whole text
HALF = 50.0  #: of 100, for the district: one of two characters


@dataclass(frozen=True)
class _Entry:
    """One line of the set: the area, and its levels' short names."""

    area: Area
    province: str
    city: str
    district: str


def is_real(province: str, city: str, district: str) -> bool:
    """Whether the three full names are a district of the country (municipalities: city = province)."""
    return Area(province, city, district) in _known()


@lru_cache(maxsize=4_096)  # a sheet repeats its places
def parse_area(text: str) -> Area | None:
    """The area that *text* names; None when there is none, or more than one.

    Slashes and spaces do not matter.  Province and city may go without their suffix; the city
    may be left out where it says nothing (municipalities, counties directly under a province);
    a city without districts may be followed by a town or a street office.
    """
    written = _plain(text)
    found = _in_full().get(written)
    if found is not None:
        return found
    found = _spellings().get(written)
    if found is not None:
        return found
    return _city_with_town(written)


def suggest(text: str) -> str | None:
    """The real 省/市/区 nearest to *text*, in words; None when nothing or too much is near."""
    written = _plain(text)
    if parsed := parse_area(text):
        return show(parsed)
    if not written:
        return None
    candidates, names = _candidates()
    near = process.extract(written, names, scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH, limit=20)
    near = [hit for hit in near if _names_district(written, candidates[hit[2]])]
    best = {candidates[index].area for _, score, index in near if score == near[0][1]}
    return show(best.pop()) if len(best) == 1 else None


def show(area: Area) -> str:
    """The area as staff write it: 上海市/浦东新区, 广东省/东莞市, 广东省/深圳市/南山区."""
    return "/".join(dict.fromkeys((area.province, area.city, area.district)))


@cache
def areas() -> tuple[Area, ...]:
    """Every district of the country, in the order of the map."""
    return tuple(entry.area for entry in _entries())


@cache
def place_names() -> frozenset[str]:
    """What provinces, cities and districts are called, with and without their suffix."""
    return frozenset(
        name
        for entry in _entries()
        for name in (
            entry.area.province, entry.province, entry.area.city, entry.city, entry.area.district, entry.district,
            _stem(entry.area.district),
        )
        if len(name) > 1
    )  # fmt: skip


@cache
def _known() -> frozenset[Area]:
    return frozenset(areas())


@cache
def _entries() -> tuple[_Entry, ...]:
    provinces = {row["province_name"]: row["short_name"] for row in lines("cn_province.csv")}
    cities = {row["city_adcode"]: row["short_name"] for row in lines("cn_city.csv")}
    return tuple(
        _Entry(
            Area(row["province_name"], row["city_name"], row["district_name"]),
            provinces[row["province_name"]],
            cities[row["city_adcode"]],
            row["short_name"],
        )
        for row in lines("cn_district.csv")
    )


def _plain(text: str) -> str:
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


@cache
def _in_full() -> dict[str, Area]:
    """Every area as the map names it: most people choose it from a list, and need none of the other spellings."""
    return {str(area): area for area in areas()} | {"".join((a.province, a.city, a.district)): a for a in areas()}


@cache
def _spellings() -> dict[str, Area | None]:
    """Every accepted spelling without separators; None marks those that mean more than one place."""
    loose: dict[str, Area | None] = {}
    for entry in _entries():
        for spelling in _ways(entry):
            loose[spelling] = entry.area if loose.get(spelling, entry.area) == entry.area else None
    return loose | _in_full()


def _ways(entry: _Entry) -> set[str]:
    provinces, cities = _province_ways(entry), _city_ways(entry)
    districts = {entry.area.district, entry.district}
    if entry.area.city == entry.area.district:
        # The name is written once or twice, and either time it may go without its suffix.
        names = cities - set(NO_CITY) | ({""} if entry.area.city == entry.area.province else set())
        return {p + c + d for p in provinces for c in cities for d in names | districts}
    return {p + c + d for p in provinces for c in cities for d in districts}


def _province_ways(entry: _Entry) -> set[str]:
    full, short = entry.area.province, entry.province
    return {full, short, short + ETHNIC_REGION} if full.endswith(ETHNIC_REGION) else {full, short}


def _city_ways(entry: _Entry) -> set[str]:
    area = entry.area
    ways = {area.city, entry.city}
    if area.city.endswith(ETHNIC_PREFECTURE):
        ways.add(entry.city + "州")
    if area.city in (area.province, area.district):
        ways.update(NO_CITY)
    return ways


def _city_with_town(written: str) -> Area | None:
    for end in range(len(written) - 3, 3, -1):
        area = _spellings().get(written[:end])
        if area and area.city == area.district and TOWN.fullmatch(written[end:]):
            return area
    return None


@cache
def _candidates() -> tuple[list[_Entry], list[str]]:
    """Fuller and shorter names of every area, for comparison with a name that is not right."""
    candidates: list[_Entry] = []
    names: list[str] = []
    for entry in _entries():
        area = entry.area
        short = "".join(dict.fromkeys((entry.province, entry.city, _stem(area.district))))
        for name in {str(area), short, f"{area.city}{area.district}", f"{entry.city}{_stem(area.district)}"}:
            candidates.append(entry)
            names.append(name)
    return candidates, names


def _stem(district: str) -> str:
    return district[:-1] if len(district) > 2 and district[-1] in "区县市旗" else district


def _names_district(written: str, entry: _Entry) -> bool:
    """Only a text that says something of the district leads to one: the province and the city alone do not."""
    rest, stem = written, _stem(entry.area.district)
    for name in (entry.area.province, entry.province, entry.area.city, entry.city):
        if name != entry.area.district:
            rest = rest.removeprefix(name)
    return fuzz.partial_ratio(stem, rest) >= HALF if rest else False
