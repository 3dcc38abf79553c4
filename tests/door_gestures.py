"""What a salesperson does on the phone door's page: tests play it, and the gallery draws it."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.door_stage import VISIT, Stage, ready


def come_in(context: BrowserContext, stage: Stage, name: str = "张三") -> Page:
    """Open an invitation, which binds the phone."""
    page = context.new_page()
    page.goto(stage.invite(name))
    page.wait_for_url(f"{stage.url}/")
    return ready(page)


def go(page: Page, words: str) -> None:
    """To one of the screens below."""
    page.locator("nav").get_by_role("link", name=words, exact=True).click()
    expect(page.get_by_role("heading", name=words, level=2)).to_be_visible()


def shoot(page: Page, *, located: bool = True) -> str:
    """Take a picture; gives what the page says."""
    go(page, "拍照")
    if located:
        expect(page.locator("#place")).to_contain_text("已定位")
    before = page.locator("#shots li").count()
    page.locator("#shutter").click()
    expect(page.locator("#shots li")).to_have_count(before + 1)
    expect(page.locator("#camera-told")).to_be_visible()
    return page.locator("#camera-told").inner_text()


def fill_visit(page: Page) -> None:
    """A visit to one's customer, with the newest picture."""
    go(page, "拜访记录")
    form = page.locator("#visit")
    form.get_by_label(VISIT["customer"]).check()
    form.locator('[data-kind="pictures"] input').first.check()
    for field in ("met", "purpose", "content", "next_purpose"):
        page.fill(f"#visit-{field}", VISIT[field])


def submit(page: Page, code: str) -> str:
    """Press 提交; gives what the page says."""
    form = page.locator(f"#{code}")
    form.get_by_role("button", name="提交").click()
    expect(form.locator(".told")).to_be_visible()
    return form.locator(".told").inner_text()


def fill_report(page: Page) -> None:
    """Today's report."""
    go(page, "销售日报")
    page.fill("#daily-summary", "拜访宏远电子，确认二期四十台；跟进华新报价。")
    page.fill("#daily-plan", "上午整理报价，下午拜访华新。")


def kept_offline(page: Page) -> None:
    """Wait until the phone has the page for when there is no network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "caches.keys().then(async (names) => names.length && (await (await caches.open(names[0])).match('/')) !== undefined)"
    )
