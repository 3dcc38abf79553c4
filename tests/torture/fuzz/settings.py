"""A config that was changed: it holds, or it stops with its key, its line and what is allowed, never with a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from policy.settings import ConfigError, Settings, check_rule_ids, load_settings
from service.answers import console
from service.company import known_rules
from tests.torture.fuzz.judging import Look

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_SAID = re.compile(r"“[^”]*”|\"[^\"]*\"|\d+(?:\.\d+)?|，现在写的是.*|，是不是想写.*|（另有.*")


def judged(data: bytes, folder: Path) -> Look:
    """What comes of this config, as every command begins."""
    path = folder / "config.toml"
    path.write_bytes(data)
    try:
        settings = load_settings(path)
        check_rule_ids(settings, known_rules())
    except ConfigError as error:
        return Look(
            "refused",
            _SAID.sub("_", f"{error.key.partition('.')[0]} {error.message}")[:80],
            tuple(_complaints(error, data)),
        )
    except Exception as error:
        return Look("raised", f"{type(error).__name__}", (f"raised {type(error).__name__}: {error}"[:300],))
    return Look("holds", _holds(settings), tuple(_cannot_be(settings)))


def _complaints(error: ConfigError, data: bytes) -> Iterator[str]:
    lines = max(data.count(b"\n"), data.count(b"\r")) + 1
    if not _CHINESE.search(error.message) or not 1 <= error.line <= lines:
        yield f"no place or no reason: {error}"[:300]
    if "\n" in str(error) or "\0" in str(error):
        yield f"not one line: {str(error)!r}"[:300]


def _holds(settings: Settings) -> str:
    return f"{len(settings.rules)} {settings.company.zone} {settings.workers.engine}"


def _cannot_be(settings: Settings) -> Iterator[str]:
    """Paths that no system takes."""
    for name in ("share", "book", "own_templates"):
        if "\0" in str(getattr(settings.folders, name)):
            yield f"folders.{name} holds a NUL"


def ended(data: bytes, folder: Path) -> list[str]:
    """What a whole command does with it: exit 2 and one sentence, or its work."""
    import sync

    (folder / "config.toml").write_bytes(data)
    out, told = StringIO(), StringIO()
    code: object = 0
    with redirect_stdout(out), redirect_stderr(told):
        try:
            sync.app(["policy", "--config", str(folder / "config.toml")], standalone_mode=False)
        except SystemExit as ending:
            code = ending.code
        except Exception as error:
            code = console.explained(error)
            if code is None:
                return [f"a trace: {type(error).__name__}: {error}"[:300]]
    if code not in (0, None) and not (code == console.USAGE and told.getvalue().startswith("配置错误：")):
        return [f"exit {code}: {told.getvalue()[:200]}"]
    return []
