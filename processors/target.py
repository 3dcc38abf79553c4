"""指标编审 11: a target stands in the record."""

from __future__ import annotations

from policy.forms.target import Target
from processors.effect import FormEffects

TARGET = FormEffects(Target)
