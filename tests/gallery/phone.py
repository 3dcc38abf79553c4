"""The phone door's screens as phones show them, and the sheet that invites; in a company of their own: the demo's has no door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from door.forms import IN_REACH, PHONE_FORMS
from door.register import revoke
from tests.company import a_company_with_a_customer
from tests.door_gestures import come_in, fill_report, fill_visit, go, kept_offline, shoot, submit
from tests.door_stage import NEAR, SHOP, SHOP_CHOSEN, Stage, a_phone, chromium, open_door

WIDTHS = (360, 412)
GROUP, FIRST = "手机门", "_首屏"
_CALM = 300  # milliseconds: pictures are drawn, colours have faded


def draw_phone(folder: Path, scratch: Path) -> Iterator[Path]:
    """Draw every screen in both widths: what is seen without scrolling, and all of it; gives the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for width in WIDTHS:
            company = a_company_with_a_customer(scratch / f"phone{width}", config={"enabled = ": "enabled = true"})
            with company, open_door(company) as stage:
                for name, page in _screens(stage, browser, width):
                    yield from _pictures(page, folder / f"{name}_{width}.png")


def _pictures(page: Page, target: Path) -> Iterator[Path]:
    page.wait_for_timeout(_CALM)
    first, size = target.with_stem(f"{target.stem}{FIRST}"), page.viewport_size
    assert size is not None
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=first)
    yield first
    whole = page.evaluate("document.documentElement.scrollHeight")
    if whole > size["height"]:
        page.set_viewport_size({**size, "height": whole})  # the bar below stays below
        page.screenshot(path=target)
        page.set_viewport_size(size)
        yield target


def invitation(scratch: Path) -> Path:
    """The sheet with the code that is laid into 取件, of a phone drawn before."""
    (sheet,) = list((scratch / f"phone{WIDTHS[0]}").glob("share/张三/取件/回执/*/*手机门邀请.xlsx"))[:1]
    return shutil.copyfile(sheet, scratch / "手机门邀请.xlsx")


@contextmanager
def _phone(stage: Stage, browser: Browser, width: int, *, located: bool = True) -> Iterator[BrowserContext]:
    context = a_phone(browser, width=width, place=NEAR if located else None)
    context.clock.set_system_time(stage.clock())
    try:
        yield context
    finally:
        context.close()


def _screens(stage: Stage, browser: Browser, width: int) -> Iterator[tuple[str, Page]]:
    with _phone(stage, browser, width) as phone:
        yield "01_邀请", _binding(phone, stage)
    with _phone(stage, browser, width) as phone:
        page = come_in(phone, stage)
        yield "02_今天", page
        yield from _work(stage, page)
        yield from _offline(stage, phone, page)
        yield from _outside(stage, browser, width, page)
    with _phone(stage, browser, width, located=False) as phone:
        phone.clock.set_system_time("2026-11-23T15:30:00+08:00")
        page = come_in(phone, stage)
        go(page, "拍照")
        expect(page.locator("#place")).to_contain_text("没有允许定位")
        yield "14_没有定位和时钟不准", page


def _binding(phone: BrowserContext, stage: Stage) -> Page:
    """The invitation while the door has not answered yet."""
    page = phone.new_page()
    page.route("**/i/*", lambda route: None if route.request.method == "POST" else route.continue_())
    page.goto(stage.invite("张三"))
    return page


def _work(stage: Stage, page: Page) -> Iterator[tuple[str, Page]]:
    """Pictures, the forms, and what became of them."""
    shoot(page)
    shoot(page)
    yield "03_拍照", page
    fill_visit(page)
    yield "04_拜访记录", page
    submit(page, "visit")
    fill_report(page)
    page.fill("#daily-plan", "")
    submit(page, "daily")
    yield "05_销售日报", page
    go(page, "更多")
    yield "06_更多", page
    for form in PHONE_FORMS:
        if form not in IN_REACH:
            go(page, "更多")
            page.get_by_role("link", name=form.sheet, exact=True).click()
            if form.code == "customer":
                _shop(page)
            yield f"07_{form.sheet}", page
    page.evaluate("location.hash = 'customer'")
    submit(page, "customer")
    stage.run()
    go(page, "回执")
    yield "08_回执", page


def _shop(page: Page) -> None:
    for field, words in SHOP.items():
        page.fill(f"#customer-{field}", words)
    for field, words in SHOP_CHOSEN.items():
        page.select_option(f"#customer-{field}", words)
    page.locator('[data-field="front_photos"] input').first.check()


def _offline(stage: Stage, phone: BrowserContext, page: Page) -> Iterator[tuple[str, Page]]:
    """Everything waits on the phone."""
    go(page, "拍照")
    kept_offline(page)
    expect(page.locator("#shots li")).to_have_count(0)  # all of them were used
    phone.set_offline(True)
    shoot(page)
    yield "09_没有网络", page
    fill_visit(page)
    submit(page, "visit")
    page.locator("#unsent").click()
    yield "10_未送达", page
    phone.set_offline(False)
    page.locator("#resend").click()
    expect(page.locator("#unsent")).to_be_hidden()


def _outside(stage: Stage, browser: Browser, width: int, page: Page) -> Iterator[tuple[str, Page]]:
    """Who is not, or no longer, let in."""
    with _phone(stage, browser, width) as other:
        stranger = other.new_page()
        stranger.goto(stage.url)
        yield "11_没有绑定", stranger
        used = stage.invite("王五")
        stage.bound_by(used)
        stranger.goto(used)
        expect(stranger.locator("#told")).to_contain_text("已经绑定过一部手机")
        yield "12_第二部手机", stranger
    service = stage.company.service
    with service.lock(), service.book.transaction():
        revoke(service.book, "张三", stage.clock())
    page.goto(stage.url)
    yield "13_已取消", page
