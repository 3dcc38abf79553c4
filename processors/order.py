"""客户成交 5: an approved order follows the customer."""

from __future__ import annotations

from policy.forms.order import Order
from processors.effect import FormEffects, follows

ORDER = FormEffects(Order, follows)
