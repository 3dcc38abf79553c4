"""The seal of the phone door: it holds for the picture that was sealed, and for no other."""

from __future__ import annotations

import json
import stat
import struct
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intake.photo.read import read_photo
from intake.photo.seal import NoJpeg, bare, holds, key_path, make_key, read_key, read_seal, sealed
from ledger.facts_json import seal_kept
from ledger.records import Seal
from tests.company import FRONT, a_company, a_company_with_a_customer, visit
from tests.pictures import TAKEN, encode, exif, jpeg, photo, scene

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 10, 30, 5, tzinfo=ZONE)
KEY = b"k" * 32


def a_seal(person: str = "张三", **other: object) -> Seal:
    usual = Seal(
        id="5ea1", person=person, challenge="c0de", taken_at=NOW, received_at=NOW, phone_at=NOW, phone_ahead=0,
        late=False, lat=FRONT[0], lon=FRONT[1], accuracy_m=9.0,
    )  # fmt: skip
    return replace(usual, **other)  # type: ignore[arg-type]


def block() -> bytes:
    return exif(TAKEN, place=FRONT, make="Kebu", model="phone door").removeprefix(b"Exif\0\0")


def a_sealed(seed: int = 1, key: bytes = KEY, **other: object) -> bytes:
    return sealed(bare(photo(seed)), block(), a_seal(**other), key)  # type: ignore[arg-type]


def test_a_seal_is_read_with_the_picture_and_holds() -> None:
    facts = read_photo(a_sealed(), ZONE, max_megapixels=50)
    assert facts.trouble == ""
    assert facts.seal is not None
    assert holds(facts.seal, KEY)
    assert (facts.seal.person, facts.seal.taken_at, facts.seal.lat) == ("张三", NOW, FRONT[0])
    assert facts.place is not None
    assert facts.place.district == "南山区"


def test_what_the_phone_wrote_into_the_file_is_gone_and_the_pixels_are_the_same() -> None:
    original = photo(3, taken=datetime(2020, 1, 1), make="HUAWEI")
    facts, before = (read_photo(data, ZONE, max_megapixels=50) for data in (
        sealed(bare(original), block(), a_seal(), KEY), original
    ))  # fmt: skip
    assert facts.pixel_hash == before.pixel_hash
    assert (facts.make, facts.taken_at) == ("Kebu", NOW)


@pytest.mark.parametrize("place", ["pixels", "time", "seal", "appended"])
def test_whatever_is_changed_the_seal_no_longer_holds(place: str) -> None:
    data = a_sealed()
    changed = {
        "pixels": lambda: data[:-40] + bytes((data[-40] ^ 1,)) + data[-39:],
        "time": lambda: data.replace(b"2026:11:23 10:30:05", b"2026:11:23 19:30:05"),
        "seal": lambda: data.replace(b'"accuracy_m": 9.0', b'"accuracy_m": 3.0'),
        "appended": lambda: data + b"more",
    }[place]()
    assert changed != data
    seal = read_seal(changed)
    assert seal is not None
    assert not holds(seal, KEY)


def test_another_key_another_company() -> None:
    seal = read_seal(a_sealed(key=b"x" * 32))
    assert seal is not None
    assert not holds(seal, KEY)


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b'{"id": 1}', b'{"mac": null}', b"\xff\xfe", b"null", b'"' * 3])
def test_a_seal_that_cannot_be_read_never_holds_and_never_raises(said: bytes) -> None:
    mark = b"KEBU-SEAL\0" + said
    data = jpeg(scene(1))
    forged = data[:2] + b"\xff\xeb" + struct.pack(">H", len(mark) + 2) + mark + data[2:]
    facts = read_photo(forged, ZONE, max_megapixels=50)
    assert facts.seal is not None
    assert not holds(facts.seal, KEY)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"challenge": "', b'"challenge": "\\ud800'), (b'"accuracy_m": 9.0', b'"accuracy_m": NaN')],
    ids=["half a character", "no number"],
)
def test_a_seal_that_could_not_be_kept_is_illegible(old: bytes, new: bytes) -> None:
    """What the journal cannot hold is not read: found by fuzzing."""
    data = a_sealed()
    at = data.index(b"\xff\xeb")
    length = struct.unpack(">H", data[at + 2 : at + 4])[0]
    changed = data[at + 4 : at + 2 + length].replace(old, new)
    assert changed != data[at + 4 : at + 2 + length]
    forged = data[:at] + b"\xff\xeb" + struct.pack(">H", len(changed) + 2) + changed + data[at + 2 + length :]
    seal = read_seal(forged)
    assert seal is not None
    assert seal.id == ""
    json.dumps(seal_kept(seal), ensure_ascii=False, allow_nan=False).encode()


def test_two_seals_in_one_picture_are_none_that_holds() -> None:
    data = a_sealed()
    first = data[2:].index(b"\xff\xeb") + 2
    length = struct.unpack_from(">H", data, first + 2)[0]
    doubled = data[:first] + data[first : first + 2 + length] * 2 + data[first + 2 + length :]
    seal = read_seal(doubled)
    assert seal is not None
    assert not holds(seal, KEY)


def test_ordinary_pictures_carry_no_seal() -> None:
    assert read_seal(photo(1)) is None
    assert read_seal(encode(scene(1), "PNG")) is None
    assert read_seal(b"") is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", encode(scene(1), "PNG"), photo(1)[:900], photo(1)[:-1], b"\xff\xd8\xff\xda\0\x02\xff\xd9"],
)
def test_only_a_whole_jpeg_is_sealed(data: bytes) -> None:
    with pytest.raises(NoJpeg):
        bare(data)


def test_the_key_is_readable_by_the_service_alone_and_lies_outside_the_ledger(tmp_path: Path) -> None:
    assert read_key(tmp_path) is None
    key = make_key(tmp_path)
    assert make_key(tmp_path) == read_key(tmp_path) == key
    assert len(key) == 32
    assert stat.S_IMODE(key_path(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(key_path(tmp_path).parent.stat().st_mode) == 0o700


# -- what the book makes of it


def worth(co: object) -> list[tuple[object, object]]:
    return [(each["seal"], each["live"]) for each in co.ask("SELECT seal, live FROM photos ORDER BY name")]  # type: ignore[attr-defined]


def test_intake_tells_live_from_late_broken_foreign_repeated_and_none(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        key = make_key(co.book)
        co.drop("张三", "1.jpg", a_sealed(1, key, id="1"))
        co.drop("张三", "2.jpg", a_sealed(2, key, id="2", late=True))
        co.drop("张三", "3.jpg", a_sealed(3, key, id="3").replace(b"10:30:05", b"11:30:05"))
        co.drop("张三", "4.jpg", a_sealed(4, key, id="4", person="王五"))
        co.drop("张三", "5.jpg", photo(5))
        co.run("11-23 11:00")
        co.drop("张三", "6.jpg", a_sealed(1, key, id="1"))
        co.run("11-23 12:00")
        assert worth(co) == [
            ("live", 1), ("offline", 0), ("broken", None), ("foreign", None), (None, None), ("repeated", None)
        ]  # fmt: skip
        texts = "\n".join(path.name for path in co.new("张三"))
        assert texts
        kept = co.ask(
            "SELECT json_extract(payload, '$.sealed') AS s FROM journal WHERE kind = 'photo.kept' ORDER BY seq"
        )
        assert [each["s"] for each in kept] == ["live", "offline", "broken", "foreign", None, "repeated"]


def test_the_photo_s_receipt_names_what_is_wrong_with_a_seal(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        key = make_key(co.book)
        co.drop("张三", "改.jpg", a_sealed(3, key).replace(b"10:30:05", b"11:30:05"))
        co.drop("张三", "王.jpg", a_sealed(4, key, id="4", person="王五"))
        co.run("11-23 11:00")
        text = co.receipt("张三").text
        assert "“改.jpg”印记不符：照片或其中的拍摄信息在拍摄后被改动过。请在手机门里重新现场拍照" in text
        assert "“王.jpg”印记属于另一位同事，不是您拍的。请提交自己在现场拍摄的照片" in text


def test_a_visit_with_a_live_picture_is_judged_so(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        co.drop("张三", "现场.jpg", a_sealed(7, make_key(co.book)))
        co.hand_in("张三", 拜访记录=[visit()])
        co.run("11-23 10:35")
        (told,) = co.told("张三", "拜访记录")
        assert told.startswith("待审批")
        assert "现场实拍：“现场.jpg”由手机门于 11-23 10:30 现场拍摄" in told
        assert "非常用设备" not in told
        (seen,) = co.ask("SELECT place, visited_at FROM visits")
        assert (seen["place"], seen["visited_at"][:16]) == ("广东省深圳市南山区", "2026-11-23T10:30")


def test_where_live_is_required_any_other_picture_goes_back_with_the_way_to_the_door(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path, config={"live = ": 'live = "required"'}) as co:
        co.drop("张三", "现场.jpg", photo(9, taken=datetime(2026, 11, 23, 10, 30), place=FRONT))
        co.hand_in("张三", 拜访记录=[visit()])
        co.run("11-23 10:35")
        (told,) = co.told("张三", "拜访记录")
        assert told.startswith("退回")
        assert "不是现场实拍" in told
        assert "手机门" in told


def test_live_holds_from_a_day_on(tmp_path: Path) -> None:
    dated = '[[policy]]\nfrom = 2026-11-24\nphotos.live = "required"'
    with a_company_with_a_customer(tmp_path, config={"": dated}) as co:
        for day, outcome in (("11-23", "待审批"), ("11-24", "退回")):
            shown = photo(int(day[-2:]), taken=datetime.fromisoformat(f"2026-{day}T10:30"), place=FRONT)
            co.drop("张三", "现场.jpg", shown)
            text = f"{day} 李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。"
            co.hand_in("张三", f"{day}.xlsx", 拜访记录=[visit(拜访记录=text)])
            co.run(f"{day} 10:35")
            assert co.told("张三", "拜访记录", day)[0].startswith(outcome)


def test_two_cities_within_minutes_are_flagged(tmp_path: Path) -> None:
    with a_company_with_a_customer(tmp_path) as co:
        key = make_key(co.book)
        away = exif(TAKEN, place=(23.1291, 113.2644), make="Kebu", model="phone door").removeprefix(b"Exif\0\0")
        earlier = a_seal(id="1", lat=23.1291, lon=113.2644)
        co.drop("张三", "广州.jpg", sealed(bare(photo(8)), away, earlier, key))
        co.run("11-23 10:31")
        co.drop("张三", "现场.jpg", a_sealed(7, key, id="2"))
        co.hand_in("张三", 拜访记录=[visit()])
        co.run("11-23 10:35")
        told = "\n".join(co.told("张三", "拜访记录"))
        assert "相距 95 公里，只隔 0 分钟" in told
