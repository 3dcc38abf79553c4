"""Whose folder is out of reach waits, alone and told of; what cannot be drawn is kept, and the operator reads why."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from disk.luggage import Draft
from intake.sandbox.child import Failure
from ledger.kept_words import words_of
from outbox.drawing import Remarked
from outbox.queue import tell, tell_words, words_for
from outbox.receipts.model import Receipt
from outbox.told import said
from service.sending import delivering
from service.summary import Summary
from tests.company import Company, a_company, report

MONDAY = "11-23 10:00"


def handed_in(co: Company, name: str, file: str = "日报.xlsx") -> None:
    co.hand_in(name, file, 销售日报=[report("2026-11-23")])


def test_a_share_that_is_away_is_told_of_and_nothing_is_made_in_its_place(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        handed_in(co, "张三")
        co.run(MONDAY)
        handed_in(co, "王五")
        co.share.rename(tmp_path / "away")
        summary = co.run("11-23 10:10")
        assert [each for each in summary.troubles if each.endswith("共享文件夹不可达")] != []
        assert not co.share.exists()
        (tmp_path / "away").rename(co.share)
        assert co.run("11-23 10:20").troubles == []
        assert len(co.new("王五")) == 1


def test_whose_drop_folder_is_gone_waits_until_it_is_back_or_init_makes_it(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        handed_in(co, "王五")
        shutil.rmtree(co.share / "张三" / "投递")
        said = "张三：投递文件夹不见了，暂停收发；确认是被删除的，请运行 init 重建"
        assert said in co.run(MONDAY).troubles
        assert len(co.new("王五")) == 1, "everybody else is served"
        assert not (co.share / "张三" / "投递").exists(), "an empty folder would speak against its owner"
        delivering.deliver(co.service, co.clock("11-23 10:10"), told := Summary(), anew=True)
        assert (co.share / "张三" / "投递").is_dir()
        assert told.troubles == []
        assert co.run("11-23 10:20").troubles == []


def test_a_file_in_the_place_of_a_folder_concerns_its_owner_only(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        shutil.rmtree(co.share / "张三" / "取件")
        (co.share / "张三" / "取件").write_bytes(b"")
        handed_in(co, "王五")
        troubles = co.run(MONDAY).troubles
        assert [each for each in troubles if each.startswith("张三/取件：")] != []
        assert [each for each in troubles if "王五" in each] == []
        assert len(co.new("王五")) == 1


WHY = {
    "time": "生成文件用时过长，已中止；内容已保留，稍后会再试",
    "memory": "生成文件需要的内存过大，已中止；内容已保留，稍后会再试",
    "crash": "生成文件的进程意外退出；内容已保留，稍后会再试",
    "error": "生成文件时程序出错；内容已保留，稍后会再试",
}


def test_why_a_file_could_not_be_drawn_is_told_in_words_and_it_comes_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_company(tmp_path) as co:
        for minute, (kind, why) in enumerate(WHY.items(), 10):
            handed_in(co, "张三", f"{kind}.xlsx")
            with monkeypatch.context() as patched:
                patched.setattr(type(co.service.readers), "ask", _draws_nothing(co, kind))
                troubles = co.run(f"11-23 10:{minute}").troubles
            assert [each.partition(": ")[2] for each in troubles if kind in each] == [why]
        assert co.new("张三") == []
        assert co.run("11-23 11:30").troubles == []
        assert len(co.new("张三")) == len(WHY)


def _draws_nothing(co: Company, kind: str) -> Callable[..., Any]:
    ask = type(co.service.readers).ask

    def fails(readers: Any, function: Any, *arguments: Any) -> Any:
        if function in (delivering.draw_file, delivering.draw_plain):
            return ask(readers, _failing, kind)
        return ask(readers, function, *arguments)

    return fails


def _failing(kind: str) -> Failure:
    return Failure(kind, "as a test wants it")  # type: ignore[arg-type]


# -- what is counted and told


def shipped(co: Company) -> int:
    """How many files the book says were written."""
    return int(co.service.book.one("SELECT COUNT(*) FROM shipped"))


def test_every_file_that_was_written_is_counted_in_a_round_and_words_put_into_ours_are_told_of(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        where = co.share / "张三" / "取件" / "模板" / "自己的.xlsx"
        for minute, title in (("10:00", "一"), ("10:10", "二"), ("10:20", "三")):
            before, now = shipped(co), co.clock(f"11-23 {minute}")
            with co.service.book.transaction():
                tell(co.service.book, "张三", "模板", where.name, Receipt(title, "表", "张三", now, now), "w", now)
            delivering.deliver(co.service, now, summary := Summary())
            assert (summary.delivered, summary.troubles) == (shipped(co) - before, [])
            if title == "一":
                assert co.service.outbox.spared == []
                where.write_bytes(b"filled in")
        assert where.with_name("自己的_您填写的_1123-1010.xlsx").read_bytes() == b"filled in"
        told = co.receipt("张三", "您填写的文件没有投递").text
        assert (
            "“取件”里的“自己的.xlsx”您填写或改动过，没有投递；新版已送达，您的那份保留为“模板/自己的_您填写的_1123-1010.xlsx”。"
            "要提交的，请把它放进“投递”文件夹"
        ) in told
        assert co.service.outbox.spared == [], "told once"
        causes = co.service.book.ask("SELECT person, cause FROM s_deliveries WHERE name LIKE '%您填写的%'")
        assert [tuple(each.values()) for each in causes] == [("张三", "notice")]


# -- who draws, and when


@dataclass
class Readers:
    """Whoever draws, watched: what is asked, and how many answers are not yet fetched."""

    co: Company
    answers: dict[str, Any] = field(default_factory=dict)  #: function → what it answers instead
    asked: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    open: int = 0
    most: int = 0

    def ask(self, _readers: Any, function: Any, *arguments: Any) -> Future[Any]:
        readers, answers = self, self.answers
        self.asked.append((function.name, arguments))
        self.open += 1
        self.most = max(self.open, self.most)

        class Answer(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                readers.open -= 1
                return super().result(timeout)

        answer = Answer()
        given = answers.get(function.name, "drawn")
        if isinstance(given, (str, Remarked)) and not isinstance(given, Failure):
            draft = next(each for each in arguments if isinstance(each, Draft))
            draft.write(b"drawn")
        answer.set_result(given)
        return answer

    def names(self) -> list[str]:
        return [name for name, _arguments in self.asked]


@pytest.fixture
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with a_company(tmp_path) as co:
        made = Readers(co)
        delivering.deliver(co.service, co.clock(MONDAY), Summary())
        monkeypatch.setattr(type(co.service.readers), "ask", lambda *given: made.ask(*given))
        yield made


def told(co: Company, number: int, at: datetime) -> Receipt:
    """One more receipt, queued for 张三."""
    receipt = Receipt("回执", f"表{number}", "张三", at, at)
    with co.service.book.transaction():
        tell(co.service.book, "张三", "回执", f"{number}.xlsx", receipt, "w", at)
    return receipt


def answered(readers: Readers) -> list[str]:
    """The receipts that were asked for, in turn; pages are another matter."""
    return [arguments[1 if name == "draw_plain" else 2].stem for name, arguments in readers.asked]


def test_what_readers_are_asked_by_name_is_there() -> None:
    for asked in (delivering.draw_file, delivering.draw_plain, delivering.draws_answers):
        load, named = asked.__reduce__()
        function = load(*named)
        assert callable(function)
        assert (named, function.__name__) == ((asked.module, asked.name), asked.name)


def test_a_few_files_are_drawn_ahead_of_being_placed_and_not_all_of_them(readers: Readers) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    wanted = [words_for(told(co, n, now)).sha256 for n in range(4 * co.service.readers.side_by_side)]
    delivering.deliver(co.service, now, Summary())
    assert answered(readers)[: len(wanted)] == wanted
    assert readers.most == 2 * co.service.readers.side_by_side + 1
    assert len(co.new("张三")) == len(wanted)


def test_what_was_begun_ahead_is_not_asked_again_and_what_was_not_committed_is_let_go(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "AHEAD", 2)
    co, now = readers.co, readers.co.clock("11-23 11:00")
    never = words_for(Receipt("回执", "从未", "张三", now, now))
    receipts = [Receipt("回执", f"表{number}", "张三", now, now) for number in (1, 2)]
    delivering.draw_ahead(co.service, never)
    for receipt in receipts:
        delivering.draw_ahead(co.service, words_for(receipt))
    first, second = (words_for(each).sha256 for each in receipts)
    assert list(co.service.begun) == [never.sha256, first], "two are enough"
    waiting = co.service.begun[never.sha256] = Future()
    for number in (1, 2):
        told(co, number, now)
    delivering.deliver(co.service, now, Summary())
    assert answered(readers)[:3] == [never.sha256, first, second]
    assert readers.names().count("draw_file") == len(set(answered(readers)))
    assert (co.service.begun, waiting.cancelled()) == ({}, True)
    assert len(co.new("张三")) == 2


def test_whoever_draws_is_handed_the_words_where_to_and_the_company(readers: Readers) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    words = words_for(told(co, 1, now))
    delivering.deliver(co.service, now, Summary())
    name, (squeezed, shelf, draft, own, company) = readers.asked[0]
    assert (name, squeezed, own, company) == ("draw_file", words.squeezed, None, co.service.settings.company.name)
    assert (shelf.folders, list(shelf.named())) == ((co.book,), [])
    assert draft == Draft(co.service.outbox.scratch(words.sha256))


def test_what_files_say_alike_is_handed_over_with_each(readers: Readers) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    parts = (words_of("甲"), words_of("乙"))
    words = words_of(said(Receipt("回执", "表", "张三", now, now)), parts)
    with co.service.book.transaction():
        tell_words(co.service.book, "张三", "回执", "1.xlsx", words, "w", now)
    delivering.deliver(co.service, now, Summary())
    _name, (squeezed, _shelf, _draft, _own, _company, *handed) = readers.asked[0]
    assert (squeezed, sorted(handed)) == (words.squeezed, sorted(each.squeezed for each in parts))


def test_the_company_s_own_pages_are_handed_over_where_there_are_any(
    readers: Readers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    own = co.service.settings.folders.own_templates
    shutil.rmtree(own, ignore_errors=True)
    for made, expected in ((own, None), (own / "page", own)):
        made.mkdir(parents=True)
        readers.asked.clear()
        told(co, len(str(made)), now)
        delivering.deliver(co.service, now, Summary())
        assert readers.asked[0][1][3] == expected


def test_a_receipt_that_is_too_much_is_drawn_with_its_words_alone(
    readers: Readers, caplog: pytest.LogCaptureFixture
) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    readers.answers["draw_file"] = Failure("memory", "too much")
    words = words_for(told(co, 1, now))
    with caplog.at_level(logging.WARNING, "kebu"):
        delivering.deliver(co.service, now, Summary())
    plain = [arguments for name, arguments in readers.asked if name == "draw_plain"]
    assert plain[0] == (
        words.squeezed,
        Draft(co.service.outbox.scratch(words.sha256)),
        co.service.settings.company.name,
    )
    assert f"could not be drawn: {words.sha256} (too much)" in caplog.messages
    assert (co.share / "张三" / "取件" / "回执" / "1.xlsx").read_bytes() == b"drawn"


def test_a_page_comes_anew_for_whoever_was_given_what_was_hindered_and_a_remark_on_it_is_told_once(
    readers: Readers, caplog: pytest.LogCaptureFixture
) -> None:
    co, now = readers.co, readers.co.clock("11-23 11:00")
    readers.answers |= dict.fromkeys(("draw_file", "draw_plain"), Failure("crash", "gone"))
    told(co, 1, now)
    delivering.deliver(co.service, now, summary := Summary())
    assert [each for each in summary.troubles if "1.xlsx" in each] == [f"张三/回执/1.xlsx: {WHY['crash']}"]
    readers.asked.clear()
    readers.answers["draw_file"] = Remarked("cafe", "首页的模板坏了")
    with caplog.at_level(logging.WARNING, "kebu"):
        delivering.deliver(co.service, co.clock("11-24 12:30"), summary := Summary())
    assert co.service.book.one("SELECT sha256 FROM shipped WHERE path LIKE '%/1.xlsx'") == "cafe"
    pages = co.service.book.ask("SELECT path FROM shipped WHERE path LIKE '%/首页.html' AND sha256 = 'cafe'")
    assert [each["path"] for each in pages] == ["张三/取件/首页.html"]
    assert caplog.messages.count("首页的模板坏了") == len(readers.asked) == summary.delivered == 2
    assert summary.troubles == ["首页的模板坏了"], "what is said of a receipt is in the log alone"


# -- folders


def test_the_first_folders_are_made_for_those_who_never_had_any(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with a_company(tmp_path) as co:
        now = co.clock(MONDAY)
        handed_in(co, "王五")
        co.run(MONDAY)
        with co.service.book.transaction():
            co.service.book.db.execute(
                "DELETE FROM shipped WHERE delivery_id IN (SELECT id FROM s_deliveries WHERE person IN ('张三', '陈六', '李四'))"
            )
        for name in ("张三", "陈六", "王五"):
            shutil.rmtree(co.share / name)
        shutil.rmtree(co.share / "李四" / "取件")
        (co.share / "陈六").write_bytes(b"")
        with caplog.at_level(logging.WARNING, "kebu"):
            delivering.make_first_folders(co.service, now)
        assert sorted(path.name for path in (co.share / "张三").iterdir()) == ["取件", "投递"]
        assert not (co.share / "王五").exists(), "it was there once: perhaps a network drive is away"
        assert not (co.share / "李四" / "取件").exists(), "it is made when something is delivered"
        assert [each.partition("：")[0] for each in caplog.messages] == ["陈六/投递", "陈六/取件"]
        assert delivering.out_of_reach(co.service, now) == {"王五"}
        co.share.rename(tmp_path / "away")
        delivering.make_first_folders(co.service, now)
        assert not co.share.exists()


def test_whose_drop_folder_s_place_is_taken_and_who_never_had_one_waits_and_is_named(tmp_path: Path) -> None:
    with a_company(tmp_path) as co:
        with co.service.book.transaction():
            co.service.book.db.execute(
                "DELETE FROM shipped WHERE delivery_id IN (SELECT id FROM s_deliveries WHERE person IN ('张三', '陈六'))"
            )
        for name, folder in (("张三", "投递"), ("陈六", "取件")):
            shutil.rmtree(co.share / name)
            (co.share / name).mkdir()
            (co.share / name / folder).write_bytes(b"")
        now = co.clock(MONDAY)
        for name in ("张三", "陈六", "王五"):
            with co.service.book.transaction():
                tell(co.service.book, name, "回执", "表.xlsx", Receipt("回执", "表", name, now, now), "w", now)
        delivering.deliver(co.service, now, summary := Summary())
        assert [each.partition("：")[0] for each in summary.troubles if "：" in each.split("/", 2)[1]] == [
            "张三/投递", "陈六/取件",
        ]  # fmt: skip
        assert not (co.share / "张三" / "取件" / "回执").exists(), "an answer counts as a folder that was there"
        assert not co.service.book.ask("SELECT * FROM due JOIN s_deliveries ON id = delivery_id WHERE person = '王五'")
        assert [each for each in summary.troubles if each.startswith("陈六/回执/表.xlsx: ")]
