"""Rows judged, clause by clause."""
