"""回执: what became of what was dropped.

model (what a receipt says) → summary (its first sheet, 概要) and draw (the sheets as they were dropped).
"""
