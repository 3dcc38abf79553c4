"""Rules of 扣款核定: none, since nobody hands it in (销售日报 7(4))."""

from __future__ import annotations

from policy.forms.charge import Charge
from validators.form_rules import FormRules

CHARGE = FormRules(Charge, ())
