"""Whose folder is out of reach waits, alone and told of; what cannot be drawn is kept, and the operator reads why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intake.sandbox.child import Failure
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
