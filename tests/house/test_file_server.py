"""People drop through a real file server, each in the folder that only they may enter."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from service.answers.shares import shares
from tests.company import Company, a_company, customer, moment, report, shot, write
from tests.file_server import ACCOUNTS, Cable, Server, file_server, needs_samba
from tests.pictures import exif

pytestmark = needs_samba
AT = "11-20 18:00"


@dataclass
class Office:
    """The company, its file server, and a desk on which people prepare files."""

    co: Company
    server: Server
    desk: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office")
    accounts = ", ".join(f'"{person}" = "{account}"' for person, account in ACCOUNTS.items())
    config = {
        "accounts = ": f"accounts = {{ {accounts} }}",
        "service = ": f'service = "{pwd.getpwuid(os.geteuid()).pw_name}"',
        "incomplete_seconds = ": "incomplete_seconds = 3600",  # a lost connection is no finished file
    }
    desk = home / "desk"
    desk.mkdir()
    with a_company(home / "company", config=config) as co:
        text = shares(co.service, co.clock(AT).date()).text
        with file_server(home / "samba", text) as server:
            yield Office(co, server, desk)


@pytest.fixture(autouse=True)
def nothing_left(office: Office) -> Iterator[None]:
    yield
    for path in office.co.share.glob("*/投递/*"):
        path.unlink()


def test_samba_understands_what_was_written(office: Office) -> None:
    done = subprocess.run(
        ["testparm", "-s", str(office.server.config)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert "Unknown parameter" not in done.stderr
    assert "WARNING" not in done.stderr


def test_people_drop_as_themselves_and_fetch_their_receipts(office: Office) -> None:
    sheet = write(office.desk / "今天.xlsx", {"销售日报": [report("2026-11-20")]})
    put = office.server.does("张三", "张三", f'put "{sheet}" "投递/今天.xlsx"')
    assert put.returncode == 0, put.stdout + put.stderr
    assert office.co.run(AT).outcomes == {"待审批": 1}
    assert office.co.dropped() == []
    (receipt,) = list((office.co.share / "张三" / "取件" / "回执").rglob("*今天*.xlsx"))
    inside = receipt.relative_to(office.co.share / "张三")
    got = office.server.does("张三", "张三", f'get "{inside}" "{office.desk / "回执.xlsx"}"')
    assert got.returncode == 0, got.stdout
    assert (office.desk / "回执.xlsx").read_bytes() == receipt.read_bytes()


def test_the_picture_behind_a_thumbnail_is_reached_on_the_share_as_on_the_disk(office: Office) -> None:
    """As seen from the sheet, so that the letter of a mapped drive is nothing to it."""
    office.co.drop("张三", "门头.jpg", shot("11-20 17:00", 3))
    office.co.hand_in("张三", "客户.xlsx", 客户新增=[customer("深圳市宏远电子有限公司")])
    office.co.run("11-20 18:10")
    sheet = office.co.approval("李四", "客户新增")
    mine, there = office.desk / "审批.xlsx", sheet.parent.relative_to(office.co.share / "李四")
    assert office.server.does("李四", "李四", f'get "{there}/{sheet.name}" "{mine}"').returncode == 0
    with zipfile.ZipFile(mine) as package:
        relations = package.read("xl/drawings/_rels/drawing1.xml.rels").decode()
    (link,) = re.findall(r'Target="([^"]+)" TargetMode="External"', relations)
    assert not re.match(r"[a-z]+:|[/\\]", link, re.IGNORECASE)
    got = office.server.does("李四", "李四", f'get "{there}/{unquote(link)}" "{office.desk / "大图.jpg"}"')
    assert got.returncode == 0, got.stdout
    assert (office.desk / "大图.jpg").read_bytes() == (sheet.parent / unquote(link)).read_bytes()


def test_nobody_enters_the_folder_of_another(office: Office) -> None:
    sheet = write(office.desk / "别人.xlsx", {"销售日报": [report("2026-11-20")]})
    put = office.server.does("张三", "李四", f'put "{sheet}" "投递/别人.xlsx"')
    assert put.returncode != 0
    assert "ACCESS_DENIED" in put.stdout + put.stderr
    out = office.server.does("张三", "张三", f'put "{sheet}" "../李四/投递/别人.xlsx"')
    assert out.returncode != 0
    wrong = office.server.does("张三", "王五", "ls")
    assert wrong.returncode != 0
    assert office.co.dropped() == []


def test_a_link_inside_leads_nowhere(office: Office) -> None:
    (office.co.share / "张三" / "投递" / "去别处").symlink_to(office.co.share / "李四", target_is_directory=True)
    seen = office.server.does("张三", "张三", 'ls "投递/去别处/*"')
    assert "NT_STATUS_" in seen.stdout + seen.stderr, seen.stdout
    assert "取件" not in seen.stdout


def test_a_slow_copy_is_taken_when_it_is_whole_and_not_before(office: Office) -> None:
    photo = _large_photo()
    cable = Cable(office.server, len(photo) // 2)
    slow = office.server.begins("张三", "张三", f'put "{_file(office.desk / "慢.jpg", photo)}" "投递/慢.jpg"', cable)
    assert cable.hangs.wait(60)
    landed = office.co.share / "张三" / "投递" / "慢.jpg"
    _until(lambda: landed.exists() and landed.stat().st_size > 0)
    half = office.co.run(AT)
    assert (half.files, half.refused, half.settling) == (0, 0, 1)
    cable.mend()
    assert slow.wait(60) == 0
    assert office.co.run(AT).photos == 1
    assert _kept(office, "慢.jpg") == hashlib.sha256(photo).hexdigest()


def test_a_file_that_is_still_held_open_is_taken_once_and_whole(office: Office) -> None:
    photo = _large_photo(2)
    office.server.does("张三", "张三", f'put "{_file(office.desk / "开着.jpg", photo)}" "投递/开着.jpg"')
    held = (office.co.share / "张三" / "投递" / "开着.jpg").open("rb")
    with held:
        assert office.co.run(AT).photos == 1
    assert office.co.run(AT).photos == 0
    assert _kept(office, "开着.jpg") == hashlib.sha256(photo).hexdigest()


def test_a_rename_over_an_older_file_hands_in_the_newer_one(office: Office) -> None:
    old = write(office.desk / "旧.xlsx", {"销售日报": [report("2026-11-20", 明日工作计划="上午整理报价，下午拜访。")]})
    new = write(
        office.desk / "新.xlsx",
        {"销售日报": [report("2026-11-20", 今日工作总结="改过的内容：拜访宏远电子，确认二期。")]},
    )
    office.server.does("张三", "张三", f'put "{old}" "投递/日报.xlsx"')
    done = office.server.does(
        "张三", "张三", f'put "{new}" "投递/~保存.tmp"; rename "投递/~保存.tmp" "投递/日报.xlsx" -f'
    )
    assert done.returncode == 0, done.stdout
    assert [Path(name).name for name in office.co.dropped()] == ["日报.xlsx"]
    assert office.co.run(AT).files == 1
    assert _kept(office, "日报.xlsx") == hashlib.sha256(new.read_bytes()).hexdigest()


def test_a_lost_connection_leaves_nothing_that_counts_and_the_next_try_is_taken(office: Office) -> None:
    photo = _large_photo(3)
    source = _file(office.desk / "断.jpg", photo)
    cable = Cable(office.server, len(photo) // 2)
    lost_one = office.server.begins("张三", "张三", f'put "{source}" "投递/断.jpg"', cable)
    assert cable.hangs.wait(60)
    landed = office.co.share / "张三" / "投递" / "断.jpg"
    _until(lambda: landed.exists() and landed.stat().st_size > 0)
    cable.cut()
    assert lost_one.wait(60) != 0
    lost = office.co.run(AT)
    assert (lost.files, lost.refused, lost.settling) == (0, 0, 1)
    again = office.server.does("张三", "张三", f'put "{source}" "投递/断.jpg"')
    assert again.returncode == 0, again.stdout
    assert office.co.run(AT).photos == 1
    assert _kept(office, "断.jpg") == hashlib.sha256(photo).hexdigest()


def _large_photo(seed: int = 1) -> bytes:
    """A photo larger than what a client sends at once."""
    noise = np.random.default_rng(seed).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
    out = BytesIO()
    Image.fromarray(noise).save(out, "JPEG", quality=95, exif=exif(moment("11-20 14:00")))
    return out.getvalue()


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _until(there: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not there():
        assert time.monotonic() < until, "nothing arrived"
        time.sleep(0.02)


def _kept(office: Office, name: str) -> str:
    (row,) = office.co.ask("SELECT sha256 FROM files WHERE name = ?", name)
    return str(row["sha256"])
