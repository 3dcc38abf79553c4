"""The reports, under one roof: each has its own module."""

from outbox.report_compliance import ComplianceLine, ComplianceReport, DepartmentSummary, render_compliance, summarise
from outbox.report_deduction import (
    Change,
    DeductionLine,
    DeductionReport,
    DeductionTotal,
    UnverifiedDay,
    render_deduction,
)

__all__ = [
    "Change", "ComplianceLine", "ComplianceReport", "DeductionLine", "DeductionReport", "DeductionTotal",
    "DepartmentSummary", "UnverifiedDay", "render_compliance", "render_deduction", "summarise",
]  # fmt: skip
