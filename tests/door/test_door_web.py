"""The phone door as crafted clients meet it: who gets in, what is taken, what is refused with which words."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from PIL import Image
from typer.testing import CliRunner

import sync
from door.register import revoke
from door.tray import DropUnreachable
from service.upkeep.keeping import differences
from tests.company import Company, a_company_with_a_customer
from tests.door_stage import REPORT, SHOP, SHOP_CHOSEN, VISIT, Phone, Stage, key_of, open_door
from tests.pictures import encode, jpeg, photo, png_header, scene


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as co:
        yield co


@pytest.fixture
def stage(company: Company) -> Iterator[Stage]:
    with open_door(company) as opened:
        yield opened


@pytest.fixture
def phone(stage: Stage) -> Phone:
    return stage.bound("张三")


def files(stage: Stage, name: str = "张三") -> list[str]:
    return sorted(
        path.name for path in (stage.company.share / name / "投递").iterdir() if not path.name.startswith(".~")
    )


def until(holds: Callable[[], bool]) -> None:
    """Wait for what a thread in the background does."""
    waiting = threading.Event()
    for _ in range(400):
        if holds():
            return
        waiting.wait(0.05)
    raise AssertionError("it never happened")


# -- who gets in


def test_an_invitation_binds_one_phone_and_no_second(stage: Stage) -> None:
    url, first, second = stage.invite("张三"), Phone(stage), Phone(stage)
    assert first.bind(url).status == 200
    again = second.bind(url)
    assert (again.status, again.said["words"]) == (403, "这个邀请已经绑定过一部手机。换了手机的，请向管理员要新的邀请")
    assert first.send("GET", "/api/home").said["person"] == "张三"
    assert second.send("GET", "/api/home").status == 401


def test_two_phones_that_open_it_at_the_same_moment_are_not_both_bound(stage: Stage) -> None:
    url = stage.invite("张三")
    with ThreadPoolExecutor(4) as together:
        found = list(together.map(lambda _n: Phone(stage).bind(url).status, range(4)))
    assert sorted(found) == [200, 403, 403, 403]


def test_the_cookie_is_for_this_door_and_for_no_script(stage: Stage) -> None:
    given = Phone(stage).bind(stage.invite("张三")).headers["set-cookie"]
    assert given.startswith("__Host-kebu=")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in given
    assert "Domain" not in given


def test_what_is_secret_is_not_in_the_ledger(stage: Stage) -> None:
    url = stage.invite("张三")
    phone = Phone(stage)
    phone.bind(url)
    told = (stage.company.book / "ledger.db").read_bytes().decode("latin-1")
    assert urlsplit(url).path.rpartition("/")[2] not in told
    assert phone.cookie not in told


def test_a_revoked_phone_is_told_so(stage: Stage, phone: Phone) -> None:
    co = stage.company
    with co.service.lock(), co.service.book.transaction():
        assert revoke(co.service.book, "张三", stage.clock()) == 1
    answer = phone.picture(key_of(1), challenge="x")
    assert (answer.status, answer.said["words"]) == (401, "这部手机的绑定已被取消，请向管理员要新的邀请")
    assert "这部手机的绑定已被取消" in phone.send("GET", "/").said


def test_a_new_invitation_shuts_the_former_phone_out(stage: Stage, phone: Phone) -> None:
    stage.invite("张三")
    assert "您已有新的邀请" in phone.send("GET", "/api/home").said["words"]


def test_a_withdrawn_and_an_expired_invitation_do_not_bind(stage: Stage) -> None:
    old = stage.invite("张三")
    new = stage.invite("张三")
    assert "已经作废" in Phone(stage).bind(old).said["words"]
    stage.clock.go(hours=73)
    assert "过期" in Phone(stage).bind(new).said["words"]
    assert "没有这个邀请" in Phone(stage).bind(f"{stage.url}/i/guessed").said["words"]


def test_whoever_left_is_outside(stage: Stage, phone: Phone) -> None:
    co = stage.company
    co.hand_in("赵总", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-25", "状态": "离职"}])
    co.run("11-24 09:00")
    stage.clock.go(days=2)
    assert phone.send("GET", "/api/home").said["words"] == "您已不在职，手机门已关闭"
    assert left_door(co) == [], "nothing was written yet: the register alone shuts the door"


def left_door(co: Company) -> list[dict[str, Any]]:
    return co.ask("SELECT subject, actor, payload ->> 'why' AS why FROM journal WHERE kind = 'door.revoked'")


def test_a_leaver_s_phone_is_revoked_in_the_journal_and_stays_so_if_they_come_back(stage: Stage, phone: Phone) -> None:
    co = stage.company
    invited = stage.invite("王五")
    co.hand_in("赵总", 人员变更=[{"姓名": name, "生效日期": "2026-11-24", "状态": "离职"} for name in ("张三", "王五")])
    co.run("11-23 17:00")
    assert left_door(co) == [], "today they are still here"
    co.run("11-24 09:00")
    stage.clock.go(days=1)
    told = "您已离职，手机门在离职当天关闭，这部手机的绑定已经取消"
    assert phone.send("GET", "/api/home").said["words"] == told
    assert [(each["subject"], each["actor"], each["why"]) for each in left_door(co)] == [
        ("张三", "kebu", "left"), ("王五", "kebu", "left"),
    ]  # fmt: skip
    co.run("11-24 10:00")
    assert len(left_door(co)) == 2, "once is enough"
    co.hand_in("赵总", 人员变更=[{"姓名": name, "生效日期": "2026-11-25", "状态": "在职"} for name in ("张三", "王五")])
    co.run("11-25 09:00")
    stage.clock.go(days=1)
    assert phone.send("GET", "/api/home").said["words"] == told, "who returns is invited anew"
    assert "已经作废" in Phone(stage).bind(invited).said["words"]
    assert stage.bound("张三").send("GET", "/api/home").said["person"] == "张三"
    assert list(differences(co.service)) == [], "a replay gives the same state"


def status(co: Company, at: str) -> tuple[int, dict[str, Any], str]:
    """What ``status`` says: exit code, door, lines."""
    before = ["--config", str(co.config), "--now", at]
    asked = CliRunner().invoke(sync.app, [*before, "--json", "status"])
    return asked.exit_code, json.loads(asked.stdout)["door"], CliRunner().invoke(sync.app, [*before, "status"]).output


def test_status_says_whether_the_door_is_open_who_is_bound_and_what_waits(company: Company) -> None:
    text = company.config.read_text("utf-8").replace("enabled = false", "enabled = true")
    company.config.write_text(text.replace('by = "watch"', 'by = "run"'), "utf-8")
    at = "2026-11-23T10:30:00"
    with open_door(company) as stage:
        stage.bound("张三").picture(key_of(1))
        stage.settle()
        until(lambda: status(company, at)[1]["running"])
        _code, open_now, lines = status(company, at)
        assert (open_now["enabled"], open_now["well"], open_now["devices"], open_now["waiting"]) == (True, True, 1, 1)
        assert f"手机门开着（{stage.url}）：绑定手机 1 部，送达后还没有收取的 1 份" in lines
        stage.run()
        assert status(company, at)[1]["waiting"] == 0
    code, shut, lines = status(company, at)
    assert (code, shut["running"], shut["well"]) == (1, False, False)
    assert "需要处理：手机门：手机门没有开。请重新运行 python sync.py watch" in lines


def test_a_company_without_a_door_hears_nothing_of_it(company: Company) -> None:
    company.config.write_text(company.config.read_text("utf-8").replace('by = "watch"', 'by = "run"'), "utf-8")
    _code, door, lines = status(company, "2026-11-23T10:30:00")
    assert (door["enabled"], door["well"]) == (False, True)
    assert "手机门" not in lines


def test_a_phone_has_to_be_invited_again_some_day(stage: Stage, phone: Phone) -> None:
    stage.clock.go(days=180)
    assert "绑定已满 180 天" in phone.send("GET", "/api/home").said["words"]


# -- what a browser may do


def test_every_answer_carries_the_strict_headers(stage: Stage, phone: Phone) -> None:
    for path in ("/", "/i/x", "/api/home", "/sw.js", "/static/app.js", "/nowhere"):
        headers = phone.send("GET", path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store" or path.startswith("/static")


def test_the_page_asks_nobody_else_for_anything(stage: Stage, phone: Phone) -> None:
    page = phone.send("GET", "/").said
    assert "//" not in page.replace(stage.url, "")
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.parametrize("origin", ["", "null", "https://elsewhere.example"])
def test_a_change_from_another_page_is_refused(stage: Stage, phone: Phone, origin: str) -> None:
    phone.headers["Origin"] = origin
    assert phone.form("daily", key_of(1), REPORT).said["code"] == "origin"
    assert Phone(stage, headers={"Origin": origin}).bind(stage.invite("王五")).said["code"] == "origin"
    assert files(stage) == []


def test_a_change_without_the_page_s_word_is_refused(stage: Stage, phone: Phone) -> None:
    other = stage.bound("王五")
    phone.headers["X-Kebu-Page"] = other.headers["X-Kebu-Page"]
    assert phone.form("daily", key_of(1), REPORT).said["code"] == "page"
    assert phone.picture(key_of(2)).said["code"] == "page"
    assert files(stage) == []


def test_another_host_name_is_not_served(stage: Stage, phone: Phone) -> None:
    assert phone.send("GET", "/", Host="elsewhere.example").status == 421


def test_strangers_who_knock_too_often_must_wait(stage: Stage) -> None:
    stranger = Phone(stage)
    found = [stranger.send("GET", f"/i/{n}").status for n in range(40)]
    assert found[0] == 200
    assert found[-1] == 429
    assert "秒后再试" in stranger.send("GET", "/i/x").said["words"]


def test_a_phone_that_knocks_too_often_must_wait(stage: Stage, phone: Phone) -> None:
    with ThreadPoolExecutor(8) as together:
        found = list(together.map(lambda _n: phone.send("GET", "/api/challenge").status, range(400)))
    assert 429 in found
    assert stage.bound("王五").send("GET", "/api/challenge").status == 200


# -- pictures


def test_a_live_picture_lies_sealed_in_the_drop_folder(stage: Stage, phone: Phone) -> None:
    answer = phone.picture(key_of(1))
    assert answer.status == 200
    assert answer.said["live"] == 1
    assert files(stage) == [answer.said["name"]] == ["手机_20261123-103000_000001.jpg"]
    stage.run()
    assert [
        (each["seal"], each["live"]) for each in stage.company.ask("SELECT * FROM photos WHERE seal IS NOT NULL")
    ] == [("live", 1)]


def test_the_same_key_twice_is_one_picture_also_after_it_was_taken(stage: Stage, phone: Phone) -> None:
    word = phone.challenge()
    first = phone.picture(key_of(1), challenge=word)
    again = phone.picture(key_of(1), challenge=word)
    assert again.said == first.said
    assert len(files(stage)) == 1
    stage.run()
    assert phone.picture(key_of(1), challenge=word).said == first.said
    assert files(stage) == []


def test_the_same_key_for_something_else_is_refused(stage: Stage, phone: Phone) -> None:
    phone.picture(key_of(1))
    answer = phone.picture(key_of(1), jpeg(scene(77)))
    assert (answer.status, answer.said["code"]) == (409, "key")
    stage.settle()
    assert stage.bound("王五").picture(key_of(1)).said["code"] == "key"


def test_a_challenge_serves_one_live_picture(stage: Stage, phone: Phone) -> None:
    word = phone.challenge()
    assert phone.picture(key_of(1), challenge=word).status == 200
    again = phone.picture(key_of(2), challenge=word)
    assert (again.status, again.said["words"]) == (409, "这个拍照口令已经用过一次，请打开“拍照”重新拍")
    stage.run()
    assert phone.picture(key_of(3), challenge=word).said["code"] == "answered"
    assert phone.picture(key_of(4), challenge=word, late=True).said["live"] == 0, "never lost: it counts as late"


def test_two_pictures_at_the_same_moment_do_not_share_a_challenge(stage: Stage, phone: Phone) -> None:
    word = phone.challenge()
    with ThreadPoolExecutor(6) as together:
        found = list(together.map(lambda n: phone.picture(key_of(n), challenge=word).status, range(1, 7)))
    assert sorted(found) == [200, 409, 409, 409, 409, 409]


def test_another_s_challenge_or_an_invented_one_is_refused(stage: Stage, phone: Phone) -> None:
    word = stage.bound("王五").challenge()
    for given in (word, "", "1.2.3", word[:-1] + "x", "9" * 200):
        assert phone.picture(key_of(1), challenge=given).said["code"] == "challenge", given
    assert files(stage) == []


def test_a_picture_that_comes_late_is_no_live_one_whatever_the_phone_says(stage: Stage, phone: Phone) -> None:
    word = phone.challenge()
    stage.clock.go(seconds=301)
    assert phone.picture(key_of(1), challenge=word, late=False).said["live"] == 0


def test_a_clock_a_year_off_is_measured_and_told(stage: Stage, phone: Phone) -> None:
    now = round(stage.clock().timestamp() * 1000)
    year = 365 * 86_400_000
    word = phone.challenge()
    stage.clock.go(hours=3)
    answer = phone.picture(
        key_of(1), challenge=word, late=True, phone_at=now + year, phone_now=now + year + 2 * 3_600_000
    )
    assert answer.said["live"] == 0
    phone.form("visit", key_of(2), VISIT, [key_of(1)])
    stage.run()
    (told,) = stage.company.told("张三", "拜访记录")
    assert "离线拍摄" in told
    assert "11-23 11:30 按手机时钟推算（手机时钟快 8759 小时 0 分，已扣除）" in told


def test_a_shutter_after_the_sending_is_a_changed_clock_and_no_time_in_the_future(stage: Stage, phone: Phone) -> None:
    now = round(stage.clock().timestamp() * 1000)
    assert phone.picture(key_of(1), phone_at=now + 90_000_000, phone_now=now).status == 200
    stage.run()
    (kept,) = stage.company.ask("SELECT taken_at FROM photos WHERE seal = 'live'")
    assert kept["taken_at"] == "2026-11-23T10:30:00+08:00"


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xd8\xff\xd9", photo(1)[:5000], encode(scene(1), "PNG"), png_header(9, 9), b"\0\0\0\x18ftypheic" + b"\0" * 90,
     photo(1)[:-2], b"%PDF-1.7", b"\xff\xd8\xff\xe0\xff\xff" + b"\0" * 100],
    ids=["empty", "nothing", "half", "png", "header", "heic", "end", "pdf", "length"],
)  # fmt: skip
def test_what_is_no_whole_jpeg_is_refused_and_leaves_nothing(stage: Stage, phone: Phone, body: bytes) -> None:
    answer = phone.picture(key_of(1), body)
    assert (answer.status, answer.said["code"]) == (415, "picture")
    assert files(stage) == []
    assert list(stage.desk.tray.incoming.iterdir()) == []
    assert phone.picture(key_of(1)).status == 200, "the key is free again"


@pytest.mark.parametrize("kind", ["image/heic", "multipart/form-data; boundary=x", "", "application/octet-stream"])
def test_only_the_page_s_own_kind_of_upload_is_taken(stage: Stage, phone: Phone, kind: str) -> None:
    answer = phone.picture(key_of(1), kind=kind)
    assert (answer.status, answer.said["words"]) == (415, "只收手机门现场拍的照片，不收其他文件")


@pytest.mark.parametrize(
    "shot",
    [
        {"lat": 91},
        {"lon": "x"},
        {"accuracy": -1},
        {"lat": float("nan")},
        {"phone_at": -5},
        {"more": 1},
        {"late": "maybe"},
    ],
)
def test_a_shot_that_makes_no_sense_is_refused(stage: Stage, phone: Phone, shot: dict[str, Any]) -> None:
    assert phone.picture(key_of(1), **shot).said["code"] == "shot"


def test_a_file_upload_made_by_hand_without_a_shot_is_refused(stage: Stage, phone: Phone) -> None:
    for path in ("/", "/api/picture", "/upload", "/api/forms/visit"):
        answer = phone.send("POST", path, photo(1), Content_Type="image/jpeg")
        assert answer.status in (400, 404, 405, 415)
        assert answer.said["words"]
    assert files(stage) == []


def test_a_picture_that_is_too_large_is_refused_before_it_is_read(stage: Stage, phone: Phone) -> None:
    note = json.dumps(
        {"key": key_of(1), "shot": {"challenge": phone.challenge(), "phone_at": 1, "phone_now": 2, "late": False}}
    )
    host = urlsplit(stage.url)
    with socket.create_connection((host.hostname, host.port), timeout=20) as line:
        head = (
            f"POST /api/picture HTTP/1.1\r\nHost: {host.netloc}\r\nOrigin: {stage.url}\r\nContent-Type: image/jpeg\r\n"
            f"Cookie: __Host-kebu={phone.cookie}\r\nX-Kebu-Page: {phone.headers['X-Kebu-Page']}\r\nX-Kebu-Shot: {note}\r\n"
            f"Content-Length: {51 * 2**20}\r\n\r\n"
        )
        line.sendall(head.encode())
        assert b" 413 " in line.recv(100)


def test_a_picture_that_breaks_off_on_the_way_leaves_nothing(stage: Stage, phone: Phone) -> None:
    note = json.dumps(
        {"key": key_of(1), "shot": {"challenge": phone.challenge(), "phone_at": 1, "phone_now": 2, "late": False}}
    )
    host = urlsplit(stage.url)
    with socket.create_connection((host.hostname, host.port), timeout=20) as line:
        line.sendall(
            f"POST /api/picture HTTP/1.1\r\nHost: {host.netloc}\r\nOrigin: {stage.url}\r\nContent-Type: image/jpeg\r\n"
            f"Cookie: __Host-kebu={phone.cookie}\r\nX-Kebu-Page: {phone.headers['X-Kebu-Page']}\r\nX-Kebu-Shot: {note}\r\n"
            "Content-Length: 100000\r\n\r\n".encode()
            + photo(1)[:5000]
        )
    assert phone.picture(key_of(1)).status == 200
    assert len(files(stage)) == 1
    until(lambda: list(stage.desk.tray.incoming.iterdir()) == [])


# -- forms


def test_a_visit_from_the_phone_is_judged_like_any_other(stage: Stage, phone: Phone) -> None:
    phone.picture(key_of(1))
    answer = phone.form("visit", key_of(2), VISIT, [key_of(1)])
    assert answer.status == 200
    assert answer.said["name"] == "手机_20261123-103000_拜访记录.xlsx"
    stage.run()
    (told,) = stage.company.told("张三", "拜访记录")
    assert told.startswith("待审批")
    assert "现场实拍" in told
    (seen,) = stage.company.ask("SELECT place, customer FROM visits")
    assert seen == {"place": "广东省深圳市南山区", "customer": "深圳市宏远电子有限公司"}


def test_the_workbook_is_a_standard_one(stage: Stage, phone: Phone) -> None:
    name = phone.form("daily", key_of(1), REPORT).said["name"]
    assert name == "手机_20261123-103000_销售日报.xlsx"
    book = openpyxl.load_workbook(stage.company.share / "张三" / "投递" / name)
    assert book.sheetnames == ["销售日报"]
    headers, row = list(book["销售日报"].iter_rows(values_only=True))
    assert [str(each).rstrip("* ") for each in headers] == ["日期", "今日工作总结", "明日工作计划"]
    assert f"{row[0]:%Y-%m-%d}" == "2026-11-23"
    stage.run()
    assert stage.company.told("张三", "销售日报")[0].startswith("待审批")


def test_pictures_go_into_the_columns_for_which_they_were_chosen_and_numbers_are_numbers(
    stage: Stage, phone: Phone
) -> None:
    for n in (1, 2, 3):
        phone.picture(key_of(n))
    pictured = {"front_photos": [key_of(1)], "certificate_photos": [key_of(2), key_of(3)]}
    name = phone.form("customer", key_of(4), {**SHOP, **SHOP_CHOSEN}, pictured).said["name"]
    assert phone.form("customer", key_of(4), {**SHOP, **SHOP_CHOSEN}, pictured).said["name"] == name, "once"
    headers, row = rows(stage, name)
    given = dict(zip(headers, row, strict=True))
    first, *others = (f"手机_20261123-103000_00000{n}.jpg" for n in (1, 2, 3))
    assert (given["门头照片"], given["证件照片"], given["联系电话"]) == (first, "、".join(others), SHOP["phone"])
    strange = phone.form("customer", key_of(5), {**SHOP, **SHOP_CHOSEN}, {"name": [key_of(1)]})
    assert (strange.status, strange.said["code"]) == (400, "form")
    paid = {"customer": VISIT["customer"], "kind": "销售回款", "paid_on": "2026-11-20", "amount_fen": "１.25万"}
    _headers, row = rows(stage, phone.form("payment", key_of(6), paid).said["name"])
    assert (f"{row[2]:%Y-%m-%d}", row[3]) == ("2026-11-20", 12500)


def rows(stage: Stage, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(stage.company.share / "张三" / "投递" / name)
    (first, *others) = book.worksheets[0].iter_rows(values_only=True)
    return [tuple(str(each).rstrip("* ") for each in first), *others]


def test_what_is_wrong_with_a_cell_is_said_beside_it_and_nothing_is_dropped(stage: Stage, phone: Phone) -> None:
    answer = phone.form("daily", key_of(1), {**REPORT, "date": "11/3", "plan": " "})
    assert answer.status == 422
    assert "看不出是哪一天" in answer.said["fields"]["date"]
    assert "没有填写" in answer.said["fields"]["plan"]
    assert files(stage) == []
    assert phone.form("daily", key_of(1), REPORT).status == 200, "the key is free again"


def test_a_form_that_comes_before_its_picture_waits(stage: Stage, phone: Phone) -> None:
    early = phone.form("visit", key_of(2), VISIT, [key_of(1)])
    assert (early.status, early.said["code"]) == (409, "pictures")
    phone.picture(key_of(1))
    assert phone.form("visit", key_of(2), VISIT, [key_of(1)]).status == 200


def test_another_s_picture_cannot_be_named(stage: Stage, phone: Phone) -> None:
    stage.bound("王五").picture(key_of(1))
    assert phone.form("visit", key_of(2), VISIT, [key_of(1)]).said["code"] == "pictures"
    named = {**VISIT, "photos": "手机_20261123-103000_000001.jpg"}
    assert "photos" in phone.form("visit", key_of(3), named).said["fields"]


def test_the_same_form_twice_at_the_same_moment_comes_once(stage: Stage, phone: Phone) -> None:
    with ThreadPoolExecutor(6) as together:
        found = list(together.map(lambda _n: phone.form("daily", key_of(1), REPORT), range(6)))
    assert {each.status for each in found} <= {200, 409}
    assert 200 in {each.status for each in found}
    assert all(each.said["code"] == "busy" for each in found if each.status == 409)
    assert phone.form("daily", key_of(1), REPORT).status == 200
    assert len(files(stage)) == 1


def test_two_forms_in_one_second_get_two_names(stage: Stage, phone: Phone) -> None:
    with ThreadPoolExecutor(2) as together:
        list(
            together.map(
                lambda n: phone.form("daily", key_of(n), {**REPORT, "plan": f"{n} 拜访华新并整理报价。"}), (1, 2)
            )
        )
    assert files(stage) == ["手机_20261123-103000_销售日报.xlsx", "手机_20261123-103001_销售日报.xlsx"]


def test_long_texts_and_markup_arrive_as_they_are(stage: Stage, phone: Phone) -> None:
    text = "<script>alert('x')</script>{{ 7*7 }}=1+1&" + "很长的一段总结。" * 1300
    assert len(text) > 10_000
    assert phone.form("daily", key_of(1), {**REPORT, "summary": text}).status == 200
    stage.run()
    (kept,) = stage.company.ask("SELECT summary FROM daily_reports")
    assert kept["summary"] == text


def test_a_text_that_no_cell_can_hold_is_refused_with_words(stage: Stage, phone: Phone) -> None:
    answer = phone.form("daily", key_of(1), {**REPORT, "summary": "字" * 32_768})
    assert answer.said["fields"] == {"summary": "“今日工作总结”有 32768 个字，最多 32767 个"}
    assert phone.form("daily", key_of(1), {**REPORT, "summary": "字" * 900_000}).status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"key": 1}',
        b'{"key": "x", "fields": {}}',
        b"\xff",
        b'{"key":"%s","fields":{"a":1}}' % (b"0" * 32),
    ],
)
def test_what_is_no_form_is_refused(stage: Stage, phone: Phone, body: bytes) -> None:
    answer = phone.send("POST", "/api/forms/daily", body, Content_Type="application/json")
    assert (answer.status, answer.said["code"]) == (400, "form")


def test_a_post_hands_in_its_own_forms_only(stage: Stage) -> None:
    manager = stage.bound("李四")
    assert manager.form("daily", key_of(1), REPORT).said["words"] == "您的岗位不交这种表"
    assert manager.form("person", key_of(2), {}).status == 404
    assert manager.send("GET", "/").said.count('data-form="visit"') == 1


def test_a_person_sees_their_own_things_only(stage: Stage, phone: Phone) -> None:
    phone.form("daily", key_of(1), REPORT)
    stage.run()
    mine = phone.send("GET", "/api/home").said
    other = stage.bound("陈六").send("GET", "/api/home").said
    assert [each["name"] for each in mine["customers"]] == ["深圳市宏远电子有限公司"]
    assert other["customers"] == []
    assert mine["receipts"][0]["title"] == "销售日报 · 2026-11-23"
    assert other["receipts"] == []
    assert "张三" not in mine["colleagues"]


def test_the_page_says_what_there_is_to_do(stage: Stage, phone: Phone) -> None:
    def today() -> list[str]:
        return [each["words"] for each in phone.send("GET", "/api/home").said["today"]]

    assert today()[0] == "日报还没有交，20:00 截止"
    phone.form("daily", key_of(1), REPORT)
    stage.settle()
    assert today()[0] == "今天的日报已送达，等待处理"
    stage.run()
    assert today()[0] == "今天的日报已交（10:30）"


# -- what is kept


def test_everything_that_came_is_in_the_journal_once_and_the_book_proves(stage: Stage, phone: Phone) -> None:
    phone.picture(key_of(1))
    phone.form("visit", key_of(2), VISIT, [key_of(1)])
    stage.settle()
    stage.run()
    kinds = [
        each["kind"] for each in stage.company.ask("SELECT kind FROM journal WHERE kind LIKE 'door.%' ORDER BY seq")
    ]
    assert kinds == ["door.invited", "door.bound", "door.received", "door.received"]
    assert list(stage.desk.tray.kept.iterdir()) == []
    assert list(differences(stage.company.service)) == []


def test_a_share_that_is_away_is_never_made_anew_and_what_waits_comes_when_it_is_back(
    stage: Stage, phone: Phone
) -> None:
    drop = stage.company.share / "张三" / "投递"
    away = drop.with_name("away")
    drop.rename(away)
    answer = phone.form("daily", key_of(1), REPORT)
    assert (answer.status, answer.said["code"]) == (503, "away")
    assert not drop.exists()
    away.rename(drop)
    assert phone.form("daily", key_of(1), REPORT).status == 200
    assert len(files(stage)) == 1


def test_what_a_crash_left_between_disk_and_drop_folder_is_finished_at_the_next_start(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_door(company) as stage:
        phone = stage.bound("张三")
        monkeypatch.setattr(
            type(stage.desk.tray), "place", lambda _tray, _record: (_ for _ in ()).throw(RuntimeError("killed"))
        )
        monkeypatch.setattr(type(stage.desk.tray), "finish", lambda _tray, _taken: 0)
        assert phone.form("daily", key_of(1), REPORT).status == 500
        assert files(stage) == []
    monkeypatch.undo()
    with open_door(company) as stage:
        until(lambda: files(stage) == ["手机_20261123-103000_销售日报.xlsx"])
        stage.run()
        stage.settle()
        assert files(stage) == []
        again = Phone(stage, phone.cookie, phone.headers | {"Origin": stage.url})
        assert again.form("daily", key_of(1), REPORT).status == 200
        assert files(stage) == [], "never twice"


def test_only_one_door_is_open(stage: Stage) -> None:
    from filelock import Timeout

    from door.tray import Tray

    with pytest.raises(Timeout):
        Tray(stage.company.book / "door", stage.company.share, "投递")


def test_pictures_stay_at_full_size(stage: Stage, phone: Phone) -> None:
    name = phone.picture(key_of(1), jpeg(scene(5, (4000, 3000)))).said["name"]
    with Image.open(stage.company.share / "张三" / "投递" / name) as kept:
        assert kept.size == (4000, 3000)


def test_a_change_of_name_leaves_the_phone_the_link_and_what_is_under_way(stage: Stage, phone: Phone) -> None:
    co, link, word = stage.company, stage.invite("王五"), phone.challenge()
    assert phone.picture(key_of(1)).status == 200
    co.hand_in("赵总", 人员变更=[
        {"姓名": old, "生效日期": "2026-11-23", "新姓名": new} for old, new in (("张三", "张三丰"), ("王五", "王武"))
    ])  # fmt: skip
    co.run("11-23 10:30")  # the journal has not been told of the picture yet
    assert phone.send("GET", "/api/home").said["person"] == "张三丰"
    assert phone.picture(key_of(1)).status == 200, "the same picture, asked about again"
    assert phone.picture(key_of(2), challenge=word).status == 200, "a word that was given under the former name"
    assert phone.form("visit", key_of(3), VISIT, [key_of(1), key_of(2)]).status == 200
    stage.run()
    assert co.ask("SELECT salesperson, status FROM visits") == [{"salesperson": "张三丰", "status": "pending"}]
    assert co.ask("SELECT person, live FROM photos WHERE seal IS NOT NULL") == [{"person": "张三丰", "live": 1}] * 2
    late = Phone(stage)
    assert late.bind(link).status == 200
    assert late.send("GET", "/api/home").said["person"] == "王武"
    assert list(differences(co.service)) == []


def test_what_waits_in_the_tray_while_its_owner_is_renamed_comes_to_the_new_folder(
    stage: Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise DropUnreachable("投递")

    co = stage.company
    monkeypatch.setattr(stage.desk.tray, "place", away)  # the share goes away between the promise and the folder
    assert phone.form("daily", key_of(4), REPORT).status == 503
    assert files(stage) == []
    co.hand_in("赵总", 人员变更=[{"姓名": "张三", "生效日期": "2026-11-23", "新姓名": "张三丰"}])
    co.run("11-23 10:30")
    monkeypatch.undo()
    stage.run()
    assert co.ask("SELECT person, status FROM daily_reports") == [{"person": "张三丰", "status": "pending"}]
    assert phone.form("daily", key_of(4), REPORT).status == 200, "the phone asks once more and is told that it came"
    stage.run()
    assert len(co.ask("SELECT 1 FROM daily_reports")) == 1
