"""A real LibreOffice, driven through its bridge: tests play people with it, and ``make gallery`` draws with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PYTHON = Path("/usr/bin/python3")  #: the one for which the system's LibreOffice brings its bridge

#: Reaches the running office; what is done there follows.
BRIDGE = """
import json, os, sys, time, uno
from com.sun.star.beans import PropertyValue
task = json.load(sys.stdin)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for attempt in range(160):
    try:
        context = resolver.resolve("uno:pipe,name=" + task["pipe"] + ";urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.25)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made
"""

END = "\nsys.stdout.flush()\nos._exit(0)\n"  # the bridge now and then falls over its own shutdown

#: ``play(what, sheet, target, …)``: the program *what* works on *sheet* and leaves *target*; gives what it prints.
Office = Callable[..., Any]


def missing() -> str:
    """Why there is no LibreOffice to drive, or ''."""
    if shutil.which("soffice") is None:
        return "LibreOffice is not installed"
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        return "LibreOffice's bridge to Python (python3-uno) is not installed"
    return ""


@contextmanager
def running(profile: Path, *, seconds: float = 90) -> Iterator[Office]:
    """An office with a *profile* of its own; each thing that it does may take so many *seconds*."""
    pipe = f"kebu{os.getpid()}"
    command = [
        "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        f"--accept=pipe,name={pipe};urp;",
    ]  # fmt: skip
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0)

    def play(what: str, sheet: Path, target: Path, **more: Any) -> Any:
        task = {"pipe": pipe, "open": sheet.as_uri(), "save": target.as_uri(), **more}
        done = subprocess.run(
            [PYTHON, "-c", BRIDGE + what + END], input=json.dumps(task), capture_output=True, text=True, timeout=seconds,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr or f"{sheet.name}: the bridge ended with {done.returncode}"
        return json.loads(done.stdout)

    try:
        yield play
    finally:
        os.killpg(program.pid, 9)
        program.wait()
