"""Verdicts, decisions and days turned into entries; pure.

merge (a verdict beside what the book holds) → approval (a decision that came back) → effects (what an accepted row
does; a module a form) and, by day and month, compliance, deduction, recycling, attainment, reconcile.
"""
