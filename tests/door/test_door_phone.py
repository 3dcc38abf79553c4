"""The phone door in a real browser with a fake camera and a set position: what a salesperson does and reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, BrowserContext, Page, expect

from door.forms import PHONE_FORMS
from door.register import revoke
from tests.company import a_company_with_a_customer
from tests.door_gestures import come_in, fill_report, fill_visit, go, kept_offline, shoot, submit
from tests.door_stage import (
    NEAR,
    SHOP,
    SHOP_CHOSEN,
    VISIT,
    Phone,
    Stage,
    a_phone,
    chromium,
    needs_browser,
    open_door,
    ready,
)  # fmt: skip

pytestmark = needs_browser

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_company_with_a_customer(tmp_path, config={"enabled = ": "enabled = true"}) as co, open_door(co) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, stage: Stage) -> Iterator[BrowserContext]:
    context = a_phone(browser)
    context.clock.set_system_time(stage.clock())
    yield context
    context.close()


def test_a_visit_from_the_invitation_to_the_receipt(stage: Stage, phone: BrowserContext) -> None:
    faults: list[str] = []
    phone.on("weberror", lambda error: faults.append(str(error.error)))
    page = come_in(phone, stage)
    expect(page.locator("#today-list")).to_contain_text("日报还没有交，20:00 截止")
    assert shoot(page) == "照片已送达，可以填拜访记录了。"
    fill_visit(page)
    expect(page.locator("#visit .option .help").first).to_contain_text("约 0 米")
    assert submit(page, "visit") == "已送达。判定结果见“回执”。"
    assert page.input_value("#visit-content") == "", "the next visit begins blank"
    stage.run()
    go(page, "回执")
    card = page.locator("#receipts-list .card").first
    expect(card).to_contain_text("待审批 · 拜访记录")
    expect(card).to_contain_text("现场实拍")
    (seen,) = stage.company.ask("SELECT place, status FROM visits")
    assert seen == {"place": "广东省深圳市南山区", "status": "pending"}
    (kept,) = stage.company.ask("SELECT live, lat, lon FROM photos WHERE seal IS NOT NULL")
    assert (kept["live"], round(kept["lat"], 4), round(kept["lon"], 4)) == (1, NEAR["latitude"], NEAR["longitude"])
    (told,) = stage.company.told("张三", "拜访记录")
    assert "非现场实拍" not in told
    assert stage.company.dropped() == []
    assert faults == []


def test_a_report_from_the_phone_and_what_the_page_says_of_today(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    fill_report(page)
    assert page.input_value("#daily-date") == "2026-11-23"
    assert submit(page, "daily").startswith("已送达")
    stage.run()
    go(page, "今天")
    expect(page.locator("#today-list")).to_contain_text("今天的日报已交（10:30）")


def test_a_new_customer_from_the_shop_s_door(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    shoot(page)
    shoot(page)
    go(page, "更多")
    page.get_by_role("link", name="客户新增", exact=True).click()
    expect(page.locator("nav [aria-current]")).to_have_text("更多")
    shop = {**SHOP, "name": "深圳市<b>南岭</b>精密仪器有限公司"}
    for field, words in shop.items():
        page.fill(f"#customer-{field}", words)
    for field, words in SHOP_CHOSEN.items():
        page.select_option(f"#customer-{field}", words)
    page.locator('[data-field="front_photos"] input').first.check()
    page.locator('[data-field="certificate_photos"] input').last.check()
    page.locator("#customer").get_by_label("王五").check()
    page.reload()
    ready(page)
    assert submit(page, "customer") == "已送达。判定结果见“回执”。", "what was chosen is in the draft as well"
    stage.run()
    (told,) = stage.company.told("张三", "客户新增")
    assert told.startswith("待审批")
    (row,) = stage.company.ask("SELECT * FROM s_rows WHERE form = '客户新增' AND status = 'pending'")
    assert all(words in str(row) for words in (*shop.values(), *SHOP_CHOSEN.values(), "王五"))
    assert {kept["live"] for kept in stage.company.ask("SELECT live FROM photos WHERE seal IS NOT NULL")} == {1}
    go(page, "回执")
    expect(page.locator("#receipts-list .card").first).to_contain_text(f"待审批 · 客户新增 · {shop['name']}")


def test_what_is_wrong_is_said_while_typing(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    fill_report(page)
    page.fill("#daily-plan", "")
    expect(page.locator("#daily-plan-wrong")).to_have_text("“明日工作计划”没有填写。")
    assert submit(page, "daily") == "还有 1 处没有填写。"
    expect(page.locator("#daily-plan")).to_be_focused()
    page.fill("#daily-plan", "上午整理报价，下午拜访华新。")
    expect(page.locator("#daily-plan-wrong")).to_be_hidden()
    page.reload()
    ready(page)
    go(page, "销售日报")
    assert page.input_value("#daily-plan") == "上午整理报价，下午拜访华新。", "a draft is not lost"


def test_without_network_everything_waits_and_arrives_once(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    go(page, "拍照")
    expect(page.locator("#place")).to_contain_text("已定位")
    kept_offline(page)
    phone.set_offline(True)
    page.reload()
    ready(page)
    expect(page.locator("#banner")).to_contain_text("没有网络")
    assert shoot(page) == "照片已留在手机上，有网络时自动送达。"
    fill_visit(page)
    assert submit(page, "visit") == "没有网络，已留在手机上，有网络时自动送达。"
    expect(page.locator("#unsent")).to_have_text("未送达 2")
    page.locator("#unsent").click()
    assert stage.company.dropped() == []
    stage.clock.go(hours=3)
    phone.clock.set_system_time(stage.clock())
    phone.set_offline(False)
    page.locator("#resend").click()
    expect(page.locator("#unsent")).to_be_hidden()
    page.locator("#resend").click()
    stage.run()
    (told,) = stage.company.told("张三", "拜访记录")
    assert told.startswith("待审批")
    assert "离线拍摄" in told
    assert "11-23 10:30 按手机时钟推算（手机时钟准确）" in told
    (kept,) = stage.company.ask("SELECT live FROM photos WHERE seal IS NOT NULL")
    assert kept["live"] == 0
    assert len(stage.company.ask("SELECT * FROM visits")) == 1


def test_a_second_phone_is_refused_with_words(stage: Stage, phone: BrowserContext, browser: Browser) -> None:
    url = stage.invite("张三")
    page = phone.new_page()
    page.goto(url)
    page.wait_for_url(f"{stage.url}/")
    other = a_phone(browser)
    page = other.new_page()
    page.goto(url)
    expect(page.locator("#told")).to_contain_text("已经绑定过一部手机")
    page.goto(stage.url)
    expect(page.locator("main")).to_contain_text("这部手机还没有绑定")
    other.close()


def test_a_revoked_phone_says_so_and_forgets_the_customers(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    go(page, "拜访记录")
    expect(page.get_by_label(VISIT["customer"])).to_be_visible()
    co = stage.company
    with co.service.lock(), co.service.book.transaction():
        revoke(co.service.book, "张三", stage.clock())
    go(page, "今天")
    expect(page.locator("#banner")).to_contain_text("这部手机的绑定已被取消")
    page.reload()
    expect(page.locator("main")).to_contain_text("这部手机的绑定已被取消")
    known = """new Promise((done) => {
      const opened = indexedDB.open("kebu-door");
      opened.onsuccess = () => {
        const asked = opened.result.transaction("known").objectStore("known").count();
        asked.onsuccess = () => done(asked.result);
      };
    })"""
    page.wait_for_function(f"{known}.then((n) => n === 0)")


def test_without_permission_for_the_position_a_picture_is_taken_and_the_flag_says_so(
    stage: Stage, browser: Browser
) -> None:
    context = a_phone(browser, place=None)
    context.clock.set_system_time(stage.clock())
    page = come_in(context, stage)
    go(page, "拍照")
    expect(page.locator("#place")).to_contain_text("没有允许定位")
    shoot(page, located=False)
    fill_visit(page)
    submit(page, "visit")
    stage.run()
    (told,) = stage.company.told("张三", "拜访记录")
    assert "照片没有定位信息" in told
    context.close()


def test_a_phone_whose_clock_is_wrong_is_told_and_its_live_picture_has_the_door_s_time(
    stage: Stage, phone: BrowserContext
) -> None:
    phone.clock.set_system_time("2026-11-23T15:30:00+08:00")
    page = come_in(phone, stage)
    expect(page.locator("#banner")).to_have_text("这部手机的时钟快 5 小时，请打开“自动设置时间”。")
    shoot(page)
    stage.run()
    (kept,) = stage.company.ask("SELECT taken_at, live FROM photos WHERE seal IS NOT NULL")
    assert kept == {"taken_at": "2026-11-23T10:30:00+08:00", "live": 1}


def test_two_people_on_one_phone_do_not_see_each_other_s_things(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    go(page, "拜访记录")
    phone.clear_cookies()
    page = come_in(phone, stage, "陈六")
    go(page, "拜访记录")
    expect(page.locator("#visit")).to_contain_text("没有符合的客户")


@pytest.mark.parametrize("width", [360, 412])
def test_every_screen_can_be_used_by_everybody_and_fits(stage: Stage, browser: Browser, width: int) -> None:
    context = a_phone(browser, width=width, bypass_csp=True)  # the checker itself is put into the page
    context.clock.set_system_time(stage.clock())
    page = come_in(context, stage)
    shoot(page)
    fill_visit(page)
    page.fill("#visit-met", "")
    submit(page, "visit")
    page.evaluate(AXE.read_text("utf-8"))
    for words in ("今天", "拍照", "拜访记录", "销售日报", "更多", "回执"):
        go(page, words)
        assert axe(page) == [], words
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), words
    for form in PHONE_FORMS:
        page.evaluate("code => location.hash = code", form.code)
        expect(page.locator(f"#{form.code}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), form.sheet
    assert axe(page) == [], "the last of them; they come from one generator"
    page.goto(f"{stage.url}/#queue")
    page.evaluate(AXE.read_text("utf-8"))
    assert axe(page) == []
    outside = browser.new_context(viewport={"width": width, "height": 780}, bypass_csp=True, locale="zh-CN")
    for path in ("/", "/i/x"):
        page = outside.new_page()
        page.goto(f"{stage.url}{path}")
        page.evaluate(AXE.read_text("utf-8"))
        assert axe(page) == [], path
    outside.close()
    context.close()


def axe(page: Page) -> list[Any]:
    found = page.evaluate("axe.run(document).then((told) => told.violations)")
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_the_page_is_small_and_asks_nobody_else(stage: Stage, phone: BrowserContext) -> None:
    page = phone.new_page()
    weights: list[int] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: weights.append(int(answer.headers.get("content-length", 0))))
    page.goto(stage.invite("张三"))
    page.wait_for_url(f"{stage.url}/")
    ready(page)
    go(page, "拍照")
    page.wait_for_selector("#shutter:not([disabled])")
    assert 0 < sum(weights) <= 100_000, "bytes before the first picture"
    assert all(url.startswith(stage.url) for url in asked)


def test_over_a_slow_network_a_picture_still_arrives_live(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    slow = phone.new_cdp_session(page)
    slow.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000,
    })  # fmt: skip
    assert shoot(page) == "照片已送达，可以填拜访记录了。"


def test_a_hand_made_upload_from_the_page_itself_is_refused(stage: Stage, phone: BrowserContext) -> None:
    page = come_in(phone, stage)
    said = page.evaluate(
        """async () => {
          const body = new FormData();
          body.append("file", new Blob(["x"], { type: "image/jpeg" }), "old.jpg");
          const word = document.querySelector('meta[name="kebu-page"]').content;
          const answer = await fetch("/api/picture", { method: "POST", body, headers: { "X-Kebu-Page": word } });
          return [answer.status, (await answer.json()).words];
        }"""
    )
    assert said == [415, "只收手机门现场拍的照片，不收其他文件"]
    assert page.locator('input[type="file"]').count() == 0
    assert Phone(stage).send("GET", "/api/home").status == 401
