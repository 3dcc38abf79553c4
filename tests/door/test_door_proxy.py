"""The recipes for reverse proxies, word for word as IT reads them, tried with the real programs."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from door.words import hashed, token_for_forms
from intake.photo.seal import read_key
from ledger import door as questions
from ledger.book import Book
from tests.company import CONFIG, Company, a_company_with_a_customer
from tests.door.test_door_open import a_certificate, call, running
from tests.door_stage import REPORT, free_port, key_of
from tests.pictures import jpeg, scene

RECIPES = CONFIG.parent / "docs" / "手机门.md"
FILES = {"cert.pem", "key.pem"}


def recipe(kind: str, folder: Path, outside: int, inside: int) -> str:
    """A recipe of the page with this machine's files and ports."""
    text: str
    (text,) = re.findall(rf"```{kind}\n(.*?)```", RECIPES.read_text("utf-8"), re.DOTALL)
    text = text.replace("/etc/ssl/door", str(folder)).replace("127.0.0.1:8443", f"127.0.0.1:{inside}")
    return text.replace("listen 443 ssl", f"listen 127.0.0.1:{outside} ssl").replace("door.example", "localhost")


def nginx(folder: Path, outside: int, inside: int) -> list[str]:
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}} "
        f"http {{ access_log off; {temporary} {recipe('nginx', folder, outside, inside)} }}"
    )
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def caddy(folder: Path, outside: int, inside: int) -> list[str]:
    text = recipe("caddyfile", folder, outside, inside).replace("localhost {", f"localhost:{outside} {{", 1)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, "utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def behind(company: Company, proxy: Callable[[Path, int, int], list[str]]) -> Iterator[int]:
    """A door behind a proxy; gives the proxy's port."""
    outside, inside = free_port(), free_port()
    a_certificate(company.folder)
    text = company.config.read_text("utf-8")
    text = text.replace('address = ""', f'address = "https://localhost:{outside}"').replace(
        "proxies = []", 'proxies = ["127.0.0.1"]'
    )
    company.config.write_text(text, "utf-8")
    with running(company, port=inside):
        given = {**os.environ, "HOME": str(company.folder), "XDG_DATA_HOME": str(company.folder)}
        log = (company.folder / "proxy.log").open("wb")
        with log:
            process = subprocess.Popen(proxy(company.folder, outside, inside), stdout=log, stderr=log, env=given)
        try:
            for _ in range(400):
                assert process.poll() is None, (company.folder / "proxy.log").read_text("utf-8")
                try:
                    with closing(http.client.HTTPConnection("127.0.0.1", outside, timeout=5)) as line:
                        line.connect()
                    break
                except OSError:
                    time.sleep(0.05)
            yield outside
        finally:
            process.terminate()
            process.wait(30)


def ask(
    company: Company, port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any, Any]:
    trusting = ssl.create_default_context(cafile=str(company.folder / "cert.pem"))
    with closing(http.client.HTTPSConnection("localhost", port, context=trusting, timeout=60)) as line:
        given = {
            "Origin": f"https://localhost:{port}",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        line.request(method, path, body, given)
        answer = line.getresponse()
        data = answer.read()
        return (
            answer.status,
            json.loads(data) if "json" in answer.headers.get("content-type", "") else data,
            answer.headers,
        )


@pytest.mark.parametrize(("program", "proxy"), [("nginx", nginx), ("caddy", caddy)])
def test_the_recipe_works(tmp_path: Path, program: str, proxy: Callable[[Path, int, int], list[str]]) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with a_company_with_a_customer(tmp_path) as company, behind(company, proxy) as port:
        url = json.loads(call(company, "door", "invite", "张三", "--json").stdout)["url"]
        assert url.startswith(f"https://localhost:{port}/i/")
        status, _said, headers = ask(company, port, "POST", urlsplit(url).path)
        assert status == 200
        assert headers["strict-transport-security"]
        cookie = headers["set-cookie"].partition(";")[0]
        with closing(Book(company.book / "ledger.db")) as book:
            device = questions.device(book, hashed(cookie.partition("=")[2]))
        key = read_key(company.book)
        assert device is not None
        assert key is not None
        phone = {"Cookie": cookie, "X_Kebu_Page": token_for_forms(key, device.device)}
        given = ask(company, port, "GET", "/api/challenge", None, **phone)[1]
        shot = {"challenge": given["challenge"], "phone_at": given["now"], "phone_now": given["now"], "late": False}
        note = json.dumps({"key": key_of(1), "shot": shot})
        large = jpeg(scene(1, (4000, 3000)), quality=97)
        assert len(large) > 2**20, "beyond what nginx lets through by itself"
        status, said, _ = ask(
            company, port, "POST", "/api/picture", large, Content_Type="image/jpeg", X_Kebu_Shot=note, **phone
        )
        assert (status, said["live"]) == (200, 1)
        body = json.dumps({"key": key_of(2), "fields": REPORT, "pictures": []}).encode()
        assert ask(company, port, "POST", "/api/forms/daily", body, Content_Type="application/json", **phone)[0] == 200
        assert len(company.dropped()) == 2
        found = [ask(company, port, "GET", f"/i/{n}", None, X_Forwarded_For=f"203.0.113.{n}")[0] for n in range(40)]
        assert 429 in found, "what a client says of its address is not believed: the proxy says whose it is"
