"""客户回款 6: a confirmed payment follows the customer."""

from __future__ import annotations

from policy.forms.payment import Payment
from processors.effect import FormEffects, follows

PAYMENT = FormEffects(Payment, follows)
