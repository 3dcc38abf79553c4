"""Coordinates become districts near enough, and written areas become real ones or none."""

from __future__ import annotations

import subprocess
import sys
from math import inf, nan

import pytest
import shapely
from shapely.ops import nearest_points

from intake.place import locate as place
from intake.place.map import district_map
from intake.place.names import show
from ledger.records import Area

NANSHAN = Area("广东省", "深圳市", "南山区")


# --- coordinates → district -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon", "wanted"),
    [
        (22.5405, 113.9346, "广东省深圳市南山区"),
        (31.2304, 121.4737, "上海市黄浦区"),
        (39.9087, 116.3975, "北京市东城区"),
        (29.5630, 106.5516, "重庆市渝中区"),
        (23.0200, 113.7500, "广东省东莞市"),
        (19.5200, 109.5800, "海南省儋州市"),
        (16.8330, 112.3330, "海南省三沙市西沙区"),
        (30.3650, 113.4500, "湖北省仙桃市"),
        (25.6065, 100.2676, "云南省大理白族自治州大理市"),
        (44.3050, 86.0400, "新疆维吾尔自治区石河子市"),
        (22.2800, 114.1580, "香港特别行政区中西区"),
        (22.1930, 113.5400, "澳门特别行政区"),
        (25.0400, 121.5100, "台湾省台北市"),
    ],
)
def test_known_places_are_found(lat: float, lon: float, wanted: str) -> None:
    assert str(place.locate(lat, lon)[0]) == wanted


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(0.0, 0.0), (48.8566, 2.3522), (37.5665, 126.9780), (35.6762, 139.6503), (21.0278, 105.8342), (30.0, 125.5)],
)
def test_abroad_and_at_sea_there_is_no_district(lat: float, lon: float) -> None:
    assert place.locate(lat, lon) == ()


@pytest.mark.parametrize(("lat", "lon"), [(nan, 113.9), (22.5, nan), (inf, 113.9), (999, 113.9), (22.5, -999), (91, 0)])
def test_invalid_coordinates_have_no_district(lat: float, lon: float) -> None:
    assert place.locate(lat, lon) == ()


def _beside_a_border(metres: float) -> tuple[float, float, Area, Area]:
    """A point inside Nanshan, so far from Bao'an, measured along the straight line between them."""
    outlines = dict(zip(district_map().areas, district_map().outlines.tolist(), strict=True))
    baoan = Area("广东省", "深圳市", "宝安区")
    shared = outlines[NANSHAN].boundary.intersection(outlines[baoan].buffer(1e-5))
    edge = shared.interpolate(0.5, normalized=True)
    inside = outlines[NANSHAN].representative_point()
    line = shapely.LineString([edge, inside])
    for step in range(1, 4000):
        point = line.interpolate(step * 1e-5)
        near = nearest_points(point, outlines[baoan])[1]
        if outlines[NANSHAN].contains(point) and place.distance_m(point.y, point.x, near.y, near.x) >= metres:
            return point.y, point.x, NANSHAN, baoan
    raise AssertionError("no such point")


def test_near_a_border_both_districts_count_and_the_containing_one_comes_first() -> None:
    lat, lon, own, other = _beside_a_border(270)
    assert place.locate(lat, lon)[0] == own
    assert other in place.locate(lat, lon)


def test_beyond_300_metres_the_neighbour_does_not_count() -> None:
    lat, lon, own, other = _beside_a_border(330)
    assert place.locate(lat, lon)[0] == own
    assert other not in place.locate(lat, lon)


def test_just_off_the_coast_the_nearest_district_counts() -> None:
    outlines = dict(zip(district_map().areas, district_map().outlines.tolist(), strict=True))
    island = Area("海南省", "三亚市", "吉阳区")
    lon, coast = min(shapely.get_coordinates(outlines[island]).tolist(), key=lambda point: point[1])
    off_shore = coast - 200 / 111_195
    assert not any(outline.contains(shapely.Point(lon, off_shore)) for outline in outlines.values())
    assert place.locate(off_shore, lon) == (island,)
    assert place.locate(coast - 400 / 111_195, lon) == ()


def test_every_outline_belongs_to_its_name_and_the_map_lies_right() -> None:
    """The set's own label points: decoded outlines that slipped by one, or by a scale, would miss them."""
    from policy.districts import lines

    rows = lines("cn_district.csv")
    points = shapely.points([[float(row["lon"]), float(row["lat"])] for row in rows])
    # The label points are rounded, some to a tenth of a degree.
    far = shapely.distance(district_map().outlines, points)
    assert (far < 0.15).mean() > 0.99
    assert (far == 0).mean() > 0.9


def test_asking_for_names_does_not_load_the_map() -> None:
    code = "import sys; from intake.place.locate import parse_area; parse_area('上海/浦东新区'); print('shapely' in sys.modules)"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "False", done.stderr


# --- written areas --------------------------------------------------------------------------------------


def test_every_district_is_real_and_reads_back_from_every_full_spelling() -> None:
    assert len(place.areas()) > 2800
    for area in place.areas():
        assert place.is_real(area.province, area.city, area.district)
        full = "/".join((area.province, area.city, area.district))
        assert place.parse_area(full) == place.parse_area(str(area)) == place.parse_area(show(area)) == area


@pytest.mark.parametrize(
    "text",
    [
        "广东省/深圳市/南山区", "广东省深圳市南山区", "广东/深圳/南山区", "广东深圳南山区", "广东省／深圳市／南山区",
        " 广东省 深圳市\u3000南山区 ", "广东省\\深圳市\\南山区", "广东省、深圳市、南山区", "广东省-深圳市-南山区",
        "广东省/深圳/南山区", "广东省\n深圳市\n南山区",
    ],
)  # fmt: skip
def test_slashes_spaces_and_suffixes_do_not_matter(text: str) -> None:
    assert place.parse_area(text) == NANSHAN


@pytest.mark.parametrize(
    "text", ["上海市/浦东新区", "上海/浦东新区", "上海市/上海市/浦东新区", "上海市/市辖区/浦东新区"]
)
def test_municipalities_may_leave_the_middle_out(text: str) -> None:
    assert place.parse_area(text) == Area("上海市", "上海市", "浦东新区")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("湖北省/仙桃市", ("湖北省", "仙桃市", "仙桃市")),
        ("湖北/仙桃", ("湖北省", "仙桃市", "仙桃市")),
        ("湖北省/省直辖县级行政区划/仙桃市", ("湖北省", "仙桃市", "仙桃市")),
        ("湖北省/神农架林区", ("湖北省", "神农架林区", "神农架林区")),
        ("河南省/济源市/济源市", ("河南省", "济源市", "济源市")),
        ("海南省/白沙黎族自治县", ("海南省", "白沙黎族自治县", "白沙黎族自治县")),
        ("海南省/定安县", ("海南省", "定安县", "定安县")),
        ("新疆/石河子市", ("新疆维吾尔自治区", "石河子市", "石河子市")),
        ("广东省/东莞市", ("广东省", "东莞市", "东莞市")),
        ("广东/东莞市/虎门镇", ("广东省", "东莞市", "东莞市")),
        ("广东省/中山市/石岐街道", ("广东省", "中山市", "中山市")),
        ("海南省/儋州市", ("海南省", "儋州市", "儋州市")),
        ("海南省/三沙市/西沙区", ("海南省", "三沙市", "西沙区")),
        ("甘肃省/嘉峪关市", ("甘肃省", "嘉峪关市", "嘉峪关市")),
        ("云南省/大理白族自治州/大理市", ("云南省", "大理白族自治州", "大理市")),
        ("云南/大理州/大理市", ("云南省", "大理白族自治州", "大理市")),
        ("湖南/湘西/凤凰县", ("湖南省", "湘西土家族苗族自治州", "凤凰县")),
        ("内蒙古/锡林郭勒盟/锡林浩特市", ("内蒙古自治区", "锡林郭勒盟", "锡林浩特市")),
        ("广西自治区/南宁/青秀区", ("广西壮族自治区", "南宁市", "青秀区")),
        ("重庆/云阳县", ("重庆市", "重庆市", "云阳县")),
        ("重庆市/石柱县", ("重庆市", "重庆市", "石柱土家族自治县")),
        ("吉林/吉林/船营区", ("吉林省", "吉林市", "船营区")),
        ("香港/中西区", ("香港特别行政区", "香港特别行政区", "中西区")),
        ("台湾省/台北市", ("台湾省", "台湾省", "台北市")),
        ("澳门", ("澳门特别行政区", "澳门特别行政区", "澳门特别行政区")),
    ],
)
def test_the_odd_corners_of_the_country_are_known(text: str, area: tuple[str, str, str]) -> None:
    assert place.parse_area(text) == Area(*area)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "/", "广东省", "深圳市", "广东省/深圳市", "南山区", "朝阳区", "深圳市/南山区", "广东省/南山区",
        "广东省/广州市/南山区", "广东省/深圳市/不存在区", "广东省/东莞市/南山区", "上海市/深圳市/浦东新区",
        "浙江省/杭州市/下城区", "广东省/深圳市/南山区/科技园", "abc", "1/2/3", "重庆市/市辖区", "湖北省/省直辖县",
    ],
)  # fmt: skip
def test_what_is_not_one_real_district_is_none(text: str) -> None:
    assert place.parse_area(text) is None


def test_a_district_under_another_city_is_not_real() -> None:
    assert place.is_real("广东省", "深圳市", "南山区")
    assert not place.is_real("广东省", "广州市", "南山区")
    assert not place.is_real("上海市", "", "浦东新区")
    assert not place.is_real("广东", "深圳", "南山区")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("广东省/深训市/南山区", "广东省/深圳市/南山区"),
        ("广东/深圳/南山", "广东省/深圳市/南山区"),
        ("深圳市南山区", "广东省/深圳市/南山区"),
        ("广东省/深圳市/南山区/粤海街道", "广东省/深圳市/南山区"),
        ("四川省成都市武候区", "四川省/成都市/武侯区"),
        ("北京市海定区", "北京市/海淀区"),
        ("江苏省/苏州/昆山", "江苏省/苏州市/昆山市"),
        ("广东 深圳 南山区", "广东省/深圳市/南山区"),
    ],
)
def test_the_nearest_real_area_is_suggested(text: str, wanted: str) -> None:
    assert place.suggest(text) == wanted


@pytest.mark.parametrize("text", ["", "朝阳区", "广东省", "广东省/深圳市", "重庆市", "没有这个地方", "abc", "12345"])
def test_nothing_is_suggested_where_nothing_or_too_much_is_near(text: str) -> None:
    assert place.suggest(text) is None


# --- distance -------------------------------------------------------------------------------------------


def test_distances_are_metres_along_the_surface() -> None:
    assert place.distance_m(22.5, 113.9, 22.5, 113.9) == 0
    assert place.distance_m(0, 0, 1, 0) == pytest.approx(111_195, rel=1e-4)
    assert place.distance_m(60, 10, 60, 11) == pytest.approx(55_597, rel=1e-3)
    # Beijing's Tian'anmen to Shanghai's People's Square
    assert place.distance_m(39.9087, 116.3975, 31.2304, 121.4737) == pytest.approx(1_067_000, rel=2e-3)
    assert place.distance_m(0, 179.999, 0, -179.999) == pytest.approx(222.4, rel=1e-3)
    assert place.distance_m(0, 0, 0, 180) == pytest.approx(20_015_115, rel=1e-4)
