"""Where the door may listen, whom it believes, what its commands say; a killed door loses nothing acknowledged."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

import sync
from door.guard import COOKIE
from door.serve import Shut, place
from door.words import hashed, token_for_forms
from intake.photo.seal import read_key
from ledger import door as questions
from ledger.book import Book
from policy.settings import ConfigError, load_settings
from policy.settings_door import DoorSettings
from tests.company import CONFIG, Company, a_company_with_a_customer, read, write_config
from tests.door_stage import REPORT, VISIT, free_port, key_of
from tests.pictures import jpeg, scene

REPOSITORY = CONFIG.parent


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of one's own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.touch(0o600)
    private.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    return cert, private


# -- where it may listen


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.9", "::", "door.example"])
def test_without_a_certificate_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(Shut, match="没有证书时手机门只能在本机上听"):
        place(DoorSettings(), host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_may_always_be_served(host: str) -> None:
    assert place(DoorSettings(), host=host).host == host


def test_a_private_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    cert, key = a_certificate(tmp_path)
    given = DoorSettings(certificate=cert, certificate_key=key, host="0.0.0.0")
    assert place(given).origins[0].startswith("https://")
    key.chmod(0o640)
    with pytest.raises(Shut, match="0600"):
        place(given)
    with pytest.raises(Shut, match="找不到证书文件"):
        place(given.model_copy(update={"certificate": tmp_path / "none.pem"}))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('address = "door.example"', "https 开头"),
        ('address = "https://door.example/kebu"', "不带路径"),
        ('address = "http://door.example"', "https 网址"),
        ('proxies = ["0.0.0.0/0"]', "不能信任所有地址"),
        ('proxies = ["proxy"]', "不是地址"),
        ('certificate = "a.pem"', "要一起写"),
        ("port = 0", "port"),
    ],
)
def test_a_wrong_line_of_the_config_says_what_is_allowed(tmp_path: Path, line: str, words: str) -> None:
    name = line.partition(" =")[0]
    path = write_config(tmp_path, {f"{name} = ": line})
    with pytest.raises(ConfigError, match=words):
        load_settings(path)


# -- its commands


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with a_company_with_a_customer(tmp_path) as co:
        yield co


def call(co: Company, *arguments: str) -> Any:
    return CliRunner().invoke(sync.app, [*arguments, "--config", str(co.config), "--now", "2026-11-23T10:00:00"])


def test_invite_prints_the_link_and_lays_a_sheet_with_the_code_into_the_pick_up_folder(company: Company) -> None:
    done = call(company, "door", "invite", "张三", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert set(said) == {"url", "expires"}
    assert said["url"].startswith("http://127.0.0.1:8443/i/")
    assert said["expires"] == "2026-11-26T10:00:00+08:00"
    (sheet,) = (company.share / "张三" / "取件" / "回执").rglob("*_通知_手机门邀请.xlsx")
    assert sheet.name == "1123-100000_通知_手机门邀请.xlsx"
    assert said["url"] in read(sheet).text
    assert "一个邀请只能绑定一部手机" in read(sheet).text


def test_invite_and_revoke_know_only_colleagues(company: Company) -> None:
    for command in ("invite", "revoke"):
        done = call(company, "door", command, "无名")
        assert done.exit_code == 2
        assert "无名" in done.output


def test_revoke_says_what_it_concerned(company: Company) -> None:
    assert "没有绑定，也没有邀请" in call(company, "door", "revoke", "张三").output
    call(company, "door", "invite", "张三")
    assert "已取消 1 个绑定或邀请" in call(company, "door", "revoke", "张三").output
    assert json.loads(call(company, "door", "revoke", "张三", "--json").stdout) == {"person": "张三", "revoked": 0}


def test_the_door_does_not_open_to_others_without_a_certificate(company: Company) -> None:
    done = call(company, "door", "--host", "0.0.0.0")
    assert done.exit_code == 2
    assert "没有证书" in done.output


def test_the_keys_are_readable_by_the_service_alone(company: Company) -> None:
    with running(company):
        kept = [path for path in (company.book / "keys").iterdir() if path.name == "door.key"]
        assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
        assert (company.book / "door").stat().st_mode & 0o077 in (0, 0o055)
        assert (company.book / "door" / "kept").stat().st_mode & 0o077 == 0


# -- a process of its own


@contextmanager
def running(co: Company, *more: str, port: int | None = None) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """``door`` as the operator starts it."""
    number = port or free_port()
    log = (co.folder / f"door-{number}.log").open("ab")
    arguments = ["door", "--port", str(number), "--config", str(co.config), "--now", "2026-11-23T10:30:00", *more]
    with log:
        process = subprocess.Popen([sys.executable, "sync.py", *arguments], cwd=REPOSITORY, stdout=log, stderr=log)
    try:
        wait_for(number, process)
        yield process, number
    finally:
        process.terminate()
        assert process.wait(60) in (0, -signal.SIGKILL)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert process.poll() is None, "the door did not open"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as line:
                line.connect()
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the door did not open")


def ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        given = {
            "Origin": f"http://127.0.0.1:{port}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        line.request(method, path, body, given)
        answer = line.getresponse()
        data = answer.read()
        said = json.loads(data) if "json" in answer.headers.get("content-type", "") else data
        return answer.status, said, dict(answer.headers.items())


def bound(co: Company, name: str, port: int) -> dict[str, str]:
    """The headers of a phone that was bound."""
    url = json.loads(call(co, "door", "invite", name, "--json").stdout)["url"]
    status, _said, headers = ask(port, "POST", urlsplit(url).path)
    assert status == 200
    cookie = headers["set-cookie"].partition(";")[0]
    with closing(Book(co.book / "ledger.db")) as book:
        device = questions.device(book, hashed(cookie.partition("=")[2]))
    key = read_key(co.book)
    assert device is not None
    assert key is not None
    return {"Cookie": cookie, "X_Kebu_Page": token_for_forms(key, device.device)}


def send_picture(port: int, phone: dict[str, str], key: str) -> str | None:
    """The name of the picture once it was acknowledged; None when the door was gone."""
    try:
        _status, said, _ = ask(port, "GET", "/api/challenge", None, **phone)
        now = said["now"]
        shot = {
            "challenge": said["challenge"],
            "phone_at": now,
            "phone_now": now,
            "late": False,
            "lat": 22.54,
            "lon": 113.93,
            "accuracy": 8,
        }
        note = json.dumps({"key": key, "shot": shot})
        body = jpeg(scene(int(key[:6], 16), (320, 240)))
        status, said, _ = ask(port, "POST", "/api/picture", body, Content_Type="image/jpeg", X_Kebu_Shot=note, **phone)
    except (OSError, http.client.HTTPException):
        return None
    return str(said["name"]) if status == 200 else None


def test_a_killed_door_loses_nothing_that_it_acknowledged_and_takes_nothing_twice(company: Company) -> None:
    acknowledged: dict[str, str] = {}
    keys = [key_of(number) for number in range(1, 49)]
    with running(company) as (process, port), ThreadPoolExecutor(8) as together:
        phone = bound(company, "张三", port)
        for n, (key, name) in enumerate(
            zip(keys, together.map(lambda key: send_picture(port, phone, key), keys), strict=True)
        ):
            if name is not None:
                acknowledged[key] = name
            if n == 15:
                process.send_signal(signal.SIGKILL)
    assert 16 <= len(acknowledged) < len(keys), "it was killed in the middle"
    with running(company, port=free_port()) as (_process, port):
        for key in keys:  # phones ask again for everything: what was acknowledged, too
            name = send_picture(port, phone, key)
            assert name is not None
            assert acknowledged.get(key, name) == name, "the same picture kept its name"
            acknowledged[key] = name
    company.run("11-23 10:40")
    kept = company.ask("SELECT name, seal FROM photos WHERE person = '张三' AND seal IS NOT NULL")
    assert sorted(each["name"] for each in kept) == sorted(acknowledged.values())
    assert {each["seal"] for each in kept} == {"live"}
    told = company.ask("SELECT COUNT(*) AS n FROM journal WHERE kind = 'door.received'")
    assert told[0]["n"] == len(keys)


def test_with_a_certificate_it_speaks_tls(company: Company) -> None:
    cert, key = a_certificate(company.folder)
    text = company.config.read_text("utf-8")
    text = text.replace('\ncertificate = ""', f'\ncertificate = "{cert.name}"').replace(
        '\ncertificate_key = ""', f'\ncertificate_key = "{key.name}"'
    )
    company.config.write_text(text, "utf-8")
    with running(company, "--host", "0.0.0.0") as (_process, port):
        trusting = ssl.create_default_context(cafile=str(cert))
        with closing(http.client.HTTPSConnection("localhost", port, context=trusting, timeout=20)) as line:
            line.request("GET", "/")
            answer = line.getresponse()
            assert answer.status == 401
            assert answer.headers["strict-transport-security"]
            assert "还不能进门" in answer.read().decode()


@pytest.mark.parametrize(("proxies", "believed"), [([], False), (["127.0.0.1"], True), (["10.9.9.9"], False)])
def test_a_proxy_s_headers_are_believed_from_the_configured_proxy_alone(
    company: Company, proxies: list[str], believed: bool
) -> None:
    text = company.config.read_text("utf-8").replace("proxies = []", f"proxies = {json.dumps(proxies)}")
    company.config.write_text(text, "utf-8")
    with running(company) as (_process, port):
        found = [ask(port, "GET", f"/i/{n}", X_Forwarded_For=f"203.0.113.{n}")[0] for n in range(40)]
        assert (429 not in found) is believed, "each forwarded address has its own measure, or all are one"


def test_watch_opens_the_door_where_it_is_enabled_and_closes_it(company: Company) -> None:
    port = free_port()
    text = (
        company.config.read_text("utf-8")
        .replace("enabled = false", "enabled = true")
        .replace("port = 8443", f"port = {port}")
    )
    company.config.write_text(text, "utf-8")
    log = (company.folder / "watch.log").open("wb")
    command = [sys.executable, "sync.py", "watch", "--config", str(company.config), "--now", "2026-11-23T10:30:00"]
    with log:
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=log, stderr=log)
    try:
        wait_for(port, process)
        phone = bound(company, "张三", port)
        name = send_picture(port, phone, key_of(1))
        assert name is not None
        fields = json.dumps({"key": key_of(2), "fields": VISIT, "pictures": [key_of(1)]}).encode()
        assert ask(port, "POST", "/api/forms/visit", fields, Content_Type="application/json", **phone)[0] == 200
        for _ in range(600):
            if company.ask("SELECT 1 FROM visits WHERE status = 'pending'"):
                break
            time.sleep(0.1)
        assert company.ask("SELECT status FROM visits") == [{"status": "pending"}]
    finally:
        process.terminate()
        assert process.wait(90) == 0, (company.folder / "watch.log").read_text("utf-8")


def test_reports_are_not_lost_when_two_doors_are_tried(company: Company) -> None:
    with running(company) as (_process, port):
        second = subprocess.run(
            [sys.executable, "sync.py", "door", "--port", str(free_port()), "--config", str(company.config)],
            cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert second.returncode == 1
        assert "另一个" in second.stderr
        phone = bound(company, "张三", port)
        body = json.dumps({"key": key_of(1), "fields": REPORT, "pictures": []}).encode()
        assert ask(port, "POST", "/api/forms/daily", body, Content_Type="application/json", **phone)[0] == 200
    assert COOKIE.startswith("__Host-")
