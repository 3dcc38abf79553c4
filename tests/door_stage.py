"""The phone door open beside a company that tests play, and phones that knock: a real browser, or a client of bytes."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from door.desk import Desk
from door.guard import COOKIE
from door.inviting import invite
from door.serve import Listening, desk_of, place, server
from door.words import token_for_forms
from ledger import door as questions
from service.company import open_service
from tests.company import FRONT, Company
from tests.pictures import jpeg, scene

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
PATIENCE = 60_000  #: milliseconds until a page must show something; no measure of speed
expect.set_options(timeout=PATIENCE)
NEAR = {"latitude": FRONT[0], "longitude": FRONT[1], "accuracy": 12}


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def go(self, **by: float) -> None:
        """Move it on."""
        self.now += timedelta(**by)


@dataclass
class Stage:
    """A company with an open door."""

    company: Company
    desk: Desk
    where: Listening
    clock: Clock

    @property
    def url(self) -> str:
        """Where phones knock."""
        return self.where.origins[0]

    def invite(self, name: str) -> str:
        """The link for somebody."""
        return invite(self.company.service, name, self.clock()).url

    def settle(self) -> None:
        """Tell the journal now rather than within the second."""
        self.desk.settle()

    def run(self) -> None:
        """``run`` at the clock's moment."""
        self.settle()
        self.company.run(f"{self.clock():%Y-%m-%d %H:%M:%S}")

    def bound(self, name: str) -> Phone:
        """A client bound to somebody."""
        return self.bound_by(self.invite(name))

    def bound_by(self, invitation: str) -> Phone:
        """A client bound by this link."""
        phone = Phone(self)
        phone.bind(invitation)
        return phone


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def open_door(company: Company, at: str = "2026-11-23 10:30:00") -> Iterator[Stage]:
    """The door of *company*, in a thread, with a clock that stands."""
    port = free_port()
    door = company.service.settings.door.model_copy(update={"port": port})
    settings = company.service.settings.model_copy(update={"door": door})
    company.service = replace(company.service, settings=settings)
    clock, where = Clock(company.clock(at)), place(door)
    with open_service(settings) as own, desk_of(own, clock) as desk:
        running = server(desk, where)
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        try:
            while not running.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield Stage(company, desk, where, clock)
        finally:
            running.should_exit = True
            thread.join(30)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    said: Any


@dataclass
class Phone:
    """Requests made by hand, as a crafted client makes them."""

    stage: Stage
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request."""
        host = urlsplit(self.stage.url).netloc
        connection = http.client.HTTPConnection(host, timeout=30)
        given = {
            "Origin": self.stage.url,
            **self.headers,
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if self.cookie:
            given["Cookie"] = f"{COOKIE}={self.cookie}"
        connection.request(method, path, body, {name: text for name, text in given.items() if text})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        kind = answer.headers.get("content-type", "")
        said = json.loads(data) if "json" in kind and "manifest" not in kind else data.decode("utf-8", "replace")
        return Answer(answer.status, answer.headers, said)  # type: ignore[arg-type]

    def bind(self, url: str) -> Answer:
        """Use an invitation."""
        answer = self.send("POST", urlsplit(url).path)
        if answer.status == 200:
            self.cookie = answer.headers["set-cookie"].partition(";")[0].partition("=")[2]
            device = questions.device(self.stage.desk.service.book, _hashed(self.cookie))
            assert device is not None
            self.headers["X-Kebu-Page"] = token_for_forms(self.stage.desk.key, device.device)
        return answer

    def challenge(self) -> str:
        """A word for the next shutter."""
        return str(self.send("GET", "/api/challenge").said["challenge"])

    def picture(self, key: str, body: bytes | None = None, *, kind: str = "image/jpeg", **shot: Any) -> Answer:
        """A picture, good unless something else is said."""
        now = round(self.stage.clock().timestamp() * 1000)
        usual = {
            "phone_at": now - 2000,
            "phone_now": now,
            "late": False,
            "lat": FRONT[0],
            "lon": FRONT[1],
            "accuracy": 9.0,
        }
        given = {**usual, **shot}
        if "challenge" not in given:
            given["challenge"] = self.challenge()
        note = json.dumps({"key": key, "shot": given})
        content = jpeg(scene(int(key[:6], 16) % 9999, (640, 480))) if body is None else body
        return self.send("POST", "/api/picture", content, Content_Type=kind, X_Kebu_Shot=note)

    def form(
        self, code: str, key: str, fields: Mapping[str, str], pictures: list[str] | dict[str, list[str]] | None = None
    ) -> Answer:
        """A form."""
        body = json.dumps({"key": key, "fields": fields, "pictures": pictures or []}).encode()
        return self.send("POST", f"/api/forms/{code}", body, Content_Type="application/json")


def _hashed(word: str) -> str:
    from door.words import hashed

    return hashed(word)


def key_of(number: int) -> str:
    """A key as a phone makes it up."""
    return f"{number:06x}".ljust(32, "0")


REPORT = {
    "date": "2026-11-23",
    "summary": "拜访宏远电子，确认二期四十台；跟进华新报价。",
    "plan": "上午整理报价，下午拜访华新。",
}
VISIT = {
    "customer": "深圳市宏远电子有限公司", "companions": "", "met": "李红", "purpose": "确认二期设备数量和交期",
    "content": "李经理确认二期需要四十台，希望春节前交货；我方答应周五前给出报价。", "next_purpose": "带报价单",
}  # fmt: skip
SHOP = {
    "name": "深圳市南岭精密仪器有限公司", "contact": "周岚", "phone": "0755-26114578、13811112222",
    "area": "广东省/深圳市/南山区", "address": "科苑路12号2栋301室",
}  # fmt: skip
SHOP_CHOSEN = {"source": "转介绍", "type": "民营企业", "region": "华南", "owner": "张三"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser with a fake camera."""
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        )
        try:
            yield browser
        finally:
            browser.close()


def a_phone(
    browser: Browser, *, width: int = 360, place: Mapping[str, float] | None = NEAR, **more: Any
) -> BrowserContext:
    """A phone of its own: nothing is shared with other phones."""
    permissions = ["camera", *(["geolocation"] if place else [])]
    context = browser.new_context(
        viewport={"width": width, "height": 780}, geolocation=place,  # type: ignore[arg-type]
        permissions=permissions, locale="zh-CN",
        timezone_id="Asia/Shanghai", has_touch=True, device_scale_factor=2, **more,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    return context


def ready(page: Page) -> Page:
    """The page once it has begun."""
    page.wait_for_selector("body[data-ready]")
    return page
