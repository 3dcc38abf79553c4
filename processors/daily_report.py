"""销售日报 7: a report stands in the record."""

from __future__ import annotations

from policy.forms.daily_report import DailyReport
from processors.effect import FormEffects

DAILY_REPORT = FormEffects(DailyReport)
