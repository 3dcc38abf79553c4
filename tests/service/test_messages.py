"""Messages: they reach a real HTTP server and a real SMTP server, once, in time, in one piece, and hold nothing up."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from outbox.messages.draw import LONGEST, clean, draw, faults_of
from outbox.messages.model import Digest, Matter
from policy.settings import ConfigError, load_settings
from service.answers.messages import Messenger, send_messages
from service.answers.telling import status
from service.upkeep import message_health
from tests.company import POOL, Company, a_company, a_company_with_a_pool, reopened, report

ROOT = Path(__file__).parents[2]


class Room(ThreadingHTTPServer):
    """A chat room's robot: keeps what is posted to it."""

    def __init__(self, port: int = 0) -> None:
        self.heard: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", port), _Robot)
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def texts(self) -> list[str]:
        return [each["message"] for each in self.heard]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Robot(BaseHTTPRequestHandler):
    server: Room

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def addressed(**addresses: str | list[str]) -> dict[str, str]:
    """The line of the config that names addresses."""
    told = ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value)}" for key, value in addresses.items())
    return {"addresses = {}": f"addresses = {{ {told} }}"}


def json_at(port: int) -> str:
    return f"json://127.0.0.1:{port}"


def told(co: Company, at: str) -> None:
    send_messages(co.service, co.clock(at))


def wrong(co: Company, at: str) -> list[str]:
    return list(status(co.service, co.clock(at))["groups"].get("消息", []))


def a_returned_row(co: Company, at: str, file: str = "日报.xlsx", day: str = "2026-11-24") -> None:
    """张三 hands in a report of a day to come."""
    co.hand_in("张三", file, 销售日报=[report(day)])
    co.run(at)


def test_returned_rows_and_sheets_to_decide_reach_a_chat_room_in_one_digest_and_once(
    tmp_path: Path, room: Room
) -> None:
    here = addressed(张三=json_at(room.server_port), 部门经理=json_at(room.server_port))
    with a_company(tmp_path, config=here) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23"), report("2026-11-25")])
        co.run("11-23 18:00")
        told(co, "11-23 18:00")
        told(co, "11-23 18:01")
    with reopened(tmp_path, config=here) as co:  # a restart
        told(co, "11-23 19:00")
    texts = sorted(room.texts())
    assert texts == [
        "【李四】\n销售日报：1 行等您审批，见“取件/审批”。",
        "销售日报：1 行被退回，原因见“取件/回执”，请改好再投递。",
    ]
    assert {each["title"] for each in room.heard} == {"本公司 客簿：1 件事"}
    assert not any("138" in text or "宏远" in text for text in texts)  # no phone, no content


def test_ten_matters_within_the_half_hour_are_one_digest(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        a_returned_row(co, "11-23 10:00")
        told(co, "11-23 10:00")
        for n in range(4):
            a_returned_row(co, f"11-23 10:0{n + 1}", f"{n}.xlsx", f"2026-11-2{n + 5}")
            told(co, f"11-23 10:0{n + 1}")
        assert len(room.heard) == 1
        told(co, "11-23 10:31")
    assert room.texts()[1] == "销售日报：4 行被退回，原因见“取件/回执”，请改好再投递。"


def test_the_evening_reminds_the_salesperson_and_then_the_manager(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port), 李四=json_at(room.server_port))) as co:
        co.hand_in("王五", 销售日报=[report("2026-11-23")])
        co.run("11-23 19:00")
        told(co, "11-23 19:00")  # the sheet for 李四
        assert len(room.heard) == 1
        told(co, "11-23 19:29")
        assert len(room.heard) == 1
        told(co, "11-23 19:30")
        assert room.texts()[1:] == ["今天的日报还没有收到，20:00 截止。"]
        told(co, "11-23 21:30")
    assert room.texts()[2:] == ["今天还有 1 份日报没有审核（22:00 截止）：王五\n今天还有 1 份日报没有收到：张三"]


def test_who_was_reminded_for_nothing_is_not(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        co.hand_in("张三", 销售日报=[report("2026-11-23")])
        co.run("11-23 19:00")
        told(co, "11-23 19:30")
        told(co, "11-22 19:30")  # a Sunday
    assert room.heard == []


def test_the_quiet_hours_hold_back_until_the_morning(tmp_path: Path, room: Room) -> None:
    """The fine of the night and what came back late are one message at half past seven."""
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        a_returned_row(co, "11-23 22:30", day="2026-11-26")
        told(co, "11-23 22:30")
        co.nightly("2026-11-23", "11-24 00:30")
        told(co, "11-24 00:30")
        told(co, "11-24 07:29")
        assert room.heard == []
        told(co, "11-24 07:30")
    (text,) = room.texts()
    assert "销售日报：1 行被退回" in text


def test_a_fine_and_a_customer_about_to_go_are_told(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        co.gain("张三", "李四", *POOL)
        co.nightly("2026-12-18", "12-19 00:30")
        told(co, "12-19 09:00")
        told(co, "12-20 09:00")
    assert "12-18 的日报记为缺交，依据和申诉办法见“取件/回执”里的通知。" in room.texts()[0]
    left = [line for text in room.texts() for line in text.splitlines() if line.startswith("客户")]
    assert len(left) == len(set(left)) == len(POOL)
    assert f"客户“{POOL[0]}”再过 3 天没有跟进将回到公海。" in left


def test_a_server_that_was_down_is_tried_later_and_told_once(tmp_path: Path, room: Room) -> None:
    port, up = free_port(), json_at(room.server_port)
    with a_company(tmp_path, config=addressed(张三=[json_at(port), up])) as co:
        a_returned_row(co, "11-23 10:00")
        told(co, "11-23 10:00")
        assert len(room.heard) == 1
        (words,) = wrong(co, "11-23 10:00")
        assert words.startswith("给张三的消息没有发出（11-23 10:00，第 1 次）：对方没有接受，或连接不上")
        assert "127.0.0.1" not in words  # addresses hold keys
        late = Room(port)
        try:
            told(co, "11-23 10:00")  # not yet
            assert late.heard == []
            told(co, "11-23 10:02")
            told(co, "11-23 11:30")
            assert len(late.heard) == 1
            assert late.texts() == room.texts()
        finally:
            late.close()
        assert wrong(co, "11-23 11:30") == []


def test_the_operator_s_alarms_are_told_once_a_day_and_only_by_group(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(管理员=json_at(room.server_port))) as co:
        told(co, "11-26 09:00")  # days were not closed
        told(co, "11-26 15:00")
        told(co, "11-27 09:00")
    assert [text.count("需要处理：关账 ") for text in room.texts()] == [1, 1]


class Letters:
    """What a mail server took."""

    def __init__(self) -> None:
        self.taken: list[email.message.EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


def test_a_letter_arrives_in_chinese_as_plain_text(tmp_path: Path) -> None:
    letters = Letters()
    post = Controller(letters, hostname="127.0.0.1", port=free_port())
    post.start()
    try:
        address = f"mailto://127.0.0.1:{post.port}?from=kebu@firm.example&to=zhang@firm.example"
        with a_company(tmp_path, config=addressed(张三=address)) as co:
            a_returned_row(co, "11-23 10:00")
            told(co, "11-23 10:00")
            assert wrong(co, "11-23 10:00") == []
    finally:
        post.stop()
    (letter,) = letters.taken
    assert "zhang@firm.example" in letter["To"]
    assert "客簿：1 件事" in letter["Subject"]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "销售日报：1 行被退回" in body.get_content()


def test_the_command_sends_and_a_hanging_server_holds_nothing_up(tmp_path: Path, room: Room) -> None:
    """`run` ends with its receipts delivered, whatever the other side does; nobody knows, so nothing is sent again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        here = {
            **addressed(张三=json_at(silent.getsockname()[1]), 李四=json_at(room.server_port)),
            "wait_seconds = 20": "wait_seconds = 10",
        }
        with a_company(tmp_path, config=here) as co:
            co.hand_in("张三", 销售日报=[report("2026-11-25"), report("2026-11-23")])
            command = [sys.executable, "sync.py", "--config", str(co.config), "run", "--now", "2026-11-23T18:00:00"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr
            assert [path.name for path in co.new("张三")]
            assert len(room.heard) == 1
            told(co, "11-23 18:05")
            assert "发到一半中断，不知道有没有送到" in "".join(wrong(co, "11-23 18:20"))
            assert len(room.heard) == 1


def test_a_watch_begins_and_goes_on(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        a_returned_row(co, "11-23 10:00")
        messenger = Messenger(co.service)
        messenger.tick(co.clock("11-23 10:00"))
        assert messenger.sending is not None  # the round goes on meanwhile
        messenger.sending.child.wait(60)
        messenger.tick(co.clock("11-23 10:01"))
        assert messenger.sending is None
        messenger.tick(co.clock("11-23 10:40"))
        assert messenger.sending is None
    assert len(room.heard) == 1


def test_without_the_extra_status_says_so_and_nothing_else_happens(
    tmp_path: Path, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_health, "find_spec", lambda _name: None)
    monkeypatch.setattr("service.answers.messages.can_send", message_health.can_send)
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        a_returned_row(co, "11-23 10:00")
        told(co, "11-23 10:00")
        (words,) = wrong(co, "11-23 10:00")
    assert "没有安装附加包 messages" in words
    assert room.heard == []


def test_without_addresses_nothing_is_loaded_and_nothing_said(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        sending = ("apprise", "outbox.messages.send", "service.answers.messages")
        program = (
            "import sys, sync\ntry: sync.main()\nexcept SystemExit: pass\n"
            f"print([n for n in {sending} if n in sys.modules])"
        )
        command = [
            sys.executable,
            "-c",
            program,
            "--quiet",
            "--config",
            str(co.config),
            "run",
            "--now",
            "2026-11-23T18:00:00",
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.stdout.strip() == "[]", done.stderr
        assert wrong(co, "11-23 18:00") == []


def test_somebody_who_is_not_there_and_an_address_that_is_none_are_told_to_the_operator(tmp_path: Path) -> None:
    with a_company(tmp_path, config=addressed(张散="json://127.0.0.1", 张三="nosuchthing://key")) as co:
        a_returned_row(co, "11-23 10:00")
        told(co, "11-23 10:00")
        words = "\n".join(wrong(co, "11-23 10:00"))
    assert "“张散”不是岗位，名册中也没有这个人" in words
    assert "地址写法不对" in words
    assert "nosuchthing" not in words


def test_a_wrong_address_stops_the_start_with_its_line_and_without_its_key(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[messages]\naddresses = { "张三" = "secret-token" }\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="第 2 行") as error:
        load_settings(path)
    assert "apprise" in str(error.value)
    assert "secret" not in str(error.value)


def example(*matters: Matter, by_post: bool = False) -> Digest:
    folders = {"drop": "投递", "pickup": "取件", "receipts": "回执", "approvals": "审批"}
    return Digest("公司", by_post, folders, matters)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("宏远\n需要处理：假的", "宏远 需要处理：假的"), ("长" * 300, "长" * (LONGEST - 1) + "…"),
        ("שלום", "\u2068שלום\u2069"), ("ab\u202edcba", "abdcba"), ("😀公司", "😀公司"),
    ],
)  # fmt: skip
def test_a_strange_name_shows_as_text_on_one_line(tmp_path: Path, name: str, shown: str) -> None:
    assert clean(name) == shown
    _title, body = draw(example(Matter("回收提醒", "张三", "k", name, 3)), tmp_path)
    assert body == f"客户“{shown}”再过 3 天没有跟进将回到公海。"


def test_a_strange_name_arrives_as_text(tmp_path: Path, room: Room) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        co.gain("张三", "李四", "<b>宏远</b>电子有限公司")
        told(co, "12-22 09:00")
    assert any("<b>宏远</b>电子有限公司" in text for text in room.texts())


def test_a_long_digest_is_cut_and_says_so(tmp_path: Path) -> None:
    many = [Matter("回收提醒", "张三", str(n), f"客户{n:02}", 3) for n in range(30)]
    title, body = draw(example(*many), tmp_path)
    assert title == "公司 客簿：30 件事"
    assert len(body.splitlines()) == 21
    assert body.endswith("另有 10 项，见“取件/首页.html”。")


@pytest.mark.parametrize(
    ("text", "line"),
    [("好\n{% if %}", 2), ("{{ matters[0].nothing.more }}", 1), ("{% for", 1)],
    ids=["syntax", "unknown", "cut"],
)
def test_a_broken_template_of_the_company_is_named_and_the_shipped_one_used(
    tmp_path: Path, room: Room, text: str, line: int
) -> None:
    with a_company(tmp_path, config=addressed(张三=json_at(room.server_port))) as co:
        own = co.service.settings.folders.own_templates / "messages"
        shutil.copytree(ROOT / "templates" / "messages", own)
        assert faults_of(own) == []
        (own / "title.txt").write_text("{{ company }}给您的话", encoding="utf-8")
        (own / "returned.txt").write_text(text, encoding="utf-8")
        a_returned_row(co, "11-23 10:00")
        told(co, "11-23 10:00")
        (words,) = wrong(co, "11-23 10:00")
    assert "returned.txt" in words
    assert f"第 {line} 行" in words
    assert room.texts() == ["销售日报：1 行被退回，原因见“取件/回执”，请改好再投递。"]
    assert room.heard[0]["title"] == "本公司给您的话"


def test_a_pool_and_a_clock_are_not_held_up(tmp_path: Path) -> None:
    """Beginning does not wait for the other side."""
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        a_company_with_a_pool(
            tmp_path,
            config={**addressed(管理员=json_at(silent.getsockname()[1])), "wait_seconds = 20": "wait_seconds = 1"},
        ) as co,
    ):
        messenger = Messenger(co.service)
        messenger.tick(co.clock("12-26 09:00"))
        assert messenger.sending is not None
        assert messenger.sending.child.poll() is None
        assert not co.service.book.writing
        messenger.finish(co.clock("12-26 09:00"))
        assert messenger.sending is None
