"""商机: a step stands in the record; the one before it is superseded."""

from __future__ import annotations

from policy.forms.opportunity import Opportunity
from processors.effect import FormEffects

OPPORTUNITY = FormEffects(Opportunity)
