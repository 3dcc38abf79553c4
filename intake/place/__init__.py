"""Coordinates → 省市区, offline.

map (which district lies where) → locate (a point's districts, a distance); names reads 省/市/区 as staff write them.
"""
