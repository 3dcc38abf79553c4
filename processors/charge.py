"""扣款核定: the decision itself is what counts; it stands on the row."""

from __future__ import annotations

from policy.forms.charge import Charge
from processors.effect import FormEffects

CHARGE = FormEffects(Charge)
