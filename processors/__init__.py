"""Verdicts, decisions and days turned into entries: pure functions."""
