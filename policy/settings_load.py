"""The text of ``config.toml``, and errors in it that say where they are and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from policy.settings_lines import join_key, key_lines


class ConfigError(Exception):
    """Something in the config that the operator must mend; ``str`` is one line with file, line, key and remedy."""

    def __init__(self, key: str, line: int, message: str, file: str = "config.toml") -> None:
        self.key, self.line, self.message, self.file = key, line, message, file
        where = f"{file} 第 {line} 行" if line else file
        super().__init__(_one_line(f"{where}{' ' + key if key else ''}：{message}"))


def _one_line(words: str) -> str:
    """What the operator wrote may hold line breaks and signs that a terminal obeys: shown as they are written in TOML."""
    return "".join(char if char.isprintable() or char == "　" else f"\\u{ord(char):04x}" for char in words)


def wrong(message: str) -> PydanticCustomError:
    """An error for validators to raise; the message says in Chinese what is allowed."""
    # The message goes in as a value: a brace in what the operator typed must not be read as a template.
    return PydanticCustomError("kebu_config", "{words}", {"words": message})


def shown(value: object) -> str:
    """What the operator wrote, so that "20" and 20 can be told apart; long texts are cut."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value[:40]}"' if isinstance(value, str) else str(value)[:40]


@dataclass(frozen=True)
class Source:
    """The config as it was read."""

    file: str
    data: dict[str, Any] = field(repr=False)
    lines: dict[str, int] = field(repr=False)

    def line(self, key: str) -> int:
        """The line of *key*, or of the nearest table around it; 1 if there is none."""
        while key and key not in self.lines:
            key = key.rpartition(".")[0]
        return self.lines.get(key, 1)

    def error(self, key: str, message: str) -> ConfigError:
        """The error at *key*."""
        return ConfigError(key, self.line(key), message, self.file)


def read_source(path: Path) -> Source:
    """Read and parse *path*.

    Raises :class:`ConfigError` when it is not there, not UTF-8 or not TOML.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise ConfigError("", 0, "打不开配置文件，请检查位置和权限", str(path)) from None
    text = _decoded(raw, path.name)
    data = _parsed(text, path.name)
    source = Source(path.name, data, key_lines(text))
    if (key := _with_nul(data)) is not None:
        raise source.error(key, "文字里不能有空字符（\\u0000）")
    return source


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
        _with_nul(data)  # as deep as anybody goes into it
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, name) from None
    except RecursionError:
        raise ConfigError("", _deepest(text), "括号或点号套得太深，配置里用不着这样写", name) from None
    return data


def _deepest(text: str) -> int:
    """The line with the most brackets and dots."""
    lines = text.split("\n")
    return max(range(len(lines)), key=lambda at: sum(map(lines[at].count, "[{."))) + 1


def _with_nul(value: Any, key: str = "") -> str | None:
    """The key of a text that no path and no file can hold."""
    if isinstance(value, str):
        return key if "\0" in value else None
    each = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = ((f"{key}.{name}" if key else str(name), name, below) for name, below in each)
    found = (
        place if isinstance(name, str) and "\0" in name else _with_nul(below, place) for place, name, below in inner
    )
    return next((place for place in found if place is not None), None)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError("", line, "文字不是 UTF-8 编码，请用 UTF-8 保存配置文件", name) from None


_SYNTAX = {
    "twice": "同一项写了两次，请只留一处",
    "overwrite": "同一项写了两次，请只留一处",
    "Duplicate": "同一项写了两次，请只留一处",
    "Unescaped": "双引号里不能直接写反斜杠，Windows 路径请用单引号，例如 'D:\\客簿\\share'",
    "Invalid date": "不是真实存在的日期或时刻",
}
_SYNTAX_ELSE = '写法不对：等号右边的文字和中文的键都要加英文双引号，列表写成 ["甲", "乙"]，时刻写成 "20:00"'


def _syntax_error(words: str, text: str, name: str) -> ConfigError:
    match = re.search(r"at line (\d+)", words)
    line = int(match[1]) if match else text.rstrip().count("\n") + 1
    content = (text.splitlines() or [""])[min(line, len(text.splitlines()) or 1) - 1]
    key = content.partition("=")[0].strip(' \t[]"') if "=" in content or content.startswith("[") else ""
    message = next((says for mark, says in _SYNTAX.items() if mark in words), _SYNTAX_ELSE)
    return ConfigError(key, line, message, name)


def nearest(word: str, known: Iterable[str]) -> str:
    """The words 是不是想写…, or nothing when no known word resembles *word*."""
    from difflib import get_close_matches  # only where something is wrong

    close = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"，是不是想写 {close[0]}？" if close else ""


def explain(error: ValidationError, model: type[BaseModel], source: Source, prefix: str = "") -> ConfigError:
    """The first of *error*'s findings, in the order of the file; *prefix*: the ``[[policy]]`` table it comes from."""
    found = [(_place(each, source, prefix), each) for each in error.errors(include_url=False)]
    key, first = min(found, key=lambda pair: source.line(pair[0]))
    more = f"（另有 {len(found) - 1} 处问题）" if len(found) > 1 else ""
    return source.error(key, _in_words(first, model) + more)


def _place(error: ErrorDetails, source: Source, prefix: str) -> str:
    key = join_key([part for part in error["loc"] if part != "[key]"])
    return f"{prefix}.{key}" if prefix else key


_WORDS = {
    "missing": "缺少这一项",
    "int_type": "应为不带引号的整数",
    "int_from_float": "应为整数",
    "float_type": "应为不带引号的数字",
    "finite_number": "应为普通数字",
    "bool_type": "应为 true 或 false（不带引号）",
    "string_type": "应为带英文双引号的文字",
    "tuple_type": "应为列表，写成 [ … ]",
    "path_type": "应为带英文双引号的路径",
    "model_type": "应为一组配置项，写成 [表名] 再逐行写各项",
    "dict_type": "应为一组配置项，写成 [表名] 再逐行写各项",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "必须大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "literal_error": "只能是 {expected}",
}


def _in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    if error["type"] == "kebu_config":
        return str(context["words"])
    if error["type"] == "extra_forbidden":
        return _unknown(error["loc"], model)
    words = _WORDS.get(error["type"], "这个值不能用").format(**_chinese(context))
    given = error["input"]
    return f"{words}，现在写的是 {shown(given)}" if isinstance(given, (str, int, float)) else words


def _chinese(context: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value).replace(" or ", "、").replace(", ", "、") for name, value in context.items()}


def _unknown(loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    here = model
    for part in loc[:-1]:
        found = here.model_fields.get(str(part))
        inner = found.annotation if found else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        here = inner
    known = list(here.model_fields)
    return f"没有这个配置项{nearest(str(loc[-1]), known) or '，'}这里可以写：{'、'.join(known)}"
