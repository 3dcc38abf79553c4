"""The company's name in headings (`company.name`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any


def headed(company: str, title: str) -> str:
    """*title* as it stands on a sheet."""
    return f"{company}　{title}" if company else title


def signed_by(company: str, model: Any) -> Any:
    """What is to be drawn, with the name of the *company* where it has a heading for it."""
    return replace(model, company=company) if getattr(model, "company", None) == "" else model
