"""Who may see which report about whom (适用范围 2)."""

from __future__ import annotations

from policy.posts import COMPANY_WIDE, DEPARTMENT_MANAGER, Member
from policy.settings import Settings


def sees(report: str, viewer: Member, department: str | None, settings: Settings) -> bool:
    """Whether *viewer* may see *report* about *department*; None: about the whole company (适用范围 2).

    A 销售人员 sees rows about themselves only: ask :func:`sees_row`.
    """
    if viewer.post not in settings.posts.sees.get(report, ()):
        return False
    if viewer.post in COMPANY_WIDE:
        return True
    return viewer.post == DEPARTMENT_MANAGER and department is not None and viewer.department == department


def sees_row(report: str, viewer: Member, about: Member, settings: Settings) -> bool:
    """Whether *viewer* may see the row of *report* that is about one colleague."""
    if viewer.name == about.name:
        return viewer.post in settings.posts.sees.get(report, ())
    return sees(report, viewer, about.department, settings)
