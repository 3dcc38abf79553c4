"""客户拜访 5.3: a plan stands in the record."""

from __future__ import annotations

from policy.forms.visit_plan import VisitPlan
from processors.effect import FormEffects

VISIT_PLAN = FormEffects(VisitPlan)
