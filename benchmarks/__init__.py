"""How fast: whole processes side by side, as ratios of interleaved runs.

inputs → stage (a company on disk, the product as a process) → one module a family of measures → table (docs/performance.md)
"""
