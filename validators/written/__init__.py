"""What a picture says, held against what the row says: pure, and never a reason to refuse or to accept.

lines (labels and what stands behind them) → amounts, days, codes, names (how each is read)
→ contract, certificate, shop_front (what is looked for) → point (一致 / 不一致 / 没有读到, and where) → told.
"""
