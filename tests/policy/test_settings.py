"""config.toml: every key, and what happens when one is wrong."""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from policy.forms import FORMS
from policy.settings import CHAINS, ConfigError, Settings, check_rule_ids, load_settings
from policy.settings_lines import key_lines
from policy.settings_sections import REPORTS

SHIPPED = Path(__file__).parents[2] / "config.toml"


@pytest.fixture
def config(tmp_path: Path) -> Any:
    """Writes a config and reads it."""

    def load(text: str, encoding: str = "utf-8") -> Settings:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding=encoding)
        return load_settings(path)

    return load


def keys_of_tables(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield f"{prefix}{name}"
        if isinstance(value, dict):
            yield from keys_of_tables(value, f"{prefix}{name}.")


def keys_of_models(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}"
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys_of_models(inner, f"{prefix}{name}.")


def test_every_key_of_the_models_stands_in_the_shipped_config_and_vice_versa() -> None:
    written = set(keys_of_tables(tomllib.loads(SHIPPED.read_text(encoding="utf-8"))))
    named = {f"approval.{sheet}" for sheet in CHAINS} | {f"posts.sees.{report}" for report in REPORTS}
    assert written == set(keys_of_models(Settings)) | named


def test_the_shipped_config_says_the_defaults() -> None:
    shipped, ours = load_settings(SHIPPED).model_dump(), Settings().model_dump()
    assert shipped.pop("folders")["drop"] == ours.pop("folders")["drop"] == "投递"
    assert shipped == ours


def test_every_table_of_the_shipped_config_cites_a_clause() -> None:
    tables: dict[str, str] = {}
    for line in SHIPPED.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            tables[line] = ""
        elif tables:
            tables[list(tables)[-1]] += line + "\n"
    titles = ("目的", "客户", "销售日报", "适用范围", "指标编审", "人员新增", "附则")
    assert [name for name, body in tables.items() if not any(title in name + body for title in titles)] == []


def test_every_form_has_a_chain() -> None:
    assert {form.sheet for form in FORMS} <= set(Settings().approval)


def test_an_empty_config_has_all_defaults(config: Any, tmp_path: Path) -> None:
    settings = config("")
    assert settings.daily_report.due == timedelta(hours=20)
    assert settings.daily_report.day_ends == timedelta(hours=24)
    assert settings.daily_report.deduction_fen == 2000
    assert settings.schedule.monthly.day == 1
    assert settings.schedule.monthly.at == timedelta(hours=1)
    assert settings.folders.share == tmp_path / "share"
    assert settings.approval["客户回款"] == ("出纳",)


def test_folders_are_relative_to_the_config_and_absolute_ones_stay(config: Any, tmp_path: Path) -> None:
    elsewhere = (tmp_path / "账簿").as_posix()
    settings = config(f'[folders]\nshare = "共享/客簿"\nbook = "{elsewhere}"')
    assert settings.folders.share == tmp_path / "共享" / "客簿"
    assert settings.folders.book == tmp_path / "账簿"


def test_values_are_read_as_written(config: Any) -> None:
    settings = config(
        "[daily_report]\ndue = 19:30:00\ndeduction_yuan = 12.35\n"
        '[calendar]\nextra_holidays = [2026-12-31, "2026-12-30"]\n'
        "[intake]\npoll = true\nsettle_seconds = 0\n"
        '[schedule]\nmonthly = "2日 03:15"\n[recycling]\nwarn_days = [1, 5]\n'
    )
    assert settings.daily_report.due == timedelta(hours=19, minutes=30)
    assert settings.daily_report.deduction_yuan == Decimal("12.35")
    assert settings.daily_report.deduction_fen == 1235
    assert settings.calendar.extra_holidays == (date(2026, 12, 31), date(2026, 12, 30))
    assert settings.intake.poll == "on"
    assert settings.intake.settle_seconds == 0
    assert (settings.schedule.monthly.day, settings.schedule.monthly.at) == (2, timedelta(hours=3, minutes=15))
    assert settings.recycling.warn_days == (5, 1)


def test_one_approval_chain_can_be_changed_and_the_others_stay(config: Any) -> None:
    settings = config('[approval]\n"客户新增" = []\n[posts.sees]\n"日报合规" = ["企管部"]')
    assert settings.approval["客户新增"] == ()
    assert settings.approval["拜访记录"] == CHAINS["拜访记录"]
    assert settings.posts.sees["日报扣款"] == ("人力资源部",)


WRONG = [
    ("[daily_report]\n\ndeu = '20:00'", 3, "daily_report.deu", "是不是想写 due"),
    ("[daly_report]\ndue = '20:00'", 1, "daly_report", "daily_report"),
    ("[daily_report]\ndue = '8pm'", 2, "daily_report.due", "00:00 到 24:00"),
    ("[daily_report]\ndue = '24:01'", 2, "daily_report.due", "00:00 到 24:00"),
    ("[daily_report]\ndue = '21:00'\nday_ends = '20:59'", 3, "daily_report.day_ends", "不能早于"),
    ("[daily_report]\ndeduction_yuan = '20'", 2, "daily_report.deduction_yuan", "金额"),
    ("[daily_report]\ndeduction_yuan = 0.005", 2, "daily_report.deduction_yuan", "两位小数"),
    ("[daily_report]\ndeduction_yuan = -20", 2, "daily_report.deduction_yuan", "金额"),
    ("[daily_report]\nmanager_deduction_yuan = 20", 2, "daily_report.manager_deduction_yuan", "只能写 0"),
    ("[daily_report]\nlate_counts_as_missing = 1", 2, "daily_report.late_counts_as_missing", "true 或 false"),
    ("daily_report = 20", 1, "daily_report", "一组配置项"),
    ("[claim]\ncooldown_days = 7.5", 2, "claim.cooldown_days", "整数"),
    ("[claim]\ncooldown_days = true", 2, "claim.cooldown_days", "整数"),
    ("[claim]\ncooldown_days = -1", 2, "claim.cooldown_days", "不能小于 0"),
    ("[photos]\nsimilar_bits = 65", 2, "photos.similar_bits", "不能大于 64"),
    ("[photos]\nnear_m = 500\nfar_m = 499", 3, "photos.far_m", "near_m"),
    ("[photos]\nmin_sharpness = nan", 2, "photos.min_sharpness", "数字"),
    ("[intake]\npoll = 'sometimes'", 2, "intake.poll", "'auto'、'on'、'off'"),
    ("[lists]\nsources = []", 2, "lists.sources", "至少要有 1 项"),
    ("[lists]\nregions = [\n  '华东', # 上海\n  '',\n]", 4, "lists.regions.1", "空白"),
    ("[lists]\nregions = ['华东', '华东']", 2, "lists.regions", "写了两次"),
    ("[lists]\nregions = '华东'", 2, "lists.regions", "列表"),
    ("[posts]\ndaily_report = ['销售员']", 2, "posts.daily_report.0", "是不是想写 销售人员"),
    ("[posts.sees]\n'日报合归' = ['企管部']", 2, "posts.sees.日报合归", "是不是想写 日报合规"),
    ("[approval]\n'拜访记录' = ['销售经理']\n'拜访纪录' = []", 3, "approval.拜访纪录", "是不是想写 拜访记录"),
    ("[approval]\n'拜访记录' = ['经理']", 2, "approval.拜访记录.0", "部门经理"),
    ("[calendar]\nextra_holidays = [2026-10-01, 20261002]", 2, "calendar.extra_holidays.1", "2026-10-01"),
    ("[calendar]\nweekend = [0]", 2, "calendar.weekend.0", "不能小于 1"),
    ("[calendar]\nextra_holidays=[2026-01-05]\nextra_workdays=[2026-01-05]", 3, "calendar.extra_workdays", "同时"),
    ("[schedule]\nmonthly = '31st 01:00'", 2, "schedule.monthly", "1 到 28"),
    ("[schedule]\nnightly = '24:00'", 2, "schedule.nightly", "23:59"),
    ("[company]\nzone = 'Asia/Peking'", 2, "company.zone", "Asia/Shanghai"),
    ("[company]\nzone = 'Asia'", 2, "company.zone", "Asia/Shanghai"),
    ("[folders]\nshare = 'x'\nbook = 'x/book'", 3, "folders.book", "员工能看到账簿"),
    ("[folders]\nshare = ''", 2, "folders.share", "空白"),
    ("[folders]\ndrop = '../投递'", 2, "folders.drop", "路径"),
    ("[folders]\npickup = '投递'", 2, "folders.pickup", "另一个文件夹"),
    ("[limits]\nrows = 0", 2, "limits.rows", "不能小于 1"),
    ("[limits]\ncell_chars = 32768", 2, "limits.cell_chars", "不能大于 32767"),
    ("[rules]\n'visit.photo.edited' = 'warn'", 2, "rules.visit.photo.edited", "'refuse'、'flag'、'note'、'off'"),
    ("[[policy]]\ndaily_report.due = '19:00'", 1, "policy.0", "缺少 from"),
    ("[[policy]]\nfrom = 2026-02-30", 2, "from", "日期"),
    ("[[policy]]\nfrom = 'soon'", 2, "policy.0.from", "日期"),
    ("[[policy]]\nfrom = 2026-01-01\nfolders.share = 'x'", 3, "policy.0.folders", "daily_report"),
    ("[[policy]]\nfrom = 2026-01-01\ndaily_report.deu = '19:00'", 3, "policy.0.daily_report.deu", "due"),
    ("[[policy]]\nfrom = 2026-01-01\n[policy.claim]\ndaily_cap = 'x'", 4, "policy.0.claim.daily_cap", "整数"),
    (
        "[[policy]]\nfrom = 2027-01-01\nclaim.daily_cap = 1\n[[policy]]\nfrom = 2026-01-01\n\nclaim.daily_cap = -1",
        7, "policy.1.claim.daily_cap", "不能小于 0",
    ),
    ("[[policy]]\nfrom = 2026-01-01\ndaily_report.day_ends = '19:00'", 3, "policy.0.daily_report.day_ends", "不能早于"),
    ("[[policy]]\nfrom = 2026-01-01\n[[policy]]\nfrom = 2026-01-01", 4, "policy.1.from", "已有"),
    ("[policy]\nfrom = 2026-01-01", 1, "policy", "[[policy]]"),
    ("[claim]\ndaily_cap = 1\ndaily_cap = 2", 3, "daily_cap", "写了两次"),
    ("[claim]\n[photos]\n[claim]", 3, "claim", "写了两次"),
    ("[lists]\nregions = [“华东”]", 2, "regions", "英文双引号"),
    ("[approval]\n客户新增 = []", 2, "客户新增", "英文双引号"),
    ('[folders]\nshare = "D:\\客簿"', 2, "share", "单引号"),
    ("[lists]\nregions = ['华东'", 2, "regions", "写法不对"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "key", "says"), WRONG, ids=[f"{key}-{n}" for n, (_, _, key, _) in enumerate(WRONG)]
)
def test_a_mistake_is_named_with_file_line_key_and_what_is_allowed(
    config: Any, text: str, line: int, key: str, says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        config(text)
    error = caught.value
    assert (error.line, error.key) == (line, key)
    assert says in error.message
    assert str(error).startswith(f"config.toml 第 {line} 行 {key}：")
    assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("[claim]\na = " + "[" * 3000 + "]" * 3000, 2, "", "套得太深"),
        ("\n" + "a." * 3000 + "b = 1", 2, "", "套得太深"),
        ('[folders]\nshare = "a\\u0000b"', 2, "folders.share", "空字符"),
        ('[lists]\nregions = ["华南", "华\\u0000"]', 2, "lists.regions.1", "空字符"),
        ('[photos]\nfar_m = "\\n\\u001b[31m"', 2, "photos.far_m", "整数"),
    ],
    ids=["brackets", "dots", "a path", "a list", "signs for the terminal"],
)
def test_what_fuzzing_has_found_stops_with_one_line(config: Any, text: str, line: int, key: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        config(text)
    assert (caught.value.line, caught.value.key) == (line, key)
    assert str(caught.value).isprintable()


def test_of_several_mistakes_the_first_in_the_file_is_named_and_the_rest_counted(config: Any) -> None:
    with pytest.raises(ConfigError, match=r"第 2 行 photos\.near_m：.*另有 1 处") as caught:
        config("[photos]\nnear_m = -1\n[claim]\ndaily_cap = -1")
    assert caught.value.line == 2


def test_a_file_saved_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("[claim]\n# 名额".encode("gbk"))
    with pytest.raises(ConfigError, match=r"第 2 行.*UTF-8"):
        load_settings(path)


def test_a_file_saved_by_notepad_is_read(config: Any, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("\ufeff[claim]\r\ncooldown_days = 9\r\n".encode())
    assert load_settings(path).claim.cooldown_days == 9


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"没有\.toml：打不开"):
        load_settings(tmp_path / "没有.toml")


DATED = """
[daily_report]
deduction_yuan = 20
[rules]
"visit.photo.edited" = "flag"
[[policy]]
from = 2027-01-01
daily_report.deduction_yuan = 50
[[policy]]
from = 2026-07-01
daily_report = { deduction_yuan = 30, due = "19:00" }
approval."客户新增" = []
[policy.rules]
visit.photo.edited = "off"
"""


@pytest.mark.parametrize(
    ("day", "fen", "hour"),
    [
        (date(2026, 6, 30), 2000, 20),
        (date(2026, 7, 1), 3000, 19),
        (date(2026, 12, 31), 3000, 19),
        (date(2027, 1, 1), 5000, 19),
        (date(1999, 1, 1), 2000, 20),
    ],
)
def test_each_day_has_the_numbers_in_force_on_it(config: Any, day: date, fen: int, hour: int) -> None:
    settings = config(DATED)
    assert settings.as_of(day).daily_report.deduction_fen == fen
    assert settings.as_of(day).daily_report.due == timedelta(hours=hour)
    assert settings.as_of(date(2027, 5, 1)).as_of(day) is settings.as_of(day)


def test_a_change_leaves_everything_else_as_it_was(config: Any) -> None:
    settings = config(DATED)
    later = settings.as_of(date(2026, 8, 1))
    assert settings.changes == (date(2026, 7, 1), date(2027, 1, 1))
    assert later.rules == {"visit.photo.edited": "off"}
    assert settings.rules == {"visit.photo.edited": "flag"}
    assert later.approval["客户新增"] == ()
    assert later.approval["成交订单"] == CHAINS["成交订单"]
    assert later.folders == settings.folders


def test_without_changes_every_day_has_the_same_settings() -> None:
    settings = Settings()
    assert settings.as_of(date(2026, 1, 1)) is settings


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[rules]\n\n"visit.photo.edit" = "off"', 3),
        ("[rules]\nvisit.photo.edit = 'off'", 2),
        ("[[policy]]\nfrom = 2026-01-01\n[policy.rules]\n'visit.photo.edit' = 'off'", 4),
    ],
)
def test_a_rule_that_does_not_exist_is_named_with_its_line_and_its_neighbour(config: Any, text: str, line: int) -> None:
    with pytest.raises(ConfigError, match=r"是不是想写 visit\.photo\.edited") as caught:
        check_rule_ids(config(text), {"visit.photo.edited", "daily.text.short"})
    assert caught.value.line == line


def test_known_rules_pass(config: Any) -> None:
    check_rule_ids(config('[rules]\n"visit.photo.edited" = "off"'), {"visit.photo.edited"})


def test_settings_cannot_be_changed(config: Any) -> None:
    with pytest.raises(ValueError, match="frozen"):
        config("").claim.cooldown_days = 1


def test_lines_are_found_past_strings_comments_and_nested_lists() -> None:
    text = 'a = """x\n[b]\n"""\nc = [ # ]\n  "]", # [\n  { d = 1 },\n]\n[e."f.g"] # x\n\'h\'.i = \'#\'\nj = "\\"#"\n'
    lines = key_lines(text)
    assert (lines["a"], lines["c"], lines["c.0"], lines["c.1"]) == (1, 4, 5, 6)
    assert (lines["e.f.g"], lines["e.f.g.h.i"], lines["e.f.g.j"]) == (8, 9, 10)
    assert "b" not in lines


def test_every_key_of_the_shipped_config_is_found_on_the_line_that_holds_it() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    rows, lines = text.splitlines(), key_lines(text)
    for key in keys_of_tables(tomllib.loads(text)):
        assert key.rpartition(".")[2] in rows[lines[key] - 1].partition("#")[0], key


@pytest.mark.parametrize("text", ["a", "[", 'a = "', "]\n= 1", "a.b.", "[[a", "\u3000a = 1", "a = [\u3000"])
def test_the_scan_for_lines_ends_on_any_text(text: str) -> None:
    assert isinstance(key_lines(text), dict)


def test_settings_travel_to_another_process_with_their_dated_numbers(config: Any) -> None:
    there = pickle.loads(pickle.dumps(config(DATED)))
    assert there.as_of(date(2027, 1, 1)).daily_report.deduction_fen == 5000
    assert there.as_of(date(2026, 1, 1)).daily_report.deduction_fen == 2000


def test_the_editors_on_the_list_are_those_that_people_use() -> None:
    assert {"Photoshop", "Lightroom", "美图", "Meitu", "Snapseed", "醒图", "剪映", "Canva"} <= set(
        Settings().photos.editors
    )
